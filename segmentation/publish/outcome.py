"""A run as it was computed: what is published is read off it, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

import polars as pl

from segmentation.audiences.allocate import Allocation, Audience
from segmentation.customers.cuts import Cuts
from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Condition
from segmentation.scan.prepare import Request
from segmentation.sources import InputCount


@dataclass(frozen=True)
class Outcome:
    """A computed run, before anything is written.

    `customers`: one row per customer of the base, sorted by customer_id as text; features,
    dimensions and persona flags under the names that people see, money still in integers of
    1/10,000 (`kinds` tells which).
    """

    request: Request
    as_of: date
    known_until: date
    partial: str  # why the run is not complete, or empty
    suppressors: Mapping[str, Condition | None]  # by label, as asked; None for what is no rule
    customers: pl.DataFrame
    kinds: Mapping[str, Kind]
    headers: Mapping[str, str]  # engine's column -> what people see, where they differ
    cuts: Cuts
    allocation: Allocation
    listed: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    inputs: tuple[InputCount, ...]
    rejected: pl.DataFrame
    left_out: Mapping[str, int]
    notices: tuple[Notice, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    ways: Mapping[str, str] = field(
        default_factory=dict
    )  # how each measure was taken up, by header

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The audiences, in the file's order."""
        return self.allocation.audiences
