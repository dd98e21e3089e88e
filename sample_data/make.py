"""Two years of an invented shop, up to 2026-11-20: `python sample_data/make.py` rewrites the CSVs.

The shop sells clothes, shoes and things for the home in ten countries. A third of its buyers
came once, a few hundred come back every month, and November pays for the year. Into that crowd
three groups are planted (`cast.py`): lapsed shoe buyers, who spent a lot, went away and are
looking at the new running shoes this week; gift givers, women who buy menswear at a discount
and answered "Buy Your Loved Ones"; early adopters, who buy what has just been launched.

`shop.py` says what is sold and when, `orders.py` lets one customer buy, this file adds what
they do besides and writes the tables. The bytes depend on nothing but `shop.SEED`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from cast import ARCHETYPES, LOVED_ONES, Archetype
from dice import Dice
from orders import Order, history
from shop import DAYS_OF_HISTORY, LATEST, SEED, assortment, day, moment, window

Row = Sequence[object]

CITIES = {  # NO is Norway: the country that careless YAML reads as false
    "DE": ("Berlin", "München", "Köln", "Hamburg"),
    "GB": ("London", "Leeds", "Bristol"),
    "FR": ("Paris", "Orléans", "Lyon"),
    "PL": ("Kraków", "Łódź", "Gdańsk"),
    "SE": ("Malmö", "Göteborg", "Stockholm"),
    "NL": ("Utrecht", "Rotterdam"),
    "CH": ("Zürich", "Genève"),
    "ES": ("Málaga", "A Coruña"),
    "AT": ("Wien", "Graz"),
    "NO": ("Tromsø", "Oslo"),
}
COUNTRY_WEIGHTS = dict(zip(CITIES, (26, 18, 12, 11, 9, 7, 6, 5, 4, 2), strict=True))
GENDER_WEIGHTS = {"female": 54, "male": 36, "": 10}
FIRST_NAMES = {
    "female": ("anna", "julia", "maria", "emma", "sofia", "ines"),
    "male": ("jan", "paul", "erik", "luca", "omar", "tom"),
    "": ("kim", "robin", "alex", "sam"),
}
MAIL_DOMAINS = ("example.com", "example.org")  # reserved: nobody can be written to by accident
CAMPAIGNS = {
    "Buy Your Loved Ones 2025": date(2025, 11, 6),
    "Valentine 2026": date(2026, 2, 2),
    "Summer Sale 2026": date(2026, 6, 29),
    "Autumn Preview 2026": date(2026, 8, 17),
    LOVED_ONES: date(2026, 11, 5),
}
CLUB_SHARE = 0.08
CLUB_YEAR_ENDS = ((1, 30), (31, 365), (31, 365), (31, 365), (-40, 0))  # days ahead, equally likely


class Customer(NamedTuple):
    customer_id: str
    gender: str
    country: str
    city: str
    email: str
    consent_email: bool
    subscription_ends_on: date | None
    archetype: Archetype
    orders: Sequence[Order]

    @property
    def joined_on(self) -> date:
        return self.orders[0].ordered_at.date() if self.orders else day(DAYS_OF_HISTORY)


def population() -> list[Customer]:
    """The whole cast in mixed order, so that no id tells the archetype."""
    dice = Dice(f"{SEED} customers")
    cast = dice.shuffled(kind for kind in ARCHETYPES for _ in range(kind.customers))
    return [customer(dice, number, archetype) for number, archetype in enumerate(cast, start=1)]


def customer(dice: Dice, number: int, archetype: Archetype) -> Customer:
    gender = dice.weighted(GENDER_WEIGHTS) if archetype.gender is None else archetype.gender
    country = dice.weighted(COUNTRY_WEIGHTS)
    return Customer(
        customer_id=f"C{number:05}",
        gender=gender,
        country=country,
        city=dice.pick(CITIES[country]),
        email=f"{dice.pick(FIRST_NAMES[gender])}{number}@{dice.pick(MAIL_DOMAINS)}",
        consent_email=dice.chance(0.8),
        subscription_ends_on=club_year_end(dice) if dice.chance(CLUB_SHARE) else None,
        archetype=archetype,
        orders=history(dice, archetype),
    )


def club_year_end(dice: Dice) -> date:
    return day(-dice.between(dice.pick(CLUB_YEAR_ENDS)))


# --- what customers do besides buying -------------------------------------------------------


def visits(dice: Dice, who: Customer) -> Iterator[Row]:
    """Rows of browse.csv: what the archetype does and, of the engaged, whatever they fancy."""
    for visit in who.archetype.visits:
        for _ in range(dice.between((1, 3))):
            yield visit_row(dice, who, visit.event, dice.between(visit.days_ago), visit.collection)
    if dice.chance(who.archetype.engaged):
        for _ in range(dice.mostly_low((1, 8))):
            yield from session(dice, who, dice.between((0, 59)))


def session(dice: Dice, who: Customer, days_ago: int) -> Iterator[Row]:
    if dice.chance(0.6):
        yield visit_row(dice, who, "login", days_ago)
    for _ in range(dice.mostly_low((0, 4))):
        fancied = dice.pick(("", "", "", *LATEST))
        is_launched = bool(window(fancied, days_ago))
        yield visit_row(dice, who, "browse", days_ago, fancied if is_launched else "")


def visit_row(dice: Dice, who: Customer, event: str, days_ago: int, collection: str = "") -> Row:
    seen = dice.pick(window(collection, days_ago)).product_id if event == "browse" else ""
    return who.customer_id, minute(moment(dice, days_ago)), event, seen


class Mailing(NamedTuple):
    customer_id: str
    campaign: str
    sent_at: datetime
    answered_at: datetime | None


def mailings(dice: Dice, who: Customer) -> Iterator[Mailing]:
    """The campaigns sent to the customer; a few of them have withdrawn their consent since."""
    for campaign, sent_on in CAMPAIGNS.items():
        answers = campaign == who.archetype.answers
        is_reached = who.joined_on < sent_on and dice.chance(0.4 if who.consent_email else 0.05)
        if is_reached or answers:
            sent_at = datetime.combine(sent_on, time(9))
            answers = answers or dice.chance(who.archetype.engaged / 4)
            answered_at = sent_at + answer_delay(dice) if answers else None
            yield Mailing(who.customer_id, campaign, sent_at, answered_at)


def answer_delay(dice: Dice) -> timedelta:
    """Most answer within days, some in the second week."""
    return timedelta(days=dice.mostly_low((0, 12)), minutes=dice.between((5, 600)))


def complaints(dice: Dice, who: Customer) -> Iterator[Row]:
    if who.orders and dice.chance(who.archetype.complains):
        yield who.customer_id, minute(moment(dice, dice.mostly_low((0, 120))))


# --- tables ---------------------------------------------------------------------------------


def minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def money(cents: int) -> str:
    return f"{cents / 100:.2f}" if cents else "0"


def product_rows() -> Iterator[Row]:
    for p in assortment():
        cost = money(p.cost_cents)
        yield p.product_id, p.department, p.collection, p.launched_at, cost, p.name


def customer_rows(customers: Iterable[Customer]) -> Iterator[Row]:
    for c in customers:
        person = c.customer_id, c.gender, c.country, c.city, c.email
        yield *person, "true" if c.consent_email else "false", c.subscription_ends_on


def transaction_rows(customers: Iterable[Customer]) -> Iterator[Row]:
    """All lines in time order; order ids count up in time."""
    orders = sorted((o.ordered_at, c.customer_id, o.lines) for c in customers for o in c.orders)
    for number, (ordered_at, customer_id, lines) in enumerate(orders, start=1):
        for x in lines:
            prices_cents = x.unit_price_cents, x.quantity * x.unit_discount_cents, x.amount_cents
            order = customer_id, f"O{number:06}", minute(ordered_at)
            yield *order, x.product.product_id, x.quantity, *map(money, prices_cents)


def in_time_order(rows: Iterable[Row]) -> list[Row]:
    """Rows of events, whose second column is occurred_at."""
    return sorted(rows, key=lambda row: (row[1], *row))


def tables() -> dict[str, tuple[str, Iterable[Row]]]:
    """Header and rows of each file."""
    customers = population()
    dice = Dice(f"{SEED} events")
    mails = [mail for c in customers for mail in mailings(dice, c)]
    sends = [(m.customer_id, minute(m.sent_at), m.campaign) for m in mails]
    answers = [(m.customer_id, minute(m.answered_at), m.campaign) for m in mails if m.answered_at]
    visited = [row for c in customers for row in visits(dice, c)]
    complained = [row for c in customers for row in complaints(dice, c)]
    return {
        "transactions.csv": (
            "customer_id,order_id,ordered_at,product_id,quantity,unit_price,discount,amount",
            transaction_rows(customers),
        ),
        "customers.csv": (
            "customer_id,gender,country,city,email,consent_email,subscription_ends_on",
            customer_rows(customers),
        ),
        "products.csv": (
            "product_id,department,collection,launched_at,cost,name",
            product_rows(),
        ),
        "browse.csv": ("customer_id,occurred_at,event,product_id", in_time_order(visited)),
        "campaign_sends.csv": ("customer_id,occurred_at,campaign", in_time_order(sends)),
        "campaign_responses.csv": ("customer_id,occurred_at,campaign", in_time_order(answers)),
        "complaints.csv": ("customer_id,occurred_at", in_time_order(complained)),
    }


def write_tables(folder: Path) -> None:
    for name, (header, rows) in tables().items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.write(f"{header}\n")
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    write_tables(Path(__file__).parent)
