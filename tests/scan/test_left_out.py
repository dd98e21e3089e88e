"""Who is left out as they have no order: the number is of the data, not of the rules."""

from __future__ import annotations

import pytest
from harness import Segment

FILES = {
    "t.csv": "customer_id,ordered_at,amount\nbuyer,2024-01-01,5\nreturner,2024-01-02,-5\nfree,2024-01-02,0\n",
    "c.csv": "customer_id,gender\nbuyer,f\nlisted,m\n",
    "e.csv": "customer_id,occurred_at,event\nbuyer,2024-01-01,visit\nvisitor,2024-01-02,visit\nlisted,2024-01-02,call\n",
}
ALL = "{transactions: t.csv, customers: c.csv, events: e.csv}"
#: returner, free, listed and visitor have no order
ROWS = {
    "nothing": (ALL, "", 4),
    "an event": (ALL, "features: {n: {count: events, event: visit}}", 4),
    "another event": (ALL, "features: {n: {count: events, event: call}}", 4),
    "customers": (ALL, "suppress: [{gender: x}]\nnotices: {unseen-value: warn}", 4),
    "all lines": (ALL, "features: {n: {sum: amount, lines: all}}", 4),
    "no events there": ("{transactions: t.csv, customers: c.csv}", "", 3),
    "lines alone": ("{transactions: t.csv}", "", 2),
    "everyone is in": (ALL, "base: everyone", None),
}


@pytest.mark.parametrize(("sources", "rules", "left_out"), ROWS.values(), ids=ROWS)
def test_how_many_are_left_out_does_not_depend_on_what_rules_read(
    segment: Segment, sources: str, rules: str, left_out: int | None
) -> None:
    text = f"version: 1\nsources: {sources}\npersonas: {{p: {{match: {{}}}}}}\n{rules}\n"
    result = segment("run", files={**FILES, "personas.yaml": text})
    assert result.exit_code == 0, result.err
    expected = {} if left_out is None else {"customers without an order": left_out}
    assert result.manifest["left_out"] == expected
