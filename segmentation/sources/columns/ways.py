"""How to say what a source lacks: as options where the command line names it, else in rules or in its frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentation.messages.command import again
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import A_COLUMN, IN_RULES


def has_options(source: Source, table: str) -> bool:
    """Whether options of the command line say how a source is read."""
    return table == "transactions" and is_typed(source)


def is_typed(source: Source) -> bool:
    """Whether the command line names a source."""
    return not source.is_of_rules and bool(again(""))


def said(
    source: Source,
    raw: RawTable,
    table: str,
    columns: Mapping[str, ColumnSpec],
    where: Mapping[str, Any] | None = None,
) -> str:
    """What to write so that these columns are read, and that these rows count."""
    if has_options(source, table):
        options = [as_map(name, spec) for name, spec in columns.items()]
        options += [as_where(column, test) for column, test in (where or {}).items()]
        return again(" ".join(options))
    if raw.settings is IN_RULES:
        return in_rules(source, table, columns, where)
    return raw.settings.columns(table, {name: str(written(s)) for name, s in columns.items()})


def in_rules(
    source: Source,
    table: str,
    columns: Mapping[str, ColumnSpec],
    where: Mapping[str, Any] | None = None,
    **more: str,
) -> str:
    """The source as it is written in the rules, in one line; `more` are keys in YAML."""
    named = ", ".join(
        f"{name}: {spec if spec == A_COLUMN else flow(written(spec))}"
        for name, spec in columns.items()
    )
    keys = [f"path: {flow(source.path) if is_typed(source) else '…'}"]
    keys += [f"columns: {{{named}}}"] if columns else []
    keys += [f"where: {flow(where)}"] if where else []
    keys += [f"{key}: {value}" for key, value in more.items()]
    return f"sources: {{{table}: {{{', '.join(keys)}}}}}"
