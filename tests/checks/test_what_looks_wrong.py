"""What looks wrong is said; a feed that is mostly rejected is not published."""

import pytest
from harness import Segment

HEAD = "customer_id,order_id,ordered_at,amount,department"
SALES = "\n".join([HEAD, "a,1,2024-01-01,5,Shoes", "b,2,2024-01-02,7,Hats", ""])
CUSTOMERS = (
    "customer_id,kids,city,consent,ends\na,2,Oslo,true,2026-01-01\nb,3+,Bergen,true,31.12.2026\n"
)
RULES = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
ASKED = "suppress: [{consent: {is_not: true}}]\n"  # that nobody reads it would be told


def files(rest: str, **more: str) -> dict[str, str]:
    return {"t.csv": SALES, "c.csv": CUSTOMERS, "personas.yaml": RULES + rest, **more}


SAID = {
    "a value that no line has": (
        "personas: {p: {match: {did: {event: purchase, where: {department: Shoos}}}}}\n",
        'no line has department "Shoos"; nearest: Shoes',
    ),
    "a value that no customer has": (
        "personas: {p: {match: {city: Olso}}}\n",
        'no customer has city "Olso"; nearest: Oslo',
    ),
    "texts compared as numbers": (
        "personas: {p: {match: {kids: {at_least: 2}}}}\n",
        "kids is compared as a number, and 1 customer has something else there: 3+ (1)",
    ),
    "texts compared as dates": (
        "personas: {p: {match: {ends: {at_most: 2026-12-31}}}}\n",
        "ends is compared as a date, and 1 customer has something else there: 99.99.9999 (1)",
    ),
    "everybody suppressed": (
        "personas: {p: {}}\nsuppress: [{consent: {is_not: false}}]\n",
        "suppress takes every member of every persona: check the values its columns hold",
    ),
}


@pytest.mark.parametrize(("rules", "warning"), SAID.values(), ids=SAID)
def test_what_looks_wrong_is_said(segment: Segment, rules: str, warning: str) -> None:
    result = segment("run", files=files(rules))
    assert result.exit_code == 0, result.err
    assert warning in result.warnings


def test_rules_and_data_that_fit_raise_no_doubt(segment: Segment) -> None:
    result = segment(
        "run", files=files(f"personas: {{p: {{match: {{city: [Oslo, Bergen]}}}}}}\n{ASKED}")
    )
    assert result.warnings == []


@pytest.mark.parametrize(("as_of", "is_said"), [("2024-01-09", False), ("2024-01-10", True)])
def test_a_stale_feed_is_said(segment: Segment, as_of: str, is_said: bool) -> None:
    result = segment("run", "--as-of", as_of, files=files("personas: {p: {}}\n"))
    warning = f"the newest transaction is of 2024-01-02, 8 days before {as_of}"
    assert (warning in result.warnings) == is_said
    assert result.manifest["inputs"][0]["last_day"] == "2024-01-02"


@pytest.mark.parametrize(("bad", "code"), [(1, 0), (2, 3)])
def test_a_feed_of_which_more_than_a_hundredth_is_rejected_is_not_published(
    segment: Segment, bad: int, code: int
) -> None:
    rows = [f"c{i},{i},2024-01-01,{'x' if i < bad else 5},Hats" for i in range(120)]
    sales = "\n".join([HEAD, *rows, ""])
    result = segment("run", "-q", files=files("personas: {p: {}}\n", **{"t.csv": sales}))
    assert result.exit_code == code
    if code:
        assert result.err.splitlines() == [
            "t.csv: 2 of 120 rows are rejected, more than 1 %",
            "  Mend the export, or how it is read; the first of them:",
            *(f"  t.csv:{n}: amount is not a number" for n in (2, 3)),
            "  Where so many may be: rejects: {at_most: 1.7%} on its source.",
        ]
        assert not (result.folder / "audiences").exists()


#: the level of broken-feed -> the codes that tell of rejected rows
TOLD_OF = {
    "as it is": ("error", 3, ["broken-feed"]),
    "a warning": ("warn", 0, ["broken-feed"]),
    "a warning, and rejected rows stop": (
        "warn, rows-rejected: error",
        1,
        ["broken-feed", "rows-rejected"],
    ),
    "both stop": ("error, rows-rejected: error", 3, ["broken-feed"]),
    "quiet": ("info", 0, ["broken-feed", "rows-rejected"]),
    "off": ("'off'", 0, ["rows-rejected"]),
}


@pytest.mark.parametrize(("level", "code", "codes"), TOLD_OF.values(), ids=TOLD_OF)
def test_a_broken_feed_is_told_once_and_names_its_file(
    segment: Segment, level: str, code: int, codes: list[str]
) -> None:
    rows = f"{HEAD}\n" + "".join(
        f"c,{i},{'soon' if i < 61 else '2024-01-01'},5,Hats\n" for i in range(120)
    )
    rules = f"personas: {{p: {{}}}}\nnotices: {{broken-feed: {level}}}\n"
    done = segment("run", "--json", "-n", files=files(rules, **{"t.csv": rows}))
    told = [n for n in done.said if n["code"] in ("broken-feed", "rows-rejected")]
    assert (done.exit_code, [n["code"] for n in told]) == (code, codes)
    assert {n["file"] for n in told} == {"t.csv"}
    assert all(n["mend"].startswith("Mend ") for n in told)


def test_what_is_said_of_a_file_names_it(segment: Segment) -> None:
    rows = f"{HEAD}\na,1,2024-01-01,5,Hats\nb,2,soon,5,Hats\n,3,2024-01-01,5,Hats\n"
    given = files(f"personas: {{p: {{}}}}\n{ASKED}", **{"t.csv": rows})
    done = segment("run", "--json", "--as-of", "2024-03-01", files=given)
    named = {
        n["code"]: n["file"] for n in done.said if n["code"] not in ("guessed", "without-order")
    }
    assert named == dict.fromkeys(["rows-set-aside", "stale-source", "rows-rejected"], "t.csv")


def test_an_amount_that_is_computed_is_said_and_that_discount_is_not_taken_off(
    segment: Segment,
) -> None:
    sales = "customer_id,ordered_at,quantity,unit_price,discount\na,2024-01-01,2,5,1\n"
    result = segment("run", files=files("personas: {p: {}}\n", **{"t.csv": sales}))
    assert result.notes == [
        "transactions: amount is quantity × unit_price, for no column is named amount",
        "transactions: discount is not taken off that amount. If it is money off the line: "
        "amount: quantity * unit_price - discount",
        "1 customer without an order left out (base: everyone includes them)",
        "no column tells orders: all that a customer buys on a day is one order",
    ]


def test_sums_of_own_columns_do_not_overflow(segment: Segment) -> None:
    rows = [f"a,{i},2024-01-01,5,1700000000000" for i in range(600)]
    sales = "\n".join(["customer_id,order_id,ordered_at,amount,stamp", *rows, ""])
    rules = "features: {s: {sum: stamp}}\npersonas: {p: {match: {s: {more_than: 0}}}}\n"
    result = segment("run", files=files(rules, **{"t.csv": sales}))
    persona = result.run / "personas" / "p.csv"
    assert persona.read_text() == "customer_id,s\na,1020000000000000.0\n"


def test_a_sum_of_money_that_cannot_be_written_stops_the_run(segment: Segment) -> None:
    rows = [f"a,{i},2024-01-01,5,190000000000" for i in range(600)]
    sales = "\n".join(["customer_id,order_id,ordered_at,amount,discount", *rows, ""])
    rules = "features: {d: {sum: discount}}\npersonas: {p: {match: {d: {more_than: 0}}}}\n"
    result = segment("run", files=files(rules, **{"t.csv": sales}))
    said = "a customer's d is more than 99,999,999,999,999\n"
    assert (result.exit_code, result.err) == (
        3,
        said + "  Is a column of ids or times summed as money?\n",
    )


RIDERS = {
    "counts with windows beside a share of a department": (
        "features: {n1: {count: lines, within: 1d}, n2: {count: lines, within: 2d}, "
        "n3: {count: lines, within: 3d}}\npersonas: {p: {match: {share: {of: items, "
        "where: {department: Shoes}, at_least: 0.5}}}}\n"
    ),
}


@pytest.mark.parametrize("rules", RIDERS.values(), ids=RIDERS)
def test_parts_that_ride_on_a_grain_are_not_lost(segment: Segment, rules: str) -> None:
    result = segment("run", files=files(rules))
    assert result.exit_code == 0, result.err
    assert result.manifest["personas"][0]["matched"] == 1


CONSENTS = {
    "spaces around the word": ("true ", "No \n", {"a"}),
    "no value at all": ("", "\n", None),
}


@pytest.mark.parametrize(("a", "b", "sent"), CONSENTS.values(), ids=CONSENTS)
def test_consent_fails_closed(segment: Segment, a: str, b: str, sent: set[str] | None) -> None:
    customers = f"customer_id,consent\na,{a}\nb,{b}"
    rules = "personas: {p: {}}\nsuppress: [{consent: false}]\n"
    result = segment("run", files=files(rules, **{"c.csv": customers}))
    if sent is None:
        assert result.exit_code == 3
        assert "suppress reads consent, and no customer has a value there" in result.err
    else:
        rows = (result.run / "personas" / "p.csv").read_text().split()[1:]
        assert {r.split(",")[0] for r in rows} == sent


def test_lines_of_products_that_no_catalogue_has_are_counted(segment: Segment) -> None:
    sales = (
        "customer_id,ordered_at,amount,product_id\n"
        "a,2024-01-01,5,p1\na,2024-01-02,5,p2\na,2024-01-03,5,\nb,2024-01-03,5,p2\n"
    )
    rules = (
        "version: 1\nsources: {transactions: t.csv, products: p.csv}\n"
        "personas: {p: {match: {departments: {at_least: 0}}}}\n"
    )
    data = {"t.csv": sales, "p.csv": "product_id,department\np1,Hats\n", "personas.yaml": rules}
    result = segment("run", files=data)
    said = "2 lines name products that are not in products: what products say of them is missing"
    assert result.warnings == [said]


def test_a_broken_feed_is_told_with_its_own_rows(segment: Segment) -> None:
    rows = [f"c{i},{i},2024-01-01,{'x' if i < 1 else 5},Hats" for i in range(120)]
    events = [f"c{i},{'soon' if i < 90 else '2024-01-01'},login" for i in range(120)]
    data = {
        "t.csv": "\n".join([HEAD, *rows, ""]),
        "e.csv": "\n".join(["customer_id,occurred_at,event", *events, ""]),
        "personas.yaml": (
            "version: 1\nsources: {transactions: t.csv, events: {path: e.csv, date_format: '%Y-%m-%d'}}\n"
            "personas: {p: {match: {did: login}}}\n"
        ),
    }
    result = segment("run", "-q", files=data)
    assert result.exit_code == 3
    told = result.err.splitlines()
    assert told[0].startswith("e.csv: 90 of 120 rows are rejected")
    assert [line.split(":")[0] for line in told[2:]] == ["  e.csv"] * 3 + ["  Where so many may be"]


def test_a_value_that_only_a_rejected_row_has_is_told_with_that(segment: Segment) -> None:
    rules = "personas: {p: {match: {did: {event: purchase, where: {department: Caps}}}}}\n"
    lines = "\n".join([SALES.rstrip(), "a,3,2024-01-03,x,Caps", ""])
    result = segment("run", files=files(rules, **{"t.csv": lines}))
    assert 'no line has department "Caps"; a rejected row has it' in result.warnings
