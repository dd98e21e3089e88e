"""Which distinct values a column holds, and how often: counted only where a rule's words hang on it.

A column of customers is counted in memory: all its rows are collected anyway. Columns of rows are
counted in the scan of the run where suppression or a negation hangs on them, else whole only when
no customer was found, and in the scan what is written almost like the words of the rules; what lines
and events borrow from products is counted there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

import polars as pl

from segmentation.comparing.comparisons import kind_of
from segmentation.dataclass import dataclass
from segmentation.measures.keys import Texts
from segmentation.measures.rows import LENT_AMOUNTS, MONEY_COLUMNS, Tables
from segmentation.rules.catalogue import DERIVED_COLUMNS, Kind
from segmentation.rules.cell_words import met_by
from segmentation.rules.comparisons import Reading
from segmentation.rules.look_alikes import folded
from segmentation.rules.operator_record import Family
from segmentation.rules.ruleset import Rules
from segmentation.sources import Table

VALUE: Final = "value"
ROWS: Final = "rows"
EVENT: Final = "of_event"
Holder = Literal["customers", "transactions", "events", "products"]
Key = tuple[Holder, str]


@dataclass(frozen=True)
class Counting:
    """What is counted in the scan: the distinct values of a column.

    With `words` only values that may be one of these in another spelling.
    """

    key: Key
    words: tuple[str, ...] = ()


def key_of(tables: Tables, reading: Reading) -> Key | None:
    """The table and column that hold what a reading compares; None where no column does."""
    if reading.table == "customers":
        return ("customers", reading.column)
    if reading.table == "labels" or reading.table == "figures":  # noqa: PLR1714  # mypy narrows it so
        return None
    if reading.table == "transactions" and reading.column in DERIVED_COLUMNS:
        return None
    own = tables.of(reading.table)
    if own is not None and reading.column in own.columns:
        # lines with such amounts are read, or they are rejected
        is_read = held_as(own.name, reading.column, own.columns[reading.column]) == "money"
        return None if is_read else (reading.table, reading.column)
    products = tables.products
    borrowed = products is not None and own is not None and "product_id" in own.columns
    if borrowed and products is not None and reading.column in products.columns:
        return ("products", reading.column)
    return None


def held_as(table: str, column: str, dtype: pl.DataType) -> Kind:
    """How a column of a table is held: some are amounts in 1/10,000, of lines also where products lend them."""
    amounts = {"transactions": MONEY_COLUMNS, "products": LENT_AMOUNTS}.get(table, frozenset())
    return "money" if column in amounts else kind_of(dtype)


def early(rules: Rules, tables: Tables, found: Iterable[Reading]) -> tuple[Counting, ...]:
    """What is counted in the scan of the run: all where it cannot be told from who was found."""
    keys = [(key, one) for one in found if (key := key_of(tables, one)) is not None]
    whole = dict.fromkeys(key for key, one in keys if _is_early(rules, key, one))
    words: dict[Key, dict[str, None]] = {}
    for key, one in keys:
        if key not in whole and _has_spellings(rules, tables, key):
            words.setdefault(key, {}).update(dict.fromkeys(_spelt(one)))
    return (*map(Counting, whole), *(Counting(k, tuple(w)) for k, w in words.items() if w))


def _has_spellings(rules: Rules, tables: Tables, key: Key) -> bool:
    """Whether a column of rows holds texts as its files have them."""
    if key[0] == "customers" or (key == ("events", "event") and are_constant(rules)):
        return False
    table: Table = getattr(tables, key[0])
    return kind_of(table.columns[key[1]]) == "text"


def _spelt(one: Reading) -> tuple[str, ...]:
    """The words that a reading compares; those for true and false have spellings of their own."""
    if one.how != "compared" or one.test.op.family is not Family.SAME:
        return ()
    return tuple(v for v in one.values if isinstance(v, str) and not met_by(v))


def _is_early(rules: Rules, key: Key, one: Reading) -> bool:
    if key[0] == "customers" or (key == ("events", "event") and are_constant(rules)):
        return False
    is_untold = not one.is_alone and not one.is_picked
    hangs = one.is_of_suppression or (one.is_negated and is_untold)
    return hangs or key[0] == "products"


def are_constant(rules: Rules) -> bool:
    """Whether every source of events says itself which event it is."""
    return all(source.event for source in rules.sources.get("events", ()))


def counting(tables: Tables, wanted: Iterable[Counting]) -> list[pl.LazyFrame]:
    """A frame of the distinct values for each: `value`, `rows`, of events `of_event` beside them."""
    return [_counted(*_asked(getattr(tables, one.key[0]), one)) for one in wanted]


def _asked(table: Table, one: Counting) -> tuple[pl.LazyFrame, dict[str, pl.Expr]]:
    column = one.key[1]
    cell = pl.col(column).cast(pl.String)
    rows = table.rows.filter(_like(cell, one.words)) if one.words else table.rows
    return rows, _values(table, column)


def _values(table: Table, column: str) -> dict[str, pl.Expr]:
    """What is counted."""
    if table.name == "events" and column != "event":
        return {VALUE: pl.col(column), EVENT: pl.col("event").cast(pl.String)}
    return {VALUE: pl.col(column)}


def _counted(rows: pl.LazyFrame, values: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    return rows.select(**values).group_by(*values).agg(pl.len().cast(pl.Int64).alias(ROWS))


class Counter:
    """Counts the distinct values of a column while its table is scanned.

    Texts are counted by their codes, of which `texts` has those of each column.
    """

    def __init__(
        self, table: Table, one: Counting, name: str, texts: Callable[[str], Texts]
    ) -> None:
        self.table, self._one, self._name = table, one, name
        self._values = _values(table, one.key[1])
        self._empty = _counted(table.rows.clear(), self._values).collect()
        own = {VALUE: one.key[1], EVENT: "event"}
        self._texts = {n: texts(own[n]) for n in self._values if self._empty.schema[n] == pl.String}
        self._found: list[pl.DataFrame] = []

    def asks(self) -> dict[str, pl.Expr]:
        """What is counted."""
        return {
            self._name + n: self._texts[n].code(expr.cast(pl.String)) if n in self._texts else expr
            for n, expr in self._values.items()
        }

    def see(self, rows: pl.DataFrame) -> None:
        """Count some rows."""
        named = {n: pl.col(self._name + n) for n in self._values}
        self._found.append(_counted(rows.lazy(), named).collect())

    @property
    def counts(self) -> pl.DataFrame:
        """What was counted."""
        if not self._found:
            return self._empty
        found = pl.concat(self._found).group_by(*self._values).agg(pl.col(ROWS).sum())
        texts = (known.texts(found[n]).alias(n) for n, known in self._texts.items())
        every = found.with_columns(texts).select(self._empty.columns).cast(self._empty.schema)
        return every.filter(_like(pl.col(VALUE), self._one.words)) if self._one.words else every


def _like(cell: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """Whether a text may be one of some words in another spelling; few others pass."""
    spelt = pl.select(folded(pl.lit(pl.Series(words)))).to_series()
    plain = cell.str.strip_chars().str.replace_all(" ", "", literal=True).str.to_lowercase()
    is_of_more = cell.str.len_bytes() != cell.str.len_chars()
    return ~cell.is_in(list(words)) & (plain.is_in(spelt.implode()) | is_of_more)


def late(
    tables: Tables, found: Iterable[Reading], is_met: Callable[[Reading], bool]
) -> tuple[Key, ...]:
    """What is counted when no customer was found (`is_met` says of whom one was)."""
    keys = ((key_of(tables, one), one) for one in found)
    return tuple(
        dict.fromkeys(
            key
            for key, one in keys
            if key is not None and key[0] != "customers" and not is_met(one)
        )
    )
