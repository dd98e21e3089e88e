"""Two dimensions crossed: a label for each pair of their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, listed
from segmentation.messages.notices import Notice
from segmentation.rules.conditions import All, AnyOf, Condition, Path
from segmentation.rules.dimensions.context import (
    Behind,
    Customer,
    Names,
    OnLabels,
    Solver,
    is_label,
)
from segmentation.rules.dimensions.kind import Asked, Dimension
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.shapes import hint, shown
from segmentation.rules.scalars import is_number
from segmentation.rules.schema.fragments import Schema, of, ref

if TYPE_CHECKING:
    import polars as pl

LABEL: Final[Schema] = {"type": ["string", "number"], "minLength": 1}
Crossing = tuple[str, str, str]  # row label, column label, label


@dataclass(frozen=True)
class Grid(Dimension):
    """Two dimensions crossed: a label for each pair of their labels."""

    word: ClassVar = "grid"
    form: ClassVar = "a grid"
    gives: ClassVar = "two dimensions crossed"

    row: str
    column: str
    cells: tuple[Crossing, ...]
    path: Path = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, sorted, each once."""
        return tuple(sorted({label for _, _, label in self.cells}))

    # -- the file -----------------------------------------------------------------------------

    @classmethod
    def is_written(cls, value: Any) -> bool:
        """A mapping with the key `grid`."""
        return isinstance(value, dict) and "grid" in value

    @classmethod
    def parse(cls, value: Any, path: Path, parser: Parser, *, base: str) -> Grid | None:
        """The cells that can be understood; None without axes, rows or columns."""
        parser.unknown_keys(value, path, ("grid", "columns", "rows"))
        axes, columns, rows = value.get("grid"), value.get("columns"), value.get("rows")
        if not _are_axes(axes):
            parser.wrong(
                (*path, "grid"),
                "grid names two dimensions: rows first, then columns",
                "For example grid: [longevity, recency]",
            )
            return None
        if not isinstance(columns, list) or not isinstance(rows, dict) or not columns or not rows:
            parser.wrong(
                path,
                "a grid has columns (a list of labels) and rows (a label: a list each)",
                "For example columns: [recent, lapsed] and rows: {new: [a, b], loyal: [c, d]}",
            )
            return None
        columns = _columns(columns, (*path, "columns"), parser)
        cells = [
            cell
            for label, line in rows.items()
            for cell in _line(label, line, columns, (*path, "rows", label), parser)
        ]
        return Grid(axes[0], axes[1], tuple(cells), path)

    @classmethod
    def schema(cls) -> Mapping[str, Schema]:
        """Two names, the labels of the columns, and a list of labels for each of the rows."""
        return {
            "grid": of(
                {
                    "grid": {
                        "description": "Two dimensions: rows first, then columns.",
                        "type": "array",
                        "minItems": 2,
                        "maxItems": 2,
                        "items": ref("persona_name"),
                    },
                    "columns": {
                        "type": "array",
                        "minItems": 1,
                        "uniqueItems": True,
                        "items": LABEL,
                    },
                    "rows": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": {"type": "array", "minItems": 1, "items": LABEL},
                    },
                },
                "grid",
                "columns",
                "rows",
            ),
        }

    def in_words(self) -> str:
        """Its axes: `longevity × recency`."""
        return f"{self.row} × {self.column}"

    # -- what it stands on --------------------------------------------------------------------

    def conditions(self) -> Iterator[Condition]:
        """None: a grid compares dimensions only."""
        return iter(())

    def crosses(self) -> tuple[str, ...]:
        """Rows, then columns."""
        return (self.row, self.column)

    def reads(self) -> tuple[str, ...]:
        """None: a grid compares dimensions only."""
        return ()

    def ranks(self) -> str | None:
        """None: cells have no order."""
        return None

    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        """The labels of both axes that lead to a wanted one."""
        cells = [(row, column) for row, column, label in self.cells if label in wanted]
        yield OnLabels(self.row, frozenset(row for row, _ in cells))
        yield OnLabels(self.column, frozenset(column for _, column in cells))

    # -- checks and lint ----------------------------------------------------------------------

    def check(self, name: str, names: Names) -> Iterator[Problem]:
        """Axes that are none, and labels of theirs without a cell, or that they never have."""
        path: Path = ("dimensions", name, "grid")
        lacking = [axis for axis in self.crosses() if axis not in names.dimensions]
        for axis in lacking:
            what = f'grid "{name}" crosses {quoted(axis)}, which is not a dimension'
            yield names.wrong(path, what, hint(axis, names.dimensions))
        if not lacking:
            yield from self._cells(name, path, names)

    def _cells(self, name: str, path: Path, names: Names) -> Iterator[Problem]:
        rows, columns = (names.dimensions[axis].labels for axis in self.crosses())
        given = {(r, c) for r, c, _ in self.cells}
        lacking = [f"{r} × {c}" for r in rows for c in columns if (r, c) not in given]
        if lacking:
            yield names.wrong(path, f'grid "{name}" has no cell for {listed(lacking)}')
        for axis, labels, at in ((self.row, rows, 0), (self.column, columns, 1)):
            strange = [x for x in dict.fromkeys(cell[at] for cell in self.cells) if x not in labels]
            if strange:
                what = f'grid "{name}" names {listed(strange)}, which "{axis}" never is'
                yield names.wrong(path, what, f"Its labels: {', '.join(labels)}.")

    def meaning(self, label: str) -> Condition:
        """One of the label's cells: both axes have their label."""
        cells = ((row, column) for row, column, name in self.cells if name == label)
        return AnyOf(
            tuple(All((is_label(self.row, r), is_label(self.column, c))) for r, c in cells)
        )

    def claims(self) -> Iterator[tuple[Path, Condition, Condition]]:
        """None: what the axes say is theirs."""
        return iter(())

    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        """A finding for each label whose cells all exclude themselves."""
        for label in self.labels:
            if not solver.possible(is_label(name, label)):
                what = f'dimension "{name}": no customer can get the label "{label}"'
                mend = f"{self.row} and {self.column} exclude each other wherever it stands."
                yield solver.found("unreachable-label", ("dimensions", name, "grid"), what, mend)

    # -- customers ----------------------------------------------------------------------------

    def cuts(self, name: str) -> tuple[Asked, ...]:
        """None: the axes have theirs."""
        return ()

    def expr(self, name: str, customer: Customer) -> pl.Expr:
        """The label at the crossing; a grid that lacks a cell is refused before it gets here."""
        import polars as pl

        found: pl.Expr = pl.lit(None)
        for row, column, label in self.cells:
            here = (pl.col(self.row) == row) & (pl.col(self.column) == column)
            found = pl.when(here).then(self.literal(label)).otherwise(found)
        return found


def _are_axes(axes: Any) -> bool:
    return isinstance(axes, list) and len(axes) == 2 and all(isinstance(a, str) for a in axes)


def _columns(written: list[Any], path: Path, parser: Parser) -> list[str]:
    columns = _texts(written, path, parser)
    for i, label in enumerate(columns):
        if label in columns[:i]:
            parser.wrong((*path, i), f"the column {quoted(label)} is named twice")
    return columns


def _line(row: str, line: Any, columns: list[str], path: Path, parser: Parser) -> list[Crossing]:
    if not isinstance(line, list) or len(line) != len(columns):
        found = len(line) if isinstance(line, list) else 0
        labels = f"{found} label{'' if found == 1 else 's'}"
        parser.wrong(path, f"row {quoted(row)} has {labels} for {len(columns)} columns")
        return []
    texts = _texts(line, path, parser)
    return [(row, column, label) for column, label in zip(columns, texts, strict=True)]


def _texts(values: list[Any], path: Path, parser: Parser) -> list[str]:
    """Labels as text; numbers may be labels."""
    for i, value in enumerate(values):
        if not (is_number(value) or (isinstance(value, str) and value)):
            parser.wrong((*path, i), f"a label is a text, not {shown(value)}")
    return [str(value) for value in values]
