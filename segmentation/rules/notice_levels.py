"""The key `notices` of personas.yaml: which code speaks at which level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from segmentation.notices import CODES, Setting
from segmentation.rules.prose import quoted
from segmentation.rules.reading.shapes import Shapes, hint, shown

SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)
#: YAML 1.1 reads an unquoted `off` as false, so both say the same
FALSE_IS_OFF: Final = "off"


def parse_levels(written: Mapping[str, Any], parser: Shapes) -> dict[str, Setting]:
    """The levels by code, without those that are misspelt: they are kept as mistakes."""
    found: dict[str, Setting] = {}
    for code, value in written.items():
        setting = _setting(value)
        if code not in CODES:
            parser.wrong(("notices", code), f"there is no notice {quoted(code)}",
                         f"{hint(code, CODES)}List of codes: docs/notices.md.", key=True)  # fmt: skip
        elif setting is None:
            near = hint(value, SETTINGS) if isinstance(value, str) else ""
            parser.wrong(("notices", code), f"a notice is set to one of: {', '.join(SETTINGS)}; not "
                         f"to {shown(value)}", near.rstrip())  # fmt: skip
        else:
            found[code] = setting
    return found


def _setting(value: Any) -> Setting | None:
    wanted = FALSE_IS_OFF if value is False else value
    return next((s for s in SETTINGS if s == wanted), None)
