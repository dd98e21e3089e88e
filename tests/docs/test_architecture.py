"""docs/architecture.md is true of the tree: every room, every place that a change is sent to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from doctools import house

PAGE = (house.REPO / "docs/architecture.md").read_text()
#: the changes that whoever extends the tool makes, and a word by which the page knows each
CHANGES = {
    "operator": "an operator",
    "feature": "a built-in feature",
    "aggregate": "an aggregate",
    "dimension kind": "a kind of dimension",
    "source kind": "a kind of source",
    "alias": "a name that shops use",
    "two words": "a word for orders, their numbers",
    "encoding": "an encoding",
    "quantity": "a name of quantities",
    "unit": "a unit of quantities",
    "piece": "a word for pieces in longer names",
    "date format": "a date format",
    "language of dates": "a language of dates",
    "currency": "a sign of a currency",
    "state": "a word for an order",
    "denial": "a word that denies a state",
    "delivery": "a word for a delivery",
    "dispute": "a name of columns of disputes",
    "payment": "a word for a payment",
    "column of kinds": "a name of columns of kinds",
    "column of states": "a name of columns of states",
    "column of refunds": "a name of columns of refunds",
    "price of one piece": "a word for a price of one piece",
    "no money": "a name of whole numbers that are no money",
    "who": "a name that may number a customer",
    "somebody": "a word for somebody",
    "nobody in particular": "an id that names nobody in particular",
    "mended": "a word for what was asked for and denied",
    "line of an order": "a word for a line of an order",
    "discount": "a word for discounts",
    "list price": "a word for a price of a list",
    "form of money": "a word that says how money is written",
    "credit note": "a name of credit notes",
    "tax": "a word for a tax, or for a delivery that is paid for",
    "set": "a word for what a row is a part of",
    "pieces that came back": "a word for pieces that came back",
    "fees": "a word for fees that are kept of a payment",
    "not done": "a word for what can be done",
    "key of a folder": "a name by which files of a folder meet",
    "consent": "a name of columns of consent",
    "total": "a word for rows of totals",
    "decision": "a decision that a run stops for",
    "nobody": "a word that programs write",
    "source key": "a key of a source",
    "output format": "a format of audience files",
    "lint finding": "a finding of the lint",
    "check": "a check of a run",
    "notice": "a notice",
    "command": "a command",
    "published file": "a file of every run",
    "per-persona section": "a key of a persona",
}


def rows() -> dict[str, str]:
    """Where each change is made, by what is added."""
    table = PAGE.partition("## Where to add what")[2]
    return dict(re.findall(r"^\| (an? [^|]+?) \| ([^|]+) \|", table, re.MULTILINE))


def row(change: str) -> str:
    [found] = [where for what, where in rows().items() if what.startswith(CHANGES[change])]
    return found


def names(file: Path) -> set[str]:
    """What a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {t.id for t in targets if isinstance(t, ast.Name)}
    return found


def test_every_room_has_its_floor_and_every_floor_its_rooms() -> None:
    listed = [room for floor in house.floors() for room in floor]
    assert (sorted(listed), len({*listed})) == (sorted(house.rooms()), len(listed))


def test_every_room_says_in_a_line_what_it_is() -> None:
    lines = house.page_of_rooms().splitlines()
    assert [line for line in lines if not re.search(r"\): \S.{15,}", line)] == []


def test_the_page_tells_of_every_change() -> None:
    assert len(rows()) == len(CHANGES) == len({row(change) for change in CHANGES})


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_one_file_or_a_file_and_its_line(change: str) -> None:
    known = re.findall(r"\]\(\.\./([\w/]+\.py)\)(?: `(\w+)`)?", row(change))
    new = re.findall(r"`[\w/]*[A-Z]{4}[\w/.]*` \(new\)", row(change))
    assert 1 <= len(known) + len(new) <= 2
    for file, name in known:
        assert name in names(house.REPO / file), (file, name)


def test_new_files_go_where_there_are_others_like_them() -> None:
    for folder, pattern in re.findall(r"`([\w/]+)/([\w.]*[A-Z]{4}[\w./]*)` \(new\)", PAGE):
        base = house.REPO if folder.startswith("cli") else house.ENGINE
        assert len([*(base / folder).glob(re.sub(r"[A-Z]{4}", "*", pattern))]) > 1, folder
