"""Quantities with a unit beside them: one of one kind is read and said, several stop the run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from harness import Segment

RULES = {"personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}


def lines(quantities: Sequence[str], first: int = 1) -> str:
    rows = (f"O{n};c{n};2026-01-{n:02};{q};{n},50\n" for n, q in enumerate(quantities, first))
    return f"order_id;customer_id;ordered_at;quantity;unit_price\n{''.join(rows)}"


#: quantities -> what they are
READ = {
    "pieces": (("2 pcs", "3 pcs", "1 pc"), (2, 3, 1)),
    "in German": (("2 Stk.", "3 Stk", "1 Stück"), (2, 3, 1)),
    "in French": (("2 pièces", "3 pièces", "1 pièce"), (2, 3, 1)),
    "in Spanish": (("2 uds.", "3 uds.", "1 ud."), (2, 3, 1)),
    "in Italian": (("2 pezzi", "3 pz", "1 pezzo"), (2, 3, 1)),
    "in Dutch": (("2 stuks", "3 stuks", "1 stuk"), (2, 3, 1)),
    "in Polish": (("2 szt.", "3 szt.", "1 sztuka"), (2, 3, 1)),
    "weights": (("1,5 kg", "2 kg", "0,25 kg"), (1.5, 2, 0.25)),
    "grams": (("500 g", "250g", "1.000 Gramm"), (500, 250, 1000)),
    "times": (("2 x", "3x", "1 ×"), (2, 3, 1)),
    "times before": (("x2", "x 3", "x1"), (2, 3, 1)),
    "returns": (("2 Stk", "-1 Stk", "1- Stk"), (2, -1, -1)),
    "a word that is not known": (("2 Rollen", "3 Rollen", "1 Rollen"), (2, 3, 1)),
    "blank in one row": (("2 pcs", "3 pcs", "1 pcs", ""), (2, 3, 1, 0)),
    "none": (("2", "3", "1"), (2, 3, 1)),
}


@pytest.mark.parametrize(("written", "meant"), READ.values(), ids=READ)
def test_one_unit_is_read(
    segment: Segment, written: tuple[str, ...], meant: tuple[float, ...]
) -> None:
    options = ("--map", "amount=quantity * unit_price")  # returns are decided
    done = segment("run", "o.csv", *options, files={"o.csv": lines(written)} | RULES)
    assert done.exit_code == 0, done.err
    sold = sum(
        q * (n + 0.5) for n, q in enumerate(meant, 1) if q > 0
    )  # who only returned is no customer
    assert sum(float(money) for money in done.customers["monetary"]) == pytest.approx(sold)
    is_said = "quantity is read without its unit" in done.err
    assert is_said == any(char.isalpha() or char == "×" for char in "".join(written))


def test_what_init_writes_reads_them(segment: Segment) -> None:
    assert (
        segment("init", "--from", "o.csv", files={"o.csv": lines(("2 Stk.", "1,5 Stk."))}).exit_code
        == 0
    )
    done = segment("run")
    assert (done.exit_code, sum(map(float, done.customers["monetary"]))) == (0, 2 * 1.5 + 1.5 * 2.5)


#: quantities of one file that are in several units
MIXED = {
    "grams and kilos": (("500 g", "1 kg", "250 g"), "g (2), kg (1)"),
    "pieces and kilos": (("2 Stk", "1,5 kg", "3 Stk"), "Stk (2), kg (1)"),
    "boxes and bottles": (("2 boxes", "6 bottles", "1 box"), "bottles (1), box (1), boxes (1)"),
}


@pytest.mark.parametrize(("written", "told"), MIXED.values(), ids=MIXED)
def test_several_units_stop(segment: Segment, written: tuple[str, ...], told: str) -> None:
    done = segment("run", "o.csv", files={"o.csv": lines(written)} | RULES)
    assert (done.exit_code, f"quantity holds several units: {told}" in done.err) == (3, True)
    [pasted] = re.findall(r"paid for the row: segment (.*)$", done.err, re.MULTILINE)
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, sum(map(float, done.customers["monetary"]))) == (0, 7.5)
    Path("personas.yaml").unlink()
    assert segment("init", "--from", "o.csv").exit_code == 3


#: units of which each has its price, and those of which no price is that of both -> whether a formula decides
FORMULAS = {
    "pieces, kilos and litres": (("2 Stk", "1,5 kg", "3 l"), True),
    "pieces and kilos, in English": (("2 pcs", "1.5 kg", "3 pcs"), True),
    "grams and kilos": (("500 g", "1 kg", "250 g"), False),
    "boxes and pieces": (("2 boxes", "6 pcs", "1 box"), False),
}


@pytest.mark.parametrize(("written", "is_door"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_decides_where_each_unit_has_its_price(
    segment: Segment, written: tuple[str, ...], is_door: bool
) -> None:
    told = segment("run", "o.csv", files={"o.csv": lines(written)} | RULES)
    assert (told.exit_code, "is that of one of each unit: segment" in told.err) == (3, is_door)
    done = segment("run", "o.csv", "--map", "amount=quantity * unit_price")
    assert (done.exit_code == 0, "If  is" in done.err) == (is_door, False), done.err


def test_another_unit_in_another_file_stops(segment: Segment) -> None:
    files = {"jan.csv": lines(("1 kg", "2 kg")), "feb.csv": lines(("500 g", "250 g"), 3)}
    done = segment("run", *files, files=files | RULES)
    assert (done.exit_code, "quantity is in g, and in kg in jan.csv" in done.err) == (3, True), (
        done.err
    )


def test_units_of_quantities_that_make_no_amount_stop_nothing(segment: Segment) -> None:
    rows = "order_id;customer_id;ordered_at;quantity;amount\nO1;a;2026-01-01;500 g;3\nO2;b;2026-01-02;1 kg;4\n"
    done = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    assert done.exit_code == 0, done.err
