"""Can one value meet these comparisons of one feature? No only when that is certain.

A comparison looks at a value as a number, a date, a text or a flag; what does not convert is
missing for it. Where only the data can tell what a column holds, each view is judged on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from segmentation.rules.cell_words import flag, met_by, plain
from segmentation.rules.conditions import PERCENT, Compare, Scalar
from segmentation.rules.lint.domains import Domain
from segmentation.rules.lint.ranges import (
    EVERYTHING,
    HIGHEST,
    LOWEST,
    Ranges,
    meet,
    outside,
    point,
    whole,
)
from segmentation.rules.windows import parse_date
from segmentation.scale import SCALE

View = Literal["number", "date", "text", "flag", "rank"]


@dataclass(frozen=True)
class Fact:
    """One comparison of one feature, and whether it holds. Operators: no `is_not`, no `none_of`."""

    test: Compare
    holds: bool

    @property
    def values(self) -> tuple[Scalar, ...]:
        """What it compares with, always a tuple."""
        return self.test.value if isinstance(self.test.value, tuple) else (self.test.value,)


def fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    """Whether a value (or a missing one) can meet all facts."""
    missing = [f for f in facts if f.test.operator == "missing"]
    compared = [f for f in facts if f.test.operator != "missing"]
    if any(f.holds for f in missing):
        known = any(not f.holds for f in missing) or any(f.holds for f in compared)
        return not (known or domain.always)
    views = {view_of(f, domain) for f in compared}
    return all(_VIEWS[view](domain, facts) for view in views)


def view_of(fact: Fact, domain: Domain) -> View:
    """How a comparison looks at the value."""
    if fact.test.operator in PERCENT:
        return "rank"
    first = fact.values[0]
    if isinstance(first, bool):
        return "flag"
    if isinstance(first, str):
        return "date" if domain.kind == "date" or _looks_like_a_date(fact, first) else "text"
    return "number"


def _looks_like_a_date(fact: Fact, text: str) -> bool:
    """Whether the engine compares with the day that a text says (also `20261121`)."""
    if fact.test.operator in ("contains", "starts_with"):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _seen(view: View, domain: Domain, facts: Iterable[Fact]) -> tuple[list[Fact], bool]:
    """The facts of a view, and whether the value cannot be missing for it."""
    facts = list(facts)
    mine = [f for f in facts if f.test.operator != "missing" and view_of(f, domain) == view]
    known = domain.always or any(f.test.operator == "missing" and not f.holds for f in facts)
    native = domain.kind == view or (view == "number" and domain.kind in ("share", "money"))
    return mine, any(f.holds for f in mine) or (known and native)


# -- numbers and dates ----------------------------------------------------------------------------


def _numbers_fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    """Whether a number meets the facts, or, where only the data can tell, a word for true or false."""
    mine, _ = _seen("number", domain, facts)
    words = (True, False) if domain.kind is None else ()
    return numbers(domain, facts) != () or any(all(_says(w, f) for f in mine) for w in words)


def _says(word: bool, fact: Fact) -> bool:  # noqa: FBT001 - it is what is asked about
    """Whether a cell such as `yes` meets a comparison with numbers: it is 1, and no more than that."""
    same = fact.test.operator == "is" and word in [flag(v) for v in fact.values]
    return same == fact.holds


def numbers(domain: Domain, facts: Iterable[Fact]) -> Ranges | None:
    """The numbers that meet the facts; None when the value may be missing (then anything goes)."""
    mine, known = _seen("number", domain, facts)
    if not known:
        return None
    ranges = domain.values
    for fact in mine:
        numbers = [_number(v, domain) for v in fact.values]
        if None not in numbers:
            ranges = meet(ranges, _allowed(fact, [n for n in numbers if n is not None]))
    return whole(ranges) if domain.whole or domain.kind == "money" else ranges


def _number(value: Scalar, domain: Domain) -> float | None:
    """A bound as the engine compares it, None where only the data can tell how it is rounded."""
    number = value if isinstance(value, int) else float(value)
    if domain.kind == "money":
        return round(number * SCALE)
    return None if domain.kind is None and round(number, 4) != number else number


def dates(domain: Domain, facts: Iterable[Fact]) -> Ranges | None:
    """The days, counted from year 1, that meet the facts; None when the value may be missing."""
    mine, known = _seen("date", domain, facts)
    if not known:
        return None
    ranges = EVERYTHING
    for fact in mine:
        days = [parse_date(v) for v in fact.values]
        if None not in days:
            ranges = meet(ranges, _allowed(fact, [float(d.toordinal()) for d in days if d]))
    return ranges


def _allowed(fact: Fact, bounds: list[float]) -> Ranges:
    ranges = _BOUNDS[fact.test.operator](bounds)
    return ranges if fact.holds else outside(ranges)


_BOUNDS: Final[dict[str, Callable[[list[float]], Ranges]]] = {
    "is": lambda b: tuple(point(v) for v in sorted(set(b))),
    "at_least": lambda b: (((b[0], 0), HIGHEST),),
    "more_than": lambda b: (((b[0], 1), HIGHEST),),
    "at_most": lambda b: ((LOWEST, (b[0], 0)),),
    "less_than": lambda b: ((LOWEST, (b[0], -1)),),
    "between": lambda b: (((b[0], 0), (b[1], 0)),) if b[0] <= b[1] else (),
}


# -- texts, flags, ranks --------------------------------------------------------------------------


def _texts_fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    mine, known = _seen("text", domain, facts)
    if not known:
        return True
    listed = [f for f in mine if f.holds and f.test.operator == "is"]
    if listed and _has_spellings(listed[0]) and any(f.test.operator != "is" for f in mine):
        return True  # `no` is also `NO ` and `false`, and what each of them contains differs
    if listed:
        return any(all(_meets(text, f) for f in mine) for text in _spellings(listed[0]))
    parts = [f for f in mine if f.holds]
    prefixes = sorted(str(f.test.value) for f in parts if f.test.operator == "starts_with")
    agree = all(longer.startswith(prefixes[0]) for longer in prefixes)
    refused = any(_meets(str(p.test.value), _turned(f)) and _carries(p, f)
                  for p in parts for f in mine if not f.holds and f.test.operator != "is")  # fmt: skip
    return agree and not refused


def _turned(fact: Fact) -> Fact:
    return Fact(fact.test, holds=not fact.holds)


def _carries(part: Fact, refused: Fact) -> bool:
    """Whether a text that has the part has what the part has: a prefix does, for contains too."""
    return part.test.operator == "starts_with" or refused.test.operator == "contains"


def _has_spellings(fact: Fact) -> bool:
    """Whether other texts than those written are equal to one of a fact's values."""
    return any(met_by(v) or parse_date(v) for v in fact.values)


def _spellings(fact: Fact) -> tuple[str, ...]:
    """Texts of which one at least meets `is`, if any does that meets other such facts, too."""
    return tuple(dict.fromkeys(text for v in fact.values for text in (str(v), *met_by(v))))


def _meets(text: str, fact: Fact) -> bool:
    if fact.test.operator == "is":
        return (text in fact.values or _is_word_of(text, fact.values)) == fact.holds
    part = str(fact.test.value)
    found = part in text if fact.test.operator == "contains" else text.startswith(part)
    return found == fact.holds


def _is_word_of(text: str, values: Sequence[Scalar]) -> bool:
    return any(plain(text) in met_by(v) for v in values)


def _flags_fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    mine, known = _seen("flag", domain, facts)
    values = (True, False) if domain.kind == "flag" else (True, False, None)
    return not known or any(all((v in f.values) == f.holds for f in mine) for v in values)


def _ranks_fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    """Who is in the top 10 % is in the top 20 % of the same customers."""
    mine, _ = _seen("rank", domain, facts)
    inside = [f.test for f in mine if f.holds]
    return not any(_within(test, f.test) for test in inside for f in mine if not f.holds)


def _within(narrow: Compare, wide: Compare) -> bool:
    same = narrow.operator == wide.operator and narrow.among == wide.among
    return same and float(str(narrow.value)) <= float(str(wide.value))


_VIEWS: Final[dict[View, Callable[[Domain, Sequence[Fact]], bool]]] = {
    "number": _numbers_fit,
    "date": lambda d, f: dates(d, f) != (),
    "text": _texts_fit,
    "flag": _flags_fit,
    "rank": _ranks_fit,
}
