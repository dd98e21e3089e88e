"""How a comparison with parts of texts is written where the data spells a part otherwise.

A value of the data is no part: in the place of `ends_with: BURG` one that ends with burg would let
all others through. So the comparison is told whole: without regard to case where that meets every
such value, else with the part as the values themselves have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.rules.conditions import Compare
from segmentation.rules.look_alikes import alike, folded, misread
from segmentation.rules.scalars import Scalar
from segmentation.rules.yaml.flow import flow

MOST_SPELLINGS: Final = 5  # of one part that are named; more are no list that anybody wants
_CASELESS: Final = "ignore_case"


def respelt(
    test: Compare, part: str, texts: Sequence[str], *, is_held: bool, are_nameable: bool
) -> str:
    """The comparison as YAML that also meets these texts, which have a part of it in another spelling.

    A part that is not held as it is written is left out where others stand for it. Empty where
    there is no such comparison, or it would name what may not be named.
    """
    caseless = replace(test, ignore_case=True)
    if _CASELESS in test.op.beside and all(map(caseless.meets, texts)):
        return _written(caseless, test.values)
    spellings = tuple(dict.fromkeys(_spelling(test, part, text) for text in texts))
    if not are_nameable or "" in spellings or len(spellings) > MOST_SPELLINGS:
        return ""
    kept = [value for value in test.values if is_held or value != part]
    return _written(test, (*kept, *spellings))


def _spelling(test: Compare, part: str, text: str) -> str:
    """The shortest piece of a text that looks like a part, where the comparison asks for it; or nothing."""
    pieces = [piece for piece in _pieces(text) if replace(test, value=piece).meets(text)]
    forms = pl.DataFrame({"piece": pieces}, schema={"piece": pl.String}).with_columns(
        _look(pl.col("piece"))
    )
    asked = pl.DataFrame({"piece": [part, *misread(part)]}).select(_look(pl.col("piece")))
    same = pl.any_horizontal(pl.col(form).is_in(asked[form].implode()) for form in asked.columns)
    found = forms.filter(same)["piece"].to_list()
    return min(found, key=len, default="")


def _look(text: pl.Expr) -> tuple[pl.Expr, ...]:
    return folded(text).alias("folded"), alike(text).alias("alike")


def _pieces(text: str) -> Iterator[str]:
    for start in range(len(text)):
        yield from (text[start:end] for end in range(start + 1, len(text) + 1))


def _written(test: Compare, values: Sequence[Scalar]) -> str:
    caseless = {_CASELESS: True} if test.ignore_case else {}
    return flow({test.operator: values[0] if len(values) == 1 else [*values], **caseless})
