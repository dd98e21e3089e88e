"""`segment init --from`: rules for files of one's own, which run as they stand, or say what is to be decided."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from harness import Segment

from segmentation.rules.yaml import loads

ORDERS = "order_id,customer_id,ordered_at,amount\na,7,2024-01-02,10.00\nb,8,2024-02-02,20.00\nc,7,2024-03-02,5.00\n"

#: the file -> what its source says, and the customers and the money of a run
RUNS: dict[str, tuple[str, dict[str, object], int, float]] = {
    "canonical names": (
        ORDERS,
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "ordered_at",
                "amount": "amount",
                "order_id": "order_id",
            }
        },
        2,
        35.0,
    ),
    "aliases": (
        "invoice,client,date,total\na,7,2024-01-02,10.00\n",
        {
            "columns": {
                "customer_id": "client",
                "ordered_at": "date",
                "amount": "total",
                "order_id": "invoice",
            }
        },
        1,
        10.0,
    ),
    "by what columns hold": (
        "who mail,placed,value\na@x.de,2024-01-02,10.50\nb@x.de,2024-01-03,1.50\n",
        {"columns": {"customer_id": "who mail", "ordered_at": "placed", "amount": "value"}},
        2,
        12.0,
    ),
    "formats": (
        'customer_id;date;amount\n1;31.01.2024;"1.200,50"\n2;01.02.2024;9,50\n',
        {"date_format": "%d.%m.%Y", "decimal": ","},
        2,
        1210.0,
    ),
    "totals on every line, of orders of which only two are to count": (
        "order_id,customer_id,date,sku,total,Status\n"
        + "".join(
            f"{i},c{i},2024-01-02,{sku},{20 + i},{state}\n"
            for i, state in enumerate(("paid", "paid", "voided"))
            for sku in "ab"
        ),
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": {"per_order": "total"},
                "order_id": "order_id",
                "product_id": "sku",
            },
            "where": {"Status": {"is_not": "voided"}},
        },
        2,
        41.0,
    ),
    "two things of one price in two orders": (
        "order_id,customer_id,date,sku,total\n1,a,2024-01-02,x,5\n1,a,2024-01-02,y,5\n2,b,2024-01-02,x,7\n2,b,2024-01-02,y,8\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": "total",
                "order_id": "order_id",
                "product_id": "sku",
            }
        },
        2,
        25.0,
    ),
    "a state on the first row of each order": (
        "order_id,customer_id,date,amount,Status\n1,a,2024-01-02,5,voided\n1,a,2024-01-02,6,\n2,b,2024-01-02,7,paid\n2,b,2024-01-02,8,\n",
        {"where": {"Status": {"is_not": "voided"}}, "fill_down": ["order_id", "Status"]},
        1,
        15.0,
    ),
    "states": (
        "customer_id,date,amount,Status,test\n1,2024-01-01,5,paid,no\n2,2024-01-02,7,voided,no\n3,2024-01-02,9,paid,yes\n",
        {"where": {"Status": {"is_not": "voided"}, "test": {"is_not": True}}},
        1,
        5.0,
    ),
    "rows of totals": (
        "customer_id,date,amount\nc0,2024-01-01,5\nc1,2024-01-02,7\nGesamt,2024-01-31,12\n",
        {"where": {"customer_id": {"is_not": "Gesamt"}}},
        2,
        12.0,
    ),
    "totals of customers": (
        "customer_id,date,amount\nc0,2024-01-01,5\nTotal c0,2024-01-31,5\nc1,2024-01-02,7\nTotal,2024-01-31,12\n",
        {
            "where": {
                "not": {
                    "any": [
                        {"customer_id": {"starts_with": "Total "}},
                        {"customer_id": {"is": "Total"}},
                    ]
                }
            }
        },
        2,
        12.0,
    ),
    "currencies": (
        "customer_id,date,amount,currency\n1,2024-01-01,5,EUR\n2,2024-01-02,7,USD\n3,2024-01-02,9,EUR\n",
        {"where": {"currency": "EUR"}},
        2,
        14.0,
    ),
    "signs of currencies": (
        "customer_id,date,amount,currency,Amount in company currency\n1,2024-01-01,5,€,5.5\n2,2024-01-02,7,$,6.5\n"
        "3,2024-01-02,9,EUR,9.5\n4,2024-01-02,9,NULL,9.5\n",
        {"where": {"currency": ["EUR", "€"]}},
        2,
        14.0,
    ),
    "an amount of orders, before refunds": (
        "Name,Email,date,Total,Refunded Amount,note\n#1,a@x.de,2024-01-01,30.00,0.00,x\n#1,,,,,y\n"
        "#2,b@x.de,2024-01-02,12.00,2.50,x\n#3,b@x.de,2024-01-03,5.00,0.00,x\n",
        {
            "columns": {
                "customer_id": "Email",
                "ordered_at": "date",
                "amount": {"per_order": "Total - Refunded Amount"},
                "order_id": "Name",
            }
        },
        2,
        44.5,
    ),
    "refunds that are negative": (
        "customer_id,date,amount,refunds\n1,2024-01-01,30.00,\n2,2024-01-02,12.00,-2.50\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": "amount + refunds",
            }
        },
        2,
        39.5,
    ),
    "prices of lines": (
        "customer_id,date,sku,quantity,item-price\n1,2024-01-01,m,1,8.00\n2,2024-01-02,m,3,24.00\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": "item-price",
                "product_id": "sku",
                "quantity": "quantity",
            }
        },
        2,
        32.0,
    ),
    "returns with the sign at the quantity": (
        "customer_id,date,quantity,unit_price,line_total\n1,2024-01-01,2,8.00,16.00\n1,2024-01-03,-1,8.00,8.00\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": "quantity * unit_price",
                "quantity": "quantity",
                "unit_price": "unit_price",
            }
        },
        1,
        8.0,
    ),
    "totals on every line": (
        "order_id,customer_id,date,sku,total\n"
        + "".join(f"{i},c{i % 3},2024-01-02,{sku},{20 + i}\n" for i in range(9) for sku in "ab"),
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": {"per_order": "total"},
                "order_id": "order_id",
                "product_id": "sku",
            }
        },
        3,
        216.0,
    ),
    "one total on two lines, called by the order": (
        "order_id,customer_id,date,Order Total\n1,A,2024-01-02,35.00\n1,A,2024-01-02,35.00\n2,B,2024-01-02,15.00\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": {"per_order": "Order Total"},
                "order_id": "order_id",
            }
        },
        2,
        50.0,
    ),
    "the price of one piece": (
        "Kundennummer;Bestelldatum;Menge;Einzelpreis\nA;03.01.2026;1;10,00\nB;04.01.2026;5;3,00\n",
        {
            "columns": {
                "customer_id": "Kundennummer",
                "ordered_at": "Bestelldatum",
                "amount": "Menge * Einzelpreis",
            }
        },
        2,
        25.0,
    ),
    "pieces that came back": (
        "customer_id,date,quantity,quantity_refunded,unit_price\n1,2024-01-01,2,0,8.00\n1,2024-01-03,5,2,3.00\n",
        {
            "columns": {
                "customer_id": "customer_id",
                "ordered_at": "date",
                "amount": "(quantity - quantity_refunded) * unit_price",
                "quantity": "quantity",
                "unit_price": "unit_price",
            }
        },
        1,
        25.0,
    ),
    "day numbers": (
        "customer_id,DAY,amount\n1,1,5\n2,711,7\n",
        {"date_format": "days since 2017-01-01"},
        2,
        12.0,
    ),
    "no money": (
        "customer_id,date\n1,2024-01-01\n2,2024-01-02\n",
        {"columns": {"amount": 1, "customer_id": "customer_id", "ordered_at": "date"}},
        2,
        2.0,
    ),
    "titles": (
        "My shop\nexported today\ncustomer_id,date,amount\n1,2024-01-01,5\n",
        {"skip_lines": 2},
        1,
        5.0,
    ),
    "names of rows, as R writes them": (
        '"customer_id" "date" "amount"\n"1" "c1" "2024-01-01" 5\n"2" "c1" "2024-01-02" 6\n',
        {"skip_lines": 1, "delimiter": " ", "header": ["row", "customer_id", "date", "amount"]},
        1,
        11.0,
    ),
    "blanks between the names": (
        "customer_id date amount\nc1 2024-01-01 5\nc2 2024-01-02 6\n",
        {"delimiter": " "},
        2,
        11.0,
    ),
    "an encoding": (
        "customer_id,date,amount,city\n1,2024-01-01,5,Köln\n",
        {"encoding": "windows-1252"},
        1,
        5.0,
    ),
}


@pytest.mark.parametrize(("rows", "keys", "customers", "money"), RUNS.values(), ids=RUNS)
def test_what_is_written_runs_as_it_stands(
    segment: Segment, rows: str, keys: dict[str, object], customers: int, money: float
) -> None:
    coding = keys.get("encoding", "utf-8")
    done = segment("init", "--from", "o.csv", files={"o.csv": rows.encode(str(coding))})
    assert (done.exit_code, done.err) == (0, ""), done.err
    assert done.out == "3 files written to .. Next: segment run\n"
    [said] = [loads(Path("personas.yaml").read_text(), "p").data["sources"]["transactions"]]
    assert {name: said.get(name) for name in keys} == keys
    assert segment("validate", "--strict").exit_code == 0
    ran = segment("run")
    assert ran.exit_code == 0, ran.err
    found = pl.read_parquet("audiences/latest/customers.parquet")
    assert (found.height, float(found["monetary"].sum())) == (customers, money)


#: the file -> what is said, and what stands in the rules as a comment
OPEN = {
    "a date in two ways": (
        "customer_id,date,amount\n1,03/04/2024,5\n2,05/06/2024,7\n",
        "reads as 4 March 2024 (%m/%d/%Y) or 3 April 2024 (%d/%m/%Y)",
        ["# date_format: ", "decide: which day comes first?"],
    ),
    "no header": (
        "17850,2024-01-05,91.40\n17850,2024-01-06,9.40\n17851,2024-01-05,1.40\n",
        "the file has no header",
        ["# header: [customer_id, ordered_at, amount]", "check which is which"],
    ),
    "returns of which no price tells": (
        "customer_id,date,quantity,total\n1,2024-01-01,2,16.00\n1,2024-01-03,-1,8.00\n",
        "returns would count as purchases",
        [
            "  # amount: total    # decide: 1 row with a quantity below zero would count as purchases"
        ],
    ),
    "a flag of returns": (
        "order_id,customer_id,date,amount,is_return\n1,A,2026-01-03,35.00,0\n2,B,2026-01-04,7.50,1\n",
        "To take the amounts of is_return 1 off, two sources in the rules",
        ["  # is_return: {is_not: true}    # decide: it holds 0 (1), 1 (1); or take refunds off"],
    ),
    "refunds above zero": (
        "order_id,customer_id,date,amount,Type\n1,A,2026-01-03,35.00,Sale\n2,B,2026-01-04,7.50,Refund\n",
        "To take the amounts of Refund off, two sources in the rules",
        ["  # Type: {is_not: Refund}    # decide: it holds "],
    ),
    "a price of one piece, and no quantity": (
        "customer_id,date,unit_price\n1,2024-01-01,16.00\n1,2024-01-03,8.00\n",
        "unit_price was guessed to be the amount, and is the price of one piece by its name",
        ["  # amount: unit_price    # decide: unit_price is the price of one piece"],
    ),
    "more pieces that came back than were sold": (
        "customer_id,date,quantity,Returned Qty,unit_price\n1,2024-01-01,1,0,8.00\n1,2024-01-03,1,3,5.00\n",
        "Returned Qty holds how many pieces came back",
        ["  # amount: quantity * unit_price    # decide: Returned Qty holds how many pieces"],
    ),
    "pieces that came back, and no quantity": (
        "customer_id,date,Returned Qty,amount\n1,2024-01-01,0,8.00\n1,2024-01-03,1,5.00\n",
        "Returned Qty holds how many pieces came back",
        ["  # amount: amount    # decide: Returned Qty holds how many pieces"],
    ),
    "pieces that came back of a whole order": (
        "order_id,customer_id,date,quantity,unit_price,Order Total,Returned Qty\n1,A,2026-01-03,2,10.00,25.00,1\n"
        "1,A,2026-01-03,1,5.00,25.00,0\n",
        "Returned Qty holds how many pieces came back",
        [
            "  # amount: Order Total    # decide: Returned Qty holds how many pieces came back, and Order Total is that of all of them"
        ],
    ),
    "prices of one piece in two currencies": (
        "customer_id,date,quantity,unit_price_eur,unit_price_usd\n1,2024-01-01,2,16.00,\n1,2024-01-03,1,,8.00\n",
        "no column for amount",
        [
            "  # amount: quantity * (unit_price_eur + unit_price_usd * <rate>)    # decide: said above"
        ],
    ),
    "a price beside a quantity": (
        "customer_id,date,Stück,Preis\n1,2024-01-01,2,8.00\n1,2024-01-03,3,5.00\n",
        "no column for amount",
        ["  # amount: Preis    # decide: Preis is that of the line or Preis is that of one piece"],
    ),
    "amounts in a column for each currency": (
        "customer_id,date,total_eur,total_usd\n1,2024-01-01,16.00,0\n1,2024-01-03,0,8.00\n",
        "no column for amount",
        ["  # amount: total_eur + total_usd * <rate>    # decide: said above"],
    ),
    "an amount, and one in another currency": (
        "customer_id,date,Total,Total USD\n1,2024-01-01,16.00,\n1,2024-01-03,,8.00\n",
        "Total and Total USD hold the amounts of different rows",
        ["  # amount: Total + Total USD * <rate>    # decide: Total and Total USD hold"],
    ),
    "signs of two currencies": (
        "customer_id,date,amount\n1,2024-01-01,€5.00\n2,2024-01-02,€6.00\n3,2024-01-03,£7.00\n",
        "amount holds several currencies: EUR, GBP",
        [
            "# number: {currency: EUR}    # decide: keep the amounts of this currency alone",
            '# rates: {EUR: 1, GBP: "<rate>"}    # decide: or convert all of them',
        ],
    ),
    "codes of three currencies": (
        "customer_id,date,amount\n1,2024-01-01,5.00 USD\n2,2024-01-02,6.00 CHF\n3,2024-01-03,7.00 kr\n",
        "amount holds several currencies: ",
        ["# number: {currency: ", "# rates: {", "decide: or convert all of them"],
    ),
    "lines without orders": (
        "order_id,seller_id,price\no1,s1,10.00\no1,s2,5.00\n",
        "no column for customer_id, ordered_at",
        ["  # customer_id: COLUMN", "# join: {path: FILE, key: order_id}"],
    ),
}


@pytest.mark.parametrize(("rows", "said", "written"), OPEN.values(), ids=OPEN)
def test_what_a_person_has_to_decide_is_written_as_a_comment(
    segment: Segment, rows: str, said: str, written: list[str]
) -> None:
    done = segment("init", "--from", "o.csv", files={"o.csv": rows})
    assert done.exit_code == 0, done.err
    assert "Before segment run, this is yours to decide, in personas.yaml:\n" in done.out
    assert said in done.out
    text = Path("personas.yaml").read_text()
    assert [one for one in written if one not in text] == [], text
    assert segment("validate", "--strict").exit_code == 0
    assert segment("run").exit_code == 3


#: what is made of the comments of two currencies -> what all is worth
WAYS = {
    "one currency": ("number: {currency: EUR}", 11.0),
    "all converted": ("rates: {EUR: 1, GBP: 1.5}", 21.5),
}


@pytest.mark.parametrize(("line", "money"), WAYS.values(), ids=WAYS)
def test_each_way_that_is_written_for_two_currencies_runs(
    segment: Segment, line: str, money: float
) -> None:
    rows, _, _ = OPEN["signs of two currencies"]
    assert segment("init", "--from", "o.csv", files={"o.csv": rows}).exit_code == 0
    text = Path("personas.yaml").read_text()
    told = next(one for one in text.splitlines() if f"# {line.split(':', maxsplit=1)[0]}:" in one)
    Path("personas.yaml").write_text(text.replace(told, f"    {line}"))
    assert segment("run").exit_code == 0
    found = pl.read_parquet("audiences/latest/customers.parquet")
    assert float(found["monetary"].sum()) == money


@pytest.mark.deep
def test_personas_are_those_that_the_files_carry(segment: Segment, repo: Path) -> None:
    data = repo / "sample_data"
    names = ("browse", "campaign_sends", "campaign_responses", "complaints")
    events = [word for name in names for word in ("--events", str(data / f"{name}.csv"))]
    files = ("--customers", data / "customers.csv", "--products", data / "products.csv", *events)
    assert segment("init", "mine", "--from", data / "transactions.csv", *files).exit_code == 0
    found = loads(Path("mine/personas.yaml").read_text(), "p").data
    shipped = loads((repo / "personas.yaml").read_text(), "p").data
    assert found["personas"] == shipped["personas"]
    assert found["suppress"] == shipped["suppress"]
    assert [one["event"] for one in found["sources"]["events"][1:]] == [
        "campaign_send",
        "campaign_response",
        "complaint",
    ]
    assert segment("validate", "--strict", "-c", "mine/personas.yaml").exit_code == 0
    assert segment("run", "-c", "mine/personas.yaml").exit_code == 0


#: the files of a folder -> what a run would have asked, had nobody declared the amount
ASKED = {
    "a file of refunds": (
        {
            "sales.csv": ORDERS,
            "returns.csv": "order_id,customer_id,ordered_at,amount\na,7,2024-03-09,4\n",
        },
        "returns.csv is called by refunds",
    ),
}


@pytest.mark.parametrize(("files", "said"), ASKED.values(), ids=ASKED)
def test_what_is_declared_by_init_alone_answers_nothing(
    segment: Segment, files: dict[str, str], said: str
) -> None:
    done = segment("init", "--from", "s", "shop", files={f"s/{n}": t for n, t in files.items()})
    assert "yours to decide" in done.out, done.out
    assert said in done.out


#: a column of orders, its cells -> how it is told that nothing reads it
UNREAD = {
    "kinds that no table knows": (
        "Druh",
        ["prodej", "prodej", "vratka"],
        "Druh (prodej 2, vratka 1)",
    ),
    "a state that is chosen by": ("Status", ["paid", "paid", "cancelled"], None),
    "words that each stand once": ("note", ["red", "blue", "green"], None),
    "one word": ("shop", ["web", "web", "web"], None),
    "persons": ("seller_name", ["Ann Lee", "Ann Lee", "Bob Ray"], None),
    "numbers": ("points", ["1", "1", "2"], None),
}


@pytest.mark.parametrize(("column", "cells", "told"), UNREAD.values(), ids=UNREAD)
def test_columns_of_a_few_words_that_nothing_reads_are_named(
    segment: Segment, column: str, cells: list[str], told: str | None
) -> None:
    rows = "".join(f"{i},C{i},2026-01-0{i},{i}0.50,{cell}\n" for i, cell in enumerate(cells, 1))
    files = {"o.csv": f"order_id,customer_id,ordered_at,amount,{column}\n{rows}"}
    assert segment("init", "--from", "o.csv", files=files).exit_code == 0
    remarks = [
        line for line in Path("personas.yaml").read_text().splitlines() if "# not read: " in line
    ]
    assert remarks == (
        []
        if told is None
        else [
            f"    # not read: {told}. Where one of these words is no purchase, write it under where"
        ]
    )


def test_paths_start_from_the_folder_and_runs_are_not_for_git(segment: Segment) -> None:
    done = segment("init", "shop/rules", "--from", "data/o.csv", files={"data/o.csv": ORDERS})
    assert done.exit_code == 0, done.err
    text = Path("shop/rules/personas.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=segment.schema.json\n")
    assert "path: ../../data/o.csv\n" in text
    assert Path("shop/rules/.gitignore").read_text() == "audiences/\n"
    assert Path("shop/rules/segment.schema.json").exists()
    assert segment("run", "-c", "shop/rules/personas.yaml").exit_code == 0


def test_a_path_that_leads_there_from_everywhere_stays(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("home").mkdir()
    Path("home/o.csv").write_text(ORDERS)
    monkeypatch.setenv("HOME", str(Path("home").resolve()))
    done = segment("init", "shop/rules", "--from", "~/o.csv")
    assert done.exit_code == 0, done.err
    found = loads(Path("shop/rules/personas.yaml").read_text(), "p").data
    assert found["sources"]["transactions"]["path"] == "~/o.csv"
    assert segment("run", "-c", "shop/rules/personas.yaml").exit_code == 0


def test_what_is_there_stays(segment: Segment) -> None:
    files = {"o.csv": ORDERS, "personas.yaml": "mine", ".gitignore": "x\n"}
    assert segment("init", "--from", "o.csv", files=files).exit_code == 3
    assert Path("personas.yaml").read_text() == "mine"
    assert segment("init", "new", "--from", "o.csv").exit_code == 0
    assert segment("init", "new", "--from", "o.csv").exit_code == 3
    Path("personas.yaml").unlink()
    assert segment("init", "--from", "o.csv").exit_code == 0
    assert Path(".gitignore").read_text() == "x\n"


WRONG = {
    "no folder": (["init"], 2, "name a folder: DIR; or files of your own: --from FILE"),
    "customers alone": (["init", "x", "--customers", "o.csv"], 2, "name them, too: --from FILE"),
    "no such file": (["init", "x", "--from", "p.csv"], 3, "p.csv: there is no such file"),
    "a pipe": (["init", "x", "--from", "-"], 3, "what comes through a pipe can be read only once"),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_started_from_is_told(
    segment: Segment, words: list[str], code: int, said: str
) -> None:
    done = segment(*words, files={"o.csv": ORDERS})
    assert (done.exit_code, said in done.err) == (code, True), done.err
    assert not Path("x").exists()


#: what two files of a folder are called by, and hold, in the same column -> the where that is written
SPELLED = {
    "a state of the second file": (("status", "paid"), ("Status", "paid,cancelled"), "status: {is_not: cancelled}"),
    "a state of each": (("status", "paid,void"), ("Status", "paid,cancelled"), "status: {none_of: [cancelled, void]}"),
    "a file of nothing else": (("status", "paid"), ("STATUS", "cancelled"), "status: {is_not: cancelled}"),
    "a currency of each": (("currency", "EUR,EUR"), ("Currency", "USD"), "currency: EUR"),
    "a column of one file": (("note", "x"), ("Status", "paid,cancelled"), "Status: {is_not: cancelled}"),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "where"), SPELLED.values(), ids=SPELLED)
def test_every_file_says_which_rows_count(
    segment: Segment, first: tuple[str, str], second: tuple[str, str], where: str
) -> None:
    files = {
        f"s/{n}.csv": f"order_id,customer_id,ordered_at,amount,{column}\n"
        + "".join(
            f"{n}{i},c{n}{i},2026-01-05,10,{cell}\n" for i, cell in enumerate(cells.split(","))
        )
        for n, (column, cells) in enumerate((first, second))
    }
    done = segment("init", "--from", "s", files=files)
    assert (done.exit_code, "yours to decide" in done.out) == (0, False), done.err
    text = Path("personas.yaml").read_text()
    assert f"    where:\n      {where}    # decide: " in text
    assert segment("run").exit_code == 0
