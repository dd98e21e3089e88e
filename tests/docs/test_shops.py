"""The table of shops: what it says to write gives its sums, and so does what a newcomer is told.

The sums are reckoned a second time by DuckDB from the same files, without the tool.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from doctools import pages, shop
from harness import Result, Segment
from pasting import EVERYONE

from segmentation.rules.yaml import loads
from segmentation.rules.yaml.flow import flow

_ROW = re.compile(
    r"^\| \[(.+)\]\(shops\.md#\S+\) \| `(.+)` \| (\d+) \| (\d+) \| ([\d,.]+) \| ([\d-]+) \|$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Sums:
    """What comes out: customers, the sum of their orders, of their money, and the last day."""

    customers: int
    orders: int
    money: Decimal
    as_of: date

    @classmethod
    def of(cls, done: Result) -> Sums:
        """Those of a run."""
        found = done.customers
        day = date.fromisoformat(done.manifest["as_of"])
        money = Decimal(str(found["monetary"].sum())).quantize(Decimal("0.01"))
        return cls(found.height, found["frequency"].sum(), money, day)


def rows() -> Iterator[tuple[str, str, Sums]]:
    """The rows of the table: the shop, what to write, and its sums."""
    for shop_, source, *sums in _ROW.findall((shop.REPO / "docs/inputs.md").read_text()):
        customers, orders, money, day = sums
        money = Decimal(money.replace(",", ""))
        yield shop_, source, Sums(int(customers), int(orders), money, date.fromisoformat(day))


TABLE = {name: (source, sums) for name, source, sums in rows()}
FILES = {name: (text, coding) for name, text, coding in pages.files_of("docs/shops.md")}

#: lines of what was bought or went back: customer, day, order, amount; reckoned without the tool
LINES = {
    "Shopify": """
        select lower(trim(Email)) who, substr("Created at"::text, 1, 10)::date as day, Name as what,
               Total::decimal(12, 2) - "Refunded Amount"::decimal(12, 2) as amount
        from 'shopify/orders_export.csv'
        where Total is not null and Email is not null and "Financial Status" in ('paid', 'partially_refunded')""",
    "WooCommerce": """
        select Customer who, Date::date as day, "Order #" what, "Net Sales"::decimal(12, 2) amount
        from 'woocommerce/orders.csv' where Status in ('completed', 'processing', 'on-hold')""",
    "Square": """
        select "Customer ID" who, Date::date as day, "Transaction ID" what,
               replace(replace("Net Sales", '$', ''), ',', '')::decimal(12, 2) amount
        from 'square/transactions.csv' where "Customer ID" is not null""",
    "Stripe": """
        select "Customer ID" who, "Created date (UTC)"::date as day, id what,
               Amount::decimal(12, 2) - "Amount Refunded"::decimal(12, 2) amount
        from 'stripe/unified_payments.csv' where Status = 'Paid'""",
    "Etsy": """
        select "Buyer User ID" who, strptime("Sale Date", '%m/%d/%y')::date as day, "Order ID" what,
               "Order Total"::decimal(12, 2) amount
        from read_csv('etsy/EtsySoldOrders2026-9.csv', all_varchar = true) where Status = 'Completed'""",
    "Amazon": """
        select "buyer-email" who, substr("purchase-date", 1, 10)::date as day, "amazon-order-id" what,
               "item-price"::decimal(12, 2) amount
        from read_csv('amazon/orders.txt', delim = '\t', quote = '', all_varchar = true)
        where "order-status" = 'Shipped'""",
    "Olist": """
        select customer_unique_id who, order_purchase_timestamp::date as day, order_id what, price::decimal(12, 2) amount
        from 'olist/olist_order_items_dataset.csv' join 'olist/olist_orders_dataset.csv' using (order_id)
        join 'olist/olist_customers_dataset.csv' using (customer_id) where order_status <> 'canceled'""",
    "dunnhumby": """
        select household_key who, date '2017-01-01' + DAY::int as day, BASKET_ID what, SALES_VALUE::decimal(12, 2) amount
        from 'dunnhumby/transaction_data.csv'""",
    "REES46": """
        select user_id who, substr(event_time::text, 1, 10)::date as day, user_session what, price::decimal(12, 2) amount
        from 'rees46/2019-Oct.csv' where event_type = 'purchase'""",
    "Online Retail": """
        select CustomerID who, strptime(InvoiceDate, '%m/%d/%Y %H:%M')::date as day, InvoiceNo what,
               Quantity::decimal(12, 2) * UnitPrice::decimal(12, 2) amount
        from read_csv('online_retail/online_retail.csv', all_varchar = true) where CustomerID is not null""",
    "Excel in German": """
        select Kundennummer who, strptime(Rechnungsdatum, '%d.%m.%Y')::date as day, Rechnungsnummer what,
               replace(replace(replace(Betrag, '.', ''), ',', '.'), ' €', '')::decimal(12, 2) amount
        from read_csv('excel/Umsatz.csv', delim = ';', skip = 1, header = true, all_varchar = true)""",
}
_SUMS = """
    with lines as ({}), buyers as (
        select who, count(distinct what) filter (amount > 0) orders, sum(amount) money from lines group by who)
    select count(*), sum(orders)::int, sum(money), (select max(day) from lines where amount <> 0)
    from buyers where orders > 0
"""


def test_the_table_has_eleven_shops() -> None:
    assert list(TABLE) == list(LINES)


@pytest.mark.parametrize("name", LINES)
def test_the_sums_are_those_that_duckdb_reckons(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, (text, _) in FILES.items():
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text(text)
    [found] = duckdb.sql(_SUMS.format(LINES[name])).fetchall()
    customers, orders, money, day = found
    assert Sums(customers, orders, Decimal(money).quantize(Decimal("0.01")), day) == TABLE[name][1]


def files() -> dict[str, bytes]:
    """The exports, each in the folder of its shop."""
    return {name: text.encode(coding) for name, (text, coding) in FILES.items()}


def first_file(name: str) -> str:
    """The file that a shop's row names, with its folder."""
    path = loads(TABLE[name][0], "").data["path"]
    return next(file for file in FILES if file.endswith(f"/{path}"))


@pytest.mark.parametrize("name", TABLE)
def test_what_the_table_says_to_write_gives_its_sums(segment: Segment, name: str) -> None:
    source, sums = TABLE[name]
    rules = f"version: 1\nsources: {{transactions: {source}}}\npersonas: {{everyone: {{}}}}\n"
    beside = {
        Path(file).name: text for file, text in files().items() if file.startswith(_folder(name))
    }
    done = segment("run", files={**beside, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert Sums.of(done) == sums


def _folder(name: str) -> str:
    return first_file(name).partition("/")[0] + "/"


#: who is not led to the sums by what is pasted: what is said to do
NO_PASTE = {
    "Olist": "No option says it; segment init --from olist/olist_order_items_dataset.csv writes rules",
    "dunnhumby": "No option says it; segment init --from dunnhumby/transaction_data.csv writes rules",
}


@pytest.mark.parametrize("name", TABLE)
def test_who_has_written_nothing_pastes_at_most_once(segment: Segment, name: str) -> None:
    done = segment("run", first_file(name), files={**files(), "personas.yaml": EVERYONE})
    if done.exit_code == 3 and name not in NO_PASTE:
        pasted = done.tried
        assert len({*pasted}) == 1, done.err
        done = segment(*shlex.split(pasted[0]))
    if name in NO_PASTE:
        assert (done.exit_code, NO_PASTE[name] in done.err) == (3, True), done.err
    else:
        assert (done.exit_code, Sums.of(done)) == (0, TABLE[name][1]), done.err


@pytest.mark.parametrize("name", TABLE)
def test_rules_that_are_written_for_a_shop_give_its_sums(segment: Segment, name: str) -> None:
    assert segment("init", "--from", first_file(name), files=files()).exit_code == 0
    assert segment("validate", "--strict").exit_code == 0
    done = segment("run")
    assert (done.exit_code, Sums.of(done)) == (0, TABLE[name][1]), done.err


def test_what_is_on_the_page_of_shops_is_what_the_table_says() -> None:
    """Olist's rules are on both: all but the folder is the same."""
    text, _ = FILES["olist.yaml"]
    [source] = [loads(text.replace("path: olist/", "path: "), "").data["sources"]["transactions"]]
    assert flow(source) == flow(loads(TABLE["Olist"][0], "").data)
