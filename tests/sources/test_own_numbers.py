"""Columns without a meaning of their own that rules read as numbers follow the file's number format."""

from __future__ import annotations

import polars as pl
import pytest
from harness import Segment

RULES = """
version: 1
sources: {{transactions: {{path: o.csv{keys}}}, customers: c.csv, events: e.csv}}
features:
  tax_total: {{sum: tax}}
  tax_mean: {{mean: tax}}
  tax_most: {{max: tax}}
  visit_value: {{sum: value, event: visit}}
personas:
  everyone: {{columns: [tax_total, tax_mean, tax_most, visit_value, size]}}
  taxed: {{match: {{did: {{event: purchase, where: {{tax: {{more_than: 10}}}}}}}}}}
  scored: {{match: {{score: {{at_least: 1000}}}}}}
"""

FILES = {
    "decimal commas": (
        "customer_id;ordered_at;amount;tax;size\na;2026-01-01;10,50;14,35;38,5\na;2026-01-02;7,00;2,00;38,5\n",
        "customer_id;score;size\na;1.200,5;38,5\n",
        "customer_id;occurred_at;event;value\na;2026-01-02;visit;2,50\na;2026-01-02;visit;1.000,00\n",
        "",
    ),
    "currencies": (
        'customer_id,ordered_at,amount,tax\na,2026-01-01,10.50,$14.35\na,2026-01-02,7.00,"$2.00"\n',
        'customer_id,score,size\na,"1,200.50","38,5"\n',
        'customer_id,occurred_at,event,value\na,2026-01-02,visit,2.50 $\na,2026-01-02,visit,"1,000.00 $"\n',
        "",
    ),
    "declared": (
        "customer_id;ordered_at;amount;tax\na;2026-01-01;10;14,35\na;2026-01-02;7;2\n",
        "customer_id;score;size\na;1.200,5;38,5\n",
        "customer_id;occurred_at;event;value\na;2026-01-02;visit;2,5\na;2026-01-02;visit;1000\n",
        ", decimal: ','",
    ),
}


PRICES = "order_id;amount\n1;1.250\n2;2.400\n"
BESIDE = """
version: 1
sources:
  transactions: {{path: o.csv, join: {{path: c.csv, key: order_id{}}}, columns: {{amount: amount + shipping}}}}
personas: {{everyone: {{columns: [monetary]}}}}
"""


@pytest.mark.parametrize(("sign", "spend"), [(",", [1254.5, 2404.95]), (".", [5.75, 7.35])])
def test_a_joined_file_declares_its_own_decimal_sign(
    segment: Segment, sign: str, spend: list[float]
) -> None:
    orders = "order_id,customer_id,ordered_at,shipping\n1,a,2026-01-01,4.50\n2,b,2026-01-01,4.95\n"
    files = {"o.csv": orders, "c.csv": PRICES, "personas.yaml": BESIDE.format("")}
    stopped = segment("run", files=files)
    assert stopped.exit_code == 3, stopped.err
    way = f"decimal: '{sign}'"
    assert f"`{way}`" in stopped.err
    followed = segment("run", files={"personas.yaml": BESIDE.format(f", {way}")})
    assert followed.exit_code == 0, followed.err
    assert [float(m) for m in followed.customers.sort("customer_id")["monetary"]] == spend


@pytest.mark.parametrize(("orders", "customers", "events", "keys"), FILES.values(), ids=FILES)
def test_a_column_that_is_read_as_numbers_is_written_as_the_file_writes_them(
    segment: Segment, orders: str, customers: str, events: str, keys: str
) -> None:
    files = {"o.csv": orders, "c.csv": customers, "e.csv": events}
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 0, done.err
    [row] = pl.read_csv("audiences/latest/personas/everyone.csv").rows(named=True)
    assert (row["tax_total"], row["tax_mean"], row["tax_most"]) == (16.35, 8.175, 14.35)
    assert row["visit_value"] == 1002.5
    assert row["size"] == "38,5"  # nobody reads it as a number
    assert done.ids("taxed") == done.ids("scored") == ["a"]
