"""Every built-in feature and every aggregate, as tables of small files and the value per customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from harness import Segment

from segmentation.comparing.comparisons import READ_AS
from segmentation.measures.aggregates import aggregates
from segmentation.measures.rows import Tables, rows_of
from segmentation.messages.errors import InputError
from segmentation.rules.kinds import NO_NUMBERS
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.yaml import loads
from segmentation.sources import Table

HEAD = "customer_id,order_id,ordered_at,amount"
NO_ORDER_ID = "customer_id,ordered_at,amount"
SHOP = "customer_id,order_id,ordered_at,department,quantity,discount,amount"

D = Decimal
Expected = Mapping[str, object]
moment = datetime.fromisoformat  # without a zone, as lines have them


def lines(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def values(
    segment: Segment, files: Mapping[str, str], name: str, rules: str = ""
) -> dict[str, object]:
    """The value of one feature per customer, as customers.parquet has it."""
    tables = {"t.csv": "transactions", "p.csv": "products", "c.csv": "customers", "e.csv": "events"}
    sources = ", ".join(f"{tables[f]}: {f}" for f in files)
    text = f"version: 1\nsources: {{{sources}}}\n{rules}\n"
    result = segment("run", "--columns", name, files={**files, "personas.yaml": text})
    assert result.exit_code == 0, result.err
    found = result.customers
    return dict(zip(found["customer_id"], found[name], strict=True))


# -- built-in features ----------------------------------------------------------------------------

TWO_DAYS = lines(
    HEAD, "a,1,2024-01-01,10", "a,2,2024-01-01,5", "a,3,2024-01-11,5", "b,4,2024-01-31,1"
)
RETURNS = lines(
    HEAD, "a,1,2024-01-01,10", "a,1,2024-01-01,-4", "a,2,2024-01-09,-2", "b,3,2024-01-09,3"
)
UNTIDY = lines(HEAD, "a,1,2024-01-01T09:00,0.10", "a,2,2024-01-01T23:59,0.20", "b,1,2024-01-01,7")
DEPARTMENTS = lines(
    SHOP,
    "a,1,2024-01-01,Shoes,1,0,30",
    "a,1,2024-01-01,Hats,2,5,30",
    "a,2,2024-01-02,,1,0,40",
    "a,3,2024-01-02,Bags,9,0,-90",
    "b,4,2024-01-02,Hats,1,0,1",
    "c,5,2024-01-02,,1,1,1",
    "d,6,2024-01-02,Zoo,3,,50",
    "d,6,2024-01-02,Art,1,0.0,50",
)
ODD_NAMES = lines(SHOP, 'a,1,2024-01-01,"a/b & ""c""",1,0,30', "a,1,2024-01-01,Küche – Bad,1,0,10")

BUILT_IN: dict[str, tuple[str, str, Expected]] = {
    "recency is from the last order": ("recency_days", TWO_DAYS, {"a": 20, "b": 0}),
    "recency ignores returns": ("recency_days", RETURNS, {"a": 8, "b": 0}),
    "longevity is from the first order": ("longevity_days", TWO_DAYS, {"a": 30, "b": 0}),
    "first order": ("first_order_on", TWO_DAYS, {"a": date(2024, 1, 1), "b": date(2024, 1, 31)}),
    "last order": ("last_order_on", RETURNS, {"a": date(2024, 1, 1), "b": date(2024, 1, 9)}),
    "orders of one day count by their ids": ("frequency", TWO_DAYS, {"a": 3, "b": 1}),
    "an order of returns only is none": ("frequency", RETURNS, {"a": 1, "b": 1}),
    "one order id of two customers is two orders": ("frequency", UNTIDY, {"a": 2, "b": 1}),
    "without an order id a day is an order": (
        "frequency",
        lines(NO_ORDER_ID, "a,2024-01-01T08:00,1", "a,2024-01-01T20:00,1", "a,2024-01-02,1"),
        {"a": 2},
    ),
    "lines without an order id are orders by day": (
        "frequency",
        lines(HEAD, "a,,2024-01-01,1", "a,,2024-01-01,1", "a,,2024-01-02,1", "a,7,2024-01-02,1"),
        {"a": 3},
    ),
    "lines without an order id are orders by day, also where ids are text": (
        "frequency",
        lines(HEAD, "a,,2024-01-01,1", "a,,2024-01-01,1", "a,,2024-01-02,1", "a,x7,2024-01-02,1",
              "b,,2024-01-02,1", "b,007,2024-01-02,1", "b,7,2024-01-02,1"),
        {"a": 3, "b": 3},
    ),
    "an order over midnight is one order": (
        "frequency", lines(HEAD, "a,x1,2024-01-01T23:59,1", "a,x1,2024-01-02T00:01,1"), {"a": 1},
    ),
    "a free line is no order": (
        "frequency", lines(HEAD, "a,1,2024-01-01,0", "a,2,2024-01-02,3"), {"a": 1},
    ),
    "monetary is net": ("monetary", RETURNS, {"a": D(4), "b": D(3)}),
    "monetary is exact": ("monetary", UNTIDY, {"a": D("0.30"), "b": D(7)}),
    "monetary may be negative": (
        "monetary", lines(HEAD, "a,1,2024-01-01,1", "a,2,2024-01-01,-5"), {"a": D(-4)},
    ),
    "average order value is net spend by orders": (
        "average_order_value", TWO_DAYS, {"a": 20 / 3, "b": 1.0},
    ),
    "gaps are between order days": ("typical_gap_days", TWO_DAYS, {"a": 10.0, "b": None}),
    "the median gap of an even number is between": (
        "typical_gap_days",
        lines(HEAD, "a,1,2024-01-01,1", "a,2,2024-01-03,1", "a,3,2024-01-08,1", "a,4,2024-01-08,1"),
        {"a": 3.5},
    ),
    "a return is no order day": (
        "typical_gap_days",
        lines(HEAD, "a,1,2024-01-01,1", "a,2,2024-01-03,-1", "a,3,2024-01-09,1"),
        {"a": 8.0},
    ),
    "departments bought from": ("departments", DEPARTMENTS, {"a": 2, "b": 1, "c": 0, "d": 2}),
    "the top department, ties by name": (
        "top_department", DEPARTMENTS, {"a": "Hats", "b": "Hats", "c": None, "d": "Art"},
    ),
    "its share is of all bought spend": (
        "top_department_share", DEPARTMENTS, {"a": 0.3, "b": 1.0, "c": None, "d": 0.5},
    ),
    "a department share is of all bought spend": (
        "department_share.Hats", DEPARTMENTS, {"a": 0.3, "b": 1.0, "c": 0.0, "d": 0.0},
    ),
    "a department may be called anything": (
        'department_share.a/b & "c"', ODD_NAMES, {"a": 0.75},
    ),
    "unicode departments": ("department_share.Küche – Bad", ODD_NAMES, {"a": 0.25}),
    "a top department keeps its name": ("top_department", ODD_NAMES, {"a": 'a/b & "c"'}),
    "discounted items are units": (
        "discount_share", DEPARTMENTS, {"a": 0.5, "b": 0.0, "c": 1.0, "d": 0.0},
    ),
    "without quantity items are lines": (
        "discount_share",
        lines(f"{HEAD},discount", "a,1,2024-01-01,9,1", "a,1,2024-01-01,1,0", "a,2,2024-01-01,-1,1"),
        {"a": 0.5},
    ),
    "returned over bought spend": ("return_share", RETURNS, {"a": 0.6, "b": 0.0}),
    "more may come back than was bought": (
        "return_share", lines(HEAD, "a,1,2024-01-01,1", "a,2,2024-01-01,-5"), {"a": 5.0},
    ),
    "equal values share a score": (
        "f_score", lines(HEAD, "a,1,2024-01-01,1", "b,2,2024-01-01,2"), {"a": 1, "b": 1},
    ),
    "the highest spend scores 5": (
        "m_score",
        lines(HEAD, *(f"{c},{i},2024-01-0{i},{i}" for i, c in enumerate("abcde", 1))),
        {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5},
    ),
    "the latest order scores 5": (
        "r_score",
        lines(HEAD, *(f"{c},{i},2024-01-0{i},{i}" for i, c in enumerate("abcde", 1))),
        {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5},
    ),
    "rfm is the three scores": (
        "rfm",
        lines(HEAD, *(f"{c},{i},2024-01-0{i},{i}" for i, c in enumerate("abcde", 1))),
        {"a": "111", "b": "212", "c": "313", "d": "414", "e": "515"},
    ),
    "one customer": ("rfm", lines(HEAD, "ä🙂,1,2024-01-01,1"), {"ä🙂": "511"}),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(("name", "transactions", "expected"), BUILT_IN.values(), ids=BUILT_IN)
def test_a_built_in_feature(
    segment: Segment, name: str, transactions: str, expected: Expected
) -> None:
    assert values(segment, {"t.csv": transactions}, name) == expected


def test_a_share_of_nothing_returned_is_zero_and_not_minus_zero(segment: Segment) -> None:
    [share] = values(segment, {"t.csv": lines(HEAD, "a,1,2024-01-01,1")}, "return_share").values()
    assert str(share) == "0.0"


COSTS = "customer_id,order_id,ordered_at,quantity,cost,amount"
WITH_PRODUCTS = lines(
    "customer_id,order_id,ordered_at,product_id,quantity,amount",
    "a,1,2024-02-01,p1,2,20",
    "a,2,2024-02-01,p2,1,30",
    "a,3,2024-02-02,p1,-1,-10",
    "b,4,2024-02-05,p3,1,9",
    "b,5,2024-02-05,p1,1,10",
    "c,6,2024-02-05,nope,1,9",
)
PRODUCTS = lines(
    "product_id,department,launched_at,cost",
    "p1,Shoes,2024-01-02,4",
    "p2,Hats,2024-01-01,10.5",
    "p3,Hats,2024-03-01,1",
    "p4,Bags,,",
)

FROM_PRODUCTS: dict[str, tuple[str, Expected]] = {
    "top_department": ("top_department", {"a": "Hats", "b": "Shoes", "c": None}),
    "new within 30 days, not before the launch": (
        "new_arrival_share",
        {"a": 2 / 3, "b": 0.0, "c": 0.0},
    ),
    "margin is net of returns, and missing when a cost is unknown": (
        "margin",
        {"a": D("25.5"), "b": D(14), "c": None},
    ),
    "margin_share": ("margin_share", {"a": 25.5 / 40, "b": 14 / 19, "c": None}),
}


@pytest.mark.parametrize(("name", "expected"), FROM_PRODUCTS.values(), ids=FROM_PRODUCTS)
def test_a_feature_that_needs_products(segment: Segment, name: str, expected: Expected) -> None:
    assert values(segment, {"t.csv": WITH_PRODUCTS, "p.csv": PRODUCTS}, name) == expected


def test_new_arrival_days_decides_how_long_a_product_is_new(segment: Segment) -> None:
    files = {"t.csv": WITH_PRODUCTS, "p.csv": PRODUCTS}
    found = values(segment, files, "new_arrival_share", "new_arrival_days: 31")
    assert found == {"a": 1.0, "b": 0.0, "c": 0.0}


MARGINS: dict[str, tuple[str, Expected]] = {
    "returned units may be written as positive": (
        lines(COSTS, "a,1,2024-01-01,2,4,20", "a,2,2024-01-02,1,4,-10"),
        {"a": D(6)},
    ),
    "returned units may be written as negative": (
        lines(COSTS, "a,1,2024-01-01,2,4,20", "a,2,2024-01-02,-1,4,-10"),
        {"a": D(6)},
    ),
    "a free line was not bought": (
        lines(COSTS, "a,1,2024-01-01,2,4,20", "a,1,2024-01-01,1,4,0"),
        {"a": D(12)},
    ),
    "without quantity a line is one unit": (
        lines(f"{HEAD},cost", "a,1,2024-01-01,20,4", "a,2,2024-01-02,-20,4", "a,3,2024-01-03,5,1"),
        {"a": D(4)},
    ),
    "fractions of cents are kept": (
        lines(COSTS, "a,1,2024-01-01,3,0.3333,1"),
        {"a": D("0.0001")},
    ),
}


@pytest.mark.parametrize(("transactions", "expected"), MARGINS.values(), ids=MARGINS)
def test_margin(segment: Segment, transactions: str, expected: Expected) -> None:
    assert values(segment, {"t.csv": transactions}, "margin") == expected


# -- aggregates of one's own ----------------------------------------------------------------------

OWN = lines(
    "customer_id,order_id,ordered_at,department,quantity,amount,weight,channel",
    "a,1,2024-01-01T10:00,Shoes,1,10,2.5,web",
    "a,1,2024-01-01T10:00,Hats,3,30,,shop",
    "a,2,2024-03-01T10:00,Shoes,2,20,10,shop",
    "a,3,2024-03-02T10:00,Shoes,-1,-10,9,web",
    "b,4,2024-03-31T10:00,Hats,1,5,,",
    "c,5,2024-03-30T09:00,Bags,0.5,1,x,app",
    "c,6,2024-03-30T09:00,Bags,1,2,1,web",
)

AGGREGATES: dict[str, tuple[str, Expected]] = {
    "count orders": ("{count: orders}", {"a": 2, "b": 1, "c": 2}),
    "count lines": ("{count: lines}", {"a": 3, "b": 1, "c": 2}),
    "count items": ("{count: items}", {"a": 6.0, "b": 1.0, "c": 1.5}),
    "count returned lines": ("{count: lines, lines: returned}", {"a": 1, "b": 0, "c": 0}),
    "count returned items": ("{count: items, lines: returned}", {"a": 1.0, "b": 0.0, "c": 0.0}),
    "count all lines": ("{count: lines, lines: all}", {"a": 4, "b": 1, "c": 2}),
    "count with where": (
        "{count: orders, where: {department: Shoes}}", {"a": 2, "b": 0, "c": 0},
    ),
    "count with where on a column of the file's own": (
        "{count: lines, where: {channel: [web, app]}}", {"a": 1, "b": 0, "c": 2},
    ),
    "count within": ("{count: orders, within: 31d}", {"a": 1, "b": 1, "c": 2}),
    "within is whole days and ends on as_of": ("{count: orders, within: 30d}", {"a": 0, "b": 1, "c": 2}),
    "within a day is as_of itself": ("{count: orders, within: 1d}", {"a": 0, "b": 1, "c": 0}),
    "between two ages": ("{count: orders, between: [3mo, 30d]}", {"a": 2, "b": 0, "c": 0}),
    "sum of money": ("{sum: amount}", {"a": D(60), "b": D(5), "c": D(3)}),
    "sum of quantity": ("{sum: quantity}", {"a": 6.0, "b": 1.0, "c": 1.5}),
    "sum of money returned": ("{sum: amount, lines: returned}", {"a": D(-10), "b": D(0), "c": D(0)}),
    "sum of text that holds numbers": ("{sum: weight}", {"a": 12.5, "b": 0.0, "c": 1.0}),
    "mean of lines": ("{mean: amount}", {"a": 20.0, "b": 5.0, "c": 1.5}),
    "mean leaves missing values out": ("{mean: weight}", {"a": 6.25, "b": None, "c": 1.0}),
    "mean of orders": ("{mean: amount, of: orders}", {"a": 30.0, "b": 5.0, "c": 1.5}),
    "mean of items weighs by quantity": (
        "{mean: amount, of: items}", {"a": 140 / 6, "b": 5.0, "c": 2.5 / 1.5},
    ),
    "min": ("{min: amount}", {"a": D(10), "b": D(5), "c": D(1)}),
    "max": ("{max: amount}", {"a": D(30), "b": D(5), "c": D(2)}),
    "max of orders": ("{max: amount, of: orders}", {"a": D(40), "b": D(5), "c": D(2)}),
    "min of orders": ("{min: amount, of: orders}", {"a": D(20), "b": D(5), "c": D(1)}),
    "min of quantity": ("{min: quantity}", {"a": 1.0, "b": 1.0, "c": 0.5}),
    "max of a date": (
        "{max: ordered_on}", {"a": date(2024, 3, 1), "b": date(2024, 3, 31), "c": date(2024, 3, 30)},
    ),
    "distinct": ("{distinct: department}", {"a": 2, "b": 1, "c": 1}),
    "distinct does not count missing": ("{distinct: channel}", {"a": 2, "b": 0, "c": 2}),
    "first": ("{first: department}", {"a": "Hats", "b": "Hats", "c": "Bags"}),
    "last": ("{last: channel}", {"a": "shop", "b": None, "c": "app"}),
    "first of money": ("{first: amount}", {"a": D(10), "b": D(5), "c": D(1)}),
    "last moment": (
        "{last: ordered_at}",
        {"a": moment("2024-03-01T10:00"), "b": moment("2024-03-31T10:00"), "c": moment("2024-03-30T09:00")},
    ),
    "share of orders": ("{share: orders, where: {department: Hats}}", {"a": 0.5, "b": 1.0, "c": 0.0}),
    "share of spend": ("{share: spend, where: {department: Hats}}", {"a": 0.5, "b": 1.0, "c": 0.0}),
    "share of items": ("{share: items, where: {department: Hats}}", {"a": 0.5, "b": 1.0, "c": 0.0}),
    "share of lines": ("{share: lines, where: {department: Hats}}", {"a": 1 / 3, "b": 1.0, "c": 0.0}),
    "a share within a window is missing without rows": (
        "{share: orders, where: {department: Hats}, within: 1w}", {"a": None, "b": 1.0, "c": 0.0},
    ),
    "where with not is true of a missing value": (
        "{count: lines, where: {not: {channel: web}}}", {"a": 2, "b": 1, "c": 1},
    ),
    "where with is_not is true of a missing value": (
        "{count: lines, where: {channel: {is_not: web}}}", {"a": 2, "b": 1, "c": 1},
    ),
    "where missing": ("{count: lines, where: {weight: {missing: true}}}", {"a": 1, "b": 1, "c": 0}),
    "where compares numbers held as text": (
        "{count: lines, where: {weight: {at_least: 9}}}", {"a": 1, "b": 0, "c": 0},
    ),
    "where compares money": (
        "{count: lines, where: {amount: {between: [5, 10]}}}", {"a": 1, "b": 1, "c": 0},
    ),
    "where compares quantity": ("{count: lines, where: {quantity: {less_than: 1}}}", {"a": 0, "b": 0, "c": 1}),
    "where contains": ("{count: lines, where: {department: {contains: oe}}}", {"a": 2, "b": 0, "c": 0}),
    "where starts_with": ("{count: lines, where: {channel: {starts_with: s}}}", {"a": 2, "b": 0, "c": 0}),
    "where on the day": (
        "{count: lines, where: {ordered_at: {at_least: '2024-03-01'}}}", {"a": 1, "b": 1, "c": 2},
    ),
    "where any": (
        "{count: lines, where: {any: [{channel: web}, {quantity: {at_least: 3}}]}}",
        {"a": 2, "b": 0, "c": 1},
    ),
    "purchase is an event": ("{count: {event: purchase}}", {"a": 2, "b": 1, "c": 2}),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(("measure", "expected"), AGGREGATES.values(), ids=AGGREGATES)
def test_a_feature_of_ones_own(segment: Segment, measure: str, expected: Expected) -> None:
    assert values(segment, {"t.csv": OWN}, "mine", f"features: {{mine: {measure}}}") == expected


SOME_ORDERS = lines(
    HEAD,
    "a,1,2024-01-01,5",
    "a,,2024-01-02,5",
    "a,,2024-01-02,7",
    "a,,2024-01-01,1",
    "b,2,2024-01-03,1",
)
NO_ID = {
    "the last id": ("{last: order_id}", {"a": 1, "b": 2}),
    "distinct ids": ("{distinct: order_id}", {"a": 1, "b": 1}),
    "lines without one": (
        "{count: lines, where: {order_id: {missing: true}}}",
        {"a": 3, "b": 0},
    ),
    "each of their days is an order": ("{count: orders}", {"a": 3, "b": 1}),
    "the largest of these": ("{max: amount, of: orders}", {"a": D(12), "b": D(1)}),
}


@pytest.mark.parametrize(("measure", "expected"), NO_ID.values(), ids=NO_ID)
def test_a_line_without_an_order_id_has_none_and_its_day_stands_for_it(
    segment: Segment, measure: str, expected: Expected
) -> None:
    found = values(segment, {"t.csv": SOME_ORDERS}, "mine", f"features: {{mine: {measure}}}")
    assert found == expected


NOTHING = lines(
    "customer_id,order_id,ordered_at,department,quantity,amount,weight",
    "nets0,1,2024-01-01,Shoes,1,10,",
    "nets0,2,2024-01-02,Shoes,-1,-10,",
    "nets0,3,2024-01-03,,1,5,",
    "no_units,4,2024-01-01,Hats,0,5,",
    "blank,5,2024-01-01,Hats,1,5,3",
    "blank,6,2024-01-02,Hats,1,5,",
    "free,7,2024-01-01,Hats,1,5,",
    "free,7,2024-01-01,Bags,1,0,",
)
OF_NOTHING: dict[str, tuple[str, Expected]] = {
    "a share of no items": (
        "{share: items, where: {department: Hats}}",
        {"nets0": 0.0, "no_units": None, "blank": 1.0, "free": 1.0},
    ),
    "a mean of no items": (
        "{mean: amount, of: items}",
        {"nets0": 7.5, "no_units": None, "blank": 5.0, "free": 5.0},
    ),
    "the smallest order of those that have a value": (
        "{min: weight, of: orders}",
        {"nets0": None, "no_units": None, "blank": 3.0, "free": None},
    ),
    "a department of a free line": (
        "{distinct: department}",
        {"nets0": 1, "no_units": 1, "blank": 1, "free": 1},
    ),
    "a department of a free line, of all lines": (
        "{distinct: department, lines: all}",
        {"nets0": 1, "no_units": 1, "blank": 1, "free": 2},
    ),
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("top_department", None), ("top_department_share", None), ("departments", 0)],
)
def test_a_department_that_only_took_back_is_nobodys_favourite(
    segment: Segment, name: str, expected: object
) -> None:
    transactions = lines(SHOP, "a,1,2024-01-01,,1,0,5", "a,2,2024-01-02,Shoes,-1,0,-3")
    assert values(segment, {"t.csv": transactions}, name) == {"a": expected}


@pytest.mark.parametrize(("measure", "expected"), OF_NOTHING.values(), ids=OF_NOTHING)
def test_a_figure_of_nothing_is_missing(segment: Segment, measure: str, expected: Expected) -> None:
    assert values(segment, {"t.csv": NOTHING}, "mine", f"features: {{mine: {measure}}}") == expected


TEXT_NUMBERS: dict[str, tuple[str, Expected]] = {
    "max": ("{max: weight}", {"a": 10, "b": None, "c": 1}),
    "min": ("{min: weight}", {"a": 2.5, "b": None, "c": 1}),
}


@pytest.mark.parametrize(("measure", "expected"), TEXT_NUMBERS.values(), ids=TEXT_NUMBERS)
def test_extremes_of_numbers_held_as_text_are_by_number(
    segment: Segment, measure: str, expected: Expected
) -> None:
    found = values(segment, {"t.csv": OWN}, "mine", f"features: {{mine: {measure}}}")
    assert {c: None if v is None else float(str(v)) for c, v in found.items()} == expected


EVENTS = lines(
    "customer_id,occurred_at,event,campaign",
    "a,2024-03-31T08:00,browse,x",
    "a,2024-03-30,browse,y",
    "a,2024-02-01,login,",
    "c,2024-03-01,browse,x",
    "zz,2024-03-31,browse,x",
)

OF_EVENTS: dict[str, tuple[str, Expected]] = {
    "count": ("{count: {event: browse}}", {"a": 2, "b": 0, "c": 1}),
    "count within": ("{count: {event: browse, within: 2d}}", {"a": 2, "b": 0, "c": 0}),
    "count where": ("{count: {event: browse, where: {campaign: x}}}", {"a": 1, "b": 0, "c": 1}),
    "count any event": ("{count: {event: '*'}}", {"a": 3, "b": 0, "c": 1}),
    "distinct": ("{distinct: {event: browse, column: campaign}}", {"a": 2, "b": 0, "c": 1}),
    "days since": ("{days_since: {event: browse}}", {"a": 0, "b": None, "c": 30}),
}


@pytest.mark.parametrize(("measure", "expected"), OF_EVENTS.values(), ids=OF_EVENTS)
def test_a_feature_of_events(segment: Segment, measure: str, expected: Expected) -> None:
    files = {"t.csv": OWN, "e.csv": EVENTS}
    assert values(segment, files, "mine", f"features: {{mine: {measure}}}") == expected


# -- the base -------------------------------------------------------------------------------------


NOT_ADDED_UP = {
    "{sum: until}": "sum adds up numbers, and until is a date",
    "{mean: until}": "mean adds up numbers, and until is a date",
    "{mean: gift}": "mean adds up numbers, and gift is true or false",
    "{max: gift, of: orders}": "max adds up numbers, and gift is true or false",
}


@pytest.mark.parametrize(("measure", "said"), NOT_ADDED_UP.items(), ids=NOT_ADDED_UP)
def test_what_parquet_holds_as_no_number_is_not_added_up(measure: str, said: str) -> None:
    columns = {"amount": pl.Int64(), "until": pl.Date(), "gift": pl.Boolean()}
    lines = Table("transactions", pl.LazyFrame(), columns, ())
    rules = parse_rules(loads(f"version: 1\nfeatures: {{mine: {measure}}}", "p.yaml"))
    with pytest.raises(InputError, match=said):
        aggregates(rules.features["mine"], rows_of(Tables(lines), rules.features["mine"]))


def test_what_cannot_be_read_as_a_number_is_known_before_there_is_data() -> None:
    assert {kind for kind, read in READ_AS.items() if read["number"] is None} == NO_NUMBERS


def test_customers_with_returns_only_are_outside_the_base_and_counted(segment: Segment) -> None:
    rows = lines(HEAD, "a,1,2024-01-01,5", "r,2,2024-01-01,-5", "z,3,2024-01-02,0")
    result = segment("run", "t.csv", files={"t.csv": rows})
    assert result.customers["customer_id"].to_list() == ["a"]
    assert result.manifest["left_out"] == {"customers without an order": 2}


def test_base_everyone_adds_those_without_an_order_with_frequency_0(segment: Segment) -> None:
    files = {
        "t.csv": lines(HEAD, "a,1,2024-01-01,5", "r,2,2024-01-01,-5"),
        "c.csv": lines("customer_id,country", "a,DE", "n,NO"),
        "e.csv": lines("customer_id,occurred_at,event", "e,2024-01-01,browse"),
        "personas.yaml": "version: 1\nbase: everyone\n"
        "sources: {transactions: t.csv, customers: c.csv, events: e.csv}\ncolumns: [country]\n"
        "features: {browsed: {count: {event: browse}}}\n",
    }
    found = segment("run", files=files).customers
    shown = found.select(
        "customer_id", "frequency", "monetary", "recency_days", "country", "browsed"
    )
    assert shown.rows() == [
        ("a", 1, D("5.0000"), 0, "DE", 0),
        ("e", 0, D("0.0000"), None, None, 1),
        ("n", 0, D("0.0000"), None, "NO", 0),
        ("r", 0, D("-5.0000"), None, None, 0),
    ]


def test_as_of_sets_later_rows_aside_and_counts_from_that_day(segment: Segment) -> None:
    result = segment("run", "t.csv", "--as-of", "2024-01-15", files={"t.csv": TWO_DAYS})
    assert result.customers["customer_id"].to_list() == ["a"]
    assert result.customers["recency_days"].to_list() == [4]
    [counts] = result.manifest["inputs"]
    assert counts["rows_set_aside"] == {"after as_of": 1}


def test_the_time_zone_decides_which_day_a_moment_is(segment: Segment) -> None:
    rows = lines(NO_ORDER_ID, "a,2024-01-01T23:30:00Z,1", "a,2024-01-02T08:00:00Z,1")
    files = {"t.csv": rows}
    assert values(segment, files, "frequency") == {"a": 2}
    assert values(segment, files, "frequency", "timezone: Europe/Paris") == {"a": 1}
