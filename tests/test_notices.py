"""Notices: their levels in personas.yaml, --strict, and what --json and the manifest say of them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Segment

from segmentation.messages.errors import CheckFailed, InputError, RulesError, SegmentationError
from segmentation.messages.notices import CODES, Level, Notice, judged, notice

SALES = "customer_id,order_id,ordered_at,amount\na,1,2024-01-01,5\nb,2,2024-01-02,7\n"
CUSTOMERS = "customer_id,city\na,Oslo\nb,Bergen\n"
RULES = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
MISSPELT = "personas: {p: {match: {city: Olso}}, q: {match: {city: Bergen}}}\n"
AT = "personas.yaml:3:30"
TEXT = 'no customer has city "Olso"; nearest: Oslo'


def files(rest: str, **more: str) -> dict[str, str]:
    return {"t.csv": SALES, "c.csv": CUSTOMERS, "personas.yaml": RULES + rest, **more}


def levels(found: list[dict[str, str]]) -> dict[str, str]:
    return {n["code"]: n["level"] for n in found}


# -- levels in the file ---------------------------------------------------------------------------

SET = {
    "nothing": ("", 0, "warn", "warning: "),
    "off": ("notices: {unseen-value: off}", 0, None, None),
    "false, as YAML 1.1 has it": ("notices: {unseen-value: false}", 0, None, None),
    "quoted": ("notices: {unseen-value: 'off'}", 0, None, None),
    "info": ("notices: {unseen-value: info}", 0, "info", "note: "),
    "warn": ("notices: {unseen-value: warn}", 0, "warn", "warning: "),
    "error": ("notices: {unseen-value: error}", 1, "error", ""),
}


@pytest.mark.parametrize(("key", "code", "level", "prefix"), SET.values(), ids=SET)
def test_the_rules_give_a_code_its_level(
    segment: Segment, key: str, code: int, level: str | None, prefix: str | None
) -> None:
    plain = segment("run", files=files(f"{MISSPELT}{key}\n"))
    assert plain.exit_code == code
    assert [line for line in plain.err.splitlines() if TEXT in line] == (
        [] if prefix is None else [f"{AT}: {prefix}{TEXT}"]
    )
    told = segment("run", "--json")
    assert levels(told.json["notices"]).get("unseen-value") == level
    if code == 0:
        assert levels(told.manifest["notices"]).get("unseen-value") == level
    else:
        assert not (told.folder / "audiences").exists()


WRONG = {
    "a code that is misspelt": (
        "notices: {unsen-value: off}",
        'personas.yaml:4:11: there is no notice "unsen-value"\n  Nearest: unseen-value. List of codes: docs/notices.md.',
    ),
    "a level that is none": (
        "notices:\n  unseen-value: ignore",
        'personas.yaml:5:17: a notice is set to one of: off, info, warn, error; not to "ignore"',
    ),
    "a level that is nearly one": (
        "notices: {unseen-value: warning}",
        'personas.yaml:4:25: a notice is set to one of: off, info, warn, error; not to "warning"\n  Nearest: warn.',
    ),
    "no level": (
        "notices: {unseen-value: }",
        "personas.yaml:4:24: a notice is set to one of: off, info, warn, error; not to nothing",
    ),
    "a list": (
        "notices: [unseen-value]",
        "personas.yaml:4:10: notices: expected a mapping, not a list of 1",
    ),
}


@pytest.mark.parametrize(("key", "said"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("command", ["validate", "run"])
def test_a_wrong_level_is_told_at_its_place(
    segment: Segment, command: str, key: str, said: str
) -> None:
    done = segment(command, files=files(f"{MISSPELT}{key}\n"))
    assert done.exit_code == 2
    assert done.err.startswith(said + "\n")


def test_all_wrong_levels_are_told_at_once(segment: Segment) -> None:
    done = segment("run", "--json", files=files("notices: {a: off, unseen-value: no, b: warn}\n"))
    assert [(p["code"], p["line"], p["column"]) for p in done.said] == [
        ("rules", 3, n) for n in (11, 33, 37)
    ]


# -- --strict -------------------------------------------------------------------------------------

FORMULA = f"columns: [city]\n{MISSPELT}"
WARNINGS = {
    "a doubt about a value": (files(MISSPELT), (), {"unseen-value", "empty-persona"}),
    "a cell with a formula": (
        files("columns: [city]\npersonas: {p: {}}\n", **{"c.csv": "customer_id,city\na,=1\nb,x\n"}),
        (),
        {"formula-guard"},
    ),
    "both": (
        files(FORMULA, **{"c.csv": "customer_id,city\na,=1\nb,Bergen\n"}),
        (),
        {"unseen-value", "empty-persona"},
    ),
    "a stale feed": (files("personas: {p: {}}\n"), ("--as-of", "2024-02-01"), {"stale-source"}),
    "rejected rows": (
        files("personas: {p: {}}\n", **{"t.csv": f"{SALES}c,3,soon,1\n"}),
        (),
        {"rows-rejected"},
    ),
}


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["run", "dry run"])
@pytest.mark.parametrize(("given", "options", "codes"), WARNINGS.values(), ids=WARNINGS)
def test_strict_publishes_nothing_where_there_is_a_warning(
    segment: Segment,
    given: dict[str, str],
    options: tuple[str, ...],
    codes: set[str],
    dry: tuple[str],
) -> None:
    lax = segment("run", *options, "--dry-run", files=given)
    assert (lax.exit_code, "warning: " in lax.err) == (0, True)
    done = segment("run", "--strict", "--json", *options, *dry)
    body = done.json
    assert (done.exit_code, body["ok"], body["exit_code"]) == (1, False, 1)
    stopped = [n for n in body["notices"] if n["level"] == "error"]
    assert {n["code"] for n in stopped} == codes
    assert all(n["text"] in done.err for n in stopped)
    assert not (done.folder / "audiences").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--strict"], 1), (["--dry-run"], 0), ([], 0)],
    ids=["strict", "dry", "written"],
)
def test_a_file_of_rejected_rows_is_named_only_where_there_is_one(
    segment: Segment, options: list[str], code: int
) -> None:
    bad = {
        "t.csv": "customer_id,ordered_at,amount\na,2024-01-01,5\nb,soon,5\n",
        "personas.yaml": "version: 1\nsources: {transactions: t.csv}\npersonas: {p: {}}\n",
    }
    done = segment("run", *options, files=bad)
    assert done.exit_code == code
    is_written = (done.folder / "audiences").exists()
    assert is_written == (options == [])
    assert ("1 of 2 rows is rejected, see rejects.csv\n" in done.err) == is_written
    where = (
        "1 of 2 rows is rejected\n  Mend it in the export:\n  t.csv:3: date does not fit ISO 8601\n"
    )
    assert (where in done.err) != is_written


def test_strict_publishes_where_there_is_none(segment: Segment) -> None:
    done = segment("run", "--strict", files=files("personas: {p: {}}\n"))
    assert (done.exit_code, done.ids("p")) == (0, ["a", "b"])


def test_strict_publishes_where_the_warning_is_switched_off(segment: Segment) -> None:
    key = "notices: {unseen-value: info, empty-persona: off}\n"
    done = segment("run", "--strict", files=files(MISSPELT + key))
    assert (done.exit_code, done.ids("q")) == (0, ["b"])


def test_strict_heeds_that_latest_would_stay(segment: Segment) -> None:
    assert segment("run", files=files("personas: {p: {}}\n")).exit_code == 0
    early = ("run", "--as-of", "2024-01-01")
    done = segment(*early, "--strict")
    assert (done.exit_code, "latest stays at 2024-01-02" in done.err) == (1, True)
    assert not (done.folder / "audiences" / "2024-01-01").exists()
    done = segment(*early, "--json")
    assert levels(done.json["notices"])["latest-stays"] == "warn"
    manifest = json.loads((done.folder / "audiences/2024-01-01/manifest.json").read_text())
    assert "latest-stays" not in levels(manifest["notices"])  # of the folder, not of the run


# -- how it is shown ------------------------------------------------------------------------------


def test_github_gets_annotations_of_a_run(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = segment("run", files=files(MISSPELT))
    declared = "If it is still to come, write under sources: `customers: {path: c.csv, values: {city: [Olso]}}`."
    assert [line for line in done.err.splitlines() if line.startswith("::")] == [
        f"::warning file=personas.yaml,line=3,col=30,title=unseen-value::{TEXT}"
        f"%0AWrite it as the data has it. {declared}",
        "::warning title=empty-persona::persona p has no members",
    ]


@pytest.mark.parametrize(
    "name", ["::error::x", "::stop-commands::x", "  ::add-mask::x", "shop.csv"]
)
def test_github_obeys_no_name_of_a_file(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The only commands are our annotations, and one that has no line names its file."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    rules = f"version: 1\nsources: {{transactions: '{name}'}}\npersonas: {{p: {{match: {{frequency: 1}}}}}}\n"
    done = segment("run", files={"personas.yaml": rules})
    assert done.exit_code == 3
    commands = [line for line in done.err.splitlines() if line.lstrip().startswith("::")]
    assert [c.partition("%0A")[0] for c in commands] == [
        f"::error title=input::{name}: there is no such file"
    ]


def test_a_mend_stands_on_a_line_of_its_own(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [
        notice("guessed", "one\nline", where="a.csv", mend="Do so."),
        notice("unseen-value", "x"),
    ]
    monkeypatch.setattr("segmentation.checks.files.escaped", lambda *_: said)
    done = segment("run", "-n", files=files("personas: {p: {}}\n"))
    assert done.err == "a.csv: note: one line\n  Do so.\nwarning: x\n"


# -- what a level does ----------------------------------------------------------------------------


def one(level: Level, *, is_of_suppression: bool = False) -> Notice:
    return notice("unseen-value", "x", level=level, is_of_suppression=is_of_suppression)


JUDGED: dict[str, tuple[Notice, str | None, bool, str | type[SegmentationError] | None]] = {
    "info": (one("info"), None, False, "info"),
    "info and strict": (one("info"), None, True, "info"),
    "warn": (one("warn"), None, False, "warn"),
    "warn and strict": (one("warn"), None, True, CheckFailed),
    "warn, set to info, and strict": (one("warn"), "info", True, "info"),
    "warn, set to error": (one("warn"), "error", False, CheckFailed),
    "an error by itself": (one("error"), None, False, InputError),
    "an error, set to warn": (one("error"), "warn", False, "warn"),
    "an error, switched off": (one("error"), "off", False, None),
    "of suppression, switched off": (one("warn", is_of_suppression=True), "off", False, "warn"),
    "of suppression, set to info": (one("warn", is_of_suppression=True), "info", False, "warn"),
    "a stop of suppression, switched off": (
        one("error", is_of_suppression=True),
        "off",
        False,
        InputError,
    ),
    "a stop of suppression, set to info": (
        one("error", is_of_suppression=True),
        "info",
        False,
        InputError,
    ),
    "a stop of suppression, signed for": (
        one("error", is_of_suppression=True),
        "warn",
        False,
        "warn",
    ),
    "a stop of suppression, signed for, and strict": (
        one("error", is_of_suppression=True),
        "warn",
        True,
        CheckFailed,
    ),
}


@pytest.mark.parametrize(("found", "setting", "strict", "ends"), JUDGED.values(), ids=JUDGED)
def test_a_notice_is_judged(found: Notice, setting: Any, strict: bool, ends: Any) -> None:
    settings = {} if setting is None else {found.code: setting}
    if isinstance(ends, type):
        with pytest.raises(ends) as stopped:
            judged([found, found], settings, strict=strict)
        assert [n.level for n in stopped.value.notices] == ["error"]
        return
    kept = judged([found, found], settings, strict=strict)
    assert [n.level for n in kept] == ([] if ends is None else [ends])


def test_what_stops_by_itself_ends_as_the_caller_says() -> None:
    with pytest.raises(RulesError):
        judged([one("error"), one("warn")], {}, strict=True, own=RulesError)


def test_a_level_below_warn_does_not_reach_suppression(segment: Segment, tmp_path: Path) -> None:
    rules = (
        "version: 1\nsources: {transactions: t.csv, events: {path: e.csv, event: complaint}}\n"
        "personas: {p: {}}\nsuppress: [{did: complaint}]\nnotices: {ids-do-not-meet: off}\n"
    )
    given = {"personas.yaml": rules, "e.csv": "customer_id,occurred_at\nx9,2024-01-01\n"}
    done = segment("run", files=files("", **given))
    assert done.exit_code == 3
    assert "suppress reads these events, and none of them is in the transactions" in done.err


# -- the table of codes ---------------------------------------------------------------------------

#: who takes a code: a function's name, and where among its arguments the code stands
TAKERS = {"notice": 0, "Notice": 0, "found": 1, "_said": 0}


def nodes(repo: Path) -> Iterator[ast.AST]:
    """The code of engine and command line, without the table itself."""
    for folder in ("segmentation", "cli"):
        for path in sorted((repo / folder).rglob("*.py")):
            if path.name != "notices.py":
                yield from ast.walk(ast.parse(path.read_text()))


def texts(node: ast.AST) -> Iterator[str]:
    """The texts that are written in a piece of code; a choice of two is two."""
    inside = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return (value for value in inside if isinstance(value, str))


def code_of(node: ast.AST) -> Iterator[str]:
    """The codes that stand in a call which takes one."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        at = TAKERS.get(node.func.id, len(node.args))
        yield from (text for argument in node.args[at : at + 1] for text in texts(argument))


def test_every_code_that_is_said_is_in_the_table(repo: Path) -> None:
    said = {code for node in nodes(repo) for code in code_of(node)}
    assert len(said) > 20
    assert sorted(said - CODES.keys()) == []


def test_every_code_of_the_table_is_said(repo: Path) -> None:
    written = {
        text for node in nodes(repo) if isinstance(node, ast.Constant) for text in texts(node)
    }
    assert sorted(CODES.keys() - written) == []


def test_a_code_that_is_not_in_the_table_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        notice("unheard-of", "x", level="info")


#: what always speaks of suppression, and what does where suppress reads what it is about
ALWAYS = """
all-suppressed blank-cells column-without-values declared-value event-went-quiet file-cut-off
file-without-column file-without-event file-without-rows files-not-read idle-suppress ids-do-not-meet
other-order-of-days percent-of-nobody quiet-source rejected-rows-of-nobody rejected-rows-suppress
rows-after-as-of rows-in-the-future suppress-among suppression-left-out suspicious-ids
undated-rows-suppress
"""
WHERE_READ = """
broken-feed customers-unlisted hidden-column join-keys-alike matched-when-missing near-value nobody-did not-added-up
percent-ties rounded-ids rows-in-quotes rows-rejected rows-set-aside stale-source twin-columns unknown-event
unlisted-products
unreadable-value unseen-part unseen-value where-spelling where-unseen
"""
#: what is about rules, settings, personas or the value model, and loses no "no"
NEVER = """
always-outranked amount-in-cents amount-per-order as-of-moved backtest-bias backtest-ranking backtest-season
consent-unread continued-orders currency-blank cuts-fitted-anew cuts-lack-value doubted-amount empty-file empty-persona equal-rows feed-shrank formula-guard guessed guests
ids-in-two-ways impossible-persona known-now latest-stays left-out model-fit no-personas
nobody-in-particular order-ids-again orders-by-day orders-not-alone persona-suppressed
rows-joined rules-of-the-tool second-header several-currencies taken-on-trust total-rows unchosen-rows
uncovered unknown-column unreachable-label unreachable-rung unread-column without-order
"""


@pytest.mark.parametrize(
    ("reach", "codes"), [("always", ALWAYS), ("if read", WHERE_READ), ("never", NEVER)]
)
def test_what_speaks_of_suppression_is_listed(reach: str, codes: str) -> None:
    assert sorted(c for c, row in CODES.items() if row.of_suppression == reach) == codes.split()


@pytest.mark.parametrize("code", ALWAYS.split())
@pytest.mark.parametrize("level", ["off", "info"])
def test_what_always_speaks_of_suppression_is_never_quieted(code: str, level: Any) -> None:
    found = notice(code, "x", level="warn")
    assert judged([found], {code: level}) == (found,)


def test_what_may_speak_of_suppression_says_whether_it_does(repo: Path) -> None:
    calls = (n for n in nodes(repo) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    silent = [
        code
        for call in calls
        if call.func.id == "notice"  # type: ignore[attr-defined]  # chosen by its type above
        and "is_of_suppression" not in {k.arg for k in call.keywords}
        for code in code_of(call)
        if code in WHERE_READ.split()
    ]
    assert silent == []


E = "customer_id,occurred_at,event\n"
#: what leaves a trace in the manifest whatever the level of its code: code -> rules, files
KEPT: dict[str, tuple[str, dict[str, str]]] = {
    "declared-value": (
        "sources: {transactions: t.csv, customers: {path: c.csv, values: {city: [Rome]}}}\n"
        "suppress: [{city: Rome}]\n",
        {},
    ),
    "quiet-source": (
        "sources: {transactions: t.csv, events: {path: e.csv, event: complaint, quiet_for: 90d}}\n"
        "suppress: [{did: complaint}]\n",
        {"e.csv": E},
    ),
    "blank-cells": (
        "sources: {transactions: t.csv, customers: c.csv}\nsuppress: [{city: Oslo}]\n",
        {"c.csv": "customer_id,city\na,Oslo\nb,\n"},
    ),
    "suppress-among": (
        "sources: {transactions: t.csv, customers: c.csv}\n"
        "suppress: [{monetary: {top_percent: 50, among: {city: Oslo}}}]\n",
        {},
    ),
    "all-suppressed": (
        "sources: {transactions: t.csv, customers: c.csv}\nsuppress: [{city: [Oslo, Bergen]}]\n",
        {},
    ),
    "rows-set-aside": (
        "sources: {transactions: t.csv, events: e.csv}\nsuppress: [{did: complaint}]\n",
        {"e.csv": f"{E}a,2024-01-01,complaint\n,2024-01-01,complaint\n"},
    ),
    "rows-rejected": (
        "sources: {transactions: t.csv, events: e.csv}\nsuppress: [{did: complaint}]\n",
        {"e.csv": f"{E}a,2024-01-01,complaint\nb,2024-99-01,complaint\n"},
    ),
    "hidden-column": (
        "sources: {transactions: t.csv, customers: c.csv}\nsuppress: [{recency_days: {at_least: 1}}]\n",
        {"c.csv": "customer_id,recency_days\na,0\nb,9\n"},
    ),
    "nobody-did": (
        "sources: {transactions: t.csv, events: e.csv}\n"
        "suppress: [{did: {event: complaint, where: {kind: x, level: y}}}]\n",
        {
            "e.csv": "customer_id,occurred_at,event,kind,level\na,2024-01-01,complaint,x,z\n"
            "b,2024-01-01,complaint,w,y\n"
        },
    ),
}


@pytest.mark.sampled
@pytest.mark.parametrize("level", ["off", "info"])
@pytest.mark.parametrize("code", KEPT)
def test_what_is_said_of_suppression_stays_in_the_manifest(
    segment: Segment, code: str, level: str
) -> None:
    rules, more = KEPT[code]
    head = f"version: 1\npersonas: {{p: {{}}}}\n{rules}"
    plain = segment("run", files={**files(""), **more, "personas.yaml": head})
    assert plain.exit_code == 0, plain.err
    said = [n for n in plain.manifest["notices"] if n["code"] == code]
    assert said
    quieted = f"{head}notices: {{{code}: '{level}'}}\n"
    again = segment("run", files={"personas.yaml": quieted})
    assert [n for n in again.manifest["notices"] if n["code"] == code] == said


@pytest.mark.parametrize("code", ["declared-value", "quiet-source", "blank-cells"])
def test_a_signature_is_no_warning(segment: Segment, code: str) -> None:
    rules, more = KEPT[code]
    head = f"version: 1\npersonas: {{p: {{}}}}\n{rules}"
    result = segment("run", "--strict", files={**files(""), **more, "personas.yaml": head})
    assert result.exit_code == 0, result.err


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_its_meaning_cause_and_mend(code: str) -> None:
    row = CODES[code]
    assert code.replace("-", "").isalpha()
    assert code.islower()
    assert all(
        text.endswith(".") and "|" not in text for text in (row.meaning, row.cause, row.mend)
    )
