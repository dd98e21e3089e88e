"""Comparisons as Polars expressions: what `at_least`, `is`, `contains` … mean for each kind of column.

The same code compiles `where` (over lines or events) and conditions over customers. The result
is never null: a comparison with a missing value is false, `is_not` and `none_of` are true there.
What a column cannot be read as (`READ_AS`) is as good as missing.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import polars as pl

from segmentation.comparing.numerals import Numbers, as_number, is_large
from segmentation.dataclass import dataclass
from segmentation.rules.case_folding import case_folds
from segmentation.rules.catalogue import Kind
from segmentation.rules.cell_words import flag, met_by
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.money import on_scale
from segmentation.rules.operator_record import Family, total
from segmentation.rules.scalars import Scalar, Values, is_number
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


#: what a rule's value is, and so how a column is read that is compared with it
Sort = Literal["number", "date", "text"]
Read = Callable[[pl.Expr], pl.Expr]


def _as_it_is(column: pl.Expr) -> pl.Expr:
    return column


def _as_text(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.String)


def _as_day(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.Date)


def _as_iso_day(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.String).str.strip_chars().str.extract(ISO_DAY)


#: each kind of column as values of each sort are compared with it; None where nothing meets them
READ_AS: Final[Mapping[Kind, Mapping[Sort, Read | None]]] = {
    "number": {"number": _as_it_is, "date": None, "text": _as_text},
    "money": {"number": _as_it_is, "date": None, "text": None},
    "share": {"number": _as_it_is, "date": None, "text": None},
    "date": {"number": None, "date": _as_day, "text": _as_text},
    "text": {
        "number": lambda column: as_number(column, "text"),
        "date": _as_iso_day,
        "text": _as_text,
    },
    "flag": {"number": None, "date": None, "text": _as_text},
}

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
    found = _FAMILIES[test.op.family](column, test)
    without = test.op.met_by_missing(test.values)
    return found.fill_null(value=without)


def _nobody(column: Column) -> pl.Expr:
    """A test of a column that no row meets; as long as the column, which a literal is not."""
    return column.expr.is_null() & column.expr.is_not_null()


def sort_of(value: Scalar) -> Sort:
    """What a rule's value is; a flag is none of these where it is asked."""
    if not isinstance(value, str):
        return "number"
    return "text" if parse_date(value) is None else "date"


# -- the same -------------------------------------------------------------------------------------


def _same(column: Column, test: Compare) -> pl.Expr:
    return _met(test, _is_one_of(column, test.values), test.values)


def _met(test: Compare, value: Any, values: Sequence[object]) -> pl.Expr:
    return test.op.expression(value, values)  # type: ignore[no-any-return]


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
    is_flag = bool(met_by(value)) and (kind in ("text", "flag") or not is_number(value))
    if is_flag and is_number(value) and kind == "text":
        return ("flag", "number")
    return ("flag",) if is_flag else (sort_of(value),)


def _is_flag(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    said = {flag(v) for v in values}
    if column.kind == "flag":
        return functools.reduce(operator.or_, [column.expr if s else ~column.expr for s in said])
    if column.kind == "text":
        words = sorted({word for v in values for word in met_by(v)})
        return column.expr.cast(pl.String).str.strip_chars().str.to_lowercase().is_in(words)
    return _is_number(column, [int(bool(s)) for s in said])  # as a number, 1 and 0


def _is_number(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    read = READ_AS[column.kind]["number"]
    if read is None:  # a flag is neither 2 nor 3; 0 and 1 are flags
        return _nobody(column)
    if column.kind == "money":
        return read(column.expr).is_in([literal("money", v) for v in values])
    large = [v for v in values if is_large(v)]
    small = [read(column.expr).eq(v) for v in values if not is_large(v)]
    exact = [Numbers(column.expr, column.kind).is_same(v) for v in large]
    return pl.any_horizontal(*small, *exact)  # is_in compares no integers with floats


def _is_read(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    """Whether the column, read as days or as texts, is one of these."""
    read = READ_AS[column.kind][sort_of(values[0])]
    return _nobody(column) if read is None else _is_in(read(column.expr), column.kind, values)


def _is_in(read: pl.Expr, kind: Kind, values: Sequence[Scalar]) -> pl.Expr:
    found = [literal(kind, v) for v in values]
    return read.is_in(found) if len(found) > 1 else read.eq(found[0])


def _is_label(column: Column, values: Sequence[Scalar]) -> pl.Expr:
    return column.expr.is_in([str(v) for v in values])


_WAYS: Final[dict[str, Callable[[Column, Sequence[Scalar]], pl.Expr]]] = {
    "label": _is_label,
    "flag": _is_flag,
    "number": _is_number,
    "date": _is_read,
    "text": _is_read,
}


# -- more and less, parts, missing ----------------------------------------------------------------


def _bounded(column: Column, test: Compare) -> pl.Expr:
    read = READ_AS[column.kind][sort_of(test.values[0])]
    if read is None:
        return _nobody(column)
    if column.kind != "money" and any(map(is_large, test.values)):
        return _met(test, Numbers(column.expr, column.kind), test.values)
    return _met(test, read(column.expr), [literal(column.kind, v) for v in test.values])


def _searched(column: Column, test: Compare) -> pl.Expr:
    read = READ_AS[column.kind]["text"]
    if read is None:
        return _nobody(column)
    if not test.ignore_case:
        return _met(test, read(column.expr), test.values)
    return _met(test, without_case(read(column.expr)), test.caseless.values)


def without_case(texts: pl.Expr) -> pl.Expr:
    """Texts as `case_folding` folds them."""
    return texts.str.replace_many(*_folds())


@functools.cache
def _folds() -> tuple[list[str], list[str]]:
    folds = case_folds()
    return list(folds), list(folds.values())


#: what a comparison of each family is, where there is a value and where not
_FAMILIES: Final[Mapping[Family, Callable[[Column, Compare], pl.Expr]]] = total(
    {
        Family.SAME: _same,
        Family.ORDER: _bounded,
        Family.PART: _searched,
        Family.MISSING: lambda column, test: _met(test, column.expr.is_null(), test.values),
        Family.RANK: _bounded,
    }
)


def literal(kind: Kind, value: Scalar) -> object:
    """A rule's value as the column holds it."""
    if isinstance(value, str):
        day = parse_date(value) if kind == "date" else None
        return value if day is None else day
    return max(-MOST, min(MOST, on_scale(value))) if kind == "money" else value
