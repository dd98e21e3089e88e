"""What tests of bad input share: two good rows, and a table of rows."""

from __future__ import annotations

from collections.abc import Mapping

HEAD = "customer_id,order_id,ordered_at,amount"
GOOD = f"{HEAD}\na,1,2024-01-01,5\nb,2,2024-01-02,7\n"


Files = Mapping[str, str | bytes]


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"
