"""`segment validate`: what it prints where, and how it ends."""

from __future__ import annotations

import sys
from subprocess import run
from typing import Any

import pytest

FINE = "version: 1\npersonas: {p: {match: {frequency: 2}}}\n"
SUSPICIOUS = "version: 1\npersonas: {p: {match: {not: {typical_gap_days: {at_most: 9}}}}}\n"
IMPOSSIBLE = "version: 1\npersonas:\n  p: {match: {r_score: 6}}\n  q: {match: {not: {typical_gap_days: {at_most: 9}}}}\n"
MISSPELT = "version: 1\npersonas: {p: {match: {montary: 2}}}\n"

WARNING = (
    "personas.yaml:{}: warning: persona \"{}\": customers whose typical_gap_days is missing match too "
    "(not (typical_gap_days ≤ 9))\n  Add typical_gap_days: {{missing: false}} to leave them out, "
    "or {{missing: true}} beside it in an any to say so.\n"
)
NEVER = 'personas.yaml:3:24: persona "p" can never match: r_score is 6 holds for nobody\n  Change its condition.\n'
ENDINGS = {
    "fine": ("", FINE, 0, "personas.yaml: 1 persona, 0 dimensions, no mistakes.\n", ""),
    "suspicious": (
        "", SUSPICIOUS, 0, "personas.yaml: 1 persona, 0 dimensions, no mistakes, 1 warning.\n",
        WARNING.format("2:58", "p"),
    ),
    "suspicious and strict": (
        "--strict", SUSPICIOUS, 1, "",
        WARNING.format("2:58", "p") + "personas.yaml: 1 persona, 0 dimensions, no mistakes, 1 warning.\n",
    ),
    "impossible": (
        "", IMPOSSIBLE, 2, "",
        NEVER + WARNING.format("4:49", "q") + "personas.yaml: 2 personas, 0 dimensions, 1 mistake, 1 warning.\n",
    ),
    "misspelt": (
        "", MISSPELT, 2, "",
        'personas.yaml:2:24: persona "p" uses the feature "montary", which does not exist.\n'
        "  Nearest: monetary. List them all: segment features\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("option", "text", "code", "out", "err"), ENDINGS.values(), ids=ENDINGS)
def test_it_ends(segment: Any, option: str, text: str, code: int, out: str, err: str) -> None:
    done = segment("validate", *option.split(), files={"personas.yaml": text})
    assert (done.exit_code, done.out, done.err) == (code, out, err)


def test_json_carries_mistakes_and_warnings(segment: Any) -> None:
    done = segment("validate", "--json", files={"personas.yaml": IMPOSSIBLE})
    what, mend = WARNING.format("4:49", "q").removeprefix("personas.yaml:4:49: warning: ").rstrip().split("\n  ")
    assert done.json == {
        "version": 1, "command": "validate", "ok": False, "exit_code": 2, "error": "rules",
        "problems": [{"what": 'persona "p" can never match: r_score is 6 holds for nobody',
                      "where": "personas.yaml:3:24", "mend": "Change its condition."}],
        "warnings": [{"what": what, "where": "personas.yaml:4:49", "mend": mend}],
    }  # fmt: skip


def test_json_of_a_file_without_mistakes(segment: Any) -> None:
    done = segment("validate", "--json", files={"personas.yaml": FINE})
    assert done.json == {"version": 1, "command": "validate", "ok": True, "warnings": []}


def test_github_gets_annotations(segment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = segment("validate", files={"personas.yaml": IMPOSSIBLE})
    assert [line for line in done.err.splitlines() if line.startswith("::")] == [
        '::error file=personas.yaml,line=3,col=24::persona "p" can never match: r_score is 6 holds for nobody',
        '::warning file=personas.yaml,line=4,col=49::persona "q": customers whose typical_gap_days is missing '
        "match too (not (typical_gap_days ≤ 9))",
    ]


def test_rules_are_checked_without_polars() -> None:
    code = "import sys; import segmentation.config.lint, segmentation.config.schema; sys.exit('polars' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
