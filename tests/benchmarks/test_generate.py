"""The invented data: the same for the same seed, with the ids and departments that were asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys
import uuid
from argparse import Namespace
from pathlib import Path

import polars as pl
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def generated(folder: Path, *options: str) -> Path:
    command = [
        BENCHMARKS / "generate.py",
        folder,
        "--lines",
        "3000",
        "--customers",
        "200",
        *options,
    ]
    subprocess.run([sys.executable, *command], check=True)
    return folder / "transactions-000.parquet"


OPTIONS = {
    "uuid": ["--ids", "uuid"],
    "skewed": ["--departments", "3000", "--skewed"],
    "shuffled": ["--shuffle"],
}


@pytest.mark.deep
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_one_seed_gives_the_same_bytes(tmp_path: Path, options: list[str]) -> None:
    once = generated(tmp_path / "once", *options).read_bytes()
    assert generated(tmp_path / "again", *options).read_bytes() == once
    assert generated(tmp_path / "other", *options, "--seed", "7").read_bytes() != once


@pytest.mark.deep
def test_uuids_stand_for_the_numbers(tmp_path: Path) -> None:
    numbers = pl.read_parquet(generated(tmp_path / "numbers"))
    written = pl.read_parquet(generated(tmp_path / "uuids", "--ids", "uuid"))
    for column in ("customer_id", "order_id"):
        pairs = pl.DataFrame([numbers[column], written[column].alias("uuid")]).unique()
        assert len(pairs) == pairs[column].n_unique() == pairs["uuid"].n_unique()
        ids = [uuid.UUID(text) for text in pairs["uuid"]]
        assert [str(one) for one in ids] == pairs["uuid"].to_list()
        assert {(one.version, one.variant) for one in ids} == {(4, uuid.RFC_4122)}
    others = ["ordered_at", "department", "quantity", "amount"]
    assert written.select(others).equals(numbers.select(others))


@pytest.mark.parametrize(("number", "skewed"), [(12, False), (30, False), (3000, True)])
def test_every_department_has_products(
    monkeypatch: pytest.MonkeyPatch, number: int, skewed: bool
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    generate = importlib.import_module("generate")
    options = Namespace(departments=number, skewed=skewed, seed=2026)
    products = generate.departments_of_products(options)
    sizes = products.value_counts()["count"].sort(descending=True)
    assert (len(products), len(sizes)) == (generate.PRODUCTS + 1, number)
    largest, typical = sizes[0], sizes.median()
    assert (largest > 100 * typical) if skewed else (largest <= typical + 1)
