"""Rows that count and ids that name somebody: `where`, `missing` and `ids` of a source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from harness import Segment

HEAD = "Order,Customer ID,Date,State,Settled,Total\n"
ROWS = (
    "A,1,2024-01-02,paid,yes,10.00\n"
    "B,2,2024-01-03,cancelled,no,20.00\n"
    "C,2,,voided,no,\n"
    'D,3,2024-01-04, paid ,YES,"1,030.00"\n'
    "E,,2024-01-05,cancelled,no,5.00\n"
    "F,4,2024-01-06,,,7.00\n"
)
RULES = """
version: 1
sources: {{transactions: {{path: t.csv, columns: {{order_id: Order}}, {keys}}}}}
personas: {{everyone: {{columns: [frequency, monetary]}}}}
notices: {{unchosen-rows: off}}
"""

#: keys of the source -> customers, spend, and what is set aside
CHOSEN = {
    "one word": ("where: {State: paid}", ["1", "3"], "1040.00", 4),
    "some words": ("where: {State: [paid, cancelled]}", ["1", "2", "3"], "1060.00", 2),
    "not a word": ("where: {State: {none_of: [cancelled, voided]}}", ["1", "3", "4"], "1047.00", 3),
    "a flag": ("where: {Settled: true}", ["1", "3"], "1040.00", 4),
    "a bound of numbers": ("where: {Total: {at_least: 10}}", ["1", "2", "3"], "1060.00", 3),
    "a day": ("where: {Date: {at_least: 2024-01-04}}", ["3", "4"], "1037.00", 3),
    "missing": ("where: {State: {missing: true}}", ["4"], "7.00", 5),
    "part of a text": ("where: {State: {starts_with: pa}}", ["1", "3"], "1040.00", 4),
    "several": ("where: {State: paid, Total: {more_than: 10}}", ["3"], "1030.00", 5),
    "any": ("where: {any: [{State: paid}, {Order: F}]}", ["1", "3", "4"], "1047.00", 3),
    "not": ("where: {not: {State: [paid, cancelled, voided]}}", ["4"], "7.00", 5),
}


@pytest.mark.parametrize(("keys", "ids", "spend", "aside"), CHOSEN.values(), ids=CHOSEN)
def test_rows_are_chosen_by_the_files_own_columns(
    segment: Segment, keys: str, ids: list[str], spend: str, aside: int
) -> None:
    done = segment("run", files={"t.csv": HEAD + ROWS, "personas.yaml": RULES.format(keys=keys)})
    assert (done.exit_code, done.err.count("error")) == (0, 0), done.err
    [found] = done.manifest["inputs"]
    reasons = found["rows_set_aside"]
    assert sum(n for reason, n in reasons.items() if reason.startswith("not chosen")) == aside
    assert found["rows_rejected"] == 0
    customers = pl.read_parquet("audiences/latest/customers.parquet")
    assert customers["customer_id"].to_list() == ids
    assert f"{customers['monetary'].sum():.2f}" == spend


#: where -> the columns of its conditions, each with the rows that it is the first not to choose
COUNTED = {
    "one column": ("{State: paid}", {"State": 4}),
    "columns in their order": ("{State: paid, Total: {more_than: 10}}", {"State": 4, "Total": 1}),
    "the other order": ("{Total: {more_than: 10}, State: paid}", {"Total": 4, "State": 1}),
    "two bounds of a column": ("{Total: {at_least: 7, at_most: 20}}", {"Total": 3}),
    "all": ("{all: [{State: paid}, {Total: {more_than: 10}}]}", {"State": 4, "Total": 1}),
    "any, by all of its columns": (
        "{any: [{State: paid}, {Order: F}], Total: {more_than: 9}}",
        {"State, Order": 3, "Total": 1},
    ),
    "not": ("{not: {State: [paid, cancelled]}, Order: F}", {"State": 4, "Order": 1}),
    "one that holds of all": ("{Order: {missing: false}, State: paid}", {"State": 4}),
}


@pytest.mark.parametrize(("where", "counts"), COUNTED.values(), ids=COUNTED)
def test_what_is_set_aside_is_counted_by_column(
    segment: Segment, where: str, counts: dict[str, int]
) -> None:
    rules = RULES.format(keys=f"where: {where}")
    done = segment("run", "--json", files={"t.csv": HEAD + ROWS, "personas.yaml": rules})
    [found] = done.manifest["inputs"]
    aside = {f"not chosen by where ({columns})": rows for columns, rows in counts.items()}
    assert {r: n for r, n in found["rows_set_aside"].items() if "where" in r} == aside
    said = [n["text"] for n in done.said if n["code"] == "rows-set-aside" and "where" in n["text"]]
    assert said == [f"{n} of 6 rows are set aside: {reason}" for reason, n in aside.items()]


@pytest.mark.deep
def test_more_conditions_than_are_told_apart_are_counted_as_the_last(segment: Segment) -> None:
    columns = [f"c{i}" for i in range(200)]
    head = f"customer_id,ordered_at,amount,{','.join(columns)}\n"
    row = "1,2024-01-02,5,{}\n".format
    wrong = [["no" if i == j else "yes" for i in range(200)] for j in (0, 153, 154, 199, 200)]
    where = ", ".join(f"{c}: 'yes'" for c in columns)
    rules = RULES.replace("columns: {{order_id: Order}}, ", "").format(keys=f"where: {{{where}}}")
    files = {"t.csv": head + "".join(row(",".join(w)) for w in wrong), "personas.yaml": rules}
    done = segment("run", files=files)
    [found] = done.manifest["inputs"]
    assert found["rows_used"] == 1
    assert [*found["rows_set_aside"].values()] == [1, 1, 2]


#: what stands for no day of deletion -> the advice is followed, and these count
NOTHING = {"a word": ("NULL", "NULL"), "MySQL's sign": ("\\N", "\\N"), "a blank, too": ("", "nan")}


@pytest.mark.parametrize(("one", "other"), NOTHING.values(), ids=NOTHING)
def test_a_word_for_nothing_is_missing_to_where(segment: Segment, one: str, other: str) -> None:
    text = (
        "customer_id,order_id,ordered_at,amount,deleted_at\n"
        f"1,1,2026-01-02,10,{one}\n2,2,2026-01-03,20,2026-01-05 10:00:00\n1,3,2026-01-04,30,{other}\n"
    )
    files = {"o.csv": text, "personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
    told = segment("run", "o.csv", files=files)
    assert (told.exit_code, "1 row would count as a purchase" in told.err) == (3, True), told.err
    done = segment("run", "o.csv", "--where", "deleted_at=")
    assert (done.exit_code, done.customers["monetary"].to_list()) == (0, [40]), done.err
    others = segment("run", "o.csv", "--where", "deleted_at!=")
    assert others.out.startswith("1 customer as of 2026-01-03"), others.err


def test_a_column_that_is_not_there_is_told_with_the_nearest(segment: Segment) -> None:
    rules = RULES.format(keys="where: {Stat: paid}")
    done = segment("run", files={"t.csv": HEAD + ROWS, "personas.yaml": rules})
    assert done.exit_code == 3
    assert 't.csv: where names the column "Stat", which the file does not have' in done.err
    assert "Nearest: State." in done.err


WRONG = {
    "a rank": ("where: {Total: {top_percent: 10}}", "cannot"),
    "an event": ("where: {did: browse}", "cannot stand inside `where`"),
    "nothing": ("where: {}", "true for everybody"),
    "a text": ("where: paid", "a condition is a mapping"),
    "words of nothing": ("missing: guest", "expected a list"),
    "another way of ids": ("ids: lower", 'expected "exact"'),
}


@pytest.mark.parametrize(("keys", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_choose_is_told_with_its_place(segment: Segment, keys: str, said: str) -> None:
    done = segment("validate", files={"personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 2
    assert said in done.out + done.err
    assert "personas.yaml:3:" in done.out + done.err


# -- who is a customer ------------------------------------------------------------------------------

NOBODY = [
    "NULL",
    "NULL" + " " * 12,
    " " * 9 + "NULL",
    "null",
    "nan",
    "NaN",
    "None",
    r"\N",
    "N/A",
    "#N/A",
    " NULL ",
    "<NA>",
    "  ",
    "",
]


@pytest.mark.parametrize("ids", [["7", "8"], ["C007", "C008"], ["x-1", "long-id-2"]], ids=str)
@pytest.mark.parametrize("word", NOBODY)
def test_a_word_for_nothing_is_no_customer(
    reading: Callable[..., Any], ids: list[str], word: str
) -> None:
    rows = "".join(f"{one},2024-01-01,5\n" for one in [*ids, word])
    found = reading("customer_id,date,amount\n" + rows)
    assert found.rows["customer_id"].cast(pl.String).to_list() == ids
    assert found.count.rows_set_aside == {"no customer": 1}


#: what stands in two of 6,000 rows, which no sample shows -> how the ids are read, and who is no customer
LATE: dict[str, tuple[list[str], pl.DataType, int]] = {
    "words": (["NULL", " n/a "], pl.Int64(), 2),
    "a word and an empty cell": (["nan", ""], pl.Int64(), 2),
    "a word and a text": (["NULL", "C7"], pl.String(), 1),
    "a text": (["C7", "C8"], pl.String(), 0),
    "zeros in front": (["NULL", "007"], pl.String(), 1),
}


@pytest.mark.parametrize("column", ["customer_id", "order_id"])
@pytest.mark.parametrize(("words", "dtype", "nobody"), LATE.values(), ids=LATE)
def test_a_word_for_nothing_behind_the_sample_leaves_ids_whole_numbers(
    reading: Callable[..., Any], column: str, words: list[str], dtype: pl.DataType, nobody: int
) -> None:
    other = "order_id" if column == "customer_id" else "customer_id"
    ids = [str(1 + i % 500) for i in range(6000)]
    ids[3700], ids[4100] = words
    rows = "".join(f"{one},{i},2024-01-01,5\n" for i, one in enumerate(ids, 1))
    found = reading(f"{column},{other},date,amount\n{rows}")
    assert found.rows.schema[column] == dtype
    kept = [one for one in ids if one.strip().lower() not in ("null", "n/a", "nan", "")]
    assert found.rows[column].drop_nulls().cast(pl.String).to_list() == kept
    is_customer = column == "customer_id"
    assert found.count.rows_set_aside == ({"no customer": nobody} if is_customer and nobody else {})


DECLARED: dict[str, tuple[dict[str, tuple[str, ...]], list[str]]] = {
    "everywhere": ({"": ("guest", "0")}, ["7"]),
    "by our name": ({"customer_id": ("guest",)}, ["0", "7"]),
    "by its own name": ({"Kunde": ("0",)}, ["7", "guest"]),
    "another column": ({"order_id": ("guest",)}, ["0", "7", "guest"]),
    "nothing": ({}, ["0", "7", "guest"]),
}


@pytest.mark.parametrize(("missing", "ids"), DECLARED.values(), ids=DECLARED)
def test_declared_words_are_no_customers(
    reading: Callable[..., Any], missing: dict[str, tuple[str, ...]], ids: list[str]
) -> None:
    content = "Kunde,date,amount\n7,2024-01-01,5\nguest,2024-01-01,5\n0,2024-01-01,5\n"
    source = {"missing": missing, "columns": {"customer_id": "Kunde"}}
    found = reading(content, source=source)
    assert sorted(found.rows["customer_id"].cast(pl.String)) == ids


def test_a_declared_number_is_no_customer_where_ids_are_stored_as_numbers(
    reading: Callable[..., Any],
) -> None:
    rows = pl.DataFrame({"customer_id": [0, 7], "date": ["2024-01-01"] * 2, "amount": [1.0, 2.0]})
    found = reading(rows, "t.parquet", source={"missing": {"": ("0", "guest")}})
    assert found.rows["customer_id"].to_list() == [7]


#: rows of nobody and of somebody, and what is said of the first: their value where it is more than their part
WORTH = {
    "a merged cell": (["a,10", ",20", "b,10", ",50"], ", and with them 77.8 % of the value"),
    "one of them": (["a,10", ",90"], ", and with it 90 % of the value"),
    "returns count by their size": (["a,10", ",-90"], ", and with it 90 % of the value"),
    "guests who spend less": (["a,10", ",5", "b,10"], ""),
    "as much as others": (["a,10", ",10"], ""),
}


@pytest.mark.parametrize(("rows", "said"), WORTH.values(), ids=WORTH)
def test_what_nobody_spent_is_said_where_it_is_much(
    segment: Segment, rows: list[str], said: str
) -> None:
    lines = "".join(f"{i},2026-01-0{i},{row}\n" for i, row in enumerate(rows, 1))
    files = {
        "o.csv": f"order_id,date,customer_id,amount\n{lines}",
        "personas.yaml": "version: 1\npersonas: {p: {}}\n",
    }
    done = segment("run", "o.csv", files=files)
    assert done.exit_code == 0, done.err
    [note] = [line for line in done.err.splitlines() if "set aside: no customer" in line]
    assert note.endswith(f"set aside: no customer{said}")


def test_what_nobody_spent_is_that_of_each_source_of_one_file(segment: Segment) -> None:
    rules = (
        "version: 1\npersonas: {p: {}}\nsources:\n  transactions:\n"
        "    - {path: o.csv, where: {shop: a}}\n    - {path: o.csv, where: {shop: b}}\n"
    )
    rows = "1,2026-01-01,x,a,10\n2,2026-01-02,,a,30\n3,2026-01-03,x,b,10\n4,2026-01-04,,b,1\n"
    files = {"o.csv": f"order_id,date,customer_id,shop,amount\n{rows}", "personas.yaml": rules}
    done = segment("run", files=files)
    notes = [line for line in done.err.splitlines() if "set aside: no customer" in line]
    assert [note.partition("no customer")[2] for note in notes] == [
        ", and with it 75 % of the value",
        "",
    ]


ADDRESSES = {
    "alike": ({}, ["ann@x.org", "bob@x.org"], True),
    "exact": ({"ids": "exact"}, ["Ann@X.org", "ann@x.org", "bob@x.org"], False),
}


@pytest.mark.parametrize(("source", "ids", "is_said"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses_are_the_same_in_capitals(
    reading: Callable[..., Any], source: dict[str, Any], ids: list[str], is_said: bool
) -> None:
    content = "email,date,amount\nAnn@X.org ,2024-01-01,5\nann@x.org,2024-01-02,5\nbob@x.org,2024-01-01,5\n"
    found = reading(content, source={"columns": {"customer_id": "email"}, **source})
    assert found.rows["customer_id"].unique().sort().to_list() == ids
    assert any("e-mail shape" in note for note in found.notes) is is_said


def test_ids_that_only_hold_the_sign_keep_their_capitals(reading: Callable[..., Any]) -> None:
    found = reading("customer_id,date,amount\n@Ann,2024-01-01,5\nA@b,2024-01-01,5\n")
    assert found.rows["customer_id"].to_list() == ["@Ann", "A@b"]


def test_customers_that_are_not_chosen_are_counted_by_column(segment: Segment) -> None:
    customers = "customer_id,kind,country\n1,b2b,DE\n2,b2c,FR\n3,b2c,DE\n4,b2b,FR\n"
    rules = RULES.format(keys="").replace(
        "sources: {", "sources: {customers: {path: c.csv, where: {kind: b2c, country: DE}}, "
    )
    files = {"t.csv": HEAD + ROWS, "c.csv": customers, "personas.yaml": rules}
    done = segment("run", files=files)
    [found] = [one for one in done.manifest["inputs"] if one["table"] == "customers"]
    assert found["rows_set_aside"] == {
        "not chosen by where (kind)": 2,
        "not chosen by where (country)": 1,
    }


#: cells that say nothing, also where no id would be called so
NOTHING = [
    "NULL",
    "\\N",
    "-",
    "0000-00-00",
    "0000-00-00 00:00:00",
    " n/a ",
    "None",
    "1970-01-01",
    "",
]


@pytest.mark.parametrize("cell", NOTHING)
def test_a_word_for_nothing_is_missing(segment: Segment, cell: str) -> None:
    rows = f"1,2024-01-02,5.00,{cell}\n2,2024-01-03,7.00,2024-01-04\n"
    files = {"t.csv": f"customer_id,ordered_at,amount,deleted_at\n{rows}"}
    kept = segment("run", "t.csv", "--where", "deleted_at=", files=files)
    assert (kept.exit_code, kept.customers["customer_id"].to_list()) == (0, ["1"]), kept.err
    gone = segment("run", "t.csv", "--where", "deleted_at!=", "--out", "gone")
    found = pl.read_parquet("gone/latest/customers.parquet")["customer_id"].to_list()
    assert (gone.exit_code, found) == (0, ["2"])


def test_a_word_for_something_that_nobody_knows_is_not_missing(segment: Segment) -> None:
    rows = "1,2024-01-02,5.00,unknown\n2,2024-01-03,7.00,\n"
    files = {"t.csv": f"customer_id,ordered_at,amount,cancelled_by\n{rows}"}
    done = segment("run", "t.csv", "--where", "cancelled_by=", files=files)
    assert done.customers["customer_id"].to_list() == ["2"]


OLD = "customer_id,ordered_at,order_id,amount\n1,2024-01-02,A,5.00\n2,2024-01-03,B,7.00\n"
NEW = (
    "customer_id,ordered_at,order_id,amount,status,points,sent\n"
    "3,2024-02-02,C,1.00,paid,7,30.01.2024\n4,2024-02-03,D,2.00,cancelled,2,03.02.2024\n"
)

#: what chooses by a column that one of the files lacks -> who counts
ADDED_LATER = {
    "a negation lets them through": ("status!=cancelled", ["1", "2", "3"]),
    "a word does not": ("status=paid", ["3"]),
    "it is missing there": ("status=", ["1", "2"]),
    "nothing is above a bound": ("points>5", ["3"]),
    "nor after a day": ("sent>=2024-02-01", ["4"]),
}


@pytest.mark.parametrize(("where", "ids"), ADDED_LATER.values(), ids=ADDED_LATER)
@pytest.mark.parametrize("paths", [["y"], ["y/a.csv", "y/b.csv"]], ids=["folder", "files"])
def test_a_column_that_some_files_lack_is_missing_there(
    segment: Segment, paths: list[str], where: str, ids: list[str]
) -> None:
    new = NEW if "status" in where else NEW.replace("cancelled", "shipped")
    done = segment("run", *paths, "--where", where, files={"y/a.csv": OLD, "y/b.csv": new})
    assert (done.exit_code, done.customers["customer_id"].sort().to_list()) == (0, ids), done.err
    assert ", which where asks, is missing in y/a.csv" in done.err


def test_a_column_that_no_file_has_stops_the_run(segment: Segment) -> None:
    done = segment("run", "y", "--where", "state=paid", files={"y/a.csv": OLD, "y/b.csv": NEW})
    assert done.exit_code == 3
    assert 'where names the column "state", which the file does not have' in done.err
