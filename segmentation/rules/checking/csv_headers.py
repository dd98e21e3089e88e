"""Which columns customers have, as far as that can be told without Polars: from CSV headers."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.conditions import Compare, walk
from segmentation.rules.delimiters import delimiter_of
from segmentation.rules.ruleset import Rules
from segmentation.rules.source_paths import Unset
from segmentation.rules.sources import Source

MOST_CHARACTERS = 1_000_000  # a file without line ends is no reason to read all of it


def attributes_of(rules: Rules) -> tuple[str, ...] | None:
    """The columns of the customers' files, or None where a file cannot be looked into."""
    sources = rules.sources.get("customers", ())
    if not sources:
        return None if rules.adhoc else ()
    headers = [_header(s) for s in sources]
    if any(h is None for h in headers):
        return None
    return tuple(dict.fromkeys(name for h in headers if h for name in h))


def on_trust(rules: Rules) -> list[Notice]:
    """What is taken for columns of customers whose files cannot be looked into, if anything."""
    sources = rules.sources.get("customers", ())
    unseen = [s.path for s in sources if _header(s) is None]
    names = [n for n in dict.fromkeys(_names(rules)) if not _is_defined(n, rules)]
    if not unseen or not names:
        return []
    what = "is taken for a column" if len(names) == 1 else "are taken for columns"
    text = (
        f"{listed(names, most=len(names))} {what} of customers ({listed(unseen)} cannot be looked "
        "into without reading data)"
    )
    return [notice("taken-on-trust", text)]


def _names(rules: Rules) -> Iterator[str]:
    """Every name that the rules read from a customer."""
    for _, condition in rules.conditions():
        compared = (part.field for part in walk(condition) if isinstance(part, Compare))
        yield from (field for field in compared if isinstance(field, str))
    yield from (name for d in rules.dimensions.values() for name in d.reads())
    yield from rules.columns
    for persona in rules.personas.values():
        yield from (*persona.columns, *((persona.for_each,) if persona.for_each else ()))


def _is_defined(name: str, rules: Rules) -> bool:
    own = (*rules.features, *rules.dimensions, *rules.personas)
    return CATALOGUE.find(name) is not None or name in own


def _header(source: Source) -> tuple[str, ...] | None:
    try:
        place = source.place
    except Unset:  # where rules are checked, the data need not be
        return None
    path = Path(place or "")
    if not path.is_file() or not path.name.endswith((".csv", ".csv.gz", ".txt", ".tsv")):
        return None
    try:
        line = _first_line(path, source.encoding or "utf-8-sig")
    except (OSError, UnicodeError, LookupError, EOFError):
        return None
    delimiter = source.delimiter or delimiter_of(line)
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell longer than any name: reading says so
        return None
    own = {
        theirs: canonical for canonical, theirs in source.columns.items() if isinstance(theirs, str)
    }
    return tuple(own.get(n.strip(), n.strip()) for n in names) + tuple(source.columns)


def _first_line(path: Path, encoding: str) -> str:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=encoding) as file:
        return str(file.readline(MOST_CHARACTERS))
