"""Names and values that do not fit together, each with its place, its words and its mending."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

from segmentation.rules.checking.names import problems
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.yaml import loads

COLUMNS = ("gender", "country", "age")


def said(text: str, attributes: Collection[str] | None = COLUMNS) -> str:
    rules = parse_rules(loads(f"version: 1\n{text}", "p.yaml"))
    return "\n".join(str(p) for p in problems(rules, attributes=attributes))


def test_the_example_of_the_style_guide() -> None:
    text = "personas:\n  vip:\n    match:\n      montary: {at_least: 100}\n"
    assert said(text) == (
        'p.yaml:5:7: persona "vip" uses the feature "montary", which does not exist.\n'
        "  Nearest: monetary. List them all: segment features"
    )


DIMENSION = "dimensions:\n  d: [{a: {frequency: 1}}, {b: otherwise}]\n"
IN_CONDITIONS = {
    "unknown": ("{colour: red}", '4:24: persona "p" uses the feature "colour", which does not exist.\n  Nearest: country. List them all: segment features'),
    "a misspelt attribute": ("{gendre: {is: male}}", '4:24: persona "p" uses the feature "gendre", which does not exist.\n  Nearest: gender. List them all: segment features'),
    "inside any": ("{any: [{frequency: 1}, {montary: 1}]}", '4:47: persona "p" uses the feature "montary", which does not exist.\n  Nearest: monetary. List them all: segment features'),
    "inside among": ("{monetary: {top_percent: 9, among: {montary: 1}}}", '4:59: persona "p" uses the feature "montary", which does not exist.\n  Nearest: monetary. List them all: segment features'),
    "internal": ("{_bought: 1}", '4:24: persona "p" uses the feature "_bought", which does not exist.\n  Names that begin '
                 "with _ are the tool's own: give a column another name under sources: customers: columns."),
    "ignore_case a level too high": ("{top_department: {contains: x}, ignore_case: true}", '4:55: persona "p": ignore_case goes with contains, starts_with or ends_with\n'
                                     "  Write it beside the operator, within its braces: {contains: sale, ignore_case: true}."),
    "the same misspelt": ("{top_department: {contains: x}, ignorecase: true}", '4:55: persona "p": ignore_case goes with contains, starts_with or ends_with\n'
                          "  Write it beside the operator, within its braces: {contains: sale, ignore_case: true}."),
    "a persona as a feature": ("{p: true}", '4:24: persona "p" compares the persona "p" as if it were a feature.\n  Members of a persona: persona: p'),
    "an unknown persona": ("{persona: [q]}", '4:34: persona "p" refers to the persona "q", which does not exist.'),
    "a misspelt persona": ("{persona: pp}", '4:33: persona "p" refers to the persona "pp", which does not exist.\n  Nearest: p.'),
    "an unknown label": ("{d: c}", '4:27: persona "p": the dimension "d" has no label "c"\n  Its labels: a, b.'),
    "one unknown label of several": ("{d: {is_not: [a, c]}}", '4:36: persona "p": the dimension "d" has no label "c"\n  Its labels: a, b.'),
    "text for a number": ("{frequency: often}", '4:35: persona "p": frequency is a number, so it cannot be compared with "often"\n  Compare it with a number, such as {at_least: 5}.'),
    "true for a label": ("{d: true}", '4:27: persona "p": d is a text, so it cannot be compared with true\n'
                         "  Write it in quotes: 'true' or 'false' is a text."),
    "true for a number": ("{frequency: true}", '4:35: persona "p": frequency is a number, so it cannot be compared with true\n  Compare it with a number, such as {at_least: 5}.'),
    "30 for a share": ("{discount_share: {at_least: 30}}", '4:51: persona "p": discount_share lies between 0 and 1; write 30 % as 0.3'),
    "60 for a share": ("{discount_share: {at_least: 60}}", '4:51: persona "p": discount_share lies between 0 and 1; write 60 % as 0.6'),
    "0 to 12.5 for a share": ("{discount_share: {between: [0, 12.5]}}", '4:50: persona "p": discount_share lies between 0 and 1; write 12.5 % as 0.125'),
    "more than everything": ("{discount_share: {at_least: 150}}", '4:51: persona "p": discount_share lies between 0 and 1'),
    "symbols in quotes": ("{frequency: '>= 3'}", '4:35: persona "p": frequency is a number, so it cannot be compared with ">= 3"\n  Write {at_least: 3}.'),
    "symbols before a date": ("{last_order_on: '<2026-01-01'}", '4:39: persona "p": last_order_on is a date, so it cannot be compared with "<2026-01-01"\n  Write {less_than: 2026-01-01}.'),
    "symbols before no number": ("{frequency: '>= often'}", '4:35: persona "p": frequency is a number, so it cannot be compared with ">= often"\n  Compare it with a number, such as {at_least: 5}.'),
    "30 for a department": ("{department_share.Home: 30}", '4:47: persona "p": department_share.Home lies between 0 and 1; write 30 % as 0.3'),
    "a date for money": ("{monetary: {at_least: 2026-01-01}}", '4:45: persona "p": monetary is an amount of money, so it cannot be compared with "2026-01-01"\n  Compare it with a number, such as {at_least: 5}.'),
    "a number for a date": ("{first_order_on: {at_least: 5}}", '4:51: persona "p": first_order_on is a date, so it cannot be compared with 5\n  Compare it with a day, such as {at_least: 2026-01-31}.'),
    "text for a date": ("{first_order_on: today}", '4:40: persona "p": first_order_on is a date, so it cannot be compared with "today"\n  Compare it with a day, such as {at_least: 2026-01-31}.'),
    "more than a label": ("{d: {at_least: 1}}", '4:38: persona "p": d is a text, so it is neither more nor less than anything'),
    "the top of texts": ("{top_department: {top_percent: 10}}", '4:54: persona "p": top_department cannot be ranked: it is a text'),
    "a text inside a number": ("{frequency: {contains: x}}", '4:46: persona "p": frequency is a number, so it has no text to search\n  Compare it with a number, such as {at_least: 5}.'),
    "text for times": ("{did: {event: e, times: {is: two}}}", '4:52: persona "p": count of e is a number, so it cannot be compared with "two"\n  Compare it with a number, such as {at_least: 5}.'),
    "a number in quotes": ("{frequency: '2'}", '4:35: persona "p": frequency is a number, so it cannot be compared with "2"\n  Write 2 without quotes.'),
    "30 % as is": ("{share: {of: spend, where: {a: 1}, is: 30}}", '4:62: persona "p": share of spend where a is 1 lies between 0 and 1; write 30 % as 0.3'),
}  # fmt: skip


@pytest.mark.parametrize(("match", "expected"), IN_CONDITIONS.values(), ids=IN_CONDITIONS)
def test_a_condition_that_does_not_fit(match: str, expected: str) -> None:
    assert (
        said(f"{DIMENSION}personas: {{p: {{match: {match}}}}}").replace("p.yaml:", "") == expected
    )


LINES, EVENTS = "{did: {event: purchase, where: {%s}}}", "{did: {event: browse, where: {%s}}}"
MONEY = "amount is an amount of money, so it"
A_NUMBER = "Compare it with a number, such as {at_least: 5}."
A_DAY = "Compare it with a day, such as {at_least: 2026-01-31}."
IN_WHERE = {
    "a part of money": (
        LINES % "amount: {contains: '00'}",
        f"{MONEY} has no text to search",
        A_NUMBER,
    ),
    "the end of money": (
        LINES % "amount: {ends_with: '25'}",
        f"{MONEY} has no text to search",
        A_NUMBER,
    ),
    "money in quotes": (
        LINES % "amount: '7.25'",
        f'{MONEY} cannot be compared with "7.25"',
        "Write 7.25 without quotes.",
    ),
    "one of several in quotes": (
        LINES % "amount: [5, '7']",
        f'{MONEY} cannot be compared with "7"',
        "Write 7 without quotes.",
    ),
    "a word for money": (
        LINES % "amount: {is_not: no}",
        f'{MONEY} cannot be compared with "no"',
        A_NUMBER,
    ),
    "true for money": (
        LINES % "cost: true",
        "cost is an amount of money, so it cannot be compared with true",
        A_NUMBER,
    ),
    "a day for money": (
        LINES % "amount: {at_least: 2026-01-01}",
        f'{MONEY} cannot be compared with "2026-01-01"',
        A_NUMBER,
    ),
    "days for money": (
        LINES % "unit_price: {between: [2026-01-01, 2026-02-01]}",
        'unit_price is an amount of money, so it cannot be compared with "2026-01-01"',
        A_NUMBER,
    ),
    "units in quotes": (
        LINES % "quantity: '1'",
        'quantity is a number, so it cannot be compared with "1"',
        "Write 1 without quotes.",
    ),
    "a number for a day": (
        LINES % "ordered_at: {at_least: 5}",
        "ordered_at is a date, so it cannot be compared with 5",
        A_DAY,
    ),
    "a part of a day": (
        LINES % "ordered_at: {starts_with: 2026-01}",
        "ordered_at is a date, so it has no text to search",
        A_DAY,
    ),
    "a word for a flag": (
        LINES % "discounted: 'No'",
        'discounted is true or false, so it cannot be compared with "No"',
        "Write false.",
    ),
    "no word for a flag": (
        LINES % "new_arrival: new",
        'new_arrival is true or false, so it cannot be compared with "new"',
        "Write true or false.",
    ),
    "a bound for a flag": (
        LINES % "discounted: {at_least: 1}",
        "discounted is true or false, so it is neither more nor less than anything",
        "Write true or false.",
    ),
    "symbols": (
        LINES % "margin: '>= 3'",
        'margin is an amount of money, so it cannot be compared with ">= 3"',
        "Write {at_least: 3}.",
    ),
    "below a negation": (
        LINES % "not: {any: [{amount: '5'}]}",
        f'{MONEY} cannot be compared with "5"',
        "Write 5 without quotes.",
    ),
    "of a share": (
        "{share: {of: lines, where: {discount: '1'}, at_least: 0.5}}",
        'discount is an amount of money, so it cannot be compared with "1"',
        "Write 1 without quotes.",
    ),
    "of an anchor": (
        "{did: {event: browse, since: {event: purchase, where: {amount: '5'}}}}",
        f'{MONEY} cannot be compared with "5"',
        "Write 5 without quotes.",
    ),
    "the day of an event": (
        EVENTS % "occurred_at: 7",
        "occurred_at is a date, so it cannot be compared with 7",
        A_DAY,
    ),
    "a sum of one's own": (
        "{spent: {more_than: 2026-01-01}}",
        'spent is an amount of money, so it cannot be compared with "2026-01-01"',
        A_NUMBER,
    ),
    "a mean of one's own": (
        "{points: {contains: a}}",
        "points is a number, so it has no text to search",
        A_NUMBER,
    ),
    "a first day of one's own": (
        "{began: 5}",
        "began is a date, so it cannot be compared with 5",
        A_DAY,
    ),
}
OWN = "features: {spent: {sum: amount}, points: {mean: points}, began: {min: ordered_at}}\n"


@pytest.mark.parametrize("name", IN_WHERE)
def test_a_comparison_with_a_column_of_known_kind_does_not_fit(name: str) -> None:
    """Each is told once, under suppression as in a persona, at the value."""
    match, what, mend = IN_WHERE[name]
    for text, who in (
        (f"personas: {{p: {{match: {match}}}}}", 'persona "p"'),
        (f"suppress: [{match}]", "suppress rule 1"),
    ):
        found = said(f"{OWN}{text}")
        assert re.fullmatch(r"p\.yaml:3:\d+", found.split(": ")[0])
        assert found.split(": ", 1)[1] == f"{who}: {what}\n  {mend}"


def test_the_rows_of_a_feature_are_looked_at_too() -> None:
    assert said("features: {f: {count: lines, where: {amount: '5'}}}") == (
        'p.yaml:2:46: feature "f": amount is an amount of money, so it cannot be compared with "5"\n'
        "  Write 5 without quotes."
    )


NOT_ADDED_UP = {
    "{sum: discounted}": '2:15: feature "f": sum adds up numbers, and discounted is true or false\n'
    "  Count the rows that have it: where: {discounted: true}.",
    "{mean: ordered_at}": '2:15: feature "f": mean adds up numbers, and ordered_at is a date\n'
    "  Name a column of numbers. Of dates there are first, last, min and max.",
    "{max: ordered_on, of: orders}": '2:15: feature "f": max adds up numbers, and ordered_on is a date\n'
    "  Name a column of numbers. Of dates there are first, last, min and max.",
    "{max: ordered_on}": "",
    "{sum: {event: browse, column: discounted}}": "",
}


@pytest.mark.parametrize("feature", NOT_ADDED_UP)
def test_what_is_no_number_is_not_added_up(feature: str) -> None:
    told = NOT_ADDED_UP[feature]
    assert said(f"features: {{f: {feature}}}").removeprefix("p.yaml:") == told


FITS = {
    "an amount of events is what the data says": EVENTS
    % "amount: '5', discounted: yes, quantity: {contains: a}",
    "a text of lines": LINES % "comment: {contains: '00'}, amount: {missing: false}",
    "a day and bounds of lines": LINES
    % "ordered_at: 2026-01-10, quantity: {at_most: 2}, discounted: {is_not: true}",
    "the first of a text": "{first_store: 'Berlin'}",
    "a money as text of a department": "{rfm: 543}",
    "more came back than was bought": "{return_share: {at_least: 1.5}}",
    "a loss": "{margin_share: {less_than: -0.2}}",
    "an attribute is what the data says": "{age: {at_least: 18}, country: {contains: D}, gender: true}",
    "missing goes with everything": "{first_order_on: {missing: true}}",
    "a department of any name": "{department_share.Home & Garden: {at_least: 0.5}}",
}


@pytest.mark.parametrize("match", FITS.values(), ids=FITS)
def test_a_condition_that_fits(match: str) -> None:
    own = "features: {first_store: {first: store}}\n"
    assert said(f"{own}personas: {{p: {{match: {match}}}}}") == ""


ELSEWHERE = {
    "a feature that is built in": (
        "features: {frequency: {count: orders}}",
        '2:12: "frequency" is already the name of a built-in feature\n  Choose another: every name is a column of customers.parquet.',
    ),
    "a persona called as a column of customers": (
        "personas: {country: {}}",
        '2:12: "country" is already the name of a column of customers\n  Choose another: every name is a column of customers.parquet.',
    ),
    "a feature that reads the column of its name": (
        "features: {born: {days_until: born}}",
        '2:12: feature "born" reads a column of customers, and "born" is a name of these rules\n  Choose another name for one of the two.',
    ),
    "a persona called as a dimension": (
        f"{DIMENSION}personas: {{d: {{}}}}",
        '4:12: "d" is already the name of a dimension\n  Choose another: every name is a column of customers.parquet.',
    ),
    "personas in a circle": (
        "personas:\n  a: {match: {persona: b}}\n  b: {match: {persona: c}}\n  c: {match: {persona: a}}",
        "3:3: a → b → c → a: this goes in a circle\n  Say one of them without the other.",
    ),
    "a persona in itself": (
        "personas:\n  a: {match: {not: {persona: a}}}",
        "3:3: a → a: this goes in a circle\n  Say one of them without the other.",
    ),
    "dimensions in a circle": (
        "dimensions:\n  d: [{x: {e: y}}, {z: otherwise}]\n  e: [{y: {d: x}}, {w: otherwise}]",
        "3:3: d → e → d: this goes in a circle\n  Say one of them without the other.",
    ),
    "a grid of itself": (
        "dimensions:\n  d: [{x: otherwise}]\n  g: {grid: [d, g], columns: [y], rows: {x: [y]}}",
        "4:3: g → g: this goes in a circle\n  Say one of them without the other.",
    ),
    "a grid over no dimension": (
        "dimensions:\n  dim: [{x: otherwise}]\n  g: {grid: [dim, din], columns: [y], rows: {x: [y]}}",
        '4:13: grid "g" crosses "din", which is not a dimension\n  Nearest: dim.',
    ),
    "a grid with gaps": (
        f"{DIMENSION}  e: [{{x: {{frequency: 1}}}}, {{y: otherwise}}]\n  g: {{grid: [d, e], columns: [x], rows: {{a: [l]}}}}",
        '5:13: grid "g" has no cell for a × y, b × x, b × y',
    ),
    "a grid with strange rows and columns": (
        f"{DIMENSION}  e: [{{x: otherwise}}]\n  g: {{grid: [d, e], columns: [x, a], rows: {{a: [l, l], b: [l, l], x: [l, l]}}}}",
        '5:13: grid "g" names x, which "d" never is\n  Its labels: a, b.\n'
        '5:13: grid "g" names a, which "e" never is\n  Its labels: x.',
    ),
    "a waterfall of strangers": (
        "personas: {vip: {}}\nwaterfall: [vipp, vip, vip]",
        '3:13: the waterfall names "vipp", which is not a persona\n  Nearest: vip.\n'
        '3:24: the waterfall names "vip" twice',
    ),
    "for_each of nothing": (
        "personas: {p: {for_each: contry}}",
        '2:16: persona "p" uses the feature "contry", which does not exist.\n  Nearest: country. List them all: segment features',
    ),
    "for_each of a number": (
        "personas: {p: {for_each: frequency}}",
        '2:26: persona "p": for_each goes over labels, and frequency is a number\n  Name a dimension, top_department, or a text column.',
    ),
    "columns of nothing": (
        "personas: {p: {columns: [gendr]}}\ncolumns: [montary]",
        '3:11: columns uses the feature "montary", which does not exist.\n  Nearest: monetary. List them all: segment features\n'
        '2:26: persona "p" uses the feature "gendr", which does not exist.\n  Nearest: gender. List them all: segment features',
    ),
    "a rung": (
        "dimensions: {dim: [{x: {montary: 1}}, {y: otherwise}]}",
        '2:25: dimension "dim" uses the feature "montary", which does not exist.\n  Nearest: monetary. List them all: segment features',
    ),
    "suppress": (
        "suppress: [{frequency: 1}, {consnt: true}]",
        '2:29: suppress rule 2 uses the feature "consnt", which does not exist.\n  Nearest: country. List them all: segment features',
    ),
}


@pytest.mark.parametrize(("text", "expected"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_does_not_fit_elsewhere(text: str, expected: str) -> None:
    assert said(text).replace("p.yaml:", "") == expected


SOURCES = "sources: {transactions: t.csv, customers: c.parquet}\n"
UNSEEN = {
    "a well-known column": (f"{SOURCES}personas: {{p: {{match: {{consent_sms: true}}}}}}", ""),
    "a column of its own": (f"{SOURCES}personas: {{p: {{match: {{shoe_size: 42}}}}}}", ""),
    "a column somewhat like a feature": (
        f"{SOURCES}personas: {{p: {{match: {{region: north}}}}}}",
        "",
    ),
    "a likely misspelling": (
        f"{SOURCES}personas: {{p: {{match: {{recency_dayz: 42}}}}}}",
        '3:24: persona "p" uses the feature "recency_dayz", which does not exist.\n  Nearest: recency_days. List them all: segment features',
    ),
    "no table of customers": (
        "sources: {transactions: t.csv}\npersonas: {p: {match: {gender: female}}}",
        '3:24: persona "p" uses the feature "gender", which does not exist.\n  List them all: segment features',
    ),
}


@pytest.mark.parametrize(("text", "expected"), UNSEEN.values(), ids=UNSEEN)
def test_a_name_that_only_customers_can_have(text: str, expected: str) -> None:
    assert said(text, attributes=None).replace("p.yaml:", "") == expected
