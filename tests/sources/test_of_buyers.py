"""Customers and events are told by the column that the transactions' customers are told by, where it is there."""

from __future__ import annotations

import pytest
from harness import Segment

from segmentation.rules.yaml import loads

ORDERS = "order_id,Kundennr,date,amount\n1,1001,2026-01-05,10\n2,1002,2026-01-06,20\n"
BY = "{path: o.csv, columns: {customer_id: Kundennr}}"
#: the header of customers, and the column that is read
HEADERS = {
    "beside an address": ("Kundennr,E-Mail,Land", "Kundennr"),
    "in capitals": ("KUNDENNR,E-Mail,Land", "KUNDENNR"),
    "beside an id of its own": ("Kundennr,customer_id,Land", "Kundennr"),
}


def rules(source: str, rest: str) -> str:
    return f"version: 1\nsources: {{transactions: {BY}, {source}}}\n{rest}\n"


@pytest.mark.parametrize(("head", "column"), HEADERS.values(), ids=HEADERS)
def test_customers_are_told_as_buyers_are(segment: Segment, head: str, column: str) -> None:
    text = rules("customers: k.csv", "personas: {p: {match: {Land: {is_not: DE}}}}")
    rows = f"{head}\n1001,a@x.de,DE\n1002,b@x.de,AT\n"
    done = segment("run", files={"o.csv": ORDERS, "k.csv": rows, "personas.yaml": text})
    assert (done.exit_code, done.ids("p")) == (0, ["1002"]), done.err
    assert f"customers: customer_id is read from {column}" in done.err


def test_events_are_told_as_buyers_are(segment: Segment) -> None:
    text = rules("events: {path: e.csv, event: x}", "personas: {p: {}}\nsuppress: [{did: x}]")
    rows = "E-Mail,Kundennr,occurred_at\na@x.de,1001,2026-01-01\n"
    done = segment("run", files={"o.csv": ORDERS, "e.csv": rows, "personas.yaml": text})
    assert (done.exit_code, done.ids("p")) == (0, ["1002"]), done.err


def test_init_tells_them_so(segment: Segment) -> None:
    rows = "Kundennr,E-Mail,Land\n1001,a@x.de,DE\n1002,b@x.de,AT\n"
    files = {"o.csv": ORDERS, "k.csv": rows}
    done = segment("init", "i", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert done.exit_code == 0, done.err
    source = loads((done.folder / "i/personas.yaml").read_text(), "p").data["sources"]["customers"]
    assert source["columns"]["customer_id"] == "Kundennr"


OTHER = "Medlem,E-Mail,Land\n1001,a@x.de,DE\n1002,b@x.de,AT\n"
NONE = "of 2 customers who ordered none has a row in customers"
#: source, other rules -> the exit code, and whether it is said that nobody meets
MET = {
    "a persona asks": ("customers: k.csv", "personas: {p: {match: {Land: {is_not: DE}}}}", 3, True),
    "nobody asks": ("customers: k.csv", "personas: {p: {}}", 0, True),
    "signed": (
        "customers: k.csv",
        "personas: {p: {match: {Land: AT}}}\nnotices: {ids-do-not-meet: warn}",
        0,
        True,
    ),
    "as is advised": (
        "customers: {path: k.csv, columns: {customer_id: Medlem}}",
        "personas: {p: {match: {Land: {is_not: DE}}}}",
        0,
        False,
    ),
}


@pytest.mark.parametrize(("source", "rest", "code", "is_said"), MET.values(), ids=MET)
def test_customers_of_whom_nobody_ordered_are_told(
    segment: Segment, source: str, rest: str, code: int, *, is_said: bool
) -> None:
    files = {"o.csv": ORDERS, "k.csv": OTHER, "personas.yaml": rules(source, rest)}
    done = segment("run", files=files)
    assert (done.exit_code, NONE in done.err) == (code, is_said), done.err
    advice = "Medlem holds ids of buyers: columns: {customer_id: Medlem}"
    assert (advice in done.err) == is_said


DAYS = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08")
#: heads and rows of orders (beside number, day and amount) and of customers -> the columns that init tells them by
MEETING = {
    "an address beside an id": (
        "Buyer Email",
        ["u{i}@x.org"],
        "ID,E-Mail Address",
        ["10{i},U{i}@x.org"],
        ("Buyer Email", "E-Mail Address"),
    ),
    "a code beside an id": (
        "Customer",
        ["K{i}"],
        "customer_id,Code",
        ["10{i},K{i}"],
        ("Customer", "Code"),
    ),
    "an address of orders": (
        "Customer ID,Email",
        ["50{i},u{i}@x.org"],
        "Email,City",
        ["u{i}@x.org,Bonn"],
        ("Email", "Email"),
    ),
    "two others": (
        "Customer ID,Email",
        ["50{i},u{i}@x.org"],
        "Kundennummer,Mail",
        ["10{i},u{i}@x.org"],
        ("Email", "Mail"),
    ),
    "those that were found": (
        "Customer ID,Email",
        ["10{i},u{i}@x.org"],
        "Kundennummer,Mail",
        ["10{i},u{i}@x.org"],
        ("Customer ID", "Kundennummer"),
    ),
    "words that many share are no ids": (
        "Customer,Town",
        ["K{i},Bonn"],
        "ID,City",
        ["10{i},Bonn"],
        ("Customer", "ID"),
    ),
    "nothing meets": ("Customer", ["K{i}"], "ID,City", ["10{i},Bonn"], ("Customer", "ID")),
    "numbers of orders and of rows are no ids": (
        "Kundennr",
        ["000100{i}"],
        "Nr,Kundennummer",
        ["{i},100{i}"],
        ("Kundennr", "Kundennummer"),
    ),
    "numbers of orders are no ids of customers": (
        "Customer",
        ["C10{i}"],
        "ID,Customer Code",
        ["{i},CUST-10{i}"],
        ("Customer", "ID"),
    ),
    "numbers of rows are no ids of those who order": (
        "Customer ID",
        ["{i}"],
        "Lfd. Nr,Kundennummer",
        ["{i},000100{i}"],
        ("Customer ID", "Kundennummer"),
    ),
    "numbers of orders hide no ids": (
        "customer_id,store_id",
        ["100{i},{i}"],
        "id,customer_code",
        ["{i},100{i}"],
        ("customer_id", "customer_code"),
    ),
    "slips and baskets are no ids": (
        "N° client,Panier,Ticket",
        ["000{i}7,{i},{i}"],
        "Ligne,Code client",
        ["{i},{i}7"],
        ("N° client", "Code client"),
    ),
}


def test_init_tells_customers_by_the_column_that_meets_most(segment: Segment) -> None:
    """Numbers of rows meet here and there."""
    orders = "".join(f"9{i},{i},2026-01-0{i},10\n" for i in range(3, 8))
    rows = "".join(f"{i - 2},{i}\n" for i in range(3, 8))
    files = {"o.csv": f"Order,customer_id,Date,Total\n{orders}", "k.csv": f"id,customer_no\n{rows}"}
    done = segment("init", "i", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert "customer_id: customer_no" in (done.folder / "i/personas.yaml").read_text(), done.err


@pytest.mark.parametrize(("head", "row", "of_who", "who", "columns"), MEETING.values(), ids=MEETING)
def test_init_tells_customers_by_columns_that_meet(
    segment: Segment,
    head: str,
    row: list[str],
    of_who: str,
    who: list[str],
    columns: tuple[str, str],
) -> None:
    orders = "".join(f"{i},{row[0].format(i=i)},{day},10\n" for i, day in enumerate(DAYS))
    rows = "".join(f"{who[0].format(i=i)}\n" for i in range(5))
    files = {"o.csv": f"Order,{head},Date,Total\n{orders}", "k.csv": f"{of_who}\n{rows}"}
    done = segment("init", "i", "--from", "o.csv", "--customers", "k.csv", files=files)
    assert done.exit_code == 0, done.err
    found = loads((done.folder / "i/personas.yaml").read_text(), "p").data["sources"]
    tables = (found["transactions"], found["customers"])
    assert tuple(table["columns"]["customer_id"] for table in tables) == columns


NO_KEY = "No key takes that off: write them alike in one of the files."
PLAIN = "In the rules, under sources: ids: plain on every source."
#: ids of orders and of customers -> how both are said to be written, and what makes them meet
SPELLED = {
    "leading zeros": (
        ["0042", "0043"],
        ["42", "43"],
        "have 9999, this file 99: without leading zeros (2)",
        PLAIN,
    ),
    "zeros of customers": (
        ["42", "43"],
        ["0042", "0043"],
        "have 99, this file 9999: without leading zeros (2)",
        PLAIN,
    ),
    "capitals": (
        ["ab1", "ab2"],
        ["AB1", "AB2"],
        "have aa9, this file AA9: without capital letters (2)",
        PLAIN,
    ),
    "a prefix": (
        ["C-42", "C-43"],
        ["42", "43"],
        "have A-99, this file 99: without a letter before the number (2)",
        NO_KEY,
    ),
    "other ids": (["ab1", "ab2"], ["7x8x9", "7x8x8"], "have aa9, this file 9a9a9.", None),
}


@pytest.mark.parametrize(("orders", "who", "said", "mend"), SPELLED.values(), ids=SPELLED)
def test_how_ids_are_written_that_do_not_meet_is_said(
    segment: Segment, orders: list[str], who: list[str], said: str, mend: str | None
) -> None:
    rows = "".join(f"{i},{one},2026-01-05,10\n" for i, one in enumerate(orders))
    files = {
        "o.csv": f"order_id,customer_id,date,amount\n{rows}",
        "k.csv": "customer_id,Land\n" + "".join(f"{one},AT\n" for one in who),
    }
    text = "version: 1\nsources: {{transactions: {{path: o.csv{ids}}}, customers: {{path: k.csv{ids}}}}}\npersonas: {{p: {{match: {{Land: AT}}}}}}\n"
    done = segment("run", files={**files, "personas.yaml": text.format(ids="")})
    assert (done.exit_code, said in done.err) == (3, True), done.err
    assert (mend or "Transactions have") in done.err
    shown = segment("run", "--show-values")
    assert f"Transactions have {orders[0]}, {orders[1]}, this file" in shown.err, shown.err
    if mend == PLAIN:
        followed = segment("run", files={"personas.yaml": text.format(ids=", ids: plain")})
        assert (followed.exit_code, len(followed.ids("p"))) == (0, 2), followed.err
