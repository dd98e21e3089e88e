"""Files whose days are in another order than the rest: 03/01/2026 is read as the third of January.

The format of a source is told by all its rows. Where today's file of a daily glob writes the month
first, a part of its rows is rejected and the others are read as other days: nobody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from segmentation.checks.suppression.case import Case
from segmentation.messages.errors import counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.sources import TIME
from segmentation.sources.columns.date_formats import family, order_of
from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import moments
from segmentation.sources.reader import FILE
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion


def other_order(case: Case) -> Iterator[Notice]:
    """An error for each file of which more days fit with day and month the other way round."""
    for part in (part for source in case.sources for part in source.parts):
        for name in TIME.get(part.recipe.table, ())[:1]:
            swapped = _swapped(
                next(iter(part.recipe.dates[name]), "")
            )  # of stored days there is none
            if swapped and is_text(part.recipe.dtype(part.recipe.source(name))):
                yield from _files(part, name, swapped)


def _files(part: Portion, name: str, swapped: str) -> Iterator[Notice]:
    column, own = part.recipe.source(name), part.recipe.dates[name]
    text, clock = part.recipe.dtype(column), Clock.of(part.recipe.timezone)
    fits = (
        part.raw.scan(with_files=True)
        .select(
            FILE,
            moments(column, text, own, clock).alias("own"),
            moments(column, text, family(swapped), clock).alias("other"),
        )
        .group_by(FILE)
        .agg(pl.col("own").count(), pl.col("other").count())
    )
    shown = part.raw.shown()
    for file, mine, others in fits.collect(engine="streaming").sort(FILE).iter_rows():
        if others > mine:
            text_of = (
                f"suppress reads {name} as {own[0]}, which {counted(others - mine, 'row')} fewer of this file fit than "
                f"{swapped}: the others would be read as other days"
            )
            yield notice(
                "other-order-of-days",
                text_of,
                where=shown.get(file, file),
                is_of_suppression=True,
                mend=part.raw.settings.own_format(column, swapped),
            )


def _swapped(shape: str) -> str | None:
    """The format with day and month the other way round; None where it has no two numbers to be swapped."""
    found = re.search(r"(%[dm])([-/.])(%[dm])", shape)
    if found is None or order_of(shape)[-1:] != "y":
        return None
    return f"{shape[: found.start()]}{found[3]}{found[2]}{found[1]}{shape[found.end() :]}"
