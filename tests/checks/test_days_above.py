"""Days that stand above several orders: a run stops with what to fill down, and `init` writes it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from harness import Segment

from segmentation.rules.yaml import loads

HEAD = "Date,Order,Customer,Amount\n"
RULES = {"personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
#: the rows, what is to be filled down, how many rows and their money, and all money
ABOVE = {
    "each day above its orders": (
        f"{HEAD}2026-02-01,I1,a,10.00\n,I2,b,20.00\n,I3,c,5.00\n2026-02-02,I4,a,30.00\n,I5,d,7.00\n",
        ["Date"],
        "3 rows of 32.00",
        72.0,
    ),
    "a day and a time": (
        "Date,Time,Order,Customer,Amount\n2026-02-01,10:00,I1,a,10.00\n,11:00,I2,b,20.00\n,12:00,I3,c,5.00\n",
        ["Date"],
        "2 rows of 25.00",
        35.0,
    ),
    "without numbers of orders": (
        "Datum;Kunde;Betrag\n01.02.2026;a;10,00\n;b;20,00\n13.02.2026;a;30,00\n;d;7,00\n",
        ["Datum"],
        "2 rows of 27.00",
        67.0,
    ),
    "one blank day": (
        f"{HEAD}2026-02-01,I1,a,10.00\n,I2,b,20.00\n2026-02-03,I3,c,5.00\n",
        None,
        "",
        15.0,
    ),
    "days that are repeated": (
        f"{HEAD}2026-02-01,I1,a,10.00\n2026-02-01,I2,b,20.00\n,I3,c,5.00\n,I4,a,30.00\n",
        None,
        "",
        30.0,
    ),
    "few that are blank": (
        HEAD
        + "".join(f"2026-02-{n:02},I{n},a,1.00\n" for n in range(1, 13))
        + ",J1,b,20.00\n,J2,b,20.00\n",
        None,
        "",
        12.0,
    ),
    "subtotals that name no order": (
        "Customer,Date,Invoice,Amount\nAnn,2026-01-01,1,10\nAnn,2026-01-05,2,20\nAnn Total,,,30\n"
        "Bob,2026-01-02,3,5\nBob Total,,,5\nGrand Total,,,35\n",
        None,
        "",
        35.0,
    ),
    "blank ones above the first day": (
        f"{HEAD},I1,a,10.00\n,I2,b,20.00\n2026-02-01,I3,c,5.00\n",
        None,
        "",
        5.0,
    ),
    "days that cannot be read": (
        f"{HEAD}2026-02-01,I1,a,10.00\nn/k,I2,b,20.00\nn/k,I3,c,5.00\n",
        None,
        "",
        10.0,
    ),
}


@pytest.mark.parametrize(("rows", "fill", "said", "money"), ABOVE.values(), ids=ABOVE)
def test_days_that_stand_above_orders_are_to_be_filled_down(
    segment: Segment, rows: str, fill: list[str] | None, said: str, money: float
) -> None:
    done = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    assert ("and one stands above" in done.err) == bool(fill), done.err
    if fill:
        assert (done.exit_code, f"{said} have no date" in done.err) == (3, True), done.err
        assert "segment init --from o.csv writes rules" in done.err
        Path("personas.yaml").unlink()
        assert segment("init", "--from", "o.csv").exit_code == 0
        source = loads(Path("personas.yaml").read_text(), "p").data["sources"]["transactions"]
        assert source["fill_down"] == fill
        done = segment("run")
    assert done.exit_code == 0, done.err
    customers = pl.read_parquet("audiences/latest/customers.parquet")
    assert float(customers["monetary"].sum()) == money
