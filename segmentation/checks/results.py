"""What a run should not do in silence: notices about data and rules that look wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import polars as pl

from segmentation.audiences.allocate import Audience
from segmentation.checks.found_somebody import found_somebody
from segmentation.customers.describe import Book
from segmentation.errors import agreeing, counted, visible
from segmentation.measures.comparisons import Column, compare
from segmentation.notices import Door, Notice, notice
from segmentation.privacy import ids_after
from segmentation.rules.comparisons import Reading
from segmentation.rules.conditions import Compare
from segmentation.rules.operators import IS
from segmentation.rules.prose import describe, quoted
from segmentation.rules.ruleset import Rules
from segmentation.rules.scalars import Scalar
from segmentation.sources import InputCount

SPREADSHEET: Final = (
    r"^[0-9]([.,][0-9]+)?[Ee]\+[0-9]{2}$"  # 1.23E+18 is what Excel makes of long ids
)


def set_aside(inputs: Iterable[InputCount], of_suppress: Collection[InputCount]) -> list[Notice]:
    """A note for every reason that rows of an input are not used for, rejected ones apart."""
    return [
        notice(
            "rows-set-aside",
            f"{visible(c.path)}: {n:,} of {c.rows_read:,} rows are set aside: {reason}",
            is_of_suppression=c in of_suppress,
        )
        for c in inputs
        for reason, n in c.rows_set_aside.items()
    ]


def unlisted_products(lines: int) -> list[Notice]:
    """A warning about lines whose product is in no catalogue."""
    who = (
        "1 line names a product that is"
        if lines == 1
        else f"{lines:,} lines name products that are"
    )
    text = f"{who} not in products: what products say of them is missing"
    return [notice("unlisted-products", text, is_of_suppression=False)] if lines else []


def rounded_ids(customers: pl.DataFrame, *, is_of_suppression: bool) -> list[Notice]:
    """An error where customers have ids of a spreadsheet that rounded them: several are one."""
    ids = customers["customer_id"]
    wrong = ids.filter(ids.str.contains(SPREADSHEET)).to_list()
    if not wrong:
        return []
    has, them = agreeing(len(wrong), "has an id", "have ids"), agreeing(len(wrong), "it", "them")
    text = (f"{counted(len(wrong), 'customer')} {has} in scientific notation, such as 1.23E+18: a spreadsheet rounded "
            f"{them}, and several customers may have become one{ids_after(wrong)}")  # fmt: skip
    return [notice("rounded-ids", text, is_of_suppression=is_of_suppression, door=Door("If they are no numbers"),
                   mend="Export the ids as text, and do not save the file in a spreadsheet.")]  # fmt: skip


def suppressed_all(audiences: Sequence[Audience]) -> list[Notice]:
    """A warning when suppression takes every member of every persona."""
    matched = sum(a.matched for a in audiences)
    all_gone = matched and matched == sum(a.suppressed for a in audiences)
    text = "suppress takes every member of every persona: check the values its columns hold"
    return [notice("all-suppressed", text)] if all_gone else []


def figures_of_nobody(
    rules: Rules, book: Book, found: Iterable[Reading], customers: pl.DataFrame
) -> list[Notice]:
    """A warning for each figure that suppression or a negation names and no customer has.

    It is no stop: figures are others tomorrow, and nobody may have reached one yet. `customers` are described.
    """
    asked = [r for r in found if r.table == "figures" and (r.is_of_suppression or r.is_negated)]
    return [
        _figure_of_nobody(rules, one, value)
        for one in asked
        if one.column in customers.columns and book.kind(one.column) not in ("text", "flag")
        for value in one.values
        if not _is_somebodys(Column(pl.col(one.column), book.kind(one.column)), value, customers)
    ]


def _is_somebodys(column: Column, value: Scalar, customers: pl.DataFrame) -> bool:
    return bool(customers.select(compare(column, Compare("", IS.name, value)).any()).item())


def _figure_of_nobody(rules: Rules, one: Reading, value: Scalar) -> Notice:
    text = f"no customer has {one.column} {quoted(value)}"
    does = "suppresses nobody" if one.is_of_suppression else "leaves out nobody"
    mend = f"So it {does}. If more than that is meant: {one.column}: {{at_least: {value}}}."
    return notice("unseen-value", text, where=rules.where(one.path), mend=mend,
                  is_of_suppression=one.is_of_suppression)  # fmt: skip


def empty_measures(
    book: Book,
    customers: pl.DataFrame,
    names: Iterable[str],
    of_suppress: Iterable[str],
    told: Collection[str] = (),
) -> list[Notice]:
    """A warning for each `did`, count or share that no customer has: perhaps a value is misspelt.

    `of_suppress` are the names that suppression reads. Of those `told` (by column) a value is
    known to be nobody's.
    """
    spared = book.leaves(of_suppress)
    measures = {
        n: m
        for n, m in {**book.leaves(names), **spared}.items()
        if m is not None and m.where is not None and n not in told
    }
    found = {
        n: m
        for n, m in measures.items()
        if n in customers.columns and not found_somebody(customers[n])
    }
    return [
        notice("nobody-did", f'"{describe(m)}" holds for no customer: is every value written as '
               "the data has it?", is_of_suppression=n in spared)
        for n, m in found.items()
    ]  # fmt: skip
