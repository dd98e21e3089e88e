"""Amounts that were guessed and are not what was paid: before refunds that stand beside them, or prices of
whole lines that would be multiplied once more.

Nothing is read otherwise by it: the run stops, and says what to write. A declared amount is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.checks.stops import Input, Stop, below_zero, made_of
from segmentation.messages.errors import counted
from segmentation.rules.column_specs import ColumnSpec, PerOrder, written
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.amounts import NOTHING, Told, amount_told, is_of_orders
from segmentation.sources.columns.amounts_by_currency import ByCurrency, by_currency
from segmentation.sources.columns.before_fees import tells_fee
from segmentation.sources.columns.better_amounts import may_be_cents
from segmentation.sources.columns.candidates import pieces_among
from segmentation.sources.columns.contents import Content, contents_of
from segmentation.sources.columns.formulas import Cell, taken_off
from segmentation.sources.columns.money_words import says_one_piece, tells_discount
from segmentation.sources.columns.prices import pieces_beside
from segmentation.sources.columns.sums_beside import may_hold_tax
from segmentation.sources.columns.taken_off import tells_refunds, tells_returned_pieces
from segmentation.sources.settings import A_COLUMN
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Portion


def amounts(one: Input) -> Iterator[Stop]:
    """A stop where the files tell another amount than was guessed; nothing is said where it is as guessed."""
    told = amount_of(one.tally) if any(map(_may_tell, one.tally.parts)) else NOTHING
    read = " * ".join(made_of(one.tally.parts[0].recipe)) if told != NOTHING else ""
    if told.is_open:
        yield _open(told, read, one.tally.path)
    elif told.columns and told.columns["amount"] != PerOrder(read):
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
    names = [n for n, t in part.raw.readable.items() if can_be(t, "compared")]
    return amount_told(known, part.raw, names, recipe.counts)


def _may_tell(part: Portion) -> bool:
    """Whether its header, or an amount without decimals, gives reason to look into the rows."""
    found = part.recipe.columns.canonical.get("amount")
    if not found or may_be_cents(part.raw.sample.get(found[0], ()), part.raw.schema[found[0]]):
        return True
    if may_hold_tax(found[0], part.raw.schema):
        return True
    return any(
        tells_refunds(name, found[0])
        or tells_returned_pieces(name)
        or tells_discount(name)
        or tells_fee(name)
        for name in part.raw.schema
    )


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


def _open(told: Told, read: str, path: str) -> Stop:
    what = f"{read} was guessed to be the amount, and the file doubts it: {told.remarks[0]}"
    as_read = flow({"columns": {"amount": read}})[1:-1]
    mend = f"Declare the amount without them under columns. If {read} is without them: {as_read}."
    if told.per_order:
        back = flow({"columns": {"amount": {"per_order": told.per_order}}})[1:-1]
        mend = (
            "No column is what the orders came to: this file alone cannot tell the amount without them. Export that, too; or save "
            f"a copy of the file as a source of its own, with {back}, beside this one with {as_read}. "
            f"If {read} is without them, that alone: {as_read}."
        )
    if told.columns:
        less = flow({"columns": {name: written(spec) for name, spec in told.columns.items()}})[1:-1]
        mend = f"Declare the amount. If rows below zero are all that was paid back: {as_read}. Else: {less}."
    return Stop("doubted-amount", what, path, mend, is_of_file=bool(told.per_order))


# -- prices of one piece -------------------------------------------------------------------------


def prices_of_pieces(one: Input) -> Iterator[Stop]:
    """A stop where a price was guessed to be the amount of a row: that of one piece by its name, or beside a quantity."""
    for part in one.tally.parts:
        recipe = part.recipe
        if "amount" not in recipe.columns.guessed:
            continue
        taken = {c for found in recipe.columns.canonical.values() for c in found}
        free = contents_of(part.raw, [n for n in part.raw.schema if n not in taken])
        price = recipe.source("amount")
        if says_one_piece(price):
            yield _of_one_piece(price, pieces_among(free.values()), one)
            return
        pieces = pieces_beside(price, free.values())
        if pieces is not None:
            yield _beside_pieces(price, pieces.name, one)
            return


def _beside_pieces(price: str, pieces: str, one: Input) -> Stop:
    what = f"{price} was guessed to be the amount, and {pieces} stands beside it: it may be that of one piece"
    maps: dict[str, ColumnSpec] = {"amount": f"{pieces} * {price}"}
    as_read = flow({"columns": {"amount": price}})[1:-1]
    mend = f"If it is: {flow({'columns': maps})[1:-1]}. If it is that of the row: {as_read}."
    return Stop("doubted-amount", what, one.tally.path, mend, maps=maps)


def _of_one_piece(price: str, pieces: Content | None, one: Input) -> Stop:
    what = f"{price} was guessed to be the amount, and is the price of one piece by its name"
    as_read = flow({"columns": {"amount": price}})[1:-1]
    door = f"If each row is one piece: {as_read}."
    if pieces is None:
        mend = f"Which column says how many? columns: {flow({'quantity': A_COLUMN})}. {door}"
        return Stop("doubted-amount", what, one.tally.path, mend)
    maps: dict[str, ColumnSpec] = {"amount": f"{pieces.name} * {price}"}
    mend = f"Write under sources: {flow({'columns': maps})[1:-1]}. {door}"
    return Stop("doubted-amount", what, one.tally.path, mend, maps=maps)


# -- amounts in other columns --------------------------------------------------------------------


def amounts_by_currency(one: Input) -> Iterator[Stop]:
    """A stop where a guessed amount holds nothing in rows of which a column of another currency holds it."""
    for part in one.tally.parts:
        recipe = part.recipe
        if "amount" in recipe.columns.guessed:
            name = recipe.source("amount")
            several = by_currency(name, part.raw, part.raw.schema)
            if several is not None:
                yield _several(several, name, one)
                return


def _several(several: ByCurrency, name: str, one: Input) -> Stop:
    ways = [flow({"columns": {"amount": way}})[1:-1] for way in (several.formula, name)]
    mend = f"Write under sources: {ways[0]}. To count one currency alone: {ways[1]}."
    return Stop("doubted-amount", several.what, one.tally.path, mend)


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
