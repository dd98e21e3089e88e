"""What a dimension is: labelled conditions, two dimensions crossed, or fitted to the customers.

Fitted are tiers of a feature (`from: predicted_value`) and the lifecycle by cadence. Pure data and its parsing; `segmentation.customers.labels` compiles it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from segmentation.rules.conditions import All, Condition, Path
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.shapes import shown
from segmentation.rules.scalars import is_number

OTHERWISE: Final = "otherwise"
CADENCE: Final = "cadence"
STAGES: Final = ("new", "active", "at_risk", "churned", "returned")
PROSPECT: Final = "prospect"  # who never ordered, where `base: everyone`
MOST_TIERS: Final = 20
METHODS: Final = ("cumulative", "quantiles", "jenks")
SHARES: Final = {"cumulative": (50.0, 30.0, 15.0, 5.0), "quantiles": (25.0, 25.0, 25.0, 25.0)}


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


@dataclass(frozen=True)
class Tiers:
    """Customers cut by one feature, the highest values in the first label.

    `cumulative`: the first label has the fewest customers who together hold shares[0] % of the
    feature's total, and so on. `quantiles`: it has the best shares[0] % of those who have it.
    `jenks`: natural breaks of the logarithm, as many as there are labels; shares are empty.
    Who lacks the feature is in the last label.
    """

    feature: str
    method: Literal["cumulative", "quantiles", "jenks"]
    shares: tuple[float, ...]
    labels: tuple[str, ...]
    path: Path = ()

    def conditions(self) -> Iterator[Condition]:
        """None: thresholds are fitted."""
        return iter(())


@dataclass(frozen=True)
class Lifecycle:
    """Stages by how late a customer is, compared with how late others were who came back."""

    labels: tuple[str, ...] = STAGES

    def conditions(self) -> Iterator[Condition]:
        """None: thresholds are fitted."""
        return iter(())


Dimension = Ladder | Grid | Tiers | Lifecycle


def parse_dimension(
    value: Any, path: Path, parser: Parser, *, base: str = "buyers"
) -> Dimension | None:
    """A dimension from YAML, or None when its shape is wrong (the parser has the problem)."""
    if isinstance(value, list):
        return _ladder(value, path, parser)
    if isinstance(value, dict) and "grid" in value:
        return _grid(value, path, parser)
    if isinstance(value, dict) and value.get("from") == CADENCE:
        parser.unknown_keys(value, path, ("from",))
        return Lifecycle((*STAGES, PROSPECT) if base == "everyone" else STAGES)
    if isinstance(value, dict) and "from" in value:
        return _tiers(value, path, parser)
    parser.wrong(path, "a dimension is a list of rungs, a grid, or fitted `from` something",
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
    if not isinstance(columns, list) or not isinstance(rows, dict) or not columns or not rows:
        parser.wrong(path, "a grid has columns (a list of labels) and rows (a label: a list each)",
                     "For example columns: [recent, lapsed] and rows: {new: [a, b], loyal: [c, d]}")  # fmt: skip
        return None
    columns = _texts(columns, (*path, "columns"), parser)
    for i, label in enumerate(columns):
        if label in columns[:i]:
            parser.wrong((*path, "columns", i), f"the column {quoted(label)} is named twice")
    cells = [cell for label, line in rows.items()
             for cell in _line(label, line, columns, (*path, "rows", label), parser)]  # fmt: skip
    return Grid(axes[0], axes[1], tuple(cells), path)


def _line(
    row: str, line: Any, columns: list[str], path: Path, parser: Parser
) -> list[tuple[str, str, str]]:
    if not isinstance(line, list) or len(line) != len(columns):
        found = len(line) if isinstance(line, list) else 0
        parser.wrong(
            path,
            f"row {quoted(row)} has {found} label{'' if found == 1 else 's'} for {len(columns)} columns",
        )
        return []
    labels = _texts(line, path, parser)
    return [(row, c, label) for c, label in zip(columns, labels, strict=True)]


def _texts(values: list[Any], path: Path, parser: Parser) -> list[str]:
    """Labels as text; numbers may be labels."""
    for i, value in enumerate(values):
        if not (is_number(value) or (isinstance(value, str) and value)):
            parser.wrong((*path, i), f"a label is a text, not {shown(value)}")
    return [str(value) for value in values]


def _tiers(value: dict[str, Any], path: Path, parser: Parser) -> Tiers | None:
    parser.unknown_keys(value, path, ("from", "shares", "labels", "method"))
    feature, method = value["from"], value.get("method", "cumulative")
    if not isinstance(feature, str) or not feature:
        parser.wrong((*path, "from"), "from takes cadence or the name of a feature",
                     "For example {from: predicted_value, shares: [50, 30, 15, 5]}")  # fmt: skip
        return None
    if method not in METHODS:
        parser.wrong((*path, "method"), f"method is {', '.join(METHODS[:-1])} or {METHODS[-1]}")
        return None
    shares = _shares(value, method, path, parser)
    labels = _labels(value, len(shares) or len(SHARES["cumulative"]), path, parser)
    if shares and labels and len(labels) != len(shares):
        parser.wrong((*path, "labels"), f"there are {len(labels)} labels for {len(shares)} shares")
        return None
    return None if labels is None else Tiers(feature, method, shares, labels, path)


def _shares(value: dict[str, Any], method: str, path: Path, parser: Parser) -> tuple[float, ...]:
    given = value.get("shares")
    if method == "jenks":
        if given is not None:
            parser.wrong((*path, "shares"), "jenks finds the breaks itself, so it takes no shares",
                         "Say how many tiers by labels: [t1, t2, t3, t4].")  # fmt: skip
        return ()
    if given is None:
        return SHARES[method]
    if not _are_shares(given):
        parser.wrong((*path, "shares"), "shares are two or more percentages above 0 that add up to 100",
                     "For example [50, 30, 15, 5].")  # fmt: skip
        return SHARES[method]
    return tuple(float(share) for share in given)


def _are_shares(given: Any) -> bool:
    if not isinstance(given, list) or not 2 <= len(given) <= MOST_TIERS:
        return False
    numbers = [s for s in given if isinstance(s, int | float) and not isinstance(s, bool)]
    return len(numbers) == len(given) and min(numbers) > 0 and abs(sum(numbers) - 100) < 1e-9


def _labels(
    value: dict[str, Any], tiers: int, path: Path, parser: Parser
) -> tuple[str, ...] | None:
    """The labels given, or t1, t2, …; None when they are none."""
    given = value.get("labels")
    if given is None:
        return tuple(f"t{i}" for i in range(1, tiers + 1))
    texts = [str(g) for g in given if isinstance(g, str | int)] if isinstance(given, list) else []
    if not 2 <= len(texts) <= MOST_TIERS or len(set(texts)) < len(given):
        parser.wrong((*path, "labels"), "labels are two or more different names, the most valuable first",
                     "For example [gold, silver, bronze].")  # fmt: skip
        return None
    return tuple(texts)
