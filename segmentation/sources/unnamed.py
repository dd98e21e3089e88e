"""Columns that files have and rules cannot name: read under another name, or of a type nobody compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.parquet.oversize import MEND, TOO_LARGE
from segmentation.sources.stored_types import can_be
from segmentation.sources.tables import Table

#: a type that no rule can compare -> what to store instead
_INSTEAD: Final[Mapping[type[pl.DataType], str]] = {
    pl.Duration: "a number, such as of days",
    pl.Binary: "text",
    pl.List: "one value per row",
    pl.Array: "one value per row",
    pl.Struct: "each of its fields as a column of its own",
    pl.Map: "each of its keys as a column of its own",
}
_TEXT_OR_NUMBERS: Final = "text or numbers"  # of objects, and of types that others make


@dataclass(frozen=True)
class Unnamed:
    """Why a name that stands in a file's header is no column of its table, and how to mend that."""

    what: str
    mend: str


def unnamed(table: Table | None, name: str) -> Unnamed | None:
    """Why rules cannot name a column of a table's files; None where no file has it so."""
    if table is None:
        return None
    recipes = (part.recipe for tally in table.tallies for part in tally.parts)
    return next((found for recipe in recipes for found in _reasons(table, recipe, name)), None)


def _reasons(table: Table, recipe: Recipe, name: str) -> Iterator[Unnamed]:
    for ours, theirs in recipe.columns.canonical.items():
        if name in theirs and name != ours:
            yield Unnamed(
                f"{name!r} of {table.name} is read as {ours!r} here", f"Write {ours} in the rule."
            )
    read = recipe.columns.canonical.get(name, (name,))[0]
    dtype = recipe.schema.get(read)
    if read in recipe.oversize:
        yield Unnamed(f"{name!r} of {table.name} {TOO_LARGE}, so it is not read", MEND)
    if dtype is not None and not can_be(dtype, "compared"):
        kind = dtype.base_type()
        yield Unnamed(
            f"{name!r} of {table.name} is of the type {kind.__name__}, which no rule can compare",
            f"Instead, store {_INSTEAD.get(kind, _TEXT_OR_NUMBERS)}.",
        )
