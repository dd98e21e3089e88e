"""Fail closed: whoever must not be written to is known, or the run stops.

`suppress` takes customers out. If what it reads is missing or empty, everyone would pass, and
nobody would see it: so a missing column or an empty file stops the run instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from segmentation.config.catalogue import CATALOGUE
from segmentation.config.conditions import fields
from segmentation.config.measures import Measure
from segmentation.config.rules import Rules
from segmentation.describe import Book
from segmentation.errors import InputError, Problem, listed, nearest
from segmentation.event_names import found_somebody
from segmentation.notices import Notice, notice
from segmentation.sources import InputCount, Table


def check_columns(rules: Rules, attributes: Collection[str] | None) -> None:
    """Raise InputError for columns of customers that `suppress` names and the data lacks.

    `attributes` is None where there are no customers. What looks like a misspelt feature is left
    to the check of names.
    """
    if rules.adhoc:
        return  # rules that do not fit files of the command line are left out, with a warning
    problems = list(_missing(rules, attributes or ()))
    if problems:
        raise InputError(*problems)


def _missing(rules: Rules, attributes: Collection[str]) -> Iterator[Problem]:
    own = (*CATALOGUE.names(), *rules.features, *rules.dimensions, *rules.personas)
    for i, condition in enumerate(rules.suppress):
        for name in fields(condition):
            if isinstance(name, Measure) or name in attributes or CATALOGUE.find(name) is not None:
                continue
            if nearest(name, own):
                continue
            near = nearest(name, attributes)
            yield Problem(
                f'suppress rule {i + 1}: customers have no column "{name}", so it cannot be known '
                "who must not be written to", rules.where(("suppress", i)),
                f"{f'Nearest: {near}. ' if near else ''}Map it under sources: customers, or remove "
                "the rule.",
            )  # fmt: skip


def check_filled(book: Book, names: Sequence[str], inputs: Sequence[InputCount]) -> None:
    """Raise InputError when a file that `suppress` reads (by these names) has no usable row."""
    tables, events = _read(book, names)
    empty = [i for i in inputs if not i.rows_read - i.rows_rejected]
    by_path = {s.path: s.event for s in book.rules.sources.get("events", ())}
    problems = [
        Problem(f"suppress reads these {i.table}, and there is no usable row in them", i.path,
                f"Of {i.rows_read:,} rows {i.rows_rejected:,} were rejected. Nothing is published: "
                "everyone would pass.")
        for i in empty
        if i.table in tables and (i.table != "events" or by_path.get(i.path) in (None, *events))
    ]  # fmt: skip
    if problems:
        raise InputError(*problems)


def check_overlap(
    book: Book, names: Sequence[str], known: pl.Series, inputs: Sequence[InputCount]
) -> None:
    """Raise InputError when `suppress` reads customers and none of those who ordered is in them."""
    if None in book.leaves(names).values() and not known.any():
        paths = [i.path for i in inputs if i.table == "customers"]
        raise InputError(Problem(
            "suppress reads these customers, and none of them is in the transactions",
            listed(paths), "Do both write customer_id alike? Ids keep their text: 007 is not 7.",
        ))  # fmt: skip


def _read(book: Book, names: Sequence[str]) -> tuple[set[str], set[str]]:
    """The tables and the events behind some names."""
    tables, events = set(), set()
    for measure in book.leaves(names).values():
        tables.add("customers" if measure is None else measure.table)
        events |= set() if measure is None else set(measure.events)
    return tables | ({"events"} if events else set()), events


def check_known(book: Book, names: Sequence[str], customers: pl.DataFrame) -> None:
    """Raise InputError when a column of customers that `suppress` reads is empty for all of them."""
    read = [n for n, m in book.leaves(names).items() if m is None and n in customers.columns]
    empty = [n for n in read if customers[n].null_count() == customers.height]
    if empty:
        raise InputError(*(Problem(
            f"suppress reads {n}, and no customer has a value there",
            mend="Is the column filled in the file? It decides who must not be written to.",
        ) for n in empty))  # fmt: skip


def strangers(
    book: Book, names: Sequence[str], customers: pl.DataFrame, events: Table | None
) -> list[Notice]:
    """A warning when `suppress` reads events and none of them is of a customer.

    The events are read for it only when no customer has what a rule asks for.
    """
    asked = [n for n, m in book.leaves(names).items() if m is not None and m.table == "events"]
    nobody = [n for n in asked if n in customers.columns and not found_somebody(customers[n])]
    if events is None or not nobody:
        return []
    ids = events.rows.select(pl.col("customer_id").cast(pl.String)).unique()
    known = ids.join(customers.lazy().select("customer_id"), on="customer_id", how="semi")
    if known.head(1).collect(engine="streaming").height:
        return []
    text = ("suppress reads events, and no event is of a customer here: "
            "do both write customer_id alike? Ids keep their text: 007 is not 7")  # fmt: skip
    return [notice("ids-do-not-meet", text, is_of_suppression=True)]
