"""What personas compare: a negation of what nobody has stops as in suppression, the rest is said."""

from __future__ import annotations

import pytest
from four_customers import (
    EVENTS,
    LINES,
    Row,
    Sends,
    Shop,
    Stops,
    as_parquet,
    column,
    ends,
    sends,
    stops,
)
from harness import Segment

ROWS: dict[str, Row] = {}


DAYS = "customer_id,occurred_at,event,until\na,2026-02-27,order,2026-12-31\n"
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
}
ROWS |= {
    "negated: a sum of nothing": (
        Shop(
            persona="{f: {less_than: 10}}",
            more="features: {f: {sum: amount, where: {department: hats}}}",
        ),
        stops(HATLESS),
    ),
    "negated: a count of nothing, in a persona that is denied": (
        Shop(
            persona="{not: {f: {at_least: 1}}}",
            more="features: {f: {count: orders, where: {department: hats}}}",
        ),
        stops(HATLESS),
    ),
    "negated: a column of customers": (
        Shop(
            persona="{city: {is_not: Olso}}",
            files={"c.csv": column("city", "Oslo", "Rome", "Rome", "")},
        ),
        stops(
            'no customer has city "Olso"; nearest: Oslo',
            "    customers: {path: c.csv, values: {city: [Olso]}}",
        ),
    ),
    "negated: through the rungs below": (
        Shop(
            persona="{k: rest}",
            more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}",
        ),
        stops(HATLESS),
    ),
    "negated: through a rung below with a condition": (
        Shop(
            persona="{k: low}",
            more="dimensions: {k: [{out: {top_department: hats}}, {low: {monetary: {at_most: 9}}}, "
            "{rest: otherwise}]}",
        ),
        stops(HATLESS),
    ),
    "negated: through a grid of rungs below": (
        Shop(
            persona="{both: y}",
            more=(
                "dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}], s: [{m: {monetary: {at_least: 9}}}, {n: otherwise}], "
                "both: {grid: [k, s], columns: [m, n], rows: {out: [x, x], rest: [y, z]}}}"
            ),
        ),
        stops(HATLESS),
    ),
    "negated twice: whoever is not below": (
        Shop(
            persona="{k: {is_not: rest}}",
            more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}",
        ),
        sends("", HATLESS),
    ),
    "negated: both labels are wanted": (
        Shop(
            persona="{k: [out, rest]}",
            more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}",
        ),
        sends("abcd", HATLESS),
    ),
    "plain: a rung of which nobody asks": (
        Shop(
            persona="{}", more="dimensions: {k: [{out: {top_department: hats}}, {rest: otherwise}]}"
        ),
        sends("abcd", HATLESS),
    ),
    "plain: a rung below": (
        Shop(
            persona="{k: top}",
            more="dimensions: {k: [{top: {monetary: {at_least: 1}}}, {out: {top_department: hats}}, "
            "{rest: otherwise}]}",
        ),
        sends("abcd", HATLESS),
    ),
    "negated: an anchor": (
        Shop(
            persona="{did_not: {event: purchase, after: {event: send, where: {campaign: Sprin}}}}"
        ),
        stops('campaign "Sprin"'),
    ),
    "negated: its door is the level": (
        Shop(
            persona="{did_not: {event: purchase, where: {department: hats}}}",
            more="notices: {unseen-value: warn}",
        ),
        sends("abcd", HATLESS),
    ),
    "negated: its door is its value": (
        Shop(
            persona="{did_not: {event: purchase, where: {department: Shoes}}}",
            sources={"transactions": "{path: t.csv, values: {department: [Shoes]}}"},
        ),
        sends("abcd", 'no line has department "Shoes": declared under values'),
    ),
    "negated twice is not negated": (
        Shop(persona="{not: {did_not: {event: purchase, where: {department: hats}}}}"),
        sends("", HATLESS),
    ),
    "plain: a warning": (
        Shop(persona="{did: {event: purchase, where: {department: hats}}}"),
        sends("", HATLESS),
    ),
    "plain: a share": (
        Shop(persona="{share: {of: spend, where: {department: hats}, at_least: 0.1}}"),
        sends("", HATLESS),
    ),
    "plain: a text feature": (Shop(persona="{top_department: hats}"), sends("", HATLESS)),
    "plain: words that are none": (
        Shop(persona="{opted: true}", files={"c.csv": column("opted", "yes", "ja", "no", "no")}),
        sends(
            "a",
            "opted is compared as true or false, and 1 customer has something else there: ja (1)",
        ),
    ),
    "plain: texts compared as numbers": (
        Shop(persona="{kids: {at_least: 2}}", files={"c.csv": column("kids", "2", "3+", "1", "")}),
        sends("a", "kids is compared as a number, and 1 customer has something else there: 3+ (1)"),
    ),
    **{
        f"plain: a feature of days: {compared}": (
            Shop(
                persona=f"{{ends: {compared}}}",
                more="features: {ends: {last: {event: order, column: until}}}",
                files={"e.parquet": as_parquet(DAYS, dates=True)},
                sources={"events": "e.parquet"},
            ),
            sends("", said),
        )
        for compared, said in {
            "{at_least: 5}": "until is compared as a number, and 1 row of order has something else",
            "{contains: May}": 'no row of order has until "May"',
            "soon": 'no row of order has until "soon"',
        }.items()
    },
    "plain: another spelling": (
        Shop(persona="{city: Oslo}", files={"c.csv": column("city", "Oslo", "OSLO", "Rome", "")}),
        sends("a", 'city is compared with "Oslo", and the data has also: OSLO (1)'),
    ),
}

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


ROWS |= {
    f"near: {rule} in rows of {name}": (
        Shop(persona=rule, files={name: data}, sources={"events": name}),
        sends(ids, f'{column_} is compared with "{word}", and the data has also: ', said),
    )
    for rule, (ids, column_, word, said) in SPELT_RULES.items()
    for name, data in (("e.csv", SPELT), ("e.parquet", as_parquet(SPELT)))
}
ROWS |= {
    "near: in lines, under a negation": (
        Shop(
            persona="{did_not: {event: purchase, where: {department: Hats}}}",
            files={"t.csv": LINES.replace("03-03,5,Hats", "03-03,5,hats ")},
        ),
        sends("acd", 'department is compared with "Hats", and the data has also: "hats " (1)'),
    ),
    "near: declared, under a negation": (
        Shop(
            persona="{did_not: send}",
            files={"e.csv": SPELT},
            sources={"events": "{path: e.csv, values: {event: [SEND]}}"},
        ),
        sends("ad", 'beside "send" the data has SEND (1): declared under values'),
    ),
}


ROWS |= {
    f"percent: {rule}": (
        Shop(persona=rule, more=more),
        sends("abcd", f"{said} matches 4 of 4 customers, more than twice its share"),
    )
    for rule, more, said in (
        ("{return_share: {top_percent: 20}}", "", "return_share in the top 20 %"),
        ("{frequency: {bottom_percent: 10}}", "", "frequency in the bottom 10 %"),
        (
            "{k: best}",
            "dimensions: {k: [{best: {frequency: {top_percent: 20}}}, {rest: otherwise}]}",
            "frequency in the top 20 %",
        ),
        (
            "{monetary: {top_percent: 20, among: {frequency: {top_percent: 5}}}}",
            "",
            "frequency in the top 5 %",
        ),
    )
}
ROWS |= {
    "percent: in suppression it takes everybody": (
        Shop("{frequency: {top_percent: 20}}"),
        sends("", "frequency in the top 20 % matches 4 of 4 customers"),
    ),
    "percent: twice is not more than twice": (
        Shop(
            persona="{kids: {top_percent: 25}}", files={"c.csv": column("kids", "2", "2", "1", "1")}
        ),
        sends("ab"),
    ),
    "percent: of those who have the value": (
        Shop(
            persona="{kids: {top_percent: 50}}", files={"c.csv": column("kids", "2", "1", "", "")}
        ),
        sends("a"),
    ),
}


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    ends(segment, shop, outcome)


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 54
