"""Which formats may fit a text, by the signs between its parts: of thousands, some ten are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from segmentation.sources.columns.date_formats import families
from segmentation.sources.columns.date_numbers import DETECTED

_PARTS: Final = re.compile(r"[^\W\d_]+|[^\w\s]")


def that_may_fit(texts: Iterable[str]) -> list[str]:
    """The formats that have the same signs between their parts as some of the texts, in their order."""
    skeletons = {_skeleton(text) for text in texts}
    by_skeleton, ranks = _by_skeleton(), _ranks()
    found = {shape for one in skeletons for shape in by_skeleton.get(one, ())}
    return sorted(found, key=ranks.__getitem__)


@cache
def _ranks() -> Mapping[str, int]:
    return {shape: rank for rank, shape in enumerate((*families(), *DETECTED))}


@cache
def _by_skeleton() -> Mapping[str, Sequence[str]]:
    """Formats by the signs that a text of theirs has."""
    found: dict[str, list[str]] = {}
    for shape in _ranks():
        for one in {_skeleton(text) for text in _written(shape)}:
            found.setdefault(one, []).append(shape)
    return found


def _written(shape: str) -> Iterator[str]:
    """Texts with the signs that a format's texts have, a fraction of a second or not."""
    if shape in DETECTED:
        yield from ("0", "0.0", "0,0")
        return
    plain = re.sub("%[bB]", "May", shape).replace("%p", "AM")
    for fraction in (".", "") if "%.f" in plain else ("",):
        yield re.sub("%[a-zA-Z]", "0", plain.replace("%.f", fraction))


def _skeleton(text: str) -> str:
    """The signs of a text, and a letter for a word; strptime takes any number of blanks for one.

    >>> _skeleton("Jan 25, 2023, 10:33:21 AM"), _skeleton("2023-01-25T10:33")
    ('a,,::p', '--:')
    """
    return "".join(_mark(part) for part in _PARTS.findall(text))


def _mark(part: str) -> str:
    """A sign as it is; a month is told from AM and PM, and the T before a time is nothing."""
    if not part[0].isalpha():
        return part
    return "a" if len(part) > len("AM") else "p" if part[-1] in "mM" else ""
