"""What to do when a feed that suppression reads has no file: nothing may have happened.

A missing file stays an error, for it may as well have got lost. Whoever knows that there was
nothing to write says so with a file that has a header alone, and with `quiet_for` on the source.
"""

from __future__ import annotations

from dataclasses import replace

from segmentation.customers.describe import Book
from segmentation.messages.errors import Problem
from segmentation.messages.notices import FEWEST_DAYS
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source, TableName
from segmentation.sources.columns.aliases import REQUIRED


def with_door(rules: Rules, table: TableName, source: Source, problem: Problem) -> Problem:
    """The problem of a source without a file, with the way out where suppression reads its events."""
    if table != "events" or not _is_read(rules, source):
        return problem
    signed = (
        ""
        if source.quiet_for
        else f", and say on the source for how long it may be silent: `quiet_for: {FEWEST_DAYS}d`"
    )
    door = f"If nothing happened, write a file there that has the header line alone ({_header(source)}){signed}."
    return replace(problem, mend=f"{problem.mend}\n  {door}")


def _is_read(rules: Rules, source: Source) -> bool:
    """Whether `suppress` reads events that a source may hold. No table is open yet."""
    book = Book(rules, {})
    needs = {
        n for i, c in enumerate(rules.suppress) for n in book.condition_node(f"__{i}", c).needs
    }
    measures = (m for m in book.leaves(needs).values() if m is not None)
    read = {event for m in measures if m.table == "events" or m.anchors for event in m.events}
    return bool(read) and (source.event is None or bool(read & {source.event, ANY_EVENT}))


def _header(source: Source) -> str:
    names = (n for n in REQUIRED["events"] if n != "event" or source.event is None)
    return (source.delimiter or ",").join(_named(source, n) for n in names)


def _named(source: Source, name: str) -> str:
    spec = source.columns.get(name, name)
    return spec if isinstance(spec, str) else name
