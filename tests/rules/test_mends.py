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
    "a length": ("recency_days", ">= 30d", "{at_least: 60}"),
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
