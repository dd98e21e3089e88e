"""Who is left out as they have no order: the number is of the data, not of the rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
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


#: ids of orders as text, ids of events as the Parquet file holds them, and how many have no order
PARQUET = {
    "whole numbers": (["1", "2"], [1, 2, 3, 3], 1),
    "text": (["a", "b"], ["a", "c", "d", "c"], 2),
    "zeros before": (["007", "8"], ["7", "007", "8"], 1),
    "zeros before, against numbers": (["007", "8"], [7, 8], 1),
    "a letter among the buyers": (["1", "x"], [1, 2], 1),
    "near 2^63": (["9223372036854775807"], [9223372036854775807, 9223372036854775806], 1),
    "without an id": (["1"], [1, None], 0),
    "nobody new": (["1", "2"], [2, 1], 0),
}


@pytest.mark.parametrize("read", ["events are read", "nothing reads them"])
@pytest.mark.parametrize(("buyers", "ids", "left_out"), PARQUET.values(), ids=PARQUET)
def test_events_of_parquet_are_counted_as_those_of_text_are(
    segment: Segment,
    tmp_path: Path,
    buyers: list[str],
    ids: list[object],
    left_out: int,
    read: str,
) -> None:
    days = [date(2024, 1, 1)] * len(ids)
    events = pl.DataFrame({"customer_id": ids, "occurred_at": days, "event": ["visit"] * len(ids)})
    events.write_parquet(tmp_path / "e.parquet")
    lines = "".join(f"{buyer},2024-01-01,5\n" for buyer in buyers)
    features = "features: {n: {count: events, event: visit}}\n" if read == "events are read" else ""
    result = segment(
        "run",
        files={
            "t.csv": f"customer_id,ordered_at,amount\n{lines}",
            "personas.yaml": "version: 1\nsources: {transactions: t.csv, events: e.parquet}\n"
            f"personas: {{p: {{match: {{}}}}}}\n{features}",
        },
    )
    assert result.exit_code == 0, result.err
    assert result.manifest["left_out"] == {"customers without an order": left_out}
