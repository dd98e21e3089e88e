"""The rows that measures read: lines of transactions, and events, with all that rules may name.

A line or event with a `product_id` gets the columns of its product that it lacks itself. Derived
columns (`discounted`, `new_arrival`, `margin`) are added where a rule names them. Nothing is
scanned here; a column that no measure asks for is never read.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Final, Literal

import polars as pl

from segmentation.comparing.comparisons import Column, compiled, kind_of
from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, nearest
from segmentation.rules.catalogue import DERIVED_COLUMNS, Kind
from segmentation.rules.conditions import Compare, Condition
from segmentation.rules.headers import PRIVATE
from segmentation.rules.instants import UTC
from segmentation.rules.measures import ANY_EVENT, Lines, Measure
from segmentation.rules.money import SCALE
from segmentation.rules.reading.comparisons import MODIFIERS, stands_beside
from segmentation.rules.sources import INSTANT, TIME, TableName
from segmentation.rules.windows import Window
from segmentation.sources import Table
from segmentation.sources.columns.numbers import divided, half_away
from segmentation.sources.unnamed import unnamed

RowTable = Literal["transactions", "events"]
#: the columns of lines that the reader holds as integers of 1/10,000, and of products
MONEY_COLUMNS: Final = frozenset({"amount", "unit_price", "discount", "cost", "quantity"})
MOMENT: Final = f"{PRIVATE}moment"  # the instant of a row, whatever its table calls it
DAY: Final = f"{PRIVATE}day"  # and on which day
IN_CATALOGUE: Final = f"{PRIVATE}in_catalogue"  # true for rows whose product is known
LENT_AMOUNTS: Final = frozenset({"cost"})
_ANY_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Tables:
    """The tables of a run; one that was not given is None."""

    transactions: Table
    customers: Table | None = None
    products: Table | None = None
    events: Table | None = None

    def of(self, name: RowTable) -> Table | None:
        """The table of rows by name."""
        return self.transactions if name == "transactions" else self.events

    @property
    def given(self) -> tuple[Table, ...]:
        """The tables that were given."""
        every = (self.transactions, self.customers, self.products, self.events)
        return tuple(t for t in every if t is not None)


class Positions:
    """Columns of the engine by what they hold: the same has one column, nothing else has it."""

    def __init__(self) -> None:
        self._columns: dict[Hashable, str] = {}

    def of(self, held: Hashable) -> str:
        """The column of a frozen value, named by its position."""
        return self._columns.setdefault(held, f"{PRIVATE}p{len(self._columns)}")


@dataclass(frozen=True)
class Rows:
    """Compiles row conditions over one table for one run."""

    tables: Tables
    name: RowTable
    as_of: date | None
    new_arrival_days: int
    positions: Positions = field(default_factory=Positions)

    @property
    def table(self) -> Table:
        """The table itself; it is checked to exist before measures are compiled."""
        table = self.tables.of(self.name)
        if table is None:
            raise InputError(
                Problem(
                    "a rule reads events, but there are none",
                    mend="Name a file under sources: events, or give --events FILE.",
                )
            )
        return table

    @property
    def time(self) -> str:
        """The column that holds the moment of a row."""
        return TIME[self.name][0]

    @property
    def instant(self) -> str:
        """The column that holds the moment of a row as one of UTC, by which rows are compared."""
        return self.time if self.table.timezone == UTC else INSTANT

    @property
    def day(self) -> str:
        """The column that holds the day of a row."""
        return TIME[self.name][1]

    def has(self, column: str) -> bool:
        """Whether a column can be had: of the table, of its products, or derived."""
        if self._is_derived(column):
            return not self._lacking(column)
        is_own = column in self.table.columns or column in (self.time, self.day)
        return is_own or self._from_products(column)

    def is_fixed(self, column: str) -> bool:
        """Whether a column holds integers of 1/10,000; one of that name elsewhere is as it was found."""
        if self._is_derived(column):
            return column == "margin"
        if column in self.table.columns:
            return self.name == "transactions" and column in MONEY_COLUMNS
        return column in LENT_AMOUNTS and self._from_products(column)

    def _is_derived(self, column: str) -> bool:
        """Whether a column is worked out of others here, also where a file has one of that name."""
        return self.name == "transactions" and column in DERIVED_COLUMNS

    def _lacking(self, column: str) -> list[str]:
        """What a derived column would be worked out of, and cannot be had as it must be."""
        return [
            c
            for c in DERIVED_COLUMNS[column]
            if not (self.is_fixed(c) if c in MONEY_COLUMNS else self.has(c))
        ]

    def _from_products(self, column: str) -> bool:
        products = self.tables.products
        known = products is not None and column in products.columns
        return known and column != "product_id" and "product_id" in self.table.columns

    def require(self, column: str) -> str:
        """The column's name. Raises InputError that names the column when it cannot be had."""
        if self.has(column):
            return column
        needed = self._lacking(column)[0] if self._is_derived(column) else column
        products = self.tables.products
        why = unnamed(self.table, needed) or unnamed(products, needed)
        known = [*self.table.columns, *(products.columns if products else ())]
        hidden = column if needed != column and column in self.table.columns else ""
        if why is not None and not hidden:
            raise InputError(Problem(why.what, mend=why.mend))
        near = nearest(needed, [name for name in known if name != needed])
        raise _missing_column(self.table, needed, near, hidden)

    def column(self, name: str) -> Column:
        """A column as rules compare it."""
        return Column(pl.col(self.require(name)), self.kind(name))

    def kind(self, name: str) -> Kind:
        """How a column's values are held."""
        if self.is_fixed(name):
            return "money"
        if self._is_derived(name):
            return "flag"
        if name in (self.time, self.day):
            return "date"
        products = self.tables.products
        own = self.table.columns.get(name)
        dtype = own if own is not None else products.columns[name] if products else pl.String()
        return kind_of(dtype)

    def where(self, condition: Condition) -> pl.Expr:
        """A row condition as one boolean expression."""

        def resolve(test: Compare) -> Column:
            return self.column(str(test.field))

        def special(test: object) -> pl.Expr:
            raise AssertionError(f"the parser lets no {test} into `where`")

        return compiled(condition, resolve, special)

    def bounds(self, window: Window) -> tuple[datetime, datetime]:
        """A window of this run as instants: at or after the first, before the second."""
        assert self.as_of is not None, "a window needs as_of"
        return window.bounds(self.as_of, self.table.timezone)

    def within(self, window: Window, *, moment: str = "", day: str = "") -> pl.Expr:
        """Whether a row lies in a window; whole days are compared as days.

        `moment` (as an instant) and `day` are the columns that hold these, where not those of the table.
        """
        assert self.as_of is not None, "a window needs as_of"
        if window.of_days:
            return pl.col(day or self.day).is_between(*window.days(self.as_of), closed="left")
        return pl.col(moment or self.instant).is_between(*self.bounds(window), closed="left")

    def keep(self, measure: Measure, *, whole: bool = False) -> pl.Expr | None:
        """Which rows a measure reads, None for all; `whole` leaves `where` out (a denominator).

        While as_of is not known, its window is left out.
        """
        tests = [_sign(measure.lines)] if self.name == "transactions" else []
        if self.name == "events" and measure.event not in (None, ANY_EVENT):
            tests.append(pl.col("event") == measure.event)
        if measure.window is not None and self.as_of is not None:
            tests.append(self.within(measure.window))
        if measure.where is not None and not whole:
            tests.append(self.where(measure.where))
        found = [t for t in tests if t is not None]
        return pl.all_horizontal(found) if len(found) > 1 else found[0] if found else None

    def over(self, rows: pl.LazyFrame, columns: Collection[str]) -> pl.LazyFrame:
        """Rows of the table with the columns asked for: products joined, derived ones worked out."""
        wanted = self._behind(columns)
        borrowed = self._borrowed(wanted)
        if self.tables.products is not None and (borrowed or self.has_strays):
            rows = _joined_products(rows, self.table, self.tables.products, borrowed)
        made = self._derived() if self.name == "transactions" else {}
        return rows.with_columns(**{name: expr for name, expr in made.items() if name in wanted})

    @property
    def has_strays(self) -> bool:
        """Whether lines may name products that are in no catalogue: that is told."""
        is_named = self.name == "transactions" and "product_id" in self.table.columns
        return is_named and self.tables.products is not None

    def _behind(self, columns: Collection[str]) -> set[str]:
        """These columns, and those that derived ones among them are worked out of."""
        derived = {name for name in columns if self._is_derived(name)}
        wanted = {*columns, *(c for name in derived for c in DERIVED_COLUMNS[name])}
        if derived & {"margin", "new_arrival"}:
            wanted |= {"amount", self.day} | ({"quantity"} if self.is_fixed("quantity") else set())
        return wanted

    def _borrowed(self, columns: Collection[str]) -> list[str]:
        """The columns that products lend."""
        return sorted(c for c in columns if c not in self.table.columns and self._from_products(c))

    def needs(self, columns: Collection[str]) -> Iterator[tuple[TableName, str]]:
        """The table and column of everything that must be read for these columns."""
        wanted = self._behind(columns)
        borrowed = self._borrowed(wanted)
        own = {c for c in wanted if c in self.table.columns and not self._is_derived(c)}
        yield from ((self.name, column) for column in own | ({"product_id"} if borrowed else set()))
        yield from (("products", column) for column in borrowed)

    def _derived(self) -> Mapping[str, pl.Expr]:
        """The columns of lines that are worked out of others."""
        days = (pl.col(self.day) - _launched(self.table)).dt.total_days()
        sign = pl.col("amount").sign()  # some shops write returned units as positive numbers
        units = pl.col("quantity").abs() * sign if self.is_fixed("quantity") else sign * SCALE
        return {
            "discounted": (pl.col("discount") > 0).fill_null(value=False),
            "new_arrival": days.is_between(0, self.new_arrival_days).fill_null(value=False),
            "margin": pl.col("amount")
            - half_away(divided(pl.col("cost").cast(pl.Float64) * units, SCALE)).cast(
                pl.Int64, strict=False
            ),
        }


def _launched(table: Table) -> pl.Expr:
    """The day of a product's launch; lines that bring it have it as it was found."""
    if table.columns.get("launched_at") == pl.String:
        return (
            pl.col("launched_at")
            .str.strip_chars()
            .str.slice(0, 10)
            .str.to_date("%Y-%m-%d", strict=False)
        )
    return pl.col("launched_at").cast(pl.Date)


def _sign(lines: Lines) -> pl.Expr | None:
    amount = pl.col("amount")
    return {"bought": amount > 0, "returned": amount < 0, "all": None}[lines]


def _joined_products(
    rows: pl.LazyFrame, table: Table, products: Table, borrowed: list[str]
) -> pl.LazyFrame:
    known = products.rows.select("product_id", *borrowed, pl.lit(value=True).alias(IN_CATALOGUE))
    if table.columns["product_id"] != products.columns["product_id"]:
        rows = rows.with_columns(pl.col("product_id").cast(pl.String))
        known = known.with_columns(pl.col("product_id").cast(pl.String))
    return rows.join(known, on="product_id", how="left", maintain_order="none")


def _missing_column(table: Table, column: str, near: str, hidden: str) -> InputError:
    """That a rule needs a column which the data lacks; the pipeline adds who needs it."""
    if column in MODIFIERS:
        what, mend = stands_beside(column)
        return InputError(Problem(what, mend=mend))
    hint = f"Nearest: {near}. " if near else ""
    own = f" {table.settings.renamed(hidden)}" if hidden else ""
    mend = f"{hint}{table.settings.missing(table.name, column)}{own}"
    return InputError(Problem(f"{table.name} have no column {column!r}", mend=mend))


def rows_of(tables: Tables, measure: Measure) -> Rows:
    """The rows that a measure reads, of whatever day. Raises InputError when there is no such table."""
    found = Rows(tables, "events" if measure.table == "events" else "transactions", _ANY_DAY, 0)
    found.table  # noqa: B018 - raises where there is none
    return found


def row_columns(rows: Rows, measure: Measure) -> set[str]:
    """The columns a measure's filter reads."""
    from segmentation.rules.conditions import fields

    found = {str(f) for f in fields(measure.where)} if measure.where is not None else set()
    found |= {"amount"} if rows.name == "transactions" else {"event"}
    return found | ({rows.day, rows.time} if measure.window is not None else set())
