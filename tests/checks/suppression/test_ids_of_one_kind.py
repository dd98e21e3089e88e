"""Among ids of one kind those of that kind are not compared: no pair is lost by it."""

from __future__ import annotations

import polars as pl
import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.sources.columns.spelling import _alike, _forms, _that_may_hide, suspicious

HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
KINDS = {
    "plain numbers": st.integers(1, 99).map(str),
    "long numbers": st.integers(10**15, 10**15 + 40).map(str),
    "numbers that a spreadsheet rounded": st.integers(1, 9).map(lambda n: f"{n}" * 15 + "00"),
    "UUIDs": HEX.map(lambda h: f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"),
    "a prefix and a width": st.integers(0, 99).map(lambda n: f"C{n:04}"),
    "a prefix with a sign": st.integers(0, 99).map(lambda n: f"DE-{n:03}"),
    "a prefix of small letters": st.integers(0, 99).map(lambda n: f"id_{n:02}"),
}
CHANGES = {
    "as it is": lambda i: i,
    "upper": str.upper,
    "lower": str.lower,
    "without signs": lambda i: i.replace("-", "").replace("_", ""),
    "without zeros": lambda i: i.replace("0", ""),
    "a zero more": lambda i: "0" + i,
    "a country": lambda i: i + "-DE",
    "a blank": lambda i: i + " ",
    "without letters": lambda i: "".join(c for c in i if c.isdigit()) or "x",
    ".0": lambda i: i + ".0",
}


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@drawn(40)
@given(data=st.data())
def test_no_pair_is_lost(kind: st.SearchStrategy[str], data: st.DataObject) -> None:
    known = data.draw(st.sets(kind, min_size=1, max_size=6))
    changes = st.sampled_from(list(CHANGES.values()))
    others = data.draw(st.sets(st.tuples(kind, changes).map(lambda p: p[1](p[0])), max_size=6))
    ours, theirs = pl.Series(sorted(others - known), dtype=pl.String), pl.Series(sorted(known))
    every = _alike(_forms(ours), _forms(theirs)).select("id", "known").unique()
    found = suspicious(ours, theirs).select("id", "known").unique()
    assert sorted(found.rows()) == sorted(every.rows())


@pytest.mark.parametrize("kind", ["plain numbers", "UUIDs", "a prefix and a width"])
@drawn(20)
@given(data=st.data())
def test_ids_of_the_same_kind_need_no_look(kind: str, data: st.DataObject) -> None:
    known = data.draw(st.lists(KINDS[kind], min_size=1, max_size=6))
    others = data.draw(st.lists(KINDS[kind], min_size=1, max_size=6))
    assert _that_may_hide(pl.Series(others), pl.Series(known)).is_empty()


@drawn(40)
@given(data=st.data())
def test_what_is_told_is_the_same_whatever_order_ids_come_in(data: st.DataObject) -> None:
    """One id may be like several others, each in another way."""
    number = st.integers(1, 3).map(str)
    changed = st.tuples(
        number, st.sampled_from(["0{}", "x{}", "{}é", " {}", "{}.0", "{}-DE", "X{}"])
    )
    ids = st.lists(changed.map(lambda c: c[1].format(c[0])) | number, unique=True, max_size=8)
    known = data.draw(ids)
    unmet = [i for i in data.draw(ids) if i not in known]
    told = [
        suspicious(pl.Series(a, dtype=pl.String), pl.Series(b, dtype=pl.String)).rows()
        for a, b in ((unmet, known), (unmet[::-1], known[::-1]))
    ]
    assert told[0] == told[1]
