"""Every fast path gives what the plain one gives: rows taken up by arrays or groups, dates found late."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import polars as pl
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from segmentation.measures import cells, ends, pairs, waiting, workers
from segmentation.measures.keys import LostBet
from segmentation.measures.partials import Partials
from segmentation.measures.plan import plan
from segmentation.measures.rows import Tables
from segmentation.measures.runs import Runs
from segmentation.measures.stores import within_names
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, Not
from segmentation.rules.measures import Anchor, Measure
from segmentation.rules.number_format import POINT
from segmentation.rules.windows import Span, Window
from segmentation.scan import scanning
from segmentation.scan.scanning import scanned
from segmentation.sources import Table
from segmentation.sources.columns.held import _is_filled
from segmentation.sources.columns.numbers import LARGEST, fixed_point, scaled

AS_OF = date(2024, 3, 31)
at = datetime.fromisoformat
DEPARTMENTS = ["Shoes", "Hats", "Bags", "2024-01-01", "", None]
COLLECTIONS = ["spring", "autumn", "running-latest", "Spring", None]
EVENTS = ["browse", "login", "complaint"]


def is_(field: str, *values: Any) -> Compare:
    return Compare(field, "is", values if len(values) > 1 else values[0])


def within(days: int, newest: int | None = None) -> Window:
    return Window(Span(days, "d"), None if newest is None else Span(newest, "d"))


CONDITIONS: Mapping[str, Condition] = {
    "a name": is_("department", "Shoes"),
    "one of several": is_("department", "Shoes", "Bags", "never seen"),
    "not a name": Compare("department", "is_not", "Hats"),
    "none of": Compare("department", "none_of", ("Hats", "Shoes")),
    "a name like a date": is_("department", "2024-01-01"),
    "part of a name": Compare("department", "contains", "a"),
    "no name": Compare("department", "missing", True),
    "a flag": is_("gift", True),
    "a flag that is not": Compare("gift", "is_not", True),
    "a number": Compare("quantity", "at_least", 2),
    "any of two": AnyOf((is_("department", "Hats"), is_("gift", False))),
    "not both": Not(All((is_("department", "Hats"), is_("gift", True)))),
    "a name and a number": All((is_("department", "Hats"), Compare("amount", "more_than", 3))),
}
WINDOWS = {"ever": None, "7d": within(7), "30 to 7d": within(30, 7), "5h": Window(Span(5, "h"))}

OF_LINES = {
    f"{kind} {said} {when}": Measure(kind, of=of, where=where, window=window, column=column)  # type: ignore[arg-type]  # a table of texts
    for kind, of, column in (
        ("any", "lines", None),
        ("count", "lines", None),
        ("share", "spend", None),
        ("share", "items", None),
        ("sum", "lines", "amount"),
        ("count", "orders", None),
    )
    for said, where in CONDITIONS.items()
    for when, window in WINDOWS.items()
    if kind in ("any", "count") or window is None
}
BUILT_IN = {
    "frequency": Measure("count", of="orders"),
    "monetary": Measure("sum", column="amount", lines="all"),
    "returned": Measure("sum", column="amount", lines="returned"),
    "last day": Measure("days_since", lines="bought"),
    "departments": Measure("distinct", column="department"),
    "top": Measure("top", column="department"),
    "top share": Measure("top_share", column="department"),
    "first": Measure("first", column="department"),
    "first of events": Measure("first", of="events", event="*", column="collection"),
    "last of all lines": Measure("last", column="quantity", lines="all"),
    "different orders": Measure("distinct", column="order_id"),
    "different orders of all lines": Measure("distinct", column="order_id", lines="all"),
    "different days": Measure("distinct", column="ordered_on"),
    "different quantities": Measure("distinct", column="quantity"),
    "order days": Measure("order_days"),
    "any gift": Measure("max", column="gift", lines="all"),
    "all gifts": Measure("min", column="gift"),
    "largest name": Measure("max", column="department"),
}
OF_EVENTS = {
    f"{kind} {event} {said} {when}": Measure(
        kind, of="events", event=event, where=where, window=window
    )
    for kind in ("any", "count")
    for event in (*EVENTS, "*", "unheard of")
    for said, where in {
        "": None,
        "c": is_("collection", "spring"),
        "p": Compare("collection", "contains", "r"),
        "n": Compare("collection", "none_of", ("spring", "autumn")),
    }.items()
    for when, window in WINDOWS.items()
}
SINCE = Anchor("since", "login")
ANCHORED = {f"since {e}": Measure("any", of="events", event=e, anchor=SINCE) for e in EVENTS}
ANCHORED |= {
    f"count {n}": Measure("count", of="events", event="*", where=is_("collection", n), anchor=SINCE)
    for n in ("spring", "autumn", "x")
}

MOMENTS = st.integers(0, 60 * 24).map(lambda h: at("2024-02-01T00:00") + timedelta(hours=h))
CUSTOMERS = st.sampled_from([1, 2, 3, 17, 2**40, -4])
LINES = st.lists(
    st.tuples(
        CUSTOMERS,
        st.integers(-2, 6),
        MOMENTS,
        st.sampled_from(DEPARTMENTS),
        st.integers(-3, 5),
        st.integers(0, 4),
        st.sampled_from([True, False, None]),
    ),
    min_size=1,
    max_size=40,
)
HAPPENED = st.lists(
    st.tuples(CUSTOMERS, MOMENTS, st.sampled_from(EVENTS), st.sampled_from(COLLECTIONS)),
    max_size=40,
)


def table(name: str, frame: pl.DataFrame) -> Table:
    return Table(name, frame.lazy(), dict(frame.schema), (), ())


def tables(lines: Sequence[Any], events: Sequence[Any], ids: type[pl.DataType]) -> Tables:
    """Tables as reading gives them: amounts and quantities in 1/10,000, moments with their day."""
    names = ["customer_id", "order_id", "ordered_at", "department", "amount", "quantity", "gift"]
    types: list[Any] = [
        pl.Int64,
        pl.Int64,
        pl.Datetime("us"),
        pl.String,
        pl.Int64,
        pl.Int64,
        pl.Boolean,
    ]
    bought = pl.DataFrame(lines, schema=dict(zip(names, types, strict=True)), orient="row")
    names, types = (
        ["customer_id", "occurred_at", "event", "collection"],
        [types[0], types[2], *types[3:4] * 2],
    )
    happened = pl.DataFrame(events, schema=dict(zip(names, types, strict=True)), orient="row")
    return Tables(
        transactions=table(
            "transactions",
            bought.with_columns(
                pl.col("customer_id").cast(ids),
                pl.col("ordered_at").dt.date().alias("ordered_on"),
                pl.col("amount", "quantity") * 10_000,
            ),
        ),
        events=table(
            "events",
            happened.with_columns(
                pl.col("customer_id").cast(ids),
                pl.col("occurred_at").dt.date().alias("occurred_on"),
            ),
        ),
    )


#: every seventh, for properties that go many ways
SOME = {
    **BUILT_IN,
    **ANCHORED,
    **{n: m for i, (n, m) in enumerate((OF_LINES | OF_EVENTS).items()) if i % 7 == 0},
}
#: how rows are taken up: by arrays or by groups, the date known before or after, ids trusted or not
WAYS: Mapping[str, Mapping[str, Any]] = {
    "arrays": {"dense": True},
    "groups": {"dense": False},
    "arrays, the date found": {"dense": True, "as_of": None},
    "groups, the date found": {"dense": False, "as_of": None},
    "ids as texts": {"dense": True, "bets": False},
    "runs of rows, by threads": {"dense": True, "in_runs": True},
    "runs of rows, groups": {"dense": False, "in_runs": True},
}


ROWS = 5  # of a batch


def in_parts(found: Tables) -> Tables:
    """The same rows in batches of a few, those of one order or day together."""
    lines, events = found.transactions, found.events
    assert lines is not None
    assert events is not None
    return replace(
        found,
        transactions=_in_parts(lines, ["customer_id", "order_id", "ordered_on"]),
        events=_in_parts(events, ["customer_id", "occurred_on"]),
    )


def _in_parts(table: Table, by: Sequence[str]) -> Table:
    rows = table.rows.sort(by, maintain_order=True).collect()
    parts = [rows.slice(i, ROWS).lazy() for i in range(0, max(rows.height, 1), ROWS)]
    return replace(table, rows=pl.concat(parts))


def test_parts_come_as_batches_of_their_own() -> None:
    rows = [(1, i, at("2024-02-01T00:00"), "Shoes", 1, 1, None) for i in range(23)]
    found = in_parts(tables(rows, [], pl.Int64))
    assert found.transactions is not None
    batches = found.transactions.rows.collect_batches(engine="streaming", lazy=True)
    heights = [b.height for b in batches]
    assert (sum(heights), max(heights) <= ROWS) == (23, True)


def measured(
    found: Tables,
    wanted: Mapping[str, Measure],
    *,
    dense: bool = True,
    bets: bool = True,
    as_of: date | None = AS_OF,
    in_runs: bool = False,
) -> pl.DataFrame:
    if in_runs:
        with (
            mock.patch.object(Runs, "are_of", lambda _, rows: rows > 0),
            mock.patch.object(workers, "FEWEST_ROWS", 0),
            mock.patch.object(scanning, "FEWEST_ROWS", 0),
            mock.patch.object(ends, "MOST_WAITING", 3),
            mock.patch.object(pairs, "MOST_WAITING", 3),
            mock.patch.object(cells, "MOST_WAITING", 3),
            mock.patch.object(within_names, "MOST_NAMES", 2),
        ):
            return measured(in_parts(found), wanted, dense=dense, bets=bets, as_of=as_of)
    try:
        partials = Partials(
            plan(found, wanted, as_of=as_of, new_arrival_days=30), bets=bets, dense=dense
        )
        for one in (found.transactions, found.events):
            assert one is not None
            list(scanned(one, partials))
    except LostBet:
        return measured(found, wanted, dense=dense, bets=False, as_of=as_of)
    return partials.at(as_of or AS_OF).sort("customer_id")


@pytest.mark.sampled
@pytest.mark.parametrize("ids", [pl.Int64, pl.String], ids=["ids are integers", "ids are texts"])
@drawn(6)
@given(lines=LINES, events=HAPPENED)
def test_all_ways_of_taking_rows_up_give_the_same(
    ids: type[pl.DataType], lines: Sequence[Any], events: Sequence[Any]
) -> None:
    found = tables(lines, events, ids)
    plain = measured(found, SOME, **WAYS["groups"])
    for way in WAYS.values():
        assert_frame_equal(measured(found, SOME, **way), plain)


WORKERS = 7


def folded(found: Tables, way: Mapping[str, Any]) -> Partials:
    dense, as_of = way["dense"], way.get("as_of", AS_OF)
    planned = plan(found, SOME, as_of=as_of, new_arrival_days=30)
    made = Partials(planned, bets=False, dense=dense)  # 2**40 is too far from the others
    for one in (found.transactions, found.events):
        assert one is not None
        list(scanned(one, made))
    return made


def kept(found: Tables, mask: pl.Expr) -> Tables:
    """The rows of some customers."""
    assert found.events is not None
    lines, events = (
        replace(t, rows=t.rows.filter(mask)) for t in (found.transactions, found.events)
    )
    return replace(found, transactions=lines, events=events)


@pytest.mark.sampled
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("ids", [pl.Int64, pl.String], ids=["ids are integers", "ids are texts"])
@drawn(3)
@given(lines=LINES, events=HAPPENED)
def test_what_workers_fold_of_their_customers_merges(
    way: Mapping[str, Any], ids: type[pl.DataType], lines: Sequence[Any], events: Sequence[Any]
) -> None:
    found = tables(lines, events, ids)
    worker = pl.col("customer_id").cast(pl.String).hash() % WORKERS
    sent = [pickle.dumps(folded(kept(found, worker == i), way).folded()) for i in range(WORKERS)]
    whole = folded(kept(found, pl.lit(value=False)), way)
    for part in sent:
        whole.merge(pickle.loads(part))
    expected = measured(found, SOME, dense=False)
    assert_frame_equal(whole.at(AS_OF).sort("customer_id"), expected)


# -- one date after another -----------------------------------------------------------------------

ENDS = (date(2024, 2, 29), date(2024, 3, 17), AS_OF)
#: what says at which date features are read off first, of the latest day so far
FIRSTS: Mapping[str, Callable[[date], date]] = {
    "the dates are known": lambda latest: ENDS[0],
    "the dates follow the latest day": lambda latest: min(latest - timedelta(30), ENDS[0]),
}
SOON_AFTER = Measure(
    "any", of="events", event="browse", anchor=Anchor("after", "login", within=Span(2, "d"))
)
GRAINS = {
    "first value": Measure("first", column="quantity"),
    "last name": Measure("last", column="department"),
    "largest order": Measure("max", of="orders", column="amount"),
    "median gap": Measure("median_gap"),
    "order days": Measure("order_days", window=Window(Span(1, "mo"))),
    "bought after a browse": Measure("any", anchor=Anchor("after", "browse")),
    "soon after": SOON_AFTER,
}


def rolled(
    found: Tables,
    wanted: Mapping[str, Measure],
    first: Callable[[date], date],
    *,
    dense: bool,
    bets: bool = True,
) -> Mapping[date, pl.DataFrame]:
    """The features at each of ENDS, of one pass over the rows."""
    try:
        partials = Partials(
            plan(found, wanted, as_of=None, new_arrival_days=30),
            first=first,
            bets=bets,
            dense=dense,
        )
        for one in (found.transactions, found.events):
            assert one is not None
            list(scanned(one, partials))
        features = {}
        for end in ENDS:
            partials.roll(end)
            features[end] = partials.at(end).sort("customer_id")
    except LostBet:
        return rolled(found, wanted, first, dense=dense, bets=False)
    return features


@pytest.mark.parametrize("first", FIRSTS.values(), ids=FIRSTS)
@drawn(6)
@given(lines=LINES, events=HAPPENED, dense=st.booleans())
def test_features_at_one_date_after_another_are_those_of_the_rows_up_to_each(
    first: Callable[[date], date], lines: Sequence[Any], events: Sequence[Any], dense: bool
) -> None:
    wanted = {**SOME, **GRAINS}
    every = tables(lines, events, pl.Int64)
    with mock.patch.object(waiting, "FEWEST", 0):  # what no window reaches is let go at once
        found = rolled(every, wanted, first, dense=dense)
    for end in ENDS:
        past = measured(up_to(every, end), wanted, dense=False, as_of=end)
        assert_frame_equal(found[end], past, check_dtypes=False)


@pytest.mark.sampled
@pytest.mark.parametrize("name", [*BUILT_IN, *OF_LINES, *OF_EVENTS, *ANCHORED, *GRAINS])
def test_every_measure_alone_is_read_off_at_one_date_after_another(name: str) -> None:
    """Also one of which every row waits."""
    wanted = {name: (BUILT_IN | OF_LINES | OF_EVENTS | ANCHORED | GRAINS)[name]}
    found = rolled(SAMPLE, wanted, FIRSTS["the dates are known"], dense=True)
    for end in ENDS:
        past = measured(up_to(SAMPLE, end), wanted, dense=False, as_of=end)
        assert_frame_equal(found[end], past, check_dtypes=False)


def up_to(found: Tables, end: date) -> Tables:
    lines, events = found.transactions, found.events
    assert lines is not None
    assert events is not None
    return replace(
        found,
        transactions=replace(lines, rows=lines.rows.filter(pl.col("ordered_on") <= end)),
        events=replace(events, rows=events.rows.filter(pl.col("occurred_on") <= end)),
    )


@functools.cache
def together() -> pl.DataFrame:
    return measured(SAMPLE, {**BUILT_IN, **OF_LINES, **OF_EVENTS})


@pytest.mark.parametrize("name", [*OF_LINES, *OF_EVENTS])
def test_many_measures_at_once_are_each_measured_alone(name: str) -> None:
    alone = measured(SAMPLE, {name: {**OF_LINES, **OF_EVENTS}[name]}, dense=False)
    assert_frame_equal(together().select("customer_id", name), alone)


SAMPLE = tables(
    [
        (1, 1, at("2024-03-30T09:00"), "Shoes", 5, 1, True),
        (1, 1, at("2024-03-31T20:00"), "Hats", 5, 3, None),
        (1, 2, at("2024-03-01T00:00"), None, 4, 0, False),
        (2, 2, at("2024-02-01T00:00"), "Bags", -3, 2, False),
        (2, 3, at("2024-03-25T00:00"), "2024-01-01", 9, 2, True),
        (17, 4, at("2024-03-02T00:00"), "", 0, 1, None),
    ],
    [
        (1, at("2024-03-31T22:00"), "browse", "spring"),
        (1, at("2024-03-20T00:00"), "login", None),
        (2, at("2024-03-25T00:00"), "browse", "autumn"),
        (5, at("2024-02-02T00:00"), "complaint", "Spring"),
        (5, at("2024-03-31T19:00"), "browse", "spring"),
        (5, at("2024-03-31T18:59"), "login", None),
    ],
    pl.Int64,
)


@given(st.lists(st.none() | st.text(" \t\n0x~!é\u00a0\u3000", max_size=3)))
@example([" ", "\u00a0", "~", "1", None, "", "\u3000x"])
def test_a_cell_is_filled_when_it_is_more_than_white_space(cells: list[str | None]) -> None:
    texts = pl.Series(cells, dtype=pl.String)
    expected = (texts.str.strip_chars() != "").fill_null(value=False)
    assert _is_filled(texts).to_list() == expected.to_list()


@given(
    st.lists(st.none() | st.integers(-LARGEST - 2, LARGEST + 2) | st.integers(-(2**63), 2**63 - 1))
)
@example([LARGEST, -LARGEST, LARGEST + 1])
def test_whole_numbers_are_on_the_scale_what_floats_would_be(numbers: list[int | None]) -> None:
    frame = pl.DataFrame({"n": numbers}, schema={"n": pl.Int64})
    found = frame.select(fixed_point("n", pl.Int64(), POINT))
    assert_frame_equal(found, frame.select(scaled(pl.col("n").cast(pl.Float64))))


# -- rows that are skipped unread -----------------------------------------------------------------

RULES = """
version: 1
sources: {transactions: t.%s, events: e.%s}
timezone: Pacific/Auckland
personas:
  recent: {match: {did: {event: browse, within: 2d}}}
  hours: {match: {did: {event: browse, within: 30h}}}
  before: {match: {did: {event: browse, between: [5d, 2d]}}}
  without: {match: {did_not: {event: login, within: 3d}}}
"""


def _files() -> tuple[pl.DataFrame, pl.DataFrame]:
    days = [at("2024-03-31T11:30") - timedelta(hours=7 * i) for i in range(60)]
    lines = pl.DataFrame(
        {
            "customer_id": [i % 9 for i in range(60)],
            "ordered_at": days,
            "order_id": list(range(60)),
            "amount": [1.5] * 60,
        }
    )
    events = pl.DataFrame(
        {
            "customer_id": [i % 7 for i in range(60)],
            "occurred_at": days,
            "event": (["browse", "login", None] * 20),
        }
    )
    zoned = [pl.col(c).dt.replace_time_zone("UTC") for c in ("ordered_at", "occurred_at")]
    return lines.with_columns(zoned[0]), events.with_columns(zoned[1])


@pytest.mark.parametrize(
    "window", ["as it is", "with as_of"], ids=["as_of is found", "as_of is given"]
)
def test_parquet_of_which_old_rows_are_skipped_gives_what_csv_gives(
    segment: Segment, window: str
) -> None:
    lines, events = _files()
    given_day = ["--as-of", "2024-03-30"] if window == "with as_of" else []
    found = []
    for kind in ("csv", "parquet"):
        for name, frame in (("t", lines), ("e", events)):
            file = f"{name}.{kind}"
            if kind == "csv":
                frame.write_csv(file)
            else:
                frame.write_parquet(file, row_group_size=8)
        rules = RULES % (kind, kind)
        result = segment("run", *given_day, files={"personas.yaml": rules})
        assert result.exit_code == 0, result.err
        counts = [{**i, "path": "", "fingerprint": ""} for i in result.manifest["inputs"]]
        found.append((result.customers, counts, result.manifest["personas"]))
    (of_csv, counted, sizes), (of_parquet, counted_too, sizes_too) = found
    assert_frame_equal(of_csv, of_parquet)
    assert (counted, sizes) == (counted_too, sizes_too)
