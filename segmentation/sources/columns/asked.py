"""What `where` asks of columns: which it compares with numbers, and which with days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from segmentation.rules.conditions import Compare, Condition, walk
from segmentation.rules.operator_record import Family
from segmentation.rules.scalars import is_number
from segmentation.rules.windows import parse_date

DAYS: Final = "\0days"
"""What stands for the days of `where` among the names whose formats are guessed. No column has the name."""


def is_bound_of_numbers(test: Compare) -> bool:
    """Whether a comparison is with bounds that are numbers."""
    return test.op.family is Family.ORDER and all(map(is_number, test.values))


def is_of_days(test: Compare) -> bool:
    """Whether a comparison is with a day."""
    return any(isinstance(value, str) and parse_date(value) is not None for value in test.values)


def columns_with(where: Condition | None, asks: Callable[[Compare], bool]) -> tuple[str, ...]:
    """The columns of which `where` asks something, each once."""
    return tuple(dict.fromkeys(_columns(where, asks)))


def _columns(where: Condition | None, asks: Callable[[Compare], bool]) -> Iterator[str]:
    for test in () if where is None else walk(where):
        if isinstance(test, Compare) and asks(test):
            yield str(test.field)
