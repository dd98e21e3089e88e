"""The operators of comparisons: one record each, with every aspect that any module asks for.

A record without an aspect does not import. The other modules dispatch on the record's fields and
on its family (what a comparison looks at), never on a name: a new operator of a family is one row
here and one row in `tests/rules/test_operators.py`. Nothing here imports Polars: expressions are
made by the methods of the expression that is given.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from segmentation.rules.operator_record import Family, Operator
from segmentation.rules.ranges import HIGHEST, LOWEST, Ranges, point
from segmentation.rules.scalars import Values, is_number
from segmentation.rules.schema.fragments import Schema
from segmentation.rules.tables import by_name
from segmentation.rules.windows import parse_date

if TYPE_CHECKING:
    from segmentation.rules.catalogue import Kind

ALL_KINDS: Final[frozenset[Kind]] = frozenset({"number", "money", "share", "date", "text", "flag"})
ORDERED_KINDS: Final[frozenset[Kind]] = ALL_KINDS - {"text", "flag"}


def _anything(_: Any) -> bool:
    return True


def _no_mistake(_: Any) -> None:
    return None


def _never(_: Values) -> bool:
    return False


# -- the same -------------------------------------------------------------------------------------


def _several(value: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": value}


IS: Final = Operator(
    name="is",
    family=Family.SAME,
    takes="a value or a list of values",
    accepts=_anything,
    accepts_item=_anything,
    mistake=_no_mistake,
    some_share=None,
    of_rows=True,
    beside=(),
    symbols=("=", "=="),
    schema=lambda value, _: {"anyOf": [value, _several(value)]},
    kinds=ALL_KINDS,
    misfit="",
    takes_values=True,
    expression=lambda is_one, _: is_one,
    meaning=lambda value, values: value in values,
    met_by_missing=_never,
    negates=None,
    ranges=lambda values: tuple(point(v) for v in sorted(set(values))),
    is_anywhere=None,
    ranks=None,
    reads=lambda name, values: f"{name} is {', '.join(values)}",
)


def _negation(
    positive: Operator,
    *,
    name: str,
    symbols: tuple[str, ...],
    reads: Callable[[str, Sequence[str]], str],
    **aspects: Any,
) -> Operator:
    """An operator that is true where another is not, so also where the value is missing."""
    return replace(
        positive,
        name=name,
        symbols=symbols,
        reads=reads,
        negates=positive.name,
        expression=lambda column, values: ~positive.expression(column, values),
        meaning=lambda value, values: not positive.meaning(value, values),
        met_by_missing=lambda values: not positive.met_by_missing(values),
        **aspects,
    )


IS_NOT: Final = _negation(
    IS,
    name="is_not",
    symbols=("!=",),
    reads=lambda name, values: f"{name} is not {', '.join(values)}",
)
NONE_OF: Final = _negation(
    IS,
    name="none_of",
    takes="a list of values",
    accepts=lambda value: isinstance(value, list),
    symbols=(),
    schema=lambda value, _: _several(value),
    reads=lambda name, values: f"{name} is none of {', '.join(values)}",
)


# -- more and less --------------------------------------------------------------------------------


def _is_bound(value: Any) -> bool:
    return is_number(value) or parse_date(value) is not None


def _is_range(value: Any) -> bool:
    alike = (
        isinstance(value, list) and len(value) == 2 and is_number(value[0]) == is_number(value[1])
    )
    return alike and all(map(_is_bound, value))


def _turned_range(value: Sequence[Any]) -> tuple[str, str] | None:
    if value[0] <= value[1]:
        return None
    return f"between {value[0]} and {value[1]} there is nothing", "Write the smaller value first."


def _of_numbers(
    compare: Callable[[Any, Sequence[Any]], bool],
) -> Callable[[Any, Sequence[Any]], bool]:
    """A comparison of plain values that is false where a bound is no number."""
    return lambda value, bounds: (
        all(isinstance(b, int | float) for b in bounds) and compare(value, bounds)
    )


def _order(
    name: str,
    sign: str,
    symbols: tuple[str, ...],
    compare: Callable[[Any, Sequence[Any]], Any],
    ranges: Callable[[Sequence[float]], Ranges],
) -> Operator:
    """An operator with one bound; `compare` is the same for an expression and for a plain number."""
    return Operator(
        name=name,
        family=Family.ORDER,
        takes="a number or a date",
        accepts=_is_bound,
        accepts_item=_is_bound,
        mistake=_no_mistake,
        some_share=0,
        of_rows=True,
        beside=(),
        symbols=symbols,
        schema=lambda _, bounds: {"anyOf": list(bounds)} if len(bounds) > 1 else bounds[0],
        kinds=ORDERED_KINDS,
        misfit="is {kind}, so it is neither more nor less than anything",
        takes_values=True,
        expression=compare,
        meaning=_of_numbers(compare),
        met_by_missing=_never,
        negates=None,
        ranges=ranges,
        is_anywhere=None,
        ranks=None,
        reads=lambda field, values: f"{field} {sign} {values[0]}",
    )


AT_LEAST: Final = _order(
    "at_least",
    "≥",
    (">=", "=>", "≥"),
    compare=lambda value, bounds: value >= bounds[0],
    ranges=lambda bounds: (((bounds[0], 0), HIGHEST),),
)
AT_MOST: Final = _order(
    "at_most",
    "≤",
    ("<=", "=<", "≤"),
    compare=lambda value, bounds: value <= bounds[0],
    ranges=lambda bounds: ((LOWEST, (bounds[0], 0)),),
)
MORE_THAN: Final = _order(
    "more_than",
    ">",
    (">",),
    compare=lambda value, bounds: value > bounds[0],
    ranges=lambda bounds: (((bounds[0], 1), HIGHEST),),
)
LESS_THAN: Final = _order(
    "less_than",
    "<",
    ("<",),
    compare=lambda value, bounds: value < bounds[0],
    ranges=lambda bounds: ((LOWEST, (bounds[0], -1)),),
)
BETWEEN: Final = replace(
    _order(
        "between",
        "",
        (),
        compare=lambda value, bounds: (value >= bounds[0]) & (value <= bounds[1]),
        ranges=lambda bounds: (((bounds[0], 0), (bounds[1], 0)),) if bounds[0] <= bounds[1] else (),
    ),
    takes="a list of two numbers or two dates, both included",
    accepts=_is_range,
    mistake=_turned_range,
    some_share=[0, 1],
    schema=lambda _, bounds: {
        "anyOf": [{"type": "array", "minItems": 2, "maxItems": 2, "items": b} for b in bounds]
    },
    reads=lambda name, values: f"{name} from {values[0]} to {values[1]}",
)


# -- parts of a text ------------------------------------------------------------------------------


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
FEW: Final = 12  # parts that cost less one by one than to cut every text


def _part(
    name: str,
    *,
    in_column: Callable[[Any, str], Any],
    any_in_column: Callable[[Any, Sequence[str]], Any],
    in_text: Callable[[str, str], bool],
    is_anywhere: bool,
) -> Operator:
    """An operator that asks for a part of a text: of a column's expression, and of one text.

    `any_in_column` asks for several at a cost that does not grow with their number as many tests would.
    """
    return Operator(
        name=name,
        family=Family.PART,
        takes="a text or a list of texts",
        accepts=lambda value: _is_text(value) or isinstance(value, list),
        accepts_item=_is_text,
        mistake=_no_mistake,
        some_share=None,
        of_rows=True,
        beside=("ignore_case",),
        symbols=(),
        schema=lambda _, __: {"anyOf": [_TEXT, _several(_TEXT)]},
        kinds=frozenset({"text"}),
        misfit="is {kind}, so it has no text to search",
        takes_values=True,
        expression=lambda texts, parts: (
            in_column(texts, parts[0]) if len(parts) == 1 else any_in_column(texts, parts)
        ),
        meaning=lambda text, parts: isinstance(text, str) and any(in_text(text, p) for p in parts),
        met_by_missing=_never,
        negates=None,
        ranges=None,
        is_anywhere=is_anywhere,
        ranks=None,
        reads=lambda field, values: f"{field} {name.replace('_', ' ')} {', '.join(values)}",
    )


def _any_at_an_end(
    is_at: Callable[[Any, str], Any], cut: Callable[[Any, int], Any]
) -> Callable[[Any, Sequence[str]], Any]:
    """Whether one of some parts stands at an end of a text: of many, those of each length at once."""

    def asked(texts: Any, parts: Sequence[str]) -> Any:
        groups: dict[int, list[str]] = {}
        for part in parts:
            groups.setdefault(len(part), []).append(part)
        few = [is_at(texts, part) for part in parts] if len(parts) <= FEW else []
        tests = few or [cut(texts, length).is_in(group) for length, group in groups.items()]
        return functools.reduce(operator.or_, tests)

    return asked


CONTAINS: Final = _part(
    "contains",
    in_column=lambda texts, part: texts.str.contains(part, literal=True),
    any_in_column=lambda texts, parts: texts.str.contains_any(list(parts)),
    in_text=lambda text, part: part in text,
    is_anywhere=True,
)
STARTS_WITH: Final = _part(
    "starts_with",
    in_column=lambda texts, part: texts.str.starts_with(part),
    any_in_column=_any_at_an_end(
        lambda texts, part: texts.str.starts_with(part),
        lambda texts, length: texts.str.head(length),
    ),
    in_text=lambda text, part: text.startswith(part),
    is_anywhere=False,
)
ENDS_WITH: Final = _part(
    "ends_with",
    in_column=lambda texts, part: texts.str.ends_with(part),
    any_in_column=_any_at_an_end(
        lambda texts, part: texts.str.ends_with(part),
        lambda texts, length: texts.str.tail(length),
    ),
    in_text=lambda text, part: text.endswith(part),
    is_anywhere=False,
)


# -- missing, and ranks ---------------------------------------------------------------------------

MISSING: Final = Operator(
    name="missing",
    family=Family.MISSING,
    takes="true or false",
    accepts=lambda value: isinstance(value, bool),
    accepts_item=_anything,
    mistake=_no_mistake,
    some_share=None,
    of_rows=True,
    beside=(),
    symbols=(),
    schema=lambda _, __: {"type": "boolean"},
    kinds=ALL_KINDS,
    misfit="",
    takes_values=False,
    expression=lambda is_missing, values: is_missing if values[0] else ~is_missing,
    meaning=lambda _, values: not values[0],
    met_by_missing=lambda values: bool(values[0]),
    negates=None,
    ranges=None,
    is_anywhere=None,
    ranks=None,
    reads=lambda name, values: f"{name} is {'missing' if values == ('true',) else 'known'}",
)


def _rank(name: str, end: Literal["top", "bottom"], reached: Operator) -> Operator:
    """An operator that is fitted over all customers; `reached` compares with the fitted cut.

    Of one value alone nothing is known; its meaning is that of the least there is, for who has
    nothing is at the bottom.
    """
    return Operator(
        name=name,
        family=Family.RANK,
        takes="a number above 0 and at the most 100",
        accepts=lambda value: is_number(value) and 0 < value <= 100,
        accepts_item=_anything,
        mistake=_no_mistake,
        some_share=None,
        of_rows=False,
        beside=("among",),
        symbols=(),
        schema=lambda _, __: {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        kinds=ORDERED_KINDS,
        misfit="cannot be ranked: it is {kind}",
        takes_values=False,
        expression=reached.expression,
        meaning=lambda _, __: end == "bottom",
        met_by_missing=_never,
        negates=None,
        ranges=None,
        is_anywhere=None,
        ranks=end,
        reads=lambda field, values: f"{field} in the {end} {values[0]} %",
    )


TOP_PERCENT: Final = _rank("top_percent", "top", AT_LEAST)
BOTTOM_PERCENT: Final = _rank("bottom_percent", "bottom", AT_MOST)


def table_of(rows: Sequence[Operator]) -> Mapping[str, Operator]:
    """Operators by their names. Raises TypeError where one names an operator or a kind that there is not."""
    table = by_name(rows)
    for row in rows:
        if row.negates is not None and row.negates not in table:
            raise TypeError(f"the operator {row.name} negates {row.negates}, which is no operator")
        if not row.kinds or row.kinds - ALL_KINDS:
            said = ", ".join(sorted(row.kinds - ALL_KINDS)) or "nothing"
            raise TypeError(f"the operator {row.name} applies to {said}, which is no kind")
    return table


#: every operator by its name, in the order in which they are listed
OPERATORS: Final[Mapping[str, Operator]] = table_of(
    (
        IS,
        IS_NOT,
        NONE_OF,
        AT_LEAST,
        AT_MOST,
        MORE_THAN,
        LESS_THAN,
        BETWEEN,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH,
        MISSING,
        TOP_PERCENT,
        BOTTOM_PERCENT,
    )
)
