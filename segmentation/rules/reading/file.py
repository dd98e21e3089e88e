"""The shape of personas.yaml: its keys, their types and defaults (Pydantic).

The JSON Schema is made of it (`schema`); what the rules mean is in `rules`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from segmentation.rules.prose import quoted
from segmentation.rules.sources import Source
from segmentation.rules.value_settings import ValueFile

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
RESERVED: Final = frozenset(
    {"all", "any", "not", "did", "did_not", "share", "persona", "customer_id", "otherwise"}
)
MOST_WRITTEN: Final = 2_000  # files of one for_each; each is written and counted by itself
#: words that Windows will not have as a file's name
DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{d}{i}" for d in ("com", "lpt") for i in range(10)}
)


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{quoted(name)} is not a time zone; write one like UTC or Europe/Paris"
        ) from None
    return name


def _entries(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return [{"path": item} if isinstance(item, str) else item for item in items]


def _without_days(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    if any(source.quiet_for for source in sources):
        raise ValueError("quiet_for is for feeds whose rows have days: transactions and events")
    return sources


Entries = Annotated[tuple[Source, ...], BeforeValidator(_entries)]
Undated = Annotated[Entries, AfterValidator(_without_days)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Sources(_Shape):
    """Where each table is: a file, or a list of files, each with its own mapping."""

    transactions: Entries = ()
    customers: Undated = ()
    products: Undated = ()
    events: Entries = ()


class PersonaFile(_Shape):
    """One persona as written; `match: {}` is everyone."""

    title: str = ""
    match: Any = {}
    for_each: str | None = None
    most: Annotated[int, Field(ge=1, le=MOST_WRITTEN, strict=True)] | None = None
    columns: tuple[str, ...] = ()
    safe_csv: Annotated[bool, Field(strict=True)] | None = None


class RulesFile(_Shape):
    """The keys of personas.yaml."""

    version: Literal[1]
    sources: Sources = Sources()
    timezone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    base: Literal["buyers", "everyone"] = "buyers"
    new_arrival_days: Annotated[int, Field(ge=0, le=3650, strict=True)] = 30
    value: ValueFile = ValueFile()
    features: dict[str, Any] = {}
    dimensions: dict[str, Any] = {}
    personas: dict[str, PersonaFile] = {}
    suppress: tuple[Any, ...] = ()
    waterfall: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    safe_csv: Annotated[bool, Field(strict=True)] = True
    notices: dict[str, Any] = {}
