"""What can be computed from the tables at hand, and who must do without.

With the sources of personas.yaml a rule that needs a missing column stops the run. With
transactions from the command line the rules meet data they were not written for: there what
cannot be computed, or asks for an event that never occurs, is left out, and said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from segmentation.customers.describe import Book
from segmentation.dataclass import dataclass
from segmentation.measures.rows import Tables
from segmentation.messages.errors import InputError, Problem, listed, nearest
from segmentation.messages.notices import Notice, notice
from segmentation.rules.conditions import AnyOf, Condition, Path
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Persona, Rules
from segmentation.scan.needs import compiled
from segmentation.scan.occurring import Occurring
from segmentation.sources.unnamed import unnamed

SUPPRESSION_LEFT_OUT: Final = "suppression-left-out"
MOST_NAMED = 20


@dataclass(frozen=True)
class Lack:
    """Why a name cannot be computed: the problem without its place."""

    what: str
    mend: str = ""
    cause: str = ""  # what several lacks have in common, where that is shorter


@dataclass(frozen=True)
class Possible:
    """What of the rules can be computed, and warnings about what cannot.

    `suppress` are its rules by what `by` calls them in the allocation: `suppress 1`. `left_out`
    names what could not be computed from files of the command line.
    """

    features: tuple[str, ...]
    dimensions: tuple[str, ...]
    personas: tuple[Persona, ...]
    suppress: Mapping[str, Condition]
    columns: tuple[str, ...]
    warnings: tuple[Notice, ...] = ()
    left_out: tuple[str, ...] = ()


def lack(book: Book, tables: Tables, names: Iterable[str]) -> Lack | None:
    """The first reason why one of these names cannot be computed, or None."""
    for name, measure in book.leaves(names).items():
        if measure is None:
            found = _no_attribute(book, tables, name)
        else:
            found = _unmeasurable(measure, tables)
        if found is not None:
            return found
    return None


def _no_event(
    book: Book, events: Occurring, names: Iterable[str], *, is_of_suppression: bool
) -> Lack | None:
    """The first event that these names read and that does not occur.

    For suppression not in any spelling: what looks like the event may be a no.
    """
    lacks = events.lacks_alike if is_of_suppression else events.lacks
    read = (e for m in book.leaves(names).values() if m is not None for e in m.events)
    event = next(filter(lacks, read), None)
    return None if event is None else Lack(events.told(event), events.known())


def _unmeasurable(measure: Measure, tables: Tables) -> Lack | None:
    """What the tables lack for a measure or for the events that it follows."""
    try:
        for one in (measure, *(anchor.rows for anchor in measure.anchors)):
            compiled(one, tables)
    except InputError as error:
        return Lack(error.problems[0].what, error.problems[0].mend)
    return None


def _no_attribute(book: Book, tables: Tables, name: str) -> Lack | None:
    if name in book.attributes:
        return None
    if tables.customers is None:
        return Lack(
            f"{name} is a column of customers, and there is no table of customers",
            "Name the file under sources: customers, or give --customers FILE.",
            "there is no table of customers",
        )
    why = unnamed(tables.customers, name)
    if why is not None:
        return Lack(why.what, why.mend)
    near = nearest(name, book.attributes)
    hint = f"Nearest: {near}. " if near else ""
    return Lack(
        f"customers have no column {name!r}", f"{hint}{tables.customers.settings.attribute()}."
    )


def possible(
    book: Book,
    tables: Tables,
    chosen: Sequence[Persona],
    *,
    lenient: bool,
    named: Collection[str] = (),
) -> Possible:
    """What can be computed of the rules.

    Raises InputError for the rest, unless `lenient`: then only for the personas `named`.
    """
    rules = book.rules
    given = tables.events
    events = Occurring(given, rules.sources["events"]) if lenient and given is not None else None
    problems: dict[Lack, list[tuple[str, Path]]] = {}
    left_out: dict[str, list[str]] = {}

    def usable(who: str, names: Iterable[str], path: Path, *, needed: bool = False) -> bool:
        found = lack(book, tables, names)
        if found is None and events is not None:
            is_of_suppression = path[0] == "suppress"
            found = _no_event(book, events, names, is_of_suppression=is_of_suppression)
        if found is not None and lenient and not needed:
            left_out.setdefault(found.cause or found.what, []).append(who)
        elif found is not None:
            problems.setdefault(found, []).append((who, path))
        return found is None

    features = [f for f in rules.features if usable(f'feature "{f}"', [f], ("features", f))]
    dimensions = [d for d in rules.dimensions if usable(f'dimension "{d}"', [d], ("dimensions", d))]
    personas = [
        p
        for p in chosen
        if usable(f'persona "{p.name}"', _needed(p), ("personas", p.name), needed=p.name in named)
    ]
    suppress = {
        f"suppress {i + 1}": c
        for i, c in enumerate(rules.suppress)
        if usable(f"suppress rule {i + 1}", _condition_names(book, c), ("suppress", i))
    }
    columns = [
        c for i, c in enumerate(rules.columns) if usable(f'column "{c}"', [c], ("columns", i))
    ]
    if problems:
        raise InputError(*(_lacking(rules, lack, needed) for lack, needed in problems.items()))
    warnings = [
        notice("left-out", f"left out, as {why}: {', '.join(who)}") for why, who in left_out.items()
    ]
    if len(suppress) < len(rules.suppress):
        who = (
            "not every suppress rule could be applied"
            if suppress
            else ("no suppress rule could be applied, nobody is suppressed")
        )
        text = f"{who}: do not send to these files before consent is checked"
        warnings.insert(0, notice(SUPPRESSION_LEFT_OUT, text, is_of_suppression=True))
    return Possible(
        tuple(features),
        tuple(dimensions),
        tuple(personas),
        suppress,
        tuple(columns),
        tuple(warnings),
        tuple(who for each in left_out.values() for who in each),
    )


def _lacking(rules: Rules, found: Lack, needed: Sequence[tuple[str, Path]]) -> Problem:
    """What the data lacks, once, with all that needs it."""
    [(first, path), *others] = needed
    what = f"{first}: {found.what}"
    if others:
        what += f"; needed by {listed([who for who, _ in others], most=MOST_NAMED)}, too"
    return Problem(what, rules.where(path), found.mend)


def _needed(persona: Persona) -> tuple[str, ...]:
    each = (persona.for_each,) if persona.for_each else ()
    return (persona.name, *each, *persona.columns)


def _condition_names(book: Book, condition: Condition) -> tuple[str, ...]:
    return book.condition_node("_", AnyOf((condition,))).needs
