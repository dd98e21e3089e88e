"""From personas.yaml to `Rules`, or one RulesError with every mistake at its line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from segmentation.messages.errors import Problem, RulesError
from segmentation.rules.dimensions import Dimension, parse_dimension
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.file import FILE
from segmentation.rules.reading.keys import WRONG
from segmentation.rules.ruleset import Persona, Rules, with_sources
from segmentation.rules.sources import Source, TableName
from segmentation.rules.yaml import Document, load


def read_rules(
    path: FilePath, given: Mapping[TableName, tuple[Source, ...]] = MappingProxyType({})
) -> Rules:
    """The rules of a file, over what is given in the place of its sources.

    Raises RulesError with every mistake of shape, grammar and names.
    """
    document = load(path)
    rules, problems = _parsed(document, hashlib.sha256(document.source).hexdigest())
    if rules is None:
        raise RulesError(*in_order(problems))
    rules = with_sources(rules, given)
    if problems:
        raise RulesError(*in_order([*problems, *_wrong_names(rules, document)]))
    return rules


def parse_rules(document: Document, sha256: str = "") -> Rules:
    """The rules of a loaded document. Raises RulesError with every mistake of shape and grammar."""
    rules, problems = _parsed(document, sha256)
    if rules is None or problems:
        raise RulesError(*in_order(problems))
    return rules


def _parsed(document: Document, sha256: str) -> tuple[Rules | None, list[Problem]]:
    """What can be understood of a document, and every mistake of shape and grammar."""
    parser = Parser(document)
    if not isinstance(document.data, dict):
        parser.wrong((), "the file is not a mapping", "It starts with version: 1.")
        return None, parser.problems
    found = FILE.read(document.data, (), parser)
    assert found is not WRONG  # everything in it has a default, or something to go on with
    return _rules(found, sha256, parser), parser.problems


def _wrong_names(rules: Rules, document: Document) -> list[Problem]:
    """Mistakes of names in a file that has others, without those that follow from the others."""
    from segmentation.rules.checking.names import problems  # which needs this module

    dropped = [f'"{name}"' for name in _dropped(rules, document)]
    found = problems(rules, attributes=None)
    return [p for p in found if not any(name in p.what for name in dropped)]


def _dropped(rules: Rules, document: Document) -> Iterator[str]:
    """Names that the file gives to something that could not be understood."""
    for group in ("features", "dimensions", "personas"):
        understood = getattr(rules, group)
        yield from (name for name in _named(document.data.get(group)) if name not in understood)


def _named(written: Any) -> Iterator[str]:
    """The names in what stands for a mapping of them: its keys, or those of a list's items."""
    if isinstance(written, list):
        for item in written:
            yield from [item] if isinstance(item, str) else _named(item)
    elif isinstance(written, dict):
        yield from written


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each mistake once, in the file's order; those of one place as they were found."""
    return sorted(dict.fromkeys(problems), key=_place)


def _place(problem: Problem) -> tuple[int, ...]:
    return tuple(int(n) for n in problem.where.split(":")[1:] if n.isdigit())


def _rules(found: dict[str, Any], sha256: str, parser: Parser) -> Rules:
    """The rules that the keys of the file mean together."""
    return Rules(
        document=parser.document,
        sha256=sha256,
        dimensions=_dimensions(found["dimensions"], found["base"], parser),
        personas={
            n: _persona(n, p, safe_csv=found["safe_csv"]) for n, p in found["personas"].items()
        },
        **{
            key: found[key]
            for key in (
                "sources",
                "timezone",
                "base",
                "new_arrival_days",
                "features",
                "suppress",
                "waterfall",
                "columns",
                "value",
                "notices",
            )
        },
    )


def _dimensions(written: dict[str, Any], base: str, parser: Parser) -> dict[str, Dimension]:
    found = {
        name: parse_dimension(value, ("dimensions", name), parser, base=base)
        for name, value in written.items()
    }
    return {name: dimension for name, dimension in found.items() if dimension is not None}


def _persona(name: str, found: dict[str, Any], *, safe_csv: bool) -> Persona:
    """A persona; it has its name for a title and the file's `safe_csv` where it says nothing."""
    title = found["title"] or name.replace("_", " ")
    own = found["safe_csv"]
    said = {"title": title, "safe_csv": safe_csv if own is None else own}
    return Persona(name=name, **found | said)
