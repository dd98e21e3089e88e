"""Numbers are rounded in one way wherever they are written: half away from zero, as they are written."""

from __future__ import annotations

import io
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

import polars as pl
import pytest
from drawing import drawn
from harness import Segment
from hypothesis import example, given
from hypothesis import strategies as st

from segmentation.publish.formats import FORMATS
from segmentation.rules.money import of_plain, on_scale, plain, rounded
from segmentation.rules.number_format import POINT, NumberFormat
from segmentation.sources.columns import numbers as columns
from segmentation.sources.columns.numbers import LARGEST, divided, fixed_point, half_away, scaled

#: what is written -> 1/10,000; all lie in the middle, though some floats that stand for them do not
HALVES = {
    "0.00005": 1,
    "-0.00005": -1,
    "0.00025": 3,
    "-0.00025": -3,
    "2.00005": 20001,
    "10.12345": 101235,
    "-10.12345": -101235,
    "0.00015": 2,
    "5.35115": 53512,
    "-5.35115": -53512,
    "686527.51845": 6865275185,
}
CONTEXT: Final = Context(prec=80, rounding=ROUND_HALF_UP)


def by_hand(text: str, places: int = 4) -> Decimal:
    """The oracle: Python's decimals."""
    return Decimal(text).quantize(Decimal(1).scaleb(-places), context=CONTEXT)


def held_by_hand(text: str) -> int:
    return int(by_hand(text).scaleb(4, CONTEXT))


def _texts(digits: int, beyond: int) -> st.SearchStrategy[str]:
    """Numbers as they are written, and those in and just beside the middle of two of 1/10,000."""
    whole = st.integers(-LARGEST, LARGEST).flatmap(lambda n: st.sampled_from([n, n // 10**6]))
    part = st.text("0123456789", max_size=4)
    tails = ["5", "4" + "9" * beyond, "5" + "0" * beyond + "1", "49", "51", ""]
    written = st.tuples(whole, part, st.sampled_from(tails)).map(
        lambda n: f"{n[0]}.{n[1]:0<4}{n[2]}" if abs(n[0]) < LARGEST else str(n[0])
    )
    return written.filter(lambda text: len(text.strip("-").replace(".", "").lstrip("0")) <= digits)


@drawn(40)
@given(st.lists(_texts(15, 4)))
@example([*HALVES])
def test_what_is_written_in_fifteen_digits_is_rounded_as_it_is_written(texts: list[str]) -> None:
    written = pl.DataFrame({"n": texts}, schema={"n": pl.String})
    found = written.select(
        texts=fixed_point("n", pl.String(), POINT), floats=scaled(pl.col("n").cast(pl.Float64))
    )
    expected = [held_by_hand(text) for text in texts]
    assert found["texts"].to_list() == expected
    assert found["floats"].to_list() == expected
    assert [on_scale(float(text)) for text in texts] == expected


@drawn(40)
@given(st.lists(_texts(60, 30)))
@example(["0.000049999999999999999999999", "1.000050000000000000000000001", "99999999999.99995"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_texts_of_any_length_are_rounded_as_they_are_written(decimal, texts: list[str]) -> None:
    blanks = [f" {text} ".replace(".", decimal) for text in texts]
    written = pl.DataFrame({"n": blanks}, schema={"n": pl.String})
    found = written.select(fixed_point("n", pl.String(), NumberFormat(decimal)))
    assert found["n"].to_list() == [held_by_hand(text) for text in texts]


@drawn(40)
@given(st.lists(_texts(32, 16)), st.sampled_from([0, 2, 4, 5, 20]))
def test_decimals_never_go_by_way_of_floats(texts: list[str], scale: int) -> None:
    cells = [by_hand(text, scale) for text in texts]
    stored = pl.Series("n", cells, dtype=pl.Decimal(38, scale)).to_frame()
    found = stored.lazy().select(fixed_point("n", stored.schema["n"], POINT))
    expected = [held_by_hand(str(cell)) if abs(cell) <= LARGEST else None for cell in cells]
    assert found.collect(engine="streaming")["n"].to_list() == expected


@drawn(40)
@given(st.lists(_texts(15, 4)), st.integers(0, 4))
@example(["1.28625", "1.005", "-0.125"], 4)
@example(["1.28625", "1.005", "-0.125"], 2)
def test_published_numbers_are_rounded_as_they_are_written(texts: list[str], places: int) -> None:
    cells = [float(text) for text in texts]
    shown = pl.DataFrame({"n": cells}, schema={"n": pl.Float64})
    found = shown.select(columns.rounded(pl.col("n"), places))["n"].to_list()
    assert found == [float(by_hand(text, places)) for text in texts]
    assert [rounded(cell, places) for cell in cells] == found


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        pytest.param("0.33335", 10_000, 3334, id="a half that no float is"),
        pytest.param("-0.33335", 10_000, -3334, id="units back"),
        pytest.param("0.33335", -10_000, -3334, id="a price below zero"),
        pytest.param("0", 10_000, 0, id="nothing"),
        pytest.param("2.5", 0, 0, id="for nothing"),
        pytest.param("1.1", 150_015, 165_017, id="a half of both"),
    ],
)
def test_a_product_is_rounded_as_it_is_written(quantity: str, price: int, amount: int) -> None:
    line = pl.DataFrame({"quantity": float(quantity), "price": [price]})
    assert line.select(half_away(pl.col("quantity"), pl.col("price"))).item() == amount


@pytest.mark.parametrize("number", [2.0**53, 1e17, 4.6e11, 1e305, float("inf")])
def test_what_has_no_four_places_stays_as_it_is(number: float) -> None:
    found = pl.DataFrame({"n": [number, -number]}).select(columns.rounded(pl.col("n"), 4))
    assert found["n"].to_list() == [number, -number]


@given(st.lists(st.integers(-(2**53), 2**53)))
@example([3, 7, 12_345])
def test_a_quotient_is_the_nearest_float(wholes: list[int]) -> None:
    found = pl.DataFrame({"n": wholes}, schema={"n": pl.Int64}).select(divided(pl.col("n"), 10_000))
    assert found["n"].to_list() == [whole / 10_000 for whole in wholes]


@given(st.integers(-(2**63) + 1, 2**63 - 1))
@example(99_999_999_999_999_995)
@example(2**53 - 1)
def test_money_in_json_reads_back_as_it_is_held(held: int) -> None:
    assert of_plain(plain(held)) == held
    assert isinstance(plain(held), float) or abs(held) > 2**52


@given(
    st.lists(st.floats(-LARGEST, LARGEST) | st.integers(-(10**6), 10**6).map(lambda n: n / 20_000))
)
@example([*map(float, HALVES), 0.49999999999999994 / 10_000])
def test_rules_round_money_as_files_do(numbers: list[float]) -> None:
    of_files = pl.DataFrame({"n": numbers}, schema={"n": pl.Float64}).select(scaled(pl.col("n")))
    assert [on_scale(n) for n in numbers] == of_files["n"].to_list()


def test_whole_numbers_are_exact() -> None:
    assert on_scale(2**62 + 1) == (2**62 + 1) * 10_000


# -- through the command --------------------------------------------------------------------------

CELLS = "customer_id,ordered_at,amount\n" + "".join(
    f"c{i:02},2026-01-01,{text}\nc{i:02},2026-01-02,1\n" for i, text in enumerate(HALVES)
)


def test_a_bound_equals_the_cell_that_is_written_like_it(segment: Segment) -> None:
    """Each customer has a line of one of the amounts, and another of 1."""
    count = "{{count: lines, lines: all, where: {{amount: {}}}}}".format
    features = "".join(
        f"  is{i}: {count(text)}\n  above{i}: {count(f'{{more_than: {text}, less_than: 1}}')}\n"
        f"  from{i}: {count(f'{{between: [{text}, {text}]}}')}\n"
        for i, text in enumerate(HALVES)
    )
    columns = [f"{word}{i}" for i in range(len(HALVES)) for word in ("is", "above", "from")]
    rules = f"version: 1\nsources: {{transactions: t.csv}}\nfeatures:\n{features}columns: [{', '.join(columns)}]\n"
    done = segment("run", files={"personas.yaml": rules, "t.csv": CELLS})
    assert done.exit_code == 0, done.err
    found = done.customers.sort("customer_id")
    same = [
        (found[f"is{i}"][i], found[f"from{i}"][i], found[f"above{i}"][i])
        for i in range(len(HALVES))
    ]
    assert same == [(1, 1, 0)] * len(HALVES)


def test_lint_counts_money_as_the_run_does(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: t.csv}\npersonas:\n"
    rules += "  none: {match: {monetary: {at_least: 0.00005, at_most: 0.00004}}}\n"
    rules += "  some: {match: {monetary: {more_than: 0.00004, at_most: 0.00005}}}\n"
    done = segment("validate", files={"personas.yaml": rules, "t.csv": CELLS})
    assert done.exit_code == 2
    assert '"none" can never match' in done.err
    assert '"some"' not in done.err


@pytest.mark.parametrize("amount", ["0.00005", "2.00005", "10.12345"])
def test_a_persona_test_pays_what_a_file_would(segment: Segment, amount: str) -> None:
    held = Decimal(HALVES[amount]) / 10_000
    orders = (
        f"[{{days_ago: 1, amount: {amount}}}, {{days_ago: 2, unit_price: 0.0001, quantity: 2.5}}]"
    )
    both = (
        f"{{all: [{{monetary: {held + Decimal('0.0003')}}}, {{monetary: {{more_than: {held}}}}}]}}"
    )
    files = {
        "personas.yaml": "version: 1\nsources: {transactions: t.csv}\npersonas: {all_of_them: {}}\n",
        "personas.test.yaml": f"cases: [{{name: she, orders: {orders}, features: {both}}}]\n",
    }
    done = segment("test", files=files)
    assert done.exit_code == 0, done.out + done.err


LINES = """customer_id,order_id,ordered_at,amount,quantity,cost,points
up,1,2026-01-01,1,0.5,0.0001,0.00005
down,1,2026-01-01,5,1,0,0
down,2,2026-01-02,-1,0.5,0.0001,-0.00005
odd,1,2026-01-01,1,2.5,0.0001,0.00025
"""
PUBLISHED = {
    "a margin": ("margin", "", {"up": "0.9999", "down": "4.0001", "odd": "0.9997"}),
    "a sum of texts that hold numbers": (
        "mine",
        "{sum: points, lines: all}",
        {"up": "0.0001", "down": "-0.0001", "odd": "0.0003"},
    ),
    "a mean of items, of which each is not rounded": (
        "mine",
        "{mean: cost, of: items}",
        {"up": "0.0001", "down": "0.0", "odd": "0.0001"},
    ),
}


@pytest.mark.parametrize(("name", "measure", "expected"), PUBLISHED.values(), ids=PUBLISHED)
def test_what_is_worked_out_of_halves_is_rounded_away_from_zero(
    segment: Segment, name: str, measure: str, expected: dict[str, str]
) -> None:
    own = f"features: {{mine: {measure}}}\n" if measure else ""
    rules = f"version: 1\nsources: {{transactions: t.csv}}\n{own}columns: [{name}]\npersonas: {{all_of_them: {{}}}}\n"
    done = segment("run", files={"personas.yaml": rules, "t.csv": LINES})
    assert done.exit_code == 0, done.err
    rows = (done.run / "personas" / "all_of_them.csv").read_text().splitlines()
    place = rows[0].split(",").index(name)
    assert {row.split(",")[0]: row.split(",")[place] for row in rows[1:]} == expected


@pytest.mark.parametrize(
    ("share", "shown"), [(0.03125, 0.0313), (0.09375, 0.0938), (-0.03125, -0.0313)]
)
def test_shares_have_four_places_and_halves_go_away_from_zero(share: float, shown: float) -> None:
    for form in ("csv", "jsonl"):
        file = io.BytesIO()
        FORMATS[form].write(pl.DataFrame({"share": [share]}), file, is_safe=True)
        assert str(shown) in file.getvalue().decode()
        assert str(share) not in file.getvalue().decode()


def test_means_are_rounded_as_they_are_written_in_files_and_on_the_terminal(
    segment: Segment,
) -> None:
    """Eight orders of 10.29 are 1.28625 each, two of 2.01 are 1.005 each; points add up to 0.0003."""
    orders = [("eight", amount) for amount in ("3.29", *["1"] * 7)]
    orders += [("two", amount) for amount in ("1", "1.01")]
    lines = "customer_id,order_id,ordered_at,amount,points\n" + "".join(
        f"{who},{i},2026-01-01,{amount},{'0.0003' if i in (0, 8) else ''}\n"
        for i, (who, amount) in enumerate(orders)
    )
    rules = (
        "version: 1\nsources: {transactions: t.csv}\nfeatures: {points: {sum: points}}\n"
        "columns: [average_order_value, points]\n"
        "personas: {eight: {match: {frequency: 8}}, two: {match: {frequency: 2, points: 0.0003}}}\n"
    )
    done = segment("run", files={"personas.yaml": rules, "t.csv": lines})
    assert done.exit_code == 0, done.err
    folder = done.run / "personas"
    shown = {
        name: pl.read_csv(folder / f"{name}.csv", infer_schema=False)["average_order_value"].item()
        for name in ("eight", "two")
    }
    assert shown == {"eight": "1.2863", "two": "1.005"}
    cells = {line.split()[0]: line.split()[7] for line in done.out.splitlines() if " d" in line}
    assert cells == {"eight": "1.29", "two": "1.01"}
    assert done.customers["points"].to_list() == [0.0003, 0.0003]
