"""What a dimension is: an ordered list of labelled conditions, or two dimensions crossed.

Pure data and its parsing; `segmentation.dimensions` compiles it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from segmentation.config.conditions import All, Condition, Path
from segmentation.config.parse import Parser

OTHERWISE: Final = "otherwise"


@dataclass(frozen=True)
class Ladder:
    """Rungs from the top: the first whose condition holds gives the label; the last always holds."""

    rungs: tuple[tuple[str, Condition], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in order, each once."""
        return tuple(dict.fromkeys(label for label, _ in self.rungs))

    def conditions(self) -> Iterator[Condition]:
        """The conditions of the rungs."""
        return (condition for _, condition in self.rungs)


@dataclass(frozen=True)
class Grid:
    """Two dimensions crossed: a label for each pair of their labels."""

    row: str
    column: str
    cells: tuple[tuple[str, str, str], ...]  # row label, column label, label
    path: Path = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, sorted, each once."""
        return tuple(sorted({label for _, _, label in self.cells}))

    def conditions(self) -> Iterator[Condition]:
        """None: a grid compares dimensions only."""
        return iter(())


Dimension = Ladder | Grid


def parse_dimension(value: Any, path: Path, parser: Parser) -> Dimension | None:
    """A dimension from YAML, or None when its shape is wrong (the parser has the problem)."""
    if isinstance(value, list):
        return _ladder(value, path, parser)
    if isinstance(value, dict) and "grid" in value:
        return _grid(value, path, parser)
    parser.wrong(path, "a dimension is a list of rungs, or a grid",
                 "For example:\n    - active: {recency_days: {at_most: 60}}\n    - churned: otherwise")  # fmt: skip
    return None


def _ladder(value: list[Any], path: Path, parser: Parser) -> Ladder:
    rungs: list[tuple[str, Condition]] = []
    for i, rung in enumerate(value):
        at = (*path, i)
        if not isinstance(rung, dict) or len(rung) != 1:
            parser.wrong(at, "a rung is one label and its condition",
                         "For example - active: {recency_days: {at_most: 60}}")  # fmt: skip
            continue
        [(label, spec)] = rung.items()
        if spec == OTHERWISE:
            if i != len(value) - 1:
                parser.wrong((*at, label), "otherwise is the last rung: no customer gets below it")
            rungs.append((label, All(())))
        else:
            rungs.append((label, parser.condition(spec, (*at, label))))
    if not value or not isinstance(value[-1], dict) or OTHERWISE not in value[-1].values():
        parser.wrong((*path, len(value) - 1) if value else path,
                     "the last rung must be `otherwise`, so that everyone gets a label",
                     "Add - LABEL: otherwise")  # fmt: skip
    return Ladder(tuple(rungs))


def _grid(value: dict[str, Any], path: Path, parser: Parser) -> Grid | None:
    parser.unknown_keys(value, path, ("grid", "columns", "rows"))
    axes, columns, rows = value.get("grid"), value.get("columns"), value.get("rows")
    if not (isinstance(axes, list) and len(axes) == 2 and all(isinstance(a, str) for a in axes)):
        parser.wrong((*path, "grid"), "grid names two dimensions: rows first, then columns",
                     "For example grid: [longevity, recency]")  # fmt: skip
        return None
    if not isinstance(columns, list) or not isinstance(rows, dict):
        parser.wrong(path, "a grid has columns (a list of labels) and rows (a label: a list each)")
        return None
    cells = [cell for label, line in rows.items()
             for cell in _line(label, line, columns, (*path, "rows", label), parser)]  # fmt: skip
    return Grid(axes[0], axes[1], tuple(cells), path)


def _line(
    row: str, line: Any, columns: list[Any], path: Path, parser: Parser
) -> list[tuple[str, str, str]]:
    if not isinstance(line, list) or len(line) != len(columns):
        found = len(line) if isinstance(line, list) else 0
        parser.wrong(path, f"row {row} has {found} labels for {len(columns)} columns")
        return []
    return [(row, str(c), str(label)) for c, label in zip(columns, line, strict=True)]
