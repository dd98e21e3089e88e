"""What `--map` and `--where` say of files of the command line, read as the keys `columns` and `where` of a source."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError, shell_word
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.conditions import Condition
from segmentation.rules.operators import (
    AT_LEAST,
    AT_MOST,
    IS,
    IS_NOT,
    LESS_THAN,
    MISSING,
    MORE_THAN,
    NONE_OF,
)
from segmentation.rules.reading.comparisons import together
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.keys import Wrong
from segmentation.rules.reading.sources import COLUMN, SOURCE
from segmentation.rules.scalars import is_number
from segmentation.rules.sources import Source
from segmentation.rules.yaml import Document, loads
from segmentation.rules.yaml.flow import flow


@dataclass(frozen=True)
class _Sign:
    """What a sign between a column and a value means: the operator of one value, and of several.

    `of_none` is whether the column is missing where no value stands; None where that means nothing.
    """

    of_one: str
    of_several: str
    of_none: bool | None = None


_IS: Final = _Sign(IS.name, "", of_none=True)  # several without an operator: one of them
_SIGNS: Final = {
    "!=": _Sign(IS_NOT.name, NONE_OF.name, of_none=False),
    ">=": _Sign(AT_LEAST.name, AT_LEAST.name),
    "<=": _Sign(AT_MOST.name, AT_MOST.name),
    "==": _IS,
    "=": _IS,
    ">": _Sign(MORE_THAN.name, MORE_THAN.name),
    "<": _Sign(LESS_THAN.name, LESS_THAN.name),
}
_SIGN: Final = re.compile("|".join(_SIGNS))
_SOURCE: Final = ("sources", "transactions", 0)  # where the same would stand in rules
_YAML: Final = ("{", "[", '"', "'")  # a text that begins so is read as in the rules


def of_options(
    sources: Sequence[Source], maps: Sequence[str], wheres: Sequence[str]
) -> tuple[Source, ...]:
    """Sources of the command line with what each `--map` and `--where` says of all of them. Raises RulesError."""
    if not sources and (maps or wheres):
        given = "--map" if maps else "--where"
        key = "columns" if maps else "where"
        mend = f"Name a file: segment run orders.csv {given} …; or write `{key}` on a source in the rules."
        raise RulesError(
            Problem(
                f"{given} is about transactions on the command line, and there are none", mend=mend
            )
        )
    columns, where = _columns(maps), _rows(wheres)
    return tuple(replace(source, columns=columns, where=where) for source in sources)


def _columns(maps: Sequence[str]) -> dict[str, ColumnSpec]:
    found: dict[str, ColumnSpec] = {}
    for said in maps:
        ours, spec = _column(said)
        if ours in found:
            raise _mistake("--map", said, f"{ours} is mapped twice", "Leave one out.")
        found[ours] = spec
    return found


def _rows(wheres: Sequence[str]) -> Condition | None:
    return together([_row(said) for said in wheres]) if wheres else None


def _column(said: str) -> tuple[str, ColumnSpec]:
    ours, sign, theirs = said.partition("=")
    if not (ours.strip() and sign and theirs.strip()):
        mend = "Write --map customer_id=Email: our name, =, and the file's own column or a formula."
        raise _mistake("--map", said, "it names no column", mend)
    spec = _read(
        "--map",
        said,
        lambda parser: COLUMN.read(_spec(theirs), (*_SOURCE, "columns", ours.strip()), parser),
    )
    return ours.strip(), spec


def _spec(theirs: str) -> Any:
    """A column or a formula as it stands; numbers, null, and what has quotes or brackets as in the rules."""
    if theirs.startswith(_YAML):
        return loads(theirs, "").data
    plain = None if theirs.strip() == "null" else _plain(theirs)
    return plain if plain is None or is_number(plain) else theirs


def _row(said: str) -> Condition:
    column, spec = ("", None) if said.startswith(_YAML) else _compared(said)

    def read(parser: Parser) -> Condition:
        if column:
            return parser.comparison(column, spec, (*_SOURCE, "where", column), row=True)
        return parser.condition(loads(said, "").data, (*_SOURCE, "where"), row=True)

    found: Condition = _read("--where", said, read)
    return found


def _read(option: str, said: str, reading: Callable[[Parser], Any]) -> Any:
    """What an option says, read as in the rules. Raises RulesError with its mistakes."""
    name = f"{option} {shell_word(said)}"
    parser = Parser(Document(name, {}, {(): (1, 1)}, {}))
    try:
        found = reading(parser)
    except RulesError as error:
        raise RulesError(*(replace(problem, where=name) for problem in error.problems)) from None
    if isinstance(found, Wrong) or parser.problems:
        raise RulesError(*(replace(problem, where=name) for problem in parser.problems))
    return found


def _mistake(option: str, said: str, what: str, mend: str) -> RulesError:
    return RulesError(Problem(what, f"{option} {shell_word(said)}", mend))


def _compared(said: str) -> tuple[str, Any]:
    """The column, and what it is compared with."""
    sign = _SIGN.search(said)
    column = said[: sign.start()].strip() if sign else ""
    if sign is None or not column:
        signs = " ".join(one for one in _SIGNS if one != "==")
        mend = f"Write --where 'Status=paid': the file's own column, one of {signs}, and a value."
        raise _mistake("--where", said, "it compares nothing", mend)
    means, values = _SIGNS[sign[0]], list(_values(said[sign.end() :]))
    if not values and means.of_none is not None:
        return column, {MISSING.name: means.of_none}
    if len(values) < 2:
        return column, {means.of_one: values[0] if values else ""}
    return column, {means.of_several: values} if means.of_several else values


def _values(text: str) -> Iterator[Any]:
    """The values that commas part; one that holds a comma stands in double quotes."""
    cells = next(csv.reader([text], skipinitialspace=True), [])
    yield from (_plain(cell.strip()) for cell in cells if cell.strip())


def _plain(text: str) -> Any:
    """A number or true and false as YAML has them; any other text as it stands."""
    with suppress(RulesError):
        found = loads(text, "").data
        return found if is_number(found) or isinstance(found, bool) else text
    return text


def source_of(data: Mapping[str, Any]) -> Source:
    """A source of plain data, as it would stand in rules in the current folder. Raises RulesError."""
    parser = Parser(Document("sources", {}, {(): (1, 1)}, {}))
    found = SOURCE.read(dict(data), _SOURCE, parser)
    if isinstance(found, Wrong):
        raise RulesError(*parser.problems)
    source: Source = replace(found, folder=Path())
    return source


# -- written --------------------------------------------------------------------------------------


def as_map(ours: str, spec: ColumnSpec) -> str:
    """The option that says which column is ours, as a shell takes it.

    >>> print(as_map("ordered_at", "Created at"), as_map("amount", 1), as_map("order_id", "1"))
    --map ordered_at='Created at' --map amount=1 --map order_id='"1"'
    """
    text = spec if isinstance(spec, str) else flow(written(spec))
    if isinstance(spec, str) and _spec(spec) != spec:
        text = _in_quotes(spec)
    pair = shell_word(f"{ours}={text}") if text.startswith("-") else f"{ours}={shell_word(text)}"
    return f"--map {pair}"


def as_where(column: str, test: Any) -> str:
    """The option that says which rows count by a column, as a shell takes it; `test` as in the rules.

    >>> print(as_where("Status", {"none_of": ["void", "test"]}), as_where("Paid at", {"missing": False}))
    --where 'Status!=void,test' --where 'Paid at!='
    >>> print(as_where("Total > 5", {"starts_with": "y"}))
    --where '{Total > 5: {starts_with: y}}'
    """
    in_short = (text for text in _in_short(column, test) if _means(text, column, test))
    return f"--where {shell_word(next(in_short, flow({column: test})))}"


def _in_short(column: str, test: Any) -> Iterator[str]:
    """The texts that may say it with a sign."""
    plain = test if isinstance(test, Mapping) else {IS.name: test}
    for name, value in plain.items() if len(plain) == 1 else ():
        values = value if isinstance(value, list) else [value]
        cells = ",".join(flow(one) if isinstance(one, bool) else str(one) for one in values)
        for sign in ("=", *_SIGNS):
            yield f"{column}{sign}{'' if name == MISSING.name else cells}"


def _means(text: str, column: str, test: Any) -> bool:
    """Whether an option of that text says just that."""
    plain = test if isinstance(test, Mapping | list) else {IS.name: test}
    with suppress(RulesError):
        return not text.startswith(_YAML) and _compared(text) == (column, plain)
    return False


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
