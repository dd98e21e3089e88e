"""How the numbers of a file are written, by what some of them say. What can be read in two ways is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, listed
from segmentation.messages.privacy import told_value
from segmentation.rules.number_format import COMMA, POINT, Decimal, NumberFormat
from segmentation.sources.columns.currencies import meant_by_sign
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.number_formats import currencies, plain
from segmentation.sources.columns.numbers import parse_numbers
from segmentation.sources.reader import Partner, RawTable

Texts = Sequence[str | None]
_BARE: Final = r"^[\s0.,'’(+-]*[1-9][0-9.,\s'’]*[\s)-]*$"  # a number but 0 beside no currency
MOST_MISWRITTEN = 0.01
"""The part of the numbers that may be written against what the others say: they are rejected."""


@dataclass(frozen=True)
class Evidence:
    """What texts say of their decimal sign: those with a point or a comma in them, as each sign reads them."""

    texts: pl.Series
    point: pl.Series
    comma: pl.Series

    @classmethod
    def of(cls, columns: Iterable[Texts], declared: NumberFormat) -> Evidence:
        """That of the texts of some columns."""
        signed = (t for texts in columns for t in texts if t and ("," in t or "." in t))
        return _said_by(frozenset(signed), declared)

    @property
    def of_point(self) -> pl.Series:
        """The texts that are numbers with a decimal point only."""
        return self.texts.filter(self.point.is_not_null() & self.comma.is_null())

    @property
    def of_comma(self) -> pl.Series:
        """The texts that are numbers with a decimal comma only."""
        return self.texts.filter(self.comma.is_not_null() & self.point.is_null())

    @property
    def of_two(self) -> pl.Series:
        """The texts that are one number with a point, and another with a comma."""
        return self.texts.filter((self.point != self.comma).fill_null(value=False))

    @property
    def is_mixed(self) -> bool:
        """Whether some are written in the one way and some in the other."""
        return bool(self.of_point.len() and self.of_comma.len())

    @property
    def decimal(self) -> Decimal | None:
        """The sign of most that tell one; a point where either reads the same, None where nothing tells."""
        point, comma = self.of_point.len(), self.of_comma.len()
        if point or comma:
            return "." if point > comma else ","
        return "." if self.point.count() and self.of_two.is_empty() else None

    def refuse(self, raw: RawTable, declared: NumberFormat) -> None:
        """Raise InputError where either sign can be meant."""
        point, comma = self.of_point.len(), self.of_comma.len()
        if min(point, comma) > MOST_MISWRITTEN * max(point, comma):
            raise InputError(_two_ways(self, raw))
        if not point and not comma and self.of_two.len():
            raise InputError(_ambiguous(self.of_two, raw, declared))


@lru_cache(maxsize=4)  # whether files differ, and how they are written, is asked of the same texts
def _said_by(signed: frozenset[str], declared: NumberFormat) -> Evidence:
    texts = pl.Series(sorted(signed), dtype=pl.String)
    ways = (replace(declared, decimal=sign) for sign in (POINT.decimal, COMMA.decimal))
    return Evidence(texts, *(parse_numbers(texts, way) for way in ways))


@dataclass(frozen=True)
class Numbers:
    """The texts of a table that are read as numbers, by column."""

    meant: Mapping[str, Mapping[str, Texts]]
    """Those of columns with a meaning, by their canonical name."""

    certain: frozenset[str]
    """The canonical names that are always read."""

    own: Mapping[str, Texts] = field(default_factory=dict)
    """Those that only a rule, a `where`, or the lines that share an order's amount read as numbers."""

    def of_file(self, raw: RawTable) -> Mapping[str, Mapping[str, Texts]]:
        """Those with a meaning that tell how the table's own files are written."""
        others = raw.pointed.union(*(one.columns for one in raw.partners))
        return {
            name: {column: texts for column, texts in columns.items() if column not in others}
            for name, columns in self.meant.items()
        }


def evidence(columns: Mapping[str, Mapping[str, Texts]], declared: NumberFormat) -> Evidence:
    """What columns say of their decimal sign, all of them together."""
    return Evidence.of((t for texts in columns.values() for t in texts.values()), declared)


def number_format(
    table: str,
    numbers: Numbers,
    *,
    raw: RawTable,
    declared: NumberFormat,
    converts: bool = False,
) -> Guess[NumberFormat]:
    """How the numbers of a table (`raw`) are written.

    The columns that are always read decide, where they leave it open all that have a meaning and are
    read, then those that rules read. What is declared stands. Raises InputError where numbers can be
    read in two ways, or stand beside several currencies and nothing `converts` them.
    """
    alone: tuple[str, ...] = ()
    if declared.currency is None and not converts:
        declared = replace(declared, currency=_currency(numbers.meant, raw))
        alone = tuple(_stand_alone(table, numbers.meant, declared))
    if declared.decimal is not None:
        return Guess(declared, alone)
    meant = numbers.of_file(raw)
    certain = {name: texts for name, texts in meant.items() if name in numbers.certain}
    found = evidence(certain, declared)
    if found.decimal is None:
        found = evidence(meant, declared)
    found.refuse(raw, declared)
    return Guess(replace(declared, decimal=found.decimal), (*_noted(table, found.decimal), *alone))


def _noted(table: str, decimal: Decimal | None) -> tuple[str, ...]:
    return (f"{table}: numbers have a decimal comma",) if decimal == "," else ()


def own_formats(
    table: str, numbers: Numbers, *, raw: RawTable, form: NumberFormat, declared: NumberFormat
) -> Guess[Mapping[str, NumberFormat]]:
    """The columns whose numbers have a format of their own, `form` being that of their table.

    Those of a joined file are written as that file is; what only rules or `where` read is asked for
    itself; a number that is stored as one has a point.
    """
    found, notes = dict[str, NumberFormat](), list[str]()
    alone = {**numbers.own}
    for partner in raw.partners:
        every = (*numbers.meant.values(), numbers.own)
        texts = {c: t for columns in every for c, t in columns.items() if c in partner.columns}
        alone = {column: t for column, t in alone.items() if column not in texts}
        decimal = partner.decimal or _of_partner(partner, texts, declared.decimal, raw, form)
        found |= dict.fromkeys(texts, replace(form, decimal=decimal))
        notes += [f"{note} in {partner.shown}" for note in _noted(table, decimal)]
    likely = form.decimal or Evidence.of(alone.values(), form).decimal
    for column, cells in alone.items():
        one = replace(form, currency=declared.currency)
        decimal = declared.decimal or _decimal(Evidence.of([cells], one), likely, raw, one)
        found[column] = replace(one, decimal=decimal)
    found |= dict.fromkeys(raw.pointed, replace(form, decimal=POINT.decimal))
    return Guess(found, tuple(notes))


def _of_partner(
    partner: Partner,
    texts: Mapping[str, Texts],
    other: Decimal | None,
    raw: RawTable,
    form: NumberFormat,
) -> Decimal | None:
    """The sign that the columns of a joined file tell; what its join is to say where that is open."""
    try:
        return _decimal(Evidence.of(texts.values(), form), other, raw, form)
    except InputError as error:
        mend = f"Say which on its join: {partner.shown} has `decimal: ','` or `decimal: '.'` there."
        told = [Problem(one.what, partner.shown, mend) for one in error.problems]
        raise InputError(*told) from None


def _decimal(
    found: Evidence, other: Decimal | None, raw: RawTable, form: NumberFormat
) -> Decimal | None:
    """The sign that columns tell, or another where they tell none. Raises InputError where that is open."""
    is_told = bool(found.of_point.len() or found.of_comma.len())
    if is_told or other is None:
        found.refuse(raw, form)
        return found.decimal
    return other


def _ambiguous(texts: pl.Series, raw: RawTable, declared: NumberFormat) -> Problem:
    ways = (replace(declared, decimal=one) for one in (POINT.decimal, COMMA.decimal))
    point, comma = (told_value(plain(texts.head(1), way).item()) for way in ways)
    return Problem(
        f'a number written "{told_value(texts[0].strip())}" reads as {point} or as {comma}',
        raw.with_text(texts[0]),
        raw.settings.decimal(),
    )


def _two_ways(found: Evidence, raw: RawTable) -> Problem:
    one, other = (told_value(texts[0].strip()) for texts in (found.of_point, found.of_comma))
    return Problem(
        f'numbers are written in two ways, as "{one}" and as "{other}"',
        raw.with_text(found.of_comma[0]),
        f"{raw.settings.decimal()} What is written in the other way is rejected.",
    )


def _currency(columns: Mapping[str, Mapping[str, Texts]], raw: RawTable) -> str:
    """The currency beside the numbers; empty without one. Raises InputError where it is several."""
    every: dict[str, int] = {}
    for column, cells in columns.items():
        texts = [text for one in cells.values() for text in one if text]
        signs = {sign for sign in set().union(*texts) if _may_be_of_currency(sign)}
        marked = [t for t in texts if not signs.isdisjoint(t)] if signs else []
        found = currencies(pl.Series(marked, dtype=pl.String)) if marked else {}
        if len(found) > 1:
            raise InputError(_several(column, found, raw))
        every |= found
    if len(every) > 1:
        raise InputError(_several(" and ".join(columns), every, raw))
    return next(iter(every), "")


def _stand_alone(
    table: str, columns: Mapping[str, Mapping[str, Texts]], form: NumberFormat
) -> Iterator[str]:
    """What is said of each column some of whose numbers stand beside a currency, and others beside none."""
    for name, cells in columns.items() if form.currency else ():
        texts = pl.Series([text for one in cells.values() for text in one if text], dtype=pl.String)
        beside = sum(currencies(texts).values())
        bare = texts.str.contains(_BARE).sum() if beside else 0
        if bare:
            yield (
                f"{table}: numbers of {name} stand beside {form.currency} in some rows and alone in others: "
                "all are read as one currency"
            )


def _may_be_of_currency(sign: str) -> bool:
    return sign == "$" or sign.isalpha() or not sign.isascii()


def _several(column: str, found: Mapping[str, int], raw: RawTable) -> Problem:
    return Problem(
        f"{column} holds several currencies: {listed(list(found))}",
        raw.called,
        raw.settings.currency(column, list(found), meant_by_sign(list(found))),
    )
