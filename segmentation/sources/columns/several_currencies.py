"""Several currencies in one column: what is said of them, and the `where` that keeps one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.messages.privacy import nameable
from segmentation.rules.word_tests import one_of
from segmentation.sources.columns.currencies import (
    CODES_OF_CURRENCIES,
    name_of,
    says_none,
    words_by_currency,
)
from segmentation.sources.columns.states import Said


@dataclass(frozen=True)
class SeveralCurrencies:
    """What a column says, the words of each currency that may be named, and the tests that keep the first."""

    what: str
    words: Mapping[str, list[str]]
    tests: Mapping[str, Any]


def several_currencies_in(column: str, counts: Mapping[str, int]) -> SeveralCurrencies | None:
    """What to say of a column of currencies by how often each text stands there; None where it names no two.

    What names a currency is shown, and other words where they may be named.
    """
    words = words_by_currency(counts)
    if len(words) < 2:
        return None
    held = {text: number for text, number in counts.items() if not says_none(text)}
    said = Said(column, held, held)
    may_be_named = {*nameable(column, held)}
    shown = {
        text: number
        for text, number in held.items()
        if name_of(text) in CODES_OF_CURRENCIES or text in may_be_named
    }
    known = {
        name: [text.strip() for text in texts if text in shown]
        for name, texts in words.items()
        if {*texts} & {*shown}
    }
    what = f"{column} holds {said.naming(shown)}: there is no sum of several currencies"
    first = next(iter(known.values()), [])
    return SeveralCurrencies(what, known, {column: one_of(first)} if first else {})
