"""Dates: what is detected, how it is read, and what does not fit."""

# ruff: noqa: DTZ001 - canonical times are wall-clock times

from __future__ import annotations

import warnings
from datetime import date, datetime

import polars as pl
import pytest

from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import ISO, candidates, family, parse_moments

AT = datetime(2023, 1, 2, 15, 4)
READINGS = {
    "ISO date": ("2023-01-02", datetime(2023, 1, 2)),
    "ISO with a space": ("2023-01-02 15:04:05", datetime(2023, 1, 2, 15, 4, 5)),
    "ISO with a T": ("2023-01-02T15:04:05", datetime(2023, 1, 2, 15, 4, 5)),
    "ISO without seconds": ("2023-01-02T15:04", AT),
    "ISO with a fraction": ("2023-01-02 15:04:05.25", datetime(2023, 1, 2, 15, 4, 5, 250_000)),
    "ISO with Z": ("2023-01-02T15:04:00Z", datetime(2023, 1, 2, 16, 4)),
    "ISO with an offset": ("2023-01-02T23:30:00-0500", datetime(2023, 1, 3, 5, 30)),
    "ISO with a short offset": ("2023-01-02 15:04+00", datetime(2023, 1, 2, 16, 4)),
    "white space around": (" 2023-01-02 ", datetime(2023, 1, 2)),
}


@pytest.mark.parametrize(("text", "expected"), READINGS.values(), ids=list(READINGS))
def test_iso_text_is_read(text, expected):
    others = ["2023-05-05", text, None, "nonsense"]
    parsed = parse_moments(pl.Series(others, dtype=pl.String), ISO, Clock.of("Europe/Berlin"))
    assert parsed.to_list() == [datetime(2023, 5, 5), expected, None, None]


FORMATS = {
    "US with time": (["12/1/2010 8:26", "12/13/2010 18:26"], ["%m/%d/%Y %H:%M"]),
    "European with time": (["13/1/2010 8:26"], ["%d/%m/%Y %H:%M"]),
    "either": (["12/1/2010"], ["%m/%d/%Y", "%d/%m/%Y"]),
    "either, days that cannot tell": (["01/01/2010"], ["%m/%d/%Y", "%d/%m/%Y"]),
    "points": (["1.12.2010"], ["%d.%m.%Y"]),
    "packed": (["19970101"], ["%Y%m%d"]),
    "slashes, year first": (["2010/12/01"], ["%Y/%m/%d"]),
    "twelve hours": (["1/13/2023 3:04 PM"], ["%m/%d/%Y %I:%M %p"]),
    "two-digit years": (["13/1/23"], ["%d/%m/%y", "%y/%m/%d"]),
    "month names": (["1 Jan 2023", "12 May 2023"], ["%d %b %Y"]),
    "nearly all": (["13/1/2010"] * 9 + ["1/13/2010"], ["%d/%m/%Y"]),
    "seven digits are no date": (["1997011"], []),
}


@pytest.mark.parametrize(("texts", "expected"), FORMATS.values(), ids=list(FORMATS))
def test_format_is_detected(texts, expected):
    assert candidates(texts) == expected


def test_midnight_may_be_written_without_a_time():
    texts = pl.Series(["1/13/2023 8:26", "1/14/2023"])
    parsed = parse_moments(texts, family("%m/%d/%Y %H:%M"))
    assert parsed.to_list() == [datetime(2023, 1, 13, 8, 26), datetime(2023, 1, 14)]


H = "customer_id,ordered_at,amount\n"


def test_two_readings_are_decided_over_the_whole_column(reading):
    found = reading(H + "1,01/02/2023,1\n" * 9000 + "1,13/02/2023,1\n" + "1,01/02/2023,1\n" * 9000)
    assert found.rows["ordered_on"].unique().sort().to_list() == [
        date(2023, 2, 1),
        date(2023, 2, 13),
    ]
    assert found.notes == ("transactions: ordered_at is read as %d/%m/%Y",)


def test_two_readings_that_agree_on_every_row_are_one(reading):
    found = reading(H + "1,01/01/2023,1\n1,02/02/2023,1\n")
    assert found.rows["ordered_on"].to_list() == [date(2023, 1, 1), date(2023, 2, 2)]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("%d-%b-%y %I.%M.%S.%f %p", "25-JAN-23 10.33.21.500000 AM"),
        ("%d-%b-%y %I.%M.%S.%f %p", "25-JAN-23 10.33.21.5 AM"),
        ("%d-%b-%y %I.%M.%S%.f %p", "25-JAN-23 10.33.21.5 AM"),
        ("%d/%m/%Y %H:%M:%S;%f", "25/01/2023 10:33:21;500000"),
    ],
)
def test_a_fraction_of_a_second_is_declared_as_python_writes_it(reading, declared, text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = reading(H + f"1,{text},1\n", source={"date_format": declared})
    assert found.rows["ordered_at"].to_list() == [datetime(2023, 1, 25, 10, 33, 21, 500_000)]


def test_declared_format_is_the_only_one(reading):
    found = reading(H + "1,01/02/2023,1\n1,2023-02-01,1\n", source={"date_format": "%d/%m/%Y"})
    assert found.rows["ordered_on"].to_list() == [date(2023, 2, 1)]
    assert found.rejects["reason"].to_list() == ["date does not fit %d/%m/%Y"]


STORED = {
    "date": pl.Series([date(2023, 1, 2)]),
    "milliseconds": pl.Series([datetime(2023, 1, 2)], dtype=pl.Datetime("ms")),
    "nanoseconds": pl.Series([datetime(2023, 1, 2)], dtype=pl.Datetime("ns")),
    "with a time zone": pl.Series([datetime(2023, 1, 1, 23)]).dt.replace_time_zone("UTC"),
    "text": pl.Series(["02.01.2023"]),
    "categories": pl.Series(["2023-01-02"], dtype=pl.Categorical),
    "integers": pl.Series([20230102]),
}


@pytest.mark.parametrize("stored", STORED.values(), ids=list(STORED))
def test_stored_dates_of_any_type_are_read(reading, stored):
    rows = pl.DataFrame({"customer_id": [1], "date": stored, "amount": [2]})
    found = reading(rows, "t.parquet", timezone="Europe/Berlin")
    assert found.rows.select("ordered_at", "ordered_on").rows() == [
        (datetime(2023, 1, 2), date(2023, 1, 2))
    ]


@pytest.mark.parametrize("first", [1500, 2999], ids=["half of them", "one"])
@pytest.mark.parametrize("zone", ["-05:00", "Z"])
def test_a_zone_that_begins_late_is_said(reading, zone: str, first: int) -> None:
    """Behind the sample, too: moments with a zone are moved, and nobody says in which one days are."""
    late = range(first, first + 1) if first == 2999 else range(first, 3000)
    rows = [
        f"a,2025-01-{n % 27 + 1:02}T23:30:00{zone if n in late else ''},1\n" for n in range(3000)
    ]
    rows += [f"a,2025-01-{n % 27 + 1:02}T23:30:00,1\n" for n in range(1500)]
    found = reading("customer_id,ordered_at,amount\n" + "".join(rows))
    said = "transactions: the moments of ordered_at carry a zone and no `timezone` is declared"
    assert any(note.startswith(said) for note in found.notes), found.notes
    assert found.count.rows_rejected == 0
