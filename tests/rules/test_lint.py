"""What lint finds without data, each with its exact words; and that it never cries wolf."""

from __future__ import annotations

import pytest
from linting import WARNED, persona, rules_of, said

from segmentation.messages.errors import CheckFailed, RulesError, SegmentationError
from segmentation.rules.lint import check, findings
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.yaml import loads

# what the persona asks, where the conflict stands (line 12), what is said of it
IMPOSSIBLE = {
    "two labels of a dimension": (
        "{all: [{lifecycle: new}, {lifecycle: churned}]}",
        60, "lifecycle is new and lifecycle is churned exclude each other",
    ),
    "an empty interval": (
        "{recency_days: {at_least: 60, at_most: 30}}",
        62, "recency_days ≥ 60 and recency_days ≤ 30 exclude each other",
    ),
    "nothing between two whole numbers": (
        "{frequency: {more_than: 2, less_than: 3}}",
        61, "frequency > 2 and frequency < 3 exclude each other",
    ),
    "two values at once": (
        "{all: [{gender: female}, {gender: male}]}",
        57, "gender is female and gender is male exclude each other",
    ),
    "a value and not it": (
        "{gender: female, not: {gender: [female, male]}}",
        54, "gender is female and (not (gender is female, male)) exclude each other",
    ),
    "shares that do not meet": (
        "{share: [{of: spend, where: {department: A}, at_least: 0.6}, "
        "{of: spend, where: {department: A}, at_most: 0.4}]}",
        129, "share of spend where department is A ≥ 0.6 and share of spend where department is A ≤ 0.4 "
        "exclude each other",
    ),
    "a share that has a name": (
        "{department_share.A: {less_than: 0.5}, share: {of: spend, where: {department: A}, at_least: 0.5}}",
        115, "department_share.A < 0.5 and share of spend where department is A ≥ 0.5 exclude each other",
    ),
    "did and did not": (
        "{did: {event: browse}, did_not: {event: browse}}",
        55, "did browse and not (did browse) exclude each other",
    ),
    "did within a week and not within a month": (
        "{did: {event: browse, where: {collection: x}, within: 7d}, did_not: {event: browse, within: 30d}}",
        91, "(did browse where collection is x, within 7d) and (not (did browse, within 30d)) exclude each other",
    ),
    "more often in a week than in a month": (
        "{did: [{event: browse, within: 1w, times: 3}, {event: browse, within: 1mo, times: {at_most: 2}}]}",
        115, "(count of browse, within 1w ≥ 3) and (count of browse, within 1mo ≤ 2) exclude each other",
    ),
    "more than a label allows": (
        "{lifecycle: new, frequency: {at_least: 5}}",
        62, "lifecycle is new and frequency ≥ 5 exclude each other",
    ),
    "less than a label asks for": (
        "{lifecycle: active, recency_days: {more_than: 60}}",
        69, "lifecycle is active and recency_days > 60 exclude each other",
    ),
    "the top that a label excludes": (
        "{shopper: mid, monetary: {top_percent: 10}}",
        62, "shopper is mid and monetary in the top 10 % exclude each other",
    ),
    "below the range of a feature": ("{recency_days: {less_than: 0}}", 50, "recency_days < 0 holds for nobody"),
    "at the open end of a range": (
        "{expected_gap_days: {at_most: 0}}", 53, "expected_gap_days ≤ 0 holds for nobody",
    ),
    "above the range of a feature": ("{r_score: 6}", 33, "r_score is 6 holds for nobody"),
    "a first order after the last": (
        "{longevity_days: {at_most: 30}, recency_days: {at_least: 31}}",
        80, "longevity_days ≤ 30 and recency_days ≥ 31 exclude each other",
    ),
    "dates that do not meet": (
        "{first_order_on: {at_least: 2026-05-01}, last_order_on: {less_than: 2026-05-01}}",
        91, "first_order_on ≥ 2026-05-01 and last_order_on < 2026-05-01 exclude each other",
    ),
    "a missing value with a value": (
        "{age: {missing: true, at_least: 18}}", 55, "age is missing and age ≥ 18 exclude each other",
    ),
    "the top and not the top": (
        "{monetary: {top_percent: 10}, not: {monetary: {top_percent: 20}}}",
        83, "monetary in the top 10 % and not (monetary in the top 20 %) exclude each other",
    ),
    "texts that start in two ways": (
        "{all: [{country: {starts_with: A}}, {country: {starts_with: B}}]}",
        83, "country starts with A and country starts with B exclude each other",
    ),
    "a listed text that does not contain it": (
        "{country: {is: [DE, FR], contains: X}}",
        58, "(country is DE, FR) and country contains X exclude each other",
    ),
    "a flag that is both": (
        "{consent: true, not: {consent: {is_not: false}}}",
        63, "consent is true and not (consent is not false) exclude each other",
    ),
    "three that only together exclude": (
        "{lifecycle: [new, active], recency_days: {more_than: 60}, frequency: {at_least: 3}}",
        103, "(lifecycle is new, active), recency_days > 60 and frequency ≥ 3 exclude one another",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("match", "column", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_persona_that_can_never_match_is_an_error(match: str, column: int, why: str) -> None:
    mend = "Change its condition." if "for nobody" in why else "Change one of them."
    assert said(persona(match)) == [
        f'error: p.yaml:12:{column}: persona "p" can never match: {why}\n  {mend}'
    ]


def test_where_people_without_an_order_are_meant_the_base_is_named() -> None:
    text = "personas: {p: {match: {frequency: 0}}}"
    assert said(text) == [
        'error: p.yaml:2:35: persona "p" can never match: frequency is 0 holds for nobody\n'
        "  Only with base: everyone there are such customers."
    ]
    assert said(f"base: everyone\n{text}") == []


POSSIBLE = {
    "touching bounds": "{recency_days: {at_least: 30, at_most: 30}}",
    "what tied customers can be": "{monetary: {top_percent: 10, bottom_percent: 10}}",
    "the top of other customers": "{monetary: {top_percent: 10, among: {lifecycle: new}}, not: {monetary: {top_percent: 20}}}",
    "one of two labels": "{lifecycle: [new, churned], frequency: {at_least: 5}}",
    "money between two cents": "{monetary: {more_than: 5, less_than: 5.01}}",
    "an attribute between two whole numbers": "{age: {more_than: 2, less_than: 3}}",
    "a number and a text that may be the same": "{age: {is: 5, starts_with: '5'}}",
    "did within a month and not within a week": "{did: {event: browse, within: 30d}, did_not: {event: browse, within: 7d}}",
    "a month may be shorter than 31 days": "{did: {event: browse, within: 30d}, did_not: {event: browse, within: 1mo}}",
    "did other rows": "{did: {event: browse, where: {collection: x}}, did_not: {event: browse, where: {collection: y}}}",
    "shares of other rows": "{share: [{of: orders, where: {department: A}, at_least: 0.6}, {of: orders, where: {department: B}, at_least: 0.6}]}",
    "either of two": "{any: [{frequency: {at_most: 1}}, {frequency: {at_least: 9}}]}",
    "a text that holds both": "{all: [{country: {contains: A}}, {country: {contains: B}}]}",
    "a text with a beginning and a longer one": "{all: [{country: {starts_with: A}}, {country: {starts_with: AB}}]}",
    "rounding that only the data decides": "{age: {at_least: 5.00004, at_most: 5.00001}}",
    "the top without its own top": "{monetary: {top_percent: 20}, not: {monetary: {top_percent: 10}}}",
    "a text that holds it elsewhere": "{country: {contains: a}, not: {country: {starts_with: a}}}",
    "everyone": "{}",
}


@pytest.mark.parametrize("match", POSSIBLE.values(), ids=POSSIBLE)
def test_what_may_match_is_no_error(match: str) -> None:
    assert [line for line in said(persona(match)) if line.startswith("error")] == []


@pytest.mark.parametrize(
    ("lines", "is_error"), [("bought", False), ("all", False), ("returned", True)]
)
def test_units_of_bought_lines_may_have_a_sign_and_be_less_than_none(
    lines: str, is_error: bool
) -> None:
    feature = f"features: {{units: {{count: items, lines: {lines}}}}}\n"
    found = said(feature + persona("{units: {at_most: -1}}"))
    assert any(line.startswith("error") for line in found) is is_error


def test_a_question_that_is_too_long_is_taken_as_possible() -> None:
    pairs = ", ".join(f"{{any: [{{a{i}: 1}}, {{b{i}: 1}}]}}" for i in range(15))
    none = ", ".join(
        f"{{not: {{all: [{{a{i}: 1}}, {{b{j}: 1}}]}}}}" for i in range(15) for j in range(15)
    )
    text = f"personas: {{p: {{match: {{all: [{pairs}, {none}]}}}}}}"
    rules = parse_rules(loads("version: 1\n" + text, "p.yaml"))
    assert [f for f in findings(rules) if f.level == "error"] == []


RUNGS = {
    "a wider rung above": (
        "[{a: {recency_days: {at_most: 60}}}, {b: {recency_days: {at_most: 30}}}, {c: otherwise}]",
        'error: p.yaml:2:55: dimension "d": no customer reaches the rung "b": whoever has recency_days ≤ 30 '
        'is in "a" already\n  Move it above "a", or remove it.',
    ),
    "a wider share of the customers above": (
        "[{a: {monetary: {top_percent: 20}}}, {b: {monetary: {top_percent: 10}}}, {c: otherwise}]",
        'error: p.yaml:2:55: dimension "d": no customer reaches the rung "b": whoever has monetary in the '
        'top 10 % is in "a" already\n  Move it above "a", or remove it.',
    ),
    "several rungs above together": (
        "[{a: {frequency: {at_most: 2}}}, {b: {frequency: {at_least: 5}}}, "
        "{c: {recency_days: {at_most: 9}, frequency: [1, 7]}}, {d: otherwise}]",
        'error: p.yaml:2:84: dimension "d": no customer reaches the rung "c": whoever has recency_days ≤ 9 '
        "and frequency is 1, 7 is in a rung above it already\n  Move it up, or remove it.",
    ),
    "a rung of nobody": (
        "[{a: {frequency: {at_least: 3, at_most: 2}}}, {b: otherwise}]",
        'error: p.yaml:2:19: dimension "d": no customer reaches the rung "a": frequency ≥ 3 and '
        "frequency ≤ 2 exclude each other\n  Change its condition, or remove it.",
    ),
    "nobody is left over": (
        "[{a: {frequency: {at_most: 2}}}, {b: {frequency: {at_least: 3}}}, {c: otherwise}]",
        'warning: p.yaml:2:84: dimension "d": no customer reaches the rung "c": the rungs above it have '
        "everyone\n  Narrow one of them, or leave this label out of your conditions.",
    ),
}


@pytest.mark.parametrize(("rungs", "expected"), RUNGS.values(), ids=RUNGS)
def test_a_rung_that_nobody_reaches_is_found(rungs: str, expected: str) -> None:
    assert said(f"dimensions: {{d: {rungs}}}") == [expected]


REACHABLE = {
    "among others": (
        "[{a: {monetary: {top_percent: 20}}}, {b: {monetary: {top_percent: 10, among: {frequency: 1}}}}, {c: otherwise}]"
    ),
    "missing values fall through": "[{a: {age: {at_most: 9}}}, {b: {age: {more_than: 9}}}, {c: otherwise}]",
    "the same label twice": "[{a: {frequency: 1}}, {b: {frequency: 2}}, {a: {frequency: 3}}, {c: otherwise}]",
}


@pytest.mark.parametrize("rungs", REACHABLE.values(), ids=REACHABLE)
def test_a_rung_that_someone_may_reach_is_left_alone(rungs: str) -> None:
    assert said(f"dimensions: {{d: {rungs}}}") == []


GRID = """
dimensions:
  age_of: [{young: {longevity_days: {at_most: 90}}}, {old: otherwise}]
  last: [{fresh: {recency_days: {at_most: 90}}}, {gone: otherwise}]
  tier:
    grid: [age_of, last]
    columns: [fresh, gone]
    rows: {young: [b, x], old: [a, c]}
"""


def test_a_label_that_stands_only_where_nobody_is() -> None:
    assert said(GRID) == [
        'warning: p.yaml:7:11: dimension "tier": no customer can get the label "x"\n'
        "  age_of and last exclude each other wherever it stands."
    ]


MISSING = {
    "is_not": ("{gender: {is_not: male}}", "gender", "gender is not male"),
    "not": ("{not: {age: {at_least: 30}}}", "age", "not (age ≥ 30)"),
    "none_of below all": (
        "{all: [{country: {none_of: [DE, FR]}}, {frequency: 2}]}",
        "country",
        "country is none of DE, FR",
    ),
    "said of another": (
        "{any: [{gender: {is_not: male}}, {age: {missing: true}}]}",
        "gender",
        "gender is not male",
    ),
    "only together with more": (
        "{any: [{gender: {is_not: male}}, {all: [{gender: {missing: true}}, {frequency: 2}]}]}",
        "gender",
        "gender is not male",
    ),
    "a gap that few have": (
        "{not: {typical_gap_days: {at_most: 9}}}",
        "typical_gap_days",
        "not (typical_gap_days ≤ 9)",
    ),
}


@pytest.mark.parametrize(("match", "name", "words"), MISSING.values(), ids=MISSING)
def test_a_negation_that_missing_values_meet_is_a_warning(
    match: str, name: str, words: str
) -> None:
    [line] = said(f"personas: {{p: {{match: {match}}}}}")
    assert line.split(": ", 2)[2] == (
        f'persona "p": customers whose {name} is missing match too ({words})\n'
        f"  Add {name}: {{missing: false}} to leave them out, or {{missing: true}} beside it in an any to say so."
    )


NOT_MISSING = {
    "asked to be known": "{gender: {is_not: male, missing: false}}",
    "compared otherwise too": "{age: {is_not: 30, at_least: 18}}",
    "never missing": "{not: {frequency: {at_least: 3}}}",
    "a label": "{not: {lifecycle: new}}",
    "an event": "{did_not: {event: browse}}",
    "is_not below not": "{not: {gender: {is_not: male}}}",
    "said beside it in an any": "{any: [{not: {country: Bern}}, {country: {missing: true}}]}",
    "said beside is_not": "{any: [{country: {missing: true}}, {country: {is_not: Bern}}]}",
    "said in an any that is a mapping": "{any: {country: {missing: true}, not: {country: Bern}}}",
    "said as not known": "{any: [{country: {none_of: [Bern]}}, {not: {country: {missing: false}}}]}",
    "said of a part": "{any: [{country: {missing: true}}, {all: [{country: {is_not: Bern}}, {frequency: 2}]}]}",
    "said below not": "{not: {all: [{country: Bern}, {country: {missing: false}}]}}",
}


@pytest.mark.parametrize("match", NOT_MISSING.values(), ids=NOT_MISSING)
def test_a_negation_that_only_known_values_meet_is_left_alone(match: str) -> None:
    assert said(persona(match)) == []


def test_in_suppress_a_missing_value_is_meant() -> None:
    assert said("suppress: [{consent: {is_not: true}}]") == []


WRONG = "personas: {q: {match: {r_score: 6}}, p: {match: {gender: {is_not: male}}}}\n"
AMOUNTS = {
    "a warning": (WARNED, False, None),
    "a warning and strict": (WARNED, True, CheckFailed),
    "a warning that a level forbids": (
        f"{WARNED}notices: {{matched-when-missing: error}}",
        False,
        CheckFailed,
    ),
    "a warning that is switched off, and strict": (
        f"{WARNED}notices: {{matched-when-missing: off}}",
        True,
        None,
    ),
    "what is impossible": (WRONG, True, RulesError),
    "what is impossible, set to warn": (
        f"{WRONG}notices: {{impossible-persona: warn}}",
        False,
        None,
    ),
    "nothing, and strict": ("personas: {p: {}}", True, None),
}


@pytest.mark.parametrize(("text", "strict", "error"), AMOUNTS.values(), ids=AMOUNTS)
def test_findings_amount_to(text: str, strict: bool, error: type[SegmentationError] | None) -> None:
    rules = rules_of(text)
    if error is None:
        check(rules, strict=strict)
        return
    with pytest.raises(error) as raised:
        check(rules, strict=strict)
    assert [n.problem() for n in raised.value.notices if n.level == "error"] == [
        *raised.value.problems
    ]


CODES_OF_LINT = {
    "impossible-persona": "personas: {p: {match: {r_score: 6}}}",
    "unreachable-rung": "dimensions: {d: [{a: {frequency: 0}}, {b: otherwise}]}",
    "unreachable-label": "dimensions:\n  d: [{a: {recency_days: 1}}, {b: otherwise}]\n"
    "  e: [{a: {recency_days: 1}}, {b: otherwise}]\n"
    "  g: {grid: [d, e], columns: [a, b], rows: {a: [x, never], b: [never, y]}}",
    "persona-suppressed": "suppress: [{frequency: 2}]\npersonas: {p: {match: {frequency: 2}}}",
    "idle-suppress": "suppress: [{r_score: 6}]",
    "always-outranked": "personas: {p: {match: {frequency: {at_least: 2}}}, q: {match: {frequency: 3}}}\nwaterfall: [p, q]",
    "uncovered": "dimensions: {d: [{a: {frequency: 1}}, {b: otherwise}]}\npersonas: {p: {match: {d: a}}}\nwaterfall: [p]",
    "unknown-event": "sources: {events: {path: e, event: browse}}\npersonas: {p: {match: {did: login}}}",
    "matched-when-missing": WARNED,
}


@pytest.mark.parametrize(("code", "text"), CODES_OF_LINT.items(), ids=CODES_OF_LINT)
def test_each_kind_of_finding_has_a_code_of_its_own(code: str, text: str) -> None:
    assert {f.code for f in findings(rules_of(text))} == {code}


@pytest.mark.parametrize(("code", "text"), CODES_OF_LINT.items(), ids=CODES_OF_LINT)
def test_a_finding_can_be_switched_off_unless_it_is_of_suppression(code: str, text: str) -> None:
    quiet = rules_of(f"{text}\nnotices: {{{code}: off}}\n")
    assert [n.code for n in check(quiet)] == (["idle-suppress"] if code == "idle-suppress" else [])
