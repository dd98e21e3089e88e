"""Each aggregate of the rule language as parts, and the expression over them that is its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from segmentation.comparing.comparisons import READ_AS
from segmentation.comparing.numerals import as_number
from segmentation.measures.folds import (
    ANY,
    FIRST,
    LARGEST_TEXT,
    LAST,
    MAX,
    MIN,
    SUM,
    SUM_IF_ANY,
    TIME,
    VALUE,
    Fold,
)
from segmentation.measures.grains import (
    COUNT,
    COUNT_ABOVE_ZERO,
    DAYS,
    FIRST_GRAIN,
    LARGEST,
    LARGEST_ABOVE_ZERO,
    MEDIAN_STEP,
    PICK,
    SMALLEST,
    Over,
)
from segmentation.measures.own_numbers import addends, apart, is_added, total
from segmentation.measures.parts import AS_OF, ORDER, Compiled, Part, part_of
from segmentation.measures.rows import Rows
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.catalogue import Kind
from segmentation.rules.kinds import no_numbers
from segmentation.rules.measures import Measure
from segmentation.rules.money import SCALE
from segmentation.sources.columns.numbers import divided

QUANTITY: Final = "quantity"
_HALF: Final = 10**12  # of sums of 1/10,000 x 1/10,000


def aggregates(measure: Measure, rows: Rows) -> Compiled:
    """The parts of a measure. Raises InputError when the table lacks what it reads."""
    return _AGGREGATES[measure.aggregate](measure, rows)


def _any(measure: Measure, rows: Rows) -> Compiled:
    part = part_of(measure, rows, ANY)
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
        return part_of(measure, rows, ANY, grain=ORDER, over=COUNT, whole=whole)
    column = {"items": "quantity", "spend": "amount"}.get(unit)
    if column is None or not rows.is_fixed(column):
        return part_of(measure, rows, SUM, whole=whole)
    if unit == "items" and measure.lines == "returned":  # some files give them a sign, some none
        units = pl.col(column).abs()
        return part_of(measure, rows, SUM, column, value=units, of="units back", whole=whole)
    return part_of(measure, rows, SUM, column, value=pl.col(column), whole=whole)


def _share(measure: Measure, rows: Rows) -> Compiled:
    part = _counted(measure, rows, measure.of)
    whole = _counted(measure, rows, measure.of, whole=True)
    ratio = pl.when(pl.col(whole.key) > 0).then(pl.col(part.key) / pl.col(whole.key))
    return Compiled((part, whole), ratio, "share")


def own_number(column: str, rows: Rows) -> pl.Expr:
    """A column without a meaning of its own, as Float64."""
    return as_number(pl.col(column), rows.kind(column)).cast(pl.Float64, strict=False)


def _number(measure: Measure, rows: Rows) -> pl.Expr:
    """A column to add up: money in 1/10,000, others as Float64.

    Raises InputError where it holds what cannot be read as numbers.
    """
    name = rows.require(str(measure.column))
    kind = rows.kind(name)
    if kind == "money":
        return pl.col(name)
    if READ_AS[kind]["number"] is None:
        what, mend = no_numbers(measure, kind)
        raise InputError(Problem(what, mend=mend))
    return own_number(name, rows)


def _kind_of(measure: Measure, rows: Rows) -> Kind:
    """How the total of a column is held: that of money, except of units, in 1/10,000."""
    name = str(measure.column)
    return "money" if rows.kind(name) == "money" and name != QUANTITY else "number"


def _total(measure: Measure, rows: Rows) -> tuple[tuple[Part, ...], pl.Expr]:
    """The parts of a column's total, and the total: of money in 1/10,000, of others what it is."""
    number, column = _number(measure, rows), str(measure.column)
    if rows.kind(column) == "money":
        part = part_of(measure, rows, SUM, column, value=number)
        return (part,), pl.col(part.key)
    return _total_of_own(measure, rows, number, column)


def _total_of_own(
    measure: Measure, rows: Rows, number: pl.Expr, *columns: str
) -> tuple[tuple[Part, ...], pl.Expr]:
    """The parts of a total of Float64, and the total."""
    found = addends(number)
    parts = tuple(
        part_of(measure, rows, SUM, *columns, value=value, of=of)
        for of, value in (("", found.on_scale), ("large", found.large), ("rest", found.rest))
    )
    return parts, total(*(pl.col(part.key) for part in parts))


def _read_off(value: pl.Expr, column: str, kind: Kind) -> tuple[pl.Expr, Kind]:
    """A value of a row as customers have it: units are numbers, though they are held like money."""
    if (column, kind) == (QUANTITY, "money"):
        return divided(value, SCALE), "number"
    return value, kind


def _sum(measure: Measure, rows: Rows) -> Compiled:
    parts, found = _total(measure, rows)
    column, kind = str(measure.column), _kind_of(measure, rows)
    found = divided(found, SCALE) if column == QUANTITY and rows.is_fixed(column) else found
    if not measure.strict:
        return Compiled(parts, found, kind, empty=0)
    unknown = part_of(measure, rows, ANY, column, value=pl.col(column).is_null(), of="unknown")
    seen = part_of(measure, rows, ANY)
    known = pl.when(pl.col(seen.key) & ~pl.col(unknown.key)).then(found)
    return Compiled((*parts, unknown, seen), known, kind)


def _mean(measure: Measure, rows: Rows) -> Compiled:
    if measure.of == "items" and rows.is_fixed("quantity"):
        return _weighted(measure, rows)
    number, column = _number(measure, rows), str(measure.column)
    parts, found = _total(measure, rows)
    is_money = rows.kind(column) == "money"
    if measure.of == "orders":
        count = _counted(measure, rows, "orders")
    else:
        is_known = number.is_not_null() if is_money else is_added(number)
        known = is_known.cast(pl.Int64)
        count = part_of(measure, rows, SUM, column, value=known, of="known")
    by = pl.col(count.key) * SCALE if is_money else pl.col(count.key)
    mean = pl.when(pl.col(count.key) > 0).then(found / by)
    return Compiled((*parts, count), mean, "number")


def _weighted(measure: Measure, rows: Rows) -> Compiled:
    """The mean of units: each value times its units, nothing of it rounded, by all units."""
    number, column, units = _number(measure, rows), str(measure.column), pl.col(QUANTITY)
    if rows.kind(column) == "money":
        parts, found = _weighted_money(measure, rows, number)
        known = number.is_not_null()
    else:
        times = number * divided(units, SCALE)
        parts, found = _total_of_own(measure, rows, times, column, QUANTITY)
        known = is_added(times)
    of_known = units * known.cast(pl.Int64)
    count = part_of(measure, rows, SUM, column, QUANTITY, value=of_known, of="units")
    mean = pl.when(pl.col(count.key) > 0).then(found / divided(pl.col(count.key), SCALE))
    return Compiled((*parts, count), mean, "number")


def _weighted_money(
    measure: Measure, rows: Rows, number: pl.Expr
) -> tuple[tuple[Part, ...], pl.Expr]:
    """The total of money times units: what fits no 64 bits is added up in two halves."""
    product = number.cast(pl.Int128) * pl.col(QUANTITY).cast(pl.Int128)
    half = pl.lit(_HALF, dtype=pl.Int128)
    halves = {"upper": product // half, "lower": product % half}
    parts = tuple(
        part_of(
            measure, rows, SUM, str(measure.column), QUANTITY, value=value.cast(pl.Int64), of=of
        )
        for of, value in halves.items()
    )
    upper, lower = (pl.col(part.key).cast(pl.Int128) for part in parts)
    return parts, divided(upper * half + lower, SCALE * SCALE)


def _extreme(fold: Fold, over: Over) -> Callable[[Measure, Rows], Compiled]:
    def made(measure: Measure, rows: Rows) -> Compiled:
        column = rows.require(str(measure.column))
        kind = rows.kind(column)
        if measure.of == "orders":
            return _extreme_order(over, measure, rows)
        if kind == "text":
            return _extreme_text(FIRST if fold is MIN else LARGEST_TEXT, measure, rows)
        part = part_of(measure, rows, fold, column, value=pl.col(column), of="as it is")
        return Compiled((part,), *_read_off(pl.col(part.key), column, kind))

    return made


def _extreme_text(fold: Fold, measure: Measure, rows: Rows) -> Compiled:
    """The extreme of a text column: by number where texts hold numbers, else by letters."""
    column = str(measure.column)
    number = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    return _at(fold, number, measure, rows, of="by number")


def _at(
    fold: Fold, time: pl.Expr, measure: Measure, rows: Rows, *also: str, of: str = ""
) -> Compiled:
    """The value of the row that a fold of pairs chooses, among those that have one."""
    column = rows.require(str(measure.column))
    pair = pl.struct(time.alias(TIME), pl.col(column).alias(VALUE))
    known = pl.when(pl.col(column).is_not_null()).then(pair)
    part = part_of(measure, rows, fold, column, *also, value=known, of=of)
    found = pl.col(part.key).struct.field(VALUE)
    return Compiled((part,), *_read_off(found, column, rows.kind(column)))


def _extreme_order(over: Over, measure: Measure, rows: Rows) -> Compiled:
    """The smallest or largest total of an order; orders without a kept row do not count."""
    number, column = _number(measure, rows), str(measure.column)
    is_money = rows.kind(column) == "money"
    value = number if is_money else addends(number).together
    of = "" if is_money else "together"
    part = part_of(measure, rows, SUM_IF_ANY, column, value=value, grain=ORDER, over=over, of=of)
    found = pl.col(part.key)
    if not is_money:
        return Compiled((part,), apart(found), "number")
    return Compiled((part,), *_read_off(found, column, "money"))


def _distinct(measure: Measure, rows: Rows) -> Compiled:
    column = rows.require(str(measure.column))
    if column == "customer_id":
        raise InputError(
            Problem("distinct customer_id is 1 for every customer", mend="Count something else.")
        )
    if rows.name == "transactions" and measure.lines == "bought":  # bought lines sum to above zero
        part = _spend_within(measure, rows, COUNT_ABOVE_ZERO)
    else:
        part = part_of(measure, rows, ANY, grain=column, over=COUNT)
    return Compiled((part,), pl.col(part.key), "number", empty=0)


def _at_end(fold: Fold) -> Callable[[Measure, Rows], Compiled]:
    """The value at the earliest or latest row that has one; ties go to the first by value."""

    def made(measure: Measure, rows: Rows) -> Compiled:
        return _at(fold, pl.col(rows.instant), measure, rows, rows.time)

    return made


def _days_since(measure: Measure, rows: Rows) -> Compiled:
    part = part_of(measure, rows, MAX, rows.day, value=pl.col(rows.day), of="as it is")
    return Compiled((part,), (pl.col(AS_OF) - pl.col(part.key)).dt.total_days(), "number")


def _top(measure: Measure, rows: Rows) -> Compiled:
    part = _spend_within(measure, rows, PICK)
    return Compiled((part,), pl.col(part.key), "text")


def _top_share(measure: Measure, rows: Rows) -> Compiled:
    part = _spend_within(measure, rows, LARGEST_ABOVE_ZERO)
    whole = _counted(measure, rows, "spend", whole=True)
    ratio = pl.when(pl.col(whole.key) > 0).then(pl.col(part.key) / pl.col(whole.key))
    return Compiled((part, whole), ratio, "share")


def _spend_within(measure: Measure, rows: Rows, over: Over) -> Part:
    column = rows.require(str(measure.column))
    spend = pl.col("amount")
    return part_of(measure, rows, SUM, "amount", value=spend, grain=column, over=over)


def _by_day(over: Over) -> Callable[[Measure, Rows], Part]:
    def made(measure: Measure, rows: Rows) -> Part:
        return part_of(measure, rows, ANY, grain=rows.day, over=over)

    return made


def _median_gap(measure: Measure, rows: Rows) -> Compiled:
    part = _by_day(MEDIAN_STEP)(measure, rows)
    return Compiled((part,), pl.col(part.key), "number")


def _order_days(measure: Measure, rows: Rows) -> Compiled:
    """How many days have a kept row."""
    part = _by_day(COUNT)(measure, rows)
    return Compiled((part,), pl.col(part.key), "number", empty=0)


def _day_list(measure: Measure, rows: Rows) -> Compiled:
    """The days that have a kept row, ascending, as one list; missing without any."""
    part = _by_day(DAYS)(measure, rows)
    return Compiled((part,), pl.col(part.key), "number")


def _first_day(measure: Measure, rows: Rows) -> Compiled:
    """The money of the first day that has a kept row."""
    column = str(measure.column)
    number, over = _number(measure, rows), FIRST_GRAIN
    part = part_of(measure, rows, SUM_IF_ANY, column, value=number, grain=rows.day, over=over)
    return Compiled((part,), pl.col(part.key), "money")


_AGGREGATES: Final[dict[str, Callable[[Measure, Rows], Compiled]]] = {
    "any": _any,
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "min": _extreme(MIN, SMALLEST),
    "max": _extreme(MAX, LARGEST),
    "distinct": _distinct,
    "first": _at_end(FIRST),
    "last": _at_end(LAST),
    "share": _share,
    "days_since": _days_since,
    "top": _top,
    "top_share": _top_share,
    "median_gap": _median_gap,
    "order_days": _order_days,
    "day_list": _day_list,
    "first_day": _first_day,
}
