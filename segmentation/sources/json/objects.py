"""The objects of a JSON file one by one, each with the line on which it begins.

They stand in lines (JSON lines), behind each other, or in one array; the file is never held whole.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from segmentation.messages.errors import InputError, Problem
from segmentation.pattern import pattern
from segmentation.sources.csv.encodings import (
    NotUtf8,
    encoding_of,
    unknown_encoding,
    wrong_encoding,
    wrong_line,
)
from segmentation.sources.csv.raw import LONGEST_ROW, damage_as_input_error, opened
from segmentation.sources.files.place import Place

_STEP: Final = 1 << 20
_BETWEEN: Final = pattern(r"[\s,]*")
_BLANK: Final = pattern(r"\s*")


class Fraction(str):
    """A number with a point, as the file has it."""

    __slots__ = ()


#: numbers keep their digits: ids of 20 digits, and money to the last place
_DECODER: Final = json.JSONDecoder(parse_float=Fraction, parse_int=str, parse_constant=str)


def objects(place: Place, encoding: str | None) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Line, text and fields of each object. Raises InputError for what is none, and for damage."""
    with damage_as_input_error(place), _decoding(place, encoding) as file:
        text = _Text(file)
        text.skip(_BLANK)
        is_array = text.take("[")
        while True:
            text.skip(_BETWEEN)
            if text.is_at_end and not is_array:
                return
            if is_array and text.take("]"):
                break
            line = text.line
            if not text.begins("{"):
                raise InputError(_no_object(place, line))
            found = text.decoded()
            if found is None:
                raise InputError(_broken(place, line))
            yield line, *found
        text.skip(_BLANK)
        if not text.is_at_end:
            raise InputError(_broken(place, text.line))


class _Text:
    """A text of which a window is held: from what is not read yet, as far as it is needed."""

    def __init__(self, file: io.TextIOBase) -> None:
        self.file = file
        self.held = file.read(_STEP).removeprefix("\ufeff")
        self.at = 0
        self.line = 1

    @property
    def is_at_end(self) -> bool:
        return self.at >= len(self.held) and not self._more(_STEP)

    def begins(self, sign: str) -> bool:
        return not self.is_at_end and self.held[self.at] == sign

    def take(self, sign: str) -> bool:
        """Pass over a sign, if it is the next one."""
        is_next = self.begins(sign)
        self.at += is_next
        return is_next

    def skip(self, signs: Any) -> None:
        """Pass over some signs, as many as there are."""
        while not self.is_at_end:
            end = signs.match(self.held, self.at).end()
            self._pass(end)
            if end < len(self.held):
                return

    def decoded(self) -> tuple[str, dict[str, Any]] | None:
        """The object that begins here, and its text; None where it is broken."""
        step = _STEP
        while True:
            try:
                found, end = _DECODER.raw_decode(self.held, self.at)
            except (json.JSONDecodeError, RecursionError):
                if len(self.held) - self.at > LONGEST_ROW or not self._more(step):
                    return None
                step *= 2
            else:
                text = self.held[self.at : end]
                self._pass(end)
                return text, found

    def _pass(self, end: int) -> None:
        self.line += self.held.count("\n", self.at, end)
        self.at = end

    def _more(self, size: int) -> bool:
        read = self.file.read(size)
        self.held, self.at = self.held[self.at :] + read, 0
        return bool(read)


@contextmanager
def _decoding(place: Place, declared: str | None) -> Iterator[io.TextIOWrapper]:
    encoding = encoding_of(place, declared)
    try:
        with (
            opened(place) as packed,
            io.TextIOWrapper(packed, encoding=encoding or "utf-8") as file,
        ):
            yield file
    except LookupError as error:
        raise InputError(unknown_encoding(place, str(encoding))) from error
    except UnicodeDecodeError as error:
        if encoding is None:
            raise NotUtf8(place, wrong_line(place)) from error
        raise InputError(wrong_encoding(place, encoding)) from error


def _no_object(place: Place, line: int) -> Problem:
    what = "here stands something else than an object of JSON"
    mend = 'Every row is an object, in a line or in one array: {"customer_id": "1", …}'
    return Problem(what, place.at(line), mend)


def _broken(place: Place, line: int) -> Problem:
    what = "the object of JSON that begins here is broken or cut off"
    return Problem(what, place.at(line), "Write or copy the file once more.")
