"""Many yes-or-no questions about a row at once, so that fifty cost hardly more than five.

Row conditions of personas are made of few atoms: which event, which collection, how long ago. A scan
gives each row one small number for its combination of atoms; every question is answered once per
combination, by the same expressions that would be asked of every row, on a small frame of examples;
and what a row answers is looked up. Questions with another atom (a number, part of a text) are asked
row by row.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.dataclass import dataclass
from segmentation.measures.arrays import Arrays, Found, Places, grown
from segmentation.measures.batch import Batch
from segmentation.measures.grains import CUSTOMER
from segmentation.measures.parts import Part
from segmentation.measures.rows import DAY, MOMENT, Rows
from segmentation.measures.stores.store import Store
from segmentation.rules.cell_words import met_by
from segmentation.rules.conditions import Compare, InPersona, walk
from segmentation.rules.instants import day_of
from segmentation.rules.measures import ANY_EVENT, Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import Scalar
from segmentation.rules.windows import parse_date

FEWEST: Final = 6  # fewer questions are faster asked row by row: four cost a twelfth of a run less
MOST_COMBINATIONS: Final = 1 << 20
BITS: Final = 63
LOOKED_UP: Final = "arrays, looked up"


@dataclass(frozen=True)
class Axis:
    """One atom of row conditions: the number of a row (0, 1 …) and an example of each number."""

    number: pl.Expr
    examples: pl.DataFrame


@dataclass(frozen=True)
class Questions:
    """Parts that ask yes or no, and the column of a scan that says which combination a row is."""

    parts: tuple[Part, ...]
    column: str
    axes: tuple[Axis, ...]

    @property
    def combination(self) -> pl.Expr:
        """The combination of a row, whatever its date."""
        number: pl.Expr = pl.lit(0, dtype=pl.UInt32)
        for axis in self.axes:  # the last axis varies fastest, as in the cross join
            number = number * axis.examples.height + axis.number.cast(pl.UInt32)
        return number

    def may_be(self, rows: Rows) -> NDArray[np.bool_]:
        """Of which combinations a row may be asked for, on whatever day."""
        examples = self.examples()
        keeps = [rows.keep(replace(p.base, window=None)) for p in self.parts]
        if any(k is None for k in keeps):
            return np.ones(examples.height, np.bool_)
        some = pl.any_horizontal(k.fill_null(value=False) for k in keeps if k is not None)
        return examples.select(some).to_series().to_numpy()

    def examples(self) -> pl.DataFrame:
        """A row of each combination, in their order."""
        found = pl.DataFrame({"_": [0]})
        for axis in self.axes:
            found = found.join(axis.examples, how="cross", maintain_order="left_right")
        return found


def questions(rows: Rows, parts: Sequence[Part]) -> Questions | None:
    """The parts that ask yes or no and are made of atoms; None when they are few."""
    asked = tuple(p for p in parts if can_look_up(rows, p))
    if len(asked) < FEWEST:
        return None
    axes = tuple(_axes(rows, [p.base for p in asked]))
    heights = [a.examples.height for a in axes]
    ages = 2 * len({p.base.window for p in asked}) + 1
    if functools.reduce(operator.mul, heights, ages) > MOST_COMBINATIONS:
        return None
    column = rows.positions.of(("combination", rows.name, tuple(p.key for p in asked)))
    return Questions(asked, column, axes)


def can_look_up(rows: Rows, part: Part) -> bool:
    """Whether a part asks yes or no of rows, by atoms alone."""
    plain = part.value is None and part.grain is None
    return plain and all(_is_atom(rows, test) for test in _tests(part.base))


class Answers(Store):
    """The answers for each customer: words of 63 bits, and a count for whoever asks how often."""

    def __init__(self, asked: Questions, rows: Rows) -> None:
        self._asked = asked
        self._moments = sorted(
            {m for p in asked.parts if p.base.window for m in rows.bounds(p.base.window)}
        )
        self._of_days = all(p.base.window.of_days for p in asked.parts if p.base.window)
        self._zone = rows.table.timezone
        answers = self._answers(rows)
        self._flags = [p for p in asked.parts if p.fold.is_flag]
        self._counts = [p for p in asked.parts if not p.fold.is_flag]
        self._words = [
            _word([answers[p.key] for p in self._flags[i : i + BITS]])
            for i in range(0, len(self._flags), BITS)
        ]
        self._counted = {p.key: answers[p.key] for p in self._counts}
        self._is_asked = functools.reduce(
            operator.or_, (w != 0 for w in (*self._words, *self._counted.values()))
        )
        self._held = [np.zeros(0, np.int64) for _ in self._words]
        self._arrays = Arrays(self._counts, {})

    def _answers(self, rows: Rows) -> Mapping[str, NDArray[np.bool_]]:
        """What each part says of each combination and age."""
        examples = self._asked.examples().join(
            self._ages(rows), how="cross", maintain_order="left_right"
        )
        keeps = {p.key: rows.keep(p.base) for p in self._asked.parts}
        yes = pl.lit(value=True)
        found = examples.select(
            (yes if k is None else k.fill_null(value=False)).alias(n) for n, k in keeps.items()
        )
        return {
            n: found[n].to_numpy()
            if found.height == examples.height
            else np.ones(examples.height, np.bool_)
            for n in keeps
        }

    def _ages(self, rows: Rows) -> pl.DataFrame:
        """An example of each age: before the first moment, and from each on."""
        early = [self._moments[0] - timedelta(days=1)] if self._moments else [None]
        moments = [*early, *self._moments]
        days = [None if m is None else day_of(m, self._zone) for m in moments]
        held = pl.Series(rows.instant, moments, dtype=pl.Datetime("us"))
        return pl.DataFrame([held, pl.Series(rows.day, days, dtype=pl.Date)])

    def fold(self, batch: Batch) -> None:
        """Take rows up."""
        numbers = batch.rows[self._asked.column].to_numpy().astype(np.int64)
        if self._moments:
            numbers = numbers * (len(self._moments) + 1) + self._age(batch.rows)
        at = np.flatnonzero(self._is_asked.take(numbers))
        if not len(at):
            return
        customers, numbers = batch.customers.take(at), numbers.take(at)
        self._reserve(int(customers.max()) + 1)
        for held, word in zip(self._held, self._words, strict=True):
            _merge(held, customers, word.take(numbers))
        for column in self._arrays.columns.values():
            column.fold(customers[self._counted[column.part.key].take(numbers)], None)

    def _age(self, rows: pl.DataFrame) -> Places:
        """How many of the moments at which a window begins or ends are past."""
        if self._of_days:
            days = pl.Series([day_of(m, self._zone) for m in self._moments], dtype=pl.Date)
            held = days.to_physical().to_numpy()
            return np.searchsorted(held, rows[DAY].to_physical().to_numpy(), side="right")
        held = pl.Series(self._moments, dtype=pl.Datetime("us")).to_physical().to_numpy()
        moments = rows[MOMENT].cast(pl.Datetime("us")).to_physical().to_numpy()
        return np.searchsorted(held, moments, side="right")

    def _reserve(self, size: int) -> None:
        self._arrays.reserve(size)
        self._held = [grown(held, self._arrays.size) for held in self._held]

    def found(self, size: int) -> Found:
        """The answer to each question for so many customers."""
        self._reserve(size)
        made = {c: column.held(slice(0, size)) for c, column in self._arrays.columns.items()}
        for i, part in enumerate(self._flags):
            word = self._held[i // BITS][:size]
            made[part.key] = pl.Series((word >> (i % BITS)) & 1 != 0)
        return made

    def rows(self) -> list[pl.DataFrame]:
        """What is held, as rows."""
        return [
            pl.DataFrame({CUSTOMER: np.arange(self._arrays.size), **self.found(self._arrays.size)})
        ]

    def add(self, rows: pl.DataFrame) -> None:
        """Take up what another store held."""
        customers = rows[CUSTOMER].to_numpy()
        self._reserve(int(customers.max()) + 1 if len(customers) else 0)
        for i, part in enumerate(self._flags):
            np.bitwise_or.at(
                self._held[i // BITS],
                customers,
                rows[part.key].cast(pl.Int64).to_numpy() << (i % BITS),
            )
        for column in self._arrays.columns.values():
            np.add.at(column.cells, customers, rows[column.part.key].to_numpy())

    def ways(self) -> Mapping[str, str]:
        """How each part was taken up: it was looked up."""
        return dict.fromkeys((p.key for p in self._asked.parts), LOOKED_UP)


def _word(answers: Sequence[NDArray[np.bool_]]) -> NDArray[np.int64]:
    """Some answers as bits."""
    bits = (a.astype(np.int64) << i for i, a in enumerate(answers))
    return functools.reduce(operator.or_, bits)


def _merge(held: Places, customers: Places, words: Places) -> None:
    """Add the bits of some words to those of their customers, of whom one may have several words.

    Of equal customers the last is written: whose bits are still lacking is done again, with one bit
    more each time.
    """
    lacking = np.flatnonzero(words)
    while len(lacking):
        customers, words = customers[lacking], words[lacking]
        held[customers] |= words
        lacking = np.flatnonzero(held[customers] & words != words)


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
        return all(isinstance(v, bool) for v in test.values)
    return kind == "text" and all(
        isinstance(v, str) and parse_date(v) is None and not met_by(v) for v in test.values
    )


def _axes(rows: Rows, bases: Sequence[Measure]) -> Iterator[Axis]:
    named: dict[str, dict[Scalar, None]] = {}
    for base in bases:
        if rows.name == "events" and base.event not in (None, ANY_EVENT):
            named.setdefault("event", {}).setdefault(str(base.event))
        for test in _tests(base):
            assert isinstance(test, Compare)
            named.setdefault(str(test.field), {}).update(dict.fromkeys(test.values))
    yield from (_named(column, values) for column, values in named.items())
    if rows.name == "transactions":
        yield _signs()


def _named(column: str, values: Mapping[Scalar, Any]) -> Axis:
    """A text by the names that are asked for, or a flag; the last number is any other, or none."""
    if all(isinstance(v, bool) for v in values):
        number = pl.col(column).cast(pl.UInt32).fill_null(2)
        return Axis(
            number, pl.DataFrame({column: [False, True, None]}, schema={column: pl.Boolean})
        )
    names = [str(v) for v in values]
    found = pl.col(column).cast(pl.String).cast(pl.Enum(names), strict=False).to_physical()
    number = found.cast(pl.UInt32).fill_null(len(names))
    return Axis(number, pl.DataFrame({column: [*names, None]}, schema={column: pl.String}))


def _signs() -> Axis:
    """Free, bought or returned."""
    amount = pl.col("amount")
    number = (amount > 0).cast(pl.UInt8) + 2 * (amount < 0).cast(pl.UInt8)
    return Axis(number, pl.DataFrame({"amount": [0, 1, -1]}))
