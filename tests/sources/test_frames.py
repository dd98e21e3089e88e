"""A frame is read as the Parquet file of its rows is, and as the CSV file of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources import explained, read
from segmentation.sources.files.content import fingerprint
from segmentation.sources.frames.content import WHOLE, content_of
from segmentation.sources.frames.given import sources_given

BERLIN_IN_SUMMER = timezone(timedelta(hours=2))
DAYS = ["2026-01-05", "2026-01-06", "2026-01-07"]
IDS = ["a", "b", "c"]


def orders(**columns: object) -> pl.DataFrame:
    """Three lines of three customers, some columns of which are others."""
    given = {"customer_id": IDS, "ordered_at": DAYS, "amount": [1.5, 2.0, -3.25]} | columns
    return pl.DataFrame({name: cells for name, cells in given.items() if cells is not None})


def series(cells: list[object], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    return pl.Series(cells, dtype=dtype)


#: what a frame of transactions holds
FRAMES = {
    "plain": orders(),
    "dates as text": orders(ordered_at=["5.1.2026", "16.1.2026", "2026"]),
    "dates": orders(ordered_at=[date(2026, 1, 5), None, date(2026, 1, 7)]),
    "moments": orders(ordered_at=[datetime.fromisoformat("2026-01-05T23:59"), None, None]),
    "moments of a zone": orders(ordered_at=[datetime(2026, 7, 1, 1, tzinfo=BERLIN_IN_SUMMER)] * 3),
    "decimals": orders(amount=[Decimal("1.25"), Decimal("0.01"), None]),
    "amounts as text": orders(amount=["1,50", "n/a", "3,00"]),
    "whole amounts": orders(amount=[1, None, 3]),
    "integer ids": orders(customer_id=[7, None, 9]),
    "small integer ids": orders(customer_id=series([7, 8, 7], pl.UInt8)),
    "ids as floats": orders(customer_id=[17850.0, None, 12.0]),
    "text ids": orders(customer_id=["007", "7", " "]),
    "a letter after the sample": pl.DataFrame(
        {
            "customer_id": [*map(str, range(1, 2000)), "x1", *map(str, range(2000, 4001))],
            "ordered_at": "2026-01-05",
            "amount": 1.0,
        }
    ),
    "categories": orders(
        customer_id=series(["a", "b", None], pl.Categorical),
        dept=series(["x", "y", "x"], pl.Categorical),
    ),
    "ids of 128 bits": orders(customer_id=series([7, 2**100, None], pl.Int128)),
    "amounts of 128 bits": orders(amount=series([7, 2**100, None], pl.UInt128)),
    "numbers of 128 bits": orders(size=series([7, 2**100, None], pl.Int128)),
    "a day without end": orders(customer_id=series([2**31 - 1, 1, 2], pl.Int32).cast(pl.Date)),
    "an enum": orders(dept=series(["x", "y", None], pl.Enum(["x", "y"]))),
    "a list": orders(tags=[["x"], [], None]),
    "a duration": orders(took=[timedelta(days=1)] * 3),
    "yes and no": orders(gift=[True, None, False]),
    "bytes": orders(customer_id=[b"a", b"\xff", None]),
    "rows of nobody": orders(customer_id=["a", None, None]),
}
#: what CSV has no cells for, or other ones
NOT_IN_CSV = {"a list", "a duration", "bytes", "a day without end"}

Reading = Callable[..., Any]  # `read_all` of conftest


def frame_of(rows: pl.DataFrame | pl.LazyFrame) -> Source:
    [source] = sources_given({"transactions": rows})["transactions"]
    return source


def said(found: Any) -> tuple[object, ...]:
    """What is counted and rejected, but for the names of files."""
    one = found.count
    aside = one.rows_read, one.rows_used, one.rows_rejected, one.rows_set_aside, one.last_day
    return *aside, found.rejects.select("line", "reason", "raw").rows(), found.notes


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("is_lazy", [False, True], ids=["eager", "lazy"])
@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_reads_as_the_parquet_file_of_its_rows(
    name: str, is_lazy: bool, read_all: Reading, written: Callable[..., Path]
) -> None:
    rows = FRAMES[name]
    path = written(rows, "t.parquet")
    frame = read_all("transactions", frame_of(pl.scan_parquet(path) if is_lazy else rows))
    file = read_all("transactions", Source(path=str(path)))
    assert_frame_equal(frame.rows, file.rows)
    assert said(frame) == said(file)


@pytest.mark.parametrize("name", sorted(FRAMES.keys() - NOT_IN_CSV))
def test_a_frame_reads_as_the_csv_file_of_its_rows(
    name: str, read_all: Reading, written: Callable[..., Path]
) -> None:
    rows = FRAMES[name]
    frame = read_all("transactions", frame_of(rows))
    file = read_all("transactions", Source(path=str(written(rows.write_csv()))))
    as_text = pl.all().cast(pl.String)
    assert_frame_equal(frame.rows.select(as_text), file.rows.select(as_text))
    assert said(frame)[:5] == said(file)[:5]
    rejected = frame.rejects.with_columns(pl.col("line") + 1).select("line", "reason")  # a header
    assert_frame_equal(rejected, file.rejects.select("line", "reason"))


def test_a_frame_without_rows_is_no_transactions(read_all: Reading) -> None:
    with pytest.raises(InputError, match="frame transactions: the frame has no rows"):
        read_all("transactions", frame_of(orders().clear()))


def test_rejects_name_the_frame_and_the_row(read_all: Reading) -> None:
    rows = orders(amount=["1", "2", "many"])
    [one] = read_all("transactions", frame_of(rows)).rejects.rows(named=True)
    assert one == {
        "table": "transactions",
        "file": "frame transactions",
        "line": 3,
        "reason": "amount is not a number",
        "raw": '{"customer_id": "c", "ordered_at": "2026-01-07", "amount": "many"}',
    }


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128])
def test_whole_numbers_of_any_width_are_ids(dtype: type[pl.DataType], read_all: Reading) -> None:
    ids = pl.Series([7, 2**100, None], dtype=dtype)
    found = read_all("transactions", frame_of(orders(customer_id=ids)))
    assert found.rows["customer_id"].to_list() == ["7", str(2**100)]


def test_several_frames_of_other_columns_stand_beside_files(
    read_all: Reading, written: Callable[..., Path]
) -> None:
    path = written(orders(customer_id=[4, 5, 6]), "t.parquet")
    frames = orders(), orders(customer_id=[1, 2, 3], dept=["x", "y", "z"])
    given = sources_given({"transactions": [frames[0], path, frames[1].lazy()]})["transactions"]
    found = read_all("transactions", *given)
    assert [c.path for c in found.counts] == [
        "frame transactions 1",
        str(path),
        "frame transactions 2",
    ]
    assert found.rows["customer_id"].to_list() == [*"abc456123"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            orders(amount=None, amuont=[1.0, 2.0, 3.0]),
            "Say which: rename amuont to amount in the frame",
        ),
        (
            orders(amount=None, total=[1.0] * 3, sales=[1.0] * 3),
            "Choose one: rename total to amount in the frame",
        ),
    ],
    ids=["none", "two"],
)
def test_a_column_that_is_not_found_is_to_be_renamed(
    rows: pl.DataFrame, said: str, read_all: Reading
) -> None:
    with pytest.raises(InputError) as caught:
        read_all("transactions", frame_of(rows))
    assert said in str(caught.value)


NO_KEYS = {
    "numbers with commas": (
        orders(amount=["1,234", "2", "3"]),
        "Make numbers of the column in the frame: with a point for the comma where it marks decimals, else "
        "without it.",
    ),
    "dates of no known format": (
        orders(ordered_at=["soon"] * 3),
        "Make dates of the column ordered_at in the frame, for instance by '%d.%m.%Y %H:%M'.",
    ),
    "dates of two formats": (
        orders(ordered_at=["01/02/2026"] * 3),
        "Make dates of the column ordered_at in the frame: by '%m/%d/%Y' or by '%d/%m/%Y'.",
    ),
    "yes and no as amounts": (
        orders(amount=[True] * 3),
        "Store numbers, or drop it and rename another column to amount in the frame.",
    ),
    "nobody's rows": (
        orders(customer_id=[" "] * 3),
        "customer_id is read from customer_id; if that is wrong, drop it and rename another column to customer_id "
        "in the frame.",
    ),
}


@pytest.mark.parametrize("name", NO_KEYS)
def test_how_to_mend_a_frame_names_nothing_that_only_rules_have(
    name: str, read_all: Reading
) -> None:
    rows, mend = NO_KEYS[name]
    with pytest.raises(InputError) as caught:
        read_all("transactions", frame_of(rows))
    assert [problem.mend for problem in caught.value.problems] == [mend]


# -- other libraries ------------------------------------------------------------------------------

ELSEWHERE = {
    "a table of pyarrow": pa.table(orders()),
    "a stream of pyarrow": pa.table(orders()).to_reader(),
    "a relation of DuckDB": duckdb.sql(
        "select 'a' customer_id, 1.5 amount, date '2026-01-05' ordered_at"
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_whatever_hands_over_arrow_is_a_frame(name: str, read_all: Reading) -> None:
    found = read_all("transactions", frame_of(ELSEWHERE[name]))  # type: ignore[arg-type]
    again = read_all("transactions", frame_of(pl.DataFrame(orders())))
    assert found.rows.row(0, named=True) == again.rows.row(0, named=True)


#: what Polars cannot take, and what it raises then
UNTAKEN = {
    "two columns of one name": (
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["id", "id"]),
        "the Table cannot be taken over (DuplicateError)",
    ),
    "an interval": (
        duckdb.sql("select 'a' customer_id, interval '1 day' took"),
        "the DuckDBPyRelation cannot be taken over (PanicException)",
    ),
    "decimals of 256 bits": (
        pa.table({"amount": pa.array([1], type=pa.decimal256(50, 2))}),
        "the Table cannot be taken over (PanicException)",
    ),
}


@pytest.mark.parametrize("name", UNTAKEN)
def test_what_polars_cannot_take_over_is_an_error_of_ours(name: str) -> None:
    rows, what = UNTAKEN[name]
    with pytest.raises(InputError) as caught:
        frame_of(rows)  # type: ignore[arg-type]
    assert (caught.value.problems[0].what, caught.value.problems[0].where) == (
        what,
        "frame transactions",
    )


# -- lazily ---------------------------------------------------------------------------------------


def counting(rows: pl.DataFrame) -> tuple[pl.LazyFrame, list[int]]:
    """A plan, and how many rows it was asked for each time."""
    asked: list[int] = []

    def seen(batch: pl.DataFrame) -> pl.DataFrame:
        asked.append(batch.height)
        return batch

    return rows.lazy().map_batches(seen, schema=rows.schema), asked


def test_a_lazy_frame_is_not_computed_when_it_is_named() -> None:
    lazy, asked = counting(orders())
    assert frame_of(lazy).frame is lazy
    assert asked == []


def test_a_lazy_frame_is_read_again_where_ids_turn_out_to_be_text(read_all: Reading) -> None:
    lazy, asked = counting(FRAMES["a letter after the sample"])
    found = read_all("transactions", frame_of(lazy))
    assert (found.rows["customer_id"].dtype, found.rows.height) == (pl.String, 4001)
    assert len(asked) > 2


def test_only_the_columns_that_are_read_are_computed(
    read_all: Reading, written: Callable[..., Path]
) -> None:
    path = written(orders(wide=["x" * 99] * 3), "t.parquet")
    table = read("transactions", [frame_of(pl.scan_parquet(path))], cutoff=None, needs=())
    assert "PROJECT 3/4 COLUMNS" in table.rows.explain()


def read_through(rows: pl.LazyFrame) -> None:
    table = read("transactions", [frame_of(rows)], cutoff=None)
    with explained([table]):
        table.rows.collect(engine="streaming")


@pytest.mark.parametrize("fails_at", [2, 3000], ids=["in the sample", "after it"])
def test_a_plan_that_fails_is_an_error_that_names_the_frame(
    fails_at: int, read_all: Reading
) -> None:
    amounts = ["1"] * 5000
    amounts[fails_at] = "x"
    rows = pl.LazyFrame({"customer_id": "a", "ordered_at": "2026-01-05", "amount": amounts})
    broken = rows.with_columns(pl.col("amount").cast(pl.Int64))
    with pytest.raises(InputError) as caught:
        read_through(broken)
    assert str(caught.value) == (
        "frame transactions: the frame cannot be computed (InvalidOperationError)\n"
        "  Compute it yourself to see why: frame.collect()."
    )


AT = 3000  # a row beyond what is sampled


def inverse(number: int) -> float:
    if number == 0:
        raise ZeroDivisionError
    return 1 / number


def whole_only(rows: pl.DataFrame) -> pl.DataFrame:
    if rows.height > 1:
        raise ValueError("never said")
    return rows


LONG = pl.LazyFrame(
    {
        "customer_id": "1",
        "ordered_at": "01/02/2026",
        "amount": [*[1] * AT, 0, *[1] * AT],
        "iso": "2026-02-01",
    }
).with_columns(inverse=pl.col("amount").map_elements(inverse, return_dtype=pl.Float64))
ISO_DAYS = pl.col("iso").alias("ordered_at")
RAISING = {
    "in a column that is read": (
        LONG.with_columns(ISO_DAYS, amount="inverse"),
        "ZeroDivisionError",
    ),
    "in one that is not": (LONG.with_columns(ISO_DAYS), "ZeroDivisionError"),
    "where the order of days is looked for": (
        LONG.with_columns(ordered_at=pl.when(pl.col("inverse") > 0).then("ordered_at")),
        "ZeroDivisionError",
    ),
    "in a function of rows": (
        LONG.drop("inverse").map_batches(whole_only, schema=LONG.drop("inverse").collect_schema()),
        "ValueError",
    ),
}


def count_through(rows: pl.LazyFrame, read_all: Reading) -> None:
    with explained([read("transactions", [frame_of(rows)], cutoff=None)]):
        read_all("transactions", frame_of(rows))


@pytest.mark.parametrize("name", RAISING)
def test_a_function_in_a_plan_that_raises_is_an_error_that_names_the_frame(
    name: str, read_all: Reading
) -> None:
    rows, error = RAISING[name]
    with pytest.raises(InputError) as caught:
        count_through(rows, read_all)
    assert str(caught.value) == (
        f"frame transactions: the frame cannot be computed ({error})\n"
        "  Compute it yourself to see why: frame.collect()."
    )


def test_what_else_is_raised_beside_a_frame_is_not_its_fault() -> None:
    with (
        pytest.raises(ZeroDivisionError),
        explained([read("transactions", [frame_of(orders())], cutoff=None)]),
    ):
        inverse(0)


# -- what tells two frames apart ------------------------------------------------------------------


def print_of(rows: pl.DataFrame) -> str | None:
    return fingerprint([content_of("t", rows.lazy(), dict(rows.schema))])


LARGE = pl.DataFrame({"id": range(3 * WHOLE)})


@pytest.mark.parametrize(
    "other",
    [
        orders(amount=[1.5, 2.0, -3.26]),
        orders(amount=[1.5, 2.0, None]),
        orders().rename({"amount": "Amount"}),
        orders().with_columns(pl.col("amount").cast(pl.Float32)),
        orders().reverse(),
        orders().head(2),
        orders().clear(),
    ],
    ids=["a cell", "a null", "a name", "a type", "the order", "fewer rows", "none"],
)
def test_frames_that_differ_have_other_fingerprints(other: pl.DataFrame) -> None:
    assert print_of(other) != print_of(orders())


@pytest.mark.parametrize("row", [0, 3 * WHOLE - 1])
def test_the_ends_of_a_large_frame_are_looked_at(row: int) -> None:
    other = LARGE.with_columns(pl.when(pl.col("id") != row).then("id"))
    assert print_of(other) != print_of(LARGE)


@pytest.mark.parametrize("name", FRAMES)
def test_the_same_rows_have_the_same_fingerprint_however_they_came_together(name: str) -> None:
    rows = FRAMES[name]
    pieces = pl.concat([rows.head(1), rows.slice(1)], rechunk=False)
    assert print_of(pieces) == print_of(rows)
    assert (print_of(rows) or "").partition("-")[0] == str(rows.height)


def test_the_fingerprint_of_a_frame_is_the_same_on_every_day_and_machine() -> None:
    assert print_of(orders()) == "3-bbc239bfcc40e943"


def test_objects_of_python_are_no_content() -> None:
    rows = [orders(what=pl.Series([object()] * 3, dtype=pl.Object)) for _ in range(2)]
    assert print_of(rows[0]) == print_of(rows[1])
