"""What stands for a whole order, shared by its lines: `amount: {per_order: Total}`.

Shops write a total on the first row of an order, or on each; either way it counts once. Lines share
it by quantity x unit_price where every line of the order has both, of one sign; else evenly. Shares
are whole 1/10,000 that add up to the total exactly: each is what the total comes to with its line,
rounded, less what it came to before it.

An order is a world within its file. What its lines leave blank of its day, its customer, its currency
and the columns of `where` is that of its first row, which is the first on which an amount stands; where that
row lacks its day, its customer or its currency as well, it is what the other lines say, if they say one. Rows that
`where` sets aside take no share, and neither do lines whose own amount cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.computed import computed, quantity_by_price
from segmentation.sources.columns.formulas import Cell, Formula
from segmentation.sources.columns.formulas import columns_of as columns_in
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.mapping import columns_of
from segmentation.sources.columns.missing import without
from segmentation.sources.columns.rates import code_of, worth
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import FILE, RECORD, RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import can_be

DIFFERS: Final = "\0differs"
"""Whether the lines of a row's order say different things of it."""

_ORDER: Final = "\0order"
_ALONE: Final = "\0alone"  # tells rows without an order apart
_CHOSEN: Final = "\0chosen"
_WEIGHT: Final = "\0weight"
_LENT: Final = ("customer_id", "ordered_at", CURRENCY)


def share_of(name: str) -> str:
    """The column of raw rows that holds the shares of a canonical column."""
    return f"\0share {name}"


def with_shares(
    raw: pl.LazyFrame, recipe: Recipe, *, is_odd: pl.Expr, by_file: bool
) -> pl.LazyFrame:
    """Raw rows with the shares of all that stands for an order, and DIFFERS; blanks are filled.

    `raw` has RECORD and, where it is of several files (`by_file`), FILE. Rows that are odd stand for
    themselves.
    """
    formulas = {name: recipe.formula(name) for name in sorted(recipe.columns.per_order)}
    columns = list(dict.fromkeys(c for one in formulas.values() for c in columns_in(one)))
    order = [*([FILE] if by_file else []), _ORDER, _ALONE]
    rows = (
        raw.with_columns(pl.when(~is_odd).then(order_of(recipe)).alias(_ORDER))
        .with_columns(pl.when(pl.col(_ORDER).is_null()).then(pl.col(RECORD)).alias(_ALONE))
        .with_columns(_lent(recipe, columns, order))
        .with_columns(_is_chosen(recipe).alias(_CHOSEN))
        .with_columns(_tells(recipe, column, order) for column in columns)
        .with_columns(_says_more(recipe, column, order) for column in columns)
        .with_columns(
            _differs(recipe, columns, order).alias(DIFFERS),
            _weight(recipe, order).alias(_WEIGHT),
            *(_takes(recipe, name, one) for name, one in formulas.items()),
        )
        .with_columns(_stated(recipe, column, order) for column in columns)
    )
    return rows.with_columns(
        _reached(recipe, name, one, order) for name, one in formulas.items()
    ).with_columns(_share(name, order) for name in formulas)


def _is_chosen(recipe: Recipe) -> pl.Expr:
    counts = recipe.counts
    return pl.lit(value=True) if counts is None else counts.fill_null(value=False)


def rows_that_count(raw: RawTable, recipe: Recipe) -> pl.LazyFrame:
    """The raw rows that are not set aside by `where`, here or where orders decide for their lines."""
    if recipe.counts is None or not recipe.columns.per_order:
        return raw.counting(recipe.counts)
    rows = raw.scan(with_records=True, with_files=True)
    shared = with_shares(rows, recipe, is_odd=pl.lit(value=False), by_file=True)
    return shared.filter(pl.col(_CHOSEN))


def order_of(recipe: Recipe) -> pl.Expr:
    """The order of a row as text; null where it has none."""
    if not recipe.has("order_id"):
        return pl.lit(None, dtype=pl.String)
    column = recipe.source("order_id")
    text = as_text(column, recipe.dtype(column)).str.strip_chars()
    named = without(text, recipe.missing_words("order_id"))
    return pl.when(holds(column, recipe.dtype(column))).then(named)


# -- what a line leaves blank ---------------------------------------------------------------------


def _lent(recipe: Recipe, columns: Sequence[str], order: Sequence[str]) -> Iterator[pl.Expr]:
    """What decides about a row, as its order's first row has it where the row leaves it blank."""
    own = [c for name in _LENT for c in recipe.columns.canonical.get(name, ())]
    stated = [holds(column, recipe.dtype(column)) for column in columns]
    leads = pl.any_horizontal(stated) if stated else pl.lit(value=False)
    deciding = (column for column in columns_of(recipe.where) if column in recipe.schema)
    for column in dict.fromkeys((*deciding, *own)):
        filled = holds(column, recipe.dtype(column))
        cell = pl.when(filled).then(pl.col(column))
        first = pl.when(leads.any()).then(cell.filter(leads).first()).otherwise(cell.first())
        lent = first.over(order, order_by=RECORD)
        if column in own:
            lent = pl.coalesce(lent, _only(cell.filter(filled)).over(order))
        yield pl.coalesce(cell, lent).alias(column)


def _only(cells: pl.Expr) -> pl.Expr:
    """What all cells say; null where they do not say the same."""
    return pl.when(cells.n_unique() == 1).then(cells.first())


# -- what an order says of itself -----------------------------------------------------------------


def _tells(recipe: Recipe, column: str, order: Sequence[str]) -> pl.Expr:
    """Whether a row's cell tells what stands for its order: of chosen rows, if any of them tells it."""
    is_read = _value(recipe, column).is_not_null()
    of_chosen = is_read & pl.col(_CHOSEN)
    tells = pl.when(of_chosen.any().over(order)).then(of_chosen).otherwise(is_read)
    return tells.alias(_telling(column))


def _says_more(recipe: Recipe, column: str, order: Sequence[str]) -> pl.Expr:
    """The same; what is 0 tells nothing beside what is not, as some write 0 where others leave a cell blank."""
    telling = pl.col(_telling(column))
    is_more = telling & (_value(recipe, column) != 0).fill_null(value=False)
    return (
        pl.when(is_more.any().over(order)).then(is_more).otherwise(telling).alias(_telling(column))
    )


def _telling(column: str) -> str:
    return f"\0tells {column}"


def _value(recipe: Recipe, column: str) -> pl.Expr:
    return computed(Cell(column), recipe, holds)


def _differs(recipe: Recipe, columns: Sequence[str], order: Sequence[str]) -> pl.Expr:
    """Whether the cells that tell do not tell the same."""
    told = [_value(recipe, c).filter(pl.col(_telling(c))) for c in columns]
    code = code_of(recipe) if recipe.rates else None
    told += [] if code is None else [code]
    differing = [(one.min() != one.max()).over(order) for one in told]
    return pl.any_horizontal(differing).fill_null(value=False) if differing else pl.lit(value=False)


def _stated(recipe: Recipe, column: str, order: Sequence[str]) -> pl.Expr:
    """The first cell that tells; where there is none, one that cannot be read."""
    cell = pl.col(column)
    held = cell.filter(holds(column, recipe.dtype(column))).first()
    told = cell.filter(pl.col(_telling(column))).first()
    return pl.coalesce(told, held).over(order, order_by=RECORD).alias(column)


# -- shares ---------------------------------------------------------------------------------------


def _taking(name: str) -> str:
    return f"\0takes {name}"


def _takes(recipe: Recipe, name: str, formula: Formula) -> pl.Expr:
    """Whether a line has a share: it counts, and nothing that it says of the order is unreadable."""
    columns = columns_in(formula)
    wrong = [holds(c, recipe.dtype(c)) & _value(recipe, c).is_null() for c in columns]
    is_wrong = pl.any_horizontal(wrong) if wrong else pl.lit(value=False)
    return (pl.col(_CHOSEN) & ~is_wrong).alias(_taking(name))


def _weight(recipe: Recipe, order: Sequence[str]) -> pl.Expr:
    """What lines share by: quantity x unit_price where all that count have both and none is of another sign."""
    product = worth_of_line(recipe)
    if product is None:
        return pl.lit(1, dtype=pl.Int64)
    of_chosen = product.filter(pl.col(_CHOSEN))
    is_whole = (of_chosen.null_count() == 0) & ((of_chosen.min() >= 0) | (of_chosen.max() <= 0))
    is_shared = is_whole & (of_chosen.abs().max() > 0)
    return pl.when(is_shared.over(order)).then(product.abs()).otherwise(1)


def worth_of_line(recipe: Recipe) -> pl.Expr | None:
    """quantity x unit_price on the scale; None where the files have not both as numbers."""
    is_sound = all(_is_sound(recipe, name) for name in ("quantity", "unit_price"))
    return computed(quantity_by_price(recipe), recipe, holds) if is_sound else None


def _is_sound(recipe: Recipe, name: str) -> bool:
    columns = recipe.columns.canonical.get(name, ())
    is_number = all(can_be(recipe.dtype(c), "number") for c in columns)
    return recipe.has(name) and is_number and not {*columns} & recipe.oversize


def _reached(recipe: Recipe, name: str, formula: Formula, order: Sequence[str]) -> pl.Expr:
    """What the total comes to with a line and those before it, rounded; with the last it is all of it."""
    total = worth(formula, recipe).cast(pl.Int128)
    weight = pl.when(pl.col(_taking(name))).then(pl.col(_WEIGHT)).otherwise(0).cast(pl.Int128)
    until = weight.cum_sum().over(order, order_by=RECORD)
    every = weight.sum().over(order)
    return ((2 * total * until + every) // (2 * every)).cast(pl.Int64).alias(_reaching(name))


def _reaching(name: str) -> str:
    return f"\0reached {name}"


def _share(name: str, order: Sequence[str]) -> pl.Expr:
    """What a line adds."""
    reached = pl.col(_reaching(name))
    before = reached.shift(1, fill_value=0).over(order, order_by=RECORD)
    return pl.when(pl.col(_taking(name))).then(reached - before).alias(share_of(name))
