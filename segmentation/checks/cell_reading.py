"""What a comparison can read of the cells of a column, and what it cannot.

A comparison looks at a cell as a flag, a number, a date, or as given or missing; texts are only
compared. Words for true and false may be codes of something else (a country NO): what the column
holds beside them tells. That decides what is doubted, never what a comparison means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

import polars as pl

from segmentation.comparing.comparisons import ISO_DAY
from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import Kind
from segmentation.rules.cell_words import FALSE_WORDS, MISSING_WORDS, TRUE_WORDS, flag, met_by
from segmentation.rules.comparisons import Reading
from segmentation.rules.look_alikes import folded
from segmentation.rules.operator_record import Family, total
from segmentation.rules.scalars import Scalar
from segmentation.rules.windows import parse_date
from segmentation.scan.column_values import VALUE
from segmentation.scan.held_values import Held

PLACEHOLDER: Final = date(1900, 1, 1)  # and before it: what systems write where there is no date

View = Literal["flag", "number", "date", "missing"]
#: words that say yes or no elsewhere, and marks: beside `n` they are no codes of something else
_FOREIGN: Final = frozenset({"x", "o", "j"})


@dataclass(frozen=True)
class Reader:
    """How a comparison reads a cell: in words, and which texts it can read."""

    noun: str
    reads: Callable[[pl.Expr], pl.Expr]
    kinds: tuple[Kind, ...]  # columns of these it reads whatever they hold


def _plain(cell: pl.Expr) -> pl.Expr:
    return cell.str.strip_chars().str.to_lowercase()


READERS: Final[Mapping[View, Reader]] = {
    "flag": Reader(
        "true or false",
        lambda cell: _plain(cell).is_in((*TRUE_WORDS, *FALSE_WORDS)),
        ("flag",),
    ),
    "number": Reader(
        "a number",
        lambda cell: cell.str.strip_chars().cast(pl.Float64, strict=False).is_finite(),
        ("number", "money"),
    ),
    "date": Reader(
        "a date",
        lambda cell: (
            cell.str.strip_chars()
            .str.extract(ISO_DAY)
            .str.to_date("%Y-%m-%d", strict=False)
            .gt(PLACEHOLDER)
        ),
        ("date",),
    ),
    "missing": Reader(
        "given or missing",
        lambda cell: ~folded(cell).is_in(list(MISSING_WORDS)),
        ("number", "money", "flag", "date"),
    ),
}


def views(one: Reading, held: Held) -> tuple[View, ...]:
    """How a comparison reads a cell; none where it compares texts."""
    family = one.test.op.family
    if held.is_label or family is Family.PART:
        return ()
    return (one.how,) if one.how != "compared" else _VIEWS[family](one, held)


def _of_values(one: Reading, held: Held) -> tuple[View, ...]:
    found = [view for value in one.values for view in _views_of(value, one, held)]
    return tuple(dict.fromkeys(found))


def _of_bounds(one: Reading, held: Held) -> tuple[View, ...]:
    return ("date",) if isinstance(one.values[0], str) else ("number",)


_VIEWS: Final[Mapping[Family, Callable[[Reading, Held], tuple[View, ...]]]] = total(
    {
        Family.SAME: _of_values,
        Family.ORDER: _of_bounds,
        Family.PART: lambda one, held: (),
        Family.MISSING: lambda one, held: ("missing",),
        Family.RANK: lambda one, held: ("date" if held.kind == "date" else "number",),
    }
)


def _views_of(value: Scalar, one: Reading, held: Held) -> tuple[View, ...]:
    if isinstance(value, str) and is_numeral(value):
        return ("number", "flag")
    if isinstance(value, bool) or (isinstance(value, str) and met_by(value)):
        return ("flag",) if compares_flags(one, held) else ()
    if isinstance(value, str):
        return ("date",) if parse_date(value) is not None else ()
    return ("number", "flag") if met_by(value) else ("number",)


def strange(one: Reading, held: Held, seen: Sequence[View]) -> pl.DataFrame:
    """The values that none of these views reads, and that the comparison does not name."""
    if held.kind == "date" and "date" in seen:
        return _placeholders(held).texts
    texts = held.texts
    if not seen or any(held.kind in READERS[view].kinds for view in seen):
        return texts.clear()
    cell = pl.col(VALUE)
    named = [v.strip() for v in one.values if isinstance(v, str)]
    read = [READERS[view].reads(cell).fill_null(value=False) for view in seen]
    words = [w for v in one.values for w in met_by(v)] if "flag" in seen else []
    fits = pl.any_horizontal(*read, cell.str.strip_chars().is_in(named), _plain(cell).is_in(words))
    blank = (cell.str.strip_chars() == "") & pl.lit(value="missing" not in seen)
    return texts.filter(~fits & ~blank)


def _placeholders(held: Held) -> Held:
    """Of stored days those that systems write where there is none."""
    return replace(held, counts=held.counts.filter(pl.col(VALUE).cast(pl.Date) <= PLACEHOLDER))


# -- flags or codes -------------------------------------------------------------------------------


def compares_flags(one: Reading, held: Held) -> bool:
    """Whether words for true and false are meant as such, and not as codes (a country NO).

    They are codes where the column has others like them, and nothing that says the opposite.
    """
    values = one.values
    if any(isinstance(v, bool) for v in values):
        return True
    if any(flag(v) is None for v in values):
        return False
    words = [str(word).strip() for word in held.texts[VALUE]]
    others = [w for w in words if w and all(w.lower() not in met_by(v) for v in values)]
    opposite = {w for v in values for w in met_by(not flag(v))}
    if any(w.lower() in opposite for w in others):
        return True
    return not any(_is_code(w, str(v)) for w in others for v in values)


def are_letters_of_flags(one: Reading, held: Held) -> bool:
    """Whether letters that a comparison names are meant as true and false: they may be codes (a gender).

    They are flags where compared as such, and where the column has nothing but words for true and false.
    """
    if one.test.op.family is Family.PART:
        return False
    return compares_flags(one, held) or all(flag(w) is not None for w in held.texts[VALUE])


def _is_code(word: str, literal: str) -> bool:
    """Whether two words could be codes of one list: letters, or as many capitals."""
    text = literal.strip()
    if not word.isalpha() or not text.isalpha() or len(word) != len(text):
        return False
    if len(text) == 1:
        return word.isupper() == text.isupper() and word.lower() not in _FOREIGN
    return word.isupper() and text.isupper()


def is_numeral(text: str) -> bool:
    """Whether a word for true or false is written as a number."""
    return text.strip() in ("0", "1", "0.0", "1.0")
