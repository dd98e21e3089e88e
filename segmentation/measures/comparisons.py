"""Comparisons as Polars expressions: what `at_least`, `is`, `contains` … mean for each kind of column.

The same code compiles `where` (over lines or events) and conditions over customers. The result
is never null: a comparison with a missing value is false, `is_not` and `none_of` are true there.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from segmentation.rules.case_folding import case_folds
from segmentation.rules.catalogue import Kind
from segmentation.rules.cell_words import flag, met_by
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.money import on_scale
from segmentation.rules.operator_record import Family, total
from segmentation.rules.scalars import Scalar, Values
from segmentation.rules.windows import parse_date

MOST: Final = 2**63 - 1  # what the integers hold: a bound beyond it is beyond every amount
#: the day of a text that is an ISO date, alone or with a time; such texts sort as their days do
ISO_DAY: Final = r"^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$"


@dataclass(frozen=True)
class Column:
    """A column that rules compare: its expression and how its values are held.

    Labels are the author's own words: `1` and `yes` may be two of them, so they meet as written.
    """

    expr: pl.Expr
    kind: Kind
    is_label: bool = False


Resolve = Callable[[Compare], Column]
#: what compiles a comparison with a fitted cut, or membership of a persona
Special = Callable[[Compare | InPersona], pl.Expr]


def kind_of(dtype: pl.DataType) -> Kind:
    """How the values of a column that no catalogue describes are held."""
    if dtype == pl.Boolean:
        return "flag"
    if dtype.is_numeric():
        return "number"
    return "date" if dtype in (pl.Date, pl.Datetime) else "text"


def compiled(condition: Condition, resolve: Resolve, special: Special) -> pl.Expr:
    """One boolean expression, never null, for a condition."""
    match condition:
        case All(parts):
            return _joined(operator.and_, parts, resolve, special, empty=True)
        case AnyOf(parts):
            return _joined(operator.or_, parts, resolve, special, empty=False)
        case Not(part):
            return ~compiled(part, resolve, special)
        case InPersona():
            return special(condition)
        case Compare():
            is_fitted = condition.op.family is Family.RANK
            return special(condition) if is_fitted else compare(resolve(condition), condition)


def _joined(
    sign: Callable[[pl.Expr, pl.Expr], pl.Expr],
    parts: tuple[Condition, ...],
    resolve: Resolve,
    special: Special,
    *,
    empty: bool,
) -> pl.Expr:
    found = [compiled(p, resolve, special) for p in parts]
    return functools.reduce(sign, found) if found else pl.lit(empty)


def compare(column: Column, test: Compare) -> pl.Expr:
    """One comparison as a boolean expression without nulls."""
    read, values = _READ[test.op.family](column, test)
    without = test.op.met_by_missing(test.values)
    return test.op.expression(read, values).fill_null(value=without)  # type: ignore[no-any-return]


def _is_one_of(column: Column, values: Values) -> pl.Expr:
    """Whether the column is one of the values; each is compared in its own way."""
    groups: dict[str, list[Scalar]] = {}
    for value in values:
        for way in ("label",) if column.is_label else _ways(column.kind, value):
            groups.setdefault(way, []).append(value)
    return functools.reduce(operator.or_, [_WAYS[way](column, g) for way, g in groups.items()])


def _ways(kind: Kind, value: Scalar) -> tuple[str, ...]:
    """How a value is compared with a column: words for true and false meet each other as words.

    In a column of texts the numbers 0 and 1 are such words, and numbers too.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_flag = bool(met_by(value)) and (kind in ("text", "flag") or not is_number)
    if is_flag and is_number and kind == "text":
        return ("flag", "number")
    if is_flag:
        return ("flag",)
    if is_number:
        return ("number",)
    return ("date",) if parse_date(value) is not None else ("text",)


def _is_flag(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    if column.kind == "flag":
        said = {flag(v) for v in values}
        return functools.reduce(operator.or_, [column.expr if s else ~column.expr for s in said])
    words = sorted({word for v in values for word in met_by(v)})
    return column.expr.cast(pl.String).str.strip_chars().str.to_lowercase().is_in(words)


def _is_number(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    if column.kind == "flag":  # a flag is neither 2 nor 3; 0 and 1 are flags
        return pl.lit(value=False)
    expr, found = _as(column, values[0]), [literal(column.kind, v) for v in values]
    if len(found) > 1 and column.kind == "money":
        return expr.is_in(found)
    return pl.any_horizontal(expr.eq(v) for v in found)  # is_in compares no integers with floats


def _is_text(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    expr, found = _as(column, values[0]), [literal(column.kind, v) for v in values]
    if column.kind == "date" and None in found:  # a text that is no day is no day of the column
        return pl.lit(value=False)
    return expr.is_in(found) if len(found) > 1 else expr.eq(found[0])


def _is_label(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    return column.expr.is_in([str(v) for v in values])


_WAYS: Final[dict[str, Callable[[Column, Sequence[Scalar]], pl.Expr]]] = {
    "label": _is_label,
    "flag": _is_flag,
    "number": _is_number,
    "date": _is_text,
    "text": _is_text,
}


Operands = tuple[pl.Expr, Sequence[object]]


def _bounded(column: Column, test: Compare) -> Operands:
    return _as(column, test.values[0]), [literal(column.kind, v) for v in test.values]


def _searched(column: Column, test: Compare) -> Operands:
    texts = column.expr.cast(pl.String)
    if not test.ignore_case:
        return texts, test.values
    folds = case_folds()
    return texts.str.replace_many(list(folds), list(folds.values())), test.caseless.values


#: what an operator's expression is made of: the column as its family reads it, and the values
_READ: Final[Mapping[Family, Callable[[Column, Compare], Operands]]] = total(
    {
        Family.SAME: lambda column, test: (_is_one_of(column, test.values), test.values),
        Family.ORDER: _bounded,
        Family.PART: _searched,
        Family.MISSING: lambda column, test: (column.expr.is_null(), test.values),
        Family.RANK: _bounded,
    }
)


def _as(column: Column, value: Scalar) -> pl.Expr:
    """The column in the type that the rule's value asks for; what does not convert is missing."""
    if isinstance(value, str):
        if column.kind == "date":
            return column.expr.cast(pl.Date)
        if column.kind == "text" and parse_date(value) is not None:
            return column.expr.cast(pl.String).str.strip_chars().str.extract(ISO_DAY)
        return column.expr.cast(pl.String)
    return as_number(column.expr, column.kind)


def as_number(column: pl.Expr, kind: Kind) -> pl.Expr:
    """A column as numbers are compared with it; a text that is none is missing."""
    if kind != "text":
        return column
    number = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return number.fill_nan(None)  # else the text "nan" would be more than any number


def literal(kind: Kind, value: Scalar) -> object:
    """A rule's value as the column holds it."""
    if isinstance(value, str):
        return parse_date(value) if kind == "date" else value
    return max(-MOST, min(MOST, on_scale(value))) if kind == "money" else value
