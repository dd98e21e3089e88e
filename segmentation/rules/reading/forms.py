"""The plain forms of personas.yaml: texts, whole numbers, true or false, lists and mappings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from segmentation.rules.conditions import Path
from segmentation.rules.reading.keys import Form, Wrong, misfit, no_mapping
from segmentation.rules.reading.shapes import hint
from segmentation.rules.scalars import is_number
from segmentation.rules.schema.fragments import Schema

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

T = TypeVar("T")


def plain(words: str, schema: Schema, holds: Callable[[Any], bool]) -> Form[Any]:
    """A value that means itself where `holds` is true of it."""

    def read(value: Any, path: Path, parser: Parser) -> Any:
        return value if holds(value) else misfit(value, path, parser, words)

    return Form(words, read, schema)


TEXT: Final[Form[str]] = plain("a text", {"type": "string"}, lambda v: isinstance(v, str))
FLAG: Final[Form[bool]] = plain("true or false", {"type": "boolean"}, lambda v: isinstance(v, bool))


def filled(words: str, **bounds: int) -> Form[str]:
    """A text of at least one character; `maxLength` bounds it."""
    schema = {"type": "string", "minLength": 1, **bounds}
    most = bounds.get("maxLength")
    return plain(
        words, schema, lambda v: isinstance(v, str) and v != "" and (most is None or len(v) <= most)
    )


def whole(low: int, high: int) -> Form[int]:
    """A whole number within bounds; JSON Schema calls 30.0 one, so it is one here."""
    words = f"a whole number from {low} to {high}"

    def read(value: Any, path: Path, parser: Parser) -> int | Wrong:
        if is_number(value) and float(value).is_integer() and low <= value <= high:
            return int(value)
        return misfit(value, path, parser, words)

    return Form(words, read, {"type": "integer", "minimum": low, "maximum": high})


def one_of(*known: str) -> Form[Any]:
    """One of some words."""
    words = " or ".join(f'"{one}"' for one in known)

    def read(value: Any, path: Path, parser: Parser) -> str | Wrong:
        if isinstance(value, str) and value in known:
            return value
        near = hint(value, known).rstrip() if isinstance(value, str) else ""
        return misfit(value, path, parser, words, near)

    return Form(words, read, {"type": "string", "enum": list(known)})


def optional(form: Form[T]) -> Form[T | None]:
    """It, or nothing."""

    def read(value: Any, path: Path, parser: Parser) -> T | Wrong | None:
        return None if value is None else form.read(value, path, parser)

    return Form(form.words, read, {"anyOf": [form.schema, {"type": "null"}]})


def list_of(form: Form[T], *, least: int = 0) -> Form[tuple[T, ...]]:
    """A list; what is a mistake is left out of what it means."""
    words = f"a list of {least} or more" if least else "a list"

    def read(value: Any, path: Path, parser: Parser) -> tuple[T, ...] | Wrong:
        if not isinstance(value, list) or len(value) < least:
            mend = 'Begin each with "- ", or put all in brackets: [{…}, {…}].'
            return misfit(value, path, parser, words, mend if isinstance(value, dict) else "")
        found = [form.read(item, (*path, i), parser) for i, item in enumerate(value)]
        return tuple(item for item in found if not isinstance(item, Wrong))

    least_of = {"minItems": least} if least else {}
    return Form(words, read, {"type": "array", "items": form.schema, **least_of})


def mapping_of(
    form: Form[T],
    *,
    names: Schema | None = None,
    check: Callable[[str, Path, Parser], None] = lambda name, path, parser: None,
) -> Form[dict[str, T]]:
    """A mapping whose keys are the user's; what is a mistake is left out of what it means.

    `check` keeps what is wrong with a key, `names` is what the schema says of keys.
    """

    def read(value: Any, path: Path, parser: Parser) -> dict[str, T] | Wrong:
        if not isinstance(value, dict):
            return no_mapping(value, path, parser)
        found = {}
        for name, item in value.items():
            check(name, (*path, name), parser)
            meaning = form.read(item, (*path, name), parser)
            if not isinstance(meaning, Wrong):
                found[name] = meaning
        return found

    named = {} if names is None else {"propertyNames": names}
    return Form("a mapping", read, {"type": "object", "additionalProperties": form.schema, **named})
