"""Cells that a comparison cannot read: blank ones, and words that are neither one thing nor the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.checks.cell_reading import (
    READERS,
    View,
    strange,
    views,
)
from segmentation.checks.doubted_reading import (
    Doubted,
    counts_of,
    of_rules,
    visible,
)
from segmentation.checks.named_words import advice
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, commonest, listed
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import told_value
from segmentation.rules.checking.misfit import EXAMPLES, IN_WORDS
from segmentation.rules.conditions import Compare
from segmentation.rules.operator_record import Family
from segmentation.rules.yaml.flow import flow
from segmentation.scan.column_values import ROWS, VALUE
from segmentation.sources.columns.dates import placeholder
from segmentation.sources.columns.missing import NOBODY

_NOTHING: Final = "white space"


@dataclass(frozen=True)
class UnreadableValues(Doubted):
    """What is said of the cells of one comparison."""

    def blank(self) -> Iterator[Notice]:
        """Cells without a value, where suppression compares them: a blank is neither yes nor no."""
        rows = self.held.blank
        if rows and self.one.is_of_suppression and self.one.test.op.family is not Family.MISSING:
            text = f"suppress compares {self.one.column}, which is blank for {self._who(rows)}"
            yield notice("blank-cells", text, where=self.where())

    def unreadable(self) -> Iterator[Notice]:
        """Words that the comparison takes for neither one thing nor the other."""
        seen = views(self.one, self.held)
        strangers = strange(self.one, self.held, seen)
        words = strangers.filter(~self._is_among(self._decided(strangers)))
        if words.is_empty():
            return
        declared = words.filter(self._is_declared())
        unknown = words.filter(~self._is_declared())
        if declared.height:
            yield self._declared(f"{self.one.column} holds {of_rules(declared)}")
            yield from self._declared_elsewhere(declared)
        if unknown.height:
            nouns = " or ".join(READERS[view].noun for view in seen)
            rows = int(unknown[ROWS].sum())
            verb = agreeing(rows, "has", "have")
            text = (
                f"{self._subject()} as {nouns}, and {self._who(rows)} {verb} something else "
                f"there: {self._told_as(seen, unknown)}"
            )
            is_read = self.held.kind == "text" or (self.held.kind == "date" and "date" in seen)
            is_rules = not is_read and self.one.how == "compared"
            door = (
                Door()
                if is_rules
                else self._door(
                    unknown,
                    are_ours=seen == ("missing",),
                    are_none=self.one.is_of_suppression and {*seen} <= {"date", "missing"},
                )
            )
            mend = (
                self._mend_rule()
                if is_rules
                else self._mend_data(seen, unknown)
                + ("" if door.as_none else self._as_none(unknown))
            )
            yield self.doubt("unreadable-value", text, mend, door)

    def _decided(self, strangers: pl.DataFrame) -> list[str]:
        """Those words of which suppress itself says what becomes of whoever has one.

        Another rule, of its own, leaves them out, or what stands beside the comparison leaves them in.
        """
        if not self.one.is_of_suppression:
            return []
        alone = (rule for rule in self.rules.suppress if isinstance(rule, Compare))
        out = [r for r in alone if r.path != self.one.path and self._names_words(r)]
        kept = [
            test.positive
            for test in self.beside
            if test.op.negates and test.field == self.one.column
        ]
        asked = [*out, *kept]
        words = strangers[VALUE].cast(pl.String).drop_nulls() if asked else ()
        return [word for word in words if any(test.meets(word.strip()) for test in asked)]

    def _names_words(self, test: Compare) -> bool:
        is_of_words = test.is_equality or test.op.family is Family.PART
        return is_of_words and test.field == self.one.column

    def _mend_data(self, seen: Sequence[View], unknown: pl.DataFrame) -> str:
        """Of words that may mean no: the rule that names them suppresses whoever has them."""
        if not self.one.is_of_suppression:
            return "Mend the data."
        held = sorted({word.strip() for word in counts_of(self.held.texts)} - {""})
        unread = sorted({word.strip() for word in counts_of(unknown)})
        named = {word.strip() for word in self._nameable(counts_of(self.held.texts))}
        return advice(self.one, seen, unread, held, named)

    def _as_none(self, words: pl.DataFrame) -> str:
        """How to say that what systems write where there is no date is none: those words tell of nobody."""
        found = {placeholder(visible(word)) for word in counts_of(words)} - {"", "0"}
        if not found:
            return ""
        column, table = self.one.column, self._holder()
        missing = flow({"missing": {column: sorted(found)}})[1:-1]
        return f" Where no date is meant: {missing} on the source of {table}."

    def _mend_rule(self) -> str:
        """Of a column that holds no texts: whatever stands there, the rule asks for something else."""
        kind = self.held.kind
        return (
            f"{self.one.column} is {IN_WORDS[kind]} in the data, and the rule's value is of another type. "
            f"{EXAMPLES[kind]}"
        )

    def _told_as(self, seen: Sequence[View], counts: pl.DataFrame) -> str:
        """What cannot be read; of what should be a number or a date at least the shape."""
        words = counts_of(counts)
        if seen == ("missing",):  # these are words of ours
            return listed([f"{visible(w) or _NOTHING} ({n:,})" for w, n in sorted(words.items())])
        if not {"number", "date"}.intersection(seen) or self._nameable(words):
            return self._told(counts)
        return told_as_shapes(words)


def told_as_shapes(words: Mapping[str, int]) -> str:
    """Cells of which only the shape may be told, commonest first; what programs write for nothing as it is."""
    shapes: Counter[str] = Counter()
    for word, rows in words.items():
        is_nothing = word.strip().lower() in NOBODY
        shapes[visible(word) if is_nothing else told_value(visible(word))] += rows
    return listed([f"{shape} ({shapes[shape]:,})" for shape in commonest(shapes)])
