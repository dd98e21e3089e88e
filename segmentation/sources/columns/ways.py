"""How to say what a source lacks: as options where the command line names it, else in rules or in its frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from segmentation.messages.command import again
from segmentation.messages.errors import shell_word
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.reading.read_options import as_read
from segmentation.rules.sources import Source, TableName
from segmentation.rules.yaml.flow import flow
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import A_COLUMN, IN_RULES


def has_options(source: Source, table: str) -> bool:
    """Whether options of the command line say how a source is read."""
    return table == "transactions" and is_typed(source)


def is_typed(source: Source) -> bool:
    """Whether the command line names a source."""
    return not source.is_of_rules and bool(again(""))


def of_init(sources: Iterable[Source]) -> str:
    """That the rules of transactions can be written by the tool, where the command line names files; else nothing."""
    return of_init_of({"transactions": [*sources]})


def of_init_of(sources: Mapping[TableName, Sequence[Source]]) -> str:
    """The same of files of all tables."""
    typed = [
        (table, one.path) for table, every in sources.items() for one in every if is_typed(one)
    ]
    paths = [shell_word(path) for _, path in typed]
    is_of_sales = any(table == "transactions" for table, _ in typed)
    if not is_of_sales or any(path.startswith(("/dev/", "./-")) for path in paths):
        return ""
    flags = (f"--{'from' if table == 'transactions' else table}" for table, _ in typed)
    options = " ".join(f"{flag} {path}" for flag, path in zip(flags, paths, strict=True))
    return f"No option says it; segment init {options} writes rules"


def keys_besides(source: Source) -> dict[str, Any]:
    """A source as it stands in the rules, without what chooses its rows and names its columns."""
    return {k: v for k, v in source.entry().items() if k not in {"where", "columns"}}


def said(
    source: Source,
    raw: RawTable,
    table: str,
    columns: Mapping[str, ColumnSpec],
    *,
    where: Mapping[str, Any] | None = None,
    keys: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """What to write so that these columns are read, and that these rows count; `keys` are others of the source."""
    if has_options(source, table):
        options = [as_map(name, spec) for name, spec in columns.items()]
        options += [as_where(column, test) for column, test in (where or {}).items()]
        options += [as_read(table, key, value) for key, value in keys.items()]
        return again(" ".join(options))
    if raw.settings is IN_RULES:
        more = {key: flow(value) for key, value in keys.items()}
        return in_rules(source, table, columns, where, beside=(), **more)
    return raw.settings.columns(table, {name: str(written(s)) for name, s in columns.items()})


def in_rules(
    source: Source,
    table: str,
    columns: Mapping[str, ColumnSpec],
    where: Mapping[str, Any] | None = None,
    beside: Sequence[Source] = (),
    **more: str,
) -> str:
    """The source as it is written in the rules, in one line; `more` are keys in YAML, `beside` all sources of its table."""
    named = ", ".join(
        f"{name}: {spec if spec == A_COLUMN else flow(written(spec))}"
        for name, spec in columns.items()
    )
    own = keys_besides(source) if is_typed(source) else {"path": "…"}
    keys = [f"{key}: {value if value == '…' else flow(value)}" for key, value in own.items()]
    keys += [f"columns: {{{named}}}"] if columns else []
    keys += [f"where: {flow(where)}"] if where else []
    keys += [f"{key}: {value}" for key, value in more.items()]
    entry = f"{{{', '.join(keys)}}}"
    if len(beside) > 1 and all(map(is_typed, beside)):
        entries = (entry if one is source else flow(one.entry()) for one in beside)
        entry = f"[{', '.join(entries)}]"
    return f"sources: {{{table}: {entry}}}"
