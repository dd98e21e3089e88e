"""What a `where` names that no row of its column holds, and what rows hold that is the same in another spelling.

Values are compared as they are written. Whether a row has one is asked of the expression that
chooses rows, on the distinct cells of the column; so nothing is doubted here that chooses there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from difflib import SequenceMatcher
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.privacy import MOST_WORDS, nameable, nearest_word, told
from segmentation.rules.cell_words import INVISIBLE, NOTHING_WORDS, met_by
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, Not, walk
from segmentation.rules.look_alikes import alike
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import Scalar
from segmentation.sources.columns.chosen import Written, chosen
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_SLIP: Final = 0.8  # more alike are Canceled and Cancelled, as much paid and unpaid
_TEXT, _ROWS, _MET = "text", "rows", "met {}"


@dataclass(frozen=True)
class Files:
    """Files that a `where` chooses rows of, and how their cells are written."""

    raw: RawTable
    written: Written


@dataclass(frozen=True)
class WhereWord:
    """One value that a `where` names.

    `counts` are the texts of its column, where these are few, `others` those that no value meets;
    `twins` are of these the value in another spelling. `is_alone` where no value of its comparison is held.
    """

    test: Compare
    value: Scalar
    is_held: bool
    is_negated: bool
    is_alone: bool
    twins: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)
    others: Mapping[str, int] = field(default_factory=dict, compare=False)
    unread: int = 0
    """Of a word for yes or no how many rows hold what is neither; `others` are these cells then."""

    @property
    def lets_all_through(self) -> bool:
        """Whether it stands in a negation that leaves out nobody."""
        return self.is_negated and self.is_alone

    @property
    def is_spare(self) -> bool:
        """Whether nothing is like it, and another value of the list is held: such lists name what may come."""
        is_like_none = not (self.is_held or self.is_alone or self.twins or self.meant)
        return is_like_none and not self.unread

    @property
    def column(self) -> str:
        """The column that is compared."""
        return str(self.test.field)

    @property
    def nearest(self) -> str:
        """What is most like the value; empty where nothing is, or may be named."""
        named = self.named_twins
        return named[0] if named else nearest_word(str(self.value), self.column, self.others)

    @property
    def meant(self) -> tuple[str, ...]:
        """How the column spells the value, other spellings and slips of a letter or two alike."""
        near = self.nearest
        is_slip = SequenceMatcher(None, str(self.value).lower(), near.lower()).ratio() > _SLIP
        return self.named_twins or ((near,) if is_slip else ())

    @property
    def named_twins(self) -> tuple[str, ...]:
        """Its other spellings, as far as they may be named."""
        may_be = {*nameable(self.column, self.counts)}
        return tuple(text for text in self.twins if text in may_be)

    @property
    def held(self) -> str:
        """What the column holds, as far as it may be told."""
        return told(self.column, self.counts) if self.counts else "many values"


def where_words(where: Condition, files: Sequence[Files]) -> Iterator[WhereWord]:
    """The values that nobody has, and those that rows have in another spelling as well."""
    tests = [one for one in walk(where) if isinstance(one, Compare)]
    negated = {id(one) for one in _negated(where)}
    for column in dict.fromkeys(str(test.field) for test in tests):
        own = [test for test in tests if str(test.field) == column]
        if any(map(_named, own)):
            yield from _of_column(column, own, negated, files)
        if any(map(_flags, own)):
            yield from _unread_flags(column, own, negated, files)


def held_in(word: WhereWord, values: Sequence[Scalar], files: Sequence[Files]) -> list[Scalar]:
    """Those of some values that rows of other files have in the column of a word."""
    cells = _cells(word.column, [(word.test, value) for value in values], files)
    met = (
        [] if cells.is_empty() else [bool(cells[_MET.format(i)].any()) for i in range(len(values))]
    )
    return [value for value, is_met in zip(values, met, strict=False) if is_met]


def _of_column(
    column: str, tests: Sequence[Compare], negated: set[int], files: Sequence[Files]
) -> Iterator[WhereWord]:
    pairs = [(test, value) for test in tests for value in _named(test)]
    cells = _cells(column, pairs, files)
    if cells.is_empty():
        return
    held = [bool(cells[_MET.format(i)].any()) for i in range(len(pairs))]
    unmet = cells.filter(~pl.any_horizontal(_MET.format(i) for i in range(len(pairs))))
    counts, others = _counts(cells), _counts(unmet)
    for i, (test, value) in enumerate(pairs):
        is_negated = id(test) in negated
        is_any_held = any(h for h, (other, _) in zip(held, pairs, strict=True) if other is test)
        word = WhereWord(
            test,
            value,
            is_held=held[i],
            is_negated=is_negated,
            is_alone=not is_any_held,
            twins=_twins(value, test, unmet),
            counts=counts,
            others=others,
        )
        if word.twins or not word.is_held:
            yield word


def _unread_flags(
    column: str, tests: Sequence[Compare], negated: set[int], files: Sequence[Files]
) -> Iterator[WhereWord]:
    """The words for yes or no of a column in which cells stand that are neither, and that no test names."""
    asking = [test for test in tests if _flags(test)]
    pairs = [(test, value) for test in tests for value in _named(test)]
    pairs += [(asking[0], value) for value in (*_flags(asking[0]), True, False)]
    cells = _cells(column, pairs, files)
    if cells.is_empty():
        return
    is_met = pl.any_horizontal(_MET.format(i) for i in range(len(pairs)))
    bare = pl.col(_TEXT).str.replace_all(INVISIBLE, "").str.to_lowercase()
    unread = cells.filter(~is_met & ~bare.is_in(list(NOTHING_WORDS)))
    first = asking[0]
    is_asked = isinstance(_flags(first)[0], bool) or not cells[_MET.format(len(pairs) - 3)].any()
    if is_asked and not unread.is_empty():
        yield WhereWord(
            next((test for test in asking if id(test) in negated), first),
            _flags(first)[0],
            is_held=False,
            is_negated=any(id(test) in negated for test in asking),
            is_alone=False,
            twins=(),
            counts=_counts(cells),
            others=_counts(unread),
            unread=int(unread[_ROWS].sum()),
        )


def _flags(test: Compare) -> tuple[Scalar, ...]:
    """The values that are words for yes or no; letters and numbers may as well be codes."""
    if test.op.family is not Family.SAME:
        return ()
    return tuple(
        v
        for v in test.values
        if isinstance(v, bool) or (isinstance(v, str) and v[1:] and met_by(v))
    )


def _counts(cells: pl.DataFrame) -> Mapping[str, int]:
    """How often each text stands there; of many nothing."""
    return dict(cells.select(_TEXT, _ROWS).iter_rows()) if cells.height <= MOST_WORDS else {}


def _named(test: Compare) -> tuple[Scalar, ...]:
    """The values that rows may hold: no bounds, and no flags, which are read in many spellings."""
    if test.op.family not in (Family.SAME, Family.PART):
        return ()
    return tuple(v for v in test.values if not isinstance(v, bool) and not met_by(v))


def _negated(where: Condition, *, is_negated: bool = False) -> Iterator[Compare]:
    """The comparisons that choose whoever does not meet their values."""
    match where:
        case Compare() if is_negated != (where.op.negates is not None):
            yield where
        case Not(part):
            yield from _negated(part, is_negated=not is_negated)
        case AnyOf(parts) | All(parts):
            for part in parts:
                yield from _negated(part, is_negated=is_negated)


def _cells(
    column: str, pairs: Sequence[tuple[Compare, Scalar]], files: Sequence[Files]
) -> pl.DataFrame:
    """The distinct texts of a column, the commonest first, and which of the values each meets."""
    found = [_distinct(column, pairs, one) for one in files if column in one.raw.schema]
    if not found:
        return pl.DataFrame()
    met = [pl.col(_MET.format(i)).any() for i in range(len(pairs))]
    every = pl.concat(found).filter(pl.col(_TEXT) != "")
    return (
        every.group_by(_TEXT)
        .agg(pl.col(_ROWS).sum(), *met)
        .sort(_ROWS, _TEXT, descending=[True, False])
    )


def _distinct(column: str, pairs: Sequence[tuple[Compare, Scalar]], one: Files) -> pl.DataFrame:
    schema = one.raw.schema
    met = {
        _MET.format(i): chosen(replace(test.positive, value=(value,)), schema, one.written)
        for i, (test, value) in enumerate(pairs)
    }
    rows = one.raw.scan().group_by(column).agg(pl.len().alias(_ROWS))
    text = as_text(column, schema[column]).str.strip_chars().fill_null("")
    return rows.select(text.alias(_TEXT), _ROWS, **met).collect(engine="streaming")


def _twins(value: Scalar, test: Compare, unmet: pl.DataFrame) -> tuple[str, ...]:
    """The texts that look like a value. Of parts of texts those that hold it in other capitals."""
    if not isinstance(value, str) or unmet.is_empty():
        return ()
    if test.op.family is Family.PART:
        caseless = replace(test.positive, value=(value,), ignore_case=True)
        return tuple(text for text in unmet[_TEXT].head(MOST_WORDS) if caseless.meets(text))
    look: str = pl.select(alike(pl.lit(value))).item()
    return tuple(unmet.filter(alike(pl.col(_TEXT)) == look)[_TEXT])


def said_of_word(word: WhereWord) -> str:
    """That no row has a value, or that rows have it in other spellings as well; and what the column holds."""
    if word.unread:
        rows = counted(word.unread, "row")
        is_read = agreeing(word.unread, "holds", "hold")
        what = told(word.column, word.others) if word.others else "many values"
        asked = str(word.value).lower()
        return f"where asks whether {word.column} is {asked}, and {rows} {is_read} neither yes nor no: {what}"
    twins = word.named_twins
    if word.is_held:
        also = listed(twins) if twins else "other spellings"
        return f"where names {word.column} {word.value}, and rows have {also}, too"
    near = f"; nearest: {word.nearest}" if word.nearest else ""
    return f"where names {word.column} {word.value}, which no row has; it holds {word.held}{near}"
