"""The single values that rules are written with."""

from __future__ import annotations

from typing import Any, Final, TypeGuard

Scalar = str | int | float | bool
Values = tuple[Scalar, ...]
LARGEST: Final = 2**127 - 1  # a bound beyond it is compared as if it were this


def is_texts(value: Any) -> TypeGuard[list[str]]:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)
