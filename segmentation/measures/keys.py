"""Ids as small integers: what a customer or an order is called is looked at once, and then it is a number.

Whole numbers, and texts that stand for such (`C0012345`), are looked up in a table over the span of
their numbers; any other text is coded by Polars. That they lie close together is a bet: whoever
finds that they do not, measures again without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from segmentation.dataclass import dataclass
from segmentation.measures.arrays import Places, moved
from segmentation.measures.sorted_numbers import ranks_of
from segmentation.sources import Table as SourceTable
from segmentation.sources.columns.affixed import Affixed, numbered

CUSTOMER_ID: Final = "customer_id"
#: of a table over ids: pages that nobody touches cost nothing
WIDEST_SPAN: Final = 1 << 28
#: how much wider than what was read the span of ids may be
MOST_PER_ROW: Final = 64
FEWEST_ROWS: Final = 1 << 17
BYTES_OF_PLACE: Final = 4
#: of numbers that are put in the order of their texts by one integer
MOST_DIGITS_IN_ORDER: Final = 17
_LEAST: Final = -(1 << 63)


class LostBet(Exception):
    """Not an error: ids lie too far apart for a table; measure again with ids as texts."""


class Texts:
    """Texts as the codes that Polars gives them; they mean the same in every scan of this run."""

    def __init__(self) -> None:
        self._held = pl.Categorical(pl.Categories.random())
        self._alive = pl.Series([], dtype=self._held)  # codes die with the last that uses them

    def code(self, text: pl.Expr) -> pl.Expr:
        """The code of a text, as UInt32."""
        return text.cast(self._held).to_physical()

    def codes(self, texts: pl.Series) -> pl.Series:
        """The codes of some texts, as Int64."""
        return texts.cast(self._held).to_physical().cast(pl.Int64)

    def texts(self, codes: pl.Series) -> pl.Series:
        """The texts of some codes."""
        return codes.cast(pl.UInt32).cat.to(self._held).cast(pl.String)


def bytes_of(tables: Sequence[SourceTable]) -> int:
    """The size of the files of some tables; 0 where they are none of this machine."""
    files = (file for table in tables for tally in table.tallies for file in tally.files)
    return sum(file.fingerprint.size for file in files)


def is_narrow(low: int, high: int, rows: int, most: int = 0) -> bool:
    """Whether a table over a span of ids is worth its memory, as so many rows were read; `most` always is."""
    return high - low < min(WIDEST_SPAN, max(MOST_PER_ROW * max(rows, FEWEST_ROWS), most))


@dataclass(frozen=True)
class Room:
    """Cells for the span of some ids: how many there are, and the id that the first is for."""

    low: int = -_LEAST  # of no ids
    high: int = _LEAST
    base: int = 0
    size: int = 0

    def reaching(self, ids: Places, rows: int, most: int = 0) -> Room | None:
        """Room for these, too; None where they all lie too far apart (see `is_narrow`).

        On a side that was too small there are some cells to spare: those that nobody touches take no
        memory.
        """
        low, high = min(self.low, int(ids.min())), max(self.high, int(ids.max()))
        if not is_narrow(low, high, rows, most):
            return None
        if not self.size:
            return Room(low, high, low, high - low + 1)
        end, spare = self.base + self.size, high - low
        base = max(low - spare // 4, _LEAST) if low < self.base else self.base
        return Room(low, high, base, (end if high < end else high + spare) - base)

    def of(self, before: Room) -> slice:
        """Where the cells of the room before are."""
        at = before.base - self.base
        return slice(at, at + before.size)  # empty where there were none


class Table:
    """Whole numbers -> 0, 1, 2 … in the order in which they come.

    It may take `most` bytes however few rows were read: the first of many show how far apart ids
    lie, and not how many there are.
    """

    def __init__(self, most: int = 0) -> None:
        self._room, self._places = Room(), np.zeros(0, np.int32)
        self.size = self._rows = 0
        self._most = most // BYTES_OF_PLACE
        self._numbers: list[Places] = []

    def of(self, numbers: Places) -> Places:
        """The place of each number. Raises LostBet where they lie too far apart for a table."""
        if not len(numbers):
            return numbers
        self._rows += len(numbers)
        self._reach(numbers)
        at = numbers - self._room.base
        found = self._places.take(at).astype(np.int64)
        if not found.all():
            new = np.flatnonzero(found == 0)
            found[new] = self._added(at.take(new))
        found -= 1
        return found

    def at(self, numbers: Places) -> Places:
        """The place of each number, -1 where it never came."""
        here = np.flatnonzero((numbers >= self._room.low) & (numbers <= self._room.high))
        found = np.full(len(numbers), -1)
        found[here] = self._places.take(numbers.take(here) - self._room.base) - 1
        return found

    def _added(self, at: Places) -> NDArray[np.int32]:
        """Give each new number its place, plus one."""
        ranks = np.arange(1, len(at) + 1, dtype=np.int32)
        self._places[at] = -ranks  # the last of equal ones wins
        winners = at[self._places.take(at) == -ranks]
        self._places[winners] = np.arange(self.size + 1, self.size + 1 + len(winners))
        self.size += len(winners)
        self._numbers.append(winners + self._room.base)
        return self._places.take(at)

    def _reach(self, numbers: Places) -> None:
        room = self._room.reaching(numbers, self._rows, self._most)
        if room is None:
            raise LostBet
        if room.size != self._room.size:
            self._places = moved(self._places, room.of(self._room), room.size)
        self._room = room

    @property
    def numbers(self) -> Places:
        """The numbers by place."""
        return np.concatenate(self._numbers) if self._numbers else np.zeros(0, np.int64)


def by_digits(numbers: Places) -> Places:
    """Whole numbers of which the order is that of the texts of others: 1, 10, 100, 11, 2.

    Their digits from the left, then how many they are.
    """
    if not len(numbers) or numbers.min() < 0 or numbers.max() >= 10**MOST_DIGITS_IN_ORDER:
        return ranks_of(pl.Series(numbers).cast(pl.String).arg_sort().to_numpy())
    powers = 10 ** np.arange(MOST_DIGITS_IN_ORDER + 1)
    digits = np.maximum(np.searchsorted(powers, numbers, side="right"), 1)
    keys: Places = numbers * powers[digits.max() - digits] * (MOST_DIGITS_IN_ORDER + 1) + digits
    return keys


class Customers:
    """The customers of a run: what they are called, and the number of each, from 0.

    Ids are numbers, or stand for numbers in the same way in all `tables`, or they are coded as the
    texts that they are: always so without `bets`.
    """

    def __init__(self, tables: Sequence[SourceTable], *, bets: bool = True) -> None:
        self._affixed: Affixed | None = None
        self._texts: Texts | None = None
        types = {str(t.columns[CUSTOMER_ID]) for t in tables}
        affixed = {t.affixed.get(CUSTOMER_ID) for t in tables}
        if bets and len(affixed) == 1:
            self._affixed = affixed.pop()
        if not bets or (self._affixed is None and types != {"Int64"}):
            self._texts = Texts()
        self._table = Table(bytes_of(tables))
        self.size = 0

    def key(self) -> pl.Expr:
        """The column `customer_id` as what `of` takes."""
        if self._texts is not None:
            return self._texts.code(pl.col(CUSTOMER_ID).cast(pl.String))
        return pl.col(CUSTOMER_ID if self._affixed is None else numbered(CUSTOMER_ID))

    def of(self, keys: pl.Series) -> Places:
        """The number of each key. Raises LostBet."""
        if self._texts is None:
            found = self._table.of(keys.to_numpy())
            self.size = self._table.size
            return found
        codes = keys.to_numpy().astype(np.int64)
        self.size = max(self.size, int(codes.max(initial=-1)) + 1)
        return codes

    def numbered(self, ids: pl.Series) -> Places:
        """The number of each id. Raises LostBet."""
        if self._texts is not None:
            return self.of(self._texts.codes(ids))
        return self.of(self._meant(ids))

    def looked_up(self, ids: pl.Series) -> Places:
        """The number of each id, -1 where it is of nobody here; ids as texts or as whole numbers."""
        if self._texts is not None:
            codes = self._texts.codes(ids.cast(pl.String)).to_numpy()
            return np.where(codes < self.size, codes, -1)
        numbers = self._meant(ids)
        meant = numbers.is_not_null().to_numpy()
        found = np.full(len(ids), -1)
        found[meant] = self._table.at(numbers.drop_nulls().to_numpy())
        return found

    def _meant(self, ids: pl.Series) -> pl.Series:
        """The whole number that each id stands for, missing where it stands for none."""
        if self._affixed is not None:
            number = self._affixed.number(pl.col("id").cast(pl.String))
            made = ids.to_frame("id").select(number).to_series()
            return made.set(made < 0, None)
        if ids.dtype.is_integer():
            return ids.cast(pl.Int64, strict=False)
        made = ids.cast(pl.Int64, strict=False)
        return made.set((made.cast(pl.String) != ids).fill_null(value=False), None)  # 007

    def in_order(self, others: pl.Series) -> Places:
        """The numbers of customers in the order of their ids as texts.

        With them `others`, ids of nobody here, as texts: their numbers follow.
        """
        numbers = None if self._texts is not None else self._meant(others)
        if numbers is None or numbers.null_count():
            return pl.concat([self.ids(), others]).arg_sort().to_numpy()
        every = np.concatenate([self._table.numbers, numbers.to_numpy()])
        return np.argsort(every if self._affixed is not None else by_digits(every))

    def ids(self) -> pl.Series:
        """What customers are called, by number."""
        if self._texts is not None:
            return self._texts.texts(pl.int_range(self.size, eager=True))
        numbers = pl.Series(self._table.numbers)
        return numbers.cast(pl.String) if self._affixed is None else self._affixed.text(numbers)
