"""What is printed to be pasted decides all that a run stops for, or names who writes rules; following it leads to the truth."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import polars as pl
import pytest
from harness import Segment

HEAD = "order_id,customer_id,date,Status,sku,"
RULES = {"personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
TOTALS = f"{HEAD}Gesamtbetrag\n" + "".join(
    f"O{n},c{n},2026-02-0{n},{state},{sku},{n}0.00\n"
    for n, state in ((1, "Paid"), (2, "Paid"), (3, "Cancelled"))
    for sku in "xy"
)
#: the files -> what is printed, and the money of what it leads to
PASTED: dict[str, tuple[dict[str, str], str, float]] = {
    "a total on all rows, and a state": (
        {"o.csv": TOTALS},
        "Try: segment run o.csv --map amount='{per_order: Gesamtbetrag}' --where 'Status!=Cancelled'",
        30.0,
    ),
    "other states in each file": (
        {
            "jan.csv": f"{HEAD}amount\nO1,a,2026-01-01,Paid,x,1.00\nO2,b,2026-01-01,Cancelled,x,2.00\n",
            "feb.csv": f"{HEAD}amount\nO3,a,2026-02-01,Paid,x,4.00\nO4,b,2026-02-01,Refunded,x,8.00\n",
        },
        "Try: segment run jan.csv feb.csv --where 'Status!=Cancelled,Refunded'",
        5.0,
    ),
    "a state in one of two files": (
        {
            "jan.csv": f"{HEAD}amount\nO1,a,2026-01-01,Paid,x,1.00\nO2,b,2026-01-01,Cancelled,x,2.00\n",
            "feb.csv": f"{HEAD}amount\nO3,a,2026-02-01,Paid,x,4.00\nO4,b,2026-02-01,Paid,x,8.00\n",
        },
        "Try: segment run jan.csv feb.csv --where 'Status!=Cancelled'",
        13.0,
    ),
    "a state on the first row of each order": (
        {
            "o.csv": f"{HEAD}amount\nO1,a,2026-02-01,Cancelled,x,30.00\nO1,a,2026-02-01,,y,31.00\n"
            "O2,b,2026-02-02,Paid,x,20.00\nO2,b,2026-02-02,,y,21.00\nO3,c,2026-02-03,Paid,x,5.00\n"
        },
        "No option says it; segment init --from o.csv writes rules",
        46.0,
    ),
    "a customer on the first row of each order, and a state": (
        {
            "o.csv": f"{HEAD}amount\nO1,a,2026-02-01,Cancelled,x,30.00\nO1,,2026-02-01,Cancelled,y,31.00\n"
            "O2,b,2026-02-02,Paid,x,20.00\nO2,,2026-02-02,Paid,y,21.00\nO3,c,2026-02-03,Paid,x,5.00\n",
            "p.csv": f"{HEAD}amount\nO7,a,2026-02-01,Paid,x,7.00\n",
        },
        "No option says it; segment init --from o.csv --from p.csv writes rules",
        53.0,
    ),
}


@pytest.mark.parametrize(("files", "printed", "money"), PASTED.values(), ids=PASTED)
def test_what_is_printed_leads_to_the_truth(
    segment: Segment, files: dict[str, str], printed: str, money: float
) -> None:
    stopped = segment("run", *files, files=files | RULES)
    assert stopped.exit_code == 3
    assert f"  {printed}\n" in stopped.err
    if "Try: " in printed:
        [pasted] = {*stopped.tried}
    else:
        assert "Try: " not in stopped.err
        Path("personas.yaml").unlink()
        found = re.findall(r"segment (init .*) writes rules$", stopped.err, re.MULTILINE)
        assert len({*found}) == 1, stopped.err
        assert segment(*shlex.split(found[0])).exit_code == 0
        pasted = "run"
    done = segment(*shlex.split(pasted))
    assert done.exit_code == 0, done.err
    customers = pl.read_parquet("audiences/latest/customers.parquet")
    assert float(customers["monetary"].sum()) == money
