"""Amounts that stand for whole orders and would count as those of lines.

An export with a row for each line often repeats the total of the order on all of them, or writes it
on the first alone. Neither can be seen in one row; in the orders of several lines it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.doubted_amounts import amount_of, is_of_its_order
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted
from segmentation.messages.notices import Level, Notice, notice
from segmentation.rules.column_specs import ColumnSpec, PerOrder, written
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.computed import computed
from segmentation.sources.columns.formulas import Cell, Formula, Sum, columns_of
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.money_words import says_order
from segmentation.sources.columns.order_shares import worth_of_line
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import FILE, RawTable
from segmentation.sources.settings import A_COLUMN
from segmentation.sources.stored import SAMPLED, as_text
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

FEWEST_FIRST: Final = 2  # orders with an amount on one line only
FEWEST_SAME: Final = 2  # orders with one amount on all lines
FEWEST_ALIKE: Final = (
    5  # such orders, where no column tells orders: who buys several pays several prices
)
MAY_BE_CHANCE: Final = 2  # such orders, and no more: they are told, and stop nothing
_SAYS: Final = frozenset("123456789")  # what a cell holds that says an amount, and not none or 0


@dataclass(frozen=True)
class _Orders:
    """What the orders of several lines say: how many there are, and in how many an amount stands once
    only, or beside 0 alone, or is the same on all lines (and not 0), and how many such amounts differ."""

    several: int
    once: int
    beside_zero: int
    same: int
    same_above_zero: int
    amounts: int

    says_order: bool = False
    """Whether the amount is called by its order: then one order is enough."""

    @property
    def is_once(self) -> bool:
        return self.once == self.several >= FEWEST_FIRST

    @property
    def is_same(self) -> bool:
        """Most are the same on all lines, and those of the others are the first line's alone."""
        is_whole = self.same + self.once + self.beside_zero == self.several
        if self.says_order:
            return is_whole and self.same_above_zero > 0
        return is_whole and self.same >= max(FEWEST_SAME, self.several / 2) and self.amounts > 1

    @property
    def is_same_in_some(self) -> bool:
        """The same where 0, as most discounts are, says nothing."""
        return self.is_same and self.same_above_zero >= FEWEST_SAME

    @property
    def may_be_chance(self) -> bool:
        return self.is_same and self.same <= MAY_BE_CHANCE and not self.says_order


@dataclass(frozen=True)
class AmountOfOrders:
    """A source whose amount is that of orders, or of whose amount one `part` is; what its orders say, and what to declare."""

    source: Source
    path: str
    recipe: Recipe
    orders: _Orders | None
    part: str = ""
    is_joined: bool = False
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)

    @property
    def is_guessed(self) -> bool:
        """Whether nobody declared the amount."""
        return "amount" in self.recipe.columns.guessed

    @property
    def is_on_first_rows(self) -> bool:
        """Whether a run stops as the other rows of orders lack the amount."""
        return self.is_stop and self.orders is not None and self.orders.is_once

    @property
    def is_stop(self) -> bool:
        """Whether a run stops for it: not if it is declared, nor if it may be chance."""
        return self.is_guessed and not self.is_chance

    @property
    def is_chance(self) -> bool:
        """Whether so few orders say it that it may be chance."""
        return not self.is_joined and (self.orders is None or self.orders.may_be_chance)


def amounts_of_orders(run: AfterScan) -> Iterator[Notice]:
    """A notice for each source of transactions whose amounts are those of orders: an error if they were
    guessed, a warning if they are declared."""
    for found in run.amounts_of_orders:
        if found.orders is None:
            yield _part_of_orders(found.part, found.source, found.path)
        else:
            yield _notice(found, found.orders, run.pasted if found.is_guessed else "")


def amount_of_orders(source: Source, tally: Tally) -> AmountOfOrders | None:
    """What tells that an amount, or a part of one, is that of orders; None where nothing does."""
    for part in tally.parts:
        orders = _orders(part)
        is_joined = _is_joined(part)
        found = AmountOfOrders(source, tally.path, part.recipe, None)
        if orders is not None and (
            orders.is_once or orders.is_same or (is_joined and orders.several)
        ):
            columns = _declared(part.recipe, amount_of(tally).columns, orders)
            return replace(found, orders=orders, is_joined=is_joined, columns=columns)
        for column in _of_orders(part):
            return replace(found, part=column)
    return None


def _declared(
    recipe: Recipe, told: Mapping[str, ColumnSpec], orders: _Orders
) -> Mapping[str, ColumnSpec]:
    """The columns that say so: those that the file tells, else its amount once per order; none where nothing tells these.

    Where no column tells orders, and all that a customer bought at a moment says one amount, these are orders.
    """
    if told or not isinstance(recipe.formula("amount"), Cell):
        return told
    whole: Mapping[str, ColumnSpec] = {"amount": PerOrder(recipe.source("amount"))}
    if recipe.has("order_id"):
        return whole
    return {"order_id": _keys(recipe), **whole} if orders.is_same else {}


def _is_joined(part: Portion) -> bool:
    """Whether the amount is a column that is joined by the order."""
    formula = part.recipe.formula("amount") if part.recipe.has("amount") else None
    return isinstance(formula, Cell) and is_of_its_order(formula.column, part)


def _of_orders(part: Portion) -> Iterator[str]:
    """The columns that a formula of the amount adds or takes off, and that stand for whole orders."""
    recipe = part.recipe
    formula = recipe.formula("amount") if recipe.has("amount") else None
    if not isinstance(formula, Sum) or "amount" in recipe.columns.per_order:
        return
    for _, term in formula.terms:
        orders = _orders(part, term) if isinstance(term, Cell) else None
        if not isinstance(term, Cell) or orders is None:
            continue
        is_joined = is_of_its_order(term.column, part) and orders.several > 0
        if orders.is_same_in_some or is_joined:
            yield term.column


def _orders(part: Portion, formula: Formula | None = None) -> _Orders | None:
    """What a part's orders say of the amount, or of a formula; None where nothing is to be feared."""
    recipe, keys = part.recipe, _keys(part.recipe)
    if not recipe.has("amount") or "amount" in recipe.columns.per_order:
        return None
    if formula is None:
        formula = recipe.formula("amount")
    amounts = columns_of(formula)
    if not amounts or not keys or not _may_be(part.raw, recipe, keys, amounts):
        return None
    found = _counted(part.raw.scan(with_files=True), recipe, keys, formula)
    if not found.is_same:
        return found
    own = [n for n, t in part.raw.readable.items() if can_be(t, "compared")]
    distinct = part.raw.scan(with_files=True).unique([FILE, *own])
    told = _counted(distinct, recipe, keys, formula)  # rows that stand there twice say nothing
    if not recipe.has("order_id"):  # two things of one price may be bought together
        return told if told.says_order or told.same >= FEWEST_ALIKE else None
    are_copies = told.several == 0 and (found.says_order or _are_most(found, distinct, recipe))
    return found if are_copies else told


def _are_most(found: _Orders, distinct: pl.LazyFrame, recipe: Recipe) -> bool:
    """Whether most orders are of several rows, where all rows of an order say the same in all columns."""
    rows = distinct if recipe.counts is None else distinct.filter(recipe.counts)
    orders: int = rows.select(pl.len()).collect(engine="streaming").item()
    return found.same >= FEWEST_ALIKE and 2 * found.several > orders


def _keys(recipe: Recipe) -> tuple[str, ...]:
    """The columns that tell the order of a row; without one for it, whose it is and when."""
    if recipe.has("order_id"):
        return recipe.columns.canonical["order_id"]
    names = ("customer_id", "ordered_at")
    return tuple(column for name in names for column in recipe.columns.canonical[name])


def _may_be(raw: RawTable, recipe: Recipe, keys: Sequence[str], amounts: Sequence[str]) -> bool:
    """Whether no order of some rows says several amounts, 0 and what is blank left out."""
    orders: dict[tuple[str | None, ...], set[tuple[str | None, ...]]] = {}
    for row in _some_rows(raw, recipe, (*keys, *amounts)):
        key, said = row[: len(keys)], row[len(keys) :]
        known = orders.setdefault(key, set())
        known |= {said} if any(_SAYS.intersection(cell or "") for cell in said) else set()
        if len(known) > 1 and all(key):
            return False
    return True


def _some_rows(
    raw: RawTable, recipe: Recipe, columns: Sequence[str]
) -> Iterable[tuple[str | None, ...]]:
    """The cells of some rows that count: those of the sample, where it has them, else the first."""
    if recipe.counts is None and all(raw.sample.get(column) for column in columns):
        return zip(*(raw.sample[column] for column in columns), strict=False)
    rows = raw.counting(recipe.counts)
    texts = [as_text(c, recipe.dtype(c)).alias(str(n)) for n, c in enumerate(columns)]
    return rows.select(texts).head(SAMPLED).collect(engine="streaming").iter_rows()


def _counted(rows: pl.LazyFrame, recipe: Recipe, keys: Sequence[str], formula: Formula) -> _Orders:
    """What the orders of some rows say."""
    if recipe.counts is not None:
        rows = rows.filter(recipe.counts)
    texts = {f"key {n}": as_text(key, recipe.dtype(key)) for n, key in enumerate(keys)}
    amount = computed(formula, recipe, holds)
    if formula != recipe.formula("amount"):
        amount = amount.fill_null(0)  # as it is in a sum
    worth = worth_of_line(recipe)
    is_own = pl.lit(value=False) if worth is None else (worth == amount).fill_null(value=False)
    lines = rows.select(FILE, **texts, amount=amount, is_own=is_own)
    named = pl.all_horizontal(pl.col(*texts).str.strip_chars() != "")
    several = (
        lines.filter(named)
        .group_by(FILE, *texts)
        .agg(
            lines=pl.len(),
            held=pl.col("amount").count(),
            filled=(pl.col("amount") != 0).sum(),
            least=pl.col("amount").min(),
            most=pl.col("amount").max(),
            are_own=pl.col("is_own").all(),
        )
        .filter(pl.col("lines") > 1)
    )
    is_on_all = (pl.col("held") == pl.col("lines")) & ~pl.col("are_own")
    is_same = is_on_all & (pl.col("least") == pl.col("most"))
    is_once = pl.col("held") == 1
    found = several.select(
        several=pl.len(),
        once=is_once.sum(),
        beside_zero=((pl.col("filled") == 1) & ~is_once).sum(),
        same=is_same.sum(),
        same_above_zero=(is_same & (pl.col("least") != 0)).sum(),
        amounts=pl.col("least").filter(is_same).n_unique(),
    )
    row = found.collect(engine="streaming").row(0, named=True)
    is_called = isinstance(formula, Cell) and says_order(formula.column)
    return _Orders(**row, says_order=is_called)


def _notice(found: AmountOfOrders, orders: _Orders, paste: str) -> Notice:
    recipe, is_guessed = found.recipe, found.is_guessed
    name = recipe.source("amount") if is_guessed else written(found.source.columns["amount"])
    what = f"{name} stands on one row only, such as the first row, of each of the {orders.several:,} orders of several rows"
    if orders.is_same:
        others = orders.several - orders.same
        rest = f"; of {others:,} more it stands on one row only" if others else ""
        each = "" if orders.same == 1 else "each of "
        which = f"{each}{'' if others else 'the '}{counted(orders.same, 'order')}"
        what = f"{name} is the same on all rows of {which} of several rows{rest}"
    if found.is_joined:
        [order] = recipe.columns.canonical["order_id"]
        what = f"{name} is joined by {order}, and stands on all rows of {counted(orders.several, 'order')} of several rows"
    own: dict[str, object] = {} if recipe.has("order_id") else {"order_id": A_COLUMN}
    own |= {"amount": {"per_order": name}}
    own |= {n: written(spec) for n, spec in found.columns.items() if n in own}
    entry = ", ".join(f"{n}: {v if v == A_COLUMN else flow(v)}" for n, v in own.items())
    mend = f"If it is the amount of the whole order, write under sources: columns: {{{entry}}}"
    door = f". If each row has its own: columns: {flow({'amount': name})}." if is_guessed else "."
    level: Level = "error" if found.is_stop else "warn"
    return notice("amount-per-order", what, where=found.path, mend=mend + door + paste, level=level)


def _part_of_orders(column: str, source: Source, path: str) -> Notice:
    """That one part of a formula is that of the order, and would count on each of its rows."""
    declared = written(source.columns["amount"])
    left = re.sub(
        rf"^{re.escape(column)} \+ | [+-] {re.escape(column)}(?= [+-] |$)", "", str(declared)
    )
    what = f"{column} is the same on all rows of orders of several rows, and amount: {declared} counts it on each row"
    without = f": columns: {flow({'amount': left})}" if left != declared else ""
    mend = (
        f"If it stands for the whole order, leave it out{without}; or count the order's own total by "
        "{per_order: COLUMN}."
    )
    return notice("amount-per-order", what, where=path, mend=mend, level="warn")
