"""One customer under two ids, and what stands around ids and is none of them."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "customer_id,ordered_at,order_id,amount\n"
RULES = "version: 1\nsources: {transactions: [{path: a.csv, ids: plain}, {path: b.csv, ids: plain}]}\npersonas: {p: {}}\n"


def orders(ids: list[str], day: int = 1, mark: str = "") -> str:
    lines = (f"{one},2025-01-{day:02},{day}{i},10\n" for i, one in enumerate(ids))
    return HEAD + "".join(mark + line for line in lines)


NUMBERS = [str(i) for i in range(1, 60)]
#: of two files the ids, how many customers they are, and how the ids differ
TWICE = {
    "zeros in front": ([f"{int(i):05}" for i in NUMBERS], NUMBERS, 59, "leading zeros (59)"),
    "a .0 beside letters": (
        [*NUMBERS, "C1"],
        [*(f"{i}.0" for i in NUMBERS), "C1"],
        60,
        "a .0 (59)",
    ),
    "another Unicode form": (["Zoë", "Noë"], ["Zoe\u0308", "Noe\u0308"], 2, "accents or letters"),
    "another blank": (["A 1", "A 2"], ["A\u00a01", "A\u00a02"], 2, "another kind of blank (2)"),
    "signs without width": (["A1", "B2"], ["A\u200b1", "B\u200b2"], 2, "invisible characters (2)"),
    "another hyphen": (["A-1", "B-2"], ["A–1", "B\u20112"], 2, "another kind of hyphen (2)"),
    "a NUL": (["ab", "cd"], ["a\0b", "cd\0"], 2, "invisible characters (2)"),
    "capital letters": (["ab12", "cd3"], ["AB12", "CD3"], 2, "capital letters (2)"),
}


@pytest.mark.parametrize(("one", "other", "customers", "said"), TWICE.values(), ids=TWICE)
def test_a_base_that_is_written_in_two_ways_stops_the_run(
    segment: Segment, one: list[str], other: list[str], customers: int, said: str
) -> None:
    files = {"a.csv": orders(one), "b.csv": orders(other, day=2), "personas.yaml": RULES}
    stop = segment("run", "a.csv", "b.csv", files=files)
    assert stop.exit_code == 3, stop.err
    assert said in stop.err
    assert "ids: plain on every source" in stop.err
    done = segment("run")
    assert done.exit_code == 0, done.err
    assert done.customers.height == customers


APART = {
    "few": ([*NUMBERS, "ab1"], ["AB1"], "1 customer of 61 has the id of another"),
    "letters of another alphabet": ([*NUMBERS, "a"], ["а"], "letters of another alphabet (1)"),
    "an underscore for a hyphen": (["A-1"], ["A_1"], ""),
    "other ids": (["a1", "b2"], ["c3"], ""),
}


@pytest.mark.parametrize(("one", "other", "said"), APART.values(), ids=APART)
def test_few_ids_that_are_alike_are_told(
    segment: Segment, one: list[str], other: list[str], said: str
) -> None:
    done = segment("run", "a.csv", "b.csv", files={"a.csv": orders(one), "b.csv": orders(other, 2)})
    assert done.exit_code == 0, done.err
    assert (said in done.err) if said else ("the id of another" not in done.err)


#: what stands around an id, and the id
MARKS = {
    "a formula": ('"=""00123"""', "00123"),
    "an apostrophe": ("'00123", "00123"),
    "a sign without width": ("\u200bA1", "A1"),
    "the mark of a file": ("\ufeffA1", "A1"),
    "one behind it": ("A1\ufeff", "A1"),
    "the scheme of an address": ("mailto:Ann@x.de", "ann@x.de"),
    "the mark of a file before a number": ("\ufeff17", "17"),
}


@pytest.mark.parametrize(("marked", "bare"), MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("before", [0, 3000], ids=["seen in the sample", "seen late"])
def test_marks_around_an_id_are_taken_off(
    segment: Segment, marked: str, bare: str, before: int
) -> None:
    others = [f"x{i}@y.de" if "@" in bare else str(1000 + i) for i in range(before)]
    middle = [f"z{i}@y.de" if "@" in bare else str(90000 + i) for i in range(9 * before)]
    done = segment("run", "o.csv", files={"o.csv": orders([bare, *others, marked, *middle])})
    assert done.exit_code == 0, done.err
    assert done.customers.height == 1 + 10 * before
    assert bare in done.customers["customer_id"]
    assert "marks around ids" in done.err


def test_files_put_together_with_their_first_marks_are_one(segment: Segment) -> None:
    files = {"o.csv": "\ufeff" + orders(["1"]) + "\ufeff1,2025-02-01,b,10\n"}
    done = segment("run", "o.csv", files=files)
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].to_list() == [20]
