"""`segment history` as people and programs see it: what it prints, what it is asked for, what it refuses."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from harness import Segment

from segmentation.studies.period_ends import Ends

LINES = """customer_id,order_id,ordered_at,amount
a,1,2024-01-05,60
a,2,2024-03-02,30
b,3,2024-01-31,10
b,4,2024-02-01,-4
c,5,2024-02-29,100.50
d,6,2024-03-10,-7
"""
CUSTOMERS = "customer_id,country,consent\na,DE,yes\nb,AT,no\nc,DE,yes\nx,DE,yes\n"
RULES = """version: 1
sources: {transactions: t.csv, customers: c.csv}
dimensions:
  lifecycle:
    - new: {longevity_days: {at_most: 20}}
    - regular_customer: {frequency: {at_least: 2}}
    - rest: otherwise
personas:
  spenders: {match: {monetary: {at_least: 50}}}
  everybody_else: {}
  by_country: {for_each: country}
suppress: [{consent: {is_not: true}}]
waterfall: [spenders, everybody_else]
"""
FILES = {"t.csv": LINES, "c.csv": CUSTOMERS, "personas.yaml": RULES}

SHOWN = """\
3 customers as of 2024-03-10*; before it the ends of the last 3 months
* within its month

                                   % of spend by the top
                                                          customers
                        net spend                          who make
as of        customers     so far  1 %  10 %  20 %             80 %
2023-12-31           0          –    –     –     –                –
2024-01-31           2         70  1.7  17.1  34.3                1
2024-02-29           3        167  1.8  18.1  36.2                2
2024-03-10*          3        197  1.5  15.3  30.7                2

             customers of each persona (exported)
                       everybody_
as of        spenders        else  by_country
2023-12-31          –           –           –
2024-01-31          1           0           1
2024-02-29          2           0           2
2024-03-10*         2           0           2

             lifecycle
             % of customers        % of spend
                   regular_              regular_
as of         new  customer  rest   new  customer  rest
2023-12-31      –         –     –     –         –     –
2024-01-31   50.0       0.0  50.0  14.3       0.0  85.7
2024-02-29   33.3       0.0  66.7  60.4       0.0  39.6
2024-03-10*  33.3      33.3  33.3  51.1      45.8   3.1
"""
SAID = """\
note: columns of customers are taken as they are now, at every date: country, consent
note: 2 customers without an order left out
"""


def test_people_see_a_row_for_each_date(segment: Segment) -> None:
    done = segment("history", "--last", 3, files=FILES)
    assert (done.out, done.err, done.exit_code) == (SHOWN, SAID, 0)


def test_a_day_that_ends_its_period_is_the_last_of_them(segment: Segment) -> None:
    shown = segment("history", "--as-of", "2024-02-29", "--last", 2, files=FILES).out.splitlines()
    assert shown[0] == "3 customers as of 2024-02-29; the ends of the last 2 months"
    days = [line.split()[0] for line in shown if line.startswith("2024-")]
    assert days == ["2024-01-31", "2024-02-29"] * 3


def test_one_period_is_no_periods(segment: Segment) -> None:
    shown = segment("history", "--every", "year", "--last", 1, files=FILES).out
    assert "2024-03-10*; before it the end of the last year\n* within its year\n" in shown


def test_what_is_too_wide_goes_on_in_further_blocks(segment: Segment) -> None:
    many = [f"label number {i} of_a_long-{'x' * i}" for i in range(12)]
    rungs = "".join(f"    - {label}: {{frequency: {i + 1}}}\n" for i, label in enumerate(many))
    personas = [f"persona_{i}_with_a_name" for i in range(9)]
    rules = (
        "version: 1\nsources: {transactions: t.csv}\ndimensions:\n  wide:\n"
        f"{rungs}    - rest: otherwise\n  narrow: [a: {{frequency: 1}}, b: otherwise]\n"
        f"personas: {{{', '.join(f'{name}: {{}}' for name in personas)}}}\n"
    )
    shown = segment("history", "--last", 2, files=FILES | {"personas.yaml": rules}).out
    assert max(map(len, shown.splitlines())) <= 80
    head, *found = shown.split("\n\n")
    assert [block.count("\n2024-") for block in found] == [3] * len(found)
    said = ["of each persona", " wide", " narrow", "% of spend\n"]
    assert [sum(line in block for block in found) for line in said] == [2, 6, 1, 3]
    assert "wide                           narrow\n" in found[-1]
    assert head.startswith("3 customers")


def test_quiet_prints_nothing(segment: Segment) -> None:
    done = segment("history", "-q", files=FILES)
    assert (done.out, done.err, done.exit_code) == ("", "", 0)


# -- what is asked for ----------------------------------------------------------------------------

NARROWED = {
    "everything": ([], {"spenders", "everybody_else", "by_country"}, {"lifecycle"}),
    "a persona": (["--persona", "everybody_else"], {"everybody_else"}, set()),
    "two personas": (
        ["--persona", "by_country", "--persona", "spenders"],
        {"spenders", "by_country"},
        set(),
    ),
    "a dimension": (["--dimension", "lifecycle"], set(), {"lifecycle"}),
    "both": (
        ["--persona", "spenders", "--dimension", "lifecycle"],
        {"spenders"},
        {"lifecycle"},
    ),
}


@pytest.mark.parametrize(("options", "personas", "dimensions"), NARROWED.values(), ids=NARROWED)
def test_who_names_some_gets_these_only(
    segment: Segment, options: list[str], personas: set[str], dimensions: set[str]
) -> None:
    now = segment("history", *options, "--json", files=FILES).result["dates"][-1]
    assert {one["persona"] for one in now["audiences"]} == personas
    assert {one["dimension"] for one in now["labels"]} == dimensions


def test_a_persona_alone_has_lost_whom_those_above_it_have(segment: Segment) -> None:
    [one] = segment("history", "--persona", "everybody_else", "--json", files=FILES).result[
        "dates"
    ][-1]["audiences"]
    assert (one["matched"], one["outranked"], one["suppressed"], one["exported"]) == (3, 2, 1, 0)


def test_only_columns_of_customers_that_are_read_are_noted(segment: Segment) -> None:
    done = segment("history", "--dimension", "lifecycle", files=FILES | {"personas.yaml": PLAIN})
    assert done.err == "note: 2 customers without an order left out\n"


PLAIN = RULES.replace("suppress: [{consent: {is_not: true}}]\n", "")


# -- programs -------------------------------------------------------------------------------------


def test_the_csv_has_a_row_for_each_date_and_thing_that_is_counted(segment: Segment) -> None:
    done = segment("history", "--last", 1, "--csv", "h.csv", "-q", files=FILES)
    rows = list(csv.DictReader((done.folder / "h.csv").read_text().splitlines()))
    assert [tuple(row.values()) for row in rows if row["as_of"] == "2024-03-10"] == [
        *of("base", "", "", "3", "196.50"),
        *of("audience", "spenders", "", "2", "190.50", "0.666667", "0.969466", "2", *"0000"),
        *of("audience", "everybody_else", "", "0", "0.00", "0", "0", "3", *"1200"),
        *of("audience", "by_country-at", "", "0", "0.00", "0", "0", "1", *"1000"),
        *of("audience", "by_country-de", "", "2", "190.50", "0.666667", "0.969466", "2", *"0000"),
        *of("dimension", "lifecycle", "new", "1", "100.50", "0.333333", "0.51145"),
        *of("dimension", "lifecycle", "regular_customer", "1", "90.00", "0.333333", "0.458015"),
        *of("dimension", "lifecycle", "rest", "1", "6.00", "0.333333", "0.030534"),
        *of("concentration", "top 1 %", "", "", "", "0.01", "0.015344"),
        *of("concentration", "top 5 %", "", "", "", "0.05", "0.076718"),
        *of("concentration", "top 10 %", "", "", "", "0.1", "0.153435"),
        *of("concentration", "top 20 %", "", "", "", "0.2", "0.30687"),
        *of("concentration", "80 % of spend", "", "2", "", "0.666667", "0.8"),
    ]
    sizes = ["matched", "suppressed", "outranked", "capped", "control"]
    shares = ["share_of_customers", "share_of_spend"]
    head = ["as_of", "ends_period", "of", "name", "label", "customers", "spend"]
    assert [*rows[0]] == [*head, *shares, *sizes]


def of(*cells: str) -> Sequence[tuple[str, ...]]:
    return [("2024-03-10", "false", *cells, *[""] * (12 - len(cells)))]


def test_no_cell_of_the_csv_runs_as_a_formula_and_no_number_has_an_exponent(
    segment: Segment,
) -> None:
    """Money has two places or more, as in the files of audiences; a label may be anything."""
    lines = "customer_id,ordered_at,amount\na,2024-01-05,250000.125\nb,2024-01-06,2\n"
    rules = (
        "version: 1\nsources: {transactions: t.csv}\n"
        'dimensions: {eq: [{"=1+1": {monetary: {at_most: 9}}}, "@x;y": otherwise]}\n'
    )
    files = {"t.csv": lines, "personas.yaml": rules}
    done = segment("history", "--last", 1, "--csv", "h.csv", "-q", files=files)
    assert done.exit_code == 0, done.err
    rows = list(csv.DictReader((done.folder / "h.csv").read_text().splitlines()))
    found = [(r["label"], r["spend"], r["share_of_spend"]) for r in rows if r["of"] == "dimension"]
    assert found[-2:] == [("'=1+1", "2.00", "0.000008"), ("'@x;y", "250000.125", "0.999992")]


def test_the_spend_of_the_csv_has_the_digits_of_the_json(segment: Segment) -> None:
    """Where a number holds fewer places than money has, none is made up."""
    lines = "customer_id,ordered_at,amount\n" + "a,2024-01-05,199999999999.0049\n" * 400
    files = {"t.csv": lines, "personas.yaml": "version: 1\nsources: {transactions: t.csv}\n"}
    done = segment("history", "--last", 1, "--csv", "h.csv", "--json", files=files)
    rows = list(csv.DictReader((done.folder / "h.csv").read_text().splitlines()))
    spend = [r["spend"] for r in rows if r["of"] == "base"]
    assert spend[-1] == str(done.result["dates"][-1]["spend"])


def test_a_label_of_several_lines_is_one_in_the_table(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: t.csv}\n"
        'dimensions: {d: [{"new\\nline": {frequency: 1}}, rest: otherwise]}\n'
    )
    shown = segment("history", "--last", 1, files=FILES | {"personas.yaml": rules}).out
    assert "new\\nline" in shown


def test_a_date_without_customers_is_empty_for_programs_too(segment: Segment) -> None:
    first = segment("history", "--last", 3, "--json", files=FILES).result["dates"][0]
    assert first == {
        "as_of": "2023-12-31",
        "ends_period": True,
        "customers": 0,
        "spend": 0.0,
        "concentration": {
            "top": dict.fromkeys(("0.01", "0.05", "0.1", "0.2")),
            "customers_for_80": None,
            "share_for_80": None,
        },
        "audiences": [],
        "labels": [],
    }


def test_a_history_needs_the_files_once(shell) -> None:
    rules = RULES.replace("transactions: t.csv, ", "")
    files = {"c.csv": CUSTOMERS, "personas.yaml": rules}
    done = shell(
        "history", "-", "--customers", "c.csv", "--last", 3, files=files, stdin=LINES.encode()
    )
    assert (done.out, done.exit_code) == (SHOWN, 0)


@pytest.mark.deep
def test_what_standard_input_is_read_from_is_not_written_over(shell) -> None:
    """It has no name, but it is the same file."""
    rules = RULES.replace("transactions: t.csv, ", "")
    files = {"t.csv": LINES, "c.csv": CUSTOMERS, "personas.yaml": rules}
    asked = ("history", "-", "--last", "1", "-q", "--csv")
    done = shell(*asked, "t.csv", files=files, stdin_from="t.csv")
    assert done.exit_code == 2
    assert done.err.startswith("--csv t.csv: this file is read (transactions)\n")
    assert (done.folder / "t.csv").read_text() == LINES
    assert shell(*asked, "other.csv", stdin_from="t.csv").exit_code == 0


# -- what is refused ------------------------------------------------------------------------------

WRONG = {
    "no period": (
        ["--every", "fortnight"],
        2,
        "--every fortnight: there is no such period\n  One of: week, month, quarter, year.\n",
    ),
    "none": (
        ["--last", 0],
        2,
        "--last 0: a history has 1 to 600 periods\n  Give a number such as 12.\n",
    ),
    "too many": (
        ["--last", 601],
        2,
        "--last 601: a history has 1 to 600 periods\n  Give a number such as 12.\n",
    ),
    "no day": (
        ["--as-of", "gestern"],
        2,
        "--as-of gestern: this is not a date\n  Write it as 2026-11-21, or today.\n",
    ),
    "a dimension that is not there": (
        ["--dimension", "lifecycel"],
        2,
        'personas.yaml: there is no dimension "lifecycel"\n  Nearest: lifecycle. There are: lifecycle.\n',
    ),
    "a persona that is not there": (
        ["--persona", "spender"],
        2,
        "personas.yaml: there is no persona 'spender'\n"
        "  Nearest: spenders. There are: spenders, everybody_else, by_country.\n",
    ),
    "a persona for a dimension": (
        ["--dimension", "spenders"],
        2,
        'personas.yaml: there is no dimension "spenders"\n  There are: lifecycle.\n',
    ),
    "a day before all data": (
        ["--as-of", "2020-01-01"],
        3,
        "t.csv: no customer has an order: no usable line has a positive amount\n"
        "  Of 6 rows 0 were rejected, 6 set aside (after as_of).\n",
    ),
    "nowhere to write": (
        ["--csv", "no/such/h.csv"],
        3,
        "no/such/h.csv: this file cannot be written: No such file or directory\n"
        "  Name a file in a folder that exists.\n",
    ),
    "over the data": (
        ["--csv", "./t.csv"],
        2,
        "--csv t.csv: this file is read (transactions)\n"
        "  What is read is not written over. Name another file.\n",
    ),
    "over the customers": (["--csv", "c.csv"], 2, "--csv c.csv: this file is read (customers)\n"),
    "over the rules": (
        ["--csv", "personas.yaml"],
        2,
        "--csv personas.yaml: this file is read (the rules)\n",
    ),
    "to what is read elsewhere": (
        ["--csv", "-"],
        2,
        "--csv names no file: it is -\n  Name a file, or /dev/stdout for standard output.\n",
    ),
    "to no name": (["--csv", ""], 2, "--csv names no file: it is empty\n  Give it a name.\n"),
    "no file": (["nowhere.csv", "--customers", "c.csv"], 3, "nowhere.csv: there is no such file\n"),
}


@pytest.mark.parametrize(("options", "code", "said"), WRONG.values(), ids=WRONG)
def test_wrong_use_says_what_is_wrong(
    segment: Segment, options: list[object], code: int, said: str
) -> None:
    done = segment("history", *options, files=FILES)
    assert (done.err[: len(said)], done.exit_code, done.out) == (said, code, "")


def test_a_number_that_is_none_is_misuse(segment: Segment) -> None:
    done = segment("history", "--last", "twelve", files=FILES)
    assert (done.exit_code, done.out) == (2, "")
    assert done.err.endswith("Invalid value for '--last': twelve is no whole number\n")


def test_rules_without_dimensions_name_none(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: t.csv}\n"
    done = segment("history", "--dimension", "x", files=FILES | {"personas.yaml": rules})
    assert done.err == 'personas.yaml: there is no dimension "x"\n  There are none.\n'


def test_strict_writes_nothing_where_there_is_a_warning(segment: Segment) -> None:
    files = FILES | {"t.csv": f"{LINES}a,7,soon,1\n"}
    lax = segment("history", "--csv", "h.csv", files=files)
    assert lax.err == (
        f"{SAID}t.csv: warning: 1 of 7 rows rejected (segment run writes them to rejects.csv): "
        "t.csv:8: date does not fit ISO 8601\n  Mend the export.\n"
    )
    assert (lax.exit_code, (lax.folder / "h.csv").exists()) == (0, True)
    (lax.folder / "h.csv").unlink()
    strict = segment("history", "--csv", "h.csv", "--strict")
    assert (strict.exit_code, strict.out, (lax.folder / "h.csv").exists()) == (1, "", False)


NOTED = {
    "rows that are set aside": (
        LINES + ",7,2024-03-01,5\n",
        [],
        "t.csv: note: 1 of 7 rows are set aside: no customer\n",
    ),
    "data that is old": (
        LINES,
        ["--as-of", "2024-06-30"],
        "t.csv: warning: the newest transaction is of 2024-03-10, 112 days before 2024-06-30\n",
    ),
}


@pytest.mark.parametrize(("lines", "options", "said"), NOTED.values(), ids=NOTED)
def test_what_a_run_says_of_the_files_a_history_says_too(
    segment: Segment, lines: str, options: list[str], said: str
) -> None:
    files = FILES | {"t.csv": lines}
    assert said in segment("history", "--last", 1, *options, files=files).err
    run = segment("run", "-n", *options).err
    assert said.partition(":")[2].split(": ")[-1] in run


def test_a_broken_feed_is_refused(segment: Segment) -> None:
    files = FILES | {"t.csv": LINES + "a,7,soon,1\n" * 100}
    done = segment("history", files=files)
    assert (done.exit_code, done.out) == (3, "")
    assert "t.csv: 100 of 106 rows are rejected, more than 1 %" in done.err


def test_with_files_of_the_command_line_what_they_lack_is_left_out(segment: Segment) -> None:
    done = segment("history", "t.csv", "--json", files=FILES)
    now = done.result["dates"][-1]
    assert {one["name"] for one in now["audiences"]} == {"spenders", "everybody_else"}
    assert [n["text"] for n in done.said if n["level"] == "warn"] == [
        "no suppress rule could be applied, nobody is suppressed: do not send to these files before "
        "consent is checked",
        'left out, as there is no table of customers: persona "by_country", suppress rule 1',
    ]


# -- ids that are not what their sample says ------------------------------------------------------

ODD = {"an order": ("C0001", "x-1"), "a customer": ("somebody", "O9999")}


@pytest.mark.parametrize(("customer", "order"), ODD.values(), ids=ODD)
def test_an_odd_id_that_comes_late_changes_no_earlier_date(
    segment: Segment, customer: str, order: str
) -> None:
    """It is seen when its month is taken up: what was told before must be told again, once."""
    lines = [
        f"C{i % 40:04},O{i // 2:04},{date(2023, 12, 1) + timedelta(i % 100)},{i % 9 + 1}"
        for i in range(2600)
    ]
    lines[1300] = f"{customer},{order},2024-03-08,5"
    files = {"t.csv": "\n".join(["customer_id,order_id,ordered_at,amount", *lines, ""])}
    files["personas.yaml"] = (
        f"{RULES.partition('personas')[0]}personas: {{everyone: {{}}}}\n".replace(
            ", customers: c.csv", ""
        )
    )
    dates = segment("history", "--last", 3, "--json", files=files).result["dates"]
    assert [one["as_of"] for one in dates] == [
        "2023-12-31",
        "2024-01-31",
        "2024-02-29",
        "2024-03-09",
    ]
    for one in dates:
        [run] = segment("run", "--as-of", one["as_of"], "-n", "--json").result["personas"]
        assert [(a["name"], a["matched"]) for a in one["audiences"]] == [
            ("everyone", run["matched"])
        ]


# -- the days -------------------------------------------------------------------------------------

DAYS = {
    "months over a leap day": (
        "month",
        3,
        "2024-03-15",
        ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-15"],
    ),
    "a month that is full": ("month", 2, "2024-02-29", ["2024-01-31", "2024-02-29"]),
    "a day before that": ("month", 1, "2024-02-28", ["2024-01-31", "2024-02-28"]),
    "weeks end on Sundays": ("week", 2, "2024-03-04", ["2024-02-25", "2024-03-03", "2024-03-04"]),
    "a Sunday": ("week", 2, "2024-03-03", ["2024-02-25", "2024-03-03"]),
    "quarters": (
        "quarter",
        3,
        "2024-01-01",
        ["2023-06-30", "2023-09-30", "2023-12-31", "2024-01-01"],
    ),
    "years": ("year", 2, "2023-12-31", ["2022-12-31", "2023-12-31"]),
    "the first year of all": ("year", 3, "0002-05-01", ["0001-12-31", "0002-05-01"]),
    "the last day of all": ("month", 1, "9999-12-31", ["9999-12-31"]),
}


@pytest.mark.parametrize(("every", "last", "latest", "days"), DAYS.values(), ids=DAYS)
def test_the_dates_are_period_ends_and_the_latest_day(
    every: str, last: int, latest: str, days: list[str]
) -> None:
    assert [str(day) for day in Ends(every, last)(date.fromisoformat(latest))] == days


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_the_first_date_never_goes_back_as_the_latest_day_goes_on(every: str) -> None:
    ends, day = Ends(every, 5), date(2023, 11, 1)
    firsts = [ends(day + timedelta(i))[0] for i in range(500)]
    assert firsts == sorted(firsts)
