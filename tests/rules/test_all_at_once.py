"""A file with mistakes of every kind is told all of them in one go."""

from pathlib import Path

import pytest

from segmentation.messages.errors import Location, Problem, RulesError
from segmentation.rules.checking.names import check_names
from segmentation.rules.reading.reader import in_order, read_rules

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
    told = [(str(p.where).removeprefix(str(path)), p.what) for p in error.value.problems]
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


def test_mistakes_of_one_place_keep_the_order_in_which_they_were_found() -> None:
    there = [Problem(f"mistake {i}", Location("p.yaml", 2, 1)) for i in range(20)]
    above = Problem("above", Location("p.yaml", 1, 9))
    below = Problem("below", Location("p.yaml", 10, 1))
    assert in_order([below, *there, above, *there]) == [above, *there, below]


#: a condition with one mistake, and what it is told
ONE_MISTAKE = {
    "a word for a bound": ("{recency_days: {at_least: often}}", 'at_least takes a number or a date, not "often"'),
    "no value": ("{recency_days: }", "there is no value here"),
    "no bound": ("{recency_days: {at_most: }}", "at_most takes a number or a date, not nothing"),
    "a list for a bound": ("{monetary: {more_than: [1, 2]}}", "more_than takes a number or a date, not a list of 2"),
    "one end": ("{recency_days: {between: [1]}}",
                "between takes a list of two numbers or two dates, both included, not a list of 1"),
    "ends turned round, of another kind": ("{first_order_on: {between: [3, 1]}}", "between 3 and 1 there is nothing"),
    "nothing in a list": ("{frequency: [1, null]}", "there is no value here"),
    "a list in a list": ("{frequency: [[1]]}", "expected a single value, not a list of 1"),
    "an empty list": ("{top_department: []}", "an empty list names no value"),
    "a mapping for a value": ("{frequency: {is: {a: 1}}}", "expected a single value, not a mapping"),
    "no label": ("{lifecycle: }", "there is no value here"),
    "a label twice": ("{lifecycle: [actve, actve]}", 'persona "p": the dimension "lifecycle" has no label "actve"'),
    "a number for a part": ("{monetary: {contains: 7}}", "contains takes a text or a list of texts, not 7"),
    "more than everybody": ("{monetary: {top_percent: 120}}",
                            "top_percent takes a number above 0 and at the most 100, not 120"),
    "a key without its operator": ("{monetary: {among: {frequency: 1}}}", "among goes with top_percent or bottom_percent"),
    "a rank of rows, of nothing": ("{did: {event: login, where: {size: {top_percent: }}}}",
                                   "top_percent cannot stand inside `where`"),
    "times in words": ("{did: {event: login, times: {at_least: often}}}",
                       'at_least takes a number or a date, not "often"'),
    "a share in words": ("{share: {of: orders, where: {department: Men}, at_least: much}}",
                         'a share lies between 0 and 1, not "much"'),
}  # fmt: skip


@pytest.mark.parametrize(("match", "said"), ONE_MISTAKE.values(), ids=ONE_MISTAKE)
def test_one_mistake_is_one_message(tmp_path: Path, match: str, said: str) -> None:
    path = tmp_path / "p.yaml"
    ladder = "[{active: {recency_days: {at_most: 60}}}, {churned: otherwise}]"
    path.write_text(
        f"version: 1\ndimensions: {{lifecycle: {ladder}}}\npersonas: {{p: {{match: {match}}}}}\n"
    )
    assert [p.what for p in mistakes(path)] == [said]


def test_a_name_and_a_value_that_are_wrong_are_two_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("version: 1\npersonas: {p: {match: {montary: {at_least: often}}}}\n")
    assert [p.what for p in mistakes(path)] == [
        'persona "p" uses the feature "montary", which does not exist.',
        'at_least takes a number or a date, not "often"',
    ]


def mistakes(path: Path) -> tuple[Problem, ...]:
    try:
        check_names(read_rules(path))
    except RulesError as error:
        return error.problems
    return ()
