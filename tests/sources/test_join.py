"""Columns of other files: one row for each key, every row of the source once, and what has no partner is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

import polars as pl
import pytest
from harness import Segment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Join, Source
from segmentation.sources import read, refuse_changed
from segmentation.sources.columns.reasons import CODE, Reason

RULES = """
version: 1
sources:
  transactions: {{path: items.csv, {keys}}}
personas:
  everyone: {{columns: [monetary, frequency]}}
"""
ITEMS = "order_id,price\no1,10\no1,5\no2,7\n"
ORDERS = "order_id,customer_id,date\no1,ann,2026-01-02\no2,bob,2026-01-03\n"
SPENT = {"ann": 15.0, "bob": 7.0}


def spent() -> dict[str, float]:
    found = pl.read_csv("audiences/latest/personas/everyone.csv")
    return dict(found.select("customer_id", "monetary").iter_rows())


#: keys of the source, files -> who spent what
JOINED: dict[str, tuple[str, dict[str, str], dict[str, float]]] = {
    "by one column": ("join: {path: orders.csv, key: order_id}", {}, SPENT),
    "by two": (
        "join: {path: orders.csv, key: [shop, order_id]}",
        {
            "items.csv": "shop,order_id,price\na,o1,15\nb,o1,7\n",
            "orders.csv": "shop,order_id,customer_id,date\na,o1,ann,2026-01-02\nb,o1,bob,2026-01-03\n",
        },
        SPENT,
    ),
    "under two names": (
        "join: {path: orders.csv, key: {order_id: id}}",
        {"orders.csv": ORDERS.replace("order_id", "id")},
        SPENT,
    ),
    "one after the other": (
        "join: [{path: orders.csv, key: order_id}, {path: people.csv, key: customer_id}], "
        "columns: {customer_id: person}",
        {"people.csv": "customer_id,person\nann,A\nbob,A\n"},
        {"A": 22.0},
    ),
    "of parquet, a number": (
        "join: {path: orders.parquet, key: order_id}",
        {"items.csv": ITEMS.replace("o", "").replace("rder_id", "order_id")},
        SPENT,
    ),
    "keys with blanks around them": (
        "join: {path: orders.csv, key: order_id}",
        {"orders.csv": ORDERS.replace("o1,", " o1 ,")},
        SPENT,
    ),
    "addresses in capitals": (
        "join: {path: people.csv, key: email}, columns: {customer_id: person}",
        {
            "items.csv": "order_id,email,date,price\no1,Ann@x.example,2026-01-02,15\n",
            "people.csv": "email,person\nann@X.example ,ann\n",
        },
        {"ann": 15.0},
    ),
    "equal rows collapse": (
        "join: {path: orders.csv, key: order_id}",
        {"orders.csv": ORDERS + "o1,ann,2026-01-02\n"},
        SPENT,
    ),
    "a header in both": (
        "join: {path: orders.csv, key: order_id}, columns: {amount: price, ordered_at: orders.date}",
        {"items.csv": "order_id,price,date\no1,15,2020-01-01\no2,7,2020-01-01\n"},
        SPENT,
    ),
    "new names": (
        "join: {path: orders.csv, key: order_id, columns: {customer_id: kunde}}",
        {"orders.csv": ORDERS.replace("customer_id", "kunde")},
        SPENT,
    ),
    "a header of its own": (
        "join: {path: orders.csv, key: order_id, header: [order_id, customer_id, date]}",
        {"orders.csv": ORDERS.partition("\n")[2]},
        SPENT,
    ),
    "another delimiter and lines above": (
        "join: {path: orders.csv, key: order_id, delimiter: ';', skip_lines: 1}",
        {"orders.csv": "Report\n" + ORDERS.replace(",", ";")},
        SPENT,
    ),
    "where of the joined file": (
        "join: {path: orders.csv, key: order_id, where: {customer_id: {is_not: bob}}}",
        {},
        {"ann": 15.0},
    ),
    "where of the joined file chooses the row of a key": (
        "join: {path: orders.csv, key: order_id, where: {customer_id: {is_not: bob}}}",
        {
            "orders.csv": "order_id,customer_id,date\no1,ann,2026-01-02\no1,bob,2026-01-02\no2,cat,2026-01-03\n"
        },
        {"ann": 15.0, "cat": 7.0},
    ),
    "where of the source": (
        "join: {path: orders.csv, key: order_id}, where: {customer_id: ann}",
        {},
        {"ann": 15.0},
    ),
    "dates of the joined file": (
        "join: {path: orders.csv, key: order_id}",
        {"orders.csv": "order_id,customer_id,date\no1,ann,25.01.2026\no2,bob,26.01.2026\n"},
        SPENT,
    ),
    "several files": (
        "join: {path: 'orders_*.csv', key: order_id}",
        {
            "orders_1.csv": "order_id,customer_id,date\no1,ann,2026-01-02\n",
            "orders_2.csv": "date,order_id,customer_id\n2026-01-03,o2,bob\n",
        },
        SPENT,
    ),
    "joined, and made of it": (
        "join: {path: orders.csv, key: order_id}, columns: {ordered_at: [date, hour], amount: {per_order: total}}",
        {
            "orders.csv": "order_id,customer_id,date,hour,total\no1,ann,2026-01-02,10:30,15\no2,bob,2026-01-03,11:00,7\n"
        },
        SPENT,
    ),
}


@pytest.mark.parametrize(("keys", "files", "expected"), JOINED.values(), ids=JOINED)
def test_columns_of_other_files_are_read_as_its_own(
    segment: Segment, keys: str, files: Mapping[str, str], expected: dict[str, float]
) -> None:
    dates = [pl.Series(["2026-01-02", "2026-01-03"]).str.to_date()]
    pl.DataFrame(
        {"order_id": [1.0, 2.0], "customer_id": ["ann", "bob"], "date": dates[0]}
    ).write_parquet("orders.parquet")
    rules = {"personas.yaml": RULES.format(keys=keys)}
    done = segment("run", files={"items.csv": ITEMS, "orders.csv": ORDERS, **files, **rules})
    assert done.exit_code == 0, done.err
    assert spent() == expected
    checked = segment("validate")
    assert checked.exit_code == 0, checked.err


def test_what_has_no_partner_is_rejected_and_counted(segment: Segment) -> None:
    join = "join: [{path: orders.csv, key: order_id}, {path: people.csv, key: customer_id}]"
    files = {
        "items.csv": ITEMS + "o3,1\n,2\n",
        "orders.csv": ORDERS,
        "people.csv": "customer_id,city\nann,Bern\n",
        "personas.yaml": RULES.format(keys=join),
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert (
        "items.csv: note: 2 of 5 rows have a partner in orders.csv (order_id) and people.csv"
        in done.err
    )
    assert "; 3 have none" in done.err
    found = pl.read_csv("audiences/latest/rejects.csv")
    assert found.select("line", "reason").rows() == [
        (4, "no row of people.csv has its customer_id"),
        (5, "no row of orders.csv has its order_id"),
        (6, "no row of orders.csv has its order_id"),
    ]
    [one] = done.manifest["inputs"]
    assert (one["rows_used"], one["rows_rejected"], one["rows_without_partner"]) == (2, 3, 3)


WRONG: dict[str, tuple[str, dict[str, str], int, str]] = {
    "several rows of a key": (
        "join: {path: orders.csv, key: order_id}",
        {"orders.csv": ORDERS + "o1,bob,2026-01-02\n"},
        3,
        "orders.csv: join: 1 key (order_id) has several rows that differ (--show-values names it)",
    ),
    "no such key here": (
        "join: {path: orders.csv, key: {ordr: order_id}}",
        {},
        3,
        'the key of orders.csv names the column "ordr"',
    ),
    "no such key there": ("join: {path: orders.csv, key: ordr_id}", {}, 3, "Nearest: order_id"),
    "no such column to choose by": (
        "join: {path: orders.csv, key: order_id, where: {state: paid}}",
        {},
        3,
        'join: where names the column "state", which the file does not have',
    ),
    "no such column to rename": (
        "join: {path: orders.csv, key: order_id, columns: {when: dat}}",
        {},
        3,
        'join: columns names the column "dat"',
    ),
    "no such file": (
        "join: {path: order.csv, key: order_id}",
        {},
        3,
        "order.csv: there is no such file",
    ),
    "itself": (
        "join: {path: items.csv, key: order_id}",
        {},
        3,
        "items.csv: the file is listed twice",
    ),
    "one twice": (
        "join: [{path: orders.csv, key: order_id}, {path: orders.csv, key: order_id}]",
        {},
        3,
        "orders.csv: the file is listed twice",
    ),
    "no key": ("join: {path: orders.csv}", {}, 2, "key is missing"),
    "a key of other tools": (
        "join: {path: orders.csv, on: order_id}",
        {},
        2,
        '"on" is called key here',
    ),
    "a number for a key": (
        "join: {path: orders.csv, key: 7}",
        {},
        2,
        "expected the columns that both files have, not 7",
    ),
    "what joined files do not take": (
        "join: {path: orders.csv, key: order_id, event: x}",
        {},
        2,
        '"event" is not known here',
    ),
    "a variable that is not set": (
        "join: {path: '${NOPE}/o.csv', key: order_id}",
        {},
        2,
        "the variable NOPE is not set",
    ),
}


@pytest.mark.parametrize(("keys", "files", "code", "said"), WRONG.values(), ids=WRONG)
def test_a_join_that_cannot_be_is_told(
    segment: Segment, keys: str, files: Mapping[str, str], code: int, said: str
) -> None:
    rules = {"personas.yaml": RULES.format(keys=keys)}
    stopped = segment("run", files={"items.csv": ITEMS, "orders.csv": ORDERS, **files, **rules})
    assert (stopped.exit_code, said in stopped.err) == (code, True), stopped.err
    assert not Path("audiences").exists()


def test_a_table_that_lacks_what_another_has_says_that_they_can_be_joined(segment: Segment) -> None:
    stopped = segment("run", "items.csv", files={"items.csv": ITEMS})
    assert stopped.exit_code == 3
    assert "no column for customer_id, ordered_at" in stopped.err
    assert "join: {path:" in stopped.err


def test_a_state_in_a_joined_file_stops_the_run_until_somebody_chooses(segment: Segment) -> None:
    join = "join: {path: orders.csv, key: order_id%s}"
    orders = (
        "order_id,customer_id,date,status\no1,ann,2026-01-02,paid\no2,bob,2026-01-03,cancelled\n"
    )
    files = {"items.csv": ITEMS, "orders.csv": orders}
    rules = RULES.format(keys=join % "")
    stopped = segment("run", files={**files, "personas.yaml": rules})
    assert (stopped.exit_code, "status holds" in stopped.err) == (3, True)
    chosen = RULES.format(keys=join % ", where: {status: paid}")
    done = segment("run", files={"personas.yaml": chosen})
    assert done.exit_code == 0, done.err
    assert "1 of 3 rows are set aside: not chosen by where (orders.status)" in done.err
    assert spent() == {"ann": 15.0}


def test_the_joined_file_counts_in_the_fingerprint(segment: Segment) -> None:
    rules = RULES.format(keys="join: {path: orders.csv, key: order_id}")
    files = {"items.csv": ITEMS, "orders.csv": ORDERS, "personas.yaml": rules}
    [first] = segment("run", files=files).manifest["inputs"]
    [second] = segment("run", files={"orders.csv": ORDERS + "o9,cat,2026-01-01\n"}).manifest[
        "inputs"
    ]
    assert first["fingerprint"] != second["fingerprint"]


REFUNDS = (
    "version: 1\nsources: {{transactions: {{path: o.csv, join: {{path: refunds.csv, key: order_id{}}}, "
    "columns: {{amount: Total - refund}}}}}}\npersonas: {{everyone: {{columns: [monetary, frequency]}}}}\n"
)


def test_rows_need_no_partner_in_an_optional_join_and_the_stop_says_so(segment: Segment) -> None:
    orders = "".join(f"o{i},c{i % 50},2026-01-{i % 28 + 1:02},20\n" for i in range(200))
    files = {
        "o.csv": f"order_id,customer_id,ordered_at,Total\n{orders}",
        "refunds.csv": "order_id,refund\n" + "".join(f"o{i},5\n" for i in range(10)),
    }
    stop = segment("run", files={**files, "personas.yaml": REFUNDS.format("")})
    assert stop.exit_code == 3
    assert "optional: true on the join" in stop.err
    done = segment("run", files={"personas.yaml": REFUNDS.format(", optional: true")})
    assert done.exit_code == 0, done.err
    assert sum(spent().values()) == 200 * 20 - 10 * 5
    assert done.manifest["inputs"][0]["rows_used"] == 200
    assert (
        "10 of 200 rows have a partner in refunds.csv (order_id); 190 have none, and stay"
        in done.err
    )


def test_an_optional_partner_that_does_not_count_is_none(segment: Segment) -> None:
    files = {
        "o.csv": "order_id,customer_id,ordered_at,Total\no1,ann,2026-01-01,20\no2,bob,2026-01-02,20\n",
        "refunds.csv": "order_id,refund,state\no1,5,done\no2,5,open\n",
        "personas.yaml": REFUNDS.format(", optional: true, where: {state: done}"),
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert spent() == {"ann": 15.0, "bob": 20.0}


def test_rows_that_are_equal_are_counted(segment: Segment) -> None:
    keys = "join: {path: r.csv, key: order_id, optional: true}, columns: {amount: price - refund}"
    files = {
        "items.csv": "order_id,price,customer_id,date\no1,50,ann,2026-01-02\no2,7,bob,2026-01-02\n",
        "r.csv": "order_id,refund\no1,5\no1,5\n",
    }
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=keys)})
    assert "1 row of r.csv is equal to another, and one of each is joined" in done.err
    assert (done.exit_code, spent()) == (0, {"ann": 45.0, "bob": 7.0})


def test_equal_rows_of_one_key_in_two_spellings_collapse(segment: Segment) -> None:
    files = {
        "o.csv": "mail,ordered_at,amount\nann@x.de,2026-01-01,20\n",
        "people.csv": "mail,customer_id\nAnn@x.de,7\nann@x.de,7\n ann@x.de ,7\n",
        "personas.yaml": "version: 1\nsources: {transactions: {path: o.csv, join: {path: people.csv, key: mail}}}\n"
        "personas: {everyone: {columns: [monetary]}}\n",
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].to_list() == [20]


#: keys of the items and of the joined file -> how they differ
SPELT = {
    "zeros in front": (["00012", "x7"], ["12", "x7"], "leading zeros (1)"),
    "a .0": (["1.0", "x7"], ["1", "x7"], "a .0 (1)"),
    "capital letters": (["A1", "x7"], ["a1", "x7"], "capital letters (1)"),
    "all of them": (["A1"], ["a1"], "capital letters (1)"),
    "other keys": (["b1", "x7"], ["a1", "x7"], ""),
}


@pytest.mark.parametrize(("ours", "theirs", "said"), SPELT.values(), ids=SPELT)
def test_keys_that_would_meet_if_written_alike_are_told(
    segment: Segment, ours: list[str], theirs: list[str], said: str
) -> None:
    files = {
        "items.csv": "order_id,price\n" + "".join(f"{one},10\n" for one in ours),
        "orders.csv": "order_id,customer_id,date\n"
        + "".join(f"{o},c,2026-01-02\n" for o in theirs),
        "personas.yaml": RULES.format(keys="join: {path: orders.csv, key: order_id}"),
    }
    done = segment("run", files=files)
    assert done.exit_code == (0 if len(ours) > 1 else 3), done.err
    assert (f"would have one but for {said}" in done.err) if said else ("but for" not in done.err)


def test_rows_that_join_nothing_are_said(segment: Segment) -> None:
    orders = ORDERS + ",cat,2026-01-05\no8,dan\no9,eve,2026-01-05,x\n"
    rules = RULES.format(keys="join: {path: orders.csv, key: order_id}")
    files = {"items.csv": ITEMS + "o8,3\n", "orders.csv": orders, "personas.yaml": rules}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert "2 rows of orders.csv have too few or too many cells and join nothing" in done.err
    assert "1 row of orders.csv has no key and joins nothing" in done.err
    assert "3 of 4 rows have a partner in orders.csv (order_id); 1 has none" in done.err


def test_a_joined_file_that_changes_while_it_is_read_stops_the_run(tmp_path: Path) -> None:
    items, orders = tmp_path / "items.csv", tmp_path / "orders.csv"
    items.write_text("order_id,amount\no1,1\n")
    orders.write_text(ORDERS)
    join = Join(Source(path=str(orders)), (("order_id", "order_id"),))
    table = read("transactions", [Source(path=str(items), join=(join,))], cutoff=None)
    orders.write_text(ORDERS + "o3,cat,2026-01-05\n")
    with pytest.raises(InputError, match="the file changed while it was read"):
        refuse_changed([table])


def test_a_cell_of_a_joined_file_without_a_header_is_not_named(segment: Segment) -> None:
    rules = RULES.format(keys="join: {path: orders.csv, key: ann@shop.example}")
    rows = "ann@shop.exampel,1990-01-25,2026-01-02\nbob@shop.example,1991-02-26,2026-01-02\n"
    done = segment("run", files={"personas.yaml": rules, "items.csv": ITEMS, "orders.csv": rows})
    assert done.exit_code == 3, done.err
    assert "which the file does not have" in done.err
    assert "ann@shop.exampel" not in done.err.replace("ann@shop.example", "")


def test_suppression_takes_who_has_no_partner_for_a_no(segment: Segment) -> None:
    rules = """
version: 1
sources:
  transactions: t.csv
  customers: {path: c.csv, join: {path: consents.csv, key: customer_id}}
personas: {everyone: {}}
suppress: [{consent: {is_not: true}}]
"""
    files = {
        "t.csv": "customer_id,date,amount\nann,2026-01-02,5\nbob,2026-01-02,6\ncat,2026-01-02,6\n",
        "c.csv": "customer_id,town\nann,Bern\nbob,Bern\ncat,Bern\n",
        "consents.csv": "customer_id,consent\nann,true\ncat,false\n",
        "personas.yaml": rules,
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    found = pl.read_csv("audiences/latest/personas/everyone.csv")
    assert found["customer_id"].to_list() == ["ann"]
    assert (
        "1 of 3 rows that suppress reads is rejected: the customer it names is suppressed"
        in done.err
    )
    assert "taken for a column" not in done.err  # both headers are known


def test_customers_and_events_can_be_joined_as_well(segment: Segment) -> None:
    rules = """
version: 1
sources:
  transactions: t.csv
  customers: {path: c.csv, join: {path: towns.csv, key: zip}}
  events: {path: e.csv, event: visit, join: {path: cards.csv, key: card}}
personas:
  bern: {match: {town: Bern, did: visit}}
"""
    files = {
        "t.csv": "customer_id,date,amount\nann,2026-01-02,5\nbob,2026-01-02,6\n",
        "c.csv": "customer_id,zip\nann,3000\nbob,8000\n",
        "towns.csv": "zip,town\n3000,Bern\n8000,Zurich\n",
        "e.csv": "card,date\nk1,2026-01-01\nk2,2026-01-01\n",
        "cards.csv": "card,customer_id\nk1,ann\nk2,bob\n",
        "personas.yaml": rules,
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    found = pl.read_csv("audiences/latest/personas/bern.csv")
    assert found["customer_id"].to_list() == ["ann"]


# -- a property -----------------------------------------------------------------------------------

keys = st.sampled_from(["a", "b", "c", " a", "A@x.example", "a@x.example", "", "NULL"])


@pytest.mark.deep
@given(
    st.lists(keys, min_size=1, max_size=12),
    st.lists(st.tuples(keys, st.sampled_from("xy")), min_size=1, max_size=8),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_join_never_multiplies_rows(
    tmp_path: Path, ours: list[str], theirs: list[tuple[str, str]]
) -> None:
    """Each row is there once, matched exactly where a plain dictionary says so; else the run stops."""

    def bare(key: str) -> str | None:
        key = key.strip()
        return None if key in ("", "NULL") else key.lower() if "@" in key else key

    known: dict[str | None, set[str]] = {}
    for key, cell in theirs:
        known.setdefault(bare(key), set()).add(cell)
    folder = Path(mkdtemp(dir=tmp_path))
    items, others = folder / "items.csv", folder / "others.csv"
    items.write_text(
        "key,customer_id,date,amount\n" + "".join(f"{k},c,2026-01-02,1\n" for k in ours)
    )
    others.write_text("key,cell\n" + "".join(f"{k},{cell}\n" for k, cell in theirs))
    join = Join(Source(path=str(others)), (("key", "key"),))
    source = Source(path=str(items), join=(join,))
    if any(len(rows) > 1 for key, rows in known.items() if key is not None):
        with pytest.raises(InputError, match="several rows that differ"):
            read("transactions", [source], cutoff=None)
        return
    table = read("transactions", [source], cutoff=None)
    found = table.tallies[0].parts[0].coded.select("key", CODE).collect()
    expected = [
        (k.strip() and k, int(Reason.USED if bare(k) and bare(k) in known else Reason.PARTNER))
        for k in ours
    ]
    assert Counter((key or "", code) for key, code in found.iter_rows()) == Counter(expected)
