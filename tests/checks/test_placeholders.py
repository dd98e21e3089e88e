"""Customers who are perhaps nobody are said."""

from __future__ import annotations

import polars as pl
import pytest
from harness import Segment

HEAD = "customer_id,order_id,ordered_at,amount\n"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv{keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)


def orders(of: dict[str, int]) -> str:
    rows = ((who, n) for who, many in of.items() for n in range(many))
    return HEAD + "".join(f"{who},{who}-{n},2026-01-01,5\n" for who, n in rows)


EACH = {f"c{i}": 5 for i in range(60)}
SAID = {
    "a guest": ({"guest": 3, "c1": 1}, "", "guest is taken for a customer"),
    "two": ({"0": 3, "7": 1, "Unknown": 1}, "", "0, Unknown are taken for customers"),
    "passers-by in German, and a till": (
        {"Laufkundschaft": 3, "Cash Sale": 2, "c1": 1},
        "",
        "Cash Sale, Laufkundschaft are taken for customers",
    ),
    "whoever comes to the counter": ({"Client de passage": 1}, "", "Client de passage is taken"),
    "a dash": ({"-": 2, "c1": 1}, "", "- is taken for a customer"),
    "what stands where nothing is": (
        {"n.a.": 1, "nil": 1, "?": 1, "NA": 1, "c1": 1},
        "",
        "?, NA, n.a., nil are taken for customers",
    ),
    "a dash in a mapping": ({"–": 1, "c1": 1}, "", 'missing: ["–"]'),
    "a dash that is declared": ({"-": 2, "c1": 1}, ", missing: ['-']", ""),
    "signs around": ({"-1a": 1, "?x": 1}, "", ""),
    "declared": ({"guest": 3, "c1": 1}, ", missing: [guest]", ""),
    "an address of tests": (
        {"test@test.com": 3, "ann@x.org": 1},
        "",
        "test@test.com is taken for a customer",
    ),
    "several, and one of examples": (
        {"dummy@x.org": 1, "noreply@shop.de": 2, "kim@example.com": 1, "ann@x.org": 1},
        "",
        "dummy@x.org, noreply@shop.de, 1 address of examples are taken for customers",
    ),
    "an address of examples alone": (
        {"kim@test.com": 1, "ann@x.org": 1},
        "",
        "1 address of examples is taken for a customer",
    ),
    "nothing but examples": ({"ann@example.com": 1, "bob@example.com": 1}, "", ""),
    "who is called so": ({"testa@x.org": 1, "ann@contest.com": 1}, "", ""),
    "addresses that are declared": (
        {"test@test.com": 3, "ann@x.org": 1},
        ", missing: [test@test.com]",
        "",
    ),
    "one buys for all": (
        {**EACH, "till": 40},
        "",
        "one customer has 40 of 340 orders, more than a twentieth",
    ),
    "one buys much": ({**EACH, "till": 15}, "", ""),
    "one who buys all": ({"kim": 10}, "", "all 10 rows are of one customer"),
    "one who buys all, in few rows": ({"kim": 9}, "", ""),
    "few customers": ({"a": 40, "b": 3}, "", ""),
}


@pytest.mark.parametrize(("of", "keys", "said"), SAID.values(), ids=SAID)
def test_who_is_perhaps_nobody_is_said(
    segment: Segment, of: dict[str, int], keys: str, said: str
) -> None:
    done = segment("run", files={"o.csv": orders(of), "personas.yaml": RULES.format(keys=keys)})
    assert done.exit_code == 0, done.err
    if said:
        assert said in done.err
    else:
        assert "taken for" not in done.err
        assert "twentieth" not in done.err
        assert "of one customer" not in done.err


OLD = (
    "version: 1\nsources: {{transactions: o.csv, customers: {{path: FILE{}}}}}\n"
    "personas: {{old: {{match: {{born: {{at_most: 1990-01-01}}}}}}}}\n"
)
BIRTHDAYS = {
    "texts": ("2,1900-01-01\n3,1985-05-05\n", "1900-01-01"),
    "of MySQL": ("2,0000-00-00\n3,1985-05-05\n", "0000-00-00"),
    "with a time": ("2,1900-01-01 00:00:00\n3,1985-05-05 00:00:00\n", "1900-01-01"),
}


@pytest.mark.parametrize("is_stored", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize(("cells", "word"), BIRTHDAYS.values(), ids=BIRTHDAYS)
def test_a_placeholder_that_is_compared_is_doubted_until_it_is_declared(
    segment: Segment, cells: str, word: str, is_stored: bool
) -> None:
    text = f"customer_id,born\n{cells}"
    if is_stored:
        days = pl.read_csv(text.encode()).with_columns(
            pl.col("born").str.slice(0, 10).str.to_date(strict=False)
        )
        days.write_parquet("c.parquet")
    name = "c.parquet" if is_stored else "c.csv"
    rules = OLD.replace("FILE", name)
    files = {"o.csv": orders({"2": 1, "3": 1}), "c.csv": text, "personas.yaml": rules.format("")}
    doubted = segment("run", files=files)
    if is_stored and word == "0000-00-00":  # no such day can be stored
        assert "something else" not in doubted.err
        return
    assert "born is compared as a date, and 1 customer has something else there" in doubted.err
    door = f"missing: {{born: [{word}]}}"
    assert f"Where no date is meant: {door} on the source of customers." in doubted.err
    declared = segment("run", files={"personas.yaml": rules.format(f", {door}")})
    assert ("something else" in declared.err, declared.ids("old")) == (False, ["3"])


#: columns beside Date, Total and User, of which User is the cashier -> what is the customer; None: nothing is
CASHIERS = {
    "a code": ("Customer Code,Customer Name", "Customer Code"),
    "a name alone": ("Customer Name", None),
    "clients": ("Client Ref", None),
    "nothing that says who buys": ("Code", "User"),
}


@pytest.mark.parametrize(("beside", "column"), CASHIERS.values(), ids=CASHIERS)
def test_a_user_is_no_customer_beside_one(
    segment: Segment, beside: str, column: str | None
) -> None:
    cells = ["C1", "Ann"][: beside.count(",") + 1]
    text = f"Date,{beside},Total,User\n2026-01-02,{','.join(cells)},5,kim\n"
    files = {"o.csv": text, "personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
    done = segment("run", "o.csv", files=files)
    said = f"customer_id is read from {column}" if column else "no column for customer_id"
    assert (done.exit_code, said in done.err) == (0 if column else 3, True), done.err
