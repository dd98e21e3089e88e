"""What can be text, an id, a number or a day is read however it is stored; what cannot is refused as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time as day_time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment
from lines import DAYS, RULES, stored

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources import read
from segmentation.sources.frames.given import sources_given

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
    orders = pl.Series(["a", "b"])
    content = stored(
        order_id=orders, amount=pl.Series([1.0, 2.0]), discount=pl.Series([True, False])
    )
    result = segment("run", "t.parquet", files={"personas.yaml": rules, "t.parquet": content})
    assert (result.exit_code, result.err) == (0, "")


def test_bytes_that_are_no_text_and_numbers_beyond_64_bits_are_rejected(segment: Segment) -> None:
    for amounts in (pl.Series([b"\xff\xfe", b"2"]), pl.Series([2**70, 2], dtype=pl.Int128)):
        files = {"personas.yaml": RULES, "t.parquet": stored(amount=amounts)}
        result = segment("run", "t.parquet", "--out", "new", files=files)
        assert (result.exit_code, "1 of 2 rows is rejected" in result.err) == (0, True), result.err


# -- every type in every column -------------------------------------------------------------------

#: a type -> its cells, and what they can be read as
TYPES: dict[str, tuple[pl.Series, set[str]]] = {
    "text": (pl.Series(["20260105", "20260106"]), {"text", "number", "date", "compared"}),
    "categories": (
        pl.Series(["20260105", None], dtype=pl.Categorical),
        {"text", "number", "date", "compared"},
    ),
    "bytes": (pl.Series([b"20260105", b"\xff"]), {"text", "number", "date"}),
    "integers": (pl.Series([20260105, None]), {"text", "number", "date", "compared"}),
    "128 bits": (
        pl.Series([20260105, 20260106], dtype=pl.Int128),
        {"text", "number", "date", "compared"},
    ),
    "floats": (pl.Series([44951.0, 44968.5]), {"text", "number", "date", "compared"}),
    "16-bit floats": (
        pl.Series([44960.0, 44992.0], dtype=pl.Float16),
        {"text", "number", "date", "compared"},
    ),
    "decimals": (pl.Series([Decimal("44951.5"), None]), {"text", "number", "date", "compared"}),
    "yes and no": (pl.Series([True, None]), {"text", "compared"}),
    "times": (pl.Series([day_time(3), None]), {"text", "compared"}),
    "days": (pl.Series(DAYS), {"text", "date", "compared"}),
    "days of no calendar": (
        pl.Series([2**31 - 1, 20_000], dtype=pl.Int32).cast(pl.Date),
        {"text", "date", "compared"},
    ),
    "moments of no calendar": (
        pl.Series([2**63 - 1, 10**15]).cast(pl.Datetime("us")),
        {"text", "date", "compared"},
    ),
    "nothing": (pl.Series([None, None]), {"text", "number", "date", "compared"}),
    "durations": (pl.Series([timedelta(1)] * 2), set()),
    "lists": (pl.Series([["a"], []]), set()),
    "structs": (pl.Series([{"a": 1}] * 2), set()),
    "objects": (pl.Series([object(), None], dtype=pl.Object), set()),
}
#: a column of a table -> what it is read as; `compared` columns have no meaning of their own
COLUMNS: dict[tuple[str, str], str] = {
    ("transactions", "customer_id"): "text",
    ("transactions", "ordered_at"): "date",
    ("transactions", "order_id"): "text",
    ("transactions", "product_id"): "text",
    ("transactions", "department"): "text",
    ("transactions", "amount"): "number",
    ("transactions", "discount"): "number",
    ("transactions", "size"): "compared",
    ("customers", "customer_id"): "text",
    ("customers", "city"): "compared",
    ("products", "product_id"): "text",
    ("products", "collection"): "text",
    ("products", "launched_at"): "date",
    ("products", "cost"): "number",
    ("events", "customer_id"): "text",
    ("events", "occurred_at"): "date",
    ("events", "event"): "text",
    ("events", "campaign"): "text",
}
ROWS: dict[str, dict[str, Any]] = {
    "transactions": {"customer_id": ["a", "b"], "ordered_at": DAYS, "amount": [1, 2]},
    "customers": {"customer_id": ["a", "b"]},
    "products": {"product_id": ["x", "y"]},
    "events": {"customer_id": ["a", "b"], "occurred_at": DAYS, "event": "click"},
}
INSTEAD = {
    "text": ("", "Store one text or number per row."),
    "date": (", not dates", "Store dates, timestamps or text."),
    "number": (", not numbers", "Store numbers"),
}


def with_column(table: str, column: str, cells: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(ROWS[table]).with_columns(cells.alias(column))


def columns_of(table: str, source: Source) -> list[str]:
    """The columns of the rows that are read."""
    rows = read(table, [source], cutoff=None).rows.collect(engine="streaming")  # type: ignore[arg-type]
    return rows.columns


@pytest.mark.sampled(every=7)
@pytest.mark.parametrize("way", ["frame", "parquet"])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_type_is_read_as_what_it_can_be_and_else_refused(
    table: str, column: str, way: str, tmp_path: Path
) -> None:
    use = COLUMNS[table, column]
    for name, (cells, uses) in TYPES.items():
        rows = with_column(table, column, cells)
        if way == "parquet" and name == "objects":
            continue
        if way == "parquet":
            rows.write_parquet(tmp_path / f"{name}.parquet")
        given = rows if way == "frame" else tmp_path / f"{name}.parquet"
        [source] = sources_given({table: given})[table]  # type: ignore[index]
        if use in uses:
            assert column in columns_of(table, source), name
        elif use == "compared":
            assert column not in columns_of(table, source), name
        else:
            with pytest.raises(InputError) as caught:
                columns_of(table, source)
            [problem] = caught.value.problems
            otherwise, mend = INSTEAD[use]
            held = f"{column}: the column {column} holds {cells.dtype}{otherwise}"
            assert (problem.what, problem.mend.startswith(mend)) == (held, True)


@pytest.mark.parametrize(
    ("table", "column"), [("transactions", "department"), ("products", "collection")]
)
def test_a_type_that_is_no_text_stops_nobody_who_does_not_need_it(table: str, column: str) -> None:
    rows = with_column(table, column, TYPES["durations"][0])
    [source] = sources_given({table: rows})[table]  # type: ignore[index]
    found = read(table, [source], cutoff=None, needs=())  # type: ignore[arg-type]
    assert column not in found.rows.collect(engine="streaming").columns


@pytest.mark.parametrize(
    ("cells", "ids"),
    [
        pytest.param(pl.Series([b"\xff", b"a"]), [None, "a"], id="bytes that are no text"),
        pytest.param(TYPES["days of no calendar"][0], [None, "2024-10-04"], id="a day of none"),
        pytest.param(pl.Series([2**100, 7], dtype=pl.Int128), [str(2**100), "7"], id="128 bits"),
    ],
)
def test_ids_are_read_again_as_text_whatever_they_are_stored_as(
    cells: pl.Series, ids: list[str | None], read_all: Callable[..., Any]
) -> None:
    rows = with_column("transactions", "product_id", cells)
    [source] = sources_given(
        {"transactions": rows.with_columns(customer_id=pl.Series([1.5, 2.0]))}
    )["transactions"]
    found = read_all("transactions", source)
    assert found.rows["customer_id"].to_list() == ["1.5", "2"]
    assert found.rows["product_id"].to_list() == ids
