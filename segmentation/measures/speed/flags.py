"""Many yes-or-no questions about a row as bits of few integers, so that fifty cost hardly more than five.

Row conditions of personas are made of few atoms: which event, which collection, how long ago. A row
gets one small code for its combination of atoms; every question is answered once per combination,
by the same expressions that would be asked of every row, on a tiny frame of examples; and a row
looks its answers up. Questions with another atom (a number, part of a text) are asked row by row.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.partials import Part
from segmentation.measures.rows import Rows
from segmentation.rules.cell_words import met_by
from segmentation.rules.conditions import Compare, InPersona, walk
from segmentation.rules.measures import ANY_EVENT, Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import Scalar
from segmentation.rules.windows import parse_date

FEWEST: Final = 4  # fewer questions are as fast when asked row by row
MOST_CODES: Final = 1 << 20
BITS: Final = 62
MOST_ROWS: Final = 1 << 31  # a word of counts holds two, each below this
_CODE: Final = "__combination"


@dataclass(frozen=True)
class Axis:
    """One atom of row conditions: the code of a row (0, 1 …) and an example of each code."""

    code: pl.Expr
    examples: pl.DataFrame


@dataclass(frozen=True)
class Word:
    """An Int64 per row that holds the answers to some questions: bits, or two counts of 31 bits."""

    name: str
    parts: tuple[Part, ...]
    is_count: bool

    def answers(self) -> pl.Expr:
        """The word of an example row."""
        bits = [31 * i if self.is_count else i for i in range(len(self.parts))]
        held = [_kept(p).cast(pl.Int64) * (1 << b) for p, b in zip(self.parts, bits, strict=True)]
        return functools.reduce(operator.add, held).alias(self.name)

    def merged(self) -> pl.Expr:
        """The words of several rows as one."""
        word = pl.col(self.name)
        return word.sum() if self.is_count else word.bitwise_or()

    def unpacked(self) -> Iterator[pl.Expr]:
        """A column for each question, under the name its part is carried by."""
        for i, part in enumerate(self.parts):
            word = pl.col(self.name)
            number = (word // MOST_ROWS if i else word % MOST_ROWS).cast(pl.UInt32)
            yield (number if self.is_count else (word & (1 << i)) != 0).alias(part.carried)


@dataclass(frozen=True)
class Flags:
    """Questions that can be looked up, as words; `code` finds a row's place in `table`."""

    words: tuple[Word, ...]
    code: pl.Expr
    table: pl.DataFrame

    def coded(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with a column for each word."""
        found = [
            pl.col(_CODE)
            .map_batches(
                partial(_looked_up, self.table[w.name]), return_dtype=pl.Int64, is_elementwise=True
            )
            .alias(w.name)
            for w in self.words
        ]
        return rows.with_columns(self.code.alias(_CODE)).with_columns(found).drop(_CODE)

    def unpacked(self, groups: pl.LazyFrame) -> pl.LazyFrame:
        """The groups with a column for each question instead of the words."""
        answers = [answer for w in self.words for answer in w.unpacked()]
        return groups.with_columns(answers).drop(w.name for w in self.words)

    def parts(self) -> set[str]:
        """What the parts that are looked up are carried by."""
        return {p.carried for w in self.words for p in w.parts}


def _looked_up(answers: pl.Series, codes: pl.Series) -> pl.Series:
    return answers.gather(codes)


def flags(rows: Rows, parts: Sequence[Part]) -> Flags | None:
    """The parts that ask yes or no and are made of atoms, as words; None when they are few."""
    asked = {p.carried: p for p in parts if can_look_up(rows, p)}
    if len(asked) < FEWEST:
        return None
    axes = _axes(rows, [p.base for p in asked.values()])
    heights = [a.examples.height for a in axes]
    if functools.reduce(operator.mul, heights, 1) > MOST_CODES:
        return None
    words = [*_words(asked.values(), is_count=False), *_words(asked.values(), is_count=True)]
    examples = pl.DataFrame({_CODE: [0]})
    code: pl.Expr = pl.lit(0, dtype=pl.UInt32)
    for axis in axes:  # the last axis varies fastest, as in the cross join
        examples = examples.join(axis.examples, how="cross", maintain_order="left_right")
        code = code * axis.examples.height + axis.code.cast(pl.UInt32)
    return Flags(tuple(words), code, examples.select(w.answers() for w in words))


def can_look_up(rows: Rows, part: Part) -> bool:
    """Whether a part asks yes or no of rows, by atoms alone."""
    return part.value is None and all(_is_atom(rows, test) for test in _tests(part.base))


def _words(parts: Iterable[Part], *, is_count: bool) -> list[Word]:
    chosen = [p for p in parts if (p.inner is pl.Expr.sum) == is_count]
    size = 2 if is_count else BITS
    kind = "counts" if is_count else "flags"
    slices = [tuple(chosen[i : i + size]) for i in range(0, len(chosen), size)]
    return [Word(f"__{kind}{i}", held, is_count) for i, held in enumerate(slices)]


def _kept(part: Part) -> pl.Expr:
    return pl.lit(value=True) if part.keep is None else part.keep.fill_null(value=False)


# -- atoms ----------------------------------------------------------------------------------------


def _tests(base: Measure) -> list[Compare | InPersona]:
    found = [] if base.where is None else list(walk(base.where))
    return [c for c in found if isinstance(c, Compare | InPersona)]


def _is_atom(rows: Rows, test: Compare | InPersona) -> bool:
    """Whether a test asks for a text by its name, or for a flag.

    Words for true and false have many spellings: they are no atoms.
    """
    if isinstance(test, InPersona) or test.op.family is not Family.SAME:
        return False
    kind = rows.kind(str(test.field))
    if kind == "flag":
        return all(isinstance(v, bool) for v in _values(test))
    return kind == "text" and all(
        isinstance(v, str) and parse_date(v) is None and not met_by(v) for v in _values(test)
    )


def _values(test: Compare) -> tuple[Scalar, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _axes(rows: Rows, bases: Sequence[Measure]) -> list[Axis]:
    named: dict[str, dict[object, None]] = {}
    for base in bases:
        if rows.name == "events" and base.event not in (None, ANY_EVENT):
            named.setdefault("event", {}).setdefault(base.event)
        for test in _tests(base):
            assert isinstance(test, Compare)
            named.setdefault(str(test.field), {}).update(dict.fromkeys(_values(test)))
    made = [_named(column, values) for column, values in named.items()]
    moments = sorted({m for b in bases if b.window for m in rows.bounds(b.window)})
    made += [_ages(rows, moments)] if moments else []
    return [*made, _signs()] if rows.name == "transactions" else made


def _named(column: str, values: Mapping[object, None]) -> Axis:
    """A text by the names that are asked for, or a flag; the last code is any other, or none."""
    if all(isinstance(v, bool) for v in values):
        code = pl.col(column).cast(pl.UInt32).fill_null(2)
        return Axis(code, pl.DataFrame({column: [False, True, None]}, schema={column: pl.Boolean}))
    names = [str(v) for v in values]
    found = pl.col(column).cast(pl.String).cast(pl.Enum(names), strict=False).to_physical()
    code = found.cast(pl.UInt32).fill_null(len(names))
    return Axis(code, pl.DataFrame({column: [*names, None]}, schema={column: pl.String}))


def _ages(rows: Rows, moments: Sequence[datetime]) -> Axis:
    """How many of the moments at which a window begins or ends are past."""
    past = [(pl.col(rows.time) >= m).cast(pl.UInt8) for m in moments]
    examples = pl.Series(
        rows.time, [moments[0] - timedelta(days=1), *moments], dtype=pl.Datetime("us")
    )
    both = examples.to_frame().with_columns(pl.col(rows.time).dt.date().alias(rows.day))
    return Axis(functools.reduce(operator.add, past), both)


def _signs() -> Axis:
    """Free, bought or returned."""
    amount = pl.col("amount")
    code = (amount > 0).cast(pl.UInt8) + 2 * (amount < 0).cast(pl.UInt8)
    return Axis(code, pl.DataFrame({"amount": [0, 1, -1]}))
