"""What became of every match: allocation.parquet, the column `audience`, and the counts."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from harness import Segment
from shop import CONSENTS, THREE_ORDERS

from segmentation.publish.record import differences, read_record

SHOP = f"{THREE_ORDERS}d,2024-01-03,40\n"
PEOPLE = f"{CONSENTS}c,yes\nd,\n"
RULES = """
version: 1
sources: {transactions: shop.csv, customers: people.csv}
personas:
  rich: {match: {monetary: {at_least: 20}}}
  known: {match: {consent: {missing: false}}}
  all_of_them: {}
suppress:
  - {monetary: {at_least: 40}}
  - {consent: {is_not: "yes"}}
waterfall: [rich, known]
"""
FILES = {"shop.csv": SHOP, "people.csv": PEOPLE, "personas.yaml": RULES}


def allocation(result: Any) -> list[tuple[str, ...]]:
    return pl.read_parquet(result.run / "allocation.parquet").rows()


def test_every_match_has_one_fate_and_who_decided_it(segment: Segment) -> None:
    result = segment("run", files=FILES)
    assert allocation(result) == [
        ("b", "rich", "suppressed", "suppress 2"),
        ("c", "rich", "exported", None),
        ("d", "rich", "suppressed", "suppress 1"),
        ("a", "known", "exported", None),
        ("b", "known", "suppressed", "suppress 2"),
        ("c", "known", "outranked", "rich"),
        ("a", "all_of_them", "exported", None),
        ("b", "all_of_them", "suppressed", "suppress 2"),
        ("c", "all_of_them", "exported", None),
        ("d", "all_of_them", "suppressed", "suppress 1"),
    ]


def test_the_manifest_counts_the_allocation(segment: Segment) -> None:
    result = segment("run", files=FILES)
    matches = pl.read_parquet(result.run / "allocation.parquet")
    for persona in result.manifest["personas"]:
        own = matches.filter(pl.col("audience") == persona["name"])["fate"]
        assert persona["matched"] == own.len()
        for fate in ("suppressed", "outranked", "capped", "control", "exported"):
            assert persona[fate] == (own == fate).sum()
        assert result.ids(persona["name"]) == sorted(
            matches.filter(pl.col("audience") == persona["name"], pl.col("fate") == "exported")[
                "customer_id"
            ]
        )


def test_customers_have_the_audience_that_the_waterfall_gave_them(segment: Segment) -> None:
    customers = segment("run", files=FILES).customers
    assert customers.select("customer_id", "audience", "suppressed_by").rows() == [
        ("a", "known", None),
        ("b", None, "suppress 2"),
        ("c", "rich", None),
        ("d", None, "suppress 1"),
    ]


def named(kind: str) -> dict[str, str]:
    """The files with something of the user's called audience and suppressed_by."""
    people = "customer_id,consent,audience,suppressed_by\na,yes,x,s\nb,no,y,t\nc,yes,x,s\nd,,y,t\n"
    return {
        "personas": {
            "personas.yaml": RULES.replace(
                "  all_of_them: {}", "  audience: {}\n  suppressed_by: {}"
            )
        },
        "features": {
            "personas.yaml": RULES
            + "features: {audience: {count: orders}, suppressed_by: {count: lines}}\n"
        },
        "dimensions": {
            "personas.yaml": RULES
            + "dimensions:\n  audience: [{a: {frequency: 1}}, {b: otherwise}]\n"
            "  suppressed_by: [{a: {frequency: 1}}, {b: otherwise}]\n"
        },
        "columns that rules read": {
            "people.csv": people,
            "personas.yaml": RULES.replace(
                "{missing: false}}",
                "{missing: false}, audience: [x, y], suppressed_by: {missing: false}}",
            ),
        },
        "columns that nobody reads": {"people.csv": people},
    }[kind]


@pytest.mark.parametrize(
    "kind",
    ["personas", "features", "dimensions", "columns that rules read", "columns that nobody reads"],
)
def test_what_is_called_audience_already_keeps_its_name(segment: Segment, kind: str) -> None:
    result = segment("run", files={**FILES, **named(kind)})
    assert result.exit_code == 0, result.err
    columns = result.customers.columns
    assert columns[-2:] == ["audience_2", "suppressed_by_2"]
    assert result.customers["audience_2"].to_list() == ["known", None, "rich", None]
    assert ("audience" in columns) == (kind != "columns that nobody reads")


@pytest.mark.parametrize("lie", ["fates", "file"])
def test_counts_that_are_not_the_allocations_are_a_bug_and_nothing_is_published(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    from segmentation.publish import files as writing

    true = writing.counts

    def false(audience: Any) -> dict[str, Any]:
        found = true(audience)
        more = {"exported": found["exported"] + 1} if lie == "fates" else {"matched": 0}
        return {**found, **more}

    monkeypatch.setattr("segmentation.publish.files.counts", false)
    result = segment("run", files=FILES)
    assert result.exit_code == 70
    assert not (result.folder / "audiences").exists()


# -- most: only the largest files of a for_each ---------------------------------------------------

TOWNS = "customer_id,consent,town\na,yes,Ulm\nb,no,Bonn\nc,yes,Bonn\nd,yes,Köln\n"
MOST = """
version: 1
sources: {transactions: shop.csv, customers: people.csv}
personas:
  by: {for_each: town, most: 2}
  rest: {}
suppress: [{consent: {is_not: "yes"}}]
waterfall: [by, rest]
"""


def test_people_of_the_smaller_files_are_capped_by_most_and_taken(segment: Segment) -> None:
    """Bonn has two matches, one of them suppressed; Köln comes before Ulm."""
    result = segment("run", files={"shop.csv": SHOP, "people.csv": TOWNS, "personas.yaml": MOST})
    assert allocation(result) == [
        ("b", "by-bonn", "suppressed", "suppress 1"),
        ("c", "by-bonn", "exported", None),
        ("d", "by-koln", "exported", None),
        ("a", "by", "capped", "most"),
        ("a", "rest", "outranked", "by"),
        ("b", "rest", "suppressed", "suppress 1"),
        ("c", "rest", "outranked", "by-bonn"),
        ("d", "rest", "outranked", "by-koln"),
    ]
    capped = next(p for p in result.manifest["personas"] if p["name"] == "by")
    assert {k: capped[k] for k in ("title", "matched", "capped", "exported", "file", "sha256")} == {
        "title": "by: the rest",
        "matched": 1,
        "capped": 1,
        "exported": 0,
        "file": None,
        "sha256": None,
    }
    written = sorted(p.name for p in (result.run / "personas").iterdir())
    assert written == ["by-bonn.csv", "by-koln.csv", "rest.csv"]
    assert differences(read_record(result.run)) == ()


LARGEST = {
    "as many as there are": ("most: 3", ["by-bonn", "by-koln", "by-ulm"]),
    "one": ("most: 1", ["by-bonn", "by"]),
    "of who matches": ("most: 1, match: {monetary: {at_least: 40}}", ["by-koln"]),
    "of who is suppressed, too": ("most: 1, match: {monetary: {between: [15, 30]}}", ["by-bonn"]),
}


@pytest.mark.parametrize(("said", "names"), LARGEST.values(), ids=LARGEST)
def test_the_largest_are_those_with_the_most_matches(
    segment: Segment, said: str, names: list[str]
) -> None:
    rules = MOST.replace("most: 2", said)
    result = segment("run", files={"shop.csv": SHOP, "people.csv": TOWNS, "personas.yaml": rules})
    assert [p["name"] for p in result.manifest["personas"]] == [*names, "rest"]
    assert differences(read_record(result.run)) == ()
