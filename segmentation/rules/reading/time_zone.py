"""The key `timezone` of personas.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segmentation.rules.conditions import Path
from segmentation.rules.prose import quoted
from segmentation.rules.reading.forms import TEXT
from segmentation.rules.reading.keys import WRONG, Form, Wrong, dotted

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser


def _time_zone(value: Any, path: Path, parser: Parser) -> str | Wrong:
    name = TEXT.read(value, path, parser)
    if name is WRONG:
        return WRONG
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        parser.wrong(
            path,
            f"{dotted(path)}: {quoted(name)} is not a time zone; write one like UTC or Europe/Paris",
        )
        return WRONG
    return name


TIME_ZONE: Final = Form("a time zone", _time_zone, TEXT.schema)
