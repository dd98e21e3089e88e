"""Which columns customers have, as far as that can be told without Polars: from CSV headers."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.conditions import Compare, walk
from segmentation.rules.delimiters import MARKS, delimiter_of, sign_above
from segmentation.rules.ruleset import Rules
from segmentation.rules.source_paths import Unset
from segmentation.rules.sources import Source

#: how JSON begins, and what is packed
_NO_TEXT: Final = (b"{", b"[", b"PK", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"PAR1")
MOST_CHARACTERS = 1_000_000  # a file without line ends is no reason to read all of it


def attributes_of(rules: Rules) -> tuple[str, ...] | None:
    """The columns of the customers' files, or None where a file cannot be looked into."""
    sources = rules.sources.get("customers", ())
    if not sources:
        return None if rules.adhoc else ()
    headers = [_of_all(s) for s in sources]
    if any(h is None for h in headers):
        return None
    return tuple(dict.fromkeys(name for h in headers if h for name in h))


def on_trust(rules: Rules) -> list[Notice]:
    """What is taken for columns of customers whose files cannot be looked into, if anything."""
    sources = rules.sources.get("customers", ())
    unseen = [s.path for s in sources if _of_all(s) is None]
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


def _of_all(source: Source) -> tuple[str, ...] | None:
    """The columns of a source and of what is joined to it."""
    found = _header(source)
    for join in source.join:
        others = _header(join.source)
        if found is None or others is None:
            return None
        found += tuple(f"{join.name}.{name}" if name in found else name for name in others)
    return found


def _header(source: Source) -> tuple[str, ...] | None:
    try:
        place = source.place
    except Unset:  # where rules are checked, the data need not be
        return None
    path = Path(place or "")
    if not path.is_file() or not path.name.endswith((".csv", ".csv.gz", ".txt", ".tsv")):
        return None
    try:
        found = _header_line(path, source)
    except (OSError, UnicodeError, LookupError, EOFError):
        return None
    specs = source.columns.items()
    own = {theirs: canonical for canonical, theirs in specs if isinstance(theirs, str)}
    names = source.header or _cells(found, source)
    return None if names is None else (*(own.get(n, n) for n in names), *source.columns)


def _cells(line: str | None, source: Source) -> list[str] | None:
    if line is None:
        return None
    delimiter = source.delimiter or delimiter_of(line)
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell longer than any name: reading says so
        return None
    return [name.strip() for name in names]


def _header_line(path: Path, source: Source) -> str | None:
    """The line of the header; None where the file is no text."""
    head = _begin(path)
    if head.startswith(_NO_TEXT):
        return None
    marked = next((name for mark, name in MARKS.items() if head.startswith(mark)), "utf-8-sig")
    opened = gzip.open if head.startswith(b"\x1f\x8b") else open
    with opened(path, "rt", encoding=source.encoding or marked) as file:
        for _ in range(source.skip_lines):
            file.readline(MOST_CHARACTERS)
        line = str(file.readline(MOST_CHARACTERS))
        return str(file.readline(MOST_CHARACTERS)) if sign_above(line) else line


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
