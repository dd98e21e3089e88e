"""What must hold for all transactions: no split and no order changes a value, and money is exact."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from segmentation.audiences.allocate import allocate
from segmentation.audiences.cells import cells
from segmentation.customers.cuts import listings
from segmentation.customers.describe import describe, fit_cuts
from segmentation.pipeline.compute import compute
from segmentation.pipeline.job import run
from segmentation.publish.outcome import Outcome
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.yaml import loads
from segmentation.scan.measuring import measure
from segmentation.scan.prepare import Request, prepare, suppress_nodes

TODAY = date(2026, 1, 1)
AS_OF = date(2024, 4, 30)
RULES = """\
version: 1
base: <base>
notices: {ids-in-two-ways: warn}
sources:
  transactions: {path: "<folder>/*.csv", columns: {amount: amount}}
features:
  shoe_orders: {count: orders, where: {department: Shoes}}
  recent_items: {count: items, within: 30d}
  biggest_order: {max: amount, of: orders}
  usual_order: {mean: amount, of: orders}
  first_department: {first: department}
  last_amount: {last: amount}
  channels: {distinct: channel}
  web_share: {share: lines, where: {channel: web}}
  returned: {sum: amount, lines: returned}
dimensions:
  activity:
    - fresh: {recency_days: {at_most: 30}}
    - stale: {recency_days: {at_most: 90}}
    - gone: otherwise
  worth:
    - top: {monetary: {top_percent: 25}}
    - mid: {monetary: {top_percent: 60, among: {frequency: {at_least: 1}}}}
    - low: otherwise
  cell:
    grid: [activity, worth]
    columns: [top, mid, low]
    rows: {fresh: [a, b, c], stale: [d, e, f], gone: [g, h, i]}
personas:
  best: {match: {r_score: {at_least: 3}, m_score: {at_least: 3}}}
  top: {match: {worth: top}}
  shoes: {match: {department_share.Shoes: {at_least: 0.5}}}
  odd: {match: {any: [{typical_gap_days: {more_than: 7}}, {not: {persona: best}}]}}
  by: {for_each: top_department}
suppress: [{cell: [i]}]
waterfall: [top, best]
columns: [typical_gap_days, return_share, rfm]
"""
IDS = ("1", "2", "3", "10", "007", "7", "a", "Ä b", "30")
HEADER = ("customer_id", "order_id", "ordered_at", "department", "channel", "quantity", "amount")


class Line(NamedTuple):
    customer_id: str
    order_id: str
    ordered_at: str
    department: str
    channel: str
    quantity: str
    amount: str


def amounts() -> st.SearchStrategy[str]:
    exact = st.integers(-(10**9), 10**9).map(lambda n: str(Decimal(n).scaleb(-4)))
    return st.one_of(st.sampled_from(["10", "10.10", "0.1", "0", "-10.10", "33.3333"]), exact)


def lines() -> st.SearchStrategy[list[Line]]:
    """Few customers, days and departments, so that ties and repeats are common."""
    moments = st.integers(0, 120 * 48).map(
        lambda halves: (
            datetime.fromisoformat("2024-01-01") + timedelta(minutes=30 * halves)
        ).isoformat()
    )
    line = st.builds(
        Line,
        st.sampled_from(IDS),
        st.sampled_from(["", "1", "2", "3", "X4", "2024-01-01"]),
        moments,
        st.sampled_from(["", "Shoes", "Hats", 'a/b & "c"', "日本", "Zoo", "zoo"]),
        st.sampled_from(["", "web", "shop"]),
        st.sampled_from(["1", "2", "0.5", "0", "-1", ""]),
        amounts(),
    )
    anchor = Line("3", "1", "2024-03-01T00:00:00", "Shoes", "web", "1", "10")  # there is a buyer
    return st.lists(line, min_size=0, max_size=40).map(lambda found: [anchor, *found])


def table(rows: Sequence[Line]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADER, *rows])
    return text.getvalue()


@contextmanager
def stored(*files: Sequence[Line], base: str = "buyers") -> Iterator[Rules]:
    """Rules over the rows in as many CSV files as there are lists."""
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(files):
            Path(folder, f"{number}.csv").write_text(table(rows))
        text = RULES.replace("<folder>", folder).replace("<base>", base)
        yield parse_rules(loads(text, "personas.yaml"))


def outcome(*files: Sequence[Line]) -> Outcome:
    with stored(*files) as rules:
        return compute(Request(rules, TODAY, AS_OF))


def same(one: Outcome, other: Outcome) -> None:
    assert_frame_equal(one.customers, other.customers, check_exact=True)
    assert one.cuts == other.cuts
    assert [a.name for a in one.audiences] == [a.name for a in other.audiences]
    for mine, theirs in zip(one.audiences, other.audiences, strict=True):
        assert mine.exported.to_list() == theirs.exported.to_list()
    assert one.left_out == other.left_out


few = drawn(15)


@pytest.mark.deep
@few
@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Line], random: st.Random) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)
    same(outcome(rows), outcome(shuffled))


@pytest.mark.deep
@few
@given(lines(), st.lists(st.integers(0, 3), min_size=41, max_size=41))
def test_splitting_files_anywhere_changes_nothing(rows: list[Line], where: list[int]) -> None:
    parts = [[row for row, part in zip(rows, where, strict=False) if part == n] for n in range(4)]
    same(outcome(rows), outcome(*(p for p in parts if p)))


@pytest.mark.deep
@few
@given(lines(), st.sets(st.sampled_from(IDS)))
def test_splitting_customers_changes_no_measure(rows: list[Line], chosen: set[str]) -> None:
    parts = [
        [row for row in rows if (row.customer_id in chosen) is inside] for inside in (True, False)
    ]
    measured = []
    for part in (rows, *(p for p in parts if p)):
        with stored(part, base="everyone") as rules:
            measured.append(measure(prepare(Request(rules, TODAY, AS_OF))).customers)
    whole, *pieces = measured
    joined = pl.concat(pieces, how="vertical").sort("customer_id")
    assert_frame_equal(joined, whole, check_exact=True)


@few
@given(lines(), st.lists(st.booleans(), min_size=9, max_size=9))
def test_a_slice_described_and_matched_is_the_slice_of_the_whole(
    rows: list[Line], picked: list[bool]
) -> None:
    with stored(rows) as rules:
        prepared = prepare(Request(rules, TODAY, AS_OF))
        measured = measure(prepared)
        nodes = [n for n in map(prepared.book.node, prepared.names) if n]
        suppress = suppress_nodes(prepared)
        nodes += suppress.values()
        personas = prepared.possible.personas
        values = listings(rules, personas)
        cuts = fit_cuts(prepared.book, nodes, measured.customers, AS_OF, values=values)
        mask = pl.Series(picked[: measured.customers.height])
        whole = describe(prepared.book, nodes, measured.customers, cuts)
        piece = describe(prepared.book, nodes, measured.customers.filter(mask), cuts)
        assert_frame_equal(piece, whole.filter(mask), check_exact=True)
        wanted = cells(rules, personas, cuts)
        suppressors = {label: n.name for label, n in suppress.items()}
        all_of_them = allocate(whole, wanted, rules.waterfall, suppressors)
        few_of_them = allocate(piece, wanted, rules.waterfall, suppressors)
        ids = whole.filter(mask)["customer_id"].to_list()
        kept = all_of_them.matches.filter(pl.col("customer_id").is_in(ids))
        assert_frame_equal(few_of_them.matches, kept)
        assert few_of_them.winners.to_list() == all_of_them.winners.filter(mask).to_list()
        for one, few in zip(all_of_them.audiences, few_of_them.audiences, strict=True):
            assert few.exported.to_list() == one.exported.filter(mask).to_list()


@few
@given(lines())
def test_every_customer_has_exactly_one_label_of_each_dimension(rows: list[Line]) -> None:
    found = outcome(rows)
    for name, dimension in found.request.rules.dimensions.items():
        assert set(found.customers[name]) <= set(dimension.labels)
    assert found.customers["customer_id"].is_unique().all()


@few
@given(lines())
def test_matched_is_suppressed_outranked_and_exported(rows: list[Line]) -> None:
    found = outcome(rows)
    for audience in found.audiences:
        assert (
            audience.matched
            == audience.suppressed + audience.fates["outranked"] + audience.exported.sum()
        )
    exclusive = [a.exported for a in found.audiences if a.name in found.request.rules.waterfall]
    assert all(a + b <= 1 for a, b in zip(*exclusive, strict=True))


@few
@given(lines())
def test_money_is_what_decimals_add_up_to(rows: list[Line]) -> None:
    exact: dict[str, Decimal] = {}
    for row in rows:
        exact[row.customer_id] = exact.get(row.customer_id, Decimal(0)) + Decimal(row.amount)
    found = outcome(rows).customers.select("customer_id", "monetary")
    for customer, monetary in found.iter_rows():
        assert Decimal(monetary).scaleb(-4) == exact[customer]


# -- bytes -----------------------------------------------------------------------------------------


def published(rules: Rules, out: Path, started_at: datetime) -> dict[str, bytes]:
    """Every file of a run by name; of the manifest all but the times."""
    run(rules, today=TODAY, as_of=AS_OF, out=out, form="csv", started_at=started_at)
    files = {
        str(p.relative_to(out)): p.read_bytes() for p in (out / "latest").rglob("*") if p.is_file()
    }
    manifest = json.loads(files.pop("latest/manifest.json"))
    assert {"started_at", "duration_seconds"} <= manifest.keys()
    kept = {k: v for k, v in manifest.items() if k not in ("started_at", "duration_seconds")}
    return {**files, "manifest": json.dumps(kept).encode()}


@drawn(5)
@given(lines())
def test_two_runs_write_the_same_bytes(rows: list[Line]) -> None:
    with stored(rows) as rules, tempfile.TemporaryDirectory() as out:
        first = published(rules, Path(out, "a"), datetime(2026, 1, 1, tzinfo=UTC))
        second = published(rules, Path(out, "b"), datetime(2026, 1, 2, tzinfo=UTC))
    assert first.keys() >= {"latest/customers.parquet", "latest/cuts.json", "latest/rejects.csv"}
    assert first == second


@pytest.mark.deep
@pytest.mark.sampled
@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_two_runs_over_the_sample_data_write_the_same_bytes(
    segment: Segment, sample: Path, form: str
) -> None:
    found = []
    for out in ("a", "b"):
        result = segment("run", "--out", out, "--format", form)  # type: ignore[operator]
        assert result.exit_code == 0, result.err
        files = sorted(p for p in (sample / out / "latest").rglob("*") if p.is_file())
        found.append({p.name: p.read_bytes() for p in files if p.name != "manifest.json"})
    assert found[0] == found[1]
    assert len(found[0]) > 5
