"""Files that are packed: what is in them is unpacked to a private file, once, and read like any other.

Gzip is not among them: it is read as it stands. What a file is packed by is told by its first bytes.
"""

from __future__ import annotations

import importlib
import shutil
import zlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from segmentation.messages.errors import InputError, Problem, counted, visible
from segmentation.sources.files.fingerprints import Fingerprint
from segmentation.sources.files.scratch import scratch_file

ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
#: what workbooks and documents, which are zips as well, have in them
_OF_DOCUMENTS: Final = ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml")
_IS_ENCRYPTED: Final = 1
_STEP: Final = 1 << 20


def unpacked(shown: str, path: Path, head: bytes, fingerprint: Fingerprint) -> Path | None:
    """A private copy of what is in a packed file; None for one that is not packed.

    Raises InputError where it is damaged, or holds none or several files. `fingerprint` tells what
    the file held: one that is read again is not unpacked again.
    """
    found = next((way for magic, way in _WAYS.items() if head.startswith(magic)), None)
    return None if found is None else _copied(found, shown, path, fingerprint)


@cache
def _copied(
    way: Callable[[str, Path], Path | None], shown: str, path: Path, _: Fingerprint
) -> Path | None:
    from lzma import LZMAError
    from zipfile import BadZipFile

    try:
        return way(shown, path)
    except (OSError, EOFError, LZMAError, zlib.error, BadZipFile) as error:
        kind = "zip file or workbook" if way is _of_zip else "packed file"
        what = f"the {kind} is damaged or cut off"
        raise InputError(Problem(what, shown, "Write or copy the file once more.")) from error


def _of_zip(shown: str, path: Path) -> Path | None:
    import zipfile  # rare, as are all of these: a run on plain files does not load them

    with zipfile.ZipFile(path) as archive:
        files = [one for one in archive.infolist() if not one.is_dir()]
        if {one.filename for one in files} & set(_OF_DOCUMENTS):
            return None
        meant = [one for one in files if not _is_hidden(PurePosixPath(one.filename))]
        if len(meant) != 1:
            raise InputError(_not_one(shown, [one.filename for one in meant]))
        [one] = meant
        if one.flag_bits & _IS_ENCRYPTED:
            mend = "Unpack it first: unzip FILE.zip"
            raise InputError(Problem("the zip file needs a password", shown, mend))
        try:
            return _poured(partial(archive.open, one))
        except NotImplementedError as error:
            mend = "Unpack it first: unzip FILE.zip"
            what = "the zip file is packed in a way that is not read"
            raise InputError(Problem(what, shown, mend)) from error


def _is_hidden(name: PurePosixPath) -> bool:
    """What a Mac adds to every zip, and files whose names begin with a dot."""
    return name.parts[0] == "__MACOSX" or name.name.startswith(".")


def _not_one(shown: str, names: list[str]) -> Problem:
    held = counted(len(names), "file") if names else "no file"
    some = f" ({', '.join(visible(name) for name in names[:3])}{', …' if names[3:] else ''})"
    mend = "Unpack it, and name the files that are meant: unzip FILE.zip -d FOLDER"
    return Problem(f"the zip file holds {held}{some if names else ''}, not one", shown, mend)


def _of_zstd(shown: str, path: Path) -> Path:
    """By Polars, line by line: Python has unpacked this itself only since 3.14."""
    import polars as pl

    target = scratch_file(".unpacked")
    try:
        pl.scan_lines(path, glob=False).sink_csv(target, include_header=False, quote_style="never")
    except pl.exceptions.ComputeError as error:
        what = "what the .zst file holds is no text in UTF-8"
        raise InputError(Problem(what, shown, "Unpack it first: unzstd FILE.zst")) from error
    return target


def _poured(opened: Callable[[], IO[bytes]]) -> Path:
    target = scratch_file(".unpacked")
    with opened() as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, _STEP)
    return target


def _by(module: str) -> Callable[[str, Path], Path]:
    def way(shown: str, path: Path) -> Path:
        return _poured(partial(importlib.import_module(module).open, path))

    return way


#: how a packed file begins -> how it is unpacked
_WAYS: Final[Mapping[bytes, Callable[[str, Path], Path | None]]] = {
    ZIP: _of_zip,
    _EMPTY_ZIP: _of_zip,
    b"\x28\xb5\x2f\xfd": _of_zstd,
    b"BZh": _by("bz2"),
    b"\xfd7zXZ\0": _by("lzma"),
}
