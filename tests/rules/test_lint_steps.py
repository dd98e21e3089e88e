"""The lint takes a bounded number of steps, however long chains and questions are."""

from __future__ import annotations

import pytest
from linting import NAMES, rules_of

from segmentation.rules.checking.names import problems
from segmentation.rules.conditions import InPersona
from segmentation.rules.lint import _found, findings, solve
from segmentation.rules.reading.reader import parse_rules, read_rules
from segmentation.rules.yaml import loads

CHAINS = {
    "each in the one before": "persona: p{before}, recency_days: {{at_most: {bound}}}",
    "not in the one before": "not: {{persona: p{before}}}, frequency: {{at_least: {at}}}",
    "in one of two": "any: [{{persona: p{before}}}, {{frequency: {at}}}]",
    "in one of two, of events": "any: [{{persona: p{before}}}, {{did: {{event: e, within: {at}d}}}}]",
    "of events": "persona: p{before}, did: {{event: e, within: {at}d}}",
    "in none before": "frequency: {at}, not: {{persona: [{all}]}}",
    "in none before, of nobody": "not: {{persona: [{all}]}}",
}


@pytest.mark.sampled(every=8)
@pytest.mark.parametrize("chain", CHAINS)
def test_a_long_chain_takes_a_bounded_number_of_steps(chain: str) -> None:
    written = [
        CHAINS[chain].format(before=i - 1, at=i, bound=1000 - i, all=", ".join(NAMES[:i]))
        for i in range(1, 400)
    ]
    personas = "".join(f"  p{i}: {{match: {{{m}}}}}\n" for i, m in enumerate(written, 1))
    waterfall = ", ".join(f"p{i}" for i in reversed(range(400)))
    rules = rules_of(
        f"personas:\n  p0: {{match: {{frequency: 1}}}}\n{personas}waterfall: [{waterfall}]"
    )
    with solve.patience(solve.Patience()) as patience:
        list(_found(rules))
    assert patience.left >= 0


STEPS = {
    "in one of two": ("any: [{persona: p0}, {monetary: {at_least: 9}}]", 20),
    "each in the one before": ("persona: p0, monetary: {at_least: 9}", 450),
    "not in the one before": ("not: {persona: p0}, monetary: {at_most: 9}", 450),
    "of events": ("persona: p0, did: {event: e, within: 9d}", 450),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("match", "most"), STEPS.values(), ids=STEPS)
def test_a_persona_is_not_taken_apart_anew_for_who_stands_on_it(match: str, most: int) -> None:
    """The steps of each persona in a chain: some per persona, and some per bound of one thing."""
    each = [match.replace("9", str(i + 1)).replace("p0", f"p{i - 1}") for i in range(1, 400)]
    personas = "".join(f"  p{i}: {{match: {{{m}}}}}\n" for i, m in enumerate(each, 1))
    rules = rules_of(f"personas:\n  p0: {{match: {{monetary: {{at_least: 1}}}}}}\n{personas}")
    with solve.patience(solve.Patience()) as patience:
        assert all(solve.possible(rules, InPersona(n)) for n in NAMES)
    assert 0 < solve.MOST_OF_FILE - patience.left < most * len(NAMES)


def test_every_persona_below_its_wider_one_is_found_in_a_chain_of_200() -> None:
    matches = [
        "monetary: {at_least: 0}",
        *(f"persona: p{i}, monetary: {{at_least: {i}}}" for i in range(199)),
    ]
    personas = "".join(f"  p{i}: {{match: {{{m}}}}}\n" for i, m in enumerate(matches))
    rules = rules_of(f"personas:\n{personas}waterfall: [{', '.join(NAMES[:200])}]")
    assert [f.code for f in findings(rules)] == ["always-outranked"] * 199


@pytest.mark.deep
def test_suppressing_the_last_of_a_long_chain_is_no_recursion() -> None:
    personas = "".join(
        f"  p{i}: {{match: {{persona: p{i - 1}, monetary: {{at_least: {i}}}}}}}\n"
        for i in range(1, 400)
    )
    rules = rules_of(
        f"personas:\n  p0: {{match: {{frequency: 1}}}}\n{personas}suppress: [{{persona: p399}}]"
    )
    assert {f.code for f in findings(rules)} <= {"persona-suppressed"}  # as far as the steps go


def test_what_is_asked_when_no_steps_are_left_is_undecided() -> None:
    rules = rules_of("personas: {p: {match: {r_score: 6}}}")
    assert [f.code for f in findings(rules)] == ["impossible-persona"]
    with solve.patience(solve.Patience(left=0)):
        assert list(_found(rules)) == []


def test_the_shipped_rules_take_a_twentieth_of_the_steps(repo) -> None:
    with solve.patience(solve.Patience()) as patience:
        list(_found(read_rules(repo / "personas.yaml")))
    assert patience.left > 0.95 * solve.MOST_OF_FILE


def test_circles_are_found_however_long_the_way_is() -> None:
    personas = "".join(f"  p{i}: {{match: {{persona: p{(i + 1) % 3000}}}}}\n" for i in range(3000))
    rules = parse_rules(loads(f"version: 1\npersonas:\n{personas}", "p.yaml"))
    [problem] = problems(rules, attributes=())
    assert problem.what.startswith("p0 → p1 → p2 → ")
    assert problem.what.endswith(" → p2999 → p0: this goes in a circle")


def test_a_persona_of_everyone_at_the_end_covers_all() -> None:
    text = """

dimensions:
  tier: [{a: {frequency: {at_least: 5}}}, {b: otherwise}]
personas: {best: {match: {tier: a}}, others: {}}
waterfall: [best, others]
"""
    assert [f.code for f in findings(rules_of(text))] == []
