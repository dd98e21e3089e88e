"""Columns and events that tell who must not be written to, and that no suppress rule reads.

They are told by names and by the cells that were read when the files were opened: no row is read for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, listed
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import FEWEST_CUSTOMERS, nameable
from segmentation.rules.comparisons import events_in, readings
from segmentation.rules.conditions import Condition
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import ALIASES
from segmentation.sources.columns.consent import (
    Consent,
    by_last_order,
    consent_of,
    consent_with_orders,
    is_of_another_channel,
    is_undecided,
    refusing,
    words_of_list,
)
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.reasons import UNCHOSEN
from segmentation.sources.tables import Portion, Tally

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

#: what cells of columns are like that are stored as no text, and that no sample has
_STORED: Final[Mapping[type[pl.DataType], tuple[str, ...]]] = {
    pl.Boolean: ("true", "false"),
    pl.Date: ("2000-01-31",),
    pl.Datetime: ("2000-01-31",),
}
_MOST_NAMED: Final = 8  # words
Holder = Literal["customers", "transactions", "events"]


@dataclass(frozen=True)
class _Read:
    """The columns and events that conditions ask for."""

    columns: frozenset[tuple[str, str]]
    events: frozenset[str]

    def __or__(self, other: _Read) -> _Read:
        return _Read(self.columns | other.columns, self.events | other.events)

    def __and__(self, other: _Read) -> _Read:
        return _Read(self.columns & other.columns, self.events & other.events)


def consent_unread(run: AfterScan) -> Iterator[Notice]:
    """A warning for each column and event that tells who said no, and that suppress does not read.

    What every persona asks for is read. Files of the command line are told of by what is left out.
    """
    personas = [one.name for one in run.prepared.possible.personas]
    if not personas or any(one.is_of_suppression for one in run.prepared.possible.warnings):
        return
    suppress = _read(run, tuple(run.prepared.possible.suppress.values()))
    every = (_read(run, (run.rules.personas[name].match,)) for name in personas)
    read = suppress | reduce(and_, every)
    customers = [*_in_parts(run, "customers", consent_of)]
    are_mails_read = _are_mails_read(customers, read)
    told = [*_of_customers(customers, read, are_mails_read=are_mails_read)]
    yield from told
    if not told and not are_mails_read:
        yield from _of_orders(run, read)
    yield from _of_events(run, read)


def _read(run: AfterScan, conditions: Sequence[Condition]) -> _Read:
    found = readings(run.rules, conditions, ())
    return _Read(frozenset((one.table, one.column) for one in found), events_in(found))


def _sources(run: AfterScan, name: Holder) -> Iterator[tuple[int, Source, Tally]]:
    table = getattr(run.prepared.headers, name)
    pairs = zip(run.rules.sources[name], table.tallies, strict=True) if table is not None else ()
    yield from ((i, *pair) for i, pair in enumerate(pairs))


@dataclass(frozen=True)
class _Part:
    """Files of a source, and which of their columns tell of consent, each with its cells."""

    entry: tuple[Holder, int]
    source: Source
    tally: Tally
    columns: tuple[tuple[Consent, Content], ...]

    @property
    def consents(self) -> list[Consent]:
        """Those that tell it by what stands there."""
        return [one for one, _ in self.columns if one.conditions]

    @property
    def undecided(self) -> list[tuple[Consent, Content]]:
        """Those that do by their name, and of which nobody knows what they say."""
        return [pair for pair in self.columns if is_undecided(*pair)]


def _in_parts(
    run: AfterScan, name: Holder, ask: Callable[[Content, str], Consent | None]
) -> Iterator[_Part]:
    """The files of a table, each column asked once."""
    for i, source, tally in _sources(run, name):
        yield from _of_source(source, tally, (name, i), ask)


def _of_source(
    source: Source,
    tally: Tally,
    entry: tuple[Holder, int],
    ask: Callable[[Content, str], Consent | None],
) -> Iterator[_Part]:
    for part in tally.parts:
        asked = ((ask(content, name), content) for name, content in _contents(part))
        columns = tuple((one, content) for one, content in asked if one is not None)
        yield _Part(entry, source, tally, columns)


def _are_mails_read(customers: Iterable[_Part], read: _Read) -> bool:
    """Whether suppress reads a column of customers that tells who may be sent mails."""
    names = (one.column for part in customers for one, _ in part.columns)
    return any(
        ("customers", name) in read.columns and not is_of_another_channel(name) for name in names
    )


# -- customers ------------------------------------------------------------------------------------


def _of_customers(
    customers: Iterable[_Part], read: _Read, *, are_mails_read: bool
) -> Iterator[Notice]:
    told = {column for table, column in read.columns if table == "customers"}
    for part in customers:
        for one in part.consents:
            if one.column not in told | part.source.values.keys():
                told.add(one.column)
                if are_mails_read and is_of_another_channel(one.column):
                    continue
                rules = ", ".join(flow(condition) for condition in one.conditions)
                yield _unread_column(one, rules, part.tally.path, part.entry)
        for one, held in part.undecided:
            if one.column not in told | part.source.values.keys():
                told.add(one.column)
                yield _undecided_column(one, held, part.tally.path, part.entry)


def _contents(part: Portion) -> Iterator[tuple[str, Content]]:
    """The columns that may tell of consent, as rules call them, with the cells of the sample."""
    for column, name in _named(part):
        dtype = part.raw.schema[column]
        cells = part.raw.sample.get(column) or _STORED.get(dtype.base_type(), ())
        texts = tuple((cell or "").strip() or None for cell in cells)
        yield name, Content(column, 0, texts, dtype)


def _named(part: Portion) -> Iterator[tuple[str, str]]:
    """The columns without a meaning to the tool, and how rules call them."""
    known, columns = ALIASES[part.recipe.table], part.recipe.columns
    renamed = ((cs[0], name) for name, cs in columns.canonical.items() if cs and name not in known)
    yield from ((name, name) for name in columns.others)
    yield from ((column, name) for column, name in renamed if column in part.raw.schema)


def _unread_column(
    one: Consent, rules: str, path: str, entry: tuple[Holder, int], features: str = ""
) -> Notice:
    table, i = entry
    door = Door(_NOTHING, table, (i,), values=((one.column, one.words),)) if one.words else None
    text = f"{one.column} tells who may be written to, and no suppress rule reads it"
    also = [f" Add {flow(rule)} if these words say no, too." for rule in one.choices]
    mend = f"Write {features}suppress: [{rules}] ({one.said}).{''.join(also)}"
    return _notice(text, path, mend, door)


def _undecided_list(one: Consent, path: str, rule: str) -> Notice:
    """Words of a list that may be a refusal, where none is known."""
    words = [word for choice in one.choices for word in words_of_list(choice)]
    text = f"{one.column} has words that may say who must not be written to, and no suppress rule reads it: {listed(words, _MOST_NAMED)}"
    return _notice(text, path, f"If they say so, write suppress: [{rule}].", None)


def _undecided_column(
    one: Consent, held: Content, path: str, entry: tuple[Holder, int], event: str = ""
) -> Notice:
    """What a column holds of which somebody has to say what is a yes; no rule is known."""
    table, i = entry
    name = one.column
    words = _words_of(name, Counter(held.filled))
    hidden = len(held.distinct) - len(words)
    shown = [*words, *([counted(hidden, "other value")] if words and hidden else [])]
    holds = listed(shown, _MOST_NAMED) if words else counted(hidden, "different value")
    rules = [{"did": {"event": event, "where": r}} if event else r for r in one.choices]
    if any(map(words_of_list, one.choices)):
        return _undecided_list(one, path, flow(rules[0]))
    texts = [f"suppress: [{flow(rule)}]" for rule in rules]
    door = None if hidden else Door(_NOTHING, table, (i,), values=((name, words),))
    text = (
        f"by its name {name} tells who may be written to, or who must not, and no suppress rule reads it; "
        f"it holds {holds}, and nobody but you can tell which is which"
    )
    if len(texts) > 1:
        mend = f"Write {texts[0]} if whoever has something there must not be written to, {texts[1]} if whoever has nothing."
    else:
        mend = f"For WORD write what stands there where somebody may be written to: {texts[0]}."
    return _notice(text, path, mend, door)


def _words_of(name: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """The words that may be named; several beside each other are perhaps a person, unless many share them."""
    words = nameable(name, counts, of_customers=True)
    return tuple(w for w in words if len(w.split()) == 1 or counts[w] >= FEWEST_CUSTOMERS)


# -- orders ---------------------------------------------------------------------------------------


def _of_orders(run: AfterScan, read: _Read) -> Iterator[Notice]:
    """Columns of orders that tell of consent, where no column of customers does."""
    told, asked = {column for _, column in read.columns}, set[str]()
    for part in _in_parts(run, "transactions", consent_with_orders):
        for one in part.consents:
            _, i = part.entry
            if one.column not in told | part.source.values.keys():
                told.add(one.column)
                features, [rule] = by_last_order([one])
                rules = ", ".join(flow(condition) for condition in rule.conditions)
                asked.add(one.column)
                first = f"features: {flow(features)} and " if features else ""
                yield _unread_column(one, rules, part.tally.path, part.entry, first)
            elif one.column in told - asked - part.source.values.keys():
                rows = _rows_not_chosen(run, i)
                if rows:
                    asked.add(one.column)
                    yield _said_aside(one, part.tally, i, rows)


def _rows_not_chosen(run: AfterScan, number: int) -> int:
    """How many rows of a source of transactions its `where` sets aside."""
    inputs = [one for one in run.measured.inputs if one.table == "transactions"]
    aside = inputs[number].rows_set_aside
    return sum(rows for reason, rows in aside.items() if reason.startswith(UNCHOSEN))


def _said_aside(one: Consent, tally: Tally, entry: int, rows: int) -> Notice:
    """Of a consent that is read of the orders that count: a no may stand with another."""
    who = next(c for part in tally.parts for c in part.recipe.columns.canonical["customer_id"])
    when = next(c for part in tally.parts for c in part.recipe.columns.canonical["ordered_at"])
    source = {"path": tally.path, "columns": {"customer_id": who}, "latest_by": when}
    text = f"suppress reads {one.column} of the rows that where chooses: what stands with {counted(rows, 'other row')} is not asked"
    mend = f"To ask all of them, read it of customers: {flow({'customers': source})[1:-1]}."
    door = Door(
        "If nobody said no with them", "transactions", (entry,), values=((one.column, one.words),)
    )
    return _notice(text, tally.path, mend, door)


# -- events ---------------------------------------------------------------------------------------


def _of_events(run: AfterScan, read: _Read) -> Iterator[Notice]:
    told = {*read.events}
    if ANY_EVENT in run.of_suppress.events:
        return
    for i, source, tally in _sources(run, "events"):
        events = _events(source, tally)
        for event in refusing(events):
            if event not in told and event not in source.values.get("event", ()):
                told.add(event)
                text = f"the event {event} tells who must not be written to, and no suppress rule reads it"
                door = Door(_NOTHING, "events", (i,), values=(("event", (event,)),))
                yield _notice(text, tally.path, f"Write suppress: [{flow({'did': event})}].", door)
        if told.isdisjoint(events):
            yield from _columns_of(source, tally, i)


def _columns_of(source: Source, tally: Tally, number: int) -> Iterator[Notice]:
    """The columns of events that nobody reads, where all of them are one and the same event."""
    if source.event is None:
        return
    entry: tuple[Holder, int] = ("events", number)
    parts = [*_of_source(source, tally, entry, consent_of)]
    consents = {one.column: one for part in parts for one in part.consents}
    for column in sorted(consents.keys() - source.values.keys()):
        conditions = consents[column].conditions
        rules = [flow({"did": {"event": source.event, "where": c}}) for c in conditions]
        yield _unread_column(consents[column], ", ".join(rules), tally.path, entry)
    undecided = {one.column: (one, held) for part in parts for one, held in part.undecided}
    for column in sorted(undecided.keys() - consents.keys() - source.values.keys()):
        yield _undecided_column(*undecided[column], tally.path, entry, source.event)


def _events(source: Source, tally: Tally) -> Sequence[str]:
    """The events of a source, as far as samples have them."""
    if source.event is not None:
        return [source.event]
    pairs = ((part, c) for part in tally.parts for c in part.recipe.columns.canonical["event"])
    cells = (cell for part, column in pairs for cell in part.raw.sample.get(column, ()))
    return list(dict.fromkeys(cell.strip() for cell in cells if cell))


_NOTHING: Final = "If it says nothing of that"


def _notice(text: str, path: str, mend: str, door: Door | None) -> Notice:
    off: Any = "" if door else f" {_NOTHING}: notices: {{consent-unread: off}}."
    return notice("consent-unread", text, where=path, mend=f"{mend}{off}", door=door)
