"""Orders that go on below their first row, which alone names the customer: the other rows would be lost.

Systems that print an order (Odoo), merged cells and pivots leave blank what does not change. A row
without a customer may be a guest's as well, so it is looked for what no guest has: another row of
its order that names one customer, or neither an order nor a day of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.money import SCALE
from segmentation.rules.operators import IS_NOT, NONE_OF
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.canonical import canonical
from segmentation.sources.columns.filled import with_filled
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.reasons import CODE, SET_ASIDE, Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.total_words import speaks_of_totals
from segmentation.sources.columns.ways import of_init
from segmentation.sources.reader import RECORD, RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_BLANK: Final = "\0blank {}"
_ORDER: Final = "\0order named"
_WORDS: Final = "\0words"
_GOODS: Final = ("product_id", "department")
_PLACES: Final = ("order_id", "customer_id", "ordered_at")  # in the order in which they are filled

_Places = Mapping[str, Sequence[str]]  # of each its columns in the file


@dataclass(frozen=True)
class Continued:
    """Rows of orders whose customer stands above: how many, their amounts in 1/10,000, and what fills all of them."""

    rows: int
    worth: int
    columns: tuple[str, ...]
    """What to fill down; nothing where that was tried and gives a customer to other rows, too."""

    totals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words by which rows of totals are left out that would have a customer, too, and their column."""


def orders_going_on(run: AfterScan) -> Iterator[Notice]:
    """An error for each input of transactions in which rows of orders have no customer, and the order has one."""
    for source, tally, count in run.transactions:
        if count.is_small and SET_ASIDE[Reason.NO_ID] in count.rows_set_aside:
            found = continued(source, tally)
            if found is not None:
                yield _told(found, source, tally)


def continued(source: Source, tally: Tally) -> Continued | None:
    """The rows of an input that go on an order above them; None where there are none."""
    found = [one for part in tally.parts if (one := _of_part(source, part)) is not None]
    if not found:
        return None
    names = max((one.columns for one in found), key=len)
    is_tried = all(one.columns for one in found)
    return Continued(
        sum(one.rows for one in found),
        sum(one.worth for one in found),
        names if is_tried else (),
        next((one.totals for one in found if one.totals), {}),
    )


def _of_part(source: Source, part: Portion) -> Continued | None:
    columns = _file_columns(source, part)
    if not columns.get("customer_id"):
        return None
    rows = _looked_at(part.raw, part, columns)
    going_on = rows.filter(_goes_on(rows))
    if going_on.is_empty():
        return None
    used = [n for n in _PLACES if n == "order_id" or going_on[_BLANK.format(n)].any()]
    names = tuple(c for name in used for c in columns.get(name, ()))
    gained = _gained(part, columns, names, rows)
    others = gained - {*going_on[RECORD]}
    totals = _totals_in(part, others) if others and source.where is None else {}
    is_tried = gained >= {*going_on[RECORD]} and bool(not others or totals)
    worth = int(going_on["amount"].sum())
    return Continued(going_on.height, worth, names if is_tried else (), totals if is_tried else {})


def _file_columns(source: Source, part: Portion) -> _Places:
    """The file's own columns that tell the order, the customer and the day of a row."""
    made = {n: spec for n, spec in source.columns.items() if isinstance(spec, tuple)}
    known = {**part.recipe.columns.canonical, **made}
    joined = {column for partner in part.recipe.partners for column in partner.columns}
    own = part.raw.schema.keys() - joined
    return {n: tuple(c for c in known.get(n, ()) if c in own) for n in _PLACES}


# -- what is looked at ----------------------------------------------------------------------------


def _looked_at(raw: RawTable, part: Portion, columns: _Places) -> pl.DataFrame:
    """All rows: who they are of, what their cells say of their order, and what of it they leave blank."""
    blank = {_BLANK.format(name): ~_holds_one(raw, columns[name]) for name in _PLACES}
    says = {_ORDER: _order(raw, columns["order_id"]), _WORDS: _says_what(part.recipe)}
    marked = raw.scan(with_records=True).with_columns(**blank, **says)
    rows = canonical(marked, part.recipe, part.ragged, keep=[RECORD, *blank, *says])
    customer = pl.col("customer_id").cast(pl.String)
    found = rows.select(customer, "amount", CODE, RECORD, *blank, *says)
    return found.collect(engine="streaming").sort(RECORD)


def _holds_one(raw: RawTable, columns: Sequence[str]) -> pl.Expr:
    held = [holds(column, raw.schema[column]) for column in columns]
    return pl.any_horizontal(held) if held else pl.lit(value=False)


def _order(raw: RawTable, columns: Sequence[str]) -> pl.Expr:
    """The order that a row names; null where it names none."""
    texts = [as_text(column, raw.schema[column]).str.strip_chars() for column in columns]
    named = pl.concat_str(texts, separator="\0") if texts else pl.lit(None, dtype=pl.String)
    return pl.when(_holds_one(raw, columns)).then(named)


def _says_what(recipe: Recipe) -> pl.Expr:
    """Whether a row says in words what it is of, and none of them speaks of totals."""
    known = [c for name in _GOODS for c in recipe.columns.canonical.get(name, ())]
    names = [c for c in (*recipe.columns.others, *known) if is_text(recipe.dtype(c))]
    texts = [as_text(column, recipe.dtype(column)).str.strip_chars() for column in names]
    if not texts:
        return pl.lit(value=False)
    are_words = pl.any_horizontal(text.str.contains(r"\p{L}") for text in texts)
    are_totals = pl.any_horizontal(speaks_of_totals(text) for text in texts)
    return are_words.fill_null(value=False) & ~are_totals.fill_null(value=False)


def _goes_on(rows: pl.DataFrame) -> pl.Series:
    """Which rows have money and no customer, and belong to a row above them that has one."""
    of_orders = rows.filter(_is_used())
    named = of_orders.group_by(_ORDER).agg(pl.col("customer_id").n_unique().alias("customers"))
    orders = named.filter(pl.col("customers") == 1)[_ORDER].drop_nulls()
    is_lost = (pl.col(CODE) == Reason.NO_ID) & pl.col(_BLANK.format("customer_id"))
    has_money = (pl.col("amount") != 0).fill_null(value=False)
    is_bare = pl.col(_ORDER).is_null() & pl.col(_BLANK.format("ordered_at"))
    is_of_somebody = pl.when(~is_bare).then(_is_used()).forward_fill().fill_null(value=False)
    is_below = is_bare & pl.col(_WORDS) & is_of_somebody
    is_of_order = pl.col(_ORDER).is_in(orders.implode()).fill_null(value=False)
    return rows.select(is_lost & has_money & (is_of_order | is_below)).to_series()


def _is_used() -> pl.Expr:
    return pl.col(CODE) == Reason.USED


def _gained(part: Portion, columns: _Places, names: Sequence[str], rows: pl.DataFrame) -> set[int]:
    """The rows that are a customer's, or another one's, where these columns are filled down."""
    filled = _looked_at(with_filled(part.raw, names), part, columns).filter(_is_used())
    others = filled.join(rows, on=[RECORD, "customer_id"], how="anti", nulls_equal=True)
    return {*others[RECORD]}


def _totals_in(part: Portion, records: Collection[int]) -> Mapping[str, Sequence[str]]:
    """A column that holds a word for totals in each of these rows, and the words; nothing where none does."""
    names = [n for n, t in part.raw.schema.items() if is_text(t)]
    texts = [as_text(name, part.raw.schema[name]).str.strip_chars().alias(name) for name in names]
    chosen = pl.col(RECORD).is_in(pl.Series(sorted(records), dtype=pl.UInt32).implode())
    rows = part.raw.scan(with_records=True).filter(chosen).select(texts).collect()
    are_totals = rows.select(speaks_of_totals(pl.col(names)).fill_null(value=False).all())
    found = next((name for name in names if are_totals[name].item()), None)
    return {} if found is None else {found: rows[found].unique().sort().to_list()}


# -- what is said ---------------------------------------------------------------------------------


def _told(found: Continued, source: Source, tally: Tally) -> Notice:
    rows = found.rows
    what = (
        f"{counted(rows, 'row')} of {found.worth / SCALE:,.2f} {agreeing(rows, 'has', 'have')} no customer, "
        f"and {agreeing(rows, 'its order has', 'their orders have')} one on another row: "
        f"{agreeing(rows, 'it', 'they')} would be lost"
    )
    way = of_init([source])
    mend = f"{_mend(found)}\n  {way}" if way else _mend(found)
    return notice("continued-orders", what, where=tally.path, mend=mend)


def _mend(found: Continued) -> str:
    if not found.columns:
        return (
            "Where blank cells are those of the row above, `fill_down: [COLUMN]` says so under sources. It was tried "
            "with all that is blank, and reads other rows than these; write the customer on each row, or leave these out by a where."
        )
    said = [f"`{flow({'fill_down': list(found.columns)})[1:-1]}`"]
    said += [f"`{flow({'where': without_words(*one)})[1:-1]}`" for one in found.totals.items()]
    return (
        f"Where blank cells are those of the row above, write under sources: {' and '.join(said)}."
    )


def without_words(column: str, words: Sequence[str]) -> dict[str, Any]:
    """The `where` that leaves out rows with these words."""
    return {column: {NONE_OF.name: [*words]} if len(words) > 1 else {IS_NOT.name: words[0]}}
