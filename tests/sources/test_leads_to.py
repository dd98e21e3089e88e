"""A file that an option writes is never one that the rules read, or that their next run would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from harness import Segment

LINES = "customer_id,ordered_at,amount\n1,2026-01-01,10\n"
TEST = "version: 1\nrules: personas.yaml\ncases: []\n"

#: what is read as transactions, the file to be written, and whether that is refused
FILES = {
    "the file itself": ("t.csv", "t.csv", True),
    "the file by another way": ("t.csv", "in/../t.csv", True),
    "a link to it": ("t.csv", "link.csv", True),
    "the file through a link": ("link.csv", "t.csv", True),
    "another file": ("t.csv", "other.csv", False),
    "a file of a folder": ("in", "in/a.csv", True),
    "a new file of a folder": ("in", "in/new.csv", True),
    "a new file of a folder, in capitals": ("in", "in/new.CSV", True),
    "a file that no folder reads": ("in", "in/new.txt", False),
    "a hidden file of a folder": ("in", "in/.new.csv", False),
    "a file below a folder": ("in", "in/deeper/new.csv", False),
    "what a link in a folder leads to": ("in", "out/linked.csv", True),
    "a file that a pattern finds": ("in/*.csv", "in/a.csv", True),
    "a new file that a pattern would find": ("in/*.csv", "in/new.csv", True),
    "a file that no pattern finds": ("in/a*.csv", "in/new.csv", False),
    "a file beside the folder of a pattern": ("in/*.csv", "new.csv", False),
    "a new file below the folder of a pattern": ("in/*.csv", "in/deeper/new.csv", False),
    "a new file of any folder below": ("in/**/*.csv", "in/deeper/new.csv", True),
    "a new file of the folder of any below": ("in/**/*.csv", "in/new.csv", True),
    "a new file of a pattern of folders": ("in/d*/*.csv", "in/deeper/new.csv", True),
    "a new file of no pattern of folders": ("i*/a*.csv", "in/deeper/a.csv", False),
    "a new file of all there is": ("in/**", "in/deeper/new.csv", True),
    "a new file of all there is, said twice": ("in/**/**", "in/deeper/new.csv", True),
    "a file of all there is, said twice": ("in/**/**", "in/a.csv", True),
    "a new file of a folder by a link": ("way/*.csv", "in/new.csv", True),
    "a new file by a link to its folder": ("in/*.csv", "way/new.csv", True),
    "a new hidden file": ("in/*.csv", "in/.new.csv", False),
    "a new hidden file that is asked for": ("in/.*.csv", "in/.new.csv", True),
    "a new file of a letter": ("in/ne[vw].csv", "in/new.csv", True),
    "a new file of a pattern without folder": ("[!l]*.csv", "new.csv", True),
    "a new file of a folder, without folder": ("[!l]*.csv", "in/new.csv", False),
}


@pytest.mark.parametrize(("read", "written", "is_refused"), FILES.values(), ids=FILES)
def test_what_is_read_is_not_written_over(
    segment: Segment, tmp_path: Path, read: str, written: str, is_refused: bool
) -> None:
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "linked.csv").write_text(LINES.replace("1,", "2,"))
    os.symlink("t.csv", tmp_path / "link.csv")
    os.symlink("in", tmp_path / "way")
    os.symlink("../out/linked.csv", tmp_path / "in" / "linked.csv")
    rules = f"version: 1\nsources: {{transactions: '{read}'}}\npersonas: {{p: {{}}}}\n"
    files = {"t.csv": LINES, "in/a.csv": LINES, "personas.yaml": rules}
    done = segment("history", "--last", 1, "--csv", written, "-q", files=files)
    said = f"--csv {Path(written)}: this file is read (transactions)\n"
    found = (tmp_path / "t.csv").read_text(), (tmp_path / "in/a.csv").read_text()
    assert found == (LINES, LINES)
    if is_refused:
        assert (done.exit_code, done.err[: len(said)]) == (2, said)
    else:
        assert (done.exit_code, (tmp_path / written).exists()) == (0, True), done.err


NOWHERE = {
    "a variable that is not set": "${NOT_SET}/*.csv",
    "a name that is too long": f"{'x' * 300}.csv",
    "a pattern that finds nothing": "nothing/*.csv",
    "nothing": "gone.csv",
    "the home of somebody unknown": "~nobody-of-that-name/t.csv",
    "an address": "https://example.invalid/t.csv",
}


@pytest.mark.parametrize("read", NOWHERE.values(), ids=NOWHERE)
def test_data_that_is_not_there_is_no_fault_of_the_file_that_is_written(
    segment: Segment, read: str
) -> None:
    """Tests of personas need no data; a history says what is wrong with it, as it does without --csv."""
    rules = f"version: 1\nsources: {{transactions: '{read}'}}\npersonas: {{p: {{}}}}\n"
    case = "tests:\n- {name: x, customer: {frequency: 1}, expect: {personas: [p]}}\n"
    tested = segment(
        "test", "--junit", "v.xml", files={"personas.yaml": rules, "personas.test.yaml": case}
    )
    plain = segment("test")
    assert (tested.exit_code, tested.out, tested.err) == (plain.exit_code, plain.out, plain.err)
    with_csv, without = segment("history", "--csv", "h.csv"), segment("history")
    assert (with_csv.exit_code, with_csv.err) == (without.exit_code, without.err)
    assert with_csv.exit_code in (2, 3)


@pytest.mark.parametrize("written", ["personas.yaml", "personas.test.yaml", "t.csv"])
def test_no_verdict_is_written_over_what_it_is_about(segment: Segment, written: str) -> None:
    rules = "version: 1\nsources: {transactions: t.csv}\npersonas: {p: {}}\n"
    case = "tests:\n- {name: x, customer: {frequency: 1}, expect: {personas: [p]}}\n"
    files = {"t.csv": LINES, "personas.yaml": rules, "personas.test.yaml": case}
    done = segment("test", "--junit", written, files=files)
    assert (done.exit_code, done.out) == (2, "")
    assert done.err.startswith(f"--junit {written}: this file is read (")
    assert (done.folder / written).read_text() == files[written]
    assert segment("value", "t.csv", "--csv", "t.csv").exit_code == 2
