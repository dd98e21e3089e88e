"""Who shops here: a crowd, three groups planted in it, and for each their near misses.

The planted groups are the personas that only a crossing of tables can find. A near miss fails
one of their conditions and meets the others, so a rule that forgets one is seen at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from dice import Span
from shop import DAYS_OF_HISTORY

Band = tuple[float, float]  # both ends included

EVER: Span = (0, DAYS_OF_HISTORY - 1)
LOVED_ONES = "Buy Your Loved Ones 2026"


class Visit(NamedTuple):
    event: str
    days_ago: Span
    collection: str = ""  # "": any but the latest ones


@dataclass(frozen=True)
class Archetype:
    """A kind of customer: how they buy, browse and answer, and what must be true of the result.

    All days are days ago, the nearest first. `bands` bind: orders are drawn again until every
    figure named there lies in its band. Who is not `engaged` visits and answers as the row says
    and not otherwise, so that no chance visit turns a near miss into a member.
    """

    name: str
    customers: int
    orders: Span
    last_order: Span = EVER
    first_order: Span = EVER
    away: Span | None = None  # days without an order
    lines: Span = (1, 4)
    tastes: Mapping[str, float] = field(default_factory=dict)  # empty: the shop's, with favourites
    discounted: float = 0.22
    new_arrivals: float = 0.06
    returned: float = 0.045
    bands: Mapping[str, Band] = field(default_factory=dict)
    gender: str | None = None  # None: any
    engaged: float = 0.0
    visits: tuple[Visit, ...] = ()
    answers: str | None = None
    complains: float = 0.02


CROWD = (
    Archetype("registered", 120, orders=(0, 0), engaged=0.35),
    Archetype("one_time", 650, orders=(1, 1), engaged=0.12),
    Archetype("occasional", 420, orders=(2, 4), engaged=0.25),
    Archetype("regular", 235, (4, 11), (0, 170), (250, 729), engaged=0.45),
    Archetype("loyal", 165, (10, 40), (0, 75), (330, 729), engaged=0.8),
    Archetype("faded_loyal", 60, (9, 30), (61, 420), (480, 729), engaged=0.25),
    Archetype("returner", 30, (4, 7), (0, 45), (500, 729), away=(60, 420), engaged=0.6),
    Archetype("discount_hunter", 70, (2, 12), discounted=0.85, returned=0.1, engaged=0.6),
    Archetype("newcomer", 100, (1, 2), (0, 60), (0, 85), engaged=0.6),
    Archetype(
        "big_starter",
        customers=20,
        orders=(2, 2),
        last_order=(0, 50),
        first_order=(20, 85),
        lines=(10, 18),
        tastes={"Outdoor": 50, "Footwear": 25, "Women": 15, "Men": 10},
        bands={"spend": (2350, 5000)},
        engaged=0.8,
    ),
)

LAPSED_SHOE_BUYERS = Archetype(
    "lapsed_shoe_buyers",
    customers=46,
    orders=(8, 20),
    last_order=(66, 260),
    first_order=(400, 725),
    tastes={"Footwear": 40, "Outdoor": 20, "Men": 20, "Women": 20},
    bands={"spend": (1700, 5000), "footwear_orders": (0.36, 1), "running_latest": (0, 0)},
    visits=(
        Visit("browse", (1, 27), "running-latest"),
        Visit("browse", (8, 50)),
        Visit("login", (0, 5)),
    ),
    complains=0.12,
)
GIFT_GIVERS = Archetype(
    "gift_givers",
    customers=54,
    orders=(3, 7),
    last_order=(2, 55),
    first_order=(130, 700),
    tastes={"Men": 60, "Women": 15, "Home": 13, "Beauty": 12},
    discounted=0.7,
    bands={"spend": (300, 640), "men_spend": (0.44, 1), "discounted": (0.54, 1)},
    gender="female",
    visits=(Visit("browse", (0, 30)),),
    answers=LOVED_ONES,
    complains=0.12,
)
EARLY_ADOPTERS = Archetype(
    "early_adopters",
    customers=38,
    orders=(9, 24),
    last_order=(1, 50),
    first_order=(300, 725),
    tastes={"Women": 25, "Accessories": 25, "Footwear": 20, "Home": 15, "Beauty": 15},
    discounted=0.08,
    new_arrivals=0.55,
    bands={"spend": (1700, 5000), "new_arrivals": (0.44, 1), "departments": (3, 8)},
    visits=(
        Visit("browse", (1, 12), "autumn-26"),
        Visit("browse", (1, 12), "running-latest"),
        Visit("login", (0, 12)),
    ),
    complains=0.12,
)


def shoes(because: str, bands: Mapping[str, Band] | None = None, **change: Any) -> Archetype:
    return near_miss(LAPSED_SHOE_BUYERS, because, bands or {}, **change)


def gifts(because: str, bands: Mapping[str, Band] | None = None, **change: Any) -> Archetype:
    return near_miss(GIFT_GIVERS, because, bands or {}, **change)


def early(because: str, bands: Mapping[str, Band] | None = None, **change: Any) -> Archetype:
    return near_miss(EARLY_ADOPTERS, because, bands or {}, **change)


def near_miss(of: Archetype, because: str, bands: Mapping[str, Band], **change: Any) -> Archetype:
    """A handful of customers who are like `of` but for one condition."""
    name = f"{of.name}, but {because}"
    return replace(of, name=name, customers=6, bands={**of.bands, **bands}, **change)


RUNNING = "running-latest"
LOGIN = Visit("login", (0, 5))
SHOELESS = {"Footwear": 8, "Outdoor": 40, "Men": 26, "Women": 26}
LITTLE_MENSWEAR = {"Men": 20, "Women": 40, "Home": 20, "Beauty": 20}
TWO_DEPARTMENTS = {"Women": 60, "Footwear": 40}

NEAR_MISSES = (
    shoes("still active", last_order=(5, 55)),
    shoes("mid spend", {"spend": (300, 640)}, orders=(3, 5)),
    shoes("gone too long", last_order=(280, 390)),
    shoes("browsed long ago", visits=(Visit("browse", (32, 35), RUNNING), LOGIN)),
    shoes("no login", visits=(Visit("browse", (1, 27), RUNNING), Visit("login", (9, 40)))),
    shoes("few shoes", {"footwear_orders": (0.05, 0.26)}, tastes=SHOELESS),
    # Whoever bought the shoe this month has come back, so these are not churned either.
    shoes("bought the shoe", {"running_latest": (1, 9)}, last_order=(1, 25)),
    gifts("gone", last_order=(66, 120)),
    gifts("a man", gender="male"),
    gifts("gender unknown", gender=""),
    gifts("top spend", {"spend": (1700, 5000)}, orders=(11, 18)),
    gifts("low spend", {"spend": (60, 190)}, orders=(3, 3), lines=(1, 1)),
    gifts("another campaign", answers="Autumn Preview 2026"),
    gifts("little menswear", {"men_spend": (0.05, 0.36)}, tastes=LITTLE_MENSWEAR),
    gifts("little discount", {"discounted": (0.1, 0.46)}, discounted=0.3),
    gifts("half discounted", {"discounted": (0.5, 0.5)}, discounted=0.5),
    early("gone", last_order=(66, 150)),
    early("mid spend", {"spend": (300, 640)}, orders=(4, 7)),
    early("waits", {"new_arrivals": (0.15, 0.36)}, new_arrivals=0.25),
    early("two departments", {"departments": (2, 2)}, tastes=TWO_DEPARTMENTS, new_arrivals=0.7),
    early("browsed long ago", visits=(Visit("browse", (17, 35), "autumn-26"), LOGIN)),
)
ARCHETYPES = (*CROWD, LAPSED_SHOE_BUYERS, GIFT_GIVERS, EARLY_ADOPTERS, *NEAR_MISSES)
