"""Rejected rows are a gate by what they were worth, too, as far as that can be told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from harness import Segment

RULES = "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{columns: [monetary]}}}}\n"
HEAD = "customer_id,order_id,ordered_at,amount\n"
Row = Callable[[int], str]


def line(i: int, *, amount: object = 10, day: str = "2026-01-02") -> str:
    return f"c{i % 50},o{i},{day},{amount}\n"


def orders(wrong: Row, rows: int = 400, bad: int = 2, right: Row = line) -> str:
    return "".join(wrong(i) if i < bad else right(i) for i in range(rows))


#: rows of which 2 in 400 are wrong -> what the message says of their value; "" where the run goes on
LOST: dict[str, tuple[str, str, str]] = {
    "words behind the number": (
        HEAD + orders(lambda i: line(i, amount="1,300.00 incl. VAT").replace("1,300", "1300")),
        "",
        "2 of 400 rows are rejected, and with them 39.5 % of the value, more than 1 %",
    ),
    "thousands and cents": (
        HEAD + orders(lambda i: line(i, amount='"ca. 1.300,00 EUR?"')),
        "",
        "and with them 39.5 % of the value, more",
    ),
    "an amount that is read, and no day": (
        HEAD + orders(lambda i: line(i, amount=1300, day="soon")),
        "",
        "and with them 39.5 % of the value, more",
    ),
    "refunds by their size": (
        HEAD + orders(lambda i: line(i, amount=-1300, day="soon")),
        "",
        "and with them 39.5 % of the value, more",
    ),
    "of one it cannot be told": (
        HEAD + orders(lambda i: line(i, amount="1300 each" if i else "a lot")),
        "",
        "and with them at least 24.6 % of the value (of 1 row it cannot be told), more",
    ),
    "of none it can be told": (HEAD + orders(lambda i: line(i, amount="12 or 1300")), "", ""),
    "percentages are no amounts": (HEAD + orders(lambda i: line(i, amount="1300 %")), "", ""),
    "rows of another width": (HEAD + orders(lambda i: line(i, amount="1300,x")), "", ""),
    "worth as much as others": (HEAD + orders(lambda i: line(i, amount="10 each")), "", ""),
    "allowed": (
        HEAD + orders(lambda i: line(i, amount="1300 each")),
        ", rejects: {at_most: 40%}",
        "",
    ),
    "quantity and price": (
        "customer_id,order_id,ordered_at,quantity,unit_price\n"
        + orders(lambda i: line(i, amount="13 pcs,100"), right=lambda i: line(i, amount="1,10")),
        "",
        "and with them 39.5 % of the value, more",
    ),
    "a formula": (
        "customer_id,order_id,ordered_at,total,back\n"
        + orders(lambda i: line(i, amount="1400 each,100"), right=lambda i: line(i, amount="15,5")),
        ", columns: {amount: total - back}",
        "and with them 39.5 % of the value, more",
    ),
    "the amount of an order": (
        "customer_id,order_id,ordered_at,total\n"
        + orders(lambda i: line(i, amount=1300, day="soon")),
        ", columns: {amount: {per_order: total}}",
        "and with them 39.5 % of the value, more",
    ),
    **{
        f"a line of totals: {word}": (HEAD + orders(line) + f"{word},,,5890\n", "", "")
        for word in ("Total", "Gesamtsumme", "Total général", "Eindtotaal")
    },
    "a sale beside a word for totals": (
        HEAD.replace("\n", ",Entrega\n")
        + orders(line).replace("\n", ",Parcial\n")
        + "c1,o9,31.02.2026,5890,Total\n",
        "",
        "1 of 401 rows is rejected, and with it",
    ),
    "a line that is called nothing": (
        HEAD + orders(line) + "Storno,,,5890\n",
        "",
        "1 of 401 rows is rejected, and with it",
    ),
    "fewer than a hundred rows": (
        HEAD + orders(lambda i: line(i, amount="1300 each"), rows=99),
        "",
        "",
    ),
}


@pytest.mark.parametrize(("rows", "keys", "said"), LOST.values(), ids=LOST)
def test_a_feed_that_lost_much_of_its_value_is_not_published(
    segment: Segment, rows: str, keys: str, said: str
) -> None:
    done = segment("run", files={"o.csv": rows, "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == (3 if said else 0), done.err
    assert said in done.err
    assert Path("audiences").exists() is not bool(said)
    if said:
        door = done.err.partition("Where so many may be: rejects: ")[2].partition(" on its")[0]
        signed = RULES.format(keys=f"{keys}, rejects: {door}")
        again = segment("run", files={"personas.yaml": signed})
        assert (again.exit_code, "rejected" in again.err) == (0, True), again.err


def test_few_rows_are_a_warning_that_says_what_they_were_worth(segment: Segment) -> None:
    rows = HEAD + orders(lambda i: line(i, amount="1300 each"), rows=40, bad=1)
    done = segment("run", files={"o.csv": rows, "personas.yaml": RULES.format(keys="")})
    assert done.exit_code == 0, done.err
    [said] = [text for text in done.warnings if "rejected" in text]
    assert said.startswith("1 of 40 rows is rejected, and with it 76.9 % of the value")


def test_the_value_is_that_of_each_file_alone(segment: Segment) -> None:
    good = HEAD + orders(line, rows=400)
    bad = HEAD + orders(lambda i: line(i, amount="1300 each"))
    rules = RULES.replace("{{path: o.csv{keys}}}", "[b.csv, a.csv]").format()
    done = segment("run", files={"a.csv": bad, "b.csv": good, "personas.yaml": rules})
    assert done.exit_code == 3
    assert "a.csv: 2 of 400 rows are rejected, and with them 39.5 % of the value" in done.err


def test_history_and_value_stop_there_too(segment: Segment) -> None:
    rows = HEAD + orders(lambda i: line(i, amount="1300 each"))
    done = segment("value", "o.csv", files={"o.csv": rows})
    assert (done.exit_code, "39.5 % of the value" in done.err) == (3, True), done.err
