"""Texts in which a backslash stands before a quote within a cell, as MySQL writes them.

RFC 4180 doubles the quote. Whether a file is written in this way or is broken nobody says, so it is
tried: it is read so where every row then has as many cells as the header.
"""

from __future__ import annotations

import io
import re
from typing import Final

from segmentation.sources.csv.raw import STEP, opened
from segmentation.sources.files.place import Place
from segmentation.sources.files.scratch import scratch_file

_ESCAPE: Final = b'\\"'
_ESCAPED: Final = re.compile(r'\\(["\\])')
_MEANT: Final = {'"': '""', "\\": "\\"}


def has_escapes(place: Place) -> bool:
    """Whether a backslash stands before a quote somewhere in a file."""
    last = b""
    with opened(place) as file:
        while block := file.read(STEP):
            if _ESCAPE in last + block:
                return True
            last = block[-1:]
    return False


def unescaped(place: Place) -> str:
    """The path of a copy in which quotes are doubled instead; its lines are those of the file."""
    copy = scratch_file(".csv")
    carried = ""
    with (
        io.TextIOWrapper(opened(place), "utf-8", "surrogateescape", newline="\n") as source,
        copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as target,
    ):
        while block := source.read(STEP):
            block = carried + block
            backslashes = len(block) - len(block.rstrip("\\"))
            carried = "\\" if backslashes % 2 else ""  # it belongs to what comes next
            target.write(doubled(block.removesuffix(carried) if carried else block))
        target.write(carried)
    return str(copy)


def doubled(text: str) -> str:
    r"""A text with doubled quotes in the place of escaped ones.

    >>> doubled(r'"a \"b\" c","C:\\dir","\N"') == r'"a ""b"" c","C:\dir","\N"'
    True
    """
    return _ESCAPED.sub(lambda found: _MEANT[found[1]], text)
