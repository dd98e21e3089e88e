"""Guests who have an address and no id are neither left out nor made one customer."""

from __future__ import annotations

import shlex

import pytest
from harness import Segment
from pasting import EVERYONE

RULES = "version: 1\nsources: {{transactions: {{path: o.csv{}}}}}\npersonas: {{everyone: {{columns: [frequency, monetary]}}}}\n"
DAYS = ("2026-01-02", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16", "2026-01-17")


def orders(ids: str, mails: str, who: str = "Customer ID", mail: str = "Customer Email") -> str:
    """Orders of 10.00 each; a dash is a blank cell."""
    rows = zip(DAYS, ids.split(), mails.split(), strict=True)
    lines = (f"{n},{i},{m},{day},10.00\n" for n, (day, i, m) in enumerate(rows))
    return f"order_id,{who},{mail},date,amount\n" + "".join(lines).replace(",-,", ",,")


MAILS = "a@x.de b@x.de c@x.de a@x.de d@x.de c@x.de"
#: ids and names of both columns, of four people who have these addresses
STOPS = {
    "blank": ("4 - - 4 5 -", "Customer ID", "Customer Email"),
    "0": ("4 0 0 4 5 0", "customer_id", "Email"),
    "-1": ("4 -1 -1 4 5 -1", "Customer ID", "billing_email"),
    "guest": ("c4 Guest Guest c4 c5 Guest", "Customer ID", "Email (Billing)"),
    "a word of programs": ("4 NULL NULL 4 5 NULL", "user_id", "e-mail"),
    "German": ("4 Gast Gast 4 5 Gast", "Kundennummer", "E-Mail-Adresse"),
    "French": ("4 0 0 4 5 0", "N° client", "Adresse e-mail"),
    "Spanish": ("4 Invitado Invitado 4 5 Invitado", "ID cliente", "Correo"),
    "Italian": ("4 - - 4 5 -", "Codice cliente", "Email cliente"),
    "Dutch": ("4 Gast Gast 4 5 Gast", "Klantnummer", "E-mailadres"),
}


@pytest.mark.parametrize(("ids", "who", "mail"), STOPS.values(), ids=STOPS)
def test_guests_with_addresses_stop_and_what_is_pasted_counts_them(
    segment: Segment, ids: str, who: str, mail: str
) -> None:
    files = {"o.csv": orders(ids, MAILS, who, mail), "personas.yaml": EVERYONE}
    stopped = segment("run", "o.csv", files=files)
    what = f"{who} names nobody in 3 of 6 rows that were looked at, and {mail} does"
    assert (stopped.exit_code, what in stopped.err) == (3, True), stopped.err
    [pasted] = stopped.tried
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, done.customers.height) == (0, 4), done.err
    assert float(done.customers["monetary"].sum()) == 60.0


def test_init_proposes_the_addresses_as_a_decision(segment: Segment) -> None:
    begun = segment("init", "--from", "o.csv", files={"o.csv": orders("4 0 - 4 5 0", MAILS)})
    assert begun.exit_code == 0, begun.err
    rules = " ".join((begun.folder / "personas.yaml").read_text().split())
    said = "customer_id: Customer Email # decide: or Customer ID, which names nobody in 3 of 6 rows"
    assert said in rules
    assert segment("run").exit_code == 0


#: ids, addresses, and keys of the source: nobody is lost, or somebody decided
PASSES = {
    "everybody has an id": ("4 6 7 4 5 7", MAILS, ""),
    "nobody has an address": ("4 - - 4 5 -", "- - - - - -", ""),
    "few have an address": ("4 - - 4 5 -", "- b@x.de - - - -", ""),
    "rows of who has an id": ("4 6 - 4 - 6", "a@x.de b@x.de b@x.de a@x.de a@x.de b@x.de", ""),
    "ids are declared": ("4 0 0 4 5 0", MAILS, ", columns: {customer_id: Customer ID}"),
    "addresses are declared": ("4 0 0 4 5 0", MAILS, ", columns: {customer_id: Customer Email}"),
    "nobody is declared": ("4 0 0 4 5 0", MAILS, ", missing: ['0']"),
}


@pytest.mark.parametrize(("ids", "mails", "keys"), PASSES.values(), ids=PASSES)
def test_where_no_guest_is_lost_it_runs(segment: Segment, ids: str, mails: str, keys: str) -> None:
    files = {"o.csv": orders(ids, mails), "personas.yaml": RULES.format(keys)}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err


@pytest.mark.parametrize("mail", ["Seller email", "Store email", "Sales rep email"])
def test_addresses_of_others_tell_no_guest(segment: Segment, mail: str) -> None:
    files = {
        "o.csv": orders("4 - - 4 5 -", MAILS, mail=mail),
        "personas.yaml": RULES.format(""),
    }
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err


def test_a_few_guests_among_many_run(segment: Segment) -> None:
    many = "".join(f"{n},{n % 30 + 1},m{n % 30}@x.de,2026-02-03,10.00\n" for n in range(100, 200))
    rows = orders("4 - 6 4 5 6", "a@x.de b@x.de c@x.de a@x.de d@x.de c@x.de") + many
    done = segment("run", files={"o.csv": rows, "personas.yaml": RULES.format("")})
    assert done.exit_code == 0, done.err
