"""The bytes of a text file, unpacked, and what a broken one is told as.

Apart from the audit, so that NumPy is loaded only where a CSV file is read.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.files.place import Place, unreadable

STEP = 2 << 20
HEAD = 256 << 10
LONGEST_ROW = 16 << 20
BOM = b"\xef\xbb\xbf"


class StrayQuote(Exception):
    """A quote that neither opens nor closes a cell: the slow reader must look at the file."""


def opened(place: Place) -> IO[bytes]:
    """The file's bytes, unpacked."""
    return gzip.open(place.path, "rb") if place.is_gzip else open(place.path, "rb")  # type: ignore[return-value]  # a GzipFile is an IO[bytes] in all that matters


@contextmanager
def damage_as_input_error(place: Place) -> Iterator[None]:
    """Turns what a broken file raises while its bytes are read into an InputError."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = "the gzip file is damaged or cut off"
        raise InputError(Problem(what, place.shown, "Write or copy the file once more.")) from error
    except OSError as error:
        raise InputError(unreadable(place.shown, error)) from error
