"""What the fast pass over a CSV file's bytes finds must be what a careful reader finds."""

from __future__ import annotations

import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.sources.csv import audit as module
from segmentation.sources.csv.audit import audit
from segmentation.sources.csv.byte_counts import within_quotes
from segmentation.sources.csv.raw import StrayQuote
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
@settings(deadline=None, max_examples=80)
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


@given(text=st.text('ab",\n', max_size=200), opened=st.booleans())
def test_parity_of_quotes_is_that_of_a_running_count(text, opened):
    codes = np.frombuffer(text.encode(), dtype=np.uint8)
    expected = (np.cumsum(codes == 34) + opened) % 2 == 1
    assert within_quotes(codes, opened=opened).tolist() == expected.tolist()


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
