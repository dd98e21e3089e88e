"""Events that a rule asks for and the data does not have: a typo, far more often than a fact.

An event that nobody did looks the same as an event that does not exist, and `did_not` holds for
everybody. Names are looked up in the data only where a rule found nobody, so a run whose rules
find somebody pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from segmentation.config.conditions import Compare, Path, walk
from segmentation.config.measures import PURCHASE, Measure
from segmentation.config.rules import Rules
from segmentation.errors import Problem, listed, nearest
from segmentation.sources import Table


def unknown_events(
    rules: Rules, measures: Mapping[str, Measure], customers: pl.DataFrame, events: Table | None
) -> list[Problem]:
    """A problem for each event that these measures (by column) read and the data lacks.

    A constant `event` of a source is known, also while its file is empty.
    """
    declared = {s.event for s in rules.sources.get("events", ())}
    used = {e for m in measures.values() for e in events_of(m)}
    seen = {e for n, m in measures.items() if found_somebody(customers[n]) for e in events_of(m)}
    doubtful = sorted(used - declared - seen)
    if not doubtful or events is None:
        return []
    names = events.rows.select(pl.col("event").cast(pl.String).unique()).collect(engine="streaming")
    known = sorted({*names["event"].drop_nulls(), *(d for d in declared if d)})
    return [_problem(e, known, rules) for e in doubtful if e not in known]


def events_of(measure: Measure) -> Iterator[str]:
    """The events that a measure reads, those it follows included; not purchases, not any."""
    return (e for e in measure.events if e not in (PURCHASE, "*"))


def found_somebody(values: pl.Series) -> bool:
    """Whether a measure holds for any customer: true, not 0, or a value that is not missing."""
    present = values.drop_nulls()
    if present.dtype == pl.Boolean:
        return bool(present.any())
    return bool((present != 0).any()) if present.dtype.is_numeric() else len(present) > 0


def _problem(event: str, known: Sequence[str], rules: Rules) -> Problem:
    near = nearest(event, known)
    has = f"The data has: {listed(known, most=20)}." if known else "The data has no events."
    return Problem(f'there is no event "{event}" in the data', rules.where(_place(event, rules)),
                   f"{f'Nearest: {near}. ' if near else ''}{has}")  # fmt: skip


def _place(event: str, rules: Rules) -> Path:
    for name, measure in rules.features.items():
        if event in events_of(measure):
            return ("features", name)
    for path, condition in rules.conditions():
        for part in walk(condition):
            if (
                isinstance(part, Compare)
                and isinstance(part.field, Measure)
                and event in events_of(part.field)
            ):
                return part.path or path
    return ()
