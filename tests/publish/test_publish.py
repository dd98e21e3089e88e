"""A run is published whole or not at all: its folder, its links and its files."""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import subprocess
from pathlib import Path

import pytest
from publishing import (
    DAY,
    EARLIER,
    LATER,
    content,
    fill,
    modes,
    publish_run,
    publish_with,
    tree,
    versions,
)

from segmentation.messages.errors import OutputError
from segmentation.publish.folder import publication


def test_a_run_is_a_dated_link_to_its_folder_and_latest_leads_to_it(tmp_path: Path) -> None:
    publish_run(tmp_path / "a/b")
    assert tree(tmp_path / "a/b") == [
        ".runs",
        ".runs/2026-11-21.T",
        ".runs/2026-11-21.T/manifest.json",
        ".runs/2026-11-21.T/personas",
        ".runs/2026-11-21.T/personas/vip.csv",
        "2026-11-21 -> .runs/2026-11-21.T",
        "latest -> 2026-11-21",
    ]
    assert content(tmp_path / "a/b/latest") == "new"


def test_nothing_is_seen_before_the_block_ends(tmp_path: Path) -> None:
    with publication(tmp_path, DAY) as folder:
        fill(folder, "new")
        assert not (tmp_path / DAY).exists()
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert content(tmp_path / DAY) == "new"


LATEST = {
    "first": ([DAY], DAY),
    "same-day-again": ([DAY, DAY], DAY),
    "next-week": ([DAY, LATER], LATER),
    "back-fill": ([DAY, EARLIER], DAY),
    "back-fill-then-next-week": ([DAY, EARLIER, LATER], LATER),
    "same-back-fill-twice": ([LATER, EARLIER, EARLIER], LATER),
}


@pytest.mark.parametrize(("names", "latest"), LATEST.values(), ids=LATEST)
def test_latest_never_moves_back_in_time(tmp_path: Path, names: list[str], latest: str) -> None:
    for name in names:
        publish_run(tmp_path, name)
    assert os.readlink(tmp_path / "latest") == latest
    assert {p.name for p in tmp_path.iterdir()} == {*names, "latest", ".runs"}


def test_latest_leaves_a_run_that_somebody_deleted(tmp_path: Path) -> None:
    publish_run(tmp_path, LATER)
    (tmp_path / LATER).unlink()
    publish_run(tmp_path, DAY)
    assert os.readlink(tmp_path / "latest") == DAY
    assert versions(tmp_path) == 1


def test_the_version_just_replaced_outlives_the_swap_for_its_readers(tmp_path: Path) -> None:
    publish_run(tmp_path, DAY, "one")
    first = (tmp_path / DAY).resolve()
    publish_run(tmp_path, DAY, "two")
    assert (content(first), versions(tmp_path)) == ("one", 2)
    publish_run(tmp_path, LATER, "three")
    assert (first.exists(), versions(tmp_path)) == (False, 2)


def test_the_same_folder_can_be_moved_or_copied_with_its_links(tmp_path: Path) -> None:
    publish_run(tmp_path / "a")
    os.rename(tmp_path / "a", tmp_path / "b")
    assert content(tmp_path / "b/latest") == "new"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777], ids=oct)
def test_modes_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with publication(tmp_path / "out", DAY) as folder:
            fill(folder, "new")
            assert modes(folder.path) == {"folder 0o700", "file 0o600"}
    finally:
        os.umask(before)
    assert modes(tmp_path / "out") == {"folder 0o700", "file 0o600"}


def test_a_file_that_was_written_by_its_path_becomes_private(tmp_path: Path) -> None:
    with publication(tmp_path / "out", DAY) as folder:
        fill(folder, "new")
        (folder.path / "by-path.csv").write_text("customer_id\n")
        (folder.path / "by-path.csv").chmod(0o666)
    assert modes(tmp_path / "out") == {"folder 0o700", "file 0o600"}


def test_the_output_folder_may_be_a_link_to_a_folder(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to("disk")
    publish_run(tmp_path / "out", content="old")
    publish_run(tmp_path / "out", content="new")
    assert content(tmp_path / "out/latest") == content(tmp_path / "disk/latest") == "new"


def test_a_copied_run_is_swapped_for_a_link(tmp_path: Path) -> None:
    publish_run(tmp_path / "a", DAY, "old")
    subprocess.run(["cp", "-rL", tmp_path / "a", tmp_path / "b"], check=True)
    (tmp_path / "b/latest").rename(tmp_path / "b/kept")
    publish_run(tmp_path / "b", DAY, "new")
    assert (tmp_path / "b" / DAY).is_symlink()
    assert content(tmp_path / "b/latest") == "new"
    publish_run(tmp_path / "b", DAY, "newer")
    assert versions(tmp_path / "b") == 2


def test_a_system_that_cannot_exchange_refuses_a_copied_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / DAY).mkdir()
    (tmp_path / DAY / "manifest.json").write_text('{"version": 1, "tool": "", "as_of": ""}')
    before = tree(tmp_path)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    with pytest.raises(OutputError, match="cannot swap it for a link"):
        publish_run(tmp_path)
    assert tree(tmp_path) == before


def test_a_hash_is_of_what_was_written_so_far(tmp_path: Path) -> None:
    with publication(tmp_path, DAY) as folder:
        fill(folder, "new")
        with folder.open_binary("a.csv") as file:
            file.write(b"customer_id\n")
        assert folder.sha256("a.csv") == hashlib.sha256(b"customer_id\n").hexdigest()


def test_a_file_that_was_left_open_is_published_whole(tmp_path: Path) -> None:
    with publication(tmp_path, DAY) as folder:
        fill(folder, "new")
        folder.open_binary("open.csv").write(b"customer_id\n")
    assert (tmp_path / DAY / "open.csv").read_bytes() == b"customer_id\n"


OUTSIDE = ["../x", "/etc/x", "a/../../x", "a/./b", "..", ".", "", "a//b", "a/", "a\0b"]


@pytest.mark.parametrize("relative", OUTSIDE, ids=map(repr, OUTSIDE))
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(OutputError, match="is not a file name inside"):
        publish_with(tmp_path, lambda folder: folder.open_binary(relative))
    assert tree(tmp_path) == []


def test_a_file_is_never_overwritten_nor_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    with publication(tmp_path / "out", DAY) as folder:
        fill(folder, "new")
        (folder.path / "link").symlink_to(victim)
        for relative in ("manifest.json", "link", "manifest.json/below"):
            with pytest.raises(OutputError):
                folder.open_binary(relative)
        (folder.path / "link").unlink()
    assert victim.read_text() == "untouched"


@pytest.mark.parametrize("name", ["", "latest", ".", "..", "a/b", ".runs", "a.b", "../x", "a\n"])
def test_a_run_cannot_have_such_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a run"):
        publish_run(tmp_path, name)


def test_a_run_without_manifest_is_a_bug_and_publishes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="without manifest"), publication(tmp_path / "out", DAY):
        pass
    assert tree(tmp_path) == []
