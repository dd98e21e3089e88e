"""The envelope of `--json`: one shape for every command, whether it did what was asked or not.

`envelope` is the one place that makes it. What stands under `result` is a frozen dataclass (`results`
and those of the engine); the JSON Schemas in docs/json are made from the same ones (`schemas`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Location
from segmentation.messages.notices import Level, Notice

if TYPE_CHECKING:
    from segmentation.messages.errors import SegmentationError

JSON_VERSION: Final = 2
NOT_PRINTED: Final = "notices"  # of results: they stand in the envelope


@dataclass(frozen=True)
class Said:
    """One notice, or one reason of a failure; what is not known is null."""

    code: str
    level: Level
    text: str
    file: str | None
    line: int | None
    column: int | None
    mend: str | None


@dataclass(frozen=True)
class Envelope:
    """What `--json` prints; `command` is null where the command line names none, `as_of` without a run."""

    version: int
    command: str | None
    ok: bool
    exit_code: int
    as_of: date | None
    notices: tuple[Said, ...]
    result: object


def envelope(
    command: str | None,
    result: object = None,
    notices: Iterable[Notice] = (),
    *,
    exit_code: int = 0,
) -> Envelope:
    """What a command has to say to a program, at its end or when it fails."""
    said = tuple(map(_said, notices))
    as_of = getattr(result, "as_of", None)
    return Envelope(JSON_VERSION, command, exit_code == 0, exit_code, as_of, said, result)


def _said(one: Notice) -> Said:
    at = Location.of(one.where)
    return Said(
        one.code, one.level, one.text, at.file or None, at.line, at.column, one.mend or None
    )


def printed_fields(of: type) -> tuple[str, ...]:
    """The names of a dataclass's fields that `--json` prints, in their order."""
    is_outer = of is Envelope
    return tuple(f.name for f in fields(of) if is_outer or f.name != NOT_PRINTED)


def plain(value: Any) -> Any:
    """A value as JSON has it: dataclasses are objects, days ISO text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in printed_fields(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


# -- failures -------------------------------------------------------------------------------------


def failures(error: SegmentationError) -> list[Notice]:
    """Why a command failed: each problem as the notice that it was, or under the error's own kind."""
    known = {one.problem(): one for one in error.notices}
    return [
        known.get(p) or Notice(error.kind, "error", p.what, p.where, p.mend) for p in error.problems
    ]


def notices_of(error: SegmentationError, told: Iterable[Notice] = ()) -> tuple[Notice, ...]:
    """Everything that was to be said when a command failed, each once; the reasons are errors."""
    return tuple(dict.fromkeys((*told, *error.notices, *failures(error))))
