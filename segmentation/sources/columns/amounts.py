"""What the amount is where nobody declares it: that of a line or of its order, before or after refunds.

What stands beside a guessed amount says it: a column of refunds that are not taken off, orders of
which only the first row has it, a price that grows with the quantity. It is written for a person to
read, and nothing is read by it before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.rules.column_specs import ColumnSpec, PerOrder
from segmentation.sources.columns.before_fees import before_fees
from segmentation.sources.columns.better_amounts import (
    Better,
    after_discounts,
    in_whole_units,
)
from segmentation.sources.columns.candidates import (
    are_products,
    is_price_of,
    order_told_by,
    repeats_on_lines,
)
from segmentation.sources.columns.contents import BELOW, Content, contents_of
from segmentation.sources.columns.order_refunds import OrderRefund, order_refund
from segmentation.sources.columns.pieces_back import PiecesBack, pieces_back, product_of
from segmentation.sources.columns.sums_beside import is_less_already, may_hold_tax, with_tax
from segmentation.sources.columns.taken_off import (
    in_units,
    may_be_counted,
    may_be_flag,
    tells_refunds,
)
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text

_MADE_OF: Final = ("quantity", "unit_price")
_SAME: Final = 0.01  # as two prices of a product are, one of which was rounded
#: numbers that say yes and no; databases of offices write -1 for yes
_FLAG: Final = r"^\s*([01]([.]0)?|-1)\s*$"
_MOST_COUNTED: Final = 9  # pieces of an order that came back
_FEW: Final = 20  # products whose price says it, for each that says the contrary


@dataclass(frozen=True)
class Told:
    """What to write under `columns` so that money counts as the file tells it, and why.

    `is_open`: the file tells that the amount may be another; `columns` are then what it is if it is another.
    """

    columns: Mapping[str, ColumnSpec]
    remarks: tuple[str, ...] = ()
    is_open: bool = False
    per_order: str = ""
    """What is taken off orders, where no column is what these came to: no rules can say it of this file."""


NOTHING: Final = Told({})


def amount_told(
    known: Mapping[str, str], raw: RawTable, names: Sequence[str], counts: pl.Expr | None = None
) -> Told:
    """What a file tells of its amount. `known` are its columns by canonical name, none of them declared.

    `counts` says which rows count.
    """
    line = price_of_lines(known, raw, counts)
    name = known.get("amount", line)
    made = (name,) if name is not None else tuple(known[n] for n in _MADE_OF if n in known)
    if not made or (name is None and len(made) < len(_MADE_OF)):
        return NOTHING
    seen = (made, known, raw, names, counts)
    better = after_discounts(*seen) or before_fees(*seen) or _taxed(made, raw, names, counts)
    if better is not None:
        name, made, line = better.formula, (better.formula,), None
    free = [n for n in names if n not in {*known.values(), *made}]
    named = _named_refunds(made, raw, free, counts)
    refund = _refund(made, raw, named, free, counts)
    if named and any(_has_negative(raw, one, raw.counting(counts)) for one in made):
        both = None if refund is None else _stands_twice(refund, made, raw, counts)
        if both is not None:
            return both
        named, refund = [], None  # refunds are rows of their own
    is_joined = name is not None and is_of_orders(name, raw, known.get("order_id"))
    first = None if name is None or is_joined else _order(name, known, raw, names)
    every = None if name is None or is_joined or first else _repeating(name, known, raw, names)
    order = known["order_id"] if is_joined else first or every
    read = " * ".join(made)
    if (
        refund is not None
        and order is None
        and is_of_orders(refund.name, raw, known.get("order_id"))
    ):
        what = f"{refund.name} was paid back of whole orders, and {read} is the amount of a line: it is not taken off"
        return Told({}, (what,))
    of_order = known.get("order_id", "")
    if named and order is None and of_order in raw.schema:
        rows = raw.counting(counts)
        whole = order_refund(made, named, of_order, raw=raw, free=free, rows=rows)
        if whole is not None and whole.repeats and not whole.repeats_too:
            return _of_whole_orders(whole, read, of_order)
        if whole is not None:
            refund, every = whole.refund, of_order if whole.repeats_too else None
            order = every
    back = None if refund else pieces_back(made, known, raw, free, counts)
    if back is not None:
        return _less_pieces(back, order, known)
    formula = read if refund is None else f"{read} {_sign(refund)} {refund.name}"
    cents = in_whole_units(made, raw, free, counts)
    formula = formula if cents is None else in_units(formula)
    is_told = any((refund, order, line, better, cents))
    columns: dict[str, ColumnSpec] = {"amount": formula if order is None else PerOrder(formula)}
    if order is not None and "order_id" not in known:
        columns["order_id"] = order
    stands = "is joined by {}" if is_joined else "stands on the first row of each {} only"
    stands = "is the same on all rows of each {}" if every else stands
    why = [one.why for one in (better, cents) if one is not None]
    said = _remarks(read, known, line, refund, order and stands.format(order))
    return Told(columns, (*why, *said)) if is_told else NOTHING


def _taxed(
    made: Sequence[str], raw: RawTable, names: Sequence[str], counts: pl.Expr | None
) -> Better | None:
    """The column of what was paid, where the amount is called net and that is it with its tax in every row."""
    if len(made) > 1 or made[0] not in raw.schema or not may_hold_tax(made[0], names):
        return None
    contents = contents_of(raw, names, raw.counting(counts))
    net = contents.get(made[0])
    found = None if net is None else with_tax(net, contents.values())
    return None if found is None else Better(*found)


def _of_whole_orders(whole: OrderRefund, read: str, order: str) -> Told:
    """The total of orders without what was paid back of them; where no column is that, nothing tells the amount."""
    name = whole.refund.name
    what = (
        f"{name} is the same on all rows of each {order}: it was paid back of the whole order, and {read} is the amount "
        "of a line"
    )
    if not whole.total:
        sign = "" if _sign(whole.refund) == "+" else "-"
        return Told({}, (what,), is_open=True, per_order=f"{sign}{name}")
    formula = f"{whole.total} {_sign(whole.refund)} {name}"
    return Told({"amount": PerOrder(formula)}, (what,))


def _less_pieces(back: PiecesBack, order: str | None, known: Mapping[str, str]) -> Told:
    """The amount without the pieces that came back; of whole orders nothing tells it."""
    what = f"{back.column} holds how many pieces came back, and {back.read} is that of all of them"
    if order is None and back.formula:
        return Told({"amount": back.formula}, (what,))
    return Told({}, (what,), is_open=True)


def is_of_orders(column: str, raw: RawTable, order: str | None) -> bool:
    """Whether a column is joined by the order alone: it says something of the order, and on all of its lines."""
    return any(column in one.columns and one.key == (order,) for one in raw.partners)


def _remarks(
    read: str,
    known: Mapping[str, str],
    line: str | None,
    refund: Content | None,
    stands: str | None,
) -> Iterator[str]:
    if line is not None:
        yield f"{line} grows with {known['quantity']}: it is that of the line, not of one piece"
    if refund is not None:
        yield f"{refund.name} holds what was paid back of {read}, which is no spend"
    if stands is not None:
        yield f"{read} {stands}: it counts once per order"


# -- refunds --------------------------------------------------------------------------------------


def _named_refunds(
    made: Sequence[str], raw: RawTable, free: Sequence[str], counts: pl.Expr | None
) -> Sequence[str]:
    """The columns that are called by refunds; none where some amounts are negative: refunds are rows of their own then.

    What only says whether something was paid back is a state of the row, and no money.
    """
    if not {*made} <= raw.schema.keys():  # a formula
        return []
    rows = raw.counting(counts)
    own = made[0] if len(made) == 1 else ""
    named = [one for one in free if one in raw.schema and tells_refunds(one, own)]
    flags = {one for one in named if may_be_flag(one) and _holds_flags(raw, one, rows)}
    if flags and not _holds_flags(raw, made[-1], rows):
        named = [one for one in named if one not in flags]
    return named


def _refund(
    made: Sequence[str],
    raw: RawTable,
    named: Sequence[str],
    free: Sequence[str],
    counts: pl.Expr | None,
) -> Content | None:
    """The column of refunds of which some are to be taken off an amount; None without such, or where they are already."""
    if not named:
        return None
    is_refund = [as_text(one, raw.schema[one]).str.contains("[1-9]") for one in named]
    rows = raw.counting(counts).filter(pl.any_horizontal(is_refund))
    contents = contents_of(raw, [*made, *free], rows)
    if not {*made} <= contents.keys():
        return None
    worth = product_of([contents[one] for one in made])
    words = {word for one in made for word in contents[one].words}
    found = (one for n, one in contents.items() if n in named and _is_part(one, worth))
    refund = min(found, key=lambda one: len({*one.words} - words), default=None)
    if refund is None or len(made) > 1:
        return refund
    return None if is_less_already(contents[made[0]], refund, contents.values()) else refund


def _stands_twice(
    refund: Content, made: Sequence[str], raw: RawTable, counts: pl.Expr | None
) -> Told | None:
    """The doubt whether refunds beside amounts are those of the amounts below zero; None where all of them are."""
    worth = contents_of(raw, made, raw.counting(counts))
    below = Counter(-w for w in product_of([worth[one] for one in made]) if w is not None and w < 0)
    beside = Counter(abs(r) for r in refund.numbers if r)
    if beside <= below:
        return None
    read = " * ".join(made)
    what = f"{refund.name} holds what was paid back, and {read} is below zero in some rows: it may be that as well, or more of it"
    return Told({"amount": f"{read} {_sign(refund)} {refund.name}"}, (what,), is_open=True)


def _holds_flags(raw: RawTable, name: str, rows: pl.LazyFrame) -> bool:
    """Whether a column has no other numbers than those that say yes and no."""
    text = as_text(name, raw.schema[name])
    is_more = text.str.contains(r"\d") & ~text.str.contains(_FLAG)
    return rows.select(is_more.any()).collect(engine="streaming").item() is not True


def _has_negative(raw: RawTable, name: str, rows: pl.LazyFrame) -> bool:
    text = as_text(name, raw.schema[name])
    return rows.select(text.str.contains(BELOW).any()).collect(engine="streaming").item() is True


def _is_part(one: Content, worth: Sequence[float | None]) -> bool:
    """Whether a column holds sums of one sign, none of them larger than the amount beside it."""
    if not one.holds_numbers:
        return False
    pairs = [(r, w) for r, w in zip(one.numbers, worth, strict=True) if r]
    if may_be_counted(one.name) and not _is_money(one, pairs):
        return False
    is_within = all(abs(r) <= w for r, w in pairs if w is not None)
    return bool(pairs) and is_within and len({r > 0 for r, _ in pairs}) == 1


def _is_money(one: Content, pairs: Sequence[tuple[float, float | None]]) -> bool:
    """Whether numbers are no counts: they have decimals, are many, or are the whole amount."""
    are_many = any(abs(r) > _MOST_COUNTED or (w is not None and abs(r) == w > 1) for r, w in pairs)
    return one.kind == "decimal" or are_many


def _sign(refund: Content) -> str:
    return "+" if any(number < 0 for number in refund.numbers if number) else "-"


# -- orders ---------------------------------------------------------------------------------------


def _order(name: str, known: Mapping[str, str], raw: RawTable, names: Sequence[str]) -> str | None:
    """The column that tells the orders of which the amount stands on the first row only."""
    others = {column for canonical, column in known.items() if canonical != "order_id"} - {name}
    contents = contents_of(raw, [one for one in names if one not in others])
    if name not in contents:
        return None
    found = order_told_by(contents[name], list(contents.values()))
    return None if found is None else known.get("order_id", found.name)


def _repeating(
    name: str, known: Mapping[str, str], raw: RawTable, names: Sequence[str]
) -> str | None:
    """The column of orders on all rows of which the amount is the same, if it is not that of each line."""
    order = known.get("order_id")
    if order is None:
        return None
    contents = contents_of(raw, names)
    worth, orders = contents.get(name), contents.get(order)
    if worth is None or orders is None or not repeats_on_lines(worth, orders):
        return None
    made = [contents[known[n]] for n in _MADE_OF if known.get(n) in contents]
    is_product = len(made) == len(_MADE_OF) and is_price_of(made[1], made[0], worth)
    return None if is_product or are_products(worth, tuple(contents.values())) else order


# -- prices ---------------------------------------------------------------------------------------


def price_of_lines(
    known: Mapping[str, str], raw: RawTable, counts: pl.Expr | None = None
) -> str | None:
    """The column of prices that are those of whole lines; None where they are of pieces, or nothing tells.

    Products that were sold in several quantities tell: either their price stays, or it grows with
    the quantity.
    """
    needed = ("quantity", "unit_price", "product_id")
    if "amount" in known or not {*needed} <= known.keys():
        return None
    columns = [known[name] for name in needed]
    contents = contents_of(raw, columns, raw.counting(counts))
    if not {*columns} <= contents.keys():
        return None
    told = list(_told_by_products(*(contents[column] for column in columns)))
    of_lines = sum(told)
    return columns[1] if of_lines > _FEW * (len(told) - of_lines) else None


def _told_by_products(quantity: Content, price: Content, product: Content) -> Iterator[bool]:
    """For each product that tells, whether its price is that of the line."""
    sold: dict[str, set[tuple[float, float]]] = defaultdict(set)
    for pieces, worth, what in zip(quantity.numbers, price.numbers, product.cells, strict=True):
        if what and pieces and worth and pieces > 0 and worth > 0:
            sold[what].add((pieces, worth))
    for found in sold.values():
        if len({pieces for pieces, _ in found}) > 1:
            is_of_line = _are_same([worth / pieces for pieces, worth in found])
            if is_of_line != _are_same([worth for _, worth in found]):
                yield is_of_line


def _are_same(numbers: Collection[float]) -> bool:
    return max(numbers) - min(numbers) <= _SAME * max(numbers)
