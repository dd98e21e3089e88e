"""Columns of almost one name, and rows that a quoted cell swallowed."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import (
    EVERYBODY,
    HEAD,
    ONE,
    TWIN,
    TWINS_IN_CASE,
    TWO,
    Scenario,
    crm,
    held,
    stored,
    table,
    zipped,
)

TWINS: dict[str, Scenario] = {
    "in another case": TWINS_IN_CASE,
    "with blanks": Scenario(
        "{opted_out: 'true'}", {"c.parquet": stored(crm("1,true,no", "2,no,true", *TWO, head="customer_id,opted_out,opted_out "))},
        customers="c.parquet", events="", says=['the file has "opted_out", "opted_out "'],
    ),
    "with a blank in the place of the line": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", *TWO, head="customer_id,opted_out,Opted Out")}, customers="c.csv",
        events="", says=['"opted_out", "Opted Out"'],
    ),
    "of the same name": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", *TWO, head="customer_id,opted_out,opted_out")}, customers="c.csv",
        events="", says=["c.csv: the header names opted_out twice"],
    ),
    "of the same name but for blanks": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", *TWO, head="customer_id,opted_out,opted_out ")}, customers="c.csv",
        events="", says=["the header names opted_out twice", "blanks around it do not count"],
    ),
    "through a persona": Scenario(
        "{persona: no}", {"c.csv": crm("1,true,no", "2,no,true", *TWO, head=TWIN)}, customers="c.csv", events="",
        says=["suppress reads opted_out"], more=", no: {match: {opted_out: true}}",
    ),
    "it is said which": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", "2,no,true", *TWO, head=TWIN)}, "", "1",
        customers="{path: c.csv, columns: {opted_out: opted_out}}", silent=["which of them"],
    ),
    "it is said that it is the other": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", "2,no,true", *TWO, head=TWIN)}, "", "2",
        customers="{path: c.csv, columns: {opted_out: Opted_Out}}", silent=["which of them"],
    ),
    "of the ids": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,2,true", "2,1,no", head="customer_id,Customer ID,opted_out")}, customers="c.csv",
        events="", says=['suppress reads customer_id, and the file has "customer_id", "Customer ID"'],
    ),
    "of what another rule reads": Scenario(
        "{country: XX}", {"c.csv": crm(*(f"{i},XX,a,b" if i == "1" else f"{i},DE,a,b" for i in EVERYBODY),
                                       head="customer_id,country,city,City")}, "", "1",
        ['c.csv: warning: a rule reads city, and the file has "city", "City"'], customers="c.csv", match="{city: [a, b]}",
    ),
    "of what no rule reads": Scenario(
        "{country: XX}", {"c.csv": crm(*(f"{i},XX,a,b" if i == "1" else f"{i},DE,a,b" for i in EVERYBODY),
                                       head="customer_id,country,city,City")}, "", "1", silent=["City"], customers="c.csv",
    ),
    "of events": Scenario(
        "{did: {event: complaint, where: {reason: spam}}}",
        {"e.csv": "customer_id,occurred_at,reason,Reason\n1,2026-03-01,spam,x\n2,2026-03-01,x,spam\n"},
        says=['e.csv: suppress reads reason, and the file has "reason", "Reason"'],
    ),
    "of products": Scenario(
        "{did: {event: browse, where: {collection: secret}}}",
        {"e.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n",
         "q.csv": "product_id,collection,Collection\na,secret,x\n"}, "{path: e.csv, event: browse}", products="q.csv",
        says=['q.csv: suppress reads collection, and the file has "collection", "Collection"'],
    ),
    "a per cent sign makes another name": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", *TWO, head="customer_id,opted_out,opted_out %")}, "", "1",
        customers="c.csv", silent=["which of them"],
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", TWINS.values(), ids=TWINS)
def test_two_columns_of_almost_one_name_are_asked_about(segment: Segment, it: Scenario) -> None:
    held(segment, it)


ANN = 'customer_id,name,opted_out\n1,"Ann,no\n2,Bob,true\n3,Cy",no\n4,D,no\n5,E,no\n6,F,no\n'
QUOTED: dict[str, Scenario] = {
    "rows of customers": Scenario(
        "{opted_out: true}", {"c.csv": ANN}, "", "123",
        ["c.csv:2: warning: suppress reads this file, and what looks like 2 rows of it stand in a quoted cell: the 3 customers "
         "named there are suppressed"], customers="c.csv",
    ),
    "rows of customers, zipped": Scenario(
        "{opted_out: true}", {"c.csv.gz": zipped(ANN)}, "", "123", ["c.csv.gz:2: warning:"], customers="c.csv.gz",
    ),
    "rows of customers, with line ends of Windows": Scenario(
        "{opted_out: true}", {"c.csv": ANN.replace("\n", "\r\n")}, "", "123", ["c.csv:2: warning:"], customers="c.csv",
    ),
    "rows of customers, the id last": Scenario(
        "{opted_out: true}",
        {"c.csv": 'opted_out,name,customer_id\nno,D,4\ntrue,"Ann,1\ntrue,Bob,2\nno,Cy",3\nno,E,5\nno,F,6\n'}, "", "123",
        ["c.csv:3: warning: suppress reads"], customers="c.csv",
    ),
    "rows of customers, beside stray quotes that close": Scenario(
        "{opted_out: true}", {"c.csv": ANN.replace("4,D", '4,D "x" y')}, "", "123", ["c.csv:2: warning:"], customers="c.csv",
    ),
    "rows of customers in a ragged row": Scenario(
        "{opted_out: true}", {"c.csv": ANN.replace('Cy",no', 'Cy"')}, "", "123",
        ["what looks like 2 rows of it stand in a quoted cell"], customers="c.csv",
    ),
    "rows of events": Scenario(
        "{did: complaint}", {"e.csv": 'customer_id,note,occurred_at\n1,"a,2026-03-01\n2,b",2026-03-01\n'}, ONE, "12",
        ["e.csv:2: warning: suppress reads this file, and what looks like 1 row of it stands in a quoted cell: the 2 customers"],
    ),
    "rows of an event that suppress does not read": Scenario(
        "{did: complaint}", {"e.csv": 'customer_id,note,occurred_at,event\n1,"a,2026-03-01,login\n2,b",2026-03-01,login\n'
                             "3,c,2026-03-01,complaint\n"}, "e.csv", "3", ["stands in a quoted cell, and is not read"], silent=["suppress reads this file"],
    ),
    "an address of lines": Scenario(
        "{opted_out: true}",
        {"c.csv": 'customer_id,name,opted_out\n1,"Flat\n2, Main Street, Berlin\nGermany",true\n'
                  + "".join(f"{i},x,no\n" for i in "23456")}, "", "1", silent=["quoted cell"], customers="c.csv",
    ),
    "a note of as many commas": Scenario(
        "{opted_out: true}",
        {"c.csv": 'customer_id,name,opted_out\n1,"well, now\nsee, this",true\n' + "".join(f"{i},x,no\n" for i in "23456")},
        "", "1", silent=["quoted cell"], customers="c.csv",
    ),
    "rows of what suppress does not read": Scenario(
        "{did: complaint}", {"c.csv": ANN, "e.csv": table(HEAD, "1,2026-03-01")}, ONE, "1",
        ["stand in a quoted cell, and are not read"], silent=["suppress reads this file"], customers="c.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("it", QUOTED.values(), ids=QUOTED)
def test_rows_that_a_quoted_cell_swallowed_count_as_a_no(segment: Segment, it: Scenario) -> None:
    held(segment, it)
