"""Which events occur at all: asked of files of the command line, which meet rules of another shop."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import listed
from segmentation.messages.privacy import nameable, nearest_word
from segmentation.rules.look_alikes import alike, misread
from segmentation.rules.measures import ANY_EVENT, PURCHASE
from segmentation.rules.sources import Source
from segmentation.sources import Table, explained


@dataclass(frozen=True)
class Occurring:
    """The events in the rows of a table, and those that its sources declare."""

    table: Table
    sources: tuple[Source, ...]

    def lacks(self, event: str) -> bool:
        """Whether there is no such event."""
        return event not in (PURCHASE, ANY_EVENT) and event not in self._declared | {
            *self._rows["event"]
        }

    def lacks_alike(self, event: str) -> bool:
        """Whether there is none in any spelling either."""
        return self.lacks(event) and not self._spellings(event) & {*self._rows["alike"]}

    def told(self, event: str) -> str:
        """That there is no such event, and what may be meant."""
        near = nearest_word(event, "event", self._counts)
        return f'there is no event "{event}" in the data' + (f" (nearest: {near})" if near else "")

    def known(self) -> str:
        """The events that there are, as far as they may be named."""
        named = sorted(nameable("event", self._counts))
        return f"The data has: {listed(named, most=20)}." if named else ""

    @property
    def _declared(self) -> set[str]:
        words = {word for source in self.sources for word in source.values.get("event", ())}
        return words | {source.event for source in self.sources if source.event}

    @property
    def _counts(self) -> dict[str, int]:
        return dict(self._rows.select("event", "rows").iter_rows())

    @staticmethod
    def _spellings(event: str) -> set[str]:
        words = pl.Series([event, *misread(event)], dtype=pl.String)
        return {*pl.select(alike(pl.lit(words))).to_series()}

    @cached_property
    def _rows(self) -> pl.DataFrame:
        """Each event and how many rows have it, whatever becomes of these: a rejected one may be a no."""
        parts = [part.coded for tally in self.table.tallies for part in tally.parts]
        event = pl.col("event").cast(pl.String)
        with explained([self.table]):
            found = pl.collect_all(
                [
                    part.select(event).group_by("event").agg(pl.len().alias("rows"))
                    for part in parts
                ],
                engine="streaming",
            )
        rows = pl.concat(found).drop_nulls("event").group_by("event").agg(pl.col("rows").sum())
        return rows.with_columns(alike(pl.col("event")).alias("alike"))
