"""What one customer of an archetype buys and sends back in two years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cast import Archetype, Band
from dice import Dice
from shop import (
    DEPARTMENTS,
    Product,
    day,
    days_since,
    is_sale,
    moment,
    new_arrivals,
    shelf,
    shopping_day,
)

ATTEMPTS = 5000  # draws of one customer's orders before the bands are called impossible
QUANTITIES = (1,) * 16 + (2, 2, 2, 3)
DISCOUNT_PERCENTS = (10, 15, 20, 20, 25, 30, 40, 50)
FAVOURITE = 5  # times as likely as for the shop as a whole


class Line(NamedTuple):
    """One product of one order; a returned line has a negative quantity and no discount."""

    product: Product
    quantity: int
    unit_price_cents: int
    unit_discount_cents: int

    @property
    def amount_cents(self) -> int:
        return self.quantity * (self.unit_price_cents - self.unit_discount_cents)

    def sent_back(self) -> Line:
        """The return of the whole line: what was paid is paid back."""
        paid_cents = self.unit_price_cents - self.unit_discount_cents
        return Line(self.product, -self.quantity, paid_cents, 0)


class Order(NamedTuple):
    ordered_at: datetime
    lines: tuple[Line, ...]

    @property
    def days_ago(self) -> int:
        return days_since(self.ordered_at.date())


def history(dice: Dice, archetype: Archetype) -> list[Order]:
    """All orders and returns in time order, drawn until the archetype's bands are met."""
    likes = tastes(dice, archetype)
    for _ in range(ATTEMPTS):
        bought = [order(dice, archetype, likes, ago) for ago in order_days(dice, archetype)]
        returned = list(returns(dice, archetype, bought))
        if fits(bought, returned, archetype.bands):
            return sorted(bought + returned)
    raise RuntimeError(f"{archetype.name}: {ATTEMPTS} draws, none within {archetype.bands}")


def tastes(dice: Dice, archetype: Archetype) -> Mapping[str, float]:
    """The archetype's own, or the shop's with one or two favourites."""
    if archetype.tastes:
        return archetype.tastes
    weights = {name: department.weight for name, department in DEPARTMENTS.items()}
    favourites = dice.weighted(weights), dice.weighted(weights)
    return {name: x * (FAVOURITE if name in favourites else 1) for name, x in weights.items()}


def order_days(dice: Dice, archetype: Archetype) -> list[int]:
    """The days (in days ago) on which the customer orders."""
    count = dice.mostly_low(archetype.orders)
    if count == 0:
        return []
    last = shopping_day(dice, archetype.last_order)
    if count == 1:
        return [last]
    first = shopping_day(dice, (max(last, archetype.first_order[0]), archetype.first_order[1]))
    between = [shopping_day(dice, (last, first)) for _ in range(count - 2)]
    away = range(archetype.away[0], archetype.away[1] + 1) if archetype.away else ()
    return [last, *(ago for ago in between if ago not in away), first]


def order(dice: Dice, archetype: Archetype, likes: Mapping[str, float], days_ago: int) -> Order:
    wanted = dice.mostly_low(archetype.lines)
    products = dict.fromkeys(choice(dice, archetype, likes, days_ago) for _ in range(wanted))
    lines = tuple(bought_line(dice, archetype, product, days_ago) for product in products)
    return Order(moment(dice, days_ago), lines)


def choice(dice: Dice, archetype: Archetype, likes: Mapping[str, float], days_ago: int) -> Product:
    fresh = [p for p in new_arrivals(days_ago) if p.department in likes]
    if fresh and dice.chance(archetype.new_arrivals):
        return dice.pick(fresh)
    return dice.pick(shelf(dice.weighted(likes), days_ago))


def bought_line(dice: Dice, archetype: Archetype, product: Product, days_ago: int) -> Line:
    chance = min(0.95, archetype.discounted * (1.6 if is_sale(day(days_ago)) else 1))
    percent = dice.pick(DISCOUNT_PERCENTS) if dice.chance(chance) else 0
    price_cents = product.price_cents
    return Line(product, dice.pick(QUANTITIES), price_cents, price_cents * percent // 100)


def returns(dice: Dice, archetype: Archetype, orders: Sequence[Order]) -> Iterator[Order]:
    """Lines sent back some days later, as an order of their own."""
    for bought in orders:
        back = bought.days_ago - dice.between((4, 25))
        lines = tuple(x.sent_back() for x in bought.lines if dice.chance(archetype.returned))
        if lines and back >= 0:
            yield Order(moment(dice, back), lines)


def fits(bought: Sequence[Order], returned: Sequence[Order], bands: Mapping[str, Band]) -> bool:
    found = figures(bought, returned) if bands else {}
    return all(low <= found[name] <= high for name, (low, high) in bands.items())


def figures(bought: Sequence[Order], returned: Sequence[Order]) -> dict[str, float]:
    """What bands can bind; shares are over what was bought, spend is net of returns."""
    lines = [(line, order.days_ago) for order in bought for line in order.lines]
    units = sum(x.quantity for x, _ in lines)
    spend_cents = sum(x.amount_cents for x, _ in lines)
    men_cents = sum(x.amount_cents for x, _ in lines if x.product.department == "Men")
    refunds_cents = sum(x.amount_cents for order in returned for x in order.lines)
    footwear = [any(x.product.department == "Footwear" for x in order.lines) for order in bought]
    return {
        "spend": (spend_cents + refunds_cents) / 100,
        "footwear_orders": sum(footwear) / len(bought),
        "men_spend": men_cents / spend_cents,
        "discounted": sum(x.quantity for x, _ in lines if x.unit_discount_cents) / units,
        "new_arrivals": sum(x.quantity for x, ago in lines if x.product.is_new(ago)) / units,
        "departments": len({x.product.department for x, _ in lines}),
        "running_latest": sum(x.product.collection == "running-latest" for x, _ in lines),
    }
