"""Each aggregate of the rule language as parts, and the expression over them that is its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from segmentation.measures.comparisons import READ_AS
from segmentation.measures.numerals import as_number
from segmentation.measures.partials import AS_OF, ORDER, Agg, Compiled, Part, part_of
from segmentation.measures.rows import Rows
from segmentation.measures.speed.packing import earliest, total_of_earliest
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.catalogue import Kind
from segmentation.rules.kinds import no_numbers
from segmentation.rules.measures import Measure
from segmentation.rules.money import SCALE
from segmentation.sources.columns.numbers import divided, half_away

#: columns whose sums are checked to fit (`totals`), or that come of such
CHECKED: Final = frozenset({"amount", "margin"})
QUANTITY: Final = "quantity"


def aggregates(measure: Measure, rows: Rows) -> Compiled:
    """The parts of a measure. Raises InputError when the table lacks what it reads."""
    return _AGGREGATES[measure.aggregate](measure, rows)


def _any(measure: Measure, rows: Rows) -> Compiled:
    part = part_of(measure, rows, "any", pl.Expr.any)
    return Compiled((part,), pl.col(part.key), "flag", empty=False)


def _count(measure: Measure, rows: Rows) -> Compiled:
    unit = "orders" if rows.name == "transactions" and measure.of == "events" else measure.of
    part = _counted(measure, rows, unit)
    scaled = unit == "items" and rows.is_fixed("quantity")
    finish = divided(pl.col(part.key), SCALE) if scaled else pl.col(part.key)
    return Compiled((part,), finish, "number", empty=0)


def _counted(measure: Measure, rows: Rows, unit: str, *, whole: bool = False) -> Part:
    """How many orders, items (in 1/10,000), lines or events, or how much spend."""
    if unit == "orders":
        return part_of(
            measure, rows, "orders", pl.Expr.any, grain=ORDER, outer=pl.Expr.sum, whole=whole
        )
    column = {"items": "quantity", "spend": "amount"}.get(unit)
    if column is None or not rows.is_fixed(column):
        return part_of(measure, rows, "rows", pl.Expr.sum, whole=whole)
    if unit == "items" and measure.lines == "returned":  # some files give them a sign, some none
        units = pl.col(column).abs()
        return part_of(measure, rows, "units back", pl.Expr.sum, column, value=units, whole=whole)
    return part_of(measure, rows, "sum", pl.Expr.sum, column, value=pl.col(column), whole=whole)


def _share(measure: Measure, rows: Rows) -> Compiled:
    part = _counted(measure, rows, measure.of)
    whole = _counted(measure, rows, measure.of, whole=True)
    ratio = pl.when(pl.col(whole.key) > 0).then(pl.col(part.key) / pl.col(whole.key))
    return Compiled((part, whole), ratio, "share")


def _number(measure: Measure, rows: Rows) -> tuple[pl.Expr, Kind]:
    """A column to add up: exact integers of 1/10,000, whatever the file holds.

    Raises InputError where it holds what cannot be read as numbers.
    """
    name = rows.require(str(measure.column))
    kind = rows.kind(name)
    if kind == "money":
        return pl.col(name), "number" if name == QUANTITY else "money"
    if READ_AS[kind]["number"] is None:
        what, mend = no_numbers(measure, kind)
        raise InputError(Problem(what, mend=mend))
    number = as_number(pl.col(name), kind).cast(pl.Float64, strict=False)
    return half_away(number, SCALE).cast(pl.Int64, strict=False), "number"


def _as_kind(total: pl.Expr, kind: Kind) -> pl.Expr:
    """A total of 1/10,000 as customers have it: money is held like that, other numbers are not."""
    return total if kind == "money" else divided(total, SCALE)


def _read_off(value: pl.Expr, column: str, kind: Kind) -> tuple[pl.Expr, Kind]:
    """A value of a row as customers have it: units are numbers, though they are held like money."""
    if (column, kind) == (QUANTITY, "money"):
        return divided(value, SCALE), "number"
    return value, kind


def _sum(measure: Measure, rows: Rows) -> Compiled:
    number, kind = _number(measure, rows)
    column = str(measure.column)
    if column not in CHECKED:  # any number may stand there, so its sum may be beyond 64 bits
        number = number.cast(pl.Int128)
    part = part_of(measure, rows, "sum", pl.Expr.sum, column, value=number)
    finish = pl.col(part.key)
    parts = [part]
    if measure.strict:
        unknown = part_of(
            measure, rows, "unknown", pl.Expr.any, column, value=pl.col(column).is_null()
        )
        parts.append(unknown)
        finish = pl.when(~pl.col(unknown.key)).then(finish)
    empty = None if measure.strict else 0
    return Compiled(tuple(parts), _as_kind(finish, kind), kind, empty=empty)


def _mean(measure: Measure, rows: Rows) -> Compiled:
    number, _ = _number(measure, rows)
    column = str(measure.column)
    known = number.is_not_null().cast(pl.Int64)
    if measure.of == "orders":
        total = part_of(measure, rows, "sum", pl.Expr.sum, column, value=number)
        count = _counted(measure, rows, "orders")
    elif measure.of == "items" and rows.is_fixed("quantity"):
        weighted = half_away(divided(number.cast(pl.Float64) * pl.col("quantity"), SCALE))
        weighted = weighted.cast(pl.Int64, strict=False)
        total = part_of(measure, rows, "weighted", pl.Expr.sum, column, "quantity", value=weighted)
        units = pl.col("quantity") * known
        count = part_of(measure, rows, "units", pl.Expr.sum, column, "quantity", value=units)
        mean = pl.when(pl.col(count.key) > 0).then(pl.col(total.key) / pl.col(count.key))
        return Compiled((total, count), mean, "number")
    else:
        total = part_of(measure, rows, "sum", pl.Expr.sum, column, value=number)
        count = part_of(measure, rows, "known", pl.Expr.sum, column, value=known)
    mean = pl.when(pl.col(count.key) > 0).then(pl.col(total.key) / (pl.col(count.key) * SCALE))
    return Compiled((total, count), mean, "number")


def _extreme(name: str, inner: Agg) -> Callable[[Measure, Rows], Compiled]:
    def made(measure: Measure, rows: Rows) -> Compiled:
        column = rows.require(str(measure.column))
        kind = rows.kind(column)
        if measure.of == "orders":
            return _extreme_order(name, inner, measure, rows)
        if kind == "text":
            return _extreme_text(name, measure, rows)
        part = part_of(measure, rows, name, inner, column, value=pl.col(column))
        return Compiled((part,), *_read_off(pl.col(part.key), column, kind))

    return made


def _extreme_text(name: str, measure: Measure, rows: Rows) -> Compiled:
    """The extreme of a text column: by number where texts hold numbers, else by letters."""
    column, is_max = str(measure.column), name == "max"
    number = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    pair = pl.struct(_time=number, _value=pl.col(column))
    known = pl.when(pl.col(column).is_not_null()).then(pair)
    part = part_of(
        measure, rows, name, lambda v: _end(v, last=is_max, ties_last=is_max), column, value=known
    )
    return Compiled((part,), pl.col(part.key), "text")


def _extreme_order(name: str, inner: Agg, measure: Measure, rows: Rows) -> Compiled:
    """The smallest or largest total of an order; orders without a kept row do not count."""
    number, kind = _number(measure, rows)
    column = str(measure.column)
    part = part_of(
        measure,
        rows,
        f"{name} order",
        _sum_or_missing,
        column,
        value=number,
        grain=ORDER,
        outer=inner,
    )
    return Compiled((part,), _as_kind(pl.col(part.key), kind), kind)


def _sum_or_missing(values: pl.Expr) -> pl.Expr:
    return pl.when(values.count() > 0).then(values.sum())


def _distinct(measure: Measure, rows: Rows) -> Compiled:
    column = rows.require(str(measure.column))
    if column == "customer_id":
        raise InputError(
            Problem("distinct customer_id is 1 for every customer", mend="Count something else.")
        )
    if rows.name == "transactions" and measure.lines == "bought":  # bought lines sum to above zero
        part = _spend_within(measure, rows, column, lambda s: _named(s > 0, column), "distinct")
    else:
        part = part_of(
            measure,
            rows,
            "distinct",
            pl.Expr.any,
            grain=column,
            outer=lambda kept: _named(kept, column),
        )
    return Compiled((part,), pl.col(part.key), "number", empty=0)


def _named(kept: pl.Expr, grain: str) -> pl.Expr:
    """How many grains that are kept have a name."""
    return (kept & pl.col(grain).is_not_null()).sum()


def _at_end(*, last: bool) -> Callable[[Measure, Rows], Compiled]:
    """The value at the earliest or latest row that has one; ties go to the first by value."""

    def made(measure: Measure, rows: Rows) -> Compiled:
        column = rows.require(str(measure.column))
        pair = pl.struct(_time=pl.col(rows.time), _value=pl.col(column))
        known = pl.when(pl.col(column).is_not_null()).then(pair)
        part = part_of(
            measure,
            rows,
            f"{'last' if last else 'first'}",
            lambda v: _end(v, last=last),
            column,
            rows.time,
            value=known,
        )
        kind = rows.kind(column)
        return Compiled((part,), *_read_off(pl.col(part.key), column, kind))

    return made


def _end(pairs: pl.Expr, *, last: bool, ties_last: bool = False) -> pl.Expr:
    kept = pairs.drop_nulls()
    time, value = kept.struct.field("_time"), kept.struct.field("_value")
    return value.sort_by([time, value], descending=[last, ties_last], nulls_last=True).first()


def _days_since(measure: Measure, rows: Rows) -> Compiled:
    part = part_of(measure, rows, "latest", pl.Expr.max, rows.day, value=pl.col(rows.day))
    return Compiled((part,), (pl.col(AS_OF) - pl.col(part.key)).dt.total_days(), "number")


def _top(measure: Measure, rows: Rows) -> Compiled:
    column = rows.require(str(measure.column))
    part = _spend_within(measure, rows, column, lambda s: _largest(s, column), "top", picks=True)
    return Compiled((part,), pl.col(part.key), "text")


def _top_share(measure: Measure, rows: Rows) -> Compiled:
    column = rows.require(str(measure.column))
    part = _spend_within(measure, rows, column, lambda s: _largest(s, column), "top spend")
    whole = _counted(measure, rows, "spend", whole=True)
    ratio = pl.when(pl.col(whole.key) > 0).then(pl.col(part.key) / pl.col(whole.key))
    return Compiled((part, whole), ratio, "share")


def _spend_within(
    measure: Measure, rows: Rows, column: str, outer: Agg, name: str, *, picks: bool = False
) -> Part:
    return part_of(
        measure,
        rows,
        name,
        pl.Expr.sum,
        "amount",
        value=pl.col("amount"),
        grain=column,
        outer=outer,
        picks=picks,
        inner_name="sum",
    )


def _largest(spend: pl.Expr, grain: str) -> pl.Expr:
    """The largest spend above zero of a grain that has a name."""
    return pl.when((spend > 0) & pl.col(grain).is_not_null()).then(spend).max()


def _median_gap(measure: Measure, rows: Rows) -> Compiled:
    part = part_of(
        measure,
        rows,
        "median gap",
        pl.Expr.any,
        grain=rows.day,
        outer=lambda kept: _median_step(pl.col(rows.day).filter(kept)),
    )
    return Compiled((part,), pl.col(part.key), "number")


def _median_step(days: pl.Expr) -> pl.Expr:
    return days.cast(pl.Int32).sort().diff().median()


def _order_days(measure: Measure, rows: Rows) -> Compiled:
    """How many days have a kept row."""
    part = part_of(measure, rows, "days", pl.Expr.any, grain=rows.day, outer=pl.Expr.sum)
    return Compiled((part,), pl.col(part.key).cast(pl.Int64), "number", empty=0)


def _day_list(measure: Measure, rows: Rows) -> Compiled:
    """The days that have a kept row, ascending, as one list; missing without any."""
    part = part_of(
        measure,
        rows,
        "day list",
        pl.Expr.any,
        grain=rows.day,
        outer=lambda kept: pl.col(rows.day).filter(kept).implode(),
    )
    days = pl.col(part.key).list.sort()
    return Compiled((part,), pl.when(days.list.len() > 0).then(days), "number")


def _first_day(measure: Measure, rows: Rows) -> Compiled:
    """The total of the first day that has a kept row."""
    number, kind = _number(measure, rows)
    part = part_of(
        measure,
        rows,
        "first day",
        _sum_or_missing,
        str(measure.column),
        value=number,
        grain=rows.day,
        outer=lambda total: earliest(pl.col(rows.day), total),
    )
    return Compiled((part,), _as_kind(total_of_earliest(part.key), kind), kind)


_AGGREGATES: Final[dict[str, Callable[[Measure, Rows], Compiled]]] = {
    "any": _any,
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "min": _extreme("min", pl.Expr.min),
    "max": _extreme("max", pl.Expr.max),
    "distinct": _distinct,
    "first": _at_end(last=False),
    "last": _at_end(last=True),
    "share": _share,
    "days_since": _days_since,
    "top": _top,
    "top_share": _top_share,
    "median_gap": _median_gap,
    "order_days": _order_days,
    "day_list": _day_list,
    "first_day": _first_day,
}
