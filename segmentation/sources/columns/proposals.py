"""What may be meant by the columns that a file lacks: a proposal, every column of which was tried on the file.

It is told, or written for a person to read; nothing is read by it before. So whatever must be decided
before rows count (states of orders, a price beside a quantity: of one piece, or of the line) is told with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, commonest, counted, listed
from segmentation.rules.column_specs import ColumnSpec, Constant, PerOrder, formula_or_spec, written
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import CURRENCY, REQUIRED
from segmentation.sources.columns.amounts import NOTHING, Told, amount_told
from segmentation.sources.columns.amounts_by_currency import by_currency
from segmentation.sources.columns.candidates import (
    are_products,
    candidates,
    is_of_one_piece,
    is_price_of,
    is_without_tax,
    may_count_days,
    order_told_by,
    paid_first,
    pieces_among,
    repeats_on_lines,
)
from segmentation.sources.columns.canonical import canonical
from segmentation.sources.columns.contents import LOOKED_AT, Content, contents_of
from segmentation.sources.columns.formulas import Formula, FormulaError, formula_of, taken_off
from segmentation.sources.columns.formulas import columns_of as columns_in
from segmentation.sources.columns.mapped import Order, mapped
from segmentation.sources.columns.mapping import ColumnsMissing, columns_of
from segmentation.sources.columns.money_words import says_one_piece, tells_discount
from segmentation.sources.columns.net_amounts import Net, net_of
from segmentation.sources.columns.pieces import may_be_pieces, names_pieces
from segmentation.sources.columns.prices import pieces_beside, two_readings
from segmentation.sources.columns.reasons import CODE, REJECTED, Reason
from segmentation.sources.columns.recipes import recipes_of
from segmentation.sources.columns.returned import Returned, returned_among
from segmentation.sources.columns.several_currencies import (
    SeveralCurrencies,
    several_currencies_in,
)
from segmentation.sources.columns.standing_above import standing_above
from segmentation.sources.columns.states import (
    Said,
    above_zero,
    is_of_currencies,
    said_of,
    tells_by_words,
    tells_state,
    to_be_asked,
)
from segmentation.sources.columns.taken_off import in_units, tells_refunds
from segmentation.sources.columns.ways import has_options
from segmentation.sources.columns.whole_amounts import may_be_money, runs_on
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import IN_RULES
from segmentation.sources.stored import as_text

_TRIED: Final = 3  # of the columns that may be meant
#: what stands for columns that are not tried, so that one can be
_STAND_INS: Final[Mapping[str, ColumnSpec]] = {
    "ordered_at": Constant("2020-01-01"),
    "occurred_at": Constant("2020-01-01"),
    "amount": 1,
}
_STAND_IN: Final = Constant("x")
FIRST_DAY: Final = "days since 2017-01-01"
DATES: Final = ("ordered_at", "occurred_at")


@dataclass(frozen=True)
class _Lack:
    """A file, what it lacks, and what its columns hold."""

    missing: ColumnsMissing
    source: Source
    raw: RawTable
    order: Order

    @property
    def table(self) -> str:
        return self.order.table

    @cached_property
    def contents(self) -> Mapping[str, Content]:
        return contents_of(self.raw, self.missing.header.names)

    @cached_property
    def free(self) -> tuple[Content, ...]:
        """The columns that are none yet; a price that nothing multiplies may be the amount."""
        chosen = dict(self.missing.chosen)
        if "amount" in self.missing.names and "unit_price" not in self.missing.header.declared:
            chosen.pop("unit_price", None)
        taken = {column for columns in chosen.values() for column in columns}
        return tuple(one for name, one in self.contents.items() if name not in taken)


@dataclass(frozen=True)
class Proposal:
    """What to write for what is missing, and what is to be known.

    `columns` by canonical name; nothing was found for those that are `lacking`. `states` are columns
    that say which rows are sales. `choices` are what can still be read in two ways, `readings` what the
    amount is if a price is of the line, or of one piece; `key` is what another file may be joined by.
    """

    columns: Mapping[str, ColumnSpec]
    lacking: tuple[str, ...]
    states: tuple[Said, ...]
    remarks: tuple[str, ...]
    counts_days: bool
    choices: tuple[Problem, ...]
    key: str | None
    readings: Mapping[str, str]
    currencies: tuple[SeveralCurrencies, ...]
    doubted: str = ""
    """What the amount may be, for a person to decide; blank where it is no doubt, or nothing looks like it."""
    above: str | None = None
    """The column of days, where customers stand alone in a line above the rows that have one."""


def proposal(missing: ColumnsMissing, source: Source, raw: RawTable, order: Order) -> Proposal:
    """What may be meant where a table lacks columns."""
    lack = _Lack(missing, source, raw, order)
    proposed = _proposed(lack)
    found = proposed.columns
    lacking = tuple(n for n in (*missing.names, *missing.unclear) if n not in found)
    key = missing.chosen.get("order_id")
    is_told_elsewhere = order.table == "transactions" and {*lacking} & {*REQUIRED[order.table]}
    return Proposal(
        columns=found,
        lacking=lacking,
        states=states_of(
            source, order.table, [Stated(raw, lack.free, proposed.amounts, proposed.taken_off)]
        ),
        remarks=tuple(proposed.remarks),
        counts_days=any(_counts_days(lack, found[n]) for n in DATES if n in found),
        choices=() if lacking else _fails(lack, found) or (),
        key=key[0] if key and is_told_elsewhere else None,
        readings={} if proposed.is_told else _readings(lack, found),
        currencies=_currencies(lack),
        doubted=proposed.doubted,
        above=proposed.above,
    )


def _currencies(lack: _Lack) -> tuple[SeveralCurrencies, ...]:
    """The columns of several currencies that nothing chooses from or converts, as far as the first rows tell."""
    if lack.table != "transactions" or lack.source.rates:
        return ()
    asked = {*columns_of(lack.source.where)}
    own = {*lack.missing.chosen.get(CURRENCY, ())}
    counts = {
        name: Counter(one.filled)
        for name, one in lack.contents.items()
        if name not in asked and (name in own or is_of_currencies(name, one.filled))
    }
    told = (
        several_currencies_in(name, {text: found[text] for text in commonest(found)})
        for name, found in counts.items()
    )
    return tuple(one for one in told if one is not None)


@dataclass(frozen=True)
class Stated:
    """A table that may tell states: its columns that are `free`, and those of which its `amounts` are made.

    What is `taken_off` is what the formula of the amount takes off.
    """

    raw: RawTable
    free: Sequence[Content]
    amounts: Sequence[str]
    taken_off: Sequence[str] = ()

    def texts(self, one: Content) -> pl.LazyFrame:
        """What a column says of each row, and whether the amount is above zero."""
        is_above = above_zero(self.amounts[:1], self.raw.schema, self.taken_off)
        return self.raw.scan().select(text=as_text(one.name, one.dtype), is_above=is_above)


def states_of(source: Source, table: str, parts: Sequence[Stated]) -> tuple[Said, ...]:
    """The columns that tell states, of which some are no sales, and that nobody asked.

    Tables whose headers differ are parts of one: what a column says is said by all that have it.
    """
    if table != "transactions" or parts[0].raw.settings is not IN_RULES:
        return ()
    amounts = [name for part in parts for name in part.amounts]
    known = {*columns_of(source.where), *amounts}
    free = [(one, part) for part in parts for one in part.free if one.name not in amounts]
    telling = dict.fromkeys(one.name for one, _ in free if _tells(one))
    are_taken_off = any(map(tells_refunds, amounts))
    found = [
        said_of(
            name,
            pl.concat([part.texts(one) for one, part in free if one.name == name]),
            are_taken_off=are_taken_off,
        )
        for name in telling
    ]
    return tuple(
        to_be_asked(
            [one for one in found if one.column not in known],
            [one for one in found if one.column in known],
        )
    )


def _tells(one: Content) -> bool:
    return tells_state(one.name) or tells_by_words(one.name, one.cells)


@dataclass(frozen=True)
class _Proposed:
    """A column for each name that is missing, as far as there is one, and what is to be said of them.

    `amounts` are the columns of which the amount is made; `doubted` is what it may be, where that is in
    doubt; `is_told`: the file itself tells it.
    """

    columns: Mapping[str, ColumnSpec]
    remarks: Sequence[str]
    amounts: tuple[str, ...]
    taken_off: tuple[str, ...]
    doubted: str
    is_told: bool
    above: str | None


def _proposed(lack: _Lack) -> _Proposed:
    found: dict[str, ColumnSpec] = {n: _first(lack, n) for n in lack.missing.unclear}
    remarks: list[str] = []
    above = _above(lack)
    if above is not None:
        found["customer_id"] = above[0]
        remarks.append(f"{above[0]} names customers in a line above their rows")
    for name in lack.missing.names:
        best = _best(lack, name, found) if name not in found else None
        days = [one.name for one in _left(lack, found) if may_count_days(one)]
        if best is not None:
            found[name] = best
        elif name in DATES and days:
            found[name] = days[0]
            remarks.append(
                f"{days[0]} is a day number and needs an origin: date_format: '{FIRST_DAY}'"
            )
    if CURRENCY in lack.missing.names and CURRENCY not in found:
        code = flow({CURRENCY: {"constant": next(iter(lack.source.rates))}})[1:-1]
        remarks.append(
            f"rates need the currency of each row; of a file in one: `columns: {{{code}}}`"
        )
    net = _net(lack, found) if lack.table == "transactions" else None
    if net is not None and net.has_sides:
        found["amount"] = net.formula
    told = _told(lack, found)
    doubt = _doubt(lack, found, told) if lack.table == "transactions" else None
    if lack.table == "transactions" and doubt is None:
        remarks += list(_of_amounts(lack, found, told))
    if net is not None and doubt is None:
        remarks += net.remarks
        if net.is_in_cents:
            found["amount"] = _in_units(found.get("amount") or net.formula)
    if doubt is not None:
        found.pop("amount", None)
        remarks.append(doubt.said)
    elif [name for name in lack.missing.names if name not in found] == ["amount"]:
        remarks.append(_without_amount(lack, found))
    made = _made_of(lack, found) or (_amounts(lack) if net is None else net.columns)
    doubted = "" if doubt is None else doubt.written
    is_told, day = "amount" in told.columns, above[1] if above is not None else None
    formula = _formula(lack, found)
    off = () if formula is None else taken_off(formula)
    return _Proposed(found, remarks, made, off, doubted, is_told=is_told, above=day)


def _above(lack: _Lack) -> tuple[str, str] | None:
    """The column of customers who stand alone above their rows, and that of the days of these; None where they do not."""
    days = lack.missing.chosen.get("ordered_at", ())
    if lack.table != "transactions" or "customer_id" not in lack.missing.names or len(days) != 1:
        return None
    day = lack.contents.get(days[0])
    found = None if day is None else standing_above(day, list(lack.contents.values()))
    return None if found is None else (found, days[0])


def _first(lack: _Lack, name: str) -> str:
    """Of columns that are all called so, the one that is proposed: of amounts what was paid."""
    names = lack.missing.unclear[name]
    contents = [lack.contents[one] for one in names if one in lack.contents]
    return paid_first(contents)[0].name if name == "amount" and contents else names[0]


def _made_of(lack: _Lack, found: Mapping[str, ColumnSpec]) -> tuple[str, ...]:
    """The columns of the formula that is proposed for the amount; none where it is no formula."""
    formula = _formula(lack, found)
    return () if formula is None else columns_in(formula)


def _formula(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Formula | None:
    """The formula that is proposed for the amount; None where it is no formula."""
    spec = formula_or_spec(found["amount"]) if "amount" in found else None
    with suppress(FormulaError):
        return formula_of(spec, lack.missing.header.names) if isinstance(spec, str) else None
    return None


def _net(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Net | None:
    """What the amount is, less what stands beside it; None where it is declared, or no column."""
    chosen = () if "amount" in lack.missing.header.declared else lack.missing.chosen.get("amount")
    spec = found.get("amount") or (chosen[0] if chosen else None)
    if not isinstance(spec, str) or spec not in lack.contents:
        return None
    net = net_of(spec, lack.raw, lack.contents)
    others = {n: found.get(n, stand_in(n)) for n in lack.missing.names}
    is_read = not net.remarks or _fails(lack, {**others, "amount": net.formula}) is not None
    return net if is_read else Net(spec, (spec,))


def _in_units(amount: ColumnSpec) -> ColumnSpec:
    """An amount that is in cents, in whole units."""
    match amount:
        case PerOrder(formula):
            return PerOrder(in_units(formula))
        case str():
            return in_units(amount)
    return amount


def _amounts(lack: _Lack) -> tuple[str, ...]:
    """The file's columns of which the amount is made, as far as that is known."""
    known = lack.missing.chosen
    return known.get("amount") or known.get("quantity", ())


def _without_amount(lack: _Lack, found: dict[str, ColumnSpec]) -> str:
    """What is said where no name is that of an amount; `found` becomes the one that may be, or that each row counts as 1.

    Of several that may be a person decides.
    """
    left = _left(lack, found)
    may_be = may_be_money(left)
    if len(may_be) == 1 and not runs_on(may_be[0]):
        found["amount"] = may_be[0].name
        return f"{may_be[0].name} may be the amount by what it holds. {_each_row(lack)}"
    if may_be:
        names = listed([one.name for one in may_be])
        return f"The amount may be {names}: this has to be said. {_each_row(lack)}"
    found["amount"] = 1
    count = "for visits without money, `amount: 1` counts each row as 1"
    numbers = [one for one in left if one.kind == "decimal"]
    if not numbers:
        return f"No column is an amount: {count}"
    names = listed([one.name for one in numbers])
    mend = _one_column(lack, "amount", numbers[0].name)
    return f"By its name no column is an amount: {count}. If {names} is what was paid: {mend}"


def _each_row(lack: _Lack) -> str:
    """How to count rows, where none of them is money."""
    return f"If each row counts as 1: {_one_column(lack, 'amount', 1)}"


def stand_in(name: str) -> ColumnSpec:
    """What stands for a column that is still to be found, while the others are tried."""
    return _STAND_INS.get(name, _STAND_IN)


def _best(lack: _Lack, name: str, found: Mapping[str, ColumnSpec]) -> str | None:
    """The first of the columns that may be meant that can be read; `found` are others' already."""
    others = {n: found.get(n, stand_in(n)) for n in lack.missing.names}
    for one in _ranked(lack, name, candidates(name, _left(lack, found)))[:_TRIED]:
        if _fails(lack, {**found, **others, name: one.name}) is not None:
            return one.name
    return None


def _ranked(lack: _Lack, name: str, found: Sequence[Content]) -> Sequence[Content]:
    """The columns that may be meant; of amounts first what is a count times a price in every row."""
    if name != "amount" or len(found) < 2:
        return found
    every = tuple(lack.contents.values())
    return sorted(found, key=lambda one: not are_products(one, every))


def _left(lack: _Lack, found: Mapping[str, ColumnSpec]) -> list[Content]:
    """The columns that nothing was found to be."""
    return [one for one in lack.free if one.name not in found.values()]


def _counts_days(lack: _Lack, spec: ColumnSpec) -> bool:
    return isinstance(spec, str) and spec in lack.contents and may_count_days(lack.contents[spec])


def _fails(lack: _Lack, proposal: Mapping[str, ColumnSpec]) -> tuple[Problem, ...] | None:
    """What is still to be decided where columns are read so; None where most rows cannot be read so."""
    columns = {**lack.source.columns, **proposal}
    if any(isinstance(spec, PerOrder) for spec in columns.values()):
        return ()  # its rows are not read one by one
    is_told = columns.get(CURRENCY) != _STAND_IN
    rates = lack.source.rates if is_told else {}
    source = replace(lack.source, columns=columns, rates=rates)
    try:
        one = mapped(source, lack.raw, lack.table)
        [recipe] = recipes_of(source, [one], replace(lack.order, needs=frozenset())).found
    except InputError as error:
        is_choice = all("reads as" in problem.what for problem in error.problems)
        return error.problems if is_choice else None
    codes = canonical(one.raw.scan().head(LOOKED_AT), recipe, {}).select(CODE).collect()[CODE]
    wrong = codes.is_in([int(reason) for reason in REJECTED])
    first = _on_first_rows(lack, proposal)
    if first is not None:
        wrong &= ~((codes == Reason.AMOUNT) & pl.Series(cell is None for cell in first.cells))
    return () if 2 * wrong.sum() <= len(codes) and (codes != Reason.NO_ID).any() else None


def _on_first_rows(lack: _Lack, proposal: Mapping[str, ColumnSpec]) -> Content | None:
    """The amount where it stands on the first row of each order only, whose other rows lack none."""
    amount = proposal.get("amount") or next(iter(lack.missing.chosen.get("amount", ())), None)
    worth = lack.contents.get(amount) if isinstance(amount, str) else None
    is_so = worth is not None and order_told_by(worth, tuple(lack.contents.values())) is not None
    return worth if is_so else None


# -- what is said besides -------------------------------------------------------------------------


def _of_amounts(lack: _Lack, found: dict[str, ColumnSpec], told: Told) -> Iterator[str]:
    """What is said of an amount that nobody declared; `found` becomes what the file tells of it."""
    if "amount" in lack.missing.header.declared:
        return
    yield from told.remarks or _of_pieces(lack, found)
    is_once = told.columns.get("amount") == PerOrder(str(found.get("amount")))
    if is_once:
        yield from _of_tax(lack, found)
    found.update(told.columns)
    if told.remarks and not is_once:
        yield from _of_tax(lack, found)
    yield from _returned(lack, found)


def _told(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Told:
    """What the file tells of an amount that nobody declared."""
    if lack.table != "transactions" or "amount" in lack.missing.header.declared:
        return NOTHING
    known, piece = _known(lack, found), _price_of_piece(lack, found)
    if piece is None:
        return amount_told(known, lack.raw, lack.missing.header.names)
    of_piece = {name: column for name, column in known.items() if name != "amount"} | piece
    told = amount_told(of_piece, lack.raw, lack.missing.header.names)
    return _of_one_piece(lack, of_piece) if told == NOTHING else told


def _price_of_piece(lack: _Lack, found: Mapping[str, ColumnSpec]) -> dict[str, str] | None:
    """Quantity and price by canonical name, where the amount is called by what one piece costs; None where it is not."""
    name = _known(lack, found).get("amount")
    worth = lack.contents.get(name) if name is not None and says_one_piece(name) else None
    pieces = _pieces(lack, worth)
    if worth is None or pieces is None:
        return None
    return {"quantity": pieces.name, "unit_price": worth.name}


def _of_one_piece(lack: _Lack, known: Mapping[str, str]) -> Told:
    """The amount as a quantity times the price of one piece, and how to say that it is that of the line."""
    quantity, price = known["quantity"], known["unit_price"]
    what = (
        f"{price} is that of one piece by its name, and is multiplied by {quantity}. "
        f"If it is that of the line: {_one_column(lack, 'amount', price)}"
    )
    less = (
        f"{one.name} is not taken off that amount. If it is money off the line: "
        f"{_one_column(lack, 'amount', f'{quantity} * {price} - {one.name}')}"
        for one in lack.contents.values()
        if tells_discount(one.name) and one.kind in ("decimal", "whole") and any(one.numbers)
    )
    return Told({"amount": f"{quantity} * {price}"}, (what, *less))


@dataclass(frozen=True)
class _Doubt:
    """Why what looks like the amount is not proposed, and what a person may write."""

    said: str
    written: str


def _doubt(lack: _Lack, found: Mapping[str, ColumnSpec], told: Told) -> _Doubt | None:
    """A doubt in what looks like the amount: it is that of one currency, it is before what came back and nothing
    tells how much, or it is of one piece and nothing says of how many."""
    name = found.get("amount")
    if not isinstance(name, str) or name not in lack.contents:
        return None
    several = by_currency(name, lack.raw, [one.name for one in _left(lack, found)])
    piece = _price_of_piece(lack, found)
    if several is not None:
        times = "" if piece is None else f"{piece['quantity']} * "
        formula = f"{times}({several.formula})" if times else several.formula
        ways = _one_column(lack, "amount", formula), _one_column(lack, "amount", times + name)
        said = f"{several.what}: {ways[0]}, or of one currency alone {ways[1]}"
        return _Doubt(said, formula)
    if told.is_open:
        way = _one_column(lack, "amount", name)
        return _Doubt(f"{told.remarks[0]}. If it is without them: {way}", name)
    if says_one_piece(name) and piece is None:
        said = (
            f"{name} is the price of one piece by its name, and no column is known to say how many"
        )
        way = _one_column(lack, "amount", name)
        return _Doubt(f"{said}. If each row is one piece: {way}", name)
    return None


def _returned(lack: _Lack, found: dict[str, ColumnSpec]) -> Iterator[str]:
    """That some amounts are of returns whose sign stands at the quantity alone; where a price tells, their product."""
    name = found.get("amount")
    worth = lack.contents.get(name) if isinstance(name, str) else None
    if worth is None:
        return
    for pieces in _counting(lack, worth):
        price = next((one for one in _left(lack, found) if is_price_of(one, pieces, worth)), None)
        back = returned_among(pieces, worth, agrees=price is not None)
        if back is not None:
            if price is not None:
                found["amount"] = f"{pieces.name} * {price.name}"
            yield _said_of_returns(lack, back, worth.name)
            return


def _said_of_returns(lack: _Lack, back: Returned, worth: str) -> str:
    is_option = has_options(lack.source, lack.table)
    tests = back.sold() if back.is_told else {}
    options = " ".join(as_where(*one) for one in tests.items())
    choice = options if is_option else flow({"where": tests})
    leave_out = f". To leave them out: {choice}" if tests else ""
    return (
        f"{back.column} is below zero in {counted(back.rows, 'row')} where {worth} is above: returns, which "
        f"{worth} alone counts as purchases{leave_out}"
    )


def _counting(lack: _Lack, worth: Content) -> Iterator[Content]:
    """The columns that may be how many pieces: the quantity, else by name, else by what they hold."""
    known = lack.missing.chosen.get("quantity", ())
    every = [c for one in known[:1] if (c := lack.contents.get(one)) is not None]
    free = (one for one in lack.free if one is not worth and may_be_pieces(one.name, one.cells))
    yield from [*every, *sorted(free, key=lambda one: not names_pieces(one.name))]


def _once(lack: _Lack, found: Mapping[str, ColumnSpec], worth: Content) -> PerOrder | None:
    """A column as an amount that counts once per order; None where each line has its own."""
    order = lack.contents.get(_known(lack, found).get("order_id", ""))
    if order is None or not repeats_on_lines(worth, order):
        return None
    return None if are_products(worth, tuple(lack.contents.values())) else PerOrder(worth.name)


def _known(lack: _Lack, found: Mapping[str, ColumnSpec]) -> dict[str, str]:
    """The columns of the file by canonical name: as they are called, or as they are proposed."""
    named = {name: columns[0] for name, columns in lack.missing.chosen.items() if columns}
    return named | {name: spec for name, spec in found.items() if isinstance(spec, str)}


def _of_pieces(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Iterator[str]:
    """That a price may be that of one piece, or of the line: nothing in the file tells."""
    made = _made_of_price(lack)
    if made is not None:
        quantity, price = made
        yield (
            f"The amount is {quantity} × {price}, if {price} is that of one piece. "
            f"If it is that of the line: {_one_column(lack, 'amount', price)}"
        )
    yield from _of_tax(lack, found)
    name = found.get("amount")
    worth = lack.contents.get(name) if isinstance(name, str) else None
    pieces = _pieces(lack, worth)
    if worth is not None and pieces is not None and is_of_one_piece(worth):
        formula = f"{worth.name} * {pieces.name}"
        yield (
            f"{worth.name} stands beside {pieces.name}, and is read as the amount of the line. "
            f"If it is that of one piece: {_one_column(lack, 'amount', formula)}"
        )


def _of_tax(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Iterator[str]:
    """That the amount stands there without tax or delivery, too."""
    name, left = found.get("amount"), _left(lack, found)
    named = [
        lack.contents[one] for one in lack.missing.unclear.get("amount", ()) if one in lack.contents
    ]
    others = [one for one in (*named, *candidates("amount", left)) if one.name != name]
    bare = next((one for one in others if is_without_tax(one) and not is_of_one_piece(one)), None)
    if bare is not None and name in lack.contents and not is_without_tax(lack.contents[str(name)]):
        spec = _once(lack, found, bare) or bare.name
        yield f"{name} stands beside {bare.name}. To count that: {_one_column(lack, 'amount', spec)}"


def _readings(lack: _Lack, found: Mapping[str, ColumnSpec]) -> Mapping[str, str]:
    """The amount by what a price may be, where it stands beside a quantity; nothing where none does."""
    guessed = (
        None if "amount" in lack.missing.header.declared else lack.missing.chosen.get("amount")
    )
    if guessed:
        pieces = pieces_beside(guessed[0], lack.free)
        return {} if pieces is None else two_readings(guessed[0], pieces.name)
    made = _made_of_price(lack)
    amount = found.get("amount")
    if made is not None and amount is None and says_one_piece(made[1]):
        return {}
    if made is not None and amount is None:
        quantity, price = made
    else:
        worth = lack.contents.get(amount) if isinstance(amount, str) else None
        pieces = _pieces(lack, worth)
        if worth is None or pieces is None or not is_of_one_piece(worth):
            return {}
        quantity, price = pieces.name, worth.name
    return two_readings(price, quantity)


def _pieces(lack: _Lack, worth: Content | None) -> Content | None:
    """The column of how many pieces, known or by its name; None where each row is one."""
    known = lack.missing.chosen.get("quantity", ())
    if known:
        return lack.contents.get(known[0])
    return pieces_among(one for one in lack.free if one is not worth)


def _one_column(lack: _Lack, name: str, spec: ColumnSpec) -> str:
    """How to say one column more: the option, or the key of the rules."""
    return (
        as_map(name, spec)
        if has_options(lack.source, lack.table)
        else f"columns: {{{name}: {spec if isinstance(spec, str) else flow(written(spec))}}}"
    )


def _made_of_price(lack: _Lack) -> tuple[str, str] | None:
    """The columns of quantity and price of which an amount is made that nobody declared."""
    known = lack.missing.chosen
    is_made = (
        "amount" not in {*known, *lack.missing.unclear}
        and {"quantity", "unit_price"} <= known.keys()
    )
    if not is_made or {"quantity", "unit_price"} <= lack.missing.header.declared.keys():
        return None
    return known["quantity"][0], known["unit_price"][0]
