"""Files of whole cents beside files of units: a factor of a hundred is doubted, by samples, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from harness import Segment

EVERYONE = "version: 1\npersonas: {everyone: {}}\n"
RULES = {"personas.yaml": EVERYONE}
UNITS = ("12.50", "9.99", "31.00", "18.75", "24.90", "7.49")
CENTS = ("1250", "999", "3100", "1875", "2490", "749")


def month(
    number: int, amounts: tuple[str, ...], head: str = "order,customer_id,date,amount"
) -> str:
    rows = (f"{number}{i},c{i},2026-0{number}-0{i + 1},{one}\n" for i, one in enumerate(amounts))
    return f"{head}\n{''.join(rows)}"


#: files whose amounts are doubted -> those that are named as whole
DOUBTED: dict[str, tuple[dict[str, str], str]] = {
    "two months": ({"jan.csv": month(1, CENTS), "feb.csv": month(2, UNITS)}, "jan.csv"),
    "the second is in cents": ({"jan.csv": month(1, UNITS), "feb.csv": month(2, CENTS)}, "feb.csv"),
    "two of three": (
        {"jan.csv": month(1, CENTS), "feb.csv": month(2, UNITS), "mar.csv": month(3, CENTS)},
        "jan.csv, mar.csv",
    ),
    "with a decimal comma": (
        {
            "jan.csv": month(1, CENTS),
            "feb.csv": month(2, tuple(f'"{one.replace(".", ",")}"' for one in UNITS)),
        },
        "jan.csv",
    ),
    "refunds are below zero": (
        {"jan.csv": month(1, (*CENTS[:5], "-749")), "feb.csv": month(2, (*UNITS[:5], "-7.49"))},
        "jan.csv",
    ),
    "other orders of columns": (
        {
            "jan.csv": month(1, CENTS),
            "feb.csv": month(
                2, tuple(f"{one},x" for one in UNITS), "order,customer_id,date,amount,note"
            ),
        },
        "jan.csv",
    ),
}


@pytest.mark.parametrize(("files", "named"), DOUBTED.values(), ids=DOUBTED)
def test_whole_amounts_a_hundred_times_as_large_are_doubted(
    segment: Segment, files: dict[str, str], named: str
) -> None:
    done = segment("run", *files, files=files | RULES)
    assert done.exit_code == 0, done.err
    assert (
        f"warning: amounts in {named} are whole numbers and about a hundred times those in"
        in done.err
    )
    [sources] = re.findall(r"If they are cents, write in the rules: (.*)$", done.err, re.MULTILINE)
    Path("told.yaml").write_text(f"{EVERYONE}{sources}\n")
    mended = segment("run", "--config", "told.yaml")
    assert (mended.exit_code, "about a hundred times" in mended.err) == (0, False), mended.err
    assert float(mended.customers["monetary"].max()) < 100


def test_files_of_a_folder_are_told_apart(segment: Segment) -> None:
    files = {"d/jan.csv": month(1, CENTS), "d/feb.csv": month(2, UNITS)}
    done = segment("run", "d", files=files | RULES)
    assert "amounts in d/jan.csv are whole numbers" in done.err
    assert "read each as a source of its own with columns: {amount: amount / 100}" in done.err


#: good files, of which nothing is said
GOOD: dict[str, dict[str, str]] = {
    "alike": {"jan.csv": month(1, UNITS), "feb.csv": month(2, UNITS)},
    "all in cents": {"jan.csv": month(1, CENTS), "feb.csv": month(2, CENTS)},
    "whole prices of the same size": {
        "jan.csv": month(1, ("12", "9", "31", "18", "24", "7")),
        "feb.csv": month(2, UNITS),
    },
    "a dearer shop of round prices": {
        "jan.csv": month(1, ("1200", "900", "3100", "1800", "2500", "700")),
        "feb.csv": month(2, UNITS),
    },
    "ten times as large": {
        "jan.csv": month(1, ("125", "99", "310", "187", "249", "74")),
        "feb.csv": month(2, UNITS),
    },
    "few rows": {"jan.csv": month(1, CENTS[:3]), "feb.csv": month(2, UNITS)},
    "one file": {"jan.csv": month(1, (*CENTS, *UNITS)[:9])},
}


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_amounts_that_only_differ_are_not_doubted(segment: Segment, files: dict[str, str]) -> None:
    done = segment("run", *files, files=files | RULES)
    assert (done.exit_code, "about a hundred times" in done.err) == (0, False), done.err
