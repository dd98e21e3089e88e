"""A "no" that cannot get lost: what suppression compares is read, or the run stops and says why.

One table: kind of fault × form of the rule × form of the file. Each row says who is exported, or
what stops the run, or what is said of a run that goes on. The shop has four customers: a, b, c, d.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
import pytest
from harness import Segment, Shell

LINES = """customer_id,order_id,ordered_at,amount,department,product_id
a,1,2026-03-01,5,Men,p1
b,2,2026-03-02,5,Hats,p2
c,3,2026-03-02,5,Men,p1
d,4,2026-03-03,5,Hats,p2
"""
EVENTS = """customer_id,occurred_at,event,severity,campaign
a,2026-02-27,complaint,high,
b,2026-02-27,send,,Spring
c,2025-02-27,send,,Winter
"""
PRODUCTS = "product_id,collection\np1,autumn\np2,summer\n"


def column(name: str, *cells: str) -> str:
    """The customers' file: one column, with the cells of a, b, c, d."""
    rows = [f'{who},"{cell}"' for who, cell in zip("abcd", cells, strict=True)]
    return "\n".join([f"customer_id,{name}", *rows, ""])


@dataclass(frozen=True)
class Shop:
    """Rules and files; `suppress` is one rule, `more` stands beside it, `sources` adds to sources."""

    suppress: str = ""
    more: str = ""
    persona: str = "{}"
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, str | bytes]:
        """Every file of it."""
        files = {"t.csv": LINES, "e.csv": EVENTS, "p.csv": PRODUCTS, **self.files}
        given = {"transactions": "t.csv", "events": "e.csv", "products": "p.csv"}
        customers = [name for name in ("c.csv", "c.parquet") if name in files]
        given |= {"customers": customers[0]} if customers else {}
        sources = ", ".join(f"{k}: {v}" for k, v in (given | dict(self.sources)).items())
        lines = [
            "version: 1",
            f"sources: {{{sources}}}",
            f"personas: {{p: {{match: {self.persona}}}}}",
        ]
        lines += [f"suppress: [{self.suppress}]"] if self.suppress else []
        return {**files, "personas.yaml": "\n".join([*lines, self.more, ""])}


@dataclass(frozen=True)
class Stops:
    """The run ends with exit 3, with these words in the message, and publishes nothing."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Sends:
    """The run publishes these customers, and says this."""

    ids: str
    said: tuple[str, ...] = ()


Row = tuple[Shop, Stops | Sends]


def stops(*words: str) -> Stops:
    return Stops(words)


def sends(ids: str, *said: str) -> Sends:
    return Sends(ids, said)


def customers(rule: str, name: str, *cells: str, more: str = "", values: str = "") -> Shop:
    source = {"customers": f"{{path: c.csv, values: {{{values}}}}}"} if values else {}
    return Shop(rule, more, files={"c.csv": column(name, *cells)}, sources=source)


def events(rule: str, *rows: str, more: str = "", values: str = "") -> Shop:
    """Rows of events in place of the shop's: customer,day,event,severity,campaign."""
    head = "customer_id,occurred_at,event,severity,campaign"
    source = {"events": f"{{path: e.csv, values: {{{values}}}}}"} if values else {}
    return Shop(rule, more, files={"e.csv": "\n".join([head, *rows, ""])}, sources=source)


def parquet(rule: str, **columns: list[Any]) -> Shop:
    held = io.BytesIO()
    pl.DataFrame({"customer_id": list("abcd"), **columns}).write_parquet(held)
    return Shop(rule, files={"c.parquet": held.getvalue()})


# -- words for true and false ---------------------------------------------------------------------

#: neither true nor false; in the issue's words
NEITHER = (
    "x", "ja", "nein", "on", "opt-out", "TRUE.", "01", "-", "refused", "2026-01-01", "3", "n/a", "\u200b",
    "yes\u200b", "unknown",
)  # fmt: skip
FLAG_RULES = {
    "true": "{opted: true}",
    "a word": "{opted: 'Yes'}",
    "a word for the other": "{opted: {is_not: no}}",
    "under not": "{not: {opted: false}}",
    "none of": "{opted: {none_of: [false, 'off']}}",
    "a number": "{opted: 1}",
}
#: how a rule may say no × how a file may
NOES = ("no", "No", "NO", "off", "n", "0", '"0"', '"False"', "false", "'no '", "0.0")
WRITTEN = ("false", "No", " no ", "0", "FALSE", "f")

ROWS: dict[str, Row] = {}
ROWS |= {
    f"flag: {word!r} is neither": (
        customers(FLAG_RULES["true"], "opted", "yes", word, "no", "no"),
        stops("suppress compares opted as true or false, and 1 customer has something else there"),
    )
    for word in NEITHER
}
ROWS |= {
    f"flag: ja, compared as {name}": (
        customers(rule, "opted", "yes", "ja", "no", "x"),
        stops("compares opted as", "2 customers have something else there: ja (1), x (1)",
              "    customers: {path: c.csv, values: {opted: [ja, x]}}"),
    )
    for name, rule in FLAG_RULES.items()
}  # fmt: skip
ROWS |= {
    f"flag: {said} meets {cell!r}": (
        customers(f"{{consent: {said}}}", "consent", "yes", cell, "true", "1"),
        sends("acd")
        if (said, cell) != ("n", "f")
        else stops('no customer has consent "n"; nearest: f'),
    )
    for said in NOES
    for cell in WRITTEN
    if cell in ("false", "f") or said in ("no", "0", "off")
}
ROWS |= {
    "flag: yes meets every yes": (
        customers("{opted: yes}", "opted", "TRUE", "1", "y", "no"), sends("d")),
    "flag: true meets t and y": (customers("{opted: true}", "opted", "t", "y", "1.0", "0"), sends("d")),
    "flag: the number 1 meets words": (
        customers("{opted: 1}", "opted", "yes", "TRUE", "0", "no"), sends("cd")),
    "flag: is_not of a word": (
        customers("{consent: {is_not: 'yes'}}", "consent", "TRUE", "1", "no", ""), sends("ab")),
    "flag: none_of words": (
        customers("{consent: {none_of: [on, 1]}}", "consent", "TRUE", "1", "no", "0"), sends("ab")),
    "flag: on as data, where the rule says on": (
        customers("{opted: 'on'}", "opted", "on", "off", "yes", "no"), stops("off (1)")),
    "flag: on and off as data, where the rule says both": (
        customers("{opted: 'on', consent: {missing: true}}", "opted,consent", 'on","x', 'no","x', 'no","x', 'no","x'),
        sends("abcd")),
    "flag: a blank is no answer, and counted": (
        customers("{opted: true}", "opted", "yes", "", "  ", "no"),
        sends("bcd", "suppress compares opted, which is blank for 2 customers")),
    "flag: a word that is declared": (
        customers("{opted: true}", "opted", "yes", "pending", "no", "no", values="opted: [pending]"),
        sends("bcd", "opted holds pending (1): declared under values")),
    "flag: true beside words in a list": (
        customers("{opted: [true, x]}", "opted", "yes", "x", "no", "no"), sends("cd")),
    "flag: letters of something else stay apart": (
        customers("{gender: f}", "gender", "f", "m", "n", "F"), sends("bc")),
    "flag: letters of a gender, of which nobody has one": (
        customers("{gender: f}", "gender", "n", "m", "n", "m"), stops('no customer has gender "f"')),
    "flag: a letter that is declared": (
        customers("{opted: T}", "opted", "Y", "N", "N", "T", values="opted: [Y]"),
        sends("abc", 'beside "T" the data has Y (1): declared under values')),
    "flag: a letter of a column where nobody says yes": (customers("{opted: T}", "opted", "N", "N", "F", ""), sends("abcd")),
    "flag: both letters are named": (customers("{opted: [T, Y]}", "opted", "Y", "N", "F", "t"), sends("bc")),
    "flag: a letter beside the word": (customers("{opted: [T, yes]}", "opted", "Y", "N", "F", "t"), sends("bc")),
    "flag: a letter that nobody has, denied by a persona": (
        Shop(persona="{opted: {is_not: t}}", files={"c.csv": column("opted", "Y", "N", "N", "")}),
        stops('no customer has opted "t"; nearest: Y', "Under a negation it leaves out nobody.")),
    "flag: a letter that nobody has, in rows": (
        events("{did: {event: survey, where: {severity: T}}}", "a,2026-02-01,survey,Y,", "b,2026-02-01,survey,N,"),
        stops('no row of survey has severity "T"; nearest: Y')),
    "flag: a letter that nobody has, of a persona": (
        Shop(persona="{opted: t}", files={"c.csv": column("opted", "Y", "N", "N", "")}),
        sends("", 'no customer has opted "t"; nearest: Y')),
    "flag: gender with an x": (customers("{gender: f}", "gender", "f", "m", "x", ""), sends("bcd")),
    "flag: a country NO goes on as text": (
        customers("{country: NO}", "country", "NO", "SE", "DK", "NO"), sends("bc")),
    "flag: a list of countries with NO": (
        customers("{country: [NO, SE]}", "country", "NO", "SE", "DK", "FI"), sends("cd")),
    "flag: a country NO and Ontario": (
        customers("{region: NO}", "region", "NO", "ON", "QC", "SE"), sends("bcd")),
    "flag: words of small letters are no codes": (
        customers("{opted: 'yes'}", "opted", "yes", "yep", "", ""),
        stops("yep (1)"),
    ),
    "flag: n beside an x is a flag": (customers("{opted: y}", "opted", "y", "x", "n", "n"), stops("x (1)")),
    "flag: y beside an x is a flag": (customers("{opted: y}", "opted", "y", "x", "", ""), stops("x (1)")),
    "flag: nobody opted out": (customers("{opted: true}", "opted", "no", "no", "no", "no"), sends("abcd")),
    "flag: nobody opted out, in numbers": (customers("{opted: 1}", "opted", "0", "0", "0", "0"), sends("abcd")),
    "flag: nobody opted out, by a word": (customers("{opted: 'yes'}", "opted", "n", "n", "n", "n"), sends("abcd")),
    "flag: Parquet booleans and a word": (
        parquet("{consent: 'no'}", consent=[True, False, None, True]), sends("acd")),
    "flag: Parquet booleans and a number": (
        parquet("{consent: 0}", consent=[True, False, None, True]), sends("acd")),
    "flag: Parquet integers and a flag": (parquet("{opted: true}", opted=[1, 0, 0, None]), sends("bcd")),
    "flag: Parquet integers and a word": (parquet("{opted: 'YES'}", opted=[1, 0, 0, None]), sends("bcd")),
    "flag: Parquet floats and a word": (parquet("{opted: 'no'}", opted=[1.0, 0.0, 1.0, None]), sends("acd")),
    "flag: Parquet numbers beyond 0 and 1": (parquet("{opted: true}", opted=[1, 0, 2, 3]), stops("2 (1), 3 (1)")),
    "flag: Parquet texts": (parquet("{opted: true}", opted=["Y", "nope", "n", None]), stops("nope (1)")),
    "flag: a rating of 1 is a number": (customers("{rating: 1}", "rating", "1", "2", "5", "5"), sends("bcd")),
    "flag: a store that is called 1": (customers("{store: '1'}", "store", "1", "2", "3", "x"), stops("x (1)")),
    "flag: a store that is called 1, among numbers": (
        customers("{store: '1'}", "store", "1", "2", "3", "3"),
        sends("bcd"),
    ),
    "flag: a text that a Parquet flag never is": (
        parquet("{consent: refused}", consent=[True, False, None, True]),
        stops('no customer has consent "refused"'),
    ),
    "flag: a day where a Parquet flag is asked": (
        parquet("{opted: true}", opted=pl.Series(["2026-05-01", None, None, None]).str.to_date()),
        stops("as true or false"),
    ),
    "flag: a column of events": (
        events("{did: {event: survey, where: {severity: true}}}", "a,2026-02-01,survey,yes,", "b,2026-02-01,survey,ja,"),
        stops("suppress compares severity as true or false", "1 row of survey has something else there: ja (1)")),
    "flag: a word of another event is none of its business": (
        events("{did: {event: survey, where: {severity: true}}}", "a,2026-02-01,survey,yes,", "b,2026-02-01,login,ja,"),
        sends("bcd")),
    "flag: words in where meet": (
        events("{did: {event: survey, where: {severity: 'off'}}}", "a,2026-02-01,survey,No,", "b,2026-02-01,survey,1,"),
        sends("bcd")),
    "flag: derived of the discount": (
        Shop("{share: {of: lines, where: {discounted: true}, at_least: 0.5}}",
             files={"t.csv": LINES.replace("amount", "discount,amount").replace(",5,", ",0,5,")}),
        sends("abcd")),
}  # fmt: skip

#: a rule's letter × the letters of a column, of which it meets none or not all
LETTERS = (
    ("T", "YNNN"),
    ("t", "YNNN"),
    ("Y", "TFFF"),
    ("y", "tfff"),
    ("n", "FTTT"),
    ("N", "FTTT"),
    ("F", "NYYY"),
    ("f", "NYYY"),
)
ROWS |= {
    f"flag: {said} where {', '.join(sorted({*cells}))} stand": (
        customers(f"{{opted: {said}}}", "opted", *cells),
        stops(f'no customer has opted "{said}"; nearest: {cells[0]}'))
    for said, cells in LETTERS
}  # fmt: skip
ROWS |= {
    f"flag: {said} where both letters for it stand": (
        customers(f"{{opted: {said}}}", "opted", *"YNTF"), stops(f"the data has also: {other} (1)"))
    for said, other in ("TY", "YT", "NF", "FN")
}  # fmt: skip
ROWS |= {
    f"flag: {rule} where both letters for it stand": (
        customers(rule, "opted", *"YNTF"), stops("the data has also: Y (1)"))
    for rule in ("{opted: {is_not: T}}", "{opted: {none_of: [T, F, N]}}", "{not: {opted: T}}")
}  # fmt: skip

# -- what a door opens ----------------------------------------------------------------------------

TWO_FILES = {
    "c1.csv": "customer_id,opted,status\na,yes,left\nb,ja,Left\n", "c2.csv": "customer_id,opted,status\nc,ja,Left\nd,no,ok\n",
}  # fmt: skip
ONE_DOOR = {"customers": "[{path: c1.csv, values: {opted: [ja], status: [Left]}}, {path: c2.csv}]"}
BOTH_DOORS = {"customers": "[{path: c1.csv, values: {opted: [ja], status: [Left]}}, "
              "{path: c2.csv, values: {opted: [ja], status: [Left]}}]"}  # fmt: skip
ROWS |= {
    "door: of one source, a word": (
        Shop("{opted: true}", files=TWO_FILES, sources=ONE_DOOR), stops("c2.csv has ja (2) there, which only another source")),
    "door: of one source, another spelling": (
        Shop("{status: left}", files=TWO_FILES, sources=ONE_DOOR), stops("c2.csv has Left (2) there, which only another")),
    "door: of both sources, a word": (Shop("{opted: true}", files=TWO_FILES, sources=BOTH_DOORS), sends("bcd")),
    "door: of both sources, another spelling": (Shop("{status: left}", files=TWO_FILES, sources=BOTH_DOORS), sends("bcd")),
    "door: a day that stands for missing is named": (
        customers("{asked: {missing: true}}", "asked", "2026-01-01", "0000-00-00", "2026-01-01", ""),
        stops("    customers: {path: c.csv, values: {asked: [0000-00-00]}}")),
}  # fmt: skip

# -- numbers, dates, missing ----------------------------------------------------------------------

ROWS |= {
    f"number: {cell!r} is none": (
        customers("{kids: {at_least: 3}}", "kids", "4", cell, "1", ""),
        stops("suppress compares kids as a number, and 1 customer has something else there"),
    )
    for cell in ("4,0", "3+", "1_000", "three", "n/a", "nan", "inf", "4 €", "4\u200b")
}
ROWS |= {
    f"number: {rule}": (customers(rule, "kids", "4", "3+", "1", ""), stops("3+ (1)"))
    for rule in (
        "{kids: {at_most: 2}}", "{kids: {between: [1, 2]}}", "{kids: 4}", "{kids: {is_not: 4}}",
        "{kids: {top_percent: 10}}", "{not: {kids: {less_than: 3}}}", "{kids: {none_of: [1, 4]}}",
    )
}  # fmt: skip
ROWS |= {
    f"date: {cell!r} is none": (
        customers("{ends: {at_most: 2026-06-01}}", "ends", "2026-05-01", cell, "2027-01-01", ""),
        stops("suppress compares ends as a date, and 1 customer has something else there"),
    )
    for cell in ("01.11.2026", "0000-00-00", "2026-02-30", "soon", "20260501", "n/a", "45992")
}
ROWS |= {
    "date: the shape is told, not the day": (
        customers("{ends: {at_most: 2026-06-01}}", "ends", "01.11.2026", "02.11.2026", "x", ""),
        stops("99.99.9999 (2)")),
    "date: through days_until": (
        customers("{left: {at_most: 30}}", "ends", "2026-03-20", "01.11.2026", "", "",
                  more="features: {left: {days_until: ends}}"),
        stops("suppress compares ends as a date", "99.99.9999 (1)")),
    "date: through days_since, never compared with a bound": (
        customers("{left: {missing: false}}", "ends", "2026-03-01", "soon", "", "",
                  more="features: {left: {days_since: ends}}"),
        stops("soon (1)")),
    "date: a moment is its day": (
        customers("{ends: {at_most: 2026-06-01}}", "ends", "2026-05-01T10:00:00Z", "2026-05-01 10:00", "2027-01-01", ""),
        sends("cd")),
    "date: integers of Parquet": (parquet("{ends: {at_most: 2026-06-01}}", ends=[20260501, 1, 2, 3]), stops("as a date")),
    "date: days of Parquet": (
        Shop("{ends: {at_most: 2026-06-01}}", files={"c.parquet": parquet("{}", ends=pl.Series(
            ["2026-05-01", None, "2027-01-01", "2027-01-01"]).str.to_date()).files["c.parquet"]}),
        sends("bcd")),
    "number: a word that is declared": (
        customers("{kids: {at_least: 3}}", "kids", "4", "many", "1", "", values="kids: [many]"),
        sends("bcd", "kids holds many (1): declared under values")),
    "number: a column of events that is added up": (
        events("{harm: {at_least: 3}}", "a,2026-02-01,survey,2,", 'b,2026-02-01,survey,"3,5",',
               more="features: {harm: {sum: {event: survey, column: severity}}}"),
        stops("suppress compares severity as a number", "1 row of survey has something else there: 3,5 (1)")),
    "number: blanks around it are none of its business": (
        events(
            "{harm: {at_least: 3}}",
            "a,2026-02-01,survey, 3 ,",
            "b,2026-02-01,survey,1,",
            more="features: {harm: {sum: {event: survey, column: severity}}}",
        ),
        sends("bcd"),
    ),
    "date: blanks around it are none of its business": (
        customers(
            "{left: {at_least: 0}}",
            "ends",
            " 2026-03-20",
            "2026-03-20 ",
            "2025-01-01",
            "",
            more="features: {left: {days_until: ends}}",
        ),
        sends("cd"),
    ),
    "number: in where": (
        events("{did: {event: survey, where: {severity: {at_least: 3}}}}", "a,2026-02-01,survey,3,", "b,2026-02-01,survey,3+,"),
        stops("3+ (1)")),
    "number: in where of an anchor": (
        events("{did: {event: send, after: {event: survey, where: {severity: {at_least: 3}}}}}",
               "a,2026-02-01,survey,3,", "b,2026-02-01,survey,3+,", "a,2026-02-02,send,,"),
        stops("3+ (1)")),
    "number: the latest of a column": (
        events("{harm: {at_least: 3}}", "a,2026-02-01,survey,4,", "b,2026-02-01,survey,bad,",
               more="features: {harm: {last: {event: survey, column: severity}}}"),
        stops("bad (1)")),
}  # fmt: skip
ROWS |= {
    f"missing: {cell!r} spells it": (
        customers("{phone_line: {missing: true}}", "phone_line", "yes", cell, "yes", ""),
        stops(
            "suppress compares phone_line as given or missing",
            "1 customer has something else there",
        ),
    )
    for cell in ("n/a", "NULL", "None", "-", "nan", "N.A.", "\\N", "\u200b", "?")
}
ROWS |= {
    **{f"missing: {cell!r} is a word for it": (
        customers("{phone_line: {missing: true}}", "phone_line", "yes", cell, "yes", ""), stops("as given or missing"))
       for cell in ("0000-00-00", "1970-01-01 00:00:00", "unknown", "(blank)", "<NA>", "NaT", "k.A.", "#REF!", "not set")},
    "missing: blanks are missing": (
        customers("{phone_line: {missing: true}}", "phone_line", "yes", "  ", "\t", ""), sends("a")),
    "missing: asked the other way": (
        customers("{phone_line: {missing: false}}", "phone_line", "yes", "null", "", ""), stops("null (1)")),
    "missing: Namibia is declared": (
        customers("{country: {missing: true}}", "country", "NA", "SE", "", "DK", values="country: [NA]"), sends("abd")),
    "missing: a column of events": (
        events("{did: {event: survey, where: {campaign: {missing: true}}}}", "a,2026-02-01,survey,,-", "b,2026-02-01,survey,,x"),
        stops("campaign as given or missing", "- (1)")),
}  # fmt: skip

# -- texts that differ only in how they are written -----------------------------------------------

NEAR = (
    "Unsubscribed",
    "unsubscribed ",
    " unsubscribed",
    "UNSUBSCRIBED",
    "un\u200bsubscribed",
    "ｕnsubscribed",
    "un subscribed",
)
ROWS |= {
    f"near: {cell!r} beside the word": (
        customers("{status: unsubscribed}", "status", "unsubscribed", cell, "ok", "ok"),
        stops('suppress compares status with "unsubscribed", and the data has also', "values: {status:"),
    )
    for cell in NEAR
}  # fmt: skip
ROWS |= {
    f"near: {cell} beside {said}, by {operator}": (
        customers(f"{{status: {{{operator}: '{said}'}}}}", "status", cell, said, "ok", "ok"),
        stops("suppress compares status", "and the data has also"),
    )
    for operator in ("is", "contains", "starts_with", "ends_with")
    for said, cell in (("opt-out", "opt_out"), ("opt-out", "Opt Out"), ("optOut", "opt-out"), ("un-told", "untold"),
                       ("no mail", "no-mail"), ("gelöscht", "geloscht"), ("gelöscht", "gelÃ¶scht"), ("Straße", "STRASSE"))
}  # fmt: skip
ROWS |= {
    f"near: {cell} beside {said}": (
        customers(f"{{status: '{said}'}}", "status", cell, said, "ok", "ok"), stops("and the data has also"))
    for said, cell in (("3", "3.0"), ("03", "3"), ("stop", "STOP!"), ("told.", "told"))
}  # fmt: skip
ROWS |= {
    "near: capitals within a word": (
        customers("{status: {contains: sub}}", "status", "UNSUB", "unsub", "ok", "ok"), stops("the data has also: UNSUB")),
    "near: capitals are met where case is ignored": (
        customers("{status: {contains: Sub, ignore_case: true}}", "status", "UNSUB", "unsub", "ok", "ok"), sends("cd")),
    "near: signs count where case is ignored": (
        customers("{status: {ends_with: OUT-NOW, ignore_case: true}}", "status", "opt out-now", "opt out_now", "ok", "ok"),
        stops("the data has also: opt out_now")),
    "near: signs between numbers are other numbers": (
        customers("{status: '1-2'}", "status", "12", "1-2", "1.2", "ok"), sends("acd")),
    "near: a source is named after the event in capitals": (
        Shop("{did: complaint}", files={"f.csv": "customer_id,occurred_at\nd,2026-02-27\n"},
             sources={"events": "[e.csv, {path: f.csv, event: Complaint}]"}),
        stops("the data has also: Complaint")),
    "near: all sources are named after events": (
        Shop("{did: complaint}", files={"f.csv": "customer_id,occurred_at\nd,2026-02-27\n"},
             sources={"events": "[{path: f.csv, event: complaint}, {path: e.csv, event: Complaint}]"}),
        stops("the data has also: Complaint")),
}  # fmt: skip
ROWS |= {
    f"near: {rule}": (
        customers(rule, "status", "unsubscribed", "Unsubscribed", "ok", "ok"), stops("has also: Unsubscribed (1)"))
    for rule in (
        "{status: {is_not: unsubscribed}}", "{status: {none_of: [unsubscribed, ok]}}", "{status: [ok, unsubscribed]}",
        "{status: {starts_with: unsub}}", "{status: {contains: unsub}}", "{not: {status: unsubscribed}}",
    )
}  # fmt: skip
ROWS |= {
    "near: alone it is unseen": (
        customers("{status: unsubscribed}", "status", "Unsubscribed", "ok", "ok", "ok"),
        stops('no customer has status "unsubscribed"; nearest: Unsubscribed')),
    "near: both named": (
        customers("{status: [unsubscribed, Unsubscribed]}", "status", "unsubscribed", "Unsubscribed", "ok", "ok"), sends("cd")),
    "near: the other declared": (
        customers("{status: unsubscribed}", "status", "unsubscribed", "Unsubscribed", "ok", "ok", values="status: [Unsubscribed]"),
        sends("bcd")),
    "near: declared, but only the twin is there": (
        customers("{status: unsubscribed}", "status", "Unsubscribed", "ok", "ok", "ok", values="status: [unsubscribed]"),
        stops("has also: Unsubscribed (1)")),
    "near: composed and decomposed": (
        customers("{status: désinscrit}", "status", "désinscrit", "de\u0301sinscrit", "ok", "ok"), stops("has also")),
    "near: an event in capitals": (
        events("{did: complaint}", "a,2026-02-01,complaint,,", "b,2026-02-01,Complaint,,"),
        stops('suppress compares event with "complaint", and the data has also: Complaint (1)')),
    "near: an event in capitals, declared": (
        events("{did: complaint}", "a,2026-02-01,complaint,,", "b,2026-02-01,Complaint,,", values="event: [Complaint]"),
        sends("bcd")),
    "near: in where": (
        events("{did: {event: complaint, where: {severity: high}}}", "a,2026-02-01,complaint,high,", "b,2026-02-01,complaint,High ,"),
        stops("has also", "(1)")),
    "near: an address in capitals is counted, not named": (
        customers("{email: {contains: '@test.'}}", "email", "a@test.de", "B@TEST.DE", "c@x.de", "d@x.de"),
        stops('suppress compares email with "@test."', "1 different value")),
    "near: a part of a word is another word": (
        customers("{status: {contains: Sale}}", "status", "Sale now", "wholesale", "ok", "ok"), sends("bcd")),
}  # fmt: skip

# -- values nobody has ----------------------------------------------------------------------------

ROWS |= {
    f"unseen: {rule}": (customers(rule, "status", "ok", "gone", "left", "ok"), stops("no customer has status"))
    for rule in (
        "{status: unsubscribed}", "{status: {is_not: unsubscribed}}", "{status: [gone, unsubscribed]}",
        "{status: {none_of: [ok, unsubscribed]}}", "{status: {contains: unsub}}", "{status: {starts_with: un}}",
        "{status: {ends_with: [xft, ed]}}", "{status: {contains: UNSUB, ignore_case: true}}",
        "{not: {status: unsubscribed}}", "{any: [{status: gone}, {status: unsubscribed}]}", "{status: 7}",
        "{monetary: {top_percent: 10, among: {status: unsubscribed}}}", "{monetary: {at_least: 1}, status: unsubscribed}",
    )
}  # fmt: skip
ROWS |= {
    f"unseen in rows: {rule}": (Shop(rule), stops(words))
    for rule, words in {
        "{did: complant}": 'there is no event "complant" in the data; nearest: complaint',
        "{did_not: complant}": 'there is no event "complant"',
        "{did: {event: complaint, times: {at_least: 2}, where: {severity: hgh}}}": "no row of complaint has severity",
        "{did: {event: send, after: complant}}": 'there is no event "complant"',
        "{did: {event: purchase, since: {event: send, where: {campaign: Sprin}}}}": 'no row of send has campaign "Sprin"',
        "{did: {event: purchase, after: {event: send, after: {event: send, where: {campaign: Sprin}}}}}": "Sprin",
        "{did: {event: purchase, where: {department: men}}}": 'no line has department "men"; nearest: Men',
        "{did: {event: purchase, where: {collection: winter}}}": 'no product has collection "winter"',
        "{share: {of: spend, where: {department: men}, at_least: 0.5}}": 'no line has department "men"',
        "{department_share.men: {at_least: 0.5}}": 'no line has department "men"',
        "{top_department: men}": 'no line has department "men"',
        "{rfm: '5-5-5'}": 'no label has rfm "5-5-5"',
        "{did: {event: '*', where: {campaign: Sprin}}}": 'no event has campaign "Sprin"',
    }.items()
}  # fmt: skip
ROWS |= {
    "unseen: through a persona": (
        Shop("{persona: p}", persona="{status: unsubscribed}",
             files={"c.csv": column("status", "ok", "gone", "ok", "ok")}),
        stops('no customer has status "unsubscribed"')),
    "unseen: through a dimension's other rung": (
        customers("{kind: shut}", "status", "ok", "gone", "ok", "ok",
                  more="dimensions: {kind: [{out: {status: unsubscribed}}, {shut: {status: gone}}, {rest: otherwise}]}"),
        stops('no customer has status "unsubscribed"')),
    "unseen: through a grid": (
        customers("{both: x}", "status", "ok", "gone", "ok", "ok", more=(
            "dimensions: {k: [{out: {status: unsubscribed}}, {rest: otherwise}], s: [{m: {monetary: {at_least: 9}}}, {n: otherwise}], "
            "both: {grid: [k, s], columns: [m, n], rows: {out: [x, x], rest: [y, z]}}}")),
        stops('no customer has status "unsubscribed"')),
    **{
        f"unseen: parts of texts: {rule}": (customers(rule, "email", "a@test.de", "b@x.de", "c@y.de", ""), what)
        for rule, what in (
            ("{email: {contains: ['@ourshop.', '@test.']}}",
             sends("bcd", 'no customer has email "@ourshop.", but another part of the list')),
            ("{email: {contains: ['@tets.']}}", stops('no customer has email "@tets."')),
            ("{email: {contains: '@tets.'}}", stops('no customer has email "@tets."')),
            ("{email: {contains: ['@ourshop.', '@tets.']}}", stops('email "@ourshop."', 'email "@tets."')),
            ("{email: {contains: ['@OURSHOP.', '@TEST.'], ignore_case: true}}", sends("bcd", '"@OURSHOP.", but another')),
            ("{email: {contains: ['@test.', 'B@X']}}", stops('no customer has email "B@X"')),  # in another spelling
            ("{email: {ends_with: [.fr, .com]}}", stops('no customer has email ".fr"', 'no customer has email ".com"')),
            ("{email: {starts_with: [zoe@, a@]}}", sends("bcd", 'no customer has email "zoe@", but another')),
            ("{email: ['a@test.de', 'z@test.de']}", stops('no customer has email "z@test.de"')),  # whole texts
        )
    },
    "unseen: parts of texts, under a negation": (
        replace(customers("", "email", "a@test.de", "b@x.de", "c@y.de", ""),
                persona="{not: {email: {contains: ['@ourshop.', '@test.']}}}"),
        sends("bcd", 'no customer has email "@ourshop.", but another part of the list')),
    "unseen: parts of texts, none of them under a negation": (
        replace(customers("", "email", "a@test.de", "b@x.de", "c@y.de", ""),
                persona="{not: {email: {contains: ['@ourshop.', '@tets.']}}}"),
        stops('no customer has email "@ourshop."', 'no customer has email "@tets."')),
    "unseen: parts of texts, of a blank column": (
        customers("{email: {contains: ['@ourshop.', '@test.']}}", "email", "", "", "", ""), stops("no customer has a value there")),
    "unseen: parts of texts of rows": (
        Shop("{did: {event: complaint, where: {severity: {contains: [hi, severe]}}}}"),
        sends("bcd", 'no row of complaint has severity "severe", but another part of the list')),
    "unseen: a part of a label": (
        customers("{kind: {contains: shot}}", "status", "ok", "gone", "ok", "ok",
                  more="dimensions: {kind: [{shut: {status: gone}}, {rest: otherwise}]}"),
        stops('no label has kind "shot"; nearest: shut')),
    "unseen: through a feature": (
        Shop("{angry: {at_least: 1}}", "features: {angry: {count: {event: complaint, where: {severity: hgh}}}}"),
        stops('no row of complaint has severity "hgh"; nearest: high')),
    "unseen: the latest of a column": (
        Shop("{angry: hgh}", "features: {angry: {last: {event: complaint, column: severity}}}"),
        stops('no row of complaint has severity "hgh"')),
    "unseen: through tiers of a column": (
        customers("{tier: gold}", "points", "4", "3,5", "1", "1",
                  more="dimensions: {tier: {from: points, labels: [gold, silver], shares: [50, 50]}}"),
        stops("suppress compares points as a number", "3,5 (1)")),
    "unseen: a rule that starts with nothing": (
        Shop("{did: {event: complaint, times: {at_most: 0}, where: {severity: hgh}}}"), stops('severity "hgh"')),
    "unseen: its door is its value": (
        customers("{status: unsubscribed}", "status", "ok", "gone", "left", "ok", values="status: [unsubscribed]"),
        sends("abcd", 'no customer has status "unsubscribed": declared under values')),
    "unseen: its door is the level": (
        customers("{status: unsubscribed}", "status", "ok", "gone", "left", "ok", more="notices: {unseen-value: warn}"),
        sends("abcd", 'no customer has status "unsubscribed"')),
    "unseen: no level below a warning": (
        customers("{status: unsubscribed}", "status", "ok", "gone", "left", "ok", more="notices: {unseen-value: 'off'}"),
        stops('no customer has status "unsubscribed"')),
    "unseen: a campaign before its first send": (
        Shop("{did: {event: send, where: {campaign: Christmas 2026}}}",
             sources={"events": "{path: e.csv, values: {campaign: [Christmas 2026]}}"}),
        sends("abcd", 'no row of send has campaign "Christmas 2026": declared under values')),
    "unseen: an event that is to come": (
        Shop("{did: refund}", sources={"events": "{path: e.csv, values: {event: [refund]}}"}), sends("abcd")),
    "seen: an event of a source of its own that is empty of it": (
        Shop("{did: complaint}", sources={"events": "[e.csv, {path: f.csv, event: refund}]"},
             files={"f.csv": "customer_id,occurred_at\na,2026-01-01\n"}), sends("bcd")),
    "unseen: a door that is misspelt stays shut": (
        customers(
            "{status: gone}", "status", "ok", "gone", "left", "ok", values="statu: [unsubscribed]"
        ),
        sends(
            "acd",
            'values of customers name the column "statu", which customers lack; nearest: status',
        ),
    ),
    "seen: outside the window": (
        Shop("{did: {event: send, within: 10d, where: {campaign: Winter}}}"), sends("abcd")),
    "seen: a shop without complaints in the window": (
        Shop("{did: {event: complaint, within: 2d}}", sources={"events": "{path: e.csv, quiet_for: 30d}"}), sends("abcd")),
    "seen: only of a row after as_of": (
        Shop("{did: {event: send, where: {campaign: Easter}}}", files={"e.csv": EVENTS + "d,2036-03-01,send,,Easter\n"}),
        sends("abcd")),
    "seen: of another event": (
        Shop("{did: {event: complaint, where: {campaign: Spring}}}"), sends("abcd")),
    "seen: in products that nobody bought": (
        Shop("{did: {event: purchase, where: {collection: launch}}}", files={"p.csv": PRODUCTS + "p9,launch\n"}), sends("abcd")),
    "seen: of a customer who never bought": (
        Shop("{status: gone}", files={"c.csv": column("status", "ok", "ok", "ok", "ok") + "z,gone\n"}), sends("abcd")),
    "seen: one rung of rfm": (Shop("{rfm: '111'}"), sends("abcd")),
}  # fmt: skip

DAYS = {"c.csv": column("ends", "2026-10-01", "2026-10-02 08:00", "", "2026-10-02")}
AS_DAYS = {
    "c.parquet": parquet(
        "{}", ends=pl.Series(["2026-10-01", "2026-10-02", None, None]).str.to_date()
    ).files["c.parquet"]
}
OF_DAYS = {
    "{ends: 2026-11-30}": ("suppress", 'no customer has ends "2026-11-30"'),
    "{ends: [2026-10-01, 2026-11-30]}": ("suppress", "2026-11-30"),
    "{ends: {is_not: 2026-12-31}}": ("persona", "Under a negation it leaves out nobody."),
    "{ends: {none_of: [2026-10-01, 2026-12-31]}}": ("persona", "2026-12-31"),
    "{not: {ends: 2020-01-01}}": ("persona", 'no customer has ends "2020-01-01"'),
}
ROWS |= {
    f"unseen day: {rule} of {name}": (
        Shop(rule if at == "suppress" else "", persona=rule if at == "persona" else "{}", files=files), stops(words))
    for rule, (at, words) in OF_DAYS.items()
    for files in (DAYS, AS_DAYS)
    for name in files
}  # fmt: skip
ROWS |= {
    "unseen day: of rows": (
        Shop("{did: {event: send, where: {campaign: 2026-11-30}}}"), stops('no row of send has campaign "2026-11-30"')),
    "unseen day: it is declared": (
        Shop("{ends: 2026-11-30}", files=DAYS, sources={"customers": "{path: c.csv, values: {ends: [2026-11-30]}}"}),
        sends("abcd", 'no customer has ends "2026-11-30": declared under values')),
    "seen day: with a time": (Shop("{ends: 2026-10-02}", files=DAYS), sends("ac")),
    "seen day: of Parquet": (Shop("{ends: 2026-10-02}", files=AS_DAYS), sends("acd")),
    "seen day: in an order": (Shop("{ends: {at_least: 2030-01-01}}", files=DAYS), sends("abcd")),
}  # fmt: skip
#: figures that nobody has: they are said and stop nothing, for they are others tomorrow
FIGURES = {
    "{frequency: 99}": "frequency 99",
    "{frequency: [1, 99]}": "frequency 99",
    "{not: {frequency: {is_not: 99}}}": "frequency 99",
    "{monetary: 5.5}": "monetary 5.5",
    "{n: 99}": "n 99",
    "{total: 7}": "total 7",
    "{last_order_on: 2020-01-01}": 'last_order_on "2020-01-01"',
    "{recency_days: 40}": "recency_days 40",
    "{expected_gap_days: 3}": "expected_gap_days 3",
}
OWN = "features: {n: {count: orders}, total: {sum: amount}}"
ROWS |= {
    f"figure: {rule}": (
        Shop(rule, OWN), sends("" if "1," in rule else "abcd", f"no customer has {said}"))
    for rule, said in FIGURES.items()
}  # fmt: skip
ROWS |= {
    f"figure, denied: {rule}": (Shop(persona=rule, more=OWN), sends("abcd", f"no customer has {said}"))
    for rule, said in (
        ("{frequency: {is_not: 99}}", "frequency 99"),
        ("{not: {n: 99}}", "n 99"),
        ("{last_order_on: {none_of: [2020-01-01]}}", 'last_order_on "2020-01-01"'),
    )
}  # fmt: skip
ROWS |= {
    "figure: no level below a warning": (
        Shop("{frequency: 99}", "notices: {unseen-value: 'off'}"), sends("abcd", "no customer has frequency 99")),
    "figure: money that somebody has": (Shop("{monetary: 5}"), sends("")),
}  # fmt: skip

# -- beside suppression ---------------------------------------------------------------------------

HATLESS = 'no line has department "hats"; nearest: Hats'
ROWS |= {
    f"negated: {rule}": (Shop(persona=rule), stops(HATLESS))
    for rule in (
        "{did_not: {event: purchase, where: {department: hats}}}",
        "{not: {did: {event: purchase, where: {department: hats}}}}",
        "{did: {event: purchase, where: {department: {is_not: hats}}}}",
        "{did: {event: purchase, where: {not: {department: hats}}}}",
        "{did: {event: purchase, where: {department: {none_of: [hats, Men]}}}}",
        "{did: {event: purchase, where: {department: hats}, times: {at_most: 0}}}",
        "{did: {event: purchase, where: {department: hats}, times: {at_most: 3}}}",
        "{did: {event: purchase, where: {department: hats}, times: {between: [0, 3]}}}",
        "{share: {of: spend, where: {department: hats}, less_than: 0.2}}",
        "{did_not: {event: purchase, where: {department: [Hats, hats]}}}",
        "{department_share.hats: {at_most: 0.2}}",
        "{top_department: {is_not: hats}}",
        "{not: {top_department: hats}}",
    )
}  # fmt: skip
ROWS |= {
    "negated: a sum of nothing": (
        Shop(persona="{f: {less_than: 10}}", more="features: {f: {sum: amount, where: {department: hats}}}"), stops(HATLESS)),
    "negated: a count of nothing, in a persona that is denied": (
        Shop(persona="{not: {f: {at_least: 1}}}", more="features: {f: {count: orders, where: {department: hats}}}"), stops(HATLESS)),
    "negated: a column of customers": (
        Shop(persona="{city: {is_not: Olso}}", files={"c.csv": column("city", "Oslo", "Rome", "Rome", "")}),
        stops('no customer has city "Olso"; nearest: Oslo', "    customers: {path: c.csv, values: {city: [Olso]}}")),
    "negated: through the rungs below": (
        Shop(persona="{k: rest}", more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}"), stops(HATLESS)),
    "negated: through a rung below with a condition": (
        Shop(persona="{k: low}", more="dimensions: {k: [{out: {top_department: hats}}, {low: {monetary: {at_most: 9}}}, "
             "{rest: otherwise}]}"), stops(HATLESS)),
    "negated: through a grid of rungs below": (
        Shop(persona="{both: y}", more=(
            "dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}], s: [{m: {monetary: {at_least: 9}}}, {n: otherwise}], "
            "both: {grid: [k, s], columns: [m, n], rows: {out: [x, x], rest: [y, z]}}}")), stops(HATLESS)),
    "negated twice: whoever is not below": (
        Shop(persona="{k: {is_not: rest}}", more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}"),
        sends("", HATLESS)),
    "negated: both labels are wanted": (
        Shop(persona="{k: [out, rest]}", more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}"),
        sends("abcd", HATLESS)),
    "plain: a rung of which nobody asks": (
        Shop(persona="{}", more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}"), sends("abcd", HATLESS)),
    "plain: a rung below": (
        Shop(persona="{k: top}", more="dimensions: {k: [{top: {monetary: {at_least: 1}}}, {out: {top_department: hats}}, "
             "{rest: otherwise}]}"), sends("abcd", HATLESS)),
    "negated: an anchor": (
        Shop(persona="{did_not: {event: purchase, after: {event: send, where: {campaign: Sprin}}}}"), stops('campaign "Sprin"')),
    "negated: its door is the level": (
        Shop(persona="{did_not: {event: purchase, where: {department: hats}}}", more="notices: {unseen-value: warn}"),
        sends("abcd", HATLESS)),
    "negated: its door is its value": (
        Shop(persona="{did_not: {event: purchase, where: {department: Shoes}}}",
             sources={"transactions": "{path: t.csv, values: {department: [Shoes]}}"}),
        sends("abcd", 'no line has department "Shoes": declared under values')),
    "negated twice is not negated": (
        Shop(persona="{not: {did_not: {event: purchase, where: {department: hats}}}}"), sends("", HATLESS)),
    "plain: a warning": (Shop(persona="{did: {event: purchase, where: {department: hats}}}"), sends("", HATLESS)),
    "plain: a share": (Shop(persona="{share: {of: spend, where: {department: hats}, at_least: 0.1}}"), sends("", HATLESS)),
    "plain: a text feature": (Shop(persona="{top_department: hats}"), sends("", HATLESS)),
    "plain: words that are none": (
        Shop(persona="{opted: true}", files={"c.csv": column("opted", "yes", "ja", "no", "no")}),
        sends("a", "opted is compared as true or false, and 1 customer has something else there: ja (1)")),
    "plain: texts compared as numbers": (
        Shop(persona="{kids: {at_least: 2}}", files={"c.csv": column("kids", "2", "3+", "1", "")}),
        sends("a", "kids is compared as a number, and 1 customer has something else there: 3+ (1)")),
    "plain: another spelling": (
        Shop(persona="{city: Oslo}", files={"c.csv": column("city", "Oslo", "OSLO", "Rome", "")}),
        sends("a", 'city is compared with "Oslo", and the data has also: OSLO (1)')),
}  # fmt: skip

#: another spelling in rows, beside suppression: rule -> what is said of it
SPELT = (
    EVENTS + "d,2026-02-27,SEND,,Spring\nb,2026-02-20,send,, spring\nc,2026-02-20,send,,Ｓpring\n"
)
SPELT_RULES = {
    "{did_not: send}": ("ad", "event", "send", "SEND (1)"),
    "{did: send}": ("bc", "event", "send", "SEND (1)"),
    "{did: {event: send, times: {at_most: 0}}}": ("ad", "event", "send", "SEND (1)"),
    "{did_not: {event: send, where: {campaign: Spring}}}": ("acd", "campaign", "Spring", "spring"),
    "{did: {event: send, where: {campaign: Spring}}}": ("b", "campaign", "Spring", "Ｓpring (1)"),
    "{did: {event: send, where: {campaign: {is_not: Spring}}}}": (
        "bc",
        "campaign",
        "Spring",
        "spring",
    ),
}


def as_parquet(text: str) -> bytes:
    held = io.BytesIO()
    pl.read_csv(io.StringIO(text)).write_parquet(held)
    return held.getvalue()


ROWS |= {
    f"near: {rule} in rows of {name}": (
        Shop(persona=rule, files={name: data}, sources={"events": name}),
        sends(ids, f'{column_} is compared with "{word}", and the data has also: ', said))
    for rule, (ids, column_, word, said) in SPELT_RULES.items()
    for name, data in (("e.csv", SPELT), ("e.parquet", as_parquet(SPELT)))
}  # fmt: skip
ROWS |= {
    "near: in lines, under a negation": (
        Shop(persona="{did_not: {event: purchase, where: {department: Hats}}}",
             files={"t.csv": LINES.replace("03-03,5,Hats", "03-03,5,hats ")}),
        sends("acd", 'department is compared with "Hats", and the data has also: "hats " (1)')),
    "near: declared, under a negation": (
        Shop(persona="{did_not: send}", files={"e.csv": SPELT},
             sources={"events": "{path: e.csv, values: {event: [SEND]}}"}),
        sends("ad", 'beside "send" the data has SEND (1): declared under values')),
}  # fmt: skip

# -- percentages that mean everybody --------------------------------------------------------------

ROWS |= {
    f"percent: {rule}": (Shop(persona=rule, more=more), sends("abcd", f"{said} matches 4 of 4 customers, more than twice its share"))
    for rule, more, said in (
        ("{return_share: {top_percent: 20}}", "", "return_share in the top 20 %"),
        ("{frequency: {bottom_percent: 10}}", "", "frequency in the bottom 10 %"),
        ("{k: best}", "dimensions: {k: [{best: {frequency: {top_percent: 20}}}, {rest: otherwise}]}", "frequency in the top 20 %"),
        ("{monetary: {top_percent: 20, among: {frequency: {top_percent: 5}}}}", "", "frequency in the top 5 %"),
    )
}  # fmt: skip
ROWS |= {
    "percent: in suppression it takes everybody": (
        Shop("{frequency: {top_percent: 20}}"), sends("", "frequency in the top 20 % matches 4 of 4 customers")),
    "percent: twice is not more than twice": (
        Shop(persona="{kids: {top_percent: 25}}", files={"c.csv": column("kids", "2", "2", "1", "1")}), sends("ab")),
    "percent: of those who have the value": (
        Shop(persona="{kids: {top_percent: 50}}", files={"c.csv": column("kids", "2", "1", "", "")}), sends("a")),
}  # fmt: skip


AD_HOC = {
    "suppression stops": ("suppress: [{opted: true}]", 3, "compares opted as true or false"),
    "an event in another spelling": ("suppress: [{did: Complaint}]", 3, 'no event "Complaint"'),
    "an event that never occurs": (
        "suppress: [{did: refund}]",
        0,
        'left out, as there is no event "refund" in the data (nearest: send): suppress rule 1',
    ),
    "a negation is a warning": (
        "personas: {q: {match: {did_not: {event: purchase, where: {department: men}}}}}",
        0,
        'no line has department "men"; nearest: Men',
    ),
}


@pytest.mark.parametrize(("rules", "code", "said"), AD_HOC.values(), ids=AD_HOC)
def test_files_of_the_command_line(segment: Segment, rules: str, code: int, said: str) -> None:
    people = column("opted", "yes", "ja", "no", "no")
    files = {"t.csv": LINES, "e.csv": EVENTS, "c.csv": people, "r.yaml": f"version: 1\n{rules}\n"}
    more = ("--customers", "c.csv", "--events", "e.csv", "-c", "r.yaml", "-n")
    result = segment("run", "t.csv", *more, files=files)
    assert (result.exit_code, said in result.err) == (code, True), result.err


def test_persona_tests_take_words_as_runs_do(segment: Segment) -> None:
    shop = customers("{consent: 'off'}", "consent", "yes", "no", "yes", "yes").written()
    cases = (
        "as_of: 2026-03-03\ncases:\n"
        "  - {name: no, customer: {consent: 'No'}, orders: [{amount: 5, days_ago: 3}], suppressed: true}\n"
        "  - {name: yes, customer: {consent: 1}, orders: [{amount: 5, days_ago: 3}], suppressed: false}\n"
    )
    result = segment("test", files={**shop, "personas.test.yaml": cases})
    assert result.exit_code == 0, result.out + result.err


def test_an_installed_run_stops_and_names_the_door(shell: Shell) -> None:
    shop = customers("{opted: true}", "opted", "yes", "ja", "no", "no")
    result = shell("run", files=shop.written())
    assert result.exit_code == 3
    assert result.err.splitlines()[2:] == [
        "To sign for what is meant, so that it stops nothing:",
        "  personas.yaml:2:64, in place of customers:",
        "    customers: {path: c.csv, values: {opted: [ja]}}",
    ]


@pytest.mark.sampled
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    result = segment("run", files=shop.written())
    if isinstance(outcome, Stops):
        assert result.exit_code == 3, (result.exit_code, result.err, result.out)
        assert [w for w in outcome.words if w not in result.err] == [], result.err
        assert not (result.folder / "audiences").exists()
        signed = segment("run", files={"personas.yaml": result.signed})
        assert signed.exit_code == 0, (result.err, signed.err)
        return
    assert result.exit_code == 0, result.err
    assert result.ids("p") == list(outcome.ids)
    said = [*result.warnings, *result.notes]
    assert [s for s in outcome.said if not any(s in text for text in said)] == [], said


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 90
