"""Values that a rule names and nobody has: the nearest is offered, and the run stops."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from four_customers import (
    EVENTS,
    PRODUCTS,
    Row,
    Sends,
    Shop,
    Stops,
    as_parquet,
    column,
    customers,
    ends,
    parquet,
    sends,
    stops,
)
from harness import Segment

ROWS: dict[str, Row] = {}


ROWS |= {
    f"unseen: {rule}": (
        customers(rule, "status", "ok", "gone", "left", "ok"),
        stops("no customer has status"),
    )
    for rule in (
        "{status: unsubscribed}",
        "{status: {is_not: unsubscribed}}",
        "{status: [gone, unsubscribed]}",
        "{status: {none_of: [ok, unsubscribed]}}",
        "{status: {contains: unsub}}",
        "{status: {starts_with: un}}",
        "{status: {ends_with: [xft, ed]}}",
        "{status: {contains: UNSUB, ignore_case: true}}",
        "{not: {status: unsubscribed}}",
        "{any: [{status: gone}, {status: unsubscribed}]}",
        "{status: 7}",
        "{monetary: {top_percent: 10, among: {status: unsubscribed}}}",
        "{monetary: {at_least: 1}, status: unsubscribed}",
    )
}
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
}
ROWS |= {
    "unseen: through a persona": (
        Shop(
            "{persona: p}",
            persona="{status: unsubscribed}",
            files={"c.csv": column("status", "ok", "gone", "ok", "ok")},
        ),
        stops('no customer has status "unsubscribed"'),
    ),
    "unseen: through a dimension's other rung": (
        customers(
            "{kind: shut}",
            "status",
            "ok",
            "gone",
            "ok",
            "ok",
            more="dimensions: {kind: [{out: {status: unsubscribed}}, {shut: {status: gone}}, {rest: otherwise}]}",
        ),
        stops('no customer has status "unsubscribed"'),
    ),
    "unseen: through a grid": (
        customers(
            "{both: x}",
            "status",
            "ok",
            "gone",
            "ok",
            "ok",
            more=(
                "dimensions: {k: [{out: {status: unsubscribed}}, {rest: otherwise}], s: [{m: {monetary: {at_least: 9}}}, {n: otherwise}], "
                "both: {grid: [k, s], columns: [m, n], rows: {out: [x, x], rest: [y, z]}}}"
            ),
        ),
        stops('no customer has status "unsubscribed"'),
    ),
    **{
        f"unseen: parts of texts: {rule}": (
            customers(rule, "email", "a@test.de", "b@x.de", "c@y.de", ""),
            what,
        )
        for rule, what in (
            (
                "{email: {contains: ['@ourshop.', '@test.']}}",
                sends("bcd", 'no customer has email "@ourshop.", but another part of the list'),
            ),
            ("{email: {contains: ['@tets.']}}", stops('no customer has email "@tets."')),
            ("{email: {contains: '@tets.'}}", stops('no customer has email "@tets."')),
            (
                "{email: {contains: ['@ourshop.', '@tets.']}}",
                stops('email "@ourshop."', 'email "@tets."'),
            ),
            (
                "{email: {contains: ['@OURSHOP.', '@TEST.'], ignore_case: true}}",
                sends("bcd", '"@OURSHOP.", but another'),
            ),
            (
                "{email: {contains: ['@test.', 'B@X']}}",
                stops('no customer has email "B@X"'),
            ),  # in another spelling
            (
                "{email: {ends_with: [.fr, .com]}}",
                stops('no customer has email ".fr"', 'no customer has email ".com"'),
            ),
            (
                "{email: {starts_with: [zoe@, a@]}}",
                sends("bcd", 'no customer has email "zoe@", but another'),
            ),
            (
                "{email: ['a@test.de', 'z@test.de']}",
                stops('no customer has email "z@test.de"'),
            ),  # whole texts
        )
    },
    "unseen: parts of texts, under a negation": (
        replace(
            customers("", "email", "a@test.de", "b@x.de", "c@y.de", ""),
            persona="{not: {email: {contains: ['@ourshop.', '@test.']}}}",
        ),
        sends("bcd", 'no customer has email "@ourshop.", but another part of the list'),
    ),
    "unseen: parts of texts, none of them under a negation": (
        replace(
            customers("", "email", "a@test.de", "b@x.de", "c@y.de", ""),
            persona="{not: {email: {contains: ['@ourshop.', '@tets.']}}}",
        ),
        stops('no customer has email "@ourshop."', 'no customer has email "@tets."'),
    ),
    "unseen: parts of texts, of a blank column": (
        customers("{email: {contains: ['@ourshop.', '@test.']}}", "email", "", "", "", ""),
        stops("no customer has a value there"),
    ),
    "unseen: parts of texts of rows": (
        Shop("{did: {event: complaint, where: {severity: {contains: [hi, severe]}}}}"),
        sends("bcd", 'no row of complaint has severity "severe", but another part of the list'),
    ),
    "unseen: a part of a label": (
        customers(
            "{kind: {contains: shot}}",
            "status",
            "ok",
            "gone",
            "ok",
            "ok",
            more="dimensions: {kind: [{shut: {status: gone}}, {rest: otherwise}]}",
        ),
        stops('no label has kind "shot"; nearest: shut'),
    ),
    "unseen: through a feature": (
        Shop(
            "{angry: {at_least: 1}}",
            "features: {angry: {count: {event: complaint, where: {severity: hgh}}}}",
        ),
        stops('no row of complaint has severity "hgh"; nearest: high'),
    ),
    "unseen: the latest of a column": (
        Shop("{angry: hgh}", "features: {angry: {last: {event: complaint, column: severity}}}"),
        stops('no row of complaint has severity "hgh"'),
    ),
    "unseen: through tiers of a column": (
        customers(
            "{tier: gold}",
            "points",
            "4",
            "3,5,",
            "1",
            "1",
            more="dimensions: {tier: {from: points, labels: [gold, silver], shares: [50, 50]}}",
        ),
        stops("suppress compares points as a number", "3,5, (1)"),
    ),
    "unseen: a rule that starts with nothing": (
        Shop("{did: {event: complaint, times: {at_most: 0}, where: {severity: hgh}}}"),
        stops('severity "hgh"'),
    ),
    "unseen: its door is its value": (
        customers(
            "{status: unsubscribed}",
            "status",
            "ok",
            "gone",
            "left",
            "ok",
            values="status: [unsubscribed]",
        ),
        sends("abcd", 'no customer has status "unsubscribed": declared under values'),
    ),
    "unseen: its door is the level": (
        customers(
            "{status: unsubscribed}",
            "status",
            "ok",
            "gone",
            "left",
            "ok",
            more="notices: {unseen-value: warn}",
        ),
        sends("abcd", 'no customer has status "unsubscribed"'),
    ),
    "unseen: no level below a warning": (
        customers(
            "{status: unsubscribed}",
            "status",
            "ok",
            "gone",
            "left",
            "ok",
            more="notices: {unseen-value: 'off'}",
        ),
        stops('no customer has status "unsubscribed"'),
    ),
    "unseen: a campaign before its first send": (
        Shop(
            "{did: {event: send, where: {campaign: Christmas 2026}}}",
            sources={"events": "{path: e.csv, values: {campaign: [Christmas 2026]}}"},
        ),
        sends("abcd", 'no row of send has campaign "Christmas 2026": declared under values'),
    ),
    "unseen: an event that is to come": (
        Shop("{did: refund}", sources={"events": "{path: e.csv, values: {event: [refund]}}"}),
        sends("abcd"),
    ),
    "seen: an event of a source of its own that is empty of it": (
        Shop(
            "{did: complaint}",
            sources={"events": "[e.csv, {path: f.csv, event: refund}]"},
            files={"f.csv": "customer_id,occurred_at\na,2026-01-01\n"},
        ),
        sends("bcd"),
    ),
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
        Shop("{did: {event: send, within: 10d, where: {campaign: Winter}}}"),
        sends("abcd"),
    ),
    "seen: a shop without complaints in the window": (
        Shop(
            "{did: {event: complaint, within: 2d}}",
            sources={"events": "{path: e.csv, quiet_for: 30d}"},
        ),
        sends("abcd"),
    ),
    "seen: only of a row after as_of": (
        Shop(
            "{did: {event: send, where: {campaign: Easter}}}",
            files={"e.csv": EVENTS + "d,2036-03-01,send,,Easter\n"},
        ),
        sends("abcd"),
    ),
    "seen: of another event": (
        Shop("{did: {event: complaint, where: {campaign: Spring}}}"),
        sends("abcd"),
    ),
    "seen: in products that nobody bought": (
        Shop(
            "{did: {event: purchase, where: {collection: launch}}}",
            files={"p.csv": PRODUCTS + "p9,launch\n"},
        ),
        sends("abcd"),
    ),
    "seen: of a customer who never bought": (
        Shop(
            "{status: gone}", files={"c.csv": column("status", "ok", "ok", "ok", "ok") + "z,gone\n"}
        ),
        sends("abcd"),
    ),
    "seen: one rung of rfm": (Shop("{rfm: '111'}"), sends("abcd")),
}

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
        Shop(
            rule if at == "suppress" else "", persona=rule if at == "persona" else "{}", files=files
        ),
        stops(words),
    )
    for rule, (at, words) in OF_DAYS.items()
    for files in (DAYS, AS_DAYS)
    for name in files
}
ROWS |= {
    "unseen day: of rows": (
        Shop("{did: {event: send, where: {campaign: 2026-11-30}}}"),
        stops('no row of send has campaign "2026-11-30"'),
    ),
    "unseen day: it is declared": (
        Shop(
            "{ends: 2026-11-30}",
            files=DAYS,
            sources={"customers": "{path: c.csv, values: {ends: [2026-11-30]}}"},
        ),
        sends("abcd", 'no customer has ends "2026-11-30": declared under values'),
    ),
    "seen day: with a time": (Shop("{ends: 2026-10-02}", files=DAYS), sends("ac")),
    "seen day: of Parquet": (Shop("{ends: 2026-10-02}", files=AS_DAYS), sends("acd")),
    "seen day: in an order": (Shop("{ends: {at_least: 2030-01-01}}", files=DAYS), sends("abcd")),
}
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
        Shop(rule, OWN),
        sends("" if "1," in rule else "abcd", f"no customer has {said}"),
    )
    for rule, said in FIGURES.items()
}
ROWS |= {
    f"figure, denied: {rule}": (
        Shop(persona=rule, more=OWN),
        sends("abcd", f"no customer has {said}"),
    )
    for rule, said in (
        ("{frequency: {is_not: 99}}", "frequency 99"),
        ("{not: {n: 99}}", "n 99"),
        ("{last_order_on: {none_of: [2020-01-01]}}", 'last_order_on "2020-01-01"'),
    )
}
ROWS |= {
    "figure: no level below a warning": (
        Shop("{frequency: 99}", "notices: {unseen-value: 'off'}"),
        sends("abcd", "no customer has frequency 99"),
    ),
    "figure: money that somebody has": (Shop("{monetary: 5}"), sends("")),
}
#: what products lend is compared in units, whatever holds it
LENT = {
    "p.csv": "product_id,cost\np1,5\np2,3.25\n",
    "e.csv": "customer_id,occurred_at,event,product_id\na,2026-02-27,view,p1\nb,2026-02-27,view,p2\n",
}
ROWS |= {
    f"lent amounts: {rule}": (Shop(rule, "features: {dear: {max: cost}}", files=LENT), outcome)
    for rule, outcome in {
        "{did: {event: purchase, where: {cost: 5}}}": sends("bd"),
        "{did: {event: purchase, where: {cost: {is_not: 3.25}}}}": sends("bd"),
        "{did: {event: view, where: {cost: [5, 3.25]}}}": sends("cd"),
        "{dear: 5}": sends("bd"),
        "{did: {event: purchase, where: {cost: 4}}}": stops("no product has cost 4"),
        "{did: {event: purchase, where: {cost: {is_not: 50000}}}}": stops("has cost 50000"),
        "{did: {event: view, where: {cost: 3.2}}}": stops("no product has cost 3.2; nearest: 3.25"),
        '{did: {event: view, where: {cost: {contains: "5"}}}}': stops(
            'no product has cost "5"\n  Compare it with a number'
        ),
        "{did: {event: view, where: {cost: {at_least: 2026-01-01}}}}": stops(
            "suppress compares cost as a date", "3.25 (1)", "cost is an amount of money in the data"
        ),
    }.items()
}

#: days of Parquet that are compared with what is no day
UNTIL = {
    "e.parquet": as_parquet(
        "customer_id,occurred_at,event,until\na,2026-02-27,unsubscribe,2026-12-31\n", dates=True
    )
}
ROWS |= {
    f"no day: {compared}": (
        replace(
            Shop(f"{{blocked_until: {compared}}}", files=UNTIL, sources={"events": "e.parquet"}),
            more="features: {blocked_until: {last: {event: unsubscribe, column: until}}}",
        ),
        outcome,
    )
    for compared, outcome in {
        "{contains: '31.12.2026'}": stops(
            'no row of unsubscribe has until "31.12.2026"\n  Compare it with a day'
        ),
        "'31.12.2026'": stops('no row of unsubscribe has until "31.12.2026"\n  Write 2026-12-31.'),
        "forever": stops('has until "forever"\n  Compare it with a day'),
        "{is_not: forever}": stops('has until "forever"\n  Compare it with a day'),
        "5": stops("suppress compares until as a number", "until is a date in the data"),
        "2026-12-31": sends("bcd"),
        "{contains: '2026-12'}": sends("bcd"),
        "2026-12-30": sends("abcd", 'no customer has blocked_until "2026-12-30"'),
    }.items()
}


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    ends(segment, shop, outcome)


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 97


#: what suppression asks of figures that nobody has, who is exported, and what is said of it
SPARED = {
    "{frequency: 99}": (
        "abcd",
        "So it suppresses nobody. If more than that is meant: frequency: {at_least: 99}.",
    ),
    "{frequency: {is_not: 99}}": (
        "",
        "So it spares nobody. If more than that is meant: frequency: {less_than: 99}.",
    ),
    "{frequency: {none_of: [99]}}": ("", "So it spares nobody."),
    "{not: {frequency: 99}}": (
        "",
        "So it spares nobody. If more than that is meant: frequency: {at_least: 99}.",
    ),
}


@pytest.mark.parametrize(("rule", "outcome"), SPARED.items(), ids=SPARED)
def test_a_figure_of_nobody_is_said_with_what_follows(
    segment: Segment, rule: str, outcome: tuple[str, str]
) -> None:
    result = segment("run", files=Shop(rule).written())
    assert (result.ids("p"), outcome[1] in result.err) == ([*outcome[0]], True), result.err
