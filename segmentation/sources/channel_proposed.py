"""A column of channels by which customers have one row for each: the rows of mails are proposed, where that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from segmentation.messages.errors import InputError
from segmentation.rules.word_tests import one_of
from segmentation.sources.columns.consent_channels import mails_in
from segmentation.sources.columns.contents import contents_of
from segmentation.sources.columns.reasons import CODE, USABLE
from segmentation.sources.stored import as_text
from segmentation.sources.tables import Tally
from segmentation.sources.unique import come_to_one

_CHANNEL = "__channel"


def by_channel(tally: Tally) -> Mapping[str, Any] | None:
    """The `where` of the first column of channels by whose rows of mails every id has one row; None without such."""
    if tally.table != "customers":
        return None
    contents = contents_of(tally.parts[0].raw, [*tally.parts[0].raw.schema])
    mails = ((one.name, mails_in(one)) for one in contents.values())
    return next(
        ({name: one_of(cells)} for name, cells in mails if cells and _resolves(name, cells, tally)),
        None,
    )


def _resolves(name: str, cells: list[str], tally: Tally) -> bool:
    """Whether rows with these cells come to one for each id, beside those of other sources."""
    try:
        rows = pl.concat(list(_rows(name, cells, tally)), how="diagonal_relaxed")
        return come_to_one(rows, tally)
    except (InputError, pl.exceptions.PolarsError):  # it is advice, no reading
        return False


def _rows(name: str, cells: list[str], tally: Tally) -> Iterator[pl.LazyFrame]:
    for part in tally.parts:
        text = as_text(name, part.raw.schema[name]).str.strip_chars()
        rows = part.again(beside={_CHANNEL: text}).filter(pl.col(USABLE))
        yield rows.filter(pl.col(_CHANNEL).is_in(cells)).drop(CODE, USABLE, _CHANNEL)
