"""Ids keep their text, whatever type they are read as."""

from __future__ import annotations

import polars as pl
import pytest

from segmentation.messages.errors import InputError

H = "customer_id,ordered_at,amount\n"
NAN = float("nan")

CSV = {
    "integers": (["7", "12"], [7, 12]),
    "leading zeros": (["007", "7"], ["007", "7"]),
    "zero": (["0", "7"], ["0", "7"]),
    "signs": (["+7", "-7"], ["+7", "-7"]),
    "floats from a column with gaps": (["17850.0", "12.0"], [17850, 12]),
    "floats with leading zeros": (["007.0", "7.0"], ["007", "7"]),
    "some floats, of several exports": (["17850.0", "12"], [17850, 12]),
    "white space": ([" 7", "7 ", " a b "], ["7", "7", "a b"]),
    "letters": (["C1", "c1"], ["C1", "c1"]),
    "twenty digits": (["12345678901234567890"], ["12345678901234567890"]),
    "scientific": (["4.0128e+10", "1"], ["4.0128e+10", "1"]),
}


@pytest.mark.parametrize(("texts", "expected"), CSV.values(), ids=list(CSV))
def test_ids_of_a_csv_file(reading, texts, expected):
    found = reading(H + "".join(f"{text},2023-01-15,1\n" for text in texts))
    assert found.rows["customer_id"].to_list() == expected


LATE = {"leading zero": "007", "letters": "C7", "sign": "+7", "too long": "9" * 25, "space": " 7"}
UNSEEN = 6_000  # of 24,000 rows: what is sampled is the first thousand, the middle and the end


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("dot", ["", ".0"], ids=["plain", "with .0"])
@pytest.mark.parametrize("column", ["customer_id", "order_id"])
@pytest.mark.parametrize("text", LATE.values(), ids=list(LATE))
def test_id_that_the_sample_did_not_show_turns_all_to_text(reading, text, column, dot):
    ids = [f"{i}{dot}" for i in range(1, 24_001)]
    ids.insert(UNSEEN, f"{text}{dot}")
    other = {"customer_id": "order_id", "order_id": "customer_id"}[column]
    rows = "".join(f"{one},{i},2023-01-15,1\n" for i, one in enumerate(ids, 1))
    found = reading(f"{column},{other},ordered_at,amount\n{rows}")
    end = "" if text.strip().isdigit() else dot  # the .0 goes where all are digits
    assert found.rows[column].dtype == pl.String
    assert found.rows[column][UNSEEN] == f"{text.strip()}{end}"
    assert found.rows[column][6] == f"7{end}"
    assert found.count.rows_used == 24_001


def dotted(texts: list[str]) -> str:
    return H + "".join(f"{text},2023-01-15,1\n" for text in texts)


LONG = [str(i) for i in range(1, 12_001)]
DOT_ZERO = {
    "first": (["8.0", *LONG], "8"),
    "far from any sample": ([*LONG, *LONG, "8.0", *LONG, *LONG], "8"),
    "last": ([*LONG, "8.0"], "8"),
    "of ids with leading zeros": (["007", *LONG, *LONG, "008.0", *LONG, *LONG], "008"),
    "of blanks first": ([" "] * 3000 + ["8.0", "9"], "8"),
    "among letters, both first": (["8.0", "C7", *LONG], "8.0"),
    "among letters, letters late": (["8.0", *LONG, *LONG, "C7", *LONG], "8.0"),
    "among letters, both late": ([*LONG, *LONG, "C7", "8.0", *LONG, *LONG], "8.0"),
    "among letters, the .0 late": (["C7", *LONG, *LONG, "8.0", *LONG, *LONG], "8.0"),
}


@pytest.mark.parametrize(("texts", "expected"), DOT_ZERO.values(), ids=list(DOT_ZERO))
def test_the_dot_zero_goes_from_every_row_or_from_none(reading, texts, expected):
    found = {str(one) for one in reading(dotted(texts)).rows["customer_id"]}
    assert {one for one in found if one.lstrip("0") in {"8", "8.0"} and one not in LONG} <= {
        expected
    }
    assert ("8.0" in found) == (expected == "8.0")


FILES = {
    "digits in both": (["8.0"], ["9"], {"8", "9"}),
    "a letter in the other": (["8.0"], ["C9"], {"8.0", "C9"}),
    "a letter beside it": (["8", "C9"], ["8.0"], {"8", "8.0", "C9"}),
}


@pytest.mark.parametrize(("a", "b", "expected"), FILES.values(), ids=list(FILES))
@pytest.mark.parametrize("other", ["customer_id", "Customer ID"])
def test_files_of_a_source_share_what_becomes_of_the_dot_zero(
    written, read_all, tmp_path, a, b, expected, other
):
    from segmentation.rules.sources import Source

    written(dotted(a), "in/a.csv")
    written(dotted(b).replace("customer_id", other), "in/b.csv")
    found = read_all("transactions", Source(path=str(tmp_path / "in" / "*.csv")))
    assert {str(one) for one in found.rows["customer_id"]} == expected


STORED = {
    "small integers": (pl.Series([1, None, 3], dtype=pl.Int16), [1, 3]),
    "unsigned": (pl.Series([1, None, 2**64 - 1], dtype=pl.UInt64), ["1", str(2**64 - 1)]),
    "floats": (pl.Series([17850.0, None, NAN]), [17850]),
    "fractions": (pl.Series([17850.5, None, 3.0]), ["17850.5", "3"]),
    "text": (pl.Series(["007", " ", "x "]), ["007", "x"]),
    "text floats": (pl.Series(["17850.0", None, "3.0"]), [17850, 3]),
    "categories": (pl.Series(["a", None, "b"], dtype=pl.Categorical), ["a", "b"]),
}


@pytest.mark.parametrize(("stored", "expected"), STORED.values(), ids=list(STORED))
def test_ids_of_a_parquet_file(reading, stored, expected):
    rows = pl.DataFrame({"customer_id": stored, "date": ["2023-01-15"] * 3, "amount": [1.0] * 3})
    found = reading(rows, "t.parquet")
    assert found.rows["customer_id"].to_list() == expected
    assert found.count.rows_set_aside == {"no customer": 3 - len(expected)} or len(expected) == 3


ROUNDED = {
    "Float32": (pl.Series([16777217, 5], dtype=pl.Float32), 1),
    "Float32, just small enough": (pl.Series([16777215, 5], dtype=pl.Float32), 0),
    "Float32, below zero": (pl.Series([-16777217, 5], dtype=pl.Float32), 1),
    "Float16": (pl.Series([2049, 5], dtype=pl.Float16), 1),
    "Float16, just small enough": (pl.Series([2047, 5], dtype=pl.Float16), 0),
    "Float64": (pl.Series([2.0**53 + 1, 1e300]), 2),
    "Float64, just small enough": (pl.Series([2.0**53 - 1, 5]), 0),
    "infinity": (pl.Series([float("inf"), 5]), 1),
}


@pytest.mark.parametrize("name", ["customer_id", "order_id", "product_id"])
@pytest.mark.parametrize(("ids", "wrong"), ROUNDED.values(), ids=list(ROUNDED))
def test_floats_that_hold_no_id_any_more_are_refused(reading, name, ids, wrong):
    rows = {"customer_id": [1, 2], "date": ["2023-01-15"] * 2, "amount": [1.0] * 2} | {name: ids}
    if not wrong:
        assert reading(pl.DataFrame(rows), "t.parquet").count.rows_used == 2
        return
    with pytest.raises(InputError) as error:
        reading(pl.DataFrame(rows), "t.parquet")
    numbers = "1 number in it is" if wrong == 1 else "2 numbers in it are"
    assert f"{name}: the column {name} holds {ids.dtype}, and {numbers} so large" in str(
        error.value
    )
    assert "Write the ids as integers or as text" in str(error.value)


def test_ids_of_differing_types_meet_as_text(written, read_all):
    from segmentation.rules.sources import Source

    stored = pl.DataFrame({"customer_id": [7], "date": ["2023-01-15"], "amount": [1.0]})
    paths = [written(stored, "a.parquet"), written(H + "007,2023-01-15,1\n", "b.csv")]
    found = read_all("transactions", *(Source(path=str(path)) for path in paths))
    assert found.rows["customer_id"].to_list() == ["7", "007"]


@pytest.mark.parametrize("skus", [["22", "7.0"], ["7.0", "22"], ["22", *LONG, *LONG, "7.0", *LONG]])
def test_product_ids_lose_the_dot_zero_wherever_it_stands(reading, skus):
    rows = "".join(f"1,2023-01-15,1,{sku}\n" for sku in skus)
    found = set(reading("customer_id,date,amount,sku\n" + rows).rows["product_id"])
    assert {"7", "22"} <= found
    assert "7.0" not in found


def test_product_ids_are_always_text(reading):
    found = reading("customer_id,date,amount,sku\n1,2023-01-15,1,22\n2,2023-01-15,1,007\n")
    assert found.rows["product_id"].to_list() == ["22", "007"]
