"""How rows of refunds are taken off: the same file as a second source, whose amount has the other sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentation.rules.column_specs import ColumnSpec, PerOrder, formula_or_spec, written
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.states import Said


def signed(declared: ColumnSpec | None, names: Sequence[str], sign: str = "-") -> Any:
    """An amount with a sign before it: that of a declaration, else the product of columns; None where that is no formula."""
    plain = formula_or_spec(declared) if declared is not None else None
    if isinstance(plain, str):
        formula = f"{sign}({plain})" if " " in plain else f"{sign}{plain}"
        return {"per_order": formula} if isinstance(declared, PerOrder) else formula
    return f"{sign}{' * '.join(names)}" if declared is None and names else None


def in_two(
    entry: Mapping[str, Any],
    declared: Mapping[str, ColumnSpec],
    sold: Mapping[str, Any],
    returned: Mapping[str, Any],
    amount: Any,
) -> list[dict[str, Any]]:
    """A file as two sources, by what chooses its rows: what was sold, and what came back with another `amount`.

    `entry` is how the source begins, `declared` are its columns.
    """
    columns = {name: written(spec) for name, spec in declared.items()}
    own = {**entry, **({"columns": columns} if columns else {})}
    return [
        {**own, "where": sold},
        {**own, "columns": {**columns, "amount": amount}, "where": returned},
    ]


def refunds_apart(
    said: Said, entry: Mapping[str, Any], declared: Mapping[str, ColumnSpec], amount: Any
) -> str:
    """What to write so that refunds are taken off; `entry` is how the source begins, `amount` theirs."""
    sold, returned = {said.column: said.without_these}, {said.column: said.these_returned}
    sources = in_two(entry, declared, sold, returned, amount)
    return (
        f"To take the amounts of {said.named_returned} off, two sources in the rules: "
        f"{flow({'sources': {'transactions': sources}})[1:-1]}"
    )
