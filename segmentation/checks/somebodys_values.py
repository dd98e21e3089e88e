"""Which values of a comparison somebody has: each is asked once of all of a list, however long it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import polars as pl

from segmentation.checks.found_somebody import found_somebody
from segmentation.comparing.comparisons import READ_AS, Column, compare, sort_of
from segmentation.dataclass import dataclass
from segmentation.measures.each_value import met_of_each
from segmentation.rules.catalogue import Kind
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import IS
from segmentation.rules.scalars import Scalar
from segmentation.scan.column_values import VALUE
from segmentation.scan.held_values import ColumnValues, Held


def is_somebodys(one: Reading, compared: pl.Series, kind: Kind) -> bool:
    """Whether the customers' values of what is compared tell that the data has what a reading asks for.

    Somebody who did it has its rows; of a feature that is itself one of the column's values, the
    customers have the values, held as `kind` says.
    """
    if not one.is_picked:
        return found_somebody(compared)
    column, family = Column(pl.col(compared.name), kind), one.test.op.family
    if family is Family.SAME:
        tests = [compare(column, Compare(compared.name, IS.name, v)).any() for v in one.values]
        return bool(compared.to_frame().select(pl.all_horizontal(tests)).item())
    if family is Family.ORDER:  # of texts only all values tell which can be read
        return kind != "text" and READ_AS[kind][sort_of(one.values[0])] is not None
    if family is Family.PART and kind != "text":
        met = compare(column, one.test.positive).any()
        return bool(compared.to_frame().select(met).item())
    return True


@dataclass(frozen=True)
class Somebodys:
    """The values that a reading names and that the data has, by where it has them; true and false apart."""

    one: Reading
    column: Held
    values: ColumnValues

    @cached_property
    def held(self) -> frozenset[Scalar]:
        """Those that stand in the column."""
        if not self.column.is_whole:  # somebody was found by them
            return frozenset(self._named)
        known = self.column.counts.filter(pl.col(VALUE).is_not_null())
        return self._met_in(known, self._held_as)

    @cached_property
    def declared(self) -> frozenset[Scalar]:
        """Those that are declared under `values`, or that an event is called by its source."""
        words = pl.DataFrame({VALUE: self.values.declared(self.one)}, schema={VALUE: pl.String})
        return self._met_in(words, Column(pl.col(VALUE), "text"))

    @cached_property
    def elsewhere(self) -> frozenset[Scalar]:
        """Those that only other rows of the tables have."""
        return self.values.anywhere(self.one, self._unheld)

    @cached_property
    def rejected(self) -> frozenset[Scalar]:
        """Those that a rejected row has, and the column has not."""
        return self.values.rejected(self.one, self._unheld)

    @cached_property
    def is_met(self) -> pl.Series:
        """Which texts of the column meet the comparison."""
        return self.column.texts.select(compare(self._held_as, self._test)).to_series()

    def _met_in(self, cells: pl.DataFrame, column: Column) -> frozenset[Scalar]:
        if not self._named:
            return frozenset()
        met = met_of_each(cells.lazy(), column, self._test, self._named).collect().row(0)
        return frozenset(v for v, is_met in zip(self._named, met, strict=True) if is_met)

    @property
    def _test(self) -> Compare:
        return replace(self.one.test.positive, field=VALUE)

    @property
    def _held_as(self) -> Column:
        return Column(pl.col(VALUE), self.column.kind, is_label=self.column.is_label)

    @property
    def _named(self) -> tuple[Scalar, ...]:
        return tuple(dict.fromkeys(v for v in self.one.values if not isinstance(v, bool)))

    @property
    def _unheld(self) -> tuple[Scalar, ...]:
        return tuple(v for v in self._named if v not in self.held)
