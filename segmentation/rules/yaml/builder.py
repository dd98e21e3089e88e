"""Plain data, built event by event on a stack of our own, with the place of each value and key."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, Event, NodeEvent

from segmentation.dataclass import dataclass
from segmentation.rules.yaml.comparisons import COMPARISON, compared_at, uncomparable, worded
from segmentation.rules.yaml.faults import Fault, Keys, Position, excerpt, position_of
from segmentation.rules.yaml.scalars import SpellingError, plain

Loader = type[yaml.SafeLoader] | type["yaml.CSafeLoader"]
MOST_DEPTH = 50
MOST_VALUES = 100_000
MOST_FAULTS = 100


class HaltError(Exception):
    """Reading cannot go on; the fault that says why is already noted."""


@dataclass
class _Open:
    """A collection that is being read, and the key that waits for its value."""

    value: Any
    path: Keys
    key: str | None = None


@dataclass
class Builder:
    """Plain data, marks and faults of one text, built event by event."""

    text: str
    data: Any = None
    marks: dict[Keys, Position] = field(default_factory=dict)
    key_marks: dict[Keys, Position] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0
    values: int = 0
    blanks: int = 0  # values that are not there, as in `name:` and `name: >`
    last: Position = (1, 1)

    def read(self, loader: Loader = yaml.SafeLoader) -> None:
        """Take all events; raises HaltError, or what PyYAML raises on broken syntax."""
        for event in yaml.parse(self.text, Loader=loader):
            self.last = position_of(event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                self._start_document()
            elif isinstance(event, CollectionEndEvent):
                self.stack.pop()
            elif isinstance(event, NodeEvent):
                self._take(event)
        if not self.documents:
            self._stop("the file is empty", "segment init DIR writes a starter")

    def _start_document(self) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("a second document starts here", "keep one document in a file; remove '---'")

    def _take(self, event: NodeEvent) -> None:
        """Put one scalar, or the start of a collection, where it belongs."""
        self.values += 1
        if self.values > MOST_VALUES:
            what = f"holds more than {MOST_VALUES:,} values"
            self._stop(what, "split the rules or shorten lists")
        self._check_anchor(event)
        self._check_tag(event)
        top = self.stack[-1] if self.stack else None
        if top and top.key is None and isinstance(top.value, dict):
            self._take_key(top, event)
        else:
            self._take_value(top, event)

    def _take_key(self, parent: _Open, event: NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            parent.key = f"?{self.last}"
            self._fault("a key must be a word", "quote text in brackets, such as '{{ date }}'")
            if isinstance(event, yaml.CollectionStartEvent):
                self._open(_empty(event), (*parent.path, parent.key))
            return
        parent.key = event.value
        self._check_key(event)
        path = (*parent.path, event.value)
        if path in self.key_marks:
            line, column = self.key_marks[path]
            what = f'the key "{excerpt(event.value)}" is here twice, first at {line}:{column}'
            self._fault(what, "keep one of the two, or give one another name")
        self.key_marks.setdefault(path, self.last)

    def _take_value(self, parent: _Open | None, event: NodeEvent) -> None:
        value = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else _empty(event)
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
            self._open(value, path)

    def _open(self, value: Any, path: Keys) -> None:
        if len(self.stack) >= MOST_DEPTH:
            self._stop(f"is nested deeper than {MOST_DEPTH} levels", "close brackets; nest less")
        self.stack.append(_Open(value, path))

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        """The value of a scalar: text if it is quoted, else what its spelling says."""
        self._check_characters(event)
        if event.tag is not None:
            return None
        if event.style == ">" and not event.value:
            return self._check_folded(event)
        if not event.implicit[0]:
            return event.value
        self.blanks += not event.value
        try:
            return plain(event.value, self._name)
        except SpellingError as refused:
            self._fault(*refused.args)
            return None

    def _check_anchor(self, event: NodeEvent) -> None:
        if event.anchor is not None:
            what = f'"&" and "*" (anchors and aliases) are not used here: {excerpt(event.anchor)}'
            self._fault(what, "write the value out, name it under features:, or quote the text")

    def _check_tag(self, event: NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag is None:
            return
        compared = COMPARISON.fullmatch(f"{tag} {getattr(event, 'value', '')}".strip())
        mend = worded(compared, self._name) if compared else "remove it, or quote the text"
        shown = excerpt(tag.replace("tag:yaml.org,2002:", "!!"))
        self._fault(f'tags are not used here: "{shown}"', mend)

    def _check_key(self, event: yaml.ScalarEvent) -> None:
        self._check_characters(event)
        if event.implicit[0] and event.value == "<<":
            self._fault('merge keys ("<<") are not used here', "write the keys out")
        if event.implicit[0] and not event.value and event.anchor is None:
            self._fault("a key is missing before the colon", "write name: value")

    def _check_characters(self, event: yaml.ScalarEvent) -> None:
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in event.value):
            self._fault("an escape in quotes names no character", "use single quotes: '…'")

    def _check_folded(self, event: yaml.ScalarEvent) -> str:
        """`recency_days: >6` is an empty folded text to YAML, and a comparison to its author."""
        self.blanks += 1
        compared = compared_at(self.text, event.start_mark)
        if compared:
            self._fault(*uncomparable(compared))
        return ""

    @property
    def _name(self) -> str:
        """The key to whose value reading has come; empty in a list."""
        return (self.stack[-1].key or "") if self.stack else ""

    def _fault(self, what: str, mend: str) -> None:
        self.faults.append(Fault(self.last, what, mend))
        if len(self.faults) >= MOST_FAULTS:
            raise HaltError

    def _stop(self, what: str, mend: str) -> None:
        self.faults.append(Fault(self.last, what, mend))
        raise HaltError


def _empty(event: Event) -> Any:
    kinds: dict[type[Event], Any] = {yaml.SequenceStartEvent: [], yaml.MappingStartEvent: {}}
    return kinds.get(type(event))
