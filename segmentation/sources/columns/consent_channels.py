"""Columns that say of which channel a consent is: of mails, or of calls, letters and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from segmentation.rules.word_tests import one_of
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.consent_words import CHANNELS, MAIL, OTHER_CHANNELS
from segmentation.sources.columns.contents import Content, squeezed_words

_MOST: Final = 20  # channels


def mails_in(one: Content) -> list[str]:
    """The cells that name mails, in a column that names another channel as well and nothing but words."""
    if len(one.distinct) > _MOST or one.kind not in ("text", "code"):
        return []
    mails = [cell for cell in one.distinct if _is_of(cell, MAIL)]
    others = [cell for cell in one.distinct if _is_of(cell, OTHER_CHANNELS)]
    return [cell for cell in mails if cell not in others] if others else []


def rows_of_mails(contents: Iterable[Content]) -> Mapping[str, Any] | None:
    """The `where` that takes the rows of mails, by a column that is called a channel and holds nothing else."""
    telling = ((one, mails_in(one)) for one in contents if _is_of_channels(one))
    return next(({one.name: one_of(mails)} for one, mails in telling if mails), None)


def names_a_channel(name: str) -> bool:
    """Whether the name of a consent says of which channel it is.

    >>> names_a_channel("Newsletter"), names_a_channel("Marketing consent")
    (True, False)
    """
    return not (MAIL - {"marketing"} | OTHER_CHANNELS).isdisjoint(squeezed_words(name))


def _is_of_channels(one: Content) -> bool:
    return {*squeezed_words(one.name)} <= CHANNELS and all(
        _is_of(cell, MAIL | OTHER_CHANNELS) for cell in one.distinct
    )


def _is_of(cell: str, channels: frozenset[str]) -> bool:
    return squeezed(cell) in channels or not channels.isdisjoint(squeezed_words(cell))
