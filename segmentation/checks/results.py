"""What a run should not do in silence: notices about customers and audiences that look wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from segmentation.audiences.cells import of_data
from segmentation.checks.found_somebody import found_somebody
from segmentation.comparing.comparisons import Column, compare
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare
from segmentation.rules.fits import fits
from segmentation.rules.operators import AT_LEAST, IS, LESS_THAN
from segmentation.rules.prose import describe, quoted
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar
from segmentation.scan.prepare import suppress_names

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation, AfterScan


def unlisted_products(run: AfterScan) -> Iterator[Notice]:
    """A warning about lines whose product is in no catalogue."""
    lines = run.measured.strays
    who = (
        "1 line names a product that is"
        if lines == 1
        else f"{lines:,} lines name products that are"
    )
    if lines:
        text = f"{who} not in products: what products say of them is missing"
        yield notice("unlisted-products", text, is_of_suppression=False)


def suppressed_all(run: AfterAllocation) -> Iterator[Notice]:
    """A warning when suppression takes every member of every persona."""
    matched = sum(a.matched for a in run.audiences)
    if matched and matched == sum(a.suppressed for a in run.audiences):
        text = "suppress takes every member of every persona: check the values its columns hold"
        yield notice("all-suppressed", text)


def empty_personas(run: AfterAllocation) -> Iterator[Notice]:
    """A warning about the audiences without members; those named by values of the data are counted."""
    empty = [a.cell for a in run.audiences if not a.matched]
    names = [cell.name for cell in empty if not cell.is_named_by_data]
    if len(names) == 1:
        yield notice("empty-persona", f"persona {names[0]} has no members")
    elif names:
        text = f"{len(names)} personas have no members: {listed(names)}"
        yield notice("empty-persona", text)
    for persona, cells in of_data(empty).items():
        has, values = agreeing(len(cells), "has", "have"), ids_after([c.name for c in cells])
        text = f"{counted(len(cells), 'audience')} of persona {persona} {has} no members{values}"
        yield notice("empty-persona", text)


def figures_of_nobody(run: AfterAllocation) -> Iterator[Notice]:
    """A warning for each figure that suppression or a negation names and no customer has.

    It is no stop: figures are others tomorrow, and nobody may have reached one yet. What can be no
    such figure is a doubt about the rules (`compared_values`).
    """
    book, customers = run.book, run.customers
    for one in run.compared:
        is_asked = one.table == "figures" and (one.is_of_suppression or one.is_negated)
        if not is_asked or one.column not in customers.columns:
            continue
        column = Column(pl.col(one.column), book.kind(one.column))
        if column.kind not in ("text", "flag"):
            figures = (v for v in one.values if fits(v, column.kind))
            nobodys = (v for v in figures if not _is_somebodys(column, v, customers))
            yield from (_figure_of_nobody(run.rules, one, value) for value in nobodys)


def _is_somebodys(column: Column, value: Scalar, customers: pl.DataFrame) -> bool:
    return bool(customers.select(compare(column, Compare("", IS.name, value)).any()).item())


def _figure_of_nobody(rules: Rules, one: Reading, value: Scalar) -> Notice:
    text = f"no customer has {one.column} {quoted(value)}"
    does = "leaves out nobody"
    if one.is_of_suppression:
        does = "spares nobody" if one.is_negated else "suppresses nobody"
    more = (LESS_THAN if one.test.op.negates else AT_LEAST).name
    mend = f"So it {does}. If more than that is meant: {one.column}: {{{more}: {value}}}."
    return notice(
        "unseen-value",
        text,
        where=rules.where(one.path),
        mend=mend,
        is_of_suppression=one.is_of_suppression,
    )


def empty_measures(run: AfterAllocation) -> Iterator[Notice]:
    """A warning for each `did`, count or share that no customer has: perhaps a value is misspelt.

    Not where a value that it compares is known to be nobody's: that is said already.
    """
    book, customers = run.book, run.customers
    spared = book.leaves(suppress_names(run.prepared))
    told = {book.name(one) for one in run.doubts.unseen}
    for name, one in {**book.leaves(run.prepared.names), **spared}.items():
        if one is None or one.where is None or name in told or name not in customers.columns:
            continue
        if not found_somebody(customers[name]):
            text = f'"{describe(one)}" holds for no customer: is every value written as the data has it?'
            yield notice("nobody-did", text, is_of_suppression=name in spared)
