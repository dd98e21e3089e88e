"""What tests of the lint share: rules from a text, and what the lint says of them."""

from __future__ import annotations

import textwrap

from segmentation.rules.checking.names import check_names
from segmentation.rules.lint import findings
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.yaml import loads


def rules_of(text: str) -> Rules:
    """The rules of a text, checked as `segment validate` does it."""
    rules = parse_rules(loads("version: 1\n" + textwrap.dedent(text), "p.yaml"))
    check_names(rules, attributes=("gender", "country", "age", "joined_on", "consent"))
    return rules


def said(text: str) -> list[str]:
    """Each finding as `level: place: text`, errors by `error`, warnings by `warning`."""
    words = {"warn": "warning", "error": "error"}
    return [f"{words[f.level]}: {f.problem()}" for f in findings(rules_of(text))]


LIFECYCLE = """
dimensions:
  lifecycle:
    - new: {frequency: {at_most: 2}, longevity_days: {at_most: 90}}
    - active: {recency_days: {at_most: 60}}
    - churned: otherwise
  shopper:
    - top: {monetary: {top_percent: 20}}
    - mid: {monetary: {top_percent: 60}}
    - low: otherwise
"""


def persona(match: str) -> str:
    return f"{LIFECYCLE}personas: {{p: {{match: {match}}}}}\n"


WARNED = "personas: {p: {match: {gender: {is_not: male}}}}\n"


NAMES = [f"p{i}" for i in range(400)]
