"""How large personas and labels were at one date after another, from one pass over the files.

Each date is what a run of that day gives with what is known now: late rows are there, and the
columns of customers are those of today. Nothing is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from segmentation.audiences.allocate import Audience, allocate
from segmentation.audiences.cells import cells
from segmentation.dataclass import dataclass
from segmentation.measures.money_totals import summed, total
from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, judged, notice
from segmentation.rules.money import SCALE, ratio
from segmentation.scan.described import Clock, Described, Progress, described_at
from segmentation.scan.prepare import Prepared, Request, opened, prepare
from segmentation.sources import refuse_changed
from segmentation.studies.concentration import MOST, Concentration, concentration
from segmentation.studies.of_files import refuse_broken, said_of_days, said_of_files
from segmentation.studies.period_ends import Ends

SPEND: Final = "monetary"
MONEY_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True)
class AudienceSize:
    """One audience at a date; the last three are of the exported, shares (0-1) of the base."""

    name: str
    persona: str
    matched: int
    suppressed: int
    outranked: int
    capped: int
    control: int
    exported: int
    spend: float
    share_of_customers: float | None
    share_of_spend: float | None


@dataclass(frozen=True)
class LabelSize:
    """The customers of one label at a date, shares (0-1) of the base; `label` is null for who has none."""

    dimension: str
    label: str | None
    customers: int
    spend: float
    share_of_customers: float | None
    share_of_spend: float | None


@dataclass(frozen=True)
class HistoryDate:
    """The base at one date; where nobody had ordered yet there are no audiences and no labels.

    `spend` is net spend so far, in currency units.
    """

    as_of: date
    ends_period: bool
    customers: int
    spend: float
    concentration: Concentration
    audiences: tuple[AudienceSize, ...]
    labels: tuple[LabelSize, ...]


@dataclass(frozen=True)
class History:
    """What `segment history` says: the dates, the latest one last."""

    every: str
    as_of: date
    dates: tuple[HistoryDate, ...]
    notices: tuple[Notice, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Everything as --csv writes it: one row for each date and thing that is counted."""
        return [row for one in self.dates for row in _csv_rows(one)]


def history(request: Request, ends: Ends, progress: Progress = lambda step: None) -> History:
    """The rules of the request at these dates. Raises any SegmentationError."""
    clock, dates, last = Clock(progress), list[HistoryDate](), None
    of_models: dict[str, list[date]] = {}
    with clock.step("read"):
        prepared = prepare(request)
    for as_of, found in described_at(prepared, ends, refuse_broken, clock=clock):
        with clock.step("match"):
            dates.append(_date(as_of, ends, found))
        for text in () if found is None else found.cuts.notes():
            of_models.setdefault(text, []).append(as_of)
        last = found
    assert last is not None, "measuring refuses a last day without a base"
    measured = last.measured
    refuse_changed(opened(measured.tables))
    said = (
        *_of_rules(measured.prepared),
        *said_of_days(measured),
        *said_of_files(measured),
        *_of_models(of_models),
    )
    kept = judged(said, request.rules.notices, strict=request.strict)
    return History(ends.every, measured.as_of, tuple(dates), kept)


def _of_rules(prepared: Prepared) -> Iterator[Notice]:
    """What could not be computed, and what is of now at every date."""
    yield from prepared.possible.warnings
    if prepared.attributes:
        text = (
            f"columns of customers are taken as they are now, at every date: "
            f"{listed(prepared.attributes)}"
        )
        yield notice("known-now", text)


def _of_models(notes: Mapping[str, Sequence[date]]) -> Iterator[Notice]:
    """What models say of their fit, and at which dates: one that is doubted at one may do at another."""
    for text, dates in notes.items():
        yield notice("model-fit", f"{text} (at {listed([str(one) for one in dates])})")


def _date(as_of: date, ends: Ends, found: Described[None] | None) -> HistoryDate:
    if found is None:
        nothing = concentration(pl.Series(dtype=pl.Int64))
        return HistoryDate(as_of, ends.is_end(as_of), 0, 0.0, nothing, (), ())
    spent = found.customers[SPEND]
    spend = total(spent)
    return HistoryDate(
        as_of,
        ends.is_end(as_of),
        found.customers.height,
        spend / SCALE,
        concentration(spent),
        tuple(_audiences(found, spend)),
        tuple(_labels(found, spend)),
    )


# -- audiences ------------------------------------------------------------------------------------


def _audiences(found: Described[None], spend: int) -> Iterator[AudienceSize]:
    prepared, customers = found.prepared, found.customers
    rules, asked = prepared.request.rules, prepared.request.personas
    personas = [p for p in prepared.possible.personas if p.name in prepared.names]
    wanted = cells(rules, personas, found.cuts, customers)
    allocation = allocate(customers, wanted, rules.waterfall, found.suppressors)
    for one in allocation.audiences:
        if not asked or one.cell.persona.name in asked:
            yield _audience(one, customers[SPEND], spend)


def _audience(one: Audience, spent: pl.Series, spend: int) -> AudienceSize:
    money = total(spent.filter(one.exported))
    return AudienceSize(
        name=one.name,
        persona=one.cell.persona.name,
        matched=one.matched,
        **one.fates,
        spend=money / SCALE,
        share_of_customers=ratio(one.fates["exported"], len(spent)),
        share_of_spend=ratio(money, spend),
    )


# -- labels ---------------------------------------------------------------------------------------


def _labels(found: Described[None], spend: int) -> Iterator[LabelSize]:
    """Every label of the dimensions that are asked for, and those who have none."""
    request = found.prepared.request
    for name, dimension in request.rules.dimensions.items():
        if name in request.only and name in found.prepared.names:
            sizes = _by_label(found.customers, name)
            lacking = [None] if None in sizes else []
            for label in (*dimension.labels, *lacking):
                customers, money = sizes.get(label, (0, 0))
                yield LabelSize(
                    name,
                    label,
                    customers,
                    money / SCALE,
                    ratio(customers, found.customers.height),
                    ratio(money, spend),
                )


def _by_label(customers: pl.DataFrame, dimension: str) -> Mapping[str | None, tuple[int, int]]:
    """How many customers a label has, and their spend."""
    sizes = customers.lazy().group_by(dimension).agg(pl.len(), summed(SPEND)).collect()
    return {label: (number, int(money)) for label, number, money in sizes.iter_rows()}


# -- as rows --------------------------------------------------------------------------------------


def _csv_rows(one: HistoryDate) -> Iterator[dict[str, Any]]:
    base = _csv_row(one, "base", customers=one.customers, spend=one.spend)
    yield base
    for audience in one.audiences:
        yield _csv_row(one, "audience", **{**asdict(audience), "customers": audience.exported})
    for size in one.labels:
        yield _csv_row(one, "dimension", **{**asdict(size), "name": size.dimension})
    yield from _csv_concentration(one)


def _csv_concentration(one: HistoryDate) -> Iterator[dict[str, Any]]:
    for share, part in one.concentration.top.items():
        name = f"top {float(share) * 100:g} %"
        yield _csv_row(
            one,
            "concentration",
            name=name,
            share_of_customers=float(share),
            share_of_spend=part,
        )
    yield _csv_row(
        one,
        "concentration",
        name=f"{MOST * 100:g} % of spend",
        customers=one.concentration.customers_for_80,
        share_of_customers=one.concentration.share_for_80,
        share_of_spend=MOST,
    )


#: the columns of the file, after the date and what the row is of
_COLUMNS: Final = (
    "name",
    "label",
    "customers",
    "spend",
    "share_of_customers",
    "share_of_spend",
    "matched",
    "suppressed",
    "outranked",
    "capped",
    "control",
)


def _csv_row(one: HistoryDate, of: str, **values: Any) -> dict[str, Any]:
    head = {"as_of": one.as_of, "ends_period": one.ends_period, "of": of}
    if "spend" in values:
        values["spend"] = Decimal(str(values["spend"])).quantize(MONEY_PLACES)
    return head | {name: values.get(name) for name in _COLUMNS}
