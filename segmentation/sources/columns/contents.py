"""What the first rows of a file's columns hold, for those who look for a column by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns import dates
from segmentation.sources.columns.likely import are_dates
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

LOOKED_AT: Final = 2000
_DATES: Final = 20  # of these, tried on every format
_MAIL: Final = pattern(r"\S+@\S+\.\S+")
_WHOLE: Final = pattern(r"-?\d+")
#: what stands beside numbers: currencies by sign or code, brackets, blanks, marks of spreadsheets
_BESIDE: Final = pattern(r"[\s'’=\"()+\-$€£¥₹₽₺]|\b[A-Z]{2,3}\b")
_NUMBER: Final = pattern(r"\d[\d.,]*")
_FRACTION: Final = pattern(r".*[.,]\d{1,4}")
_DIGIT: Final = pattern(r".*\d.*")
_WORDS: Final = pattern(r"[^\W\d_]+|\d+")
_NEGATIVE: Final = pattern(r"^\W*[-−(]\W*\d|\d[^\w.,-]*-$")  # `5,-` is a price
_HUMP: Final = pattern(r"(?<=[a-z])(?=[A-Z])")

Kind = Literal["nothing", "date", "count", "whole", "decimal", "mail", "code", "text", "flag"]
"""Of a column's cells: `count` is of whole numbers that may be moments, `code` of texts with digits."""


@dataclass(frozen=True)
class Content:
    """One column: its cells as text, blank ones None, and how they are stored."""

    name: str
    place: int
    cells: tuple[str | None, ...]
    dtype: pl.DataType

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name in small letters."""
        return words_in(self.name)

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold anything."""
        return tuple(cell for cell in self.cells if cell is not None)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """Its texts, each once."""
        return tuple(dict.fromkeys(self.filled))

    @property
    def blanks(self) -> int:
        """How many cells hold nothing."""
        return len(self.cells) - len(self.filled)

    @property
    def repeats(self) -> bool:
        """Whether texts stand there more than once, and not one alone."""
        return 1 < len(self.distinct) < len(self.filled)

    @cached_property
    def numbers(self) -> tuple[float | None, ...]:
        """Its cells as numbers, roughly: a sign that may part thousands is taken for one that does."""
        return tuple(None if cell is None else _number(cell) for cell in self.cells)

    @cached_property
    def kind(self) -> Kind:
        """What it holds."""
        if not self.filled:
            return "nothing"
        return _stored(self.dtype) or _written(self.distinct)


def words_in(name: str) -> tuple[str, ...]:
    """The words of a name in small letters.

    >>> words_in("Amount Refunded"), words_in("lastOrder_ID")
    (('amount', 'refunded'), ('last', 'order', 'id'))
    """
    return tuple(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", name)))


def contents_of(
    raw: RawTable, names: Sequence[str], rows: pl.LazyFrame | None = None
) -> Mapping[str, Content]:
    """What columns of a table hold, by name; of those that hold one value per row.

    `rows` are those of its rows that are looked at: all, if none are named.
    """
    schema = {
        n: raw.schema[n] for n in names if n in raw.schema and can_be(raw.schema[n], "compared")
    }
    texts = [as_text(n, t).str.strip_chars().alias(n) for n, t in schema.items()]
    every = raw.scan() if rows is None else rows
    found = every.select(texts).head(LOOKED_AT).collect()
    places = {name: place for place, name in enumerate(names)}
    return {
        n: Content(n, places[n], tuple(cell or None for cell in found[n]), t)
        for n, t in schema.items()
    }


def _stored(dtype: pl.DataType) -> Kind | None:
    if dtype.base_type() in (pl.Date, pl.Datetime):
        return "date"
    if dtype == pl.Boolean:
        return "flag"
    return "decimal" if dtype.is_float() or dtype.is_decimal() else None


def _written(texts: Sequence[str]) -> Kind:
    """What texts hold that differ from each other."""
    are_whole = _all(texts, _WHOLE.fullmatch)
    if are_dates(texts[:_DATES]):
        return "count" if are_whole and not _are_calendar(texts[:_DATES]) else "date"
    if are_whole:
        return "whole"
    if _all(texts, lambda text: _NUMBER.fullmatch(_BESIDE.sub("", text))):
        return "decimal" if any(map(_FRACTION.fullmatch, texts)) else "whole"
    if 2 * sum(_MAIL.fullmatch(text) is not None for text in texts) > len(texts):
        return "mail"
    return "code" if _all(texts, _DIGIT.fullmatch) else "text"


def _number(text: str) -> float | None:
    """A number by its last sign, which parts thousands where three digits follow and it is the only one."""
    bare = _BESIDE.sub("", text)
    if not _NUMBER.fullmatch(bare):
        return None
    whole, sign, digits = bare.rpartition("," if bare.rfind(",") > bare.rfind(".") else ".")
    parts_thousands = len(digits) == 3 and not {",", "."} <= {*bare}
    plain = bare if parts_thousands or not sign else f"{_bare(whole)}.{digits}"
    size = float(plain if "." in plain and not parts_thousands else _bare(plain))
    return -size if _NEGATIVE.search(text) else size


def _bare(digits: str) -> str:
    return digits.replace(",", "").replace(".", "")


def _are_calendar(texts: Sequence[str]) -> bool:
    """Whether digits are those of a year, a month and a day, and no count from 1970: 20240131, 202401311030."""
    numbers = pl.Series(texts, dtype=pl.String)
    shapes = [s for s in dates.candidates(texts) if "%" in s and len(texts[0]) in (8, 12, 14)]
    return any(dates.fitting(numbers, (shape,)) == len(texts) for shape in shapes)


def _all(texts: Sequence[str], fits: Callable[[str], object]) -> bool:
    return all(fits(text) for text in texts)
