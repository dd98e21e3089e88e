"""Rows that would count and should not: each column that tells is a stop, and any `where` on it the door."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)


def orders(column: str, *cells: str) -> str:
    rows = (f"o{i},c{i},2026-01-0{i},10.00,{cell}\n" for i, cell in enumerate(cells, 1))
    return f"{HEAD},{column}\n" + "".join(rows)


#: a column and its cells -> what is said, and the where that is proposed
STOPS = {
    "cancelled": (
        "order_status",
        ["paid", "Cancelled", "paid"],
        "order_status holds paid (2), Cancelled (1), and nothing",
        "where: {order_status: {is_not: Cancelled}}",
    ),
    "several": (
        "Status",
        ["completed", "voided", "on-hold", "refunded"],
        "Status holds completed (1), on-hold (1), refunded (1), voided (1)",
        "where: {Status: {none_of: [refunded, voided]}}",
    ),
    "German": (
        "Zustand",
        ["bezahlt", "storniert"],
        "Zustand holds bezahlt (1), storniert (1)",
        "where: {Zustand: {is_not: storniert}}",
    ),
    "a log": (
        "event_type",
        ["purchase", "view", "cart", "view"],
        "event_type holds view (2), cart (1), purchase (1)",
        "where: {event_type: {none_of: [view, cart]}}",
    ),
    "a test": (
        "test",
        ["false", "true"],
        "test holds false (1), true (1)",
        "where: {test: {is_not: true}}",
    ),
    "a test in numbers": (
        "is_test",
        ["0", "1"],
        "is_test holds 0 (1), 1 (1)",
        "where: {is_test: {is_not: true}}",
    ),
    "a moment": (
        "Cancelled at",
        ["", "2026-01-02 10:00"],
        "Cancelled at holds 1 other value",
        "where: {Cancelled at: {missing: true}}",
    ),
    "words of nobody": (
        "state",
        ["paid", "cancelled", "secret"],
        "state holds cancelled (1), paid (1), 1 other value",
        "where: {state: {is_not: cancelled}}",
    ),
    "currencies": (
        "currency",
        ["USD", "JPY", "USD"],
        "currency holds USD (2), JPY (1): there is no sum of several currencies",
        "where: {currency: USD}",
    ),
}


def test_currencies_can_be_converted_as_well(segment: Segment) -> None:
    files = {
        "o.csv": orders("Currency", "usd", "SEK", "usd"),
        "personas.yaml": RULES.format(keys=""),
    }
    stopped = segment("run", files=files)
    door = "rates: {USD: 1, SEK: <rate>}"
    assert (stopped.exit_code, door in stopped.err) == (3, True), stopped.err
    unfilled = segment("run", files={"personas.yaml": RULES.format(keys=f", {door}")})
    assert (unfilled.exit_code, "rates.SEK: expected a number" in unfilled.err) == (2, True)
    keys = f", {door.replace('<rate>', '0.09')}"
    followed = segment("run", files={"personas.yaml": RULES.format(keys=keys)})
    assert followed.exit_code == 0, followed.err
    assert [float(m) for m in followed.customers["monetary"]] == [10, 0.9, 10]


def test_to_name_the_column_of_currencies_chooses_nothing(segment: Segment) -> None:
    keys = ", columns: {currency: cur}"
    files = {"o.csv": orders("cur", "USD", "SEK"), "personas.yaml": RULES.format(keys=keys)}
    stopped = segment("run", files=files)
    assert (stopped.exit_code, "cur holds SEK (1), USD (1)" in stopped.err) == (3, True)


@pytest.mark.parametrize(("column", "cells", "said", "where"), STOPS.values(), ids=STOPS)
def test_rows_that_should_not_count_stop_the_run(
    segment: Segment, column: str, cells: list[str], said: str, where: str
) -> None:
    files = {"o.csv": orders(column, *cells), "personas.yaml": RULES.format(keys="")}
    stopped = segment("run", files=files)
    assert stopped.exit_code == 3, stopped.err
    assert said in stopped.err
    assert where in stopped.err
    followed = segment("run", files={"personas.yaml": RULES.format(keys=f", {where}")})
    assert followed.exit_code == 0, followed.err
    assert followed.manifest["inputs"][0]["rows_used"] < len(cells)


PASSES = {
    "no such word": ("status", ["paid", "shipped", "on-hold"], ""),
    "a state of America": ("ship_state", ["CA", "NY"], ""),
    "no test": ("test", ["false", "0", ""], ""),
    "never cancelled": ("Cancelled at", ["", ""], ""),
    "all are wanted": ("status", ["paid", "cancelled"], ", where: {status: [paid, cancelled]}"),
    "another column chose": ("status", ["paid", "cancelled"], ", where: {order_id: o1}"),
    "one currency": ("currency", ["EUR", "eur", ""], ""),
    "another kind of column": ("note", ["cancelled", "test"], ""),
}


@pytest.mark.parametrize(("column", "cells", "keys"), PASSES.values(), ids=PASSES)
def test_what_nobody_doubts_runs(
    segment: Segment, column: str, cells: list[str], keys: str
) -> None:
    files = {"o.csv": orders(column, *cells), "personas.yaml": RULES.format(keys=keys)}
    done = segment("run", files=files)
    assert done.exit_code == 0, done.err


def test_the_rules_can_sign_for_it(segment: Segment) -> None:
    rules = RULES.format(keys="") + "notices: {unchosen-rows: warn}\n"
    done = segment("run", files={"o.csv": orders("status", "paid", "void"), "personas.yaml": rules})
    assert (done.exit_code, "o.csv: warning: status holds" in done.err) == (0, True)


def test_a_joined_files_choice_is_none_on_a_column_of_ones_own(segment: Segment) -> None:
    keys = ", join: {path: p.csv, key: order_id, where: {state: paid}}"
    files = {
        "o.csv": orders("state", "paid", "cancelled", "paid"),
        "p.csv": "order_id,state\no1,paid\no2,paid\no3,paid\n",
        "personas.yaml": RULES.format(keys=keys),
    }
    done = segment("run", files=files)
    assert done.exit_code == 3, done.err
    assert "state holds paid (2), cancelled (1), and nothing chooses" in done.err


INPUTS = {
    "by a column": (",EUR", ",JPY", "EUR in a.csv, JPY in b.csv"),
    "by signs": ("€", "$", "EUR in a.csv, $ in b.csv"),
    "by a column and a sign": (",EUR", "$", "EUR in a.csv, $ in b.csv"),
    "the same by a column and a sign": (",USD", "$", ""),
    "the same": (",EUR", ",eur", ""),
    "one that says nothing": (",EUR", "", ""),
}


def priced(mark: str, order: str) -> str:
    head = f"{HEAD},currency\n" if mark.startswith(",") else f"{HEAD}\n"
    amount = f"10.00{mark}" if mark.startswith(",") else f"{mark}10.00"
    return f"{head}{order},1,2026-01-01,{amount}\n"


@pytest.mark.parametrize(("one", "other", "said"), INPUTS.values(), ids=INPUTS)
def test_inputs_in_two_currencies_are_not_added_up(
    segment: Segment, one: str, other: str, said: str
) -> None:
    files = {"a.csv": priced(one, "x"), "b.csv": priced(other, "y")}
    done = segment("run", "a.csv", "b.csv", files=files)
    assert done.exit_code == (3 if said else 0), done.err
    assert f"amounts are {said}: there is no sum" in done.err if said else "currenc" not in done.err


def test_one_of_two_currencies_is_kept_by_what_is_proposed(segment: Segment) -> None:
    files = {"a.csv": priced(",EUR", "x"), "b.csv": priced(",JPY", "y")}
    stop = segment("run", "a.csv", "b.csv", files=files)
    assert "Try: segment run a.csv b.csv --where currency=EUR" in stop.err
    done = segment("run", "a.csv", "b.csv", "--where", "currency=EUR")
    assert done.exit_code == 0, done.err
    assert done.customers["monetary"].to_list() == [10]
