"""What products say of rows that suppression reads: of rows whose product nobody knows it is lost.

A rule that asks for `collection: recall` reads the product's column, so a `product_id` that is
written in another way takes the row out of it, and its customer into the audience.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import ROWS, SourceFacts
from segmentation.checks.suppression.sources_read import RowsRead, lent
from segmentation.measures.rows import Tables
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Door, Notice, notice
from segmentation.rules.measures import ANY_EVENT
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.spelling import kinds_told, suspicious
from segmentation.sources.reader import FILE
from segmentation.sources.tables import Portion

PRODUCT: Final = "product_id"
_ALIKE: Final = "Write product_id alike everywhere"


def products_met(case: Case) -> Iterator[Notice]:
    """For each file whose rows borrow from products what suppression reads: are the products known?

    An error where none is, or where some would be if they were written alike; a warning for the
    others, a note for rows without a product.
    """
    for source in case.sources:
        asked = [r for r in case.reading.of(source.table, source.source) if lent(r, case.tables)]
        if asked and case.tables.products is not None:
            known = _products(case.tables)
            for [shown], rows in _rows(source, asked).group_by(FILE, maintain_order=True):
                yield from _file(str(shown), rows, known, _lent(asked, case.tables))


def _file(shown: str, rows: pl.DataFrame, known: pl.Series, columns: str) -> Iterator[Notice]:
    named = rows.drop_nulls(PRODUCT)
    unmet = named.filter(~pl.col(PRODUCT).is_in(known.implode()))
    blank, lost, every = (
        int(frame[ROWS].sum()) for frame in (rows.filter(pl.col(PRODUCT).is_null()), unmet, named)
    )
    if blank:
        yield notice(
            "blank-cells",
            f"suppress reads {columns} by product_id, which is blank for {counted(blank, 'row')}",
            where=shown,
        )
    if not lost:
        return
    what = (
        f"suppress reads {columns} of these rows' products, and {lost:,} of {counted(every, 'row')}"
    )
    strange = suspicious(unmet[PRODUCT], known)
    if unmet.height == named.height:
        yield notice(
            "ids-do-not-meet",
            f"suppress reads {columns} of these rows' products, and none of them is in "
            "products: nobody would be suppressed by them",
            where=shown,
            level="error",
            is_of_suppression=True,
            mend=f"{_ALIKE}.",
        )
    elif strange.height:
        text = f"{what} name a product that meets none, but would without {kinds_told(strange)}"
        yield notice(
            "suspicious-ids",
            text,
            where=shown,
            level="error",
            is_of_suppression=True,
            mend=f"{_ALIKE}.",
            door=Door("If they are other products"),
        )
    else:
        text = f"{what} name a product that is not in products: they suppress nobody"
        yield notice("unlisted-products", text, where=shown, is_of_suppression=True)


def _lent(asked: list[RowsRead], tables: Tables) -> str:
    return listed(sorted({c for read in asked for c in lent(read, tables)}))


def _products(tables: Tables) -> pl.Series:
    assert tables.products is not None
    ids = tables.products.rows.select(pl.col(PRODUCT).cast(pl.String).drop_nulls().unique())
    return ids.collect(engine="streaming")[PRODUCT]


def _rows(source: SourceFacts, asked: list[RowsRead]) -> pl.DataFrame:
    """How many used rows of what is read each file has of each product."""
    frames = [_part(part, asked) for part in source.parts]
    shown = {p: s for part in source.parts for p, s in part.raw.shown().items()}
    rows = pl.concat(pl.collect_all(frames, engine="streaming"))
    by_file = rows.with_columns(pl.col(FILE).replace(shown)).group_by(FILE, PRODUCT)
    return by_file.agg(pl.col(ROWS).sum()).sort(FILE, PRODUCT)


def _part(part: Portion, asked: list[RowsRead]) -> pl.LazyFrame:
    rows = part.again([FILE])
    product = pl.col(PRODUCT) if part.recipe.reads(PRODUCT) else pl.lit(None)
    events = {read.event for read in asked}
    is_read = pl.lit(value=True)
    if part.recipe.table == "events" and ANY_EVENT not in events:
        is_read = pl.col("event").is_in(sorted(e for e in events if e))
    chosen = rows.filter((pl.col(CODE) == Reason.USED) & is_read)
    slim = chosen.select(FILE, product.cast(pl.String).alias(PRODUCT))
    return slim.group_by(FILE, PRODUCT).agg(pl.len().cast(pl.Int64).alias(ROWS))
