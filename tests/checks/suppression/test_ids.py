"""Ids that meet nobody are seen, in events and in customers."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import (
    DAILY,
    FORMS,
    GLOB,
    GOOD,
    HEAD,
    LEADING_ZEROS,
    LISTED,
    MIXED,
    NONE_MET,
    NONE_OF_ONE_SOURCE,
    ONE,
    ORDERS,
    SCIENTIFIC,
    Scenario,
    crm,
    crossed,
    held,
    parquet,
    stored,
    table,
)

IDS: dict[str, Scenario] = {
    "none met": Scenario("", {"e.csv": table(HEAD, "x,2026-03-01", "y,2026-03-02")},
                         says=[f"e.csv: suppress reads these events, {NONE_MET} (2 ids of \"complaint\")",
                               "    notices: {ids-do-not-meet: warn}"]),
    "none met in one file of a glob": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, "x,2026-03-01")}, GLOB, None, [f"in/3.csv: suppress reads these events, {NONE_MET}"],
    ),
    "none met in one source": NONE_OF_ONE_SOURCE,
    "none met, though another event of the file meets": Scenario(
        "", {"e.csv": table(MIXED, "x,2026-03-01,complaint", "1,2026-03-01,login")}, "e.csv", None, [NONE_MET],
    ),
    "few met": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "x,2026-03-01", "y,2026-03-01")}, gone="1",
        says=['warning: suppress reads these events, and only 1 of 3 ids of "complaint" meet a customer'],
    ),
    "half met": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "x,2026-03-01")}, gone="1", silent=["only"]),
    "met among those without an order": Scenario(
        "", {"e.csv": table(HEAD, "9,2026-03-01"), "c.csv": crm(*(f"{i},no" for i in "1234569"))}, gone="",
        customers="c.csv",
    ),
    "met among those without an order, half of the buyers unlisted": Scenario(
        "", {"e.csv": table(HEAD, "9,2026-03-01"), "c.csv": crm(*(f"{i},no" for i in "1239"))}, gone="",
        customers="c.csv",
    ),
    "met among those without an order, more than half of the buyers unlisted": Scenario(
        "", {"e.csv": table(HEAD, "9,2026-03-01"), "c.csv": crm(*(f"{i},no" for i in "129"))},
        customers="c.csv", says=[NONE_MET],
    ),
    "met in customers of another kind": Scenario(
        "", {"e.csv": table(HEAD, "k9,2026-03-01"), "c.csv": crm("1,no", "k9,no")}, customers="c.csv",
        says=[NONE_MET],
    ),
    "another event meets nobody": Scenario(
        "", {"e.csv": GOOD, "l.csv": table(HEAD, "x,2026-03-01")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "12",
    ),
    "leading zeros": LEADING_ZEROS,
    "a letter before": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "c2,2026-03-01")},
                                says=["a letter before the number (1)"]),
    "a sign": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "+2,2026-03-01")}, says=["a sign (1)"]),
    "scientific": Scenario(
        "", {"e.csv": table(HEAD, "1234567890123456789,2026-03-01", "1.23E+18,2026-03-01")},
        says=["scientific notation (1)"], orders=ORDERS + "1234567890123456789,2026-03-10,5\n1230000000000000001,2026-03-10,5\n",
    ),
    "NUL in the place of a letter": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "k\0x,2026-03-01")},
                                             says=["1 id in it cannot be read", "    notices: {suspicious-ids: warn}"]),
    "a letter lost by a wrong encoding": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "m\ufffdx,2026-03-01")},
                                                  says=["1 id in it cannot be read"]),
    "another Unicode form": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "jose\u0301,2026-03-01")},
        says=["accents or letters of another form (1)"], orders=ORDERS + "jos\u00e9,2026-03-10,5\n",
    ),
    "another case of a letter before the number": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "p7,2026-03-01")}, says=["capital letters (1)"],
        orders=ORDERS + "P7,2026-03-10,5\n",
    ),
    "a sign between the letter and the number": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "p-7,2026-03-01")}, says=["signs around or inside (1)"],
        orders=ORDERS + "p7,2026-03-10,5\n",
    ),
    "letters after, and zeros in both": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "c0099-DE,2026-03-01")}, says=["letters after the number (1)"],
        orders=ORDERS + "c0099,2026-03-10,5\n",
    ),
    "another case": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "ANNA@X,2026-03-01")},
                             says=["capital letters (1)"], orders=ORDERS + "anna@x,2026-03-10,5\n"),
    "thousands separators": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", '"1,234",2026-03-01')},
        says=["thousands separators (1)"], orders=ORDERS + "1234,2026-03-10,5\n",
    ),
    "a blank inside": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "12 34,2026-03-01")},
        says=["blanks inside (1)"], orders=ORDERS + "1234,2026-03-10,5\n",
    ),
    "a .0 among letters": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "2.0,2026-03-01", "x,2026-03-01")},
                                   says=["a .0 (1)"]),
    "transactions have the zeros": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "7,2026-03-01")}, says=["leading zeros (1)"],
        orders=ORDERS + "007,2026-03-10,5\n",
    ),
    "transactions have the letter": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "7,2026-03-01")}, says=["a letter before the number (1)"],
        orders=ORDERS + "c7,2026-03-10,5\n",
    ),
    "another letter is another person": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "d7,2026-03-01")}, gone="1", orders=ORDERS + "c7,2026-03-10,5\n",
    ),
    "suspicious ids of what suppress does not read": Scenario(
        "", {"e.csv": GOOD, "l.csv": table(HEAD, "003,2026-03-01", "3,2026-03-01")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "12",
        ["warning: in customers and events 1 id meets no customer, but would without leading zeros (1)"],
        match="{any: [{did: login}, {did_not: login}]}",
    ),
    "the .0 of a column of digits": Scenario("", {"e.csv": table(HEAD, "1.0,2026-03-01", "2.0,2026-03-01")}, gone="12"),
    "the .0 of one row": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "2.0,2026-03-01")}, gone="12"),
    "the .0 of the last of many rows": Scenario(
        "", {"e.csv": table(HEAD, *["1,2026-03-01"] * 9000, "2.0,2026-03-01", *["1,2026-03-01"] * 9000)}, gone="12",
    ),
    "the .0 of one file": Scenario(
        "", {"in/1.csv": table(HEAD, "1,2026-03-01"), "in/2.csv": table(HEAD, "2.0,2026-03-01")}, GLOB, "12",
    ),
    "the .0 of transactions": Scenario(
        "", {"e.csv": GOOD}, gone="12", orders=ORDERS.replace("2,2026-03-10", "2.0,2026-03-10"),
    ),
    **{
        f"signs and letters: {odd}": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", f"{odd},2026-03-01")}, says=[kind])
        for odd, kind in {
            "#2": "signs around or inside (1)", "(2)": "signs around or inside (1)", "2.": "signs around or inside (1)",
            "2-DE": "letters after the number (1)", "2_eu": "letters after the number (1)",
            "2 (Bob)": "blanks inside (1)", "c--2": "signs around or inside (1)", "-2": "signs around or inside (1)",
        }.items()
    },
    **{
        f"signs and letters: {odd} is {known}": Scenario(
            "", {"e.csv": table(HEAD, "1,2026-03-01", f"{odd},2026-03-01")}, says=["1 id meets no customer, but would"],
            orders=ORDERS + f"{known},2026-03-10,5\n",
        )
        for odd, known in {
            "3f2504e04f8911d39a0c0305e82c3301": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "<bob@x.de>": "bob@x.de", "bob@x.de.": "bob@x.de",
            "10-43": "1043", "12345678901234500": "12345678901234567",
        }.items()
    },
    **{
        f"signs and letters: {odd} is c0099": Scenario(
            "", {"e.csv": table(HEAD, "1,2026-03-01", f"{odd},2026-03-01")}, says=["1 id meets no customer, but would"],
            orders=ORDERS + "c0099,2026-03-10,5\n",
        )
        for odd in ("c0099.0", "c0099-DE", "C99", "99")
    },
    **{
        f"written as elsewhere: {odd} is {known}": Scenario(
            "", {"e.csv": table(HEAD, "1,2026-03-01", f"{odd},2026-03-01")}, says=[f"{kind} (1)"],
            orders=ORDERS + f"{known},2026-03-10,5\n",
        )
        for odd, known, kind in (
            ("a%20b", "a b", "escaped signs"), ("M&amp;M", "M&M", "escaped signs"), ("ann%40x.de", "ann@x.de", "escaped signs"),
            ("%C3%A9mile", "\u00e9mile", "escaped signs"), ("&#55;7", "77", "escaped signs"), ("a b", "a%20b", "blanks inside"),
            ("\u0441\u0430t", "cat", "letters of another alphabet"), ("\u0421AT", "CAT", "letters of another alphabet"),
            ("\u0391nn", "Ann", "letters of another alphabet"), ("cat", "\u0441\u0430t", "letters of another alphabet"),
            ("\uff11\uff12", "12", "accents or letters of another form"), ("\uff42\uff4f\uff42", "bob", "accents or letters of another form"),
        )
    },
    "a percent sign that escapes nothing": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "b%20c,2026-03-01")}, gone="1", orders=ORDERS + "a b,2026-03-10,5\n"),
    "other numbers with signs inside are other people": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "1-11,2026-03-01")}, gone="1", orders=ORDERS + "11-1,2026-03-10,5\n",
    ),
    "a float that is not exact": Scenario(
        "", {"e.parquet": parquet(customer_id=[1.0, 12345678901234567.0], occurred_at=["2026-03-01"] * 2)},
        "{path: e.parquet, event: complaint}",
        says=["e.parquet: customer_id: the column customer_id holds Float64, and 1 number in it is so large"],
        orders=ORDERS + "12345678901234567,2026-03-10,5\n",
    ),
    "scientific on both sides": SCIENTIFIC,
    "numbers as Parquet keeps them": Scenario(
        "", {"e.parquet": stored(table(HEAD, "1.0,2026-03-01", "2,2026-03-01"))}, "{path: e.parquet, event: complaint}", "12",
    ),
}  # fmt: skip

ID_CASES = crossed({"ever": FORMS["did, ever"], "a dimension": FORMS["a dimension"]}, IDS)


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", ID_CASES.values(), ids=ID_CASES)
def test_ids_that_meet_nobody_are_seen(segment: Segment, it: Scenario) -> None:
    held(segment, it)


IDS_OF_CUSTOMERS: dict[str, Scenario] = {
    "none is a buyer": Scenario("{opted_out: true}", {"c.csv": crm("x,true", "y,no")}, "", None,
                                [f"c.csv: suppress reads these customers, {NONE_MET}"], customers="c.csv"),
    "none of one file is a buyer": Scenario(
        "{opted_out: true}", {"in/1.csv": crm(*LISTED), "in/2.csv": crm("x,true")}, "", None,
        ["in/2.csv: suppress reads these customers"], customers="'in/*.csv'",
    ),
    "some have no row": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true", "2,no", "3,no", "4,no")}, "", "1",
        ["warning: 2 of 6 customers have no row in customers, which suppress reads"], customers="c.csv",
    ),
    "one has no row": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true", *LISTED[1:5])}, "", "1",
        ["1 of 6 customers has no row in customers"], customers="c.csv",
    ),
    "some have no row, and suppress does not read customers": Scenario(
        "{did: complaint}", {"c.csv": crm("1,true", "2,no", "3,no", "4,no"), "e.csv": GOOD}, ONE, "12",
        ["note: 2 of 6 customers have no row in customers"], customers="c.csv",
    ),
    "all have a row": Scenario("{opted_out: true}", {"c.csv": crm("1,true", *LISTED[1:])}, "", "1", (),
                               ["no row"], customers="c.csv"),
    "leading zeros": Scenario("{opted_out: true}", {"c.csv": crm("001,true", *LISTED[1:])}, "", None,
                              ["c.csv: suppress reads this file, and 1 id meets no customer", "leading zeros (1)"],
                              customers="c.csv"),
    "leading zeros, consent must be given": Scenario(
        "{consent: {is_not: true}}",
        {"c.csv": table("customer_id,consent\n", "001,yes", *(f"{i},yes" for i in "23456"))}, "", "1",
        ["leading zeros (1): whom it looks like is suppressed anyway"], customers="c.csv",
    ),
    "prospects are no fault": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true", *LISTED[1:], *(f"{i},no" for i in range(100, 150)))}, "", "1",
        (), ["meet"], customers="c.csv",
    ),
    "of a rejected row": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "002,soon")}, ONE, None, ["leading zeros (1)"],
    ),
    "of a row with a cell too few": Scenario(
        "{opted_out: true}", {"c.csv": table("customer_id,opted_out,city\n", "002,true", *(f"{i},no,x" for i in "13456"))},
        "", None, ["nor whom it is of"], customers="c.csv",
    ),
    "prospects are whom an audience can hold": Scenario(
        "{did: complaint}", {"c.csv": crm(*LISTED, "9,no"), "e.csv": table(HEAD, "1,2026-03-01", "009,2026-03-01")}, ONE,
        None, ["leading zeros (1)"], customers="c.csv", rules="base: everyone",
    ),
    **{
        f"marks around an id are none of it: {cell!r}": Scenario(
            "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", f"{cell},2026-03-01")}, ONE, "12",
            ["marks around ids"],
        )
        for cell in ('"=""2"""', "'2", "\u200b2", "2\ufeff", "mailto:2")
    },
    "an event in capitals, in the future": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2037-03-01,COMPLAINT")}, "e.csv", "1",
        ["e.csv: warning: 1 row that suppress reads is dated after today"],
    ),
    "an event of a rejected row with what cannot be seen": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,soon,complaint\u200b")}, "e.csv", "12",
    ),
    **{
        f"the last line is cut off: {last!r}": Scenario(
            "{status: left}", {"c.csv": f"customer_id,status\n2,left\n3,ok\n1,{last}"}, "", gone, says, silent,
            customers="c.csv", orders="customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-10,5\n" for i in "123456"),
        )
        for last, gone, says, silent in (
            ("le", "12", ["c.csv: warning: suppress reads this file, and its last line does not end"], []),
            ("", "12", ["status may be cut off, so the customer it names is suppressed"], []),
            ("ok", "2", [], ["cut off"]), ("left", "12", [], ["cut off"]), ("le\n", "2", [], ["cut off"]),
        )
    },
    "the last line is cut off within an id": Scenario(
        "{did: complaint}", {"e.csv": "occurred_at,customer_id\n2026-03-01,2\n2026-03-01,104"}, ONE, None,
        ["customer_id may be cut off, so nobody knows whom the row is of"], orders=ORDERS + "1043,2026-03-10,5\n",
    ),
    "customers of whom none ordered, base: everyone": Scenario(
        "{opted_out: true}", {"c.csv": crm("k1,true", "k2,no")}, "", customers="c.csv", rules="base: everyone",
        says=["c.csv: suppress reads these customers", NONE_MET],
    ),
    "everybody who ordered is listed, base: everyone": Scenario(
        "{opted_out: true}, {did: complaint}",
        {"e.csv": table(HEAD, "1,2026-03-01", "77,2026-03-01"), "c.csv": crm("2,true", *(f"{i},no" for i in "13456"))},
        gone="12", customers="c.csv", rules="base: everyone", silent=["no row in customers"],
    ),
    "ids of nobody are not named": Scenario(
        "{opted_out: true}", {"c.csv": crm("ANNA@X,true", *LISTED)}, "", None, ["capital letters (1)"],
        ["ANNA", "anna@"], customers="c.csv", orders=ORDERS + "anna@x,2026-03-10,5\n",
    ),
}  # fmt: skip


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", IDS_OF_CUSTOMERS.values(), ids=IDS_OF_CUSTOMERS)
def test_ids_of_customers_that_meet_nobody_are_seen(segment: Segment, it: Scenario) -> None:
    held(segment, it)
