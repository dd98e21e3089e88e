"""Amounts that were guessed and are not what was paid: before refunds that stand beside them, or prices of
whole lines that would be multiplied once more.

Nothing is read otherwise by it: the run stops, and says what to write. A declared amount is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.checks.stops import Input, Stop, below_zero, made_of
from segmentation.messages.errors import counted
from segmentation.rules.column_specs import PerOrder, written
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.amounts import NOTHING, Told, amount_told, is_of_orders
from segmentation.sources.columns.formulas import Cell, taken_off
from segmentation.sources.columns.taken_off import tells_refunds
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion


def amounts(one: Input) -> Iterator[Stop]:
    """A stop where the files tell another amount than was guessed; nothing is said where it is as guessed."""
    told = amount_of(one.tally) if any(map(_may_tell, one.tally.parts)) else NOTHING
    read = " * ".join(made_of(one.tally.parts[0].recipe)) if told.columns else ""
    if read and told.columns["amount"] != PerOrder(read):
        yield _stop(told, read, one.tally.path)


def amount_of(tally: Tally) -> Told:
    """What the first of its files that tells anything tells of an amount that was guessed."""
    return next((told for part in tally.parts if (told := _told(part)) != NOTHING), NOTHING)


def _told(part: Portion) -> Told:
    recipe = part.recipe
    if recipe.columns.per_order or recipe.columns.formulas:
        return NOTHING
    guessed = recipe.columns.guessed
    known = {name: found[0] for name, found in recipe.columns.canonical.items() if found}
    if not (
        "amount" in guessed or ("amount" not in known and {"quantity", "unit_price"} & guessed)
    ):
        return NOTHING
    names = [n for n, t in part.raw.schema.items() if can_be(t, "compared")]
    return amount_told(known, part.raw, names, recipe.counts)


def _may_tell(part: Portion) -> bool:
    """Whether its header gives reason to look into the rows."""
    found = part.recipe.columns.canonical.get("amount")
    return not found or any(tells_refunds(name, found[0]) for name in part.raw.schema)


def refunds_of_orders(one: Input) -> Iterator[Stop]:
    """A stop where refunds are joined by the order, and the amount was guessed to be that of lines."""
    for part in one.tally.parts:
        recipe = part.recipe
        if not recipe.has("amount") or "amount" not in recipe.columns.guessed:
            continue
        name = recipe.source("amount")
        for column in part.raw.schema if not is_of_its_order(name, part) else ():
            if tells_refunds(column, name) and is_of_its_order(column, part):
                yield _of_order(one, part, name, column)
                return


def is_of_its_order(column: str, part: Portion) -> bool:
    """Whether a column of some files is joined by their order alone."""
    [*order] = part.recipe.columns.canonical.get("order_id", ())
    return is_of_orders(column, part.raw, order[0] if order else None)


def _of_order(one: Input, part: Portion, name: str, column: str) -> Stop:
    order = part.recipe.source("order_id")
    [partner] = (p for p in part.raw.partners if column in p.columns)
    what = f"{column} is joined by {order}: it was paid back of the whole order, and {name} is the amount of a line"
    refunds = {"path": partner.shown, "columns": {"amount": f"-{column}"}}
    amount = flow({"columns": {"amount": name}})[1:-1]
    mend = (
        f"Declare {amount}, and take refunds off as a source of their own beside it: {flow(refunds)}. "
        f"If {column} is none: {amount}."
    )
    return Stop("doubted-amount", what, one.tally.path, mend)


def _stop(told: Told, read: str, path: str) -> Stop:
    columns = {name: written(spec) for name, spec in told.columns.items()}
    what = f"{read} was guessed to be the amount, and the file tells another: {told.remarks[0]}"
    mend = (
        f"Write under sources: {flow({'columns': columns})[1:-1]}. "
        f"If it is {read}, declare that: {flow({'columns': {'amount': read}})[1:-1]}."
    )
    return Stop("doubted-amount", what, path, mend, maps=told.columns)


# -- refunds that are below zero already ---------------------------------------------------------


def taken_off_twice(one: Input) -> Iterator[Stop]:
    """A stop where refunds are taken off that are below zero already: so they are added."""
    for part in one.tally.parts:
        if part.recipe.has("amount"):
            for column in filter(tells_refunds, taken_off(part.recipe.formula("amount"))):
                rows = below_zero(part, Cell(column))
                if rows:
                    yield _added(one, column, rows)
                    return


def _added(one: Input, column: str, rows: int) -> Stop:
    amount = written(one.source.columns["amount"])
    formula = str(amount["per_order"] if isinstance(amount, dict) else amount)
    added = formula.replace(f"- {column}", f"+ {column}")
    spec = {"per_order": added} if isinstance(amount, dict) else added
    what = f"{column} is taken off the amount, and is below zero in {counted(rows, 'row')}: there it is added"
    mend = f"If it is written as what is taken off: columns: {flow({'amount': spec})}."
    return Stop("doubted-amount", what, one.tally.path, mend)
