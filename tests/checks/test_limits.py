"""The limits of the checks: one below, at the limit, one above. Each row says from where on it is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from harness import Segment

from segmentation.checks.doors import quiet
from segmentation.checks.feeds import broken_feeds, feeds_ahead, old_feeds
from segmentation.checks.suppression.sources_read import RowsRead, SourcesRead
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.windows import Span, Window
from segmentation.rules.yaml import loads
from segmentation.sources import InputCount, Table

AS_OF = date(2026, 3, 31)
NOTHING = SourcesRead((), (), frozenset())


def ago(days: int) -> str:
    return (AS_OF - timedelta(days)).isoformat()


def counts(
    table: str, last_day: str | None = None, rows: int = 10, rejected: int = 0
) -> InputCount:
    return InputCount(table, f"{table}.csv", rows, rows - rejected, rejected, {}, last_day)


def rules_with(sources: str) -> Rules:
    return parse_rules(loads(f"version: 1\nsources: {{{sources}}}\n", "personas.yaml"))


# -- feeds that are broken ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "rejected", "is_said"),
    [
        (99, 99, False),
        (100, 100, True),
        (100, 6, True),
        (100, 5, False),
        (119, 6, True),
        (120, 6, False),
    ],
)
def test_a_feed_of_100_rows_is_broken_from_more_than_its_part_on(
    rows: int, rejected: int, is_said: bool
) -> None:
    found = broken_feeds(
        [counts("events", rows=rows, rejected=rejected)], lambda _: ["it"], lambda _: 0.05
    )
    assert [n.code for n in found] == ["broken-feed"] * is_said


# -- feeds that are old ---------------------------------------------------------------------------


@pytest.mark.parametrize("quiet_for", ["", "30d"])
@pytest.mark.parametrize("days", [0, 7, 8, 30, 31])
def test_transactions_are_old_after_a_week_or_what_is_signed_for(days: int, quiet_for: str) -> None:
    said = f", quiet_for: {quiet_for}" if quiet_for else ""
    rules = rules_with(f"transactions: {{path: t.csv{said}}}")
    found = old_feeds([counts("transactions", ago(days))], rules, NOTHING, NOTHING, AS_OF)
    is_said = days > (30 if quiet_for else 7)
    assert [n.code for n in found] == ["stale-source"] * is_said


def test_the_newest_of_several_feeds_of_transactions_counts() -> None:
    rules = rules_with("transactions: [a.csv, b.csv, c.csv]")
    inputs = [counts("transactions", day) for day in (ago(90), ago(7), None)]
    assert [*old_feeds(inputs, rules, NOTHING, NOTHING, AS_OF)] == []


@pytest.mark.parametrize(
    ("days", "quiet_for", "is_said"),
    [(29, "", False), (30, "", True), (60, "60d", False), (61, "60d", True)],
)
def test_events_are_old_before_the_first_day_of_a_window(
    days: int, quiet_for: str, is_said: bool
) -> None:
    said = f", quiet_for: {quiet_for}" if quiet_for else ""
    rules = rules_with(f"transactions: t.csv, events: {{path: e.csv{said}}}")
    read = RowsRead("events", "login", Window(Span(30, "d")), frozenset())
    reading = SourcesRead((), (read,), frozenset())
    inputs = [counts("transactions", ago(0)), counts("events", ago(days))]
    found = [*old_feeds(inputs, rules, reading, NOTHING, AS_OF)]
    assert [n.code for n in found] == ["stale-source"] * is_said
    of_suppress = old_feeds(inputs, rules, reading, reading, AS_OF)
    assert [*of_suppress] == []  # there it is an error of its own


# -- feeds that run ahead -------------------------------------------------------------------------


def events_from(first: str) -> Table:
    rows = pl.LazyFrame({"occurred_on": [date.fromisoformat(first)]})
    return Table("events", rows, {"occurred_on": pl.Date()}, (), ())


@pytest.mark.parametrize(
    ("rows", "behind", "is_said"),
    [
        pytest.param(11, 2, False, id="one a day: two are missing"),
        pytest.param(11, 3, True, id="one a day: three are missing"),
        pytest.param(31, 1, True, id="three a day: three are missing"),
        pytest.param(21, 1, False, id="two a day: two are missing"),
        pytest.param(1, 100, False, id="one at all"),
    ],
)
def test_events_lag_when_three_rows_should_have_come(rows: int, behind: int, is_said: bool) -> None:
    inputs = [counts("transactions", ago(0)), counts("events", ago(behind), rows=rows)]
    found = [*feeds_ahead(inputs, events_from(ago(behind + 10)))]
    assert [n.code for n in found] == ["as-of-moved"] * is_said


def test_events_that_are_ahead_are_always_told() -> None:
    inputs = [counts("transactions", ago(1)), counts("events", ago(0), rows=1)]
    [found] = feeds_ahead(inputs, events_from(ago(0)))
    assert found.text.startswith("events run 1 day ahead of transactions")


# -- doors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("silent", "signed"),
    [(0, "90d"), (89, "90d"), (90, "90d"), (91, "120d"), (120, "120d"), (121, "150d")],
)
def test_a_door_is_open_for_whole_months_and_90_days_at_least(silent: int, signed: str) -> None:
    assert quiet("events", 0, silent).quiet_for == signed


# -- through the command --------------------------------------------------------------------------

SALES = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-31,{i}\n" for i in range(1, 11))


def run(segment: Segment, rules: str, sales: str = SALES, **more: str) -> Any:
    tables = {"t.csv": sales, "personas.yaml": f"version: 1\n{rules}\n"}
    return segment("run", "--dry-run", files={**tables, **{f"{n}.csv": t for n, t in more.items()}})


@pytest.mark.parametrize(("tied", "is_said"), [(4, False), (5, True)])
def test_a_percentage_is_told_beyond_twice_its_share(
    segment: Segment, tied: int, is_said: bool
) -> None:
    """20 % of ten are two; customers who spent the same are in together."""
    rows = "".join(f"{i},2026-03-31,{100 if i <= tied else i}\n" for i in range(1, 11))
    rules = "sources: {transactions: t.csv}\npersonas: {p: {match: {monetary: {top_percent: 20}}}}"
    result = run(segment, rules, sales=f"customer_id,ordered_at,amount\n{rows}")
    assert result.exit_code == 0, result.err
    assert ("more than twice its share" in result.err) == is_said


def test_a_percentage_of_other_customers_is_told_as_that(segment: Segment) -> None:
    """The threshold of ten customers, of whom two reach it, over ten who all do."""
    rules = "sources: {transactions: t.csv}\npersonas: {p: {match: {monetary: {top_percent: 20}}}}"
    files = {"t.csv": SALES, "personas.yaml": f"version: 1\n{rules}\n"}
    cuts = segment("run", "--out", "x", files=files).folder / "x/latest/cuts.json"
    more = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-31,9{i}\n" for i in range(10))
    given = segment("run", "-n", "--cuts", cuts, files={"t.csv": more})
    said = "monetary in the top 20 % matches 10 of 10 customers, more than twice its share: "
    assert f"{said}the threshold of --cuts is that of other customers\n" in given.err
    assert "twice its share" not in segment("run", "-n").err


def test_ties_that_a_fit_has_too_are_not_blamed_on_cuts(segment: Segment) -> None:
    rules = "sources: {transactions: t.csv}\npersonas: {p: {match: {monetary: {top_percent: 20}}}}"
    tied = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-31,9.50\n" for i in range(10))
    files = {"t.csv": tied, "personas.yaml": f"version: 1\n{rules}\n"}
    fitted = segment("run", "--out", "x", files=files)
    given = segment("run", "-n", "--cuts", fitted.folder / "x/latest/cuts.json")
    assert "more than twice its share: many have the same value\n" in given.err


@pytest.mark.parametrize(("broken", "others"), [(5, 0), (6, 1), (7, 2)])
def test_of_files_that_stop_a_run_for_the_same_five_are_told(
    segment: Segment, broken: int, others: int
) -> None:
    """A feed in one file per day, of which some have no row that can be used."""
    empty = "customer_id,occurred_at,event\n"
    days = {"e": f"{empty}1,2026-03-30,complaint\n"} | {f"x{i}": empty for i in range(broken)}
    rules = (
        "sources: {transactions: t.csv, events: '[ex]*.csv'}\npersonas: {p: {}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]"
    )
    result = run(segment, rules, **days)
    assert result.exit_code != 0
    told = [line for line in result.err.splitlines() if "no usable row in them" in line]
    assert len(told) == 5
    more = f"the same holds for {others} more file{'s' * (others > 1)}"
    assert (more in result.err) == (others > 0)


@pytest.mark.parametrize(("many", "is_near"), [(200, True), (201, False)])
def test_a_column_of_up_to_200_words_offers_the_nearest(
    segment: Segment, many: int, is_near: bool
) -> None:
    letters = "abcdefghijklmnopqrst"
    words = [f"{a}{b}hats" for a in letters for b in letters][:many]
    rows = "".join(f"{i % 9},2026-03-31,1,{word}\n" * 2 for i, word in enumerate(words))
    rules = (
        "sources: {transactions: t.csv}\n"
        "personas: {p: {match: {did: {event: purchase, where: {department: aahat}}}}}"
    )
    result = run(segment, rules, f"customer_id,ordered_at,amount,department\n{rows}")
    assert 'no line has department "aahat"' in result.err, result.err
    assert ("; nearest: aahats" in result.err) == is_near


@pytest.mark.parametrize(
    ("days", "quiet_for", "code"),
    [
        pytest.param(29, "", 0, id="the first day of the window"),
        pytest.param(30, "", 3, id="the day before the window"),
        pytest.param(90, "90d", 0, id="as long as is signed for"),
        pytest.param(91, "90d", 3, id="a day longer"),
    ],
)
def test_a_feed_that_suppresses_stops_the_run_from_the_day_before_its_window(
    segment: Segment, days: int, quiet_for: str, code: int
) -> None:
    signed = f", quiet_for: {quiet_for}" if quiet_for else ""
    rules = (
        f"sources: {{transactions: t.csv, events: {{path: e.csv, event: complaint{signed}}}}}\n"
        "personas: {p: {}}\nsuppress: [{did: {event: complaint, within: 30d}}]"
    )
    result = run(segment, rules, e=f"customer_id,occurred_at\n1,{ago(days)}\n")
    assert result.exit_code == code, result.err
    assert ("it can suppress nobody" in result.err) == (code == 3)


@pytest.mark.parametrize(("days", "is_said"), [(29, False), (30, True)])
def test_an_event_that_suppresses_went_quiet_from_the_day_before_its_window(
    segment: Segment, days: int, is_said: bool
) -> None:
    rules = (
        "sources: {transactions: t.csv, events: e.csv}\npersonas: {p: {}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]"
    )
    rows = f"1,{ago(days)},complaint\n2,{ago(0)},login\n"
    result = run(segment, rules, e=f"customer_id,occurred_at,event\n{rows}")
    assert ("did the word for it change?" in result.err) == is_said, result.err
