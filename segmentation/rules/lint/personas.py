"""Personas that can never match, or whose customers are all suppressed."""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.messages.notices import Notice
from segmentation.rules.conditions import AnyOf, InPersona
from segmentation.rules.lint.conflict import conflict, core, how_to_mend
from segmentation.rules.lint.finding import found, place_of
from segmentation.rules.lint.solve import implies, possible
from segmentation.rules.ruleset import Persona, Rules


def impossible_personas(rules: Rules) -> Iterator[tuple[str, Notice]]:
    """The name and the finding of each persona that nobody gets."""
    for persona in rules.personas.values():
        member = InPersona(persona.name)
        if not possible(rules, member):
            yield persona.name, _impossible(rules, persona)
        elif rules.suppress and implies(rules, member, *rules.suppress):
            yield (
                persona.name,
                found(
                    rules,
                    "persona-suppressed",
                    ("personas", persona.name),
                    f'persona "{persona.name}" reaches nobody: whoever matches is suppressed',
                    "Change its conditions, or those of suppress.",
                    key=True,
                ),
            )
    if rules.suppress and not possible(rules, AnyOf(rules.suppress)):
        yield (
            "",
            found(
                rules,
                "idle-suppress",
                ("suppress",),
                "suppress leaves nobody out: none of its conditions can hold",
                "Change it, or remove it.",
                key=True,
            ),
        )


def _impossible(rules: Rules, persona: Persona) -> Notice:
    parts = core(rules, persona.match)
    mend = how_to_mend(
        rules, persona.match, "Change its condition." if len(parts) == 1 else "Change one of them."
    )
    place = place_of(parts[-1], ("personas", persona.name, "match"))
    why = conflict(rules, persona.match)
    return found(
        rules, "impossible-persona", place, f'persona "{persona.name}" can never match: {why}', mend
    )
