"""How files are to be read, as the keys of a source: what was detected, and what a person has to decide.

The same readings, guesses and messages as those of a run: what is written here is what a run would
have guessed, so that nothing is guessed any more. What a message advises for certain is followed and
read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, counted
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.reading.options import source_of
from segmentation.rules.reading.read_options import Keys
from segmentation.rules.sources import TIME, Source, TableName
from segmentation.rules.word_tests import one_of
from segmentation.sources.beside import elsewhere
from segmentation.sources.columns.advice import Elsewhere
from segmentation.sources.columns.advised_keys import advised_keys, is_to_be_filled
from segmentation.sources.columns.aliases import CURRENCY, canonical_names
from segmentation.sources.columns.amounts import NOTHING, Told, amount_told
from segmentation.sources.columns.amounts_by_currency import by_currency
from segmentation.sources.columns.candidates import pieces_among
from segmentation.sources.columns.consent import (
    Consent,
    consent_of,
    consent_with_orders,
    refusing,
)
from segmentation.sources.columns.consent_channels import names_a_channel, rows_of_mails
from segmentation.sources.columns.contents import Content, contents_of
from segmentation.sources.columns.currencies import words_by_currency
from segmentation.sources.columns.date_formats import ISO
from segmentation.sources.columns.guests import Guests, guests_of
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.mapped import Mapped, Order, mapped
from segmentation.sources.columns.mapping import ColumnsMissing
from segmentation.sources.columns.money_words import says_one_piece
from segmentation.sources.columns.net_amounts import net_of
from segmentation.sources.columns.prices import pieces_beside, two_readings
from segmentation.sources.columns.proposals import (
    FIRST_DAY,
    Proposal,
    Stated,
    proposal,
    states_of,
)
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.recipes import recipes_of
from segmentation.sources.columns.refunds_beside import paid_back
from segmentation.sources.columns.returned import Returned, returned
from segmentation.sources.columns.same_names import with_same_names
from segmentation.sources.columns.states import counts_of_texts, is_of_currencies
from segmentation.sources.columns.taken_off import in_units
from segmentation.sources.columns.total_words import totals_in, without_totals
from segmentation.sources.columns.unread_words import unread_words
from segmentation.sources.joined import with_joined
from segmentation.sources.lookups import lookup_of
from segmentation.sources.read import opened
from segmentation.sources.reader import RawTable
from segmentation.sources.stored import as_text
from segmentation.sources.tables import MOST_ROWS

_MOST_STEPS: Final = 6  # as many keys as messages advise one after the other
_BY_CONTENT: Final = "by what it holds: check it"
_SAID_OF: Final[Mapping[str, str]] = {
    "date_format": "which day comes first?",
    "decimal": "what does the comma mark?",
    "header": "by what the columns hold; check which is which",
    "join": "what it lacks may stand in another file",
    "number": "keep the amounts of this currency alone",
    "rates": "or convert all of them: what is one of each worth?",
    "encoding": "which of these reads the words?",
}


@dataclass(frozen=True)
class Key:
    """One key of a source (of `columns` or `where`, if it stands `under` one), and what is said beside it.

    Of keys that are not `certain` a person decides; the first of several of a name is tried.
    """

    name: str
    value: Any
    said: str = ""
    under: str = ""
    certain: bool = True

    @property
    def is_to_be_filled(self) -> bool:
        """Whether its value has a place for what only a person knows: it cannot be tried."""
        return is_to_be_filled(self.value)


@dataclass(frozen=True)
class Detected:
    """One source: its keys, why it cannot be read without a person, and what is to be known of it."""

    table: TableName
    keys: tuple[Key, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
    has_zone: bool = False
    consents: tuple[Consent, ...] = ()
    """The columns of customers, or of orders, that tell who may be written to."""

    refusals: tuple[str, ...] = ()
    """The events that are a no."""

    cells: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    """The sampled cells of its columns."""

    @property
    def data(self) -> dict[str, Any]:
        """The source as plain data, as it is tried."""
        return _data(self.keys)


def detected(
    table: TableName,
    path: str,
    said: Keys = MappingProxyType({}),
    *,
    of_buyers: frozenset[str] = frozenset(),
    is_beside_others: bool = False,
) -> Detected:
    """How the files of a path are to be read. Raises InputError where they cannot be.

    `said` are keys of the source that are known, `is_beside_others` whether it is not the only source of its table; `of_buyers` are the columns that transactions read customer_id from.
    """
    keys: list[Key] = [Key("path", path), *(Key(name, value) for name, value in said.items())]
    problems: list[Problem] = []
    for _ in range(_MOST_STEPS):
        try:
            return _read(table, keys, problems, of_buyers, is_beside_others=is_beside_others)
        except InputError as error:
            found = list(_advised_by(error, {key.name for key in keys}))
            if not found:
                raise
            keys += found
            problems += [] if all(key.certain for key in found) else error.problems
    raise InputError(*problems)


def _data(keys: Iterable[Key]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key in keys:
        if not key.is_to_be_filled:
            into = data.setdefault(key.under, {}) if key.under else data
            into.setdefault(key.name, key.value)
    return data


def _advised_by(error: InputError, known: set[str]) -> Iterator[Key]:
    """The keys that a message advises and no key says yet."""
    for one in advised_keys(problem.mend for problem in error.problems):
        if one.name not in known:
            said = "" if one.certain and one.name != "date_format" else _SAID_OF.get(one.name, "")
            yield Key(one.name, one.value, said, certain=one.certain)


def _read(
    table: TableName,
    keys: Sequence[Key],
    problems: Sequence[Problem],
    of_buyers: frozenset[str] = frozenset(),
    *,
    is_beside_others: bool = False,
) -> Detected:
    source = source_of(_data(keys))
    order = Order(table, None, None, frozenset(), "auto")
    reader, places = opened(source, may_be_empty=table == "transactions")
    lookups = [lookup_of(one, *opened(one.source), source) for one in source.join]
    read = with_same_names(reader.tables(source, places, reader.oversize(places)), source)
    raws = [with_joined(raw, lookups) for raw in read]
    try:
        tables = [mapped(source, raw, table, of_buyers=of_buyers) for raw in raws]
    except ColumnsMissing as missing:
        lacks = is_beside_others and "amount" in missing.names
        amount = paid_back(raws[0], missing.header.names) if lacks else None
        if amount is not None:
            key = Key("amount", amount, "check: what was paid back is taken off", "columns")
            return _read(table, [*keys, key], problems, of_buyers)
        return _proposed(keys, _Lacking(missing, source, raws[0], order, of_buyers), problems)
    guess = recipes_of(source, tables, order)
    first = tables[0]
    told = _told(first, source)
    is_plain = table == "transactions" and not told.columns
    back = returned(first.raw, guess.found[0], most=MOST_ROWS) if is_plain else None
    states, consents = [*_states(tables, source)], tuple(_consents(first))
    read_otherwise = {*(key.name for key in states), *(one.column for one in consents)}
    return Detected(
        table,
        (
            *_in_order(keys),
            *_doubted(
                told,
                _without_returns(_columns(first, source, told.columns, keys), guess.found[0], back),
            ),
            *_formats(guess.found),
            *states,
            *_totals(first, source),
            *_of_mails(first, source, consents),
        ),
        tuple(problems),
        (*told.remarks, *_unread(first, read_otherwise)),
        has_zone=any("carry a zone" in note for note in guess.notes),
        consents=consents,
        refusals=tuple(refusing(_events(first, source))),
        cells=first.raw.sample,
    )


@dataclass(frozen=True)
class _Lacking:
    """A file that lacks columns."""

    missing: ColumnsMissing
    source: Source
    raw: RawTable
    order: Order
    of_buyers: frozenset[str]

    @property
    def proposal(self) -> Proposal:
        """What may be meant by them."""
        return proposal(self.missing, self.source, self.raw, self.order)

    @property
    def elsewhere(self) -> Elsewhere:
        """What other files of the folder have of them."""
        return elsewhere(self.missing, self.source, self.raw, self.order)


def _proposed(keys: Sequence[Key], one: _Lacking, problems: Sequence[Problem]) -> Detected:
    """The source with what may be meant, read once more."""
    table, found, beside = one.order.table, one.proposal, one.elsewhere
    if beside.sheet is not None:
        sheet = Key("sheet", beside.sheet, "check: the first one lacks columns")
        return _read(table, [*keys, sheet], problems, one.of_buyers)
    if found.key is not None and beside.join:
        joined = Key("join", [*beside.join], f"check: {beside.met}")
        said = "check: customer_id is another for every order"
        buyers = [Key(name, column, said, "columns") for name, column in beside.columns.items()]
        return _read(table, [*keys, joined, *buyers], problems, one.of_buyers)
    more = [
        Key(name, written(spec), _BY_CONTENT, "columns") for name, spec in found.columns.items()
    ]
    if "event" in found.lacking:
        stem = Path(str(keys[0].value)).name.partition(".")[0].removesuffix("s")
        more.append(Key("event", stem, "every row is this event: check its name"))
    if found.counts_days:
        more.append(Key("date_format", FIRST_DAY, "decide: which day is number 0?"))
    lacking = [name for name in found.lacking if name != "event"]
    if not lacking:
        again = _read(table, [*keys, *more], problems, one.of_buyers)
        own = tuple(_of_two_readings(found, key) for key in again.keys)
        return replace(
            again, keys=own, remarks=(*found.remarks, *_start_from(beside), *again.remarks)
        )
    open_keys = [_to_be_decided(name, found) for name in lacking]
    if found.key is not None and not one.source.join:
        join = {"path": "FILE", "key": found.key}
        open_keys.append(Key("join", join, _SAID_OF["join"], certain=False))
    what = Problem(f"no column for {', '.join(lacking)}", str(keys[0].value))
    return Detected(table, (*_in_order(keys), *more, *open_keys), (*problems, what), found.remarks)


def _of_two_readings(found: Proposal, key: Key) -> Key:
    """A key as it is; an amount that may be that of one piece as well is a person's choice."""
    is_open = bool(found.readings) and (key.under, key.name) == ("columns", "amount")
    return replace(key, said=" or ".join(found.readings), certain=False) if is_open else key


def _to_be_decided(name: str, found: Proposal) -> Key:
    """A column that is lacking, with what it may be."""
    if name == "amount" and found.doubted:
        return Key(name, found.doubted, "said above", "columns", certain=False)
    return Key(name, "COLUMN", "no column looks like it", "columns", certain=False)


def _start_from(beside: Elsewhere) -> Iterator[str]:
    if beside.lines is not None:
        path, amount = beside.lines
        yield f"{path} has the lines of these orders, and {amount}: better start from it"


def _in_order(keys: Sequence[Key]) -> list[Key]:
    return [key for key in keys if not key.under]


def _told(one: Mapped, source: Source) -> Told:
    """What the file tells of an amount that no key says yet."""
    if one.header.table != "transactions" or "amount" in source.columns:
        return NOTHING
    known = {name: found[0] for name, found in one.columns.canonical.items() if found}
    return amount_told(known, one.raw, one.header.names)


def _columns(
    one: Mapped, source: Source, told: Mapping[str, ColumnSpec], keys: Sequence[Key]
) -> Iterator[Key]:
    """Which column is which: declared, as the file tells, or as it was found."""
    said = {**source.columns, **told}
    why = {key.name: key.said for key in keys if key.under == "columns"}
    guests = _guests(one, source)
    if guests is not None:
        said["customer_id"] = guests.addresses
        why["customer_id"] = (
            f"decide: or {guests.ids}, which names nobody in {guests.rows} of {guests.of} rows"
        )
    taken = {str(spec) for spec in said.values()}
    found = {name: columns[0] for name, columns in one.columns.canonical.items() if columns}
    for name in dict.fromkeys([*canonical_names(one.header.table), *said, *found]):
        if name in said:
            yield Key(name, written(said[name]), why.get(name, _BY_CONTENT), "columns")
        elif name in found and found[name] not in taken:
            taken.add(found[name])  # a price is the amount, or that of one piece
            is_amount = name == "amount"
            yield _amount(one, found[name]) if is_amount else Key(name, found[name], "", "columns")


def _guests(one: Mapped, source: Source) -> Guests | None:
    """Customers who have an address and no id."""
    if one.header.table != "transactions":
        return None
    ids = one.columns.canonical.get("customer_id", ())
    return guests_of(source, ids, one.raw.sample)


def _amount(one: Mapped, column: str) -> Key:
    """The amount that was found, less its other side, in whole units; a price of one piece times how many."""
    contents = contents_of(one.raw, one.header.names)
    if says_one_piece(column):
        return _of_one_piece(column, pieces_among(contents[n] for n in contents if n != column))
    pieces = pieces_beside(column, contents.values())
    if pieces is not None:
        said = " or ".join(two_readings(column, pieces.name))
        return Key("amount", column, said, "columns", certain=False)
    several = by_currency(column, one.raw, contents)
    if several is not None:
        return Key("amount", several.formula, several.what, "columns", certain=False)
    net = net_of(column, one.raw, contents)
    formula = in_units(net.formula) if net.is_in_cents else net.formula
    return Key("amount", formula, "; ".join(net.remarks), "columns")


def _of_one_piece(price: str, pieces: Content | None) -> Key:
    """The amount of a row where its price is that of one piece; a person's choice where nothing says how many."""
    said = f"{price} is the price of one piece by its name"
    if pieces is None:
        return Key("amount", price, f"{said}: is each row one?", "columns", certain=False)
    return Key("amount", f"{pieces.name} * {price}", f"check: {said}", "columns")


def _doubted(told: Told, keys: Iterable[Key]) -> Iterator[Key]:
    """The columns; the amount is a person's choice where the file tells that it is another, and not which.

    To declare both a quantity and a price is to choose their product: of these the price is left.
    """
    columns = {key.name: key for key in keys}
    if told.is_open and "amount" not in columns:
        quantity, price = columns["quantity"], columns.pop("unit_price")
        columns["amount"] = replace(price, name="amount", value=f"{quantity.value} * {price.value}")
    elif told.is_open:
        columns.pop("unit_price", None)
    for name, key in columns.items():
        is_open = told.is_open and name == "amount"
        yield replace(key, said=told.remarks[0], certain=False) if is_open else key


def _without_returns(keys: Iterable[Key], recipe: Recipe, found: Returned | None) -> Iterator[Key]:
    """The columns; the amount that was found is none to be declared where returns have it above zero."""
    for key in keys:
        yield key if found is None or key.name != "amount" else _signed(key, recipe, found)
    if found is not None and not recipe.has("amount"):
        yield _signed(Key("amount", "COLUMN", under="columns"), recipe, found)


def _signed(key: Key, recipe: Recipe, found: Returned) -> Key:
    """The amount of returns with the sign of their quantity; a person's choice where no price gives it."""
    quantity = found.column
    rows = f"{counted(found.rows, 'row')} with a {quantity} below zero"
    if not found.agrees:
        return replace(key, said=f"{rows} would count as purchases", certain=False)
    formula = f"{quantity} * {recipe.source('unit_price')}"
    return replace(key, value=formula, said=f"check: it takes off {rows}")


_CONSENTS: Final[Mapping[str, Callable[[Content], Consent | None]]] = {
    "customers": consent_of,
    "transactions": consent_with_orders,
}


def _unread(one: Mapped, chosen: Collection[str]) -> list[str]:
    """What transactions have in columns of a few words that nothing reads."""
    if one.header.table != "transactions":
        return []
    return unread_words(contents_of(one.raw, one.columns.others).values(), chosen)


def _consents(one: Mapped) -> Iterator[Consent]:
    """The columns of customers, or of orders, that tell who may be written to."""
    ask = _CONSENTS.get(one.header.table)
    if ask is not None:
        for name, content in contents_of(one.raw, one.columns.others).items():
            found = ask(content)
            if found is not None and (content.filled or _is_filled(name, one.raw)):
                yield found


def _of_mails(one: Mapped, source: Source, consents: Sequence[Consent]) -> Iterator[Key]:
    """Which rows count of customers whose consent is that of a channel: those of mails."""
    if one.header.table != "customers" or source.where:
        return
    if all(not c.conditions or names_a_channel(c.column) for c in consents):
        return
    contents = contents_of(one.raw, one.columns.others).values()
    for name, mails in (rows_of_mails(contents) or {}).items():
        yield Key(
            name, mails, "check: what is said of other channels is no consent to mails", "where"
        )


def _is_filled(name: str, raw: RawTable) -> bool:
    """Whether anything stands in a column behind the rows that were looked at."""
    rows = raw.scan().select(holds(name, raw.schema[name]).any())
    return bool(rows.collect(engine="streaming").item())


def _events(one: Mapped, source: Source) -> Sequence[str]:
    """The events of a source, as far as its first rows have them."""
    if one.header.table != "events" or source.event is not None:
        return [] if source.event is None else [source.event]
    contents = contents_of(one.raw, one.columns.canonical["event"])
    return [event for content in contents.values() for event in content.distinct]


def _formats(recipes: Sequence[Recipe]) -> Iterator[Key]:
    """The formats that were guessed, where all files have the same."""
    first = recipes[0]
    moment = TIME.get(first.table, ("",))[0]
    shapes = {shape for recipe in recipes for shape in recipe.dates.get(moment, ())[:1]}
    if len(shapes) == 1 and moment in first.guessed and not shapes <= {*ISO}:
        yield Key("date_format", shapes.pop(), "detected")
    if {recipe.written.numbers.decimal for recipe in recipes} == {
        ","
    } and "numbers" in first.guessed:
        yield Key("decimal", ",", "detected")


def _states(tables: Sequence[Mapped], source: Source) -> Iterator[Key]:
    """Which rows count: without those that are said to be no sales, in one currency."""
    table = tables[0].header.table
    parts = [Stated(t.raw, _free(t), t.columns.canonical.get("amount", ())) for t in tables]
    for said in states_of(source, table, parts):
        if said.returned and said.without_these is not None:
            what = f"it holds {said.named}; or take refunds off, as segment run says"
            yield Key(said.column, said.without_these, what, "where", certain=False)
        elif said.without_these is not None:
            yield Key(said.column, said.without_these, f"decide: it holds {said.named}", "where")
    yield from _currencies(parts) if table == "transactions" else ()


def _free(one: Mapped) -> list[Content]:
    """The columns that are nothing else than a currency."""
    canonical = one.columns.canonical
    taken = {c for name, columns in canonical.items() if name != CURRENCY for c in columns}
    contents = contents_of(one.raw, one.header.names)
    return [content for name, content in contents.items() if name not in taken]


def _currencies(parts: Sequence[Stated]) -> Iterator[Key]:
    """Which rows count where there are several currencies: those in the commonest."""
    free = [(one, part) for part in parts for one in part.free]
    for column in dict.fromkeys(c.name for c, _ in free if is_of_currencies(c.name, c.cells)):
        texts = pl.concat([part.texts(one) for one, part in free if one.name == column])
        known = words_by_currency(counts_of_texts(texts))
        if len(known) > 1:
            most = [text.strip() for text in next(iter(known.values()))]
            yield Key(
                column,
                one_of(most),
                "decide: amounts of others cannot be added up; or convert all by rates",
                "where",
            )


def _totals(one: Mapped, source: Source) -> Iterator[Key]:
    """Which rows count: without those that add up others."""
    columns = one.columns.canonical.get("customer_id", ())
    if one.header.table != "transactions" or len(columns) != 1 or source.missing:
        return
    text = as_text(columns[0], one.raw.schema[columns[0]]).str.strip_chars().alias("id")
    ids = one.raw.scan().select(text).unique().drop_nulls().collect(engine="streaming")["id"]
    found = sorted(totals_in(ids))
    for name, test in (without_totals(columns[0], found) if found else {}).items():
        yield Key(name, test, "decide: these rows add up others", "where")
