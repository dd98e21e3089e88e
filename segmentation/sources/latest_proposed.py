"""A column by which several rows of one id can be told apart: proposed where it was tried on all rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from segmentation.messages.errors import InputError
from segmentation.sources.columns.contents import Content, contents_of
from segmentation.sources.columns.detect import AmbiguousDate
from segmentation.sources.columns.detect_latest import latest_in
from segmentation.sources.columns.reasons import CODE, USABLE
from segmentation.sources.settings import IN_RULES
from segmentation.sources.tables import Portion, Tally
from segmentation.sources.unique import come_to_one, newest_of

_TRIED: Final = 4
#: in names of columns that tell when a row was written
_WRITTEN: Final = frozenset(
    [
        "updated",
        "update",
        "modified",
        "changed",
        "change",
        "edited",
        "version",
        "revision",
        "timestamp",
        "valid",
        "synced",
        "exported",
        "loaded",
        "snapshot",
        "geändert",
        "aktualisiert",
        "stand",
        "modifié",
        "actualizado",
        "aggiornato",
    ]
)
#: in names of days that are a customer's or a product's own
_OWN: Final = frozenset(
    [
        "birth",
        "birthday",
        "born",
        "dob",
        "geburt",
        "geburtstag",
        "signup",
        "registered",
        "joined",
        "created",
        "launched",
        "launch",
        "release",
        "expiry",
        "expires",
        "until",
        "end",
        "first",
    ]
)


def proposed(tally: Tally, key: str) -> str | None:
    """The first column by which every id has one newest row; None where there is none, or no rules say it."""
    if any(part.raw.settings is not IN_RULES for part in tally.parts):
        return None
    contents = contents_of(tally.parts[0].raw, [*tally.parts[0].raw.schema])
    fits = sorted((one for one in contents.values() if _may_tell(one)), key=_rank)
    names = (one.name for one in fits[:_TRIED])
    return next((name for name in names if _resolves(name, tally, key)), None)


def _may_tell(one: Content) -> bool:
    if any(word in _OWN for word in one.words):
        return False
    is_named = any(word in _WRITTEN for word in one.words)
    return one.kind == "date" or (is_named and one.kind in ("count", "whole"))


def _rank(one: Content) -> tuple[bool, int]:
    return (not any(word in _WRITTEN for word in one.words), one.place)


def _resolves(name: str, tally: Tally, key: str) -> bool:
    """Whether the rows of a source come to one for each id by a column, beside those of others."""
    try:
        rows = pl.concat(list(_used(name, tally)), how="diagonal_relaxed")
        return come_to_one(newest_of(rows, key).rows, tally)
    except (InputError, AmbiguousDate, pl.exceptions.PolarsError):  # it is advice, no reading
        return False


def _used(name: str, tally: Tally) -> Iterator[pl.LazyFrame]:
    """The rows of each part that can be used, with what tells how old they are."""
    for part in tally.parts:
        recipe = part.recipe
        columns = replace(recipe.columns, latest=name)
        latest = latest_in(columns, part.raw, recipe.table, None).found
        yield _rows(replace(part, recipe=replace(recipe, columns=columns, latest=latest)))


def _rows(part: Portion) -> pl.LazyFrame:
    return part.again().filter(pl.col(USABLE)).drop(CODE, USABLE)
