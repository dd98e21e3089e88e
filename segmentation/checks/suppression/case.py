"""What every check of suppression looks at, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

import polars as pl

from segmentation.checks.doors import quiet
from segmentation.checks.suppression.facts import FileFacts, SourceFacts
from segmentation.checks.suppression.ragged import known_to, ragged_rows
from segmentation.checks.suppression.sources_read import SourcesRead
from segmentation.customers.describe import BASE
from segmentation.dataclass import dataclass
from segmentation.measures.rows import Tables
from segmentation.messages.notices import Door
from segmentation.rules.ruleset import Rules
from segmentation.rules.windows import Span
from segmentation.scan.measuring import KNOWN


@dataclass(frozen=True)
class Case:
    """What suppression reads, what its files hold, and whom it is about.

    `customers`: one row per customer of the base; `left_out`: those who are not in it (columns
    customer_id, and KNOWN where customers are given).
    """

    rules: Rules
    tables: Tables
    reading: SourcesRead
    sources: Sequence[SourceFacts]
    customers: pl.DataFrame
    left_out: pl.DataFrame
    as_of: date
    today: date

    def files(self) -> Iterator[tuple[SourceFacts, FileFacts]]:
        """Every file that suppression reads, with its source."""
        return ((source, file) for source in self.sources for file in source.files)

    @cached_property
    def buyers(self) -> pl.Series:
        """The ids of those who ordered: whom an audience can hold, as their orders name them."""
        return self.customers.filter(pl.col(BASE).fill_null(0) > 0)["customer_id"]

    @cached_property
    def buyers_unlisted(self) -> int | None:
        """How many buyers have no row in customers; None without customers."""
        if KNOWN not in self.customers.columns:
            return None
        return self.customers.filter(pl.col(BASE).fill_null(0) > 0)[KNOWN].null_count()

    @cached_property
    def buyers_rejected(self) -> frozenset[str]:
        """The buyers without a row in customers that could be used, of whom one is rejected."""
        table = self.tables.customers
        parts = [p for tally in table.tallies for p in tally.parts] if table is not None else []
        read = [row for s in self.sources if s.table == "customers" for row in s.ragged]
        ragged = read or [row for part in parts for row in ragged_rows(part)]
        if not ragged:
            return frozenset()
        unlisted = {*self.customers.filter(pl.col(KNOWN).is_null())["customer_id"]}
        known = unlisted & {*self.buyers}
        persons = known_to(ragged, known)
        return frozenset(i for row in ragged for i in row.ids(persons) if i in known)

    @cached_property
    def persons(self) -> pl.Series:
        """The buyers, and the customers without an order where customers are written alike.

        They are when at least half of the buyers have a row there.
        """
        unlisted = self.buyers_unlisted
        if unlisted is None or 2 * unlisted > len(self.buyers):
            return self.buyers
        both = [frame.filter(pl.col(KNOWN)) for frame in (self.customers, self.left_out)]
        return pl.concat([self.buyers, *(frame["customer_id"] for frame in both)])

    @cached_property
    def audience(self) -> pl.Series:
        """The ids of whom an audience can hold, as orders or customers name them.

        With `base: everyone` ids that only events have are in the base too, but they are no proof
        of how ids are written.
        """
        inside = pl.col(BASE).fill_null(0) > 0
        if KNOWN in self.customers.columns:
            inside = inside | pl.col(KNOWN).fill_null(value=False)
        return self.customers.filter(inside)["customer_id"]

    def quiet(self, source: SourceFacts, since: date | None = None) -> Door:
        """The door of a source that may be silent, or something of it since a day."""
        last = since or source.last_day
        silent = 0 if last is None else (self.as_of - last).days
        return quiet(source.table, self.entry(source), silent)

    def entry(self, source: SourceFacts) -> int:
        """The place of a source in the list of its table."""
        sources = self.rules.sources[source.table]
        return next(i for i, one in enumerate(sources) if one is source.source)

    def is_quiet(self, source: SourceFacts) -> bool:
        """Whether the rules say that a source may be silent, and it is not silent for longer."""
        return self.may_be_silent(source, source.last_day)

    def may_be_silent(self, source: SourceFacts, since: date | None) -> bool:
        """Whether the rules say that something of a source may be silent since a day (None: ever)."""
        span = Span.parse(source.source.quiet_for)
        return span is not None and (since is None or since >= span.before(self.as_of))
