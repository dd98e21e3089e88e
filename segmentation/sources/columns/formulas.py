"""Arithmetic over a file's columns: `Total - Refunded Amount`, `price * 0.81`.

An operator has blanks around it; headers are recognised first, the longest first, so that none is
quoted. In sums a missing cell is 0, unless all of them are missing; in products it makes the product
missing, and so does a division by 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from segmentation.dataclass import dataclass

_SIGNS: Final = {"+", "-", "*", "/", "(", ")"}
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?(?![^\s()])")


@dataclass(frozen=True)
class Number:
    """A number that is written in the formula."""

    text: str


@dataclass(frozen=True)
class Cell:
    """The number in a column."""

    column: str


@dataclass(frozen=True)
class Sum:
    """Terms that are added, those that are negative taken off."""

    terms: tuple[tuple[bool, Formula], ...]  # is it negative, and what


@dataclass(frozen=True)
class Product:
    """Factors that multiply, or divide."""

    factors: tuple[tuple[bool, Formula], ...]  # does it divide, and what


Formula = Number | Cell | Sum | Product


class FormulaError(Exception):
    """What is written is no formula of these columns; says what is not understood."""


def formula_of(text: str, headers: Sequence[str]) -> Formula:
    """A formula of a file's columns. Raises FormulaError.

    >>> formula_of("Total - Refunded Amount", ["Total", "Refunded Amount"])
    Sum(terms=((False, Cell(column='Total')), (True, Cell(column='Refunded Amount'))))
    """
    tokens = list(_tokens(text, headers))
    found, rest = _sum(tokens)
    if rest:
        raise FormulaError(str(getattr(rest[0], "column", getattr(rest[0], "text", rest[0]))))
    return found


def columns_of(formula: Formula) -> tuple[str, ...]:
    """The columns of a formula, in order of appearance, each once."""
    match formula:
        case Cell(column):
            return (column,)
        case Sum(parts) | Product(parts):
            return tuple(dict.fromkeys(c for _, part in parts for c in columns_of(part)))
    return ()


def taken_off(formula: Formula, *, is_negative: bool = False) -> tuple[str, ...]:
    """The columns that a formula takes off.

    >>> taken_off(formula_of("-(Total - Refund)", ["Total", "Refund"]))
    ('Total',)
    """
    match formula:
        case Cell(column):
            return (column,) if is_negative else ()
        case Sum(parts):
            found = [taken_off(part, is_negative=sign != is_negative) for sign, part in parts]
        case Product(parts):
            found = [taken_off(part, is_negative=is_negative) for _, part in parts]
        case _:
            found = []
    return tuple(dict.fromkeys(column for columns in found for column in columns))


# -- reading --------------------------------------------------------------------------------------

Token = str | Number | Cell


def _tokens(text: str, headers: Collection[str]) -> Iterator[Token]:
    at, longest = 0, sorted(headers, key=len, reverse=True)
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        header = next((h for h in longest if h and _stands(h, text, at)), None)
        number = _NUMBER.match(text, at)
        if header is not None:
            yield Cell(header)
            at += len(header)
        elif number:
            yield Number(number[0])
            at = number.end()
        elif text[at] in _SIGNS:
            yield text[at]
            at += 1
        else:
            raise FormulaError(text[at:].split(maxsplit=1)[0])


def _stands(header: str, text: str, at: int) -> bool:
    """Whether a header stands at a place, and is not the beginning of a longer word."""
    end = at + len(header)
    return text.startswith(header, at) and (
        end == len(text) or text[end].isspace() or text[end] == ")"
    )


def _sum(tokens: Sequence[Token]) -> tuple[Formula, Sequence[Token]]:
    is_negative = tokens[:1] == ["-"]
    first, rest = _product(tokens[1:] if is_negative else tokens)
    terms = [(is_negative, first)]
    while rest and rest[0] in ("+", "-"):
        sign = rest[0]
        term, rest = _product(rest[1:])
        terms.append((sign == "-", term))
    return (first if terms == [(False, first)] else Sum(tuple(terms))), rest


def _product(tokens: Sequence[Token]) -> tuple[Formula, Sequence[Token]]:
    first, rest = _factor(tokens)
    factors = [(False, first)]
    while rest and rest[0] in ("*", "/"):
        sign = rest[0]
        factor, rest = _factor(rest[1:])
        factors.append((sign == "/", factor))
    return (first if len(factors) == 1 else Product(tuple(factors))), rest


def _factor(tokens: Sequence[Token]) -> tuple[Formula, Sequence[Token]]:
    if not tokens:
        raise FormulaError("")
    first = tokens[0]
    if first == "(":
        found, rest = _sum(tokens[1:])
        if rest[:1] != [")"]:
            raise FormulaError("(")
        return found, rest[1:]
    if isinstance(first, str):
        raise FormulaError(first)
    return first, tokens[1:]
