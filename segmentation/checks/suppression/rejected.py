"""Rejected rows of what suppression reads: their customers are suppressed, or the run stops.

A row that cannot be read may be the very "no" that must not get lost. If it says whose it is,
that customer is suppressed; if not, nobody knows whom it would have taken out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

import polars as pl

from segmentation.checks.suppression.facts import EVENT, ID, LAST, ROWS, SourceFacts
from segmentation.checks.suppression.ragged import first_of, known_to, not_in_ids
from segmentation.checks.suppression.sources_read import RowsRead, SourcesRead
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.look_alikes import alike
from segmentation.rules.measures import ANY_EVENT
from segmentation.sources.reader import FILE
from segmentation.sources.rejects import rejected_lines


@dataclass(frozen=True)
class Unread:
    """Who is named by rejected rows (by file), and in which files rows are of nobody knows whom."""

    named: dict[str, frozenset[str]]
    unnamed: dict[str, int]


def unread_rows(
    reading: SourcesRead, sources: Sequence[SourceFacts], customers: pl.Series, as_of: date
) -> Unread:
    """The rejected rows that may hold what suppression looks for. `customers` are known ids."""
    named: dict[str, set[str]] = {}
    unnamed: dict[str, int] = {}
    known = {*customers} if any(s.ragged or len(s.rejected) for s in sources) else set()
    persons = known_to((row for source in sources for row in source.ragged), known)
    for source in sources:
        if source.table == "products":
            _count_products(source, unnamed)
            continue
        signs = not_in_ids(source.ids[ID].unique()) if len(source.rejected) else ""
        for shown, one, rows in _relevant(reading, source, as_of).iter_rows():
            if one is None:
                unnamed[shown] = unnamed.get(shown, 0) + rows
                continue
            cut = () if one in known else first_of(one, signs)
            if cut and known.isdisjoint(cut):
                unnamed[shown] = unnamed.get(shown, 0) + rows
            else:
                named.setdefault(shown, set()).update(known.intersection(cut) or {one})
        for row in of_what_is_read(reading, source, source.ragged):
            named.setdefault(row.shown, set()).update(row.ids(persons))
            if not row.is_told(persons):
                unnamed[row.shown] = unnamed.get(row.shown, 0) + 1
    return Unread({f: frozenset(ids) for f, ids in named.items() if ids}, unnamed)


def _count_products(source: SourceFacts, unnamed: dict[str, int]) -> None:
    """A product's row is of no customer."""
    for file in source.files:
        if file.rejected:
            unnamed[file.shown] = file.rejected


def _relevant(reading: SourcesRead, source: SourceFacts, as_of: date) -> pl.DataFrame:
    """File, id and number of rejected rows, but for those that say that nothing asks for them.

    The id is missing where a joined file should have told it.
    """
    rows = source.rejected
    asked = reading.of(source.table, source.source)
    if source.table == "events" and source.source.event is None and not _is_any(asked):
        read = pl.lit(pl.Series(sorted(reading.events)))
        words = pl.select(alike(read)).to_series().implode()
        event = pl.col(EVENT)
        rows = rows.filter(event.is_null() | alike(event).is_in(words))
    since = _since(asked, as_of)
    if source.table != "customers" and since is not None:
        rows = rows.filter(pl.col(LAST).is_null() | (pl.col(LAST) >= since))
    if not joins_ids(source):
        rows = rows.filter(pl.col(ID).is_not_null())
    own = rows.group_by(FILE, ID, maintain_order=True)
    return own.agg(pl.col(ROWS).sum())


def joins_ids(source: SourceFacts) -> bool:
    """Whether a joined file tells whose the rows of a source are."""
    recipes = (part.recipe for part in source.parts if part.recipe.has("customer_id"))
    pairs = ((recipe.source("customer_id"), one) for recipe in recipes for one in recipe.partners)
    return any(column in one.columns for column, one in pairs)


def _is_any(asked: Iterable[RowsRead]) -> bool:
    return any(read.event == ANY_EVENT for read in asked)


def _since(asked: Iterable[RowsRead], as_of: date) -> date | None:
    """The first day that anything asks for; None for all time."""
    days = [read.first_day(as_of) for read in asked]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def _plain(event: str) -> str:
    return event.strip().lower()


class _Row(Protocol):
    @property
    def cells(self) -> Sequence[str]: ...


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def of_what_is_read(
    reading: SourcesRead, source: SourceFacts, rows: Iterable[_AnyRow]
) -> list[_AnyRow]:
    """Rows, but for those that name another event of their file and none that is read."""
    if source.table != "events" or source.source.event is not None or ANY_EVENT in reading.events:
        return list(rows)
    asked = [_plain(e) for e in reading.events]
    others = {_plain(e) for file in source.files for e in file.events} - {*asked}
    return [row for row in rows if not _is_of_others(row, others, asked)]


def _is_of_others(row: _Row, others: Collection[str], asked: Iterable[str]) -> bool:
    words = [_plain(cell) for cell in row.cells]
    return any(w in others for w in words) and not any(e in w for e in asked for w in words)


# -- what is said ---------------------------------------------------------------------------------


def told(unread: Unread, sources: Sequence[SourceFacts], customers: pl.Series) -> list[Notice]:
    """Who is suppressed by rejected rows, and an error where nobody knows whom they are of."""
    counts = {file.shown: file for source in sources for file in source.files}
    found = []
    for shown, ids in unread.named.items():
        file, taken = counts[shown], int(customers.is_in(sorted(ids)).sum())
        text = (
            f"{file.rejected:,} of {counted(file.read, 'row')} that suppress reads "
            f"{agreeing(file.rejected, 'is', 'are')} rejected: {_taken(file.rejected, taken)}"
        )
        found.append(notice("rejected-rows-suppress", text, where=shown, is_of_suppression=True))
    catalogues = {f.shown for s in sources if s.table == "products" for f in s.files}
    for shown, number in unread.unnamed.items():
        file = counts[shown]
        is_of = (
            f"what {agreeing(number, 'it says of its product is', 'they say of their products is')} lost"
            if shown in catalogues
            else f"nor whom {agreeing(number, 'it is', 'they are')} of"
        )
        text = (
            f"suppress reads this file, and {counted(number, 'row')} of {file.read:,} cannot be read, {is_of}: nobody "
            "knows who must not be written to"
        )
        found.append(
            notice(
                "rejected-rows-of-nobody",
                text,
                where=shown,
                is_of_suppression=True,
                mend=f"Mend {_lines(shown, sources)}.{_of_join(shown, sources)}",
            )
        )
    return found


def _of_join(shown: str, sources: Sequence[SourceFacts]) -> str:
    """What else may be done where a joined file should tell whose rows are."""
    own = (s for s in sources if any(file.shown == shown for file in s.files))
    if not any(map(joins_ids, own)):
        return ""
    return " Rows without a partner in what is joined are of nobody: where that is meant, write optional: true at the join."


def _taken(rows: int, taken: int) -> str:
    """Whom some rejected rows suppress, in words; rows that name only strangers suppress nobody."""
    names = agreeing(rows, "it names", "they name")
    if not taken:
        return f"{names} no customer here, and so {agreeing(rows, 'suppresses', 'suppress')} nobody"
    if rows == taken == 1:
        return f"the customer {names} is suppressed"
    return f"the {counted(taken, 'customer')} {names} {agreeing(taken, 'is', 'are')} suppressed"


def _lines(shown: str, sources: Sequence[SourceFacts]) -> str:
    """Where the rejected rows of a file stand: `line 3`, `lines 3, 9, … (4 more)`."""
    lines = [str(n) for s in sources for part in s.parts for n in rejected_lines(part, shown)]
    return f"{agreeing(len(lines), 'line', 'lines')} {listed(lines)}"
