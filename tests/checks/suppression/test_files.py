"""Each file that suppress reads is asked for itself: what it lacks is not made up for by others."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import (
    BLANK_FOR_ALL,
    DAILY,
    FORMS,
    GLOB,
    GOOD,
    HEAD,
    MIXED,
    ONE,
    ORDERS,
    WITHOUT_THE_COLUMN,
    WITHOUT_THE_EVENT,
    Scenario,
    crm,
    crossed,
    held,
    stored,
    table,
    zipped,
)

NO_ROW = ["suppress reads these events, and there is no usable row in them", "quiet_for: 90d"]
SINCE = "features: {d: {days_since: {event: complaint}}}"
QUIET = "{path: 'in/*.csv', event: complaint, quiet_for: 90d}"

FILES: dict[str, Scenario] = {
    "one file, header only": Scenario("", {"e.csv": HEAD}, says=["e.csv: ", *NO_ROW]),
    "one file, blank lines": Scenario("", {"e.csv": HEAD + "\n\n"}, says=NO_ROW),
    "one file, all in the future": Scenario(
        "", {"e.csv": table(HEAD, "1,2099-01-01")}, says=[NO_ROW[0], "1 after today", "notices: {file-without-rows: warn}"]
    ),
    "one file, zipped, header only": Scenario(
        "", {"e.csv.gz": zipped(HEAD)}, "{path: e.csv.gz, event: complaint}", says=NO_ROW
    ),
    "one file, Parquet without rows": Scenario(
        "", {"e.parquet": stored(HEAD)}, "{path: e.parquet, event: complaint}", says=NO_ROW
    ),
    "of a glob, header only": Scenario(
        "", {**DAILY, "in/3.csv": HEAD}, GLOB, says=["in/3.csv: suppress reads", *NO_ROW]
    ),
    "of a glob, blank lines": Scenario("", {**DAILY, "in/3.csv": HEAD + "\n"}, GLOB, says=NO_ROW),
    "of a glob, only future dates": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, "3,2099-01-01")}, GLOB, says=["in/3.csv", NO_ROW[0]], silent=["quiet_for"]
    ),
    "of a glob, all rows rejected: their customers are known": Scenario(
        "",
        {**DAILY, "in/3.csv": table(HEAD, "3,?")},
        GLOB,
        "123",
        ["1 of 1 row that suppress reads is rejected: the customer it names is suppressed"],
    ),
    "one file, all rows rejected": Scenario(
        "",
        {"e.csv": table(HEAD, "3,99.99.2026")},
        "{path: e.csv, event: complaint}",
        says=["e.csv"],
    ),
    "of a glob, all ids blank": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, ",2026-03-10")}, GLOB, says=["1 blank or without an id"]
    ),
    "of a folder, header only": Scenario(
        "", {**DAILY, "in/3.csv": HEAD}, "{path: in, event: complaint}", says=["in/3.csv", *NO_ROW]
    ),
    "of a folder, zipped, header only": Scenario(
        "", {"in/1.csv.gz": zipped(GOOD), "in/2.csv.gz": zipped(HEAD)}, "{path: in, event: complaint}",
        says=["in/2.csv.gz", *NO_ROW],
    ),
    "of a folder, Parquet without rows": Scenario(
        "", {"in/1.parquet": stored(GOOD), "in/2.parquet": stored(HEAD)}, "{path: in, event: complaint}",
        says=["in/2.parquet", *NO_ROW],
    ),
    "of two sources, one without rows": Scenario(
        "", {"a.csv": GOOD, "b.csv": HEAD},
        "[{path: a.csv, event: complaint}, {path: b.csv, event: complaint}]", says=["b.csv", *NO_ROW],
    ),
    "the empty file of another event does not stop": Scenario(
        "", {"e.csv": GOOD, "l.csv": HEAD},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "12",
    ),
    "quiet_for lets a silent day pass": Scenario("", {**DAILY, "in/3.csv": HEAD}, QUIET, "12"),
    "quiet_for lets a shop without complaints pass": Scenario(
        "", {"e.csv": HEAD}, "{path: e.csv, event: complaint, quiet_for: 90d}", ""
    ),
    "quiet_for hides no rejected rows": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, "3,?")}, QUIET, "123", ["1 of 1 row that"]
    ),
    "quiet_for lets no single file of rejected rows pass": Scenario(
        "",
        {"e.csv": table(HEAD, "3,2026-13-01")},
        "{path: e.csv, event: complaint, quiet_for: 90d, date_format: '%Y-%m-%d'}",
        says=["e.csv"],
    ),
    "quiet_for lets no future rows pass": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, "3,2099-01-01")}, QUIET, says=["1 after today"]
    ),
    "a glob that matches nothing": Scenario(
        "", {}, QUIET, says=["no file matches", "write a file there that has the header line alone (customer_id,occurred_at)."],
        silent=["for how long"],
    ),
    "a glob that matches nothing, and the silence is not signed": Scenario(
        "", {}, GLOB, says=["no file matches", "header line alone (customer_id,occurred_at), and say on the source for how "
                            "long it may be silent: `quiet_for: 90d`"],
    ),
    "a mixed glob that matches nothing, with names of its own": Scenario(
        "", {}, "{path: 'in/*.csv', delimiter: ';', columns: {occurred_at: Tag}}",
        says=["header line alone (customer_id;Tag;event)"],
    ),
    "a folder without files": Scenario(
        "", {"in/x.txt": "x"}, "{path: in, event: complaint}", says=["header line alone (customer_id,occurred_at)"],
    ),
    "an empty file": Scenario("", {**DAILY, "in/3.csv": ""}, GLOB, says=["in/3.csv: the file is empty", "header line alone"]),
    "no file of what suppress does not read": Scenario(
        "", {"e.csv": GOOD}, "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", None,
        ["l.csv: there is no such file"], ["header line alone"],
    ),
    "a healthy glob": Scenario("", DAILY, GLOB, "12", silent=["suppress", "warning"]),
    "a healthy mixed glob, a day without a complaint": Scenario(
        "", {"in/1.csv": table(MIXED, "1,2026-03-01,complaint", "5,2026-03-01,login"),
             "in/2.csv": table(MIXED, "2,2026-03-02,login")}, "'in/*.csv'", "1", silent=["suppress"],
    ),
    "the name says complaints, and there is none": Scenario(
        "", {"in/complaints1.csv": table(MIXED, "1,2026-03-01,complaint", "5,2026-03-01,login"),
             "in/complaints2.csv": table(MIXED, "2,2026-03-02,Complaint")}, "'in/*.csv'",
        says=['complaints2.csv: suppress reads the event complaint, and this file, which should hold it'],
    ),
    "all others hold nothing else, and it has none": WITHOUT_THE_EVENT,
    "quiet_for says that the word is a new one": Scenario(
        "", {"in/complaints1.csv": table(MIXED, "1,2026-03-01,complaint"),
             "in/complaints2.csv": table(MIXED, "2,2026-03-01,Beschwerde")},
        "{path: 'in/*.csv', quiet_for: 30d}", "1",
        ["in/complaints2.csv: warning: suppress reads the event complaint", "another word", "values: {event: [Beschwerde]}"],
    ),
    "quiet_for and a word that is declared": Scenario(
        "", {"in/complaints1.csv": table(MIXED, "1,2026-03-01,complaint"),
             "in/complaints2.csv": table(MIXED, "2,2026-03-01,praise")},
        "{path: 'in/*.csv', quiet_for: 30d, values: {event: [praise]}}", "1", silent=["another word"],
    ),
    "quiet_for lets a file without its event pass": Scenario(
        "", {"in/complaints1.csv": table(MIXED, "1,2026-03-01,complaint"),
             "in/complaints2.csv": table(MIXED, "2,2026-03-02,praise")},
        "{path: 'in/*.csv', quiet_for: 30d}", "1",
    ),
}  # fmt: skip

FILE_CASES = crossed({"ever": FORMS["did, ever"], "a count": FORMS["a count"]}, FILES)


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", FILE_CASES.values(), ids=FILE_CASES)
def test_each_file_is_asked_for_itself(segment: Segment, it: Scenario) -> None:
    held(segment, it)


FILES_OF_TABLES: dict[str, Scenario] = {
    "customers without the column that others have": WITHOUT_THE_COLUMN,
    "customers without the column, Parquet": Scenario(
        "{opted_out: 'true'}",
        {"in/1.parquet": stored(crm("1,true", "2,no", "3,no")),
         "in/2.parquet": stored(crm("4,true", head="customer_id,optout"))},
        "", None, ["in/2.parquet: suppress reads opted_out"], customers="in",
    ),
    "customers without the column in another source": Scenario(
        "{opted_out: true}", {"a.csv": crm("1,true", "2,no", "3,no", "5,no", "6,no"),
                              "b.csv": crm("4,x", head="customer_id,city")},
        "", None, ["b.csv: suppress reads opted_out"], customers="[a.csv, b.csv]",
    ),
    "a file of customers without rows": Scenario(
        "{opted_out: true}", {"in/1.csv": crm("1,true", "2,no", "3,no", "5,no", "6,no"), "in/2.csv": crm()},
        "", None, ["in/2.csv: suppress reads these customers, and there is no usable row in them"],
        customers="'in/*.csv'",
    ),
    "customers that suppress does not read": Scenario(
        "{did: complaint}", {"in/1.csv": crm("1,x", "2,x", "3,x", "4,x", "5,x", "6,x"), "in/2.csv": crm(),
                             "e.csv": GOOD}, ONE, "12", customers="'in/*.csv'", match="{}",
    ),
    "events without the column of where": Scenario(
        "{did: {event: complaint, where: {reason: spam}}}",
        {"in/1.csv": "customer_id,occurred_at,reason\n1,2026-03-01,spam\n",
         "in/2.csv": "customer_id,occurred_at,why\n2,2026-03-02,spam\n"}, GLOB, None,
        ["in/2.csv: suppress reads reason, and this file has no such column"],
    ),
    "events of another kind without the column": Scenario(
        "{did: {event: complaint, where: {reason: spam}}}",
        {"e.csv": "customer_id,occurred_at,reason\n1,2026-03-01,spam\n", "l.csv": table(HEAD, "2,2026-03-01")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "1",
    ),
    "events without the column of a feature": Scenario(
        "{n: {at_least: 1}}",
        {"in/1.csv": "customer_id,occurred_at,stars\n1,2026-03-01,5\n",
         "in/2.csv": "customer_id,occurred_at,rating\n2,2026-03-02,5\n"}, GLOB, None,
        ["in/2.csv: suppress reads stars"], rules="features: {n: {sum: {event: complaint, column: stars}}}",
    ),
    "events without product_id, products are asked": Scenario(
        "{did: {event: browse, where: {collection: secret}}}",
        {"in/1.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n",
         "in/2.csv": "customer_id,occurred_at,item_no\n2,2026-03-02,a\n",
         "q.csv": "product_id,collection\na,secret\n"}, "{path: 'in/*.csv', event: browse}", None,
        ["in/2.csv: suppress reads product_id"], products="q.csv",
    ),
    "products without the column in one file": Scenario(
        "{did: {event: browse, where: {collection: secret}}}",
        {"e.csv": "customer_id,occurred_at,product_id\n1,2026-03-01,a\n2,2026-03-01,b\n",
         "in/1.csv": "product_id,collection\na,secret\n", "in/2.csv": "product_id,range\nb,secret\n"},
        "{path: e.csv, event: browse}", None, ["in/2.csv: suppress reads collection"], products="'in/*.csv'",
    ),
    "transactions without the column in one file": Scenario(
        "{did: {event: purchase, where: {department: Adult}}}", {"t2.csv": ORDERS}, "", None,
        ["t.csv: suppress reads department"],
        orders=ORDERS, rules="# two files",
    ),
    "a customer's column is blank for all": BLANK_FOR_ALL,
}  # fmt: skip


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize("it", FILES_OF_TABLES.values(), ids=FILES_OF_TABLES)
def test_files_of_whatever_suppress_reads_are_asked(segment: Segment, it: Scenario) -> None:
    files = it.written()
    if "two files" in it.rules:
        rules = str(files["personas.yaml"]).replace(
            "transactions: t.csv", "transactions: [t.csv, u.csv]"
        )
        files |= {
            "personas.yaml": rules,
            "u.csv": "customer_id,ordered_at,amount,department\n1,2026-03-10,5,Adult\n",
        }
        result = segment("run", files=files)
        assert result.exit_code == 3, result.err
        assert it.says[0] in result.err
    else:
        held(segment, it)
