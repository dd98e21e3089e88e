"""How to say what a source lacks: as options where the command line names it, else in rules or in its frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from segmentation.messages.command import again
from segmentation.messages.errors import InputError, Problem, shell_word
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.sources import Source, TableName
from segmentation.rules.yaml.flow import flow
from segmentation.sources.csv.encodings import NotUtf8
from segmentation.sources.reader import RawTable
from segmentation.sources.settings import A_COLUMN, IN_RULES

#: keys of a source that are advised and that no option of the command line says
_UNTYPED: Final = (
    "date_format",
    "decimal",
    "number",
    "encoding",
    "skip_lines",
    "header",
    "delimiter",
)


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


@contextmanager
def led_to_init(sources: Sequence[Source]) -> Iterator[None]:
    """Within it, who is told to write a key of a source, and has typed its files, is told who writes it."""
    try:
        yield
    except InputError as error:
        way = of_init(sources)
        if (
            type(error) not in (InputError, NotUtf8)
            or not way
            or not any(map(_asks_for_a_key, error.problems))
        ):
            raise
        raise InputError(*(_led(problem, way) for problem in error.problems)) from None


def _asks_for_a_key(problem: Problem) -> bool:
    return any(f"`{key}: " in problem.mend or f"…, {key}: " in problem.mend for key in _UNTYPED)


def _led(problem: Problem, way: str) -> Problem:
    """The problem with the way to rules, unless it has one already."""
    if not _asks_for_a_key(problem) or "segment init " in problem.mend:
        return problem
    return replace(problem, mend=f"{problem.mend}\n  {way}")


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
