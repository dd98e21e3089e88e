"""Invented customers as the tables of a run: canonical columns, one customer per case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

import polars as pl

from segmentation.measures.rows import Tables
from segmentation.persona_tests.cases import Case
from segmentation.persona_tests.history import MONEY, InventedRow, plain
from segmentation.persona_tests.vocabulary import Vocabulary
from segmentation.rules.instants import UTC
from segmentation.rules.money import SCALE
from segmentation.rules.sources import INSTANT, TIME, TableName
from segmentation.sources import Table
from segmentation.sources.columns.date_zones import instants

BYSTANDER: Final = "bystander"  # has one order, so that no table is without a buyer


def customer_id(index: int) -> str:
    """The id of a case's customer."""
    return f"{index:06}"


def tables(cases: Sequence[Case], words: Vocabulary, as_of: date, timezone: str) -> Tables:
    """The tables of these cases: every column that a rule reads is there, if only as missing."""
    return Tables(
        transactions=_transactions(cases, words, as_of, timezone),
        customers=_customers(cases, words),
        events=_events(cases, words, timezone),
    )


def _transactions(cases: Sequence[Case], words: Vocabulary, as_of: date, timezone: str) -> Table:
    kinds: dict[str, pl.DataType] = dict.fromkeys(MONEY, pl.Int64())
    schema = {"order_id": pl.String(), "ordered_at": pl.Datetime("us"), "launched_at": pl.Date()}
    schema = {**dict.fromkeys(words.lines, pl.String()), **kinds, **schema}
    order = {"order_id": "0", "ordered_at": datetime.combine(as_of, time()), "amount": SCALE}
    rows = [_of(case, i, line) for i, case in enumerate(cases) for line in case.lines]
    rows.append({**order, "quantity": SCALE, "discount": 0, "customer_id": BYSTANDER})
    return _table("transactions", rows, schema, timezone)


def _events(cases: Sequence[Case], words: Vocabulary, timezone: str) -> Table:
    schema = dict.fromkeys(("event", *words.event_columns), pl.String())
    rows = [_of(case, i, event) for i, case in enumerate(cases) for event in case.events]
    return _table("events", rows, {**schema, "occurred_at": pl.Datetime("us")}, timezone)


def _customers(cases: Sequence[Case], words: Vocabulary) -> Table:
    rows = [
        _of(case, i, {n: plain(v) for n, v in case.customer.items()})
        for i, case in enumerate(cases)
    ]
    return _table("customers", rows, dict.fromkeys(words.customer, pl.String()))


def _of(case: Case, index: int, row: InventedRow) -> dict[str, object]:
    return {**row, "customer_id": customer_id(index)}


def _table(
    name: TableName,
    rows: Sequence[InventedRow],
    schema: Mapping[str, pl.DataType],
    timezone: str = UTC,
) -> Table:
    """A table as reading would give it, with its days and instants."""
    full = {"customer_id": pl.String(), **schema}
    frame = pl.DataFrame([{n: row.get(n) for n in full} for row in rows], schema=full)
    if name in TIME:
        moment, day = TIME[name]
        frame = frame.with_columns(pl.col(moment).dt.date().alias(day))
    columns = dict(frame.schema)
    if name in TIME and timezone != UTC:
        frame = frame.with_columns(instants(pl.col(moment), timezone).alias(INSTANT))
    return Table(name, frame.lazy(), columns, (), (), timezone=timezone)
