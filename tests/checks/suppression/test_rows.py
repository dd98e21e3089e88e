"""A row that cannot be read counts as a "no": a rejected row, of whatever suppress reads."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

import polars as pl
import pytest
from harness import Segment
from suppression import (
    FORMS,
    GLOB,
    HEAD,
    MIXED,
    NO_CELL_OF_THE_ID,
    ONE,
    ORDERS,
    OTHER_ORDER_OF_DAYS,
    Scenario,
    crossed,
    held,
    stored,
    table,
    zipped,
)

BAD_DATE = ("1,2026-03-01", "2,2026-03-09", "3,2026-03-09", "4,soon")

#: name -> the files, the source, and who is suppressed (None: the run stops)
ROWS: dict[str, Scenario] = {
    "an unreadable date": Scenario("", {"e.csv": table(HEAD, *BAD_DATE)}, gone="1234"),
    "an unreadable date, zipped": Scenario(
        "", {"e.csv.gz": zipped(table(HEAD, *BAD_DATE))}, "{path: e.csv.gz, event: complaint}", "1234"
    ),
    "an unreadable date, Parquet": Scenario(
        "", {"e.parquet": stored(table(HEAD, *BAD_DATE))},
        "{path: e.parquet, event: complaint, date_format: '%Y-%m-%d'}", "1234",
    ),
    "today's file has another date format": Scenario(
        "", {"in/1.csv": table(HEAD, "1,2026-03-08", "2,2026-03-09", "3,2026-03-09"),
             "in/2.csv": table(HEAD, "4,03/10/26", "5,03/10/26")},
        "{path: 'in/*.csv', event: complaint, date_format: '%Y-%m-%d'}", "12345",
    ),
    "today's file has the month first": OTHER_ORDER_OF_DAYS,
    "today's file has the month first, and nothing is declared": replace(
        OTHER_ORDER_OF_DAYS, events=GLOB, gone="12456", says=[]
    ),
    "today's file has the month first, in categories": Scenario(
        "",
        {name.replace("csv", "parquet"): stored(str(text), pl.Categorical)
         for name, text in OTHER_ORDER_OF_DAYS.files.items()},
        "{path: 'in/*.parquet', event: complaint, date_format: '%d/%m/%Y'}", None,
        ["in/2.parquet: suppress reads occurred_at as %d/%m/%Y, which 1 row fewer of this file fit"],
    ),
    "today's file has the month first, behind the time": Scenario(
        "",
        {name: re.sub(r",(?=\d\d/)", ",10:30 ", str(text)) for name, text in OTHER_ORDER_OF_DAYS.files.items()},
        "{path: 'in/*.csv', event: complaint, date_format: '%H:%M %d/%m/%Y'}", None,
        ["in/2.csv: suppress reads occurred_at as %H:%M %d/%m/%Y, which 1 row fewer of this file fit"],
    ),
    "one day of a file has the month first": Scenario(
        "", {"e.csv": table(HEAD, "1,28/02/2026", "2,27/02/2026", "4,02/28/2026")},
        "{path: e.csv, event: complaint, date_format: '%d/%m/%Y'}", gone="124",
    ),
    "a folder": Scenario(
        "", {"in/1.csv": table(HEAD, "1,2026-03-08"), "in/2.csv": table(HEAD, "2,2026-03-09", "3,?")},
        "{path: in, event: complaint}", "123",
    ),
    "a mixed feed": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2026-03-01,login", "3,?,complaint",
                            "4,?,login")}, "e.csv", "13",
    ),
    "a mixed feed, the event is missing": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2026-03-01,login", "3,2026-03-01,")},
        "e.csv", "13",
    ),
    "a mixed feed, the event in capitals": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,?, COMPLAINT")}, "e.csv", "12"
    ),
    "another source is none of it": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01"), "l.csv": table(HEAD, "2,2026-03-01", "3,?")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "1", silent=["suppress reads"],
    ),
    "a cell too few": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "2")}, gone="12"),
    "a cell too few, zipped": Scenario(
        "", {"e.csv.gz": zipped(table(HEAD, "1,2026-03-01", "2"))}, "{path: e.csv.gz, event: complaint}",
        "12",
    ),
    "a cell too many": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-01,again")}, gone="12"
    ),
    "a cell too few after the id": Scenario(
        "", {"e.csv": "occurred_at,customer_id,note\n2026-03-01,1,x\n2026-03-01,2\n"}, gone="12"
    ),
    "a cell too many before the id": Scenario(
        "", {"e.csv": "occurred_at,customer_id,note\n2026-03-01,1,x\n2026-03-01,12:00,2,x\n"}, gone="12"
    ),
    "a cell lost before the id": Scenario(
        "", {"e.csv": "note,occurred_at,customer_id\nx,2026-03-01,1\n2026-03-01,2\n"}, gone="12"
    ),
    "a cell too many, the id is of nobody": Scenario(
        "", {"e.csv": "occurred_at,customer_id,note\n2026-03-01,1,x\n2026-03-01,9,x,y\n"},
        says=["1 row of 2 cannot be read, nor whom it is of", "rejected-rows-of-nobody: warn"],
    ),
    "a stranger's ragged row, the id is first": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "9")}, gone="1"
    ),
    **{
        f"cells that ran together: {name}": Scenario("", {"e.csv": text}, gone="12")
        for name, text in {
            "semicolon": table(HEAD, "1,2026-03-01", "2;2026-03-02"),
            "tab": table(HEAD, "1,2026-03-01", "2\t2026-03-02"),
            "bar": table(HEAD, "1,2026-03-01", "2|2026-03-02"),
            "a comma in a file of semicolons": "customer_id;occurred_at\n1;2026-03-01\n2,2026-03-02\n",
            "a row in quotes": table(HEAD, "1,2026-03-01", '"2,2026-03-02"'),
            "filled up with blank cells": table(HEAD, "1,2026-03-01", "2;2026-03-02,"),
            "some of three": table("customer_id,occurred_at,note\n", "1,2026-03-01,x", "2;2026-03-02,y"),
            "the id is second": "occurred_at,customer_id\n2026-03-01,1\n2026-03-02;2\n",
            "the file is cut off after it": table(HEAD, "1,2026-03-01") + "2;2026-0",
        }.items()
    },
    **{
        f"cells that ran together, of nobody: {name}": Scenario("", {"e.csv": text}, says=["cannot be read, nor whom"])
        for name, text in {
            "ragged": table(HEAD, "1,2026-03-01", "9;2026-03-02"),
            "filled up": table(HEAD, "1,2026-03-01", "9;2026-03-02,"),
            "two ids": table(HEAD, "1,2026-03-01", "x2;2026-03-02"),
            "the id is second": "occurred_at,customer_id\n2026-03-01,1\n2026-03-02;9\n",
        }.items()
    },
    "ids that have such a sign": Scenario(
        "", {"e.csv": table(HEAD, "a|1,2026-03-01", "b|9", "b|8,soon")}, orders=ORDERS.replace("\n1,", "\na|1,", 1),
        gone="1", silent=["cannot be read"], says=["it names no customer", "they name no customer"][1:],
    ),
    "no cell where the id is": NO_CELL_OF_THE_ID,
    "the file is cut off within an id": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-01") + "33"}, says=["cannot be read, nor whom"]
    ),
    "the file is cut off after an id": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-01") + "3,20"}, gone="123"
    ),
    "the zipped file is cut off within an id": Scenario(
        "", {"e.csv.gz": zipped(table(HEAD, "1,2026-03-01", "2,2026-03-01") + "33")},
        "{path: e.csv.gz, event: complaint}", says=["cannot be read, nor whom"],
    ),
    "a ragged row of a mixed feed": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2026-03-01,login", "3,2026-03-01",
                            "4,login", "5,complaint")}, "e.csv", "135",
    ),
    "a ragged row that names nobody": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", ",2026-03-01,x")}, says=["1 row of 2 cannot be read, nor whom it is of"]
    ),
    "a row moved one cell to the right": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", ",2,2026-03-01")}, gone="12"),
    "a row moved to the right, something stands before it": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "x,2,2026-03-01")}, gone="12"
    ),
    "rows moved one cell to the right, one of a stranger": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", ",2,2026-03-01", ",9,2026-03-01")}, says=["1 row of 3 cannot be read, nor whom"]
    ),
    "a row moved two cells to the right": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", '"",," 2 ",2026-03-01')}, gone="12"),
    "a row of a mixed feed moved to the right": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "1,2026-03-01,login", ",2,2026-03-01,complaint", ",3,2026-03-01,login")},
        "e.csv", "12",
    ),
    "rows of delimiters alone": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", ",,,", " ,\t,", '"","",""')}, gone="1", silent=["nor whom"]
    ),
    "a row that lost its id": Scenario(
        "", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2026-03-01,complaint")}, "e.csv",
        says=["1 row of 2 cannot be read, nor whom it is of"],
    ),
    "rows with a blank id are set aside": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", ",2026-03-01", " ,?")}, gone="1", silent=["rejected"]
    ),
    "ids of ragged rows are read as all of the column": Scenario(
        "", {"e.csv": table(HEAD, "1.0,2026-03-01", "2.0")}, gone="12"
    ),
    "other event columns do no harm": Scenario(
        "", {"e.csv": "customer_id,occurred_at,stars\n1,2026-03-01,x\n2,2026-03-01,5\n"}, gone="12"
    ),
}  # fmt: skip


C_ORDERS = "customer_id,ordered_at,amount\n" + "".join(
    f"C{i:03d},2026-03-10,5\n" for i in range(1, 13)
)
CONSENT = "customer_id,city,consent\n"
OF_C = [f"C{i:03d},{('Bonn', 'Ulm')[i % 2]},true" for i in range(1, 13)]
SIXTY = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-10,5\n" for i in range(1, 61))
NOBODY = ["cannot be read, nor whom", "rejected-rows-of-nobody: warn"]


def of_c(row: str, *, instead: int = 6, gone: Sequence[str] | None = None) -> Scenario:
    """Customers C001 to C012 who consent, but for a row that stands instead of one of theirs."""
    rows = [*OF_C[: instead - 1], row, *OF_C[instead:]]
    says = NOBODY if gone is None else ()
    return Scenario(
        "{consent: false}",
        {"c.csv": table(CONSENT, *rows)},
        "",
        gone,
        says,
        orders=C_ORDERS,
        customers="c.csv",
        everybody=[f"C{i:03d}" for i in range(1, 13)],
    )


def of_sixty(header: str, row: str, others: str, without: Container[int] = (5,)) -> Scenario:
    """Customers 1 to 60 who consent, but for a row that stands instead of some of theirs."""
    rows = [others.format(i, 20 + i % 35) for i in range(1, 61) if i not in without]
    text = table(header, *rows[:4], row, *rows[4:])
    return Scenario(
        "{consent: false}", {"c.csv": text}, "", None, NOBODY, orders=SIXTY, customers="c.csv"
    )


#: rows of which a customer may be meant who is not named by them, and others that do no harm
MOVED: dict[str, Scenario] = {
    **{f"the id is lost, {row}": of_c(row) for row in (
        "Köln-Süd,false", "St. Poelten,false", "WIEN,false", "?,no", "C006 Bonn false", "A1,false", "false", ",false",
    )},
    "the id is lost, its event is constant": Scenario(
        "{did: complaint}", {"e.csv": "customer_id,occurred_at,campaign\n1,2026-03-05,fall\n2026-03-05T10:00,fall\n"},
        "[{path: e.csv, event: complaint}]", None, NOBODY,
    ),
    "the id is lost, a late row tells that it is a city": Scenario(
        "{consent: false}", {"c.csv": table(CONSENT, *OF_C[:5], *(f"X{i},{'B101' if i == 5_500 else 'Bonn'},true" for i in range(6_000)),
                                            *OF_C[6:], "B102,false")},
        "", None, NOBODY, orders=C_ORDERS, customers="c.csv",
    ),
    "the id is lost, an age is another's": of_sixty("customer_id,age,consent\n", "34,false", "{0},{1},true"),
    "the id is lost, a referrer is another's": of_sixty("customer_id,referrer,consent\n", "7,false", "{0},{0},true"),
    "the id is lost, it is second": of_sixty("age,customer_id,consent\n", "34,false", "{1},{0},true"),
    "the id is lost, the column beside it is blank": of_sixty("customer_id,coupon,consent\n", "34,false", "{0},,true"),
    "two rows on one line": of_sixty("customer_id,consent\n", "5,false6,false", "{0},true", (5, 6)),
    "two rows on one line, the id is last": of_sixty("consent,customer_id\n", "false,5false,6", "true,{0}", (5, 6)),
    "two rows on one line, an age is between": of_sixty("age,consent,customer_id\n", "20,false,520,false,6", "{1},true,{0}", (5, 6)),
    "two rows on one line, one was cut off": of_sixty("customer_id,age,consent\n", "5,26,26,false", "{0},{1},true", (5, 6)),
    "two rows on one line of letters": of_c("C005,Bonn,falseC006,Bonn,false"),
    "three rows on one line": of_c("C005,Bonn,falseC006,Bonn,falseC007,Bonn,false"),
    "two rows and a delimiter on one line": of_c("C005,Bonn,true,C006,Bonn,false"),
    "two rows on one line, the second without its last cell": of_c("C005,Bonn,true,C006"),
    "a line ends within an id": of_sixty("customer_id,city,consent\n", "1\n5,Bonn,false", "{0},Bonn,true", (5, 15)),
    "a line ends within an id, it is last": of_sixty("consent,customer_id\n", "false,1\n5", "true,{0}", (1, 5, 15)),
    "a city with a comma": of_c("C006,Bonn, Nord,false", gone=["C006"]),
    "cells of delimiters at the end": of_c("C006,Bonn,false,,", gone=["C006"]),
    "one cell more at the end": of_c("C006,Bonn,false,by phone 5", gone=["C006"]),
    "one cell more before the id": of_c("Frau Dr.,C006,Bonn,false", gone=["C006"]),
    "the last cell is lost": of_c("C006,Bonn", gone=["C006"]),
    "the city is lost": of_c("C006,false", gone=["C006"]),
    "a stranger's row with a cell more": of_c("C099,Bonn,true,", instead=13, gone=[]),
}  # fmt: skip


FEW = {name: FORMS[name] for name in ("did, in a window", "a persona")}
ALL_FORMS = {n: ROWS[n] for n in ("an unreadable date", "no cell where the id is")}
ROW_CASES = crossed(FORMS, ALL_FORMS) | crossed(FEW, ROWS)


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", ROW_CASES.values(), ids=ROW_CASES)
def test_a_row_that_cannot_be_read_counts_as_a_no(segment: Segment, it: Scenario) -> None:
    held(segment, it)


@pytest.mark.parametrize("it", MOVED.values(), ids=MOVED)
def test_a_row_whose_cells_moved_names_its_customer_or_stops_the_run(
    segment: Segment, it: Scenario
) -> None:
    held(segment, it)


def test_all_who_complained_in_todays_file_are_suppressed(segment: Segment) -> None:
    """20 of 400 rows are rejected, as today's file has another date format."""
    orders = "customer_id,ordered_at,amount\n" + "".join(
        f"{i},2026-03-10,5\n" for i in range(1, 401)
    )
    former = table(HEAD, *(f"{i},2026-03-0{1 + i % 9}" for i in range(1, 381)))
    latest = table(HEAD, *(f"{i},10.3.26 9 Uhr" for i in range(381, 401)))
    it = Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"in/1.csv": former, "in/2.csv": latest},
        "{path: 'in/*.csv', event: complaint, date_format: '%Y-%m-%d', rejects: {at_most: 5%}}",
        orders=orders,
    )
    result = segment("run", files=it.written())
    assert result.exit_code == 0, result.err
    assert result.ids("p") == []


def test_the_allocation_names_the_file_whose_rejected_rows_suppress(segment: Segment) -> None:
    files = {"in/1.csv": table(HEAD, "1,2026-03-01"), "in/2.csv": table(HEAD, "1,?", "2,?")}
    result = segment("run", files=Scenario("{did: complaint}", files, GLOB).written())
    fates = pl.read_parquet(result.run / "allocation.parquet").filter(
        pl.col("fate") == "suppressed"
    )
    assert dict(fates.select("customer_id", "by").iter_rows()) == {
        "1": "suppress 1",
        "2": "rejected rows of in/2.csv",
    }
    assert "__unread0" not in result.customers.columns


ROWS_OF_TABLES: dict[str, Scenario] = {
    "a ragged row of customers": Scenario(
        "{opted_out: true}",
        {"c.csv": "customer_id,opted_out\n1,true\n2\n3,no\n4,no\n5,no\n6,no\n"}, "", "12",
        ["1 of 6 rows that suppress reads is rejected: the customer it names is suppressed"], ["no row in customers"],
        customers="c.csv",
    ),
    "a ragged row of customers, and others have none": Scenario(
        "{opted_out: true}", {"c.csv": "customer_id,opted_out\n1,true\n2\n3,no\n4,no\n"}, "", "12",
        ["2 of 6 customers have no row in customers, which suppress reads: what it reads of them is missing; 1 more has a "
         "row there that is rejected"], customers="c.csv",
    ),
    "a ragged row of customers that suppress does not read, and another has none": Scenario(
        "{did: complaint}", {"c.csv": "customer_id,city\n1,A\n2\n3,A\n4,A\n5,A\n", "e.csv": table(HEAD, "1,2026-03-01")},
        ONE, "1", ["note: 1 of 6 customers has no row in customers; 1 more has a row there that is rejected"],
        customers="c.csv",
    ),
    "a row of customers moved one cell to the right": Scenario(
        "{opted_out: true}",
        {"c.csv": "customer_id,opted_out,city\n1,true,A\n,2,true,A\n3,no,A\n4,no,A\n5,no,A\n6,no,A\n"}, "", "12",
        customers="c.csv",
    ),
    "rows of customers moved to the left, over their ids": Scenario(
        "{opted_out: true}", {"c.csv": "customer_id,opted_out,city\n1,true,A\ntrue,A\n3,no,A\n4,no,A\n5,no,A\n6,no,A\n"}, "", None,
        ["c.csv: suppress reads this file, and 1 row of 6 cannot be read, nor whom it is of"], customers="c.csv",
    ),
    "ragged rows of strangers": Scenario(
        "{opted_out: true}", {"c.csv": "customer_id,opted_out\n1,true\n7\n8\n" + "".join(f"{i},no\n" for i in "23456")},
        "", "1", ["2 of 8 rows that suppress reads are rejected: they name no customer here, and so suppress nobody"],
        customers="c.csv",
    ),
    "ragged rows of one customer": Scenario(
        "{opted_out: true}", {"c.csv": "customer_id,opted_out\n1,true\n2\n2,no,x\n" + "".join(f"{i},no\n" for i in "3456")},
        "", "12", ["2 of 7 rows that suppress reads are rejected: the 1 customer they name is suppressed"],
        customers="c.csv",
    ),
    "a ragged row of customers, consent must be given": Scenario(
        "{consent: {is_not: true}}",
        {"c.csv": "customer_id,consent\n1,no\n2\n3,yes\n4,yes\n5,yes\n6,yes\n"}, "", "12",
        customers="c.csv",
    ),
    "a ragged row of customers that hides whose it is": Scenario(
        "{opted_out: true}", {"c.csv": "opted_out,customer_id\ntrue,1\ntrue\nno,3\n"}, "", None,
        ["c.csv: suppress reads this file, and 1 row of 3 cannot be read"], customers="c.csv",
    ),
    "an unreadable amount, transactions are read": Scenario(
        "{monetary: {at_least: 50}}", {}, "", "16",
        ["1 of 8 rows that suppress reads is rejected"],
        orders=ORDERS + "1,2026-03-10,60\n6,2026-03-09,x\n",
    ),
    "an unreadable amount, transactions are read in another window": Scenario(
        "{did: {event: purchase, within: 1d, where: {amount: {at_least: 50}}}}", {}, "", "1", (),
        ["suppress reads"], orders=ORDERS + "1,2026-03-10,60\n6,2026-03-01,x\n",
    ),
    "an unreadable amount, transactions are not read": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01")}, ONE, "1", (), ["suppress reads"],
        orders=ORDERS + "6,2026-03-10,x\n",
    ),
    "an unreadable product, products are read": Scenario(
        "{did: {event: browse, where: {collection: secret}}}",
        {"e.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n2,2026-03-01,b\n",
         "q.csv": "product_id,collection,launched_at\na,secret,2026-01-01\nb,secret\nc,x,2026-01-02\n"},
        "{path: e.csv, event: browse}", None,
        ["q.csv: suppress reads this file, and 1 row of 3 cannot be read, what it says of its product is lost", "Mend line 3."],
        products="{path: q.csv}",
    ),
    "an unreadable cell of a product, which nothing reads": Scenario(
        "{did: {event: browse, where: {collection: secret}}}",
        {"e.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n2,2026-03-01,b\n",
         "q.csv": "product_id,collection,launched_at\na,secret,2026-01-01\nb,secret,?\nc,x,2026-01-02\n"},
        "{path: e.csv, event: browse}", "12", products="{path: q.csv}",
    ),
    "an unreadable product, products are not read": Scenario(
        "{did: browse}",
        {"e.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n2,2026-03-01,b\n",
         "q.csv": "product_id,collection,launched_at\na,secret,2026-01-01\nb,secret,?\nc,x,2026-01-02\n"},
        "{path: e.csv, event: browse}", "12", products="{path: q.csv}",
    ),
    "a rejected row of an anchor": Scenario(
        "{did: {event: purchase, after: {event: complaint, within: 30d}}}",
        {"e.csv": table(HEAD, "1,2026-03-01", "2,?")}, ONE, "12",
    ),
    "a rejected row of a feature that a dimension of a persona reads": Scenario(
        "{persona: angry}", {"e.csv": table(HEAD, "1,2026-03-01", "2,?")}, ONE, "12",
        rules="features: {n: {count: {event: complaint}}}\n"
        "dimensions: {mood: [{bad: {n: {at_least: 1}}}, {good: otherwise}]}",
        more=", angry: {match: {mood: bad}}",
    ),
    "rows of an event that suppress does not read": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,?,login")}, "e.csv", "1",
        (), ["suppress reads"],
    ),
    "rows of any event": Scenario(
        "{did: '*'}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,?,login")}, "e.csv", "12",
    ),
    "a rejected row before the window": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": "customer_id,occurred_at,event\n1,2026-03-01,complaint\n2,2020-01-01,\n"}, "e.csv", "1",
    ),
    "nothing is suppressed, nothing is said": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "2,?")}, ONE, "", (), ["suppress reads"],
    ),
}  # fmt: skip


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", ROWS_OF_TABLES.values(), ids=ROWS_OF_TABLES)
def test_rows_of_whatever_suppress_reads_count(segment: Segment, it: Scenario) -> None:
    held(segment, it)
