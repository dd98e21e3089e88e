"""Which columns are to be filled down so that rows take what the row above says: orders of columns are tried on all rows.

A cell is filled as long as the columns named before it say the same, so the order decides: where one
day stands above several orders it is filled first, where a guest's order stands among others the order is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, permutations
from typing import Final

import polars as pl

from segmentation.checks.bare_rows import BLANK, CODED, DAY, ORDER, TOTAL, WORDS, with_bare
from segmentation.dataclass import dataclass
from segmentation.pattern import pattern
from segmentation.sources.columns.filled import with_filled
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.reasons import CODE, Reason
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.total_words import speaks_of_totals
from segmentation.sources.reader import FILE, RECORD, RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion, canonical_rows

PLACES: Final = ("order_id", "customer_id", "ordered_at")  # in the order in which they are filled
NEEDED: Final = "\0needed"
_FEW: Final = 0.01  # of the rows, as rejects allows without a word
#: headers of what is said of a line
_OF_LINES: Final = pattern(
    r"(?i)(^|[\W_])(line|lines|item|product|position|pos|zeilen?|artikel|posten|ligne|article|produit|l[ií]nea|art[ií]culo|"
    r"riga|articolo|regel|pozycji|pozycja)([\W_]|$)|^(line|item|zeilen?|positions|artikel|regel)(?=status|stat)"
)
_CODE: Final = r"^\d+$"
_GOODS: Final = ("product_id", "department")

Places = Mapping[str, Sequence[str]]  # of each its columns in the file


@dataclass(frozen=True)
class Filling:
    """Columns that were filled down: the rows that are a customer's by it, and how many rows stay without a day."""

    columns: tuple[str, ...]
    gained: frozenset[int]
    blanks: int


@dataclass(frozen=True)
class Looked:
    """Files, their columns that tell the place of a row, and what was looked at of their rows."""

    part: Portion
    places: Places
    rows: pl.DataFrame


def best_filling(
    looked: Looked,
    groups: Sequence[Sequence[str]],
    behind: Sequence[str],
    going_on: pl.DataFrame,
) -> Filling:
    """Of the orders of these groups that which gives a customer to rows that go on, to few others, and leaves least blank.

    `behind` are columns that are filled after them. Rows that are not NEEDED are meant where they count
    once they are filled.
    """
    possible = {*going_on[RECORD]}
    needed = {*going_on.filter(NEEDED)[RECORD]}
    found: list[Filling] = []
    for one in _all_tried(looked, groups, behind):
        if one.gained == possible and not one.blanks:
            return one
        found.append(one)

    def distance(one: Filling) -> tuple[int, int, int, int]:
        return (
            len(needed - one.gained),
            len(one.gained - possible),
            one.blanks,
            len(possible - one.gained),
        )

    return min(found, key=distance)


def is_of_order(column: str, below: pl.Series, others: pl.Series) -> bool:
    """Whether a column says something of whole orders: most rows below leave it blank, and twice as often as others.

    Both are whether rows leave it blank. What is written of single lines is written below as well, or the header says so.
    """
    if _OF_LINES.search(column):
        return False
    written_below, written = int((~below).sum()), int((~others).sum())
    are_most = written_below * 2 <= len(below)
    is_rarer = written_below * len(others) * 2 <= written * len(below)
    return written > 0 and len(below) > 0 and are_most and is_rarer


def _all_tried(
    looked: Looked, groups: Sequence[Sequence[str]], behind: Sequence[str]
) -> Iterator[Filling]:
    """Each order of the groups, that of the file first."""
    part, places = looked.part, looked.places
    headers = [*part.raw.schema]
    of_file = sorted(groups, key=lambda group: headers.index(group[0]))
    for order in dict.fromkeys(permutations(tuple(group) for group in of_file)):
        names = tuple(dict.fromkeys((*chain.from_iterable(order), *behind)))
        filled = looked_at(with_filled(part.raw, names), part, places)
        used = filled.filter(pl.col(CODE) == Reason.USED)
        others = used.join(looked.rows, on=[RECORD, "customer_id"], how="anti", nulls_equal=True)
        yield Filling(names, frozenset(others[RECORD]), _blanks(filled))


def _blanks(filled: pl.DataFrame) -> int:
    """How many rows of sales have no day; none where so few have none that a run rejects them."""
    is_sale = (pl.col("amount") != 0) & (pl.col(ORDER).is_not_null() | pl.col(WORDS))
    sales = filled.filter(is_sale.fill_null(value=False))
    found = int(sales[BLANK.format("ordered_at")].sum())
    return found if found > sales.height * _FEW else 0


# -- what is looked at ----------------------------------------------------------------------------


def looked_at(
    raw: RawTable, part: Portion, places: Places, asked: Sequence[str] = ()
) -> pl.DataFrame:
    """All rows: who they are of, what their cells say of their order, and what of it they leave blank.

    `asked` are more columns of which is told whether a row leaves them blank.
    """
    blank = {BLANK.format(name): ~_holds_one(raw, places[name]) for name in PLACES}
    blank |= {BLANK.format("\0" + name): ~holds(name, raw.schema[name]) for name in asked}
    says = {ORDER: _order(raw, places["order_id"]), **_says_what(part.recipe)}
    rows = canonical_rows(
        raw, part.recipe, part.ragged, keep=[RECORD, FILE], beside={**blank, **says}
    )
    customer = pl.col("customer_id").cast(pl.String)
    found = rows.select(customer, "amount", DAY, CODE, RECORD, FILE, *blank, *says)
    in_order = found.collect(engine="streaming").sort(RECORD)
    return with_bare(in_order, has_orders=bool(places["order_id"]))


def _holds_one(raw: RawTable, columns: Sequence[str]) -> pl.Expr:
    held = [holds(column, raw.schema[column]) for column in columns]
    return pl.any_horizontal(held) if held else pl.lit(value=False)


def _order(raw: RawTable, columns: Sequence[str]) -> pl.Expr:
    """The order that a row names; null where it names none."""
    texts = [as_text(column, raw.schema[column]).str.strip_chars() for column in columns]
    named = pl.concat_str(texts, separator="\0") if texts else pl.lit(None, dtype=pl.String)
    return pl.when(_holds_one(raw, columns)).then(named)


def goods_of(recipe: Recipe) -> list[str]:
    """The columns that say what was bought: they are of a line, never of its order."""
    return [c for name in _GOODS for c in recipe.columns.canonical.get(name, ())]


def _says_what(recipe: Recipe) -> Mapping[str, pl.Expr]:
    """Whether a row says in words, or by its goods, what it is of; whether words speak of totals; and whether it has a number
    of goods or of a line."""
    goods = goods_of(recipe)
    names = [c for c in (*recipe.columns.others, *goods) if is_text(recipe.dtype(c))]
    texts = [as_text(column, recipe.dtype(column)).str.strip_chars() for column in names]
    nothing = pl.lit(value=False)
    are_words = [text.str.contains(r"\p{L}") for text in texts]
    are_totals = [speaks_of_totals(text) for text in texts]
    are_goods = [holds(column, recipe.dtype(column)) for column in goods]
    codes = [as_text(c, recipe.dtype(c)).str.strip_chars() for c in recipe.columns.others]
    are_codes = [text.str.contains(_CODE) for text in codes]
    is_total = pl.any_horizontal(nothing, *are_totals).fill_null(value=False)
    says = pl.any_horizontal(nothing, *are_words, *are_goods).fill_null(value=False)
    is_coded = pl.any_horizontal(nothing, *are_codes).fill_null(value=False)
    return {WORDS: says & ~is_total, TOTAL: is_total, CODED: is_coded}
