"""The waterfall, suppression and events: who is left over, who always loses, what is never given."""

from __future__ import annotations

import pytest
from linting import LIFECYCLE, said

JOURNEYS = """
dimensions:
  loyalty:
    - new: {frequency: {at_most: 2}, longevity_days: {at_most: 90}}
    - loyal: {frequency: {at_least: 3}}
    - occasional: otherwise
  activity: [{active: {recency_days: {at_most: 90}}}, {inactive: otherwise}]
  spend: [{high: {monetary: {top_percent: 10}}}, {usual: otherwise}]
personas:
  vip_nurturing: {match: {loyalty: loyal, activity: active, spend: high}}
  vip_reactivation: {match: {loyalty: loyal, activity: inactive, spend: high}}
  core_active: {match: {loyalty: loyal, activity: active, spend: usual}}
  core_reactivation: {match: {loyalty: loyal, activity: inactive, spend: usual}}
  potential_vips: {match: {loyalty: new, spend: high}}
  new_customers: {match: {loyalty: new, spend: usual}}
waterfall: [vip_nurturing, vip_reactivation, core_active, core_reactivation, potential_vips, new_customers]
"""


def test_combinations_without_a_persona_are_listed_and_joined() -> None:
    assert said(JOURNEYS) == [
        "warning: p.yaml:17:1: the waterfall has no persona for: loyalty occasional\n"
        "  Add a persona for them at its end; or leave them out on purpose, and say so: "
        "notices: {uncovered: off}"
    ]


def test_a_combination_that_nobody_has_needs_no_persona() -> None:
    text = JOURNEYS.replace(
        "loyalty: new, spend: usual", "loyalty: new, activity: active, spend: usual"
    )
    assert said(text) == said(JOURNEYS)  # new customers came within 90 days, so none is inactive


def test_personas_with_other_conditions_leave_the_journeys_as_they_are() -> None:
    text = JOURNEYS.replace(
        "personas:", "personas:\n  picked: {match: {loyalty: occasional, gender: female}}"
    )
    text = text.replace("waterfall: [", "waterfall: [picked, ")
    assert [line.split("\n")[0] for line in said(text)] == [
        "warning: p.yaml:18:1: the waterfall has no persona for: loyalty occasional"
    ]


def test_without_a_waterfall_nobody_is_left_over() -> None:
    assert said(JOURNEYS[: JOURNEYS.index("waterfall")]) == []


LOSERS = {
    "a narrower one below": (
        "{high: {match: {frequency: {at_least: 3}}}, low: {match: {frequency: {at_least: 5}, gender: male}}}",
        '"high"',
    ),
    "a reference to a higher one": (
        "{high: {match: {country: DE}}, low: {match: {persona: high, frequency: {at_least: 2}}}}",
        '"high"',
    ),
    "everyone above": ("{high: {}, low: {match: {country: DE}}}", '"high"'),
    "a label of everyone above": (
        "{high: {for_each: lifecycle}, low: {match: {country: DE}}}",
        '"high"',
    ),
}


@pytest.mark.parametrize(("personas", "taker"), LOSERS.values(), ids=LOSERS)
def test_a_persona_that_always_loses_is_found(personas: str, taker: str) -> None:
    assert said(f"{LIFECYCLE}personas: {personas}\nwaterfall: [high, low]\n") == [
        f'warning: p.yaml:13:19: persona "low" always loses: whoever matches it is in {taker}, higher in '
        'the waterfall\n  Move "low" up, or narrow what stands above it.'
    ]


def test_a_persona_that_loses_to_several_together_is_found() -> None:
    text = """
    personas:
      few: {match: {frequency: {at_most: 2}}}
      many: {match: {frequency: {at_least: 3}}}
      all_others: {}
    waterfall: [few, many, all_others]
    """
    [line] = said(text)
    assert 'whoever matches it is in "few" or "many", higher' in line


WINNERS = {
    "a narrower one above": "{high: {match: {frequency: {at_least: 5}}}, low: {match: {frequency: {at_least: 3}}}}",
    "for_each leaves out who has no value": "{high: {for_each: country}, low: {match: {frequency: 2}}}",
}


@pytest.mark.parametrize("personas", WINNERS.values(), ids=WINNERS)
def test_a_persona_that_may_win_is_left_alone(personas: str) -> None:
    assert said(f"personas: {personas}\nwaterfall: [high, low]\n") == []


SUPPRESS = {
    "everyone in it": (
        "personas: {p: {match: {consent: false}}}\nsuppress: [{consent: {is_not: true}}]",
        'warning: p.yaml:2:12: persona "p" reaches nobody: whoever matches is suppressed\n'
        "  Change its conditions, or those of suppress.",
    ),
    "nobody at all": (
        "suppress: [{frequency: {less_than: 1}}]",
        "warning: p.yaml:2:1: suppress leaves nobody out: none of its conditions can hold\n  Change it, or remove it.",
    ),
}


@pytest.mark.parametrize(("text", "expected"), SUPPRESS.values(), ids=SUPPRESS)
def test_suppression_that_takes_all_or_nothing_is_found(text: str, expected: str) -> None:
    assert said(text) == [expected]


CONSTANT = (
    "{transactions: t.csv, events: [{path: a.csv, event: login}, {path: b.csv, event: browse}]}"
)
EVENTS = {
    "no events at all": (
        "{transactions: t.csv}",
        'warning: p.yaml:3:29: persona "p" asks for the event "brows", and sources name no events\n'
        "  Name a file under sources: events, or give --events FILE to every run.",
    ),
    "every source names its event": (
        CONSTANT,
        'error: p.yaml:3:29: persona "p" asks for the event "brows", which no source gives\n'
        "  Nearest: browse. The sources give: login, browse.",
    ),
    "a source has a column of events, and a name is near": (
        "{transactions: t.csv, events: [a.csv, {path: b.csv, event: browse}]}",
        'warning: p.yaml:3:29: persona "p" asks for the event "brows", which no source names\n'
        "  Nearest: browse. Some sources hold events of their own names.",
    ),
    "a source has a column of events": ("{transactions: t.csv, events: a.csv}", ""),
    "all sources are for the command line": ("{}", ""),
}


@pytest.mark.parametrize(("sources", "expected"), EVENTS.values(), ids=EVENTS)
def test_an_event_that_no_source_gives_is_found(sources: str, expected: str) -> None:
    text = f"sources: {sources}\npersonas: {{p: {{match: {{did: brows}}}}}}\n"
    assert said(text) == ([expected] if expected else [])


def test_events_of_features_and_anchors_are_looked_at_too() -> None:
    text = f"""
    sources: {CONSTANT}
    features: {{f: {{count: {{event: logon}}}}}}
    personas: {{p: {{match: {{did: {{event: browse, after: {{event: send}}}}, did_not: {{event: purchase, since: '*'}}}}}}}}
    """
    assert [line.split("\n")[0] for line in said(text)] == [
        'error: p.yaml:4:15: feature "f" asks for the event "logon", which no source gives',
        'error: p.yaml:5:29: persona "p" asks for the event "send", which no source gives',
    ]
