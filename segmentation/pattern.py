"""Regular expressions that are compiled when they are first asked something.

For those that an ordinary run does not ask: a long one takes a millisecond to compile, at every start.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast


class _Late:
    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)


def pattern(text: str) -> re.Pattern[str]:
    """What `re.compile` gives, later.

    >>> pattern("[0-9]+").sub("#", "17850.0")
    '#.#'
    """
    return cast("re.Pattern[str]", _Late(text))
