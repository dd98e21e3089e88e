"""A line without an order id has none, whatever ids the others have: no key of ours stands in its place."""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl
import pytest
from harness import Segment

#: the ids of two orders, and what stands where there is none
IDS: Mapping[str, tuple[str, str, str]] = {
    "whole numbers": ("1", "2", ""),
    "numbers far apart": ("1", "9000000000000000", ""),
    "numbers with .0": ("1.0", "2.0", ""),
    "texts": ("A-x", "B-yy", ""),
    "texts that stand for numbers": ("C001", "C002", ""),
    "NULL": ("1", "2", "NULL"),
}
MEASURES = {
    "last": "{last: order_id}",
    "first_of_90": "{first: order_id, within: 90d}",
    "most": "{max: order_id}",
    "ids": "{distinct: order_id}",
    "ids_of_90": "{distinct: order_id, within: 90d, lines: all}",
    "orders": "{count: orders}",
    "lines_without": "{count: lines, where: {order_id: {missing: true}}}",
    "orders_without": "{count: orders, where: {order_id: {missing: true}}}",
}
STORED = ("one file", "two files", "Parquet")
HEAD = "customer_id,order_id,ordered_at,amount"


def _files(rows: list[str], stored: str) -> tuple[dict[str, str | bytes], str]:
    """The files, and what names them in the rules."""
    if stored == "two files":
        parts = {f"t{i}.csv": "\n".join([HEAD, *rows[i::2], ""]) for i in (0, 1)}
        return {**parts}, "[t0.csv, t1.csv]"
    text = "\n".join([HEAD, *rows, ""])
    if stored == "one file":
        return {"t.csv": text}, "t.csv"
    file = io.BytesIO()
    pl.read_csv(text.encode()).write_parquet(file)
    return {"t.parquet": file.getvalue()}, "t.parquet"


@pytest.mark.sampled
@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("kind", IDS)
def test_no_technical_key_stands_for_an_order_without_an_id(
    segment: Segment, kind: str, stored: str
) -> None:
    one, other, none = IDS[kind]
    rows = [
        f"a,{one},2024-01-01,5",
        f"a,{none},2024-01-03,6",
        f"a,{none},2024-01-03,1",
        f"b,{none},2024-01-01,5",
        f"c,{other},2024-01-02,3",
        f"c,{none},2024-01-01,2",
    ]
    files, source = _files(rows, stored)
    features = "".join(f"  {name}: {measure}\n" for name, measure in MEASURES.items())
    rules = f"version: 1\nsources: {{transactions: {source}}}\nfeatures:\n{features}"
    done = segment("run", "--columns", ",".join(MEASURES), files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    first, second = one.removesuffix(".0"), other.removesuffix(".0")
    texts = pl.col("last", "first_of_90", "most").cast(pl.String)
    assert done.customers.select("customer_id", *MEASURES).with_columns(texts).rows() == [
        ("a", first, first, first, 1, 1, 2, 2, 1),
        ("b", None, None, None, 0, 0, 1, 1, 1),
        ("c", second, second, second, 1, 1, 2, 1, 1),
    ]
