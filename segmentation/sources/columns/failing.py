"""What a guess of formats could not read, and another format could: then the guess is made again.

A sample decides how the numbers and dates of a file are written. Rows that are rejected under that
are looked at once: where what they hold can be read otherwise, it joins the sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from segmentation.rules.number_format import COMMA, POINT
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.detect_numbers import MOST_MISWRITTEN
from segmentation.sources.columns.numbers import parse_numbers
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text

MOST_KEPT: Final = 10_000  # texts of one column of one file
Texts = Mapping[str, Mapping[str, tuple[str, ...]]]  # of each file and column

_OF_NUMBERS: Final = (
    Reason.AMOUNT,
    Reason.QUANTITY,
    Reason.UNIT_PRICE,
    Reason.DISCOUNT,
    Reason.COST,
)


class FormatsDiffer(Exception):
    """The sample misled: the table must be read again, with these texts beside it. Not an error."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(list(texts))
        self.texts = texts

    def beside(self, known: Texts) -> Texts:
        """These texts, and those of earlier times."""
        return {
            file: joined(known.get(file, {}), self.texts.get(file, {}))
            for file in {**known, **self.texts}
        }


def joined(
    one: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Texts of the same columns together."""
    return {c: (*one.get(c, ()), *other.get(c, ())) for c in {**one, **other}}


def failing_cells(recipe: Recipe) -> Mapping[str, pl.Expr]:
    """The cells of raw rows that a guess of formats reads, each by a name that no file has."""
    columns = _of_numbers(recipe)
    return {_named(column): as_text(column, recipe.dtype(column)) for column in columns}


def _named(column: str) -> str:
    return f"\0{column}"


def readable_otherwise(
    rejected: pl.DataFrame, recipe: Recipe, rows: int
) -> Mapping[str, tuple[str, ...]]:
    """Texts of rejected rows, by column, that another format reads: those that make the guess doubtful.

    A few among the many that are read are miswritten; of a file without any sign every one counts.
    """
    codes = rejected[CODE].is_in([int(reason) for reason in _OF_NUMBERS])
    found = {}
    for column in _of_numbers(recipe):
        texts = rejected[_named(column)].filter(codes).drop_nulls()
        texts = texts.filter(_fits_another(texts, recipe))
        if texts.len() > (0 if recipe.numbers.decimal is None else MOST_MISWRITTEN * rows):
            found[column] = tuple(texts.unique(maintain_order=True).head(MOST_KEPT).to_list())
    return found


def _of_numbers(recipe: Recipe) -> list[str]:
    """The columns of texts that are read as numbers, of which the decimal sign was guessed."""
    if "numbers" not in recipe.guessed:
        return []
    names = (name for name in NUMBERS if recipe.reads(name))
    columns = (column for name in names for column in recipe.columns.canonical[name])
    return [column for column in dict.fromkeys(columns) if is_text(recipe.dtype(column))]


def _fits_another(texts: pl.Series, recipe: Recipe) -> pl.Series:
    """Which texts are no numbers as the file is read, and are if it is written otherwise."""
    own = parse_numbers(texts, recipe.numbers).is_null()
    others = [parse_numbers(texts, form).is_not_null() for form in (POINT, COMMA)]
    return own & (others[0] | others[1])
