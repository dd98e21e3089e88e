"""One comparison that the data makes doubtful: whom it is about, in words, and the door that signs for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location, commonest, counted, listed
from segmentation.messages.notices import Door, Level, Notice, notice
from segmentation.messages.privacy import nameable, told
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar
from segmentation.scan.column_values import ROWS, VALUE, key_of
from segmentation.scan.held_values import ColumnValues, Held

MOST_DECLARED: Final = 50  # words of one line that can be pasted


@dataclass(frozen=True)
class Doubted:
    """One reading, what the data holds there, and what else holds in the same mapping."""

    rules: Rules
    one: Reading
    held: Held
    values: ColumnValues
    beside: tuple[Compare, ...]

    @property
    def _is_of_customers(self) -> bool:
        return self.one.table == "customers"

    def _nameable(self, counts: Mapping[str, int]) -> tuple[str, ...]:
        return nameable(self.one.column, counts, of_customers=self._is_of_customers)

    def _is_declared(self) -> pl.Expr:
        return self._is_among(self.values.declared(self.one))

    def _is_among(self, texts: Sequence[str]) -> pl.Expr:
        words = [word.strip() for word in texts]
        return pl.col(VALUE).cast(pl.String).str.strip_chars().is_in(words)

    def _told(self, counts: pl.DataFrame) -> str:
        """Words with their counts; those that may not be named as how many they are."""
        words = {visible(w): n for w, n in counts_of(counts).items()}
        return told(self.one.column, words, of_customers=self._is_of_customers)

    def _subject(self) -> str:
        if self.one.is_of_suppression:
            return f"suppress compares {self.one.column}"
        return f"{self.one.column} is compared"

    def _who(self, rows: int) -> str:
        if self.one.table == "customers":
            return counted(rows, "customer")
        if self._holder() == "products":
            return counted(rows, "product")
        if self.one.table == "transactions":
            return counted(rows, "line")
        return counted(rows, "row") + (
            f" of {listed(self.one.events)}" if self.one.events else " of events"
        )

    def _nobody(self) -> str:
        if self.held.is_label:
            return "no label"
        if self.one.table == "customers":
            return "no customer"
        if self._holder() == "products":
            return "no product"
        if self.one.table == "transactions":
            return "no line"
        return f"no row of {listed(self.one.events)}" if self.one.events else "no event"

    def _holder(self) -> str:
        key = key_of(self.values.tables, self.one)
        return key[0] if key else self.one.table

    def where(self) -> Location:
        """The place in the rules."""
        return self.rules.where(self.one.path)

    def _door(self, words: pl.DataFrame, *, are_ours: bool = False, are_none: bool = False) -> Door:
        """The door of words that rows hold: to declare them, if all may be named, as words of ours may.

        `are_none`: as words for nothing, as they stand where suppression asks whether a day stands there.
        """
        nobody = ", and are to suppress nobody" if self.one.is_of_suppression else ""
        when = f"If these words mean something else{nobody}"
        counts = counts_of(words)
        named = (*sorted(counts),) if are_ours else self._nameable(counts)
        held = self.values.holding(self.one, [word.strip() for word in counts])
        found = self._declaring(when, named if len(named) == len(counts) else (), held)
        if are_none and found.table:
            return replace(found, when="If they are written where there is nothing", as_none=True)
        return found

    def _declaring(self, when: str, words: Sequence[str], entries: Sequence[int]) -> Door:
        """A door of words under `values`; of its code where they cannot stand there."""
        if not words or len(words) > MOST_DECLARED or self.held.is_label:
            return Door(when)
        values = ((self.one.column, tuple(words)),)
        return Door(when, self._holder(), tuple(entries), values)

    def _declared(self, what: str) -> Notice:
        return notice("declared-value", f"{what}: declared under values", where=self.where())

    def _declared_elsewhere(self, words: pl.DataFrame) -> Iterator[Notice]:
        """Words that only another source of the table declares: what it signs for is its own."""
        texts = words[VALUE].cast(pl.String).str.strip_chars().unique().to_list()
        for path in self.values.unsigned(self.one, texts):
            text = (
                f"{self._subject()}, and {path} has {self._told(words)} there, which only another source "
                "declares"
            )
            yield self.doubt("unreadable-value", text, "Mend the data.", self._door(words))

    def doubt(
        self, code: str, text: str, mend: str, door: Door, *, is_unseen: bool = False
    ) -> Notice:
        """A doubt: an error where suppression hangs on it, or a negation on a value that is nobody's."""
        suppresses = self.one.is_of_suppression
        stops = suppresses or (is_unseen and self.one.is_negated and not self.rules.adhoc)
        level: Level = "error" if stops else "warn"
        return notice(
            code,
            text,
            where=self.where(),
            mend=mend,
            level=level,
            door=door,
            is_of_suppression=suppresses,
        )


def of_rules(words: pl.DataFrame) -> str:
    """Words that the rules themselves declare, with their counts: they are no secret."""
    counts = counts_of(words)
    return listed([f"{visible(word)} ({counts[word]:,})" for word in commonest(counts)])


def counts_of(counts: pl.DataFrame) -> dict[str, int]:
    """How many rows have each word, of a frame of VALUE and ROWS."""
    known = counts.filter(pl.col(VALUE).is_not_null())
    summed = known.group_by(pl.col(VALUE).cast(pl.String)).agg(pl.col(ROWS).sum())
    return dict(summed.iter_rows())


def visible(word: str) -> str:
    """A word in which what cannot be seen can be."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in word)


def quoted_value(value: Scalar) -> str:
    """A value as messages quote it."""
    return quoted(visible(value) if isinstance(value, str) else value)
