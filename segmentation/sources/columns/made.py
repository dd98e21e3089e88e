"""Columns that are made of a file's own, by what a source says: joined texts, and one text in every row."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.column_specs import ColumnSpec, Constant
from segmentation.rules.scalars import is_number
from segmentation.sources.columns.aliases import NUMBERS
from segmentation.sources.columns.day_and_time import joined_expr, joined_texts
from segmentation.sources.stored import as_text


@dataclass(frozen=True)
class Joined:
    """Texts of several columns with a blank between; missing where the first of them is, or any (`is_key`).

    A day and a time are joined as one moment, however each is stored. Blanks within the parts of a key are written twice, so that `X 1` with `2` is not `X` with `1 2`.
    """

    columns: tuple[str, ...]
    is_key: bool = False

    @property
    def name(self) -> str:
        """How the column is called."""
        return (" + " if self.is_key else " ").join(self.columns)

    @property
    def needed(self) -> int:
        """How many of the columns, from the first, must hold something."""
        return len(self.columns) if self.is_key else 1

    def expr(self, schema: Mapping[str, pl.DataType]) -> pl.Expr:
        """Its cells."""
        texts = [as_text(c, schema[c]).str.strip_chars().fill_null("") for c in self.columns]
        texts = (
            [text.str.replace_all(" ", "  ", literal=True) for text in texts]
            if self.is_key
            else joined_expr(texts)
        )
        said = pl.concat_str(texts, separator=" ")
        is_there = pl.all_horizontal(text != "" for text in texts[: self.needed])
        return pl.when(is_there).then(said.str.strip_chars())

    def of(self, cells: Mapping[str, str | None]) -> str | None:
        """The same of the cells of one row."""
        texts = [(cells.get(column) or "").strip() for column in self.columns]
        texts = [text.replace(" ", "  ") for text in texts] if self.is_key else joined_texts(texts)
        return " ".join(texts).strip() if all(texts[: self.needed]) else None


@dataclass(frozen=True)
class Same:
    """One text in every row."""

    text: str

    @property
    def name(self) -> str:
        """How the column is called."""
        return f"constant {self.text}"

    def expr(self, schema: Mapping[str, pl.DataType]) -> pl.Expr:
        """Its cells."""
        return pl.lit(self.text)

    def of(self, cells: Mapping[str, str | None]) -> str | None:
        """The same of the cells of one row."""
        return self.text


Made = Joined | Same


def made_of(canonical: str, spec: ColumnSpec) -> Made | None:
    """What a spec says is made beside the columns of a file; None where nothing is."""
    match spec:
        case tuple():
            return Joined(spec, is_key=canonical == "order_id")  # a store alone is no order
        case Constant(text) if canonical not in NUMBERS:
            return Same(text)
        case int() | float() if canonical not in NUMBERS and is_number(spec):
            return Same(str(spec))
    return None
