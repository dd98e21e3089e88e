"""Identity is structure, not words: no name, header or sentence can make one measure another.

Every row of TABLE was seen to go wrong on these three customers: a browsed twice, b once, c never.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from drawing import drawn
from harness import Segment, Shell
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.measures.rows import MONEY_COLUMNS, TIME
from segmentation.pipeline.compute import compute
from segmentation.rules.catalogue import DERIVED_COLUMNS
from segmentation.rules.kinds import ROW_KINDS
from segmentation.rules.reading.reader import read_rules
from segmentation.scan.prepare import Request

ORDERS = "customer_id,ordered_at,amount\na,2026-01-01,10\nb,2026-01-01,10\nc,2026-01-01,10\n"
EVENTS = """customer_id,occurred_at,event,campaign,x
a,2026-01-20,browse,,1
a,2026-01-25,browse,,2
b,2026-01-20,browse,,01
b,2026-01-12,complaint,,
a,2026-01-05,send,A,
b,2026-01-05,send,"A, B",
c,2026-01-05,send,B,
a,2026-01-31,login,,
b,2026-01-31,login,,
c,2026-01-31,login,,
"""
CUSTOMERS = "customer_id,did_browse,frequency\na,no,7\nb,yes,7\nc,yes,7\n"
SOURCES = "version: 1\nsources: {transactions: orders.csv, events: events.csv}\n"
CUSTOMERS_TOO = "# with customers.csv\n"
FILES = {"orders.csv": ORDERS, "events.csv": EVENTS, "customers.csv": CUSTOMERS}


def rules_of(text: str) -> dict[str, str]:
    too = text.startswith(CUSTOMERS_TOO)
    sources = SOURCES.replace("}", ", customers: customers.csv}") if too else SOURCES
    return {**FILES, "personas.yaml": sources + text}


def members(result: Any) -> dict[str, str]:
    """The ids of each persona's file, joined."""
    files = sorted((result.run / "personas").glob("*.csv"))
    return {f.stem: "".join(result.ids(f.stem)) for f in files}


TABLE = {
    "a feature named like a measure without a name": (
        "features: {did_browse: {count: {event: browse}}}\npersonas: {p: {match: {did: browse}}}",
        {"p": "ab"},
    ),
    "a feature named like it, compared beside it": (
        "features: {did_browse: {count: {event: browse}}}\n"
        "personas: {p: {match: {did: browse}}, q: {match: {did_browse: {at_least: 2}}}}",
        {"p": "ab", "q": "a"},
    ),
    "a persona named like what suppress reads": (
        "personas: {did_complaint: {match: {frequency: 1}}}\nsuppress: [{did: complaint}]",
        {"did_complaint": "ac"},
    ),
    "a feature of another window named like what suppress reads": (
        "features: {did_complaint_30d: {count: {event: complaint, within: 7d}}}\n"
        "personas: {p: {match: {did_complaint_30d: 0}}}\n"
        "suppress: [{did: {event: complaint, within: 30d}}]",
        {"p": "ac"},
    ),
    "a persona named like its own measure": (
        "personas: {did_purchase: {match: {did: purchase}}}",
        {"did_purchase": "abc"},
    ),
    "a dimension named like its own measure": (
        "dimensions: {did_purchase: [{buys: {did: purchase}}, {none: otherwise}]}\n"
        "personas: {p: {match: {did_purchase: buys}}}",
        {"p": "abc"},
    ),
    "a column of customers named like it": (
        CUSTOMERS_TOO + "personas: {p: {match: {did_browse: 'yes'}}, q: {match: {did: browse}}}",
        {"p": "bc", "q": "ab"},
    ),
    "a column of customers named like it, in a dimension": (
        CUSTOMERS_TOO
        + "dimensions: {d: [{in: {did_browse: 'yes'}}, {out: {did: browse}}, {rest: otherwise}]}\n"
        "personas: {p: {match: {d: in}}, q: {match: {d: out}}}",
        {"p": "bc", "q": "a"},
    ),
    "a list and a text in anchors": (
        "personas:\n"
        "  p: {match: {did: {event: login, after: {event: send, where: {campaign: [A, B]}}}}}\n"
        "  q: {match: {did: {event: login, after: {event: send, where: {campaign: 'A, B'}}}}}",
        {"p": "ac", "q": "b"},
    ),
    "a list and a text in anchors, the other way round": (
        "personas:\n"
        "  q: {match: {did: {event: login, after: {event: send, where: {campaign: 'A, B'}}}}}\n"
        "  p: {match: {did: {event: login, after: {event: send, where: {campaign: [A, B]}}}}}",
        {"p": "ac", "q": "b"},
    ),
    "a number, a text and a list in where": (
        "personas:\n"
        "  p: {match: {did: {event: browse, where: {x: 1}}}}\n"
        "  q: {match: {did: {event: browse, where: {x: '1'}}}}\n"
        "  r: {match: {did: {event: browse, where: {x: ['1']}}}}\n"
        "  s: {match: {did: {event: browse, where: {x: '01'}}}}",
        {"p": "ab", "q": "a", "r": "a", "s": "b"},
    ),
    "a number, a text and a list in anchors": (
        "personas:\n"
        "  p: {match: {did: {event: login, since: {event: browse, where: {x: 1}}}}}\n"
        "  q: {match: {did: {event: login, since: {event: browse, where: {x: '1'}}}}}\n"
        "  r: {match: {did: {event: login, since: {event: browse, where: {x: ['01']}}}}}",
        {"p": "ab", "q": "a", "r": "b"},
    ),
    "not of a list and of a text": (
        "personas:\n"
        "  p: {match: {did_not: {event: send, where: {campaign: [A, B]}}}}\n"
        "  q: {match: {did_not: {event: send, where: {campaign: 'A, B'}}}}",
        {"p": "b", "q": "ac"},
    ),
    "percentages among a list and among a text": (
        "features: {c: {last: {event: send, column: campaign}}}\n"
        "personas:\n"
        "  p: {match: {recency_days: {top_percent: 50, among: {c: [A, B]}}}}\n"
        "  q: {match: {recency_days: {top_percent: 50, among: {c: 'A, B'}}}}",
        {"p": "ac", "q": "b"},
    ),
    "a built-in feature named like a column of customers": (
        CUSTOMERS_TOO + "personas: {p: {match: {frequency: 1}}, q: {match: {frequency: 7}}}",
        {"p": "abc", "q": ""},
    ),
}


@pytest.mark.parametrize(("rules", "expected"), TABLE.values(), ids=TABLE)
def test_every_persona_has_its_own_members(
    segment: Segment, rules: str, expected: Mapping[str, str]
) -> None:
    result = segment("run", files=rules_of(rules))
    assert (result.exit_code, members(result)) == (0, expected), result.err


@pytest.mark.deep
@pytest.mark.parametrize(("rules", "expected"), TABLE.values(), ids=TABLE)
def test_alone_it_has_the_same(segment: Segment, rules: str, expected: Mapping[str, str]) -> None:
    for persona, ids in expected.items():
        result = segment("run", "--persona", persona, "--out", persona, files=rules_of(rules))
        lines = (result.folder / persona / "latest/personas" / f"{persona}.csv").read_text()
        assert "".join(line.split(",")[0] for line in lines.splitlines()[1:]) == ids


@pytest.mark.deep
def test_the_installed_command_keeps_names_apart(shell: Shell) -> None:
    rules, expected = TABLE["a persona named like what suppress reads"]
    result = shell("run", files=rules_of(rules))
    assert (result.exit_code, members(result)) == (0, expected), result.err


HEADERS = {
    "words": ("personas: {p: {match: {did: login}}}", "customer_id,did_login"),
    "a column of customers": (
        CUSTOMERS_TOO + "personas: {p: {match: {did: browse}}}",
        "customer_id,did_browse_80a767",
    ),
    "a feature": (
        "features: {did_login: {count: {event: login}}}\npersonas: {p: {match: {did: login, did_login: 1}}}",
        "customer_id,did_login_ded78c,did_login",
    ),
    "another persona": (
        "personas: {p: {match: {did: login}}, did_login: {match: {frequency: 1}}}",
        "customer_id,did_login_ded78c",
    ),
    "another measure of the same words": (
        "personas: {o: {match: {did: {event: browse, where: {x: '1'}}}},\n"
        "  p: {match: {did: {event: browse, where: {x: 1}}}}}",
        "customer_id,did_browse_x_1_7283f9",
    ),
}


@pytest.mark.parametrize(("rules", "header"), HEADERS.values(), ids=HEADERS)
def test_a_header_meets_no_other_name(segment: Segment, rules: str, header: str) -> None:
    result = segment("run", files=rules_of(rules))
    assert result.exit_code == 0, result.err
    lines = (result.run / "personas/p.csv").read_text().splitlines()
    assert lines[0] == header
    assert header.split(",")[1] in result.customers.columns


def test_a_column_that_a_built_in_feature_hides_is_said(segment: Segment) -> None:
    result = segment(
        "run", files=rules_of(CUSTOMERS_TOO + "personas: {p: {match: {frequency: 1}}}")
    )
    assert [n["level"] for n in result.manifest["notices"] if n["code"] == "hidden-column"] == [
        "warn"
    ]
    other = segment(
        "run", files=rules_of(CUSTOMERS_TOO + "personas: {p: {match: {recency_days: 1}}}")
    )
    assert "hidden-column" in {n["code"] for n in other.manifest["notices"] if n["level"] == "info"}


def test_a_name_of_the_engines_own_cannot_be_declared(segment: Segment) -> None:
    sources = "version: 1\nsources: {transactions: {path: orders.csv, columns: {__p0: amount}}}\n"
    result = segment("run", files={**FILES, "personas.yaml": sources})
    assert result.exit_code == 3
    assert 'orders.csv: "__p0" cannot be the name of a column' in result.err


AWKWARD = {
    "orders.csv": "customer_id,ordered_at,amount,__p0,_key,_anchor\na,2026-01-01,10,1,2,3\n",
    "events.csv": "customer_id,occurred_at,event,_anchor,_code,_flags0,_as_of\n"
    + "".join(f"a,2026-01-0{i},browse,v{i},{i},{i},{i}\n" for i in range(1, 6)),
}
AWKWARD_RULES = """version: 1
sources: {transactions: orders.csv, events: events.csv}
personas:
  p: {match: {did: {event: browse, after: {event: browse, where: {_anchor: v1}}, where: {_anchor: v2}}}}
  q: {match: {did: [{event: browse, where: {_code: '1'}}, {event: browse, where: {_code: '2'}},
      {event: browse, where: {_flags0: '3'}}, {event: browse, where: {_as_of: '4'}}]}}
  r: {match: {did: {event: purchase, where: {_key: '2'}}}}
"""


def test_columns_of_files_may_be_called_like_ours(segment: Segment) -> None:
    result = segment("run", files={**AWKWARD, "personas.yaml": AWKWARD_RULES})
    assert (result.exit_code, members(result)) == (0, {"p": "a", "q": "a", "r": "a"}), result.err


# -- properties -----------------------------------------------------------------------------------

PERSONAS: Sequence[Any] = (
    {"did": "browse"},
    {"did": {"event": "browse", "times": 2}},
    {"did": {"event": "browse", "where": {"x": 1}}},
    {"did": {"event": "browse", "where": {"x": "1"}}},
    {"did": {"event": "browse", "where": {"x": ["1", "2"]}}},
    {"did": {"event": "login", "after": {"event": "send", "where": {"campaign": ["A", "B"]}}}},
    {"did": {"event": "login", "after": {"event": "send", "where": {"campaign": "A, B"}}}},
    {"did": {"event": "login", "since": {"event": "browse", "where": {"x": "01"}}}},
    {"did_not": {"event": "complaint", "within": "20d"}},
    {"did_not": {"event": "complaint", "within": "19d"}},
    {"share": {"of": "spend", "where": {"amount": {"at_least": 10}}, "at_least": 0.5}},
    {"share": {"of": "orders", "where": {"amount": {"at_least": 10}}, "at_least": 0.5}},
    {"feature": {"at_least": 1}},
    {"feature": {"at_least": 2}},
    {"dimension": "in"},
    {"monetary": {"top_percent": 40}},
    {"recency_days": {"top_percent": 50, "among": {"did": "complaint"}}},
)
NAMES = (
    "did_browse",
    "did_login",
    "did_complaint_20d",
    "count_browse",
    "did_purchase",
    "value",
    "order_days_",
    "p0",
    "m0",
    "x",
    "event",
    "campaign",
    "share_spend_amount_10",
    "shop",
)


@dataclass(frozen=True)
class Shop:
    """Rules over the three customers, computed in process."""

    folder: Path

    def rules(self, personas: Mapping[str, Any], feature: str, dimension: str) -> str:
        """The text of rules with these personas and names."""
        written = {n: {"match": _named(m, feature, dimension)} for n, m in personas.items()}
        rules = {
            "version": 1,
            "sources": {
                "transactions": str(self.folder / "orders.csv"),
                "events": str(self.folder / "events.csv"),
            },
            "features": {
                feature: {"count": {"event": "browse", "where": {"x": {"missing": False}}}}
            },
            "dimensions": {
                dimension: [
                    {"in": {"did": {"event": "send", "where": {"campaign": "A"}}}},
                    {"out": "otherwise"},
                ]
            },
            "personas": written,
            "suppress": [{"did": {"event": "complaint", "within": "19d"}}],
        }
        return str(yaml.safe_dump(rules, sort_keys=False))

    def members(self, personas: Mapping[str, Any], feature: str, dimension: str) -> dict[str, str]:
        path = self.folder / "personas.yaml"
        path.write_text(self.rules(personas, feature, dimension))
        found = compute(Request(read_rules(path), date(2026, 1, 31)))
        ids = found.customers["customer_id"]
        return {a.name: "".join(ids.filter(a.exported)) for a in found.audiences}


def _named(match: Mapping[str, Any], feature: str, dimension: str) -> dict[str, Any]:
    return {{"feature": feature, "dimension": dimension}.get(k, k): v for k, v in match.items()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return Shop(folder)


@pytest.fixture(scope="module")
def alone(shop: Shop) -> list[str]:
    """Whom each of PERSONAS has when no other stands beside it."""
    return [shop.members({"only": match}, "f", "d")["only"] for match in PERSONAS]


@pytest.mark.deep
@drawn(25, without=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(st.sampled_from(range(len(PERSONAS))), min_size=2, max_size=9, unique=True),
    seed=st.integers(0, 10**6),
)
def test_other_personas_and_all_names_change_nothing(
    shop: Shop, alone: list[str], chosen: list[int], seed: int
) -> None:
    names = random.Random(seed).sample(NAMES, k=len(chosen) + 2)
    feature, dimension, *own = names
    personas = {name: PERSONAS[i] for name, i in zip(own, chosen, strict=True)}
    expected = {name: alone[i] for name, i in zip(own, chosen, strict=True)}
    assert shop.members(personas, feature, dimension) == expected


@pytest.mark.deep
def test_other_personas_and_names_change_nothing_through_the_entry_point(
    segment: Segment, shop: Shop, alone: list[str]
) -> None:
    feature, dimension, *own = NAMES
    personas = dict(zip(own, PERSONAS, strict=False))
    result = segment("run", files={"personas.yaml": shop.rules(personas, feature, dimension)})
    assert (result.exit_code, members(result)) == (0, dict(zip(own, alone, strict=False)))


@pytest.mark.parametrize(
    "name", ["__m0", "__audience", "_cadence", "_cadence.gaps", "_vip", "customer_id"]
)
@pytest.mark.parametrize("place", ["option", "columns", "for_each", "match", "suppress"])
def test_names_of_the_engine_are_nobodys(segment: Segment, name: str, place: str) -> None:
    """Wherever a name is asked for, those that begin with _ and the key are refused with a mend."""
    written = {
        "option": "",
        "columns": f"columns: ['{name}']",
        "for_each": "",
        "match": "",
        "suppress": f"suppress: [{{'{name}': 'yes'}}]",
    }
    match = f"{{'{name}': 'yes'}}" if place == "match" else "{did: browse}"
    each = f"for_each: '{name}', " if place == "for_each" else ""
    text = f"personas: {{p: {{{each}match: {match}}}}}\n{written[place]}\n"
    files = rules_of(CUSTOMERS_TOO + text) | {
        "customers.csv": "customer_id,_vip\na,yes\nb,no\nc,no\n"
    }
    result = segment("run", *(["--columns", name] if place == "option" else []), files=files)
    assert result.exit_code == (2 if place != "suppress" or name == "_cadence" else 3), result.err
    assert ("begin with _" in result.err) or ("first column of every file" in result.err)


def test_a_column_that_begins_with_a_stroke_is_read_under_another_name(segment: Segment) -> None:
    files = rules_of("personas: {p: {match: {did: browse}}}\nsuppress: [{vip: 'yes'}]")
    mapped = "customers: {path: customers.csv, columns: {vip: _vip}}"
    files["personas.yaml"] = files["personas.yaml"].replace(
        "events: events.csv", f"events: events.csv, {mapped}"
    )
    files["customers.csv"] = "customer_id,_vip\na,yes\nb,no\nc,no\n"
    result = segment("run", files=files)
    assert result.exit_code == 0, result.err
    assert members(result) == {"p": "b"}


# -- columns of files that are called like columns of the engine ------------------------------------

FEED = pl.DataFrame(
    {
        "customer_id": ["a", "b", "c"],
        "occurred_at": ["2026-01-20"] * 3,
        "event": ["return"] * 3,
        "quantity": [1, 3, 4],
        "cost": [1.5, 2.5, 3.5],
        "amount": [1, 2, 3],
        "unit_price": [1, 2, 3],
        "margin": [1, 2, 3],
        "discount": [0, 5, 1],
        "discounted": ["no", "yes", "yes"],
        "new_arrival": [1, 0, 0],
    }
)
FEEDS = {"figures": FEED, "texts": FEED.cast(pl.String)}
OF_FEED = {
    "quantity": ({"at_least": 3}, "bc"),
    "cost": ({"more_than": 2}, "bc"),
    "amount": (2, "b"),
    "unit_price": ({"less_than": 3}, "ab"),
    "margin": ({"at_least": 2}, "bc"),
    "discount": (5, "b"),
    "discounted": (True, "bc"),
    "new_arrival": (1, "a"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("form", FEEDS)
@pytest.mark.parametrize("name", OF_FEED)
def test_columns_of_events_are_no_columns_of_lines(segment: Segment, name: str, form: str) -> None:
    """`quantity` of an event is what the feed says: no integer of 1/10,000, and derived from nothing."""
    condition, expected = OF_FEED[name]
    asked = {"did": {"event": "return", "where": {name: condition}}}
    rules = {
        "version": 1,
        "sources": {"transactions": "orders.csv", "events": "feed.parquet"},
        "personas": {"p": {"match": asked}, "each": {"match": {"frequency": 1}}},
    }
    FEEDS[form].write_parquet("feed.parquet")
    met = segment("run", files={"orders.csv": ORDERS, "personas.yaml": json.dumps(rules)})
    assert met.exit_code == 0, met.err
    assert members(met)["p"] == expected
    spared = segment("run", files={"personas.yaml": json.dumps(rules | {"suppress": [asked]})})
    assert spared.exit_code == 0, spared.err
    assert members(spared)["each"] == "".join(sorted({*"abc"} - {*expected}))


PRODUCTS = "product_id,quantity,unit_price,discount,amount\n1,6,12,5%,x\n2,12,30,,y\n3,1,50,0,z\n"
SOLD = "customer_id,ordered_at,amount,product_id\na,2026-01-01,10,1\nb,2026-01-01,10,2\nc,2026-01-01,10,3\n"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("{unit_price: {at_least: 30}}", "bc"),
        ("{quantity: 6}", "a"),
        ("{quantity: {at_most: 6}}", "ac"),
    ],
)
def test_columns_of_products_are_no_columns_of_lines(
    segment: Segment, where: str, expected: str
) -> None:
    """A pack of six is not six units bought, and a list price is no integer of 1/10,000."""
    rules = (
        "version: 1\nsources: {transactions: sold.csv, products: products.csv}\n"
        "features: {units: {count: items}}\n"
        f"personas: {{p: {{match: {{did: {{event: purchase, where: {where}}}}}}}, one: {{match: {{units: 1}}}}}}\n"
    )
    files = {"personas.yaml": rules, "sold.csv": SOLD, "products.csv": PRODUCTS}
    result = segment("run", files=files)
    assert result.exit_code == 0, result.err
    assert members(result) == {"p": expected, "one": "abc"}


LINES = "customer_id,ordered_at,amount,margin,discounted,new_arrival{}\na,2026-01-01,10,3,yes,1{}\nb,2026-01-01,9,5,no,0{}\n"
DERIVED = {
    "discounted": ("discount", "2", "0", "true"),
    "new_arrival": ("launched_at", "2025-12-30", "", "true"),
    "margin": ("cost", "1", "1", "5"),
}


@pytest.mark.parametrize("name", DERIVED)
def test_a_column_of_lines_that_is_worked_out_is_worked_out(segment: Segment, name: str) -> None:
    """The file's own column of that name is read under another, and is said to be hidden."""
    rules = (
        "version: 1\nsources: {transactions: {path: lines.csv, columns: {%s}}}\n"
        "personas: {p: {match: {did: {event: purchase, where: {%s: {is: [%s]}}}}}}\n"
    )
    behind, first, second, value = DERIVED[name]
    bare = LINES.format("", "", "")
    without = segment("run", files={"lines.csv": bare, "personas.yaml": rules % ("", name, value)})
    assert without.exit_code == 3
    assert f"transactions have no column '{behind}'" in without.err
    assert f"{{NAME: {name}}}" in without.err
    own = segment("run", files={"personas.yaml": rules % (f"own: {name}", "own", value)})
    assert own.exit_code == 0, own.err
    assert members(own)["p"] == ("b" if name == "margin" else "a")
    full = LINES.format(f",{behind}", f",{first}", f",{second}")
    hidden = segment("run", files={"lines.csv": full, "personas.yaml": rules % ("", name, value)})
    assert hidden.exit_code == 0, hidden.err
    assert members(hidden)["p"] == ("" if name == "margin" else "a")
    levels = {
        n["text"].split()[3]: n["level"]
        for n in hidden.manifest["notices"]
        if n["code"] == "hidden-column"
    }
    assert levels == {other: "warn" if other == name else "info" for other in DERIVED}


#: whose table has one more column, its name, how the source maps columns, who is asked for (a), what is said
OWN_DAYS = {
    "orders": (
        "transactions",
        "ordered_on",
        "",
        "{did: {event: purchase, where: {ordered_on: 2026-01-01}}}",
        "warn",
    ),
    "orders, not asked": ("transactions", "ordered_on", "", "{recency_days: 59}", "info"),
    "orders, renamed": (
        "transactions",
        "ordered_on",
        "own: ordered_on",
        "{did: {event: purchase, where: {own: 2020-01-01}}}",
        None,
    ),
    "events": ("events", "occurred_on", "", "{did: {event: call, within: 60d}}", "info"),
    "events, asked": (
        "events",
        "occurred_on",
        "",
        "{did: {event: call, where: {occurred_on: 2026-01-01}}}",
        "warn",
    ),
    "orders, the other's": (
        "transactions",
        "occurred_on",
        "",
        "{did: {event: purchase, where: {occurred_on: 2020-01-01}}}",
        None,
    ),
    "events, the other's": (
        "events",
        "ordered_on",
        "",
        "{did: {event: call, where: {ordered_on: 2020-01-01}}}",
        None,
    ),
    "customers": ("customers", "ordered_on", "", "{ordered_on: 2020-01-01}", None),
    "customers, a moment": (
        "customers",
        "joined",
        "ordered_at: joined",
        "{ordered_at: 2020-01-01}",
        None,
    ),
}


@pytest.mark.parametrize("case", OWN_DAYS)
def test_a_column_of_the_name_of_a_day_is_the_day_or_a_column_as_any(
    segment: Segment, case: str
) -> None:
    table, name, columns, match, level = OWN_DAYS[case]
    heads = {
        "transactions": "customer_id,ordered_at,amount",
        "events": "customer_id,occurred_at,event",
        "customers": "customer_id,city",
    }
    rows = {
        "transactions": ("a,2026-01-01,10", "b,2026-03-01,20"),
        "events": ("a,2026-01-01,call", "b,2025-03-01,call"),
        "customers": ("a,Oslo", "b,Oslo"),
    }
    added = dict.fromkeys(heads, ("", "", "")) | {table: (f",{name}", ",2020-01-01", ",2021-01-01")}
    texts = {
        f"{one}.csv": "".join(
            f"{line}{more}\n"
            for line, more in zip((heads[one], *rows[one]), added[one], strict=True)
        )
        for one in heads
    }
    sources = ", ".join(
        f"{one}: {{path: {one}.csv, columns: {{{columns if one == table else ''}}}}}"
        for one in heads
    )
    rules = f"version: 1\nsources: {{{sources}}}\npersonas: {{p: {{match: {match}}}}}\n"
    result = segment("run", files={**texts, "personas.yaml": rules})
    assert result.exit_code == 0, result.err
    assert result.manifest["as_of"] == "2026-03-01"
    assert members(result)["p"] == "a"
    said = [n["level"] for n in result.manifest["notices"] if n["code"] == "hidden-column"]
    assert said == ([] if level is None else [level])


def test_the_day_of_a_row_cannot_be_declared(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: {path: t.csv, columns: {ordered_on: day}}}\npersonas: {p: {}}\n"
    text = "customer_id,ordered_at,amount,day\na,2026-01-01,10,2020-01-01\n"
    result = segment("run", files={"t.csv": text, "personas.yaml": rules})
    assert result.exit_code == 3
    assert '"ordered_on" cannot be the name of a column of transactions' in result.err


LENDS = {
    "products lend a text": ("a,2026-01-01,10,p1", "customer_id,ordered_at,amount,product_id", 0),
    "lines have their own": (
        "a,2026-01-01,10,p1,6",
        "customer_id,ordered_at,amount,product_id,quantity",
        2,
    ),
}


@pytest.mark.parametrize("name", LENDS)
def test_what_products_lend_is_compared_as_it_stands_there(segment: Segment, name: str) -> None:
    """A pack is told by its text; as soon as lines have units, these are numbers."""
    line, header, code = LENDS[name]
    where = "{quantity: {contains: pack}}"
    files = {
        "l.csv": f"{header}\n{line}\n",
        "products.csv": "product_id,quantity\np1,six pack\n",
        "personas.yaml": "version: 1\nsources: {transactions: l.csv, products: products.csv}\n"
        f"personas: {{p: {{match: {{did: {{event: purchase, where: {where}}}}}}}}}\n",
    }
    checked, ran = segment("validate", files=files), segment("run")
    assert (checked.exit_code, ran.exit_code) == (0, code), ran.err
    assert code == 0 or "quantity is a number, so it has no text to search" in ran.err


def test_what_rules_know_of_columns_is_how_the_engine_holds_them() -> None:
    """A comparison that the rules let through is with a column of that kind, and of no other."""
    dates = {name: dict.fromkeys(columns, "date") for name, columns in TIME.items()}
    money = {c: "number" if c == "quantity" else "money" for c in {*MONEY_COLUMNS, "margin"}}
    flags = {c: "flag" for c in DERIVED_COLUMNS if c != "margin"}
    dates["transactions"] |= money | flags
    assert {**dates, "customers": {}} == ROW_KINDS


# -- cuts of a former run ---------------------------------------------------------------------------

FITTED = """
features: {f: {count: {event: browse}}}
dimensions: {d: [{x: {f: {at_least: 1}}}, {y: otherwise}]}
personas:
  p: {match: {f: {top_percent: 34}}}
  q: {match: {monetary: {top_percent: 50, among: {d: x}}}}
  r: {match: {frequency: {top_percent: 50}}}
"""
REDEFINED = {
    "nothing": ((), ""),
    "the text around": (("features:", "# a comment\nfeatures:"), ""),
    "a persona beside them": (("personas:", "personas:\n  n: {match: {d: y}}"), ""),
    "the persona that asks": (("p: {match: {f:", "p: {title: P, match: {f:"), ""),
    "a feature": (
        ("{event: browse}", "{event: login}"),
        "f top 34 %, monetary top 50 % among d is x",
    ),
    "its window": (
        ("browse}", "browse, within: 9d}"),
        "f top 34 %, monetary top 50 % among d is x",
    ),
    "a dimension": (("at_least: 1", "at_least: 2"), "monetary top 50 % among d is x"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("change", REDEFINED)
def test_cuts_bind_to_what_they_were_fitted_over(segment: Segment, change: str) -> None:
    """A name that means something else by now is no threshold for it: fitted anew, and said."""
    pair, expected = REDEFINED[change]
    before = segment("run", files=rules_of(FITTED))
    assert before.exit_code == 0, before.err
    text = FITTED.replace(*pair) if pair else FITTED
    fresh = segment("run", "--out", "fresh", files=rules_of(text))
    again = segment("run", "--out", "again", "--cuts", "audiences/latest/cuts.json")
    said = f"--cuts has {expected} for other definitions than these rules have: fitted anew"
    assert (said in again.err) if expected else ("fitted anew" not in again.err)
    cuts = [json.loads(Path(f"{out}/latest/cuts.json").read_text()) for out in ("fresh", "again")]
    assert fresh.exit_code == again.exit_code == 0
    assert cuts[0] == cuts[1]


def test_cuts_that_do_not_say_what_they_are_of_are_believed(segment: Segment) -> None:
    segment("run", files=rules_of(FITTED))
    cuts = json.loads(Path("audiences/latest/cuts.json").read_text())
    assert {*cuts.pop("definitions")} == {"f top 34 %", "monetary top 50 % among d is x"}
    Path("old.json").write_text(json.dumps(cuts))
    assert "fitted anew" not in segment("run", "--cuts", "old.json").err
