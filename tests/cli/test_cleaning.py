"""What steers a terminal or misleads a reader is written as escapes, whatever text it came in with."""

from __future__ import annotations

import pytest
from harness import Segment

SALES = "customer_id,ordered_at,amount\na,2024-01-01,5\n"
RULES = "version: 1\nsources: {transactions: t.csv}\npersonas: {p: {match: {frequency: 1}}}\n"
UNSEEN = {
    "a colour": ("\x1b[31mred", "\\x1b[31mred"),
    "a bell": ("bell\x07", "bell\\x07"),
    "a carriage return": ("safe\rgone", "safe\\rgone"),
    "the other direction": ("\u202etxt.exe", "\\u202etxt.exe"),
    "an 8-bit control": ("\x9b31mred", "\\x9b31mred"),
}


@pytest.mark.parametrize(("name", "shown"), UNSEEN.values(), ids=UNSEEN)
def test_a_result_holds_no_control_characters(segment: Segment, name: str, shown: str) -> None:
    files = {"t.csv": SALES, "personas.yaml": RULES}
    result = segment("run", "--out", name, files=files)
    assert result.exit_code == 0, result.err
    assert name not in result.out
    assert shown in result.out


@pytest.mark.parametrize(("name", "shown"), UNSEEN.values(), ids=UNSEEN)
def test_a_message_holds_no_control_characters(segment: Segment, name: str, shown: str) -> None:
    result = segment("run", "--config", name)
    assert result.exit_code == 2
    assert name not in result.err
    assert shown in result.err
