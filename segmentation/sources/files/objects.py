"""Files in an object store (`s3://`, `gs://`, `az://`): found as in a folder, and fetched.

Text is copied to a private file first, so that one reader judges its bytes wherever they come from.
What may be scanned where it lies (Parquet, of which a few columns are read) stays there. Polars lists
no stores and hands out no bytes, so the store is asked through obstore: it is made of the same library
of Rust as Polars, and takes credentials, region and endpoint from the same variables.
"""

from __future__ import annotations

import glob
import importlib
import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, listed, nearest, visible
from segmentation.rules.source_paths import VARIABLE
from segmentation.sources.files.extras import imported
from segmentation.sources.files.globbing import MOST_ENTRIES, MOST_FILES, beyond
from segmentation.sources.files.lakes import refuse_in_store, tables_among
from segmentation.sources.files.partitions import Partition, is_partition, partition_of
from segmentation.sources.files.place import Endings, NothingThere, Place, copy_of
from segmentation.sources.files.scratch import scratch_file
from segmentation.sources.files.store_faults import as_input_error

EXTRA: Final = "cloud"
_CHUNK: Final = 8 << 20
_AT_ONCE: Final = 4
_PATIENCE: Final = {"connect_timeout": "10s", "read_timeout": "60s", "timeout": "10m"}
_RETRIES: Final[Mapping[str, Any]] = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
_COPIES: Final[dict[tuple[str, Any], Path]] = {}  # of this process: tables are sometimes read again
_ADDRESS: Final = re.compile(r"(?P<store>[a-z0-9]+://[^/]+)/?(?P<key>.*)", re.DOTALL)


@dataclass(frozen=True)
class _Object:
    """One object: its key in the store, its bytes, and what another content has otherwise."""

    key: str
    size: int
    tag: str | None
    changed: str

    @property
    def name(self) -> str:
        """The last part of its key."""
        return self.key.rpartition("/")[2]

    @property
    def version(self) -> str:
        """Its size, and what tells its content from another one."""
        return f"{self.size} {self.tag or self.changed}"


@dataclass(frozen=True)
class _Store:
    """One bucket or container, what a source names in it, and how that is written."""

    written: str
    address: str
    key: str
    client: Any

    def partition(self, found: _Object) -> Partition:
        """What the prefixes say that stand between the key that is written and an object."""
        if found.key == self.key:
            return ()
        parts = self.key.rstrip("/").split("/")
        plain = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        return partition_of(_below(found.key, "/".join(parts[:plain])))

    def shown(self, found: _Object) -> str:
        """An object as the address is written: no variable is spelt out."""
        if VARIABLE not in self.written:
            return f"{self.address}/{found.key}"
        if found.key == self.key:
            return self.written
        is_pattern = glob.has_magic(self.key)
        folder, _, pattern = self.written.rpartition("/")
        if is_pattern and VARIABLE in pattern:
            return self.written
        return f"{folder if is_pattern else self.written.rstrip('/')}/{found.name}"


def find(written: str, real: str, endings: Endings) -> tuple[Place, ...]:
    """The files behind an address: an object, a pattern, or a prefix as a folder; in name order.

    Raises NothingThere, and InputError where the store cannot be reached or does not let us.
    """
    address, key = _parts(written, real)
    with as_input_error(written):
        store = _Store(written, address, key, _client(written, address))
        return tuple(_place(store, found, endings) for found in _found(store, endings))


def _parts(written: str, real: str) -> tuple[str, str]:
    found = _ADDRESS.fullmatch(real)
    if found is None:
        raise InputError(Problem("the address names no bucket", written, "s3://BUCKET/sales/*.csv"))
    return found["store"], found["key"]


def _client(written: str, address: str) -> Any:
    """The store of a bucket. Credentials, region and endpoint come from the environment."""
    store = imported("obstore.store", EXTRA, "files in an object store are read", written)
    options = {**_PATIENCE, "allow_http": _allows_http()}
    try:
        return store.from_url(address, client_options=options, retry_config=_RETRIES)
    except ValueError as error:
        what = "this is no address of a store"
        mend = "They look so: s3://BUCKET/…, gs://BUCKET/…, az://CONTAINER/…"
        raise InputError(Problem(what, written, mend)) from error


def _allows_http() -> bool:
    """Whether the environment allows an endpoint without encryption, as it does for Polars."""
    said = (os.environ.get(f"{store}_ALLOW_HTTP", "") for store in ("AWS", "GOOGLE", "AZURE"))
    return any(one.lower() in ("1", "true", "on", "yes", "y") for one in said)


# -- finding --------------------------------------------------------------------------------------


def _found(store: _Store, endings: Endings) -> Sequence[_Object]:
    key = store.key
    if glob.has_magic(key):
        return _matches(store, key, endings)
    if key and not key.endswith("/"):
        one = _head(store, key)
        if one is not None:
            return [one]
    return _of_folder(store, key.rstrip("/"), endings)


def _head(store: _Store, key: str) -> _Object | None:
    try:
        return _object(_obstore().head(store.client, key))
    except FileNotFoundError:
        return None


def _object(meta: Mapping[str, Any]) -> _Object:
    changed = meta["last_modified"].isoformat()
    return _Object(meta["path"], meta["size"], meta["e_tag"], changed)


def _of_folder(store: _Store, folder: str, endings: Endings) -> list[_Object]:
    """The objects directly below a prefix, but for hidden ones and those of other endings."""
    listing = _obstore().list_with_delimiter(store.client, folder or None)
    below = [one for one in map(_object, listing["objects"]) if one.key != folder]
    prefixes = [f"{key.rstrip('/')}/" for key in listing["common_prefixes"]]
    tables = tables_among([*prefixes, *_metadata(store, prefixes)])
    refuse_in_store(store.written, tables, [f"{folder}/".lstrip("/")])
    every = [one for one in below if not one.name.startswith(".")]
    if not every and not listing["common_prefixes"]:
        raise NothingThere(store.written, "there is no such file", _nearest(store, folder))
    files = [one for one in every if one.name.lower().endswith(endings.read)]
    parts = [key for key in listing["common_prefixes"] if is_partition(key.rpartition("/")[2])]
    if files and parts:
        what = "there are objects and prefixes of values (a=b/) side by side"
        mend = f"Name which are meant, by a pattern: {visible(f'{store.written}/*=*/*')}"
        raise InputError(Problem(what, store.written, mend))
    files = files or _of_partitions(store, folder, endings) if parts else files
    if files:
        return sorted(files, key=lambda one: one.key)
    names = sorted(one.name for one in every)
    found = f"It holds {listed([visible(name) for name in names])}." if names else "It is empty."
    what = f"the folder has no {endings} file"
    raise NothingThere(store.written, what, found)


def _metadata(store: _Store, prefixes: Sequence[str]) -> list[str]:
    """What is in a prefix of the name in which Iceberg keeps what it knows."""
    named = [prefix for prefix in prefixes if prefix.rstrip("/").rpartition("/")[2] == "metadata"]
    listings = (_obstore().list_with_delimiter(store.client, one.rstrip("/")) for one in named)
    return [one["path"] for listing in listings for one in listing["objects"]]


def _of_partitions(store: _Store, folder: str, endings: Endings) -> list[_Object]:
    """The objects below prefixes that are called by a value of a column."""
    every = (_object(m) for chunk in _obstore().list(store.client, folder or None) for m in chunk)
    return [
        one
        for one in every
        if one.name.lower().endswith(endings.read) and not one.name.startswith((".", "_"))
        if all(map(is_partition, _below(one.key, folder)[:-1]))
    ]


def _below(key: str, folder: str) -> list[str]:
    return key.removeprefix(folder).strip("/").split("/")


def _nearest(store: _Store, key: str) -> str:
    """What is there instead, in the words of the address: no variable is spelt out."""
    if VARIABLE in store.written:
        return "Is its name right? What do its variables say?"
    folder, _, name = key.rpartition("/")
    objects = _obstore().list_with_delimiter(store.client, folder or None)["objects"]
    near = nearest(name, [_object(one).name for one in objects])
    where = f"{store.address}/{folder}".rstrip("/")
    return f"Nearest: {visible(f'{where}/{near}')}" if near else f"Nothing in {where} is called so."


def _matches(store: _Store, pattern: str, endings: Endings) -> list[_Object]:
    """What a pattern matches: `*`, `?` and `[…]` within one folder, `**` any number of them.

    What has the name of the pattern itself comes first: an object, or a folder.
    """
    parts, folder = pattern.split("/"), pattern.rstrip("/")
    plain = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    found: list[_Object] = []
    parents: set[str] = set()
    tables: dict[str, str] = {}
    visited = 0
    for chunk in _obstore().list(store.client, "/".join(parts[:plain]) or None):
        objects = [_object(one) for one in chunk]
        tables |= tables_among(one.key for one in objects)
        parents |= {one.key.rpartition("/")[0] for one in objects}
        if any(one.key == pattern for one in objects):
            return [one for one in objects if one.key == pattern]
        if any(one.key.startswith(f"{folder}/") for one in objects):
            return _of_folder(store, folder, endings)
        found += [one for one in objects if _fits(one.key.split("/"), parts)]
        visited += len(objects)
        if visited > MOST_ENTRIES:
            what = f"visits more than {MOST_ENTRIES:,} files and folders"
            raise InputError(beyond(what, store.written))
        if len(found) > MOST_FILES:
            raise InputError(beyond(f"matches more than {MOST_FILES:,} files", store.written))
    refuse_in_store(store.written, tables, (one.key for one in found))
    files = [one for one in found if one.size or one.key not in parents]  # consoles mark folders so
    if not files:
        raise NothingThere(store.written, "no file matches", "Is the bucket right, and its folder?")
    return sorted(files, key=lambda one: one.key)


def _fits(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the names of a key match the parts of a pattern, all of them.

    >>> _fits(["a", "b", "x.csv"], ["a", "**", "*.csv"]), _fits(["a", "x.csv"], ["a", "**", "*.csv"])
    (True, True)
    >>> _fits(["a", "b", "x.csv"], ["a", "*.csv"]), _fits(["a", ".x.csv"], ["a", "*.csv"])
    (False, False)
    """
    if not parts:
        return not names
    if parts[0] == "**":
        rest = parts[1:] or ("*",)
        deeper = bool(names) and not names[0].startswith(".") and _fits(names[1:], parts)
        return _fits(names, rest) or deeper
    if not names or (names[0].startswith(".") and not parts[0].startswith(".")):
        return False
    return fnmatchcase(names[0], parts[0]) and _fits(names[1:], parts[1:])


# -- fetching -------------------------------------------------------------------------------------


def first_bytes(place: Place, number: int) -> bytes:
    """How an object that stays in its store begins. Raises InputError."""
    address, key = _parts(place.shown, place.path)
    with as_input_error(place.shown):
        client = _client(place.shown, address)
        return bytes(_obstore().get(client, key, options={"range": (0, number)}).bytes())


def _place(store: _Store, found: _Object, endings: Endings) -> Place:
    shown, address = store.shown(found), f"{store.address}/{found.key}"
    if found.name.lower().endswith(endings.scanned_far):
        if not found.size:
            raise NothingThere(shown, "the file is empty", "It needs a header and rows.")
        return Place(shown, address, version=found.version, partition=store.partition(found))
    with as_input_error(shown):
        path = _COPIES.get((address, found)) or _copied(store.client, found)
    _COPIES[address, found] = path
    return replace(copy_of(shown, path, address), partition=store.partition(found))


def _copied(client: Any, found: _Object) -> Path:
    """A private copy of an object. Pieces come side by side, all of the content that was found."""
    path = scratch_file(".object")
    with path.open("wb") as file, ThreadPoolExecutor(_AT_ONCE) as pool:
        pieces = pool.map(
            partial(_piece, client, found, file.fileno()), range(0, found.size, _CHUNK)
        )
        try:
            size = sum(pieces)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if size != found.size:
        raise OSError(f"{size:,} of {found.size:,} bytes came")
    return path


def _piece(client: Any, found: _Object, descriptor: int, start: int) -> int:
    """Fetches some bytes of an object into their place in a file, and says how many they are."""
    options: dict[str, Any] = {"range": (start, min(start + _CHUNK, found.size))}
    if found.tag:
        options["if_match"] = found.tag
    piece = memoryview(_obstore().get(client, found.key, options=options).bytes())
    done = 0
    while done < len(piece):
        done += os.pwrite(descriptor, piece[done:], start + done)
    return done


def _obstore() -> Any:
    return importlib.import_module("obstore")
