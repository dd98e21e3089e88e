"""Which column of a table is which, before any row is read; and why one cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property, partial
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.rules.cell_words import NO_IN_LETTERS, YES_IN_LETTERS
from segmentation.rules.sources import TIME, Source, TableName
from segmentation.sources.columns.aliases import ALIASES, NUMBERS, squeezed
from segmentation.sources.columns.derived import with_made
from segmentation.sources.columns.failing import Texts
from segmentation.sources.columns.ids import Ids
from segmentation.sources.columns.mapping import (
    Columns,
    Header,
    always_read,
    assign,
    either,
    of_two_candidates,
)
from segmentation.sources.columns.misread import misread
from segmentation.sources.columns.number_formats import currency_beside
from segmentation.sources.columns.ways import has_options, of_init, said
from segmentation.sources.fields import are_apart
from segmentation.sources.parquet.oversize import MEND, TOO_LARGE
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import Use, can_be, is_text

LAUNCHED: Final = "launched_at"  # of products, and of lines that bring it


@dataclass(frozen=True)
class Order:
    """How a table is to be read, for all its sources alike."""

    table: TableName
    cutoff: date | None
    timezone: str | None  # None where nobody declares one: days are of UTC
    needs: frozenset[str] | None
    ids: Ids
    compares_products: bool = True  # else nobody sees how product ids are written
    oversize: frozenset[str] = frozenset()  # columns that are not read, as a cell is too large
    failing: Texts = field(default_factory=dict)  # what earlier guesses could not read
    dates: frozenset[str] = frozenset()  # of no meaning here, but rules compare them as dates
    of_buyers: frozenset[str] = frozenset()  # the columns that transactions read customer_id from
    numbers: frozenset[str] = frozenset()  # and those that they add up, or compare with numbers

    def wanted(self, read: Mapped) -> frozenset[str] | None:
        """The columns of a table that are read: those that are needed, and what always is; None: all."""
        return None if self.needs is None else self.needs | read.always_read


@dataclass(frozen=True)
class Mapped:
    """A table of a source, and which of its columns is which; no row is read yet."""

    raw: RawTable
    header: Header
    columns: Columns

    @property
    def always_read(self) -> frozenset[str]:
        """What is read whatever the rules need."""
        constant = self.header.has_constant_event
        return always_read(
            self.header.table,
            self.columns.canonical,
            has_constant_event=constant,
            has_orders=bool(self.columns.per_order),
            has_rates=self.header.has_rates,
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """A sentence for each column of which it is unclear what it is read from."""
        table, unclear = self.header.table, self.columns.unclear
        return tuple(
            f"{table}: {n} is not read: it could be from {either(c)}, and no rule needs it"
            for n, c in unclear.items()
        )

    @cached_property
    def faults(self) -> tuple[Mapping[str, Sequence[Problem]], ...]:
        """Why columns cannot be read, by canonical name; of several kinds the first is told."""
        unclear = {
            n: of_two_candidates(self.header, {n: c}) for n, c in self.columns.unclear.items()
        }
        table, columns, raw = self.header.table, self.columns, self.raw
        return (
            unclear,
            _oversize(columns, raw),
            _misfits(table, columns, raw),
        )

    @property
    def faulty(self) -> frozenset[str]:
        """The canonical columns that cannot be read."""
        return frozenset(name for kind in self.faults for name in kind)


def mapped(
    source: Source,
    raw: RawTable,
    table: str,
    elsewhere: frozenset[str] = frozenset(),
    *,
    of_buyers: frozenset[str] = frozenset(),
    beside: Sequence[Source] = (),
) -> Mapped:
    """Which column of a table is which; `elsewhere` are those that other files of its source have.

    `of_buyers` are those that transactions read customer_id from, `beside` all sources of the table.

    Raises InputError where what is always read cannot be.
    """
    raw = with_made(raw, source.columns)
    header = Header(
        table=table,
        shown=raw.called,
        names=_names(source, raw, table),
        declared=source.columns,
        mapping_of=partial(_way, source, raw, table),
        event_of=raw.settings.one_event(is_of_rules=source.is_of_rules),
        misread=partial(misread, raw, source, table),
        has_constant_event=source.event is not None,
        has_rates=bool(source.rates),
        stands_beside=partial(_stands_beside, raw),
        where=source.where,
        elsewhere=elsewhere,
        latest_by=source.latest_by,
        fill_down=source.fill_down,
        holds_flags=partial(_holds_flags, raw),
        cells=raw.sample,
        of_buyers=of_buyers,
        apart=of_init(beside) if len(beside) > 1 else "",
    )
    found = Mapped(raw, header, assign(header))
    refuse(found, found.always_read)
    return found


def told_alike(tables: Sequence[Mapped]) -> frozenset[str]:
    """The column that tells customers in all tables, where they are told by different ones; nothing without such."""
    chosen = [one.columns.canonical["customer_id"][0] for one in tables if _has_customers(one)]
    names = dict.fromkeys(map(squeezed, chosen))
    every = [{*map(squeezed, one.header.names)} for one in tables]
    common = [name for name in names if all(name in own for own in every)]
    if len(names) < 2 or not common:
        return frozenset()
    return frozenset(name for name in chosen if squeezed(name) == common[0])


def _has_customers(one: Mapped) -> bool:
    return bool(one.columns.canonical.get("customer_id"))


def _way(source: Source, raw: RawTable, table: str, columns: Mapping[str, str]) -> str:
    """What to write so that columns are read as canonical ones: options, where the command line names the file."""
    if has_options(source, table):
        return said(source, raw, table, columns)
    return raw.settings.columns(table, columns)


def _stands_beside(raw: RawTable, columns: Sequence[str]) -> bool:
    """Whether a currency stands beside sampled numbers of some columns."""
    texts = (raw.sample[c] for c in columns if c in raw.sample and is_text(raw.schema[c]))
    return any(currency_beside(pl.Series(one, dtype=pl.String)).count() for one in texts)


def _holds_flags(raw: RawTable, column: str) -> bool:
    """Whether the sampled cells of a column are yes and no, in letters."""
    if raw.schema.get(column) == pl.Boolean:
        return True
    texts = (text.strip().lower() for text in raw.sample.get(column, ()) if text)
    first = next(filter(None, texts), "")
    flags = YES_IN_LETTERS | NO_IN_LETTERS
    return first in flags and all(t in flags for t in texts if t)


def _names(source: Source, raw: RawTable, table: str) -> tuple[str, ...]:
    """The columns that may be meant: of a struct its fields, but where it is called as itself."""
    called = {*ALIASES[table], *source.columns.values()}
    return tuple(n for n in raw.schema if n in called or not are_apart(n, raw.schema))


def refuse(read: Mapped, wanted: Collection[str] | None) -> None:
    """Raise InputError where a column that is needed cannot be read."""
    for kind in read.faults:
        wrong = [
            p for name, found in kind.items() if wanted is None or name in wanted for p in found
        ]
        if wrong:
            raise InputError(*wrong)


def dates_of(table: str) -> tuple[str, ...]:
    """The columns of a table that hold dates, if it has them."""
    return (*TIME.get(table, ())[:1], LAUNCHED)


def source_of(name: str, columns: Columns) -> str | None:
    """The file's (first) column for a name; None where it has none."""
    if name in columns.canonical:
        return columns.canonical[name][0]
    return name if name in columns.others else None


def _read_of(columns: Columns) -> Iterator[tuple[str, str]]:
    """The canonical columns with the files' columns behind them."""
    return ((name, column) for name, found in columns.canonical.items() for column in found)


def _by_name(problems: Iterable[tuple[str, Problem]]) -> Mapping[str, Sequence[Problem]]:
    found: dict[str, list[Problem]] = {}
    for name, problem in problems:
        found.setdefault(name, []).append(problem)
    return found


def _oversize(columns: Columns, raw: RawTable) -> Mapping[str, Sequence[Problem]]:
    """A column that is read has no cell that takes memory without bound."""
    wrong = [(name, column) for name, column in _read_of(columns) if column in raw.oversize]
    files = {column: raw.with_oversize(column) for _, column in wrong}
    return _by_name(
        (name, Problem(f"{name}: the column {column} {TOO_LARGE}", shown, MEND))
        for shown in (raw.shown().values() if wrong else ())
        for name, column in wrong
        if shown in files[column]
    )


#: what columns are read as -> what they are not, of another type, and what to store
_READ_AS: Final[Mapping[Use, tuple[str, str]]] = {
    "number": (
        ", not numbers",
        "Store numbers, or {another}.",
    ),
    "date": (", not dates", "Store dates, timestamps or text."),
    "text": ("", "Store one text or number per row."),
    "mapped": ("", "Store one text or number per row."),
}


def _misfits(table: str, columns: Columns, raw: RawTable) -> Mapping[str, Sequence[Problem]]:
    """Every canonical column is stored as what it is read as: no list as text, no day as an amount."""
    uses = ((name, column, _use_of(table, name)) for name, column in _read_of(columns))
    return _by_name(
        (name, _misfit(name, column, use, raw))
        for name, column, use in uses
        if not can_be(raw.schema[column], use)
    )


def _misfit(name: str, column: str, use: Use, raw: RawTable) -> Problem:
    otherwise, mend = _READ_AS[use]
    what = f"{name}: the column {column} holds {raw.schema[column]}{otherwise}"
    return Problem(what, raw.called, mend.format(another=raw.settings.another(name)))


def _use_of(table: str, name: str) -> Use:
    """What a canonical column is read as."""
    numbers = {"transactions": NUMBERS, "products": ("cost",)}.get(table, ())
    if name in numbers or name in dates_of(table):
        return "number" if name in numbers else "date"
    return "text" if name in ALIASES[table] else "mapped"
