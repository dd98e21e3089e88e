"""Whatever is fed to `segment run`: a message that says what, where and how to mend; no traceback.

Every row of the tables is one bad input with all of stderr and the exit code. Whatever happens,
nothing is published.
"""

from __future__ import annotations

import gzip
import io
import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from harness import Segment, Shell

RULES = "version: 1\npersonas: {everyone: {match: {}}}\n"
HEAD = "customer_id,order_id,ordered_at,amount"
GOOD = f"{HEAD}\na,1,2024-01-01,5\nb,2,2024-01-02,7\n"
DAMAGED = "Write or copy the file once more."
QUOTES = 'Write a quote inside a cell twice and the whole cell in quotes: "19"" monitor".'

Files = Mapping[str, str | bytes]


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def parquet() -> bytes:
    buffer = io.BytesIO()
    lines = {
        "customer_id": ["a"] * 999,
        "ordered_at": [date(2024, 1, 1)] * 999,
        "amount": [1.0] * 999,
    }
    pl.DataFrame(lines).write_parquet(buffer)
    return buffer.getvalue()


PARQUET = parquet()
PACKED = gzip.compress(table(*(f"c{i},{i},2024-01-01,{i}" for i in range(2000))).encode())

TRANSACTIONS: dict[str, tuple[str, str | bytes | None, str]] = {
    "missing file": (
        "sales.csv", None, "sales.csv: there is no such file\n  The folder . holds personas.yaml.",
    ),
    "empty file": ("t.csv", "", "t.csv: the file is empty\n  It needs a header and rows."),
    "empty parquet": ("t.parquet", "", "t.parquet: the file is empty\n  It needs a header and rows."),
    "header only": (
        "t.csv", f"{HEAD}\n",
        "t.csv: the file has a header and no rows\n  There is nothing to segment without transactions.",
    ),
    "header without line end": (
        "t.csv", HEAD,
        "t.csv: the file has a header and no rows\n  There is nothing to segment without transactions.",
    ),
    "blank first line": (
        "t.csv", f"\n{GOOD}", "t.csv: the first line is blank\n  It must be the header.",
    ),
    "unknown columns": (
        "t.csv", table("a,2024-01-01,5", head="kunde,datum,summe"),
        "t.csv: no column for customer_id\n"
        "  Its columns: kunde, datum, summe\n"
        "  Say which: sources: {transactions: {path: …, columns: {customer_id: <column>}}}\n"
        "t.csv: no column for ordered_at\n"
        "  Its columns: kunde, datum, summe\n"
        "  Say which: sources: {transactions: {path: …, columns: {ordered_at: <column>}}}\n"
        "t.csv: no column for amount (and no quantity with unit_price)\n"
        "  Its columns: kunde, datum, summe\n"
        "  Say which: sources: {transactions: {path: …, columns: {amount: <column>}}}",
    ),
    "two candidate columns": (
        "t.csv", table("a,b,2024-01-01,5", head="Customer ID,client,date,amount"),
        't.csv: customer_id could be read from "Customer ID" or "client"\n'
        "  Choose one: sources: {transactions: {path: …, columns: {customer_id: Customer ID}}}",
    ),
    "a column twice": (
        "t.csv", table("a,2024-01-01,5,6", head="customer_id,date,amount,amount"),
        "t.csv: the header names amount twice\n  Every column needs a name of its own.",
    ),
    "wrong delimiter": (
        "t.csv", table("a^2024-01-01^5", head="customer_id^date^amount"),
        't.csv: the header has a single column, "customer_id^date^amount": wrong delimiter?\n'
        "  Say it: sources: {transactions: {path: …, delimiter: ';'}}",
    ),
    "truncated gzip": (
        "t.csv.gz", PACKED[: len(PACKED) // 2],
        f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "damaged gzip": (
        "t.csv.gz", PACKED[:100] + bytes(100) + PACKED[200:],
        f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "gzip with garbage after it": (
        "t.csv.gz", PACKED + b"garbage", f"t.csv.gz: the gzip file is damaged or cut off\n  {DAMAGED}",
    ),
    "truncated parquet": (
        "t.parquet", PARQUET[: len(PARQUET) // 2],
        f"t.parquet: the Parquet file is damaged or cut off\n  {DAMAGED}",
    ),
    "CSV called parquet": (
        "t.parquet", GOOD, f"t.parquet: the Parquet file is damaged or cut off\n  {DAMAGED}",
    ),
    "a workbook": (
        "t.csv", b"PK\x03\x04" + bytes(90),
        "t.csv: the file is a workbook or an archive, not CSV or Parquet\n"
        "  Save it as CSV (gzip is fine) or Parquet.",
    ),
    "latin-1": (
        "t.csv", table("Müller,1,2024-01-01,5").encode("latin-1"),
        "t.csv:2: the file is not UTF-8\n"
        "  Say how it is encoded, for instance `encoding: latin-1` (or windows-1252, utf-16).",
    ),
    "utf-16": (
        "t.csv", GOOD.encode("utf-16"),
        "t.csv: the file is UTF-16, not UTF-8\n  Say so: `encoding: utf-16`.",
    ),
    "old Macintosh lines": (
        "t.csv", GOOD.replace("\n", "\r"),
        "t.csv: lines end with a carriage return alone\n"
        "  Save the file with ordinary line ends (LF or CRLF).",
    ),
    "unbalanced quote": (
        "t.csv", table("a,1,2024-01-01,5", 'b,"2,2024-01-02,7'),
        f"t.csv:3: a quoted cell opens in this row and does not close as it should\n  {QUOTES}",
    ),
    "unbalanced quote in the header": (
        "t.csv", f'"{GOOD}',
        f"t.csv:1: a quoted cell opens in this row and does not close as it should\n  {QUOTES}",
    ),
    "dates that fit two readings": (
        "t.csv", table("a,1,01/02/2024,5", "b,2,03/04/2024,5"),
        't.csv: ordered_at: a date like "02/03/2021" in the column ordered_at reads as '
        "3 February 2021 (%m/%d/%Y) or 2 March 2021 (%d/%m/%Y)\n"
        "  Say which: `date_format: '%m/%d/%Y'` or `date_format: '%d/%m/%Y'`",
    ),
    "dates of no format": (
        "t.csv", table("a,1,yesterday,5"),
        't.csv: ordered_at: a date written "aaaaaaaaa" in the column ordered_at has no known format\n'
        "  Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    ),
    "1,234 and nothing else": (
        "t.csv", table('a,1,2024-01-01,"1,234"'),
        't.csv: a number written "9,999" reads as 9999 or as 9.999\n'
        "  Say which: `decimal: ','` when the comma marks decimals; else remove the commas.",
    ),
    "no row that can be used": (
        "t.csv", table("a,1,2024-01-01,NaN", "b,2,2024-01-01,1e309", ',3,2024-01-01,"5"'),
        "t.csv: no row of transactions can be used\n"
        "  Of 3 rows 2 were rejected, 1 set aside (no customer).\n"
        "  t.csv:2: amount is not a number\n"
        "  t.csv:3: amount is larger than 200,000,000,000",
    ),
    "all customers null": (
        "t.csv", table(",1,2024-01-01,5", " ,2,2024-01-01,5"),
        "t.csv: no row has a customer\n"
        "  customer_id is read from customer_id; say another under `columns:` if that is wrong.",
    ),
    "only returns": (
        "t.csv", table("a,1,2024-01-01,-5"),
        "t.csv: no customer has an order: no usable line has a positive amount\n"
        "  Of 1 rows 0 were rejected.",
    ),
    "all in the future": (
        "t.csv", table("a,1,2199-01-01,5"),
        "t.csv: no row of transactions can be used\n"
        "  Of 1 rows 0 were rejected, 1 set aside (after as_of).",
    ),
    "amounts that are ids": (
        "t.csv", table(*(f"a,{i},2024-01-01,199999999999" for i in range(2000))),
        "t.csv: the amounts of a customer add up to more than 99,999,999,999,999 (--show-values names it)\n"
        "  Is a column of ids read as the amount?",
    ),
    "an empty folder": (
        "d", None, "d: the folder has no *.csv, *.csv.gz or *.parquet file\n  It holds x.txt.",
    ),
    "a name that is empty": (
        "", None,
        "a file's name on the command line is empty or not UTF-8\n  Give the file another name.",
    ),
    "a name that is not UTF-8": (
        "t\udcff.csv", None,
        "a file's name on the command line is empty or not UTF-8\n  Give the file another name.",
    ),
    "a date over two lines": (
        "t.csv", table('a,1,"x\n::error::y",5'),
        't.csv: ordered_at: a date written "a ::aaaaa::a" in the column ordered_at has no known format\n'
        "  Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'.",
    ),
    "a glob without matches": (
        "*.csv", None, "*.csv: no file matches\n  The folder . holds d, personas.yaml.",
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(("path", "content", "said"), TRANSACTIONS.values(), ids=TRANSACTIONS)
def test_transactions_that_cannot_be_used_end_the_run_with_3(
    segment: Segment, path: str, content: str | bytes | None, said: str
) -> None:
    files: dict[str, str | bytes] = {"personas.yaml": RULES}
    if content is not None:
        files[path] = content
    elif path in ("d", "*.csv"):
        files["d/x.txt"] = ""
    result = segment("run", path, files=files)
    code = 2 if "on the command line" in said else 3
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", code, "")
    assert not (result.folder / "audiences").exists()


NESTED = {
    "ids": (
        {"customer_id": [["a"]], "amount": [1]},
        "customer_id: the column customer_id holds List(String)",
    ),
    "amounts": (
        {"customer_id": ["a"], "amount": [[1]]},
        "amount: the column amount holds List(Int64)",
    ),
    "structs": (
        {"customer_id": ["a"], "amount": [{"x": 1}]},
        "amount: the column amount holds Struct({'x': Int64})",
    ),
}


@pytest.mark.parametrize(("columns", "said"), NESTED.values(), ids=NESTED)
def test_lists_and_structs_are_no_ids_and_no_amounts(
    segment: Segment, columns: dict[str, list[object]], said: str
) -> None:
    buffer = io.BytesIO()
    pl.DataFrame({**columns, "ordered_at": [date(2024, 1, 1)]}).write_parquet(buffer)
    files = {"personas.yaml": RULES, "t.parquet": buffer.getvalue()}
    result = segment("run", "t.parquet", files=files)
    expected = f"t.parquet: {said}\n  Store one text or number per row.\n"
    assert (result.err, result.exit_code) == (expected, 3)


def test_columns_of_odd_types_and_names_do_no_harm(segment: Segment) -> None:
    odd = pl.DataFrame(
        {
            "customer_id": [1, 2], "ordered_at": [date(2024, 1, 1)] * 2, "amount": [1.5, 2.5],
            "tags": [["a"], ["b"]], "pair": [{"x": 1}, {"x": 2}], "raw": [b"x", b"y"],
            "__code": [9, 9], "__index_level_0__": [0, 1], "_as_of": [0, 0], "_bought": [7, 7],
        }
    )  # fmt: skip
    buffer = io.BytesIO()
    odd.write_parquet(buffer)
    result = segment(
        "run", "t.parquet", files={"personas.yaml": RULES, "t.parquet": buffer.getvalue()}
    )
    assert (result.exit_code, result.err) == (0, "")
    assert result.customers["monetary"].cast(pl.Float64).to_list() == [1.5, 2.5]


def test_a_customers_column_that_is_called_like_one_of_ours_is_not_taken_for_it(
    segment: Segment,
) -> None:
    files = {
        "t.csv": GOOD,
        "c.csv": "customer_id,_suppressed,frequency\na,true,99\n",
        "personas.yaml": "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {match: {frequency: {at_least: 9}}}, all-of-them: {}}\n",
    }
    result = segment("run", files=files)
    assert (result.ids("p"), result.ids("all-of-them")) == ([], ["a", "b"])
    named = files["personas.yaml"].replace("frequency: {at_least: 9}", "_suppressed: true")
    assert segment("run", files={"personas.yaml": named}).exit_code == 2


def test_a_parquet_file_with_damaged_pages_is_named(segment: Segment) -> None:
    damaged = bytearray(PARQUET)
    damaged[4:60] = b"\xff" * 56
    result = segment(
        "run", "t.parquet", files={"personas.yaml": RULES, "t.parquet": bytes(damaged)}
    )
    assert (result.exit_code, result.out) == (3, "")
    assert result.err.startswith("t.parquet: the ")
    assert result.err.endswith(f"\n  {DAMAGED}\n")
    assert not (result.folder / "audiences").exists()


def test_a_near_name_is_offered(segment: Segment) -> None:
    result = segment("run", "sale.csv", files={"sales.csv": GOOD, "personas.yaml": RULES})
    assert (result.exit_code, result.err) == (
        3, "sale.csv: there is no such file\n  Nearest: sales.csv\n",
    )  # fmt: skip


def test_a_file_named_twice_is_read_by_nobody(segment: Segment) -> None:
    result = segment("run", "t.csv", "./t.csv", files={"t.csv": GOOD, "personas.yaml": RULES})
    said = "t.csv: the file is listed twice\n  List every file once; globs may overlap.\n"
    assert (result.exit_code, result.err) == (3, said)


# -- bad rows are set aside, and the run goes on ---------------------------------------------------

ROWS: dict[str, tuple[str, list[tuple[int, str, str]]]] = {
    "ragged rows": (
        table("a,1,2024-01-01,5", "b,2,2024-01-02", "c,3,2024-01-02,5,9", "", "d,4,2024-01-03,1"),
        [
            (3, "row has 3 cells, the header has 4", "b,2,2024-01-02"),
            (4, "row has 5 cells, the header has 4", "c,3,2024-01-02,5,9"),
        ],
    ),
    "amounts": (
        table(
            'a,1,2024-01-01,"1,234.50"', "b,2,2024-01-01,1e309", "c,3,2024-01-01,NaN",
            "d,4,2024-01-01,inf", "e,5,2024-01-01,", "f,6,2024-01-01,€5", "g,7,2024-01-01,5.00",
            "h,8,2024-01-01,2e11", "i,9,2024-01-01,200000000000.01", "g,8,2024-01-01,-1e2",
        ),
        [
            (2, "amount has a thousands separator", 'a,1,2024-01-01,"1,234.50"'),
            (3, "amount is larger than 200,000,000,000", "b,2,2024-01-01,1e309"),
            (4, "amount is not a number", "c,3,2024-01-01,NaN"),
            (5, "amount is not a number", "d,4,2024-01-01,inf"),
            (6, "amount is missing", "e,5,2024-01-01,"),
            (7, "amount is not a number", "f,6,2024-01-01,€5"),
            (10, "amount is larger than 200,000,000,000", "i,9,2024-01-01,200000000000.01"),
        ],
    ),
    "dates": (
        table("a,1,2024-01-01,5", "b,2,2024-02-30,5", "c,3,,5", "d,4,0001-01-01,5", "e,5,20240101,5"),
        [
            (3, "date does not fit ISO 8601", "b,2,2024-02-30,5"),
            (4, "date is missing", "c,3,,5"),
            (5, "date does not fit ISO 8601", "d,4,0001-01-01,5"),
            (6, "date does not fit ISO 8601", "e,5,20240101,5"),
        ],
    ),
    "a cell over two lines": (
        table('a,1,2024-01-01,5', '"b\nb",2,2024-01-01,x', "c,3,2024-01-01,y"),
        [
            (3, "amount is not a number", '"b\nb",2,2024-01-01,x'),
            (5, "amount is not a number", "c,3,2024-01-01,y"),
        ],
    ),
    "price": (
        table(
            "a,2024-01-01,2,x", "b,2024-01-01,2,1.50", "c,2024-01-01,1e9,1e9",
            head="customer_id,ordered_at,quantity,unit_price",
        ),
        [
            (2, "unit_price is not a number", "a,2024-01-01,2,x"),
            (4, "quantity x unit_price is larger than 200,000,000,000", "c,2024-01-01,1e9,1e9"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("transactions", "rejected"), ROWS.values(), ids=ROWS)
def test_a_bad_row_is_kept_with_line_and_reason(
    segment: Segment, transactions: str, rejected: list[tuple[int, str, str]]
) -> None:
    result = segment("run", "t.csv", files={"t.csv": transactions, "personas.yaml": RULES})
    found = pl.read_csv(result.run / "rejects.csv")
    assert found.select("line", "reason", "raw").rows() == rejected
    assert found["file"].unique().to_list() == ["t.csv"]
    [counts] = result.manifest["inputs"]
    aside = sum(counts["rows_set_aside"].values())
    assert counts["rows_read"] == counts["rows_used"] + counts["rows_rejected"] + aside
    assert counts["rows_rejected"] == len(rejected)
    said = f"t.csv: {len(rejected)} of {counts['rows_read']} rows are rejected, see rejects.csv"
    notes = {
        "ragged rows": ["note: t.csv: 1 of 5 rows are set aside: blank line"],
        "price": ["note: transactions: amount is quantity × unit_price, for no column is named amount"],
    }  # fmt: skip
    expected = [
        *next((n for k, n in notes.items() if ROWS[k][0] == transactions), []),
        f"warning: {said}",
    ]
    assert (result.exit_code, result.err.splitlines()) == (0, expected)


UNHARMED = {
    "one row": (table("a,1,2024-01-01,5"), ["a"]),
    "one row without line end": (f"{HEAD}\na,1,2024-01-01,5", ["a"]),
    "a byte-order mark": (f"\ufeff{GOOD}", ["a", "b"]),
    "Windows lines": (GOOD.replace("\n", "\r\n"), ["a", "b"]),
    "tabs": (GOOD.replace(",", "\t"), ["a", "b"]),
    "blanks around ids": (table(" a ,1,2024-01-01,5"), ["a"]),
    "leading zeros": (table("007,1,2024-01-01,5", "7,1,2024-01-01,5"), ["007", "7"]),
    "an id that no integer holds": (table("99999999999999999999,1,2024-01-01,5"), ["99999999999999999999"]),
    "ids that turn into text late": (
        table(*(f"{i},1,2024-01-01,5" for i in range(1, 1500)), "X1,1,2024-01-01,5"),
        sorted([*map(str, range(1, 1500)), "X1"]),
    ),
    "a quote inside a cell": (table('5" pipe,1,2024-01-01,5'), ['5" pipe']),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(("transactions", "ids"), UNHARMED.values(), ids=UNHARMED)
def test_what_only_looks_bad_is_read(segment: Segment, transactions: str, ids: list[str]) -> None:
    result = segment("run", "t.csv", files={"t.csv": transactions, "personas.yaml": RULES})
    assert (result.exit_code, result.err) == (0, "")
    assert result.customers["customer_id"].to_list() == ids


def test_ids_with_a_point_in_one_file_and_without_in_the_next_are_the_same(
    segment: Segment,
) -> None:
    """Of two exports by pandas, the one that has gaps in the column writes 17850 as 17850.0."""
    files = {
        "d/1.csv": table("17850.0,1,2024-01-01,5", ",2,2024-01-01,5", "9.0,3,2024-01-01,5"),
        "d/2.csv": table("17850,4,2024-01-02,7", "007,5,2024-01-02,7"),
        "personas.yaml": RULES,
    }
    found = segment("run", "d", files=files).customers
    assert found.select("customer_id", "frequency").rows() == [("007", 1), ("17850", 2), ("9", 1)]


def test_standard_input_may_turn_into_text_late(shell: Shell) -> None:
    """Ids are sampled as integers first, and then the table is read a second time."""
    lines = table(*(f"{i},1,2024-01-01,5" for i in range(1, 1500)), "X1,1,2024-01-01,5")
    result = shell("run", "-", "--dry-run", files={"personas.yaml": RULES}, stdin=lines.encode())
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.startswith("1,500 customers as of 2024-01-01\n")


# -- other tables ----------------------------------------------------------------------------------

CUSTOMERS = {
    "conflicting rows": (
        "customer_id,gender\na,f\na,m\n",
        "c.csv: one customer has several rows that differ (--show-values names it)\n"
        "  Every customer_id needs one row; equal rows collapse by themselves.",
    ),
    "no id": (
        "x,gender\na,f\n",
        "c.csv: no column for customer_id\n  Its columns: x, gender\n"
        "  Say which: sources: {customers: {path: …, columns: {customer_id: <column>}}}",
    ),
    "empty": ("", "c.csv: the file is empty\n  It needs a header and rows."),
}


@pytest.mark.parametrize(("customers", "said"), CUSTOMERS.values(), ids=CUSTOMERS)
def test_customers_that_cannot_be_used_end_the_run_with_3(
    segment: Segment, customers: str, said: str
) -> None:
    files = {"t.csv": GOOD, "c.csv": customers, "personas.yaml": f"{RULES}columns: [gender]\n"}
    result = segment("run", "t.csv", "--customers", "c.csv", files=files)
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", 3, "")


def test_shipped_rules_do_without_columns_that_the_customers_at_hand_lack(segment: Segment) -> None:
    files = {"t.csv": GOOD, "c.csv": "customer_id,city\na,Oslo\n"}
    result = segment("run", "t.csv", "--customers", "c.csv", files=files)
    assert result.exit_code == 0, result.err
    assert "customers have no column 'consent_email'" in result.err


# -- rules -----------------------------------------------------------------------------------------

STARTER = "segment init DIR writes a starter"
ALIASES = '"&" and "*" (anchors and aliases) are not used here'
WRITE_OUT = "write the value out, name it under features:, or quote the text"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{k}: &{k} [*{j}, *{j}]\n" for j, k in zip("abcdefgh", "bcdefghi", strict=True)
)

YAML: dict[str, tuple[str | bytes | None, str]] = {
    "missing": (None, f"personas.yaml: there is no such file\n  {STARTER}"),
    "a megabyte": (
        "version: 1\n#" + "x" * 1024 * 1024,
        "personas.yaml: is larger than 1 MiB\n"
        "  keep rules here; long lists of values belong in a column of your data",
    ),
    "100,000 nested brackets": (
        "[" * 100_000, "personas.yaml:1:51: is nested deeper than 50 levels\n  close brackets; nest less",
    ),
    "duplicate keys": (
        "version: 1\npersonas:\n  vip: {title: a}\n  vip: {columns: []}\n",
        'personas.yaml:4:3: the key "vip" is here twice, first at 3:3\n'
        "  keep one of the two, or give one another name",
    ),
    "not UTF-8": (
        b"version: 1 # \xff",
        "personas.yaml:1:14: is not UTF-8 text (byte 0xff)\n"
        '  save the file as UTF-8 (in Excel and Notepad: "Save as", encoding UTF-8)',
    ),
    "a persona named ../../x": (
        "version: 1\npersonas: {../../x: {match: {}}}\n",
        'personas.yaml:2:12: "../../x" cannot be the name of a persona\n'
        "  Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most 63; "
        "free text goes into title.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "said"), YAML.values(), ids=YAML)
def test_rules_that_cannot_be_read_end_the_run_with_2(
    segment: Segment, rules: str | bytes | None, said: str
) -> None:
    files: dict[str, str | bytes] = {"t.csv": GOOD}
    if rules is not None:
        files["personas.yaml"] = rules
    result = segment("run", files=files)
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", 2, "")
    assert not (result.folder / "audiences").exists()


def test_an_alias_bomb_is_refused_alias_by_alias(segment: Segment) -> None:
    result = segment("run", files={"personas.yaml": BOMB, "t.csv": GOOD})
    assert result.err.startswith(f"personas.yaml:1:4: {ALIASES}: a\n  {WRITE_OUT}\n")
    assert (result.exit_code, result.err.count(ALIASES), result.out) == (2, 25, "")


# -- options ---------------------------------------------------------------------------------------

OPTIONS: dict[str, tuple[list[str], Files, int, str]] = {
    "an unknown format": (
        ["--format", "xml"], {}, 2, "--format xml: there is no such format\n  One of: csv, parquet, jsonl.",
    ),
    "a date that is none": (
        ["--as-of", "gestern"], {}, 2, "--as-of gestern: this is not a date\n  Write it as 2026-11-21, or today.",
    ),
    "a date before all data": (
        ["--as-of", "2020-01-01"], {}, 3,
        "t.csv: no customer has an order: no usable line has a positive amount\n"
        "  Of 2 rows 0 were rejected, 2 set aside (after as_of).",
    ),
    "an unknown persona": (
        ["--persona", "evryone"], {}, 2,
        "personas.yaml: there is no persona 'evryone'\n  Nearest: everyone. There are: everyone.",
    ),
    "one audience of a for_each": (
        ["--persona", "by_top-de"], {"personas.yaml": "version: 1\npersonas: {by_top: {for_each: top_department}}\n"}, 2,
        'personas.yaml: "by_top-de" is one audience of the persona "by_top": for_each makes them all together\n'
        "  Write --persona by_top",
    ),
    "an unknown column": (
        ["--columns", "montary"], {}, 2, "--columns montary: there is no such column\n  Nearest: monetary.",
    ),
    "cuts that are not there": (
        ["--cuts", "x.json"], {}, 3,
        "x.json: there is no such file of cuts\n  Give the cuts.json of a former run.",
    ),
    "cuts with a text for quintiles": (
        ["--cuts", "x.json"],
        {"x.json": json.dumps({"version": 1, "as_of": "2024-01-01", "customers": 2,
                               "values": {"monetary quintiles": "x"}})},
        3,
        '--cuts: "monetary quintiles" is not what a run writes there\n'
        "  Give the cuts.json that `segment run` wrote.",
    ),
    "cuts with not a number": (
        ["--cuts", "x.json"],
        {"x.json": '{"version": 1, "as_of": "2024-01-01", "customers": 2, '
                   '"values": {"monetary quintiles": [1, 2, 3, NaN]}}'},
        3,
        '--cuts: "monetary quintiles" is not what a run writes there\n'
        "  Give the cuts.json that `segment run` wrote.",
    ),
    "an output that is a file": (
        ["--out", "o"], {"o": "x"}, 3,
        "o: is not a folder, and one is needed here\n  move it away, or write elsewhere: --out DIR",
    ),
    "an output inside a file": (
        ["--out", "o/p"], {"o": "x"}, 3,
        "o: is not a folder, and one is needed here\n  move it away, or write elsewhere: --out DIR",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("options", "files", "code", "said"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_cannot_be_meant(
    segment: Segment, options: list[str], files: Files, code: int, said: str
) -> None:
    result = segment(
        "run", "t.csv", *options, files={"t.csv": GOOD, "personas.yaml": RULES, **files}
    )
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", code, "")
    assert not (result.folder / "audiences").exists()


NO_CUTS = {
    "half of it": ("{", "it is not JSON"),
    "a list": ("[]", "it has no version, as_of, customers, values"),
    "not text": (b"\xff\xfe", "it is not JSON"),
    "another version": (
        '{"version": 9, "as_of": "2024-01-01", "customers": 1, "values": {}}',
        "version 9 is not 1",
    ),
    "keys that are missing": ('{"version": 1, "values": {}}', "it has no as_of, customers"),
    "values of another kind": (
        '{"version": 1, "as_of": 1, "customers": 1, "values": {}}',
        "its values are of the wrong kind",
    ),
    "half a cadence": (
        '{"version": 1, "as_of": "2024-01-01", "customers": 1, "values": {"cadence": {}}}',
        "notes is missing",
    ),
}


@pytest.mark.parametrize(("content", "why"), NO_CUTS.values(), ids=NO_CUTS)
def test_cuts_that_are_none_are_refused(segment: Segment, content: str | bytes, why: str) -> None:
    files = {"t.csv": GOOD, "personas.yaml": RULES, "x.json": content}
    result = segment("run", "t.csv", "--cuts", "x.json", files=files)
    assert (result.exit_code, result.out) == (3, "")
    assert result.err == (f"x.json: this is not a cuts.json of a former run ({why})\n"
                          "  Give the cuts.json that `segment run` wrote.\n")  # fmt: skip


# -- output ----------------------------------------------------------------------------------------


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A tmpfs of 64 KiB; skips where mounting is not allowed."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "segment-test", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_ends_the_run_with_3_and_nothing_is_left(
    segment: Segment, mounted: Path
) -> None:
    many = table(*(f"customer-{i},{i},2024-01-01,{i}.25" for i in range(1, 5000)))
    result = segment(
        "run", "t.csv", "--out", mounted, files={"t.csv": many, "personas.yaml": RULES}
    )
    said = (f"{mounted}: the disk is full; nothing was published\n"
            "  free some space, or write elsewhere: --out DIR\n")  # fmt: skip
    assert (result.err, result.exit_code, result.out) == (said, 3, "")
    assert list(mounted.iterdir()) == []


def test_a_read_only_folder_ends_the_run_with_3(segment: Segment, mounted: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    result = segment(
        "run", "t.csv", "--out", mounted, files={"t.csv": GOOD, "personas.yaml": RULES}
    )
    said = f"{mounted}: is on a read-only disk\n  make it writable, or write elsewhere: --out DIR\n"
    assert (result.err, result.exit_code, result.out) == (said, 3, "")
