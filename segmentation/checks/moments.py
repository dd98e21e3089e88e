"""What a run knows, moment by moment: each is one frozen value, and holds what the moment before held.

A check is a function of one of them (`listed` says which checks there are). Each moment is as early
as what it holds can be known; what can be said later is not asked earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import polars as pl

from segmentation.audiences.allocate import Allocation, Audience
from segmentation.checks.asked_below import CutOrders, cut_orders
from segmentation.checks.compared_values import Doubts, doubts_of
from segmentation.checks.continued_orders import continued_in
from segmentation.checks.continued_told import Continued
from segmentation.checks.days_above import DaysAbove, days_above
from segmentation.checks.joined_sales import joined_sales
from segmentation.checks.order_amounts import AmountOfOrders, amount_of_orders
from segmentation.checks.pasted import Undecided, pasted
from segmentation.checks.refund_files import refund_files
from segmentation.checks.same_sales import same_sales
from segmentation.checks.somebodys_values import is_somebodys
from segmentation.checks.stops import Input, Stop
from segmentation.checks.suppression import Closed, closed
from segmentation.checks.suppression.sources_read import SourcesRead, sources_read
from segmentation.checks.unchosen import stops_of
from segmentation.customers.cuts import Cuts, Values
from segmentation.customers.describe import Book
from segmentation.dataclass import dataclass
from segmentation.publish.destination import Destination
from segmentation.publish.formats import Format
from segmentation.publish.outcome import Outcome
from segmentation.rules.comparisons import Reading
from segmentation.rules.ruleset import Rules
from segmentation.rules.sources import Source
from segmentation.scan.held_values import ColumnValues, column_values
from segmentation.scan.measuring import Measured
from segmentation.scan.prepare import Prepared
from segmentation.sources import InputCount, Tally


@dataclass(frozen=True)
class AfterScan:
    """Every row was read, and nobody described yet.

    `compared`: what the rules compare; `closed`: what was found of all that suppression reads;
    `doubts`: what the data holds where rules compare.
    """

    measured: Measured
    compared: Sequence[Reading]
    closed: Closed
    doubts: Doubts

    @property
    def prepared(self) -> Prepared:
        """What was known before any row was read."""
        return self.measured.prepared

    @property
    def rules(self) -> Rules:
        """The rules of the run."""
        return self.prepared.request.rules

    @property
    def book(self) -> Book:
        """The names of everything that is computed."""
        return self.prepared.book

    @cached_property
    def reading(self) -> SourcesRead:
        """What the rules read of the sources."""
        return sources_read(self.book, self.measured.tables, self.prepared.names)

    @property
    def transactions(self) -> list[tuple[Source, Tally, InputCount]]:
        """Each source of transactions, what was read of it, and its rows counted."""
        inputs = (one for one in self.measured.inputs if one.table == "transactions")
        tallies = self.measured.tables.transactions.tallies
        return list(zip(self.rules.sources["transactions"], tallies, inputs, strict=True))

    @cached_property
    def stops(self) -> list[Stop]:
        """What only a person decides about rows and amounts of transactions."""
        each = (stop for one in self.inputs for stop in stops_of(one))
        joined = [*refund_files(self.inputs), *joined_sales(self.inputs)]
        return [*each, *joined, *(() if joined else same_sales(self.inputs))]

    @cached_property
    def amounts_of_orders(self) -> list[AmountOfOrders]:
        """The sources of transactions whose amounts, or parts of them, are those of orders."""
        small = ((source, tally) for source, tally, count in self.transactions if count.is_small)
        found = (amount_of_orders(source, tally) for source, tally in small)
        return [one for one in found if one is not None]

    @cached_property
    def continued(self) -> list[tuple[Continued, Tally]]:
        """The inputs in which rows of orders have no customer, and the order has one."""
        proposed = {column for stop in self.stops for column in stop.tests}
        return continued_in(self.transactions, proposed)

    @cached_property
    def days_above(self) -> list[tuple[DaysAbove, Tally]]:
        """The inputs in which a day stands above the rows of several orders; not those in which their customers do, too."""
        known = [tally for _, tally in self.continued]
        asked = (
            (source, tally)
            for source, tally, count in self.transactions
            if count.is_small and count.rows_rejected and not any(tally is one for one in known)
        )
        found = ((days_above(source, tally), tally) for source, tally in asked)
        return [(above, tally) for above, tally in found if above is not None]

    @cached_property
    def cut(self) -> list[tuple[CutOrders, Source, Tally]]:
        """The inputs in which `where` asks what rows below the first of an order leave blank."""
        small = ((source, tally) for source, tally, count in self.transactions if count.is_small)
        found = ((cut_orders(source, tally), source, tally) for source, tally in small)
        return [(cut, source, tally) for cut, source, tally in found if cut is not None]

    @cached_property
    def pasted(self) -> str:
        """What can be pasted to decide all that the run stops for."""
        is_cut = bool(self.continued or self.days_above or self.cut)
        undecided = Undecided(self.stops, self.amounts_of_orders, self.transactions, is_cut)
        return pasted(undecided, self.rules)

    @cached_property
    def inputs(self) -> list[Input]:
        """Each source of transactions, as stops look at it."""
        customers = self.measured.customers["customer_id"]
        return [Input(s, tally, customers, n.is_small) for s, tally, n in self.transactions]

    @property
    def of_suppress(self) -> SourcesRead:
        """What suppression reads of the sources."""
        return self.closed.case.reading

    @cached_property
    def inputs_of_suppress(self) -> tuple[InputCount, ...]:
        """The inputs that suppression reads."""
        return self.of_suppress.inputs(self.measured.inputs, self.rules)


@dataclass(frozen=True)
class AfterAllocation(AfterScan):
    """Everybody is described and has an audience or none.

    `known`: the thresholds of --cuts; `values`: what `for_each` goes over; `customers`: one row for
    each, under the engine's names; `rejected`: the rows that could not be used.
    """

    known: Cuts | None
    values: Sequence[Values]
    cuts: Cuts
    customers: pl.DataFrame
    allocation: Allocation
    rejected: pl.DataFrame

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The audiences, in the file's order."""
        return self.allocation.audiences


@dataclass(frozen=True)
class BeforePublication:
    """The run as it would be written, where to, and in which format."""

    outcome: Outcome
    to: Destination
    form: Format


def after_scan(measured: Measured, compared: Sequence[Reading]) -> AfterScan:
    """Look at what suppression reads, then at what the data holds where rules compare."""
    spared = closed(measured)
    doubts = doubts_of(measured.prepared.request.rules, compared, _values(measured, compared))
    return AfterScan(measured, compared, spared, doubts)


def _values(measured: Measured, compared: Sequence[Reading]) -> ColumnValues:
    """The distinct values of the columns that rules compare, as far as they are needed."""
    prepared = measured.prepared

    def is_met(one: Reading) -> bool:
        name = "" if one.compared is None else prepared.book.name(one.compared)
        if name not in measured.customers.columns:
            return True
        return is_somebodys(one, measured.customers[name], prepared.book.kind(name))

    return column_values(
        prepared.request.rules,
        measured.tables,
        customers=measured.known,
        scanned=measured.counted,
        compared=compared,
        is_met=is_met,
    )
