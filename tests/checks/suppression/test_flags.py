"""Words for true and false that suppression compares are read, or the run stops and says why."""

from __future__ import annotations

import polars as pl
import pytest
from four_customers import (
    EVENTS,
    LINES,
    Row,
    Sends,
    Shop,
    Stops,
    column,
    customers,
    ends,
    events,
    parquet,
    sends,
    stops,
)
from harness import Segment, Shell

ROWS: dict[str, Row] = {}


#: neither true nor false
NEITHER = (
    "x",
    "ja",
    "nein",
    "on",
    "opt-out",
    "TRUE.",
    "01",
    "-",
    "refused",
    "2026-01-01",
    "3",
    "n/a",
    "\u200b",
    "yes\u200b",
    "unknown",
)
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
        stops(
            "compares opted as",
            "2 customers have something else there: ja (1), x (1)",
            "    customers: {path: c.csv, values: {opted: [ja, x]}}",
        ),
    )
    for name, rule in FLAG_RULES.items()
}
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
        customers("{opted: yes}", "opted", "TRUE", "1", "y", "no"),
        sends("d"),
    ),
    "flag: true meets t and y": (
        customers("{opted: true}", "opted", "t", "y", "1.0", "0"),
        sends("d"),
    ),
    "flag: the number 1 meets words": (
        customers("{opted: 1}", "opted", "yes", "TRUE", "0", "no"),
        sends("cd"),
    ),
    "flag: is_not of a word": (
        customers("{consent: {is_not: 'yes'}}", "consent", "TRUE", "1", "no", ""),
        sends("ab"),
    ),
    "flag: none_of words": (
        customers("{consent: {none_of: [on, 1]}}", "consent", "TRUE", "1", "no", "0"),
        sends("ab"),
    ),
    "flag: on as data, where the rule says on": (
        customers("{opted: 'on'}", "opted", "on", "off", "yes", "no"),
        stops("off (1)"),
    ),
    "flag: on and off as data, where the rule says both": (
        customers(
            "{opted: 'on', consent: {missing: true}}",
            "opted,consent",
            'on","x',
            'no","x',
            'no","x',
            'no","x',
        ),
        sends("abcd"),
    ),
    "flag: a blank is no answer, and counted": (
        customers("{opted: true}", "opted", "yes", "", "  ", "no"),
        sends("bcd", "suppress compares opted, which is blank for 2 customers"),
    ),
    "flag: a word that is declared": (
        customers(
            "{opted: true}", "opted", "yes", "pending", "no", "no", values="opted: [pending]"
        ),
        sends("bcd", "opted holds pending (1): declared under values"),
    ),
    "flag: true beside words in a list": (
        customers("{opted: [true, x]}", "opted", "yes", "x", "no", "no"),
        sends("cd"),
    ),
    "flag: letters of something else stay apart": (
        customers("{gender: f}", "gender", "f", "m", "n", "F"),
        sends("bc"),
    ),
    "flag: letters of a gender, of which nobody has one": (
        customers("{gender: f}", "gender", "n", "m", "n", "m"),
        stops('no customer has gender "f"'),
    ),
    "flag: a letter that is declared": (
        customers("{opted: T}", "opted", "Y", "N", "N", "T", values="opted: [Y]"),
        sends("abc", 'beside "T" the data has Y (1): declared under values'),
    ),
    "flag: a letter of a column where nobody says yes": (
        customers("{opted: T}", "opted", "N", "N", "F", ""),
        sends("abcd"),
    ),
    "flag: both letters are named": (
        customers("{opted: [T, Y]}", "opted", "Y", "N", "F", "t"),
        sends("bc"),
    ),
    "flag: a letter beside the word": (
        customers("{opted: [T, yes]}", "opted", "Y", "N", "F", "t"),
        sends("bc"),
    ),
    "flag: a letter that nobody has, denied by a persona": (
        Shop(persona="{opted: {is_not: t}}", files={"c.csv": column("opted", "Y", "N", "N", "")}),
        stops('no customer has opted "t"; nearest: Y', "Under a negation it leaves out nobody."),
    ),
    "flag: a letter that nobody has, in rows": (
        events(
            "{did: {event: survey, where: {severity: T}}}",
            "a,2026-02-01,survey,Y,",
            "b,2026-02-01,survey,N,",
        ),
        stops('no row of survey has severity "T"; nearest: Y'),
    ),
    "flag: a letter that nobody has, of a persona": (
        Shop(persona="{opted: t}", files={"c.csv": column("opted", "Y", "N", "N", "")}),
        sends("", 'no customer has opted "t"; nearest: Y'),
    ),
    "flag: gender with an x": (customers("{gender: f}", "gender", "f", "m", "x", ""), sends("bcd")),
    "flag: a country NO goes on as text": (
        customers("{country: NO}", "country", "NO", "SE", "DK", "NO"),
        sends("bc"),
    ),
    "flag: a list of countries with NO": (
        customers("{country: [NO, SE]}", "country", "NO", "SE", "DK", "FI"),
        sends("cd"),
    ),
    "flag: a country NO and Ontario": (
        customers("{region: NO}", "region", "NO", "ON", "QC", "SE"),
        sends("bcd"),
    ),
    "flag: words of small letters are no codes": (
        customers("{opted: 'yes'}", "opted", "yes", "yep", "", ""),
        stops("yep (1)"),
    ),
    "flag: n beside an x is a flag": (
        customers("{opted: y}", "opted", "y", "x", "n", "n"),
        stops("x (1)"),
    ),
    "flag: y beside an x is a flag": (
        customers("{opted: y}", "opted", "y", "x", "", ""),
        stops("x (1)"),
    ),
    "flag: nobody opted out": (
        customers("{opted: true}", "opted", "no", "no", "no", "no"),
        sends("abcd"),
    ),
    "flag: nobody opted out, in numbers": (
        customers("{opted: 1}", "opted", "0", "0", "0", "0"),
        sends("abcd"),
    ),
    "flag: nobody opted out, by a word": (
        customers("{opted: 'yes'}", "opted", "n", "n", "n", "n"),
        sends("abcd"),
    ),
    "flag: Parquet booleans and a word": (
        parquet("{consent: 'no'}", consent=[True, False, None, True]),
        sends("acd"),
    ),
    "flag: Parquet booleans and a number": (
        parquet("{consent: 0}", consent=[True, False, None, True]),
        sends("acd"),
    ),
    "flag: Parquet integers and a flag": (
        parquet("{opted: true}", opted=[1, 0, 0, None]),
        sends("bcd"),
    ),
    "flag: Parquet integers and a word": (
        parquet("{opted: 'YES'}", opted=[1, 0, 0, None]),
        sends("bcd"),
    ),
    "flag: Parquet floats and a word": (
        parquet("{opted: 'no'}", opted=[1.0, 0.0, 1.0, None]),
        sends("acd"),
    ),
    "flag: Parquet numbers beyond 0 and 1": (
        parquet("{opted: true}", opted=[1, 0, 2, 3]),
        stops("2 (1), 3 (1)"),
    ),
    "flag: Parquet texts": (
        parquet("{opted: true}", opted=["Y", "nope", "n", None]),
        stops("nope (1)"),
    ),
    "flag: a rating of 1 is a number": (
        customers("{rating: 1}", "rating", "1", "2", "5", "5"),
        sends("bcd"),
    ),
    "flag: a store that is called 1": (
        customers("{store: '1'}", "store", "1", "2", "3", "x"),
        stops("x (1)"),
    ),
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
        events(
            "{did: {event: survey, where: {severity: true}}}",
            "a,2026-02-01,survey,yes,",
            "b,2026-02-01,survey,ja,",
        ),
        stops(
            "suppress compares severity as true or false",
            "1 row of survey has something else there: ja (1)",
        ),
    ),
    "flag: a word of another event is none of its business": (
        events(
            "{did: {event: survey, where: {severity: true}}}",
            "a,2026-02-01,survey,yes,",
            "b,2026-02-01,login,ja,",
        ),
        sends("bcd"),
    ),
    "flag: words in where meet": (
        events(
            "{did: {event: survey, where: {severity: 'off'}}}",
            "a,2026-02-01,survey,No,",
            "b,2026-02-01,survey,1,",
        ),
        sends("bcd"),
    ),
    "flag: derived of the discount": (
        Shop(
            "{share: {of: lines, where: {discounted: true}, at_least: 0.5}}",
            files={"t.csv": LINES.replace("amount", "discount,amount").replace(",5,", ",0,5,")},
        ),
        sends("abcd"),
    ),
}

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
        stops(f'no customer has opted "{said}"; nearest: {cells[0]}'),
    )
    for said, cells in LETTERS
}
ROWS |= {
    f"flag: {said} where both letters for it stand": (
        customers(f"{{opted: {said}}}", "opted", *"YNTF"),
        stops(f"the data has also: {other} (1)"),
    )
    for said, other in ("TY", "YT", "NF", "FN")
}
ROWS |= {
    f"flag: {rule} where both letters for it stand": (
        customers(rule, "opted", *"YNTF"),
        stops("the data has also: Y (1)"),
    )
    for rule in ("{opted: {is_not: T}}", "{opted: {none_of: [T, F, N]}}", "{not: {opted: T}}")
}


TWO_FILES = {
    "c1.csv": "customer_id,opted,status\na,yes,left\nb,ja,Left\n",
    "c2.csv": "customer_id,opted,status\nc,ja,Left\nd,no,ok\n",
}
ONE_DOOR = {"customers": "[{path: c1.csv, values: {opted: [ja], status: [Left]}}, {path: c2.csv}]"}
BOTH_DOORS = {
    "customers": "[{path: c1.csv, values: {opted: [ja], status: [Left]}}, "
    "{path: c2.csv, values: {opted: [ja], status: [Left]}}]"
}
ROWS |= {
    "door: of one source, a word": (
        Shop("{opted: true}", files=TWO_FILES, sources=ONE_DOOR),
        stops("c2.csv has ja (2) there, which only another source"),
    ),
    "door: of one source, another spelling": (
        Shop("{status: left}", files=TWO_FILES, sources=ONE_DOOR),
        stops("c2.csv has Left (2) there, which only another"),
    ),
    "door: of both sources, a word": (
        Shop("{opted: true}", files=TWO_FILES, sources=BOTH_DOORS),
        sends("bcd"),
    ),
    "door: of both sources, another spelling": (
        Shop("{status: left}", files=TWO_FILES, sources=BOTH_DOORS),
        sends("bcd"),
    ),
    "door: a day that stands for missing is named": (
        customers(
            "{asked: {missing: true}}", "asked", "2026-01-01", "0000-00-00", "2026-01-01", ""
        ),
        stops("    customers: {path: c.csv, missing: {asked: [0000-00-00]}}"),
    ),
}


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


@pytest.mark.deep
def test_an_installed_run_stops_and_names_the_door(shell: Shell) -> None:
    shop = customers("{opted: true}", "opted", "yes", "ja", "no", "no")
    result = shell("run", files=shop.written())
    assert result.exit_code == 3
    assert result.err.splitlines()[2:] == [
        "To sign for what is meant, so that it stops nothing:",
        "  personas.yaml:2:64, in place of customers:",
        "    customers: {path: c.csv, values: {opted: [ja]}}",
    ]


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    ends(segment, shop, outcome)


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 120
