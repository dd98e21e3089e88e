"""How a comparison with parts of texts is written where the data spells a part otherwise.

A value of the data is no part: in the place of `ends_with: BURG` one that ends with burg would let
all others through. So the comparison is told whole: without regard to case where that meets every
such value, else with the part as the values themselves have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from unicodedata import normalize

import polars as pl

from segmentation.rules.conditions import Compare
from segmentation.rules.look_alikes import alike, folded, misread
from segmentation.rules.scalars import Scalar
from segmentation.rules.yaml.flow import flow

MOST_SPELLINGS: Final = 5  # of one part that are named; more are no list that anybody wants
_CASELESS: Final = "ignore_case"


def respelt(
    test: Compare,
    part: str,
    texts: Sequence[str],
    *,
    beside: Sequence[Compare] = (),
    is_held: bool,
    are_nameable: bool,
) -> str:
    """The comparison as YAML that also meets these texts, which have a part of it in another spelling.

    It is the whole mapping, with what stands `beside` as it is. A part that is not held as it is
    written is left out where others stand for it. Empty where there is no such comparison, or it
    would name what may not be named.
    """
    caseless = replace(test, ignore_case=True)
    if not beside and _CASELESS in test.op.beside and all(map(caseless.meets, texts)):
        return _written(caseless, test.values)
    spellings = _spellings(test, part, texts) if are_nameable else ()
    if not spellings:
        return ""
    kept = [value for value in test.values if is_held or value != part]
    return _written(test, (*kept, *spellings), beside)


def _spellings(test: Compare, part: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Pieces that look like a part, of which each text has one; none where they are too many, or one is not found."""
    found: list[str] = []
    for text in texts:
        if found and replace(test, value=tuple(found)).meets(text):
            continue
        piece = _spelling(test, part, text)
        if not piece or len(found) == MOST_SPELLINGS:
            return ()
        found.append(piece)
    return tuple(found)


def _spelling(test: Compare, part: str, text: str) -> str:
    """The shortest piece of a text that looks like a part, where the comparison asks for it; or nothing."""
    near = {text, *(piece for form in _FORMS for piece in _pieces(form, part, text))}
    pieces = [piece for piece in near if replace(test, value=piece).meets(text)]
    forms = pl.DataFrame({"piece": pieces}, schema={"piece": pl.String}).with_columns(
        _look(pl.col("piece"))
    )
    asked = pl.DataFrame({"piece": [part, *misread(part)]}).select(_look(pl.col("piece")))
    same = pl.any_horizontal(pl.col(form).is_in(asked[form].implode()) for form in asked.columns)
    found = forms.filter(same)["piece"].to_list()
    return min(found, key=lambda piece: (len(piece), piece), default="")


def _look(text: pl.Expr) -> tuple[pl.Expr, ...]:
    return folded(text).alias("folded"), alike(text).alias("alike")


# -- where a part may stand -----------------------------------------------------------------------


def _all_signs(letter: str) -> str:
    """What a letter is, whatever its case and Unicode form: several signs, or none."""
    return normalize("NFKD", normalize("NFKD", letter).lower()).replace("ς", "σ")


def _letters_alone(letter: str) -> str:
    return "".join(filter(str.isalnum, _all_signs(letter).replace("ß", "ss")))


_FORMS: Final = (_all_signs, _letters_alone)


def _pieces(form: Callable[[str], str], part: str, text: str) -> Iterator[str]:
    """The pieces of a text whose letters are a part's in one form; few others.

    Both are read once: a note of many pages has a piece for each place in which a part is found.
    """
    signs = [(sign, at) for at, letter in enumerate(text) for sign in form(letter)]
    whole, places = "".join(sign for sign, _ in signs), [at for _, at in signs]
    for asked in {"".join(map(form, spelt)) for spelt in (part, *misread(part))} - {""}:
        for start in _found(asked, whole):
            end = start + len(asked)
            last = places[end] if end < len(places) else len(text)
            first = places[start - 1] + 1 if start else 0
            yield text[places[start] : places[end - 1] + 1]
            yield text[first : places[end - 1] + 1]
            yield text[places[start] : last]


def _found(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _written(test: Compare, values: Sequence[Scalar], beside: Sequence[Compare] = ()) -> str:
    caseless = {_CASELESS: True} if test.ignore_case else {}
    others = {one.operator: _plain(one.values) for one in beside}
    return flow({test.operator: _plain(values), **others, **caseless})


def _plain(values: Sequence[Scalar]) -> Scalar | list[Scalar]:
    return values[0] if len(values) == 1 else [*values]
