"""The quirks of real files (../shared/data/README.md) survive; figures are those of its table."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from segmentation.rules.sources import Source


@pytest.fixture
def retail(shared_data):
    return shared_data / "online_retail_ii" / "year_2009_2010.parquet"


def test_online_retail_needs_no_mapping(retail, read_all):
    found = read_all("transactions", Source(path=str(retail)))
    assert found.count.rows_read == 525_461
    assert found.count.rows_set_aside == {"no customer": 107_927}
    assert found.count.rows_rejected == 0
    assert found.rows["customer_id"].n_unique() == 4_383
    assert found.rows["ordered_on"].max() == date(2010, 12, 9)


def disguised(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, str]:
    if name == "floats":
        return frame.with_columns(pl.col("CustomerID").cast(pl.Float64)), ","
    if name == "US dates":
        return frame.with_columns(pl.col("InvoiceDate").dt.strftime("%-m/%-d/%Y %-H:%M")), ","
    return frame.with_columns(
        pl.col("UnitPrice").cast(pl.String).str.replace(".", ",", literal=True)
    ), ";"


@pytest.mark.deep
@pytest.mark.parametrize("name", ["floats", "US dates", "decimal commas"])
def test_online_retail_as_csv_in_disguise_is_the_same(retail, read_all, tmp_path, name):
    frame, separator = disguised(pl.read_parquet(retail), name)
    path = tmp_path / "t.csv"
    frame.write_csv(path, separator=separator)
    expected = read_all("transactions", Source(path=str(retail)))
    found = read_all("transactions", Source(path=str(path)))
    assert_frame_equal(found.rows, expected.rows, check_column_order=False, check_row_order=False)
    assert found.count.rows_set_aside == expected.count.rows_set_aside


def test_complete_journey_needs_only_its_sum_of_discounts(shared_data, read_all):
    folder = shared_data / "complete_journey"
    columns = {"customer_id": "household_id", "discount": "retail_disc + coupon_disc"}
    source = Source(path=str(folder / "transactions_sample.csv"), columns=columns)
    found = read_all("transactions", source)
    assert (found.count.rows_used, found.rows["customer_id"].n_unique()) == (75_000, 2_377)
    products = read_all("products", Source(path=str(folder / "products.parquet")))
    unknown = found.rows.join(products.rows, on="product_id", how="anti")
    assert len(unknown) == 222


def test_cdnow_keeps_its_zeros(shared_data, reading):
    lines = (shared_data / "cdnow" / "CDNOW_master.txt").read_text().splitlines()
    found = reading("".join(",".join(line.split()) + "\n" for line in lines if line.strip()))
    assert found.count.rows_used == 69_659
    assert found.rows["customer_id"].n_unique() == 23_570
    assert found.rows["customer_id"][0] == "00001"
    assert (found.rows["amount"] == 0).sum() == 80
