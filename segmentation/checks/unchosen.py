"""Rows and amounts that count and should not: states that are no sales, several currencies, totals, refunds beside.

An export of orders has every order, and a log every step. A column that says which of them are
sales, and is asked by nobody, stops the run: any `where` on it is the door.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentation.checks.doubted_amounts import (
    amounts,
    amounts_by_currency,
    prices_of_pieces,
    refunds_of_orders,
    taken_off_twice,
)
from segmentation.checks.guests import guests
from segmentation.checks.lines_of_totals import lines_of_totals
from segmentation.checks.negated import negated
from segmentation.checks.orders_of_nothing import orders_of_nothing
from segmentation.checks.own_address import own_address
from segmentation.checks.returned_quantities import returned_quantities
from segmentation.checks.row_currencies import several_currencies
from segmentation.checks.rows_twice import orders_and_lines, sets_and_parts
from segmentation.checks.sets_by_number import sets_by_number
from segmentation.checks.stops import Input, Stop
from segmentation.checks.total_rows import totals
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice
from segmentation.rules.column_specs import formula_or_spec
from segmentation.rules.operators import MISSING
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.marks import mark_of
from segmentation.sources.columns.refunds_apart import refunds_apart
from segmentation.sources.columns.states import (
    MOST_NAMED,
    Said,
    said_of,
    tells_by_words,
    tells_state,
    to_be_asked,
)
from segmentation.sources.columns.taken_off import tells_refunds

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def unchosen(run: AfterScan) -> Iterator[Notice]:
    """An error for whatever somebody has to decide before rows and amounts of transactions count.

    The last one has the command that decides all of them, where the command line names the files.
    """
    paste = run.pasted
    for stop in run.stops:
        yield stop.told(paste if stop is run.stops[-1] else "")


def stops_of(one: Input) -> list[Stop]:
    """All that has to be decided of one source."""
    beside = list(amounts(one))
    are_taken_off = any(map(_takes_off, beside)) or any(map(tells_refunds, _of_amounts(one)))
    return [
        *beside,
        *(() if beside else prices_of_pieces(one)),
        *amounts_by_currency(one),
        *refunds_of_orders(one),
        *taken_off_twice(one),
        *(() if beside else returned_quantities(one)),
        *_states(one, are_taken_off=are_taken_off),
        *own_address(one),
        *guests(one),
        *several_currencies(one),
        *totals(one),
        *lines_of_totals(one),
        *orders_of_nothing(one),
        *orders_and_lines(one),
        *sets_and_parts(one),
        *sets_by_number(one),
    ]


def _of_amounts(one: Input) -> set[str]:
    """The file's columns of which amounts are made."""
    columns = (part.recipe.columns.canonical for part in one.tally.parts)
    return {name for known in columns for name in known.get("amount", ())}


def _takes_off(stop: Stop) -> bool:
    """Whether what is proposed takes refunds off."""
    amount = formula_or_spec(stop.maps.get("amount"))
    return isinstance(amount, str) and tells_refunds(amount)


# -- states ---------------------------------------------------------------------------------------


def _states(one: Input, *, are_taken_off: bool) -> Iterator[Stop]:
    """A stop for each column in which rows that count are said to be no sales."""
    telling = (c for c, name in one.unasked().items() if _tells(one, c, name))
    every = [said_of(c, one.rows(c), are_taken_off=are_taken_off) for c in telling]
    asked = (c for part in one.tally.parts for c in part.raw.readable if one.asks(c))
    marks = dict.fromkeys(c for c in asked if every and mark_of(c) is not None)
    chosen_by = [said_of(c, one.rows(c)) for c in marks]
    yield from (_unchosen(said, one) for said in to_be_asked(every, chosen_by))


def _tells(one: Input, column: str, name: str) -> bool:
    return tells_state(column) or tells_state(name) or tells_by_words(column, one.sampled(column))


def _unchosen(said: Said, one: Input) -> Stop:
    tests = {} if said.without_these is None else {said.column: said.without_these}
    rows = f"{counted(said.rows, 'row')} would {_counted_as(said)}"
    mend = f"{rows}, and none is left without. {_door(said)}"
    if tests:
        mend = (
            f"{rows}. Choose under sources: {flow({'where': tests})[1:-1]}. "
            f"Where all of them count, name all: any where on {said.column} is taken."
            f"{_of_unknown(said)}{_or_taken_off(said, one)}"
        )
    what = f"{said.column} holds {said.named}, and nothing chooses among them"
    return Stop("unchosen-rows", what, one.tally.path, mend, tests=tests)


def _of_unknown(said: Said) -> str:
    """That words of which nothing is known count as sales."""
    if not said.unknown:
        return ""
    they = agreeing(len(said.unknown), "it counts", "they count")
    names = listed(said.unknown, MOST_NAMED)
    return f"\n  Nothing is known of {names}, and {they}. Name what is no sale in the where, too."


def _door(said: Said) -> str:
    """How to say that all rows count, where each is said to be none: with no word that may not be told."""
    where = flow({"where": {said.column: {MISSING.name: False}}})[1:-1]
    return f"Where all of them count, say so under sources: {where}."


def _counted_as(said: Said) -> str:
    """What becomes of rows that are no sales, if nobody chooses."""
    ways = ["count as a purchase" if said.rows == 1 else "count as purchases"]
    if said.rows_below:
        ways = [*(ways if said.rows > said.rows_below else []), "be taken off spend"]
    return " or ".join(ways)


def _or_taken_off(said: Said, one: Input) -> str:
    """How rows of refunds are counted as what is taken off: as a source of their own."""
    amount = negated(one) if said.returned and one.source.where is None else None
    if amount is None:
        return ""
    return f"\n  {refunds_apart(said, one.entry, one.source.columns, amount)}"
