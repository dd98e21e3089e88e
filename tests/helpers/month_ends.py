"""A shop whose rows lie at the ends of months: what tests of histories hold against runs of each date."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

LAST = date(2024, 5, 14)
#: the days on which things happen: ends and beginnings of months, a leap day, a week before and after
DAYS = (
    *(date(2023, 12, day) for day in (30, 31)),
    *(date(2024, 1, day) for day in (1, 24, 31)),
    *(date(2024, 2, day) for day in (1, 22, 28, 29)),
    *(date(2024, 3, day) for day in (1, 24, 31)),
    *(date(2024, 4, day) for day in (1, 23, 30)),
    *(date(2024, 5, day) for day in (1, 12, 13, 14)),
)
TIMES = ("00:00:00", "11:59:59", "12:00:00", "18:30:00", "23:59:59")
IDS = ("7", "007", "0", "41", "c1", "c2", "c3", "c4", "c5", "c6", "x 1", "ÿ")
PRODUCTS = ("p1", "p2", "p3", "p9", "")  # p9 and the blank one are in no catalogue
CATALOGUE = (
    "product_id,department,launched_at\np1,Shoes,2024-02-15\np2,Hats,2023-01-01\np3,,2024-04-30\n"
)
EVENTS = ("browse", "browse", "login", "complaint")

RULES = """
version: 1
sources:
  transactions: t.{kind}
  customers: c.csv
  products: p.csv
  events: {{path: e.{kind}, quiet_for: 2000d}}
timezone: {timezone}
base: {base}
features:
  spent_30d: {{sum: amount, within: 30d}}
  net_2w: {{sum: amount, lines: all, within: 2w}}
  orders_1mo: {{count: orders, within: 1mo}}
  returned: {{count: lines, lines: returned}}
  first_department: {{first: department}}
  last_product: {{last: product_id}}
  largest_order: {{max: amount, of: orders}}
  smallest_line: {{min: amount}}
  mean_order: {{mean: amount, of: orders}}
  products: {{distinct: product_id}}
  hats: {{share: spend, where: {{department: Hats}}, within: 2mo}}
  since_login: {{days_since: {{event: login}}}}
  member_days: {{days_since: member_since}}
dimensions:
  lifecycle:
    - new: {{frequency: {{at_most: 2}}, longevity_days: {{at_most: 40}}}}
    - active: {{recency_days: {{at_most: 14}}}}
    - churned: otherwise
  shopper:
    - top: {{monetary: {{top_percent: 20}}}}
    - mid: {{monetary: {{top_percent: 60}}}}
    - low: otherwise
  plan:
    grid: [lifecycle, shopper]
    columns: [top, mid, low]
    rows:
      new: [a, b, c]
      active: [a, a, b]
      churned: [d, d, e]
  rhythm:
    - steady: {{typical_gap_days: {{at_most: 20}}}}
    - slow: {{typical_gap_days: {{missing: false}}}}
    - once: otherwise
  window:
    - hours: {{did: {{event: browse, within: 20h}}}}
    - days: {{did: {{event: purchase, between: [31d, 3d]}}}}
    - months: {{did: {{event: "*", within: 2mo, times: 3}}}}
    - none: otherwise
  basket: {{from: mean_order, method: quantiles, shares: [50, 50], labels: [large, small]}}
  scores:
    - best: {{r_score: 5}}
    - frequent: {{f_score: {{at_least: 4}}}}
    - rest: otherwise
personas:
  lately: {{match: {{any: [{{spent_30d: {{at_least: 30}}}}, {{net_2w: {{more_than: 10}}}}, {{orders_1mo: {{at_least: 2}}}}]}}}}
  answered: {{match: {{did: {{event: purchase, after: browse, within: 7d}}}}}}
  came_back: {{match: {{did: {{event: purchase, since: complaint}}}}}}
  looked: {{match: {{did: {{event: browse, within: 30d}}, did_not: {{event: purchase, since: browse}}}}}}
  chain: {{match: {{did: {{event: purchase, after: {{event: login, after: browse}}}}}}}}
  shoes_first: {{match: {{first_department: Shoes}}}}
  latest: {{match: {{last_product: [p1, p2]}}}}
  sizes: {{match: {{any: [{{largest_order: {{at_least: 40}}}}, {{smallest_line: {{less_than: 5}}}}, {{products: {{at_least: 3}}}}]}}}}
  hatters: {{match: {{hats: {{at_least: 0.4}}}}}}
  seen: {{match: {{since_login: {{at_most: 20}}}}}}
  members: {{match: {{member_days: {{at_least: 0}}}}}}
  arrivals: {{match: {{new_arrival_share: {{at_least: 0.2}}}}}}
  sends_back: {{match: {{any: [{{returned: {{at_least: 2}}}}, {{return_share: {{more_than: 0.3}}}}]}}}}
  best_of_de: {{match: {{monetary: {{top_percent: 50, among: {{country: DE}}}}}}}}
  by_department: {{for_each: top_department}}
  by_country: {{match: {{lifecycle: [new, active]}}, for_each: country, most: 1}}
  by_plan: {{for_each: plan}}
suppress:
  - {{consent: {{is_not: true}}}}
  - {{did: {{event: complaint, within: 7d}}}}
waterfall: [best_of_de, answered, by_country, lately]
notices: {{suspicious-ids: warn, ids-do-not-meet: warn}}
"""


def rules(*, kind: str = "csv", base: str = "buyers", timezone: str = "UTC") -> str:
    """The rules over files of a kind."""
    return RULES.format(kind=kind, base=base, timezone=timezone)


def files(
    seed: int, *, kind: str = "csv", integers: bool = False, zoned: bool = False
) -> dict[str, bytes]:
    """The tables; rows are shuffled, and orders have lines on both sides of the end of a month.

    Some customers come late, two of them are not in customers, one only returns, one never does anything.
    """
    draw = random.Random(seed)
    ids = [str(i) for i in range(1, 13)] if integers else list(IDS)
    since = {one: draw.choice((0, 0, 0, 5, 9, 15)) for one in ids} | dict.fromkeys(ids[3:5], 12)

    def moment(one: str) -> datetime:
        day = draw.choice(DAYS[since[one] :])
        return datetime.fromisoformat(f"{day}T{draw.choice(TIMES)}")

    lines: list[tuple[object, ...]] = []
    for order in range(90):
        one, number = draw.choice(ids[:-2]), draw.choice((str(order), str(order), "", "77"))
        at = moment(one)
        for i in range(draw.choice((1, 2, 3))):
            amount = draw.choice((10, 10, 10.01, 3, 0, -10, -4, 20))
            later = min(at + timedelta(days=i % 2), datetime.combine(LAST, at.time()))
            lines.append((one, number, later, draw.choice(PRODUCTS), draw.choice((1, 2)), amount))
    lines.append((ids[-2], "r", moment(ids[-2]), "p1", 1, -5))
    happened: list[tuple[object, ...]] = [
        (one, moment(one), draw.choice(EVENTS)) for one in draw.choices(ids, k=150)
    ]
    early = datetime.fromisoformat(f"{DAYS[0]}T12:00:00")
    happened += [(ids[0], early, event) for event in {*EVENTS}]
    lines.append((ids[0], "first", early, "p2", 1, 10))
    draw.shuffle(lines)
    draw.shuffle(happened)
    known = [
        f"{one},{draw.choice(('yes', 'yes', 'yes', 'no'))},{draw.choice(('DE', 'DE', 'AT', ''))},"
        f"{draw.choice(DAYS)}"
        for one in (*ids[:3], *ids[5:], "nobody")
    ]
    sold = _frame(
        lines, ("customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount")
    )
    seen = _frame(happened, ("customer_id", "occurred_at", "event"))
    if integers:
        sold, seen = (f.with_columns(pl.col("customer_id").cast(pl.Int64)) for f in (sold, seen))
    return {
        f"t.{kind}": _written(sold, kind, zoned=zoned),
        f"e.{kind}": _written(seen, kind, zoned=zoned),
        "p.csv": CATALOGUE.encode(),
        "c.csv": "\n".join(["customer_id,consent,country,member_since", *known, ""]).encode(),
    }


def _frame(rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=list(names), orient="row", infer_schema_length=None, strict=False
    )


def _written(rows: pl.DataFrame, kind: str, *, zoned: bool) -> bytes:
    file = io.BytesIO()
    if kind == "parquet":
        rows.write_parquet(file, row_group_size=50)
    else:
        rows.write_csv(file, datetime_format=f"%Y-%m-%dT%H:%M:%S{'Z' if zoned else ''}")
    return file.getvalue()
