"""Whom a rule spares without saying so: `among`, `base`, products that meet none, files beside a feed."""

from __future__ import annotations

import pytest
from harness import Segment
from suppression import AMONG_NOBODY, BIG, GLOB, GOOD, HEAD, LANDS, ONE, Scenario, held, table

HIGH = (
    '{"version": 1, "as_of": "2026-03-10", "customers": 6, "values": {"monetary top 50 %": 9999.0}}'
)
GRID_OF_RANKS = """dimensions:
  spend: [{top: {monetary: {top_percent: 50}}}, {rest: otherwise}]
  all_alike: [{one: otherwise}]
  of_both: {grid: [all_alike, spend], columns: [top, rest], rows: {one: [best, rest]}}
  of_all: {grid: [all_alike, of_both], columns: [best, rest], rows: {one: [best, rest]}}
"""
SAID: dict[str, Scenario] = {
    "among some": Scenario(
        "{monetary: {top_percent: 50, among: {country: DE}}}", {"c.csv": LANDS}, "", "1",
        ["2 of 6 customers are among them, and it suppresses nobody else"], customers="c.csv", orders=BIG,
    ),
    "among nobody": AMONG_NOBODY,
    "a threshold of other data": Scenario(
        "{monetary: {top_percent: 50}}", {"cuts.json": HIGH}, "", None,
        ["suppress reads monetary in the top 50 %, and nobody reaches its threshold"], args=("--cuts", "cuts.json"),
    ),
    "a threshold of other data, signed": Scenario(
        "{monetary: {top_percent: 50}}", {"cuts.json": HIGH}, "", "", ["warning: suppress reads monetary"],
        args=("--cuts", "cuts.json"), rules="notices: {percent-of-nobody: warn}",
    ),
    "a threshold of other data, of a grid's axis": Scenario(
        "{of_both: best}", {"cuts.json": HIGH}, "", None, ["suppress reads monetary in the top 50 %, and nobody"],
        args=("--cuts", "cuts.json"), rules=GRID_OF_RANKS,
    ),
    "a threshold of other data, of a grid's grid": Scenario(
        "{of_all: best}", {"cuts.json": HIGH}, "", None, ["suppress reads monetary in the top 50 %, and nobody"],
        args=("--cuts", "cuts.json"), rules=GRID_OF_RANKS,
    ),
    "a threshold of this data, of a grid's axis": Scenario(
        "{of_both: best}", {}, "", "123456", (), ["suppress reads monetary"], rules=GRID_OF_RANKS),
    "among everybody": Scenario(
        "{monetary: {top_percent: 10, among: {country: [DE, AT]}}}", {"c.csv": LANDS}, "", "1", (), ["among"],
        customers="c.csv", orders=BIG,
    ),
    "among some, through a persona": Scenario(
        "{persona: big}", {"c.csv": LANDS}, "", "1", ["2 of 6 customers are among them"], customers="c.csv", orders=BIG,
        more=", big: {match: {monetary: {top_percent: 50, among: {country: DE}}}}",
    ),
    "base: everyone": Scenario(
        "{monetary: {top_percent: 10}}", {"c.csv": LANDS + "9,DE\n"}, "", "1",
        ["1 customer without an order is in none (base: everyone)"], customers="c.csv", orders=BIG, rules="base: everyone",
    ),
    "base: buyers": Scenario(
        "{monetary: {top_percent: 10}}", {"c.csv": LANDS + "9,DE\n"}, "", "1", (), ["base: everyone)\nnote: suppress"],
        customers="c.csv", orders=BIG,
    ),
}  # fmt: skip


@pytest.mark.parametrize("it", SAID.values(), ids=SAID)
def test_among_and_base_are_said_where_they_spare_somebody(segment: Segment, it: Scenario) -> None:
    held(segment, it)


RECALL = "{did: {event: complaint, where: {collection: recall}}}"
GOODS = "product_id,collection\np1,recall\np2,shoes\n"
NAMED = "customer_id,occurred_at,product_id\n"
BESIDE: dict[str, Scenario] = {
    **{
        f"a product: {odd!r}": Scenario(
            RECALL, {"p.csv": GOODS, "e.csv": table(NAMED, "1,2026-03-01,p1", f"2,2026-03-01,{odd}")}, ONE, gone, [said],
            products="p.csv",
        )
        for odd, gone, said in (
            ("P1", None, "1 of 2 rows name a product that meets none, but would"), ("p01", None, "leading zeros (1)"),
            ("p9", "1", "e.csv: warning: suppress reads collection of these rows' products, and 1 of 2 rows"),
            ("", "1", "note: suppress reads collection by product_id, which is blank for 1 row"),
        )
    },
    "no product of a file": Scenario(
        RECALL, {"p.csv": GOODS, "in/1.csv": table(NAMED, "1,2026-03-01,p1"), "in/2.csv": table(NAMED, "2,2026-03-01,77")},
        GLOB, None, ["in/2.csv: suppress reads collection of these rows' products, and none of them is in products"],
        products="p.csv",
    ),
    "a product of lines": Scenario(
        "{did: {event: purchase, where: {collection: recall}}}", {"p.csv": GOODS}, "", None, ["t.csv: suppress reads collection"],
        products="p.csv", orders="customer_id,ordered_at,amount,product_id\n1,2026-03-10,5,p1\n2,2026-03-10,5,P1\n",
    ),
    **{
        f"a folder with {name}": Scenario(
            "{did: complaint}", {"in/1.csv": GOOD, name: GOOD}, "{path: in, event: complaint}", "12",
            [f"in: warning: suppress reads this folder, and of it {told} is not read", "in/*.csv"],
        )
        for name, told in (("in/2.txt", "2.txt"), ("in/2.csv.tmp", "2.csv.tmp"), ("in/late/2.csv", "late"))
    },
    "a folder with a hidden file": Scenario(
        "{did: complaint}", {"in/1.csv": GOOD, "in/.2.csv": GOOD}, "{path: in, event: complaint}", "12", silent=["not read"]),
    **{
        f"a pattern and {name}": Scenario(
            "{did: complaint}", {"in/1.csv": GOOD, name: GOOD}, f"{{path: '{path}', event: complaint}}", "12",
            [f"{path}: warning: suppress reads what this pattern matches, and {name} is not read: the ending is in another case",
             f"name both as the path: {both}"],
        )
        for name, path, both in (
            ("in/2.CSV", "in/*.csv", "in/*.[cC][sS][vV]"), ("in/d/2.Csv", "in/**/*.csv", "in/**/*.[cC][sS][vV]"),
            ("IN/1.CSV", "[iI]?/1.csv", "[iI]?/1.[cC][sS][vV]"),
        )
    },
    "a pattern of both cases": Scenario(
        "{did: complaint}", {"in/1.csv": GOOD, "in/2.CSV": table(HEAD, "3,2026-03-01")},
        "{path: 'in/*.[cC][sS][vV]', event: complaint}", "123", silent=["not read"]),
    "a pattern is what it says": Scenario("{did: complaint}", {"in/1.csv": GOOD, "in/2.txt": GOOD}, GLOB, "12", silent=["not read"]),
}  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize("it", BESIDE.values(), ids=BESIDE)
def test_products_and_folders_are_looked_at(segment: Segment, it: Scenario) -> None:
    held(segment, it)
