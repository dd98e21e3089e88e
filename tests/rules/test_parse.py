"""The grammar of personas.yaml: what it means, and every mistake with its place and its mending."""

from __future__ import annotations

import pytest

from segmentation.messages.errors import RulesError
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.measures import Anchor, Measure
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.windows import Span, Window
from segmentation.rules.yaml import loads


def rules_of(text: str) -> Rules:
    return parse_rules(loads(text, "p.yaml"))


def mistakes(text: str) -> str:
    with pytest.raises(RulesError) as caught:
        rules_of(text)
    return "\n".join(str(problem) for problem in caught.value.problems)


# --- what is meant ------------------------------------------------------------------------------

WEEK, MONTH = Window(Span(7, "d")), Window(Span(1, "mo"))
BROWSE = Measure("any", event="browse")
A_SHARE = Measure("share", of="orders", where=Compare("department", "is", "A"))
MEANT: dict[str, tuple[str, Condition]] = {
    "a value": ("{lifecycle: churned}", Compare("lifecycle", "is", "churned")),
    "one of": ("{country: [NO, SE]}", Compare("country", "is", ("NO", "SE"))),
    "a mapping is AND": ("{a: 1, b: 2}", All((Compare("a", "is", 1), Compare("b", "is", 2)))),
    "operators are AND": (
        "{a: {at_least: 1, less_than: 2}}", All((Compare("a", "at_least", 1), Compare("a", "less_than", 2))),
    ),
    "any of a list": ("{any: [{a: 1}, {b: 2}]}", AnyOf((Compare("a", "is", 1), Compare("b", "is", 2)))),
    "any of a mapping": ("{any: {a: 1, b: 2}}", AnyOf((Compare("a", "is", 1), Compare("b", "is", 2)))),
    "not of several is not all of them": (
        "{not: [{a: 1}, {b: 2}]}", Not(All((Compare("a", "is", 1), Compare("b", "is", 2)))),
    ),
    "the top among": (
        "{monetary: {top_percent: 10, among: {a: 1}}}",
        Compare("monetary", "top_percent", 10, among=Compare("a", "is", 1)),
    ),
    "dates are dates": ("{d: {between: [2026-01-01, 2026-02-01]}}", Compare("d", "between", ("2026-01-01", "2026-02-01"))),
    "did": ("{did: browse}", Compare(BROWSE, "is", True)),
    "did each": (
        "{did: [browse, {event: login, within: 7d}]}",
        All((Compare(BROWSE, "is", True), Compare(Measure("any", event="login", window=WEEK), "is", True))),
    ),
    "did none of them": (
        "{did_not: [browse, {event: login, within: 7d}]}",
        Not(AnyOf((Compare(BROWSE, "is", True), Compare(Measure("any", event="login", window=WEEK), "is", True)))),
    ),
    "did not so often as one thing": (
        "{did_not: [{event: browse, times: {between: [2, 3]}}]}",
        Not(AnyOf((Compare(Measure("count", of="events", event="browse"), "between", (2, 3)),))),
    ),
    "did not within two bounds is one thing": (
        "{did_not: {event: browse, times: {at_least: 2, at_most: 3}}}",
        Not(AnyOf((All((Compare(Measure("count", of="events", event="browse"), "at_least", 2),
                        Compare(Measure("count", of="events", event="browse"), "at_most", 3))),))),
    ),
    "times": ("{did: {event: browse, times: 2}}", Compare(Measure("count", of="events", event="browse"), "at_least", 2)),
    "between two ages, in either order": (
        "{did: {event: browse, between: [30d, 90d]}}",
        Compare(Measure("any", event="browse", window=Window(Span(90, "d"), Span(30, "d"))), "is", True),
    ),
    "within after is since the anchor": (
        "{did: {event: response, after: {event: send, within: 1mo}, within: 7d}}",
        Compare(Measure("any", event="response", anchor=Anchor("after", "send", window=MONTH, within=Span(7, "d"))), "is", True),
    ),
    "within since is a window": (
        "{did: {event: buy, since: browse, within: 7d}}",
        Compare(Measure("any", event="buy", window=WEEK, anchor=Anchor("since", "browse")), "is", True),
    ),
    "share": ("{share: {of: orders, where: {department: A}, at_least: 0.3}}", Compare(A_SHARE, "at_least", 0.3)),
    "personas": ("{persona: [vip, new]}", AnyOf((InPersona("vip"), InPersona("new")))),
    "everyone": ("{}", All(())),
}  # fmt: skip


@pytest.mark.parametrize(("match", "condition"), MEANT.values(), ids=MEANT)
def test_a_condition_means(match: str, condition: Condition) -> None:
    assert (
        rules_of(f"version: 1\npersonas: {{p: {{match: {match}}}}}").personas["p"].match
        == condition
    )


FEATURES: dict[str, tuple[str, Measure]] = {
    "orders": ("{count: orders, within: 7d}", Measure("count", of="orders", window=WEEK)),
    "a column": (
        "{max: amount, of: orders, lines: all}",
        Measure("max", of="orders", column="amount", lines="all"),
    ),
    "a share": (
        "{share: items, where: {a: 1}}",
        Measure("share", of="items", where=Compare("a", "is", 1)),
    ),
    "of an event": (
        "{count: {event: login, within: 7d}}",
        Measure("count", of="events", event="login", window=WEEK),
    ),
    "a column of an event": (
        "{distinct: {event: browse, column: c}}",
        Measure("distinct", of="events", event="browse", column="c"),
    ),
    "a date of customers": ("{days_until: ends_on}", Measure("days_until", column="ends_on")),
    "since an event": (
        "{days_since: {event: login}}",
        Measure("days_since", of="events", event="login"),
    ),
}


@pytest.mark.parametrize(("feature", "measure"), FEATURES.values(), ids=FEATURES)
def test_a_feature_means(feature: str, measure: Measure) -> None:
    assert rules_of(f"version: 1\nfeatures: {{f: {feature}}}").features["f"] == measure


# --- mistakes -----------------------------------------------------------------------------------

IN_CONDITIONS = {
    "a list for a condition": (
        "[1]",
        "p.yaml:4:12: a condition is a mapping such as {frequency: {at_least: 2}}, not a list of 1",
    ),
    "a text for a condition": (
        "churned",
        'p.yaml:4:12: a condition is a mapping such as {frequency: {at_least: 2}}, not "churned"',
    ),
    "nothing": (
        "",
        "p.yaml:4:11: a condition is a mapping such as {frequency: {at_least: 2}}, not nothing",
    ),
    "an empty where": (
        "{did: {event: a, where: {}}}",
        "p.yaml:4:36: a condition without a comparison is true for everybody\n  Compare something, or remove it.",
    ),
    "an empty not": (
        "{not: {}}",
        "p.yaml:4:18: a condition without a comparison is true for everybody\n  Compare something, or remove it.",
    ),
    "an empty all": (
        "{all: []}",
        'p.yaml:4:18: "all" has no conditions\n  Name at least one, or remove it.',
    ),
    "any of nothing": (
        "{any: {}}",
        'p.yaml:4:18: "any" has no conditions\n  Name at least one, or remove it.',
    ),
    "unknown operator": (
        "{frequency: {atleast: 2}}",
        'p.yaml:4:25: "atleast" is not an operator\n  Nearest: at_least. There are: is, is_not, none_of, at_least, at_most, more_than, less_than, between, contains, starts_with, ends_with, missing, top_percent, bottom_percent; beside them among and ignore_case.',
    ),
    "a misspelt key beside operators": (
        "{top_department: {contains: x, ignorecase: true}}",
        'p.yaml:4:43: "ignorecase" is not an operator\n  Nearest: ignore_case. There are: is, is_not, none_of, at_least, at_most, more_than, less_than, between, contains, starts_with, ends_with, missing, top_percent, bottom_percent; beside them among and ignore_case.',
    ),
    "among a level too high": (
        "{monetary: {top_percent: 20}, among: {country: SE}}",
        "p.yaml:4:42: among goes with top_percent or bottom_percent\n  Write it beside the operator, within its braces: {top_percent: 20, among: {frequency: {at_least: 2}}}.",
    ),
    "no operator": (
        "{frequency: {}}",
        'p.yaml:4:24: "frequency" has no comparison\n  For example {at_least: 2}.',
    ),
    "an empty list": (
        "{gender: []}",
        "p.yaml:4:21: an empty list names no value\n  Name at least one value.",
    ),
    "no value": (
        "{gender: }",
        "p.yaml:4:20: there is no value here\n  To ask for missing values: {missing: true}.",
    ),
    "a mapping in a list": (
        "{gender: [{a: 1}]}",
        "p.yaml:4:22: expected a single value, not a mapping",
    ),
    "a text for a bound": (
        "{age: {at_least: old}}",
        'p.yaml:4:29: at_least takes a number or a date, not "old"',
    ),
    "true for a bound": (
        "{age: {at_least: true}}",
        "p.yaml:4:29: at_least takes a number or a date, not true",
    ),
    "one value between": (
        "{age: {between: [1]}}",
        "p.yaml:4:28: between takes a list of two numbers or two dates, both included, not a list of 1",
    ),
    "between backwards": (
        "{age: {between: [5, 1]}}",
        "p.yaml:4:28: between 5 and 1 there is nothing\n  Write the smaller value first.",
    ),
    "between a number and a date": (
        "{age: {between: [1, 2026-01-01]}}",
        "p.yaml:4:28: between takes a list of two numbers or two dates, both included, not a list of 2",
    ),
    "contains a number": (
        "{country: {contains: 5}}",
        "p.yaml:4:33: contains takes a text or a list of texts, not 5",
    ),
    "missing what": (
        "{age: {missing: maybe}}",
        'p.yaml:4:28: missing takes true or false, not "maybe"',
    ),
    "none_of one": (
        "{age: {none_of: 3}}",
        "p.yaml:4:28: none_of takes a list of values, not 3",
    ),
    "top of 0": (
        "{monetary: {top_percent: 0}}",
        "p.yaml:4:37: top_percent takes a number above 0 and at the most 100, not 0",
    ),
    "top of 120": (
        "{monetary: {top_percent: 120}}",
        "p.yaml:4:37: top_percent takes a number above 0 and at the most 100, not 120",
    ),
    "among alone": (
        "{monetary: {at_least: 3, among: {frequency: 2}}}",
        "p.yaml:4:37: among goes with top_percent or bottom_percent",
    ),
    "top in where": (
        "{did: {event: a, where: {amount: {top_percent: 10}}}}",
        "p.yaml:4:46: top_percent cannot stand inside `where`\n  It ranks customers, not rows.",
    ),
    "did in where": (
        "{did: {event: a, where: {did: b}}}",
        'p.yaml:4:37: "did" cannot stand inside `where`\n  A `where` is about one row: compare its columns.',
    ),
    "did without event": (
        "{did: {within: 30d}}",
        "p.yaml:4:18: which event?\n  Add event: NAME, for example {event: browse}.",
    ),
    "did nothing": (
        "{did: []}",
        "p.yaml:4:18: did names no event\n  For example {event: browse, within: 30d}.",
    ),
    "did a number": (
        "{did: 5}",
        "p.yaml:4:18: expected a mapping, not 5",
    ),
    "did an unknown key": (
        "{did: {event: a, whitin: 30d}}",
        'p.yaml:4:29: "whitin" is not known here\n  Nearest: within. There are: event, where, within, between, after, since, times.',
    ),
    "30 days": (
        "{did: {event: a, within: 30 days}}",
        'p.yaml:4:37: "30 days" is not a length of time\n  Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.',
    ),
    "-3d": (
        "{did: {event: a, within: -3d}}",
        'p.yaml:4:37: "-3d" is not a length of time\n  Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.',
    ),
    "a number of days": (
        "{did: {event: a, within: 30}}",
        "p.yaml:4:37: 30 is not a length of time\n  Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.",
    ),
    "0d": (
        "{did: {event: a, within: 0d}}",
        'p.yaml:4:37: "0d" is not a length of time\n  Write a whole number and a unit without a space: 12h, 30d, 2w, 3mo or 1y.',
    ),
    "within and between": (
        "{did: {event: a, within: 3d, between: [9d, 3d]}}",
        "p.yaml:4:41: within and between exclude each other",
    ),
    "between one": (
        "{did: {event: a, between: 9d}}",
        'p.yaml:4:38: between takes two lengths of time, such as [90d, 30d], not "9d"',
    ),
    "between the same": (
        "{did: {event: a, between: [7d, 1w]}}",
        "p.yaml:4:38: between 7d and 1w there is no time",
    ),
    "after and since": (
        "{did: {event: a, after: b, since: c}}",
        "p.yaml:4:39: after and since exclude each other",
    ),
    "after nothing": (
        "{did: {event: a, after: {within: 3d}}}",
        "p.yaml:4:36: which event?\n  Add event: NAME, for example {event: browse}.",
    ),
    "no times": (
        "{did: {event: a, times: 0}}",
        "p.yaml:4:36: times takes a whole number above 0, or a comparison, not 0\n  For example times: 2, or times: {between: [2, 5]}.",
    ),
    "times text": (
        "{did: {event: a, times: twice}}",
        'p.yaml:4:36: times takes a whole number above 0, or a comparison, not "twice"\n  For example times: 2, or times: {between: [2, 5]}.',
    ),
    "a share of 30": (
        "{share: {of: orders, where: {department: A}, at_least: 30}}",
        "p.yaml:4:67: a share lies between 0 and 1, not 30\n  Write 30 % as 0.3.",
    ),
    "a share of text": (
        "{share: {of: orders, where: {department: A}, at_least: most}}",
        'p.yaml:4:67: a share lies between 0 and 1, not "most"\n  Write 30 % as 0.3.',
    ),
    "a share of customers": (
        "{share: {of: customers, where: {department: A}, at_least: 0.3}}",
        'p.yaml:4:25: share counts orders, items, spend or lines, not "customers"',
    ),
    "a share of all": (
        "{share: {of: orders, at_least: 0.3}}",
        "p.yaml:4:20: a share of what?\n  Add where: {department: Footwear}, for example.",
    ),
    "how large": (
        "{share: {of: orders, where: {department: A}}}",
        "p.yaml:4:20: how large a share?\n  Add at_least: 0.3, for example.",
    ),
    "no share": (
        "{share: []}",
        "p.yaml:4:20: a share of what?\n  Add where: {department: Footwear}, for example.",
    ),
    "a persona by number": (
        "{persona: 5}",
        "p.yaml:4:22: persona takes the name of a persona, or a list of names",
    ),
}


@pytest.mark.parametrize(("match", "expected"), IN_CONDITIONS.values(), ids=IN_CONDITIONS)
def test_a_mistake_in_a_condition_is_told(match: str, expected: str) -> None:
    assert mistakes(f"version: 1\npersonas:\n  p:\n    match: {match}\n") == expected


IN_FEATURES = {
    "of what twice": (
        "{count: orders, of: lines}",
        "p.yaml:3:22: count says itself what it counts\n  Write count: orders.",
    ),
    "of what, where a sum reads rows": (
        "{sum: amount, of: orders}",
        "p.yaml:3:20: sum has no `of`: it reads rows, whatever they are of\n"
        "  Leave it out: {sum: amount}. `of` goes with mean, min and max.",
    ),
    "of what, where a first one is of a row": (
        "{first: department, of: lines}",
        "p.yaml:3:26: first has no `of`: it reads rows, whatever they are of\n"
        "  Leave it out: {first: department}. `of` goes with mean, min and max.",
    ),
    "the smallest of items": (
        "{min: amount, of: items}",
        'p.yaml:3:24: min is of lines or orders, not of "items"\n'
        "  Write {min: amount, of: lines} or {min: amount, of: orders}.",
    ),
    "of orders, which events are not": (
        "{mean: score, event: survey, of: orders}",
        "p.yaml:3:35: events are of no order and have no items, so no `of` either\n"
        "  Leave it out: {mean: {event: survey, column: score}}.",
    ),
    "two aggregates": (
        "{count: orders, sum: amount}",
        "p.yaml:3:6: a feature has one aggregate, this has 2\n  One of: count, sum, mean, min, max, distinct, first, last, share, days_since, days_until.",
    ),
    "no aggregate": (
        "{where: {a: 1}}",
        "p.yaml:3:6: a feature has one aggregate, this has 0\n  One of: count, sum, mean, min, max, distinct, first, last, share, days_since, days_until.",
    ),
    "count what": (
        "{count: customers}",
        'p.yaml:3:14: count counts orders, lines, items or events, not "customers"',
    ),
    "count events": (
        "{count: events}",
        "p.yaml:3:14: which event?\n  Write {count: {event: NAME}}.",
    ),
    "orders of an event": (
        "{count: orders, event: login}",
        "p.yaml:3:29: orders are of transactions, so they have no event\n  Write {count: {event: login}}.",
    ),
    "a column that is none": (
        "{sum: 5}",
        "p.yaml:3:12: sum takes the name of a column, not 5",
    ),
    "a column without a name": (
        "{sum: ''}",
        'p.yaml:3:12: sum takes the name of a column, not ""',
    ),
    "a day without a name": (
        "{days_since: ''}",
        'p.yaml:3:19: days_since takes the name of a column, not ""',
    ),
    "a column of events without a name": (
        "{last: {event: a, column: ''}}",
        'p.yaml:3:32: last takes the name of a column, not ""',
    ),
    "of an event which": (
        "{sum: {event: a}}",
        "p.yaml:3:12: sum of which column?\n  Add column: NAME.",
    ),
    "beside": (
        "{count: {event: a}, within: 3d}",
        "p.yaml:3:26: within cannot stand beside count here: what chooses the rows stands inside count",
    ),
    "days_since beside": (
        "{days_since: joined_on, within: 3d}",
        "p.yaml:3:30: within cannot stand beside days_since here: days_since: COLUMN reads a date of customers",
    ),
    "days_until event": (
        "{days_until: {event: a}}",
        "p.yaml:3:19: events lie in the past: days_until takes a date column of customers\n  Write days_until: COLUMN, or days_since: {event: NAME}.",
    ),
    "share of all": (
        "{share: spend}",
        "p.yaml:3:6: a share of what?\n  Add where: {department: Footwear}, for example.",
    ),
    "no event": (
        "{count: {within: 3d}}",
        "p.yaml:3:14: which event?\n  Add event: NAME, for example {event: browse}.",
    ),
    "lines": (
        "{count: lines, lines: sold}",
        'p.yaml:3:28: lines are bought, returned or all, not "sold"',
    ),
    "a text": (
        "orders",
        'p.yaml:3:6: expected a mapping, not "orders"',
    ),
}


@pytest.mark.parametrize(("feature", "expected"), IN_FEATURES.values(), ids=IN_FEATURES)
def test_a_mistake_in_a_feature_is_told(feature: str, expected: str) -> None:
    assert mistakes(f"version: 1\nfeatures:\n  f: {feature}\n") == expected


IN_DIMENSIONS = {
    "a text": (
        "churned",
        "p.yaml:3:6: a dimension is a list of rungs, a grid, or fitted `from` something\n  For example:\n    - active: {recency_days: {at_most: 60}}\n    - churned: otherwise",
    ),
    "no otherwise": (
        "[{a: {frequency: 1}}]",
        "p.yaml:3:7: the last rung must be `otherwise`, so that everyone gets a label\n  Add - LABEL: otherwise",
    ),
    "otherwise early": (
        "[{a: otherwise}, {b: otherwise}]",
        "p.yaml:3:11: otherwise is the last rung: no customer gets below it",
    ),
    "two labels in a rung": (
        "[{a: {frequency: 1}, b: {frequency: 2}}, {c: otherwise}]",
        "p.yaml:3:7: a rung is one label and its condition\n  For example - active: {recency_days: {at_most: 60}}",
    ),
    "empty": (
        "[]",
        "p.yaml:3:6: the last rung must be `otherwise`, so that everyone gets a label\n  Add - LABEL: otherwise",
    ),
    "a grid of one": (
        "{grid: [x]}",
        "p.yaml:3:13: grid names two dimensions: rows first, then columns\n  For example grid: [longevity, recency]",
    ),
    "a grid without rows": (
        "{grid: [x, y], columns: [a]}",
        "p.yaml:3:6: a grid has columns (a list of labels) and rows (a label: a list each)\n  For example columns: [recent, lapsed] and rows: {new: [a, b], loyal: [c, d]}",
    ),
    "a short row": (
        "{grid: [x, y], columns: [a, b], rows: {r: [1]}}",
        'p.yaml:3:48: row "r" has 1 label for 2 columns',
    ),
    "a column twice": (
        "{grid: [x, y], columns: [a, a], rows: {r: [b, c]}}",
        'p.yaml:3:34: the column "a" is named twice',
    ),
    "a label of nothing": (
        "{grid: [x, y], columns: [a, b], rows: {r: [b, ]}}",
        'p.yaml:3:48: row "r" has 1 label for 2 columns',
    ),
}


@pytest.mark.parametrize(("dimension", "expected"), IN_DIMENSIONS.values(), ids=IN_DIMENSIONS)
def test_a_mistake_in_a_dimension_is_told(dimension: str, expected: str) -> None:
    assert mistakes(f"version: 1\ndimensions:\n  d: {dimension}\n") == expected


IN_THE_FILE = {
    "no version": (
        "personas: {}",
        "p.yaml:1:1: version is missing\n  Add version: 1 as the first line.",
    ),
    "version 2": (
        "version: 2",
        "p.yaml:1:10: version: expected 1, not 2",
    ),
    "a list": (
        "[1]",
        "p.yaml:1:1: the file is not a mapping\n  It starts with version: 1.",
    ),
    "unknown key": (
        "version: 1\npersona: {}",
        'p.yaml:2:1: "persona" is not known here\n  Nearest: personas. There are: version, sources, timezone, base, new_arrival_days, value, features, dimensions, personas, suppress, waterfall, columns, safe_csv, notices.',
    ),
    "unknown key of a persona": (
        "version: 1\npersonas:\n  p: {mach: {frequency: 1}}",
        'p.yaml:3:7: "mach" is not known here\n  Nearest: match. There are: title, match, for_each, most, columns, safe_csv.',
    ),
    "unknown table": (
        "version: 1\nsources: {orders: a.csv}",
        'p.yaml:2:11: "orders" is not known here\n  There are: transactions, customers, products, events.',
    ),
    "unknown key of a source": (
        "version: 1\nsources:\n  transactions: {pth: a.csv}",
        'p.yaml:3:17: path is missing\n  Add path: transactions.csv, for example.\np.yaml:3:18: "pth" is not known here\n  Nearest: path. There are: path, columns, event, date_format, delimiter, decimal, number, rates, rejects, fill_down, join, where, missing, ids, latest_by, encoding, skip_lines, header, sheet, values, quiet_for.',
    ),
    "no path": (
        "version: 1\nsources:\n  events:\n    - {event: a}",
        "p.yaml:4:7: path is missing\n  Add path: transactions.csv, for example.",
    ),
    "a time zone": (
        "version: 1\ntimezone: Paris",
        'p.yaml:2:11: timezone: "Paris" is not a time zone; write one like UTC or Europe/Paris',
    ),
    "a base": (
        "version: 1\nbase: buyer",
        'p.yaml:2:7: base: expected "buyers" or "everyone", not "buyer"\n  Nearest: buyers.',
    ),
    "days": (
        "version: 1\nnew_arrival_days: '30'",
        'p.yaml:2:19: new_arrival_days: expected a whole number from 0 to 3650, not "30"',
    ),
    "most of no files": (
        "version: 1\npersonas: {p: {most: 3}}",
        'p.yaml:2:16: most counts the files of for_each, and persona "p" has none\n  Add for_each, such as for_each: country; or leave most out.',
    ),
    "most in words": (
        "version: 1\npersonas: {p: {for_each: country, most: many}}",
        'p.yaml:2:41: personas.p.most: expected a whole number from 1 to 2000, not "many"',
    ),
    "a list of personas": (
        "version: 1\npersonas: [p]",
        "p.yaml:2:11: personas: expected a mapping, not a list of 1\n  Write name: value, without dashes or brackets.",
    ),
    "a name": (
        "version: 1\npersonas: {'../x': {}, VIP: {}, did: {}, con: {}}",
        'p.yaml:2:12: "../x" cannot be the name of a persona\n  Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most 63; free text goes into title.\np.yaml:2:24: "VIP" cannot be the name of a persona\n  Names start with a lower-case letter and hold a-z, 0-9, _ and -, at most 63; free text goes into title.\np.yaml:2:33: "did" is a reserved word, so not the name of a persona\np.yaml:2:42: "con" is a reserved word, so not the name of a persona',
    ),
    "a text for columns": (
        "version: 1\ncolumns: gender",
        'p.yaml:2:10: columns: expected a list, not "gender"',
    ),
}


@pytest.mark.parametrize(("text", "expected"), IN_THE_FILE.values(), ids=IN_THE_FILE)
def test_a_mistake_in_the_shape_of_the_file_is_told(text: str, expected: str) -> None:
    assert mistakes(text) == expected


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "version: 1\nbase: buyer\npersonas:\n  p: {match: {a: {atleast: 1}}}\n  q: {mach: {}}\nsuppress: [a]\n"
    assert [line.split(": ")[0] for line in mistakes(text).splitlines() if line[0] != " "] == [
        "p.yaml:2:7",
        "p.yaml:4:19",
        "p.yaml:5:7",
        "p.yaml:6:12",
    ]
