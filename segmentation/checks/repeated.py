"""What came twice, or hardly came: equal rows, and feeds that shrank since the last run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from segmentation.checks.feeds import FEED_ROWS
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.publish.folder.runs import runs_in
from segmentation.sources import InputCount, Tally
from segmentation.sources.columns.order_shares import rows_that_count
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import MOST_ROWS, Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan, BeforePublication

SEVERAL: Final = 2  # inputs
MOST_INPUTS: Final = 3  # that are named
LEAST_LEFT: Final = 0.5  # of the rows of the last run


def equal_rows(run: AfterScan) -> Iterator[Notice]:
    """A note for each input of transactions in which rows are alike to the last cell."""
    for _, tally, one in run.transactions:
        if one.is_small:
            copies = _copies(tally)
            if copies:
                text = (
                    f"{counted(copies, 'row')} of {one.rows_read:,} {agreeing(copies, 'is an exact copy', 'are exact copies')} "
                    f"of another: {agreeing(copies, 'it counts', 'they count')} as another line"
                )
                mend = "Two pieces may be two lines; where it is a fault of the export, remove it there."
                yield notice("equal-rows", text, where=one.path, mend=mend)


def equal_rows_of_inputs(run: AfterScan) -> Iterator[Notice]:
    """A warning where rows of one order stand in several inputs of transactions, alike to the last cell."""
    inputs = [count for _, _, count in run.transactions]
    parts = [p for _, tally, _ in run.transactions for p in tally.parts if p.recipe.has("order_id")]
    if len(inputs) < SEVERAL or sum(one.rows_read for one in inputs) >= MOST_ROWS:
        return
    copies = _copies_between(parts)
    if copies:
        text = (
            f"{counted(copies, 'row')} {agreeing(copies, 'is an exact copy', 'are exact copies')} of "
            f"{agreeing(copies, 'a row', 'rows')} of the same order in another input: "
            f"{agreeing(copies, 'it counts', 'they count')} twice"
        )
        where = listed([one.path for one in inputs], MOST_INPUTS)
        mend = "Do the files overlap? Leave one out, or cut what both of them hold from one."
        yield notice("equal-rows", text, where=where, mend=mend, level="warn")


def _copies_between(parts: Sequence[Portion]) -> int:
    """How many rows of parts with the same columns stand in an earlier part, too."""
    alike: dict[frozenset[str], list[pl.LazyFrame]] = {}
    for part in parts:
        rows = _rows(part)
        names = sorted(rows.collect_schema())
        texts = rows.select(pl.col(name).cast(pl.String) for name in names)
        alike.setdefault(frozenset(names), []).append(texts)
    return sum(
        _copies_in(pl.concat([one.unique() for one in group]))
        for group in alike.values()
        if len(group) > 1
    )


def _copies(tally: Tally) -> int:
    """How many rows that count stand there before, alike in every cell."""
    return sum(_copies_in(_rows(part)) for part in tally.parts)


def _copies_in(rows: pl.LazyFrame) -> int:
    """The same of a table; rows that are alike hash alike, and where no two do, nothing is compared."""
    distinct = pl.struct(pl.all()).hash().n_unique()
    facts = rows.select(rows=pl.len(), distinct=distinct).collect(engine="streaming")
    if facts["rows"].item() == facts["distinct"].item():
        return 0
    copies = rows.group_by(pl.all()).len().select((pl.col("len") - 1).sum())
    return int(copies.collect().item())


def _rows(part: Portion) -> pl.LazyFrame:
    recipe = part.recipe
    known = {n: t for n, t in part.raw.schema.items() if n not in recipe.oversize}
    compared = [name for name, dtype in known.items() if can_be(dtype, "compared")]
    return rows_that_count(part.raw, recipe).select(compared)


# -- since the last run ---------------------------------------------------------------------------


def shrunken(run: BeforePublication) -> Iterator[Notice]:
    """An error for each file of 100 rows or more that holds less than half of what it held when it was last
    published in the folder of runs.
    """
    if run.to.out is None:
        return
    day = run.outcome.as_of.isoformat()
    last = next((r for r in runs_in(run.to.out) if r.is_complete and r.as_of <= day), None)
    if last is None:
        return
    for one in run.outcome.inputs:
        before = _rows_before(last.manifest, one)
        if before >= FEED_ROWS and one.rows_read < LEAST_LEFT * before:
            text = f"the file has {counted(one.rows_read, 'row')}, where the run of {last.as_of} read {before:,}"
            mend = (
                "Is the export whole? Where it is meant: notices: {feed-shrank: warn} in the rules."
            )
            yield notice("feed-shrank", text, where=one.path, mend=mend)


def _rows_before(manifest: Mapping[str, Any], one: InputCount) -> int:
    """The rows of the same file in a former run; 0 where it read none of the name."""
    for each in manifest.get("inputs") or ():
        if isinstance(each, dict) and (each.get("table"), each.get("path")) == (
            one.table,
            one.path,
        ):
            rows = each.get("rows_read")
            return rows if isinstance(rows, int) else 0
    return 0
