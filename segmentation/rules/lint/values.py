"""Can one value meet these comparisons of one feature? No only when that is certain.

A comparison looks at a value as a number, a date, a text or a flag; what does not convert is
missing for it. Where only the data can tell what a column holds, each view is judged on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from segmentation.dataclass import dataclass
from segmentation.rules.cell_words import flag, met_by, plain
from segmentation.rules.conditions import Compare
from segmentation.rules.lint.domains import Domain
from segmentation.rules.money import on_scale
from segmentation.rules.operator_record import Family, total
from segmentation.rules.ranges import EVERYTHING, Ranges, meet, outside, whole
from segmentation.rules.scalars import LARGEST, Scalar, Values, is_number
from segmentation.rules.windows import parse_date

View = Literal["number", "date", "text", "flag", "rank"]


@dataclass(frozen=True)
class Fact:
    """One comparison of one feature, and whether it holds. No operator that negates another."""

    test: Compare
    holds: bool

    @property
    def values(self) -> Values:
        """What it compares with, always a tuple."""
        return self.test.values

    @property
    def family(self) -> Family:
        """What it looks at."""
        return self.test.op.family

    def agrees(self, text: str) -> bool:
        """Whether a text meets the comparison if it holds, and does not if it does not."""
        return self.test.meets(text) == self.holds


def can_meet(domain: Domain, facts: Sequence[Fact]) -> bool:
    """Whether a value (or a missing one) can meet all facts."""
    missing = [f for f in facts if f.family is Family.MISSING]
    compared = [f for f in facts if f.family is not Family.MISSING]
    if any(f.holds for f in missing):
        known = any(not f.holds for f in missing) or any(f.holds for f in compared)
        return not (known or domain.always)
    if _is_a_number_and_a_day(compared):
        return False
    views = {view_of(f, domain) for f in compared}
    return all(_VIEWS[view](domain, facts) for view in views)


def view_of(fact: Fact, domain: Domain) -> View:
    """How a comparison looks at the value."""
    return _VIEW_OF[fact.family](fact, domain)


def _is_a_number_and_a_day(facts: Iterable[Fact]) -> bool:
    """Whether a value would have to be read as a number and as a day; none is both."""
    held = [f.values for f in facts if f.holds and f.family in (Family.SAME, Family.ORDER)]
    days = any(all(parse_date(v) is not None for v in values) for values in held)
    return days and any(all(map(is_number, values)) for values in held)


def _by_value(fact: Fact, domain: Domain) -> View:
    """The view of a comparison with values such as the column's."""
    first = fact.values[0]
    if isinstance(first, bool):
        return "flag"
    if isinstance(first, str):
        return "date" if domain.kind == "date" or _looks_like_a_date(first) else "text"
    return "number"


def _by_nothing(fact: Fact, domain: Domain) -> View:
    raise TypeError(f"{fact.test.operator} looks at no value")


_VIEW_OF: Final[Mapping[Family, Callable[[Fact, Domain], View]]] = total(
    {
        Family.SAME: _by_value,
        Family.ORDER: _by_value,
        Family.PART: lambda fact, domain: "text",
        Family.MISSING: _by_nothing,
        Family.RANK: lambda fact, domain: "rank",
    }
)


def _looks_like_a_date(text: str) -> bool:
    """Whether the engine compares with the day that a text says (also `20261121`)."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _seen(view: View, domain: Domain, facts: Iterable[Fact]) -> tuple[list[Fact], bool]:
    """The facts of a view, and whether the value cannot be missing for it."""
    facts = list(facts)
    compared = [f for f in facts if f.family is not Family.MISSING]
    mine = [f for f in compared if view_of(f, domain) == view]
    known = domain.always or any(f.family is Family.MISSING and not f.holds for f in facts)
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
    same = fact.family is Family.SAME and word in [flag(v) for v in fact.values]
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
        return on_scale(number)
    if domain.kind is None and round(number, 4) != number:
        return None
    return max(-LARGEST, min(LARGEST, number))


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
    numbers = fact.test.op.ranges
    if numbers is None:
        raise TypeError(f"{fact.test.operator} compares no numbers")
    return numbers(bounds) if fact.holds else outside(numbers(bounds))


# -- texts, flags, ranks --------------------------------------------------------------------------


def _texts_fit(domain: Domain, facts: Sequence[Fact]) -> bool:
    mine, known = _seen("text", domain, facts)
    if not known:
        return True
    same = [f for f in mine if f.family is Family.SAME]
    parts = [f for f in mine if f.family is Family.PART]
    listed = [f for f in same if f.holds]
    if listed and parts and _has_spellings(listed[0]):
        return True  # `no` is also `NO ` and `false`, and what each of them contains differs
    if listed:
        return any(all(_meets(text, f) for f in mine) for text in _spellings(listed[0]))
    return _parts_fit([f for f in parts if not (f.holds and f.test.ignore_case)]) and _parts_fit(
        [Fact(f.test.caseless, f.holds) for f in parts if f.holds or f.test.ignore_case]
    )


def _parts_fit(parts: Sequence[Fact]) -> bool:
    """Whether a text can have the parts that hold, and none that is refused.

    The parts that hold are all in the same form: as written, or folded.
    """
    return all(_share_a_part(group, parts) for group in _places(parts))


def _places(parts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """The parts that a text has, together where they share a place (its beginning)."""
    held = [f for f in parts if f.holds]
    for op in dict.fromkeys(f.test.operator for f in held):
        alike = [f for f in held if f.test.operator == op]
        yield from [[f] for f in alike] if alike[0].test.op.is_anywhere else [alike]


def _share_a_part(group: Sequence[Fact], parts: Sequence[Fact]) -> bool:
    """Whether one part is enough for all of a group, and has nothing that is refused.

    Whatever has a part also has what the part has, if that may stand anywhere or is of the same place.
    """
    operator = group[0].test.operator
    refused = [f for f in parts if not f.holds]
    against = [f for f in refused if f.test.op.is_anywhere or f.test.operator == operator]
    candidates = (str(part) for fact in group for part in fact.values)
    return any(all(f.agrees(part) for f in (*group, *against)) for part in candidates)


def _has_spellings(fact: Fact) -> bool:
    """Whether other texts than those written are equal to one of a fact's values."""
    return any(met_by(v) or parse_date(v) for v in fact.values)


def _spellings(fact: Fact) -> tuple[str, ...]:
    """Texts of which one at least meets `is`, if any does that meets other such facts, too."""
    return tuple(dict.fromkeys(text for v in fact.values for text in (str(v), *met_by(v))))


def _meets(text: str, fact: Fact) -> bool:
    if fact.family is Family.SAME:
        return (text in fact.values or _is_word_of(text, fact.values)) == fact.holds
    return fact.agrees(text)


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
