"""Refusals among the words of lists: of tags, groups, lists of mails, where any other word says nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.consent_words import (
    ALONE_REFUSALS,
    CONTACTS,
    LIKELY,
    LISTS,
    NO,
    OFFERED,
    REFUSALS,
    REFUSED,
    SURE,
    TURNED,
)
from segmentation.sources.columns.contents import Content, squeezed_words

_ITEM: Final = pattern(r"[,;|\n]")
_NO: Final = frozenset(
    word for word in NO if len(word) > 1
)  # a letter may be anything beside others
_MOST_WORDS: Final = 5  # of one item of a list; more are a text
_MOST_LIKELY: Final = 3  # words of one that may be a refusal
_LONGEST: Final = 40  # letters


def is_list(one: Content, *, is_consent: bool) -> bool:
    """Whether cells hold words of a list: by the name of a column; beside that of a consent several must stand in one."""
    if one.kind not in ("text", "code") or LISTS.isdisjoint(squeezed_words(one.name)):
        return False
    return not is_consent or any(map(_ITEM.search, one.distinct))


def refusals_in(one: Content) -> tuple[list[str], list[str]]:
    """The items of lists that say no whatever the list is called, and those that may do so."""
    cells = (item.strip() for cell in one.distinct for item in _ITEM.split(cell))
    items = dict.fromkeys(item for item in cells if len(item) <= _LONGEST)
    refusing = [item for item in items if is_refusal(item)]
    likely = [item for item in items if item not in refusing and _may_refuse(item)]
    return refusing, likely


def is_refusal(item: str) -> bool:
    """Whether a text says no by itself: by a word for that, or by one that turns a word for mails.

    >>> [is_refusal(text) for text in ("Opt-out email", "Newsletter abbestellt", "Nichtk\u00e4ufer")]
    [True, True, False]
    >>> [is_refusal(text) for text in ("Werbung: nein", "newsletter:off", "STOP", "Newsletter Norway", "no returns")]
    [True, True, True, False, False]
    """
    said, own = squeezed(item), {*squeezed_words(item)}
    is_known = said in (SURE & REFUSED) | ALONE_REFUSALS or _has(said, REFUSALS)
    is_turned = bool(own & (TURNED | _NO)) and bool(own & CONTACTS)
    return (is_known or is_turned) and len(squeezed_words(item)) <= _MOST_WORDS


def _may_refuse(item: str) -> bool:
    words = squeezed_words(item)
    own = {*words}
    is_likely = bool(own & LIKELY) or (bool(own & OFFERED) and bool(own & TURNED))
    return is_likely and len(words) <= _MOST_LIKELY


def _has(said: str, stems: Collection[str]) -> bool:
    return any(stem in said for stem in stems)
