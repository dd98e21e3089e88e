"""GitHub Actions: annotations beside lines, and a summary of the job, whatever names hold."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from harness import Segment

SALES = "customer_id,ordered_at,amount\na,2024-01-01,5\nb,2024-01-02,6\nb,2024-02-02,6\n"
CRM = "customer_id,city\na,Oslo\nb,Bergen\n"
RULES = """version: 1
sources: {transactions: t.csv, customers: c.csv}
personas:
  few: {match: {city: Olso}}
  cities: {for_each: city}
"""
CASES = """cases:
  - {name: "a|b, <i>", orders: [{days_ago: 3, amount: 1}], expect: few, because: "so"}
  - {name: fine, orders: [{days_ago: 3, amount: 1}], not: few}
"""
FILES = {"t.csv": SALES, "c.csv": CRM, "personas.yaml": RULES, "p.test.yaml": CASES}


@pytest.fixture
def github(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`segment` as it runs in GitHub Actions."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    return segment


def commands(text: str) -> list[str]:
    """The lines that GitHub obeys."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::")]


def read_as_github_does(command: str) -> dict[str, str]:
    """A command's properties and its text, as the runner of GitHub reads them."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", command)
    assert found, command
    pairs = [pair.split("=", 1) for pair in found[2].split(",")]
    shown = {key: unescaped(value.replace("%3A", ":").replace("%2C", ",")) for key, value in pairs}
    return {"level": found[1], **shown, "text": unescaped(found[3])}


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


# -- annotations ----------------------------------------------------------------------------------

WRONG = """version: 1
sources: {transactions: t.csv}
personas:
  vip: {match: {montary: {at_least: 5}}}
"""
TEXT = 'persona "vip" uses the feature "montary", which does not exist.'
MEND = "Nearest: monetary. List them all: segment features"
NAMES = [
    "rules.yaml",
    "a,line=1,b.yaml",
    "a:b::error::c",
    "100%0A.yaml",
    "two\nlines.yaml",
    "ä ö.yaml",
    "a\rb",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["run", "validate", "test"])
def test_a_mistake_is_annotated_at_its_place_whatever_the_file_is_called(
    github: Any, command: str, name: str
) -> None:
    done = github(command, "--config", name, files={**FILES, name: WRONG})
    assert done.exit_code == 2
    [line] = commands(done.err)
    assert read_as_github_does(line) == {
        "level": "error",
        "file": name,
        "line": "4",
        "col": "17",
        "title": "rules",
        "text": f"{TEXT}\n{MEND}",
    }


#: where the repository is, as seen from the folder of the rules, and how GitHub calls their file
ROOTS = {
    "the folder itself": (".", "p.yaml", "p.yaml"),
    "above it": ("..", "p.yaml", "shop/p.yaml"),
    "above it, by a whole path": ("..", "{here}/p.yaml", "shop/p.yaml"),
    "above it, from a folder beside": ("..", "../shop/p.yaml", "shop/p.yaml"),
    "another folder": ("elsewhere", "p.yaml", "p.yaml"),
}


@pytest.mark.parametrize(("root", "config", "file"), ROOTS.values(), ids=ROOTS)
def test_a_file_is_named_from_the_root_of_the_repository(
    github: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str, config: str, file: str
) -> None:
    here = tmp_path / "shop"
    here.mkdir()
    monkeypatch.chdir(here)
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "link" / "shop" / root))
    (here / "p.yaml").write_text(WRONG)
    [line] = commands(github("validate", "--config", config.format(here=here)).err)
    assert read_as_github_does(line)["file"] == file


WARNED = {
    "run": "run",
    "as JSON": "run --json",
    "a dry run": "run -n",
}


@pytest.mark.parametrize("line", WARNED.values(), ids=WARNED)
def test_a_run_annotates_its_warnings_with_their_mend(github: Any, line: str) -> None:
    done = github(*line.split(), files=FILES)
    said = [read_as_github_does(one) for one in commands(done.err)]
    assert [(one["level"], one["title"], one.get("line")) for one in said] == [
        ("warning", "unseen-value", "4"),
        ("warning", "empty-persona", None),
    ]
    assert said[0]["text"].partition("\n")[2].startswith("Write it as the data has it.")
    assert commands(done.out) == []


def test_quiet_is_quiet_here_too(github: Any) -> None:
    assert commands(github("run", "-q", files=FILES).err) == []


@pytest.mark.parametrize("more", [[], ["--json"], ["-q"]], ids=["text", "JSON", "quiet"])
def test_a_failed_case_is_annotated_where_it_stands(github: Any, more: list[str]) -> None:
    done = github("test", "p.test.yaml", *more, files=FILES)
    [line] = commands(done.err)
    assert read_as_github_does(line) == {
        "level": "error",
        "file": "p.test.yaml",
        "line": "2",
        "col": "5",
        "title": "failed-case",
        "text": "a|b, <i>: expected few, but the customer is not in it (city is Olso, but it is unknown)",
    }


def test_misuse_is_annotated(github: Any) -> None:
    [line] = commands(github("run", "--nonsense").err)
    assert line == "::error title=usage::No such option: --nonsense"


def test_nothing_is_annotated_elsewhere(segment: Segment) -> None:
    assert commands(segment("run", files=FILES).err) == []


# -- the summary of a job -------------------------------------------------------------------------


@pytest.fixture
def summary(tmp_path: Path, segment: Segment, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that GitHub shows below a job; other steps have written to it."""
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


HEAD = "| persona | matched | suppressed | outranked | capped | control | exported |"
TELLS = {
    "run": [
        "### segment run\\: 2 customers as of 2024-02-02",
        HEAD,
        "| few | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| cities | 2 | 0 | 0 | 0 | 0 | 2 |",
        "| warn | unseen-value | 1 |",
    ],
    "run -n --json": ["| cities | 2 | 0 | 0 | 0 | 0 | 2 |", "Dry run: nothing was written."],
    "run -q": ["| cities | 2 | 0 | 0 | 0 | 0 | 2 |"],
    "run nowhere.csv": ["### segment run failed\\: exit code 3", "| error | input | 1 |"],
    "run --strict": ["### segment run failed\\: exit code 1", "| error | unseen-value | 1 |"],
    "validate": [
        "### segment validate\\: personas\\.yaml\\: 2 personas, 0 dimensions, no mistakes\\."
    ],
    "validate -c wrong.yaml": [
        '| error | rules | wrong\\.yaml\\:4\\:17 | persona "vip" uses the feature "montary", which does not '
        "exist\\. | Nearest\\: monetary\\. List them all\\: segment features |",
    ],
    "test p.test.yaml": [
        "### segment test\\: 1 passed, 1 failed",
        "| failed | p\\.test\\.yaml | a\\|b, \\<i\\> |",
        "| passed | p\\.test\\.yaml | fine |",
    ],
    "test -c wrong.yaml": ["### segment test failed\\: exit code 2"],
}


@pytest.mark.parametrize("line", TELLS)
def test_the_summary_tells(segment: Segment, summary: Path, line: str) -> None:
    segment(*line.split(), files={**FILES, "wrong.yaml": WRONG})
    before, *told = summary.read_text().splitlines()
    assert before == "before"
    assert [one for one in TELLS[line] if one not in told] == []


def test_a_summary_holds_no_value_of_the_data(segment: Segment, summary: Path) -> None:
    """An audience of `for_each` is called like a value; a message may name one."""
    for line in ("run --show-values", "run --show-values --strict"):
        done = segment(*line.split(), files=FILES)
        assert "Oslo" in done.err
    assert not re.search("oslo|bergen|olso|5|6", summary.read_text(), re.IGNORECASE)


def test_a_long_table_is_cut(segment: Segment, summary: Path) -> None:
    cases = "".join(
        f"  - {{name: n{i}, orders: [{{days_ago: 3, amount: 1}}], not: few}}\n" for i in range(205)
    )
    segment("test", "p.test.yaml", files={**FILES, "p.test.yaml": f"cases:\n{cases}"})
    told = summary.read_text()
    assert (told.count("| passed |"), "… and 5 more" in told) == (200, True)


UNWRITABLE = {
    "a folder": (".", "is a directory"),
    "nowhere": ("no/such/folder/x.md", "no such file or directory"),
    "a pipe that nobody reads": ("pipe", "no such device or address"),
    "a full disk": ("/dev/full", "no space left on device"),
}


@pytest.mark.parametrize(("path", "reason"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_summary_that_cannot_be_written_is_said_and_fails_nothing(
    segment: Segment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", path)
    done = segment("run", files=FILES)
    assert (done.exit_code, done.run.exists()) == (0, True)
    said = f"segment: the summary of the job cannot be written: {reason}"
    assert done.err.splitlines()[-1] == said


def test_a_summary_that_is_new_is_private(
    segment: Segment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "new.md")
    segment("run", files=FILES)
    assert stat.S_IMODE((tmp_path / "new.md").stat().st_mode) == 0o600
