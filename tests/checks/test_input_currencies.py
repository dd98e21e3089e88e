"""Currencies that only the names of columns of money speak of: two inputs of two are not added up."""

from __future__ import annotations

import re

import pytest
from harness import Segment

#: the columns of two inputs, the keys of the second -> how the run ends
NAMED = {
    "two codes": ("Total EUR", "Total USD", "", 3),
    "in other places": ("price_eur", "amountUSD", "", 3),
    "signs": ("Betrag (€)", "Total $", "", 3),
    "a sum of such": ("Total EUR", "Net USD + Tax USD", "", 3),
    "one code": ("Total EUR", "Betrag (€)", "", 0),
    "one of them names none": ("Total EUR", "Total", "", 0),
    "a name of two": ("Total EUR", "EUR/USD", "", 0),
    "converted by hand": ("Total EUR", "Total USD * 0.5", "", 0),
    "a dollar of any land": ("Total $", "Total USD", "", 0),
}


def files(one: str, other: str, keys: str) -> dict[str, str]:
    sources = (
        f"[{{path: o.csv, columns: {{amount: {one}}}}}, "
        f"{{path: p.csv, columns: {{amount: {other}{keys}}}]"
    )
    names = [name for name in re.split(r" [+*] ", other) if not name[0].isdigit()]
    return {
        "o.csv": f"order_id,customer_id,ordered_at,{one}\n1,a,2026-01-01,4\n",
        "p.csv": f"order_id,customer_id,ordered_at,{','.join(names)}\n2,a,2026-01-02,{','.join('4' for _ in names)}\n",
        "personas.yaml": f"version: 1\nsources: {{transactions: {sources}}}\npersonas: {{everyone: {{}}}}\n",
    }


@pytest.mark.parametrize(("one", "other", "keys", "code"), NAMED.values(), ids=NAMED)
def test_currencies_in_the_names_of_columns_are_seen(
    segment: Segment, one: str, other: str, keys: str, code: int
) -> None:
    done = segment("run", files=files(one, other, keys + "}"))
    assert (done.exit_code, "no sum of several currencies" in done.err) == (code, code == 3), (
        done.err
    )


def test_what_is_proposed_converts_them(segment: Segment) -> None:
    done = segment("run", files=files("Total EUR", "Total USD", "}"))
    assert "`columns: {currency: {constant: USD}}` and `rates: {EUR: 1, USD: <rate>}`" in done.err
    keys = ", currency: {constant: USD}}, rates: {EUR: 1, USD: 0.5}"
    done = segment("run", files=files("Total EUR", "Total USD", keys))
    assert (done.exit_code, [float(n) for n in done.customers["monetary"]]) == (0, [6.0]), done.err
