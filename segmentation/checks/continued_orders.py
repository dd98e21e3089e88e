"""Orders that go on below their first row, which alone names the customer: the other rows would be lost.

Systems that print an order (Odoo), merged cells and pivots leave blank what does not change. A row
without a customer may be a guest's as well, so it is looked for what no guest has: another row of
its order that names one customer, or neither an order nor a day of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from segmentation.checks.bare_rows import BARE, BLANK, ORDER, WORDS
from segmentation.checks.continued_told import Continued, told
from segmentation.checks.customers_above import Whose, is_most, whose
from segmentation.checks.filling import (
    NEEDED,
    PLACES,
    Filling,
    Looked,
    Places,
    best_filling,
    goods_of,
    is_of_order,
    looked_at,
)
from segmentation.messages.notices import Notice
from segmentation.rules.sources import Source
from segmentation.sources import Tally
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.mapping import columns_of
from segmentation.sources.columns.reasons import CODE, SET_ASIDE, Reason
from segmentation.sources.columns.total_words import speaks_of_totals
from segmentation.sources.columns.ways import of_init_of
from segmentation.sources.reader import FILE, RECORD
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import InputCount, Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def orders_going_on(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of transactions in which rows of orders have no customer, and the order has one."""
    for found, tally in run.continued:
        yield told(found, tally, of_init_of(run.rules.sources))


def continued_in(
    inputs: Sequence[tuple[Source, Tally, InputCount]], proposed: Collection[str]
) -> list[tuple[Continued, Tally]]:
    """Those of some inputs in which rows go on an order above them; `proposed` as below."""
    each = (
        (continued(source, tally, proposed, is_first=number == 0), tally)
        for number, (source, tally, count) in enumerate(inputs)
        if count.is_small and _may_go_on(count, tally)
    )
    return [(found, tally) for found, tally in each if found is not None]


def _may_go_on(count: InputCount, tally: Tally) -> bool:
    """Whether rows lack a customer, or `where` left out what lacks one and leaves blank what `where` asks."""
    return SET_ASIDE[Reason.NO_ID] in count.rows_set_aside or any(map(_is_seen_blank, tally.parts))


def _is_seen_blank(part: Portion) -> bool:
    """Whether a row of the sample leaves blank the customer, and a column that chooses."""
    sample = part.raw.sample
    customers = part.recipe.columns.canonical.get("customer_id", ())[:1]
    return any(
        not any((cell or "").strip() for cell in cells)
        for customer in customers
        for column in part.recipe.choosing - {customer}
        for cells in zip(sample.get(customer, ()), sample.get(column, ()), strict=False)
    )


def continued(
    source: Source, tally: Tally, proposed: Collection[str] = (), *, is_first: bool = True
) -> Continued | None:
    """The rows of an input that go on an order above them; None where there are none.

    `proposed` are columns by which rows are about to be chosen: they are filled where they are blank there.
    `is_first` is whether no other input of sales stands before it, of which an order may go on at its beginning.
    """
    every = (
        _of_part(source, part, proposed, is_first=is_first and number == 0)
        for number, part in enumerate(tally.parts)
    )
    found = [one for one in every if one is not None]
    if not found:
        return None
    within = [one for one in found if one.rows > one.rows_begun]
    names = max((one.columns for one in within), key=len, default=())
    is_tried = all(one.columns for one in within)
    return Continued(
        sum(one.rows for one in found),
        sum(one.worth for one in found),
        names if is_tried else (),
        next((one.totals for one in found if one.totals), {}),
        sum(one.rows_begun for one in found),
        tuple(file for one in found for file in one.begun),
        next((one.customer for one in found), ""),
        above=next((one.above for one in found if one.above), ()),
        is_of_above=any(one.is_of_above for one in found),
    )


def _of_part(
    source: Source, part: Portion, proposed: Collection[str], *, is_first: bool
) -> Continued | None:
    places = _file_columns(source, part)
    if not places.get("customer_id"):
        return None
    chosen = {c for c in (*part.recipe.choosing, *proposed) if c in part.raw.schema}
    asked = sorted(chosen - {c for one in places.values() for c in one})
    looked = Looked(part, places, looked_at(part.raw, part, places, asked))
    of_whom = whose([*part.raw.schema], places, looked.rows)
    found = _read_as(source, looked, asked, of_whom, is_first=is_first)
    if of_whom != "either":
        return found
    above = _read_as(source, looked, asked, "above", is_first=is_first)
    if above is None or not above.columns:
        return found
    if found is not None:
        return replace(found, above=above.columns)
    sales = looked.rows.filter(_is_used() | (pl.col(CODE) == Reason.NO_ID))
    is_asked = is_most(above.worth, sales)
    return replace(above, columns=(), above=above.columns) if is_asked else None


def _read_as(
    source: Source, looked: Looked, asked: Sequence[str], of_whom: Whose, *, is_first: bool
) -> Continued | None:
    """The rows that go on an order, or on a customer who stands above several."""
    part, rows = looked.part, looked.rows
    is_named = _is_used() | _is_head_left_out(rows, part, asked)
    is_going_on = _goes_on(rows, part, asked, is_named, is_first=is_first)
    is_needed = _of_somebody(rows, pl.col(CODE) == Reason.NO_ID, is_named, is_first=is_first)
    if of_whom == "above":
        is_below = _is_below_customer(rows)
        is_going_on, is_needed = is_going_on | is_below, is_needed | is_below
    rows = rows.with_columns(is_needed.alias(NEEDED))
    is_begun = is_going_on & _begins_file(rows, is_first=is_first)
    begun, going_on = rows.filter(is_begun), rows.filter(is_going_on & ~is_begun)
    filling = _filled(source, replace(looked, rows=rows), asked, going_on)
    if (
        filling is not None
    ):  # what `where` leaves out goes on an order only if it counts once it is filled
        gained = pl.col(RECORD).is_in(pl.Series([*filling.gained], dtype=pl.UInt32).implode())
        going_on = going_on.filter(pl.col(NEEDED) | gained)
    begun = begun.filter(NEEDED)
    if going_on.is_empty() and begun.is_empty():
        return None
    files = tuple(part.raw.shown()[file] for file in begun[FILE].unique().sort())
    every = pl.concat([going_on, begun])
    going = Continued(
        every.height,
        int(every["amount"].sum()),
        (),
        {},
        begun.height,
        files,
        looked.places["customer_id"][0],
        is_of_above=of_whom == "above",
    )
    return going if filling is None else _tried(going, filling, source, part, {*going_on[RECORD]})


def _is_below_customer(rows: pl.DataFrame) -> pl.Series:
    """Which rows have money and no customer, and name an order, a day or goods below a customer of their file.

    Those of an order that `where` leaves out are not among them.
    """
    names_order = pl.col(ORDER).is_not_null()
    is_bare = pl.col(BARE)
    has_money = (pl.col("amount") != 0).fill_null(value=False)
    is_blank = pl.col(BLANK.format("customer_id"))
    is_below = (~is_blank).cum_max().over(FILE, order_by=RECORD)
    of_order = pl.col(CODE).first().over(FILE, ORDER, order_by=RECORD)
    first = pl.when(names_order).then(of_order).when(~is_bare).then(pl.col(CODE))
    is_chosen = first.forward_fill().over(FILE, order_by=RECORD) < Reason.NOT_CHOSEN
    is_lost = (pl.col(CODE) == Reason.NO_ID) & is_chosen & (~is_bare | pl.col(WORDS))
    return rows.select(is_lost & is_blank & is_below & has_money).to_series()


def _filled(
    source: Source, looked: Looked, asked: Sequence[str], going_on: pl.DataFrame
) -> Filling | None:
    """The best of what can be filled down; None where no row goes on one that its file has above it."""
    if going_on.is_empty():
        return None
    used = [n for n in PLACES if n == "order_id" or going_on[BLANK.format(n)].any()]
    groups = [tuple(looked.places[name]) for name in used if looked.places[name]]
    declared = [c for c in source.fill_down if c in looked.part.raw.schema]
    groups += [(c,) for c in declared if not any(c in group for group in groups)]
    of_orders = [c for c in asked if c not in goods_of(looked.part.recipe)]
    behind = [c for c in of_orders if _is_blank_below(c, looked.rows)]
    return best_filling(looked, groups, behind, going_on)


def _is_blank_below(column: str, rows: pl.DataFrame) -> bool:
    """Whether rows below the first of an order leave a column blank that says something of orders."""
    is_first = pl.col(ORDER).is_first_distinct().over(FILE)
    begins = pl.when(pl.col(ORDER).is_not_null()).then(is_first).otherwise(~pl.col(BARE))
    blank = BLANK.format("\0" + column)
    return is_of_order(column, rows.filter(~begins)[blank], rows.filter(begins)[blank])


def _tried(
    going: Continued, filling: Filling, source: Source, part: Portion, wanted: set[int]
) -> Continued:
    """With what fills these rows, where it gives a customer to no others but rows of totals."""
    others = filling.gained - wanted
    totals = _totals_in(part, others) if others else {}
    is_free = not {*totals} & {*columns_of(source.where)}
    if not filling.gained >= wanted or (others and not (totals and is_free)):
        return going
    return replace(going, columns=filling.columns, totals=totals)


def _file_columns(source: Source, part: Portion) -> Places:
    """The file's own columns that tell the order, the customer and the day of a row."""
    made = {n: spec for n, spec in source.columns.items() if isinstance(spec, tuple)}
    known = {**part.recipe.columns.canonical, **made}
    joined = {column for partner in part.recipe.partners for column in partner.columns}
    own = part.raw.schema.keys() - joined
    return {n: tuple(c for c in known.get(n, ()) if c in own) for n in PLACES}


def _goes_on(
    rows: pl.DataFrame,
    part: Portion,
    asked: Sequence[str],
    is_named: pl.Expr,
    *,
    is_first: bool,
) -> pl.Series:
    """Which rows have money and no customer, and belong to a row above them that has one.

    Those that `where` left out are among them where they leave blank what it asks, and those of an order
    whose day may stand above it: they count only once columns are filled.
    """
    is_lost = (pl.col(CODE) == Reason.NO_ID) | _is_left_out(part, asked)
    lacks_day = (pl.col(CODE) == Reason.MOMENT) & pl.col(BLANK.format("ordered_at"))
    return _of_somebody(rows, is_lost, is_named | lacks_day, is_first=is_first)


def _is_head_left_out(rows: pl.DataFrame, part: Portion, asked: Sequence[str]) -> pl.Expr:
    """Whether a row with a customer is left out for what it says of a line: those below it are not left out by that."""
    is_of_lines = bool(asked) and {*asked} >= part.recipe.choosing
    of_orders = {*asked} - {*goods_of(part.recipe)}
    if not is_of_lines or any(_is_blank_below(column, rows) for column in of_orders):
        return pl.lit(value=False)
    return (pl.col(CODE) >= Reason.NOT_CHOSEN) & ~pl.col(BLANK.format("customer_id"))


def _of_somebody(
    rows: pl.DataFrame, is_lost: pl.Expr, is_named: pl.Expr, *, is_first: bool
) -> pl.Series:
    """Which rows without a customer are of an order that another row names one for, or stand bare below such a row."""
    named = rows.filter(is_named).group_by(ORDER).agg(pl.col("customer_id").n_unique().alias("n"))
    orders = named.filter(pl.col("n") == 1)[ORDER].drop_nulls()
    has_money = (pl.col("amount") != 0).fill_null(value=False)
    above = pl.when(~pl.col(BARE)).then(is_named).forward_fill()
    is_below = pl.col(BARE) & pl.col(WORDS) & above.fill_null(value=not is_first)
    is_of_order = pl.col(ORDER).is_in(orders.implode()).fill_null(value=False)
    is_blank = pl.col(BLANK.format("customer_id"))
    return rows.select(is_lost & is_blank & has_money & (is_of_order | is_below)).to_series()


def _is_left_out(part: Portion, asked: Sequence[str]) -> pl.Expr:
    """Whether `where` did not choose a row that leaves blank one of its columns; none of them tells the place of a row."""
    chosen = [c for c in asked if c in part.recipe.choosing]
    if not chosen or len(chosen) < len(part.recipe.choosing & part.raw.schema.keys()):
        return pl.lit(value=False)
    blank = [pl.col(BLANK.format("\0" + column)) for column in chosen]
    return (pl.col(CODE) >= Reason.NOT_CHOSEN) & pl.any_horizontal(blank)


def _begins_file(rows: pl.DataFrame, *, is_first: bool) -> pl.Series:
    """Which rows stand above the first of their file that names an order, a day or a customer; none of the first file."""
    is_bare = pl.all_horizontal(
        pl.col(ORDER).is_null(), *(pl.col(BLANK.format(name)) for name in PLACES[1:])
    )
    above = (~is_bare).cum_max().over(FILE, order_by=RECORD)
    is_later = pl.lit(value=not is_first) | (pl.col(FILE) != pl.col(FILE).first())
    return rows.select(~above & is_later).to_series()


def _is_used() -> pl.Expr:
    return pl.col(CODE) == Reason.USED


def _totals_in(part: Portion, records: Collection[int]) -> Mapping[str, Sequence[str]]:
    """A column that holds a word for totals in each of these rows, and the words; nothing where none does.

    A column of goods that only these rows leave blank tells them as well: without words.
    """
    names = [n for n, t in part.raw.readable.items() if is_text(t)]
    texts = [as_text(name, part.raw.schema[name]).str.strip_chars().alias(name) for name in names]
    chosen = pl.col(RECORD).is_in(pl.Series(sorted(records), dtype=pl.UInt32).implode())
    rows = part.raw.scan(with_records=True).filter(chosen).select(texts).collect()
    are_totals = rows.select(speaks_of_totals(pl.col(names)).fill_null(value=False).all())
    found = next((name for name in names if are_totals[name].item()), None)
    if found is not None:
        return {found: rows[found].unique().sort().to_list()}
    goods = part.recipe.columns.canonical.get("product_id", ()) + part.recipe.columns.others
    own = [c for c in dict.fromkeys(goods) if c in part.raw.readable]
    held = [(holds(c, part.raw.schema[c]) != chosen).all().alias(c) for c in own]
    tells = part.raw.scan(with_records=True).select(held).collect(engine="streaming")
    found = next((name for name in tells.columns if tells[name].item()), None)
    return {} if found is None else {found: ()}
