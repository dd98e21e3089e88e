"""Tables that are more than their files: Delta, Iceberg, Hudi. A log says which files, which rows still count.

Read as loose Parquet they would give rows that were deleted, and old versions of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from segmentation.messages.errors import InputError, Problem
from segmentation.sources.files.partitions import is_partition

DELTA_LOG: Final = "_delta_log"
_EXPORT: Final = (
    "Write its rows as plain Parquet from where it is kept (Spark, Trino, DuckDB), and name that."
)


def _is_iceberg(folder: Path) -> bool:
    metadata = folder / "metadata"
    return metadata.is_dir() and any(metadata.glob("*.metadata.json"))


#: kind -> whether a folder is such a table
_KINDS: Final[Mapping[str, Callable[[Path], bool]]] = {
    "Delta": lambda folder: (folder / DELTA_LOG).is_dir(),
    "Hudi": lambda folder: (folder / ".hoodie").is_dir(),
    "Iceberg": _is_iceberg,
}

#: what is in such a table, in a store
_MARKS: Final = {DELTA_LOG: "Delta", ".hoodie": "Hudi", "metadata": "Iceberg"}


def is_delta(folder: Path, shown: str) -> bool:
    """Whether a folder is a Delta table. Raises InputError where it is one that is not read."""
    kind = _kind(folder)
    if kind not in ("", "Delta"):
        what = f"the folder is a table of {kind}, which is not read"
        raise InputError(Problem(what, shown, _EXPORT))
    return kind == "Delta"


def refuse_loose(files: Iterable[Path], shown: Callable[[Path], str]) -> None:
    """Raise InputError where files are part of such a table: which of their rows count, its log says."""
    for folder in dict.fromkeys(above for file in files for above in _tables_above(file)):
        kind = _kind(folder)
        if kind:
            what = (
                f"the files are part of a table of {kind}: which of their rows count, its log says"
            )
            mend = f"Name its folder: {shown(folder)}" if kind == "Delta" else _EXPORT
            raise InputError(Problem(what, shown(folder), mend))


def _kind(folder: Path) -> str:
    return next((kind for kind, is_one in _KINDS.items() if is_one(folder)), "")


def _tables_above(file: Path) -> list[Path]:
    """The folders that may be the table of a file: beside it, or above folders of values and of data."""
    folder = file.parent
    found = [folder]
    while is_partition(folder.name) or folder.name in ("data", "metadata", DELTA_LOG):
        folder = folder.parent
        found.append(folder)
    return found


def tables_among(keys: Iterable[str]) -> dict[str, str]:
    """Where such tables are among the keys of a store, each with its kind.

    >>> tables_among(["a/_delta_log/0.json", "a/0.parquet", "b/metadata/v1.metadata.json"])
    {'a/': 'Delta', 'b/': 'Iceberg'}
    """
    found = {}
    for key in keys:
        for mark, kind in _MARKS.items():
            start, is_there, rest = f"/{key}".rpartition(f"/{mark}/")
            if is_there and (kind != "Iceberg" or rest.endswith(".metadata.json")):
                found[f"{start}/"[1:]] = kind
    return found


def refuse_in_store(written: str, tables: Mapping[str, str], keys: Iterable[str]) -> None:
    """Raise InputError where keys of a store are in one of such tables."""
    every = list(keys)
    kind = next((k for at, k in tables.items() if any(key.startswith(at) for key in every)), "")
    if kind:
        what = f"this is a table of {kind}, which is not read from a store"
        mend = "Copy its folder to this machine." if kind == "Delta" else _EXPORT
        raise InputError(Problem(what, written, mend))
