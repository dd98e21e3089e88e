"""What the data holds where the rules compare: words that nobody can read, values that nobody has.

One judgement for every comparison with a column: what it cannot read (`cell_reading`), which values
nobody has, which stand there in another spelling, too. Suppression fails closed: there each
finding is an error, and names the door that whoever signs the rules can open (`values` of the
source). Elsewhere a finding is a warning, but a value that nobody has under a negation is an
error too: whoever meant to leave out men would leave out nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from segmentation.checks.doubted_reading import Doubted
from segmentation.checks.unreadable_values import UnreadableValues
from segmentation.checks.unseen_values import UnseenValues
from segmentation.dataclass import dataclass
from segmentation.messages.errors import nearest
from segmentation.messages.notices import Notice, notice
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare, Path
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.scan.held_values import ColumnValues
from segmentation.sources import Table
from segmentation.sources.unnamed import unnamed

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

#: what is said where a value is nobody's
_OF_NOBODY: Final = ("unseen-value", "unknown-event", "declared-value")


@dataclass(frozen=True)
class Doubts:
    """What is said of the readings, and what was compared where a value is nobody's."""

    notices: tuple[Notice, ...]
    unknown_events: tuple[Notice, ...]
    unseen: frozenset[str | Measure]
    unread: frozenset[tuple[str, str]]
    """The tables and columns of which it is said that cells are no numbers to be added up."""


def doubts_of(rules: Rules, found: Iterable[Reading], values: ColumnValues) -> Doubts:
    """Every doubt about what these readings compare, those of suppression first, each once.

    An event that the data lacks is a mistake of the rules, unless suppression hangs on it (then
    the data may lack it), the files are the command line's, which meet foreign rules, or the rules
    sign for it.
    """
    said: dict[tuple[str, str], tuple[Notice, Reading]] = {}
    every = tuple(found)
    mappings = _mappings(every)
    for one in sorted(every, key=lambda one: (not one.is_of_suppression, not one.is_negated)):
        held, mapping = values.of(one), mappings.get(one.path[:-1], ())
        beside = tuple(test for test in mapping if test != one.test)
        for each in _notices(Doubted(rules, one, held, values, beside)) if held else ():
            said.setdefault((each.code, each.text), (each, one))
    is_signed = rules.notices.get("unknown-event", "error") != "error"
    mistakes = [n for n, one in said.values() if _is_mistake(n, one)]
    if rules.adhoc or is_signed:
        mistakes = []
    return Doubts(
        tuple(n for n, _ in said.values() if n not in mistakes),
        tuple(replace(n, level="error") for n in mistakes),
        frozenset(
            one.compared for n, one in said.values() if n.code in _OF_NOBODY and one.compared
        ),
        frozenset(
            (one.table, one.column)
            for n, one in said.values()
            if n.code == "unreadable-value" and one.how == "number"
        ),
    )


def doubts(run: AfterScan) -> Iterable[Notice]:
    """What is said of the values that rules compare."""
    return run.doubts.notices


def misnamed(run: AfterScan) -> Iterator[Notice]:
    """A warning for each column under `values` of a source that its table lacks: nothing is declared by it."""
    rules, tables = run.rules, run.prepared.headers
    products = tables.products.columns if tables.products else {}
    for name, sources in rules.sources.items():
        table: Table | None = getattr(tables, name)
        known = [] if table is None else [*table.columns, *products]
        for column in dict.fromkeys(c for s in sources for c in s.values if c not in known):
            near, why = nearest(column, known), unnamed(table, column)
            text = f"values of {name} name the column {quoted(column)}, which {name} lack"
            more = f": {why.what}" if why else f"; nearest: {near}" if near else ""
            yield notice("unknown-column", text + more, where=rules.where(("sources", name)))


def _mappings(found: Iterable[Reading]) -> Mapping[Path, tuple[Compare, ...]]:
    """The comparisons of each mapping of operators, by its path: all of them hold."""
    mappings: dict[Path, dict[Compare, None]] = {}
    for one in found:
        if one.path[-1:] == (one.test.operator,):
            mappings.setdefault(one.path[:-1], {})[one.test] = None
    return {path: tuple(tests) for path, tests in mappings.items()}


def _is_mistake(said: Notice, one: Reading) -> bool:
    return said.code == "unknown-event" and not one.is_of_suppression


def _notices(case: Doubted) -> Iterator[Notice]:
    """Every doubt about one reading."""
    own = case.rules, case.one, case.held, case.values, case.beside
    unread, unseen = UnreadableValues(*own), UnseenValues(*own)
    if case.held.is_whole:
        yield from unread.blank()
        yield from unread.unreadable()
    for literal in unseen.literals():
        yield from unseen.unseen(literal)
