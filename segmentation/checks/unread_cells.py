"""Cells of lines and events that a measure reads as numbers or dates, and that are neither.

What suppression or a negation compares is judged by its words (`unreadable_values`); here is the rest:
what is added up, averaged or compared with bounds, and would be passed over without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from segmentation.checks.cell_reading import READERS
from segmentation.checks.doubted_reading import visible
from segmentation.checks.unreadable_values import told_as_shapes
from segmentation.measures.own_numbers import FINEST, LARGEST
from segmentation.messages.errors import agreeing, commonest, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import nameable, told
from segmentation.rules.yaml.flow import flow
from segmentation.scan.unread_cells import Unread
from segmentation.sources.columns.dates import placeholder
from segmentation.sources.columns.missing import NOBODY

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

LEAST_SHARE: Final = 0.1  # percent: smaller ones are told as less
MOST_DECLARED: Final = 5  # words that a door names
_ROWS: Final = {"transactions": "line", "events": "row"}


def doubted(run: AfterScan) -> Iterator[Notice]:
    """A notice for each column with cells that measures cannot read; not where comparisons told it."""
    for one in run.measured.unread:
        is_told = (one.use.table, one.use.column) in run.doubts.unread
        if one.use.as_ == "addend" and one.unread:
            yield _not_added(one, _holders(run, one)[1], spares=_spares(run, one))
        elif one.is_doubtful and not is_told:
            said = _doubted(one, *_holders(run, one))
            yield replace(said, is_of_suppression=_spares(run, one))


def _spares(run: AfterScan, one: Unread) -> bool:
    """Whether suppression reads the column."""
    rows = (r for r in run.of_suppress.rows if r.table == one.use.table)
    return any(one.use.column in r.columns for r in rows)


def _holders(run: AfterScan, one: Unread) -> tuple[str, tuple[str, ...]]:
    """The table whose files have the column, as it is called, and these."""
    tables = run.measured.tables
    own = tables.of(one.use.table)
    is_own = own is not None and one.use.column in own.columns
    table = own if is_own or tables.products is None else tables.products
    assert table is not None
    return table.name, tuple(tally.path for tally in table.tallies)


def _not_added(one: Unread, paths: Sequence[str], *, spares: bool) -> Notice:
    """Numbers that no sum can hold, by their size; an error where suppression hangs on one."""
    sizes: Counter[str] = Counter()
    for cell, rows in one.cells.items():
        sizes[_size(cell)] += rows
    of = counted(one.held, _ROWS[one.use.table])
    has = agreeing(one.unread, "has", "have")
    said = listed([f"{size} ({sizes[size]:,})" for size in commonest(sizes)])
    text = f"{one.use.column} is added up, and {one.unread:,} of {of} ({_share(one)}) {has} {said}"
    mend = "A sum leaves such cells out. Mend the data."
    return notice(
        "not-added-up",
        text,
        where=" and ".join(paths),
        mend=mend,
        level="error" if spares else None,
        is_of_suppression=spares,
    )


def _size(cell: str) -> str:
    size = f"beyond {LARGEST:.0e}" if abs(float(cell)) > 1 else f"below {1 / FINEST:.0e}"
    return f"a number {size}".replace("+", "")


def _doubted(one: Unread, table: str, paths: Sequence[str]) -> Notice:
    column, as_ = one.use.column, one.use.as_
    assert as_ != "addend", "what is too large is told by its size"
    noun = READERS[as_].noun
    of = counted(one.held, _ROWS[one.use.table])
    text = (
        f"{column} is read as {noun}, and {one.unread:,} of {of} ({_share(one)}) "
        f"{agreeing(one.unread, 'has', 'have')} something else there: {_told(one)}"
    )
    mend = f"They count as missing. Mend the data{_door(one, table)}."
    where = " and ".join(paths) or table
    return notice("unreadable-value", text, where=where, mend=mend, is_of_suppression=False)


def _share(one: Unread) -> str:
    share = 100 * one.unread / one.held
    return f"{share:.3g} %" if share >= LEAST_SHARE else f"less than {LEAST_SHARE} %"


def _told(one: Unread) -> str:
    """Words where they may be named, else shapes; up to five of the kinds that there are."""
    cells = {visible(cell): rows for cell, rows in one.cells.items()}
    rest = one.unread - sum(cells.values())
    is_named = bool(nameable(one.use.column, cells))
    said = told(one.use.column, cells) if is_named else told_as_shapes(cells)
    return f"{said}, and {rest:,} more" if rest else said


def _door(one: Unread, table: str) -> str:
    """What says that cells are missing: words of programs, placeholders, and others that may be named."""
    may_be_told = {*nameable(one.use.column, one.cells)}
    words = dict.fromkeys(
        placeholder(cell) or cell.strip()
        for cell in commonest(one.cells)
        if cell in may_be_told or cell.strip().lower() in NOBODY or placeholder(cell)
    )
    if not words:
        return ""
    missing = flow({"missing": {one.use.column: [*words][:MOST_DECLARED]}})[1:-1]
    return f"; where such a cell says nothing, declare it: {missing} on the source of {table}"
