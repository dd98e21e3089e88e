"""Events that cannot be meant, or cannot be there: what is said, and how the command ends."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from harness import Segment

TRANSACTIONS = "customer_id,order_id,ordered_at,amount\n1,1,2026-01-01,10\n2,2,2026-01-20,20\n"
EVENTS = (
    "customer_id,occurred_at,event,campaign\n1,2026-01-02,browse,x\n2,2026-01-05,login,\n"
    "9,2026-01-10,browse,y\n"
)
NO_EVENTS = "customer_id,occurred_at\n"
CUSTOMERS = "customer_id,gender\n1,f\n2,m\n"


def run(
    segment: Segment,
    match: str,
    *more: str,
    files: Mapping[str, str | bytes] | None = None,
    sources: str = "events: e.csv",
) -> Any:
    """One persona over two customers, and what else the rules say."""
    rules = "\n".join(
        (
            "version: 1",
            f"sources: {{transactions: t.csv, {sources}}}",
            *more,
            f"personas: {{p: {{match: {match}}}}}",
            "",
        )
    )
    tables = {"t.csv": TRANSACTIONS, "e.csv": EVENTS, "p.yaml": rules}
    return segment("run", "--config", "p.yaml", files={**tables, **(files or {})})


# -- events that are there, and how they count --------------------------------------------------


def test_future_events_are_set_aside_and_counted(segment: Segment) -> None:
    events = EVENTS + "1,2099-01-01,login,\n2,2099-12-31,login,\n"
    result = run(segment, "{did: login}", files={"e.csv": events})
    assert result.exit_code == 0, result.err
    assert result.ids("p") == ["2"]
    assert result.manifest["as_of"] == "2026-01-20"
    [read] = [i for i in result.manifest["inputs"] if i["table"] == "events"]
    assert (read["rows_read"], read["rows_used"], read["rows_set_aside"]) == (
        5,
        3,
        {"after as_of": 2},
    )


def test_events_after_an_earlier_as_of_are_set_aside(segment: Segment) -> None:
    run(segment, "{did: browse}", files={})
    result = segment("run", "--config", "p.yaml", "--as-of", "2026-01-04", "--json", "--dry-run")
    [read] = [i for i in result.result["inputs"] if i["table"] == "events"]
    assert read["rows_set_aside"] == {"after as_of": 2}
    assert [p["matched"] for p in result.result["personas"]] == [1]


def test_who_never_bought_is_left_out_and_that_is_said(segment: Segment) -> None:
    result = run(segment, "{did: browse}")
    assert result.ids("p") == ["1"]
    assert result.manifest["left_out"] == {"customers without an order": 1}
    assert "1 customer without an order left out (base: everyone includes them)" in result.err


EVERYBODY = {
    "the rules ask for the event": ("{did: browse}", ["1", "9"]),
    "the rules ask for another event": ("{did_not: login}", ["1", "9"]),
    "the rules ask for no event": ("{frequency: 0}", ["9"]),
}


@pytest.mark.parametrize("what", EVERYBODY)
def test_who_never_bought_is_a_customer_with_base_everyone(segment: Segment, what: str) -> None:
    match, members = EVERYBODY[what]
    result = run(segment, match, "base: everyone")
    assert result.ids("p") == members
    assert result.customers["customer_id"].to_list() == ["1", "2", "9"]


def test_who_only_returned_is_a_customer_with_base_everyone(segment: Segment) -> None:
    returned = TRANSACTIONS + "3,3,2026-01-19,-5\n"
    result = run(segment, "{frequency: 0}", "base: everyone", files={"t.csv": returned})
    assert result.ids("p") == ["3", "9"]


IDS = {
    "numbers in Parquet, text in CSV": ([1, 2], "1"),
    "text in Parquet, numbers in CSV": (["1", "2"], "1"),
    "numbers with gaps, hence 1.0": ([1.0, 2.0], "1.0"),
}


@pytest.mark.parametrize("what", IDS)
def test_ids_of_another_type_meet_as_text(segment: Segment, what: str, tmp_path: Any) -> None:
    ids, written = IDS[what]
    frame = pl.DataFrame({"customer_id": ids, "ordered_at": ["2026-01-01"] * 2, "amount": [1, 2]})
    frame.write_parquet(tmp_path / "t.parquet")
    events = f"customer_id,occurred_at,event\n{written},2026-01-01,login\n"
    rules = "version: 1\nsources: {transactions: t.parquet, events: e.csv}\npersonas: {p: {match: {did: login}}}\n"
    result = segment("run", files={"e.csv": events, "personas.yaml": rules})
    assert result.exit_code == 0, result.err
    assert result.ids("p") == ["1"]


def test_a_padded_id_is_somebody_else(segment: Segment) -> None:
    events = "customer_id,occurred_at,event\n001,2026-01-01,login\n2,2026-01-01,login\n"
    assert run(segment, "{did: login}", files={"e.csv": events}).ids("p") == ["2"]


def test_an_event_named_by_its_source_may_be_absent(segment: Segment) -> None:
    result = run(
        segment,
        "{did: complaint}",
        files={"c.csv": NO_EVENTS},
        sources="events: [e.csv, {path: c.csv, event: complaint}]",
    )
    assert (result.exit_code, result.ids("p")) == (0, [])


# -- rules that the data cannot answer ------------------------------------------------------------

UNKNOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "a typo": ("{did: brwose}", ()),
    "a typo that would hold for everybody": ("{did_not: {event: brwose, within: 30d}}", ()),
    "a typo in what comes before": ("{did: {event: login, after: brwose}}", ()),
    "a typo in a feature": ("{seen: 0}", ("features: {seen: {count: {event: brwose}}}",)),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_unknown_event_is_answered_with_the_nearest_and_all_names(
    segment: Segment, what: str
) -> None:
    match, more = UNKNOWN[what]
    result = run(segment, match, *more)
    assert result.exit_code == 2, result.err
    assert result.err.startswith("p.yaml:3:")
    assert 'there is no event "brwose" in the data; nearest: browse' in result.err
    assert (
        "\n  The data has: browse, login. If it is still to come, sign for it (below).\n"
        in result.err
    )
    assert "values: {event: [brwose]}" in result.err
    assert not (result.folder / "audiences").exists()


def test_an_unknown_event_can_be_signed_for_where_the_rules_name_no_events(
    segment: Segment,
) -> None:
    run(segment, "{did: brwose}", sources="customers: []")
    stopped = segment("run", "--events", "e.csv", "--config", "p.yaml")
    assert stopped.exit_code == 2
    assert stopped.err.endswith("  p.yaml, a new line:\n    notices: {unknown-event: warn}\n")
    run(segment, "{did: brwose}", "notices: {unknown-event: warn}", sources="customers: []")
    signed = segment("run", "--events", "e.csv", "--config", "p.yaml")
    assert (signed.exit_code, signed.ids("p")) == (0, []), signed.err


def test_an_event_unlike_all_others_is_unknown_too(segment: Segment) -> None:
    result = run(segment, "{did_not: newsletter}")
    assert result.exit_code == 2
    assert "\n  The data has: browse, login. If it is still to come" in result.err


def test_an_event_without_any_events_is_said_to_need_a_source(segment: Segment) -> None:
    result = run(segment, "{did: login}", sources="")
    assert result.exit_code == 3
    assert "a rule reads events, but there are none" in result.err
    assert "sources: events" in result.err


COLUMNS = {
    "of the event": "{did: {event: browse, where: {campain: x}}}",
    "of the event before": "{did: {event: login, after: {event: browse, where: {campain: x}}}}",
    "of a feature": "{seen: 1}",
}


@pytest.mark.parametrize("what", COLUMNS)
def test_where_on_a_column_that_events_lack_names_the_nearest(segment: Segment, what: str) -> None:
    feature = "features: {seen: {distinct: {event: browse, column: campain}}}"
    result = run(segment, COLUMNS[what], *([feature] if "seen" in COLUMNS[what] else []))
    assert result.exit_code == 3
    assert "events have no column 'campain'" in result.err
    assert "Nearest: campaign." in result.err


SPANS = io.BytesIO()
pl.DataFrame(
    {
        "customer_id": ["1", "2"],
        "ordered_at": [date(2026, 1, 5)] * 2,
        "amount": [5.0] * 2,
        "occurred_at": [date(2026, 1, 5)] * 2,
        "event": ["login"] * 2,
        "span": [timedelta(days=1)] * 2,
        "raw": [b"x"] * 2,
        "tags": [["x"]] * 2,
        "size": [{"cm": 1}] * 2,
    }
).write_parquet(SPANS)
OF_LINES = "{did: {event: purchase, where: {%s: x}}}"
PARQUET = "transactions: s.parquet, customers: s.parquet, events: s.parquet"
MAPPED = "transactions: {path: t.csv, columns: {campaign: product_id}}, customers: {path: c.csv, columns: {land: city}}"

#: what a rule names and files have, though no column is called so: the sources, the rules, the message
UNNAMED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "a column that is mapped": (
        MAPPED,
        (OF_LINES % "product_id",),
        "persona \"p0\": 'product_id' of transactions is read as 'campaign' here\n"
        "  Write campaign in the rule.\n",
    ),
    "a key that belongs beside an operator": (
        MAPPED,
        ("{did: {event: purchase, where: {campaign: {contains: x}, ignore_case: true}}}",),
        'persona "p0": ignore_case goes with contains, starts_with or ends_with\n'
        "  Write it beside the operator, within its braces: {contains: sale, ignore_case: true}.\n",
    ),
    "a column that is recognised": (
        "transactions: u.csv",
        (OF_LINES % "StockCode",),
        "persona \"p0\": 'StockCode' of transactions is read as 'product_id' here\n"
        "  Write product_id in the rule.\n",
    ),
    "a column of customers that is mapped": (
        MAPPED,
        ("{city: Rome}",),
        "persona \"p0\": 'city' of customers is read as 'land' here\n  Write land in the rule.\n",
    ),
    "a column of customers that is mapped, and that suppression reads": (
        MAPPED,
        ("{}", "suppress: [{city: Rome}]"),
        "suppress rule 1: 'city' of customers is read as 'land' here, so it "
        "cannot be known who must not be written to\n  Write land in the rule.\n",
    ),
    "durations": (
        PARQUET,
        (OF_LINES % "span",),
        "persona \"p0\": 'span' of transactions is of the type Duration, which no rule can "
        "compare\n  Instead, store a number, such as of days.\n",
    ),
    "bytes of events": (
        PARQUET,
        ("{did: {event: login, where: {raw: x}}}",),
        "persona \"p0\": 'raw' of events is of the type Binary, which "
        "no rule can compare\n  Instead, store text.\n",
    ),
    "lists of customers": (
        PARQUET,
        ("{tags: x}",),
        "persona \"p0\": 'tags' of customers is of the type List, which no rule can compare\n"
        "  Instead, store one value per row.\n",
    ),
    "structs, and suppression reads them": (
        PARQUET,
        ("{}", "suppress: [{size: 1}]"),
        "suppress rule 1: 'size' of customers is of the type Struct, which no "
        "rule can compare, so it cannot be known who must not be written to\n"
        "  Instead, store each of its fields as a column of its own.\n",
    ),
    "a duration under another name": (
        "transactions: {path: s.parquet, columns: {gap: span}}",
        (OF_LINES % "gap",),
        "persona \"p0\": 'gap' of transactions is of the type Duration, which no rule can compare\n"
        "  Instead, store a number, such as of days.\n",
    ),
    "one column for many rules": (
        "transactions: t.csv",
        (
            OF_LINES % "store",
            OF_LINES % "store",
            "{f: 1}",
            "suppress: [%s]" % (OF_LINES % "store"),
            "features: {f: {count: orders, where: {store: x}}}",
        ),
        'feature "f": transactions have no column \'store\'; needed by persona "p0", persona "p1", persona "p2", '
        "suppress rule 1, too\n  Map it under sources: transactions: columns: {store: YOUR_COLUMN}.\n",
    ),
    "one column of customers for many rules": (
        "transactions: t.csv, customers: c.csv",
        ("{zone: 1}", "suppress: [{zone: 1}, {zone: 2}]"),
        'suppress rule 1: customers have no column "zone", so it cannot be known who must not be written to '
        '(suppress rule 2, persona "p0" need it, too)\n  Map it under sources: customers, or remove the rule.\n',
    ),
}


@pytest.mark.parametrize(("sources", "rules", "said"), UNNAMED.values(), ids=UNNAMED)
def test_a_column_that_no_rule_can_name_is_told_once_and_why(
    segment: Segment, sources: str, rules: tuple[str, ...], said: str
) -> None:
    personas = [rule for rule in rules if rule.startswith("{")]
    written = ", ".join(f"p{i}: {{match: {match}}}" for i, match in enumerate(personas))
    more = "\n".join(rule for rule in rules if rule not in personas)
    files = {
        "t.csv": "customer_id,ordered_at,amount,product_id\n1,2026-01-05,5,x\n2,2026-01-05,5,y\n",
        "u.csv": "customer_id,ordered_at,amount,StockCode\n1,2026-01-05,5,x\n2,2026-01-05,5,y\n",
        "c.csv": "customer_id,city\n1,Rome\n2,Oslo\n",
        "s.parquet": SPANS.getvalue(),
        "personas.yaml": f"version: 1\nsources: {{{sources}}}\npersonas: {{{written}}}\n{more}\n",
    }
    result = segment("run", files=files)
    assert result.exit_code == (2 if rules[0] in ("{city: Rome}", "{tags: x}") else 3)
    assert result.err.partition(": ")[2] == said


def test_an_unknown_product_column_can_come_from_products(segment: Segment) -> None:
    files = {
        "e.csv": "customer_id,occurred_at,event,product_id\n1,2026-01-02,browse,7\n2,2026-01-02,browse,8\n",
        "q.csv": "product_id,collection\n7,autumn\n",
    }
    match = "{did: {event: browse, where: {collection: autumn}}}"
    result = run(segment, match, files=files, sources="events: e.csv, products: q.csv")
    assert result.ids("p") == ["1"]


def test_the_same_file_twice_is_refused_under_whatever_name(segment: Segment) -> None:
    both = "events: [e.csv, {path: ./e.csv, event: login}]"
    result = run(segment, "{did: login}", sources=both)
    assert result.exit_code == 3
    assert "e.csv: the file is listed twice" in result.err


# -- rules that cannot be meant -------------------------------------------------------------------

WINDOWS = ("30 days", "-3d", "0d", "1.5d", "30D", "d", "30", "1m", "999999d", "''")
PLACES = ("between: [30 days, 1d]", "between: [30d, -3d]", "after: {event: a, within: 30 days}")


@pytest.mark.parametrize("window", [*(f"within: {w}" for w in WINDOWS), *PLACES])
def test_unparseable_window_is_answered_with_how_to_write_it(segment: Segment, window: str) -> None:
    result = run(segment, f"{{did: {{event: browse, {window}}}}}")
    assert result.exit_code == 2
    assert result.err.startswith("p.yaml:3:")
    assert "is not a length of time" in result.err
    assert "Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y." in result.err


MEANINGLESS = {
    "no time between": (
        "{did: {event: a, between: [7d, 1w]}}",
        "between 7d and 1w there is no time",
    ),
    "a year is twelve months": ("{did: {event: a, between: [1y, 12mo]}}", "there is no time"),
    "one bound": ("{did: {event: a, between: 30d}}", "between takes two"),
    "within and between": (
        "{did: {event: a, within: 1d, between: [9d, 1d]}}",
        "exclude each other",
    ),
    "after and since": (
        "{did: {event: a, after: b, since: c}}",
        "after and since exclude each other",
    ),
    "no event": ("{did: {within: 1d}}", "which event?"),
    "after nothing": ("{did: {event: a, after: {within: 1d}}}", "which event?"),
    "a word that is none": ("{did: {event: a, withn: 1d}}", "Nearest: within."),
    "did within where": ("{did: {event: a, where: {did: b}}}", "cannot stand inside `where`"),
    "an alias that goes in a circle": (
        "{did: {event: a, after: &again {event: b, after: *again}}}",
        '"&" and "*" (anchors and aliases) are not used here',
    ),
    "a chain without end": (
        "{did: " + "{event: a, after: " * 60 + "b" + "}" * 60 + "}",
        "is nested deeper than 50 levels",
    ),
}


@pytest.mark.parametrize("what", MEANINGLESS)
def test_rule_that_cannot_be_meant_is_refused_at_its_place(segment: Segment, what: str) -> None:
    match, said = MEANINGLESS[what]
    result = run(segment, match)
    assert result.exit_code == 2
    assert result.err.startswith("p.yaml:3:")
    assert said in result.err


# -- consent: fail closed ----------------------------------------------------------------------

UNSURE: dict[str, tuple[str, str, Mapping[str, str], tuple[str, ...]]] = {
    "a consent column that is not there": (
        "{consent_email: {is_not: true}}",
        "customers: c.csv",
        {"c.csv": CUSTOMERS},
        ('suppress rule 1: customers have no column "consent_email"', "p.yaml:3:"),
    ),
    "a consent column that is misspelt": (
        "{consent_emial: {is_not: true}}",
        "customers: c.csv",
        {"c.csv": "customer_id,consent_email\n1,true\n"},
        ('no column "consent_emial"', "Nearest: consent_email."),
    ),
    "no customers at all": (
        "{consent_email: {is_not: true}}",
        "events: e.csv",
        {},
        ('no column "consent_email"',),
    ),
    "customers without a row": (
        "{opted_out: true}",
        "customers: c.csv",
        {"c.csv": "customer_id,opted_out\n"},
        ("c.csv: suppress reads these customers, and there is no usable row in them",),
    ),
    "customers of another shop": (
        "{opted_out: true}",
        "customers: c.csv",
        {"c.csv": "customer_id,opted_out\nC1,true\n"},
        ("none of them is in the transactions",),
    ),
    "complaints without a row": (
        "{did: complaint}",
        "events: [e.csv, {path: c.csv, event: complaint}]",
        {"c.csv": NO_EVENTS},
        ("c.csv: suppress reads these events, and there is no usable row in them",),
    ),
    "complaints that are all rejected": (
        "{did: complaint}",
        "events: [e.csv, {path: c.csv, event: complaint, date_format: '%d.%m.%Y'}]",
        {"c.csv": NO_EVENTS + "1,2026-01-01\n2,2026-01-02\n"},
        ("c.csv: occurred_at: no date in the column occurred_at fits %d.%m.%Y",),
    ),
    "a persona of events without a row": (
        "{persona: p}",
        "events: [e.csv, {path: c.csv, event: complaint}]",
        {"c.csv": NO_EVENTS},
        ("c.csv: suppress reads these events",),
    ),
    "an empty file": (
        "{opted_out: true}",
        "customers: c.csv",
        {"c.csv": ""},
        ("c.csv: the file is empty",),
    ),
    "a file that is not there": (
        "{opted_out: true}",
        "customers: cc.csv",
        {},
        ("cc.csv: there is no such file",),
    ),
}


@pytest.mark.parametrize("what", UNSURE)
def test_the_run_stops_where_it_is_unsure_whom_to_spare(segment: Segment, what: str) -> None:
    rule, sources, files, said = UNSURE[what]
    match = "{did: complaint}" if "persona" in rule else "{}"
    result = run(segment, match, f"suppress: [{rule}]", files=files, sources=sources)
    assert result.exit_code == 3, result.err
    for words in said:
        assert words in result.err
    assert not (result.folder / "audiences").exists()


def test_old_complaints_before_an_early_as_of_are_no_empty_file(segment: Segment) -> None:
    complaints = "customer_id,occurred_at\n1,2026-01-15\n"
    sources = "events: [e.csv, {path: c.csv, event: complaint}]"
    run(segment, "{}", "suppress: [{did: complaint}]", files={"c.csv": complaints}, sources=sources)
    result = segment("run", "--config", "p.yaml", "--as-of", "2026-01-10", "--json", "--dry-run")
    assert (result.exit_code, [p["exported"] for p in result.result["personas"]]) == (0, [1])


def test_suppression_by_attribute_event_and_persona_takes_out_its_customers(
    segment: Segment,
) -> None:
    files = {
        "t.csv": TRANSACTIONS + "3,3,2026-01-05,5\n4,4,2026-01-05,5\n",
        "c.csv": "customer_id,opted_out\n1,true\n2,\n3,\n4,\n",
        "e.csv": "customer_id,occurred_at,event\n2,2026-01-19,complaint\n",
    }
    rules = (
        "suppress: [{opted_out: true}, {did: {event: complaint, within: 30d}}, {persona: staff}]"
    )
    result = run(
        segment,
        "{}}, staff: {match: {did: {event: purchase, where: {order_id: '3'}}}",
        rules,
        files=files,
        sources="customers: c.csv, events: e.csv",
    )
    assert result.exit_code == 0, result.err
    assert result.ids("p") == ["4"]


def test_rules_for_other_data_are_left_out_with_a_warning_for_files_of_the_command_line(
    segment: Segment,
) -> None:
    run(segment, "{did: login}", "suppress: [{opted_out: true}, {did: complaint}]")
    result = segment("run", "t.csv", "--config", "p.yaml")
    assert result.exit_code == 0, result.err
    told = result.err.splitlines()
    events = 'warning: left out, as a rule reads events, but there are none: persona "p", '
    assert f"{events}suppress rule 2" in told
    assert "warning: left out, as there is no table of customers: suppress rule 1" in told
    assert "do not send to these files before consent is checked" in result.err


ABSENT = 'left out, as there is no event "refund" in the data: '
#: rules that meet foreign events (browse, login) on the command line: what is left out, who is in p
FOREIGN: dict[str, tuple[str, tuple[str, ...], str, list[str] | None]] = {
    "a persona": ("{did: refund}", (), f'{ABSENT}persona "p"', None),
    "a persona that would hold for everybody": ("{did_not: refund}", (), f'{ABSENT}persona "p"', None),
    "what a persona follows": ("{did: {event: login, after: refund}}", (), f'{ABSENT}persona "p"', None),
    "a feature, and who asks for it": (
        "{n: 0}", ("features: {n: {count: {event: refund}}}",), f'{ABSENT}feature "n", persona "p"', None),
    "a suppress rule": ("{}", ("suppress: [{did: refund}]",), f"{ABSENT}suppress rule 1", ["1", "2"]),
    "one of two suppress rules": (
        "{}", ("suppress: [{did: login}, {did: refund}]",), f"{ABSENT}suppress rule 2", ["1"]),
    "a suppress rule through a persona": (
        "{}}, q: {match: {did: refund}", ("suppress: [{persona: q}]",), f'{ABSENT}persona "q", suppress rule 1', ["1", "2"]),
    "a typo": ("{did: brwose}", (), 'there is no event "brwose" in the data (nearest: browse): persona "p"', None),
}  # fmt: skip


@pytest.mark.parametrize(("match", "more", "said", "ids"), FOREIGN.values(), ids=FOREIGN)
def test_rules_on_events_that_never_occur_are_left_out_for_files_of_the_command_line(
    segment: Segment, match: str, more: tuple[str, ...], said: str, ids: list[str] | None
) -> None:
    in_the_rules = run(segment, match, *more)
    assert in_the_rules.exit_code in (2, 3)
    assert "there is no event" in in_the_rules.err
    result = segment("run", "t.csv", "--events", "e.csv", "--config", "p.yaml")
    assert result.exit_code == 0, result.err
    assert any(said in warning for warning in result.warnings)
    assert result.manifest["complete"] is False
    codes = [n["code"] for n in result.manifest["notices"] if n["level"] == "warn"]
    assert ("suppression-left-out" in codes) == any("suppress" in line for line in more)
    exported = result.run / "personas" / "p.csv"
    assert (result.ids("p") if exported.exists() else None) == ids


#: the same rule where a file may hold what it asks for: nothing is left out
MAY_OCCUR = {
    "in another spelling": (
        "1,2026-01-05,Re-Fund,",
        3,
        'no event "refund" in the data; nearest: Re-Fund',
    ),
    "only in a rejected row": ("1,soon,refund,", 3, 'no event "refund" in the data'),
    "only after as_of": ("1,2026-01-19,refund,", 0, "after 2026-01-18"),
    "in a row that is used": ("1,2026-01-05,refund,", 0, ""),
}


@pytest.mark.parametrize(("row", "code", "said"), MAY_OCCUR.values(), ids=MAY_OCCUR)
def test_suppression_on_an_event_that_may_occur_is_not_left_out(
    segment: Segment, row: str, code: int, said: str
) -> None:
    run(segment, "{}", "suppress: [{did: refund}]", files={"e.csv": f"{EVENTS}{row}\n"})
    more = ("--events", "e.csv", "--config", "p.yaml", "--as-of", "2026-01-18")
    result = segment("run", "t.csv", *more)
    assert (result.exit_code, said in result.err) == (code, True), result.err
    assert "left out, as" not in result.err


def test_nothing_is_left_out_of_a_run_whose_orders_the_rules_name(segment: Segment) -> None:
    run(segment, "{}", "suppress: [{did: refund}]")
    result = segment("run", "--events", "e.csv", "--config", "p.yaml")
    assert (result.exit_code, "left out" in result.err) == (3, False)
    whole = run(segment, "{}", "suppress: [{did: login}]")
    assert whole.manifest["complete"] is True
    run(segment, "{}", "suppress: [{did: refund}]")
    refused = segment("run", "t.csv", "--events", "e.csv", "--config", "p.yaml")
    assert (refused.exit_code, "left out: suppress rule 1" in refused.err) == (2, True)


def test_an_event_that_is_declared_is_known_to_files_of_the_command_line(segment: Segment) -> None:
    source = "events: {path: e.csv, values: {event: [refund]}}"
    run(segment, "{}", "suppress: [{did: refund}]", sources=source)
    result = segment("run", "t.csv", "--events", "e.csv", "--config", "p.yaml")
    assert (result.exit_code, result.manifest["complete"]) == (0, True), result.err


def test_a_persona_that_is_asked_for_by_name_is_not_left_out(segment: Segment) -> None:
    run(segment, "{did: refund}")
    result = segment("run", "t.csv", "--events", "e.csv", "-c", "p.yaml", "--persona", "p")
    assert (result.exit_code, result.out) == (3, "")
    assert result.err.startswith(
        'p.yaml:3:15: persona "p": there is no event "refund" in the data\n'
    )


def test_the_rules_of_the_tool_meet_foreign_events(segment: Segment) -> None:
    files = {"t.csv": TRANSACTIONS, "e.csv": EVENTS}
    result = segment("run", "t.csv", "--events", "e.csv", files=files)
    assert result.exit_code == 0, result.err
    assert "no suppress rule could be applied, nobody is suppressed: do not send" in result.err
    assert 'left out, as there is no event "complaint" in the data: suppress rule 2' in result.err
    assert result.manifest["complete"] is False
