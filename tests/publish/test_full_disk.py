"""A full disk and the limit on file sizes leave the last run, and no rest."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from publishing import DAY, content, publish_run, publish_with, tree

from segmentation.messages.errors import OutputError
from segmentation.publish.folder import Folder

customers = pl.DataFrame({"customer_id": range(100_000)})


def write_much(folder: Folder) -> None:
    with folder.open_binary("a.csv") as file:
        for _ in range(100):
            file.write(b"x" * 10_000)


def write_at_close(folder: Folder) -> None:
    size = 0
    with suppress(OSError), folder.open_binary("most.csv") as file:
        while True:
            size += os.write(file.fileno(), b"x" * 1_000)
    folder.open_binary("a.csv").write(b"y" * 5_000)  # buffered until it is closed


def write_csv(folder: Folder) -> None:
    with folder.open_binary("a.csv") as file:
        customers.write_csv(file)


def write_parquet(folder: Folder) -> None:
    with folder.open_binary("a.parquet") as file:
        customers.write_parquet(file, compression="uncompressed")


def sink_parquet(folder: Folder) -> None:
    customers.lazy().sink_parquet(folder.path / "a.parquet", compression="uncompressed")


WRITERS = [write_much, write_at_close, write_csv, write_parquet, sink_parquet]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k,mode=0700", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small tmpfs cannot be mounted here; the file size limit stands in for it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("write", WRITERS, ids=lambda w: w.__name__)
def test_a_full_disk_leaves_the_last_run_and_no_rest(
    small_disk: Path, write: Callable[[Folder], None]
) -> None:
    publish_run(small_disk, DAY, "old")
    before = tree(small_disk)
    with pytest.raises(OutputError) as caught:
        publish_with(small_disk, write)
    assert str(caught.value) == (
        f"{small_disk}: the disk is full; nothing was published\n"
        "  free some space, or write elsewhere: --out DIR"
    )
    assert (tree(small_disk), content(small_disk / "latest")) == (before, "old")


@pytest.mark.parametrize("write", [write_much, write_csv, write_parquet], ids=lambda w: w.__name__)
def test_the_limit_on_file_sizes_leaves_the_last_run_and_no_rest(
    tmp_path: Path, write: Callable[[Folder], None]
) -> None:
    publish_run(tmp_path, DAY, "old")
    before = tree(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(OutputError, match="a file grew larger than is allowed"):
            publish_with(tmp_path, write)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tree(tmp_path), content(tmp_path / "latest")) == (before, "old")
