"""What is said where a file lacks columns: all that is missing at once, and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, listed, shell_word, visible
from segmentation.messages.privacy import is_row_of_data, told_headers
from segmentation.rules.column_specs import ColumnSpec
from segmentation.rules.operators import MISSING
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import canonical_names
from segmentation.sources.columns.mapped import Order
from segmentation.sources.columns.mapping import ColumnsMissing, either
from segmentation.sources.columns.proposals import FIRST_DAY, Proposal, proposal
from segmentation.sources.columns.refunds_apart import refunds_apart, signed
from segmentation.sources.columns.ways import has_options, in_rules, keys_besides, of_init, said
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import A_COLUMN


@dataclass(frozen=True)
class Elsewhere:
    """What other files of the folder have of what a file lacks: joined to it, and how well they meet.

    `lines` is a file of the lines of its orders, and their amount.
    """

    join: Sequence[Mapping[str, Any]] = ()
    met: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Who bought, where the column of customers is another for every order."""
    lines: tuple[str, str] | None = None
    sheet: str | None = None
    """The sheet of the workbook that has them."""

    sheets: tuple[str, ...] = ()
    """The other sheets, where only the first one was looked into."""


def advised(
    missing: ColumnsMissing,
    source: Source,
    raw: RawTable,
    order: Order,
    *,
    elsewhere: Elsewhere,
    every: Sequence[Source],
    paid_back: str = "",
) -> InputError:
    """What is missing as one problem, with what to write; `every` are all sources of the table.

    `paid_back` is the amount of refunds that `source` has in the place of one.
    """
    header = missing.header
    lacking = [*missing.names, *(["amount"] if paid_back else [])]
    names = listed(lacking, len(lacking))
    also = " (and no quantity with unit_price)" if "amount" in lacking else ""
    what = [f"no column for {names}{also}"] if lacking else []
    what += [f"{n} could be read from {either(found)}" for n, found in missing.unclear.items()]
    unknown = [n for n in header.declared if n not in canonical_names(order.table)]
    hint = f" (unknown canonical name: {listed(unknown)})" if unknown else ""
    columns = f"Its columns: {told_headers(header.names, len(header.names))}{hint}"
    ways = _ways(_Way(missing, source, raw, order.table, elsewhere, every, paid_back), order)
    return InputError(Problem("; ".join(what), header.shown, "\n  ".join([columns, *ways])))


def _ways(way: _Way, order: Order) -> list[str]:
    """What is to be known and what to write, a line each; the last is to be pasted."""
    missing = way.missing
    if is_row_of_data(missing.header.names):
        return [way.line(dict.fromkeys(missing.names, A_COLUMN))]
    if way.paid_back and not (missing.names or missing.unclear):
        return [
            way.of_refunds,
            *way.of_init,
            f"In the rules: {way.in_rules(way.source.columns, {})}",
        ]
    found = proposal(missing, way.source, way.raw, order)
    if way.paid_back:
        return [way.of_refunds, *_to_paste(way, found)]
    apart = _apart(missing, found, way.source) if way.has_options else ()
    return [*found.remarks, *_said_beside(missing, found), *apart, *_to_paste(way, found)]


def _apart(missing: ColumnsMissing, found: Proposal, source: Source) -> Iterator[str]:
    """How refunds are taken off, which what is pasted leaves out."""
    is_whole = not (found.lacking or found.choices or found.counts_days or found.readings)
    columns = {**source.columns, **found.columns}
    known = missing.chosen
    named = known.get("amount") or [c for n in ("quantity", "unit_price") for c in known.get(n, ())]
    amount = signed(columns.get("amount"), named)
    for one in found.states if is_whole and source.where is None and amount else ():
        if one.returned and one.without_these is not None:
            yield refunds_apart(one, keys_besides(source), columns, amount)


def _said_beside(missing: ColumnsMissing, found: Proposal) -> Iterator[str]:
    for one in found.states:
        yield f"{one.column} holds {one.named}: which count has to be said"
    yield from (one.what for one in found.currencies)
    if "event" in missing.names:
        yield f"If every row is the same event, {missing.header.event_of}"
    yield from (f"{one.what}. {one.mend}" for one in found.choices)


def _to_paste(way: _Way, found: Proposal) -> Iterator[str]:
    states = {one.column: one.without_these for one in found.states}
    where = {column: test for column, test in states.items() if test is not None}
    where |= {column: test for one in found.currencies for column, test in one.tests.items()}
    if way.elsewhere.sheet is not None:
        yield f"This is the first of {1 + len(way.elsewhere.sheets)} sheets; {visible(way.elsewhere.sheet)} has them"
        yield from way.of_init
        yield f"In the rules: {way.in_rules(way.source.columns, {}, sheet=flow(way.elsewhere.sheet))}"
        return
    if way.elsewhere.sheets:
        yield f"This is the first of {1 + len(way.elsewhere.sheets)} sheets; `sheet: NAME` reads another: {listed([*map(visible, way.elsewhere.sheets)])}"
    if found.key is not None and way.elsewhere.join:
        joins = way.elsewhere.join
        yield f"{listed(found.lacking)} can be joined from the same folder: {way.elsewhere.met}"
        columns = {**way.source.columns, **way.elsewhere.columns}
        yield from (
            f"Who bought is {name}: customer_id is another for every order"
            for name in way.elsewhere.columns.values()
        )
        yield from way.of_init
        yield f"In the rules: {way.in_rules(columns, where, join=flow(joins[0] if len(joins) == 1 else [*joins]))}"
    elif found.key is not None:
        yield (
            f"{listed(found.lacking)} may stand in another file that has {found.key}, too, which can be joined"
        )
        join = f"{{path: FILE, key: {flow(found.key)}}}"
        yield f"In the rules: {way.in_rules(way.source.columns, where, join=join)}"
    elif found.counts_days and not found.lacking:
        day = f"'{FIRST_DAY}'"
        yield from way.of_init
        yield f"In the rules: {way.in_rules(found.columns, where, date_format=day)}"
    elif found.choices and way.has_options:
        yield from way.of_init
        yield f"In the rules, with one of these: {way.in_rules(found.columns, where)}"
    else:
        if way.elsewhere.lines is not None:
            path, amount = way.elsewhere.lines
            yield f"{path} has the lines of these orders, and {amount}: start from it, segment init --from {shell_word(path)}"
        columns = {**found.columns, **dict.fromkeys(found.lacking, A_COLUMN)}
        keys: Mapping[str, Any] = {}
        if found.above is not None:
            where |= {found.above: {MISSING.name: False}}
            keys = {"fill_down": [str(columns["customer_id"])]}
        for meant, amount in found.readings.items():
            yield f"If {meant}: {way.written({**columns, 'amount': amount}, where, keys)}"
        yield from () if way.has_options else way.of_init
        if not found.readings:
            yield way.line(columns, where, keys)


@dataclass(frozen=True)
class _Way:
    """How columns are told of one table."""

    missing: ColumnsMissing
    source: Source
    raw: RawTable
    table: str
    elsewhere: Elsewhere
    every: Sequence[Source]
    """All sources of the table."""
    paid_back: str

    @property
    def has_options(self) -> bool:
        """Whether options say it, which hold for all files of the command line."""
        header = self.missing.header
        are_alike = len(self.every) == 1 or header.elsewhere <= {*header.names}
        return has_options(self.source, self.table) and are_alike and not self.paid_back

    @property
    def of_init(self) -> Sequence[str]:
        """That the rules can be written by the tool, where the command line names a file."""
        way = of_init(self.every) if has_options(self.source, self.table) else ""
        return [way] if way else []

    @property
    def of_refunds(self) -> str:
        """What is taken for the amount."""
        return f"{self.paid_back.removeprefix('-')} holds what was paid back: it is no sale, and taken off beside the sales"

    def in_rules(
        self, columns: Mapping[str, ColumnSpec], where: Mapping[str, Any], **more: str
    ) -> str:
        return in_rules(self.source, self.table, columns, where, beside=self.every, **more)

    def line(
        self,
        columns: Mapping[str, ColumnSpec],
        where: Mapping[str, Any] | None = None,
        keys: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """The line to be pasted; a person has to fill in what nothing was found for."""
        return f"{self._label(columns)}: {self.written(columns, where, keys)}"

    def written(
        self,
        columns: Mapping[str, ColumnSpec],
        where: Mapping[str, Any] | None = None,
        keys: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """The same without what it is for."""
        if not self.has_options and has_options(self.source, self.table):
            more = {key: flow(value) for key, value in keys.items()}
            return self.in_rules({**self.source.columns, **columns}, where or {}, **more)
        return said(self.source, self.raw, self.table, columns, where=where, keys=keys)

    def _label(self, columns: Mapping[str, ColumnSpec]) -> str:
        if self.missing.unclear and not self.missing.names:
            return "Choose one"
        if "event" in columns:
            return "Else say which"
        is_whole = A_COLUMN not in columns.values()
        return "Try" if is_whole and self.has_options else "Say which"
