"""Comparisons with some words, as they are written in the rules: one word stands alone, several are a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentation.rules.operators import IS_NOT, MISSING, NONE_OF


def one_of(words: Sequence[str]) -> Any:
    """What is met by whoever has one of some words.

    >>> one_of(["paid"]), one_of(["paid", "sent"])
    ('paid', ['paid', 'sent'])
    """
    return words[0] if len(words) == 1 else [*words]


def none_of(words: Sequence[str]) -> dict[str, Any]:
    """What is met by whoever has none of them.

    >>> none_of(["void"]), none_of(["void", "test"])
    ({'is_not': 'void'}, {'none_of': ['void', 'test']})
    """
    return {IS_NOT.name: words[0]} if len(words) == 1 else {NONE_OF.name: [*words]}


def keeping_all(field: str) -> dict[str, Any]:
    """What names a field and is met by all: that it was looked at, and nothing is to be left out.

    >>> keeping_all("Set")
    {'any': [{'Set': {'missing': True}}, {'Set': {'missing': False}}]}
    """
    return {"any": [{field: {MISSING.name: is_missing}} for is_missing in (True, False)]}


def left_out(test: Any) -> list[Any]:
    """The words that a test leaves out; none where it says anything else.

    >>> left_out({"none_of": ["void", "test"]}), left_out({"is": "paid"})
    (['void', 'test'], [])
    """
    if not isinstance(test, Mapping) or not {*test} <= {IS_NOT.name, NONE_OF.name}:
        return []
    return [v for value in test.values() for v in (value if isinstance(value, list) else [value])]
