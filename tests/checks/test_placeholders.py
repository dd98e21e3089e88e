"""Customers who are perhaps nobody are said."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "customer_id,order_id,ordered_at,amount\n"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)


def orders(of: dict[str, int]) -> str:
    rows = ((who, n) for who, many in of.items() for n in range(many))
    return HEAD + "".join(f"{who},{who}-{n},2026-01-01,5\n" for who, n in rows)


EACH = {f"c{i}": 5 for i in range(60)}
SAID = {
    "a guest": ({"guest": 3, "c1": 1}, "", "guest is taken for a customer"),
    "two": ({"0": 3, "7": 1, "Unknown": 1}, "", "0, Unknown are taken for customers"),
    "passers-by in German, and a till": (
        {"Laufkundschaft": 3, "Cash Sale": 2, "c1": 1},
        "",
        "Cash Sale, Laufkundschaft are taken for customers",
    ),
    "whoever comes to the counter": ({"Client de passage": 1}, "", "Client de passage is taken"),
    "declared": ({"guest": 3, "c1": 1}, ", missing: [guest]", ""),
    "one buys for all": (
        {**EACH, "till": 40},
        "",
        "one customer has 40 of 340 orders, more than a twentieth",
    ),
    "one buys much": ({**EACH, "till": 15}, "", ""),
    "few customers": ({"a": 40, "b": 3}, "", ""),
}


@pytest.mark.parametrize(("of", "keys", "said"), SAID.values(), ids=SAID)
def test_who_is_perhaps_nobody_is_said(
    segment: Segment, of: dict[str, int], keys: str, said: str
) -> None:
    done = segment("run", files={"o.csv": orders(of), "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 0, done.err
    if said:
        assert said in done.err
    else:
        assert "taken for" not in done.err
        assert "twentieth" not in done.err
