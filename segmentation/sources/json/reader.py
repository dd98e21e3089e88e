"""The reader of JSON: each object is a row, each of its fields a column; `a.b` is a field of a field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.pattern import pattern
from segmentation.rules.sources import Source
from segmentation.sources.converted import Cells, Converted, ConvertedTable, alike, converted
from segmentation.sources.files.place import NO_OBJECTS, NothingThere, Place
from segmentation.sources.json.objects import Fraction, objects
from segmentation.sources.reader import RawTable, Reader
from segmentation.sources.stored_numbers import StoredNumbers, may_be_number, without_point

#: what stands around values in the extended JSON of MongoDB
_TYPES: Final = frozenset(
    ("$numberDecimal", "$numberLong", "$numberInt", "$numberDouble", "$date", "$oid", "$uuid")
)
_FRACTIONS: Final = ("$numberDecimal", "$numberDouble")
_BEGINS: Final = pattern(r'\ufeff?\s*(\{\s*["}]|\[\s*(\{|\]|$))')


@dataclass(frozen=True)
class JsonTable(ConvertedTable):
    """Files of JSON whose objects have the same fields."""

    encoding: str | None = None
    stored: frozenset[str] = frozenset()

    @property
    def pointed(self) -> frozenset[str]:
        """The columns whose numbers are stored as such."""
        return self.stored

    def lines(self, place: Place, records: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The objects are walked once more."""
        found, at = objects(place, self.encoding), 0
        for record in records:
            line, text, _ = next(islice(found, record - at, None))
            at = record + 1
            yield line, text

    def undelimited(self, table: str) -> Problem | None:
        """The rows may stand within a field of the only object."""
        [file, *_] = self.files
        if file.rows != 1:
            return None
        _, _, fields = next(objects(file.place, self.encoding))
        names = [name for name, value in fields.items() if _are_objects(value)]
        if not names:
            return None
        what = f"the file is one object; its rows stand in the field {names[0]}"
        return Problem(
            what, file.place.shown, f"Take them out: jq -c '.{names[0]}[]' FILE > rows.jsonl"
        )


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _claims(place: Place) -> bool:
    head = place.head.replace(b"\0", b"").lstrip(b"\xff\xfe").decode("utf-8", "ignore")
    return _BEGINS.match(head) is not None


def _tables(source: Source, places: Sequence[Place], oversize: frozenset[str]) -> list[RawTable]:
    seen = _Seen()
    files = [_converted(place, source.encoding, seen) for place in places]
    numbers = seen.found
    if numbers.mixed:  # which ones is known at the end
        unsigned = _Seen(numbers.mixed)
        files = [_converted(place, source.encoding, unsigned) for place in places]
    tables = [replace(JsonTable.of(group), encoding=source.encoding) for group in alike(files)]
    return [replace(one, stored=numbers.pointed & one.schema.keys()) for one in tables]


class _Seen:
    """What was seen of stored numbers; those of some columns are written without a point."""

    def __init__(self, unsigned: frozenset[str] = frozenset()) -> None:
        self.unsigned = unsigned
        self.numbers: set[str] = set()
        self.texts: set[str] = set()

    @property
    def found(self) -> StoredNumbers[str]:
        return StoredNumbers(frozenset(self.numbers), frozenset(self.texts))

    def cell(self, name: str, value: Any) -> str | None:
        """A cell's text."""
        if isinstance(value, Fraction):
            self.numbers.add(name)
            return without_point(value) if name in self.unsigned else str(value)
        text = _text(value)
        if text is not None and may_be_number(text):
            self.texts.add(name)
        return text


def _converted(place: Place, encoding: str | None, seen: _Seen) -> Converted:
    found = converted(place, (_cells(fields, seen) for _, _, fields in objects(place, encoding)))
    if not found.columns:
        raise NothingThere(place.shown, *NO_OBJECTS)
    return found


def _cells(fields: dict[str, Any], seen: _Seen) -> Cells:
    return dict(_flat(fields, "", seen))


def _flat(fields: dict[str, Any], above: str, seen: _Seen) -> Iterator[tuple[str, str | None]]:
    """Each field with its text; those of an object within by both names: `customer.id`."""
    for name, value in fields.items():
        found = _unwrapped(value)
        if isinstance(found, dict):
            yield from _flat(found, f"{above}{name}.", seen)
        else:
            yield above + name, seen.cell(above + name, found)


def _unwrapped(value: Any) -> Any:
    """A value of MongoDB without the type that it is wrapped in; a number with a point is stored as one.

    >>> _unwrapped({"$date": {"$numberLong": "1735689600000"}}), _unwrapped({"$set": 1})
    ('1735689600000', {'$set': 1})
    """
    while isinstance(value, dict) and len(value) == 1 and value.keys() <= _TYPES:
        [(kind, value)] = value.items()
        if kind in _FRACTIONS and isinstance(value, str) and "." in value:
            value = Fraction(value)
    return value


def _text(value: Any) -> str | None:
    """A cell's text; a text without a sign is none."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else json.dumps(value, ensure_ascii=False)


JSON: Final = Reader(
    kind="json",
    called="JSON",
    suffixes=(".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"),
    is_scanned_far=False,
    takes=lambda source: False,  # it is told by its first signs
    claims=_claims,
    check=lambda places: None,  # it is read whole when it is opened
    oversize=lambda places: frozenset(),
    tables=_tables,
    explain_opening=lambda place: None,
)
