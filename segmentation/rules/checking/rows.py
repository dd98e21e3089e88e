"""What cannot be meant of columns of rows whose kind is known before data: comparisons in `where`, and sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from segmentation.messages.errors import Problem
from segmentation.rules.checking.misfit import mending, misfit
from segmentation.rules.conditions import Compare, Path, walk
from segmentation.rules.kinds import LENT, NO_NUMBERS, adds_up, no_numbers, row_kind
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Rules


def row_misfits(rules: Rules, lent: Collection[str] | None) -> Iterator[tuple[Path, Problem]]:
    """Each such comparison or sum, with the path of the condition or feature in which it stands.

    `lent` are the columns that lines do not have themselves, None where that cannot be known yet.
    """
    if lent is None:
        lent = LENT if rules.adhoc or rules.sources.get("products") else ()
    for at, measure in _measures(rules):
        kind = None if measure.column is None else row_kind(measure, measure.column)
        if kind in NO_NUMBERS and adds_up(measure):
            what, mend = no_numbers(measure, kind)
            yield at, Problem(what, rules.where(at), mend)
        for rows in (measure, *(anchor.rows for anchor in measure.anchors)):
            yield from ((at, problem) for problem in _misfits(rules, rows, lent))


def _measures(rules: Rules) -> Iterator[tuple[Path, Measure]]:
    yield from ((("features", name), measure) for name, measure in rules.features.items())
    for path, condition in rules.conditions():
        compared = [part.field for part in walk(condition) if isinstance(part, Compare)]
        yield from ((path, one) for one in compared if isinstance(one, Measure))


def _misfits(rules: Rules, rows: Measure, lent: Collection[str]) -> Iterator[Problem]:
    for part in () if rows.where is None else walk(rows.where):
        if isinstance(part, Compare) and part.field not in lent:
            kind = row_kind(rows, str(part.field))
            said = misfit(part, kind)
            if said:
                yield Problem(said, rules.where(part.path), mending(part, kind))
