"""Damaged and changing inputs: exit 3 with the file named, or the right rows; never anything else."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as day_time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from harness import Segment

from segmentation import crash_notes, plain_files
from segmentation.pipeline import compute as pipeline
from segmentation.scan import measured
from segmentation.sources.csv import audit
from segmentation.sources.files import globbing
from segmentation.sources.files.locate import Place
from segmentation.sources.parquet import oversize

RULES = "version: 1\ncolumns: [frequency, monetary, top_department]\npersonas: {everyone: {match: {}}}\n"
PLAIN_RULES = "version: 1\npersonas: {everyone: {match: {}}}\n"
PERSONA_TEST = "cases: [{name: n, orders: [{days_ago: 1, amount: 5}], expect: everyone}]\n"
HEAD = "customer_id,ordered_at,amount,department"
DAMAGED = "Write or copy the file once more."
ROWS = 3000


def lines() -> pl.DataFrame:
    dice = random.Random(7)
    return pl.DataFrame({
        "customer_id": [f"c{dice.randrange(400):03d}" for _ in range(ROWS)],
        "ordered_at": [date(2024, 1, 1) + timedelta(dice.randrange(300)) for _ in range(ROWS)],
        "amount": [dice.randrange(100, 9999) / 100 for _ in range(ROWS)],
        "department": [dice.choice(["Men", "Women", "Kids"]) for _ in range(ROWS)],
    })  # fmt: skip


LINES = lines()


def with_checksums(compression: str = "snappy") -> bytes:
    file = io.BytesIO()
    pq.write_table(LINES.to_arrow(), file, compression=compression, write_page_checksum=True,
                   row_group_size=1000)  # fmt: skip
    return file.getvalue()


def without_checksums() -> bytes:
    file = io.BytesIO()
    LINES.write_parquet(file, compression="zstd", row_group_size=1000)
    return file.getvalue()


def csv(rows: pl.DataFrame = LINES) -> bytes:
    return rows.write_csv().encode()


# -- damage ---------------------------------------------------------------------------------------


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def footer_at(content: bytes) -> int:
    return len(content) - 8 - int.from_bytes(content[-8:-4], "little")


CHECKED = with_checksums("none")
PLAIN = without_checksums()


def every_page_changed() -> bytes:
    """A wrong byte in the one data page of each column: a sector that lies over all of them."""
    file = io.BytesIO()
    pq.write_table(LINES.to_arrow(), file, compression="none", use_dictionary=False,
                   write_page_checksum=True)  # fmt: skip
    content, group = file.getvalue(), pq.read_metadata(file).row_group(0)
    for column in map(group.column, range(group.num_columns)):
        content = flipped(content, column.data_page_offset + column.total_compressed_size - 20)
    return content


ALL_WRONG = every_page_changed()
DAMAGES: dict[str, tuple[str, bytes]] = {
    "a bit of a page with a checksum": ("t.parquet", flipped(CHECKED, 9000)),
    "a bit of a compressed page": ("t.parquet", flipped(with_checksums("zstd"), 3000)),
    "every page, none of which agrees": ("t.parquet", ALL_WRONG),
    "gzip with zeros after it": ("t.csv.gz", gzip.compress(csv()) + bytes(512)),
    "zeros in a page": ("t.parquet", CHECKED[:5000] + bytes(500) + CHECKED[5500:]),
    "a dictionary page": ("t.parquet", flipped(CHECKED, 60)),
    "pages in another order": ("t.parquet", CHECKED[:4] + CHECKED[5004:10004] + CHECKED[4:5004] + CHECKED[10004:]),
    "a page's header": ("t.parquet", CHECKED[:4] + bytes([255]) * 12 + CHECKED[16:]),
    "a footer of another length": ("t.parquet", PLAIN[:-8] + b"\xff\xff\xff\x7fPAR1"),
    "a footer of zeros": ("t.parquet", PLAIN[: footer_at(PLAIN)] + bytes(len(PLAIN) - footer_at(PLAIN) - 8) + PLAIN[-8:]),
    "a footer of noise": ("t.parquet", PLAIN[: footer_at(PLAIN)] + random.Random(1).randbytes(len(PLAIN) - footer_at(PLAIN) - 8) + PLAIN[-8:]),
    "a parquet file that is cut off": ("t.parquet", PLAIN[: len(PLAIN) // 2]),
    "a parquet file without its middle": ("t.parquet", PLAIN[:6000] + PLAIN[6500:]),
    "a parquet file with more in its middle": ("t.parquet", PLAIN[:6000] + b"abc" + PLAIN[6000:]),
    "gzip that is cut off": ("t.csv.gz", gzip.compress(csv())[:-20]),
    "gzip with a wrong byte": ("t.csv.gz", flipped(gzip.compress(csv()), 9000)),
    "gzip with a wrong checksum": ("t.csv.gz", flipped(gzip.compress(csv()), -6 % len(gzip.compress(csv())))),
    "gzip with garbage after it": ("t.csv.gz", gzip.compress(csv()) + b"garbage"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_said_with_the_file_and_nothing_is_published(
    segment: Segment, damage: str
) -> None:
    name, content = DAMAGES[damage]
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    [problem] = result.said
    assert (result.exit_code, problem["file"]) == (3, name)
    assert "damaged" in problem["text"]
    assert not (result.folder / "audiences").exists()


@pytest.mark.parametrize(
    "content", [with_checksums(c) for c in ("none", "snappy", "zstd", "gzip")] + [PLAIN],
    ids=["none", "snappy", "zstd", "gzip", "no checksums"],
)  # fmt: skip
def test_sound_files_give_the_same_audience(segment: Segment, content: bytes) -> None:
    expected = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": csv()})
    members = (expected.run / "personas" / "everyone.csv").read_bytes()
    result = segment("run", "t.parquet", files={"t.parquet": content})
    assert (result.run / "personas" / "everyone.csv").read_bytes() == members


@pytest.mark.deep
def test_random_damage_to_files_with_checksums_never_changes_rows(segment: Segment) -> None:
    """Bytes that no page holds may change (statistics); whatever is published is right."""
    dice = random.Random(11)
    content = with_checksums("snappy")
    right = segment("run", "t.parquet", files={"personas.yaml": RULES, "t.parquet": content})
    members = (right.run / "personas" / "everyone.csv").read_bytes()
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 1, 5, 50])):
            damaged[dice.randrange(4, len(content) - 8)] = dice.randrange(256)
        result = segment("run", "t.parquet", files={"t.parquet": bytes(damaged)})
        published = (result.run / "personas" / "everyone.csv").read_bytes()
        assert result.exit_code in (0, 3), result.err
        assert published == members


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3))
def test_random_damage_to_files_without_checksums_ends_with_0_or_3(
    segment: Segment, seed: int
) -> None:
    dice = random.Random(seed)
    for _ in range(25):
        damaged = bytearray(PLAIN)
        start = dice.choice([dice.randrange(4, 200), dice.randrange(4, len(PLAIN) - 60)])
        damaged[start : start + 8] = dice.randbytes(8)
        files = {"personas.yaml": RULES, "t.parquet": bytes(damaged)}
        result = segment("run", "t.parquet", "--json", files=files)
        assert result.exit_code in (0, 3), result.err
        assert result.json["ok"] == (result.exit_code == 0)


@pytest.mark.parametrize("name", ["customers", "events"])
def test_damage_to_another_table_is_said_too(segment: Segment, name: str) -> None:
    file = io.BytesIO()
    pl.DataFrame({"customer_id": ["c001"] * 5000, "occurred_at": [date(2024, 1, 1)] * 5000,
                  "event": [f"e{i}" for i in range(5000)], "city": [f"x{i}" for i in range(5000)],
                  }).write_parquet(file, compression="uncompressed")  # fmt: skip
    content = file.getvalue()
    damaged = content[:40] + bytes([255]) * 4000 + content[4040:]
    files = {"personas.yaml": "version: 1\npersonas: {p: {match: {city: x1, did: e1}}}\n",
             "t.csv": csv(), "o.parquet": damaged}  # fmt: skip
    result = segment("run", "t.csv", f"--{name}", "o.parquet", files=files)
    assert (result.exit_code, "o.parquet" in result.err) == (3, True), result.err


def test_a_csv_with_nul_bytes_rejects_those_rows_or_stops(segment: Segment) -> None:
    content = csv().replace(b",Men", b",M\0n", 1).replace(b"2024-", b"2\0\0\0-", 1)
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert result.exit_code in (0, 3)
    assert "\0" not in result.err


# -- panics and crashes ---------------------------------------------------------------------------


class Panic:
    """Stands for `settle`: raises what the Rust code of Polars raises, which is no Exception."""

    def __call__(self, *_: object) -> None:
        raise pl.exceptions.PanicException("c001 has anna@example.com")


def test_a_panic_that_no_file_explains_is_a_bug_of_ours(segment: Segment, monkeypatch) -> None:
    monkeypatch.setattr(measured, "settle", Panic())
    files = {"personas.yaml": RULES, "t.csv": csv()}
    result = segment("run", "t.csv", "--json", files=files)
    assert (result.exit_code, result.json["exit_code"]) == (70, 70)
    assert result.err.startswith("this is a bug of segment: PanicException in ")
    assert "anna" not in result.err + result.out


def test_a_panic_on_a_damaged_file_names_the_file(segment: Segment, monkeypatch) -> None:
    """The page's header is of no use to Polars: its reader panics."""
    reading = sys.modules["segmentation.sources.read"]
    monkeypatch.setattr(reading, "check_pages", lambda places: None)
    name, content = DAMAGES["a page's header"]
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    assert (result.exit_code, result.said[0]["file"]) == (3, name)


CRASHES = {
    "abort": "ctypes.CDLL(None).abort()",
    "segmentation fault": "ctypes.string_at(8)",
    "bus error": "mapped[5000]",
}
CRASHING = """
import ctypes, importlib.abc, mmap, sys, threading
from segmentation.cli import main

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "segmentation.pipeline.job":
            sys.meta_path.remove(self)
            import segmentation.scan.measured
            segmentation.scan.measured.settle = crash

def crash(*_):
    thread = threading.Thread(target=crash_now)
    thread.start()
    thread.join()

def crash_now():
    file = open("mapped", "w+b")
    file.truncate(8192)
    mapped = mmap.mmap(file.fileno(), 8192)
    file.truncate(0)
    {crash}

sys.meta_path.insert(0, Finder())
main.main()
"""


@pytest.mark.sampled
@pytest.mark.parametrize("crash", CRASHES)
def test_a_crash_of_the_engine_ends_with_3_and_names_the_files(
    tmp_path: Path, quiet_environment: dict[str, str], crash: str
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "crash.py").write_text(CRASHING.replace("{crash}", CRASHES[crash]))
    done = subprocess.run(
        [sys.executable, "crash.py", "run", "-", "--json"], cwd=tmp_path, capture_output=True,
        input=csv(), env={**quiet_environment, "TMPDIR": str(tmp_path)}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr.decode()
    said = json.loads(done.stdout)
    [problem] = said["notices"]
    assert (said["command"], problem["file"]) == ("run", "standard input")
    assert problem["text"].startswith("the engine crashed (SIG")
    assert done.stderr.decode() == (
        f"standard input: {problem['text']}\n"
        "  Nothing was published. Write or copy them once more; if it stays so, it is a bug.\n"
    )
    assert [p.name for p in tmp_path.glob("segment-*")] == []  # the copy of standard input


def test_after_a_crash_the_file_that_cannot_be_read_alone_is_named() -> None:
    """What the new process does with the notes of the old one."""
    code = (
        "from segmentation.cli.crashes import _why\n"
        "import sys, json\n"
        "print([p.where for p in _why('SIGABRT', json.loads(sys.argv[1])).problems])"
    )
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"crash-{os.getpid()}"
    folder.mkdir()
    (folder / "fine.parquet").write_bytes(PLAIN)
    (folder / "bad.parquet").write_bytes(PLAIN[:6000] + PLAIN[6500:])
    notes = [{"kind": "reads", "path": str(folder / n), "shown": n} for n in ("fine.parquet", "bad.parquet")]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, json.dumps(notes)], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "['bad.parquet']"


def test_notes_for_a_crash_are_read_as_they_were_written(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(crash_notes, "_SHEET", [])
    crash_notes.note("reads", "nobody.csv")
    with (tmp_path / "notes").open("w+b") as file:
        crash_notes.keep_notes_in(file.fileno())
        crash_notes.note("reads", "/a\n.csv", "a\n.csv")
        crash_notes.note("reads", "/a\n.csv", "a\n.csv")
        assert crash_notes.notes_in(file.fileno()) == [
            {"kind": "reads", "path": "/a\n.csv", "shown": "a\n.csv"}
        ]


# -- files that change ----------------------------------------------------------------------------


def append(file: Path) -> None:
    with file.open("ab") as open_file:
        open_file.write(b"c001,2024-01-01,5,Men\n")


def replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def rewrite(file: Path) -> None:
    content = file.read_bytes()
    time.sleep(0.02)
    file.write_bytes(content)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "appended to": (append, "the file changed while it was read: it had "),
    "written anew": (rewrite, "the file changed while it was read"),
    "replaced": (replace, "the file was replaced by another while it was read"),
    "removed": (Path.unlink, "the file was removed or renamed while it was read"),
    "cut off": (
        lambda file: os.truncate(file, 5000),
        "the file changed while it was read: it had ",
    ),
}
STEPS = {
    "while its rows are read": (measured, "planning.plan"),
    "while rules are matched": (pipeline, "allocate"),
    "while rejected rows are looked for": (pipeline, "rejected_rows"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_a_file_that_changes_is_one_clear_message(
    segment: Segment, monkeypatch, tmp_path, name: str, change: str, step: str
) -> None:
    how, said = CHANGES[change]
    module, function = STEPS[step]
    holder = module if "." not in function else getattr(module, function.split(".")[0])
    real = getattr(holder, function.split(".")[-1])

    def after_change(*given: object, **named: object) -> object:
        if (tmp_path / name).exists() and not changed:
            changed.append(name)
            how(tmp_path / name)
        return real(*given, **named)

    changed: list[str] = []
    monkeypatch.setattr(holder, function.split(".")[-1], after_change)
    content = csv() if name == "t.csv" else PLAIN
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    [problem] = result.said
    assert (result.exit_code, problem["file"]) == (3, name)
    assert problem["text"].startswith(said)
    assert not (result.folder / "audiences" / "latest").exists()


def test_a_file_that_is_only_read_and_linked_to_is_no_change(segment: Segment, tmp_path) -> None:
    (tmp_path / "real.csv").write_bytes(csv())
    (tmp_path / "t.csv").symlink_to("real.csv")
    assert segment("run", "t.csv", files={"personas.yaml": RULES}).exit_code == 0


# -- amounts of other types -----------------------------------------------------------------------

DAYS = [date(2024, 1, 1), date(2024, 1, 2)]
READ = {
    "categories": pl.Series(["1.5", "2"]).cast(pl.Categorical),
    "enum": pl.Series(["1.5", "2"]).cast(pl.Enum(["1.5", "2"])),
    "bytes": pl.Series([b"1.5", b"2"]),
    "decimal": pl.Series([Decimal("1.5"), Decimal(2)]),
    "float 32": pl.Series([1.5, 2], dtype=pl.Float32),
}
READ_AS_INTEGERS = {
    "128 bits": pl.Series([3, 2], dtype=pl.Int128),
    "unsigned 64 bits": pl.Series([3, 2], dtype=pl.UInt64),
    "8 bits": pl.Series([3, 2], dtype=pl.Int8),
}
REFUSED = {
    "Date": pl.Series(DAYS),
    "Duration(time_unit='us')": pl.Series([timedelta(1)] * 2),
    "Boolean": pl.Series([True, False]),
    "Time": pl.Series([day_time(3)] * 2),
    "Datetime(time_unit='us', time_zone=None)": pl.Series(DAYS).cast(pl.Datetime("us")),
}


def stored(**columns: pl.Series) -> bytes:
    file = io.BytesIO()
    pl.DataFrame({"customer_id": ["a", "b"], "ordered_at": DAYS, **columns}).write_parquet(file)
    return file.getvalue()


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("amounts", "first"),
    [pytest.param(s, "1.50", id=n) for n, s in READ.items()]
    + [pytest.param(s, "3.00", id=n) for n, s in READ_AS_INTEGERS.items()],
)
@pytest.mark.parametrize("column", ["amount", "unit_price", "quantity"])
def test_numbers_are_read_however_they_are_stored(
    segment: Segment, amounts, first: str, column: str
) -> None:
    ones = pl.Series([1.0, 1.0])
    others = {"amount": {}, "unit_price": {"quantity": ones}, "quantity": {"unit_price": ones}}
    content = stored(**{column: amounts}, **others[column])
    rules = "version: 1\ncolumns: [monetary]\npersonas: {everyone: {match: {}}}\n"
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    written = (result.run / "personas" / "everyone.csv").read_text()
    assert written == f"customer_id,monetary\na,{first}\nb,2.00\n"


@pytest.mark.parametrize("held", REFUSED)
@pytest.mark.parametrize("column", ["amount", "quantity", "unit_price", "discount", "cost"])
def test_what_is_no_number_is_refused_as_one(segment: Segment, held: str, column: str) -> None:
    needed = {"amount": pl.Series([1.0, 2.0]), "quantity": pl.Series([1, 1]), "unit_price": pl.Series([1.0, 1.0])}  # fmt: skip
    content = stored(**(needed | {column: REFUSED[held]}))
    rules = f"version: 1\nfeatures: {{read: {{sum: {column}}}}}\npersonas: {{p: {{match: {{}}}}}}\n"
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    assert (result.exit_code, result.err) == (
        3, f"t.parquet: {column}: the column {column} holds {held}, not numbers\n"
        "  Store numbers, or map another column: see `columns:` under sources.\n",
    )  # fmt: skip


def test_what_is_no_number_and_nothing_reads_stops_no_run(segment: Segment) -> None:
    rules = "version: 1\npersonas: {p: {match: {}}}\n"
    content = stored(amount=pl.Series([1.0, 2.0]), discount=pl.Series([True, False]))
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    assert (result.exit_code, result.err) == (0, "")


def test_bytes_that_are_no_text_and_numbers_beyond_64_bits_are_rejected(segment: Segment) -> None:
    for amounts in (pl.Series([b"\xff\xfe", b"2"]), pl.Series([2**70, 2], dtype=pl.Int128)):
        files = {"personas.yaml": RULES, "t.parquet": stored(amount=amounts)}
        result = segment("run", "t.parquet", "--out", "new", files=files)
        assert (result.exit_code, "1 of 2 rows is rejected" in result.err) == (0, True), result.err


# -- what is no file ------------------------------------------------------------------------------

PIPES = {
    "transactions": ("p", 3), "--customers": ("p", 3), "--config": ("p", 2), "--cuts": ("p", 3),
}  # fmt: skip


@pytest.mark.parametrize("option", PIPES)
def test_a_pipe_that_nobody_writes_into_is_refused_at_once(
    segment: Segment, tmp_path, option: str
) -> None:
    os.mkfifo(tmp_path / "p")
    given = ["p"] if option == "transactions" else ["t.csv", option, "p"]
    result = segment("run", *given, files={"personas.yaml": RULES, "t.csv": csv()})
    assert (result.exit_code, "nothing came through this pipe" in result.err) == (
        PIPES[option][1], True,
    )  # fmt: skip


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
        3, "p: nothing came through this pipe for 0 seconds",
    )  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "gzip"])
def test_what_another_command_gives_is_read(
    tmp_path: Path, script, quiet_environment, packed
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(csv()))
    given = "<(cat t.csv.gz)" if packed else "<(zcat t.csv.gz)"
    done = subprocess.run(
        ["bash", "-c", f"{script} run {given} --json"], cwd=tmp_path, env=quiet_environment,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
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
        3, f"{name}: this is {what}, not a file\n  Name a CSV or Parquet file.\n",
    )  # fmt: skip


@pytest.mark.parametrize("option", ["value --csv", "test --junit"])
@pytest.mark.parametrize("is_read", [True, False], ids=["read", "nobody reads"])
def test_a_pipe_to_write_to_never_waits(
    segment: Segment, tmp_path, option: str, is_read: bool
) -> None:
    os.mkfifo(tmp_path / "p")
    command, name = option.split()
    files = {"personas.yaml": RULES, "t.csv": csv(), "personas.test.yaml": PERSONA_TEST}
    reader = os.open(tmp_path / "p", os.O_RDONLY | os.O_NONBLOCK) if is_read else -1
    given = ["t.csv"] if command == "value" else []
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
    result = segment("run", "t.csv", files={"personas.yaml": PLAIN_RULES, "t.csv": content})
    assert (result.exit_code, result.ids("everyone")) == (0, ["a", "b"]), result.err[:500]


OTHER = {
    "utf-32": ("a,b\n".encode("utf-32"), "the file is UTF-32, not UTF-8\n  Say so: `encoding: utf-32`"),
    "gzip within gzip": (gzip.compress(gzip.compress(csv())), "the file is gzipped twice\n  Unpack it once"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), OTHER.values(), ids=OTHER)
def test_what_a_file_is_instead_is_said(segment: Segment, content: bytes, said: str) -> None:
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert (result.exit_code, said in result.err) == (3, True), result.err


@pytest.mark.parametrize(("path", "code"), [("t.csv", 0), ("-", 3)], ids=["unread", "read"])
def test_closed_standard_input_matters_only_where_it_is_read(
    tmp_path, script, quiet_environment, path: str, code: int
) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    (tmp_path / "t.csv").write_bytes(csv())
    done = subprocess.run(
        ["bash", "-c", f"{script} run {path} <&-"], cwd=tmp_path, env=quiet_environment,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr


# -- what a pattern matches -----------------------------------------------------------------------


def no_entry(folder: Path, monkeypatch) -> None:
    """A folder that may not be opened: tests may run as root, whom nothing stops."""
    folder.mkdir()
    scandir = os.scandir

    def refusing(path):
        if Path(path) == folder.relative_to(Path.cwd()):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)


#: what lies beside a readable file, by name; the pattern; and what is said
NO_FILES: dict[str, tuple[str, Callable[[Path, Any], None], str, str]] = {
    "a link that leads nowhere": ("in/b.csv", lambda p, _: p.symlink_to("gone"), "in/*.csv", "No such file"),
    "a link to itself": ("in/b.csv", lambda p, _: p.symlink_to("b.csv"), "in/*.csv", "symbolic links"),
    "a pipe": ("in/b.csv", lambda p, _: os.mkfifo(p), "in/*.csv", "this is a pipe, not a file"),
    "a folder": ("in/b.csv", lambda p, _: p.mkdir(), "in/*.csv", "this is a folder, not a file"),
    "a folder that is walked": ("in/b.csv", lambda p, _: p.mkdir(), "in/**/*.csv", "this is a folder, not a file"),
    "a link in a day's folder": ("in/d/a.csv", lambda p, _: (p.parent.mkdir(), p.symlink_to("gone")), "in/*/a.csv",
                                 "No such file"),
    "a day's folder that leads nowhere": ("in/d", lambda p, _: p.symlink_to("gone"), "in/*/a.csv", "No such file"),
    "a folder that leads nowhere, any depth": ("in/d", lambda p, _: p.symlink_to("gone"), "in/**/*.csv", "No such file"),
    "a day's folder without rights": ("in/d", no_entry, "in/*/*.csv", "Permission denied"),
    "a folder without rights, any depth": ("in/d", no_entry, "in/**/*.csv", "Permission denied"),
}  # fmt: skip
TABLES = {
    "transactions": csv(), "customers": b"customer_id,city\nc1,Oslo\n",
    "products": b"product_id,size\np,1\n", "events": b"customer_id,occurred_at,event\nc1,2024-01-01,login\n",
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", NO_FILES)
def test_nothing_that_a_pattern_matches_is_passed_over(segment: Segment, tmp_path, monkeypatch, name: str, kind: str) -> None:  # fmt: skip
    path, make, pattern, said = NO_FILES[kind]
    good = "in/1/a.csv" if pattern in ("in/*/a.csv", "in/*/*.csv") else "in/a.csv"
    sources = (
        f"{{transactions: t.csv, {name}: '{pattern}'}}"
        if name != "transactions"
        else f"{{{name}: '{pattern}'}}"
    )
    files = {"personas.yaml": f"version: 1\nsources: {sources}\npersonas: {{everyone: {{match: {{}}}}}}\n",
             "t.csv": csv(), good: TABLES[name]}  # fmt: skip
    whole = segment("run", "--dry-run", files=files)
    assert whole.exit_code == 0, whole.err
    make(tmp_path / path, monkeypatch)
    result = segment("run", "--dry-run")
    assert (result.exit_code, result.err.startswith(f"{path}: "), said in result.err) == (
        3,
        True,
        True,
    ), result.err


def test_a_folder_that_is_walked_may_be_called_as_a_file_is(segment: Segment) -> None:
    """As Spark names its own."""
    files = {"personas.yaml": RULES, "in/sales.csv/part-0.csv": csv(), "in/readme.txt": "x"}
    result = segment("run", "in/**/*.csv", "--json", files=files)
    assert result.result["inputs"][0]["rows_read"] == ROWS


def test_a_name_that_is_too_long_is_no_bug(segment: Segment) -> None:
    result = segment("run", "a" * 300, files={"personas.yaml": RULES})
    assert (result.exit_code, "the file cannot be read (File name too long)" in result.err) == (
        3,
        True,
    )


# -- bounds ---------------------------------------------------------------------------------------


def test_a_pattern_visits_a_bounded_number_of_entries(
    segment: Segment, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(globbing, "MOST_ENTRIES", 5)
    files = {f"d{i}/x.csv": csv() for i in range(6)}
    result = segment("run", "**/*.csv", files={"personas.yaml": RULES, **files})
    assert (result.exit_code, result.err) == (
        3, "**/*.csv: the pattern visits more than 5 files and folders\n"
        "  Begin it further down: sales/2026/**/*.csv\n",
    )  # fmt: skip


def test_a_pattern_matches_a_bounded_number_of_files(segment: Segment, monkeypatch) -> None:
    monkeypatch.setattr(globbing, "MOST_FILES", 5)
    files = {f"d/{i}.csv": csv() for i in range(6)}
    result = segment("run", "d/*.csv", files={"personas.yaml": RULES, **files})
    assert result.err.startswith("d/*.csv: the pattern matches more than 5 files\n")


def test_a_folder_that_links_to_its_parent_is_walked_once(segment: Segment, tmp_path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "up").symlink_to("..")
    result = segment(
        "run", "**/*.csv", "--json", files={"personas.yaml": RULES, "a/b/x.csv": csv()}
    )
    assert result.result["inputs"][0]["rows_read"] == ROWS


LONG = {
    "no line ends at all": (b"x" * 300_000, "t.csv: the first line is longer than 256 KB"),
    "no line ends below the header": (f"{HEAD}\n".encode() + b"a,2024-01-01,5,x " * 20_000,
                                      "t.csv:2: this line is longer than"),
    "one long cell": (f"{HEAD}\na,2024-01-01,5,Men\nb,2024-01-01,5,".encode() + b"x" * 300_000,
                      "t.csv:3: this line is longer than"),
    "a quote that never closes": (f'{HEAD}\na,2024-01-01,5,"Men\n'.encode() + csv() * 4,
                                  "t.csv:2: a quoted cell opens in this row and does not close"),
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", LONG)
def test_a_row_without_end_is_refused_early(
    segment: Segment, monkeypatch, kind: str, packed: bool
) -> None:
    """The bounds are lowered from 1 and 16 MB, so that the file may be small."""
    monkeypatch.setattr(audit, "STEP", 10_000)
    monkeypatch.setattr(audit, "MARGIN", 1_000)
    monkeypatch.setattr(audit, "LONGEST_ROW", 100_000)
    monkeypatch.setattr("segmentation.sources.csv.quotes.LONGEST_ROW", 100_000)
    content, said = LONG[kind]
    content = gzip.compress(content) if packed else content
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert (result.exit_code, result.err.startswith(said)) == (3, True), result.err


LARGE_CELL = pl.DataFrame({
    "customer_id": [f"c{i}" for i in range(200)], "ordered_at": ["2024-01-01"] * 200, "amount": ["5"] * 200,
    "note": ["x"] * 150 + ["x" * (70 << 20)] + ["x"] * 49,
})  # fmt: skip
TEXTS = pa.schema([(name, pa.string()) for name in LARGE_CELL.columns])


def by_pyarrow(**how: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(LARGE_CELL.to_arrow().cast(TEXTS), file, compression="zstd", **how)
    return file.getvalue()


def by_polars() -> bytes:
    file = io.BytesIO()
    LARGE_CELL.write_parquet(file, compression="zstd")
    return file.getvalue()


WRITERS: dict[str, Callable[[], bytes]] = {
    "polars": by_polars,
    "pyarrow": by_pyarrow,
    "pyarrow without dictionaries": lambda: by_pyarrow(use_dictionary=False),
    "pyarrow, pages of version 2": lambda: by_pyarrow(use_dictionary=False, data_page_version="2.0"),
}  # fmt: skip
LARGE_RULES = {
    "unread": ("{path: b.parquet}", "", None),
    "read by a rule": ("b.parquet", "features: {n: {count: {event: purchase, where: {note: x}}}}", "'note' of transactions"),
    "read as another": ("{path: b.parquet, columns: {department: note}}", "", "b.parquet: department: the column note"),
    "beside a file without it": ("{path: '*.parquet', columns: {customer_id: customer_id}}",
                                 "features: {n: {count: {event: purchase, where: {note: x}}}}", "'note' of transactions"),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("rules", LARGE_RULES)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_column_with_a_huge_cell_is_never_read(segment: Segment, writer: str, rules: str) -> None:
    """70 MB here; 600 MB are no more bytes in the file."""
    source, features, said = LARGE_RULES[rules]
    persona = "{n: {at_least: 1}}" if features else "{}"
    text = f"version: 1\nsources: {{transactions: {source}}}\n{features}\npersonas: {{everyone: {{match: {persona}}}}}\n"
    content = WRITERS[writer]()
    assert len(content) < 100_000
    files = {
        "personas.yaml": text,
        "b.parquet": content,
        "a.parquet": stored(
            customer_id=pl.Series(["c1"]),
            ordered_at=pl.Series(["2024-01-01"]),
            amount=pl.Series(["5"]),
            note=pl.Series(["x"]),
        ),
    }
    result = segment("run", files=files)
    if said is None:
        assert (result.exit_code, len(result.ids("everyone"))) == (0, 200), result.err
    else:
        assert (result.exit_code, f"{said} has cells too large to be read" in result.err) == (
            3,
            True,
        ), result.err


def test_damage_where_pages_are_told_is_no_large_cell(tmp_path: Path, monkeypatch) -> None:
    """Whatever the footer or a page's header says, looking at it ends, and Polars has the last word."""
    monkeypatch.setattr(oversize, "LARGEST_PAGE", -1)  # every page is looked at
    dice = random.Random(0)
    path = tmp_path / "t.parquet"
    place = Place("t.parquet", str(path), "parquet")
    for _ in range(1500):
        damaged = bytearray(PLAIN)
        for _ in range(3):
            damaged[dice.randrange(dice.choice([0, footer_at(PLAIN)]), len(PLAIN))] = (
                dice.randrange(256)
            )
        path.write_bytes(damaged)
        assert oversize.oversize_columns([place]) <= {*LINES.columns}


@pytest.mark.deep
def test_a_large_page_of_many_short_cells_is_read(segment: Segment) -> None:
    """Some writers make one page of a whole row group."""
    rows = 1_500_000
    table = pa.table({"customer_id": [f"customer number {i:030}" for i in range(rows)], "ordered_at": ["2024-01-01"] * rows,
                      "amount": ["5"] * rows})  # fmt: skip
    file = io.BytesIO()
    pq.write_table(table, file, use_dictionary=False, data_page_size=1 << 30, row_group_size=rows,
                   max_rows_per_page=rows)  # fmt: skip
    result = segment(
        "run",
        "t.parquet",
        "--json",
        files={"personas.yaml": PLAIN_RULES, "t.parquet": file.getvalue()},
    )
    assert result.result["inputs"][0]["rows_used"] == rows


@pytest.mark.deep
def test_a_persona_makes_at_the_most_500_files(segment: Segment) -> None:
    rows = "".join(f"c{i},2024-01-01,5,d{i}\n" for i in range(501))
    rules = "version: 1\npersonas: {each: {for_each: top_department, match: {}}}\n"
    files = {"personas.yaml": rules, "t.csv": f"{HEAD}\n{rows}"}
    result = segment("run", "t.csv", files=files)
    assert (result.exit_code, result.err.split("\n")[0]) == (
        2, "personas.yaml:2:29: for_each: top_department has 501 values, and a persona makes at "
        "the most 500 files unless it says most",
    )  # fmt: skip
    fewer = files | {"t.csv": f"{HEAD}\n" + "".join(rows.splitlines(keepends=True)[:500])}
    assert len(segment("run", "t.csv", "--json", files=fewer).result["personas"]) == 500
    asked = files | {"personas.yaml": rules.replace("match: {}", "most: 500")}
    assert "write `most: 500` for files of the 500 largest" in result.err
    assert len(segment("run", "t.csv", files=asked).manifest["personas"]) == 501  # with the rest
    rows = "".join(f"c{i},2024-01-01,5,d{i}\n" for i in range(10_001))
    result = segment("run", "t.csv", files=asked | {"t.csv": f"{HEAD}\n{rows}"})
    assert (result.exit_code, result.err.split("\n")[0]) == (
        2, "personas.yaml:2:29: for_each: top_department has 10,001 values: more than 10,000 tell "
        "people apart, not groups",
    )  # fmt: skip


def test_signals_still_end_a_run_that_explains_crashes(tmp_path, script, quiet_environment) -> None:
    (tmp_path / "personas.yaml").write_text(RULES)
    with subprocess.Popen(
        [str(script), "run", "-"], cwd=tmp_path, env=quiet_environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(bytes(1 << 20))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert (process.returncode, err) == (130, b"segment: interrupted, nothing was published\n")
