"""How the characters of a text are written: declared, told by its first bytes, or else UTF-8.

Where a text is in none of these, the encodings that read words in it are looked for, and named only after
all of the file was read by them.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Final

from segmentation.messages.errors import InputError, Problem, counted
from segmentation.rules.delimiters import MARKS
from segmentation.sources.csv.raw import BOM, STEP, opened
from segmentation.sources.files.place import Place

#: signs that no text has within a line: they stand where a text is read by a wrong table
_NO_SIGNS: Final = frozenset(map(chr, range(0x7F, 0xA0)))
MOST_OTHERS: Final = 30  # files that are looked at beside one
_WIDE: Final[Mapping[tuple[bool, bool], str]] = {
    (False, True): "utf-16-le",
    (True, False): "utf-16-be",
}


def encoding_of(place: Place, declared: str | None) -> str | None:
    """How a text has to be read; None for UTF-8."""
    if declared is None:
        return marked(place.head)
    return None if declared.lower().replace("_", "-") in ("utf-8", "utf8") else declared


def marked(head: bytes) -> str | None:
    """The encoding that the first bytes of a text name.

    >>> marked(b"\\xff\\xfea\\0"), marked(b"\\xff\\xfe\\0\\0a\\0\\0\\0"), marked(b"id,date")
    ('utf-16', 'utf-32', None)
    """
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), None)


class NotUtf8(InputError):
    """Bytes that are not UTF-8 where UTF-8 was expected, in a line of the place's own text."""

    def __init__(self, place: Place, line: int, others: Sequence[Place] = ()) -> None:
        super().__init__(Problem("the file is not UTF-8", place.at(line), _advice(place, others)))
        self.place = place
        self.line = line

    def among(self, places: Sequence[Place]) -> NotUtf8:
        """The same, its advice right for all files of its source: each may tell what another leaves open."""
        alike = (one for one in places if one.path != self.place.path and _is_none(one))
        others = [*islice(alike, MOST_OTHERS)]
        return NotUtf8(self.place, self.line, others) if others else self


def wrong_line(place: Place) -> int:
    """The first line that is not UTF-8; 1 where all are."""
    with opened(place) as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _is_none(place: Place) -> bool:
    """Whether a file is not UTF-8, and its first bytes name no other encoding."""
    if marked(place.head) is not None:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(place):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True
    return False


def _advice(place: Place, others: Sequence[Place]) -> str:
    if _is_mostly_utf8(place):
        return (
            "Most of it is: the file is damaged, or was put together of files that are written "
            "differently. Write it once more, all of it as UTF-8."
        )
    from segmentation.sources.csv.likely_encodings import common, likely  # for who needs it

    texts = [partial(_blocks, one) for one in (place, *others)]
    found = likely(texts)
    if not found:
        told = "; ".join(one.told for one in common(texts))
        return f"Say how it is encoded: by none that is known its letters are words, which {told}."
    if len(found) == 1:
        every = (
            "all of it" if not others else f"all of it, and of {counted(len(others), 'other file')}"
        )
        return f"Say how it is encoded: `encoding: {found[0].name}` reads words in {every}."
    return f"Say how it is encoded, which the file does not tell: {'; '.join(one.told for one in found)}."


def without_mark(head: bytes, place: Place) -> Problem | None:
    """A text of two bytes for each character that does not say so; None for any other.

    It is UTF-8 as well, with a NUL beside each letter.
    """
    body = head.removeprefix(BOM)[:64]
    halves = tuple(bool(half) and half.count(0) * 2 > len(half) for half in (body[::2], body[1::2]))
    name = _WIDE.get((halves[0], halves[1]))
    if name is None or not _reads(place, name):
        return None
    what = f"the file is {name[:-3].upper()} without a mark that says so"
    return Problem(what, place.shown, f"Say so: `encoding: {name}` reads all of it.")


def _reads(place: Place, name: str) -> bool:
    """Whether all of a file can be read by an encoding, and no sign in it is one that no text has."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for block in _blocks(place):
            if not _NO_SIGNS.isdisjoint(decoder.decode(block)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(place: Place) -> bool:
    """Whether more letters beyond ASCII are UTF-8 than are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    sound, broken = 0, 0
    for block in _blocks(place):
        text = decoder.decode(block)
        if not text.isascii():
            wrong = sum("\udc80" <= sign <= "\udcff" for sign in text)
            sound += sum(sign > "\x7f" for sign in text) - wrong
            broken += wrong
    return sound > broken


def _blocks(place: Place) -> Iterator[bytes]:
    with opened(place) as file:
        while block := file.read(STEP):
            yield block


def unknown_encoding(place: Place, encoding: str) -> Problem:
    """A name that no encoding has."""
    return Problem(
        f'there is no encoding called "{encoding}"',
        place.shown,
        "Common ones: latin-1, windows-1252, utf-16.",
    )


def wrong_encoding(place: Place, encoding: str) -> Problem:
    """A file that is not in the encoding that is declared."""
    return Problem(f"the file is not {encoding}", place.shown, "Try another `encoding:`.")


def contradicted(place: Place, encoding: str) -> Problem:
    """A file whose first bytes name another encoding than UTF-8, which is declared."""
    what = f"the file is {encoding.upper()}, not UTF-8"
    return Problem(what, place.shown, f"Say so: `encoding: {encoding}`.")
