"""Personas that always lose to a higher one, and customers that the waterfall has nothing for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from segmentation.messages.notices import Notice
from segmentation.rules.conditions import EVERYONE, All, Compare, Condition, InPersona, walk
from segmentation.rules.dimensions.context import is_label
from segmentation.rules.lint.finding import found
from segmentation.rules.lint.solve import implies, possible
from segmentation.rules.ruleset import Persona, Rules

MOST_COMBINATIONS: Final = 2_000
MOST_LISTED: Final = 8
Labels = tuple[str | None, ...]  # a label of each dimension; None is any


# -- who always loses -----------------------------------------------------------------------------


def always_outranked(rules: Rules, dead: Collection[str]) -> Iterator[Notice]:
    """A finding for each persona of the waterfall whose customers all go to higher ones."""
    names = [n for n in rules.waterfall if n in rules.personas and n not in dead]
    for i, name in enumerate(names):
        higher = [n for n in names[:i] if _takes_all(rules, rules.personas[n])]
        takers = _takers(rules, name, higher)
        if takers:
            belongs = " or ".join(f'"{n}"' for n in takers)
            yield found(
                rules,
                "always-outranked",
                ("waterfall", rules.waterfall.index(name)),
                f'persona "{name}" always loses: whoever matches it is in {belongs}, higher in the waterfall',
                f'Move "{name}" up, or narrow what stands above it.',
            )


def _takers(rules: Rules, name: str, higher: Sequence[str]) -> tuple[str, ...]:
    """The higher persona, or else the higher personas together, that have all of one's customers."""
    member = InPersona(name)
    taker = next((n for n in higher if implies(rules, member, InPersona(n))), None)
    if taker or not higher:
        return (taker,) if taker else ()
    return tuple(higher) if implies(rules, member, *map(InPersona, higher)) else ()


def _takes_all(rules: Rules, persona: Persona) -> bool:
    """Whether a customer who matches is in an audience: with `for_each` only who has a value."""
    return persona.for_each is None or persona.for_each in rules.dimensions


# -- who is left over -----------------------------------------------------------------------------


def uncovered(rules: Rules) -> Iterator[Notice]:
    """A finding that lists the combinations of the waterfall's dimensions without a persona.

    Where personas are made of labels alone, those are asked for a complete set of journeys;
    what adds other conditions to labels picks some customers of a combination, it covers none.
    """
    everyone = [rules.personas[n] for n in rules.waterfall if n in rules.personas]
    if any(p.match == EVERYONE for p in everyone):
        return
    of_labels = _of_labels(rules)
    personas = [p for p in everyone if p.name in of_labels] or everyone
    names = _dimensions(rules, personas)
    sizes = [len(rules.dimensions[n].labels) for n in names]
    if not names or math.prod(sizes) > MOST_COMBINATIONS:
        return
    labels = [rules.dimensions[n].labels for n in names]
    holes = {cell: _is_hole(rules, names, cell, personas) for cell in itertools.product(*labels)}
    cells = _widest([c for c, hole in holes.items() if hole], holes, labels)
    if cells:
        shown = [_worded(names, cell) for cell in cells[:MOST_LISTED]]
        more = len(cells) - len(shown)
        yield found(
            rules,
            "uncovered",
            ("waterfall",),
            f"the waterfall has no persona for: {'; '.join(shown)}{f'; … ({more} more)' if more else ''}",
            "Add a persona for them at its end; or leave them out on purpose, and say so: "
            "notices: {uncovered: off}",
            key=True,
        )


def _dimensions(rules: Rules, personas: Sequence[Persona]) -> list[str]:
    """The dimensions that the waterfall's personas compare, in the file's order."""
    compared = {
        c.field for c in _deep(rules, [p.match for p in personas]) if isinstance(c, Compare)
    }
    return [n for n in rules.dimensions if n in compared]


def _of_labels(rules: Rules) -> set[str]:
    """The personas that compare labels and nothing else, themselves or through others."""
    users: dict[str, list[str]] = {}
    labels, others = set[str](), set[str]()
    for name, persona in rules.personas.items():
        for part in walk(persona.match):
            if isinstance(part, InPersona):
                users.setdefault(part.name, []).append(name)
            elif isinstance(part, Compare):
                (labels if part.field in rules.dimensions else others).add(name)
    return _with_users(labels, users) - _with_users(others, users)


def _with_users(names: Collection[str], users: Mapping[str, Sequence[str]]) -> set[str]:
    """These personas and all that refer to them, straight or through others."""
    waiting, found = list(names), set(names)
    for name in waiting:
        waiting.extend(new := [n for n in dict.fromkeys(users.get(name, ())) if n not in found])
        found.update(new)
    return found


def _deep(rules: Rules, conditions: Sequence[Condition]) -> Iterator[Condition]:
    """All parts of these conditions and of the personas that they refer to, each persona once."""
    waiting, seen = list(conditions), set[str]()
    while waiting:
        for part in walk(waiting.pop()):
            yield part
            if (
                isinstance(part, InPersona)
                and part.name in rules.personas
                and part.name not in seen
            ):
                seen.add(part.name)
                waiting.append(rules.personas[part.name].match)


def _is_hole(
    rules: Rules, names: Sequence[str], cell: Labels, personas: Sequence[Persona]
) -> bool | None:
    """Whether customers may have these labels and none a persona; None where nobody has them."""
    condition = All(tuple(is_label(n, str(label)) for n, label in zip(names, cell, strict=True)))
    if not possible(rules, condition):
        return None
    return not any(possible(rules, condition, InPersona(p.name)) for p in personas)


def _widest(
    cells: Sequence[Labels],
    holes: dict[tuple[str, ...], bool | None],
    labels: Sequence[Sequence[str]],
) -> list[Labels]:
    """The cells with `any` for each dimension that does not matter, each once."""
    found: list[Labels] = []
    for cell in cells:
        if not any(_covers(wide, cell) for wide in found):
            for i in range(len(labels)):
                wider = (*cell[:i], None, *cell[i + 1 :])
                if all(hole is not False for c, hole in holes.items() if _covers(wider, c)):
                    cell = wider  # noqa: PLW2901 - widened one dimension after the other
            found.append(cell)
    return found


def _covers(wide: Labels, cell: Labels) -> bool:
    return all(w in (None, c) for w, c in zip(wide, cell, strict=True))


def _worded(names: Sequence[str], cell: Labels) -> str:
    said = [f"{n} {label}" for n, label in zip(names, cell, strict=True) if label is not None]
    return " and ".join(said) or "anyone"
