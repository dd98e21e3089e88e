"""What a message tells to write is accepted when it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segmentation.messages.errors import RulesError
from segmentation.rules.checking.validation import validated
from segmentation.rules.reading.reader import read_rules


def told(match: str, path: Path) -> list[str]:
    """What is said of a persona with one condition."""
    sources = "{transactions: t.csv, customers: c.csv}"
    path.write_text(f"version: 1\nsources: {sources}\npersonas:\n  p:\n    match:\n      {match}\n")
    try:
        error = validated(read_rules(path))[1]
    except RulesError as refused:
        error = refused
    return [] if error is None else [str(problem) for problem in error.problems]


#: what is compared, how, and what is told to write in its place
SYMBOLS = {
    "a number": ("frequency", ">= 2", "{at_least: 2}"),
    "a number glued": ("frequency", ">2", "{more_than: 2}"),
    "a number in quotes": ("frequency", "'<= 2.5'", "{at_most: 2.5}"),
    "a date": ("last_order_on", ">= 2026-06-01", "{at_least: 2026-06-01}"),
    "a date in quotes": ("last_order_on", "'< 2026-06-01'", "{less_than: 2026-06-01}"),
    "a percentage": ("return_share", "<= 30%", "{at_most: 0.3}"),
    "a percentage with a point": ("return_share", "> 12.5 %", "{more_than: 0.125}"),
    "a percentage in quotes": ("return_share", "'<= 30%'", "{at_most: 0.3}"),
    "a text": ("country", "!= DE", "{is_not: DE}"),
    "a text of two words": ("country", "!= New Zealand", "{is_not: New Zealand}"),
    "a word for a number": ("frequency", ">= two", "{at_least: 60}"),
    "a comma": ("monetary", "> 1.000,50", "{more_than: 60}"),
    "a comma alone": ("monetary", "<= 1,5", "{at_most: 60}"),
    "perhaps a thousand": ("monetary", "> 1.000", "{more_than: 60}"),
    "a length": ("recency_days", ">= 30d", "{at_least: 30}"),
    "a percentage of a date": ("last_order_on", ">= 30%", "{at_least: 2026-01-31}"),
    "a percentage of a date, unquoted": ("last_order_on", "<= 30%", "{at_most: 2026-01-31}"),
    "a length of a date": ("last_order_on", ">= 30d", "{at_least: 2026-01-31}"),
    "a percentage beyond a share": ("discount_share", ">= 150%", "{at_least: 0.3}"),
    "a percentage of a number": ("frequency", "< 30%", "{less_than: 60}"),
    "a date with the day first": ("last_order_on", ">= 01.06.2026", "{at_least: 2026-06-01}"),
    "nothing": ("recency_days", ">=", "{at_least: 60}"),
    "a bracket": ("recency_days", ">= [", "{at_least: 60}"),
    "words behind it": ("last_order_on", ">= {at_least: 2026-06-01}", "{at_least: 2026-06-01}"),
}


@pytest.mark.parametrize(("name", "compared", "written"), SYMBOLS.values(), ids=SYMBOLS)
def test_a_comparison_in_symbols_is_told_in_words_that_are_accepted(
    tmp_path: Path, name: str, compared: str, written: str
) -> None:
    path = tmp_path / "p.yaml"
    [said] = told(f"{name}: {compared}", path)
    if "leave out " in said:
        assert compared.removeprefix(said.partition("leave out ")[2]).strip() == written
    else:
        assert re.findall(r"(?i:write)[^{]* (\{.*?\})\.?$", said) == [written], said
    assert told(f"{name}: {written}", path) == []


#: what is written in place of a comparison, what is told, and what it is after that
TEXTS = {
    "a number in quotes": ("frequency", "{at_least: '2'}", "Write 2 without quotes.", "{at_least: 2}"),
    "a number in quotes, equal": ("monetary", "'2.5'", "Write 2.5 without quotes.", "2.5"),
    "a percentage": ("return_share", "{at_most: 30%}", "Write 0.3.", "{at_most: 0.3}"),
    "a percentage, equal": ("discount_share", "12.5 %", "Write 0.125.", "0.125"),
    "a percentage of customers": ("monetary", "{top_percent: 10%}", "Write 10.", "{top_percent: 10}"),
    "days": ("recency_days", "{at_most: 30d}", "Write 30.", "{at_most: 30}"),
    "days, equal": ("recency_days", "30 days", "Write 30.", "30"),
    "a day first": ("last_order_on", "{at_least: 01.06.2026}", "Write 2026-06-01.", "{at_least: 2026-06-01}"),
    "a day first, equal": ("last_order_on", "1.6.2026", "Write 2026-06-01.", "2026-06-01"),
    "day or month first": ("last_order_on", "{at_least: 6/1/2026}",
                           "Write a date as year, month and day: 2026-12-31.", "{at_least: 2026-12-31}"),
    "a column of lines": ("department", "Men", "compare top_department or department_share.Men, or ask for "
                          "lines, did: {event: purchase, where: {department: Men}}.", None),
    "a word for any": ("or", "[{frequency: 1}, {monetary: 2}]", "Write any in its place.", None),
    "a word for all": ("AND", "{frequency: 1}", "Write all in its place.", None),
}  # fmt: skip


@pytest.mark.parametrize(("name", "compared", "said", "meant"), TEXTS.values(), ids=TEXTS)
def test_what_is_meant_is_told_and_accepted(
    tmp_path: Path, name: str, compared: str, said: str, meant: str | None
) -> None:
    path = tmp_path / "p.yaml"
    assert [each.endswith(said) for each in told(f"{name}: {compared}", path)] == [True]
    if meant is not None:
        assert told(f"{name}: {meant}", path) == []


UNCLEAR = {
    "a word": ("frequency", "{at_least: often}"),
    "months": ("recency_days", "{at_most: 3mo}"),
    "a day that is none": ("frequency", "'31.02.2026'"),
    "a percentage of what is no share": ("frequency", "30%"),
    "a percentage of a number": ("frequency", "{at_least: '30%'}"),
    "a day of a number": ("frequency", "{at_most: '01.06.2026'}"),
    "a day with slashes of a number": ("frequency", "{at_most: '6/1/2026'}"),
    "a length of a date": ("last_order_on", "{at_least: 30d}"),
    "a length of a day of lines": (
        "did",
        "{event: purchase, where: {ordered_at: {at_least: 30d}}}",
    ),
    "a percentage of money of lines": (
        "did",
        "{event: purchase, where: {amount: {at_least: 30%}}}",
    ),
    "a share beyond its range": ("discount_share", "150%"),
    "a share beyond its range, as a bound": ("discount_share", "{at_least: 150%}"),
    "a share of everybody": ("monetary", "{top_percent: 120%}"),
}


@pytest.mark.parametrize(("name", "compared"), UNCLEAR.values(), ids=UNCLEAR)
def test_nothing_is_told_where_it_is_unclear_what_is_meant(
    tmp_path: Path, name: str, compared: str
) -> None:
    assert ["Write" in each for each in told(f"{name}: {compared}", tmp_path / "p.yaml")] == [False]


OTHERS = {
    "any": ("any", "[{frequency: 1}, {monetary: 2}]"),
    "all": ("all", "{frequency: 1}"),
    "the favourite department": ("top_department", "Men"),
    "a department's share": ("department_share.Men", "{at_least: 0.5}"),
    "lines of a department": ("did", "{event: purchase, where: {department: Men}}"),
    "a column of customers called or": ("or", "[a, b]"),
}


@pytest.mark.parametrize(("name", "compared"), OTHERS.values(), ids=OTHERS)
def test_what_is_told_to_be_written_in_the_place_of_a_name_is_accepted(
    tmp_path: Path, name: str, compared: str
) -> None:
    assert told(f"{name}: {compared}", tmp_path / "p.yaml") == []
