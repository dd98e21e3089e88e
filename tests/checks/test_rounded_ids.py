"""Ids of orders and products in the scientific notation of a spreadsheet: several have become one."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "customer_id,ordered_at,order_id,product_id,amount\n"


def rows(order: str, product: str) -> str:
    lines = (f"c{i},2025-01-{i % 28 + 1:02},{order},{product},10\n" for i in range(60))
    return HEAD + "o1,2025-01-01,a1,p1,5\n" + "".join(lines)


FEW = HEAD + "".join(f"c{i},2025-01-02,{i or '4.0128e+10'},p1,10\n" for i in range(150))
ROUNDED = {
    "one of many, as R writes it": (FEW, ""),
    "orders": (rows("4.50001E+12", "p1"), "60 rows of 61 have an order_id in scientific notation"),
    "products": (
        rows("a2", "4.50001E+12"),
        "60 rows of 61 have a product_id in scientific notation",
    ),
    "none": (rows("a2", "4E12"), ""),
}


@pytest.mark.parametrize(("content", "said"), ROUNDED.values(), ids=ROUNDED)
def test_orders_and_products_that_a_spreadsheet_rounded_stop_the_run(
    segment: Segment, content: str, said: str
) -> None:
    rules = "version: 1\nsources: {transactions: o.csv}\npersonas: {p: {match: {did: {event: purchase, where: {product_id: p1}}}}}\n"
    stop = segment("run", files={"o.csv": content, "personas.yaml": rules})
    assert stop.exit_code == (3 if said else 0), stop.err
    assert said in stop.err
    if said:
        done = segment("run", files={"personas.yaml": stop.signed})
        assert done.exit_code == 0, done.err
