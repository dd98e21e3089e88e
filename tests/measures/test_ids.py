"""Whatever ids look like, and wherever one looks otherwise, each is one customer and one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from harness import Segment
from hypothesis import assume, example, given
from hypothesis import strategies as st

from segmentation.measures.keys import Customers, LostBet, Table, by_digits, bytes_of
from segmentation.rules.sources import Source
from segmentation.sources import Table as SourceTable
from segmentation.sources import read
from segmentation.sources.columns.affixed import Affixed

MANY = 24_000
UNSEEN = 6_000  # what is sampled is the first thousand, the middle and the end


def fixed(prefix: str, width: int, *late: str) -> list[str]:
    ids = [f"{prefix}{i % 40:0{width}}" for i in range(MANY)]
    return [*ids[:UNSEEN], *late, *ids[UNSEEN:]]


def whole(*late: str) -> list[str]:
    ids = [str(i % 40 + 1) for i in range(MANY)]
    return [*ids[:UNSEEN], *late, *ids[UNSEEN:]]


IDS: dict[str, Sequence[str]] = {
    "one prefix and width": fixed("C", 7),
    "digits of one width": fixed("", 7),
    "one prefix, and a late guest": fixed("C", 7, "guest"),
    "one prefix, and a late one of another width": fixed("C", 7, "C000000001"),
    "one prefix, and a late sign": fixed("C", 7, "C+000001"),
    "one prefix, and a late letter": fixed("C", 7, "C000000x"),
    "one prefix, and a late small one": fixed("C", 7, "c0000001"),
    "blanks around a late one": fixed("C", 7, " C0000001 ", "C0000001\t"),
    "a prefix of two bytes": fixed("Ü", 4),
    "a prefix and 18 digits": fixed("C", 18),
    "a prefix and 19 digits": fixed("C", 19),
    "whole numbers": whole(),
    "whole numbers far apart": ["1", "999999999999999999", "500000000000000000", "2"] * 4000,
    "a late zero in front": whole("007"),
    "negative": [str(-(i % 40) - 1) for i in range(MANY)],
    "UUIDs": [f"0f8fad5b-d9cb-469f-a165-{i % 40:012}" for i in range(MANY)],
}


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
def test_every_id_is_one_customer_and_one_order(
    segment: Segment, ids: Sequence[str], form: str
) -> None:
    lines = pl.DataFrame(
        {
            "customer_id": ids,
            "order_id": ids[::-1],
            "ordered_at": ["2024-01-01"] * len(ids),
            "amount": [2.5] * len(ids),
        }
    )
    lines.write_csv("s.csv") if form == "csv" else lines.write_parquet("s.parquet")
    rules = f"version: 1\nsources: {{transactions: s.{form}}}\npersonas: {{p: {{}}}}\n"
    result = segment("run", files={"personas.yaml": rules})
    assert result.exit_code == 0, result.err
    found = result.customers.select("customer_id", "frequency", "monetary")
    own = [i.strip() for i in ids]
    spent = Counter(own)
    orders = Counter(c for c, _ in {*zip(own, own[::-1], strict=True)})
    expected = {c: (orders[c], spent[c] * 2.5) for c in spent}
    assert {c: (f, float(m)) for c, f, m in found.iter_rows()} == expected


@given(st.text("C019+- \t_xÜ٣", max_size=5))
@example("C+1")
def test_a_number_stands_for_one_text(text: str) -> None:
    kind = Affixed("C", 2)
    number = pl.select(kind.number(pl.lit(text))).item()
    assert (number >= 0) == (text in {f"C{i:02}" for i in range(100)})
    if number >= 0:
        assert kind.text(pl.Series([number])).item() == text


EDGES = [0, 1, -1, 2**31, 2**40, -(2**63), 2**63 - 1, 2**63 - 2]


@given(st.lists(st.lists(st.sampled_from(EDGES) | st.integers(-50, 50), min_size=1), min_size=1))
@example([[2**63 - 1], [2**63 - 2, 2**63 - 1]])
@example([[-(2**63)], [-(2**63)]])
def test_a_table_gives_every_number_one_place_or_gives_up(batches: list[list[int]]) -> None:
    table, places = Table(), dict[int, int]()
    for batch in batches:
        try:
            found = table.of(pl.Series(batch, dtype=pl.Int64).to_numpy())
        except LostBet:
            assert max(map(max, batches)) - min(map(min, batches)) > 1 << 20
            return
        for number, place in zip(batch, found.tolist(), strict=True):
            assert places.setdefault(number, place) == place
    assert sorted(places.values()) == list(range(len(places)))
    assert table.numbers.tolist() == sorted(places, key=places.__getitem__)


SPANS = {
    "close": (100, 0, True),
    "as far as few rows allow": (1 << 23, 0, True),
    "too far for few rows": ((1 << 23) + 1, 0, False),
    "too far for a small file": ((1 << 23) + 1, 1 << 24, False),
    "as far as the file has room": (1 << 24, 1 << 26, True),
    "further than the file has room": ((1 << 24) + 1, 1 << 26, False),
    "too far for any file": ((1 << 28) + 1, 1 << 40, False),
}


@pytest.mark.parametrize(("span", "size", "is_held"), SPANS.values(), ids=SPANS)
def test_the_first_rows_of_many_may_have_ids_far_apart(span: int, size: int, is_held: bool) -> None:
    """A first batch shows few of the rows; a table may be as large as the files."""
    table, numbers = Table(size), np.array([5, 5 + span - 1])
    if is_held:
        assert table.of(numbers).tolist() == [0, 1]
    else:
        with pytest.raises(LostBet):
            table.of(numbers)


def test_the_sizes_of_files_are_those_on_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("customer_id,ordered_at,amount\n" + "1,2024-01-01,1\n" * 1000)
    table = read("transactions", [Source(path=str(file))], cutoff=None)
    assert bytes_of([table, table]) == 2 * file.stat().st_size
    frame = Source(path="lines", frame=pl.scan_csv(file))
    assert bytes_of([read("transactions", [frame], cutoff=None)]) == 0


NUMBERS = st.integers(0, 10**18) | st.integers(0, 200) | st.integers(10**16, 10**17)


@example([0, 1, 10, 100, 11, 2, 20, 9, 99])
@example([10**17 - 1, 10**16, 1])
@example([10**17, 1])
@example([-1, -10, 5])
@example([])
@given(st.lists(NUMBERS, unique=True, max_size=20))
def test_numbers_come_in_the_order_of_their_texts(numbers: list[int]) -> None:
    keys = by_digits(np.array(numbers, np.int64))
    assert [numbers[i] for i in np.argsort(keys)] == sorted(numbers, key=str)


BIG = [10**17, 10**18, 2**63 - 1, -1, -12]
WHOLE = [str(i) for i in (0, 1, 2, 10, 11, 100, 999, *BIG)]
OF_FORM = [f"C{i:03}" for i in (0, 1, 2, 10, 11, 100, 999)]
FOREIGN = ["007", "C1", "C0010", "x", "-0", "+1", "9223372036854775808", "ÜC001", "C00x"]
FORMS: dict[str, tuple[Affixed | None, pl.DataType, list[str], list[str]]] = {
    "whole numbers, as such beside": (None, pl.Int64(), WHOLE, WHOLE),
    "whole numbers, texts beside": (None, pl.Int64(), WHOLE, [*WHOLE, *FOREIGN, *OF_FORM]),
    "texts that stand for numbers": (Affixed("C", 3), pl.String(), OF_FORM, [*OF_FORM, *FOREIGN]),
    "texts": (None, pl.String(), [*OF_FORM, *FOREIGN], [*OF_FORM, *FOREIGN, *WHOLE]),
}


@pytest.mark.parametrize(("affixed", "held", "ids", "beside"), FORMS.values(), ids=FORMS)
@given(data=st.data())
def test_who_is_beside_is_found_and_all_come_in_the_order_of_their_texts(
    affixed: Affixed | None,
    held: pl.DataType,
    ids: list[str],
    beside: list[str],
    data: st.DataObject,
) -> None:
    of_rows = data.draw(st.lists(st.sampled_from(ids)))
    known = data.draw(st.lists(st.sampled_from(beside), unique=True))
    kinds = {} if affixed is None else {"customer_id": affixed}
    rows = pl.DataFrame({"customer_id": pl.Series(of_rows, dtype=pl.String).cast(held)})
    columns = {"customer_id": held}
    customers = Customers(
        [SourceTable("transactions", rows.lazy(), columns, (), affixed=kinds)], bets=True
    )
    numbers = pl.Series(of_rows, dtype=pl.String).cast(held)
    key = customers.key() if affixed is None else affixed.number(pl.col("customer_id"))
    try:
        found = customers.of(numbers.to_frame("customer_id").select(key).to_series())
    except LostBet:
        assume(condition=False)
    called = customers.ids().to_list()
    assert [called[n] for n in found.tolist()] == of_rows
    for dtype in (pl.String, held) if beside is ids else (pl.String,):
        looked = customers.looked_up(pl.Series(known, dtype=pl.String).cast(dtype)).tolist()
        assert looked == [called.index(i) if i in called else -1 for i in known]
    others = [i for i in known if i not in called]
    order = customers.in_order(pl.Series(others, dtype=pl.String))
    every = [*called, *others]
    assert [every[i] for i in order.tolist()] == sorted(every, key=str.encode)
