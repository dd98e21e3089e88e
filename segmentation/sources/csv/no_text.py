"""Files that somebody took for a table: what they are instead, by their first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segmentation.messages.errors import Problem
from segmentation.pattern import pattern
from segmentation.sources.files.place import Place

_SAVE: Final = "Save it as CSV (gzip is fine) or Parquet."
_PAGE: Final = (
    "A login page, perhaps, in the place of the export: open it, and export once more as CSV."
)
_EXPORT: Final = "Export the table itself, as CSV or Parquet."
_UNPACK: Final = "Unpack it, and name the file that is meant."

#: how a file begins -> what it is, and what to do
_KINDS: Final[Mapping[bytes, tuple[str, str]]] = {
    b"%PDF": ("a PDF document", _EXPORT),
    b"\x89PNG": ("an image (PNG)", _EXPORT),
    b"\xff\xd8\xff": ("an image (JPEG)", _EXPORT),
    b"GIF8": ("an image (GIF)", _EXPORT),
    b"{\\rtf": ("a document (RTF)", _EXPORT),
    b"Rar!": ("a RAR archive", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", _UNPACK),
    b"SQLite format 3\0": (
        "a database (SQLite)",
        "Export the table: sqlite3 -header -csv FILE 'select * from orders' > orders.csv",
    ),
    b"ARROW1": ("an Arrow file (Feather)", "Save it as Parquet."),
    b"ORC": ("an ORC file", "Save it as Parquet."),
    b"Obj\x01": ("an Avro file", "Save it as Parquet."),
    b"\xd0\xcf\x11\xe0": ("a workbook or a document of Office", _SAVE),
    b"PK\x03\x04": ("a workbook or an archive", _SAVE),
}
_PAGE_BEGINS: Final = pattern(
    r"(?is)\s*(<!--.*?-->\s*)*(<\?xml[^>]*>\s*)?(<!doctype\s+html|<(html|head|body|table|meta|script)\b)"
)
_XML_BEGINS: Final = pattern(r"(?is)\s*<(\?xml|[a-z][\w:-]*(\s[^<]*)?>(?![,;\t|]))")


def no_text(place: Place) -> Problem | None:
    """Why a file is no table of text; None where it may be one."""
    what, mend = _told(place.head)
    return Problem(f"the file is {what}, not CSV", place.shown, mend) if what else None


def _told(head: bytes) -> tuple[str, str]:
    """What a file is and what to do, by its first bytes; nothing where it is text.

    >>> _told(b"<!DOCTYPE html><title>Log in")[0], _told(b"%PDF-1.7")[0], _told(b"id,date")[0]
    ('an HTML page', 'a PDF document', '')
    """
    found = next((told for magic, told in _KINDS.items() if head.startswith(magic)), None)
    if found is not None:
        return found
    text = head.replace(b"\0", b"").decode("utf-8", "ignore").lstrip("\ufeff")
    if _PAGE_BEGINS.match(text):
        return "an HTML page", _PAGE
    return ("XML", _EXPORT) if _XML_BEGINS.match(text) else ("", "")
