"""The blocks that come from the code: each a function that returns Markdown."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import polars as pl

from doctools import house, shop
from segmentation.customers.describe import Book
from segmentation.messages.errors import SegmentationError
from segmentation.messages.notices import CODES
from segmentation.publish.formats import FORMATS
from segmentation.rules.catalogue import CATALOGUE, DERIVED_COLUMNS, Feature, department_share
from segmentation.rules.operators import OPERATORS
from segmentation.rules.prose import describe
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules
from segmentation.sources.columns.aliases import ALIASES, REQUIRED

#: ways out that no error of the engine tells: exit code, code of the notice, meaning
_WAYS_OUT: Final = (
    (0, "", "done"),
    (1, "failed-case", "A case of `segment test` is not as expected."),
    (2, "usage", "The command line cannot be parsed."),
    (70, "internal", "A bug of segment; the message says whether the run was published."),
    (130, "interrupted", "Ctrl-C, SIGTERM or SIGHUP. Nothing was published."),
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines) + "\n"


def manifest_schema(text: str) -> str:
    """The JSON Schema of manifests, in which a persona's file has the ending of a format."""
    persona_files = re.compile(r"(\^personas/[^(]+\()[^)]*(?=\)\$)")
    return persona_files.sub(lambda found: f"{found[1]}{'|'.join(FORMATS)}", text)


# -- features -------------------------------------------------------------------------------------


def features() -> str:
    """The catalogue, one row per feature that rules can name."""
    every = [
        *CATALOGUE,
        replace(
            department_share("department_share.<name>"),
            meaning="share of bought spend in the department of that name",
        ),
    ]
    return table(
        ("feature", "meaning", "unit", "range", "missing when", "needs"), map(_feature, every)
    )


def _feature(feature: Feature) -> tuple[str, ...]:
    return (
        f"`{feature.name}`",
        feature.meaning,
        feature.unit,
        feature.span,
        feature.missing,
        ", ".join(f"`{n}`" for n in feature.needs),
    )


def feature_words() -> str:
    """Name and meaning of every feature that rules can name."""
    return table(("column", "meaning"), ((f"`{f.name}`", f.meaning) for f in CATALOGUE))


def operators() -> str:
    """Every operator and what it takes."""
    return table(("operator", "takes"), ((f"`{o.name}`", o.takes) for o in OPERATORS.values()))


# -- the command line -----------------------------------------------------------------------------


@cache
def commands() -> tuple[str, ...]:
    """The names of all commands, as Typer lists them below the options."""
    groups = help_of("segment").partition("\nOptions:\n")[2].partition("\n\n")[2]
    return tuple(re.findall(r"^  (\w+)", groups, re.MULTILINE))


def help_of(command: str) -> str:
    """What Typer makes of --help; asked twice, as a single one is answered with what is stored."""
    return _help(f"{command} --help --help")


def command_line() -> str:
    """The help of every command."""
    lines = ("segment", *(f"segment {name}" for name in commands()))
    return "\n".join(f"## {line}\n\n```text\n{help_of(line)}```\n" for line in lines)


def _help(command: str) -> str:
    printed, code = shop.run(command, shop.REPO)
    if code:
        raise RuntimeError(f"{command} ended with {code}: {printed}")
    return printed


def exit_codes() -> str:
    """Every way out: its code, what `--json` calls it, and what it means."""
    errors = SegmentationError.__subclasses__()
    found = [*((e.exit_code, e.kind, _first_line(e)) for e in errors), *_WAYS_OUT]
    ordered = sorted(found, key=lambda row: row[0])
    return table(
        ("exit code", "`code` in `--json`", "meaning"),
        ((str(c), f"`{kind}`" if kind else "", text) for c, kind, text in ordered),
    )


def _first_line(error: type) -> str:
    return (inspect.getdoc(error) or "").splitlines()[0]


def json_results() -> str:
    """What stands under `result`, and in every object in it: the keys that are always there."""
    rows = []
    for command in commands():
        schema = json.loads(_help(f"segment schema {command}"))
        for name, one in schema["definitions"].items():
            if name not in ("Said", "Stopped"):
                keys = ", ".join(f"`{key}`" for key in one["properties"])
                rows.append((f"[{command}](json/{command}.schema.json)", f"`{name}`", keys))
    return table(("command", "object", "keys"), rows)


def notices() -> str:
    """Every code of a notice, by name."""
    return table(
        ("code", "level", "meaning", "cause", "mend"),
        (
            (f"`{name}`", f"`{c.level}`", c.meaning, c.cause, c.mend)
            for name, c in sorted(CODES.items())
        ),
    )


# -- inputs ---------------------------------------------------------------------------------------


def aliases() -> str:
    """The canonical columns of each table, and the other names under which they are found."""
    return "\n".join(
        f"### {name}\n\n{_columns(name, columns)}" for name, columns in ALIASES.items()
    )


def _columns(name: str, columns: Mapping[str, frozenset[str]]) -> str:
    required = REQUIRED[name]
    return table(
        ("column", "required", "also found as"),
        (
            (f"`{c}`", "yes" if c in required else "", ", ".join(sorted(others)))
            for c, others in columns.items()
        ),
    )


def derived() -> str:
    """Columns of a line that follow from others."""
    return (
        ", ".join(f"`{n}` (needs `{'`, `'.join(of)}`)" for n, of in DERIVED_COLUMNS.items()) + "\n"
    )


# -- what the sample run writes -------------------------------------------------------------------


@cache
def sample_columns() -> Mapping[str, pl.DataType]:
    """The columns of customers.parquet of the sample run."""
    with shop.clone() as folder:
        printed, code = shop.run("segment run -q", folder)
        if code:
            raise RuntimeError(printed)
        return dict(pl.read_parquet_schema(folder / "audiences/latest/customers.parquet"))


def sample_types() -> str:
    """Name and type of every column of customers.parquet of the sample run."""
    return table(("column", "type"), ((f"`{n}`", _type(t)) for n, t in sample_columns().items()))


def _type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"decimal({dtype.precision}, {dtype.scale})"
    return {"String": "text"}.get(str(dtype), str(dtype).lower())


def sample_glossary() -> str:
    """What every column of customers.parquet of the sample run is, after the built-in features."""
    rules = read_rules(shop.REPO / "personas.yaml")
    words = {**_attributes(), **_measures(rules), **_dimensions(rules), **_personas(rules)}
    rows = [
        (f"`{n}`", words[n]) for n in sample_columns() if n in words and CATALOGUE.find(n) is None
    ]
    return table(("column", "what it is in the sample shop"), rows)


def _attributes() -> dict[str, str]:
    header = (shop.REPO / "sample_data/customers.csv").read_text().split("\n", 1)[0].split(",")
    return {
        name: "column of customers, as the file has it" for name in header if name != "customer_id"
    }


def _measures(rules: Rules) -> dict[str, str]:
    own = {name: f"own feature: {describe(measure)}" for name, measure in rules.features.items()}
    book = Book(rules, {})
    return own | {book.header(c): describe(measure) for measure, c in book.columns.items()}


def _dimensions(rules: Rules) -> dict[str, str]:
    return {name: f"dimension: {one.in_words()}" for name, one in rules.dimensions.items()}


def _personas(rules: Rules) -> dict[str, str]:
    return {
        name: f"persona, true for who matches: {one.title}" for name, one in rules.personas.items()
    }


BLOCKS: Final[Mapping[str, Callable[[], str]]] = {
    "features": features,
    "glossary features": feature_words,
    "operators": operators,
    "command line": command_line,
    "exit codes": exit_codes,
    "aliases": aliases,
    "derived columns": derived,
    "notices": notices,
    "json results": json_results,
    "sample columns": sample_types,
    "sample glossary": sample_glossary,
    "rooms": house.page_of_rooms,
}
