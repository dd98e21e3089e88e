"""From the user's sources to one canonical table; whole files are not read here (see `audit`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

import polars as pl

from segmentation.config.sources import Source
from segmentation.errors import InputError, Problem
from segmentation.sources.aliases import DATES, NUMBERS
from segmentation.sources.canonical import CODE, REJECTED, SET_ASIDE, Reason, Recipe, canonical
from segmentation.sources.detect import decimal_of, format_of, shapes_of
from segmentation.sources.dialect import CsvFile, examine
from segmentation.sources.ids import Ids
from segmentation.sources.locate import Place, locate, refuse_repeats
from segmentation.sources.mapping import Columns, Request, assign
from segmentation.sources.scan import parquet_schema, scan_csv, scan_parquet
from segmentation.sources.tables import Part, Table, Tally
from segmentation.sources.unique import one_per_key


@dataclass(frozen=True)
class Order:
    """How a table is to be read, for all its sources alike."""

    table: str
    cutoff: date | None
    timezone: str
    needs: Collection[str] | None
    ids: Ids


@dataclass(frozen=True)
class Group:
    """Files of one source that have the same header (CSV) or schema (Parquet)."""

    places: tuple[Place, ...]
    csv: tuple[CsvFile, ...]
    schema: Mapping[str, pl.DataType]
    sample: Mapping[str, Sequence[str | None]]


def read(
    table: str,
    sources: Sequence[Source],
    *,
    cutoff: date | None,
    timezone: str = "UTC",
    needs: Collection[str] | None = None,
    ids: Ids = "auto",
    stdin: BinaryIO | None = None,
) -> Table:
    """The canonical table of some sources: headers and samples are read, rows stay lazy.

    `settle` may raise `IdsAreText`: then read again with `ids="text"`.
    """
    order = Order(table, cutoff, timezone, needs, ids)
    found = [(source, locate(source.path, stdin)) for source in sources]
    refuse_repeats(place for _, places in found for place in places)
    notes: list[str] = []
    parts = [_parts(source, places, order, notes) for source, places in found]
    coded = _alike([_concatenated([part.coded for part in group]) for group in parts])
    coded = [frame.cache() for frame in coded]  # one scan for all queries, the tallies included
    used = [frame.filter(pl.col(CODE) == Reason.USED).drop(CODE) for frame in coded]
    tallies = [
        Tally(table, source.path, _counts(frame), tuple(group))
        for source, frame, group in zip(sources, coded, parts, strict=True)
    ]
    if table in ("customers", "products"):
        rows, tallies = one_per_key(table, used, tallies)
    else:
        rows = _concatenated(used)
    return Table(table, rows, dict(rows.collect_schema()), tuple(tallies), tuple(dict.fromkeys(notes)))


def _parts(
    source: Source, places: Sequence[Place], order: Order, notes: list[str]
) -> list[Part]:
    groups = _groups(source, places)
    if order.table in ("transactions",) and all(g.csv and not _records(g) for g in groups):
        what = "the file has a header and no rows"
        raise InputError(Problem(what, source.path, "Nothing can be segmented without rows."))
    return [_part(source, group, order, notes) for group in groups]


def _records(group: Group) -> int:
    return sum(file.anatomy.records for file in group.csv)


def _groups(source: Source, places: Sequence[Place]) -> list[Group]:
    if places[0].kind == "csv":
        return _csv_groups(source, places)
    by_schema: dict[tuple[object, ...], list[Place]] = {}
    schemas = {}
    for place in places:
        schema = parquet_schema(place)
        key = tuple(schema.items())
        by_schema.setdefault(key, []).append(place)
        schemas[key] = schema
    return [
        Group(tuple(group), (), schemas[key], _parquet_sample(group, schemas[key]))
        for key, group in by_schema.items()
    ]


def _csv_groups(source: Source, places: Sequence[Place]) -> list[Group]:
    """Files of one shape together; a file with ragged rows alone, as their numbers are its own."""
    alike: dict[object, list[CsvFile]] = {}
    for place in places:
        file = examine(place, source.delimiter, source.encoding)
        key: object = (file.header, file.delimiter, file.anatomy.has_quotes)
        alike.setdefault(place.path if len(file.anatomy.ragged) else key, []).append(file)
    return [_csv_group(files) for files in alike.values()]


def _csv_group(files: Sequence[CsvFile]) -> Group:
    header = files[0].header
    rows = [row for file in files for row in file.sample]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    sample = {name: [cell or None for cell in cells] for name, cells in zip(header, columns, strict=True)}
    places = tuple(file.place for file in files)
    return Group(places, tuple(files), dict.fromkeys(header, pl.String()), sample)


def _parquet_sample(
    places: Sequence[Place], schema: Mapping[str, pl.DataType]
) -> Mapping[str, Sequence[str | None]]:
    texts = [name for name, dtype in schema.items() if _is_sampled(dtype)]
    rows = scan_parquet(places[:1]).select(pl.col(texts).cast(pl.String))
    return rows.head(1000).collect().to_dict(as_series=False) if texts else {}


def _is_sampled(dtype: pl.DataType) -> bool:
    return dtype == pl.String or dtype.is_integer() or dtype in (pl.Categorical, pl.Enum)


def _part(source: Source, group: Group, order: Order, notes: list[str]) -> Part:
    recipe = _recipe(source, group, order, notes)
    ragged = _ragged(group)
    raw = scan_csv(group.csv, with_records=bool(ragged)) if group.csv else scan_parquet(group.places)
    return Part(group.places, group.csv, recipe, canonical(raw, recipe, ragged), ragged)


def _recipe(source: Source, group: Group, order: Order, notes: list[str]) -> Recipe:
    columns = assign(
        Request(
            table=order.table,
            shown=source.path,
            header=tuple(group.schema),
            declared=source.columns,
            needs=order.needs,
            has_constant_event=source.event is not None,
        )
    )
    notes += columns.notes
    return Recipe(
        table=order.table,
        columns=columns,
        schema=group.schema,
        formats=_formats(source, group, columns, order, notes),
        decimal=source.decimal or _decimal(source, group, columns, order, notes),
        shapes=shapes_of(order.table, group.sample, columns, order.ids, notes),
        ids=order.ids,
        timezone=order.timezone,
        cutoff=order.cutoff,
        event=source.event,
        wanted=order.needs,
        is_quoted=any(file.anatomy.has_quotes for file in group.csv),
    )


def _formats(
    source: Source, group: Group, columns: Columns, order: Order, notes: list[str]
) -> Mapping[str, str]:
    raw = scan_csv(group.csv) if group.csv else scan_parquet(group.places)
    names = [name for name in (*DATES, "launched_at") if name in columns.canonical]
    formats = {}
    for name in names:
        column = columns.canonical[name][0]
        dtype = group.schema[column]
        if dtype.is_temporal():
            formats[name] = ""
        elif source.date_format:
            formats[name] = source.date_format
        else:
            sample = [text for text in group.sample[column] if text and text.strip()]
            formats[name] = format_of(order.table, name, column, sample, raw, source.path, notes)
    return formats


def _decimal(
    source: Source, group: Group, columns: Columns, order: Order, notes: list[str]
) -> str:
    if not group.csv and not any(group.schema[c] == pl.String for c in group.schema):
        return "."
    numbers = [c for name in NUMBERS for c in columns.canonical.get(name, ())]
    sample = [cell for c in numbers for cell in group.sample.get(c, ()) if group.schema[c] == pl.String]
    return decimal_of(order.table, sample, source.path, notes)


def _ragged(group: Group) -> Mapping[Reason, list[int]]:
    if len(group.csv) != 1 or not len(group.csv[0].anatomy.ragged):
        return {}
    anatomy = group.csv[0].anatomy
    found = {
        Reason.BLANK: anatomy.ragged[anatomy.cells == 0].tolist(),
        Reason.RAGGED: anatomy.ragged[anatomy.cells > 0].tolist(),
    }
    return {reason: records for reason, records in found.items() if records}


def _counts(coded: pl.LazyFrame) -> pl.LazyFrame:
    """One row: rows_read, rows_used, and a column per reason, named by its number."""
    reasons = (*SET_ASIDE, Reason.MISFIT, *REJECTED)
    return coded.select(
        pl.len().cast(pl.Int64).alias("rows_read"),
        (pl.col(CODE) == Reason.USED).sum().cast(pl.Int64).alias("rows_used"),
        *[(pl.col(CODE) == reason).sum().cast(pl.Int64).alias(reason.name) for reason in reasons],
    )


def _concatenated(frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    alike = _alike(frames)
    return alike[0] if len(alike) == 1 else pl.concat(alike, how="diagonal")


def _alike(frames: Sequence[pl.LazyFrame]) -> list[pl.LazyFrame]:
    """The same frames, columns of differing types as text so that they can stand in one column."""
    if len(frames) == 1:
        return list(frames)
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
