"""Files of refunds among files of sales: what is said of them, and that what is advised gives what is true."""

from __future__ import annotations

import re

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount\n"
SALES = f"{HEAD}1,a,2026-01-03,20\n2,b,2026-01-04,30\n"
BACK = f"{HEAD}1,a,2026-01-05,20\n"
EVERYONE = "version: 1\npersonas: {everyone: {columns: [monetary]}}\n"

CALLED = [
    "returns",
    "refunds",
    "retouren",
    "gutschriften",
    "credit_notes",
    "CreditNotes-2026",
    "avoirs",
    "resi",
    "zwroty",
    "devoluciones",
    "reembolsos",
    "remboursements",
    "erstattungen",
    "sales_returns",
    "note_di_credito",
    "creditnotas",
    "retourzendingen",
    "returer",
    "estornos",
    "chargebacks",
    "stornos",
]


@pytest.mark.parametrize("name", CALLED)
def test_a_file_of_refunds_beside_one_of_sales_is_taken_off(segment: Segment, name: str) -> None:
    files = {"orders.csv": SALES, f"{name}.csv": BACK, "personas.yaml": EVERYONE}
    stopped = segment("run", "orders.csv", f"{name}.csv", files=files)
    said = f"{name}.csv is called by refunds, and its amounts are above zero: 1 row would count"
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
    [sources] = re.findall(r"write in the rules: (.*?)\. If they are sales", stopped.err)
    done = segment("run", files={"personas.yaml": f"{EVERYONE}{sources}\n"})
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers["monetary"]] == [0, 30]


#: names of two files, and what the second holds
NONE = {
    "of both": ("orders", "orders_with_returns", BACK),
    "of neither": ("orders", "orders_without_returns", BACK),
    "of customers": ("orders", "returning_customers", BACK),
    "below zero": ("orders", "returns", BACK.replace(",20\n", ",-20\n")),
    "another word": ("orders", "retail", BACK),
    "refunds alone": ("returns_1", "returns_2", BACK),
}


@pytest.mark.parametrize(("first", "second", "rows"), NONE.values(), ids=NONE)
def test_other_files_beside_each_other_run(
    segment: Segment, first: str, second: str, rows: str
) -> None:
    files = {f"{first}.csv": SALES, f"{second}.csv": rows, "personas.yaml": EVERYONE}
    done = segment("run", f"{first}.csv", f"{second}.csv", files=files)
    assert done.exit_code == 0, done.err


def test_one_file_of_refunds_runs(segment: Segment) -> None:
    done = segment("run", "returns.csv", files={"returns.csv": BACK, "personas.yaml": EVERYONE})
    assert done.exit_code == 0, done.err


#: sources in the rules -> what to add to the second, or all of them
DECLARED = {
    "a folder": ("[{path: './*.csv'}]", "write in the rules: sources: "),
    "with a choice": (
        "[{path: orders.csv}, {path: returns.csv, where: {order_id: ['1', '2']}}]",
        'write under its source: columns: {amount: "-amount"}',
    ),
}


@pytest.mark.parametrize(("sources", "said"), DECLARED.values(), ids=DECLARED)
def test_sources_of_rules_are_told_what_to_write(segment: Segment, sources: str, said: str) -> None:
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    files = {"orders.csv": SALES, "returns.csv": BACK, "personas.yaml": rules}
    stopped = segment("run", files=files)
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err


def test_a_declared_amount_is_the_door(segment: Segment) -> None:
    sources = "[{path: orders.csv}, {path: returns.csv, columns: {amount: amount}}]"
    rules = f"{EVERYONE}sources: {{transactions: {sources}}}\n"
    files = {"orders.csv": SALES, "returns.csv": BACK, "personas.yaml": rules}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err
    assert [float(m) for m in done.customers["monetary"]] == [40, 30]
