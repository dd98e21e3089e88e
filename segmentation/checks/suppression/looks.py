"""What cells look like, and in which columns of their file others look so: asked of all whole rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.reader import RECORD
from segmentation.sources.tables import Portion

_SIGNS: Final = ((r"\d", "9"), (r"\p{Lu}", "A"), (r"[\p{L}&&[^A]]", "a"))
_RUNS: Final = (("9+", "9"), ("A+", "A"), ("a+", "a"))


@dataclass(frozen=True)
class Looks:
    """For each of some cells the columns, by their place, that hold cells of the same look.

    `exact` compares sign by sign (`A999` for C006, `9999-99-99` for a day), `rough` runs of signs
    (`A9`, `9-9-9`). `blank` are the columns that hold nothing: nobody knows what would stand there.
    """

    exact: Mapping[str, frozenset[int]]
    rough: Mapping[str, frozenset[int]]
    blank: frozenset[int]


def looks_of(part: Portion, file: CsvFile, cells: Collection[str]) -> Looks:
    """The looks of some cells of a file that is a part for itself; blank cells look like nothing."""
    asked = pl.DataFrame({"cell": sorted({c for c in cells if c.strip()})}, {"cell": pl.String})
    asked = asked.with_columns(exact=_exact(pl.col("cell"))).with_columns(
        rough=_rough(pl.col("exact"))
    )
    odd = [record for records in part.ragged.values() for record in records]
    rows = part.raw.scan(with_records=True).filter(~pl.col(RECORD).is_in(odd))
    held = [rows.select(pl.col(name).unique()) for name in file.header]
    shapes = [
        column.select(exact=_exact(pl.first())).filter(pl.col("exact") != "") for column in held
    ]
    found = pl.collect_all([_found(one, asked) for one in shapes], engine="streaming")

    def columns(look: str) -> dict[str, frozenset[int]]:
        have = [{*one[look].item()} for one in found]
        each = asked.select("cell", look).iter_rows()
        return {cell: frozenset(i for i, h in enumerate(have) if of in h) for cell, of in each}

    blank = frozenset(i for i, one in enumerate(found) if not one["filled"].item())
    return Looks(columns("exact"), columns("rough"), blank)


def _found(shapes: pl.LazyFrame, asked: pl.DataFrame) -> pl.LazyFrame:
    """Of the looks that are asked for those that a column has, and how many different ones it has."""
    exact, rough = pl.col("exact"), _rough(pl.col("exact"))
    return shapes.unique().select(
        exact.filter(exact.is_in(asked["exact"].implode())).implode(),
        rough.filter(rough.is_in(asked["rough"].implode())).unique().implode().alias("rough"),
        pl.len().alias("filled"),
    )


def _exact(cell: pl.Expr) -> pl.Expr:
    """A sign for each sign: 9 for a digit, A for a capital, a for another letter."""
    return _replaced(cell.str.strip_chars(), _SIGNS)


def _rough(exact: pl.Expr) -> pl.Expr:
    """A sign for each run of such signs."""
    return _replaced(exact, _RUNS)


def _replaced(text: pl.Expr, signs: tuple[tuple[str, str], ...]) -> pl.Expr:
    for pattern, sign in signs:
        text = text.str.replace_all(pattern, sign)
    return text
