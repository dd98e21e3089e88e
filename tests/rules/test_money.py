"""Money is rounded in one way wherever it is written: half away from zero, as a file's cells are."""

from __future__ import annotations

import io
from decimal import Decimal

import polars as pl
import pytest
from harness import Segment
from hypothesis import example, given
from hypothesis import strategies as st

from segmentation.publish.formats import FORMATS
from segmentation.rules.money import on_scale, rounded
from segmentation.sources.columns.numbers import LARGEST, half_away, scaled

#: what is written -> 1/10,000; all but the last lie in the middle
HALVES = {
    "0.00005": 1,
    "-0.00005": -1,
    "0.00025": 3,
    "-0.00025": -3,
    "2.00005": 20001,
    "10.12345": 101235,
    "-10.12345": -101235,
    "0.00015": 1,
}


@given(
    st.lists(st.floats(-LARGEST, LARGEST) | st.integers(-(10**6), 10**6).map(lambda n: n / 20_000))
)
@example([*map(float, HALVES), 0.49999999999999994 / 10_000])
def test_rules_round_money_as_files_do(numbers: list[float]) -> None:
    of_files = pl.DataFrame({"n": numbers}, schema={"n": pl.Float64}).select(scaled(pl.col("n")))
    assert [on_scale(n) for n in numbers] == of_files["n"].to_list()


@given(st.lists(st.integers(-(10**6), 10**6).map(lambda n: n / 64)), st.integers(0, 4))
def test_other_numbers_are_rounded_as_files_do(numbers: list[float], places: int) -> None:
    shown = pl.DataFrame({"n": numbers}, schema={"n": pl.Float64}).select(
        half_away(pl.col("n"), places)
    )
    assert [rounded(n, places) for n in numbers] == shown["n"].to_list()


def test_whole_numbers_are_exact() -> None:
    assert on_scale(2**62 + 1) == (2**62 + 1) * 10_000


# -- through the command --------------------------------------------------------------------------

CELLS = "customer_id,ordered_at,amount\n" + "".join(
    f"c{i},2026-01-01,{text}\nc{i},2026-01-02,1\n" for i, text in enumerate(HALVES)
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
    "a mean of items": (
        "mine",
        "{mean: cost, of: items}",
        {"up": "0.0002", "down": "0.0", "odd": "0.0001"},
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
