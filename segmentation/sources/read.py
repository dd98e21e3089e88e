"""From the user's sources to one canonical table: headers and samples are read, rows stay lazy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import BinaryIO

import polars as pl

from segmentation.crash_notes import note
from segmentation.rules.sources import Source, TableName
from segmentation.sources.columns.aliases import DATES, NUMBERS
from segmentation.sources.columns.canonical import (
    CODE,
    REJECTED,
    SET_ASIDE,
    USABLE,
    Reason,
    Recipe,
    canonical,
)
from segmentation.sources.columns.ids import Ids
from segmentation.sources.columns.recipes import Mapped, Order, drafts_of, mapped, recipes_of
from segmentation.sources.failures import opening
from segmentation.sources.files.locate import NothingThere, Place, locate, refuse_repeats
from segmentation.sources.groups import groups_of
from segmentation.sources.parquet.checksums import check_pages
from segmentation.sources.parquet.oversize import oversize_columns
from segmentation.sources.scan import Group
from segmentation.sources.tables import Part, Table, Tally
from segmentation.sources.unique import KEY, one_per_key

DAYS = ("ordered_on", "occurred_on")
LAST_DAY = "last_day"  # of the usable rows, beside the counts
LARGEST_AMOUNT = "largest_amount"  # of transactions, beside the counts


def read(
    table: TableName,
    sources: Sequence[Source],
    *,
    cutoff: date | None,
    timezone: str = "UTC",
    needs: Collection[str] | None = None,
    ids: Ids = "auto",
    compares_products: bool = True,
    stdin: BinaryIO | None = None,
) -> Table:
    """The canonical table of some sources.

    `needs` names the optional columns that are read (None: all). When `settle` raises IdsAreText,
    read again with `ids="text"`. Without `compares_products` it is not asked of every row how
    product ids are written, for nobody sees it.
    """
    named = headers_of(table, sources, cutoff=cutoff, timezone=timezone, ids=ids,
                    compares_products=compares_products, stdin=stdin)  # fmt: skip
    return named.reading(needs)


def headers_of(
    table: TableName,
    sources: Sequence[Source],
    *,
    cutoff: date | None,
    timezone: str,
    ids: Ids,
    compares_products: bool,
    stdin: BinaryIO | None,
) -> Table:
    """What the headers of some sources say: every column that rules can name, and its type.

    Its rows are not to be believed (no format is guessed); `reading` makes the table to be read.
    """
    found = [(source, _located(source, stdin)) for source in sources]
    every = [place for _, places in found for place in places]
    refuse_repeats(every)
    for place in every:
        note("reads", place.path, place.shown)
    with opening(every):
        check_pages(every)
        order = Order(
            table, cutoff, timezone, None, ids, compares_products, oversize_columns(every)
        )
        given = [(source, _mapped(source, places, order)) for source, places in found]
        drafts = [drafts_of(source, groups, order) for source, groups in given]
    named = _table(order, given, drafts)
    faulty = frozenset(name for _, groups in given for one in groups for name in one.faulty)
    columns = {
        **named.columns,
        **{n: _type_of(table, n) for n in sorted(faulty - named.columns.keys())},
    }
    return replace(named, columns=columns, faulty=faulty, narrowed=partial(_needed, order, given))


Mappings = Sequence[tuple[Source, Sequence[Mapped]]]  # of each source its groups


def _mapped(source: Source, places: Sequence[Place], order: Order) -> list[Mapped]:
    groups = groups_of(source, places, order.oversize)
    return [mapped(source, group, order.table) for group in groups]


def _type_of(table: TableName, name: str) -> pl.DataType:
    """The type that a canonical column has which cannot be read, if it could."""
    if name in NUMBERS and (table == "transactions" or name == "cost"):
        return pl.Int64()
    return pl.Date() if name == "launched_at" else pl.String()


def _needed(order: Order, given: Mappings, needs: Collection[str] | None) -> Table:
    """The table with the columns that are needed. Raises InputError where one cannot be read."""
    asked = replace(order, needs=None if needs is None else frozenset(needs))
    with opening([p for _, groups in given for one in groups for p in one.group.places]):
        guesses = [recipes_of(source, groups, asked) for source, groups in given]
    notes = dict.fromkeys(note for guess in guesses for note in guess.notes)
    unread = dict.fromkeys(text for _, groups in given for one in groups for text in one.unread)
    read = _table(asked, given, [guess.found for guess in guesses])
    return replace(read, notes=tuple(notes), unread=tuple(unread))


def _table(order: Order, given: Mappings, recipes: Sequence[Sequence[Recipe]]) -> Table:
    table = order.table
    parts = [
        [_part(one.group, recipe) for one, recipe in zip(groups, made, strict=True)]
        for (_, groups), made in zip(given, recipes, strict=True)
    ]
    coded = alike([_stacked([part.coded for part in group]) for group in parts])
    rescans = all(_is_local_parquet(part) for group in parts for part in group)
    is_keyed = table in KEY
    # one scan for all queries, the tallies included; of a Parquet file each reads its own columns
    shared = coded if rescans and not is_keyed else [frame.cache() for frame in coded]
    tallies = [
        Tally(table, source.path, _counts(frame), tuple(group))
        for (source, _), frame, group in zip(given, shared, parts, strict=True)
    ]
    used = [_used(frame) for frame in shared]
    rows, settled = one_per_key(table, used, tallies) if is_keyed else (_stacked(used), tallies)
    columns = dict(rows.collect_schema())
    since = partial(_rows_since, parts) if rescans and not is_keyed else None
    return Table(table, rows, columns, tuple(settled), since=since)


def _located(source: Source, stdin: BinaryIO | None) -> tuple[Place, ...]:
    try:
        return locate(source.path, stdin, source.place)
    except NothingThere as error:
        error.source = source
        raise


def _used(coded: pl.LazyFrame) -> pl.LazyFrame:
    return coded.filter(pl.col(USABLE)).drop(CODE, USABLE)


def _is_local_parquet(part: Part) -> bool:
    return all(p.kind == "parquet" and not p.is_remote for p in part.group.places)


def _rows_since(parts: Sequence[Sequence[Part]], day: date) -> pl.LazyFrame:
    """The usable rows from a day on, those of the days before it perhaps left out unread."""
    stacked = [_stacked([_recent(part, day) for part in group]) for group in parts]
    return _stacked([_used(frame) for frame in alike(stacked)])


def _recent(part: Part, day: date) -> pl.LazyFrame:
    """A part's rows, read from two days before: the files' own time zone may be another."""
    raw, recipe = part.group.scan(), part.recipe
    for moment in filter(recipe.has, DATES):
        column = recipe.source(moment)
        if isinstance(recipe.dtype(column), (pl.Date, pl.Datetime)):
            early = pl.lit(day - timedelta(days=2)).cast(recipe.dtype(column))
            raw = raw.filter(pl.col(column) >= early)
    return canonical(raw, recipe, part.ragged)


def _part(group: Group, recipe: Recipe) -> Part:
    ragged = _ragged(group)
    raw = group.scan(with_records=bool(ragged))
    return Part(group, recipe, ragged, canonical(raw, recipe, ragged))


def _ragged(group: Group) -> Mapping[Reason, list[int]]:
    """Records of a file that stands alone because it has such."""
    if len(group.csv) != 1:
        return {}
    anatomy = group.csv[0].anatomy
    found = {
        Reason.BLANK: anatomy.ragged[anatomy.cells == 0].tolist(),
        Reason.RAGGED: anatomy.ragged[anatomy.cells > 0].tolist(),
    }
    return {reason: records for reason, records in found.items() if records}


def _counts(coded: pl.LazyFrame) -> pl.LazyFrame:
    """One row: rows_read, rows_used, the last usable day, a column per reason, named as it is.

    Transactions have the largest amount beside it (in 1/10,000, whatever its sign).
    """
    names = coded.collect_schema().names()
    days = [day for day in DAYS if day in names]
    money = ["amount"] if "amount" in names and "ordered_on" in names else []
    last = [pl.col(day).max().alias(LAST_DAY) for day in days]
    largest = [pl.col(amount).abs().max().alias(LARGEST_AMOUNT) for amount in money]
    codes = (
        coded.select(CODE, *days, *money)
        .group_by(CODE)
        .agg(pl.len().cast(pl.Int64), *last, *largest)
    )
    reasons = (*SET_ASIDE, Reason.MISFIT, *REJECTED)
    return codes.select(
        pl.col("len").sum().alias("rows_read"),
        _rows_with(Reason.USED).alias("rows_used"),
        *[pl.col(LAST_DAY).filter(pl.col(CODE) == Reason.USED).max() for _ in days],
        *[pl.col(LARGEST_AMOUNT).max() for _ in money],
        *[_rows_with(reason).alias(reason.name) for reason in reasons],
    )


def _rows_with(reason: Reason) -> pl.Expr:
    return pl.col("len").filter(pl.col(CODE) == reason).sum()


def _stacked(frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    return frames[0] if len(frames) == 1 else pl.concat(alike(frames), how="diagonal")


def alike(frames: Sequence[pl.LazyFrame]) -> list[pl.LazyFrame]:
    """The same frames; columns whose types differ are text, so that they can stand in one."""
    schemas = [dict(frame.collect_schema()) for frame in frames]
    types: dict[str, set[pl.DataType]] = {}
    for schema in schemas:
        for name, dtype in schema.items():
            types.setdefault(name, set()).add(dtype)
    differing = {name for name, found in types.items() if len(found) > 1}
    return [
        frame.with_columns(pl.col(sorted(differing & schema.keys())).cast(pl.String))
        for frame, schema in zip(frames, schemas, strict=True)
    ]
