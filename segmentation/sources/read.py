"""From the user's sources to one canonical table: headers and samples are read, rows stay lazy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import polars as pl

from segmentation.rules.conditions import Condition, exclude
from segmentation.rules.headers import PRIVATE
from segmentation.rules.instants import UTC
from segmentation.rules.sources import Source, TableName, day_of
from segmentation.sources.columns.affixed import Affixed
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.apart import told_apart
from segmentation.sources.columns.failing import Texts
from segmentation.sources.columns.filled import with_filled
from segmentation.sources.columns.ids import Ids
from segmentation.sources.columns.mapped import Mapped, Order, mapped, told_alike
from segmentation.sources.columns.mapping import ColumnsMissing
from segmentation.sources.columns.reasons import (
    CODE,
    MOST_CONDITIONS,
    REJECTED,
    SET_ASIDE,
    USABLE,
    Reason,
    not_chosen,
)
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.recipes import drafts_of, recipes_of, refuse_units_that_differ
from segmentation.sources.columns.same_names import with_same_names
from segmentation.sources.failures import opening
from segmentation.sources.files.locate import locate, real_of, refuse_repeats, would_find
from segmentation.sources.files.place import EMPTY, NothingThere, Place
from segmentation.sources.joined import with_joined
from segmentation.sources.lookups import Lookup, lookup_of
from segmentation.sources.reader import FILE, RawTable, Reader
from segmentation.sources.readers import (
    ENDINGS,
    by_reader,
    reader_of,
    reader_without_files,
    refuse_strange_keys,
)
from segmentation.sources.tables import Portion, Table, Tally, canonical_rows
from segmentation.sources.unique import KEY, one_per_key

LAST_DAY = "last_day"  # of the usable rows, beside the counts
NOT_CHOSEN = Reason.NOT_CHOSEN.name
LARGEST_AMOUNT = "largest_amount"  # of transactions, beside the counts


def read(
    table: TableName,
    sources: Sequence[Source],
    *,
    cutoff: date | None,
    timezone: str | None = None,
    needs: Collection[str] | None = None,
    ids: Ids = "auto",
    compares_products: bool = True,
    dates: frozenset[str] = frozenset(),
    numbers: frozenset[str] = frozenset(),
    stdin: BinaryIO | None = None,
    failing: Texts = MappingProxyType({}),
) -> Table:
    """The canonical table of some sources.

    `needs` names the optional columns that are read (None: all). When `input_count` raises IdsDiffer,
    read again with its `ids`; when it raises FormatsDiffer, with its texts as `failing`. Without
    `compares_products` it is not asked of every row how product ids are written, for nobody sees it.
    `dates` and `numbers` are columns of no meaning that rules compare as such.
    """
    named = headers_of(
        table,
        sources,
        cutoff=cutoff,
        timezone=timezone,
        ids=ids,
        compares_products=compares_products,
        dates=dates,
        numbers=numbers,
        stdin=stdin,
        failing=failing,
    )
    return named.reading(needs)


def headers_of(
    table: TableName,
    sources: Sequence[Source],
    *,
    cutoff: date | None,
    timezone: str | None,
    ids: Ids,
    compares_products: bool,
    dates: frozenset[str] = frozenset(),
    numbers: frozenset[str] = frozenset(),
    stdin: BinaryIO | None,
    failing: Texts,
    of_buyers: frozenset[str] = frozenset(),
) -> Table:
    """What the headers of some sources say: every column that rules can name, and its type.

    `of_buyers` are the columns that transactions read customer_id from.
    Its rows are not to be believed (no format is guessed); `reading` makes the table to be read.
    """
    are_sales = table == "transactions"  # of days on which nothing was sold there may be files
    read_by = [opened(source, stdin, may_be_empty=are_sales) for source in sources]
    own = _read_once(sources, [places for _, places in read_by])
    refuse_repeats(own)
    lookups = [
        _lookups(source, places, stdin)
        for source, (_, places) in zip(sources, read_by, strict=True)
    ]
    with opening(read_by):
        oversize = _checked(read_by)
        order = Order(
            table,
            cutoff,
            timezone,
            None,
            ids,
            compares_products,
            oversize,
            failing,
            dates,
            numbers=numbers,
            of_buyers=of_buyers,
        )
        files = [
            reader.tables(source, places, oversize)
            for source, (reader, places) in zip(sources, read_by, strict=True)
        ]
        raws = [
            [with_joined(with_filled(raw, source.fill_down), joined) for raw in tables]
            for source, tables, joined in zip(
                sources, _with_same_names(sources, files), lookups, strict=True
            )
        ]
        given = [
            (
                source,
                [
                    _mapped(source, raw, order, _beside(source, tables, raws), sources)
                    for raw in tables
                ],
            )
            for source, tables in zip(sources, raws, strict=True)
        ]
        given = _told_alike(given, order) if table == "transactions" else given
        drafts = [drafts_of(source, tables, order) for source, tables in given]
    named = _table(order, given, drafts)
    faulty = frozenset(name for _, tables in given for one in tables for name in one.faulty)
    columns = {
        **named.columns,
        **{n: _type_of(table, n) for n in sorted(faulty - named.columns.keys())},
    }
    return replace(
        named, columns=columns, faulty=faulty, narrowed=partial(_needed, order, read_by, given)
    )


def _told_alike(
    given: list[tuple[Source, list[Mapped]]], order: Order
) -> list[tuple[Source, list[Mapped]]]:
    """The tables, in which nobody is told by a number in one file and by a name in another that has no numbers."""
    guessed = (tables for source, tables in given if "customer_id" not in source.columns)
    common = told_alike([one for tables in guessed for one in tables])
    same = replace(order, of_buyers=common)
    every = [source for source, _ in given]
    return [
        (source, [_mapped(source, one.raw, same, one.header.elsewhere, every) for one in tables])
        if common
        else (source, tables)
        for source, tables in given
    ]


def _with_same_names(
    sources: Sequence[Source], files: Sequence[list[RawTable]]
) -> list[list[RawTable]]:
    """The files of each source, their columns under the same names; those of the command line are told as one."""
    typed = [
        raw for one, own in zip(sources, files, strict=True) if not one.is_of_rules for raw in own
    ]
    first = next((one for one in sources if not one.is_of_rules), None)
    same = iter([] if first is None else with_same_names(typed, first))
    return [
        with_same_names(own, one) if one.is_of_rules else [next(same) for _ in own]
        for one, own in zip(sources, files, strict=True)
    ]


def _beside(
    source: Source, own: Sequence[RawTable], every: Sequence[Sequence[RawTable]]
) -> frozenset[str]:
    """The columns that any file of a source has; those of the command line are told as one."""
    tables = own if source.is_of_rules else [raw for tables in every for raw in tables]
    return frozenset(name for raw in tables for name in raw.schema)


def _mapped(
    source: Source,
    raw: RawTable,
    order: Order,
    elsewhere: frozenset[str],
    every: Sequence[Source],
) -> Mapped:
    buyers = order.of_buyers
    try:
        return mapped(source, raw, order.table, elsewhere, of_buyers=buyers, beside=every)
    except ColumnsMissing as missing:
        from segmentation.sources.advised import lacking  # for who needs it

        raise lacking(missing, source, raw, order, every) from None


Opened = Sequence[tuple[Reader, Sequence[Place]]]  # of each source its files, and whose they are
Mappings = Sequence[tuple[Source, Sequence[Mapped]]]  # of each source its tables


def _type_of(table: TableName, name: str) -> pl.DataType:
    """The type that a canonical column has which cannot be read, if it could."""
    if name in NUMBERS and (table == "transactions" or name == "cost"):
        return pl.Int64()
    return pl.Date() if name == "launched_at" else pl.String()


def _needed(order: Order, opened: Opened, given: Mappings, needs: Collection[str] | None) -> Table:
    """The table with the columns that are needed. Raises InputError where one cannot be read."""
    asked = replace(order, needs=None if needs is None else frozenset(needs))
    with opening(opened, [one.raw for _, tables in given for one in tables]):
        given = [(source, told_apart(source, tables, asked)) for source, tables in given]
        guesses = [recipes_of(source, tables, asked) for source, tables in given]
    refuse_units_that_differ(
        [one for _, tables in given for one in tables],
        [r for guess in guesses for r in guess.found],
    )
    opening_notes = (note for _, tables in given for one in tables for note in one.raw.notes)
    notes = dict.fromkeys((*opening_notes, *(note for guess in guesses for note in guess.notes)))
    unread = dict.fromkeys(text for _, tables in given for one in tables for text in one.unread)
    recipes = [guess.found for guess in guesses]
    read = _table(asked, given, recipes, affixed_ids(asked, recipes, given))
    return replace(read, notes=tuple(notes), unread=tuple(unread))


def affixed_ids(
    order: Order, recipes: Sequence[Sequence[Recipe]], given: Mappings
) -> Mapping[str, Affixed]:
    """The id columns of rows whose sampled texts have one prefix and width in all sources."""
    if order.ids == "text" or order.table in KEY:
        return {}
    read = [
        (one.raw, recipe)
        for (_, tables), made in zip(given, recipes, strict=True)
        for one, recipe in zip(tables, made, strict=True)
    ]
    found = {n: _affixed(n, read) for n in ("customer_id", "order_id")}
    return {name: one for name, one in found.items() if one is not None}


def _affixed(name: str, read: Sequence[tuple[RawTable, Recipe]]) -> Affixed | None:
    columns = [(raw, r.source(name)) for raw, r in read if r.reads(name)]
    shapes = {r.shapes.get(name) for _, r in read if r.reads(name)}
    if any(recipe.has_marks or recipe.is_plain for _, recipe in read):
        return None
    are_texts = all(raw.schema[column] == pl.String for raw, column in columns)
    if not are_texts or not shapes <= {"text", "digits"}:
        return None
    return Affixed.of([text for raw, column in columns for text in raw.sample.get(column, ())])


def _table(
    order: Order,
    given: Mappings,
    recipes: Sequence[Sequence[Recipe]],
    affixed: Mapping[str, Affixed] = MappingProxyType({}),
) -> Table:
    table = order.table
    parts = [
        [
            _part(one.raw, replace(recipe, affixed=affixed))
            for one, recipe in zip(tables, made, strict=True)
        ]
        for (_, tables), made in zip(given, recipes, strict=True)
    ]
    coded = alike([_stacked([part.coded for part in group]) for group in parts])
    is_keyed = table in KEY
    # rows of customers and products are counted and collected by several queries of one scan
    shared = [frame.cache() for frame in coded] if is_keyed else coded
    tallies = [
        Tally(table, source.path, _counts(table, frame, _conditions(group)), tuple(group))
        for (source, _), frame, group in zip(given, shared, parts, strict=True)
    ]
    used = [used_rows(frame) for frame in shared]
    rows, settled = one_per_key(table, used, tallies) if is_keyed else (_stacked(used), tallies)
    rescans = all(part.raw.is_scanned_in_parts for group in parts for part in group)
    schema = rows.collect_schema()
    columns = {n: t for n, t in schema.items() if n != FILE and not n.startswith(PRIVATE)}
    scanned = () if is_keyed else tuple(_with(schema, frame) for frame in coded)
    return Table(
        table,
        rows.select(*columns),
        columns,
        tuple(settled),
        coded=scanned,
        rescans=rescans,
        affixed=affixed,
        timezone=order.timezone or UTC,
    )


def opened(
    source: Source, stdin: BinaryIO | None = None, *, may_be_empty: bool = False
) -> tuple[Reader, tuple[Place, ...]]:
    """The files of a source, and whose they are; none where it is no files.

    Files without a byte beside others are left out if they `may_be_empty`; else they are NothingThere.
    """
    reader = reader_without_files(source)
    if reader is not None:
        return reader, ()
    try:
        places = locate(source.path, ENDINGS, stdin, source.place)
        if not may_be_empty:
            _refuse_empty(places)
    except NothingThere as error:
        error.source = source
        raise
    reader = reader_of(source.path, places)
    refuse_strange_keys(source, reader)
    return reader, places


def _refuse_empty(places: Sequence[Place]) -> None:
    """Raise NothingThere for a file beside others that holds not one byte."""
    for shown in places[0].empty_beside:
        raise NothingThere(shown, *EMPTY)


def _read_once(sources: Sequence[Source], places: Sequence[Sequence[Place]]) -> list[Place]:
    """The files of some sources, each of which may be read once; a file of several sources counts once where
    each of them chooses other rows of it."""
    found: list[Place] = []
    wheres: dict[str, list[Condition | None]] = {}
    for source, own in zip(sources, places, strict=True):
        for place in own:
            others = wheres.setdefault(real_of(place), [])
            is_apart = bool(others) and all(exclude(source.where, other) for other in others)
            found += [] if is_apart else [place]
            others.append(source.where)
    return found


def _lookups(source: Source, own: Sequence[Place], stdin: BinaryIO | None) -> list[Lookup]:
    """What is joined to a source; `own` are its files, of which none can be joined to it."""
    try:
        found_files = [opened(one.source, stdin) for one in source.join]
    except NothingThere as error:
        error.source = None  # only a feed itself may be silent
        raise
    refuse_repeats((*own, *(place for _, places in found_files for place in places)))
    return [
        lookup_of(one, *found, source) for one, found in zip(source.join, found_files, strict=True)
    ]


def leads_to(place: str, file: Path) -> bool:
    """Whether the place of a source leads to a file, or would once that is there."""
    return would_find(place, ENDINGS, file)


def _checked(opened: Opened) -> frozenset[str]:
    """The columns whose cells are too large in some file; raises InputError for hidden damage."""
    every = list(by_reader(opened))
    for reader, places in every:
        reader.check(places)
    return frozenset(name for reader, places in every for name in reader.oversize(places))


def _with(columns: Mapping[str, pl.DataType], rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of a source with the columns that others have, missing here."""
    own = rows.collect_schema()
    return rows.with_columns(
        pl.lit(None, dtype=t).alias(n) for n, t in columns.items() if n not in own
    )


def used_rows(coded: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that can be used."""
    return coded.filter(pl.col(USABLE)).drop(CODE, USABLE)


def _part(raw: RawTable, recipe: Recipe) -> Portion:
    odd = raw.odd_rows()
    found = {Reason.BLANK: list(odd.blank), Reason.RAGGED: list(odd.ragged)}
    ragged = {reason: records for reason, records in found.items() if records}
    keep = () if recipe.table in KEY else (FILE,)  # what each file says of each day is added up
    return Portion(raw, recipe, ragged, canonical_rows(raw, recipe, ragged, keep=keep))


def _conditions(parts: Sequence[Portion]) -> int:
    """How many conditions choose rows of a source."""
    return max((len(part.recipe.conditions) for part in parts), default=0)


def _counts(table: TableName, coded: pl.LazyFrame, conditions: int) -> pl.LazyFrame:
    """One row: rows_read, rows_used, the last usable day, a column per reason, named as it is.

    That of rows which are not chosen is a list: a number for each of the `conditions`. Transactions have the largest amount beside it (in 1/10,000, whatever its sign).
    """
    day = day_of(table)
    days = [] if day is None else [day]
    money = ["amount"] if table == "transactions" else []
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
        _list([_rows_with(not_chosen(i)) for i in range(conditions)]).alias(NOT_CHOSEN),
    )


def _list(numbers: Sequence[pl.Expr]) -> pl.Expr:
    return pl.concat_list(numbers) if numbers else pl.lit([], dtype=pl.List(pl.Int64))


def counts_of(
    table: str, by_reason: Mapping[int, int], last_day: date | None, largest_amount: int
) -> pl.DataFrame:
    """The same of rows that were counted one by one."""
    day = day_of(table)
    own = {} if day is None else {LAST_DAY: pl.Series([last_day], dtype=pl.Date)}
    money = {LARGEST_AMOUNT: [largest_amount]} if table == "transactions" else {}
    reasons = (*SET_ASIDE, Reason.MISFIT, *REJECTED)
    unchosen = [by_reason.get(not_chosen(i), 0) for i in range(MOST_CONDITIONS)]
    return pl.DataFrame(
        {
            "rows_read": [sum(by_reason.values())],
            "rows_used": [by_reason.get(Reason.USED, 0)],
            **own,
            **money,
            **{reason.name: [by_reason.get(reason, 0)] for reason in reasons},
            NOT_CHOSEN: pl.Series([unchosen], dtype=pl.List(pl.Int64)),
        }
    )


def _rows_with(reason: int) -> pl.Expr:
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
