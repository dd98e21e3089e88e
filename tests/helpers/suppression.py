"""Scenarios in which a "no" may get lost between a file and `suppress`: what their tables are made of.

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
from harness import Segment

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
    gone: Sequence[str] | None = None
    says: Sequence[str] = ()
    silent: Sequence[str] = ()
    customers: str = ""
    products: str = ""
    rules: str = ""
    args: Sequence[str] = ()
    orders: str = ORDERS
    everybody: Sequence[str] = EVERYBODY
    match: str = "{}"
    more: str = field(default="")

    def written(self) -> dict[str, str | bytes]:
        """All files, personas.yaml among them."""
        sources = ["transactions: t.csv"]
        sources += [
            f"{k}: {v}"
            for k, v in (
                ("customers", self.customers),
                ("products", self.products),
                ("events", self.events),
            )
            if v
        ]
        rules = (
            f"version: 1\nsources: {{{', '.join(sources)}}}\n{self.rules}\n"
            f"personas: {{p: {{match: {self.match}}}{self.more}}}\nsuppress: [{self.suppress}]\n"
        )
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
        assert sorted({*it.everybody} - {*result.ids("p")}) == sorted(it.gone)
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


def stored(text: str, dtype: type[pl.DataType] = pl.String) -> bytes:
    """The same rows as Parquet, all columns as text, or as what holds texts otherwise."""
    file = io.BytesIO()
    rows = pl.read_csv(io.StringIO(text), infer_schema=False)
    rows.cast(dtype).write_parquet(file)  # type: ignore[arg-type]  # a class of types will do
    return file.getvalue()


def parquet(**columns: list[object]) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def crossed(forms: Mapping[str, Scenario], kinds: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Each kind of fault with each form of rule."""
    return {
        f"{kind}: {form}": replace(it, suppress=rule.suppress, rules=rule.rules, more=rule.more)
        for kind, it in kinds.items()
        for form, rule in forms.items()
    }


GOOD = table(HEAD, "1,2026-03-01", "2,2026-03-09")
DAILY = {"in/1.csv": table(HEAD, "1,2026-03-01"), "in/2.csv": table(HEAD, "2,2026-03-09")}


def crm(*rows: str, head: str = "customer_id,opted_out") -> str:
    return table(f"{head}\n", *rows)


NONE_MET = "and none of them is in the transactions"


LISTED = [f"{i},no" for i in "123456"]


# -- scenarios that stop a run, which its doors open again ------------------------------------------

TWIN = "customer_id,opted_out,Opted_Out"
TWO = [f"{i},no,no" for i in "3456"]
LAST_YEAR = table(HEAD, "1,2025-11-01", "2,2025-11-05")
OLD = "e.csv: the newest row is of 2025-11-05, before the "
BIG = ORDERS.replace("1,2026-03-10,5", "1,2026-03-10,500")
LANDS = table("customer_id,country\n", "1,DE", "2,DE", "3,AT", "4,AT", "5,AT", "6,AT")

OTHER_ORDER_OF_DAYS = Scenario(
    "",
    {
        "in/1.csv": table(HEAD, "1,28/02/2026", "2,27/02/2026", "6,28/02/2026"),
        "in/2.csv": table(HEAD, "4,03/01/2026", "5,02/28/2026"),
    },
    "{path: 'in/*.csv', event: complaint, date_format: '%d/%m/%Y'}",
    None,
    [
        "in/2.csv: suppress reads occurred_at as %d/%m/%Y, which 1 row fewer of this file fit than %m/%d/%Y"
    ],
)

NO_CELL_OF_THE_ID = Scenario(
    "",
    {"e.csv": "occurred_at,customer_id\n2026-03-01,1\n2026-03-01\n"},
    says=["cannot be read, nor whom"],
)

WITHOUT_THE_EVENT = Scenario(
    "",
    {
        "in/1.csv": table(MIXED, "1,2026-03-01,complaint"),
        "in/2.csv": table(MIXED, "3,2026-03-01,complaint"),
        "in/3.csv": table(MIXED, "2,2026-03-02,cmplt"),
    },
    "'in/*.csv'",
    says=["in/3.csv: suppress reads the event complaint, and this file"],
)

WITHOUT_THE_COLUMN = Scenario(
    "{opted_out: true}",
    {
        "in/1.csv": crm("1,true", "2,no", "3,no"),
        "in/2.csv": crm("4,true", "5,no", "6,no", head="customer_id,optout"),
    },
    "",
    None,
    ["in/2.csv: suppress reads opted_out, and this file has no such column"],
    customers="'in/*.csv'",
)

BLANK_FOR_ALL = Scenario(
    "{opted_out: true}",
    {"c.csv": crm("1,", "2,", "3,", "4,", "5,", "6,")},
    "",
    None,
    ["suppress reads opted_out, and no customer has a value there"],
    customers="c.csv",
)

TWINS_IN_CASE = Scenario(
    "{opted_out: true}",
    {"c.csv": crm("1,true,no", "2,no,true", *TWO, head=TWIN)},
    customers="c.csv",
    events="",
    says=[
        'c.csv: suppress reads opted_out, and the file has "opted_out", "Opted_Out": which of them is meant?',
        "`columns: {opted_out: opted_out}` on the source of customers",
    ],
)

A_FEED_THAT_STOPPED = Scenario(
    "{did: {event: complaint, within: 30d}}",
    {"e.csv": LAST_YEAR},
    gone=None,
    says=[f"{OLD}30d up to 2026-03-10 that suppress reads: it can suppress nobody", "quiet_for"],
)

NONE_OF_ONE_SOURCE = Scenario(
    "",
    {"a.csv": GOOD, "b.csv": table(HEAD, "x,2026-03-01")},
    "[{path: a.csv, event: complaint}, {path: b.csv, event: complaint}]",
    None,
    ["b.csv: suppress reads", NONE_MET],
)

LEADING_ZEROS = Scenario(
    "",
    {"e.csv": table(HEAD, "1,2026-03-01", "002,2026-03-01")},
    says=[
        "e.csv: suppress reads this file, and 1 id meets no customer, but would without "
        "leading zeros (1)",
        "    notices: {suspicious-ids: warn}",
    ],
)

SCIENTIFIC = Scenario(
    "",
    {"e.csv": table(HEAD, "1,2026-03-01", "1.23E+18,2026-03-01")},
    says=[
        "1 customer has an id in scientific notation, such as 1.23E+18",
        "    notices: {rounded-ids: warn}",
    ],
    orders=ORDERS + "1.23E+18,2026-03-10,5\n",
)

AMONG_NOBODY = Scenario(
    "{monetary: {top_percent: 50, among: {recency_days: {at_least: 400}}}}",
    {"c.csv": LANDS},
    "",
    None,
    ["nobody is among those with recency_days ≥ 400: it suppresses nobody"],
    customers="c.csv",
    orders=BIG,
)
