"""What benchmarks/personas.yaml says, in pandas: all lines in memory.

python benchmarks/rival_pandas.py 'benchmarks/data/20m/*.parquet' /tmp/out [--csv]
"""

import glob
import sys
from pathlib import Path

import numpy as np
import pandas as pd

PERSONAS = [
    "vip_reactivation",
    "vip_nurturing",
    "core_reactivation",
    "new_customers",
]  # the waterfall
COLUMNS = ["customer_id", "order_id", "ordered_at", "department", "amount"]
TIERS = {
    "recent": ["t1", "t2", "t3", "t4", "t4"],
    "settled": ["t1", "t1", "t2", "t3", "t4"],
    "veteran": ["t1", "t2", "t2", "t3", "t4"],
}
RECENCIES = ["hot", "warm", "mild", "cool", "cold"]


def main(data: str, out: Path, *, csv: bool) -> None:
    (out / "personas").mkdir(parents=True, exist_ok=True)
    described = matched(dimensions(features(read(sorted(glob.glob(data)), csv=csv))))
    described.to_parquet(out / "customers.parquet", compression="zstd", index=False)
    higher = np.zeros(len(described), dtype=bool)
    for persona in PERSONAS:
        members = described[described[persona] & ~higher].drop(columns=PERSONAS)
        members.to_csv(out / "personas" / f"{persona}.csv", index=False)
        higher |= described[persona]


def read(files: list[str], *, csv: bool) -> pd.DataFrame:
    if not csv:
        return pd.concat(
            [pd.read_parquet(file, columns=COLUMNS) for file in files], ignore_index=True
        )
    types = {"customer_id": str, "order_id": str, "department": "category", "amount": float}
    frames = [
        pd.read_csv(
            file, usecols=COLUMNS, dtype=types, engine="pyarrow", parse_dates=["ordered_at"]
        )
        for file in files
    ]
    return pd.concat(frames, ignore_index=True)


def features(lines: pd.DataFrame) -> pd.DataFrame:
    bought = lines[lines["amount"] > 0]
    orders = bought.drop_duplicates(["customer_id", "order_id"]).groupby("customer_id", sort=False)
    times = bought.groupby("customer_id", sort=False)["ordered_at"].agg(["min", "max"])
    spend = (
        bought.groupby(["customer_id", "department"], sort=False, observed=True)["amount"]
        .sum()
        .round(2)
    )
    ranked = spend.reset_index().sort_values(["amount", "department"], ascending=[False, True])
    by_customer = ranked.groupby("customer_id", sort=False)
    customers = pd.DataFrame(
        {
            "frequency": orders.size(),
            "first": times["min"].dt.normalize(),
            "last": times["max"].dt.normalize(),
            "bought": by_customer["amount"].sum().round(2),
            "departments": by_customer.size(),
            "top_department": by_customer["department"].first(),
        }
    )
    customers["monetary"] = lines.groupby("customer_id", sort=False)["amount"].sum().round(2)
    as_of = lines["ordered_at"].max().normalize()
    return pd.DataFrame(
        {
            "customer_id": customers.index,
            "recency_days": (as_of - customers["last"]).dt.days.to_numpy(),
            "frequency": customers["frequency"].to_numpy(),
            "monetary": customers["monetary"].to_numpy(),
            "average_order_value": (customers["monetary"] / customers["frequency"]).to_numpy(),
            "longevity_days": (as_of - customers["first"]).dt.days.to_numpy(),
            "departments": customers["departments"].to_numpy(),
            "top_department": customers["top_department"].to_numpy(),
            "return_share": (1 - customers["monetary"] / customers["bought"]).to_numpy(),
        }
    )


def dimensions(customers: pd.DataFrame) -> pd.DataFrame:
    monetary, recency, longevity = (
        customers[name] for name in ("monetary", "recency_days", "longevity_days")
    )
    ranked = np.sort(monetary.to_numpy())[::-1]
    top, mid = (ranked[-(-len(ranked) * percent // 100) - 1] for percent in (20, 60))
    is_new = (customers["frequency"] <= 2) & (longevity <= 90)
    longevity_row = np.select([longevity <= 180, longevity <= 730], [0, 1], 2)
    recency_column = np.select(
        [recency <= 30, recency <= 90, recency <= 180, recency <= 365], [0, 1, 2, 3], 4
    )
    return customers.assign(
        lifecycle=np.select([is_new, recency <= 60], ["new", "active"], "churned"),
        shopper=np.select([monetary >= top, monetary >= mid], ["top", "mid"], "low"),
        longevity=np.array(list(TIERS))[longevity_row],
        recency=np.array(RECENCIES)[recency_column],
        value_tier=np.array(list(TIERS.values()))[longevity_row, recency_column],
    )


def matched(customers: pd.DataFrame) -> pd.DataFrame:
    lifecycle, shopper = customers["lifecycle"], customers["shopper"]
    return customers.assign(
        vip_reactivation=(lifecycle == "churned")
        & (shopper == "top")
        & (customers["recency_days"] <= 270),
        vip_nurturing=(lifecycle == "active")
        & (shopper == "top")
        & (customers["departments"] >= 2),
        core_reactivation=(lifecycle == "churned")
        & shopper.isin(["top", "mid"])
        & customers["value_tier"].isin(["t2", "t3"])
        & (customers["return_share"] <= 0.5),
        new_customers=lifecycle == "new",
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), csv="--csv" in sys.argv)
