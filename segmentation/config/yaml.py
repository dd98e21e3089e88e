"""YAML text as plain data in which every value knows its line: one `Document` per file.

The file is somebody else's, so it is read defensively. One pass over PyYAML's pure-Python events
builds the data on a stack of our own: nothing recurses, nothing is constructed by tag, and the
pass ends at the 51st level or the 100,001st value. (libyaml's CSafeLoader dies of a segmentation
fault on 100,000 nested brackets; an alias bomb of 341 bytes unfolds to millions of values.)

Words follow YAML 1.2: `NO`, `on`, `12:30:45` and dates are text. What readers of YAML disagree
about (`010`, `1_000`, `1e5`, `0x1F`) is refused, with the spelling that nobody can misread.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml.events import CollectionEndEvent, Event, NodeEvent
from yaml.reader import ReaderError

from segmentation.errors import Problem, RulesError

Keys: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 50
MOST_VALUES = 100_000
MOST_FAULTS = 100
MOST_REPAIRS = 20


@dataclass(frozen=True)
class Document:
    """One YAML file: its plain data, and the 1-based (line, column) of each value and key."""

    name: str
    data: Any
    marks: Mapping[Keys, Position]
    key_marks: Mapping[Keys, Position]

    def where(self, path: Keys, *, key: bool = False) -> str:
        """`name:line:column` of a value (of its key, if asked), or of what encloses it.

        >>> loads("personas:\\n  vip: {}", "p.yaml").where(("personas", "vip", "match"))
        'p.yaml:2:8'
        """
        if key and path in self.key_marks:
            return _where(self.name, self.key_marks[path])
        while path not in self.marks:
            path = path[:-1]
        return _where(self.name, self.marks[path])


def load(path: Path) -> Document:
    """The document in a file; RulesError lists everything that is wrong with it."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        mend = "segment init DIR writes a starter"
        raise RulesError(Problem("there is no such file", str(path), mend)) from None
    except OSError as error:
        what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise RulesError(Problem(what, str(path), "name a YAML file that you can read")) from None
    return loads(_decoded(raw, str(path)), str(path))


def loads(text: str, name: str) -> Document:
    """The document in a text; `name` is what errors call it.

    >>> loads("match: {gender: NO, recency_days: {at_most: 60}}", "p.yaml").data
    {'match': {'gender': 'NO', 'recency_days': {'at_most': 60}}}
    """
    text = text.removeprefix("\ufeff")
    _check_size(len(text.encode("utf-8", "surrogatepass")), name)
    builder, faults = _built(text)
    if faults:
        problems = (Problem(f.what, _where(name, f.at), f.mend) for f in sorted(faults))
        raise RulesError(*problems)
    return Document(name, builder.data, builder.marks, builder.key_marks)


def _where(name: str, position: Position) -> str:
    return f"{name}:{position[0]}:{position[1]}"


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
        place = _where(name, _position(before, len(before)))
        mend = 'save the file as UTF-8 (in Excel and Notepad: "Save as", encoding UTF-8)'
        raise RulesError(Problem(what, place, mend)) from None


def _position(text: str, index: int) -> Position:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


# --- building -----------------------------------------------------------------------------------


class _Fault(NamedTuple):
    """One mistake at a position; sorts by where it stands in the file."""

    at: Position
    what: str
    mend: str


class _HaltError(Exception):
    """Reading cannot go on; the fault that says why is already noted."""


class _SpellingError(Exception):
    """A plain scalar that is not taken: (what, mend)."""


@dataclass
class _Open:
    """A collection that is being read, and the key that waits for its value."""

    value: Any
    path: Keys
    key: str | None = None


@dataclass
class _Builder:
    """Plain data, marks and faults of one text, built event by event."""

    text: str
    data: Any = None
    marks: dict[Keys, Position] = field(default_factory=dict)
    key_marks: dict[Keys, Position] = field(default_factory=dict)
    faults: list[_Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0
    values: int = 0
    last: Position = (1, 1)

    def read(self) -> None:
        """Take all events; raises _HaltError, or what PyYAML raises on broken syntax."""
        for event in yaml.parse(self.text, Loader=yaml.SafeLoader):
            self.last = _at(event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                self.start_document()
            elif isinstance(event, CollectionEndEvent):
                self.stack.pop()
            elif isinstance(event, NodeEvent):
                self.take(event)
        if not self.documents:
            self.stop("the file is empty", "segment init DIR writes a starter")

    def start_document(self) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop("a second document starts here", "keep one document in a file; remove '---'")

    def take(self, event: NodeEvent) -> None:
        """Put one scalar, or the start of a collection, where it belongs."""
        self.values += 1
        if self.values > MOST_VALUES:
            self.stop(f"holds more than {MOST_VALUES:,} values", "split the rules or shorten lists")
        self.check_anchor(event)
        self.check_tag(event)
        top = self.stack[-1] if self.stack else None
        if top and top.key is None and isinstance(top.value, dict):
            self.take_key(top, event)
        else:
            self.take_value(top, event)

    def take_key(self, parent: _Open, event: NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            parent.key = f"?{self.last}"
            self.fault("a key must be a word", "quote text in brackets, such as '{{ date }}'")
            if isinstance(event, yaml.CollectionStartEvent):
                self.open(_empty(event), (*parent.path, parent.key))
            return
        parent.key = event.value
        self.check_key(event)
        path = (*parent.path, event.value)
        if path in self.key_marks:
            line, column = self.key_marks[path]
            what = f'the key "{_shown(event.value)}" is here twice, first at {line}:{column}'
            self.fault(what, "keep one of the two, or give one another name")
        self.key_marks.setdefault(path, self.last)

    def take_value(self, parent: _Open | None, event: NodeEvent) -> None:
        value = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else _empty(event)
        path: Keys = ()
        if parent is None:
            self.data = value
        elif isinstance(parent.value, list):
            path = (*parent.path, len(parent.value))
            parent.value.append(value)
        elif parent.key is not None:
            path = (*parent.path, parent.key)
            parent.value[parent.key], parent.key = value, None
        self.marks[path] = self.last
        if isinstance(event, yaml.CollectionStartEvent):
            self.open(value, path)

    def open(self, value: Any, path: Keys) -> None:
        if len(self.stack) >= MOST_DEPTH:
            self.stop(f"is nested deeper than {MOST_DEPTH} levels", "close brackets; nest less")
        self.stack.append(_Open(value, path))

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        """The value of a scalar: text if it is quoted, else what its spelling says."""
        self.check_characters(event)
        if event.tag is not None:
            return None
        if event.style == ">" and not event.value:
            return self.check_folded(event)
        if not event.implicit[0]:
            return event.value
        try:
            return _plain(event.value)
        except _SpellingError as refused:
            self.fault(*refused.args)
            return None

    def check_anchor(self, event: NodeEvent) -> None:
        if event.anchor is not None:
            what = f'"&" and "*" (anchors and aliases) are not used here: {_shown(event.anchor)}'
            self.fault(what, "write the value out, name it under features:, or quote the text")

    def check_tag(self, event: NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is None:
            return
        compared = _COMPARISON.fullmatch(f"{tag} {getattr(event, 'value', '')}".strip())
        mend = _worded(compared) if compared else "remove it, or quote the text"
        shown = _shown(tag.replace("tag:yaml.org,2002:", "!!"))
        self.fault(f'tags are not used here: "{shown}"', mend)

    def check_key(self, event: yaml.ScalarEvent) -> None:
        self.check_characters(event)
        if event.implicit[0] and event.value == "<<":
            self.fault('merge keys ("<<") are not used here', "write the keys out")
        if event.implicit[0] and not event.value and event.anchor is None:
            self.fault("a key is missing before the colon", "write name: value")

    def check_characters(self, event: yaml.ScalarEvent) -> None:
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in event.value):
            self.fault("an escape in quotes names no character", "use single quotes: '…'")

    def check_folded(self, event: yaml.ScalarEvent) -> str:
        """`recency_days: >6` is an empty folded text to YAML, and a comparison to its author."""
        compared = _compared(self.text, event.start_mark)
        if compared:
            self.fault(*_uncomparable(compared))
        return ""

    def fault(self, what: str, mend: str) -> None:
        self.faults.append(_Fault(self.last, what, mend))
        if len(self.faults) >= MOST_FAULTS:
            raise _HaltError

    def stop(self, what: str, mend: str) -> None:
        self.faults.append(_Fault(self.last, what, mend))
        raise _HaltError


def _at(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _empty(event: Event) -> Any:
    kinds: dict[type[Event], Any] = {yaml.SequenceStartEvent: [], yaml.MappingStartEvent: {}}
    return kinds.get(type(event))


def _shown(text: str) -> str:
    """Text from the file, short and without control characters, for a message."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    return short if short.isprintable() else ascii(short)[1:-1]


# --- scalars ------------------------------------------------------------------------------------

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: value
    for word, value in (("true", True), ("false", False))
    for spelling in (word, word.title(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?")
_UNDERSCORED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?")
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+")
_BASED = re.compile(r"[-+]?0(?:x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)")
_UNBOUNDED = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_COMPARISON = re.compile(r"([<>=!]=|=[<>]|[<>=≤≥])[ \t]*([^\s,}\]#][^,}\]#\n]*)?")
_OPERATORS = {
    **dict.fromkeys((">=", "=>", "≥"), "at_least"),
    **dict.fromkeys(("<=", "=<", "≤"), "at_most"),
    **dict.fromkeys(("=", "=="), "is"),
    ">": "more_than",
    "<": "less_than",
    "!=": "is_not",
}


def _plain(text: str) -> Any:
    """The value of an unquoted scalar; raises _SpellingError when its spelling is ambiguous."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    _check_ambiguous(text)
    return text


def _integer(text: str) -> int:
    if len(text) > 20 or abs(number := int(text)) >= 2**63:
        raise _SpellingError(
            f"{_shown(text)} is too large for a number", "quote it if it is a name"
        )
    return number


def _float(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise _SpellingError(
            f"{_shown(text)} is too large for a number", "quote it if it is a name"
        )
    return number


def _check_ambiguous(text: str) -> None:
    shown, quoted = _shown(text), f"quote it: '{_shown(text)}'"
    if _LEADING_ZERO.fullmatch(text):
        raise _SpellingError(f"{shown} starts with a zero: is it a number or a name?", quoted)
    if _UNDERSCORED.fullmatch(text):
        what = f"{shown} holds an underscore: is it a number or a name?"
        raise _SpellingError(what, f"write {shown.replace('_', '')}, or {quoted}")
    if _EXPONENT.fullmatch(text) or _BASED.fullmatch(text):
        what = f"{shown} is a number to some readers and text to others"
        raise _SpellingError(what, f"write the number in full, or {quoted}")
    if _UNBOUNDED.fullmatch(text):
        raise _SpellingError(f"{shown} is not a number here", f"leave the bound out, or {quoted}")
    compared = _COMPARISON.fullmatch(text)
    if compared and re.fullmatch(r"-?[0-9][0-9.,:-]*%?", compared[2] or ""):
        raise _SpellingError(*_uncomparable(compared))


def _uncomparable(compared: re.Match[str]) -> tuple[str, str]:
    return f'"{_shown(compared[0].strip())}" is not how rules compare', _worded(compared)


def _worded(compared: re.Match[str]) -> str:
    """How a comparison in symbols is written in words."""
    value = _shown((compared[2] or "").strip()) or "…"
    return f"write {{{_OPERATORS[compared[1]]}: {value}}}"


# --- broken syntax ------------------------------------------------------------------------------

# What PyYAML says, where to point (at its context, or at the problem), what and how to mend it.
# The first row that fits is taken.
_INDENT = "indent with spaces, and line keys up with their neighbours"
_TWICE = "inside '…' an apostrophe is written twice: 'it''s'"
_SYNTAX = (
    ("mapping values are not allowed", "problem", 'this ": " cannot stand here',
     f'quote text that holds ": ", put a space after each colon; {_INDENT}'),
    ("sequence entries are not allowed", "problem", "a list cannot start on the line of its key",
     'put each "- item" on a line of its own, or write [a, b]'),
    (r"'\t' that cannot start", "problem", "there is a tab here", _INDENT),
    ("that cannot start any token", "problem", "a value cannot start with this character",
     "quote it: '…'"),
    ("expected ',' or '}'", "context", 'the "{" opened here is not closed, or misses a comma',
     'write {a: 1, b: 2}'),
    ("expected ',' or ']'", "context", 'the "[" opened here is not closed, or misses a comma',
     'write [a, b]'),
    ("scanning a quoted scalar", "context", "the quote opened here is not closed", _TWICE),
    ("scanning a double-quoted scalar", "problem", 'a backslash in "…" starts an escape',
     "use single quotes: '…'"),
    ("could not find expected ':'", "context", 'this is neither "key: value" nor "- item"',
     "add a colon with a space after it"),
    ("but found '<scalar>'", "problem", "there is text after a closing quote or bracket",
     f"quote the whole value; {_TWICE}"),
    ("expected <block end>", "problem", "this does not line up with what stands above", _INDENT),
    ("scanning a block scalar", "context", 'text cannot follow ">" or "|" on its line',
     "put it on the lines below, or quote it"),
    ("scanning an alias", "context", 'a value cannot start with "*"', "quote it: '*…'"),
    ("scanning an anchor", "context", 'a value cannot start with "&"', "quote it: '&…'"),
    (" tag", "context", 'a value cannot start with "!"', "quote it: '!…'"),
    ("expected the node content", "problem", "a value is missing before this",
     "write the value, or quote the text"),
    ("expected '<document start>'", "problem", "this belongs to nothing above", _INDENT),
)  # fmt: skip


def _built(text: str) -> tuple[_Builder, list[_Fault]]:
    """The builder after the whole text, and all faults.

    Broken syntax ends a pass. The one mistake that people make on many lines at once, `>= 60`,
    is blanked out and the text read again, as often as a file of 1 MiB could be read once.
    """
    broken: list[_Fault] = []
    repairs = min(MOST_REPAIRS, MOST_BYTES // (len(text) + 1))
    while True:
        builder = _Builder(text)
        fault, span = _read(builder)
        broken += [fault] if fault else []
        if not span or len(broken) > repairs:
            return builder, builder.faults + broken
        text = f"{text[: span[0]]}0{' ' * (span[1] - span[0] - 1)}{text[span[1] :]}"


def _read(builder: _Builder) -> tuple[_Fault | None, tuple[int, int] | None]:
    """The fault that broke the syntax, and its span if reading could go on without it."""
    try:
        builder.read()
    except _HaltError:
        pass
    except yaml.MarkedYAMLError as error:
        for mark in (error.context_mark, error.problem_mark):
            if compared := _compared(builder.text, mark):
                return _Fault(_at(mark), *_uncomparable(compared)), compared.span()
        return _syntax_fault(error), None
    except ReaderError as error:
        at = _position(builder.text, error.position)
        return _Fault(at, "there is a control character here", "remove it"), None
    except (ValueError, OverflowError):  # PyYAML hands an impossible "\U00110000" straight to chr()
        return _Fault(builder.last, "there is an impossible escape or number below", ""), None
    return None, None


def _compared(text: str, mark: Any) -> re.Match[str] | None:
    """The `>= 60` or `>6` at a mark, which YAML takes for the start of a folded text."""
    found = _COMPARISON.match(text, mark.index) if mark else None
    if not found or found[1] not in (">", ">="):
        return None
    return found if found[1] == ">=" or re.match(r"[-+.]?[0-9]", found[2] or "") else None


def _syntax_fault(error: yaml.MarkedYAMLError) -> _Fault:
    said = f"{error.context or ''}; {error.problem or ''}"
    for needle, side, what, mend in _SYNTAX:
        mark = error.context_mark if side == "context" else error.problem_mark
        if needle in said and mark:
            return _Fault(_at(mark), what, mend)
    return _Fault(
        _at(error.problem_mark or error.context_mark), f"this is not YAML: {error.problem}", ""
    )
