"""`segment test`: what it prints, how it ends, and what it says of a wrong file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from harness import Segment

DOCS = Path(__file__).resolve().parents[2] / "docs" / "persona-tests.md"
RULES = """version: 1
sources: {transactions: t.csv, customers: c.csv, events: e.csv}
features:
  spend_30d: {sum: amount, within: 30d}
dimensions:
  lifecycle:
    - active: {recency_days: {at_most: 60}}
    - churned: otherwise
  shopper:
    - top: {monetary: {top_percent: 20}}
    - low: otherwise
  tier: {grid: [lifecycle, shopper], columns: [top, low], rows: {active: [a, b], churned: [c, d]}}
personas:
  vip: {match: {shopper: top, lifecycle: active}}
  lapsed: {match: {lifecycle: churned, did: {event: login, within: 7d}, gender: female}}
  quiet: {match: {did_not: {event: login}, frequency: {at_least: 2}}}
  big_spender: {match: {monetary: {top_percent: 10, among: {country: NO}}}}
  vip_or_big: {match: {any: [{persona: vip}, {spend_30d: {at_least: 500}}]}}
  everybody: {}
  by_department: {for_each: top_department}
suppress: [{opted_out: true}]
waterfall: [vip, quiet]
"""
ORDER = "{days_ago: 12, amount: 100, department: Men}"


def run(segment: Segment, case: str, *arguments: str, top: str = "", rules: str = RULES) -> Any:
    """One case, written as the inside of a mapping."""
    files = {
        "personas.yaml": rules,
        "personas.test.yaml": f"{top}\ncases:\n  - {{name: she, {case}}}\n",
    }
    return segment("test", *arguments, files=files)


def body(result: Any) -> list[str]:
    """The lines below the failed case, without their indent."""
    lines = result.out.splitlines()
    return [line[10:] for line in lines if line.startswith(" " * 10)]


def test_most_leaves_no_invented_customer_out(segment: Segment) -> None:
    """Which audiences are the largest is not known of customers who are invented."""
    rules = RULES.replace("{for_each: top_department}", "{for_each: top_department, most: 1}")
    cases = "".join(
        f"  - {{name: {d}, orders: [{{days_ago: 2, amount: 5, department: {d}}}], customer: {{opted_out: false}}, "
        f"exported: by_department-{d.lower()}}}\n"
        for d in ("Men", "Women")
    )
    files = {"personas.yaml": rules, "personas.test.yaml": f"cases:\n{cases}"}
    result = segment("test", files=files)
    assert result.exit_code == 0, result.out + result.err


FAILURES = {
    "a label": (
        f"orders: [{ORDER}], events: [{{event: login, days_ago: 1}}], customer: {{gender: female}}, expect: lapsed",
        ["expected lapsed, but the customer is not in it",
         "  lifecycle is churned, but it is active (recency_days 12)"],
    ),
    "every condition that fails": (
        f"orders: [{ORDER}], expect: lapsed",
        ["expected lapsed, but the customer is not in it",
         "  lifecycle is churned, but it is active (recency_days 12)",
         "  did login, within 7d, but it did not happen",
         "  gender is female, but it is unknown"],
    ),
    "a threshold": (
        f"orders: [{ORDER}], given: {{}}, expect: vip",
        ["expected vip, but the customer is not in it",
         "  shopper is top, but it is low (monetary 100)"],
    ),
    "what was given": (
        f"orders: [{ORDER}], given: {{shopper: low}}, expect: vip",
        ["expected vip, but the customer is not in it", "  shopper is top, but it is low (given)"],
    ),
    "a percentage among some": (
        f"orders: [{ORDER}], customer: {{country: SE}}, expect: big_spender",
        ["expected big_spender, but the customer is not in it",
         "  monetary in the top 10 % among (country is NO), but it is 100 (the threshold is 50)"],
    ),
    "did_not that did": (
        f"orders: [{ORDER}, {ORDER}], events: [{{event: login, days_ago: 300}}], expect: quiet",
        ["expected quiet, but the customer is not in it", "  did login: it happened"],
    ),
    "any of which none holds": (
        f"orders: [{ORDER}], expect: vip_or_big",
        ["expected vip_or_big, but the customer is not in it",
         "  is not in persona vip:",
         "    shopper is top, but it is low (monetary 100)",
         "  spend_30d ≥ 500, but it is 100"],
    ),
    "in against expectation": (
        f"orders: [{ORDER}, {ORDER}], not: quiet",
        ["expected not quiet, but the customer is in it",
         "  did login, but it did not happen", "  frequency ≥ 2: it is 2"],
    ),
    "in for everybody": (
        f"orders: [{ORDER}], not: everybody",
        ["expected not everybody, but the customer is in it", "  everyone is in it"],
    ),
    "another audience": (
        f"orders: [{ORDER}], expect: by_department-women, not: by_department-men",
        ["expected by_department-women, but the customer is not in it",
         "  top_department is Men",
         "expected not by_department-men, but the customer is in it",
         "  top_department is Men"],
    ),
    "suppressed": (
        f"orders: [{ORDER}], customer: {{opted_out: true}}, exported: everybody, suppressed: false",
        ["expected everybody to export the customer, but it does not",
         "  suppressed: opted_out is true: it is true",
         "expected the customer not to be suppressed", "  suppressed: opted_out is true: it is true"],
    ),
    "not suppressed": (
        f"orders: [{ORDER}], suppressed: true, not_exported: everybody",
        ["expected everybody not to export the customer, but it does", "  everyone is in it",
         "expected the customer to be suppressed, but nothing suppresses",
         "  opted_out is true, but it is unknown"],
    ),
    "outranked": (
        f"orders: [{ORDER}, {ORDER}], given: {{shopper: top}}, exported: quiet",
        ["expected quiet to export the customer, but it does not",
         "  vip comes first in the waterfall: shopper is top: it is top (given)",
         "  vip comes first in the waterfall: lifecycle is active: it is active (recency_days 12)"],
    ),
    "features": (
        f"orders: [{ORDER}], features: {{frequency: 2, monetary: 100.01, tier: a, longevity_days: {{at_least: 13}}}}",
        ["frequency is 2, but it is 1", "monetary is 100.01, but it is 100",
         "tier is a, but it is b (lifecycle active, shopper low)",
         "longevity_days ≥ 13, but it is 12"],
    ),
    "no order": (
        "events: [{event: login, days_ago: 1}], expect: everybody",
        ["expected everybody, but the customer is not in it",
         "  no order: only buyers are customers (base: everyone changes that)"],
    ),
    "the reason": (
        f"orders: [{ORDER}], not: everybody, because: it must be shown",
        ["expected not everybody, but the customer is in it", "  everyone is in it",
         "because it must be shown"],
    ),
}  # fmt: skip
CUTS = "cuts: {monetary top 20 %: 1000, monetary top 10 % among country is NO: 50}"


@pytest.mark.parametrize("what", FAILURES)
def test_failure_names_the_condition_that_decided_it(segment: Segment, what: str) -> None:
    case, lines = FAILURES[what]
    result = run(segment, case, top=CUTS)
    assert (result.exit_code, result.err) == (1, "")
    assert "  FAIL  she  (personas.test.yaml:3:5)\n" in result.out
    assert body(result) == lines
    assert result.out.endswith("\n0 passed, 1 failed\n")


PASSES = {
    "an edge of money": ("orders: [{days_ago: 1, amount: 1000}], expect: vip"),
    "digits as written": (
        f"orders: [{ORDER}, {ORDER}, {{days_ago: 1, amount: 100, department: Women}}], "
        "features: {top_department_share: 0.67, average_order_value: 100, "
        "department_share.Women: 0.333, rfm: {missing: false}}, given: {rfm: '555'}"
    ),
    "few digits of a small number": (
        "orders: [{days_ago: 1, amount: 10000}, {days_ago: 1, amount: -0.16}], "
        "features: {return_share: 0.00002}"
    ),
    "a given measure": (
        f"orders: [{ORDER}], given: {{monetary: 1000, frequency: 7}}, expect: vip, "
        "features: {frequency: 7, average_order_value: 142.857}"
    ),
    "a given date": (
        f"orders: [{ORDER}], given: {{last_order_on: 2026-01-01}}, features: {{lifecycle: churned}}"
    ),
    "a given persona": (f"orders: [{ORDER}], given: {{vip: true}}, expect: [vip, vip_or_big]"),
    "an order of several lines": (
        "orders: [{days_ago: 3, lines: [{amount: 10}, {amount: 5, department: Kids}, {amount: -4}]}], "
        "features: {frequency: 1, monetary: 11, return_share: 0.2667, departments: 1}"
    ),
    "unit price times quantity": (
        "orders: [{days_ago: 3, unit_price: 2.5, quantity: 3}], features: {monetary: 7.5}"
    ),
    "repeated orders": (
        "orders: [{days_ago: 30, times: 3, every: 1mo, amount: 1}], as_of: 2026-03-31, "
        "features: {frequency: 3, recency_days: 30, longevity_days: 89}"
    ),
    "a column that no rule reads": (
        f"orders: [{ORDER}], events: [{{event: xyz, days_ago: 1}}], expect: everybody"
    ),
}


@pytest.mark.parametrize("what", PASSES)
def test_case_passes(segment: Segment, what: str) -> None:
    result = run(segment, PASSES[what], top=CUTS)
    assert (result.exit_code, body(result), result.err) == (0, [], "")


def test_a_column_called_like_the_day_of_another_table_is_a_column(segment: Segment) -> None:
    match = "{did: {event: login, where: {ordered_on: x}}}"
    rules = f"version: 1\nsources: {{transactions: t.csv, events: e.csv}}\npersonas: {{p: {{match: {match}}}}}\n"
    case = f"orders: [{ORDER}], events: [{{event: login, days_ago: 1, ordered_on: x}}], expect: p"
    result = run(segment, case, rules=rules)
    assert result.exit_code == 0, result.out + result.err


def test_base_everyone_makes_a_customer_of_who_never_bought(segment: Segment) -> None:
    rules = RULES.replace("version: 1", "version: 1\nbase: everyone")
    result = run(segment, "events: [{event: login, days_ago: 1}], expect: everybody", rules=rules)
    assert result.exit_code == 0, result.out


MODELS = """version: 1
sources: {transactions: t.csv}
dimensions:
  lifecycle: {from: cadence}
  value_tier: {from: predicted_value, shares: [50, 30, 15, 5]}
personas:
  best: {match: {value_tier: t1, lifecycle: active}}
  alive: {match: {p_alive: {at_least: 0.5}}}
"""


def test_models_are_given_since_they_cannot_be_fitted_to_one_customer(segment: Segment) -> None:
    case = f"orders: [{ORDER}], given: {{value_tier: t1, lifecycle: active}}, expect: best"
    assert run(segment, case, rules=MODELS).exit_code == 0
    result = run(segment, f"{case}, not: alive", rules=MODELS)
    assert result.exit_code == 2
    assert "asks for alive, which needs for p_alive what is fitted over all customers" in result.err
    assert "given: {p_alive: …}" in result.err


def test_models_of_a_run_are_taken_from_its_cuts(segment: Segment) -> None:
    lines = [f"{c},2026-0{m}-{10 + c % 9},{5 + c}" for c in range(99) for m in range(1, 2 + c % 5)]
    table = "\n".join(["customer_id,ordered_at,amount", *lines]) + "\n"
    assert segment("run", "-q", files={"personas.yaml": MODELS, "t.csv": table}).exit_code == 0
    result = run(
        segment,
        "orders: [{on: 2026-01-10, amount: 9}], features: {p_alive: {between: [0, 1]}}",
        top="as_of: 2026-05-18\ncuts: audiences/latest/cuts.json",
        rules=MODELS,
    )
    assert (result.exit_code, body(result)) == (0, [])


WRONG_CUTS = {
    "a tier": (
        "value_tier",
        "predicted_value tiers cumulative 50/30/15/5",
        "{at_least: x}",
        MODELS,
    ),
    "a model": ("lifecycle", "cadence", "{gaps: 1}", MODELS),
    "a percentage": ("shopper", "monetary top 20 %", "[1, 2]", None),
    "a percentage, a day": ("shopper", "monetary top 20 %", "2026-01-01", None),
}


@pytest.mark.parametrize(("asked", "name", "cut", "rules"), WRONG_CUTS.values(), ids=WRONG_CUTS)
def test_a_threshold_that_no_run_writes_is_refused(
    segment: Segment, asked: str, name: str, cut: str, rules: str | None
) -> None:
    top = f"cuts: {{{name}: {cut}}}"
    result = run(segment, f"features: {{{asked}: x}}", top=top, rules=rules or RULES)
    assert result.exit_code == 2
    at = f"1:{top.index(cut) + 1}"
    said = f'personas.test.yaml:{at}: cuts: "{name}" is not what a run writes there\n'
    assert said in result.err


NO_CUTS = {
    "is not there": ({}, "there is no such file of cuts\n  Give the cuts.json of a former run."),
    "is none": (
        {"cuts.json": "{"},
        "this is not a cuts.json of a former run (it is not JSON)\n"
        "  Give the cuts.json that `segment run` wrote.",
    ),
}


@pytest.mark.parametrize(("files", "said"), NO_CUTS.values(), ids=NO_CUTS)
def test_a_file_of_thresholds_that_cannot_be_read_is_a_mistake_of_the_test_file(
    segment: Segment, files: dict[str, str], said: str
) -> None:
    tests = f"cuts: cuts.json\ncases: [{{name: she, orders: [{ORDER}], expect: nobody}}]\n"
    rules = {"personas.yaml": RULES, "personas.test.yaml": tests}
    result = segment("test", files={**rules, **files})
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"personas.test.yaml:1:7: cuts.json: {said}\n")
    assert 'there is no persona "nobody"' in result.err


# -- wrong files ------------------------------------------------------------------------------

WRONG = {
    "a persona that does not exist": (f"orders: [{ORDER}], expect: vipp", "3:", "Nearest: vip."),
    "a key": ("order: []", "3:", "Nearest: orders."),
    "nothing expected": (f"orders: [{ORDER}]", "3:5", '"she" expects nothing'),
    "a misspelt column": ("orders: [{days_ago: 1, amount: 1, departmnt: Men}], expect: vip", "3:", "Nearest: department."),
    "a misspelt event": ("events: [{event: logn, days_ago: 1}], expect: vip", "3:", "Nearest: login."),
    "a purchase as an event": ("events: [{event: purchase, days_ago: 1}], expect: vip", "3:", "purchases are orders"),
    "a misspelt attribute": ("customer: {gendr: f}, expect: vip", "3:", "Nearest: gender."),
    "a label that no rung gives": ("given: {shopper: tp}, expect: vip", "3:", "Nearest: top."),
    "a feature that does not exist": ("features: {frequncy: 1}", "3:", "Nearest: frequency."),
    "a percentage": ("features: {monetary: {top_percent: 20}}", "3:", "too few customers for percentages"),
    "an order without a day": ("orders: [{amount: 1}], expect: vip", "3:", "when?"),
    "an order with two days": ("orders: [{days_ago: 1, on: 2026-01-01, amount: 1}], expect: vip", "3:", "when?"),
    "an order without an amount": ("orders: [{days_ago: 1}], expect: vip", "3:", "how much was paid?"),
    "a date without as_of": ("orders: [{on: 2026-01-01, amount: 1}], expect: vip", "3:", "a day needs as_of"),
    "a day that is none": ("as_of: 2026-02-30, expect: vip", "3:", "as_of is a day"),
    "the day after as_of": ("as_of: 2026-01-01, orders: [{on: 2026-01-02, amount: 1}], expect: vip", "3:", "2026-01-02 is after as_of"),
    "days to come": ("orders: [{days_ago: -1, amount: 1}], expect: vip", "3:", "days_ago is a whole number"),
    "a clock": ("orders: [{days_ago: 1, at: noon, amount: 1}], expect: vip", "3:", "not a time of day"),
    "times without every": ("orders: [{days_ago: 1, times: 2, amount: 1}], expect: vip", "3:", "times needs every"),
    "an amount in words": ("orders: [{days_ago: 1, amount: much}], expect: vip", "3:", "is not a number"),
    "like nobody": ("like: her, expect: vip", "3:", 'there is no case "her" above'),
    "not YAML": ("orders: [", "", "a value is missing"),
    "a threshold that nobody gave": (f"orders: [{ORDER}], expect: vip", "3:5", "monetary top 20 %"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_wrong_file_is_refused_at_its_place(segment: Segment, what: str) -> None:
    case, place, said = WRONG[what]
    result = run(segment, case)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"personas.test.yaml:{place}")
    assert said in result.err


def test_needed_threshold_is_named_with_how_to_give_it(segment: Segment) -> None:
    assert run(segment, f"orders: [{ORDER}], expect: tier, not: vip").exit_code == 2
    assert run(segment, f"orders: [{ORDER}], expect: vip").err == (
        'personas.test.yaml:3:5: case "she" asks for vip, which needs for shopper what is fitted '
        "over all customers: monetary top 20 %\n  Write it under cuts:, take a run's (cuts: "
        "audiences/latest/cuts.json), or say given: {shopper: …}.\n"
    )


def test_all_mistakes_of_all_files_are_told_at_once(segment: Segment) -> None:
    files = {
        "personas.yaml": RULES,
        "a.test.yaml": "cases: [{name: a, expect: nobody}, {name: a, not: nobody, x: 1}]\n",
        "b.test.yaml": "cases: []\n",
    }
    result = segment("test", files=files)
    assert result.exit_code == 2
    assert [line.split(": ")[0] for line in result.err.splitlines() if line[0] != " "] == [
        "a.test.yaml:1:27",
        "a.test.yaml:1:43",
        "a.test.yaml:1:51",
        "a.test.yaml:1:59",
        "b.test.yaml:1:8",
    ]


def test_wrong_rules_are_told_before_any_case(segment: Segment) -> None:
    result = run(segment, "expect: vip", rules=RULES.replace("shopper: top", "shoper: top"))
    assert result.exit_code == 2
    assert result.err.startswith("personas.yaml:")


def test_rules_without_tests_say_where_to_write_them(segment: Segment) -> None:
    result = segment("test", files={"personas.yaml": RULES})
    assert result.exit_code == 2
    assert result.err.startswith("personas.test.yaml: there are no persona tests\n")


def test_a_file_that_is_not_there_is_refused(segment: Segment) -> None:
    result = segment("test", "no.yaml", files={"personas.yaml": RULES})
    assert (result.exit_code, result.err.partition("\n")[0]) == (
        2,
        "no.yaml: there is no such file",
    )


# -- output -----------------------------------------------------------------------------------

TWO = f"""
cases:
  - {{name: one, orders: [{ORDER}], expect: everybody}}
  - {{name: "two <&>", orders: [{ORDER}], not: everybody, because: "so"}}
"""


def test_json_tells_every_case_and_its_failures(segment: Segment) -> None:
    result = segment("test", "--json", files={"personas.yaml": RULES, "personas.test.yaml": TWO})
    assert result.exit_code == 1
    here = {"file": "personas.test.yaml", "column": 5}
    assert result.result == {
        "passed": 1,
        "failed": 1,
        "cases": [
            {**here, "line": 3, "case": "one", "ok": True, "because": "", "failures": []},
            {
                **here,
                "line": 4,
                "case": "two <&>",
                "ok": False,
                "because": "so",
                "failures": [
                    {
                        "what": "expected not everybody, but the customer is in it",
                        "reasons": ["everyone is in it"],
                    }
                ],
            },
        ],
    }
    text = "two <&>: expected not everybody, but the customer is in it (everyone is in it)"
    assert result.said == [
        {"code": "failed-case", "level": "error", "text": text, **here, "line": 4, "mend": None}
    ]


def test_quiet_prints_failures_only(segment: Segment) -> None:
    result = segment("test", "-q", files={"personas.yaml": RULES, "personas.test.yaml": TWO})
    assert "pass  " not in result.out
    assert "  FAIL  two <&>  (personas.test.yaml:4:5)\n" in result.out


def test_junit_holds_the_cases_where_ci_looks_for_them(segment: Segment) -> None:
    files = {"personas.yaml": RULES, "personas.test.yaml": TWO}
    result = segment("test", "--junit", "out.xml", files=files)
    root = ET.parse(result.folder / "out.xml").getroot()
    [suite] = root
    one, two = suite
    assert result.exit_code == 1
    assert (root.tag, root.attrib) == (
        "testsuites",
        {"name": "segment test", "tests": "2", "failures": "1", "errors": "0"},
    )
    assert suite.attrib["name"] == "personas.test.yaml"
    assert one.attrib == {
        "classname": "personas",
        "name": "one",
        "file": "personas.test.yaml",
        "line": "3",
    }
    assert len(one) == 0
    assert two[0].tag == "failure"
    assert two[0].text == (
        "expected not everybody, but the customer is in it\n  everyone is in it\nbecause so"
    )


def test_junit_that_cannot_be_written_is_told(segment: Segment) -> None:
    files = {"personas.yaml": RULES, "personas.test.yaml": TWO}
    result = segment("test", "--junit", "no/such/folder.xml", files=files)
    assert result.exit_code == 3
    assert "this file cannot be written" in result.err


def test_tests_of_the_rules_name_come_before_others(segment: Segment) -> None:
    files = {"personas.yaml": RULES, "personas.test.yaml": TWO, "other.test.yaml": "cases: 1\n"}
    assert segment("test", files=files).exit_code == 1


def test_the_starter_comes_with_its_tests(segment: Segment, tmp_path: Path) -> None:
    assert segment("init", "shop").exit_code == 0
    result = segment("test", "--config", "shop/personas.yaml")
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.startswith("shop/personas.test.yaml\n")


def test_the_example_of_the_documents_prints_what_they_say(segment: Segment, sample: Path) -> None:
    text = DOCS.read_text()
    [example] = re.findall(r"```yaml\n(cuts:.*?)```", text, re.DOTALL)
    [printed] = re.findall(r"```console\n\$ segment test\n(.*?)```", text, re.DOTALL)
    result = segment("test", files={"personas.test.yaml": example})
    assert (result.exit_code, result.out) == (1, printed)
