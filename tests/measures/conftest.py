"""A shop at the edges, for the oracles: ties, exact limits, ids with gaps, and grains that are missing."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

AS_OF = datetime.fromisoformat("2026-11-20")
#: how many days ago things happen: at the bounds of the oracles' windows, one before and one after
AGO = (0, 1, 2, 4, 5, 6, 7, 8, 9, 13, 14, 19, 20, 29, 30, 31, 39, 40, 44, 45, 46, 49, 50, 89, 90, 91, 92,
       183, 184, 185, 364, 365, 366, 400)  # fmt: skip
TIMES = ("00:00:00", "11:59:59", "12:00:00", "12:00:01", "23:59:59")
IDS = (
    "7",
    "007",
    "0",
    "00",
    "0042",
    "42",
    "42x",
    "9" * 20,
    "x 1",
    "ÿ",
    *(f"c{i}" for i in range(1, 60, 3)),
)
PRODUCTS = ("p1", "p2", "01", "1", "p5", "p6", "")  # p6 and the blank one are in no catalogue
HOME, FOOT = "Home", "Footwear"
CATALOGUE = (
    ("p1", FOOT, "running-latest", "2026-10-21", "20"),
    ("p2", HOME, "autumn-26", "2026-09-01", "60"),
    ("01", "", "running-latest", "2026-08-31", "60.01"),
    ("1", "Men", "", "", "0.0001"),
    ("p5", FOOT, "autumn-26", "2026-11-20", ""),
)
SENT = ("Valentine 2026", "Buy Your Loved Ones", "Loved")


@pytest.fixture(scope="session")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of the sample data, of 30 customers who do everything on few days.

    Moments, amounts and products repeat, so that ties are the rule. One customer only returned, one
    ordered once, one did nothing but browse.
    """
    draw, folder = random.Random(26), tmp_path_factory.mktemp("edges")

    def moment() -> str:
        day = AS_OF - timedelta(draw.choice(AGO))
        return f"{day:%Y-%m-%d}T{draw.choice(TIMES)}"

    def rows(many: int, *more: Sequence[str]) -> list[tuple[str, ...]]:
        return [(draw.choice(IDS[2:]), moment(), *map(draw.choice, more)) for _ in range(many)]

    lines = [
        (who, draw.choice(("1", "01", "x9", "", "77")), at, product, units, "10", discount, amount)
        for who, at, product, units, discount, amount in rows(
            420,
            PRODUCTS,
            ("1", "2", "1", "3"),
            ("0", "0", "5"),
            ("10", "10", "10.01", "0", "-10", "-4", "20"),
        )
    ]
    lines += [(IDS[0], "r1", f"{AS_OF:%Y-%m-%d}T12:00:00", "p1", "1", "10", "0", "-10")]
    lines += [(IDS[1], "o1", f"{AS_OF:%Y-%m-%d}T23:59:59", "p2", "1", "10", "0", "10")]
    browsed = [
        (*row, draw.choice(PRODUCTS) if row[2] == "browse" else "")
        for row in rows(700, ("browse", "browse", "login"))
    ]
    browsed += [("browser", f"{AS_OF:%Y-%m-%d}T00:00:00", "browse", "p1")]
    tables = {
        "transactions": (
            "customer_id,order_id,ordered_at,product_id,quantity,unit_price,discount,amount",
            lines,
        ),
        "products": ("product_id,department,collection,launched_at,cost", CATALOGUE),
        "browse": ("customer_id,occurred_at,event,product_id", browsed),
        "campaign_sends": ("customer_id,occurred_at,campaign", rows(300, SENT)),
        "campaign_responses": ("customer_id,occurred_at,campaign", rows(200, SENT)),
        "complaints": ("customer_id,occurred_at", rows(60)),
        "customers": ("customer_id", [(one,) for one in (*IDS, "nobody")]),
    }
    for name, (header, table) in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header.split(","), *table])
    return folder
