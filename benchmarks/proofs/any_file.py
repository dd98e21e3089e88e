"""A file of orders in any spelling gives the sums that went in, or the run stops; never a third thing.

Each trial writes invented orders with one delimiter, encoding, packing, number format, date format and
kind of ids, and perhaps one defect: a format that changes on the way, another currency, cells of nothing, lines of another
width. What comes out is held against what went in: customers, orders, spend, first and last day.
"""

from __future__ import annotations

import gzip
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from proof import Proof, main

import segmentation as sg
from segmentation.messages.errors import SegmentationError

ONE = Decimal("0.01")
FEED = 100  # rows of a file of which a hundredth may be rejected


@dataclass(frozen=True)
class Order:
    """One line of an order: whose, which, when, how much."""

    customer: str
    number: str
    moment: datetime
    amount: Decimal


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    delimiter: str
    encoding: str
    packs: bool
    decimal: str
    thousands: str
    currency: tuple[str, str]
    negative: str
    form: str
    header: tuple[str, str, str, str]


FORMS = (
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%m/%d/%Y %I:%M %p",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%Y%m%d",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%s",
    "%a, %d %b %Y %H:%M:%S +0000",
)
HEADERS = (
    ("customer_id", "order_id", "ordered_at", "amount"),
    ("Customer ID", "Order ID", "Order Date", "Total"),
    ("CustomerNo", "InvoiceNo", "InvoiceDate", "Net Amount"),
    ("client", "receipt", "date", "line total"),
)
IDS: Sequence[Callable[[int], str]] = (
    str,
    lambda n: f"C{n:05}",
    lambda n: f"00{n}",
    lambda n: f"user{n}@example.org",
    lambda n: f"{n * 7919:032x}",
)


def prove(n: int, seed: int) -> Proof:
    """Of n files each gives the sums that went in, or stops."""
    draw, wrong, ends = random.Random(seed), [], Counter[str]()
    for number in range(n):
        orders, style = _orders(draw), _style(draw)
        defect = draw.choice((None, None, *DEFECTS))
        cells = [_cells(order, style) for order in orders]
        if defect is not None:
            cells, orders = defect(draw, cells, orders, style)
        end = _end(cells, orders, style)
        ends[end.split(":")[0]] += 1
        if end.startswith("wrong"):
            called = "" if defect is None else defect.__name__
            wrong.append(f"trial {number} {called} {style}: {end}; {cells[:3]}")
    return Proof(n, wrong, dict(ends))


def _orders(draw: random.Random) -> list[Order]:
    make, many = draw.choice(IDS), draw.choice((3, 30, 300, 2500))
    start, people = datetime(2023, 1, 1), max(many // 4, 2)
    orders = []
    for number in range(many):
        moment = start + timedelta(minutes=draw.randrange(60 * 24 * 700))
        size = draw.choice((10, 100, 5000, 250000))
        amount = (Decimal(draw.randrange(1, size * 100)) / 100).quantize(ONE)
        amount = -amount if draw.random() < 0.05 else amount
        whole = draw.random() < 0.3
        amount = amount.quantize(Decimal(1)).quantize(ONE) if whole and abs(amount) >= 1 else amount
        orders.append(Order(make(draw.randrange(1, people + 1)), f"o{number}", moment, amount))
    return orders


def _style(draw: random.Random) -> Style:
    decimal = draw.choice((".", ","))
    groups = [sign for sign in ("", ",", ".", "'", " ", "\u00a0") if sign != decimal]
    return Style(
        delimiter=draw.choice((",", ";", "\t", "|")),
        encoding=draw.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16")),
        packs=draw.random() < 0.2,
        decimal=decimal,
        thousands=draw.choice(groups),
        currency=draw.choice(
            (("", ""), ("", ""), ("$", ""), ("", " €"), ("EUR ", ""), ("", " kr"))
        ),
        negative=draw.choice(("-{}", "({})", "{}-", "\u2212{}")),
        form=draw.choice(FORMS),
        header=draw.choice(HEADERS),
    )


def _cells(order: Order, style: Style) -> list[str]:
    number = f"{abs(order.amount):,.2f}".translate(
        str.maketrans({",": style.thousands, ".": style.decimal})
    )
    money = f"{style.currency[0]}{number}{style.currency[1]}"
    money = style.negative.format(money) if order.amount < 0 else money
    moment = order.moment
    day = (
        str(int((moment - datetime(1970, 1, 1)).total_seconds()))
        if style.form == "%s"
        else moment.strftime(style.form)
    )
    return [order.customer, order.number, day, money]


def _end(cells: Sequence[Sequence[str]], orders: Sequence[Order], style: Style) -> str:
    """How reading a file ends: right, stopped, or wrong and how."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [style.header, *cells]
        text = "".join(
            style.delimiter.join(_quoted(c, style.delimiter) for c in line) + "\n" for line in lines
        )
        raw = text.encode(style.encoding)
        Path(folder, "t.csv").write_bytes(gzip.compress(raw) if style.packs else raw)
        rules = Path(folder, "personas.yaml")
        rules.write_text(
            "version: 1\nbase: everyone\nsources: {transactions: t.csv}\n"
            "columns: [frequency, monetary, first_order_on, last_order_on]\n"
        )
        try:
            found = sg.run(rules, as_of="2025-12-31", today="2026-01-01")
        except SegmentationError:
            return "stopped"
    rejected = found.outcome.rejected.height
    if len(orders) >= FEED and 0 < rejected <= len(orders) / 100:
        return "allowed: so few rows may be rejected, and are told"
    return _compared(found.customers, orders, rejected)


def _quoted(cell: str, delimiter: str) -> str:
    return f'"{cell}"' if delimiter in cell or '"' in cell else cell


def _compared(customers: object, orders: Sequence[Order], rejected: int) -> str:
    spend: Counter[str] = Counter()
    for order in orders:
        spend[order.customer.lower() if "@" in order.customer else order.customer] += int(
            order.amount * 100
        )
    rows = customers.select("customer_id", "monetary").iter_rows()  # type: ignore[attr-defined]
    found = {str(one): int(Decimal(str(money)) * 100) for one, money in rows}
    if found == dict(spend):
        return "right"
    lost = {k: (spend[k], found.get(k)) for k in spend if spend[k] != found.get(k)}
    return f"wrong: {len(lost)} customers, {rejected} rejected, {dict(list(lost.items())[:2])}"


# -- defects --------------------------------------------------------------------------------------

Rows = tuple[list[list[str]], list[Order]]


def other_signs(
    draw: random.Random, cells: list[list[str]], orders: list[Order], style: Style
) -> Rows:
    """From some row on numbers are written with the other decimal sign."""
    swapped = {",": ".", ".": ","}
    other = replace(
        style,
        decimal=swapped[style.decimal],
        thousands=swapped.get(style.thousands, style.thousands),
    )
    at = draw.randrange(len(cells))
    return [*cells[:at], *(_cells(order, other) for order in orders[at:])], orders


def other_days(
    draw: random.Random, cells: list[list[str]], orders: list[Order], style: Style
) -> Rows:
    """From some row on days are written in another format."""
    other = replace(style, form=draw.choice(FORMS))
    at = draw.randrange(len(cells))
    return [*cells[:at], *(_cells(order, other) for order in orders[at:])], orders


def other_money(
    draw: random.Random, cells: list[list[str]], orders: list[Order], style: Style
) -> Rows:
    """From some row on money is of another currency: there is no right sum."""
    other = replace(style, currency=("£", ""))
    at = draw.randrange(1, len(cells))
    changed = [*cells[:at], *(_cells(order, other) for order in orders[at:])]
    return changed, orders if not any(style.currency) else [
        replace(o, amount=o.amount + 10**9) for o in orders
    ]


def nobody(draw: random.Random, cells: list[list[str]], orders: list[Order], style: Style) -> Rows:
    """Some rows are of nobody: they are set aside."""
    word = draw.choice(("NULL", "", "nan", "N/A", " ", "\\N"))
    gone = {i for i in range(len(cells)) if draw.random() < 0.2}
    changed = [[word, *line[1:]] if i in gone else line for i, line in enumerate(cells)]
    return changed, [order for i, order in enumerate(orders) if i not in gone]


DEFECTS = (other_signs, other_days, other_money, nobody)


if __name__ == "__main__":
    main(prove, n=2000, what="files")
