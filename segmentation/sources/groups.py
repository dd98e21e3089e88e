"""One source's files, grouped so that each group is one scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from segmentation.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources.columns.numbers import as_text, is_text
from segmentation.sources.csv.dialect import CsvFile, examine
from segmentation.sources.files.locate import Place
from segmentation.sources.scan import (
    Group,
    scan_parquet,
    scan_remote_csv,
    schema_of,
    unreadable_scan,
)

SAMPLED = 1000


def groups_of(
    source: Source, places: Sequence[Place], oversize: frozenset[str] = frozenset()
) -> list[Group]:
    """Files with the same header or schema together; at least one group."""
    if places[0].kind == "parquet":
        return _parquet_groups(places, oversize)
    if places[0].is_remote:
        return [_remote_group(place, source.delimiter or ",") for place in places]
    return _csv_groups(source, places)


def _csv_groups(source: Source, places: Sequence[Place]) -> list[Group]:
    """A file with ragged rows stands alone, as the numbers of its rows are its own."""
    alike: dict[object, list[CsvFile]] = {}
    for place in places:
        file = examine(place, source.delimiter, source.encoding)
        dialect = (file.header, file.delimiter, file.anatomy.has_quotes)
        key: object = place.path if len(file.anatomy.ragged) else dialect
        alike.setdefault(key, []).append(file)
    return [_csv_group(files) for files in alike.values()]


def _csv_group(files: Sequence[CsvFile]) -> Group:
    header = files[0].header
    rows = [row for file in files for row in file.sample]
    cells = zip(*rows, strict=True) if rows else ((),) * len(header)
    sample = {n: [c or None for c in column] for n, column in zip(header, cells, strict=True)}
    places = tuple(file.place for file in files)
    return Group(places, tuple(files), dict.fromkeys(header, pl.String()), sample)


def _parquet_groups(places: Sequence[Place], oversize: frozenset[str]) -> list[Group]:
    alike: dict[tuple[tuple[str, pl.DataType], ...], list[Place]] = {}
    for place in places:
        alike.setdefault(tuple(schema_of(place).items()), []).append(place)
    return [_parquet_group(group, dict(schema), oversize) for schema, group in alike.items()]


def _parquet_group(
    places: Sequence[Place], schema: Mapping[str, pl.DataType], oversize: frozenset[str]
) -> Group:
    ends = places if len(places) == 1 else (places[0], places[-1])
    small = {name: dtype for name, dtype in schema.items() if name not in oversize}
    sample = _sampled(places[0], scan_parquet(ends), small)
    return Group(tuple(places), (), schema, sample, oversize=oversize & schema.keys())


def _remote_group(place: Place, delimiter: str) -> Group:
    schema = schema_of(place, delimiter)
    sample = _sampled(place, scan_remote_csv(place, delimiter), schema)
    return Group((place,), (), schema, sample, delimiter)


def _sampled(
    place: Place, rows: pl.LazyFrame, schema: Mapping[str, pl.DataType]
) -> Mapping[str, list[str | None]]:
    """The first and last values, as text, of those columns in which text may have to be read."""
    texts = {n: as_text(n, t) for n, t in schema.items() if is_text(t)}
    texts |= {n: pl.col(n).cast(pl.String) for n, t in schema.items() if t.is_integer()}
    if not texts:
        return {}
    raw = rows.select(list(texts))
    said = [text.alias(name) for name, text in texts.items()]
    try:  # one after the other: a slice alone reads no more than it needs
        ends = [end.collect().select(said) for end in (raw.head(SAMPLED), raw.tail(SAMPLED))]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(unreadable_scan(place, error)) from error
    return pl.concat(ends).to_dict(as_series=False)
