"""An id of a feed that only looks like a customer's stops the run: nobody is published whom it may mean."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import HEAD, Scenario, held, table

#: the id of an order, that of an event, and how they differ
ALIKE = {
    "an en dash": ("A-1", "A–1", "another kind of hyphen (1)"),
    "a hyphen that does not break": ("A-1", "A\u20111", "another kind of hyphen (1)"),
    "a minus": ("A-1", "A\u22121", "another kind of hyphen (1)"),
    "a hyphen in an address": ("a-b@x.com", "a–b@x.com", "another kind of hyphen (1)"),
    "an underscore": ("A-1", "A_1", "signs around or inside (1)"),
    "a dot for a slash": ("A/1", "A.1", "signs around or inside (1)"),
    "a name before an address": ("ann@x.com", "Ann <ann@x.com>", "a name or another id beside it"),
    "a name behind it": ("ann@x.com", "ann@x.com (Ann)", "a name or another id beside it"),
    "two addresses": ("ann@x.com", "ann@x.com;b@x.com", "a name or another id beside it"),
    "a resource": ("17", "gid://shopify/Customer/17", "a name or another id beside it"),
    "a page": ("17", "https://shop.example/customers/17", "a name or another id beside it"),
    "a page of the order": ("https://shop.example/customers/17", "17", "another id beside it"),
    "zeros before a letter": ("A7", "00A7", "leading zeros (1)"),
    "two ids": ("1", '"1,2"', "a name or another id beside it"),
    "two ids with a word between": ("1", "1 and 2", "a name or another id beside it"),
    "two ids in German": ("C1", "C1 und C2", "a name or another id beside it"),
}
OTHERS = {
    "another number": ("A-1", "A-2"),
    "an underscore in an address": ("a_b@x.com", "a-b@x.com"),
    "signs elsewhere": ("1-23", "12-4"),
    "another address": ("ann@x.com", "bob@x.com;b@x.com"),
    "another page": ("17", "https://shop.example/customers/18"),
    "a name": ("Ann", "Ann Lee"),
}


def feed(own: str, other: str) -> Scenario:
    orders = f"customer_id,ordered_at,amount\n{own},2026-03-10,5\nZ9,2026-03-10,5\n"
    rows = table(HEAD, f"{other},2026-03-01", "Z9,2026-03-01")
    return Scenario("{did: complaint}", {"e.csv": rows}, orders=orders, everybody=(own, "Z9"))


@pytest.mark.parametrize(("own", "other", "said"), ALIKE.values(), ids=ALIKE)
def test_an_id_that_looks_like_a_customers_stops_the_run(
    segment: Segment, own: str, other: str, said: str
) -> None:
    done = segment("run", files=feed(own, other).written())
    assert (done.exit_code, said in done.err) == (3, True), done.err
    held(segment, feed(own, other))


@pytest.mark.parametrize(("own", "other"), OTHERS.values(), ids=OTHERS)
def test_another_id_is_another_customer(segment: Segment, own: str, other: str) -> None:
    done = segment("run", files=feed(own, other).written())
    assert (done.exit_code, done.ids("p")) == (0, [own]), done.err


def test_a_product_whose_id_has_another_hyphen_stops_the_run(segment: Segment) -> None:
    recalled = "{did: {event: purchase, where: {collection: recall}}}"
    files = {"p.csv": "product_id,collection\nS-7,recall\nS-8,x\n"}
    orders = "customer_id,ordered_at,amount,product_id\n1,2026-03-10,5,S–7\n2,2026-03-10,5,S-8\n"
    held(segment, Scenario(recalled, files, events="", products="p.csv", orders=orders))
