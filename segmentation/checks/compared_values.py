"""What the data holds where the rules compare: words that nobody can read, values that nobody has.

One judgement for every comparison with a column: what it cannot read (`cell_reading`), which values
nobody has, which stand there in another spelling, too. Suppression fails closed: there each
finding is an error, and names the door that whoever signs the rules can open (`values` of the
source). Elsewhere a finding is a warning, but a value that nobody has under a negation is an
error too: whoever meant to leave out men would leave out nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.cell_reading import (
    READERS,
    View,
    are_letters_of_flags,
    compares_flags,
    is_numeral,
    strange,
    views,
)
from segmentation.checks.other_spellings import respelt
from segmentation.checks.somebodys_values import Somebodys
from segmentation.measures.comparisons import READ_AS
from segmentation.messages.errors import Location, agreeing, commonest, counted, listed, nearest
from segmentation.messages.notices import Door, Level, Notice, notice
from segmentation.messages.privacy import nameable, nearest_word, told, told_value
from segmentation.rules.cell_words import letter_like, met_by
from segmentation.rules.checking.misfit import EXAMPLES, IN_WORDS, mending
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare, Path
from segmentation.rules.fits import fits
from segmentation.rules.look_alikes import MARK, alike, folded, misread
from segmentation.rules.measures import Measure
from segmentation.rules.operator_record import Family
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar
from segmentation.scan.column_values import ROWS, VALUE, key_of
from segmentation.scan.held_values import ALIKE, FOLDED, ColumnValues, Held
from segmentation.sources import Table
from segmentation.sources.unnamed import unnamed

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_NOTHING: Final = "white space"
MOST_WORDS: Final = 200  # a column of more distinct values is no list of words
#: what is said where a value is nobody's
MOST_DECLARED: Final = 50  # words of one line that can be pasted
_OF_DAYS: Final = frozenset("0123456789-")  # the signs of a date
_OF_NOBODY: Final = ("unseen-value", "unknown-event", "declared-value")


@dataclass(frozen=True)
class Doubts:
    """What is said of the readings, and what was compared where a value is nobody's."""

    notices: tuple[Notice, ...]
    unknown_events: tuple[Notice, ...]
    unseen: frozenset[str | Measure]


def doubts_of(rules: Rules, found: Iterable[Reading], values: ColumnValues) -> Doubts:
    """Every doubt about what these readings compare, those of suppression first, each once.

    An event that the data lacks is a mistake of the rules, unless suppression hangs on it (then
    the data may lack it), the files are the command line's, which meet foreign rules, or the rules
    sign for it.
    """
    said: dict[tuple[str, str], tuple[Notice, Reading]] = {}
    every = tuple(found)
    mappings = _mappings(every)
    for one in sorted(every, key=lambda one: (not one.is_of_suppression, not one.is_negated)):
        held, mapping = values.of(one), mappings.get(one.path[:-1], ())
        beside = tuple(test for test in mapping if test != one.test)
        for each in _Case(rules, one, held, values, beside).notices() if held else ():
            said.setdefault((each.code, each.text), (each, one))
    is_signed = rules.notices.get("unknown-event", "error") != "error"
    mistakes = [n for n, one in said.values() if _is_mistake(n, one)]
    if rules.adhoc or is_signed:
        mistakes = []
    return Doubts(
        tuple(n for n, _ in said.values() if n not in mistakes),
        tuple(replace(n, level="error") for n in mistakes),
        frozenset(
            one.compared for n, one in said.values() if n.code in _OF_NOBODY and one.compared
        ),
    )


def doubts(run: AfterScan) -> Iterable[Notice]:
    """What is said of the values that rules compare."""
    return run.doubts.notices


def misnamed(run: AfterScan) -> Iterator[Notice]:
    """A warning for each column under `values` of a source that its table lacks: nothing is declared by it."""
    rules, tables = run.rules, run.prepared.headers
    products = tables.products.columns if tables.products else {}
    for name, sources in rules.sources.items():
        table: Table | None = getattr(tables, name)
        known = [] if table is None else [*table.columns, *products]
        for column in dict.fromkeys(c for s in sources for c in s.values if c not in known):
            near, why = nearest(column, known), unnamed(table, column)
            text = f"values of {name} name the column {quoted(column)}, which {name} lack"
            more = f": {why.what}" if why else f"; nearest: {near}" if near else ""
            yield notice("unknown-column", text + more, where=rules.where(("sources", name)))


def _mappings(found: Iterable[Reading]) -> Mapping[Path, tuple[Compare, ...]]:
    """The comparisons of each mapping of operators, by its path: all of them hold."""
    mappings: dict[Path, dict[Compare, None]] = {}
    for one in found:
        if one.path[-1:] == (one.test.operator,):
            mappings.setdefault(one.path[:-1], {})[one.test] = None
    return {path: tuple(tests) for path, tests in mappings.items()}


def _is_mistake(said: Notice, one: Reading) -> bool:
    return said.code == "unknown-event" and not one.is_of_suppression


@dataclass(frozen=True)
class _Case:
    """One reading, what the data holds there, and what else holds in the same mapping."""

    rules: Rules
    one: Reading
    held: Held
    values: ColumnValues
    beside: tuple[Compare, ...]

    def notices(self) -> Iterator[Notice]:
        """Every doubt about this reading."""
        if self.held.is_whole:
            yield from self.blank()
            yield from self.unreadable()
        for literal in self.literals():
            yield from self.unseen(literal)

    # -- cells that cannot be read ------------------------------------------------------------

    def blank(self) -> Iterator[Notice]:
        """Cells without a value, where suppression compares them: a blank is neither yes nor no."""
        rows = self.held.blank
        if rows and self.one.is_of_suppression and self.one.test.op.family is not Family.MISSING:
            text = f"suppress compares {self.one.column}, which is blank for {self._who(rows)}"
            yield notice("blank-cells", text, where=self.where())

    def unreadable(self) -> Iterator[Notice]:
        """Words that the comparison takes for neither one thing nor the other."""
        seen = views(self.one, self.held)
        words = strange(self.one, self.held, seen)
        declared = words.filter(self._is_declared())
        unknown = words.filter(~self._is_declared())
        if declared.height:
            yield self._declared(f"{self.one.column} holds {_of_rules(declared)}")
            yield from self._declared_elsewhere(declared)
        if unknown.height:
            nouns = " or ".join(READERS[view].noun for view in seen)
            rows = int(unknown[ROWS].sum())
            verb = agreeing(rows, "has", "have")
            text = (
                f"{self._subject()} as {nouns}, and {self._who(rows)} {verb} something else "
                f"there: {self._told_as(seen, unknown)}"
            )
            is_rules = self.held.kind != "text" and self.one.how == "compared"
            door = Door() if is_rules else self._door(unknown, are_ours=seen == ("missing",))
            mend = self._mend_rule() if is_rules else self._mend_data()
            yield _said("unreadable-value", self, text, mend, door)

    def _mend_data(self) -> str:
        """Of words that may mean no: the rule that names them suppresses whoever has them."""
        said = f", or name a word that means no in the rule, {self.one.column}: [WORD]"
        return f"Mend the data{said if self.one.is_of_suppression else ''}."

    def _mend_rule(self) -> str:
        """Of a column that holds no texts: whatever stands there, the rule asks for something else."""
        kind = self.held.kind
        return (
            f"{self.one.column} is {IN_WORDS[kind]} in the data, and the rule's value is of another type. "
            f"{EXAMPLES[kind]}"
        )

    def _declared_elsewhere(self, words: pl.DataFrame) -> Iterator[Notice]:
        """Words that only another source of the table declares: what it signs for is its own."""
        texts = words[VALUE].cast(pl.String).str.strip_chars().unique().to_list()
        for path in self.values.unsigned(self.one, texts):
            text = (
                f"{self._subject()}, and {path} has {self._told(words)} there, which only another source "
                "declares"
            )
            yield _said("unreadable-value", self, text, "Mend the data.", self._door(words))

    # -- values that nobody has ---------------------------------------------------------------

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
            others, signed = twins.filter(~self._is_signed()), twins.filter(self._is_signed())
            if signed.height:
                yield self._declared(f"beside {_quoted(literal)} the data has {_of_rules(signed)}")
                yield from self._declared_elsewhere(signed)
            if others.height:
                text = (
                    f"{self._subject()} with {_quoted(literal)}, and the data has also: "
                    f"{self._told(others)}"
                )
                both = "Name the part in both spellings" if self._is_part else "Name both"
                mend = f"{self._respelt(literal, others, is_held=True) or both}, or mend the data."
                yield _said("near-value", self, text, mend, self._door(others))
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
        yield _said(
            code,
            self,
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
            return f"there is no event {_quoted(literal)} in the data"
        return f"{self._nobody()} has {self.one.column} {_quoted(literal)}"

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
        named = self._nameable(_counts(twins))
        return _visible(named[0]) if named else ""

    def _nearest(self, literal: Scalar) -> str:
        if self.held.is_label:
            return nearest_word(str(literal), "label", _counts(self.held.counts))
        if self.held.counts.height > MOST_WORDS:
            return ""
        counts = _counts(self.held.texts)
        return nearest_word(
            str(literal), self.one.column, counts, of_customers=self._is_of_customers
        )

    @property
    def _is_of_customers(self) -> bool:
        return self.one.table == "customers"

    def _nameable(self, counts: Mapping[str, int]) -> tuple[str, ...]:
        return nameable(self.one.column, counts, of_customers=self._is_of_customers)

    # -- words --------------------------------------------------------------------------------

    def _is_declared(self) -> pl.Expr:
        return self._is_among(self.values.declared(self.one))

    def _is_signed(self) -> pl.Expr:
        """Declared under `values`: that a source is named after another spelling signs nothing."""
        return self._is_among(self.values.signed(self.one))

    def _is_among(self, texts: Sequence[str]) -> pl.Expr:
        words = [word.strip() for word in texts]
        return pl.col(VALUE).cast(pl.String).str.strip_chars().is_in(words)

    def _told(self, counts: pl.DataFrame) -> str:
        """Words with their counts; those that may not be named as how many they are."""
        words = {_visible(w): n for w, n in _counts(counts).items()}
        return told(self.one.column, words, of_customers=self._is_of_customers)

    def _told_as(self, seen: Sequence[View], counts: pl.DataFrame) -> str:
        """What cannot be read; of what should be a number or a date at least the shape."""
        words = _counts(counts)
        if seen == ("missing",):  # these are words of ours
            return listed([f"{_visible(w) or _NOTHING} ({n:,})" for w, n in sorted(words.items())])
        if not {"number", "date"}.intersection(seen) or self._nameable(words):
            return self._told(counts)
        shapes: Counter[str] = Counter()
        for word, rows in words.items():
            shapes[told_value(_visible(word))] += rows
        return listed([f"{shape} ({shapes[shape]:,})" for shape in commonest(shapes)])

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

    def _door(self, words: pl.DataFrame, *, are_ours: bool = False) -> Door:
        """The door of words that rows hold: to declare them, if all may be named, as words of ours may."""
        nobody = ", and are to suppress nobody" if self.one.is_of_suppression else ""
        when = f"If these words mean something else{nobody}"
        counts = _counts(words)
        named = (*sorted(counts),) if are_ours else self._nameable(counts)
        held = self.values.holding(self.one, [word.strip() for word in counts])
        return self._declaring(when, named if len(named) == len(counts) else (), held)

    def _door_of_unseen(self, literal: Scalar, twins: pl.DataFrame) -> Door:
        """The door of a value that is still to come; beside others of another spelling, of all of them."""
        if self._is_of_another_type(literal):
            return Door()
        if not twins.height:
            return self._declaring(
                "If it is still to come", (str(literal),), self.values.first(self.one)
            )
        others = self._nameable(_counts(twins))
        is_open = len(others) == twins.height or not self.one.is_of_suppression
        named = (str(literal), *others) if is_open else ()
        held = self.values.holding(self.one, [w.strip() for w in _counts(twins)])
        return self._declaring("Only if it is another value, and is still to come", named, held)

    def _declaring(self, when: str, words: Sequence[str], entries: Sequence[int]) -> Door:
        """A door of words under `values`; of its code where they cannot stand there."""
        if not words or len(words) > MOST_DECLARED or self.held.is_label:
            return Door(when)
        values = ((self.one.column, tuple(words)),)
        return Door(when, self._holder(), tuple(entries), values)

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
        are_nameable = len(self._nameable(_counts(others))) == len(texts)
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
        named = nameable("event", _counts(self.held.counts))
        known = sorted({*named, *self.values.declared(self.one)})
        if known:
            return f"The data has: {listed(known, most=20)}."
        return "" if self.held.counts.height else "The data has no events."

    def _declared(self, what: str) -> Notice:
        return notice("declared-value", f"{what}: declared under values", where=self.where())


def _of_rules(words: pl.DataFrame) -> str:
    """Words that the rules themselves declare, with their counts: they are no secret."""
    counts = _counts(words)
    return listed([f"{_visible(word)} ({counts[word]:,})" for word in commonest(counts)])


def _said(
    code: str, case: _Case, text: str, mend: str, door: Door, *, is_unseen: bool = False
) -> Notice:
    """A doubt: an error where suppression hangs on it, or a negation on a value that is nobody's."""
    suppresses = case.one.is_of_suppression
    stops = suppresses or (is_unseen and case.one.is_negated and not case.rules.adhoc)
    level: Level = "error" if stops else "warn"
    return notice(
        code,
        text,
        where=case.where(),
        mend=mend,
        level=level,
        door=door,
        is_of_suppression=suppresses,
    )


def _counts(counts: pl.DataFrame) -> dict[str, int]:
    known = counts.filter(pl.col(VALUE).is_not_null())
    summed = known.group_by(pl.col(VALUE).cast(pl.String)).agg(pl.col(ROWS).sum())
    return dict(summed.iter_rows())


def _visible(word: str) -> str:
    """A word in which what cannot be seen can be."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in word)


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


def _quoted(value: Scalar) -> str:
    return quoted(_visible(value) if isinstance(value, str) else value)
