"""Events that no source gives. Only what the sources say for certain is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from segmentation.messages.notices import Notice
from segmentation.rules.checking.names import who_is
from segmentation.rules.conditions import Compare, Path, walk
from segmentation.rules.lint.finding import found
from segmentation.rules.measures import ANY_EVENT, PURCHASE, Measure
from segmentation.rules.prose import quoted
from segmentation.rules.reading.shapes import hint
from segmentation.rules.ruleset import Rules

UNKNOWN: Final = "unknown-event"


def unknown_events(rules: Rules) -> Iterator[Notice]:
    """A finding for each place that asks for an event which no source gives."""
    if not any(rules.sources.values()):
        return  # all files come from the command line
    names, complete = _given(rules)
    said = set()
    for who, path, measure in _measures(rules):
        for event in measure.events:
            if event in (PURCHASE, ANY_EVENT) or event in names or (event, path) in said:
                continue
            said.add((event, path))
            yield from _finding(rules, who, path, event, names, complete=complete)


def _given(rules: Rules) -> tuple[tuple[str, ...], bool]:
    """The events that sources name, and whether there can be no others."""
    sources = rules.sources.get("events", ())
    names = tuple(dict.fromkeys(s.event for s in sources if s.event))
    return names, all(s.event for s in sources)


def _finding(
    rules: Rules, who: str, path: Path, event: str, names: tuple[str, ...], *, complete: bool
) -> Iterator[Notice]:
    asks = f"{who} asks for the event {quoted(event)}"
    if not names and complete:
        yield found(
            rules,
            UNKNOWN,
            path,
            f"{asks}, and sources name no events",
            "Name a file under sources: events, or give --events FILE to every run.",
        )
    elif complete:
        yield found(
            rules,
            UNKNOWN,
            path,
            f"{asks}, which no source gives",
            f"{hint(event, names)}The sources give: {', '.join(names)}.",
            level="error",
        )
    elif hint(event, names):
        yield found(
            rules,
            UNKNOWN,
            path,
            f"{asks}, which no source names",
            f"{hint(event, names)}Some sources hold events of their own names.",
        )


def _measures(rules: Rules) -> Iterator[tuple[str, Path, Measure]]:
    for name, measure in rules.features.items():
        yield f'feature "{name}"', ("features", name), measure
    for path, condition in rules.conditions():
        for part in walk(condition):
            if isinstance(part, Compare) and isinstance(part.field, Measure):
                yield who_is(path), part.path, part.field
