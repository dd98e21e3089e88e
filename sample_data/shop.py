"""The invented shop: its calendar and what stands on its shelves on a day.

Days are counted back from AS_OF, the last day of the data: 0 is that day, 729 the first one.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from dice import Dice, Span

SEED = "2026-11-20"
AS_OF = date(2026, 11, 20)
DAYS_OF_HISTORY = 730
NEW_ARRIVAL_DAYS = 30
SHELF_LIFE_DAYS = 365  # a seasonal product leaves the shelf after a year; `core` never does


class Department(NamedTuple):
    weight: float  # of 100 lines
    price: Span  # whole currency units
    cost_percent: Span
    nouns: tuple[str, ...]


DEPARTMENTS = {
    "Women": Department(24, (25, 120), (38, 52), ("Blouse", "Dress", "Skirt", "Cardigan")),
    "Men": Department(18, (25, 110), (38, 52), ("Shirt", "Chino", "Sweater", "Blazer")),
    "Footwear": Department(15, (50, 160), (48, 62), ("Sneaker", "Boot", "Loafer", "Sandal")),
    "Kids": Department(10, (12, 50), (42, 56), ("Hoodie", "Romper", "Pyjamas", "Raincoat")),
    "Home": Department(10, (10, 90), (40, 60), ("Lamp", "Throw", "Vase", "Cushion")),
    "Beauty": Department(9, (8, 55), (15, 28), ("Serum", "Lipstick", "Balm", "Perfume")),
    "Accessories": Department(8, (12, 80), (20, 35), ("Scarf", "Belt", "Tote", "Beanie")),
    "Outdoor": Department(6, (40, 190), (50, 65), ("Parka", "Tent", "Backpack", "Fleece")),
}
STYLES = ("Nordic", "Alpine", "Coastal", "Urban", "Classic", "Meadow", "Harbour", "Lumen")
SEASONAL = (*DEPARTMENTS, "Women", "Men", "Footwear", "Accessories")
COLLECTIONS = (  # name, first launch, last launch, one product for each department named
    ("core", date(2022, 3, 1), date(2024, 6, 30), (*DEPARTMENTS,) * 6),
    ("winter-24", date(2024, 11, 15), date(2025, 2, 8), SEASONAL),
    ("spring-25", date(2025, 2, 13), date(2025, 5, 9), SEASONAL),
    ("running-25", date(2025, 3, 20), date(2025, 4, 20), ("Footwear",) * 3),
    ("summer-25", date(2025, 5, 14), date(2025, 8, 10), SEASONAL),
    ("autumn-25", date(2025, 8, 15), date(2025, 11, 11), SEASONAL),
    ("winter-25", date(2025, 11, 15), date(2026, 2, 8), SEASONAL),
    ("spring-26", date(2026, 2, 13), date(2026, 5, 9), SEASONAL),
    ("summer-26", date(2026, 5, 14), date(2026, 8, 10), SEASONAL),
    ("autumn-26", date(2026, 8, 15), date(2026, 11, 11), SEASONAL),
    ("running-latest", date(2026, 10, 11), date(2026, 10, 15), ("Footwear",) * 5),
)
LATEST = ("autumn-26", "running-latest")

HIGH_SEASONS = (  # from, to (month, day), demand relative to an ordinary day
    ((2, 5), (2, 14), 1.9),
    ((11, 1), (11, 21), 1.7),
    ((11, 22), (12, 1), 3.0),
    ((12, 2), (12, 22), 2.2),
)
SALES = (((1, 1), (1, 31)), ((7, 1), (7, 31)), ((11, 22), (12, 1)))
YEARLY_GROWTH = 0.4


def day(days_ago: int) -> date:
    return AS_OF - timedelta(days=days_ago)


def days_since(past: date) -> int:
    return (AS_OF - past).days


def is_sale(on: date) -> bool:
    return any(start <= (on.month, on.day) <= end for start, end in SALES)


def demand(on: date) -> float:
    """How busy a day is; 1 is a working day out of season two years ago."""
    season = next((x for start, end, x in HIGH_SEASONS if start <= (on.month, on.day) <= end), 1.0)
    growth = 1 + YEARLY_GROWTH * (DAYS_OF_HISTORY - days_since(on)) / 365
    return season * growth * (1.25 if on.weekday() >= 5 else 1.0)


DEMAND_SINCE = [0.0, *accumulate(demand(day(ago)) for ago in range(DAYS_OF_HISTORY))]


def shopping_day(dice: Dice, span: Span) -> int:
    """A day of the span (in days ago), busy days more often."""
    near, far = DEMAND_SINCE[span[0]], DEMAND_SINCE[span[1] + 1]
    return bisect_right(DEMAND_SINCE, near + dice.roll() * (far - near)) - 1


def moment(dice: Dice, days_ago: int) -> datetime:
    """A minute of that day, far enough from midnight to be that day in all of Europe."""
    return datetime.combine(day(days_ago), time(dice.between((7, 20)), dice.between((0, 59))))


class Product(NamedTuple):
    product_id: str
    department: str
    collection: str
    launched_at: date
    price_cents: int
    cost_cents: int
    name: str

    def is_on_sale(self, days_ago: int) -> bool:
        age = days_since(self.launched_at) - days_ago
        return age >= 0 and (self.collection == "core" or age <= SHELF_LIFE_DAYS)

    def is_new(self, days_ago: int) -> bool:
        return 0 <= days_since(self.launched_at) - days_ago <= NEW_ARRIVAL_DAYS


@cache
def assortment() -> tuple[Product, ...]:
    """All products; those of a collection are launched one after the other."""
    dice = Dice(f"{SEED} products")
    names = {
        name: dice.shuffled(f"{style} {noun}" for style in STYLES for noun in department.nouns)
        for name, department in DEPARTMENTS.items()
    }
    runners = [f"{style} Runner" for style in STYLES]
    products: list[Product] = []
    for collection, first, last, departments in COLLECTIONS:
        for place, department in enumerate(dice.shuffled(departments)):
            stock = runners if collection.startswith("running") else names[department]
            products.append(
                Product(
                    f"P{len(products) + 1:04}",
                    department,
                    collection,
                    first + (last - first) * place // (len(departments) - 1),
                    *price_and_cost_cents(dice, DEPARTMENTS[department]),
                    name=stock.pop(),
                )
            )
    return tuple(products)


def price_and_cost_cents(dice: Dice, department: Department) -> tuple[int, int]:
    """List price, ending in .90 as in shops, and cost of one piece."""
    price_cents = dice.between(department.price) * 100 + 90
    return price_cents, price_cents * dice.between(department.cost_percent) // 100


@cache
def shelf(department: str, days_ago: int) -> tuple[Product, ...]:
    """What can be bought from the department on that day."""
    return tuple(p for p in assortment() if p.department == department and p.is_on_sale(days_ago))


@cache
def new_arrivals(days_ago: int) -> tuple[Product, ...]:
    return tuple(p for p in assortment() if p.is_new(days_ago))


@cache
def window(collection: str, days_ago: int) -> tuple[Product, ...]:
    """What can be looked at that day: of the collection or, for "", of all but LATEST."""
    on_sale = [p for p in assortment() if p.is_on_sale(days_ago)]
    if collection:
        return tuple(p for p in on_sale if p.collection == collection)
    return tuple(p for p in on_sale if p.collection not in LATEST)
