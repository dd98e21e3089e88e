"""The keys of a source that a message advises to write, read from its mend: for who follows it, and for what is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import RulesError
from segmentation.rules.reading.sources import SOURCE
from segmentation.rules.yaml import loads
from segmentation.rules.yaml.flow import flow
from segmentation.sources.settings import A_COLUMN, A_RATE

#: what a message advises to write: in backticks, or in a whole source
_ADVISED: Final = re.compile(
    r"`([a-z_]+: [^`]+)`|\{path: …, ((?:header|skip_lines|delimiter): .+)\}\}"
)


@dataclass(frozen=True)
class Advised:
    """A key and its value; not `certain` where a message names several ways, of which a person chooses one."""

    name: str
    value: Any
    certain: bool


def advised_keys(mends: Iterable[str]) -> list[Advised]:
    """The keys that messages advise. Of several of a name, or beside one that is to be filled in, each is a choice."""
    texts = [one[0] or one[1] for one in _ADVISED.findall(" ".join(mends))]
    found = [pair for pair in map(_pair, texts) if pair is not None]
    names = [name for name, _ in found]
    is_choice = any(is_to_be_filled(value) for _, value in found)
    return [
        Advised(
            name, value, names.count(name) == 1 and name not in guesses(names) and not is_choice
        )
        for name, value in found
    ]


def guesses(names: Iterable[str]) -> set[str]:
    """The keys that are advised by what a file looks like, so that a person has to agree."""
    return {"decimal", *(() if "skip_lines" in names else ("header",))}


def is_to_be_filled(value: Any) -> bool:
    """Whether it has a place for what only a person knows."""
    return any(place in flow(value) for place in (A_COLUMN, A_RATE))


def _pair(text: str) -> tuple[str, Any] | None:
    try:
        [(name, value)] = loads(text, "").data.items()
    except (RulesError, AttributeError, ValueError):
        return None
    return (name, value) if name in SOURCE.names else None
