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
from segmentation.sources.columns.reasons import USABLE
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import FILE
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import MOST_ROWS, Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan, BeforePublication

MOST_FILES: Final = 3  # that are named
LEAST_LEFT: Final = 0.5  # of the rows of the last run
_CELL: Final = "\0cell {}"
_KEY: Final = "\0key {}"
_OF_FILES: Final = ("file", "shown")
_BESIDE: Final = ("product_id", "department")  # what tells lines of one order apart


def equal_rows(run: AfterScan) -> Iterator[Notice]:
    """A note for each input of transactions in which rows that are used are alike to the last cell."""
    for _, tally, one in run.transactions:
        copies = sum(map(_copies, tally.parts)) if one.is_small else 0
        if copies:
            are_copies = agreeing(copies, "is an exact copy", "are exact copies")
            it_counts = agreeing(copies, "it counts", "they count")
            once = ", and the amount of the order once" if _is_per_order(tally) else ""
            text = (
                f"{counted(copies, 'row')} of {one.rows_read:,} {are_copies} of another: "
                f"{it_counts} as another line{once}"
            )
            mend = (
                "Two pieces may be two lines; where it is a fault of the export, remove it there."
            )
            yield notice("equal-rows", text, where=one.path, mend=mend)


def _is_per_order(tally: Tally) -> bool:
    return any("amount" in part.recipe.columns.per_order for part in tally.parts)


def _copies(part: Portion) -> int:
    """How many rows stand there before, alike in every cell; where orders are told, in the same file."""
    known = {n: t for n, t in part.raw.schema.items() if n not in part.recipe.oversize}
    names = [name for name, dtype in known.items() if can_be(dtype, "compared")]
    cells = {_CELL.format(i): pl.col(name) for i, name in enumerate(names)}
    own = [FILE] if part.recipe.has("order_id") else []
    return _copies_in(_used(part, cells).select(*cells, *own))


def _used(part: Portion, cells: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """The canonical rows that are used, with cells of their files and FILE beside them."""
    return part.again([FILE], cells).filter(pl.col(USABLE))


def _copies_in(rows: pl.LazyFrame) -> int:
    """How many rows are copies; those that are alike hash alike, and where no two do, nothing is compared."""
    distinct = pl.struct(pl.all()).hash().n_unique()
    facts = rows.select(rows=pl.len(), distinct=distinct).collect(engine="streaming")
    if facts["rows"].item() == facts["distinct"].item():
        return 0
    copies = rows.group_by(pl.all()).len().select((pl.col("len") - 1).sum())
    return int(copies.collect().item())


# -- in several files -----------------------------------------------------------------------------


def equal_rows_of_files(run: AfterScan) -> Iterator[Notice]:
    """A warning where files of transactions hold rows that say the same of one order, however they write it;
    where no order is told, if all rows of a file stand in others."""
    parts = [part for _, tally, _ in run.transactions for part in tally.parts]
    rows = sum(one.rows_read for _, _, one in run.transactions)
    # an order with one amount for all lines that goes over several files is told as such
    lines = [part for part in parts if not part.recipe.columns.per_order]
    if rows < MOST_ROWS:
        for has_orders in (True, False):
            alike = [part for part in lines if part.recipe.has("order_id") is has_orders]
            if sum(len(part.raw.shown()) for part in alike) > 1:
                yield from _twice(_in_files(alike, has_orders=has_orders), has_orders=has_orders)


def _in_files(parts: Sequence[Portion], *, has_orders: bool) -> pl.DataFrame:
    """What rows say that others in another `file` say, too; without orders only that of files which hold nothing else."""
    beside = [name for name in _BESIDE if all(part.recipe.has(name) for part in parts)]
    named = (*(["order_id"] if has_orders else []), *beside)
    rows = pl.concat(_said(part, i, named) for i, part in enumerate(parts))
    keys = [name for name in rows.collect_schema() if name not in _OF_FILES]
    known = rows.drop_nulls(_KEY.format("order_id")) if has_orders else rows
    once = known.unique(["file", *keys]).collect(engine="streaming")
    again = once.with_columns((pl.len().over(keys) > 1).alias("again"))
    is_told = pl.col("again") if has_orders else pl.col("again").all().over("file")
    told = again.with_columns(is_told.alias("again")).filter(pl.col("again").any().over(keys))
    return told.with_columns(pl.struct(keys).rank("dense").alias("said"))


def _said(part: Portion, number: int, named: Sequence[str]) -> pl.LazyFrame:
    """What rows say: whose they are, when, how much, of which order and product; and in which file."""
    cells = {_KEY.format(name): _text(part.recipe, name) for name in named}
    shown, file = part.raw.shown(), pl.col(FILE).cast(pl.String)
    of_file = {
        "file": pl.format("{} {}", pl.lit(number), file),
        "shown": file.replace_strict(shown, default=part.raw.called),
    }
    when = "ordered_on" if "order_id" in named else "ordered_at"
    customer = pl.col("customer_id").cast(pl.String)
    return _used(part, cells).select(customer, when, "amount", *cells, **of_file)


def _text(recipe: Recipe, name: str) -> pl.Expr:
    column = recipe.source(name)
    text = as_text(column, recipe.dtype(column)).str.strip_chars()
    return pl.when(text != "").then(text)


def _twice(found: pl.DataFrame, *, has_orders: bool) -> Iterator[Notice]:
    """The warning, with the files; nothing where no row says what another says."""
    copies = found.height - found["said"].n_unique()
    if copies:
        of_what = "of the same order " if has_orders else ""
        text = (
            f"{counted(copies, 'row')} {agreeing(copies, 'says', 'say')} the same as "
            f"{agreeing(copies, 'a row', 'rows')} {of_what}in another file: "
            f"{agreeing(copies, 'it counts', 'they count')} twice"
        )
        where = listed(sorted({*found["shown"]}), MOST_FILES)
        mend = "Do the files overlap? Leave one out, or cut what both of them hold from one."
        yield notice("equal-rows", text, where=where, mend=mend, level="warn")


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
