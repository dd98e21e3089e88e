"""Values of a comparison that nobody has, or that others have in another spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

import polars as pl

from segmentation.checks.cell_reading import (
    are_letters_of_flags,
    compares_flags,
    is_numeral,
)
from segmentation.checks.doubted_reading import (
    Doubted,
    counts_of,
    of_rules,
    quoted_value,
    visible,
)
from segmentation.checks.other_spellings import respelt
from segmentation.checks.somebodys_values import Somebodys
from segmentation.comparing.comparisons import READ_AS
from segmentation.dataclass import dataclass
from segmentation.messages.errors import listed
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import nameable, nearest_word
from segmentation.rules.cell_words import letter_like, met_by
from segmentation.rules.checking.misfit import mending
from segmentation.rules.fits import fits
from segmentation.rules.look_alikes import MARK, alike, folded, misread
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import Scalar
from segmentation.scan.column_values import VALUE
from segmentation.scan.held_values import ALIKE, FOLDED

MOST_WORDS: Final = 200  # a column of more distinct values is no list of words
_OF_DAYS: Final = frozenset("0123456789-")  # the signs of a date


@dataclass(frozen=True)
class UnseenValues(Doubted):
    """What is said of the values that one comparison names."""

    def literals(self) -> tuple[Scalar, ...]:
        """The values that should be somebody's: texts and numbers that are no flags."""
        one = self.one
        if one.how != "compared" or one.test.op.family not in (Family.SAME, Family.PART):
            return ()
        return tuple(v for v in one.values if self._is_named(v))

    def _is_named(self, value: Scalar) -> bool:
        is_of_days = self.one.is_picked and self.held.kind == "date"
        if isinstance(value, bool) or (is_of_days and fits(value, "date")):
            return False  # a day that somebody is found to have is a figure
        if not self.held.is_whole:
            return isinstance(value, str) and not met_by(value)
        if self._is_part or not met_by(value) or self.held.is_label:
            return True
        if not isinstance(value, str) or is_numeral(value):
            return False
        return not compares_flags(self.one, self.held) or bool(self._twins(value).height)

    def unseen(self, literal: Scalar) -> Iterator[Notice]:
        """A value that nobody has, or that others have in another spelling."""
        twins = self._twins(literal)
        somebodys = self.somebodys
        is_held = literal in somebodys.held
        is_declared = not is_held and literal in somebodys.declared
        if is_declared:
            yield self._declared(self._nobody_has(literal))
        if is_held or is_declared or literal in somebodys.elsewhere:
            if twins.is_empty():
                return
            others, signed = twins.filter(~self._is_signed()), twins.filter(self._is_signed())
            if signed.height:
                yield self._declared(
                    f"beside {quoted_value(literal)} the data has {of_rules(signed)}"
                )
                yield from self._declared_elsewhere(signed)
            if others.height:
                text = (
                    f"{self._subject()} with {quoted_value(literal)}, and the data has also: "
                    f"{self._told(others)}"
                )
                both = "Name the part in both spellings" if self._is_part else "Name both"
                mend = f"{self._respelt(literal, others, is_held=True) or both}, or mend the data."
                yield self.doubt("near-value", text, mend, self._door(others))
            return
        near = self._near(literal, twins)
        is_rejected = literal in somebodys.rejected
        said = ("a rejected row has it" if is_rejected else "", near)
        if not twins.height and not any(said) and self._is_spare:
            text = f"{self._nobody_has(literal)}, but another part of the list"
            yield notice(
                "unseen-part",
                text,
                where=self.where(),
                is_of_suppression=self.one.is_of_suppression,
            )
            return
        text = "; ".join((self._nobody_has(literal), *filter(None, said)))
        code = "unknown-event" if self._is_event else "unseen-value"
        yield self.doubt(
            code,
            text,
            self._mend_unseen(literal, twins),
            self._door_of_unseen(literal, twins),
            is_unseen=True,
        )

    @property
    def _is_spare(self) -> bool:
        """Whether a part of texts that nobody has stands in a list of which somebody has another.

        Such a list is one of patterns, of which any is enough; but labels are the author's own words.
        """
        if not self._is_part or self.held.is_label or self._is_event:
            return False
        return bool(self.somebodys.held or self.somebodys.elsewhere)

    def _is_of_another_type(self, literal: Scalar) -> bool:
        """Whether no column of this one's kind can have a value, whatever data is still to come."""
        kind = self.held.kind
        if kind == "text" or not self._is_part:
            return not fits(literal, kind)
        if kind == "date":
            return not set(str(literal)) <= _OF_DAYS
        return READ_AS[kind]["text"] is None

    @property
    def _is_part(self) -> bool:
        """Whether parts of texts are compared, and no whole ones."""
        return self.one.test.op.family is Family.PART

    @property
    def _is_event(self) -> bool:
        return self.one.table == "events" and self.one.column == "event"

    def _nobody_has(self, literal: Scalar) -> str:
        if self._is_event:
            return f"there is no event {quoted_value(literal)} in the data"
        return f"{self._nobody()} has {self.one.column} {quoted_value(literal)}"

    @cached_property
    def somebodys(self) -> Somebodys:
        """Which values somebody has."""
        return Somebodys(self.one, self.held, self.values)

    def _twins(self, literal: Scalar) -> pl.DataFrame:
        """Values that differ from a text only in case, blanks, what cannot be seen, or Unicode form.

        Under suppression also in any sign that is no letter or digit, in accents, in how a whole
        number is written, and where UTF-8 was read as something else. Of a letter for true or
        false also the other letter that says the same.
        """
        texts = self.held.texts
        if not isinstance(literal, str) or self.held.kind != "text" or self.held.is_label:
            return texts.clear()
        same = self._is_like(literal, folded, FOLDED)
        if self.one.is_of_suppression:
            spelt = (literal, *misread(literal))
            same |= pl.any_horizontal(self._is_like(text, alike, ALIKE) for text in spelt)
        letter = letter_like(literal)
        if letter is not None and are_letters_of_flags(self.one, self.held):
            same |= pl.col(FOLDED) == letter
        return texts.filter(same & ~pl.lit(self.somebodys.is_met))

    def _is_like(self, literal: str, form: Callable[[pl.Expr], pl.Expr], column: str) -> pl.Expr:
        like: str = pl.select(form(pl.lit(literal))).item()
        cell: pl.Expr = pl.col(column)
        op = self.one.test.op
        if op.family is not Family.PART:
            return cell == like
        if not op.is_anywhere:
            return op.expression(cell, [like])  # type: ignore[no-any-return]
        part = cell.str.contains(_word_start(like) + _escaped(like))
        if column == ALIKE and _is_of_words(literal):
            part |= pl.lit(self.held.words).str.contains(MARK + _spread(like))
        if self.one.is_of_suppression:
            part |= pl.col(VALUE).cast(pl.String).str.contains(literal.upper(), literal=True)
        return part

    def _near(self, literal: Scalar, twins: pl.DataFrame) -> str:
        """What the data has in the place of a value that nobody has, in words."""
        if self._is_part and twins.height:
            return f"in another spelling: {self._told(twins)}"
        if self._is_of_another_type(literal):
            return ""
        near = self._spelt(twins) if twins.height else self._nearest(literal)
        return f"nearest: {near}" if near else ""

    def _spelt(self, twins: pl.DataFrame) -> str:
        """The commonest of the same value in another spelling, if it may be named."""
        named = self._nameable(counts_of(twins))
        return visible(named[0]) if named else ""

    def _nearest(self, literal: Scalar) -> str:
        if self.held.is_label:
            return nearest_word(str(literal), "label", counts_of(self.held.counts))
        if self.held.counts.height > MOST_WORDS:
            return ""
        counts = counts_of(self.held.texts)
        return nearest_word(
            str(literal), self.one.column, counts, of_customers=self._is_of_customers
        )

    def _is_signed(self) -> pl.Expr:
        """Declared under `values`: that a source is named after another spelling signs nothing."""
        return self._is_among(self.values.signed(self.one))

    def _door_of_unseen(self, literal: Scalar, twins: pl.DataFrame) -> Door:
        """The door of a value that is still to come; beside others of another spelling, of all of them."""
        if self._is_of_another_type(literal):
            return Door()
        if not twins.height:
            return self._declaring(
                "If it is still to come", (str(literal),), self.values.first(self.one)
            )
        others = self._nameable(counts_of(twins))
        is_open = len(others) == twins.height or not self.one.is_of_suppression
        named = (str(literal), *others) if is_open else ()
        held = self.values.holding(self.one, [w.strip() for w in counts_of(twins)])
        return self._declaring("Only if it is another value, and is still to come", named, held)

    def _mend_unseen(self, literal: Scalar, twins: pl.DataFrame) -> str:
        """How to write the value; `twins` are the same in another spelling."""
        under = self.one.is_negated and not self.one.is_of_suppression
        so = "Under a negation it leaves out nobody. " if under else ""
        if self._is_of_another_type(literal):
            return f"{so}{mending(replace(self.one.test, value=literal), self.held.kind)}"
        if self._is_part and twins.height:
            written = self._respelt(literal, twins, is_held=False)
            return f"{so}{written or 'Write the part as the data has it'}."
        if near := self._spelt(twins):
            return f"{so}Write it as the data has it: {near}."
        if self._is_event:
            return self._events_told()
        if self.held.is_label:
            return f"{so}There are: {listed(self.held.counts[VALUE].to_list())}."
        return f"{so}Write it as the data has it."

    def _respelt(self, literal: Scalar, others: pl.DataFrame, *, is_held: bool) -> str:
        """The comparison with parts of texts that meets other spellings, too; else empty."""
        if not self._is_part or not isinstance(literal, str):
            return ""
        texts = sorted(others[VALUE])
        are_nameable = len(self._nameable(counts_of(others))) == len(texts)
        written = respelt(
            self.one.test,
            literal,
            texts,
            beside=self.beside,
            is_held=is_held,
            are_nameable=are_nameable,
        )
        return written and f"Write {written}"

    def _events_told(self) -> str:
        named = nameable("event", counts_of(self.held.counts))
        known = sorted({*named, *self.values.declared(self.one)})
        if known:
            return f"The data has: {listed(known, most=20)}."
        return "" if self.held.counts.height else "The data has no events."


def _word_start(text: str) -> str:
    """What stands before a part of a text: nothing of the same word (`sale` is not in wholesale)."""
    return r"(^|[^\p{L}\p{N}])" if text[:1].isalnum() else ""


def _is_of_words(text: str) -> bool:
    """Whether a part of a text is of whole words, so that signs in it are a way to write them; `@x.` is not."""
    return text[:1].isalnum() and text[-1:].isalnum() and any(map(str.isalpha, text))


def _escaped(text: str) -> str:
    return "".join(map(_escape, text))


def _spread(text: str) -> str:
    """The letters of a text, whatever words they are in."""
    return f"{MARK}?".join(map(_escape, text))


def _escape(letter: str) -> str:
    return f"\\x{{{ord(letter):x}}}"
