"""What `--read` says of files of the command line: the keys of a source that tell how its files are read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast, get_args

from segmentation.messages.errors import Problem, RulesError, shell_word
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.keys import Key, Wrong
from segmentation.rules.reading.shapes import hint
from segmentation.rules.reading.sources import NUMBER, SOURCE, TABLES
from segmentation.rules.sources import Source, TableName
from segmentation.rules.yaml import Document, loads
from segmentation.rules.yaml.flow import flow

Keys: TypeAlias = Mapping[str, Any]
"""Some keys of a source, as plain data."""

#: keys of a source that something else on the command line says
_ELSEWHERE: Final = {
    "path": "Name the file itself.",
    "columns": "That is --map OURS=THEIRS.",
    "where": "That is --where CONDITION.",
}
_KEYS: Final[Mapping[str, Key]] = {
    key.name: key for key in SOURCE.keys if key.name not in _ELSEWHERE
}
_SALES: Final[TableName] = "transactions"
_YAML: Final = ("{", "[", '"', "'")  # a value that begins so is read as in the rules
_HOW: Final = "Write --read encoding=latin-1: a key of a source, =, and its value; of another table customers.encoding=latin-1."


def keys_of(reads: Sequence[str]) -> Mapping[TableName, Keys]:
    """What each `--read` says, by the table that it is about. Raises RulesError."""
    found: dict[TableName, dict[str, Any]] = {}
    for said in reads:
        table, name, value = _parted(said)
        known = found.setdefault(table, {})
        if name in known:
            raise _mistake(said, f"{name} is said twice", "Leave one out.")
        known[name] = _read(said, _KEYS[name], value)
    return found


def with_keys(table: TableName, sources: Sequence[Source], keys: Keys) -> tuple[Source, ...]:
    """Sources of the command line with these keys, as the rules would read them. Raises RulesError."""
    if keys and not sources:
        what = f"--read is about {table} on the command line, and there are none"
        file = "orders.csv" if table == _SALES else f"orders.csv --{table} {table}.csv"
        mend = f"Name a file: segment run {file} --read …; or write it on a source in the rules."
        raise RulesError(Problem(what, mend=mend))
    if not keys:
        return tuple(sources)
    parser = Parser(Document("--read", {}, {(): (1, 1)}, {}))
    [form] = (key.form for key in TABLES.keys if key.name == table)
    found = form.read([{"path": "FILE", **keys}], ("sources", table), parser)
    if parser.problems:
        raise RulesError(*(replace(problem, where="--read") for problem in parser.problems))
    [read] = cast("tuple[Source, ...]", found)
    own = {name: getattr(read, name) for name in keys}
    return tuple(replace(source, **own) for source in sources)


def as_read(table: str, key: str, value: Any) -> str:
    """The option that says a key of a source, as a shell takes it.

    >>> print(as_read("transactions", "skip_lines", 3), as_read("customers", "delimiter", "|"))
    --read skip_lines=3 --read 'customers.delimiter=|'
    >>> print(as_read("transactions", "header", ["id", "day"]))
    --read 'header=[id, day]'
    """
    is_plain = isinstance(value, str) and value.isprintable() and not value.startswith(_YAML)
    of_table = "" if table == _SALES else f"{table}."
    return f"--read {shell_word(f'{of_table}{key}={value if is_plain else flow(value)}')}"


def _parted(said: str) -> tuple[TableName, str, str]:
    """Of which table it is, which key, and the value as it is written."""
    named, sign, value = said.partition("=")
    table, dot, name = named.strip().rpartition(".")
    if not (sign and name and value):
        raise _mistake(said, "it says no key", _HOW)
    if dot and table not in get_args(TableName):
        near = hint(table, get_args(TableName))
        what = f"{table} is no table"
        raise _mistake(said, what, f"{near}There are: {', '.join(get_args(TableName))}.")
    if name not in _KEYS:
        raise _mistake(said, f"{name} is no key that says how files are read", _instead(name))
    return cast("TableName", table) if dot else _SALES, name, value


def _instead(name: str) -> str:
    """What to write for what is no key."""
    if name in NUMBER.names:
        return f"Write it as one of number: --read 'number={{{name}: …}}'."
    others = f"There are: {', '.join(_KEYS)}."
    return _ELSEWHERE.get(name) or f"{hint(name, _KEYS)}{others}"


def _read(said: str, key: Key, value: str) -> Any:
    """The value as plain data that the key takes: a text, what it is as YAML, or a list. Raises RulesError."""
    problems: Sequence[Problem] = ()
    try:
        for plain in _meant(value):
            parser = Parser(Document("", {}, {(): (1, 1)}, {}))
            found = key.form.read(plain, (key.name,), parser)
            if not isinstance(found, Wrong) and not parser.problems:
                return plain
            problems = problems or parser.problems
    except RulesError as error:  # what is no YAML
        problems = error.problems
    where = f"--read {shell_word(said)}"
    raise RulesError(*(replace(problem, where=where) for problem in problems))


def _meant(value: str) -> Iterator[Any]:
    """What a value may be, the likeliest first."""
    if value.startswith(_YAML):
        yield loads(value, "").data
        return
    yield value
    with suppress(RulesError):
        yield loads(value, "").data
    yield [cell.strip() for cell in next(csv.reader([value], skipinitialspace=True), [])]


def _mistake(said: str, what: str, mend: str) -> RulesError:
    return RulesError(Problem(what, f"--read {shell_word(said)}", mend))
