"""Rules, options, thresholds and output folders that cannot be used end the run before it writes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input import GOOD, Files, table
from harness import Segment
from shop import EVERYONE

STARTER = "segment init DIR writes a starter"
ALIASES = '"&" and "*" (anchors and aliases) are not used here'
WRITE_OUT = "write the value out, name it under features:, or quote the text"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{k}: &{k} [*{j}, *{j}]\n" for j, k in zip("abcdefgh", "bcdefghi", strict=True)
)

YAML: dict[str, tuple[str | bytes | None, str]] = {
    "missing": (None, f"personas.yaml: there is no such file\n  {STARTER}"),
    "a megabyte": (
        "version: 1\n#" + "x" * 1024 * 1024,
        "personas.yaml: is larger than 1 MiB\n"
        "  keep rules here; long lists of values belong in a column of your data",
    ),
    "100,000 nested brackets": (
        "[" * 100_000,
        "personas.yaml:1:51: is nested deeper than 50 levels\n  close brackets; nest less",
    ),
    "duplicate keys": (
        "version: 1\npersonas:\n  vip: {title: a}\n  vip: {columns: []}\n",
        'personas.yaml:4:3: the key "vip" is here twice, first at 3:3\n'
        "  keep one of the two, or give one another name",
    ),
    "not UTF-8": (
        b"version: 1 # \xff",
        "personas.yaml:1:14: is not UTF-8 text (byte 0xff)\n"
        '  save the file as UTF-8 (in Excel and Notepad: "Save as", encoding UTF-8)',
    ),
    "a persona named ../../x": (
        "version: 1\npersonas: {../../x: {match: {}}}\n",
        'personas.yaml:2:12: "../../x" cannot be the name of a persona\n'
        "  Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most 63; "
        "free text goes into title.",
    ),
}


@pytest.mark.parametrize(("rules", "said"), YAML.values(), ids=YAML)
def test_rules_that_cannot_be_read_end_the_run_with_2(
    segment: Segment, rules: str | bytes | None, said: str
) -> None:
    files: dict[str, str | bytes] = {"t.csv": GOOD}
    if rules is not None:
        files["personas.yaml"] = rules
    result = segment("run", files=files)
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", 2, "")
    assert not (result.folder / "audiences").exists()


def test_an_alias_bomb_is_refused_alias_by_alias(segment: Segment) -> None:
    result = segment("run", files={"personas.yaml": BOMB, "t.csv": GOOD})
    assert result.err.startswith(f"personas.yaml:1:4: {ALIASES}: a\n  {WRITE_OUT}\n")
    assert (result.exit_code, result.err.count(ALIASES), result.out) == (2, 25, "")


OPTIONS: dict[str, tuple[list[str], Files, int, str]] = {
    "an unknown format": (
        ["--format", "xml"], {}, 2, "--format xml: there is no such format\n  One of: csv, parquet, jsonl.",
    ),
    "a date that is none": (
        ["--as-of", "gestern"], {}, 2, "--as-of gestern: this is not a date\n  Write it as 2026-11-21, or today.",
    ),
    "a date before all data": (
        ["--as-of", "2020-01-01"], {}, 3,
        "t.csv: no customer has an order: no usable line has a positive amount\n"
        "  Of 2 rows 0 were rejected, 2 set aside (after as_of).",
    ),
    "an unknown persona": (
        ["--persona", "evryone"], {}, 2,
        "personas.yaml: there is no persona 'evryone'\n  Nearest: everyone. There are: everyone.",
    ),
    "one audience of a for_each": (
        ["--persona", "by_top-de"], {"personas.yaml": "version: 1\npersonas: {by_top: {for_each: top_department}}\n"}, 2,
        'personas.yaml: "by_top-de" is one audience of the persona "by_top": for_each makes them all together\n'
        "  Write --persona by_top",
    ),
    "a mistake in rules that read a column of --customers": (
        ["--customers", "c.csv"],
        {"c.csv": "customer_id,attr\n1,1\n",
         "personas.yaml": "version: 1\npersonas: {p: {match: {attr: 1}}, did: {}}\n"},
        2,
        'personas.yaml:2:35: "did" is a reserved word, so not the name of a persona',
    ),
    "an unknown column": (
        ["--columns", "montary"], {}, 2, "--columns montary: there is no such column\n  Nearest: monetary.",
    ),
    "cuts that are not there": (
        ["--cuts", "x.json"], {}, 3,
        "x.json: there is no such file of cuts\n  Give the cuts.json of a former run.",
    ),
    "cuts with a text for quintiles": (
        ["--cuts", "x.json"],
        {"x.json": json.dumps({"version": 1, "as_of": "2024-01-01", "customers": 2,
                               "values": {"monetary quintiles": "x"}})},
        3,
        '--cuts: "monetary quintiles" is not what a run writes there\n'
        "  Give the cuts.json that `segment run` wrote.",
    ),
    "cuts with not a number": (
        ["--cuts", "x.json"],
        {"x.json": '{"version": 1, "as_of": "2024-01-01", "customers": 2, '
                   '"values": {"monetary quintiles": [1, 2, 3, NaN]}}'},
        3,
        '--cuts: "monetary quintiles" is not what a run writes there\n'
        "  Give the cuts.json that `segment run` wrote.",
    ),
    "an output that is a file": (
        ["--out", "o"], {"o": "x"}, 3,
        "o: is not a folder, and one is needed here\n  move it away, or write elsewhere: --out DIR",
    ),
    "an output inside a file": (
        ["--out", "o/p"], {"o": "x"}, 3,
        "o: is not a folder, and one is needed here\n  move it away, or write elsewhere: --out DIR",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("options", "files", "code", "said"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_cannot_be_meant(
    segment: Segment, options: list[str], files: Files, code: int, said: str
) -> None:
    result = segment(
        "run", "t.csv", *options, files={"t.csv": GOOD, "personas.yaml": EVERYONE, **files}
    )
    assert (result.err, result.exit_code, result.out) == (f"{said}\n", code, "")
    assert not (result.folder / "audiences").exists()


NO_CUTS = {
    "half of it": ("{", "it is not JSON"),
    "a list": ("[]", "it has no version, as_of, customers, values"),
    "not text": (b"\xff\xfe", "it is not JSON"),
    "another version": (
        '{"version": 9, "as_of": "2024-01-01", "customers": 1, "values": {}}',
        "version 9 is not 1",
    ),
    "keys that are missing": ('{"version": 1, "values": {}}', "it has no as_of, customers"),
    "values of another kind": (
        '{"version": 1, "as_of": 1, "customers": 1, "values": {}}',
        "its values are of the wrong kind",
    ),
    "half a cadence": (
        '{"version": 1, "as_of": "2024-01-01", "customers": 1, "values": {"cadence": {}}}',
        "notes is missing",
    ),
}


@pytest.mark.parametrize(("content", "why"), NO_CUTS.values(), ids=NO_CUTS)
def test_cuts_that_are_none_are_refused(segment: Segment, content: str | bytes, why: str) -> None:
    files = {"t.csv": GOOD, "personas.yaml": EVERYONE, "x.json": content}
    result = segment("run", "t.csv", "--cuts", "x.json", files=files)
    assert (result.exit_code, result.out) == (3, "")
    assert result.err == (
        f"x.json: this is not a cuts.json of a former run ({why})\n"
        "  Give the cuts.json that `segment run` wrote.\n"
    )


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A tmpfs of 64 KiB; skips where mounting is not allowed."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "segment-test", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_ends_the_run_with_3_and_nothing_is_left(
    segment: Segment, mounted: Path
) -> None:
    many = table(*(f"customer-{i},{i},2024-01-01,{i}.25" for i in range(1, 5000)))
    result = segment(
        "run", "t.csv", "--out", mounted, files={"t.csv": many, "personas.yaml": EVERYONE}
    )
    said = (
        f"{mounted}: the disk is full; nothing was published\n"
        "  free some space, or write elsewhere: --out DIR\n"
    )
    assert (result.err, result.exit_code, result.out) == (said, 3, "")
    assert list(mounted.iterdir()) == []


def test_a_read_only_folder_ends_the_run_with_3(segment: Segment, mounted: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    result = segment(
        "run", "t.csv", "--out", mounted, files={"t.csv": GOOD, "personas.yaml": EVERYONE}
    )
    said = f"{mounted}: is on a read-only disk\n  make it writable, or write elsewhere: --out DIR\n"
    assert (result.err, result.exit_code, result.out) == (said, 3, "")
