"""A published run, read again: from its own files alone every label, flag and fate re-evaluates.

`rules.yaml` says what was meant, `cuts.json` what was fitted, `customers.parquet` what was known
of each customer. Whoever explains a membership, compares two runs or reports on one stands on this
and reads no input again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from segmentation.audiences.allocate import Allocation, allocate
from segmentation.audiences.cells import cells
from segmentation.customers.cuts import Cuts, read_cuts
from segmentation.customers.describe import SUPPRESSED_BY, Book, Node, describe, unsound
from segmentation.customers.fields import nested
from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.publish.formats import as_held
from segmentation.rules.conditions import Condition
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules

READABLE: Final = 2  # the version of manifests that are records


@dataclass(frozen=True)
class Record:
    """A run as it was published.

    `customers` are as the engine holds them: its own names for columns, money in integers of
    1/10,000. `book` takes every feature that stands there for given. `matches` is the allocation.
    """

    folder: Path
    manifest: Mapping[str, Any]
    rules: Rules
    book: Book
    cuts: Cuts
    customers: pl.DataFrame
    matches: pl.DataFrame

    @property
    def personas(self) -> tuple[str, ...]:
        """The personas of which the flags are there, in the file's order."""
        return tuple(p for p in self.rules.personas if p in self.customers.columns)

    @property
    def asked(self) -> tuple[str, ...]:
        """The personas that became audiences: not those that others only refer to."""
        asked = {each["persona"] for each in self.manifest["personas"]}
        return tuple(p for p in self.rules.personas if p in asked)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that were in the run, in the file's order."""
        return tuple(d for d in self.rules.dimensions if d in self.customers.columns)

    @property
    def suppressors(self) -> tuple[str, ...]:
        """The labels of what suppressed, in the order in which they were asked."""
        return tuple(each["by"] for each in self.manifest["suppress"])


def read_record(folder: Path) -> Record:
    """The run in a folder. Raises InputError when it is none, or one before version 2."""
    manifest = _manifest(folder)
    rules = read_rules(folder / "rules.yaml")
    engine = {each["name"]: each["column"] for each in manifest["columns"]}
    kinds = {each["column"]: each["kind"] for each in manifest["columns"]}
    customers = as_held(pl.read_parquet(folder / "customers.parquet", glob=False))
    customers = nested(customers.rename(engine))
    plain = (n for n in customers.columns if n not in {*rules.dimensions, *rules.personas})
    book = Book(rules, {}, measured=kinds, given=dict.fromkeys(plain))
    return Record(
        folder,
        manifest,
        rules,
        book,
        read_cuts(folder / "cuts.json"),
        customers,
        pl.read_parquet(folder / "allocation.parquet", glob=False),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(
                "this is not a run",
                str(folder),
                "Name the folder of a run, such as audiences/latest.",
            )
        ) from error
    if not isinstance(found, dict) or found.get("version") != READABLE:
        raise InputError(
            Problem(
                "this run was written by another version of segment",
                str(folder),
                "Run again; the record of a run began with version 2.",
            )
        )
    return found


# -- evaluated once more --------------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluated:
    """What the rules say of a record's customers: labels and flags, and the fate of each match."""

    customers: pl.DataFrame
    allocation: Allocation


def evaluated(record: Record) -> Evaluated:
    """The rules of a record applied to its customers once more, with its own cuts.

    Raises InputError where cuts.json holds what no run writes.
    """
    names = (*record.dimensions, *record.personas)
    bare = record.customers.drop(names)
    suppressors = {label: _suppressor(record, label) for label in record.suppressors}
    nodes = [n for name in names if (n := record.book.node(name)) is not None]
    nodes += suppressors.values()
    for name in unsound(record.book, nodes, record.cuts.values):
        raise InputError(
            Problem(
                f'"{name}" is not what a run writes there',
                str(record.folder / "cuts.json"),
                "This run is damaged: run again.",
            )
        )
    customers = describe(record.book, nodes, bare, record.cuts)
    chosen = [record.rules.personas[p] for p in record.asked]
    wanted = cells(record.rules, chosen, record.cuts, customers)
    by_label = {label: node.name for label, node in suppressors.items()}
    return Evaluated(customers, allocate(customers, wanted, record.rules.waterfall, by_label))


def suppress_rule(record: Record, label: str) -> Condition | None:
    """The rule of suppression behind a label such as `suppress 2`; None for what is no rule."""
    word, _, number = label.partition(" ")
    is_rule = word == "suppress" and number.isdecimal()
    return record.rules.suppress[int(number) - 1] if is_rule else None


def _suppressor(record: Record, label: str) -> Node:
    """A suppressor as a flag: a rule asked once more, or what the run knew beside the rules."""
    condition = suppress_rule(record, label)
    if condition is not None:
        return record.book.condition_node(f"__{label}", condition)
    known = (pl.col(SUPPRESSED_BY) == label).fill_null(value=False)
    return Node(f"__{label}", "flag", (SUPPRESSED_BY,), (), lambda cuts: known)


def differences(record: Record) -> tuple[str, ...]:
    """What does not re-evaluate to what was published, in words; nothing for a sound record."""
    again = evaluated(record)
    names = (*record.dimensions, *record.personas)
    wrong = [n for n in names if not again.customers[n].equals(record.customers[n])]
    found = [f"{n} is not what its rule gives" for n in wrong]
    if record.rules.sha256 != record.manifest["rules"]["sha256"]:
        found.append("rules.yaml is not the text that ran")
    if not again.allocation.matches.equals(record.matches):
        found.append("the allocation is not what rules and waterfall give")
    return tuple(found)
