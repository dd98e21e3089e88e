"""One YAML file: read within its limits, and kept with the place of everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location, Problem, RulesError
from segmentation.rules.yaml.faults import Keys, Position, position_at
from segmentation.rules.yaml.passes import MOST_BYTES, read
from segmentation.system.plain_files import plain_bytes


@dataclass(frozen=True)
class Document:
    """One YAML file: its plain data, and the 1-based (line, column) of each value and key.

    `source` is the file byte for byte: what is read from a pipe can be read only once.
    """

    name: str
    data: Any
    marks: Mapping[Keys, Position]
    key_marks: Mapping[Keys, Position]
    source: bytes = b""

    def where(self, path: Keys, *, key: bool = False) -> Location:
        """Where a value stands (its key, if asked), or what encloses it.

        >>> print(loads("personas:\\n  vip: {}", "p.yaml").where(("personas", "vip", "match")))
        p.yaml:2:8
        """
        if key and path in self.key_marks:
            return Location(self.name, *self.key_marks[path])
        while path not in self.marks:
            path = path[:-1]
        return Location(self.name, *self.marks[path])


def load(path: Path) -> Document:
    """The document in a file; RulesError lists everything that is wrong with it."""
    try:
        raw = plain_bytes(path, MOST_BYTES + 1)
    except FileNotFoundError:
        mend = "segment init DIR writes a starter"
        raise RulesError(Problem("there is no such file", str(path), mend)) from None
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise RulesError(Problem(what, str(path), "name a YAML file that you can read")) from None
    return replace(loads(_decoded(raw, str(path)), str(path)), source=raw)


def loads(text: str, name: str) -> Document:
    """The document in a text; `name` is what errors call it.

    >>> loads("match: {gender: NO, recency_days: {at_most: 60}}", "p.yaml").data
    {'match': {'gender': 'NO', 'recency_days': {'at_most': 60}}}
    """
    text = text.removeprefix("\ufeff")
    _check_size(len(text.encode("utf-8", "surrogatepass")), name)
    builder, faults = read(text)
    if faults:
        problems = (Problem(f.what, Location(name, *f.at), f.mend) for f in sorted(faults))
        raise RulesError(*problems)
    return Document(name, builder.data, builder.marks, builder.key_marks)


def _check_size(size: int, name: str) -> None:
    if size > MOST_BYTES:
        mend = "keep rules here; long lists of values belong in a column of your data"
        raise RulesError(Problem("is larger than 1 MiB", name, mend))


def _decoded(raw: bytes, name: str) -> str:
    _check_size(len(raw), name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")  # object lacks the byte-order mark
        what = f"is not UTF-8 text (byte 0x{error.object[error.start]:02x})"
        place = Location(name, *position_at(before, len(before)))
        mend = 'save the file as UTF-8 (in Excel and Notepad: "Save as", encoding UTF-8)'
        raise RulesError(Problem(what, place, mend)) from None
