"""`segment validate`: what it prints where, and how it ends."""

from __future__ import annotations

import sys
from subprocess import run

import pytest
from harness import Segment

from segmentation.messages.notices import CODES

FINE = "version: 1\npersonas: {p: {match: {frequency: 2}}}\n"
SUSPICIOUS = "version: 1\npersonas: {p: {match: {not: {typical_gap_days: {at_most: 9}}}}}\n"
IMPOSSIBLE = "version: 1\npersonas:\n  p: {match: {r_score: 6}}\n  q: {match: {not: {typical_gap_days: {at_most: 9}}}}\n"
MISSPELT = "version: 1\npersonas: {p: {match: {montary: 2}}}\n"

WARNING = (
    'personas.yaml:{}: warning: persona "{}": customers whose typical_gap_days is missing match too '
    "(not (typical_gap_days ≤ 9))\n  Add typical_gap_days: {{missing: false}} to leave them out, "
    "or {{missing: true}} beside it in an any to say so.\n"
)
NEVER = 'personas.yaml:3:24: persona "p" can never match: r_score is 6 holds for nobody\n  Change its condition.\n'
ENDINGS = {
    "fine": ("", FINE, 0, "personas.yaml: 1 persona, 0 dimensions, no mistakes.\n", ""),
    "suspicious": (
        "",
        SUSPICIOUS,
        0,
        "personas.yaml: 1 persona, 0 dimensions, no mistakes, 1 warning.\n",
        WARNING.format("2:58", "p"),
    ),
    "suspicious and strict": (
        "--strict",
        SUSPICIOUS,
        1,
        "",
        WARNING.format("2:58", "p").replace("warning: ", "")
        + "personas.yaml: 1 persona, 0 dimensions, no mistakes, 1 warning.\n",
    ),
    "impossible": (
        "",
        IMPOSSIBLE,
        2,
        "",
        NEVER
        + WARNING.format("4:49", "q")
        + "personas.yaml: 2 personas, 0 dimensions, 1 mistake, 1 warning.\n",
    ),
    "misspelt": (
        "",
        MISSPELT,
        2,
        "",
        'personas.yaml:2:24: persona "p" uses the feature "montary", which does not exist.\n'
        "  Nearest: monetary. List them all: segment features\n"
        "personas.yaml: 1 persona, 0 dimensions, 1 mistake.\n",
    ),
    "one mistake that is told of two conditions": (
        "",
        "version: 1\npersonas:\n  p: {match: {top_department: {missing: true, contains: a}}}\n",
        2,
        "",
        'personas.yaml:3:57: persona "p" can never match: top_department is missing and top_department contains a exclude each other\n'
        "  Change one of them.\npersonas.yaml: 1 persona, 0 dimensions, 1 mistake.\n",
    ),
    "misshapen": (
        "",
        "version: 1\npersonas: {p: {match: {r_score: {at_leest: 2}}}}\nwaterfal: []\n",
        2,
        "",
        'personas.yaml:2:34: "at_leest" is not an operator\n  Nearest: at_least. There are: is, is_not, none_of, '
        "at_least, at_most, more_than, less_than, between, contains, starts_with, ends_with, missing, top_percent, bottom_percent; beside them among and ignore_case.\n"
        'personas.yaml:3:1: "waterfal" is not known here\n  Nearest: waterfall. There are: version, sources, '
        "timezone, base, new_arrival_days, value, features, dimensions, personas, suppress, waterfall, columns, safe_csv, notices.\n"
        "personas.yaml: 2 mistakes.\n",
    ),
    "no YAML": (
        "",
        "personas: [\n",
        2,
        "",
        "personas.yaml:2:1: a value is missing before this\n  write the value, or quote the text\n"
        "personas.yaml: 1 mistake.\n",
    ),
    "no file": (
        "--config nowhere.yaml",
        FINE,
        2,
        "",
        "nowhere.yaml: there is no such file\n  segment init DIR writes a starter\n",
    ),
}


@pytest.mark.parametrize(("option", "text", "code", "out", "err"), ENDINGS.values(), ids=ENDINGS)
def test_it_ends(segment: Segment, option: str, text: str, code: int, out: str, err: str) -> None:
    done = segment("validate", *option.split(), files={"personas.yaml": text})
    assert (done.exit_code, done.out, done.err) == (code, out, err)


def test_json_carries_mistakes_and_warnings(segment: Segment) -> None:
    done = segment("validate", "--json", files={"personas.yaml": IMPOSSIBLE})
    what, mend = (
        WARNING.format("4:49", "q")
        .removeprefix("personas.yaml:4:49: warning: ")
        .rstrip()
        .split("\n  ")
    )
    text = 'persona "p" can never match: r_score is 6 holds for nobody'
    at = {"file": "personas.yaml"}
    assert done.json == {
        "version": 2,
        "command": "validate",
        "ok": False,
        "exit_code": 2,
        "as_of": None,
        "notices": [
            {
                "code": "impossible-persona",
                "level": "error",
                "text": text,
                **at,
                "line": 3,
                "column": 24,
                "mend": "Change its condition.",
            },
            {
                "code": "matched-when-missing",
                "level": "warn",
                "text": what,
                **at,
                "line": 4,
                "column": 49,
                "mend": mend,
            },
        ],
        "result": {
            "file": "personas.yaml",
            "personas": 2,
            "dimensions": 0,
            "mistakes": 1,
            "warnings": 1,
        },
    }


def test_json_of_a_file_without_mistakes(segment: Segment) -> None:
    done = segment("validate", "--json", files={"personas.yaml": FINE})
    assert done.json == {
        "version": 2,
        "command": "validate",
        "ok": True,
        "exit_code": 0,
        "as_of": None,
        "notices": [],
        "result": {
            "file": "personas.yaml",
            "personas": 1,
            "dimensions": 0,
            "mistakes": 0,
            "warnings": 0,
        },
    }


GAP = """version: 1
dimensions: {d: [{a: {frequency: 1}}, {b: otherwise}]}
personas: {p: {match: {d: a}}}
waterfall: [p]
"""
LEVELS = {
    "as it comes": ("", 0, "no mistakes, 1 warning"),
    "off": ("notices: {uncovered: off}", 0, "no mistakes"),
    "info": ("notices: {uncovered: info}", 0, "no mistakes"),
    "error": ("notices: {uncovered: error}", 1, "no mistakes, 1 warning"),
}


@pytest.mark.parametrize(("key", "code", "said"), LEVELS.values(), ids=LEVELS)
def test_a_gap_that_is_meant_can_be_switched_off(
    segment: Segment, key: str, code: int, said: str
) -> None:
    done = segment("validate", files={"personas.yaml": f"{GAP}{key}\n"})
    assert done.exit_code == code
    assert (done.out or done.err).endswith(f"personas.yaml: 1 persona, 1 dimension, {said}.\n")


@pytest.mark.deep
def test_the_shipped_starter_passes_its_own_line_of_ci(segment: Segment) -> None:
    assert segment("init", ".").exit_code == 0
    done = segment("validate", "--strict")
    assert (done.exit_code, done.err) == (0, "")
    assert segment("run", "--strict").exit_code == 0


def test_wrong_names_are_told_whatever_the_levels(segment: Segment) -> None:
    off = f"notices: {{{', '.join(f'{c}: off' for c in CODES)}}}\n"
    done = segment("validate", "--json", files={"personas.yaml": MISSPELT + off})
    assert (done.exit_code, [n["code"] for n in done.said]) == (2, ["rules"])


def test_github_gets_annotations(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = segment("validate", files={"personas.yaml": IMPOSSIBLE})
    assert [line for line in done.err.splitlines() if line.startswith("::")] == [
        '::error file=personas.yaml,line=3,col=24,title=impossible-persona::persona "p" can never match: '
        "r_score is 6 holds for nobody%0AChange its condition.",
        '::warning file=personas.yaml,line=4,col=49,title=matched-when-missing::persona "q": customers whose '
        "typical_gap_days is missing match too (not (typical_gap_days ≤ 9))%0A"
        + WARNING.format("4:49", "q").rstrip().split("\n  ")[1],
    ]


def test_rules_are_checked_without_polars() -> None:
    code = "import sys; import segmentation.rules.lint, segmentation.rules.schema.document; sys.exit('polars' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


TRUSTING = """version: 1
sources: {{transactions: t.csv, customers: {}}}
features: {{spend_30d: {{sum: amount, within: 30d}}}}
columns: [spend_30d, region]
personas: {{p: {{match: {{incom: 3, frequency: 2, did: {{event: purchase, where: {{colour: red}}}}}}, for_each: shop}}}}
"""
ON_TRUST = {
    "Parquet": (
        TRUSTING.format("customers.parquet"),
        [
            "incom, region, shop are taken for columns of customers "
            "(customers.parquet cannot be looked into without reading data)"
        ],
    ),
    "a file that is elsewhere": (
        TRUSTING.format("s3://bucket/customers.csv"),
        [
            "incom, region, shop are taken for columns of customers "
            "(s3://bucket/customers.csv cannot be looked into without reading data)"
        ],
    ),
    "one column": (
        "version: 1\nsources: {customers: c.parquet}\npersonas: {p: {match: {incom: 3}}}\n",
        [
            "incom is taken for a column of customers (c.parquet cannot be looked into without reading data)"
        ],
    ),
    "CSV": (TRUSTING.format("customers.csv"), []),
    "no column of customers": (
        "version: 1\nsources: {customers: c.parquet}\npersonas: {p: {match: {r_score: 3}}}\n",
        [],
    ),
}


@pytest.mark.parametrize(("text", "notes"), ON_TRUST.values(), ids=ON_TRUST)
def test_columns_that_nobody_has_looked_for_are_named(
    segment: Segment, text: str, notes: list[str]
) -> None:
    files = {"personas.yaml": text, "customers.csv": "customer_id,incom,region,shop\n1,2,3,4\n"}
    done = segment("validate", "--json", "--strict", files=files)
    said = [n["text"] for n in done.json["notices"] if n["code"] == "taken-on-trust"]
    assert (said, done.json["ok"]) == (notes, True)
    assert done.err.startswith("".join(f"note: {n}\n" for n in notes))


#: a file of customers, the keys of its source, and whether its columns are seen
SEEN: dict[str, tuple[str | bytes, str, bool]] = {
    "sep= above": ("sep=;\r\ncustomer_id;incom\r\n1;2\r\n", "", True),
    "titles above": ("Report\n\ncustomer_id,incom\n1,2\n", ", skip_lines: 2", True),
    "no header": ("1,2\n", ", header: [customer_id, incom]", True),
    "UTF-16": ("customer_id\tincom\n1\t2\n".encode("utf-16"), "", True),
    "carriage returns": ("customer_id,incom\r1,2\r", "", True),
    "another header": ("1,2\n", ", header: [customer_id, other]", False),
    "JSON": ('{"customer_id": 1, "incom": 2}', "", True),
}


@pytest.mark.parametrize(("content", "keys", "is_seen"), SEEN.values(), ids=SEEN)
def test_headers_are_seen_as_they_are_read(
    segment: Segment, content: str | bytes, keys: str, is_seen: bool
) -> None:
    rules = (
        f"version: 1\nsources: {{customers: {{path: c.csv{keys}}}}}\n"
        "personas: {p: {match: {incom: 3}}}\n"
    )
    done = segment("validate", "--json", files={"personas.yaml": rules, "c.csv": content})
    assert done.json["ok"] == is_seen, done.err


NAMED = {
    "alone": (("mine.yaml",), "  Write segment validate --config mine.yaml"),
    "behind an option": (
        ("--strict", "my rules.yml"),
        "  Write segment validate --config 'my rules.yml'",
    ),
    "beside another": (
        ("--config", "a.yaml", "b.yaml"),
        "Error: Got unexpected extra argument(s) (b.yaml)",
    ),
    "something else": (("surplus",), "Error: Got unexpected extra argument(s) (surplus)"),
}


@pytest.mark.parametrize(("words", "last"), NAMED.values(), ids=NAMED)
def test_rules_that_are_named_without_their_option_are_told_with_it(
    segment: Segment, words: tuple[str, ...], last: str
) -> None:
    done = segment("validate", *words, files={"mine.yaml": FINE})
    assert (done.exit_code, done.err.splitlines()[-1]) == (2, last)
