"""Three thousand lines of 400 customers, as CSV and as Parquet, whole and damaged: what tests of files share."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

import polars as pl
import pyarrow.parquet as pq
from shop import EVERYONE

RULES = f"{EVERYONE}columns: [frequency, monetary, top_department]\n"

HEAD = "customer_id,ordered_at,amount,department"

ROWS = 3000


def lines() -> pl.DataFrame:
    dice = random.Random(7)
    return pl.DataFrame(
        {
            "customer_id": [f"c{dice.randrange(400):03d}" for _ in range(ROWS)],
            "ordered_at": [date(2024, 1, 1) + timedelta(dice.randrange(300)) for _ in range(ROWS)],
            "amount": [dice.randrange(100, 9999) / 100 for _ in range(ROWS)],
            "department": [dice.choice(["Men", "Women", "Kids"]) for _ in range(ROWS)],
        }
    )


LINES = lines()


def with_checksums(compression: str = "snappy") -> bytes:
    file = io.BytesIO()
    pq.write_table(
        LINES.to_arrow(),
        file,
        compression=compression,
        write_page_checksum=True,
        row_group_size=1000,
    )
    return file.getvalue()


def without_checksums() -> bytes:
    file = io.BytesIO()
    LINES.write_parquet(file, compression="zstd", row_group_size=1000)
    return file.getvalue()


def csv(rows: pl.DataFrame = LINES) -> bytes:
    return rows.write_csv().encode()


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def footer_at(content: bytes) -> int:
    return len(content) - 8 - int.from_bytes(content[-8:-4], "little")


PLAIN = without_checksums()


DAYS = [date(2024, 1, 1), date(2024, 1, 2)]


def stored(**columns: pl.Series) -> bytes:
    file = io.BytesIO()
    pl.DataFrame({"customer_id": ["a", "b"], "ordered_at": DAYS, **columns}).write_parquet(file)
    return file.getvalue()
