"""What personas.yaml makes of customers: who is in which audience, and how the counts add up."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from harness import Segment

# a: 3 orders, 300; b: 2 orders, 200; c: 1 order, 100; d: 1 order, 100; e: 1 order, 50 (long ago)
LINES = """\
customer_id,order_id,ordered_at,department,amount
a,1,2024-01-01,Shoes,100
a,2,2024-02-01,Shoes,100
a,3,2024-03-01,"Hats & Caps/2",100
b,4,2024-02-01,"Hats & Caps/2",150
b,5,2024-03-31,hats caps 2,50
c,6,2024-03-31,日本,100
d,7,2024-03-01,,100
e,8,2023-01-01,Shoes,50
"""
PEOPLE = """\
customer_id,gender,consent_email,points,score,born_on,city
a,female,true,10,1.5,1990-01-01,Köln
b,,false,9,,2000-06-30,München
c,male,yes,,nan,,Bonn
d,female,,100,-2,1970-12-31,
f,female,true,5,3,1999-01-01,Köln
"""
HEAD = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"


def run(
    segment: Segment, rules: str, *arguments: str, files: Mapping[str, str] | None = None
) -> Any:
    everything = {"t.csv": LINES, "c.csv": PEOPLE, "personas.yaml": HEAD + rules, **(files or {})}
    result = segment("run", *arguments, files=everything)
    assert result.exit_code == 0, result.err
    return result


def audiences(result: Any) -> dict[str, str]:
    """The members of each audience by file name, in the order of the manifest."""
    return {p["name"]: "".join(result.ids(p["name"])) for p in result.manifest["personas"]}


def counts(result: Any) -> dict[str, tuple[int, int, int, int]]:
    found = {p["name"]: p for p in result.manifest["personas"]}
    for p in found.values():
        lost = p["suppressed"] + p["outranked"] + p["control"] + p["capped"]
        assert p["matched"] == lost + p["exported"]
    return {
        n: (p["matched"], p["suppressed"], p["outranked"], p["exported"]) for n, p in found.items()
    }


# -- conditions ------------------------------------------------------------------------------------

CONDITIONS = {
    "everyone": ("{}", "abcde"),
    "equals": ("{gender: female}", "ad"),
    "equals is exact": ("{gender: Female}", ""),
    "one of": ("{gender: [female, male]}", "acd"),
    "is": ("{gender: {is: male}}", "c"),
    "is_not is true of a missing value": ("{gender: {is_not: female}}", "bce"),
    "none_of is true of a missing value": ("{gender: {none_of: [female, male]}}", "be"),
    "not is true of a missing value": ("{not: {gender: female}}", "bce"),
    "missing": ("{gender: {missing: true}}", "be"),
    "known": ("{gender: {missing: false}}", "acd"),
    "at_least": ("{monetary: {at_least: 200}}", "ab"),
    "more_than": ("{monetary: {more_than: 200}}", "a"),
    "at_most": ("{monetary: {at_most: 100}}", "cde"),
    "less_than": ("{monetary: {less_than: 100}}", "e"),
    "between includes both ends": ("{monetary: {between: [100, 200]}}", "bcd"),
    "two operators are and": ("{monetary: {at_least: 100, less_than: 200}}", "cd"),
    "numbers held as text": ("{points: {at_least: 10}}", "ad"),
    "one of several numbers held as text": ("{points: [9, 10]}", "ab"),
    "one of several whole numbers of a fraction": ("{return_share: [0, 1]}", "abcde"),
    "negative numbers held as text": ("{score: {less_than: 0}}", "d"),
    "not a number is missing": ("{score: {more_than: 0}}", "a"),
    "and so is its negation true": ("{not: {score: {more_than: 0}}}", "bcde"),
    "dates held as text": ("{born_on: {at_least: '1990-01-01'}}", "ab"),
    "contains": ("{city: {contains: n}}", "abc"),
    "contains is about text, not a pattern": ("{city: {contains: '.'}}", ""),
    "starts_with": ("{city: {starts_with: Mü}}", "b"),
    "ends_with one of a list": ("{city: {ends_with: [chen, n, x]}}", "abc"),
    "contains whatever the case": ("{city: {contains: [MÜN, bONN], ignore_case: true}}", "bc"),
    "a missing text contains nothing": ("{not: {city: {contains: o, ignore_case: true}}}", "abde"),
    "flags in words": ("{consent_email: true}", "ac"),
    "is_not true is suppression's friend": ("{consent_email: {is_not: true}}", "bde"),
    "a mapping is and": ("{gender: female, frequency: {at_least: 2}}", "a"),
    "any of a list": ("{any: [{gender: male}, {frequency: {at_least: 2}}]}", "abc"),
    "any of a mapping": ("{any: {gender: male, frequency: {at_least: 2}}}", "abc"),
    "all": ("{all: [{gender: female}, {points: {at_least: 50}}]}", "d"),
    "not of several is not all of them": (
        "{not: {gender: female, points: {at_least: 50}}}",
        "abce",
    ),
    "nesting": ("{not: {any: [{gender: female}, {not: {frequency: {at_least: 2}}}]}}", "b"),
    "did": ("{did: {event: purchase, where: {department: Shoes}}}", "ae"),
    "did within": ("{did: {event: purchase, where: {department: Shoes}, within: 90d}}", "a"),
    "did times": ("{did: {event: purchase, times: 2}}", "ab"),
    "did times exactly": ("{did: {event: purchase, times: {is: 2}}}", "b"),
    "did_not": ("{did_not: {event: purchase, where: {department: Shoes}}}", "bcd"),
    "share": ("{share: {of: spend, where: {department: Shoes}, at_least: 0.5}}", "ae"),
    "share below needs a share": (
        "{share: {of: spend, where: {department: Shoes}, less_than: 0.5}}",
        "bcd",
    ),
    "recency": ("{recency_days: {at_most: 30}}", "abcd"),
    "a date feature": ("{last_order_on: {at_least: '2024-03-31'}}", "bc"),
    "top_percent": ("{monetary: {top_percent: 20}}", "a"),
    "top_percent rounds up": ("{monetary: {top_percent: 21}}", "ab"),
    "top_percent keeps ties": ("{monetary: {top_percent: 60}}", "abcd"),
    "bottom_percent": ("{monetary: {bottom_percent: 20}}", "e"),
    "bottom_percent keeps ties": ("{monetary: {bottom_percent: 40}}", "cde"),
    "all percent is whoever has a value": ("{points: {top_percent: 100}}", "abd"),
    "percent of those with a value": ("{points: {top_percent: 34}}", "ad"),
    "not a number takes no part in a percentile": ("{score: {top_percent: 50}}", "a"),
    "percent of a date": ("{last_order_on: {top_percent: 20}}", "bc"),
    "among": ("{monetary: {top_percent: 50, among: {frequency: {is: 1}}}}", "cd"),
    "among nobody": ("{monetary: {top_percent: 50, among: {frequency: {is: 9}}}}", ""),
    "scores": ("{m_score: 5}", "a"),
    "rfm": ("{rfm: {starts_with: '5'}}", "bc"),
    "a department share": ("{department_share.Shoes: {at_least: 0.6}}", "ae"),
    "a top department by its odd name": ("{top_department: Hats & Caps/2}", "b"),
}


@pytest.mark.sampled
@pytest.mark.parametrize(("match", "members"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_matches(segment: Segment, match: str, members: str) -> None:
    result = run(segment, f"personas: {{p: {{match: {match}}}}}\n")
    assert audiences(result) == {"p": members}


def test_a_comparison_with_yes_and_no_keeps_the_words(segment: Segment) -> None:
    """NO is Norway here, not false."""
    files = {"c.csv": "customer_id,country\na,NO\nb,SE\n"}
    result = run(segment, "personas: {p: {match: {country: NO}}}\n", files=files)
    assert audiences(result) == {"p": "a"}


# -- dimensions ------------------------------------------------------------------------------------

DIMENSIONS = """\
dimensions:
  loyalty:
    - often: {frequency: {at_least: 2}}
    - once: {frequency: {at_least: 1}}
    - never: otherwise
  spend:
    - high: {monetary: {top_percent: 40}}
    - low: otherwise
  tier:
    grid: [loyalty, spend]
    columns: [high, low]
    rows:
      often: [gold, silver]
      once: [silver, bronze]
      never: [none, none]
"""


def test_the_first_rung_that_holds_gives_the_label(segment: Segment) -> None:
    found = run(segment, DIMENSIONS).customers.select("customer_id", "loyalty", "spend", "tier")
    assert found.rows() == [
        ("a", "often", "high", "gold"),
        ("b", "often", "high", "gold"),
        ("c", "once", "low", "bronze"),
        ("d", "once", "low", "bronze"),
        ("e", "once", "low", "bronze"),
    ]


def test_a_dimension_may_use_another(segment: Segment) -> None:
    rules = (
        DIMENSIONS
        + "  core: [{yes-core: {tier: [gold, silver], spend: high}}, {rest: otherwise}]\n"
    )
    found = run(segment, rules).customers
    assert found["core"].to_list() == ["yes-core", "yes-core", "rest", "rest", "rest"]


def test_a_missing_value_falls_through_to_otherwise(segment: Segment) -> None:
    rules = "dimensions: {pace: [{fast: {typical_gap_days: {at_most: 30}}}, {slow: {typical_gap_days: {more_than: 30}}}, {unknown: otherwise}]}\n"
    found = run(segment, rules).customers
    assert found["pace"].to_list() == ["fast", "slow", "unknown", "unknown", "unknown"]


#: nobody here asks for consent, which is said otherwise
ALL_MAY = "notices: {consent-unread: off}\n"

# -- personas --------------------------------------------------------------------------------------


def test_for_each_label_of_a_dimension_is_an_audience_even_without_members(
    segment: Segment,
) -> None:
    result = run(segment, f"{DIMENSIONS}personas: {{by: {{for_each: loyalty}}}}\n{ALL_MAY}")
    assert audiences(result) == {"by-often": "ab", "by-once": "cde", "by-never": ""}
    assert result.warnings == ["persona by-never has no members"]


def test_for_each_department_has_safe_and_distinct_file_names(segment: Segment) -> None:
    result = run(segment, "personas: {by: {title: Fans, for_each: top_department}}\n")
    names = {p["title"]: p["name"] for p in result.manifest["personas"]}
    assert names == {
        "Fans: Hats & Caps/2": "by-hats-caps-2",
        "Fans: Shoes": "by-shoes",
        "Fans: 日本": "by-x-cf2abf",
    }
    assert audiences(result) == {"by-hats-caps-2": "b", "by-shoes": "ae", "by-x-cf2abf": "c"}


def test_for_each_value_that_would_share_a_name_gets_a_digest(segment: Segment) -> None:
    files = {"c.csv": "customer_id,club\na,A/B\nb,a b\nc,..\nd,../../etc/passwd\n"}
    result = run(segment, "personas: {by: {for_each: club}}\n", files=files)
    found = {p["title"]: p["file"] for p in result.manifest["personas"]}
    assert found == {
        "by: ..": "personas/by-x-5ec1f7.csv",
        "by: ../../etc/passwd": "personas/by-etc-passwd.csv",
        "by: A/B": "personas/by-a-b-998d3e.csv",
        "by: a b": "personas/by-a-b-c8687a.csv",
    }
    assert audiences(result)["by-etc-passwd"] == "d"


def test_a_value_that_is_called_like_the_digest_of_another_has_its_own_file(
    segment: Segment,
) -> None:
    files = {"c.csv": "customer_id,club\na,A/B\nb,a b\nc,A B 998d3e\n"}
    result = run(segment, "personas: {by: {for_each: club}}\n", files=files)
    assert audiences(result) == {
        "by-a-b-998d3e": "a",
        "by-a-b-998d3e-1e6a6a": "c",
        "by-a-b-c8687a": "b",
    }


def test_two_audiences_of_one_name_are_refused(segment: Segment) -> None:
    rules = f"{HEAD}personas:\n  by: {{for_each: top_department}}\n  by-shoes: {{match: {{}}}}\n"
    files = {"t.csv": LINES, "c.csv": PEOPLE, "personas.yaml": rules}
    result = segment("run", files=files)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err == (
        'personas.yaml:4:18: persona "by" names its audience for Shoes "by-shoes", which is another '
        "audience, too\n  Give one of the personas another name.\n"
    )


def test_for_each_keeps_the_match(segment: Segment) -> None:
    rules = DIMENSIONS + "personas: {by: {for_each: loyalty, match: {monetary: {at_least: 100}}}}\n"
    assert audiences(run(segment, rules)) == {"by-often": "ab", "by-once": "cd", "by-never": ""}


def test_a_persona_may_refer_to_others(segment: Segment) -> None:
    rules = """\
personas:
  rest: {match: {not: {persona: [vip, women]}}}
  both: {match: {persona: vip, all: [{persona: women}]}}
  vip: {match: {monetary: {at_least: 200}}}
  women: {match: {gender: female}}
"""
    assert audiences(run(segment, rules)) == {"rest": "ce", "both": "a", "vip": "ab", "women": "ad"}


def test_a_file_holds_the_columns_its_rules_used_and_those_asked_for(segment: Segment) -> None:
    rules = """\
columns: [city]
personas:
  p: {match: {gender: female, monetary: {at_least: 1}, not: {points: {missing: true}}}, columns: [rfm]}
"""
    result = run(segment, rules, "--columns", "frequency,city", "--columns", "born_on")
    header = (result.run / "personas/p.csv").read_text().splitlines()[0]
    assert header == "customer_id,gender,monetary,points,rfm,city,frequency,born_on"


# -- suppression and waterfall ---------------------------------------------------------------------

WATERFALL = """\
personas:
  all-of-them: {match: {}}
  rich: {match: {monetary: {at_least: 100}}}
  women: {match: {gender: female}}
  often: {match: {frequency: {at_least: 2}}}
"""


def test_suppression_takes_customers_from_every_audience(segment: Segment) -> None:
    rules = WATERFALL + "suppress: [{consent_email: {is_not: true}}, {persona: often}]\n"
    result = run(segment, rules)
    assert audiences(result) == {"all-of-them": "c", "rich": "c", "women": "", "often": ""}
    assert counts(result) == {
        "all-of-them": (5, 4, 0, 1),
        "rich": (4, 3, 0, 1),
        "women": (2, 2, 0, 0),
        "often": (2, 2, 0, 0),
    }


def test_in_a_waterfall_everybody_stays_in_the_highest(segment: Segment) -> None:
    result = run(segment, WATERFALL + "waterfall: [women, rich]\n")
    assert audiences(result) == {"all-of-them": "abcde", "rich": "bc", "women": "ad", "often": "ab"}
    assert counts(result) == {
        "all-of-them": (5, 0, 0, 5),
        "rich": (4, 0, 2, 2),
        "women": (2, 0, 0, 2),
        "often": (2, 0, 0, 2),
    }


def test_who_is_suppressed_is_not_outranked(segment: Segment) -> None:
    rules = WATERFALL + "waterfall: [women, rich]\nsuppress: [{city: Köln}]\n"
    assert counts(run(segment, rules)) == {
        "all-of-them": (5, 1, 0, 4),
        "rich": (4, 1, 1, 2),
        "women": (2, 1, 0, 1),
        "often": (2, 1, 0, 1),
    }


def test_the_audiences_of_for_each_take_part_in_a_waterfall_together(segment: Segment) -> None:
    rules = (
        DIMENSIONS
        + "personas: {women: {match: {gender: female}}, by: {for_each: loyalty}}\nwaterfall: [women, by]\n"
    )
    assert audiences(run(segment, rules)) == {
        "women": "ad",
        "by-often": "b",
        "by-once": "ce",
        "by-never": "",
    }


# -- options ---------------------------------------------------------------------------------------


def test_only_a_persona_asked_for_is_written_with_those_above_it_in_the_waterfall(
    segment: Segment,
) -> None:
    rules = WATERFALL + "waterfall: [women, rich, often]\n"
    assert audiences(run(segment, rules, "--persona", "rich")) == {"rich": "bc", "women": "ad"}
    assert audiences(run(segment, rules, "--persona", "all-of-them")) == {"all-of-them": "abcde"}


def test_cuts_of_a_former_run_are_used_instead_of_new_ones(segment: Segment) -> None:
    rules = (
        DIMENSIONS
        + "personas: {top: {match: {monetary: {top_percent: 20}, r_score: {at_least: 1}}}, by: {for_each: top_department}}\n"
    )
    first = run(segment, rules)
    before, cuts = first.ids("top"), (first.run / "cuts.json").read_text()
    richer = LINES + "x,9,2024-03-31,Zoo,1000\ny,10,2024-03-31,Shoes,250\n"
    fresh = run(segment, rules, "--out", "fresh", files={"t.csv": richer})
    frozen = run(segment, rules, "--cuts", "old.json", files={"t.csv": richer, "old.json": cuts})
    assert (before, frozen.ids("top")) == (["a"], ["a", "x"])
    assert (frozen.run / "cuts.json").read_text() != (
        fresh.folder / "fresh/latest/cuts.json"
    ).read_text()
    assert [p["name"] for p in frozen.manifest["personas"]] == [
        "top",
        "by-hats-caps-2",
        "by-shoes",
        "by-x-cf2abf",
    ]


def test_cuts_without_a_value_that_is_needed_are_completed_and_said(segment: Segment) -> None:
    old = '{"version": 1, "as_of": "2024-01-01", "customers": 9, "values": {"monetary top 20 %": 200}}'
    rules = "personas: {top: {match: {monetary: {top_percent: 20}}}, low: {match: {monetary: {bottom_percent: 20}}}}\n"
    result = run(segment, rules + ALL_MAY, "--cuts", "old.json", files={"old.json": old})
    assert audiences(result) == {"top": "ab", "low": "e"}
    [warning] = result.warnings
    assert warning.startswith("--cuts has no ")
    assert "monetary bottom 20 %" in warning


def test_cuts_that_lack_a_value_of_for_each_leave_nobody_out_silently(segment: Segment) -> None:
    old = '{"version": 1, "as_of": "2024-01-01", "customers": 9, "values": {"city values": ["Köln", "Ulm"]}}'
    rules = f"personas: {{by: {{for_each: city}}}}\n{ALL_MAY}"
    result = run(segment, rules, "--cuts", "old.json", files={"old.json": old})
    assert audiences(result) == {"by-koln": "a", "by-ulm": ""}
    assert result.warnings[0] == (
        "--cuts lists no Bonn (1), München (1) among city values: for_each has no audience for who has it"
    )


def test_running_with_its_own_cuts_changes_nothing(segment: Segment) -> None:
    rules = DIMENSIONS + WATERFALL + "  by: {for_each: top_department}\n"
    first = run(segment, rules)
    before = {p.name: p.read_bytes() for p in first.run.rglob("*.csv")}
    cuts = (first.run / "cuts.json").read_text()
    again = run(segment, rules, "--cuts", "old.json", "--out", "again", files={"old.json": cuts})
    after = {p.name: p.read_bytes() for p in (again.folder / "again/latest").rglob("*.csv")}
    assert before == after
    assert (again.folder / "again/latest/cuts.json").read_text() == cuts


def test_a_format_is_that_of_every_audience(segment: Segment) -> None:
    result = run(segment, WATERFALL, "--format", "parquet")
    names = sorted(p.name for p in (result.run / "personas").iterdir())
    assert names == ["all-of-them.parquet", "often.parquet", "rich.parquet", "women.parquet"]


def test_as_of_today_is_today(segment: Segment) -> None:
    result = run(segment, "", "--as-of", "today")
    assert result.manifest["as_of"] == result.manifest["started_at"][:10]


# -- the base --------------------------------------------------------------------------------------


def test_with_everyone_as_the_base_percentiles_stay_over_buyers(segment: Segment) -> None:
    rules = """\
base: everyone
dimensions:
  stage: [{prospect: {frequency: 0}}, {customer: otherwise}]
personas:
  prospects: {match: {stage: prospect}}
  top: {match: {monetary: {top_percent: 20}}}
  lapsed: {match: {recency_days: {more_than: 30}}}
  low: {match: {monetary: {bottom_percent: 100}}}
"""
    result = run(segment, rules)
    assert audiences(result) == {"prospects": "f", "top": "a", "lapsed": "e", "low": "abcdef"}
    assert result.customers.filter(pl.col("customer_id") == "f").select(
        "frequency", "recency_days", "m_score", "average_order_value"
    ).rows() == [(0, None, 1, None)]


def test_with_everyone_as_the_base_for_each_has_the_values_of_those_who_never_bought(
    segment: Segment,
) -> None:
    people = "customer_id,city\na,Köln\nf,Ulm\n"
    result = run(
        segment, "base: everyone\npersonas: {by: {for_each: city}}\n", files={"c.csv": people}
    )
    assert audiences(result) == {"by-koln": "a", "by-ulm": "f"}


# -- columns that no rule was made for -------------------------------------------------------------

ODD = {
    "customer_id": ["a", "b", "c"],
    "listed": [["x"], ["y"], []],
    "pair": [{"x": 1}, {"x": 2}, {"x": 3}],
    "raw": [b"x", b"y", b"z"],
    "span": [timedelta(1), timedelta(2), None],
    "clock": [time(1), time(2), None],
    "nothing": [None, None, None],
    "flag": [True, None, False],
    "price": [Decimal("1.10"), Decimal("2.20"), None],
    "seen": [
        datetime.fromisoformat("2024-01-01T05:00"),
        datetime.fromisoformat("2024-01-02T07:00"),
        None,
    ],
    "gone": [1.5, float("nan"), float("inf")],
}
ODD_RULES = {
    "numbers are compared with decimals": ("{price: {at_least: 1.5}}", "b"),
    "decimals are ranked": ("{price: {top_percent: 50}}", "b"),
    "moments are ranked by day": ("{seen: {bottom_percent: 50}}", "a"),
    "moments are compared by day": ("{seen: {at_most: '2024-01-01'}}", "a"),
    "flags are flags": ("{flag: true}", "a"),
    "times are text": ("{clock: {starts_with: '01'}}", "a"),
    "nothing is missing": ("{nothing: {missing: true}}", "abcde"),
    "infinity is more than any number": ("{gone: {more_than: 2}}", "c"),
    "not a number is missing": ("{gone: {missing: true}}", "bde"),
    "a bound beyond all money": ("{monetary: {at_most: 1.0e+300}}", "abcde"),
    "lists are left out": ("{listed: x}", None),
    "structs are left out": ("{pair: {missing: false}}", None),
    "bytes are left out": ("{raw: {missing: false}}", None),
    "durations are left out": ("{span: {missing: false}}", None),
}


@pytest.mark.parametrize(("match", "members"), ODD_RULES.values(), ids=ODD_RULES)
def test_a_column_of_an_odd_type(segment: Segment, match: str, members: str | None) -> None:
    buffer = io.BytesIO()
    pl.DataFrame(ODD).write_parquet(buffer)
    rules = f"version: 1\nsources: {{transactions: t.csv, customers: c.parquet}}\npersonas: {{p: {{match: {match}}}}}\n"
    files = {"t.csv": LINES, "c.parquet": buffer.getvalue(), "personas.yaml": rules}
    result = segment("run", files=files)
    if members is None:
        assert (result.exit_code, "which no rule can compare" in result.err) == (2, True)
    else:
        assert (result.exit_code, audiences(result)) == (0, {"p": members})


def test_a_percentage_may_be_of_those_in_another_percentage(segment: Segment) -> None:
    lines = "customer_id,ordered_at,amount\n" + "".join(
        f"{c},2026-01-0{i},{10 * i}\n" for i, c in enumerate("abcdefghi", 1)
    )
    rules = """
version: 1
sources: {transactions: orders.csv}
personas:
  inner: {match: {recency_days: {top_percent: 50, among: {monetary: {top_percent: 40}}}}}
"""
    result = segment("run", files={"orders.csv": lines, "personas.yaml": rules})
    assert (result.exit_code, result.ids("inner")) == (0, ["f", "g"]), result.err


def test_a_column_that_foreign_files_lack_is_left_out_and_said(segment: Segment) -> None:
    lines = "customer_id,ordered_at,amount\na,2026-01-01,10\n"
    rules = "version: 1\npersonas: {all_: {}}\ncolumns: [age, monetary]\n"
    result = segment("run", "orders.csv", files={"orders.csv": lines, "personas.yaml": rules})
    assert result.exit_code == 0, result.err
    assert 'left out, as there is no table of customers: column "age"' in result.err
    assert (result.run / "personas/all_.csv").read_text() == "customer_id,monetary\na,10.00\n"
