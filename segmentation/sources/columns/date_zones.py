"""Moments that end in a zone: an offset, a short name (EST), a place (Europe/Berlin), or several of these.

Short names that two zones share (IST) are not known. CST and MST are those of RFC 2822, in America.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from segmentation.pattern import pattern

#: minutes before UTC -> the zones that have them
_NAMES: Final[Mapping[int, str]] = {
    0: "Z UTC GMT UT WET",
    60: "CET MEZ BST WEST",
    120: "CEST MESZ EET",
    180: "EEST MSK",
    540: "JST",
    600: "AEST",
    660: "AEDT",
    720: "NZST",
    780: "NZDT",
    -240: "EDT",
    -300: "EST CDT",
    -360: "CST MDT",
    -420: "MST PDT",
    -480: "PST",
}
_MINUTES: Final = {name: minutes for minutes, names in _NAMES.items() for name in names.split()}
_PLACE: Final = r"[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+"
#: the moment, its offset or name, and the place that Java writes behind that
_ZONED: Final = (
    r"^(.*?\d[^\d]*?)\s*((?:(?:UTC|GMT)\s?)?[+-]\d\d?(?::?\d\d)?|"
    + "|".join(sorted(_MINUTES, key=lambda name: -len(name)))
    + rf"|{_PLACE})?(?:\s?\[({_PLACE}|UTC|GMT|Z)\])?$"
)
_PATTERN: Final = pattern(_ZONED)
MOST_ZONES: Final = 50

Parse = Callable[[pl.Series], pl.Series]


def without_zone(texts: pl.Series) -> pl.Series:
    """The texts before their zones; missing where they have none."""
    return _parts(texts)["rest"]


def in_zone(texts: pl.Series, parse: Parse, timezone: str) -> pl.Series:
    """Texts with a zone as naive moments of `timezone`; `parse` reads what stands before the zone.

    A column has few zones, so that each is looked for at the end of all texts: far cheaper than to look
    for any. What that does not find is searched text by text.
    """
    moments = pl.repeat(None, len(texts), dtype=pl.Datetime("us"), eager=True)
    asked = texts.is_not_null()
    for _ in range(MOST_ZONES):
        first = asked.arg_max() if asked.any() else None
        found = None if first is None else _PATTERN.match(texts[first])
        if found is None or not _zone_of(found):
            break
        rows = (asked & texts.str.ends_with(found.string[found.end(1) :])).arg_true()
        before = texts.gather(rows).str.strip_suffix(found.string[found.end(1) :])
        moments = moments.scatter(rows, _moved(parse(before), _zone_of(found), timezone))
        asked = asked.scatter(rows, values=False)
    missed = (moments.is_null() & texts.is_not_null()).arg_true()
    if missed.is_empty():
        return moments
    return moments.scatter(missed, _one_by_one(texts.gather(missed), parse, timezone))


def _zone_of(found: re.Match[str]) -> str:
    return found[2] or found[3] or ""


def _one_by_one(texts: pl.Series, parse: Parse, timezone: str) -> pl.Series:
    parts = _parts(texts)
    moments, zones = parse(parts["rest"]), parts["zone"]
    for zone in zones.unique().drop_nulls():
        rows = (zones == zone).arg_true()
        moments = moments.scatter(rows, _moved(moments.gather(rows), zone, timezone))
    return moments


def instants(moment: pl.Expr, zone: str) -> pl.Expr:
    """Naive moments of a zone as naive ones of UTC, as `instant_of` has them: none is lost.

    A day before it, what the clock leaves out has the offset that it had before.
    """
    day_before = _first_of(moment.dt.offset_by("-1d"), zone).dt.offset_by("24h")
    return pl.coalesce(_first_of(moment, zone), day_before)


def _first_of(moment: pl.Expr, zone: str) -> pl.Expr:
    """The first instant at which a zone has a moment; null where it never has."""
    there = moment.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def to_zone(moments: pl.Series, zone: str, timezone: str) -> pl.Series:
    """Naive moments of a zone as naive ones of another."""
    if zone == timezone:
        return moments
    there = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def _parts(texts: pl.Series) -> pl.DataFrame:
    text = pl.col("text")
    zone = pl.coalesce(text.str.extract(_ZONED, 2), text.str.extract(_ZONED, 3))
    rest = pl.when(zone.is_not_null()).then(text.str.extract(_ZONED, 1))
    return texts.alias("text").to_frame().select(rest.alias("rest"), zone.alias("zone"))


def _moved(moments: pl.Series, zone: str, timezone: str) -> pl.Series:
    minutes = _minutes(zone)
    if minutes is not None:
        return to_zone(moments.dt.offset_by(f"{-minutes}m"), "UTC", timezone)
    try:
        return to_zone(moments, zone, timezone)
    except pl.exceptions.ComputeError:  # no such place
        return moments.clear(len(moments))


def _minutes(zone: str) -> int | None:
    """How far a zone is before UTC; None where that depends on the day."""
    if zone in _MINUTES:
        return _MINUTES[zone]
    offset = zone.removeprefix("UTC").removeprefix("GMT").strip()
    if offset[0] not in "+-":
        return None
    digits = offset[1:].replace(":", "")
    hours, rest = (digits[:-2], digits[-2:]) if len(digits) > len("+1") else (digits, "0")
    return (int(hours) * 60 + int(rest)) * (-1 if offset[0] == "-" else 1)
