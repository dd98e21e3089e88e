"""The one way from rules to described customers: prepared, measured, fitted, described.

A run, the studies of value and the tests of personas all go it. What differs is data: the tables of
`Prepared` may be invented, `known` thresholds are reused, `given` values and thresholds stand in
the place of what would be computed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Generic, TypeVar

import polars as pl

from segmentation.customers.cuts import Cuts, Values, listings
from segmentation.customers.describe import describe, fit_cuts, with_values
from segmentation.customers.given import Given
from segmentation.dataclass import dataclass
from segmentation.scan.column_values import Counting
from segmentation.scan.measuring import Dates, Measured, measure, measure_at
from segmentation.scan.prepare import Prepared, suppress_nodes

Progress = Callable[[str], None]
Seen = TypeVar("Seen")


class Clock:
    """Says which step runs, and keeps how long each took."""

    def __init__(self, progress: Progress = lambda step: None) -> None:
        self._progress = progress
        self._seconds: dict[str, float] = {}

    @property
    def seconds(self) -> Mapping[str, float]:
        """How long each step took."""
        return dict(self._seconds)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One named step of the run."""
        self._progress(name)
        start = time.perf_counter()
        yield
        self._seconds[name] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True)
class Described(Generic[Seen]):
    """The customers with everything that is said of them, and how it came about.

    `values` are the cuts that list what `for_each` goes over; `seen` is what was found when the
    customers were measured, and nobody described yet.
    """

    measured: Measured
    prepared: Prepared
    values: Sequence[Values]
    cuts: Cuts
    customers: pl.DataFrame
    seen: Seen

    @property
    def suppressors(self) -> Mapping[str, str]:
        """The rules of suppression by label, each with its flag column."""
        return {label: node.name for label, node in suppress_nodes(self.prepared).items()}


def described(
    prepared: Prepared,
    look: Callable[[Measured], Seen],
    *,
    counted: Sequence[Counting] = (),
    known: Cuts | None = None,
    given: Given | None = None,
    clock: Clock | None = None,
) -> Described[Seen]:
    """Measure, fit and describe. `look` may raise where what was measured cannot be trusted."""
    clock = clock or Clock()
    with clock.step("measure"):
        measured = measure(prepared, counted)
        seen = look(measured)
    return _described(measured, seen, clock, known=known, given=given)


def described_at(
    prepared: Prepared,
    dates: Dates,
    look: Callable[[Measured], Seen],
    *,
    clock: Clock | None = None,
) -> Iterator[tuple[date, Described[Seen] | None]]:
    """The same at several dates from one scan; None where nobody was in the base yet.

    `look` is asked once, of what the files hold.
    """
    clock = clock or Clock()
    each, seen = measure_at(prepared, dates), None
    while True:
        with clock.step("measure"):
            measured = next(each, None)
            if measured is None:
                return
            seen = look(measured) if seen is None else seen
        somebody = not measured.customers.is_empty()
        yield measured.as_of, _described(measured, seen, clock) if somebody else None


def _described(
    measured: Measured,
    seen: Seen,
    clock: Clock,
    *,
    known: Cuts | None = None,
    given: Given | None = None,
) -> Described[Seen]:
    prepared, customers = measured.prepared, measured.customers
    if given is not None:
        customers = given.over(customers, prepared.book)
        prepared = replace(prepared, book=given.book(prepared.book))
    book, nodes = prepared.book, prepared.nodes
    personas = (p for p in prepared.possible.personas if p.name in prepared.names)
    values = listings(prepared.request.rules, personas)
    with clock.step("fit"):
        cuts = (
            fit_cuts(book, nodes, customers, measured.as_of, values=values, known=known)
            if given is None
            else with_values(book, values, customers, given.cuts)
        )
    with clock.step("describe"):
        return Described(
            measured, prepared, values, cuts, describe(book, nodes, customers, cuts), seen
        )
