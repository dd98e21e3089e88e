"""What the files of a source held, as one short text that tells two runs' inputs apart.

It is made of bytes alone, so a copied or touched file keeps it, and the manifest of a run is the
same whenever and wherever the same files are read. (Whether a file changes while it is read is
another question: time and inode answer it, and are not published.)
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from segmentation.sources.files.locate import Place

BLOCK: Final = 64 << 10
BLOCKS: Final = 16
#: files up to here are read whole; of larger ones this much in blocks spread evenly, ends included
WHOLE: Final = BLOCK * BLOCKS


def fingerprint(places: Iterable[Place]) -> str | None:
    """`BYTES-DIGEST` over the files of a source; None where one is far away, or gone.

    A change that keeps the size and lies between the blocks of a large file is not seen.
    """
    digest, size = hashlib.sha256(), 0
    for place in sorted(places, key=lambda place: place.path):
        if place.is_remote:
            return None
        try:
            with open(place.path, "rb") as file:
                length = file.seek(0, os.SEEK_END)
                digest.update(length.to_bytes(8, "big"))
                for block in _blocks(file, length):
                    digest.update(block)
        except OSError:
            return None
        size += length
    return f"{size}-{digest.hexdigest()[:16]}"


def _blocks(file: BinaryIO, length: int) -> Iterator[bytes]:
    if length <= WHOLE:
        file.seek(0)
        yield file.read(length)
        return
    for i in range(BLOCKS):
        file.seek((length - BLOCK) * i // (BLOCKS - 1))
        yield file.read(BLOCK)
