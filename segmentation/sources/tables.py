"""What reading gives: a table of usable rows, and for each source a tally of all its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.instants import UTC
from segmentation.rules.scalars import Scalar
from segmentation.rules.sources import TableName
from segmentation.sources.columns.affixed import Affixed
from segmentation.sources.columns.canonical import canonical
from segmentation.sources.columns.failing import failing_cells
from segmentation.sources.columns.reasons import CODE, Reason, is_rejected
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.told_amounts import (
    AMOUNT,
    column_kept,
    number_cells,
    told_amounts,
)
from segmentation.sources.columns.total_words import are_totals
from segmentation.sources.files.fingerprints import Seen
from segmentation.sources.reader import FILE, RECORD, RawTable
from segmentation.sources.settings import IN_RULES, Settings
from segmentation.sources.where_words import Files, WhereWord, held_in, where_words

_TOTAL: Final = "\0called total"  # whether a cell of the row is a word for totals


@dataclass(frozen=True)
class Portion:
    """Files that are scanned alike, and how their rows become canonical."""

    raw: RawTable
    recipe: Recipe
    ragged: Mapping[Reason, list[int]]
    """Records that are blank or have too few or too many cells; empty for several files."""

    coded: pl.LazyFrame
    """Canonical rows and their reason code, bad ones included."""

    def again(
        self, keep: Sequence[str] = (), beside: Mapping[str, pl.Expr] | None = None
    ) -> pl.LazyFrame:
        """Canonical rows once more, with RECORD, FILE (`keep`) or cells of the file (`beside`) beside them."""
        return canonical_rows(self.raw, self.recipe, self.ragged, keep=keep, beside=beside)

    @cached_property
    def rejected(self) -> Sequence[tuple[RawTable, pl.DataFrame]]:
        """Of each file its rejected rows and those that `where` cannot read, found in a second pass that is made once.

        RECORD, CODE, and the cells of which the formats were guessed, in the order of the file.
        """
        return [(raw, self._rejected(raw)) for raw in self.raw.each_file()]

    @cached_property
    def lost(self) -> pl.Series:
        """What each rejected line was worth, in 1/10,000; null where it cannot be told, nothing where it is called a total."""
        is_lost = is_rejected(pl.col(CODE)) & ~pl.col(_TOTAL)
        found = [told_amounts(rows.filter(is_lost), self.recipe) for _, rows in self.rejected]
        return pl.concat([pl.Series(AMOUNT, dtype=pl.Int64), *found])

    def _rejected(self, raw: RawTable) -> pl.DataFrame:
        numbers = {column_kept(c): pl.col(c) for c in number_cells(self.recipe)}
        cells = {**failing_cells(self.recipe), **numbers}
        kept = [RECORD, *cells]
        of_sales = self.recipe.table == "transactions"
        named = [n for n, t in raw.readable.items() if t == pl.String]
        texts = {f"{_TOTAL} {n}": pl.col(n) for n in named if of_sales}
        days = [f"{_TOTAL} {n}" for n in self.recipe.columns.canonical.get("ordered_at", ())]
        rows = canonical_rows(raw, self.recipe, self.ragged, keep=[RECORD], beside=cells | texts)
        coded = rows.select(*kept, *([AMOUNT] if of_sales else []), *texts, CODE)
        is_unread = pl.col(CODE) == Reason.UNREAD  # set aside, and perhaps for a wrong guess
        rejected = coded.filter(is_rejected(pl.col(CODE)) | is_unread)
        is_total = pl.any_horizontal(pl.lit(value=False), *map(are_totals, map(pl.col, texts)))
        blank = [pl.col(n).fill_null("").str.strip_chars() == "" for n in days if n in texts]
        is_total &= pl.any_horizontal(pl.lit(value=False), *blank)  # the sum of days has none
        found = rejected.with_columns(is_total.fill_null(value=False).alias(_TOTAL)).drop(*texts)
        return found.collect(engine="streaming").sort(RECORD)


def canonical_rows(
    raw: RawTable,
    recipe: Recipe,
    ragged: Mapping[Reason, list[int]],
    *,
    keep: Sequence[str] = (),
    beside: Mapping[str, pl.Expr] | None = None,
) -> pl.LazyFrame:
    """The canonical rows of a table as `canonical` makes them, scanned with what they need."""
    is_numbered = bool(RECORD in keep or ragged or recipe.columns.per_order)
    rows = raw.scan(with_records=is_numbered, with_files=FILE in keep)
    if beside:
        rows = rows.with_columns(**beside)
    return canonical(rows, recipe, ragged, keep=[*keep, *(beside or ())])


@dataclass(frozen=True)
class Newest:
    """The newest row of each id of a source, in the place of all rows that can be used.

    `passed_over` are the ids of rows that say other things and are set aside although nobody knows
    how old they are.
    """

    rows: pl.LazyFrame
    passed_over: pl.LazyFrame


@dataclass(frozen=True)
class Tally:
    """One source: `counts` is one row of rows_read, rows_used and one column per reason."""

    table: str
    path: str
    counts: pl.LazyFrame
    parts: tuple[Portion, ...]
    distinct: pl.LazyFrame | None = None
    """For customers and products: the table's rows, one per key unless some conflict."""

    beside: tuple[pl.LazyFrame, ...] = ()
    """For them: the rows of the table's other sources."""

    newest: Newest | None = None
    """Of a source with `latest_by` which of its rows count."""

    @property
    def files(self) -> tuple[Seen, ...]:
        """The local files behind the source, as they were when they were opened."""
        places = (place for part in self.parts for place in part.raw.places)
        return tuple(place.seen for place in places if place.seen is not None)


def words_of_where(tally: Tally) -> tuple[WhereWord, ...]:
    """What `where` of a source and of what is joined to it names, and rows do not have or spell otherwise."""
    recipe = tally.parts[0].recipe
    joined = [word for partner in recipe.partners for word in partner.words]
    own = () if recipe.where is None else where_words(recipe.where, _files(tally))
    return (*joined, *own)


def words_held(word: WhereWord, words: Sequence[Scalar], tallies: Sequence[Tally]) -> list[Scalar]:
    """Those of some words that rows of sources have in the column of a word."""
    return held_in(word, words, [one for tally in tallies for one in _files(tally)])


def _files(tally: Tally) -> list[Files]:
    return [Files(part.raw, part.recipe.written) for part in tally.parts]


@dataclass(frozen=True)
class Table:
    """One canonical table: usable rows only, ready to be shared by every query on it."""

    name: TableName
    rows: pl.LazyFrame
    columns: Mapping[str, pl.DataType]
    tallies: tuple[Tally, ...]
    notes: tuple[str, ...] = ()
    """Every guess that was made, one sentence each."""

    unread: tuple[str, ...] = ()
    """Every column that is not read as two could be meant, one sentence each."""

    coded: tuple[pl.LazyFrame, ...] = ()
    """All rows of each source with their reason codes, to be scanned once; of customers and products none."""

    rescans: bool = False
    """Whether a scan reads only the columns it needs, so that two cost no more than one."""

    affixed: Mapping[str, Affixed] = field(default_factory=dict)
    """The id columns whose texts stand for numbers: a scan has these in `numbered(name)`."""

    timezone: str = UTC
    """Whose clock its moments are of; where that is not UTC, a scan has them in INSTANT as well."""

    faulty: frozenset[str] = frozenset()
    """Of `columns` those that cannot be read: two columns could be meant, or it is of a wrong type."""

    narrowed: Callable[[Collection[str] | None], Table] | None = None
    """Makes the table that is read of one that knows its headers alone."""

    @property
    def settings(self) -> Settings:
        """How its (first) source is told what it does not say itself."""
        parts = (part for tally in self.tallies for part in tally.parts)
        return next((part.raw.settings for part in parts), IN_RULES)

    def reading(self, needs: Collection[str] | None) -> Table:
        """The table with what is always read and the columns that are needed (None: all).

        Raises InputError where one of them cannot be read.
        """
        return self if self.narrowed is None else self.narrowed(needs)


MOST_ROWS: Final = 1_000_000  # that are read once more, to be compared with each other


@dataclass(frozen=True)
class InputCount:
    """What became of one source's rows: read = used + rejected + set aside."""

    table: str
    path: str
    rows_read: int
    rows_used: int
    rows_rejected: int
    rows_set_aside: Mapping[str, int]
    last_day: str | None = None
    """The latest day of a used row, as ISO text; None for tables without days."""

    rows_without_partner: int | None = None
    """Of the rejected rows those that have no partner in a file that is joined; None where none is."""

    fingerprint: str | None = None
    """What its files hold, see `content`; None where that is not known."""

    @property
    def is_small(self) -> bool:
        """Whether its rows may be read once more; in a larger one to look again takes too long."""
        return self.rows_read < MOST_ROWS
