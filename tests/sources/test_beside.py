"""What a file lacks stands in another of its folder: it is found, joined and tried; or it is not that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from harness import Segment

from segmentation.rules.yaml import loads

ITEMS = "order_id,pos,sku,price\no1,1,p1,10.00\no1,2,p2,5.00\no2,1,p1,20.00\no3,1,p3,7.00\n"
ORDERS = "order_id,customer_id,created_at\no1,c1,2026-01-02\no2,c2,2026-01-05\no3,c3,2026-01-09\n"
IDS = ORDERS.replace("order_id,", "id,")
PEOPLE = "customer_id,customer_unique_id,city\nc1,u1,Bonn\nc2,u1,Bonn\nc3,u2,Ulm\n"
VISITS = "session_id,order_id,date,amount\nk1,o1,2026-01-02,10.00\nk2,o2,2026-01-03,5.00\nk1,o3,2026-01-04,1.00\n"
OWNERS = "session_id,customer_id\nk1,ann\nk2,bob\n"
SAME = [{"path": "orders.csv", "key": "order_id"}]

#: the file, those beside it -> what is joined, and the money of each customer
FOUND: dict[str, tuple[str, Mapping[str, str], list[dict[str, object]], dict[str, float]]] = {
    "lines and orders": (ITEMS, {"orders.csv": ORDERS}, SAME, {"c1": 15, "c2": 20, "c3": 7}),
    "orders by their own id": (
        ITEMS,
        {"orders.csv": IDS},
        [{"path": "orders.csv", "key": {"order_id": "id"}}],
        {"c1": 15, "c2": 20, "c3": 7},
    ),
    "a header in capitals": (
        ITEMS,
        {"orders.csv": ORDERS.replace("order_id", "ORDER ID")},
        [{"path": "orders.csv", "key": {"order_id": "ORDER ID"}}],
        {"c1": 15, "c2": 20, "c3": 7},
    ),
    "other signs": (
        ITEMS,
        {"orders.csv": ORDERS.replace(",", ";")},
        SAME,
        {"c1": 15, "c2": 20, "c3": 7},
    ),
    "a customer for every order": (
        ITEMS,
        {"orders.csv": ORDERS, "people.csv": PEOPLE},
        [*SAME, {"path": "people.csv", "key": "customer_id"}],
        {"u1": 35, "u2": 7},
    ),
    "customers who come again": (
        ITEMS,
        {"orders.csv": ORDERS.replace("c2", "c1"), "people.csv": PEOPLE.replace("c2", "c9")},
        SAME,
        {"c1": 35, "c3": 7},
    ),
    "who it was": (
        VISITS,
        {"sessions.csv": OWNERS},
        [{"path": "sessions.csv", "key": "session_id"}],
        {"ann": 11, "bob": 5},
    ),
    "the better of two": (
        ITEMS,
        {"a.csv": "order_id,created_at\no1,2026-01-02\no2,2026-01-03\no3,2026-01-04\n"}
        | {"orders.csv": ORDERS},
        SAME,
        {"c1": 15, "c2": 20, "c3": 7},
    ),
    "in two steps": (
        ITEMS,
        {"a.csv": "order_id,created_at\no1,2026-01-02\no2,2026-01-03\no3,2026-01-04\n"}
        | {"b.csv": "order_id,customer_id\no1,c1\no2,c2\no3,c1\n"},
        [{"path": "a.csv", "key": "order_id"}, {"path": "b.csv", "key": "order_id"}],
        {"c1": 22, "c2": 20},
    ),
}


@pytest.mark.parametrize(("own", "others", "join", "money"), FOUND.values(), ids=FOUND)
def test_what_a_file_lacks_is_joined(
    segment: Segment,
    own: str,
    others: Mapping[str, str],
    join: list[dict[str, object]],
    money: dict[str, float],
) -> None:
    files = {f"dump/{name}": text for name, text in {"rows.csv": own, **others}.items()}
    began = segment("init", "--from", "dump/rows.csv", "shop", files=files)
    assert began.exit_code == 0, began.err
    rules = loads((began.folder / "shop/personas.yaml").read_text(), "").data
    source = rules["sources"]["transactions"]
    assert source["join"] == [{**one, "path": f"../dump/{one['path']}"} for one in join]
    done = segment("run", "--config", "shop/personas.yaml")
    assert done.exit_code == 0, done.err
    assert (
        dict(done.customers.select("customer_id", "monetary").sort("customer_id").iter_rows())
        == money
    )


@pytest.mark.parametrize(("own", "others", "join", "money"), FOUND.values(), ids=FOUND)
def test_a_run_without_rules_is_told_of_it(
    segment: Segment,
    own: str,
    others: Mapping[str, str],
    join: list[dict[str, object]],
    money: dict[str, float],
) -> None:
    told = segment("run", "rows.csv", files={"rows.csv": own, **others})
    assert told.exit_code == 3
    assert "segment init --from rows.csv writes rules" in told.err
    [line] = [one for one in told.err.splitlines() if "In the rules: " in one]
    sources = line.partition("In the rules: ")[2]
    rules = f"version: 1\n{sources}\npersonas: {{everyone: {{}}}}\n"
    done = segment("run", files={"personas.yaml": rules})
    assert (
        dict(done.customers.select("customer_id", "monetary").sort("customer_id").iter_rows())
        == money
    )


WORTH = "id,customer_id,created_at,total\no1,c1,2026-01-02,12.00\no2,c2,2026-01-05,20.00\no3,c3,2026-01-09,7.00\n"
SKUS = "order_id,sku\no1,p1\no1,p2\no2,p1\no3,p3\n"
#: lines, of which the joined orders have the amount
OF_ORDERS = {
    "no amount": SKUS,
    "a price beside": ITEMS.replace("price", "unit_price").replace("pos", "quantity"),
}


@pytest.mark.parametrize("own", OF_ORDERS.values(), ids=OF_ORDERS)
def test_an_amount_that_is_joined_by_the_order_counts_once_per_order(
    segment: Segment, own: str
) -> None:
    files = {"rows.csv": own, "orders.csv": WORTH}
    assert segment("init", "--from", "rows.csv", "shop", files=files).exit_code == 0
    done = segment("run", "--config", "shop/personas.yaml")
    money = dict(done.customers.select("customer_id", "monetary").sort("customer_id").iter_rows())
    assert money == {"c1": 12, "c2": 20, "c3": 7}


def test_a_guessed_amount_that_is_joined_by_the_order_stops(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: {path: rows.csv, join: {path: orders.csv, key: {order_id: id}}}}\n"
        "personas: {everyone: {}}\n"
    )
    files = {"rows.csv": SKUS, "orders.csv": WORTH, "personas.yaml": rules}
    told = segment("run", files=files)
    said = "total is joined by order_id, and stands on all rows of 1 order of several rows"
    assert (told.exit_code, said in told.err) == (3, True), told.err


BACK = "id,customer_id,created_at,refunded_amount\no1,c1,2026-01-02,5\no2,c2,2026-01-05,0\no3,c3,2026-01-09,0\n"


@pytest.mark.deep
def test_what_was_paid_back_of_orders_is_not_taken_off_their_lines(segment: Segment) -> None:
    began = segment(
        "init", "--from", "rows.csv", "shop", files={"rows.csv": ITEMS, "orders.csv": BACK}
    )
    said = (
        "refunded_amount is joined by order_id: it was paid back of the whole order, and price is"
    )
    assert said in began.out, began.out
    assert "amount: price\n" in (began.folder / "shop/personas.yaml").read_text()
    rules = (
        "version: 1\nsources:\n  transactions:\n"
        "    - {path: rows.csv, join: {path: orders.csv, key: {order_id: id}}, columns: {amount: price}}\n"
        '    - {path: orders.csv, columns: {amount: "-refunded_amount"}}\n'
        "personas: {everyone: {}}\n"
    )
    done = segment("run", files={"personas.yaml": rules})
    money = dict(done.customers.select("customer_id", "monetary").sort("customer_id").iter_rows())
    assert money == {"c1": 10, "c2": 20, "c3": 7}


NO_DAY = "customer_id,order_id,amount\nc1,o1,5\nc2,o2,6\n"
#: the file, and one beside it that is not what it lacks
NOT_THAT: dict[str, tuple[str, str]] = {
    "several rows of one key": (ITEMS, ORDERS + "o1,c9,2026-01-03\n"),
    "few partners": (ITEMS, "order_id,customer_id,created_at\no3,c1,2026-01-02\nx,c2,2026-01-03\n"),
    "no partner": (ITEMS, ORDERS.replace("\no", "\nx")),
    "no column in common": (ITEMS, "bon,customer_id,created_at\no1,c1,2026-01-02\n"),
    "a day of the customer": (NO_DAY, "customer_id,created_at\nc1,2020-01-01\nc2,2021-01-01\n"),
    "the mail of a store": (
        "store_id,order_id,date,amount\ns1,o1,2026-01-02,5\ns2,o2,2026-01-03,6\n",
        "store_id,email\ns1,a@x.de\ns2,b@x.de\n",
    ),
    "no table": (ITEMS, "<html>"),
    "nothing": (ITEMS, ""),
}


@pytest.mark.parametrize(("own", "other"), NOT_THAT.values(), ids=NOT_THAT)
def test_what_is_not_that_is_not_joined(segment: Segment, own: str, other: str) -> None:
    told = segment("run", "rows.csv", files={"rows.csv": own, "orders.csv": other})
    assert told.exit_code == 3
    assert "from the same folder" not in told.err
    began = segment("init", "--from", "rows.csv", "shop")
    rules = (began.folder / "shop/personas.yaml").read_text()
    assert "orders.csv" not in rules


def test_orders_without_an_amount_are_led_to_their_lines(segment: Segment) -> None:
    told = segment("run", "orders.csv", files={"items.csv": ITEMS, "orders.csv": ORDERS})
    said = "items.csv has the lines of these orders, and price: start from it, segment init --from items.csv"
    assert (told.exit_code, said in told.err) == (3, True), told.err
    segment("init", "--from", "orders.csv", "shop")
    assert (
        "# items.csv has the lines of these orders"
        in (told.folder / "shop/personas.yaml").read_text()
    )


def test_rules_are_told_of_it_where_their_files_are(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: dump/rows.csv}\npersonas: {everyone: {}}\n"
    files = {
        "shop/personas.yaml": rules,
        "shop/dump/rows.csv": ITEMS,
        "shop/dump/orders.csv": ORDERS,
    }
    told = segment("run", "--config", "shop/personas.yaml", files=files)
    assert "join: {path: dump/orders.csv, key: order_id}" in told.err
