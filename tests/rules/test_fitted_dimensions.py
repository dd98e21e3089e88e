"""Dimensions `from` a feature or cadence, and the key `value`: what is read, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from segmentation.messages.errors import Location, RulesError
from segmentation.rules.checking.names import check_names
from segmentation.rules.dimensions.lifecycle import PROSPECT, STAGES, Lifecycle
from segmentation.rules.dimensions.tiers import Tiers
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.value_settings import ValueRules

HEAD = "version: 1\n"


def rules_of(folder: Path, text: str) -> Rules:
    path = folder / "personas.yaml"
    path.write_text(HEAD + text)
    rules = read_rules(path)
    check_names(rules)
    return rules


def tiers(
    feature="predicted_value", method="cumulative", shares=(50.0, 30.0, 15.0, 5.0), labels=None
):
    return Tiers(
        feature, method, shares, labels or tuple(f"t{i + 1}" for i in range(len(shares) or 4))
    )


READ = [
    pytest.param("{from: predicted_value}", tiers(), id="defaults"),
    pytest.param(
        "{from: predicted_value, shares: [80, 20]}", tiers(shares=(80.0, 20.0)), id="shares"
    ),
    pytest.param(
        "{from: monetary, method: quantiles}",
        tiers("monetary", "quantiles", (25.0, 25.0, 25.0, 25.0)),
        id="quantiles of spend",
    ),
    pytest.param(
        "{from: predicted_value, method: jenks}", tiers(method="jenks", shares=()), id="jenks"
    ),
    pytest.param(
        "{from: predicted_value, method: jenks, labels: [high, mid, low]}",
        tiers(method="jenks", shares=(), labels=("high", "mid", "low")),
        id="jenks by labels",
    ),
    pytest.param(
        "{from: predicted_value, shares: [60, 40], labels: [gold, tin]}",
        tiers(shares=(60.0, 40.0), labels=("gold", "tin")),
        id="labels",
    ),
    pytest.param("{from: cadence}", Lifecycle(STAGES), id="cadence"),
]


@pytest.mark.parametrize(("written", "expected"), READ)
def test_a_fitted_dimension_is_read(tmp_path, written, expected):
    found = rules_of(tmp_path, f"dimensions:\n  d: {written}\n").dimensions["d"]
    assert (replace(found, path=()) if isinstance(found, Tiers) else found) == expected


def test_with_everyone_in_the_base_the_lifecycle_has_prospects(tmp_path):
    rules = rules_of(tmp_path, "base: everyone\ndimensions:\n  d: {from: cadence}\n")
    assert rules.dimensions["d"].labels == (*STAGES, PROSPECT)


REFUSED = [
    pytest.param("{from: predicted_valu}", "Nearest: predicted_value", id="misspelt"),
    pytest.param("{from: rfm}", "is a text, so it cannot be cut into tiers", id="text"),
    pytest.param("{from: 7}", "from takes cadence or the name of a feature", id="a number"),
    pytest.param("{from: cadence, shares: [1, 99]}", '"shares" is not known here', id="cadence"),
    pytest.param("{from: predicted_value, share: [50, 50]}", "Nearest: shares", id="unknown key"),
    pytest.param("{from: predicted_value, shares: [50, 30]}", "add up to 100", id="not 100 %"),
    pytest.param("{from: predicted_value, shares: [100]}", "two or more", id="one tier"),
    pytest.param("{from: predicted_value, shares: [50, 60, -10]}", "above 0", id="negative"),
    pytest.param("{from: predicted_value, shares: 50}", "two or more", id="no list"),
    pytest.param("{from: predicted_value, shares: [yes, 50, 50]}", "two or more", id="not numbers"),
    pytest.param(
        "{from: predicted_value, method: k-means}", "cumulative, quantiles or jenks", id="method"
    ),
    pytest.param(
        "{from: predicted_value, method: jenks, shares: [50, 50]}", "takes no shares", id="jenks"
    ),
    pytest.param("{from: predicted_value, labels: [a, b]}", "2 labels for 4 shares", id="labels"),
    pytest.param(
        "{from: predicted_value, labels: [a, b, c, a]}", "different names", id="a label twice"
    ),
]


@pytest.mark.parametrize(("written", "message"), REFUSED)
def test_a_fitted_dimension_that_cannot_be_meant_is_refused_at_its_line(tmp_path, written, message):
    with pytest.raises(RulesError) as caught:
        rules_of(tmp_path, f"dimensions:\n  d: {written}\n")
    [problem] = caught.value.problems
    assert message in str(problem)
    assert Location.of(problem.where).line == 3


def test_a_label_that_no_tier_gives_is_refused(tmp_path):
    text = "dimensions:\n  d: {from: cadence}\npersonas:\n  p: {match: {d: lapsed}}\n"
    with pytest.raises(RulesError, match="has no label"):
        rules_of(tmp_path, text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("", ValueRules("mbg", 180, seasonal=False), id="defaults"),
        pytest.param("value: {horizon: 26w}", ValueRules("mbg", 182, seasonal=False), id="weeks"),
        pytest.param(
            "value: {model: bg, seasonal: true}", ValueRules("bg", 180, seasonal=True), id="all"
        ),
    ],
)
def test_how_value_is_predicted_is_read(tmp_path, written, expected):
    assert rules_of(tmp_path, written + "\n").value == expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param("{model: pareto}", "mbg", id="model"),
        pytest.param("{horizon: 180}", "horizon", id="no unit"),
        pytest.param("{horizon: 12h}", "is not a horizon", id="hours"),
        pytest.param("{horizn: 90d}", "Nearest: horizon", id="misspelt"),
        pytest.param(
            "{horizon: 2y, seasonal: true}", "at the most 364 days", id="season beyond a year"
        ),
    ],
)
def test_a_value_key_that_cannot_be_meant_is_refused(tmp_path, written, message):
    with pytest.raises(RulesError) as caught:
        rules_of(tmp_path, f"value: {written}\n")
    assert message in str(caught.value.problems[0])
