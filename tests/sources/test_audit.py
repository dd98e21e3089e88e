"""What the fast pass over a CSV file's bytes finds must be what a careful reader finds."""

from __future__ import annotations

import csv
import gzip
import io

import numpy as np
import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.sources.csv import audit as module
from segmentation.sources.csv import bitmaps
from segmentation.sources.csv.audit import audit
from segmentation.sources.csv.raw import STEP, StrayQuote
from segmentation.sources.files.place import Place

CELL = st.sampled_from(["", "1", "ab", "x,y", 'say "hi"', "two\nlines", "é", '"', "\r\n", " "])
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=12)


def text_of(rows, quoting=csv.QUOTE_MINIMAL):
    target = io.StringIO(newline="")
    csv.writer(target, quoting=quoting, lineterminator="\n").writerows(rows)
    return target.getvalue()


@given(
    rows=ROWS, quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), step=st.integers(3, 40)
)
@drawn(80)
def test_audit_counts_like_the_csv_module(tmp_path_factory, rows, quoting, step):
    text = text_of([["a", "b", "c"], *rows], quoting)
    expected = [
        (number, len(row))
        for number, row in enumerate(list(csv.reader(io.StringIO(text, newline="")))[1:])
        if len(row) != 3
    ]
    folder = tmp_path_factory.mktemp("audit")
    for name, content in {"t.csv": text.encode(), "t.gz": gzip.compress(text.encode())}.items():
        (folder / name).write_bytes(content)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "STEP", step)
            patch.setattr(module, "MARGIN", 2)
            patch.setattr(module, "PROBE", 2)
            place = Place(name, str(folder / name), is_gzip=name.endswith("gz"))
            found = audit(place, ",", 3)
        assert found.records == len(rows)
        assert found.lines == text.count("\n") - 1
        assert found.has_quotes == ('"' in text)
        assert list(zip(found.ragged, found.cells, strict=True)) == expected


def careful(text: bytes, width: int):
    """Byte by byte: rows, lines and the widths of ragged rows, header left out; None for a stray quote."""
    ragged, row, seps, inside, begin = [], -1, 0, False, 0
    ends = text.endswith(b"\n")
    for i, byte in enumerate(text if ends else text + b"\n"):
        before, following = text[i - 1 : i], text[i + 1 : i + 3]
        if byte == ord('"'):
            inside = not inside
            if inside and i > begin and before not in (b",", b"\n", b'"'):
                return None
            is_closed = following[:1] in (b",", b"\n", b'"', b"") or following in (b"\r\n", b"\r")
            if not inside and not is_closed:
                return None
        elif byte == ord(",") and not inside:
            seps += 1
        elif byte == ord("\n") and not inside:
            if seps + 1 != width:
                ragged.append((row, 0 if text[begin:i] in (b"", b"\r") else seps + 1))
            row, seps, begin = row + 1, 0, i + 1
    return None if inside else (row, text.count(b"\n") - ends, ragged)


SCRAPS = [
    b"a",
    b"a",
    b",",
    b",",
    b",",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    "é".encode(),
    b"\xff",
    b" ",
]
QUOTED = [*SCRAPS[:-2], b'"', b'"', b'"a"', b'"",""', b'"\r\n']


@pytest.mark.parametrize("scraps", [SCRAPS, QUOTED], ids=["without quotes", "with quotes"])
@given(data=st.data(), step=st.sampled_from([3, 5, 17, 64, 65, 200]), packed=st.booleans())
@drawn(300)
def test_whatever_the_bytes_the_audit_finds_what_a_careful_reader_finds(
    tmp_path_factory, scraps, data, step, packed
):
    text = b"a,b,c\n" + b"".join(data.draw(st.lists(st.sampled_from(scraps), max_size=150)))
    path = tmp_path_factory.mktemp("bytes") / "t.csv"
    path.write_bytes(gzip.compress(text) if packed else text)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "STEP", step)
            patch.setattr(module, "MARGIN", 2)
            patch.setattr(module, "PROBE", 2)
            found = audit(Place("t.csv", str(path), is_gzip=packed), ",", 3)
    except StrayQuote:
        assert careful(text, 3) is None
    except InputError:
        assert b"\xff" in text
    else:
        ragged = list(zip(found.ragged, found.cells, strict=True))
        assert (found.records, found.lines, ragged) == careful(text, 3)
        assert b"\xff" not in text


def rows_around(bound: int, odd: bytes, more: bytes) -> bytes:
    """Rows of two cells; one that is odd begins just before a byte, and one that makes up for it is the last."""
    rows = b"a,b\n" + b"1,2\n" * (bound // 4 + 2)
    return rows[: bound - 4] + odd + rows[bound - 4 :] + more


@pytest.mark.parametrize("bound", [64, STEP, 2 * STEP, STEP + 64])
@pytest.mark.parametrize(
    ("odd", "more", "widths"),
    [
        pytest.param(b"1\n", b"1,2,3\n", [1, 3], id="a short row, then a long one"),
        pytest.param(b"1,2,3\n", b"1\n", [3, 1], id="a long row, then a short one"),
        pytest.param(b"1\n", b"1,2,3", [1, 3], id="the last row has no end"),
        pytest.param(b"\n", b"1,2,3\n", [0, 3], id="a blank line"),
        pytest.param(b"1" + b"," * 257 + b"\n", b"1\n" * 256, [258] + [1] * 256, id="by 256 cells"),
        pytest.param(b"", b"", [], id="none"),
    ],
)
def test_a_long_row_makes_up_for_no_short_one(tmp_path, bound, odd, more, widths):
    path = tmp_path / "t.csv"
    path.write_bytes(rows_around(bound, odd, more))
    assert audit(Place("t.csv", str(path)), ",", 2).cells.tolist() == widths


@pytest.mark.parametrize("odd", [[], [2]], ids=["alike", "one is ragged"])
@pytest.mark.parametrize("width", [1, 3, 255, 256, 257, 258, 600])
def test_rows_of_any_width_are_counted(tmp_path, width, odd):
    path = tmp_path / "t.csv"
    path.write_text(
        "".join(",".join(["1"] * cells) + "\n" for cells in [*[width] * 5, *odd, width])
    )
    found = audit(Place("t.csv", str(path)), ",", width)
    assert (found.records, found.cells.tolist()) == (5 + len(odd), odd)


PLACES = st.sets(st.one_of(st.sampled_from([0, 1, 63, 64, 127, 128]), st.integers(0, 140)))


@given(found=PLACES, length=st.integers(1, 141), opened=st.booleans())
def test_bitmaps_say_what_lists_of_places_say(found, length, opened):
    places = sorted(place for place in found if place < length)
    codes = np.full(length, 97, dtype=np.uint8)
    codes[places] = 34
    marked = bitmaps.bitmap(codes, 34)
    assert bitmaps.positions(marked).tolist() == places
    assert bitmaps.number(marked) == len(places)
    assert bitmaps.first(marked) == (places[0] if places else -1)
    assert bitmaps.last(marked) == (places[-1] if places else -1)
    size = 64 * len(marked)
    assert bitmaps.positions(bitmaps.after(marked)).tolist() == [
        i + 1 for i in places if i + 1 < size
    ]
    assert bitmaps.positions(bitmaps.before(marked)).tolist() == [i - 1 for i in places if i]
    odd = (np.cumsum(codes == 34) + opened) % 2 == 1
    within = bitmaps.positions(bitmaps.within_quotes(marked, opened=opened))
    assert within[within < length].tolist() == np.flatnonzero(odd).tolist()


STRAY = {
    "quote inside a cell": 'a,b\n1,x"y\n',
    "quote after a quoted cell": 'a,b\n1,"x"y\n',
    "quote that never closes": 'a,b\n1,"x\n2,3\n',
    "quote before a quoted cell": 'a,b\n1,x"y"\n',
}


@pytest.mark.parametrize("text", STRAY.values(), ids=list(STRAY))
def test_stray_quote_is_noticed(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(StrayQuote):
        audit(Place("t.csv", str(path)), ",", 2)
