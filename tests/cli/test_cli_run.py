"""`segment run` as a person and a scheduler meet it: every line it prints, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment, Shell

from segmentation.version import VERSION

GOOD = "customer_id,order_id,ordered_at,amount\na,1,2024-01-01,5\nb,2,2024-01-02,7\nb,2,2024-01-02,-1\n"
RULES = """\
version: 1
personas:
  regulars: {match: {frequency: {at_least: 2}}}
  big: {title: Big spenders, match: {monetary: {at_least: 6}}}
"""
FILES = {"sales.csv": GOOD.replace("amount", "total"), "personas.yaml": RULES}
SAID = """\
2 customers as of 2024-01-02

persona   matched  exported  customers   spend  avg order  recency
regulars        0         0      0.0 %   0.0 %          –        –
big             1         1     50.0 %  54.5 %       6.00      0 d

Written to audiences/2024-01-02
"""
GUESSED = """\
note: transactions: amount is read from total
warning: persona regulars has no members
"""


def test_a_run_prints_its_result_on_stdout_and_what_it_guessed_on_stderr(shell: Shell) -> None:
    result = shell("run", "sales.csv", files=FILES)
    assert (result.out, result.err, result.exit_code) == (SAID, GUESSED, 0)


def test_the_sample_data_print_this_table(segment: Segment, sample: Path, golden: Any) -> None:
    result = segment("run")
    assert result.exit_code == 0, result.err
    golden("run-sample.out.txt", result.out)
    golden("run-sample.err.txt", result.err)


def test_a_dry_run_prints_the_sizes_and_writes_nothing(segment: Segment) -> None:
    result = segment("run", "sales.csv", "--dry-run", files=FILES)
    expected = SAID.replace("Written to audiences/2024-01-02", "Dry run: nothing was written.")
    assert (result.out, result.err, result.exit_code) == (expected, GUESSED, 0)
    assert sorted(p.name for p in result.folder.iterdir()) == ["personas.yaml", "sales.csv"]


def test_quiet_prints_only_errors(segment: Segment) -> None:
    done = segment("run", "sales.csv", "--quiet", files=FILES)
    assert (done.out, done.err, done.exit_code) == ("", "", 0)
    failed = segment("run", "nope.csv", "--quiet")
    assert (failed.out, failed.exit_code) == ("", 3)
    assert failed.err.startswith("nope.csv: there is no such file\n")


def test_transactions_can_come_from_standard_input(shell: Shell) -> None:
    result = shell("run", "-", "--dry-run", files=FILES, stdin=GOOD.encode())
    assert result.out.startswith("2 customers as of 2024-01-02\n")


SWITCHES = {
    "SEGMENT_AS_OF": ({"SEGMENT_AS_OF": "2024-01-01"}, [], "1 customer as of 2024-01-01"),
    "a flag beats it": (
        {"SEGMENT_AS_OF": "2024-01-01"},
        ["--as-of", "2024-01-03"],
        "2 customers as of 2024-01-03",
    ),
    "SEGMENT_CONFIG": ({"SEGMENT_CONFIG": "other.yaml"}, [], "2 customers as of 2024-01-02"),
    "SEGMENT_OUT": ({"SEGMENT_OUT": "elsewhere"}, [], "2 customers as of 2024-01-02"),
}


@pytest.mark.parametrize(("env", "arguments", "first"), SWITCHES.values(), ids=SWITCHES)
def test_flags_beat_the_environment(
    segment: Segment,
    monkeypatch: pytest.MonkeyPatch,
    env: dict[str, str],
    arguments: list[str],
    first: str,
) -> None:
    files = {**FILES, "other.yaml": "version: 1\npersonas: {other: {}}\n"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    result = segment("run", "sales.csv", *arguments, files=files)
    assert (result.exit_code, result.out.splitlines()[0]) == (0, first)
    if "SEGMENT_CONFIG" in env:
        assert "other" in result.out
    folder = result.folder / env.get("SEGMENT_OUT", "audiences")
    assert (folder / "latest" / "manifest.json").exists()


# -- JSON ------------------------------------------------------------------------------------------


def test_json_holds_the_whole_result_on_stdout(segment: Segment) -> None:
    result = segment("run", "sales.csv", "--json", files=FILES)
    assert (result.exit_code, result.err) == (0, "")
    zeros = {"suppressed": 0, "outranked": 0, "control": 0, "capped": 0}
    nowhere = {"file": None, "line": None, "column": None, "mend": None}
    assert result.json == {
        "version": 2,
        "command": "run",
        "ok": True,
        "exit_code": 0,
        "as_of": "2024-01-02",
        "notices": [
            {
                "code": "guessed",
                "level": "info",
                "text": "transactions: amount is read from total",
                **nowhere,
            },
            {
                "code": "empty-persona",
                "level": "warn",
                "text": "persona regulars has no members",
                **nowhere,
            },
        ],
        "result": {
            "as_of": "2024-01-02",
            "dry_run": False,
            "complete": True,
            "folder": "audiences/2024-01-02",
            "format": "csv",
            "customers": 2,
            "personas": [
                {
                    "name": "regulars",
                    "persona": "regulars",
                    "title": "regulars",
                    "matched": 0,
                    **zeros,
                    "exported": 0,
                    "share_of_customers": 0.0,
                    "share_of_spend": 0.0,
                    "average_order_value": None,
                    "median_recency_days": None,
                    "file": "personas/regulars.csv",
                },
                {
                    "name": "big",
                    "persona": "big",
                    "title": "Big spenders",
                    "matched": 1,
                    **zeros,
                    "exported": 1,
                    "share_of_customers": 0.5,
                    "share_of_spend": 0.545455,
                    "average_order_value": 6.0,
                    "median_recency_days": 0.0,
                    "file": "personas/big.csv",
                },
            ],
            "inputs": [
                {
                    "table": "transactions",
                    "path": "sales.csv",
                    "rows_read": 3,
                    "rows_used": 3,
                    "rows_rejected": 0,
                    "rows_set_aside": {},
                    "last_day": "2024-01-02",
                    "rows_without_partner": None,
                    "fingerprint": result.result["inputs"][0]["fingerprint"],
                }
            ],
        },
    }
    assert all((result.run / p["file"]).is_file() for p in result.result["personas"])


def test_json_of_a_dry_run_names_no_file(segment: Segment) -> None:
    result = segment("run", "sales.csv", "--json", "--dry-run", files=FILES).result
    files = {p["file"] for p in result["personas"]}
    assert (result["dry_run"], result["folder"], files) == (True, None, {None})


def test_json_of_a_partial_run_says_so(segment: Segment) -> None:
    result = segment("run", "sales.csv", "--json", "--persona", "big", files=FILES).result
    assert (result["complete"], [p["name"] for p in result["personas"]]) == (False, ["big"])


FAILURES = {
    "input": (
        ["nope.csv"],
        3,
        "there is no such file",
        "nope.csv",
        "The folder . holds personas.yaml, sales.csv.",
    ),
    "rules": (
        ["sales.csv", "--persona", "bik"],
        2,
        "there is no persona 'bik'",
        "personas.yaml",
        "Nearest: big. There are: regulars, big.",
    ),
    "usage": (["--nonsense"], 2, "No such option: --nonsense", None, None),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_json_has_one_shape_when_it_fails(segment: Segment, kind: str) -> None:
    arguments, code, text, file, mend = FAILURES[kind]
    result = segment("run", *arguments, "--json", files=FILES)
    said = {
        "code": kind,
        "level": "error",
        "text": text,
        "file": file,
        "line": None,
        "column": None,
        "mend": mend,
    }
    body = {
        "version": 2,
        "command": "run",
        "ok": False,
        "exit_code": code,
        "as_of": None,
        "notices": [said],
        "result": None,
    }
    assert (result.json, result.exit_code) == (body, code)
    assert result.err != ""


# -- ways out --------------------------------------------------------------------------------------


def test_wrong_use_ends_with_2_and_shows_the_usage(segment: Segment) -> None:
    result = segment("run", "--nonsense")
    assert (result.out, result.exit_code) == ("", 2)
    assert result.err.splitlines() == [
        "Usage: segment run [OPTIONS] [[TRANSACTIONS]...]...",
        "Try 'segment run -h' for help.",
        "",
        "Error: No such option: --nonsense",
    ]


def test_every_mistake_of_the_rules_is_shown_at_its_place_with_2(segment: Segment) -> None:
    rules = "version: 1\npersonas:\n  vip: {match: {montary: {at_least: 5}}}\n  new: {match: {frequency: a}}\n"
    result = segment("run", "sales.csv", files={**FILES, "personas.yaml": rules})
    assert (result.out, result.exit_code) == ("", 2)
    places = re.findall(r"^personas\.yaml:(\d+):\d+: persona \"(\w+)\"", result.err, re.MULTILINE)
    assert places == [("3", "vip"), ("4", "new")]
    assert "Nearest: monetary." in result.err


def test_in_github_actions_a_mistake_is_an_annotation_too(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = "version: 1\npersonas:\n  vip: {match: {montary: {at_least: 5}}}\n"
    files = {**FILES, "personas.yaml": rules}
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result = segment("run", "sales.csv", files=files)
    [line] = [line for line in result.err.splitlines() if line.startswith("::")]
    assert re.fullmatch(
        r'::error file=personas\.yaml,line=3,col=\d+,title=rules::persona "vip" uses the feature "montary", '
        r"which does not exist\.%0ANearest: monetary\. List them all: segment features",
        line,
    )


def boom(*_: object, **__: object) -> None:
    raise RuntimeError("jane.doe@example.com")


def test_a_bug_ends_with_70_and_shows_no_data(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segmentation.pipeline.job.summaries", boom)
    result = segment("run", "sales.csv", files=FILES)
    assert (result.out, result.exit_code) == ("", 70)
    assert re.fullmatch(
        r"this is a bug of segment: RuntimeError in boom:\d+\n"
        r"  Nothing was published\. SEGMENT_DEBUG=1 shows the details\.\n",
        result.err,
    )
    asked = segment("run", "sales.csv", "--json")
    assert (asked.said[0]["code"], asked.json["exit_code"], asked.exit_code) == ("internal", 70, 70)
    assert "jane" not in asked.out + asked.err


def test_a_bug_publishes_nothing(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.publish.files.manifest", boom)
    result = segment("run", "sales.csv", files=FILES)
    assert result.exit_code == 70
    assert not (result.folder / "audiences").exists()


def test_another_run_that_holds_the_lock_ends_this_one_with_75(
    segment: Segment, tmp_path: Path
) -> None:
    (tmp_path / "audiences").mkdir()
    with (tmp_path / "audiences/.segment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = segment("run", "sales.csv", files=FILES)
    assert (result.out, result.exit_code) == ("", 75)
    assert result.err == (
        "another run is writing to audiences\n"
        "  wait until it has ended, or write elsewhere: --out DIR\n"
    )


@pytest.mark.deep
@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["text", "json"])
def test_an_interrupt_ends_with_130_and_publishes_nothing(
    tmp_path: Path, script: Path, quiet_environment: dict[str, str], arguments: list[str]
) -> None:
    """The run waits for its standard input, and gets a signal."""
    (tmp_path / "personas.yaml").write_text(RULES)
    with subprocess.Popen(
        [str(script), "run", "-", *arguments],
        cwd=tmp_path,
        env=quiet_environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(bytes(1 << 20))  # more than a pipe holds: written means it is read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, err.decode()) == (
        130,
        "segment: interrupted, nothing was published\n",
    )
    assert (json.loads(out)["notices"][0]["code"] if arguments else out) == (
        "interrupted" if arguments else b""
    )
    assert not (tmp_path / "audiences").exists()


def test_a_reader_that_leaves_early_is_no_bug(
    shell: Shell, script: Path, quiet_environment: dict[str, str]
) -> None:
    """`segment features | head -1`: nothing on stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [str(script), "features"],
        env=quiet_environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


# -- how a run went --------------------------------------------------------------------------------

WAYS = {
    "a sum": ("{sum: amount}", "arrays"),
    "orders": ("{count: orders}", "arrays"),
    "a few names": ("{distinct: department}", "arrays"),
    "many names": ("{distinct: product_id}", "sorted pairs"),
    "days": ("{count: orders, within: 3d}", "arrays, once as_of was known"),
    "a pair of moment and value": ("{last: department}", "arrays"),
    "a text as a number": ("{max: product_id}", "groups"),
    "what follows": (
        "{count: {event: purchase, since: {event: purchase}}}",
        "arrays, after what they follow",
    ),
}


@pytest.mark.parametrize(("feature", "way"), WAYS.values(), ids=WAYS)
def test_verbose_says_how_each_measure_was_taken_up(
    segment: Segment, feature: str, way: str
) -> None:
    rows = [f"c,{i},2024-01-0{1 + i % 3},Shoes,p{i},5" for i in range(70)]
    sales = "\n".join(["customer_id,order_id,ordered_at,department,product_id,amount", *rows, ""])
    rules = f"version: 1\nsources: {{transactions: s.csv}}\nfeatures: {{mine: {feature}}}\n"
    files = {"personas.yaml": rules + "personas: {p: {columns: [mine]}}\n", "s.csv": sales}
    result = segment("run", "--verbose", files=files)
    assert result.exit_code == 0, result.err
    [line] = [e for e in result.err.splitlines() if re.search(r"[ ,]mine(,|$)", e)]
    assert line.startswith(f"measured by {way}: ")
    assert result.err.startswith("steps: read ")


# -- start-up --------------------------------------------------------------------------------------

IMPORTED = """
import sys
from importlib.metadata import entry_points
[script] = entry_points(group="console_scripts", name="segment")
main = script.load()
sys.argv = ["segment", *sys.argv[1:]]
try:
    main()
except SystemExit as left:
    print("exit", left.code, *sorted({*HEAVY}.intersection(sys.modules)), file=sys.stderr)
"""
#: what takes as long to import as Python takes to start, or much longer (`test_help` has what help needs)
HEAVY = (
    "http.client",
    "numpy",
    "obstore",
    "polars",
    "pydantic",
    "rich",
    "scipy",
    "segmentation.rules.lint",
    "typer",
)
SMALL = {
    "personas.yaml": RULES,
    "wrong.yaml": "version: 1\nmatch: 1\n",
    "t.csv": "customer_id,ordered_at,amount\n1,2026-01-01,5\n1,2026-02-01,5\n2,2026-02-01,5\n",
}
#: a command line, how it ends, and what it may import of that
NEEDED: dict[str, tuple[int, set[str]]] = {
    "--help": (0, set()),
    "--version": (0, set()),
    "run --help": (0, set()),
    "validate": (0, {"typer", "segmentation.rules.lint"}),
    "validate --config wrong.yaml": (2, {"typer", "segmentation.rules.lint"}),
    "schema": (0, {"typer"}),
    "features": (0, {"typer"}),
    "run t.csv": (0, {"typer", "polars", "numpy"}),
    "run t.parquet": (0, {"typer", "polars", "numpy"}),
}


@pytest.mark.sampled(every=4)
@pytest.mark.parametrize(
    ("line", "code", "needed"), [(n, *of) for n, of in NEEDED.items()], ids=NEEDED
)
def test_only_what_is_needed_is_imported(
    tmp_path: Path, quiet_environment: dict[str, str], line: str, code: int, needed: set[str]
) -> None:
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text)
    pl.read_csv(tmp_path / "t.csv").write_parquet(tmp_path / "t.parquet")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY}\n{IMPORTED}", *line.split()],
        cwd=tmp_path,
        env=quiet_environment,
        capture_output=True,
        check=False,
        text=True,
    )
    said, ended, *imported = done.stderr.splitlines()[-1].split()
    assert (said, ended, {*imported} - needed) == ("exit", str(code), set())


def test_version_is_one_line(segment: Segment) -> None:
    result = segment("--version")
    assert (result.out, result.err, result.exit_code) == (f"segment {VERSION}\n", "", 0)


# -- other commands of the first hour --------------------------------------------------------------


def test_init_writes_a_starter_that_runs(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started = segment("init", "shop")
    assert (started.exit_code, started.err) == (0, "")
    assert re.fullmatch(r"\d+ files written to shop\. Next: cd shop && segment run\n", started.out)
    monkeypatch.chdir("shop")
    result = segment("run")
    assert result.exit_code == 0, result.err
    assert (tmp_path / "shop/audiences/latest/manifest.json").exists()


def test_init_never_overwrites(segment: Segment) -> None:
    result = segment("init", ".", files={"personas.yaml": "mine"})
    assert (result.exit_code, result.out) == (3, "")
    assert (
        result.err
        == ".: personas.yaml is there already\n  Name a folder without a personas.yaml.\n"
    )
    assert [p.name for p in result.folder.iterdir()] == ["personas.yaml"]


def test_without_rules_transactions_meet_the_rules_that_come_with_the_tool(
    segment: Segment,
) -> None:
    result = segment("run", "sales.csv", files={"sales.csv": FILES["sales.csv"]})
    assert result.exit_code == 0, result.err
    note = "note: there is no personas.yaml here: the rules that come with the tool are used"
    assert result.err.splitlines()[0] == note
    assert "warning: left out, as " in result.err
    assert result.out.startswith("2 customers as of 2024-01-02\n\npersona ")


# -- one installed run of each kind: all else enters through the entry point, in this process ------

OFFER_RULES = """\
version: 1
sources: {transactions: t.csv, customers: c.csv}
personas:
  oslo: {match: {city: Olso}}
  spent: {match: {monetary: {at_least: 6}}}
suppress: [{consent: {is_not: "yes"}}]
"""
OFFER = {
    "personas.yaml": OFFER_RULES,
    "t.csv": "customer_id,ordered_at,amount\nanna@x.de,2024-01-01,5\nben@x.de,2024-01-02,7\ncleo@x.de,2024-01-02,8\n",
    "c.csv": "customer_id,city,consent\nanna@x.de,Oslo,yes\nben@x.de,Oslo,no\ncleo@x.de,Oslo,yes\n",
}
UNSEEN = 'no customer has city "Olso"'


def test_an_installed_run_is_a_record_that_tells_of_nobody(shell: Shell) -> None:
    result = shell("run", "--format", "jsonl", files=OFFER)
    assert result.exit_code == 0, result.err
    assert f"personas.yaml:4:24: warning: {UNSEEN}" in result.err
    assert "x.de" not in result.err + result.out
    assert pl.read_parquet(result.run / "allocation.parquet").rows() == [
        ("ben@x.de", "spent", "suppressed", "suppress 1"),
        ("cleo@x.de", "spent", "exported", None),
    ]
    manifest = result.manifest
    assert (manifest["version"], manifest["complete"]) == (2, True)
    assert [
        (p["name"], p["matched"], p["suppressed"], p["exported"]) for p in manifest["personas"]
    ] == [("oslo", 0, 0, 0), ("spent", 2, 1, 1)]
    assert (result.run / "rules.yaml").read_text() == OFFER_RULES
    [line] = (result.run / "personas" / "spent.jsonl").read_text().splitlines()
    assert json.loads(line)["customer_id"] == "cleo@x.de"


def test_an_installed_strict_run_publishes_nothing(shell: Shell) -> None:
    result = shell("run", "--strict", files=OFFER)
    assert (result.exit_code, result.out) == (1, "")
    assert f"personas.yaml:4:24: {UNSEEN}" in result.err
    assert not (result.folder / "audiences").exists()


@pytest.mark.deep
def test_an_installed_run_refuses_an_of_without_meaning(shell: Shell) -> None:
    rules = f"{OFFER_RULES}features: {{n: {{sum: amount, of: orders}}}}\n"
    result = shell("run", files={**OFFER, "personas.yaml": rules})
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(
        "personas.yaml:7:29: sum has no `of`: it reads rows, whatever they are of\n"
    )
