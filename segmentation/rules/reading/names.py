"""Names that rules give: of personas, dimensions and features."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from segmentation.rules.conditions import Path
from segmentation.rules.prose import quoted
from segmentation.rules.reading.forms import mapping_of
from segmentation.rules.reading.keys import Form
from segmentation.rules.schema.fragments import Schema

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

T = TypeVar("T")
NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
RESERVED: Final = frozenset(
    {"all", "any", "not", "did", "did_not", "share", "persona", "customer_id", "otherwise"}
)
#: words that Windows will not have as a file's name
DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{d}{i}" for d in ("com", "lpt") for i in range(10)}
)
NAMES: Final[Schema] = {
    "pattern": f"^{NAME.pattern}$",
    "not": {"enum": sorted(RESERVED | DEVICES)},
}


def named(what: str, form: Form[T]) -> Form[dict[str, T]]:
    """A mapping of names to what they name."""
    return mapping_of(form, names=NAMES, check=_checked(what))


def _checked(what: str) -> Callable[[str, Path, Parser], None]:
    def check(name: str, path: Path, parser: Parser) -> None:
        if not NAME.fullmatch(name):
            parser.wrong(
                path,
                f"{quoted(name)} cannot be the name of a {what}",
                "Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most "
                "63; free text goes into title.",
                key=True,
            )
        elif name in RESERVED or name in DEVICES:
            parser.wrong(
                path, f"{quoted(name)} is a reserved word, so not the name of a {what}", key=True
            )

    return check
