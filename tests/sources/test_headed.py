"""Customers who stand alone in a line above their rows: a run says what reads them, and `init` writes it."""

from __future__ import annotations

import shlex
from pathlib import Path

import polars as pl
import pytest
from harness import Result, Segment

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


QB = (
    '"Sales by Customer Detail"\n"Craig\'s Design"\n"January - December, 2024"\n\n'
    ",Date,Transaction Type,Num,Product/Service,Memo/Description,Qty,Sales Price,Amount,Balance\n"
    "Anna Smith,,,,,,,,,\n,01/13/2024,Invoice,1001,Tee,,2,10.00,20.00,20.00\n"
    ",01/15/2024,Invoice,1002,Mug,,1,5.00,5.00,25.00\nTotal for Anna Smith,,,,,,,,$25.00,\n"
    "Bob Ray,,,,,,,,,\n,02/20/2024,Invoice,1003,Tee,,1,10.00,10.00,10.00\n"
    "Total for Bob Ray,,,,,,,,$10.00,\nTOTAL,,,,,,,,$35.00,\n"
)
DESKTOP = (
    ",Type,Date,Num,Memo,Name,Item,Qty,Sales Price,Amount,Balance\nAnna Smith,,,,,,,,,,\n"
    ",Invoice,01/13/2024,1001,,Anna Smith,Tee,2,10.00,20.00,20.00\n"
    ",Invoice,01/15/2024,1002,,Anna Smith,Mug,1,5.00,5.00,25.00\nTotal Anna Smith,,,,,,,3,,25.00,\n"
    "Bob Ray,,,,,,,,,,\n,Invoice,02/20/2024,1003,,Bob Ray,Tee,1,10.00,10.00,10.00\n"
    "Total Bob Ray,,,,,,,1,,10.00,\nTOTAL,,,,,,,4,,35.00,\n"
)
XERO = (
    "Sales by Customer\nDemo Company\nFor the period 1 January 2024 to 31 December 2024\n\n"
    "Contact,Date,Invoice Number,Description,Quantity,Unit Price,Gross\nAnna Smith,,,,,,\n"
    ",13 Jan 2024,INV-1,Tee,2,10.00,20.00\n,15 Jan 2024,INV-2,Mug,1,5.00,5.00\nTotal Anna Smith,,,,3,,25.00\n"
    "Bob Ray,,,,,,\n,20 Feb 2024,INV-3,Tee,1,10.00,10.00\nTotal Bob Ray,,,,1,,10.00\nTotal,,,,4,,35.00\n"
)
GERMAN = (
    "Umsatz nach Kontakt\nMuster GmbH\n\nKontakt;Datum;Beleg;Artikel;Betrag\nMeier, Anna;;;;\n"
    ";13.01.2024;R1;Hemd;20,00\n;15.01.2024;R2;Tasse;5,00\nSumme Meier;;;;25,00\nRay, Bob;;;;\n"
    ";20.02.2024;R3;Hemd;10,00\nSumme Ray;;;;10,00\n"
)
#: reports of accounting programs: what is pasted once, and what init writes, lead to two customers and 35.00
REPORTS = {"QuickBooks": QB, "QuickBooks Desktop": DESKTOP, "Xero": XERO, "in German": GERMAN}


@pytest.mark.parametrize("rows", REPORTS.values(), ids=REPORTS)
def test_reports_of_accounting_programs_are_read_after_one_correction(
    segment: Segment, rows: str
) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    pasted = stopped.tried
    assert (stopped.exit_code, len(pasted)) == (3, 1), stopped.err
    done = segment(*shlex.split(pasted[0]))
    assert (done.exit_code, _sums(done)) == (0, (2, 35.0)), done.err
    Path("personas.yaml").unlink()
    assert segment("init", "--from", "o.csv").exit_code == 0
    done = segment("run")
    assert (done.exit_code, _sums(done)) == (0, (2, 35.0)), done.err


def _sums(done: Result) -> tuple[int, float]:
    return done.customers.height, float(done.customers["monetary"].sum())


def test_customers_of_every_row_do_not_stand_above(segment: Segment) -> None:
    """A first column of texts that is filled in rows with a day is none of headings."""
    rows = "Kanal,Datum,Betrag\nweb,2026-02-01,5.00\nshop,2026-02-02,6.00\n"
    done = segment("run", "o.csv", files={"o.csv": rows} | RULES)
    assert (done.exit_code, "in a line above" in done.err) == (3, False), done.err


def test_what_reads_headings_is_printed_as_a_command(segment: Segment) -> None:
    stopped = segment("run", "o.csv", files={"o.csv": HEAD + ANN + BOB} | RULES)
    [pasted] = stopped.tried
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, _sums(done)) == (0, (2, 42.0)), done.err
