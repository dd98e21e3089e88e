"""Rows that `latest_by` sets aside although nobody knows how old they are: one may be the newest "no".

A row without a date is older than any with one. Where suppression reads the source and such a row
says something else, its customer is suppressed; a product's is of no customer, so the run stops.

Events whose date is declared `missing` are set aside, and who never asks when is answered by them all the same:
a rule without a window suppresses their customers.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import EVENT, ID, sources_of
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.operators import MISSING
from segmentation.rules.yaml.flow import flow
from segmentation.sources.reader import FILE


@dataclass(frozen=True)
class Undated:
    """A source, the column that tells which of its rows is newest, and whose rows it does not tell of."""

    table: str
    shown: str
    column: str
    ids: frozenset[str]

    @property
    def customers(self) -> frozenset[str]:
        """The customers among them."""
        return self.ids if self.table == "customers" else frozenset()

    def notice(self) -> Notice:
        """A warning that these customers are suppressed; an error where they are products."""
        number, where = len(self.ids), flow({"where": {self.column: {MISSING.name: False}}})[1:-1]
        is_customers = self.table == "customers"
        what = counted(number, self.table.removesuffix("s"))
        have = agreeing(number, "has", "have")
        end = (
            f"{agreeing(number, 'it is', 'they are')} suppressed"
            if is_customers
            else "nobody knows which counts"
        )
        return notice(
            "undated-rows-suppress",
            f"suppress reads these {self.table}, and {what} {have} rows that differ and of which {self.column} "
            f"tells no date: {end}",
            where=self.shown,
            mend=f"Mend the dates; or set such rows aside under sources, {where}.",
            level="warn" if is_customers else "error",
            is_of_suppression=True,
        )


@dataclass(frozen=True)
class Dateless:
    """A file of events of which suppression asks without a window, and whose rows have no date there."""

    shown: str
    customers: frozenset[str]

    def notice(self) -> Notice:
        """A note that these customers are suppressed."""
        number = len(self.customers)
        text = (
            f"suppress reads these events whenever they were, so {counted(number, 'customer')} "
            f"whose date is missing {agreeing(number, 'is', 'are')} suppressed, too"
        )
        return notice(
            "undated-rows-suppress", text, where=self.shown, level="info", is_of_suppression=True
        )


def dateless(case: Case) -> Iterator[Dateless]:
    """Of every file of events the customers of rows without a date, where no window asks for one."""
    for source in case.sources:
        asked = case.reading.of(source.table, source.source)
        ever = {one.event for one in asked if one.first_day(case.as_of) is None}
        is_asked = (
            pl.lit(value=True)
            if ANY_EVENT in ever
            else pl.col(EVENT).is_in(sorted(e for e in ever if e))
        )
        rows = source.dateless.filter(is_asked).sort(FILE, ID)
        for [shown], own in rows.group_by(FILE, maintain_order=True):
            yield Dateless(str(shown), frozenset(own[ID]))


def undated(case: Case) -> Iterator[Undated]:
    """Of every source that suppression reads the ids whose newest row is not known."""
    for table, source, tally in sources_of(case.tables, case.rules):
        is_read = any(one.source is source for one in case.sources)
        if is_read and tally.newest is not None and source.latest_by is not None:
            ids = tally.newest.passed_over.collect(engine="streaming").to_series()
            if len(ids):
                yield Undated(table.name, tally.path, source.latest_by, frozenset(ids))
