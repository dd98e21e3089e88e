"""Files of refunds among files of sales: their name says it, and their amounts would be added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

import polars as pl

from segmentation.checks.negated import negated
from segmentation.checks.stops import Input, Stop, amount_of_rows
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted
from segmentation.rules.column_specs import written
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.taken_off import is_file_of_refunds
from segmentation.sources.reader import FILE
from segmentation.sources.tables import Portion

_MOST_WRITTEN: Final = 9  # sources in one line


def is_called_by_refunds(path: str) -> bool:
    """Whether the name of a file says that its rows are refunds."""
    return is_file_of_refunds(PurePath(path).name.partition(".")[0])


@dataclass(frozen=True)
class File:
    """One file of transactions: its source, its rows, and its path as FILE has it and as people know it."""

    one: Input
    part: Portion
    path: str
    shown: str

    @property
    def is_called_so(self) -> bool:
        """Whether its name says that its rows are refunds."""
        return is_called_by_refunds(self.shown)

    @cached_property
    def above_alone(self) -> int:
        """How many rows that count have an amount above zero; none where some are below."""
        amount = amount_of_rows(self.part.recipe)
        if amount is None:
            return 0
        counts = self.part.recipe.counts
        rows = self.part.raw.scan(with_files=True).filter(pl.col(FILE) == self.path)
        own = rows if counts is None else rows.filter(counts)
        found = own.select(above=(amount > 0).sum(), below=(amount < 0).sum())
        above, below = found.collect(engine="streaming").row(0)
        return 0 if below else int(above)


def files_of(one: Input) -> list[File]:
    """The files of a source."""
    return [
        File(one, part, path, shown)
        for part in one.tally.parts
        for path, shown in part.raw.shown().items()
    ]


def refund_files(inputs: Sequence[Input]) -> Iterator[Stop]:
    """A stop for each file beside others that is called by refunds and holds no amount below zero.

    An amount that is declared is the door.
    """
    files = [file for one in inputs for file in files_of(one)]
    if all(file.is_called_so for file in files):
        return
    for file in files:
        if "amount" not in file.one.source.columns and file.is_called_so and file.above_alone:
            yield _stop(file, files)


def _stop(file: File, files: Sequence[File]) -> Stop:
    name, rows = PurePath(file.shown).name, file.above_alone
    what = (
        f"{name} is called by refunds, and its amounts are above zero: "
        f"{counted(rows, 'row')} would count as {'a purchase' if rows == 1 else 'purchases'}"
    )
    sales = flow({"amount": negated(file.one, sign="")})
    mend = f"If they are paid back, {_way(file, files)}. If they are sales, under its source: columns: {sales}."
    return Stop("unchosen-rows", what, file.one.tally.path, mend)


def _way(file: File, files: Sequence[File]) -> str:
    """What takes the amounts off: all sources in the rules where they are files alone, else the key of this one."""
    if len(files) > _MOST_WRITTEN or not all(_is_plain(other.one) for other in files):
        return f"write under its source: columns: {flow({'amount': negated(file.one)})}"
    entries = [_entry(other) for other in files]
    return f"write in the rules: {flow({'sources': {'transactions': entries}})[1:-1]}"


def _is_plain(one: Input) -> bool:
    """Whether a source is nothing but its path and columns."""
    return one.source.where is None and not one.source.join and negated(one) is not None


def _entry(file: File) -> dict[str, Any]:
    """A file as a source of its own."""
    columns = {name: written(spec) for name, spec in file.one.source.columns.items()}
    if "amount" not in columns and file.is_called_so:
        columns["amount"] = negated(file.one)
    is_alone = len(file.one.tally.parts) == 1 and len(file.part.raw.shown()) == 1
    path = file.one.source.path if is_alone else file.shown
    return {"path": path, **({"columns": columns} if columns else {})}
