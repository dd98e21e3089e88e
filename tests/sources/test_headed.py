"""Customers who stand alone in a line above their rows: a run says what reads them, and `init` writes it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from harness import Segment

HEAD = "Customer,Date,Num,Amount\n"
RULES = {"personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
ANN = "Ann Smith,,,\n,2026-02-01,I1,10.00\n,2026-02-02,I2,12.00\n"
BOB = "Bob Jones,,,\n,2026-02-01,I3,20.00\n"
#: the rows -> customers and money that `init` leads to; None where nothing is proposed
HEADED = {
    "lines of customers": (HEAD + ANN + BOB, (2, 42.0)),
    "with a total": (f"{HEAD}{ANN}{BOB}Total,,,42.00\n", (2, 42.0)),
    "with totals of each": (
        f"{HEAD}{ANN}Total Ann Smith,,,22.00\n{BOB}Total Bob Jones,,,20.00\nTotal,,,42.00\n",
        (2, 42.0),
    ),
    "in German": (
        "Kunde;Datum;Betrag\nMeier;;\n;01.02.2026;10,00\nHuber;;\n;13.02.2026;20,00\n",
        (2, 30.0),
    ),
    "sales above the first customer": (f"{HEAD},2026-02-01,I0,5.00\n{ANN}{BOB}", None),
    "no customers at all": (f"{HEAD},2026-02-01,I0,5.00\n,2026-02-01,I1,6.00\n", None),
    "days that cannot be read": (f"{HEAD}Ann,n/k,I1,5.00\nBob,n/k,I2,6.00\n", None),
}


@pytest.mark.parametrize(("rows", "read"), HEADED.values(), ids=HEADED)
def test_customers_above_their_rows_are_filled_down(
    segment: Segment, rows: str, read: tuple[int, float] | None
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    assert stopped.exit_code == 3
    assert ("Customers stand alone above their rows" in stopped.err) == bool(read), stopped.err
    Path("personas.yaml").unlink()
    made = segment("init", "--from", "o.csv")
    if read is None:
        return
    assert made.exit_code == 0, made.err
    done = segment("run")
    assert done.exit_code == 0, done.err
    customers = pl.read_parquet("audiences/latest/customers.parquet")
    assert (customers.height, float(customers["monetary"].sum())) == read
