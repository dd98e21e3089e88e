"""Only what something in a run reads is read: nothing else rejects a row or stops a run."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl
import pytest
from harness import Segment

NOBODY = "personas: {everyone: {match: {}}}"
EVENTS = "customer_id,occurred_at,event\na,2024-01-02,visit\n"
FEATURE = "features: {{it: {}}}\n{}"


def own(feature: str) -> str:
    """Rules with a feature, and a persona for all."""
    return FEATURE.format(feature, NOBODY)


def lines(columns: str, *cells: str) -> str:
    """Two lines or more of orders, with other columns beside what every line has."""
    rows = (
        f"{who},2024-01-0{i},5,{more}"
        for i, (who, more) in enumerate(zip("abc", cells, strict=False), 1)
    )
    return "\n".join((f"customer_id,ordered_at,amount,{columns}", *rows)) + "\n"


@dataclass(frozen=True)
class Row:
    """Rules and files, and what becomes of them: how many lines are rejected, or what stops it."""

    rules: str
    transactions: str
    rejected: int = 0
    stop: str = ""
    note: str = ""
    files: dict[str, str] = field(default_factory=dict)


DISCOUNT = lines("discount", "n/a", "1")
QUANTITY = lines("qty", "n/a", "1")
TWO = lines("dept,category", "A,B", "A,B")
TWO_DISCOUNTS = lines("discount_amount,line_discount", "1,2", "x,y")
COST = lines("product_id", "p", "q")
PRODUCTS = {"products.csv": "product_id,cost,launched_at\np,x,03/04/2023\nq,1,04/03/2023\n"}
NOT_READ = 'transactions: department is not read: it could be from "dept" or "category", and no rule needs it'
EITHER = 'department could be read from "dept" or "category"'
DATED = "launched_at: the date"

ROWS = {
    "nobody reads the discount": Row(NOBODY, DISCOUNT),
    "a persona reads the discount": Row("personas: {p: {match: {discount_share: {more_than: 0}}}}", DISCOUNT, 1),
    "a feature reads it": Row(own("{sum: discount}"), DISCOUNT, 1),
    "a feature reads a flag made of it": Row(own("{count: lines, where: {discounted: true}}"), DISCOUNT, 1),
    "a column of all files reads it": Row(f"columns: [discount_share]\n{NOBODY}", DISCOUNT, 1),
    "a persona's columns read it": Row("personas: {p: {match: {}, columns: [discount_share]}}", DISCOUNT, 1),
    "suppression reads it": Row(f"suppress: [{{discount_share: {{more_than: 0.9}}}}]\n{NOBODY}", DISCOUNT, 1),
    "an anchor reads it": Row(
        own("{count: lines, after: {event: purchase, where: {discounted: true}}}"), DISCOUNT, 1),
    "lines are counted": Row(own("{count: lines}"), QUANTITY),
    "items are counted": Row(own("{count: items}"), QUANTITY, 1),
    "a rung reads it": Row(f"dimensions: {{d: [high: {{discount_share: {{more_than: 0}}}}, low: otherwise]}}\n{NOBODY}",
                           DISCOUNT, 1),
    "two departments, of which no rule reads one": Row(NOBODY, TWO, note=NOT_READ),
    "two departments, and rules read a file's own": Row(own("{count: lines, where: {dept: A}}"), TWO, note=NOT_READ),
    "two departments, and a rule reads them": Row(own("{distinct: department}"), TWO, stop=EITHER),
    "two departments, and a built-in feature reads them": Row(
        "personas: {p: {match: {departments: {at_least: 1}}}}", TWO, stop=EITHER),
    "two departments, and suppression reads them": Row(
        f"suppress: [{{top_department: A}}]\n{NOBODY}", TWO, stop=EITHER),
    "two discounts, of which no rule reads one": Row(
        NOBODY, TWO_DISCOUNTS,
        note='transactions: discount is not read: it could be from "discount_amount" or "line_discount", '
        "and no rule needs it"),
    "what is always read has two candidates": Row(
        NOBODY, lines("invoice,receipt", "1,1", "2,2"),
        stop='order_id could be read from "invoice" or "receipt"'),
    "products that nobody reads": Row(NOBODY, COST, files=PRODUCTS),
    "products whose cost a rule reads": Row(own("{sum: margin}"), COST, 1, files=PRODUCTS),
    "products whose launch a rule reads": Row(
        own("{count: lines, where: {new_arrival: true}}"), COST, stop=DATED, files=PRODUCTS),
    "customers that differ in what nobody reads": Row(
        NOBODY, DISCOUNT, files={"customers.csv": "customer_id,city\na,Oslo\na,Rome\n"}),
    "customers that differ in what a rule reads": Row(
        "personas: {p: {match: {city: Oslo}}}", DISCOUNT,
        stop="customers.csv: one customer has several rows that differ",
        files={"customers.csv": "customer_id,city\na,Oslo\na,Rome\n"}),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_column_rejects_rows_and_stops_runs_only_where_something_reads_it(
    segment: Segment, row: Row
) -> None:
    tables = ["transactions", *(name.removesuffix(".csv") for name in row.files)]
    sources = ", ".join(f"{name}: {name}.csv" for name in tables)
    rules = f"version: 1\nsources: {{{sources}}}\n{row.rules}\n"
    files = {"transactions.csv": row.transactions, **row.files, "personas.yaml": rules}
    result = segment("run", files=files)
    if row.stop:
        assert result.exit_code == 3
        assert row.stop in result.err
        return
    assert result.exit_code == 0, result.err
    assert sum(each["rows_rejected"] for each in result.manifest["inputs"]) == row.rejected
    assert [n["text"] for n in result.manifest["notices"] if n["code"] == "unread-column"] == (
        [row.note] if row.note else []
    )


def test_what_customers_parquet_holds_by_default_does_without_an_unclear_column(
    segment: Segment,
) -> None:
    rules = f"version: 1\nsources: {{transactions: t.csv}}\n{NOBODY}\n"
    clear = segment("run", files={"t.csv": lines("dept", "A", "B"), "personas.yaml": rules})
    assert {"departments", "top_department"} <= {
        *pl.read_parquet_schema(clear.run / "customers.parquet")
    }
    unclear = segment("run", files={"t.csv": TWO, "personas.yaml": rules})
    found = {*pl.read_parquet_schema(unclear.run / "customers.parquet")}
    assert "recency_days" in found
    assert not {"departments", "top_department", "top_department_share"} & found


def customers_of(segment: Segment, rules: str, *cells: str) -> pl.DataFrame:
    """The customers of a file whose lines have these amounts and discounts."""
    rows = (f"a;2024-01-0{i};{cell}" for i, cell in enumerate(cells, 1))
    table = "\n".join(("customer_id;ordered_at;amount;discount", *rows)) + "\n"
    text = f"version: 1\nsources: {{transactions: t.csv}}\n{rules}\n"
    result = segment("run", files={"t.csv": table, "personas.yaml": text})
    assert result.exit_code == 0, result.err
    return pl.read_parquet(result.run / "customers.parquet")


def test_amounts_decide_over_their_decimal_sign(segment: Segment) -> None:
    found = customers_of(segment, NOBODY, "12.50;1,5", "3;2,5", "4;2,5")
    assert found["monetary"].to_list() == [19.5]


def test_other_numbers_that_are_read_tell_the_sign_where_amounts_leave_it_open(
    segment: Segment,
) -> None:
    found = customers_of(segment, own("{sum: discount}"), "12,500;1,5", "3;2,5")
    assert found["monetary"].to_list() == [15.5]
    rules = f"version: 1\nsources: {{transactions: t.csv}}\n{NOBODY}\n"
    unread = segment("run", files={"personas.yaml": rules})
    assert (unread.exit_code, "reads as 99999 or as 99.999" in unread.err) == (3, True)


def test_a_number_that_reads_in_two_ways_stops_a_run_only_where_it_is_read(
    segment: Segment,
) -> None:
    table = lines("discount", '"1,234"', '"2,345"')
    ends = [
        segment(
            "run",
            "--dry-run",
            files={
                "t.csv": table,
                "personas.yaml": f"version: 1\nsources: {{transactions: t.csv}}\n{rules}\n",
            },
        )
        for rules in (NOBODY, own("{sum: discount}"))
    ]
    assert [end.exit_code for end in ends] == [0, 3]
    assert "reads as 9999 or as 9.999" in ends[1].err
