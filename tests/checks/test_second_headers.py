"""Two exports in one file: a header in mid-file says in which order the cells below it stand."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "customer_id,ordered_at,order_id,amount\n"
ROWS = "1,2025-01-01,7,10\n2,2025-01-02,8,20\n"
SECOND = {
    "in another order": ("customer_id,ordered_at,amount,order_id\n1,2025-02-01,10,900\n", 3),
    "in another order, marked": (
        '\ufeff"Customer ID",ordered_at,Amount,order_id\n1,2025-02-01,10,900\n',
        3,
    ),
    "in the same order": ("customer_id,ordered_at,order_id,amount\n1,2025-02-01,900,10\n", 0),
}


@pytest.mark.parametrize(("more", "code"), SECOND.values(), ids=SECOND)
def test_a_second_header_in_another_order_stops_the_run(
    segment: Segment, more: str, code: int
) -> None:
    done = segment("run", "o.csv", files={"o.csv": HEAD + ROWS + more})
    assert done.exit_code == code, done.err
    said = "o.csv:4: this row is a header whose columns stand in another order"
    assert (said in done.err) is (code == 3)
    assert code or done.customers["monetary"].to_list() == [20, 20]
