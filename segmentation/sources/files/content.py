"""What the files of a source held, as one short text that tells two runs' inputs apart.

It is made of bytes alone, so a copied or touched file keeps it, and the manifest of a run is the
same whenever and wherever the same files are read. (Whether a file changes while it is read is
another question: time and inode answer it, and are not published.)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO, Final

from segmentation.dataclass import dataclass
from segmentation.sources.files.place import Place

BLOCK: Final = 64 << 10
BLOCKS: Final = 16
#: files up to here are read whole; of larger ones this much in blocks spread evenly, ends included
WHOLE: Final = BLOCK * BLOCKS


@dataclass(frozen=True)
class Content:
    """One file or frame of a source: its place among the others, and what it adds to their digest.

    `add` gives its size, in bytes or rows, and raises OSError where it is gone.
    """

    order: str
    add: Callable[[hashlib._Hash], int]


def content_of(place: Place) -> Content:
    """What a file holds."""
    add = _said_by_store if place.is_remote else _looked_at
    return Content(place.origin or place.path, partial(add, place))


def fingerprint(contents: Iterable[Content]) -> str | None:
    """`SIZE-DIGEST` over what a source holds; None where there is nothing, or a file is gone.

    Of a file that stays in its store it is what the store says of its content. A change that keeps
    the size and lies between the blocks of a large file is not seen.
    """
    digest, size = hashlib.sha256(), 0
    found = sorted(contents, key=lambda content: content.order)
    try:
        for content in found:
            size += content.add(digest)
    except OSError:
        return None
    return f"{size}-{digest.hexdigest()[:16]}" if found else None


def _said_by_store(place: Place, digest: hashlib._Hash) -> int:
    """The bytes of an object, its tag added to the digest."""
    assert place.version is not None
    digest.update(place.version.encode())
    return int(place.version.partition(" ")[0])


def _looked_at(place: Place, digest: hashlib._Hash) -> int:
    """The bytes of a file of this machine, some of them added to the digest. Raises OSError."""
    with open(place.path, "rb") as file:
        length = file.seek(0, os.SEEK_END)
        digest.update(length.to_bytes(8, "big"))
        for block in _blocks(file, length):
            digest.update(block)
    return length


def _blocks(file: BinaryIO, length: int) -> Iterator[bytes]:
    if length <= WHOLE:
        file.seek(0)
        yield file.read(length)
        return
    for i in range(BLOCKS):
        file.seek((length - BLOCK) * i // (BLOCKS - 1))
        yield file.read(BLOCK)
