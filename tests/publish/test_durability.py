"""Everything of a run is on the disk before readers see it, and what is no run's goes.

A crash of the machine may lose what was not synced, so a link must not lead to it earlier.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentation.messages.errors import OutputError
from segmentation.publish.folder import publication

DAY, NEXT = "2026-11-21", "2026-11-22"
FILES = ("manifest.json", "personas/vip.csv", "a/b/c.csv")
Call = tuple[str, str]


def publish(out: Path, name: str = DAY) -> str:
    """Publish a run of FILES; gives its version."""
    with publication(out, name) as folder:
        for file in FILES:
            with folder.open_binary(file) as opened:
                opened.write(b'{"version": 2, "tool": "segment", "as_of": "2026-11-21"}')
    return Path(os.readlink(out / name)).name


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Call]]:
    """What was synced (by the inode) and what was moved where, in order."""
    made: list[Call] = []
    sync, rename, replace = os.fsync, os.rename, os.replace

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        made.append(("fsync", str(os.fstat(descriptor).st_ino)))

    def moved(how):
        def move(source, target, **more):
            how(source, target, **more)
            made.append(("move", str(target)))

        return move

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", moved(rename))
    monkeypatch.setattr(os, "replace", moved(replace))
    return made


def inode(path: Path) -> Call:
    return ("fsync", str(path.stat().st_ino))


def test_every_file_and_folder_of_a_run_is_synced_before_it_gets_its_name(
    tmp_path: Path, calls: list[Call]
) -> None:
    version = tmp_path / ".runs" / publish(tmp_path)
    named = calls.index(("move", str(version)))
    folders = {version, *(p for p in version.rglob("*") if p.is_dir())}
    wanted = {inode(p) for p in (*folders, *(version / f for f in FILES))}
    assert len(wanted) == 4 + 3
    assert wanted <= set(calls[:named])


def test_a_folder_is_synced_after_what_it_holds(tmp_path: Path, calls: list[Call]) -> None:
    version = tmp_path / ".runs" / publish(tmp_path)
    for path in version.rglob("*"):
        assert calls.index(inode(path)) < calls.index(inode(path.parent)), path


def test_names_are_synced_before_the_next_leads_to_them(tmp_path: Path, calls: list[Call]) -> None:
    version = tmp_path / ".runs" / publish(tmp_path)
    named, dated, latest = (
        calls.index(("move", str(p))) for p in (version, tmp_path / DAY, tmp_path / "latest")
    )
    assert named < dated < latest
    assert inode(tmp_path / ".runs") in calls[named:dated]
    assert inode(tmp_path) in calls[dated:latest]
    assert inode(tmp_path) in calls[latest:]


# -- what is no run's goes ------------------------------------------------------------------------


def held(out: Path) -> set[str]:
    return {p.name for p in (out / ".runs").iterdir()}


DEAD = f"{DAY}.{'0' * 16}.partial"


def test_what_a_dead_run_left_goes_before_the_next_one_writes(tmp_path: Path) -> None:
    publish(tmp_path)
    (tmp_path / ".runs" / DEAD / "personas").mkdir(parents=True)
    (tmp_path / ".runs" / DEAD / "personas/vip.csv").write_text("customer_id\n")
    (tmp_path / ".runs" / f"link.{'0' * 16}.partial").symlink_to("nowhere")
    with publication(tmp_path, NEXT) as folder:
        assert held(tmp_path) == {Path(os.readlink(tmp_path / DAY)).name, folder.path.name}
        folder.open_binary("manifest.json").write(b"{}")


def test_what_is_not_named_like_a_version_stays(tmp_path: Path) -> None:
    publish(tmp_path)
    others = {"notes.txt", f"{DAY}.abc.partial", "backup.partial"}
    for name in others:
        (tmp_path / ".runs" / name).write_text("mine")
    publish(tmp_path, NEXT)
    assert others <= held(tmp_path)


def test_versions_to_which_no_link_leads_go_but_for_the_one_just_replaced(tmp_path: Path) -> None:
    first, second, third = (publish(tmp_path) for _ in range(3))
    assert held(tmp_path) == {second, third} != {first}
    other = publish(tmp_path, NEXT)
    assert held(tmp_path) == {third, other}


def test_a_version_without_a_manifest_is_not_known_and_stays(tmp_path: Path) -> None:
    first = publish(tmp_path)
    (tmp_path / ".runs" / first / "manifest.json").unlink()
    publish(tmp_path)
    publish(tmp_path)
    assert first in held(tmp_path)


def test_a_run_that_fails_takes_its_folder_with_it(tmp_path: Path) -> None:
    kept = publish(tmp_path)
    with pytest.raises(OutputError), publication(tmp_path, NEXT) as folder:
        folder.open_binary("../outside")
    assert held(tmp_path) == {kept}
