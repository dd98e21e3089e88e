"""What the first rows of a file's columns hold, for those who look for a column by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, Literal

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.rules.cell_words import NOTHING_WORDS
from segmentation.sources.columns import dates
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES, CURRENCIES
from segmentation.sources.columns.likely import are_dates, are_mostly_dates
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

LOOKED_AT: Final = 2000
_DATES: Final = 20  # of these, tried on every format
_MAIL: Final = pattern(r"\S+@\S+\.\S+")
_WHOLE: Final = pattern(r"-?\d+")
#: what stands beside numbers: brackets, blanks, marks of spreadsheets, and currencies by sign or code
_BESIDE: Final = pattern(r"[\s'’=\"()+\-–—−]|\b[A-Z]{2,3}\b")
_SIGNS: Final = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
_SIGN: Final = rf"(?:{_SIGNS}|[₢-₿])"
_CURRENCY: Final = pattern(rf"(?i)^\W*{_SIGN}(?=[\s\d.,(+-])|(?<=[\s\d.,)-]){_SIGN}\W*$")
_CODE: Final = pattern(
    r"(?i)[a-z]+\d+|\d+[a-z]+"
)  # what a sign of letters without a blank may be as well
_NUMBER: Final = pattern(r"\d[\d.,]*|[.,]\d+|\d[\d.]*[eE]\+?\d{1,2}")
_FRACTION: Final = pattern(r".*[.,]\d{1,4}")
_DIGIT: Final = pattern(r".*\d.*")
_WORDS: Final = pattern(r"[^\W\d_]+|\d+")
_WHOLE_PRICE: Final = pattern(r"\d[.,][-–—]+\D*$")  # 5,-
_MONEY_OF: Final = rf"(?i:{_SIGNS}|{'|'.join(sorted(CODES_OF_CURRENCIES))})\.?"
_MAY_STAND_BEFORE: Final = rf"(?:(?:[xX×]|{_MONEY_OF})\s*)?"
#: what is below zero, by its sign: `-1`, `(1)`, `1-`, `€ -1`, `-kr 1`, `EUR (1)`, `-1 kg`, `x-2`, `1- Stk`; `5,-` is a price
BELOW: Final = (
    rf"^\W*{_MAY_STAND_BEFORE}[-−(]\W*{_MAY_STAND_BEFORE}\d|\d[^\w.,-]*-\s*$|\d[-−]\s+[^\W\d_]"
)
_NEGATIVE: Final = pattern(BELOW)
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

    @property
    def holds_numbers(self) -> bool:
        """Whether it holds numbers, which money may be as well."""
        return self.kind in ("decimal", "whole", "count")

    @cached_property
    def kind(self) -> Kind:
        """What it holds."""
        if not self.filled:
            return "nothing"
        said = tuple(text for text in self.distinct if _plain(text) not in NOTHING_WORDS)
        return _stored(self.dtype) or _written(said or self.distinct)


def words_in(name: str) -> tuple[str, ...]:
    """The words of a name in small letters.

    >>> words_in("Amount Refunded"), words_in("lastOrder_ID")
    (('amount', 'refunded'), ('last', 'order', 'id'))
    """
    return tuple(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", name)))


def squeezed_words(name: str) -> list[str]:
    """The words of a name as they stand in the tables of words.

    >>> squeezed_words("Qté_vendue")
    ['qte', 'vendue']
    """
    return [squeezed(word) for word in words_in(name)]


def contents_of(
    raw: RawTable, names: Sequence[str], rows: pl.LazyFrame | None = None
) -> Mapping[str, Content]:
    """What columns of a table hold, by name; of those that hold one value per row.

    `rows` are those of its rows that are looked at: all, if none are named.
    """
    readable = raw.readable
    schema = {n: readable[n] for n in names if n in readable and can_be(readable[n], "compared")}
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


@lru_cache(maxsize=64)  # checks ask for the same columns one after another
def _written(texts: tuple[str, ...]) -> Kind:
    """What texts hold that differ from each other."""
    are_whole = _all(texts, _WHOLE.fullmatch)
    if are_dates(texts[:_DATES]):
        return "count" if are_whole and not _are_calendar(texts[:_DATES]) else "date"
    if are_whole:
        return "whole"
    if are_mostly_dates(texts[:_DATES]):
        return "date"
    return _numbers_in(texts) or _words_in(texts)


def _numbers_in(texts: Sequence[str]) -> Kind | None:
    """The kind of texts most of which are money, or all of which are numbers."""
    numbers = [text for text in texts if _NUMBER.fullmatch(_bare_number(text))]
    if 2 * len(numbers) > len(texts) and any(map(_is_money, numbers)):
        return "decimal"
    return "whole" if len(numbers) == len(texts) else None


def _words_in(texts: Sequence[str]) -> Kind:
    if 2 * sum(_MAIL.fullmatch(text) is not None for text in texts) > len(texts):
        return "mail"
    return "code" if _all(texts, _DIGIT.fullmatch) else "text"


def _number(text: str) -> float | None:
    """A number by its last sign, which parts thousands where three digits follow and it is the only one."""
    bare = _bare_number(text)
    if not _NUMBER.fullmatch(bare):
        return None
    if "e" in bare.lower():
        return float(bare)
    bare = bare.rstrip(",.") if _WHOLE_PRICE.search(text) else bare
    whole, sign, digits = bare.rpartition("," if bare.rfind(",") > bare.rfind(".") else ".")
    parts_thousands = len(digits) == 3 and not {",", "."} <= {*bare}
    plain = bare if parts_thousands or not sign else f"{_bare(whole)}.{digits}"
    size = float(plain if "." in plain and not parts_thousands else _bare(plain))
    return -size if _NEGATIVE.search(text) else size


def _bare_number(text: str) -> str:
    """A text without what may stand beside a number; whole if it may be a code as well."""
    return text if _CODE.fullmatch(text) else _BESIDE.sub("", _CURRENCY.sub("", text))


def _is_money(number: str) -> bool:
    """Whether a number has a fraction or a mark for none, or stands beside the sign of a currency."""
    is_marked = _CURRENCY.search(number) or _WHOLE_PRICE.search(number)
    return bool(is_marked or _FRACTION.fullmatch(_bare_number(number)))


def _plain(text: str) -> str:
    return "".join(text.split()).lower()


def _bare(digits: str) -> str:
    return digits.replace(",", "").replace(".", "")


def _are_calendar(texts: Sequence[str]) -> bool:
    """Whether digits are those of a year, a month and a day, and no count from 1970: 20240131, 202401311030."""
    numbers = pl.Series(texts, dtype=pl.String)
    shapes = [s for s in dates.candidates(texts) if "%" in s and len(texts[0]) in (8, 12, 14)]
    return any(dates.fitting(numbers, (shape,)) == len(texts) for shape in shapes)


def _all(texts: Sequence[str], fits: Callable[[str], object]) -> bool:
    return all(fits(text) for text in texts)
