"""Which columns customers have, as far as that can be told without Polars: from CSV headers."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from segmentation.config.rules import Rules
from segmentation.config.sources import Source

DELIMITERS = ",;\t|"
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


def _header(source: Source) -> tuple[str, ...] | None:
    path = Path(source.path)
    if not path.is_file() or not path.name.endswith((".csv", ".csv.gz", ".txt", ".tsv")):
        return None
    try:
        line = _first_line(path, source.encoding or "utf-8-sig")
    except (OSError, UnicodeError, LookupError, EOFError):
        return None
    delimiter = source.delimiter or max(DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    own = {theirs: canonical for canonical, theirs in source.columns.items()}
    return tuple(own.get(n.strip(), n.strip()) for n in names) + tuple(source.columns)


def _first_line(path: Path, encoding: str) -> str:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=encoding) as file:
        return str(file.readline(MOST_CHARACTERS))
