"""Rows that `latest_by` sets aside although nobody knows how old they are: one may be the newest "no".

A row without a date is older than any with one. Where suppression reads the source and such a row
says something else, its customer is suppressed; a product's is of no customer, so the run stops.
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import sources_of
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.rules.operators import MISSING
from segmentation.rules.yaml.flow import flow


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


def undated(case: Case) -> Iterator[Undated]:
    """Of every source that suppression reads the ids whose newest row is not known."""
    for table, source, tally in sources_of(case.tables, case.rules):
        is_read = any(one.source is source for one in case.sources)
        if is_read and tally.newest is not None and source.latest_by is not None:
            ids = tally.newest.passed_over.collect(engine="streaming").to_series()
            if len(ids):
                yield Undated(table.name, tally.path, source.latest_by, frozenset(ids))
