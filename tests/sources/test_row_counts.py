"""What was counted in a file's bytes and what was read are one number, or the run ends."""

from __future__ import annotations

import polars as pl
import pytest

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources import input_count, read

ROWS = "customer_id,ordered_at,amount\na,2024-01-01,1\nb,2024-01-01,2\nc,2024-01-01,3\n"


@pytest.mark.parametrize("difference", [-1, 0, 1])
def test_rows_counted_are_rows_read(written, difference: int) -> None:
    path = written(ROWS)
    [tally] = read("transactions", (Source(path=str(path)),), cutoff=None).tallies
    collected = tally.counts.collect().with_columns(pl.col("rows_read") + difference)
    if not difference:
        assert input_count(tally, collected).rows_read == 3
        return
    with pytest.raises(InputError) as caught:
        input_count(tally, collected)
    assert str(caught.value) == (
        f"{path}: 3 rows were counted and {3 + difference} read\n"
        "  Did the file change meanwhile? Run again; if it stays so, it is a bug of ours."
    )


def test_the_files_of_a_source_are_counted_together(written, tmp_path) -> None:
    written(ROWS, "in/a.csv")
    written(ROWS, "in/b.csv")
    source = Source(path=str(tmp_path / "in/*.csv"))
    [tally] = read("transactions", (source,), cutoff=None).tallies
    collected = tally.counts.collect()
    assert input_count(tally, collected).rows_read == 6
    with pytest.raises(InputError, match="6 rows were counted and 3 read"):
        input_count(tally, collected.with_columns(pl.col("rows_read") - 3))
