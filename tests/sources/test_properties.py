"""Whatever the rows, nothing is lost: written rows come back, and counts add up."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.config.sources import Source
from segmentation.sources.fixedpoint import LARGEST

LENIENT = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=6)
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
    from datetime import date

    found = reading(content, cutoff=date(2024, 1, 1), source={"decimal": "."})  # the fixture adds up
    assert found.count.rows_read == len(rows) + 1


@given(lines=LINES, cuts=st.lists(st.integers(0, 8), max_size=3))
@LENIENT
def test_splitting_rows_over_files_changes_nothing(written, reading, read_all, lines, cuts):
    header = ("customer_id", "date", "amount", "note")
    rows = [(f"{customer}x", "2023-01-15", amount, note) for customer, amount, note in lines]
    bounds = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    paths = [
        written(written_csv([header, *rows[a:b]]), f"split/{a}.csv")
        for a, b in zip(bounds, bounds[1:], strict=False)
    ]
    whole = reading(written_csv([header, *rows]))
    split = read_all("transactions", *(Source(path=str(path)) for path in paths))
    assert split.rows.sort(split.rows.columns).rows() == whole.rows.sort(split.rows.columns).rows()
