"""Rules in words: one line for a condition or a measure. Words are for people, never a key."""

from __future__ import annotations

from typing import Final

from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.measures import Anchor, Measure

MOST_QUOTED: Final = 60


def plain(value: object) -> str:
    """A rule's value as text: true and false as YAML writes them, lists with commas."""
    if isinstance(value, tuple):
        return ", ".join(plain(v) for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def quoted(value: object) -> str:
    """A value as messages quote it: text in double quotes and short, the rest plain.

    >>> quoted("30 days"), quoted(True), quoted(0.3)
    ('"30 days"', 'true', '0.3')
    """
    text = plain(value)
    short = text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"
    return f'"{short}"' if isinstance(value, str) else short


def prose(condition: Condition) -> str:
    """A condition as one line of words, as explanations and derived names use it.

    >>> prose(All((Compare("frequency", "at_most", 2), Compare("country", "is", ("NO", "SE")))))
    'frequency ≤ 2 and country is NO, SE'
    """
    match condition:
        case Compare():
            return _compared(condition)
        case All(parts):
            return " and ".join(_nested(p) for p in parts) or "everyone"
        case AnyOf(parts):
            return " or ".join(_nested(p) for p in parts)
        case Not(part):
            return f"not ({prose(part)})"
        case InPersona(name):
            return f"in persona {name}"


def _compared(test: Compare) -> str:
    name = describe(test.field) if isinstance(test.field, Measure) else test.field
    if _is_done(test):
        return name
    said = test.op.reads(name, tuple(map(plain, test.values)))
    said += " in any case" if test.ignore_case else ""
    return f"{said} among ({prose(test.among)})" if test.among else said


def _is_done(test: Compare) -> bool:
    """Whether a comparison says that something was done, no more."""
    is_any = isinstance(test.field, Measure) and test.field.aggregate == "any"
    return is_any and test.is_equality and test.value is True


def _nested(condition: Condition) -> str:
    several = isinstance(condition, All | AnyOf) and len(condition.parts) > 1
    return f"({prose(condition)})" if several else prose(condition)


def describe(measure: Measure) -> str:
    """A measure in words: `share of orders where department is Footwear, within 90d`."""
    what = measure.aggregate.replace("_", " ")
    if measure.aggregate == "any":
        text = f"did {measure.event}"
    elif measure.event is not None:
        text = f"{what} {measure.column or ''} of {measure.event}".replace("  ", " ")
    elif measure.aggregate == "share":
        text = f"share of {measure.of}"
    elif measure.column:
        text = f"{what} {measure.column}" + ("" if measure.of == "lines" else f" of {measure.of}")
    else:
        text = f"{what} {measure.of}"
    if measure.lines != "bought":
        text += f" ({measure.lines} lines)"
    if measure.where is not None:
        text += f" where {prose(measure.where)}"
    if measure.window is not None:
        text += f", within {measure.window}"
    if measure.anchor is not None:
        text += f", {_anchored(measure.anchor)}"
    return text


def _anchored(anchor: Anchor) -> str:
    near = f"within {anchor.within} " if anchor.within else ""
    where = f" where {prose(anchor.where)}" if anchor.where is not None else ""
    back = f", within {anchor.window}" if anchor.window else ""
    more = f", {_anchored(anchor.follows)}" if anchor.follows else ""
    return f"{near}{anchor.kind} {anchor.event}{where}{back}{more}"
