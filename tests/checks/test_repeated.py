"""Rows that stand twice, files that shrank, and how much may be rejected."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount,note\n"
RULES = "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n{more}"


def rows(number: int, bad: int = 0) -> str:
    lines = (f"o{i},c{i},2026-01-01,{'x' if i < bad else 10},\n" for i in range(number))
    return HEAD + "".join(lines)


EQUAL = {
    "one": (
        "a,1,2026-01-01,5,x\na,1,2026-01-01,5,x\nb,1,2026-01-01,5,x\n",
        "1 row of 3 is an exact copy of another",
    ),
    "three of one": ("a,1,2026-01-01,5,x\n" * 3, "2 rows of 3 are exact copies of another"),
    "another cell": ("a,1,2026-01-01,5,x\na,1,2026-01-01,5,y\n", ""),
    "without an order": (",1,2026-01-01,5,x\n" * 2, "1 row of 2 is an exact copy of another"),
}


@pytest.mark.parametrize(("lines", "said"), EQUAL.values(), ids=EQUAL)
def test_equal_rows_of_an_order_are_counted_and_count(
    segment: Segment, lines: str, said: str
) -> None:
    files = {"o.csv": HEAD + lines, "personas.yaml": RULES.format(keys="", more="")}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert (said in done.err) if said else ("exact cop" not in done.err)
    assert done.manifest["inputs"][0]["rows_used"] == lines.count("\n")


#: files of one order a and b -> what is said of them
OVERLAPS: dict[str, tuple[dict[str, str], str]] = {
    "a line again": (
        {"p.csv": HEAD + "a,1,2026-01-01,5,x\n"},
        "1 row says the same as a row of the same order in another file: it counts twice",
    ),
    "two lines again": ({"p.csv": HEAD + "a,1,2026-01-01,5,x\nb,2,2026-01-01,5,x\n"}, "2 rows say"),
    "another state of it": ({"p.csv": HEAD + "a,1,2026-01-01,5,sent\n"}, "1 row says the same"),
    "other decimals": ({"p.csv": HEAD + "a,1,2026-01-01,5.00,x\n"}, "1 row says the same"),
    "other names, days and signs": (
        {"p.csv": "Order No;Customer;Date;Total\na;1;01.01.2026;5,00\nz;2;31.01.2026;6,50\n"},
        "1 row says the same",
    ),
    "JSON": (
        {
            "p.json": '[{"order_id": "a", "customer_id": 1, "ordered_at": "2026-01-01", "amount": 5.0}]'
        },
        "1 row says the same",
    ),
    "a moment of the day": (
        {"p.csv": HEAD + "a,1,2026-01-01 10:00,5,x\nz,1,2026-01-02 11:00,7,x\n"},
        "1 row says the same",
    ),
    "another amount": ({"p.csv": HEAD + "a,1,2026-01-01,5.01,x\n"}, ""),
    "another day": ({"p.csv": HEAD + "a,1,2026-01-02,5,x\n"}, ""),
    "another customer": ({"p.csv": HEAD + "a,9,2026-01-01,5,x\n"}, ""),
    "copies within one of them": ({"p.csv": HEAD + "c,1,2026-01-01,5,y\n" * 2}, ""),
}
OVERLAPS["two lines of a glob"] = (
    {"more/p.csv": OVERLAPS["two lines again"][0]["p.csv"]},
    "2 rows say",
)


@pytest.mark.parametrize("name", OVERLAPS)
def test_rows_of_one_order_in_two_files_are_told(segment: Segment, name: str) -> None:
    others, said = OVERLAPS[name]
    first = HEAD + "a,1,2026-01-01,5,x\nb,2,2026-01-01,5,x\n"
    is_glob = any("/" in file for file in others)
    files = {"more/o.csv" if is_glob else "o.csv": first, **others}
    done = segment("run", *(["more/*.csv"] if is_glob else files), files=files)
    assert done.exit_code == 0, done.err
    assert any(said in text for text in done.warnings) if said else "another file" not in done.err
    assert "as another line" not in done.err or name == "copies within one of them"


def test_lines_of_one_order_are_told_apart_by_their_products(segment: Segment) -> None:
    head = "order_id,customer_id,ordered_at,sku,amount\n"
    files = {"o.csv": f"{head}a,1,2026-01-01,x,5\n", "p.csv": f"{head}a,1,2026-01-01,y,5\n"}
    done = segment("run", "o.csv", "p.csv", files=files)
    assert (done.exit_code, "another file" in done.err) == (0, False), done.err


#: rows of a second file without orders -> whether all of them stand in the first
WHOLE = {
    "the same file": ("1,2026-01-01,5\n2,2026-01-02,5\n", True),
    "a part of it": ("2,2026-01-02,5.00\n", True),
    "one more": ("2,2026-01-02,5\n3,2026-01-02,5\n", False),
}


@pytest.mark.parametrize(("lines", "is_told"), WHOLE.values(), ids=WHOLE)
def test_a_file_without_orders_that_stands_in_another_is_told(
    segment: Segment, lines: str, is_told: bool
) -> None:
    head = "customer_id,date,amount\n"
    first = f"{head}1,2026-01-01,5\n2,2026-01-02,5\n4,2026-01-02,5\n"
    done = segment("run", "o.csv", "p.csv", files={"o.csv": first, "p.csv": head + lines})
    assert (done.exit_code, "in another file" in done.err) == (0, is_told), done.err


def test_lines_that_are_blank_are_no_copies(segment: Segment) -> None:
    text = HEAD + "a,1,2026-01-01,5,x\n\nb,1,2026-01-01,5,x\n\n,,,,\n,,,,\n"
    done = segment("run", "o.csv", files={"o.csv": text})
    assert (done.exit_code, "exact cop" in done.err) == (0, False), done.err


def test_a_copy_of_a_line_whose_order_has_the_amount_counts_it_once(segment: Segment) -> None:
    text = HEAD + "a,1,2026-01-01,5,x\n" * 2
    rules = RULES.format(keys=", columns: {amount: {per_order: amount}}", more="")
    done = segment("run", files={"o.csv": text, "personas.yaml": rules})
    assert "it counts as another line, and the amount of the order once" in done.err


def test_equal_rows_of_a_file_without_orders_are_counted(segment: Segment) -> None:
    text = "customer_id,date,amount\n1,2026-01-01,5\n1,2026-01-01,5\n1,2026-01-02,5\n"
    files = {"o.csv": text, "personas.yaml": RULES.format(keys="", more="")}
    done = segment("run", files=files)
    assert (done.exit_code, "1 row of 3 is an exact copy of another" in done.err) == (0, True)


def test_rows_that_are_not_chosen_are_no_copies(segment: Segment) -> None:
    lines = "a,1,2026-01-01,5,x\nb,1,2026-01-01,5,y\nb,1,2026-01-01,5,y\n"
    rules = RULES.format(keys=", where: {note: x}", more="")
    assert (
        "exact cop" not in segment("run", files={"o.csv": HEAD + lines, "personas.yaml": rules}).err
    )


SHRUNKEN = {
    "to a half": (200, 100, "", 0),
    "below a half": (200, 99, "", 3),
    "a trial": (99, 1, "", 0),
    "signed for": (200, 10, "notices: {feed-shrank: warn}\n", 0),
    "grown": (100, 300, "", 0),
}


@pytest.mark.parametrize(("before", "now", "more", "code"), SHRUNKEN.values(), ids=SHRUNKEN)
def test_a_file_that_shrank_is_not_published(
    segment: Segment, before: int, now: int, more: str, code: int
) -> None:
    rules = RULES.format(keys="", more=more)
    assert segment("run", files={"o.csv": rows(before), "personas.yaml": rules}).exit_code == 0
    done = segment("run", files={"o.csv": rows(now)})
    assert done.exit_code == code, done.err
    said = f"o.csv: the file has {now} row"
    assert (said in done.err.replace("warning: ", "")) is (code == 3 or bool(more))
    assert done.manifest["inputs"][0]["rows_read"] == (before if code else now)


REJECTED = {
    "one in a hundred": (100, 1, "", 0),
    "two in a hundred": (100, 2, "", 3),
    "all of a trial but one": (99, 98, "", 0),
    "as many as are allowed": (100, 5, ", rejects: {at_most: 5%}", 0),
    "more than are allowed": (100, 6, ", rejects: {at_most: 0.05}", 3),
    "none are allowed": (100, 1, ", rejects: {at_most: 0}", 3),
}


@pytest.mark.parametrize(("number", "bad", "keys", "code"), REJECTED.values(), ids=REJECTED)
def test_more_rejected_rows_than_a_source_allows_stop_the_run(
    segment: Segment, number: int, bad: int, keys: str, code: int
) -> None:
    rules = RULES.format(keys=keys, more="")
    done = segment("run", files={"o.csv": rows(number, bad), "personas.yaml": rules})
    assert done.exit_code == code, done.err
    assert ("Where so many may be: rejects: {at_most:" in done.err) is (code == 3)


WRONG = ["rejects: 1%", "rejects: {at_most: 2}", "rejects: {at_most: many}", "rejects: {most: 1%}"]


@pytest.mark.parametrize("keys", WRONG)
def test_what_is_no_part_is_told(segment: Segment, keys: str) -> None:
    done = segment("validate", files={"personas.yaml": RULES.format(keys=f", {keys}", more="")})
    assert done.exit_code == 2
    assert "expected {at_most: PART}" in done.out + done.err
