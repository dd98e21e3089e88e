"""Personas of six conditions each over lines and events, as personas.yaml and as DuckDB SQL.

    python benchmarks/make_personas.py benchmarks/data/events

writes personas_5.yaml, personas_50.yaml and the two .sql files beside the data. Both languages are
spelled from one table of conditions, so they say the same thing. The five are the first of the fifty.
"""

import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from generate import ABOUT_A_PRODUCT, COLLECTIONS, DEPARTMENTS

SQL_OPERATORS = {"at_least": ">=", "at_most": "<="}
WINDOWS = [7, 14, 30, 60, 90]
FEATURES = [
    ("recency_days", "at_most", [90, 180, 270, 365]),
    ("frequency", "at_least", [2, 3, 5, 8]),
    ("monetary", "at_least", [100, 250, 500, 1000]),
    ("average_order_value", "at_least", [40, 80, 120]),
    ("longevity_days", "at_least", [90, 180, 365]),
    ("departments", "at_least", [2, 3, 5]),
    ("return_share", "at_most", [0.05, 0.1, 0.2]),
]


@dataclass(frozen=True)
class Feature:
    """A comparison with a feature of the transactions."""

    name: str
    operator: str
    value: float

    def add_to(self, match: dict[str, Any]) -> None:
        match[self.name] = {self.operator: self.value}

    @property
    def sql(self) -> str:
        return f"{self.name} {SQL_OPERATORS[self.operator]} {self.value}"


@dataclass(frozen=True)
class Event:
    """Did, or did not, in the last days; optionally about one collection."""

    event: str
    collection: str | None
    days: int
    times: int  # 0: did not

    def add_to(self, match: dict[str, Any]) -> None:
        clause: dict[str, Any] = {"event": self.event, "within": f"{self.days}d"}
        if self.collection:
            clause["where"] = {"collection": self.collection}
        if self.times > 1:
            clause["times"] = {"at_least": self.times}
        match.setdefault("did" if self.times else "did_not", []).append(clause)

    @property
    def column(self) -> str:
        return f"{self.event}_{self.collection or 'any'}_{self.days}d".replace("-", "_")

    @property
    def aggregate(self) -> str:
        about = f" AND collection = '{self.collection}'" if self.collection else ""
        recent = f"occurred_at >= {as_of} - {self.days - 1}"
        return f"count(*) FILTER (event = '{self.event}'{about} AND {recent}) AS {self.column}"

    @property
    def sql(self) -> str:
        happened = f"coalesce({self.column}, 0)"
        return f"{happened} >= {self.times}" if self.times else f"{happened} = 0"


@dataclass(frozen=True)
class NoPurchase:
    """Bought nothing from the department in the last days."""

    department: str
    days: int

    def add_to(self, match: dict[str, Any]) -> None:
        clause = {
            "event": "purchase",
            "where": {"department": self.department},
            "within": f"{self.days}d",
        }
        match.setdefault("did_not", []).append(clause)

    @property
    def column(self) -> str:
        return f"bought_{self.department}_{self.days}d"

    @property
    def aggregate(self) -> str:
        recent = f"ordered_at >= {as_of} - {self.days - 1}"
        return f"count(*) FILTER (amount > 0 AND department = '{self.department}' AND {recent}) AS {self.column}"

    @property
    def sql(self) -> str:
        return f"{self.column} = 0"


@dataclass(frozen=True)
class Share:
    """The department's share of spend or items."""

    of: str
    department: str
    at_least: float

    def add_to(self, match: dict[str, Any]) -> None:
        clause = {
            "of": self.of,
            "where": {"department": self.department},
            "at_least": self.at_least,
        }
        match.setdefault("share", []).append(clause)

    @property
    def column(self) -> str:
        return f"{self.of}_{self.department}"

    @property
    def aggregate(self) -> str:
        added = {"spend": "amount", "items": "quantity"}[self.of]
        return f"sum({added}) FILTER (amount > 0 AND department = '{self.department}') AS {self.column}"

    @property
    def sql(self) -> str:
        whole = {"spend": "bought", "items": "items"}[self.of]
        # whole cents divide exactly: of 2,209.70 the share of 220.97 is 0.1, and not a bit less
        cents = f"round(coalesce({self.column}, 0) * 100) / round({whole} * 100)"
        return f"{cents} >= {self.at_least}"


Condition = Feature | Event | NoPurchase | Share
# A subquery here instead of a value makes DuckDB three times slower and four times as hungry.
as_of = "getvariable('as_of')"


def main(folder: Path) -> None:
    for number in (5, 50):
        personas = invented(number)
        (folder / f"personas_{number}.yaml").write_text(yaml_text(personas, folder))
        (folder / f"personas_{number}.sql").write_text(sql_text(personas))


def invented(number: int, seed: int = 2026) -> dict[str, list[Condition]]:
    """Personas of six conditions: two features, a share, two events done, one thing not done."""
    chance = random.Random(seed)
    return {f"persona_{rank:02}": conditions(chance) for rank in range(1, number + 1)}


def conditions(chance: random.Random) -> list[Condition]:
    features = [
        Feature(name, operator, chance.choice(values))
        for name, operator, values in chance.sample(FEATURES, 2)
    ]
    share = Share(
        chance.choice(["spend", "items"]),
        chance.choice(DEPARTMENTS),
        chance.choice([0.1, 0.2, 0.3]),
    )
    about_product = Event(
        chance.choice(["browse", "browse", *ABOUT_A_PRODUCT]),
        chance.choice(COLLECTIONS),
        chance.choice(WINDOWS[2:]),
        1,
    )
    visit = chance.choice(["login", "login", "campaign_send", "browse"])
    visited = Event(visit, None, chance.choice(WINDOWS), chance.choice([1, 1, 2]))
    undone = [
        Event("complaint", None, chance.choice(WINDOWS), 0),
        Event("campaign_response", None, chance.choice(WINDOWS), 0),
        NoPurchase(chance.choice(DEPARTMENTS), chance.choice(WINDOWS)),
    ]
    return [*features, share, about_product, visited, chance.choice(undone)]


def yaml_text(personas: dict[str, list[Condition]], folder: Path) -> str:
    written = {}
    for name, persona in personas.items():
        match: dict[str, Any] = {}
        for condition in persona:
            condition.add_to(match)
        written[name] = {"match": match}
    sources = {"events": str((folder / "events").resolve() / "*.parquet")}
    return yaml.safe_dump({"version": 1, "sources": sources, "personas": written}, sort_keys=False)


def sql_text(personas: dict[str, list[Condition]]) -> str:
    """Each table read once: every condition is one aggregate of it; then one flag for each persona."""
    everything = [condition for persona in personas.values() for condition in persona]
    of_events = unique_aggregates(everything, Event)
    of_lines = unique_aggregates(everything, (NoPurchase, Share))
    flags = ",\n       ".join(
        " AND ".join(f"({condition.sql})" for condition in persona) + f" AS {name}"
        for name, persona in personas.items()
    )
    longest = max(condition.days for condition in everything if isinstance(condition, Event))
    return SQL.format(
        events=",\n           ".join(of_events),
        lines=",\n           ".join(of_lines),
        flags=flags,
        recent=f"{as_of} - {longest - 1}",
        names=", ".join(f"'{condition}'" for condition in names_of(everything)),
    )


def unique_aggregates(everything: list[Condition], kind: Any) -> list[str]:
    return list(dict.fromkeys(one.aggregate for one in everything if isinstance(one, kind)))


def names_of(everything: list[Condition]) -> list[str]:
    return sorted({one.event for one in everything if isinstance(one, Event)})


SQL = """CREATE TEMP TABLE described AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount), 2) AS monetary,
           round(sum(amount) FILTER (amount > 0), 2) AS bought,
           sum(quantity) FILTER (amount > 0) AS items,
           round(-coalesce(sum(amount) FILTER (amount < 0), 0), 2) AS returned,
           min(ordered_at) FILTER (amount > 0)::DATE AS first_order_on,
           max(ordered_at) FILTER (amount > 0)::DATE AS last_order_on,
           {lines}
    FROM lines GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency
    FROM (SELECT DISTINCT customer_id, order_id FROM lines WHERE amount > 0)
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments
    FROM (SELECT DISTINCT customer_id, department FROM lines WHERE amount > 0)
    GROUP BY customer_id
), happened AS (
    SELECT customer_id,
           {events}
    FROM events
    WHERE occurred_at >= {recent} AND event IN ({names})
    GROUP BY customer_id
), features AS (
    SELECT *,
           getvariable('as_of') - last_order_on AS recency_days,
           getvariable('as_of') - first_order_on AS longevity_days,
           monetary / frequency AS average_order_value,
           returned / bought AS return_share
    FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id)
    LEFT JOIN happened USING (customer_id)
)
SELECT customer_id, recency_days, frequency, monetary, average_order_value, longevity_days,
       departments, return_share,
       {flags}
FROM features
"""

if __name__ == "__main__":
    main(Path(sys.argv[1]))
