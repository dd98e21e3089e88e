"""What a guess of formats could not read, and another format could: then the guess is made again.

A sample decides how the numbers and dates of a file are written. Rows that are rejected under that
are looked at once: where what they hold can be read otherwise, it joins the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.messages.errors import Problem
from segmentation.rules.number_format import COMMA, POINT, NumberFormat
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.asked import DAYS
from segmentation.sources.columns.dates import ISO, carry_zone, readable
from segmentation.sources.columns.detect_numbers import MOST_MISWRITTEN
from segmentation.sources.columns.numbers import parse_numbers
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import RawTable
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


_OF_DATES: Final = (Reason.MOMENT, Reason.LAUNCHED)


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
    columns = dict.fromkeys((*_of_numbers(recipe), *_of_dates(recipe).values(), *recipe.bounded))
    return {_named(column): as_text(column, recipe.dtype(column)) for column in columns}


def _named(column: str) -> str:
    return f"\0{column}"


def readable_otherwise(
    rejected: pl.DataFrame, recipe: Recipe, rows: int
) -> Mapping[str, tuple[str, ...]]:
    """Texts of rejected rows, by column, that another format reads: those that make the guess doubtful.

    A few among the many that are read are miswritten; of a file without any sign every one counts.
    """
    few = MOST_MISWRITTEN * rows
    found = {}
    for column in _of_numbers(recipe):
        texts = _rejected_for(rejected, column, _OF_NUMBERS)
        form = recipe.written.form(column)
        is_number = _fits_another(texts["text"], form)
        is_money = parse_numbers(texts["text"], replace(form, currency=None)).is_not_null()
        is_few = form.decimal is not None and not is_money.any()
        found[column] = texts.filter(is_number | is_money), few if is_few else 0
    for name, column in _of_dates(recipe).items():
        texts = _rejected_for(rejected, column, _OF_DATES)
        dates = texts.filter(readable(texts["text"]))
        is_iso = recipe.dates[name][0] in ISO
        is_zoned = is_iso and carry_zone(dates["text"].to_list(), ISO)  # that has to be said
        found[column] = dates, 0 if is_zoned else few
    for column in _of_bounds(recipe):
        texts = _rejected_for(rejected, column, (Reason.UNREAD,))
        is_number = _fits_another(texts["text"], recipe.written.form(column))
        read = texts.filter(
            (is_number | readable(texts["text"])) & (texts["text"].str.strip_chars() != "")
        )
        found.setdefault(column, (read, 0))
    return {
        column: tuple(texts["text"].to_list())
        for column, (texts, most) in found.items()
        if texts["rows"].sum() > most
    }


def _rejected_for(rejected: pl.DataFrame, column: str, reasons: Sequence[Reason]) -> pl.DataFrame:
    """The distinct texts of a column in rows that are rejected for one of the reasons, and their rows."""
    texts = rejected.filter(pl.col(CODE).is_in([int(reason) for reason in reasons]))
    counted = texts.group_by(pl.col(_named(column)).alias("text"), maintain_order=True).agg(
        pl.len().alias("rows")
    )
    return counted.drop_nulls("text").head(MOST_KEPT)


def two_formats(
    recipe: Recipe, texts: Mapping[str, Sequence[str]], raw: RawTable
) -> Problem | None:
    """What is wrong where dates of a file are written in two ways; None where none of the texts is a date."""
    for name, column in _of_dates(recipe).items():
        if texts.get(column):
            shape = recipe.dates[name][0]
            form = "ISO 8601" if shape in ISO else shape
            return Problem(
                f'dates are written in two formats: "{texts[column][0]}" does not fit {form}',
                raw.called,
                raw.settings.two_formats(shape),
            )
    return None


def _of_numbers(recipe: Recipe) -> list[str]:
    """The columns of texts that are read as numbers, of which the decimal sign was guessed."""
    if "numbers" not in recipe.guessed:
        return []
    names = (name for name in NUMBERS if recipe.reads(name))
    columns = (column for name in names for column in recipe.columns.canonical[name])
    return [column for column in dict.fromkeys(columns) if is_text(recipe.dtype(column))]


def _of_bounds(recipe: Recipe) -> tuple[str, ...]:
    """The columns of texts that `where` compares with numbers or days, where a format was guessed."""
    return recipe.bounded if {"numbers", DAYS} & recipe.guessed else ()


def _of_dates(recipe: Recipe) -> Mapping[str, str]:
    """The columns of texts that are read as the dates of rows, by name, where their format was guessed."""
    names = [n for n in recipe.dates if n in recipe.guessed and n in recipe.columns.canonical]
    columns = {name: recipe.source(name) for name in names}
    return {name: column for name, column in columns.items() if is_text(recipe.dtype(column))}


def _fits_another(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Which texts are no numbers as the file is read, and are if it is written otherwise."""
    own = parse_numbers(texts, form).is_null()
    others = [parse_numbers(texts, other).is_not_null() for other in (POINT, COMMA)]
    return own & (others[0] | others[1])
