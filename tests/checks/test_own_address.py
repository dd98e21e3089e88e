"""Refunds in a file of payments: their sender is the shop, and not who bought."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from harness import Segment

RULES = "version: 1\n{sources}personas: {{everyone: {{columns: [frequency, monetary]}}}}\n"
COLUMNS = "{customer_id: From Email Address, ordered_at: Date, amount: Gross}"
HEAD = "Date,Type,Gross,From Email Address,To Email Address\n"
SALES = (
    "2026-01-03,Payment,35.00,a@x.de,shop@tee.de\n2026-01-04,Payment,20.00,b@x.de,shop@tee.de\n"
    "2026-01-05,Payment,15.00,c@x.de,Shop@tee.de\n"
)
REFUND = "2026-01-06,Payment Refund,-35.00,shop@tee.de,a@x.de\n"
PAID_OUT = "2026-01-07,Mass Pay,-10.00,shop@tee.de,supplier@y.de\n"


def rules(keys: str = "") -> str:
    source = f"sources: {{transactions: {{path: p.csv, columns: {COLUMNS}{keys}}}}}\n"
    return RULES.format(sources=source)


#: rows beside the sales -> in how many the shop is the customer
STOPS = {
    "a refund": (REFUND, "1 row"),
    "a payment out": (PAID_OUT, "1 row"),
    "written otherwise": (REFUND + PAID_OUT.replace("shop@", "SHOP@"), "2 rows"),
    "a refund far down": (
        "".join(f"2026-02-01,Payment,1.00,c{n}@x.de,shop@tee.de\n" for n in range(3000))
        + REFUND
        + 2000 * SALES,
        "1 row",
    ),
}


@pytest.mark.parametrize(("rows", "said"), STOPS.values(), ids=STOPS)
def test_refunds_of_the_shops_own_address_stop(segment: Segment, rows: str, said: str) -> None:
    files = {"p.csv": HEAD + SALES + rows, "personas.yaml": rules()}
    stopped = segment("run", files=files)
    what = f"From Email Address holds in {said} below zero the address that most rows are paid to (To Email Address)"
    assert (stopped.exit_code, what in stopped.err) == (3, True), stopped.err
    assert "shop@tee.de" not in stopped.err


def test_what_is_written_takes_them_off_who_bought(segment: Segment) -> None:
    files = {"p.csv": HEAD + SALES + REFUND + PAID_OUT, "personas.yaml": rules()}
    stopped = segment("run", files=files)
    [sources] = re.findall(r"in the rules: (sources: .*\]\})[.] Where", stopped.err)
    done = segment("run", files={"personas.yaml": RULES.format(sources=f"{sources}\n")})
    assert done.exit_code == 0, done.err
    found = dict(done.customers.select("customer_id", "monetary").iter_rows())
    assert {who: float(money) for who, money in found.items() if money} == {
        "b@x.de": 20.0,
        "c@x.de": 15.0,
    }


def test_what_is_pasted_leaves_them_out(segment: Segment) -> None:
    maps = "--map 'customer_id=From Email Address' --map ordered_at=Date --map amount=Gross"
    files = {"p.csv": HEAD + SALES + REFUND, "personas.yaml": RULES.format(sources="")}
    stopped = segment("run", "p.csv", *shlex.split(maps), files=files)
    [pasted] = {*stopped.tried}
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, 70.0), done.err


#: rows beside the sales, keys of the source -> what runs
PASSES = {
    "sales alone": ("", ""),
    "a customer who sent something back": ("2026-01-06,Payment,-5.00,a@x.de,shop@tee.de\n", ""),
    "who takes the money buys as well": (
        "2026-01-06,Payment,5.00,shop@tee.de,other@tee.de\n",
        "",
    ),
    "rows above zero are chosen": (REFUND, ", where: {Gross: {more_than: 0}}"),
    "senders are chosen": (REFUND, ", where: {From Email Address: {is_not: shop@tee.de}}"),
}


@pytest.mark.parametrize(("rows", "keys"), PASSES.values(), ids=PASSES)
def test_what_is_no_refund_of_the_shop_runs(segment: Segment, rows: str, keys: str) -> None:
    done = segment("run", files={"p.csv": HEAD + SALES + rows, "personas.yaml": rules(keys)})
    assert done.exit_code == 0, done.err


PAYMENTS = "Date,Type,Gross,{sender},{receiver}\n" + "".join(
    f"2026-01-{day:02},Payment,{day}.00,c{day}@x.de,shop@tee.de\n" for day in range(3, 29)
)
#: how a file calls who sent and who received: each sent once
ADDRESSES = {
    "PayPal": ("From Email Address", "To Email Address"),
    "in German": ("Absender E-Mail-Adresse", "Empfänger E-Mail-Adresse"),
    "in French": ("De l'adresse email", "À l'adresse email"),
    "in Spanish": ("Correo electrónico del remitente", "Correo electrónico del destinatario"),
    "in Italian": ("Indirizzo email mittente", "Indirizzo email destinatario"),
    "in Dutch": ("Van e-mailadres", "Naar e-mailadres"),
}


@pytest.mark.parametrize(("sender", "receiver"), ADDRESSES.values(), ids=ADDRESSES)
@pytest.mark.parametrize("refund", ["2026-01-29,Refund,-3.00,shop@tee.de,c3@x.de\n", ""])
def test_the_address_that_most_rows_are_paid_to_is_no_customer(
    segment: Segment, sender: str, receiver: str, refund: str
) -> None:
    rows = PAYMENTS.format(sender=sender, receiver=receiver) + refund
    files = {"p.csv": rows, "personas.yaml": RULES.format(sources="")}
    done = segment("run", "p.csv", files=files)
    for _ in range(2 if refund else 1):
        [pasted] = {*done.tried}
        assert f"customer_id={sender}" in shlex.split(pasted), pasted
        done = segment(*shlex.split(pasted))
    assert done.exit_code == 0, done.err
    assert (done.customers.height, float(done.customers["monetary"].sum())) == (26, 403.0)
    assert segment("init", "x", "--from", "p.csv").exit_code == 0
    assert f"customer_id: {sender}" in Path("x/personas.yaml").read_text()
