"""A column of channels by which customers have one row for each: the rows of mails are proposed, where that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from segmentation.messages.errors import InputError
from segmentation.rules.word_tests import one_of
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.consent_words import MAIL, OTHER_CHANNELS
from segmentation.sources.columns.contents import Content, contents_of, squeezed_words
from segmentation.sources.columns.reasons import CODE, USABLE
from segmentation.sources.stored import as_text
from segmentation.sources.tables import Tally

_MOST: Final = 20  # channels
_CHANNEL = "__channel"


def by_channel(tally: Tally) -> Mapping[str, Any] | None:
    """The `where` of the first column of channels by whose rows of mails every id has one row; None without such."""
    if tally.table != "customers":
        return None
    contents = contents_of(tally.parts[0].raw, [*tally.parts[0].raw.schema])
    mails = ((one.name, _mails(one)) for one in contents.values())
    return next(
        ({name: one_of(cells)} for name, cells in mails if cells and _resolves(name, cells, tally)),
        None,
    )


def _mails(one: Content) -> list[str]:
    """The cells that name mails, in a column that names another channel as well and nothing but words."""
    if len(one.distinct) > _MOST or one.kind not in ("text", "code"):
        return []
    mails = [cell for cell in one.distinct if _is_of(cell, MAIL)]
    others = [cell for cell in one.distinct if _is_of(cell, OTHER_CHANNELS)]
    return [cell for cell in mails if cell not in others] if others else []


def _is_of(cell: str, channels: frozenset[str]) -> bool:
    return squeezed(cell) in channels or not channels.isdisjoint(squeezed_words(cell))


def _resolves(name: str, cells: list[str], tally: Tally) -> bool:
    """Whether rows with these cells come to one for each id, beside those of other sources."""
    try:
        rows = pl.concat(list(_rows(name, cells, tally)), how="diagonal_relaxed")
        kept = pl.concat([rows, *tally.beside], how="diagonal_relaxed").unique()
        of_several = kept.group_by("customer_id").len().filter(pl.col("len") > 1)
        return of_several.head(1).collect(engine="streaming").is_empty()
    except (InputError, pl.exceptions.PolarsError):  # it is advice, no reading
        return False


def _rows(name: str, cells: list[str], tally: Tally) -> Iterator[pl.LazyFrame]:
    for part in tally.parts:
        text = as_text(name, part.raw.schema[name]).str.strip_chars()
        rows = part.again(beside={_CHANNEL: text}).filter(pl.col(USABLE))
        yield rows.filter(pl.col(_CHANNEL).is_in(cells)).drop(CODE, USABLE, _CHANNEL)
