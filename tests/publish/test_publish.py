"""A run is published whole or not at all, whatever goes wrong, and readers never notice."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segmentation.errors import InputError, Locked, OutputError
from segmentation.publish import folder as publish
from segmentation.publish.folder import Folder, publication

DAY, EARLIER, LATER = "2026-11-21", "2026-11-14", "2026-11-28"
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as two users")


def fill(folder: Folder, content: str) -> None:
    for relative in ("personas/vip.csv", "manifest.json"):
        with folder.open_binary(relative) as file:
            manifest = {"version": 1, "tool": "segment", "as_of": DAY, "content": content}
            file.write(json.dumps(manifest).encode())


def publish_run(out: Path, name: str = DAY, content: str = "new") -> None:
    with publication(out, name) as folder:
        fill(folder, content)


def publish_with(out: Path, write: Callable[[Folder], object]) -> None:
    """Publish a run to which `write` adds something."""
    with publication(out, DAY) as folder:
        fill(folder, "new")
        write(folder)


def content(place: Path) -> str:
    """What both files of a run say; an assertion fails if they differ."""
    vip, manifest = (
        json.loads((place / file).read_bytes())["content"]
        for file in ("personas/vip.csv", "manifest.json")
    )
    assert vip == manifest
    return str(manifest)


def tree(out: Path) -> list[str]:
    """Everything under a folder; the random part of names as T, links with their targets."""
    found = []
    for path in sorted(out.rglob("*")):
        shown = str(path.relative_to(out))
        shown += f" -> {os.readlink(path)}" if path.is_symlink() else ""
        found.append(re.sub(r"\.[0-9a-f]{16}", ".T", shown))
    return found


def modes(out: Path) -> set[str]:
    """The kinds and modes of a folder and all it holds, links aside."""
    found = (p for p in (out, *out.rglob("*")) if not p.is_symlink())
    return {
        f"{'folder' if p.is_dir() else 'file'} {stat.S_IMODE(p.stat().st_mode):#o}" for p in found
    }


def versions(out: Path) -> int:
    return len(list((out / ".runs").iterdir()))


# --- what is published --------------------------------------------------------------------------


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


# --- the folder ---------------------------------------------------------------------------------


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


# --- places that cannot be written --------------------------------------------------------------


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


# --- a full disk --------------------------------------------------------------------------------

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


# --- errors, interrupts and death ---------------------------------------------------------------

RAISED = [
    KeyboardInterrupt(), SystemExit(1), InputError("a bug in a feed"), FileNotFoundError(2, "no"),
    pl.exceptions.ComputeError("No such file (os error 2)"), ZeroDivisionError(),
]  # fmt: skip


@pytest.mark.parametrize("existing", [False, True], ids=["first-run", "second-run"])
@pytest.mark.parametrize("raised", RAISED, ids=lambda e: type(e).__name__)
def test_an_error_in_the_block_passes_unchanged_and_changes_nothing(
    tmp_path: Path, raised: BaseException, existing: bool
) -> None:
    if existing:
        publish_run(tmp_path / "a/out", DAY, "old")
    before = tree(tmp_path)

    def fail(folder: Folder) -> None:
        folder.open_binary("half.csv").write(b"half")
        raise raised

    with pytest.raises(type(raised)) as caught:
        publish_with(tmp_path / "a/out", fail)
    assert caught.value is raised
    assert tree(tmp_path) == before


STEPS = ("mkdir", "chmod", "open", "fchmod", "fsync", "rename", "replace", "symlink", "unlink",
         "rmdir")  # fmt: skip


@contextmanager
def failing(at: int, fail: Callable[[], Any], *, after: bool) -> Iterator[list[str]]:
    """Call `fail` before or after the system call number `at`; yields the calls made."""
    calls: list[str] = []

    def spied(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            mine = len(calls) == at
            if mine and not after:
                fail()
            result = call(*args, **kwargs)
            if mine and after:
                fail()
            return result

        return step

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, spied(name, getattr(os, name)))
        patch.setattr(publish.swap, "_exchange", spied("exchange", publish.swap._exchange))
        yield calls


def old_link(out: Path) -> None:
    publish_run(out, DAY, "old")


def old_copy(out: Path) -> None:
    publish_run(out, DAY, "old")
    os.rename((out / DAY).resolve(), out / "copy")
    (out / DAY).unlink()
    os.rename(out / "copy", out / DAY)


def old_other_day(out: Path) -> None:
    publish_run(out, EARLIER, "old")


def nothing(out: Path) -> None:
    out.mkdir()


STARTS = [nothing, old_other_day, old_link, old_copy]


def seen(out: Path) -> tuple[str, str]:
    """What readers of the dated name and of `latest` see."""
    places = (out / DAY, out / "latest")
    return tuple(content(p) if os.path.lexists(p) else "" for p in places)  # type: ignore[return-value]


def interrupt() -> None:
    raise KeyboardInterrupt


def no_space() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.sampled
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fail", [interrupt, no_space], ids=["interrupt", "no-space"])
@pytest.mark.parametrize("start", STARTS, ids=lambda s: s.__name__)
def test_a_failure_at_any_step_leaves_the_old_run_or_the_new_one(
    tmp_path: Path, start: Callable[[Path], None], fail: Callable[[], None], after: bool
) -> None:
    at, reached = 0, True
    while reached:
        out = tmp_path / str(at := at + 1)
        start(out)
        old = seen(out)
        with failing(at, fail, after=after) as calls, suppress(KeyboardInterrupt, OutputError):
            publish_run(out)
        reached = len(calls) >= at
        assert seen(out) in (old, ("new", "new")), (at, calls)
        publish_run(out, DAY, "newest")
        assert seen(out) == ("newest", "newest")
        assert {p.name for p in out.iterdir()} <= {".runs", DAY, EARLIER, "latest"}
        assert versions(out) <= 3
    assert at > 15


def publish_and_die(out: Path, at: int) -> int:
    """Publish in a child that dies before system call number `at`: 9, or 0 if it got through."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        with failing(at, lambda: os._exit(9), after=False):
            publish_run(out)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child only calls the system
@pytest.mark.parametrize(
    "start",
    [STARTS[0], *(pytest.param(s, marks=pytest.mark.deep) for s in STARTS[1:])],
    ids=lambda s: s.__name__,
)
def test_death_at_any_step_leaves_the_old_run_or_the_new_one(
    tmp_path: Path, start: Callable[[Path], None]
) -> None:
    at, status = 0, 9
    while status:
        out = tmp_path / str(at := at + 1)
        start(out)
        old = seen(out)
        status = publish_and_die(out, at)
        assert status in (0, 9)
        dated, latest = seen(out)
        assert dated in (old[0], "new"), at
        assert latest in (old[1], "new"), at
        publish_run(out, DAY, "newest")
        assert seen(out) == ("newest", "newest")
        assert versions(out) <= 3
        assert not [p for p in tree(out) if "partial" in p or "lock" in p]
    assert at > 15


VICTIM = """
import sys, time
from pathlib import Path
from segmentation.publish.folder import publication
with publication(Path(sys.argv[1]), sys.argv[2]) as folder:
    for name in ("personas/vip.csv", "manifest.json"):
        file = folder.open_binary(name)
        file.write(b'{"content": "half')
        file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_run(out: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of writing."""
    command = [sys.executable, "-c", VICTIM, str(out), DAY]
    root = Path(publish.__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_killed_run_leaves_the_old_one_and_the_next_cleans_up(tmp_path: Path) -> None:
    publish_run(tmp_path, DAY, "old")
    with another_run(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (content(tmp_path / "latest"), versions(tmp_path)) == ("old", 2)
    with publication(tmp_path, LATER) as folder:
        assert versions(tmp_path) == 2  # the dead run's folder has gone, this one has come
        fill(folder, "new")
    assert seen(tmp_path) == ("old", "new")


def test_a_second_run_is_told_that_another_one_writes(tmp_path: Path) -> None:
    with another_run(tmp_path), pytest.raises(Locked) as caught:
        publish_run(tmp_path, LATER)
    assert caught.value.exit_code == 75
    assert str(caught.value) == (
        f"another run is writing to {tmp_path}\n"
        "  wait until it has ended, or write elsewhere: --out DIR"
    )


def test_a_lock_that_its_holder_removed_is_no_lock(tmp_path: Path) -> None:
    """Between opening and locking the file, the holder may remove it and another make it anew."""
    real, raced = fcntl.flock, threading.Event()

    def flock(descriptor: int, operation: int) -> None:
        if not raced.is_set():
            raced.set()
            os.unlink(tmp_path / ".segment.lock")
        real(descriptor, operation)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        with publication(tmp_path, DAY) as folder:
            with pytest.raises(Locked), publication(tmp_path, DAY):
                pass
            fill(folder, "new")
    assert content(tmp_path / "latest") == "new"


# --- readers ------------------------------------------------------------------------------------


def test_readers_see_the_old_run_or_the_new_one_and_never_a_mixture(tmp_path: Path) -> None:
    """A reader resolves the link once and reads on; two swaps never fall into one reading."""
    publish_run(tmp_path, DAY, "0")
    readings: list[str] = []
    failures: list[BaseException] = []
    over = threading.Event()

    def poll() -> None:
        try:
            while not over.is_set():
                readings.append(content(Path(os.path.realpath(tmp_path / DAY))))
                readings.append(content(Path(os.path.realpath(tmp_path / "latest"))))
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=poll)
    reader.start()
    for number in range(1, 31):
        publish_run(tmp_path, DAY, str(number))
        seen_so_far = len(readings)
        while len(readings) < seen_so_far + 2 and not failures:
            over.wait(0.001)
    over.set()
    reader.join()
    assert failures == []
    assert sorted(readings, key=int) == readings
    assert readings[-1] == "30"


def test_opening_through_the_links_never_fails(tmp_path: Path) -> None:
    """No pause between swaps here: the dated name and `latest` exist at every moment."""
    publish_run(tmp_path, DAY, "0")
    over = threading.Event()
    missing: list[str] = []

    def poll() -> None:
        while not over.is_set():
            missing.extend(p for p in (DAY, "latest") if not (tmp_path / p / "personas").is_dir())

    reader = threading.Thread(target=poll)
    reader.start()
    for number in range(30):
        publish_run(tmp_path, DAY, str(number))
    over.set()
    reader.join()
    assert missing == []
