"""The key `notices` of personas.yaml: which code speaks at which level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from segmentation.messages.notices import CODES, Setting
from segmentation.rules.conditions import Path
from segmentation.rules.prose import quoted
from segmentation.rules.reading.keys import Form, Wrong, no_mapping
from segmentation.rules.reading.shapes import hint, shown
from segmentation.rules.schema.fragments import of

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)
#: YAML 1.1 reads an unquoted `off` as false, so both say the same
FALSE_IS_OFF: Final = "off"


def _levels(written: Any, path: Path, parser: Parser) -> dict[str, Setting] | Wrong:
    """The levels by code, without those that are misspelt: they are kept as mistakes."""
    if not isinstance(written, dict):
        return no_mapping(written, path, parser)
    found: dict[str, Setting] = {}
    for code, value in written.items():
        setting = _setting(value)
        if code not in CODES:
            parser.wrong(
                (*path, code),
                f"there is no notice {quoted(code)}",
                f"{hint(code, CODES)}List of codes: docs/notices.md.",
                key=True,
            )
        elif setting is None:
            near = hint(value, SETTINGS) if isinstance(value, str) else ""
            parser.wrong(
                (*path, code),
                f"a notice is set to one of: {', '.join(SETTINGS)}; not to {shown(value)}",
                near.rstrip(),
            )
        else:
            found[code] = setting
    return found


def _setting(value: Any) -> Setting | None:
    wanted = FALSE_IS_OFF if value is False else value
    return next((s for s in SETTINGS if s == wanted), None)


#: every code with what it means, and the levels it can be given
LEVELS: Final = Form(
    "a mapping",
    _levels,
    of(
        {
            name: {"description": code.meaning, "enum": [*SETTINGS, False]}
            for name, code in CODES.items()
        }
    ),
)
