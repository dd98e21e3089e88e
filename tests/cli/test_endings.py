"""How a command ends: signals, terminals that fail or know few characters, and bugs, told truthfully.

Exit code 0 means that the run was published, and every other code that nothing was.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from harness import PATIENCE, Segment, Shell

from segmentation.publish.folder import swap
from segmentation.publish.folder.signals import deferred

SALES = "customer_id,order_id,ordered_at,amount\na,1,2024-01-01,5\nb,2,2024-01-02,7\n"
RULES = "version: 1\nsources: {transactions: t.csv}\npersonas: {p: {match: {frequency: {at_least: 1}}}}\n"
FILES = {"t.csv": SALES, "personas.yaml": RULES}
PUBLISHED = "the run was published at audiences/2024-01-02"
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
EACH = [SIGNALS[0], *(pytest.param(n, marks=pytest.mark.deep) for n in SIGNALS[1:])]

Shelled = Callable[..., tuple[int, str]]


@pytest.fixture
def line(tmp_path: Path, script: Path, quiet_environment: dict[str, str]) -> Shelled:
    """Runs a line of the shell with `segment` in it; its exit code and stderr."""

    def run(command: str, **env: str) -> tuple[int, str]:
        for name, text in FILES.items():
            (tmp_path / name).write_text(text)
        path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            cwd=tmp_path,
            check=False,
            env={**quiet_environment, "PATH": path, **env},
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
        return done.returncode, done.stderr.decode()

    return run


def published(folder: Path) -> bool:
    return (folder / "audiences/latest/personas/p.csv").is_file()


def left(folder: Path) -> list[str]:
    """What an unfinished run would leave behind."""
    return [p.name for p in folder.rglob("*") if "partial" in p.name or p.name.endswith("lock")]


# -- a terminal that cannot be written ------------------------------------------------------------

SHOWN = f"segment: {PUBLISHED}, but that could not be shown: "
AFTER = {
    "full": ("segment run > /dev/full", f"{SHOWN}no space left on device\n"),
    "full, as JSON": ("segment run --json > /dev/full", f"{SHOWN}no space left on device\n"),
    "closed": ("segment run >&-", f"{SHOWN}it is closed\n"),
    "nothing to show": ("segment run -q >&-", ""),
    "a reader that leaves": ("segment run | true", ""),
    "a reader that leaves, as JSON": ("segment run --json | true", ""),
    "messages on a full disk": ("segment run > /dev/null 2> /dev/full", ""),
    "messages closed": ("segment run > /dev/null 2>&-", ""),
    "everything closed": ("segment run <&- >&- 2>&-", ""),
    "no standard input": ("segment run > /dev/null <&-", ""),
}


@pytest.mark.sampled(every=7)
@pytest.mark.parametrize(("command", "said"), AFTER.values(), ids=AFTER)
def test_a_run_that_cannot_be_shown_is_published_all_the_same(
    line: Shelled, tmp_path: Path, command: str, said: str
) -> None:
    assert line(command) == (0, said)
    assert published(tmp_path)
    assert (tmp_path / "audiences/latest/personas/p.csv").read_text().startswith("customer_id,")


FULL = "standard output: cannot be written, so there is no result\n  The system says: no space left on device.\n"
CLOSED = FULL.replace("no space left on device", "it is closed")
ONLY_SHOWN = {
    "features": ("segment features > /dev/full", 3, FULL),
    "features, closed": ("segment features >&-", 3, CLOSED),
    "schema": ("segment schema > /dev/full", 3, FULL),
    "validate": ("segment validate > /dev/full", 3, FULL),
    "history": ("segment history > /dev/full", 3, FULL),
    "value": ("segment value -q --json > /dev/full", 3, FULL),
    "a dry run": ("segment run -n > /dev/full", 3, FULL),
    "help": ("segment --help > /dev/full", 3, FULL),
    "help of a command": ("segment run --help >&-", 3, CLOSED),
    "the version": ("segment --version > /dev/full", 3, FULL),
    "a reader that leaves": ("segment features | true", 1, ""),
    "an error as JSON": ("segment run -c nowhere.yaml --json > /dev/full", 2, None),
    "misuse as JSON": ("segment run --nonsense --json >&-", 2, None),
    "no tests as JSON": ("segment test --json > /dev/full", 2, None),
    "an error and closed messages": ("segment run -c nowhere.yaml 2>&-", 2, ""),
}


@pytest.mark.sampled(every=7)
@pytest.mark.parametrize(("command", "code", "said"), ONLY_SHOWN.values(), ids=ONLY_SHOWN)
def test_a_result_that_cannot_be_shown_is_an_error(
    line: Shelled, tmp_path: Path, command: str, code: int, said: str | None
) -> None:
    ended, err = line(command)
    assert ended == code
    assert said in (None, err)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert not (tmp_path / "audiences").exists()


def test_a_starter_that_cannot_be_shown_is_written_all_the_same(
    line: Shelled, tmp_path: Path
) -> None:
    code, err = line("segment init shop > /dev/full")
    assert (code, err) == (
        0,
        "segment: the starter was written to shop, but that could not be shown: no space left on device\n",
    )
    assert (tmp_path / "shop/personas.yaml").is_file()


# -- characters that a terminal lacks -------------------------------------------------------------

COMMANDS = {
    "run -n": 0,
    "run --json": 0,
    "validate": 2,
    "validate --json": 2,
    "features": 0,
    "features --json": 0,
    "schema": 0,
    "test": 2,
    "value": 0,
    "value --json": 0,
    "history": 0,
    "history --json": 0,
    "--help": 0,
    "run --help": 0,
    "init shöp": 0,
    "run -c nö→.yaml": 2,
    "run -c nö→.yaml --json": 2,
    "run --nönsense→": 2,
}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(("command", "code"), COMMANDS.items(), ids=COMMANDS)
def test_characters_that_a_terminal_lacks_are_no_bug(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, command: str, code: int, encoding: str
) -> None:
    wide = RULES.replace("frequency", "monetäry: {at_least: 2}, frequency")
    files = FILES | ({"personas.yaml": wide} if "validate" in command else {})
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        assert segment(*command.split(), files=files).exit_code == code
    out.flush()
    printed = out.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    if "json" in command or command == "schema":
        assert json.loads(printed)


@pytest.mark.deep
@pytest.mark.parametrize(
    "env",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["PYTHONIOENCODING", "LC_ALL=C"],
)
def test_a_process_in_ascii_publishes(shell: Shell, env: dict[str, str]) -> None:
    done = shell("run", files=FILES, env=env)
    assert (done.exit_code, published(done.folder)) == (0, True)
    assert done.out.isascii()


def test_what_a_terminal_lacks_is_shown_by_its_like(shell: Shell) -> None:
    done = shell("value", files=FILES, env={"PYTHONIOENCODING": "ascii"})
    assert "Spend so far of the top customers: 1 % -> " in done.out


# -- signals --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def signals_are_heard() -> Iterator[None]:
    """SIGHUP as ever, also where the tests themselves were started with nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def waiting(
    tmp_path: Path, script: Path, quiet_environment: dict[str, str]
) -> Iterator[Callable[..., Any]]:
    """A run that waits for its standard input."""
    started = []

    def start(*arguments: str, trap: str = ":") -> Any:
        (tmp_path / "personas.yaml").write_text(RULES)
        process = subprocess.Popen(
            ["bash", "-c", f'{trap}; exec "$0" "$@"', str(script), "run", "-", *arguments],
            cwd=tmp_path,
            env=quiet_environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        assert process.stdin is not None
        process.stdin.write(bytes(1 << 20))  # more than a pipe holds: written means it is read
        process.stdin.flush()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["text", "JSON"])
@pytest.mark.parametrize("number", EACH, ids=lambda n: n.name)
def test_a_signal_before_publication_ends_with_130_and_publishes_nothing(
    waiting: Any, tmp_path: Path, number: int, arguments: list[str]
) -> None:
    process = waiting(*arguments)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err.decode()) == (
        130,
        "segment: interrupted, nothing was published\n",
    )
    if arguments:
        body = json.loads(out)
        assert (body["ok"], body["exit_code"], body["notices"][0]["code"]) == (
            False,
            130,
            "interrupted",
        )
    assert not (tmp_path / "audiences").exists()


def test_a_signal_that_is_ignored_stays_ignored(waiting: Any) -> None:
    """`nohup segment run &` outlives its terminal."""
    process = waiting(trap="trap '' HUP")
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert process.poll() is None


Sent = Callable[[], None]


@pytest.fixture(params=EACH, ids=lambda n: n.name)
def send(request: pytest.FixtureRequest) -> Sent:
    return lambda: signal.raise_signal(request.param)


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["text", "JSON"])
@pytest.mark.parametrize("step", ["writing", "sealing"])
def test_a_signal_while_a_run_is_written_publishes_nothing(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, send: Sent, step: str, arguments: list[str]
) -> None:
    place = {
        "writing": "segmentation.publish.files.members_of",
        "sealing": "segmentation.publish.folder.seal",
    }[step]
    assert segment("run", files=FILES).exit_code == 0
    (segment("run").folder / "t.csv").write_text(SALES + "c,3,2024-01-02,1\n")
    monkeypatch.setattr(place, lambda *_, **__: send())
    done = segment("run", *arguments)
    assert (done.exit_code, done.err) == (130, "segment: interrupted, nothing was published\n")
    assert (done.ids("p"), left(done.folder)) == (["a", "b"], [])
    assert not arguments or done.said[0]["code"] == "interrupted"


def test_a_signal_during_the_swap_waits_for_its_end(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, send: Sent
) -> None:
    for name in ("rename", "replace", "symlink"):
        call = getattr(os, name)
        monkeypatch.setattr(
            swap.os, name, lambda *a, call=call, **k: (send(), call(*a, **k), send())[1]
        )
    done = segment("run", "--json", files=FILES)
    assert (done.exit_code, done.result["folder"]) == (0, "audiences/2024-01-02")
    assert (published(done.folder), left(done.folder)) == (True, [])


@pytest.mark.parametrize(
    "step",
    ["segmentation.publish.folder.sweep_replaced", "segmentation.publish.folder.lock._unmake"],
)
def test_a_signal_after_the_swap_changes_nothing(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, send: Sent, step: str
) -> None:
    monkeypatch.setattr(step, lambda *_, **__: send())
    done = segment("run", files=FILES)
    assert done.exit_code == 0
    assert done.out.endswith("Written to audiences/2024-01-02\n")
    assert published(done.folder)


def test_a_second_signal_after_the_swap_ends_what_hangs(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, send: Sent
) -> None:
    monkeypatch.setattr("segmentation.cli.output_run.table", lambda *_: (send(), send()))
    done = segment("run", files=FILES)
    assert (done.exit_code, done.err) == (0, f"{SHOWN}interrupted\n")
    assert published(done.folder)


#: what comes after the envelope is printed -> the line, what is called then, and the exit code
TOLD = {
    "a run": ("run --json", "output_run.summarise", 0),
    "mistakes in rules": ("validate -c wrong.yaml --json", "output_rules.print_notices", 2),
    "rules that are none": ("validate -c nowhere.yaml --json", "output_failure.print_notices", 2),
    "an error": ("run -c nowhere.yaml --json", "output_failure.print_notices", 2),
    "misuse": ("run --nonsense --json", "output_failure.print_annotations", 2),
    "an interrupt": ("run --json", "output_failure.say", 130),
}
COMES: dict[str, Sequence[BaseException | int]] = {
    "a signal": [signal.SIGTERM],
    "two signals": [signal.SIGTERM, signal.SIGINT],
    "a bug": [RuntimeError("?")],
}


@pytest.mark.parametrize("comes", COMES.values(), ids=COMES)
@pytest.mark.parametrize(("line", "place", "code"), TOLD.values(), ids=TOLD)
def test_one_command_prints_one_envelope_and_its_exit_code_is_that(
    segment: Segment,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    place: str,
    code: int,
    comes: Sequence[BaseException | int],
) -> None:
    def come(*_: object, **__: object) -> None:
        monkeypatch.undo()
        for one in comes:
            if isinstance(one, BaseException):
                raise one
            signal.raise_signal(one)

    if code == 130:
        begun = lambda *_, **__: signal.raise_signal(signal.SIGTERM)  # noqa: E731
        monkeypatch.setattr("segmentation.publish.files.members_of", begun)
    monkeypatch.setattr(f"segmentation.cli.{place}", come)
    wrong = RULES.replace("frequency", "freqency")
    done = segment(*line.split(), files=FILES | {"wrong.yaml": wrong})
    assert (done.exit_code, done.json["exit_code"]) == (code, code), done.err


def test_a_signal_during_the_cleanup_waits_for_its_end(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, send: Sent
) -> None:
    monkeypatch.setattr("segmentation.publish.files.manifest", lambda *_, **__: send())
    remove = swap_remove()
    monkeypatch.setattr("segmentation.publish.folder.sweep.remove", lambda p: (send(), remove(p)))
    done = segment("run", files=FILES)
    assert (done.exit_code, done.err) == (130, "segment: interrupted, nothing was published\n")
    assert not (done.folder / "audiences").exists()


def swap_remove() -> Callable[[Path], None]:
    from segmentation.publish.folder.disk import remove

    return remove


def test_handlers_are_given_back(segment: Segment) -> None:
    before = [signal.getsignal(n) for n in SIGNALS]
    assert segment("run", files=FILES).exit_code == 0
    assert segment("run", "-c", "nowhere.yaml").exit_code == 2
    assert [signal.getsignal(n) for n in SIGNALS] == before


def test_deferred_signals_come_in_their_order_and_once() -> None:
    came: list[int] = []
    before = {n: signal.signal(n, lambda number, frame: came.append(number)) for n in SIGNALS}
    try:
        with deferred():
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM):
                signal.raise_signal(number)
            assert came == []
        assert came == [signal.SIGTERM, signal.SIGHUP]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- bugs -----------------------------------------------------------------------------------------


class Panic(BaseException):
    """What a panic of Polars is: no Exception."""


def boom(kind: type[BaseException]) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise kind("jane.doe@example.com")

    return fail


@pytest.mark.parametrize("debug", ["", "1"], ids=["as usual", "SEGMENT_DEBUG"])
@pytest.mark.parametrize("kind", [RuntimeError, Panic])
@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("segmentation.publish.files.manifest", "Nothing was published"),
        ("segmentation.publish.folder.sweep_replaced", PUBLISHED.capitalize()),
        ("segmentation.cli.output_run.table", PUBLISHED.capitalize()),
    ],
    ids=["before the swap", "after the swap", "while it is shown"],
)
def test_a_bug_ends_with_70_and_says_whether_the_run_stands(
    segment: Segment,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    stands: str,
    kind: type[BaseException],
    debug: str,
) -> None:
    monkeypatch.setenv("SEGMENT_DEBUG", debug)
    monkeypatch.setattr(place, boom(kind))
    done = segment("run", files=FILES)
    assert done.exit_code == 70
    assert f"\n  {stands}. SEGMENT_DEBUG=1 shows the details.\n" in done.err
    assert ("Traceback" in done.err, "jane" in done.err) == (bool(debug), bool(debug))
    assert published(done.folder) == (stands != "Nothing was published")
    assert left(done.folder) == []
