"""Plain data as one line of YAML, which reads as the same data wherever in a file it is put."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from segmentation.messages.errors import RulesError
from segmentation.rules.yaml.document import loads

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def flow(value: Any) -> str:
    """One line of YAML.

    >>> flow({"path": "a, b.csv", "values": {"size": ["42", "x"]}})
    '{path: "a, b.csv", values: {size: ["42", x]}}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return value if _reads_as_it_is(value) else f'"{"".join(map(_escaped, value))}"'
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _reads_as_it_is(text: str) -> bool:
    """Whether the text needs no quotes, be it a key, a value or one of a list."""
    try:
        read = loads(f"{{{text}: [{text}]}}", "").data
    except RulesError:
        return False
    return text.isprintable() and (text[0].isalnum() or text[0] in "./_") and read == {text: [text]}


def _escaped(letter: str) -> str:
    if letter in _ESCAPES or letter.isprintable():
        return _ESCAPES.get(letter, letter)
    return f"\\u{ord(letter):04x}" if ord(letter) < 1 << 16 else f"\\U{ord(letter):08x}"
