"""Numbers are read however they are stored, and what is none is refused as one."""

from __future__ import annotations

from datetime import time as day_time
from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from harness import Segment
from lines import DAYS, RULES, stored

READ = {
    "categories": pl.Series(["1.5", "2"]).cast(pl.Categorical),
    "enum": pl.Series(["1.5", "2"]).cast(pl.Enum(["1.5", "2"])),
    "bytes": pl.Series([b"1.5", b"2"]),
    "decimal": pl.Series([Decimal("1.5"), Decimal(2)]),
    "float 32": pl.Series([1.5, 2], dtype=pl.Float32),
}
READ_AS_INTEGERS = {
    "128 bits": pl.Series([3, 2], dtype=pl.Int128),
    "unsigned 64 bits": pl.Series([3, 2], dtype=pl.UInt64),
    "8 bits": pl.Series([3, 2], dtype=pl.Int8),
}
REFUSED = {
    "Date": pl.Series(DAYS),
    "Duration(time_unit='us')": pl.Series([timedelta(1)] * 2),
    "Boolean": pl.Series([True, False]),
    "Time": pl.Series([day_time(3)] * 2),
    "Datetime(time_unit='us', time_zone=None)": pl.Series(DAYS).cast(pl.Datetime("us")),
}


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("amounts", "first"),
    [pytest.param(s, "1.50", id=n) for n, s in READ.items()]
    + [pytest.param(s, "3.00", id=n) for n, s in READ_AS_INTEGERS.items()],
)
@pytest.mark.parametrize("column", ["amount", "unit_price", "quantity"])
def test_numbers_are_read_however_they_are_stored(
    segment: Segment, amounts, first: str, column: str
) -> None:
    ones = pl.Series([1.0, 1.0])
    others = {"amount": {}, "unit_price": {"quantity": ones}, "quantity": {"unit_price": ones}}
    content = stored(**{column: amounts}, **others[column])
    rules = "version: 1\ncolumns: [monetary]\npersonas: {everyone: {match: {}}}\n"
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    written = (result.run / "personas" / "everyone.csv").read_text()
    assert written == f"customer_id,monetary\na,{first}\nb,2.00\n"


@pytest.mark.parametrize("held", REFUSED)
@pytest.mark.parametrize("column", ["amount", "quantity", "unit_price", "discount", "cost"])
def test_what_is_no_number_is_refused_as_one(segment: Segment, held: str, column: str) -> None:
    needed = {
        "amount": pl.Series([1.0, 2.0]),
        "quantity": pl.Series([1, 1]),
        "unit_price": pl.Series([1.0, 1.0]),
    }
    content = stored(**(needed | {column: REFUSED[held]}))
    rules = f"version: 1\nfeatures: {{read: {{sum: {column}}}}}\npersonas: {{p: {{match: {{}}}}}}\n"
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    assert (result.exit_code, result.err) == (
        3,
        f"t.parquet: {column}: the column {column} holds {held}, not numbers\n"
        "  Store numbers, or map another column: see `columns:` under sources.\n",
    )


def test_what_is_no_number_and_nothing_reads_stops_no_run(segment: Segment) -> None:
    rules = "version: 1\npersonas: {p: {match: {}}}\n"
    content = stored(amount=pl.Series([1.0, 2.0]), discount=pl.Series([True, False]))
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    assert (result.exit_code, result.err) == (0, "")


def test_bytes_that_are_no_text_and_numbers_beyond_64_bits_are_rejected(segment: Segment) -> None:
    for amounts in (pl.Series([b"\xff\xfe", b"2"]), pl.Series([2**70, 2], dtype=pl.Int128)):
        files = {"personas.yaml": RULES, "t.parquet": stored(amount=amounts)}
        result = segment("run", "t.parquet", "--out", "new", files=files)
        assert (result.exit_code, "1 of 2 rows is rejected" in result.err) == (0, True), result.err
