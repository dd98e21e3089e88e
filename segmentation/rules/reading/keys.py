"""Tables of keys: what a mapping of personas.yaml may hold, told once for the parser and the schema.

A `Form` is what may stand somewhere: in words, as it is read, and as JSON Schema. A `Key` has a
name, a form, a default and a description; `Keys` are the keys of one mapping and what they mean
together. No aspect has a default, so one that is forgotten fails at import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Path
from segmentation.rules.reading.shapes import shown
from segmentation.rules.schema.fragments import Schema, described, of, ref

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

T = TypeVar("T")


class Wrong(Enum):
    """What reading gives where the value is a mistake; the parser has kept it."""

    WRONG = "wrong"


WRONG: Final = Wrong.WRONG
Read = Callable[[Any, Path, "Parser"], T | Wrong]


@dataclass(frozen=True)
class Form(Generic[T]):
    """What may stand somewhere: `expected {words}` is how a mistake begins."""

    words: str
    read: Read[T]
    schema: Schema


@dataclass(frozen=True)
class Required:
    """In the place of a default: how to mend that the key is missing.

    `meanwhile` is what the rest of the file is checked with; WRONG where nothing can stand for it.
    """

    mend: str
    meanwhile: Any


@dataclass(frozen=True)
class Key:
    """One key of a mapping; the default is written as in the file, and read like it."""

    name: str
    form: Form[Any]
    default: Any
    description: str

    def read(self, mapping: Mapping[str, Any], path: Path, parser: Parser) -> Any:
        """What the key means in a mapping at a path; its default where it is missing or a mistake."""
        if self.name in mapping:
            found = self.form.read(mapping[self.name], (*path, self.name), parser)
            if found is not WRONG:
                return found
        elif isinstance(self.default, Required):
            parser.wrong(path, f"{self.name} is missing", self.default.mend)
        if isinstance(self.default, Required):
            return self.default.meanwhile
        return self.form.read(self.default, (*path, self.name), parser)

    def schema(self) -> Schema:
        """The key's schema, for editors."""
        default = {} if isinstance(self.default, Required) else {"default": self.default}
        return described(self.form.schema, self.description, **default)


@dataclass(frozen=True)
class Keys(Generic[T]):
    """The keys of one mapping; `means` makes of what they mean what the mapping means.

    `strays` says where keys belong that are like none of these; `together` is what the schema says
    of several keys at once; `definition` is its name there.
    """

    definition: str
    description: str
    keys: tuple[Key, ...]
    means: Callable[[dict[str, Any], Path, Parser], T | Wrong]
    strays: str
    together: Schema

    @property
    def names(self) -> tuple[str, ...]:
        """Every key, in the order in which messages list them."""
        return tuple(key.name for key in self.keys)

    def read(self, value: Any, path: Path, parser: Parser) -> T | Wrong:
        """What a mapping means; every mistake in it is kept."""
        if not isinstance(value, dict):
            return no_mapping(value, path, parser)
        parser.unknown_keys(value, path, self.names, self.strays)
        found = {key.name: key.read(value, path, parser) for key in self.keys}
        if any(meaning is WRONG for meaning in found.values()):
            return WRONG
        return self.means(found, path, parser)

    def form(self) -> Form[T]:
        """Such a mapping as a form; its schema is the definition of that name."""
        return Form("a mapping", self.read, ref(self.definition))

    def schema(self) -> Schema:
        """The definition."""
        required = [key.name for key in self.keys if isinstance(key.default, Required)]
        properties = {key.name: key.schema() for key in self.keys}
        return {"description": self.description, **of(properties, *required), **self.together}


def misfit(value: Any, path: Path, parser: Parser, words: str, mend: str = "") -> Wrong:
    """Keep that a value is not what is expected."""
    parser.wrong(path, f"{dotted(path)}: expected {words}, not {shown(value)}", mend)
    return WRONG


def no_mapping(value: Any, path: Path, parser: Parser) -> Wrong:
    """Keep that a value is no mapping; of a list it is told how it is written as one."""
    mend = "Write name: value, without dashes or brackets." if isinstance(value, list) else ""
    return misfit(value, path, parser, "a mapping", mend)


def dotted(path: Path) -> str:
    """A place as messages name it.

    >>> dotted(("sources", "events", 0, "path"))
    'sources.events.0.path'
    """
    return ".".join(str(part) for part in path)
