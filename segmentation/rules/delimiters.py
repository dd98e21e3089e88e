"""What parts the cells of a text, guessed from its header: without Polars, as rules are checked without."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from segmentation.pattern import pattern

DELIMITERS: Final = ",;\t|"
CONVERT: Final = (
    "Convert the file first: a comma between the cells, and quotes around a cell that has one."
)
#: what a text in another encoding than UTF-8 begins with; that of UTF-32 begins with that of UTF-16
MARKS: Final[Mapping[bytes, str]] = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
#: what Excel reads, and writes, above the header to say what parts the cells
_SEPARATOR: Final = pattern(r'(?i)"?sep=(?P<sign>[^"\r\n])"?\r?\n?')
_OF_R: Final = pattern(r'"[^"]*"( "[^"]*")+\s*')
_NONE: Final = '"\r\n\0'  # they end cells and rows in another way, or text


def can_part(sign: str) -> bool:
    """Whether cells that a sign parts can be read: it is one byte, and means nothing else.

    >>> can_part(";"), can_part("\\x01"), can_part("§"), can_part('"')
    (True, True, False, False)
    """
    return len(sign) == 1 and sign.isascii() and sign not in _NONE


def delimiter_of(header: str) -> str:
    """The delimiter that a header has most of outside quotes; a comma when it has none.

    A blank is one where each name stands in quotes, as R writes tables.

    >>> delimiter_of("id;date;amount, net"), delimiter_of("id"), delimiter_of('id;"a,b,c";d')
    (';', ',', ';')
    >>> delimiter_of('"id" "date"'), delimiter_of('"id","order date"')
    (' ', ',')
    """
    if _OF_R.fullmatch(header):
        return " "
    return max(DELIMITERS, key=outside_quotes(header).count)


def outside_quotes(line: str) -> str:
    """A line without what stands in quotes."""
    return "".join(line.split('"')[::2])


def parting(lines: Sequence[str], width: int) -> str:
    """The delimiter of rows without a header, which has as many names as they have cells.

    >>> parting(["1;91,40;x", "2;59,00;y"], 3), parting(["1,2"], 5)
    (';', ',')
    """
    rows = [outside_quotes(line) for line in islice(lines, 20) if line.strip()]
    fits = [sum(row.count(sign) == width - 1 for row in rows) for sign in DELIMITERS]
    if width > 1 and any(fits):
        return DELIMITERS[fits.index(max(fits))]
    return delimiter_of(rows[0] if rows else "")


def sign_above(line: str) -> str | None:
    """What parts the cells where a line above the header says that, and nothing else.

    >>> sign_above("sep=;\\r\\n"), sign_above("id;date"), sign_above("sep=§")
    (';', None, None)
    """
    said = _SEPARATOR.fullmatch(line)
    return said["sign"] if said and can_part(said["sign"]) else None
