"""The kinds of sources, one line each: whose a file is, and which of a folder's names are read."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from segmentation.messages.errors import InputError, Problem, visible
from segmentation.rules.sources import Source
from segmentation.sources.csv.reader import CSV
from segmentation.sources.delta.reader import DELTA
from segmentation.sources.excel.reader import EXCEL
from segmentation.sources.files.place import Endings, Place
from segmentation.sources.frames.reader import FRAMES
from segmentation.sources.json.reader import JSON
from segmentation.sources.parquet.reader import PARQUET
from segmentation.sources.reader import Reader

#: asked in this order whether a file is theirs; text comes last, as it takes what nobody else does
READERS: Final[tuple[Reader, ...]] = (
    FRAMES,
    DELTA,
    PARQUET,
    JSON,
    EXCEL,
    CSV,
)
ENDINGS: Final = Endings(
    read=tuple(sorted(suffix for reader in READERS for suffix in reader.suffixes)),
    scanned_far=tuple(s for reader in READERS if reader.is_scanned_far for s in reader.suffixes),
)


def reader_without_files(source: Source) -> Reader | None:
    """The reader of a source that is no files; None where files are to be looked for."""
    return next((reader for reader in READERS if reader.takes(source)), None)


#: keys of a source -> the kinds whose files they are about; elsewhere they would say nothing
_OWN_KEYS: Final[Mapping[str, tuple[Reader, ...]]] = {
    "skip_lines": (CSV, EXCEL),
    "header": (CSV, EXCEL),
    "sheet": (EXCEL,),
}


def refuse_strange_keys(source: Source, reader: Reader) -> None:
    """Raise InputError where a source says what its kind of file has not."""
    for key, readers in _OWN_KEYS.items():
        if getattr(source, key) and reader not in readers:
            kinds = " and ".join(one.called for one in readers)
            what = f"`{key}` is for {kinds}, and this is {reader.called}"
            raise InputError(Problem(what, source.path, "Leave it out."))


def reader_of(written: str, places: Sequence[Place]) -> Reader:
    """The reader of the files of one source. Raises InputError where they are of several kinds."""
    found = [_claimed(place) for place in places]
    if len(set(found)) > 1:
        raise InputError(_mixed(written, found))
    return found[0]


def _claimed(place: Place) -> Reader:
    return next(reader for reader in READERS if reader.claims(place))


def _mixed(written: str, found: Sequence[Reader]) -> Problem:
    kinds = sorted(Counter(found).items(), key=lambda one: one[0].kind)
    called = " and ".join(reader.called for reader, _ in kinds)
    counted = " and ".join(f"{number} {reader.kind}" for reader, number in kinds)
    folder = written.rpartition("/")[0] if glob.has_magic(written) else written.rstrip("/")
    only = f"{'' if folder in ('', '.') else f'{folder}/'}*{kinds[-1][0].suffixes[0]}"
    mend = f"It has {counted} files: name one kind, for instance {visible(only)}"
    return Problem(f"{called} files are mixed", written, mend)


def by_reader(
    opened: Sequence[tuple[Reader, Sequence[Place]]],
) -> Iterator[tuple[Reader, list[Place]]]:
    """All files of each kind."""
    for reader in READERS:
        places = [place for one, found in opened if one is reader for place in found]
        if places:
            yield reader, places
