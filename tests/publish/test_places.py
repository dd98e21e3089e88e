"""Places that cannot be written to are refused before any work, and left alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from publishing import DAY, publish_run, tree

from segmentation.messages.errors import OutputError
from segmentation.publish.folder import publication

is_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as two users")


def a_file(out: Path) -> None:
    out.write_text("")


def a_file_above(out: Path) -> None:
    out.parent.rmdir()
    out.parent.write_text("")


def a_dangling_link(out: Path) -> None:
    out.symlink_to("nowhere")


def a_dated_file(out: Path) -> None:
    out.mkdir()
    (out / DAY).write_text("mine")


def a_dated_folder(out: Path) -> None:
    (out / DAY).mkdir(parents=True)
    (out / DAY / "manifest.json").write_text('{"name": "a browser extension"}')


def a_dated_link(out: Path) -> None:
    out.mkdir()
    (out / DAY).symlink_to("elsewhere")


def a_latest_folder(out: Path) -> None:
    (out / "latest").mkdir(parents=True)


def a_latest_link(out: Path) -> None:
    out.mkdir()
    (out / "latest").symlink_to("/etc")


def a_runs_link(out: Path) -> None:
    out.mkdir()
    (out.parent / "theirs" / f"{DAY}.{'0' * 16}.partial").mkdir(parents=True)
    (out / ".runs").symlink_to(out.parent / "theirs")


def a_lock_link(out: Path) -> None:
    out.mkdir()
    (out / ".segment.lock").symlink_to(out.parent / "victim")


PLACES: dict[str, tuple[Callable[[Path], None], str]] = {
    "out-is-a-file": (a_file, "/a/out: is not a folder, and one is needed here"),
    "a-file-above": (a_file_above, "/a: is not a folder, and one is needed here"),
    "dangling-link": (a_dangling_link, "/a/out: is not a folder, and one is needed here"),
    "dated-file": (a_dated_file, f"/a/out/{DAY}: is in the way and was not made by segment"),
    "dated-folder": (a_dated_folder, f"/a/out/{DAY}: is in the way and was not made by segment"),
    "dated-link": (a_dated_link, f"/a/out/{DAY}: is in the way and was not made by segment"),
    "latest-is-a-folder": (a_latest_folder, "/a/out/latest: is not a link to a run"),
    "latest-leads-away": (a_latest_link, "/a/out/latest: is not a link to a run"),
    "runs-is-a-link": (a_runs_link, "/a/out/.runs: is not a folder of yours"),
    "lock-is-a-link": (a_lock_link, "/a/out: cannot be written: too many levels of symbolic"),
}


@pytest.mark.parametrize(("make", "said"), PLACES.values(), ids=PLACES)
def test_a_place_that_is_not_ours_is_refused_before_any_work_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    out = tmp_path / "a/out"
    out.parent.mkdir()
    make(out)
    before = tree(tmp_path)
    with pytest.raises(OutputError) as caught, publication(out, DAY):
        pytest.fail("the block must not be entered")
    assert f"{tmp_path}{said}" in str(caught.value)
    assert caught.value.exit_code == 3
    assert all(problem.mend for problem in caught.value.problems)
    # A lock that was there before and is not held by anybody is not missed.
    assert [p for p in before if ".lock" not in p] == [
        p for p in tree(tmp_path) if ".lock" not in p
    ]


@contextmanager
def not_root() -> Iterator[None]:
    """Act as a user whom modes concern."""
    user = os.geteuid()
    os.seteuid(65534 if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("below", ["", "deeper/still"], ids=["out", "below"])
def test_a_folder_without_the_right_to_write_is_refused(below: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        out = Path(made)
        out.chmod(0o555)
        with not_root(), pytest.raises(OutputError, match="may not be written to") as caught:
            publish_run(out / below)
        assert caught.value.problems[0].where == str(out / below)
        assert tree(out) == []


@is_root
def test_a_folder_of_somebody_else_in_which_everybody_writes_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    tmp_path.chmod(0o777)
    with pytest.raises(OutputError, match="may be written to by everybody"):
        publish_run(tmp_path)
    tmp_path.chmod(0o1777)
    publish_run(tmp_path)
