"""A file with mistakes of every kind is told all of them in one go."""

from pathlib import Path

import pytest

from segmentation.errors import RulesError
from segmentation.rules.reading.reader import read_rules

FILE = """\
version: 1
sources: {transactions: a.csv}
dimensions:
  lifecycle:
    - active: {recency_days: {at_mots: 60}}
    - churned: otherwise
  broken: 7
personas:
  a: {match: {montary: {at_least: 5}, broken: x}}
  b: {match: {lifecycle: actve}}
waterfall: [c]
"""


def test_mistakes_of_grammar_and_of_names_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(FILE)
    with pytest.raises(RulesError) as error:
        read_rules(path)
    told = [(p.where.removeprefix(str(path)), p.what) for p in error.value.problems]
    assert told == [
        (":5:31", '"at_mots" is not an operator'),
        (":7:11", "a dimension is a list of rungs, a grid, or fitted `from` something"),
        (":9:15", 'persona "a" uses the feature "montary", which does not exist.'),
        (":10:26", 'persona "b": the dimension "lifecycle" has no label "actve"'),
        (":11:13", 'the waterfall names "c", which is not a persona'),
    ]


def test_a_definition_that_is_broken_is_not_also_called_missing(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("version: 1\nfeatures: {f: {}}\npersonas: {a: {match: {f: 1}}}\n")
    with pytest.raises(RulesError) as error:
        read_rules(path)
    assert ["f" in p.what and "does not exist" in p.what for p in error.value.problems] == [False]
