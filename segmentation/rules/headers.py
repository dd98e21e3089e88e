"""What people see of a measure that has no name: one header each, which meets no other name.

Identity is the measure itself; a header is for reading. It is made of the measure's words, and
where those meet a name of the rules or of the data (or another measure's words) a digest of the
measure's structure is added.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from segmentation.rules.conditions import Compare, Condition, walk
from segmentation.rules.measures import Measure
from segmentation.rules.prose import describe, prose
from segmentation.rules.windows import parse_date

#: columns of the engine begin so; no name of a rule and no column that is read from a file does
PRIVATE: Final = "__"
LONGEST: Final = 60
FEWEST_DIGITS: Final = 6
_DEFINITION: Final = 12
_DIGITS: Final = 64  # of a SHA-256
_PLACE: Final = "path"  # where in the file a definition stands is no part of it
_WORD: Final = re.compile(r"[^\W\d][\w.-]*")
#: words that conditions are joined with, or that a value of another type reads as
_JOINING: Final = frozenset({"and", "or", "not", "true", "false", "nan", "inf", "infinity"})


def headers(measures: Iterable[Measure], taken: Collection[str] = ()) -> dict[Measure, str]:
    """A header for each measure, in their order; none is one of those `taken`.

    >>> from segmentation.rules.conditions import Compare
    >>> shop = [Measure("any", event="browse", where=Compare("shop", "is", s)) for s in ("Ä", "Ö")]
    >>> list(headers(shop).values())
    ['did_browse_shop', 'did_browse_shop_3e4eb0']
    >>> headers([Measure("any", event="browse")], taken={"did_browse"}).popitem()[1]
    'did_browse_80a767'
    """
    names: dict[Measure, str] = {}
    used = set(taken)
    for measure in measures:
        if measure not in names:
            names[measure] = _free(measure, used)
            used.add(names[measure])
    return names


def _free(measure: Measure, used: Collection[str]) -> str:
    words, digest = words_of(measure), digest_of(measure)
    longer = (f"{words[: LONGEST - n - 1]}_{digest[:n]}" for n in range(FEWEST_DIGITS, _DIGITS))
    return next(name for name in (words, *longer) if name not in used)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or where somebody has it the first of name_2, name_3, … that nobody has.

    >>> free_name("audience", {"audience", "audience_2"})
    'audience_3'
    """
    numbered = (f"{name}_{n}" for n in itertools.count(2))
    return next(n for n in itertools.chain((name,), numbered) if n not in taken)


def words_of(measure: Measure) -> str:
    """The words of a measure joined by underscores; measures that differ may share them.

    >>> words_of(Measure("any", event="browse"))
    'did_browse'
    """
    words = re.sub(r"\b(where|is|of|within)\b", " ", describe(measure))
    return re.sub(r"[^0-9a-z]+", "_", words.lower()).strip("_")[:LONGEST].rstrip("_")


def digest_of(structure: Measure | Condition) -> str:
    """A digest of a frozen value's structure, in hexadecimal: equal for equal values only.

    >>> digest_of(Measure("count", of="events")) == digest_of(Measure("count", of="orders"))
    False
    """
    return hashlib.sha256(_written(structure).encode()).hexdigest()


def digest_of_definitions(own: Mapping[str, object]) -> str:
    """A digest of names of the rules and what they mean there; empty where there are none."""
    written = ",".join(f"{name}={_written(own[name])}" for name in sorted(own))
    return hashlib.sha256(written.encode()).hexdigest()[:_DEFINITION] if own else ""


def _written(value: object) -> str:
    """A frozen value as text; what stands at its default is left out, so new fields change nothing."""
    if isinstance(value, tuple):
        return f"({','.join(map(_written, value))})"
    if not dataclasses.is_dataclass(value):
        return repr(value)
    told = [f for f in dataclasses.fields(value) if f.compare and f.repr and f.name != _PLACE]
    parts = ((f.name, getattr(value, f.name)) for f in told if getattr(value, f.name) != f.default)
    return f"{type(value).__name__}({','.join(f'{n}={_written(v)}' for n, v in parts)})"


def exact_name(said: Measure | Condition) -> str:
    """Words that no other measure or condition has: with a digest where they could be another's.

    >>> exact_name(Compare("country", "is", ("NO", "SE"))), exact_name(Compare("shop", "is", "A, B"))
    ('country is NO, SE', 'shop is A, B #6e0264')
    """
    if not isinstance(said, Measure) and all(_is_plain(part) for part in walk(said)):
        return prose(said)
    text = describe(said) if isinstance(said, Measure) else prose(said)
    return f"{text} #{digest_of(said)[:FEWEST_DIGITS]}"


def exact_number(number: float) -> str:
    """A number as short as it can be written and read back the same.

    >>> exact_number(20.0), exact_number(33.333333333)
    ('20', '33.333333333')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _is_plain(part: Condition) -> bool:
    """Whether words say a part without doubt: nothing in it could be read as more than one word."""
    if not isinstance(part, Compare):
        return True
    values = part.value if isinstance(part.value, tuple) else (part.value,)
    texts = [part.field, *(v for v in values if isinstance(v, str))]
    return all(isinstance(t, str) and _is_word(t) for t in texts)


def _is_word(text: str) -> bool:
    is_plain = _WORD.fullmatch(text) is not None or parse_date(text) is not None
    return is_plain and text.lower() not in _JOINING
