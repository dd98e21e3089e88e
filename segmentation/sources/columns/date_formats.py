"""The formats of dates that are detected: a table of days, and one of the times that stand beside them.

A format is written as `date_format` has it, and that is its name everywhere: what a note says can be
declared. Most are strptime's; `%Z` at the end is a zone by name or offset (`date_zones`), and numbers
have formats of their own (`date_numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from segmentation.sources.columns.date_numbers import DETECTED, units

Shapes = tuple[str, ...]
"""Formats, tried in order until one fits."""

IN_UTC: Final = ("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S%.f UTC")
ISO: Final[Shapes] = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f %#z",
    *IN_UTC,
    "%Y-%m-%d %H:%M%#z",
    "%Y-%m-%dT%H:%M%#z",
)
_DAYS: Final = (
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d. %m. %Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%d-%m-%y",
    "%y-%m-%d",
    "%y/%m/%d",
    "%y.%m.%d",
    "%m-%d-%y",
    "%d %b %Y",
    "%d. %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d/%b/%Y",
    "%d/%b/%y",
    "%d.%b.%Y",
    "%d %b %y",
    "%d %b, %Y",
    "%d%b%Y",
    "%d%b%y",
    "%b %d, %Y",
    "%b %d %Y",
    "%b-%d-%Y",
    "%b-%d-%y",
    "%b/%d/%Y",
    "%b/%d/%y",
    "%b %d, %y",
    "%Y-%b-%d",
    "%Y %b %d",
    "%d %B %Y",
    "%d. %B %Y",
    "%d-%B-%Y",
    "%B %d, %Y",
    "%B %d %Y",
)
_OF_24: Final = ("%H:%M", "%H:%M:%S", "%H:%M:%S%.f")
_CLOCKS: Final = (*_OF_24, "%I:%M %p", "%I:%M:%S %p", "%I:%M:%S%.f %p")
_WITH_DOTS: Final = tuple(clock.replace(":", ".") for clock in _CLOCKS)
#: what stands between a day and its time -> how the time is written
_BETWEEN: Final[Mapping[str, Shapes]] = {
    " ": (*_CLOCKS, *_WITH_DOTS),
    ", ": (*_CLOCKS, *_WITH_DOTS),
    "T": _CLOCKS,
    "-": _WITH_DOTS,
    " - ": _CLOCKS,
    ":": _OF_24,
}
#: a month stands for its first day
MONTHS: Final = (
    "%Y-%m",
    "%Y/%m",
    "%m/%Y",
    "%m.%Y",
    "%m-%Y",
    "%b %Y",
    "%b-%Y",
    "%b-%y",
    "%B %Y",
    "%Y %b",
    "%Y-%b",
    "%Y%m",
)
#: and a week for its Monday, which `date_words` adds
WEEK: Final = "%G-W%V-%u"
_OTHERS: Final = (
    WEEK,
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M",
    "%Y%m%d %H%M%S",
    "%b %d %H:%M:%S %Y",
    "%d%m%Y",
    "%m%d%Y",
    "%y%m%d",
    "%d%m%y",
)
ZONE: Final = " %Z"


def _alike() -> Iterator[Shapes]:
    """The formats, those together that are one day with another time (midnight is often without)."""
    for day in _DAYS:
        for between, clocks in _BETWEEN.items():
            yield (day, *(f"{day}{between}{clock}" for clock in clocks))
        for between in (" ", ", "):
            yield (*(f"{clock}{between}{day}" for clock in _CLOCKS), day)
    yield from ((one,) for one in (*MONTHS, *_OTHERS))


@cache
def families() -> Mapping[str, Shapes]:
    """Each format of a text, and those alike."""
    found: dict[str, Shapes] = {}
    for shapes in _alike():
        for shape in shapes:
            found.setdefault(shape, shapes)
    return found


def family(shape: str) -> Shapes:
    """A format, then the same day with any other time: midnight is often written without one.

    Of numbers the other units that they may count.
    """
    if shape in DETECTED:
        return units(shape)
    plain = shape.removesuffix(ZONE)
    others = [one for one in families().get(plain, ()) if one != plain]
    if plain == shape:
        return (shape, *others)
    return (shape, *(one + ZONE for one in others if has_clock(one)))


def has_clock(shape: str) -> bool:
    """Whether a format has a time of day."""
    return "%H" in shape or "%I" in shape


def has_zone(shape: str) -> bool:
    """Whether a format has an offset or a zone."""
    return shape in IN_UTC or re.search(r"%#?z|%Z|%:+z|%\+", shape) is not None


def order_of(shape: str) -> str:
    """In which order day, month and year are written: `dmy`.

    >>> order_of("%H:%M %d. %B %Y"), order_of("%m/%d/%y %H:%M"), order_of("Excel days")
    ('dmy', 'mdy', '')
    """
    return "".join(re.findall(r"%([dmy])", re.sub("%[bBh]", "%m", shape.replace("%Y", "%y"))))
