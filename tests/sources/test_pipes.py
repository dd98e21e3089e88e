"""What is no file: pipes, devices, sockets, and files that are something else than they say."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from harness import PATIENCE, Segment
from lines import HEAD, ROWS, RULES, csv
from shop import EVERYONE

from segmentation.system import plain_files

PERSONA_TEST = "cases: [{name: n, orders: [{days_ago: 1, amount: 5}], expect: everyone}]\n"


PIPES = {
    "transactions": ("p", 3),
    "--customers": ("p", 3),
    "--config": ("p", 2),
    "--cuts": ("p", 3),
}


@pytest.mark.parametrize("option", PIPES)
def test_a_pipe_that_nobody_writes_into_is_refused_at_once(
    segment: Segment, tmp_path, option: str
) -> None:
    os.mkfifo(tmp_path / "p")
    given = ["p"] if option == "transactions" else ["t.csv", option, "p"]
    result = segment("run", *given, files={"personas.yaml": RULES, "t.csv": csv()})
    assert (result.exit_code, "nothing came through this pipe" in result.err) == (
        PIPES[option][1],
        True,
    )


@pytest.mark.parametrize("command", ["validate", "test"])
def test_other_commands_wait_for_no_pipe_either(segment: Segment, tmp_path, command: str) -> None:
    os.mkfifo(tmp_path / "p")
    given = ["--config", "p"] if command == "validate" else ["p"]
    result = segment(command, *given, files={"personas.yaml": RULES})
    assert (result.exit_code, "nothing came through this pipe" in result.err) == (2, True)


def test_a_writer_that_is_silent_is_not_waited_for_forever(
    segment: Segment, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(plain_files, "SILENCE_SECONDS", 0.2)
    os.mkfifo(tmp_path / "p")
    both = os.open(tmp_path / "p", os.O_RDWR)
    result = segment("run", "p", files={"personas.yaml": RULES})
    os.close(both)
    assert (result.exit_code, result.err.split("\n")[0]) == (
        3,
        "p: nothing came through this pipe for 0 seconds",
    )


@pytest.mark.deep
@pytest.mark.parametrize("packed", [False, True], ids=["csv", "gzip"])
def test_what_another_command_gives_is_read(
    tmp_path: Path, script, quiet_environment, packed
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(csv()))
    given = "<(cat t.csv.gz)" if packed else "<(zcat t.csv.gz)"
    done = subprocess.run(
        ["bash", "-c", f"{script} run {given} --json"],
        cwd=tmp_path,
        env=quiet_environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["result"]["inputs"][0]["rows_read"]) == (
        0,
        ROWS,
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [("/dev/zero", "a device"), ("/dev/null", "a device"), ("s.csv", "a socket")],
    ids=["device without end", "empty device", "socket"],
)
def test_devices_and_sockets_are_no_input(segment: Segment, tmp_path, name: str, what: str) -> None:
    with socket.socket(socket.AF_UNIX) as found:
        found.bind("s.csv")
        result = segment("run", name, files={"personas.yaml": RULES})
    assert (result.exit_code, result.err) == (
        3,
        f"{name}: this is {what}, not a file\n  Name a CSV or Parquet file.\n",
    )


@pytest.mark.parametrize("option", ["value --csv", "history --csv", "test --junit"])
@pytest.mark.parametrize("is_read", [True, False], ids=["read", "nobody reads"])
def test_a_pipe_to_write_to_never_waits(
    segment: Segment, tmp_path, option: str, is_read: bool
) -> None:
    os.mkfifo(tmp_path / "p")
    command, name = option.split()
    files = {"personas.yaml": RULES, "t.csv": csv(), "personas.test.yaml": PERSONA_TEST}
    reader = os.open(tmp_path / "p", os.O_RDONLY | os.O_NONBLOCK) if is_read else -1
    given = [] if command == "test" else ["t.csv"]
    result = segment(command, *given, name, "p", files=files)
    if is_read:
        assert (result.exit_code, bool(os.read(reader, 1 << 16))) == (0, True), result.err
        os.close(reader)
    else:
        assert (result.exit_code, "nobody reads from this pipe" in result.err) == (3, True)


def test_a_file_of_the_system_that_gives_nothing_now_is_no_rules_file(monkeypatch) -> None:
    """Such as /proc/kmsg: no pipe, and yet it would wait."""
    monkeypatch.setattr("stat.S_ISFIFO", lambda mode: False)
    monkeypatch.setattr("stat.S_ISREG", lambda mode: True)
    out, into = os.pipe()
    with pytest.raises(OSError, match="it gives nothing now"):
        plain_files.plain_bytes(Path(f"/dev/fd/{out}"), 10)
    os.close(out)
    os.close(into)


LONG_CELLS = {
    "plain": b"x" * 300_000,
    "nearly the longest": b"x" * (15 << 20),
    "beside a stray quote": b'19" ' + b"x" * 200_000,
}


@pytest.mark.parametrize("cell", LONG_CELLS.values(), ids=LONG_CELLS)
def test_a_long_cell_within_the_bound_is_read(segment: Segment, cell: bytes) -> None:
    content = f"{HEAD}\na,2024-01-01,5,".encode() + cell + b"\nb,2024-01-01,5,Men\n"
    result = segment("run", "t.csv", files={"personas.yaml": EVERYONE, "t.csv": content})
    assert (result.exit_code, result.ids("everyone")) == (0, ["a", "b"]), result.err[:500]


OTHER = {
    "gzip within gzip": (
        gzip.compress(gzip.compress(csv())),
        "the file is gzipped twice\n  Unpack it once",
    ),
}


@pytest.mark.parametrize(("content", "said"), OTHER.values(), ids=OTHER)
def test_what_a_file_is_instead_is_said(segment: Segment, content: bytes, said: str) -> None:
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert (result.exit_code, said in result.err) == (3, True), result.err


@pytest.mark.sampled
@pytest.mark.parametrize(("path", "code"), [("t.csv", 0), ("-", 3)], ids=["unread", "read"])
def test_closed_standard_input_matters_only_where_it_is_read(
    tmp_path, script, quiet_environment, path: str, code: int
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "t.csv").write_bytes(csv())
    done = subprocess.run(
        ["bash", "-c", f"{script} run {path} <&-"],
        cwd=tmp_path,
        env=quiet_environment,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == code, done.stderr
