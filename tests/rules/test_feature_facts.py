"""The catalogue's facts are true: ranges, whole numbers and who lacks a value, on computed features."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment

from segmentation.rules.catalogue import CATALOGUE, Feature, department_share
from segmentation.rules.feature_facts import Lack, Missing, Range, Texts, UpToAsOf

AS_OF = date(2026, 11, 21)  # the last day of the sample data
HEAD = "customer_id,order_id,ordered_at,amount,quantity,department,discount,cost,launched_at"
FEATURES = [*CATALOGUE, department_share("department_share.Shoes")]


# --- data that hold every gap: no order, free lines, returns alone, no department, no cost -------


def small_shop(seed: int, days: int) -> str:
    """Lines of a small shop: of a customer none to six, within so many days."""
    chance = random.Random(seed)
    rows = [HEAD]
    for customer in range(150):
        for line in range(chance.choice((0, 1, 1, 2, 3, 6))):
            day = AS_OF - timedelta(days=chance.randrange(days))
            rows.append(
                ",".join(
                    map(
                        str,
                        (
                            f"c{customer}",
                            f"o{customer}-{chance.randrange(line + 1)}",
                            day,
                            chance.choice((-20, -5, 0, 0, 0.01, 5, 5, 10, 30, 9999)),
                            chance.choice((1, 1, 2, 3)),
                            chance.choice(("", "Shoes", "Shoes", "Hats")),
                            chance.choice(("", 0, 0, 1.5)),
                            chance.choice(("", 1, 2, 2, 2, 2, 2, 40)),
                            chance.choice(("", "2026-10-01", "2026-11-01")),
                        ),
                    )
                )
            )
    last, before = AS_OF, AS_OF - timedelta(days=min(1, days - 1))
    rows += [f"last,{day},{day},1,1,Hats,0,1,2026-10-01" for day in (before, last)]
    return "\n".join(rows) + "\n"


SHOPS = {"a shop": (1, 60), "another shop": (2, 200), "a shop of one day": (3, 1)}


def counted(lines: pl.DataFrame) -> pl.DataFrame:
    """What the lacks are about, per customer with lines, counted a second time."""
    bought = pl.col("amount") > 0
    return lines.group_by("customer_id").agg(
        _lines=pl.len(),
        _spend=pl.col("amount").filter(bought).sum(),
        _net=pl.col("amount").sum().round(4),
        _order_days=pl.col("ordered_at").str.head(10).filter(bought).n_unique(),
        _items=pl.col("quantity").filter(bought).sum(),
        _departments=pl.col("department").filter(bought).drop_nulls().len(),
        _without_cost=pl.col("cost").null_count(),
    )


#: who lacks a value, over `counted`: none of it is the engine's own way to find out
MEETS: dict[Lack, pl.Expr] = {
    Lack.NO_ORDER: pl.col("_order_days") == 0,
    Lack.ONE_ORDER_DAY: pl.col("_order_days") < 2,
    Lack.NO_LINE: pl.col("_lines") == 0,
    Lack.NO_ITEM: pl.col("_items") == 0,
    Lack.NO_SPEND: pl.col("_spend") == 0,
    Lack.NO_DEPARTMENT: pl.col("_departments") == 0,
    Lack.NO_COST: pl.col("_without_cost") > 0,
    Lack.NO_MODEL: pl.col("_order_days").max() < 2,
    Lack.NO_POSITIVE_SPEND: pl.col("_net") <= 0,
}


def lacking(feature: Feature) -> pl.Expr:
    """Whether a customer lacks a feature, by the catalogue."""
    found = [
        MEETS[lack]
        if isinstance(lack, Lack)
        else pl.any_horizontal(pl.col(lack.features).is_null())
        for lack in feature.lacking.lacks
    ]
    return pl.any_horizontal(found) if found else pl.lit(value=False)


def strays(feature: Feature, values: pl.Series, base: str) -> list[Any]:
    """Values outside the range, or not whole, where the catalogue says so."""
    known = feature.values
    match known:
        case Range():
            low = known.of_buyers if base == "buyers" and known.of_buyers is not None else known.low
            numbers = [float(value) for value in values]
            out = [n for n in numbers if not low <= n <= known.high or (known.above and n == low)]
            return out + [n for n in numbers if feature.whole and not n.is_integer()]
        case UpToAsOf():
            return [day for day in values if day > AS_OF]
        case Texts():
            return [text for text in values if not re.fullmatch(known.pattern, text)]


def contradictions(customers: pl.DataFrame, lines: pl.DataFrame, base: str) -> list[str]:
    """Features that are not what the catalogue says of them, each with an example."""
    joined = customers.join(counted(lines), on="customer_id", how="left")
    joined = joined.with_columns(pl.col("^_.*$").fill_null(0))
    found = []
    for feature in FEATURES:
        wrong = strays(feature, joined[feature.name].drop_nulls(), base)
        if wrong:
            found.append(f"{feature.name} is {wrong[0]}, and its range is {feature.span}")
        other = joined.filter(pl.col(feature.name).is_null() != lacking(feature))
        if not other.is_empty():
            found.append(
                f"{feature.name}, missing when: {feature.missing}; of {other.row(0, named=True)}"
            )
    return found


def computed(segment: Segment, sources: str, base: str, files: dict[str, str]) -> pl.DataFrame:
    asked = [argument for feature in FEATURES for argument in ("--columns", feature.name)]
    rules = f"version: 1\nbase: {base}\nsources: {{{sources}}}\n"
    result = segment("run", "--as-of", AS_OF, *asked, files={**files, "personas.yaml": rules})
    assert result.exit_code == 0, result.err
    return result.customers


@pytest.mark.parametrize(
    ("shop", "base"),
    [("a shop", "buyers"), ("another shop", "everyone"), ("a shop of one day", "everyone")],
)
def test_facts_hold_of_small_shops(segment: Segment, shop: str, base: str) -> None:
    lines = small_shop(*SHOPS[shop])
    people = "customer_id\n" + "".join(f"c{n}\n" for n in range(160))
    sources = "transactions: t.csv, customers: c.csv"
    customers = computed(segment, sources, base, {"t.csv": lines, "c.csv": people})
    assert contradictions(customers, pl.read_csv(lines.encode()), base) == []


def test_facts_hold_of_the_sample_data(segment: Segment, repo: Path) -> None:
    folder = repo / "sample_data"
    sources = f"transactions: {folder}/transactions.csv, products: {folder}/products.csv"
    customers = computed(segment, sources, "buyers", {})
    lines = pl.read_csv(folder / "transactions.csv").join(
        pl.read_csv(folder / "products.csv"), on="product_id", how="left"
    )
    assert contradictions(customers, lines, "buyers") == []


def test_the_small_shops_have_every_lack() -> None:
    shops = [counted(pl.read_csv(small_shop(*shop).encode())) for shop in SHOPS.values()]
    met = {
        lack for lack, meets in MEETS.items() for shop in shops if shop.select(meets.any()).item()
    }
    assert met == set(Lack) - {Lack.NO_LINE}  # who has no line is in customers alone


@pytest.mark.parametrize("forgotten", ["values", "lacking", "whole"])
def test_no_fact_of_a_feature_can_be_forgotten(forgotten: str) -> None:
    given = {
        "name": "f",
        "meaning": "",
        "unit": "",
        "kind": "number",
        "values": Range(),
        "lacking": Missing(),
        "whole": False,
    }
    del given[forgotten]
    with pytest.raises(TypeError, match=forgotten):
        Feature(**given)  # type: ignore[arg-type]
