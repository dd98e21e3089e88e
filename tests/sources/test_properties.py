"""Whatever the rows, nothing is lost: written rows come back, and counts add up."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from drawing import drawn
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources.columns.numbers import LARGEST
from segmentation.sources.csv import audit

LENIENT = drawn(25, without=[HealthCheck.function_scoped_fixture])
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=6
)
IDS = st.one_of(st.integers(0, 10**20).map(str), st.from_regex(r"[0-9]{1,4}", fullmatch=True), TEXT)
AMOUNTS = st.integers(-LARGEST * 10**4, LARGEST * 10**4).map(lambda n: Decimal(n).scaleb(-4))
LINES = st.lists(st.tuples(IDS, AMOUNTS, TEXT), min_size=1, max_size=8)


def written_csv(rows, delimiter=","):
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue()


@given(lines=LINES)
@LENIENT
def test_ids_and_amounts_come_back_as_written(reading, lines):
    lines = [(f"{customer}x", amount, note) for customer, amount, note in lines]
    rows = [(customer, "2023-01-15", amount, note) for customer, amount, note in lines]
    found = reading(written_csv([("customer_id", "date", "amount", "note"), *rows]))
    back = found.rows.select("customer_id", "amount", "note").rows()
    assert back == [
        (customer.strip(), int(amount * 10**4), note or None) for customer, amount, note in lines
    ]


@given(
    customers=st.lists(
        st.one_of(st.integers(0, 200).map(str), st.from_regex(r"0?[0-9]{1,2}", fullmatch=True)),
        min_size=1,
        max_size=12,
    )
)
@LENIENT
def test_ids_read_as_integers_keep_their_text(reading, customers):
    content = "customer_id,date,amount\n" + "".join(f"{c},2023-01-15,1\n" for c in customers)
    assert [str(c) for c in reading(content).rows["customer_id"]] == customers


CELLS = st.sampled_from(
    ["", " ", "1", "007", "2023-01-15", "2024-06-01", "x", "3.5", "NaN", "1,5", 'a "b"', "a\nb"]
)


@given(rows=st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=10))
@LENIENT
def test_every_row_is_used_rejected_or_set_aside(reading, rows):
    good = [("1", "2023-01-15", "2", "n")]
    content = written_csv([("customer_id", "date", "amount", "note"), *good, *rows])
    found = reading(
        content, cutoff=date(2024, 1, 1), source={"decimal": "."}
    )  # the fixture adds up
    assert found.count.rows_read == len(rows) + 1


@given(lines=LINES, cuts=st.lists(st.integers(0, 8), max_size=3))
@LENIENT
def test_splitting_rows_over_files_changes_nothing(written, reading, read_all, lines, cuts):
    header = ("customer_id", "date", "amount", "note")
    rows = [(f"{customer}x", "2023-01-15", amount, note) for customer, amount, note in lines]
    bounds = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    paths = [
        written(written_csv([header, *rows[a:b]]), f"split/{a}.csv") for a, b in pairwise(bounds)
    ]
    whole = reading(written_csv([header, *rows]))
    split = read_all("transactions", *(Source(path=str(path)) for path in paths))
    assert split.rows.sort(split.rows.columns).rows() == whole.rows.sort(split.rows.columns).rows()


#: cells as they stand in a file: with quotes, stray ones too, and carriage returns that end no row
WRITTEN = st.sampled_from(
    ["x", '"a,b"', '"two\nlines"', '19" mon', "a\rb", "\r9", '"q\rz"', '"say ""hi"""', "é", " "]
)


@given(
    rows=st.lists(st.tuples(WRITTEN, st.sampled_from([1, 3, 4, 4, 4, 5, 6])), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    pack=st.sampled_from([bytes, gzip.compress]),
    step=st.integers(8, 120),
)
@LENIENT
def test_rows_of_other_widths_are_rejected_and_all_others_used(reading, rows, end, pack, step):
    header, sound = "note,customer_id,date,amount", "x,sound,2023-01-15,1"
    cells = [[note, f"c{i}", "2023-01-15", "1", "5", "x"] for i, (note, _) in enumerate(rows)]
    raw = [",".join(row[:width]) for row, (_, width) in zip(cells, rows, strict=True)]
    lines = accumulate((text.count("\n") + 1 for text in raw), initial=3)
    odd = [
        (line, f"row has {width} cell{'s' * (width > 1)}, the header has 4", text)
        for line, text, (_, width) in zip(lines, raw, rows, strict=False)
        if width != 4
    ]
    content = "".join(f"{text}{end}" for text in [header, sound, *raw]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "STEP", step)
        patch.setattr(audit, "MARGIN", 4)
        found = reading(pack(content), needs=())
    assert found.rejects.select("line", "reason", "raw").rows() == odd
    used = [f"c{i}" for i, (_, width) in enumerate(rows) if width == 4]
    assert found.rows["customer_id"].to_list() == ["sound", *used]


SOUND = (
    b"customer_id,date,amount,note\n"
    + b'1,2023-01-15,2.5,"a, b"\n007,2023-02-15,3,"say ""hi""\nx"\n' * 3
)
DAMAGE = st.sampled_from([b'"', b",", b"\n", b"\r", b"", b"\xc8", b'""', b"1e400", b"-", b"\x00"])


@given(hits=st.lists(st.tuples(st.integers(0, len(SOUND)), DAMAGE), min_size=1, max_size=4))
@LENIENT
def test_damaged_bytes_give_rows_that_add_up_or_an_input_error(reading, hits):
    content = SOUND
    for at, damage in hits:
        content = content[:at] + damage + content[at + 1 :]
    with contextlib.suppress(InputError):
        reading(content)  # the fixture adds up
