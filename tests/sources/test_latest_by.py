"""Several rows of customers or products for one id: `latest_by` takes the newest, and nothing else opens a door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.reading.options import source_of
from segmentation.rules.sources import Source

Reading = Callable[..., Any]
OLDER, UNDATED = "older by latest_by (at)", "nothing readable in latest_by (at)"


def cells(*rows: tuple[str, str], columns: str = "customer_id,at,city") -> str:
    """Rows of customer 1, each with its city, oldest first as they are meant."""
    return f"{columns}\n" + "".join(f'1,"{at}",{city}\n' for at, city in rows)


#: cells of the column `at`, the older first, of which the second is the newer; the keys beside latest_by
NEWER = {
    "days": ("2026-01-02", "2026-01-10", {}),
    "days with the month behind": ("31.01.2026", "01.02.2026", {}),
    "days with the month in front": ("01/31/2026", "02/01/2026", {}),
    "days as declared": ("03/04/2026", "01/05/2026", {"date_format": "%d/%m/%Y"}),
    "moments": ("2026-01-02 09:59:59", "2026-01-02 10:00:00", {}),
    "parts of a second": ("2026-01-02T10:00:00.001", "2026-01-02T10:00:00.002", {}),
    "a day and a moment of it": ("2026-01-02", "2026-01-02 00:00:01", {}),
    "moments of zones": ("2026-01-02T10:30:00+02:00", "2026-01-02T09:00:00+00:00", {}),
    "words": ("30 Apr 2026", "1 May 2026", {}),
    "twelve hours": ("2026-01-02 09:00 PM", "2026-01-02 10:00 PM", {}),
    "seconds since 1970": ("999999999", "1735689600", {}),
    "milliseconds, then seconds since 1970": ("1767225600000", "1767312000", {}),
    "seconds, then milliseconds since 1970": ("1767225600", "1767312000000", {}),
    "Excel's days, then seconds since 1970": ("46023", "1767312000", {}),
    "days in digits": ("20251231", "20260101", {}),
    "days in digits as declared": ("31122025", "01012026", {"date_format": "%d%m%Y"}),
    "versions": ("9", "10", {}),
    "versions below 0": ("-3", "-2", {}),
    "versions of a frame": ("9.0", "10.0", {}),
    "a blank and a day": ("", "2026-01-02", {}),
    "a word and a day": ("unknown", "2026-01-02", {}),
    "a placeholder and a day": ("0000-00-00", "2026-01-02", {}),
    "a word and a version": ("draft", "1", {}),
}


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize(("older", "newer", "keys"), NEWER.values(), ids=NEWER)
def test_the_newest_row_counts_wherever_it_stands(
    reading: Reading, older: str, newer: str, keys: dict[str, Any], *, is_first: bool
) -> None:
    rows = [(older, "old"), (newer, "new")]
    like = [(newer, "x")] * 3  # the column holds more of the newer kind
    others = "".join(f'{n},"{at}",{city}\n' for n, (at, city) in enumerate(like, 2))
    text = cells(*(rows[::-1] if is_first else rows)) + others
    found = reading(text, table="customers", source={"latest_by": "at", **keys})
    assert dict(found.rows.select("customer_id", "city").iter_rows())[1] == "new"
    assert found.count.rows_used == 4
    assert sum(found.count.rows_set_aside.values()) == 1


def test_rows_that_are_set_aside_are_counted_by_what_made_them_so(reading: Reading) -> None:
    at = ["2026-01-01", "2026-01-02", "2026-01-02", "soon", "", "2025-01-01"]
    rows = [(one, "new" if one == "2026-01-02" else "old") for one in at]
    found = reading(cells(*rows), table="customers", source={"latest_by": "at"})
    assert found.count.rows_set_aside == {"duplicate": 1, OLDER: 2, UNDATED: 2}
    assert found.rows["city"].to_list() == ["new"]


#: stored cells of Parquet: older, newer
STORED = {
    "days": [date(2026, 1, 9), date(2026, 1, 10)],
    "moments": [datetime(2026, 1, 9, 1, tzinfo=UTC), datetime(2026, 1, 9, 2, tzinfo=UTC)],
    "whole numbers": [9, 10],
    "floats of whole numbers": [9.0, 10.0],
    "none": [None, 10],
}


@pytest.mark.parametrize("at", STORED.values(), ids=STORED)
def test_stored_columns_tell_as_well(reading: Reading, at: list[Any]) -> None:
    frame = pl.DataFrame({"product_id": ["p", "p"], "at": at, "department": ["old", "new"]})
    found = reading(frame, "p.parquet", table="products", source={"latest_by": "at"})
    assert found.rows["department"].to_list() == ["new"]


#: what else a source may say of the column
NAMED = {
    "its own name for it": (
        "customer_id,Last Change,city",
        {"columns": {"at": "Last Change"}, "latest_by": "at"},
    ),
    "the file's name, mapped": (
        "customer_id,Last Change,city",
        {"columns": {"at": "Last Change"}, "latest_by": "Last Change"},
    ),
}


@pytest.mark.parametrize(("head", "source"), NAMED.values(), ids=NAMED)
def test_the_column_is_named_as_the_file_or_the_source_has_it(
    reading: Reading, head: str, source: dict[str, Any]
) -> None:
    text = cells(("2026-01-01", "old"), ("2026-01-02", "new"), columns=head)
    found = reading(text, table="customers", source=source)
    assert found.rows["city"].to_list() == ["new"]


def test_a_day_and_a_time_of_their_own_tell_together(reading: Reading) -> None:
    text = "customer_id,day,time,city\n1,2026-01-02,09:30,old\n1,2026-01-02,10:00,new\n"
    source = {"columns": {"at": ("day", "time")}, "latest_by": "at"}
    assert reading(text, table="customers", source=source).rows["city"].to_list() == ["new"]


def test_rows_that_where_sets_aside_are_never_the_newest(reading: Reading) -> None:
    where = source_of({"path": "t.csv", "where": {"city": "old"}}).where
    text = cells(("2026-01-01", "old"), ("2026-01-02", "new"))
    found = reading(text, table="customers", source={"latest_by": "at", "where": where})
    assert found.rows["city"].to_list() == ["old"]


#: rows of one customer -> what is wrong with them
TIES = {
    "one moment": (["2026-01-02", "2026-01-02", "2026-01-01"], "and the same newest at or none"),
    "none": (["", "soon"], "holds neither dates nor whole numbers"),
    "blank cells only": (["", ""], "and the same newest at or none"),
    "days in digits beside seconds": (
        ["20260102", "1767225600"],
        "are days as 20260131 in some rows, and count seconds in others",
    ),
    "digits that lost their zero": (
        ["31012026", "1022026"],
        "have seven or eight digits and are not all days",
    ),
    "digits in another order": (["31012026", "01022026"], "have eight digits and are not all days"),
    "texts": (["red", "blue"], "the column at holds neither dates nor whole numbers"),
    "two readings": (["01/02/2026", "02/01/2026"], "reads as"),
}


@pytest.mark.parametrize(("at", "said"), TIES.values(), ids=TIES)
def test_what_does_not_tell_the_newest_is_an_error(
    reading: Reading, at: list[str], said: str
) -> None:
    rows = [(one, f"city {n}") for n, one in enumerate(at)]
    with pytest.raises(InputError, match=said):
        reading(cells(*rows), table="customers", source={"latest_by": "at"})


def test_ties_that_are_equal_in_all_that_is_read_collapse(reading: Reading) -> None:
    text = cells(("2026-01-02", "x"), ("2026-01-02", "y"), ("2026-01-01", "z"))
    found = reading(text, table="customers", source={"latest_by": "at"}, needs=frozenset())
    assert found.count.rows_set_aside == {"duplicate": 1, OLDER: 1}


def test_each_source_has_its_own_newest_rows(read_all: Reading, written: Reading) -> None:
    one = written(cells(("2026-01-01", "old"), ("2026-01-02", "new")), "one.csv")
    same = written("customer_id,city\n1,new\n", "same.csv")
    other = written("customer_id,city\n1,other\n", "other.csv")
    dated = Source(path=str(one), latest_by="at", columns={"city": "city", "at": "at"})
    found = read_all("customers", dated, Source(path=str(same)), needs=frozenset({"city"}))
    assert found.rows["city"].to_list() == ["new"]
    assert [count.rows_used for count in found.counts] == [1, 0]
    with pytest.raises(InputError, match="several rows that differ"):
        read_all("customers", dated, Source(path=str(other)), needs=frozenset({"city"}))


@drawn(30, without=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(1, 28)), min_size=1, max_size=40)
)
def test_the_newest_are_those_that_a_loop_finds(
    reading: Reading, rows: list[tuple[int, int | None]]
) -> None:
    """Rows of one id and moment are alike here, so that no order of them decides."""
    text = "customer_id,at,city\n9,2026-01-01,x\n" + "".join(
        f"{who},{f'2026-01-{day:02}' if day else ''},c{day}\n" for who, day in rows
    )
    newest = {"9": "x"}
    for who in {who for who, _ in rows}:
        days = [day for one, day in rows if one == who and day]
        newest[str(who)] = f"c{max(days, default=None)}"
    found = reading(text, table="customers", source={"latest_by": "at"})
    ids = pl.col("customer_id").cast(pl.String)
    assert dict(found.rows.select(ids, "city").iter_rows()) == newest


# -- as users meet it -----------------------------------------------------------------------------

ORDERS = "customer_id,ordered_at,amount\n" + "".join(f"{n},2026-01-0{n},5\n" for n in range(1, 5))
RULES = """
version: 1
sources: {{transactions: t.csv, customers: {{path: c.csv{keys}}}}}
personas: {{everyone: {{}}}}
suppress: [{{consent: {{is_not: yes}}}}]
"""
LATEST_BY = ", latest_by: updated_at"


def customers(*rows: str, head: str = "customer_id,updated_at,consent") -> dict[str, str | bytes]:
    return {"t.csv": ORDERS, "c.csv": f"{head}\n" + "".join(f"{row}\n" for row in rows)}


#: rows of customers -> who is written to
CONSENT = {
    "the newest says no": (["1,2026-01-01,yes", "1,2026-01-02,no"], []),
    "the newest says yes": (["1,2026-01-01,no", "1,2026-01-02,yes"], ["1"]),
    "the newest says nothing": (["1,2026-01-01,yes", "1,2026-01-02,"], []),
    "one without a date says no": (["1,,no", "1,2026-01-02,yes"], []),
    "one without a date says nothing": (["1,later,", "1,2026-01-02,yes"], []),
    "one without a date says the same": (["1,,yes", "1,2026-01-02,yes"], ["1"]),
    "the only one has no date": (["1,,yes"], ["1"]),
    "the newest cannot be read": (["1,2026-01-01,yes", "1,2026-01-02,no,"], []),
}


@pytest.mark.parametrize(("rows", "exported"), CONSENT.values(), ids=CONSENT)
def test_who_may_have_said_no_last_is_not_written_to(
    segment: Segment, rows: list[str], exported: list[str]
) -> None:
    others = [f"{n},2026-01-0{n},yes" for n in (2, 3)]
    rules = RULES.format(keys=LATEST_BY)
    done = segment("run", files={**customers(*rows, *others), "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert done.ids("everyone") == [*exported, "2", "3"]


def test_whom_an_undated_row_suppresses_is_said_and_where_is_the_door(segment: Segment) -> None:
    files = customers("1,,no", "1,2026-01-02,yes", "2,2026-01-02,yes")
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=LATEST_BY)})
    assert "1 customer has rows that differ and of which updated_at tells no date" in done.err
    door = "where: {updated_at: {missing: false}}"
    assert door in done.err
    rules = RULES.format(keys=f"{LATEST_BY}, {door}")
    followed = segment("run", files={"personas.yaml": rules})
    assert followed.ids("everyone") == ["1", "2"]


def test_an_undated_row_of_a_product_that_suppress_reads_stops_the_run(segment: Segment) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount,product_id\n1,2026-01-01,5,p\n2,2026-01-01,5,q\n",
        "p.csv": "product_id,at,recalled\np,,yes\np,2026-01-01,no\nq,2026-01-01,yes\n",
        "personas.yaml": """
version: 1
sources: {transactions: t.csv, products: {path: p.csv, latest_by: at}}
features: {recalled: {count: lines, where: {recalled: yes}}}
personas: {everyone: {}}
suppress: [{recalled: {at_least: 1}}]
""",
    }
    done = segment("run", files=files)
    assert done.exit_code in (1, 3), done.err
    assert "1 product has rows that differ and of which at tells no date" in done.err


@pytest.mark.deep
def test_a_word_of_older_rows_only_is_one_that_nobody_has(segment: Segment) -> None:
    files = customers("1,2026-01-01,stop", "1,2026-01-02,yes", "2,2026-01-02,yes")
    rules = RULES.format(keys="{}").replace("is_not: yes", "is: stop")
    both = {}
    for name, keys, rows in (
        ("with", LATEST_BY, files["c.csv"]),
        ("without", "", "customer_id,updated_at,consent\n1,2026-01-02,yes\n2,2026-01-02,yes\n"),
    ):
        text = RULES.format(keys=keys).replace("{consent: {is_not: yes}}", "{consent: stop}")
        done = segment("run", files={**files, "c.csv": rows, "personas.yaml": text})
        both[name] = (done.exit_code, "stop" in done.err)
    assert both["with"] == both["without"] != (0, False), rules


#: what customers hold beside id and consent -> the column that is proposed
PROPOSED = {
    "a moment": ("updated_at", ["2026-01-01 10:00", "2026-01-01 11:00"], "updated_at"),
    "a day in another format": ("Changed On", ["31.01.2026", "01.02.2026"], "Changed On"),
    "a version": ("version", ["1", "2"], "version"),
    "a day of no telling name": ("stamp", ["2026-01-01", "2026-01-02"], "stamp"),
    "a birthday": ("birthday", ["1990-01-01", "1991-01-01"], None),
    "the same moment": ("updated_at", ["2026-01-01", "2026-01-01"], None),
    "no dates": ("updated_at", ["x", "y"], None),
    "numbers that may be anything": ("points", ["1", "2"], None),
}


@pytest.mark.parametrize(("column", "at", "proposed"), PROPOSED.values(), ids=PROPOSED)
def test_what_tells_the_newest_is_proposed_where_it_does(
    segment: Segment, column: str, at: list[str], proposed: str | None
) -> None:
    head = f"customer_id,{column},consent"
    rows = (f"1,{at[0]},yes", f"1,{at[1]},no", f"2,{at[1]},yes")
    files = {**customers(*rows, head=head), "personas.yaml": RULES.format(keys="")}
    done = segment("run", files=files)
    assert (done.exit_code, "one customer has several rows that differ" in done.err) == (3, True)
    said = f"sources: {{customers: {{path: …, latest_by: {proposed}}}}}"
    assert (said in done.err) == (proposed is not None), done.err
    if proposed is not None:
        keys = f", latest_by: {proposed}"
        followed = segment("run", files={"personas.yaml": RULES.format(keys=keys)})
        assert (followed.exit_code, followed.ids("everyone")) == (0, ["2"]), followed.err


def test_nothing_is_proposed_where_another_source_says_otherwise(segment: Segment) -> None:
    files = customers("1,2026-01-01,yes", "1,2026-01-02,no") | {
        "d.csv": "customer_id,consent\n1,yes\n"
    }
    rules = RULES.format(keys="").replace("{path: c.csv}", "[c.csv, d.csv]")
    done = segment("run", files={**files, "personas.yaml": rules})
    assert (done.exit_code, "latest_by" in done.err) == (3, False), done.err


def test_a_column_that_is_not_there_is_told_with_the_nearest(segment: Segment) -> None:
    files = customers("1,2026-01-01,yes")
    rules = RULES.format(keys=", latest_by: updated")
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 3
    assert 'c.csv: latest_by names the column "updated", which the file does not have' in done.err
    assert "Nearest: updated_at." in done.err
