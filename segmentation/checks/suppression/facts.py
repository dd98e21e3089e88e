"""What the files that suppression reads hold: facts for each file for itself, in one small pass.

Only sources that suppression reads are looked at, and of those few columns: the file, the reason
code, the id, the event and the day of every row, grouped at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

import polars as pl

from segmentation.checks.suppression.ragged import RaggedRow, ragged_rows
from segmentation.checks.suppression.sources_read import SourcesRead
from segmentation.dataclass import dataclass
from segmentation.measures.rows import Tables
from segmentation.rules.look_alikes import alike
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source, TableName, day_of
from segmentation.scan.prepare import opened
from segmentation.sources import Table
from segmentation.sources.columns.reasons import CODE, REJECTED, Reason, is_rejected
from segmentation.sources.reader import FILE
from segmentation.sources.tables import Portion, Tally

ID, EVENT, LAST, ROWS = "id", "event", "last", "rows"


@dataclass(frozen=True)
class FileFacts:
    """What became of one file's rows, and which columns and events it has.

    Rows that are not used are rejected, `later` (after as_of, but not after today), in the
    `future` (after today), or blank and without an id; `later_read` and `future_read` are those
    of events that suppression reads. `events` counts the used rows and those after as_of of each
    event; `used_events` the used ones alone.
    """

    shown: str
    columns: frozenset[str]
    read: int
    used: int
    rejected: int
    later: int
    future: int
    later_read: int
    future_read: int
    events: Mapping[str, int]
    used_events: Mapping[str, int]


@dataclass(frozen=True)
class SourceFacts:
    """One source that suppression reads: its files, and the ids of its rows.

    `ids`: one row per file, event and id of used rows that suppression reads (event and id are
    text; the event is null where there are none). `rejected`: one row per file, event and id of
    rejected rows that are not ragged, with their number of `rows` and their `last` day, null where
    one cannot be read. `dateless`: of events the file, event and id of rows whose date is declared `missing`.
    """

    table: TableName
    source: Source
    files: tuple[FileFacts, ...]
    ids: pl.DataFrame
    rejected: pl.DataFrame
    dateless: pl.DataFrame
    ragged: tuple[RaggedRow, ...]
    last_day: date | None
    last_days: Mapping[str, date]  # of the used rows of each event
    parts: tuple[Portion, ...]


@dataclass(frozen=True)
class _Asked:
    """A source that is looked at, and the events whose ids are wanted."""

    table: Table
    source: Source
    tally: Tally
    events: frozenset[str]


def facts_of(
    reading: SourcesRead, tables: Tables, rules: Rules, *, today: date
) -> list[SourceFacts]:
    """The facts of every source that suppression reads."""
    asked = list(_asked(reading, tables, rules))
    frames = [_frame(one, today) for one in asked]
    found = pl.collect_all(frames, engine="streaming") if frames else []
    return [_facts(one, frame) for one, frame in zip(asked, found, strict=True)]


def sources_of(tables: Tables, rules: Rules) -> Iterator[tuple[Table, Source, Tally]]:
    """Every source of the rules with its table and its tally."""
    for table in opened(tables):
        for source, tally in zip(rules.sources[table.name], table.tallies, strict=True):
            yield table, source, tally


def _asked(reading: SourcesRead, tables: Tables, rules: Rules) -> Iterator[_Asked]:
    for table, source, tally in sources_of(tables, rules):
        if reading.reads(table.name, source):
            yield _Asked(table, source, tally, reading.events)


# -- the pass -------------------------------------------------------------------------------------


def _frame(asked: _Asked, today: date) -> pl.LazyFrame:
    """Rows by file, code, event and id: how many, the last day, how many without, after today."""
    rows = pl.concat([_slim(part, asked) for part in asked.tally.parts])
    return rows.group_by(FILE, CODE, EVENT, ID).agg(
        pl.len().cast(pl.Int64).alias(ROWS),
        pl.col("day").max().alias(LAST),
        pl.col("day").null_count().cast(pl.Int64).alias("undated"),
        (pl.col("day") > today).sum().cast(pl.Int64).alias("future"),
    )


def _slim(part: Portion, asked: _Asked) -> pl.LazyFrame:
    """The file, code, event, id and day of a part's rows; ids only where they are wanted."""
    coded = part.again([FILE])
    name = asked.table.name
    key = "product_id" if name == "products" else "customer_id"
    event = pl.col("event") if name == "events" else pl.lit(None)
    own_day = day_of(name)
    day = pl.lit(None) if own_day is None else pl.col(own_day)
    slim = coded.select(
        FILE,
        CODE,
        event.cast(pl.String).alias(EVENT),
        day.cast(pl.Date).alias("day"),
        pl.col(key).cast(pl.String).alias(ID),
    )
    wanted = (
        is_rejected(pl.col(CODE))
        | (pl.col(CODE) == Reason.NO_DATE)
        | ((pl.col(CODE) == Reason.USED) & _has_wanted_ids(name, asked.events))
    )
    return slim.with_columns(pl.when(wanted).then(pl.col(ID)).alias(ID))


def _has_wanted_ids(table: TableName, events: frozenset[str]) -> pl.Expr:
    """Whether the id of a used row is asked for: of customers, and of events that are read."""
    return _is_read(events) if table == "events" else pl.lit(table == "customers")


def _is_read(events: frozenset[str]) -> pl.Expr:
    """Whether a row is of an event that suppression reads."""
    return pl.lit(value=True) if ANY_EVENT in events else pl.col(EVENT).is_in(sorted(events))


def _looks_read(events: frozenset[str]) -> pl.Expr:
    """Whether a row is of an event that suppression reads, in whatever spelling."""
    if ANY_EVENT in events:
        return pl.lit(value=True)
    words = pl.select(alike(pl.lit(pl.Series(sorted(events), dtype=pl.String)))).to_series()
    return alike(pl.col(EVENT)).is_in(words.implode())


# -- facts ----------------------------------------------------------------------------------------


def _facts(asked: _Asked, found: pl.DataFrame) -> SourceFacts:
    shown = {p: s for part in asked.tally.parts for p, s in part.raw.shown().items()}
    named = found.with_columns(pl.col(FILE).replace(shown))
    code = pl.col(CODE)
    used = named.filter(code == Reason.USED)
    rejected = named.filter(is_rejected(code) & (code != Reason.RAGGED))
    name = asked.table.name
    is_read = _looks_read(asked.events) if name == "events" else pl.lit(value=True)
    return SourceFacts(
        table=name,
        source=asked.source,
        files=tuple(_file(f, c, named, is_read) for f, c in _files(asked.tally)),
        ids=used.filter(pl.col(ID).is_not_null()).select(FILE, EVENT, ID),
        rejected=rejected.with_columns(
            pl.when(pl.col("undated") == 0).then(pl.col(LAST)).alias(LAST)
        ).select(FILE, EVENT, ID, LAST, ROWS),
        dateless=named.filter(
            (code == Reason.NO_DATE) & pl.col(ID).is_not_null() & pl.lit(name == "events")
        ).select(FILE, EVENT, ID),
        ragged=()
        if name == "products"
        else tuple(chain.from_iterable(map(ragged_rows, asked.tally.parts))),
        last_day=used[LAST].max() if day_of(name) else None,  # type: ignore[arg-type]  # a column of days
        last_days=_last_days(used) if name == "events" else {},
        parts=asked.tally.parts,
    )


def _last_days(used: pl.DataFrame) -> Mapping[str, date]:
    newest = used.drop_nulls(EVENT).group_by(EVENT).agg(pl.col(LAST).max()).sort(EVENT)
    return dict(newest.iter_rows())


def _files(tally: Tally) -> list[tuple[str, frozenset[str]]]:
    """Each file of a source, and the columns it has."""
    return [
        (shown, frozenset(part.coded.collect_schema().names()))
        for part in tally.parts
        for shown in part.raw.shown().values()
    ]


def _file(shown: str, columns: frozenset[str], rows: pl.DataFrame, is_read: pl.Expr) -> FileFacts:
    own = rows.filter(pl.col(FILE) == shown)
    used = own.filter(pl.col(CODE) == Reason.USED)
    after = own.filter(pl.col(CODE) == Reason.AFTER)
    future, all_read = int(after["future"].sum()), after.filter(is_read)
    future_read = int(all_read["future"].sum())
    return FileFacts(
        shown=shown,
        columns=columns,
        read=int(own[ROWS].sum()),
        used=int(used[ROWS].sum()),
        rejected=int(own.filter(pl.col(CODE).is_in(list(REJECTED)))[ROWS].sum()),
        later=int(after[ROWS].sum()) - future,
        future=future,
        later_read=int(all_read[ROWS].sum()) - future_read,
        future_read=future_read,
        events=_by_event(pl.concat([used, after])),
        used_events=_by_event(used),
    )


def _by_event(rows: pl.DataFrame) -> Mapping[str, int]:
    counted = rows.drop_nulls(EVENT).group_by(EVENT).agg(pl.col(ROWS).sum()).sort(EVENT)
    return dict(counted.iter_rows())
