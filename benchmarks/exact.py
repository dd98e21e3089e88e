"""Whether two contenders wrote the same customers and the same audiences.

Columns are found by name; a rival lacks some that segment always writes (scores), and these are
told. Two tables of one schema must be equal in every bit and in order; otherwise numbers may differ
by rounding, one part in 10^12, because a rival holds money as doubles.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars import selectors

ROUNDING = 1e-12


@dataclass(frozen=True)
class Comparison:
    """What was compared, and every difference in words."""

    customers: int
    columns: int
    only_one_has: list[str]
    differences: list[str]


def compared(one: Path, other: Path) -> Comparison:
    """The outputs of two contenders side by side."""
    mine, theirs = customers_of(one), customers_of(other)
    common = [name for name in mine.columns if name in theirs.columns and name != "customer_id"]
    alone = sorted({*mine.columns} ^ {*theirs.columns})
    found = audiences_that_differ(one, other)
    if mine.schema != theirs.schema:
        found += by_customer(mine, theirs, common)
    elif not mine.equals(theirs):
        found += ["not the same bits in the same order", *by_customer(mine, theirs, common)]
    return Comparison(len(mine), len(common), alone, found)


def customers_of(out: Path) -> pl.DataFrame:
    """The customers of a run; segment has a folder for each, named after the day."""
    return pl.read_parquet(next(out.glob("**/customers.parquet")))


def by_customer(mine: pl.DataFrame, theirs: pl.DataFrame, common: list[str]) -> list[str]:
    both = comparable(mine, common, "here").join(
        comparable(theirs, common, "there"), on="customer_id", how="full", coalesce=True
    )
    lost = both.filter(pl.col("here").is_null() | pl.col("there").is_null())
    if len(lost):
        example = lost["customer_id"][0]
        return [f"{len(lost):,} customers are only in one of the two, such as {example}"]
    found = []
    for name in common:
        wrong = both.filter(differs(pl.col(name), pl.col(f"{name}_right"), both.schema[name]))
        if len(wrong):
            customer, *values = wrong.select("customer_id", name, f"{name}_right").row(0)
            found.append(f"{name}: {len(wrong):,} differ, such as customer {customer}: {values}")
    return found


def comparable(customers: pl.DataFrame, columns: list[str], present: str) -> pl.DataFrame:
    """These columns with ids as text, and numbers and flags of all kinds as one."""
    return customers.select(
        pl.col("customer_id").cast(pl.String), *columns, pl.lit(True).alias(present)
    ).with_columns(
        (selectors.numeric() | (selectors.boolean() - selectors.by_name(present))).cast(pl.Float64)
    )


def differs(mine: pl.Expr, theirs: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype != pl.Float64:
        return mine.ne_missing(theirs)
    rounding = pl.max_horizontal(mine.abs(), theirs.abs()) * ROUNDING
    near = (mine - theirs).abs() <= rounding
    return pl.when(mine.is_null() | theirs.is_null()).then(mine.ne_missing(theirs)).otherwise(~near)


def audiences_that_differ(one: Path, other: Path) -> list[str]:
    mine, theirs = audience_files(one), audience_files(other)
    if mine.keys() != theirs.keys():
        return [f"audiences of only one of the two: {sorted(mine.keys() ^ theirs.keys())}"]
    return [
        f"audience {name} has other members"
        for name, file in mine.items()
        if not members(file).equals(members(theirs[name]))
    ]


def audience_files(out: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(out.glob("**/personas/*.csv"))}


def members(file: Path) -> pl.Series:
    ids = pl.read_csv(file, columns=["customer_id"], infer_schema=False)
    return ids["customer_id"].sort()
