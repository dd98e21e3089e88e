"""Ways in which a "no" gets lost between a file and `suppress`, each with what becomes of it.

Six customers order on 10 March 2026. A row of a table is one scenario: rules, files, and either
who is suppressed (with the words of a notice) or the words with which the run stops.
"""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl
import pytest
from harness import Segment, Shell

from segmentation.clock import today_in

EVERYBODY = tuple("123456")
ORDERS = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-10,5\n" for i in EVERYBODY)
HEAD = "customer_id,occurred_at\n"
MIXED = "customer_id,occurred_at,event\n"
TODAY = "2026-03-10"
ONE = "{path: e.csv, event: complaint}"
GLOB = "{path: 'in/*.csv', event: complaint}"


@dataclass(frozen=True)
class Scenario:
    """Rules, files, and what must come of them: `gone` is who is suppressed, None a stop (3)."""

    suppress: str
    files: Mapping[str, str | bytes]
    events: str = ONE
    gone: str | None = None
    says: Sequence[str] = ()
    silent: Sequence[str] = ()
    customers: str = ""
    products: str = ""
    rules: str = ""
    args: Sequence[str] = ()
    orders: str = ORDERS
    match: str = "{}"
    more: str = field(default="")

    def written(self) -> dict[str, str | bytes]:
        """All files, personas.yaml among them."""
        sources = ["transactions: t.csv"]
        sources += [f"{k}: {v}" for k, v in (("customers", self.customers), ("products", self.products),
                                             ("events", self.events)) if v]  # fmt: skip
        rules = (f"version: 1\nsources: {{{', '.join(sources)}}}\n{self.rules}\n"
                 f"personas: {{p: {{match: {self.match}}}{self.more}}}\nsuppress: [{self.suppress}]\n")  # fmt: skip
        return {"t.csv": self.orders, "personas.yaml": rules, **self.files}


def held(segment: Segment, it: Scenario) -> None:
    """The scenario ends as it must, in the words it must."""
    result = segment("run", *it.args, files=it.written())
    if it.gone is None:
        assert result.exit_code == 3, result.err or result.out
        assert not (result.folder / "audiences").exists()
        if "To sign for" in result.err:
            signed = segment("run", *it.args, files={"personas.yaml": result.signed})
            assert signed.exit_code == 0, (result.err, signed.err)
            shutil.rmtree(signed.folder / "audiences")
    else:
        assert result.exit_code == 0, result.err
        assert sorted({*EVERYBODY} - {*result.ids("p")}) == sorted(it.gone)
    for words in it.says:
        assert words in result.err
    for words in it.silent:
        assert words not in result.err


#: rule forms that all take out who complained
FORMS = {
    "did, in a window": Scenario("{did: {event: complaint, within: 30d}}", {}),
    "did, ever": Scenario("{did: complaint}", {}),
    "a count": Scenario(
        "{n: {at_least: 1}}", {}, rules="features: {n: {count: {event: complaint}}}"
    ),
    "days since": Scenario(
        "{d: {at_most: 29}}", {}, rules="features: {d: {days_since: {event: complaint}}}"
    ),
    "a persona": Scenario("{persona: angry}", {}, more=", angry: {match: {did: complaint}}"),
    "a dimension": Scenario(
        "{mood: bad}", {}, rules="dimensions: {mood: [{bad: {did: complaint}}, {good: otherwise}]}"
    ),
    "within any and not": Scenario("{any: [{not: {did_not: complaint}}]}", {}),
}


def table(head: str, *rows: str) -> str:
    return head + "".join(f"{row}\n" for row in rows)


def zipped(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def stored(text: str) -> bytes:
    """The same rows as Parquet, all columns as text."""
    file = io.BytesIO()
    pl.read_csv(io.StringIO(text), infer_schema=False).write_parquet(file)
    return file.getvalue()


def parquet(**columns: list[object]) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


# -- rows -----------------------------------------------------------------------------------------

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
    "today's file has the month first": Scenario(
        "", {"in/1.csv": table(HEAD, "1,28/02/2026", "2,27/02/2026", "6,28/02/2026"), "in/2.csv": table(HEAD, "4,03/01/2026", "5,02/28/2026")},
        GLOB, None, ["in/2.csv: suppress reads occurred_at as %d/%m/%Y, which 1 row fewer of this file fit than %m/%d/%Y"],
    ),
    "one day of a file has the month first": Scenario(
        "", {"e.csv": table(HEAD, "1,28/02/2026", "2,27/02/2026", "4,02/28/2026")}, gone="124",
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
    "no cell where the id is": Scenario(
        "", {"e.csv": "occurred_at,customer_id\n2026-03-01,1\n2026-03-01\n"},
        says=["cannot be read, nor whom"],
    ),
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
    "a ragged row with a blank id": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", ",2026-03-01,x")}, gone="1"
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


def crossed(forms: Mapping[str, Scenario], kinds: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Each kind of fault with each form of rule."""
    return {
        f"{kind}: {form}": replace(it, suppress=rule.suppress, rules=rule.rules, more=rule.more)
        for kind, it in kinds.items()
        for form, rule in forms.items()
    }


FEW = {name: FORMS[name] for name in ("did, in a window", "a persona")}
ALL_FORMS = {n: ROWS[n] for n in ("an unreadable date", "no cell where the id is")}
ROW_CASES = crossed(FORMS, ALL_FORMS) | crossed(FEW, ROWS)


@pytest.mark.sampled
@pytest.mark.parametrize("it", ROW_CASES.values(), ids=ROW_CASES)
def test_a_row_that_cannot_be_read_counts_as_a_no(segment: Segment, it: Scenario) -> None:
    held(segment, it)


def test_all_who_complained_in_todays_file_are_suppressed(segment: Segment) -> None:
    """20 of 400 rows are rejected, as today's file has another date format."""
    orders = "customer_id,ordered_at,amount\n" + "".join(
        f"{i},2026-03-10,5\n" for i in range(1, 401)
    )
    former = table(HEAD, *(f"{i},2026-03-0{1 + i % 9}" for i in range(1, 381)))
    latest = table(HEAD, *(f"{i},10.3.26 9 Uhr" for i in range(381, 401)))
    it = Scenario(
        "{did: {event: complaint, within: 30d}}", {"in/1.csv": former, "in/2.csv": latest},
        "{path: 'in/*.csv', event: complaint, date_format: '%Y-%m-%d'}", orders=orders,
    )  # fmt: skip
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
        "1": "suppress 1", "2": "rejected rows of in/2.csv",
    }  # fmt: skip
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
    "ragged rows of strangers": Scenario(
        "{opted_out: true}", {"c.csv": "customer_id,opted_out\n1,true\n77\n78\n" + "".join(f"{i},no\n" for i in "23456")},
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
         "q.csv": "product_id,collection,launched_at\na,secret,2026-01-01\nb,secret,?\nc,x,2026-01-02\n"},
        "{path: e.csv, event: browse}", None,
        ["q.csv: suppress reads this file, and 1 row of 3 cannot be read, what it says of its product is lost", "Mend line 3."],
        products="{path: q.csv}",
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


@pytest.mark.sampled
@pytest.mark.parametrize("it", ROWS_OF_TABLES.values(), ids=ROWS_OF_TABLES)
def test_rows_of_whatever_suppress_reads_count(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- files ----------------------------------------------------------------------------------------

GOOD = table(HEAD, "1,2026-03-01", "2,2026-03-09")
DAILY = {"in/1.csv": table(HEAD, "1,2026-03-01"), "in/2.csv": table(HEAD, "2,2026-03-09")}
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
    "all others hold nothing else, and it has none": Scenario(
        "", {"in/1.csv": table(MIXED, "1,2026-03-01,complaint"),
             "in/2.csv": table(MIXED, "3,2026-03-01,complaint"),
             "in/3.csv": table(MIXED, "2,2026-03-02,cmplt")}, "'in/*.csv'",
        says=["in/3.csv: suppress reads the event complaint, and this file"],
    ),
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


@pytest.mark.sampled
@pytest.mark.parametrize("it", FILE_CASES.values(), ids=FILE_CASES)
def test_each_file_is_asked_for_itself(segment: Segment, it: Scenario) -> None:
    held(segment, it)


def crm(*rows: str, head: str = "customer_id,opted_out") -> str:
    return table(f"{head}\n", *rows)


FILES_OF_TABLES: dict[str, Scenario] = {
    "customers without the column that others have": Scenario(
        "{opted_out: true}", {"in/1.csv": crm("1,true", "2,no", "3,no"),
                              "in/2.csv": crm("4,true", "5,no", "6,no", head="customer_id,optout")},
        "", None, ["in/2.csv: suppress reads opted_out, and this file has no such column"],
        customers="'in/*.csv'",
    ),
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
    "a customer's column is blank for all": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,", "2,", "3,", "4,", "5,", "6,")}, "", None,
        ["suppress reads opted_out, and no customer has a value there"], customers="c.csv",
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", FILES_OF_TABLES.values(), ids=FILES_OF_TABLES)
def test_files_of_whatever_suppress_reads_are_asked(segment: Segment, it: Scenario) -> None:
    files = it.written()
    if "two files" in it.rules:
        rules = str(files["personas.yaml"]).replace(
            "transactions: t.csv", "transactions: [t.csv, u.csv]"
        )
        files |= {"personas.yaml": rules, "u.csv": "customer_id,ordered_at,amount,department\n1,2026-03-10,5,Adult\n"}  # fmt: skip
        result = segment("run", files=files)
        assert result.exit_code == 3, result.err
        assert it.says[0] in result.err
    else:
        held(segment, it)


TWIN = "customer_id,opted_out,Opted_Out"
TWO = [f"{i},no,no" for i in "3456"]
TWINS: dict[str, Scenario] = {
    "in another case": Scenario(
        "{opted_out: true}", {"c.csv": crm("1,true,no", "2,no,true", *TWO, head=TWIN)}, customers="c.csv", events="",
        says=['c.csv: suppress reads opted_out, and the file has "opted_out", "Opted_Out": which of them is meant?',
              "`columns: {opted_out: opted_out}` on the source of customers"],
    ),
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
                             "3,c,2026-03-01,complaint\n"}, "e.csv", "3", silent=["quoted cell"],
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
        "{did: complaint}", {"c.csv": ANN, "e.csv": table(HEAD, "1,2026-03-01")}, ONE, "1", silent=["quoted cell"],
        customers="c.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("it", QUOTED.values(), ids=QUOTED)
def test_rows_that_a_quoted_cell_swallowed_count_as_a_no(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- days -----------------------------------------------------------------------------------------

LAST_YEAR = table(HEAD, "1,2025-11-01", "2,2025-11-05")
OLD = "e.csv: the newest row is of 2025-11-05, before the "
MOOD = "dimensions: {mood: [{bad: {d: {at_most: 29}}}, {good: otherwise}]"
DAYS: dict[str, Scenario] = {
    "a feed that stopped": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR}, gone=None,
        says=[f"{OLD}30d up to 2026-03-10 that suppress reads: it can suppress nobody", "quiet_for"],
    ),
    "a feed that stopped, of a count": Scenario(
        "{n: {at_least: 1}}", {"e.csv": LAST_YEAR}, says=[OLD],
        rules="features: {n: {count: {event: complaint, within: 3mo}}}",
    ),
    **{
        f"a feed that stopped, of {name}": Scenario(
            rule, {"e.csv": table(HEAD, "1,2025-11-01")}, rules=rules, more=more,
            says=["the newest row is of 2025-11-01, before the days from", "that suppress reads", "quiet_for"],
        )
        for name, (rule, rules, more) in {
            "days since": ("{d: {less_than: 30}}", SINCE, ""),
            "days since, in any": ("{any: [{d: {between: [0, 29]}}, {frequency: 9}]}", SINCE, ""),
            "days since, of a persona": ("{persona: angry}", SINCE, ", angry: {match: {d: {at_most: 29}}}"),
            "days since, of a rung": (
                "{mood: bad}", f"{SINCE}\n{MOOD}}}", ""),
            "days since, of a grid's axis": (
                "{cell: ill}", f"{SINCE}\n{MOOD}, cell: {{grid: [mood, alike], columns: [one], rows: {{bad: [ill], good: [well]}}}}, "
                "alike: [{one: otherwise}]}", ""),
            "days since, of those among whom it ranks": (
                "{monetary: {top_percent: 50, among: {d: {at_most: 29}}}}", SINCE, ""),
            "a day in where": ("{did: {event: complaint, where: {occurred_on: {at_least: 2026-02-01}}}}", "", ""),
        }.items()
    },
    "a feed that stopped, asked for who is silent": Scenario(
        "{not: {d: {at_most: 29}}}", {"e.csv": table(HEAD, "1,2025-11-01")}, rules=SINCE, gone="123456",
    ),
    "a feed that stopped, of an anchor": Scenario(
        "{did: {event: purchase, after: {event: complaint, window: 1d}}}".replace(", window: 1d", ""),
        {"e.csv": LAST_YEAR}, gone="12",
    ),
    "a feed that stopped, of a window of an anchor": Scenario(
        "{did: {event: login, after: {event: complaint, within: 30d}}}",
        {"e.csv": LAST_YEAR, "l.csv": table(HEAD, "1,2026-03-09")},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", None, [OLD],
    ),
    "one of two rules reads less far": Scenario(
        "{did: {event: complaint, within: 30d}}, {did: {event: complaint, within: 1y}}",
        {"e.csv": LAST_YEAR}, says=[f"{OLD}30d"],
    ),
    "one of two sources stopped": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR, "b.csv": GOOD},
        "[{path: e.csv, event: complaint}, {path: b.csv, event: complaint}]", None, [OLD],
    ),
    "a mixed feed that lives": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "",
        ['e.csv: warning: the newest row of "complaint" is of 2025-11-01, before the 30d up to 2026-03-10 that suppress '
         "reads, and other events go on to 2026-03-09", "write under sources: `events: {path: e.csv, quiet_for: 150d}`"],
    ),
    "a mixed feed that lives, signed": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "{path: e.csv, quiet_for: 150d}", "",
        ['note: its newest row of "complaint" is of 2025-11-01: `quiet_for: 150d` says'], ["warning: the newest"],
    ),
    "a mixed feed that lives, signed for less": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "{path: e.csv, quiet_for: 90d}", "",
        ["warning: the newest row of", "Its `quiet_for: 90d` allows no longer silence. If", "quiet_for: 150d"],
    ),
    "a mixed feed that lives, of days since": Scenario(
        "{d: {at_most: 29}}", {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "",
        ['the newest row of "complaint" is of 2025-11-01, before the days from 2026-02-09'], rules=SINCE,
    ),
    "a mixed feed of which the event is read over all time": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2026-03-09,login")}, "e.csv", "1",
        silent=["the newest row of"],
    ),
    "a mixed feed of which another event stopped": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2025-03-09,login")}, "e.csv", "1", silent=["the newest row of"],
    ),
    "a mixed feed that has stopped as a whole": Scenario(
        "{did: {event: complaint, within: 30d}}",
        {"e.csv": table(MIXED, "1,2025-11-01,complaint", "2,2025-11-05,login")}, "e.csv", None, [OLD], ["the newest row of"],
    ),
    "quiet_for long enough": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR},
        "{path: e.csv, event: complaint, quiet_for: 6mo}", "",
    ),
    "quiet_for too short": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": LAST_YEAR},
        "{path: e.csv, event: complaint, quiet_for: 90d}", None, [OLD],
    ),
    "just within the window": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": table(HEAD, "1,2026-02-09")}, gone="1",
    ),
    "just before the window": Scenario(
        "{did: {event: complaint, within: 30d}}", {"e.csv": table(HEAD, "1,2026-02-08")}, gone=None,
        says=["the newest row is of 2026-02-08"],
    ),
    "no window, no old feed": Scenario("{did: complaint}", {"e.csv": LAST_YEAR}, gone="12"),
    "a window of another rule warns": Scenario(
        "{did: complaint}", {"e.csv": GOOD, "l.csv": LAST_YEAR},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login}]", "12",
        ["warning: the newest row is of 2025-11-05, before the 7d up to 2026-03-10 that a rule reads"],
        match="{did_not: {event: login, within: 7d}}",
    ),
    "a window of another rule, quiet": Scenario(
        "{did: complaint}", {"e.csv": GOOD, "l.csv": LAST_YEAR},
        "[{path: e.csv, event: complaint}, {path: l.csv, event: login, quiet_for: 1y}]", "12", (),
        ["the newest row"], match="{did_not: {event: login, within: 7d}}",
    ),
    "rows after an early as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11T23:30")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10, the day of this run"],
        args=["--as-of", TODAY],
    ),
    "the evening of as_of in another time zone": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01T12:00Z", "2,2026-03-10T23:30Z")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10"], args=["--as-of", TODAY],
        rules="timezone: Europe/Oslo",
    ),
    "a whole file after an early as_of": Scenario(
        "{did: complaint}", {**DAILY, "in/3.csv": table(HEAD, "3,2026-03-11")}, GLOB, "12",
        ["1 row that suppress reads is of days after 2026-03-10"], args=["--as-of", TODAY],
    ),
    "a row of 2037": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2137-03-01")}, gone="1",
        says=["1 row that suppress reads is dated after today"],
    ),
    "a row of today after as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", f"2,{today_in('UTC')}")}, gone="1",
        says=["1 row that suppress reads is of days after 2026-03-10"], silent=["after today"], args=["--as-of", TODAY],
    ),
    "rows of 2037 and after as_of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11", "3,2137-03-01")},
        gone="1", says=["dated after today", "of days after 2026-03-10"], args=["--as-of", TODAY],
    ),
    "later rows of an event that suppress does not read": Scenario(
        "{did: complaint}", {"e.csv": table(MIXED, "1,2026-03-01,complaint", "2,2026-03-11,login")},
        "e.csv", "1", (), ["suppress reads"], args=["--as-of", TODAY],
    ),
    "events run ahead by a day": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-11")}, gone="1",
        says=["warning: events run 1 day ahead of transactions (2026-03-11, 2026-03-10), and so move as_of"],
    ),
    "events run ahead of --as-of": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-03-01", "2,2026-03-11")}, gone="1", says=(),
        silent=["run 1 day ahead"], args=["--as-of", TODAY],
    ),
    "transactions run ahead of busy events": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, *(f"1,2026-03-0{d}" for d in "123456789" for _ in "123"))},
        gone="1", says=["transactions run 1 day ahead of events (2026-03-10, 2026-03-09)"],
    ),
    "rare events may be behind": Scenario(
        "{did: complaint}", {"e.csv": table(HEAD, "1,2026-02-01", "1,2026-03-01")}, gone="1",
        silent=["ahead"],
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", DAYS.values(), ids=DAYS)
def test_days_that_suppress_cannot_see(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- ids ------------------------------------------------------------------------------------------

NONE_MET = "and none of them is in the transactions"
IDS: dict[str, Scenario] = {
    "none met": Scenario("", {"e.csv": table(HEAD, "x,2026-03-01", "y,2026-03-02")},
                         says=[f"e.csv: suppress reads these events, {NONE_MET} (2 ids of \"complaint\")",
                               "    notices: {ids-do-not-meet: warn}"]),
    "none met in one file of a glob": Scenario(
        "", {**DAILY, "in/3.csv": table(HEAD, "x,2026-03-01")}, GLOB, None, [f"in/3.csv: suppress reads these events, {NONE_MET}"],
    ),
    "none met in one source": Scenario(
        "", {"a.csv": GOOD, "b.csv": table(HEAD, "x,2026-03-01")},
        "[{path: a.csv, event: complaint}, {path: b.csv, event: complaint}]", None, ["b.csv: suppress reads", NONE_MET],
    ),
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
    "leading zeros": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "002,2026-03-01")},
                              says=["e.csv: suppress reads this file, and 1 id meets no customer, but would without "
                                    "leading zeros (1)", "    notices: {suspicious-ids: warn}"]),
    "a letter before": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "c2,2026-03-01")},
                                says=["a letter before the number (1)"]),
    "a sign": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "+2,2026-03-01")}, says=["a sign (1)"]),
    "a formula": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", '"=""2""",2026-03-01')}, says=["quotes (1)"]),
    "an apostrophe": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "'2,2026-03-01")}, says=["quotes (1)"]),
    "scientific": Scenario(
        "", {"e.csv": table(HEAD, "1234567890123456789,2026-03-01", "1.23E+18,2026-03-01")},
        says=["scientific notation (1)"], orders=ORDERS + "1234567890123456789,2026-03-10,5\n1230000000000000001,2026-03-10,5\n",
    ),
    "zero width": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "\u200b2,2026-03-01")},
                           says=["invisible characters (1)"]),
    "a blank of no width inside": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "2\ufeff,2026-03-01")},
                                           says=["invisible characters (1)"]),
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
    "another case": Scenario("", {"e.csv": table(HEAD, "1,2026-03-01", "ANNA@X.DE,2026-03-01")},
                             says=["capital letters (1)"], orders=ORDERS + "anna@x.de,2026-03-10,5\n"),
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
            "mailto:bob@x.de": "bob@x.de", "<bob@x.de>": "bob@x.de", "bob@x.de.": "bob@x.de",
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
    "scientific on both sides": Scenario(
        "", {"e.csv": table(HEAD, "1,2026-03-01", "1.23E+18,2026-03-01")},
        says=["1 customer has an id in scientific notation, such as 1.23E+18", "    notices: {rounded-ids: warn}"],
        orders=ORDERS + "1.23E+18,2026-03-10,5\n",
    ),
    "numbers as Parquet keeps them": Scenario(
        "", {"e.parquet": stored(table(HEAD, "1.0,2026-03-01", "2,2026-03-01"))}, "{path: e.parquet, event: complaint}", "12",
    ),
}  # fmt: skip

ID_CASES = crossed({"ever": FORMS["did, ever"], "a dimension": FORMS["a dimension"]}, IDS)


@pytest.mark.sampled
@pytest.mark.parametrize("it", ID_CASES.values(), ids=ID_CASES)
def test_ids_that_meet_nobody_are_seen(segment: Segment, it: Scenario) -> None:
    held(segment, it)


LISTED = [f"{i},no" for i in "123456"]
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
        "", None, ["leading zeros (1)"], customers="c.csv",
    ),
    "prospects are whom an audience can hold": Scenario(
        "{did: complaint}", {"c.csv": crm(*LISTED, "9,no"), "e.csv": table(HEAD, "1,2026-03-01", "009,2026-03-01")}, ONE,
        None, ["leading zeros (1)"], customers="c.csv", rules="base: everyone",
    ),
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
        "{opted_out: true}", {"c.csv": crm("ANNA@X.DE,true", *LISTED)}, "", None, ["capital letters (1)"],
        ["ANNA", "anna@"], customers="c.csv", orders=ORDERS + "anna@x.de,2026-03-10,5\n",
    ),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", IDS_OF_CUSTOMERS.values(), ids=IDS_OF_CUSTOMERS)
def test_ids_of_customers_that_meet_nobody_are_seen(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- said as what they are ------------------------------------------------------------------------

BIG = ORDERS.replace("1,2026-03-10,5", "1,2026-03-10,500")
LANDS = table("customer_id,country\n", "1,DE", "2,DE", "3,AT", "4,AT", "5,AT", "6,AT")
HIGH = (
    '{"version": 1, "as_of": "2026-03-10", "customers": 6, "values": {"monetary top 50 %": 9999.0}}'
)
GRID_OF_RANKS = """dimensions:
  spend: [{top: {monetary: {top_percent: 50}}}, {rest: otherwise}]
  all_alike: [{one: otherwise}]
  of_both: {grid: [all_alike, spend], columns: [top, rest], rows: {one: [best, rest]}}
  of_all: {grid: [all_alike, of_both], columns: [best, rest], rows: {one: [best, rest]}}
"""
SAID: dict[str, Scenario] = {
    "among some": Scenario(
        "{monetary: {top_percent: 50, among: {country: DE}}}", {"c.csv": LANDS}, "", "1",
        ["2 of 6 customers are among them, and it suppresses nobody else"], customers="c.csv", orders=BIG,
    ),
    "among nobody": Scenario(
        "{monetary: {top_percent: 50, among: {recency_days: {at_least: 400}}}}", {"c.csv": LANDS}, "", None,
        ["nobody is among those with recency_days ≥ 400: it suppresses nobody"], customers="c.csv", orders=BIG,
    ),
    "a threshold of other data": Scenario(
        "{monetary: {top_percent: 50}}", {"cuts.json": HIGH}, "", None,
        ["suppress reads monetary in the top 50 %, and nobody reaches its threshold"], args=("--cuts", "cuts.json"),
    ),
    "a threshold of other data, signed": Scenario(
        "{monetary: {top_percent: 50}}", {"cuts.json": HIGH}, "", "", ["warning: suppress reads monetary"],
        args=("--cuts", "cuts.json"), rules="notices: {percent-of-nobody: warn}",
    ),
    "a threshold of other data, of a grid's axis": Scenario(
        "{of_both: best}", {"cuts.json": HIGH}, "", None, ["suppress reads monetary in the top 50 %, and nobody"],
        args=("--cuts", "cuts.json"), rules=GRID_OF_RANKS,
    ),
    "a threshold of other data, of a grid's grid": Scenario(
        "{of_all: best}", {"cuts.json": HIGH}, "", None, ["suppress reads monetary in the top 50 %, and nobody"],
        args=("--cuts", "cuts.json"), rules=GRID_OF_RANKS,
    ),
    "a threshold of this data, of a grid's axis": Scenario(
        "{of_both: best}", {}, "", "123456", (), ["suppress reads monetary"], rules=GRID_OF_RANKS),
    "among everybody": Scenario(
        "{monetary: {top_percent: 10, among: {country: [DE, AT]}}}", {"c.csv": LANDS}, "", "1", (), ["among"],
        customers="c.csv", orders=BIG,
    ),
    "among some, through a persona": Scenario(
        "{persona: big}", {"c.csv": LANDS}, "", "1", ["2 of 6 customers are among them"], customers="c.csv", orders=BIG,
        more=", big: {match: {monetary: {top_percent: 50, among: {country: DE}}}}",
    ),
    "base: everyone": Scenario(
        "{monetary: {top_percent: 10}}", {"c.csv": LANDS + "9,DE\n"}, "", "1",
        ["1 customer without an order is in none (base: everyone)"], customers="c.csv", orders=BIG, rules="base: everyone",
    ),
    "base: buyers": Scenario(
        "{monetary: {top_percent: 10}}", {"c.csv": LANDS + "9,DE\n"}, "", "1", (), ["base: everyone)\nnote: suppress"],
        customers="c.csv", orders=BIG,
    ),
}  # fmt: skip


@pytest.mark.parametrize("it", SAID.values(), ids=SAID)
def test_among_and_base_are_said_where_they_spare_somebody(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- products, and what else a folder holds ---------------------------------------------------------

RECALL = "{did: {event: complaint, where: {collection: recall}}}"
GOODS = "product_id,collection\np1,recall\np2,shoes\n"
NAMED = "customer_id,occurred_at,product_id\n"
BESIDE: dict[str, Scenario] = {
    **{
        f"a product: {odd!r}": Scenario(
            RECALL, {"p.csv": GOODS, "e.csv": table(NAMED, "1,2026-03-01,p1", f"2,2026-03-01,{odd}")}, ONE, gone, [said],
            products="p.csv",
        )
        for odd, gone, said in (
            ("P1", None, "1 of 2 rows name a product that meets none, but would"), ("p01", None, "leading zeros (1)"),
            ("p9", "1", "e.csv: warning: suppress reads collection of these rows' products, and 1 of 2 rows"),
            ("", "1", "note: suppress reads collection by product_id, which is blank for 1 row"),
        )
    },
    "no product of a file": Scenario(
        RECALL, {"p.csv": GOODS, "in/1.csv": table(NAMED, "1,2026-03-01,p1"), "in/2.csv": table(NAMED, "2,2026-03-01,77")},
        GLOB, None, ["in/2.csv: suppress reads collection of these rows' products, and none of them is in products"],
        products="p.csv",
    ),
    "a product of lines": Scenario(
        "{did: {event: purchase, where: {collection: recall}}}", {"p.csv": GOODS}, "", None, ["t.csv: suppress reads collection"],
        products="p.csv", orders="customer_id,ordered_at,amount,product_id\n1,2026-03-10,5,p1\n2,2026-03-10,5,P1\n",
    ),
    **{
        f"a folder with {name}": Scenario(
            "{did: complaint}", {"in/1.csv": GOOD, name: GOOD}, "{path: in, event: complaint}", "12",
            [f"in: warning: suppress reads this folder, and of it {told} is not read", "in/*.csv"],
        )
        for name, told in (("in/2.txt", "2.txt"), ("in/2.csv.tmp", "2.csv.tmp"), ("in/late/2.csv", "late"))
    },
    "a folder with a hidden file": Scenario(
        "{did: complaint}", {"in/1.csv": GOOD, "in/.2.csv": GOOD}, "{path: in, event: complaint}", "12", silent=["not read"]),
    **{
        f"a pattern and {name}": Scenario(
            "{did: complaint}", {"in/1.csv": GOOD, name: GOOD}, f"{{path: '{path}', event: complaint}}", "12",
            [f"{path}: warning: suppress reads what this pattern matches, and {name} is not read: the ending is in another case",
             f"name both as the path: {both}"],
        )
        for name, path, both in (
            ("in/2.CSV", "in/*.csv", "in/*.[cC][sS][vV]"), ("in/d/2.Csv", "in/**/*.csv", "in/**/*.[cC][sS][vV]"),
            ("IN/1.CSV", "[iI]?/1.csv", "[iI]?/1.[cC][sS][vV]"),
        )
    },
    "a pattern of both cases": Scenario(
        "{did: complaint}", {"in/1.csv": GOOD, "in/2.CSV": table(HEAD, "3,2026-03-01")},
        "{path: 'in/*.[cC][sS][vV]', event: complaint}", "123", silent=["not read"]),
    "a pattern is what it says": Scenario("{did: complaint}", {"in/1.csv": GOOD, "in/2.txt": GOOD}, GLOB, "12", silent=["not read"]),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", BESIDE.values(), ids=BESIDE)
def test_products_and_folders_are_looked_at(segment: Segment, it: Scenario) -> None:
    held(segment, it)


# -- doors ----------------------------------------------------------------------------------------

#: what stops a run, and the line of the rules that signs for it
DOORS: dict[str, tuple[Scenario, str]] = {
    "file-without-rows": (
        Scenario("{did: complaint}", {**DAILY, "in/3.csv": HEAD}, GLOB),
        "there is no usable row",
    ),
    "file-without-column": (FILES_OF_TABLES["customers without the column that others have"],
                            "no such column"),
    "file-without-event": (replace(FILES["all others hold nothing else, and it has none"],
                                   suppress="{did: complaint}"), "which should hold it"),
    "stale-source": (DAYS["a feed that stopped"], "the newest row is of"),
    "ids-do-not-meet": (replace(IDS["none met in one source"], suppress="{did: complaint}"), NONE_MET),
    "suspicious-ids": (replace(IDS["leading zeros"], suppress="{did: complaint}"), "leading zeros"),
    "rejected-rows-of-nobody": (
        Scenario("{did: complaint}", ROWS["no cell where the id is"].files), "nor whom it is of",
    ),
    "rounded-ids": (replace(IDS["scientific on both sides"], suppress="{did: complaint}"), "in scientific notation"),
    "twin-columns": (TWINS["in another case"], 'the file has "opted_out", "Opted_Out"'),
    "column-without-values": (FILES_OF_TABLES["a customer's column is blank for all"], "no customer has a value"),
    "suppress-among": (SAID["among nobody"], "nobody is among"),
    "other-order-of-days": (replace(ROWS["today's file has the month first"], suppress="{did: complaint}"), "%m/%d/%Y"),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("code", DOORS)
def test_every_stop_has_a_signed_door(segment: Segment, code: str) -> None:
    it, said = DOORS[code]
    shut = replace(it, gone=None, says=[said])
    held(segment, shut)
    closed = replace(shut, rules=f"{shut.rules}\nnotices: {{{code}: info}}")
    held(segment, closed)
    signed = replace(it, rules=f"{it.rules}\nnotices: {{{code}: warn}}")
    result = segment("run", files=signed.written())
    assert result.exit_code == 0, result.err
    assert any(n["code"] == code and n["level"] == "warn" for n in result.manifest["notices"])
    assert any(said in warning for warning in result.warnings)


def test_all_stops_are_told_at_once(segment: Segment) -> None:
    files = {
        **DAILY,
        "in/3.csv": HEAD,
        "in/4.csv": table(HEAD, "x,2026-03-01"),
        "c.csv": crm("006,no", *LISTED),
    }
    it = Scenario("{did: complaint}, {opted_out: true}", files, GLOB, customers="c.csv")
    held(
        segment,
        replace(
            it,
            says=[
                "in/3.csv: ",
                "in/4.csv: ",
                "c.csv: ",
                "no usable row",
                NONE_MET,
                "leading zeros",
            ],
        ),
    )


def test_many_files_are_told_in_few_words(segment: Segment) -> None:
    files = {**DAILY, **{f"in/x{i}.csv": HEAD for i in range(40)}}
    result = segment("run", files=Scenario("{did: complaint}", files, GLOB).written())
    assert result.exit_code == 3
    assert result.err.count("suppress reads these events") == 5
    assert "the same holds for 35 more files: in/x13.csv, " in result.err


def test_the_installed_command_stops(shell: Shell) -> None:
    it = Scenario("{did: complaint}", {**DAILY, "in/3.csv": HEAD}, GLOB)
    result = shell("run", files=it.written())
    assert (result.exit_code, result.out) == (3, "")
    assert result.err.splitlines() == [
        "in/3.csv: suppress reads these events, and there is no usable row in them (it has none): everyone would pass",
        "  Is the export whole? If it may be silent for so long, sign for it (below).",
        "To sign for what is meant, so that it stops nothing:",
        "  personas.yaml:2:32, in place of events:",
        "    events: {path: in/*.csv, event: complaint, quiet_for: 90d}",
    ]


@pytest.mark.parametrize("length", ["90", "soon", "-3d", "''"])
def test_quiet_for_is_a_length_of_time(segment: Segment, length: str) -> None:
    it = Scenario(
        "{did: complaint}",
        {"e.csv": GOOD},
        f"{{path: e.csv, event: complaint, quiet_for: {length}}}",
    )
    result = segment("run", files=it.written())
    assert result.exit_code == 2
    assert "personas.yaml:2:" in result.err


@pytest.mark.parametrize("table_of", ["customers", "products"])
def test_quiet_for_is_for_feeds_with_days(segment: Segment, table_of: str) -> None:
    it = Scenario("{did: complaint}", {"e.csv": GOOD, "c.csv": crm(*LISTED)},
                  **{table_of: "{path: c.csv, quiet_for: 90d}"})  # fmt: skip
    result = segment("run", files=it.written())
    assert result.exit_code == 2
    assert "quiet_for is for feeds whose rows have days: transactions and events" in result.err


def test_files_of_the_command_line_say_first_that_nobody_is_suppressed(segment: Segment) -> None:
    it = Scenario("{did: complaint}", {"e.csv": GOOD})
    segment("run", files=it.written())
    result = segment("run", "t.csv", "--dry-run")
    assert result.exit_code == 0, result.err
    first = result.err.splitlines()[0]
    assert first.startswith(
        "warning: no suppress rule could be applied, nobody is suppressed: do not send"
    )
