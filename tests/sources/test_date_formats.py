"""Every way to write dates that is read: what comes of it, what is said of it, and that it can be declared."""

# ruff: noqa: DTZ001 - canonical times are wall-clock times

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
import pytest
from harness import Segment

DAYS = [datetime(2023, 1, 25), datetime(2023, 2, 11), datetime(2023, 3, 2)]
MOMENTS = [datetime(2023, 1, 25, 10, 33), datetime(2023, 2, 11, 23, 45), datetime(2023, 3, 2)]
WITH_SECONDS = [datetime(2023, 1, 25, 10, 33, 21), *MOMENTS[1:]]
IN_NEW_YORK = [datetime(2023, 1, 25, 15, 33), datetime(2023, 2, 12, 4, 45), datetime(2023, 3, 2, 5)]
NO_ZONE = "transactions: the moments of ordered_at carry a zone and no `timezone` is declared: days are of UTC"
OF_UTC = (
    "transactions: ordered_at counts from a moment of UTC and no `timezone` is declared: "
    "days are of UTC"
)
AS_SECONDS = "transactions: the numbers of ordered_at are read as seconds since 1970"

#: what stands there, which moments it is, the format that is said
TEXTS: dict[str, tuple[Sequence[str], Sequence[datetime], str]] = {
    "ISO with AM and PM": (
        ["2023-01-25 10:33:00 AM", "2023-02-11 11:45:00 PM", "2023-03-02 12:00:00 AM"],
        MOMENTS,
        "%Y-%m-%d %I:%M:%S %p",
    ),
    "a comma before the time": (
        ["25.01.2023, 10:33", "11.02.2023, 23:45", "02.03.2023, 00:00"],
        MOMENTS,
        "%d.%m.%Y, %H:%M",
    ),
    "a comma after the year": (
        ["Jan 25, 2023, 10:33 AM", "Feb 11, 2023, 11:45 PM", "Mar 2, 2023, 12:00 AM"],
        MOMENTS,
        "%b %d, %Y, %I:%M %p",
    ),
    "a narrow blank before AM": (
        ["1/25/23, 10:33\u202fAM", "2/11/23, 11:45\u202fPM", "3/2/23, 12:00\u202fAM"],
        MOMENTS,
        "%m/%d/%y, %I:%M %p",
    ),
    "the time first": (
        ["10:33 25/01/2023", "23:45 11/02/2023", "00:00 02/03/2023"],
        MOMENTS,
        "%H:%M %d/%m/%Y",
    ),
    "words of Mercado Libre": (
        [
            "25 de enero de 2023 10:33 hs.",
            "11 de febrero de 2023 23:45 hs.",
            "2 de marzo de 2023 00:00 hs.",
        ],
        MOMENTS,
        "%d %b %Y %H:%M",
    ),
    "hours with their sign": (
        ["25.01.2023 10:33h", "11.02.2023 23:45 h", "02.03.2023 00:00 Uhr"],
        MOMENTS,
        "%d.%m.%Y %H:%M",
    ),
    "days without signs": (["25012023", "11022023", "02032023"], DAYS, "%d%m%Y"),
    "months first without signs": (["01252023", "02112023", "03022023"], DAYS, "%m%d%Y"),
    "Dutch": (["wo 25 januari 2023", "11 februari 2023", "2 mrt 2023"], DAYS, "%d %b %Y"),
    "Polish": (["25 stycznia 2023", "sobota, 11 lutego 2023", "2 mar 2023"], DAYS, "%d %b %Y"),
    "weekdays": (
        ["Wed, 25 Jan 2023", "Sat, 11 Feb 2023", "Thu, 2 Mar 2023"],
        DAYS,
        "%d %b %Y",
    ),
    "weekdays of other languages": (
        ["Mittwoch, 25. Januar 2023", "sam. 11. févr. 2023", "jueves, 2. marzo 2023"],
        DAYS,
        "%d. %b %Y",
    ),
    "mardi is no March": (
        ["mar. 3 janv. 2023", "mar. 7 févr. 2023", "mar. 7 mars 2023"],
        [datetime(2023, 1, 3), datetime(2023, 2, 7), datetime(2023, 3, 7)],
        "%d %b %Y",
    ),
    "Oracle's timestamps": (
        [
            "25-JAN-23 10.33.21.000000 AM",
            "11-FEB-23 11.45.00.000000 PM",
            "02-MAR-23 12.00.00.000000 AM",
        ],
        WITH_SECONDS,
        "%d-%b-%y %I.%M.%S%.f %p",
    ),
    "English ordinals": (["25th Jan 2023", "11th Feb 2023", "2nd Mar 2023"], DAYS, "%d %b %Y"),
    "ordinals after the month": (
        ["January 25th, 2023", "February 11th, 2023", "March 2nd, 2023"],
        DAYS,
        "%b %d, %Y",
    ),
    "German": (["25. Januar 2023", "11. Feb. 2023", "2. März 2023"], DAYS, "%d. %b %Y"),
    "German with a time": (
        ["25. Januar 2023 10:33 Uhr", "11. Februar 2023 23:45 Uhr", "2. März 2023 um 00:00 Uhr"],
        MOMENTS,
        "%d. %b %Y %H:%M",
    ),
    "French": (
        ["25 janvier 2023 à 10h33", "11 février 2023 à 23h45", "2 mars 2023 à 00h00"],
        MOMENTS,
        "%d %b %Y %H:%M",
    ),
    "Spanish": (
        ["25 de enero de 2023", "11 de febrero de 2023", "2 de marzo de 2023"],
        DAYS,
        "%d %b %Y",
    ),
    "Italian": (["25 gennaio 2023", "11 febbraio 2023", "2 marzo 2023"], DAYS, "%d %b %Y"),
    "short and with dashes": (["25-ene-2023", "11-feb-2023", "2-mar-2023"], DAYS, "%d-%b-%Y"),
    "a web server's": (
        ["25/Jan/2023:10:33:21", "11/Feb/2023:23:45:00", "02/Mar/2023:00:00:00"],
        WITH_SECONDS,
        "%d/%b/%Y:%H:%M:%S",
    ),
    "DB2's timestamps": (
        ["2023-01-25-10.33.21.000000", "2023-02-11-23.45.00.000000", "2023-03-02-00.00.00.000000"],
        WITH_SECONDS,
        "%Y-%m-%d-%H.%M.%S%.f",
    ),
    "marked as texts of a spreadsheet": (
        ["'25.01.2023", "'11.02.2023", "'02.03.2023"],
        DAYS,
        "%d.%m.%Y",
    ),
    "a fraction after a comma": (
        ["25.01.2023 10:33:00,000", "11.02.2023 23:45:00,000", "02.03.2023 00:00:00,000"],
        MOMENTS,
        "%d.%m.%Y %H:%M:%S%.f",
    ),
    "two-digit years with dashes": (
        ["1-25-23", "2-11-23", "3-2-23"],
        DAYS,
        "%m-%d-%y",
    ),
}
HEADER = "customer_id,ordered_at,amount\n"


def rows(texts: Sequence[str]) -> str:
    return HEADER + "".join(f'{i},"{text}",1\n' for i, text in enumerate(texts))


@pytest.mark.parametrize(("texts", "expected", "shape"), TEXTS.values(), ids=list(TEXTS))
def test_texts_are_read_and_said_and_can_be_declared(reading, texts, expected, shape):
    found = reading(rows(texts))
    assert found.rows["ordered_at"].to_list() == list(expected)
    assert found.notes == (f"transactions: ordered_at is read as {shape}",)
    again = reading(rows(texts), source={"date_format": shape})
    assert again.rows["ordered_at"].to_list() == list(expected)
    assert again.notes == ()


ZONES: dict[str, tuple[Sequence[str], Sequence[datetime], str | None]] = {
    "short names": (
        ["2023-01-25 10:33:00 EST", "2023-02-11 23:45:00 EST", "2023-03-02 00:00:00 EST"],
        IN_NEW_YORK,
        "%Y-%m-%d %H:%M:%S %Z",
    ),
    "names of places": (
        [f"{day:%Y-%m-%d %H:%M} America/New_York" for day in MOMENTS],
        IN_NEW_YORK,
        "%Y-%m-%d %H:%M %Z",
    ),
    "places in brackets": (
        [f"{day:%Y-%m-%dT%H:%M}[America/New_York]" for day in MOMENTS],
        IN_NEW_YORK,
        "%Y-%m-%dT%H:%M %Z",
    ),
    "an offset and a place": (
        [f"{day:%Y-%m-%dT%H:%M:%S}-05:00[America/New_York]" for day in MOMENTS],
        IN_NEW_YORK,
        "%Y-%m-%dT%H:%M:%S %Z",
    ),
    "UTC after a day with dots": (
        [f"{day:%d.%m.%Y %H:%M:%S} UTC" for day in MOMENTS],
        MOMENTS,
        "%d.%m.%Y %H:%M:%S %Z",
    ),
    "RFC 2822": (
        [
            "Wed, 25 Jan 2023 10:33:00 -0500",
            "Sun, 12 Feb 2023 04:45:00 +0000",
            "Thu, 02 Mar 2023 00:00:00 EST",
        ],
        IN_NEW_YORK,
        "%d %b %Y %H:%M:%S %Z",
    ),
    "a browser's": (
        [
            "Wed Jan 25 2023 16:33:00 GMT+0100 (Central European Standard Time)",
            "Sun Feb 12 2023 05:45:00 GMT+0100 (Central European Standard Time)",
            "Thu Mar 02 2023 06:00:00 GMT+0100 (Central European Standard Time)",
        ],
        IN_NEW_YORK,
        "%b %d %Y %H:%M:%S %Z",
    ),
    "of a shell": (
        [
            "Wed Jan 25 10:33:00 EST 2023",
            "Sat Feb 11 23:45:00 EST 2023",
            "Thu Mar  2 00:00:00 EST 2023",
        ],
        IN_NEW_YORK,
        "%b %d %H:%M:%S %Y %Z",
    ),
    "Amazon's": (
        [
            "Jan 25, 2023 7:33:00 AM PST",
            "Feb 11, 2023 8:45:00 PM PST",
            "Mar 1, 2023 9:00:00 PM PST",
        ],
        IN_NEW_YORK,
        "%b %d, %Y %I:%M:%S %p %Z",
    ),
    "ISO with Z": ([f"{day:%Y-%m-%dT%H:%M:%S}Z" for day in MOMENTS], MOMENTS, None),
    "ISO with UTC": ([f"{day:%Y-%m-%d %H:%M:%S} UTC" for day in MOMENTS], MOMENTS, None),
}


@pytest.mark.parametrize(("texts", "expected", "shape"), ZONES.values(), ids=list(ZONES))
def test_zones_are_read_and_said_where_no_timezone_is_declared(reading, texts, expected, shape):
    found = reading(rows(texts))
    assert found.rows["ordered_at"].to_list() == list(expected)
    as_what = () if shape is None else (f"transactions: ordered_at is read as {shape}",)
    assert found.notes == (*as_what, NO_ZONE)
    there = reading(
        rows(texts), timezone="America/New_York", source={"date_format": shape} if shape else {}
    )
    assert there.rows["ordered_at"].to_list() == [
        moment.replace(tzinfo=None)
        for moment in pl.Series(expected)
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("America/New_York")
    ]
    assert there.notes == ()


def test_a_zone_that_two_places_share_is_not_guessed(reading):
    texts = ["2023-01-25 10:33 EST"] * 3 + ["2023-01-25 10:33 IST"]
    found = reading(rows(texts))
    assert found.rejects["reason"].to_list() == ["date does not fit %Y-%m-%d %H:%M %Z"]


SECONDS = [1674642801, 1676159100, 1677715200]
EXCEL = "transactions: the numbers of ordered_at are read as Excel's days"
NUMBERS: dict[str, tuple[Sequence[object], Sequence[datetime], tuple[str, ...]]] = {
    "seconds": (SECONDS, WITH_SECONDS, (AS_SECONDS, OF_UTC)),
    "seconds with a point": ([float(s) for s in SECONDS], WITH_SECONDS, (AS_SECONDS, OF_UTC)),
    "milliseconds": (
        [s * 1_000 for s in SECONDS],
        WITH_SECONDS,
        (AS_SECONDS.replace("seconds", "milliseconds"), OF_UTC),
    ),
    "nanoseconds": (
        [s * 1_000_000_000 for s in SECONDS],
        WITH_SECONDS,
        (AS_SECONDS.replace("seconds", "nanoseconds"), OF_UTC),
    ),
    "Excel's days": ([44951, 44968, 44987], DAYS, (EXCEL,)),
    "Excel's days with times": (
        [44951.439583333333, 44968.989583333336, 44987.0],
        MOMENTS,
        (EXCEL,),
    ),
}


@pytest.mark.parametrize(("numbers", "expected", "notes"), NUMBERS.values(), ids=list(NUMBERS))
@pytest.mark.parametrize("kind", ["text", "stored"])
def test_numbers_are_read_as_dates_and_said(reading, numbers, expected, notes, kind):
    stored = pl.DataFrame({"customer_id": [1, 2, 3], "ordered_at": numbers, "amount": [1, 1, 1]})
    text = rows([str(number) for number in numbers])
    found = reading(text) if kind == "text" else reading(stored, "t.parquet")
    assert found.rows["ordered_at"].to_list() == list(expected)
    assert found.notes == notes


def test_numbers_that_are_missing_have_no_date(reading):
    numbers = [1674642801.0, None, float("nan")]
    stored = pl.DataFrame({"customer_id": [1, 2, 3], "ordered_at": numbers, "amount": [1, 1, 1]})
    found = reading(stored, "t.parquet")
    assert found.rows["ordered_at"].to_list() == WITH_SECONDS[:1]
    assert found.rejects["reason"].to_list() == ["date is missing"] * 2


def test_seconds_are_moments_of_the_timezone(reading):
    found = reading(rows(["1677715200"]), timezone="America/New_York")
    assert found.rows["ordered_on"].to_list() == [date(2023, 3, 1)]
    assert found.notes == (AS_SECONDS,)


DECLARED: dict[str, tuple[str, Sequence[object], Sequence[datetime]]] = {
    "seconds, as strptime says it": ("%s", SECONDS, WITH_SECONDS),
    "seconds, as people say it": ("epoch", SECONDS, WITH_SECONDS),
    "seconds, as notes say it": ("seconds since 1970", SECONDS, WITH_SECONDS),
    "milliseconds": ("milliseconds since 1970", [s * 1_000 for s in SECONDS], WITH_SECONDS),
    "Excel's days": ("Excel days", [44951, 44968, 44987], DAYS),
    "days since a day": ("days since 2017-01-01", [2215, 2232, 2251], DAYS),
    "days since Excel's other day": ("days since 1904-01-01", [43489, 43506, 43525], DAYS),
    "days of the past": ("days since 2023-03-02", [-36, -19, 0], DAYS),
    "hours since a day": ("Hours since 2023-01-01", [586.55, 1007.75, 1440], MOMENTS),
    "full names under short ones": (
        "%d. %b %Y",
        ["25. Januar 2023", "11. Februar 2023", "2. März 2023"],
        DAYS,
    ),
    "German names": (
        "%d. %B %Y",
        ["25. Januar 2023", "11. Februar 2023", "2. März 2023"],
        DAYS,
    ),
    "German names and days": (
        "%A, %d. %B %Y",
        ["Mittwoch, 25. Januar 2023", "Samstag, 11. Februar 2023", "Donnerstag, 2. März 2023"],
        DAYS,
    ),
    "RFC 2822": (
        "%a, %d %b %Y %H:%M:%S %z",
        [f"{moment:%a, %d %b %Y %H:%M:%S} +0000" for moment in MOMENTS],
        MOMENTS,
    ),
    "months": ("%Y-%m", ["2023-01", "2023-02", "2023-03"], [d.replace(day=1) for d in DAYS]),
}


@pytest.mark.parametrize(("form", "cells", "expected"), DECLARED.values(), ids=list(DECLARED))
def test_a_format_can_be_declared(reading, form, cells, expected):
    found = reading(rows([str(one) for one in cells]), source={"date_format": form}, timezone="UTC")
    assert found.rows["ordered_at"].to_list() == list(expected)
    assert found.notes == ()


MONTHS = {
    "with dashes": (["2023-01", "2023-02"], "%Y-%m"),
    "with slashes": (["01/2023", "02/2023"], "%m/%Y"),
    "with names": (["Januar 2023", "Februar 2023"], "%b %Y"),
    "packed": (["202301", "202302"], "%Y%m"),
}


@pytest.mark.parametrize(("texts", "shape"), MONTHS.values(), ids=list(MONTHS))
def test_a_month_stands_for_its_first_day(reading, texts, shape):
    found = reading(rows(texts))
    assert found.rows["ordered_on"].to_list() == [date(2023, 1, 1), date(2023, 2, 1)]
    assert found.notes == (
        f"transactions: ordered_at is read as {shape}: a month stands for its first day",
    )


RULES = """\
version: 1
sources: {transactions: {path: t.csv, date_format: %s}}
personas: {p: {}}
"""
#: days of which some have a time, and only those tell the order
WITH_TIMES = {
    "twelve hours": ["1/13/2026 11:30 PM", "1/2/2026"],
    "twelve and twenty-four": ["1/13/2026 11:30 PM", "1/2/2026 10:30"],
    "the time late": ["1/2/2026", "1/3/2026", "1/13/2026 11:30 PM"],
}


@pytest.mark.parametrize("texts", WITH_TIMES.values(), ids=WITH_TIMES)
def test_a_time_in_some_rows_hides_no_order_of_days(reading, texts: Sequence[str]) -> None:
    found = reading(rows(texts))
    assert found.count.rows_rejected == 0
    assert {day.month for day in found.rows["ordered_at"]} == {1}


WORDED = {
    "words of a language": ("%d de %B de %Y %H:%M hs.", "5 de enero de 2026 10:33 hs."),
    "and around the time": ("%d de %B de %Y a las %H:%M", "5 de enero de 2026 a las 10:33"),
    "a sign of hours": ("%d.%m.%Y, %H:%M Uhr", "05.01.2026, 10:33 Uhr"),
}


@pytest.mark.parametrize(("form", "text"), WORDED.values(), ids=WORDED)
def test_a_declared_format_may_have_the_words_of_its_dates(reading, form: str, text: str) -> None:
    found = reading(rows([text]), source={"date_format": form})
    assert found.rows["ordered_at"].to_list() == [datetime(2026, 1, 5, 10, 33)]


@pytest.mark.parametrize("keys", [{}, {"date_format": "%G-W%V"}], ids=["detected", "declared"])
def test_a_week_is_its_monday(reading, keys: dict[str, str]) -> None:
    found = reading(rows(["2026-W01", "2026-W02"]), source=keys)
    said = "transactions: ordered_at is read as %G-W%V-%u: a week stands for its Monday"
    assert found.notes == (() if keys else (said,))
    assert found.rows["ordered_at"].to_list() == [datetime(2025, 12, 29), datetime(2026, 1, 5)]


#: the last of the days lies decades ahead of the first where days of the month are taken for years
NEAR = {
    "points": (["31.12.25", "13.01.26", "02.02.26"], "%d.%m.%y"),
    "slashes": (["31/12/25", "13/01/26", "02/02/26"], "%d/%m/%y"),
}


@pytest.mark.parametrize(("texts", "shape"), NEAR.values(), ids=NEAR)
def test_years_of_two_digits_that_lie_decades_apart_are_days_of_the_month(
    reading, texts: Sequence[str], shape: str
) -> None:
    found = reading(rows(texts))
    assert found.notes == (f"transactions: ordered_at is read as {shape}",)


STOPS: dict[str, tuple[Sequence[str], str | None, str]] = {
    "numbers without an origin": (
        ["1", "2", "711"],
        None,
        "t.csv: ordered_at: the numbers of the column ordered_at are no dates by themselves: they may be "
        "day numbers, which count from a day that the file does not name\n"
        "  Name the day that is number 0: `date_format: 'days since 2017-01-01'`, for instance.\n",
    ),
    "and a format that fits none": (
        ["1", "2", "711"],
        "'%d.%m.%Y'",
        't.csv: ordered_at: no date in the column ordered_at fits %d.%m.%Y: they are written like "9"\n'
        "  Name the day that is number 0: `date_format: 'days since 2017-01-01'`, for instance.\n",
    ),
    "two-digit years, day first or last": (
        ["25-01-23", "11-02-23"],
        None,
        't.csv: ordered_at: the date "25-01-23" in the column ordered_at reads as 25 January 2023 (%d-%m-%y) '
        "or 23 January 2025 (%y-%m-%d)\n"
        "  Say which: `date_format: '%d-%m-%y'` or `date_format: '%y-%m-%d'`\n",
    ),
    "and with slashes": (
        ["26/01/13", "26/01/02"],
        None,
        't.csv: ordered_at: the date "26/01/13" in the column ordered_at reads as 26 January 2013 (%d/%m/%y) '
        "or 13 January 2026 (%y/%m/%d)\n"
        "  Say which: `date_format: '%d/%m/%y'` or `date_format: '%y/%m/%d'`\n",
    ),
    "and with points": (
        ["26.01.13", "25.12.31"],
        None,
        't.csv: ordered_at: the date "26.01.13" in the column ordered_at reads as 26 January 2013 (%d.%m.%y) '
        "or 13 January 2026 (%y.%m.%d)\n"
        "  Say which: `date_format: '%d.%m.%y'` or `date_format: '%y.%m.%d'`\n",
    ),
    "days without signs, day or month first": (
        ["01022025", "05022025"],
        None,
        't.csv: ordered_at: the date "01022025" in the column ordered_at reads as 1 February 2025 (%d%m%Y) '
        "or 2 January 2025 (%m%d%Y)\n"
        "  Say which: `date_format: '%d%m%Y'` or `date_format: '%m%d%Y'`\n",
    ),
    "an origin that is no day": (
        ["1", "2", "711"],
        "days since 2017-13-01",
        't.csv: "days since 2017-13-01" is not a date format\n'
        "  Write it like '%d.%m.%Y %H:%M' (day, month, year, hour, minute), or like "
        "'days since 2017-01-01' for numbers.\n",
    ),
}


@pytest.mark.parametrize(("texts", "form", "said"), STOPS.values(), ids=list(STOPS))
def test_numbers_that_say_no_day_stop_the_run(
    segment: Segment, texts: Sequence[str], form: str | None, said: str
) -> None:
    files = {"t.csv": rows(texts), "personas.yaml": RULES % (form or "null")}
    result = segment("run", files=files)
    assert (result.exit_code, result.err) == (3, said)


def test_a_declared_timezone_is_all_that_a_zone_needs(segment: Segment) -> None:
    files = {"t.csv": rows(ZONES["ISO with Z"][0]), "personas.yaml": RULES % "ISO"}
    said = segment("run", "--json", files=files)
    assert NO_ZONE in [one["text"] for one in json.loads(said.out)["notices"]]
    files["personas.yaml"] = "timezone: UTC\n" + files["personas.yaml"]
    silent = segment("run", "--json", files=files)
    assert NO_ZONE not in [one["text"] for one in json.loads(silent.out)["notices"]]


A_PLACEHOLDER = "date is a placeholder; where it means none: missing: [{}]"
#: the texts of two rows, and what is to be written under `missing`
PLACEHOLDERS = {
    "of MySQL": (["2023-01-25", "0000-00-00"], "0000-00-00"),
    "of SQL Server": (["2023-01-25 10:33:00", "1900-01-01 00:00:00"], "1900-01-01"),
    "of .NET": (["2023-01-25T10:33:00", "0001-01-01T00:00:00"], "0001-01-01"),
    "day first": (["25.01.2023", "01.01.1900"], "01.01.1900"),
    "of seconds": (["1674642801", "0"], "0"),
}


@pytest.mark.parametrize(("texts", "word"), PLACEHOLDERS.values(), ids=list(PLACEHOLDERS))
def test_a_placeholder_is_no_date(reading, texts, word) -> None:
    found = reading(rows(texts))
    assert found.rows["ordered_on"].to_list() == [date(2023, 1, 25)]
    assert found.rejects["reason"].to_list() == [A_PLACEHOLDER.format(word)]


@pytest.mark.parametrize(("texts", "word"), PLACEHOLDERS.values(), ids=list(PLACEHOLDERS))
def test_a_placeholder_that_is_declared_is_set_aside(reading, texts, word) -> None:
    found = reading(rows(texts), source={"missing": {"ordered_at": (word,)}})
    assert found.rows["ordered_on"].to_list() == [date(2023, 1, 25)]
    assert found.count.rows_set_aside == {"no date, by missing": 1}


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("us"), pl.Datetime("ns", "UTC")])
@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (datetime(1900, 1, 1), A_PLACEHOLDER.format("1900-01-01")),
        (datetime(1801, 2, 3), "date does not fit ISO 8601"),
    ],
    ids=["placeholder", "misread"],
)
def test_a_stored_placeholder_is_no_date(reading, kind, first, reason) -> None:
    days = pl.Series([first, DAYS[0]]).dt.replace_time_zone("UTC").cast(kind)
    stored = pl.DataFrame({"customer_id": [1, 2], "ordered_at": days, "amount": [1, 1]})
    found = reading(stored, "t.parquet")
    assert found.rows["ordered_on"].to_list() == [date(2023, 1, 25)]
    assert found.rejects["reason"].to_list() == [reason]
    words = {"ordered_at": ("1900-01-01", "1801-02-03")}
    declared = reading(stored, "t.parquet", source={"missing": words})
    assert declared.count.rows_set_aside == {"no date, by missing": 1}


OWN = """\
version: 1
sources: {transactions: t.csv, customers: {path: c.csv%s}}
personas:
  renewed: {match: {renewed_on: {at_least: 2026-01-01}}, columns: [renewed_on]}
"""
#: cells of two customers, what the rules add, who is in, what the audience has, what is said
CUSTOMERS: dict[str, tuple[tuple[str, str], str, str, str, str]] = {
    "day first": (
        ("31.12.2025", "13.01.2026"),
        "",
        "b",
        "2026-01-13",
        "renewed_on is read as %d.%m.%Y",
    ),
    "with times": (
        ("31.12.2025 23:30", "13.01.2026 00:00"),
        "",
        "b",
        "2026-01-13",
        "renewed_on is read as %d.%m.%Y %H:%M",
    ),
    "ISO": (("2025-12-31", "2026-01-13"), "", "b", "2026-01-13", ""),
    "ISO with a zone": (
        ("2025-12-01T23:30:00Z", "2025-12-31T23:30:00Z"),
        "timezone: Europe/Berlin",
        "b",
        "2026-01-01 00:30:00",
        "",
    ),
    "Excel's days": (
        ("46022", "46035"),
        "",
        "b",
        "2026-01-13",
        "the numbers of renewed_on are read as Excel's days",
    ),
    "words beside dates": (
        ("never", "13.01.2026"),
        "",
        "b",
        "2026-01-13",
        "renewed_on is read as %d.%m.%Y",
    ),
    "a format that is declared": (
        ("12/31/2025", "01/02/2026"),
        ", date_format: '%m/%d/%Y'",
        "b",
        "2026-01-02",
        "",
    ),
}


@pytest.mark.parametrize(
    ("cells", "more", "who", "written", "said"), CUSTOMERS.values(), ids=list(CUSTOMERS)
)
def test_dates_of_customers_are_read_like_all_others(
    segment: Segment, cells: tuple[str, str], more: str, who: str, written: str, said: str
) -> None:
    of_source, of_rules = (more, "") if more.startswith(",") else ("", more)
    files = {
        "t.csv": "customer_id,ordered_at,amount\na,2026-02-01,5\nb,2026-02-01,5\n",
        "c.csv": f"customer_id,renewed_on\na,{cells[0]}\nb,{cells[1]}\n",
        "personas.yaml": OWN % of_source + of_rules,
    }
    result = segment("run", "--json", files=files)
    assert result.exit_code == 0, result.err
    assert result.ids("renewed") == [*who]
    assert written in (result.run / "personas" / "renewed.csv").read_text()
    texts = [one["text"] for one in json.loads(result.out)["notices"]]
    assert [t for t in texts if "renewed_on" in t and " read as " in t] == (
        [f"customers: {said}"] if said else []
    )


def test_a_date_of_customers_that_reads_in_two_ways_stops_and_is_not_shown(
    segment: Segment,
) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount\na,2026-02-01,5\n",
        "c.csv": "customer_id,renewed_on\na,03/04/2026\n",
        "personas.yaml": OWN % "",
    }
    result = segment("run", files=files)
    assert (result.exit_code, result.err) == (
        3,
        'c.csv: renewed_on: a date like "02/03/2021" in the column renewed_on reads as '
        "3 February 2021 (%m/%d/%Y) or 2 March 2021 (%d/%m/%Y)\n"
        "  Say which: `date_format: '%m/%d/%Y'` or `date_format: '%d/%m/%Y'`\n",
    )


def test_stored_moments_of_customers_are_of_the_timezone(reading) -> None:
    moment = pl.Series([datetime(2025, 12, 31, 23, 30)]).dt.replace_time_zone("UTC")
    stored = pl.DataFrame({"customer_id": [1], "renewed_on": moment})
    found = reading(stored, "c.parquet", table="customers", timezone="Europe/Berlin")
    assert found.rows["renewed_on"].to_list() == [datetime(2026, 1, 1, 0, 30)]
