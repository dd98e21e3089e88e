"""Files beside a table that have what it lacks: lines, orders and customers apart, as databases give them.

Asked only where a table cannot be read alone. What meets it by a column is joined and tried: one row
for each key, at least half of the rows with a partner, and columns that were lacking. A key of the order
may bring anything; what another key brings is true of somebody, not of an order: only who bought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, cached_property, partial
from typing import Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import SegmentationError, listed
from segmentation.rules.sources import Join, Source
from segmentation.sources.columns.advice import Elsewhere
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.candidates import candidates, tells_somebody
from segmentation.sources.columns.contents import contents_of
from segmentation.sources.columns.mapped import Order, mapped
from segmentation.sources.columns.mapping import ColumnsMissing
from segmentation.sources.columns.proposals import proposal
from segmentation.sources.csv.reader import CsvTable
from segmentation.sources.joined import with_joined
from segmentation.sources.lookups import Lookup, lookup_of
from segmentation.sources.neighbours import files_beside, keys_between, opened_beside, source_beside
from segmentation.sources.read import opened
from segmentation.sources.reader import PARTNER, RawTable

_MOST_JOINS: Final = 3
_FEWEST_MET: Final = 0.5
"""The part of the rows that must have a partner."""


@dataclass(frozen=True)
class Beside:
    """What is joined to a table, in this order, and what it lacks even so.

    `met` are the rows that have a partner in all of it, of `rows`.
    """

    joins: tuple[Join, ...]
    raw: RawTable
    lacking: tuple[str, ...]
    met: int
    rows: int
    columns: Mapping[str, str] = field(default_factory=dict)
    """Who bought, where the column that is called so is another for every order."""


@dataclass(frozen=True)
class _Table:
    """A table that lacks columns, and what is tried with it."""

    missing: ColumnsMissing
    source: Source
    raw: RawTable
    order: Order

    @cached_property
    def _opened(self) -> Callable[[str], Sequence[RawTable]]:
        return cache(partial(opened_beside, self.source))

    def others(self) -> Iterator[tuple[str, RawTable]]:
        """The other files of its folder with their paths, each opened once, and not before it is asked for."""
        for path in files_beside(self.source, self.raw):
            yield from ((path, other) for other in self._opened(path))

    @property
    def orders(self) -> tuple[str, ...]:
        """The column of its orders, if there is one."""
        return self.missing.chosen.get("order_id", ())[:1]


def elsewhere(missing: ColumnsMissing, source: Source, raw: RawTable, order: Order) -> Elsewhere:
    """What files of the folder have of what a table lacks, as it is told."""
    sheets = raw.other_sheets if isinstance(raw, CsvTable) else ()
    sheet = next((name for name in sheets if _has_all(name, source, order)), None)
    if sheet is not None:
        return Elsewhere(sheet=sheet, sheets=sheets)
    table = _Table(missing, source, raw, order)
    if order.table != "transactions" or not table.orders:
        return Elsewhere(sheets=sheets)
    found, lines = _joined_beside(table), _lines_beside(table)
    return (
        Elsewhere(lines=lines, sheets=sheets)
        if found is None
        else Elsewhere(written(found), told(found), found.columns, lines, sheets=sheets)
    )


def _has_all(sheet: str, source: Source, order: Order) -> bool:
    """Whether a sheet of a workbook lacks nothing that is always read."""
    named = replace(source, sheet=sheet)
    try:
        reader, places = opened(named)
        tables = reader.tables(named, places, reader.oversize(places))
        return not any(_lacking(order, named, one) for one in tables)
    except SegmentationError:
        return False


def _joined_beside(table: _Table) -> Beside | None:
    """What of its folder, joined to transactions, has columns that they lack; None where nothing does."""
    if table.source.join:
        return None
    lookups: list[Lookup] = []
    joins: list[Join] = []
    best: Beside | None = None
    lacking = proposal(table.missing, table.source, table.raw, table.order).lacking
    while lacking and len(joins) < _MOST_JOINS:
        tried = list(_tried(table, joins, lookups, lacking))
        if not tried:
            break
        best, lookup = min(tried, key=lambda one: len(one[0].lacking))
        joins, lacking = [*best.joins], best.lacking
        lookups.append(lookup)
    return best if best is None or lacking else _with_buyers(table, best, lookups)


def _with_buyers(table: _Table, found: Beside, lookups: Sequence[Lookup]) -> Beside:
    """The same with who bought, where the column of customers is another for every order: by what is keyed by it."""
    source = replace(table.source, join=found.joins)
    known = _known(source, found.raw, table.order.table)
    [customer, order] = (known.get(name, ("",))[0] for name in ("customer_id", "order_id"))
    if not _are_as_many(found.raw, customer, order) or len(found.joins) == _MOST_JOINS:
        return found
    for join, other in _joins(table, {customer: pl.String()}):
        joined = _met(table, [*found.joins, join], lookups)
        names = _somebody(other, [theirs for _, theirs in join.key]) if joined else ()
        for name in names:
            if joined and not _are_as_many(joined[0].raw, name, order):
                return replace(joined[0], columns={"customer_id": name})
    return found


def _somebody(other: RawTable, keys: Sequence[str]) -> list[str]:
    """The columns of a table that may say who somebody is, but for its key."""
    contents = contents_of(other, [name for name in other.schema if name not in keys])
    return [
        one.name for one in candidates("customer_id", [*contents.values()]) if tells_somebody(one)
    ]


def _known(source: Source, raw: RawTable, table: str) -> Mapping[str, tuple[str, ...]]:
    """The columns that are known by their names."""
    try:
        return mapped(source, raw, table).columns.canonical
    except ColumnsMissing as missing:
        return missing.chosen


def _are_as_many(raw: RawTable, column: str, other: str) -> bool:
    """Whether a column has as many values as another, of which there are several."""
    if not {column, other} <= raw.schema.keys():
        return True
    numbers = raw.scan().select(pl.col(column, other).n_unique()).collect().row(0)
    return bool(numbers[0] == numbers[1] > 1)


def _lines_beside(table: _Table) -> tuple[str, str] | None:
    """A file of the folder that has the lines of the orders, and their amount: the way round to start from."""
    if "amount" not in table.missing.names:
        return None
    found = ((path, _amount_of(other, table.orders[0])) for path, other in table.others())
    return next(((path, amount) for path, amount in found if amount is not None), None)


def _amount_of(lines: RawTable, key: str) -> str | None:
    """The amount of a file that has a column of orders; None where it has none, or tells no orders."""
    names = {squeezed(name) for name in lines.schema}
    if squeezed(key) not in names:
        return None
    found = _known(Source(path=""), lines, "transactions")
    made = found.get("amount", ()) or found.get("unit_price", ())
    return made[0] if made else None


def _tried(
    table: _Table, joins: Sequence[Join], lookups: Sequence[Lookup], lacking: Sequence[str]
) -> Iterator[tuple[Beside, Lookup]]:
    """Every file that, joined as well, leaves less lacking."""
    raw = with_joined(table.raw, lookups)
    known = {one.source.path for one in joins}
    for join, _ in _joins(table, raw.schema):
        found = _met(table, [*joins, join], lookups) if join.source.path not in known else None
        brought = {*lacking} - {*found[0].lacking} if found else set()
        is_of_order = join.key[0][0] in table.orders
        if found and brought and (is_of_order or brought == {"customer_id"}):
            yield found


def _joins(table: _Table, ours: Mapping[str, pl.DataType]) -> Iterator[tuple[Join, RawTable]]:
    """Every way to join a file of the folder by one column, and that file."""
    for path, other in table.others():
        brings = not {*other.schema} <= {*table.raw.schema}  # as one of the next month does not
        for key in keys_between(ours, other.schema, path) if brings else ():
            yield Join(source_beside(table.source, path), (key,)), other


def _met(
    table: _Table, joins: Sequence[Join], lookups: Sequence[Lookup]
) -> tuple[Beside, Lookup] | None:
    """What comes of one join more; None where few rows have a partner, or a key has several rows."""
    try:
        lookup = lookup_of(joins[-1], *opened(joins[-1].source), table.source)
        raw = with_joined(table.raw, [*lookups, lookup])
        left = _lacking(table.order, replace(table.source, join=tuple(joins)), raw)
        rows = raw.scan().select(met=pl.col(PARTNER) == 0)
        met, every = rows.select(pl.col("met").sum(), pl.len().alias("n")).collect().row(0)
    except SegmentationError:
        return None
    found = Beside(tuple(joins), raw, left, met, every)
    return (found, lookup) if every and met >= _FEWEST_MET * every else None


def _lacking(order: Order, source: Source, raw: RawTable) -> tuple[str, ...]:
    try:
        mapped(source, raw, order.table)
    except ColumnsMissing as missing:
        return proposal(missing, source, raw, order).lacking
    return ()


def written(beside: Beside) -> list[dict[str, Any]]:
    """The joins as rules write them."""
    return [{"path": one.source.path, "key": _key(*one.key[0])} for one in beside.joins]


def _key(ours: str, theirs: str) -> str | dict[str, str]:
    return ours if ours == theirs else {ours: theirs}


def told(beside: Beside) -> str:
    """How well the tables meet, in words."""
    files = listed([one.source.path for one in beside.joins])
    return f"{beside.met:,} of {beside.rows:,} rows have a partner in {files}"
