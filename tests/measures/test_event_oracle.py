"""Every event measure, computed a second time by DuckDB: equal for all customers.

One run of `segment` computes all of them, once over sample_data and once over a shop at the edges,
where moments tie and lie on every limit; `base: everyone`, so those who never bought count too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

REPO = Path(__file__).resolve().parents[2]
AS_OF = "DATE '2026-11-20'"
SOURCES = """version: 1
base: everyone
sources:
  transactions: sample_data/transactions.csv
  customers: sample_data/customers.csv
  products: sample_data/products.csv
  events:
    - sample_data/browse.csv
    - {path: sample_data/campaign_sends.csv, event: campaign_send}
    - {path: sample_data/campaign_responses.csv, event: campaign_response}
    - {path: sample_data/complaints.csv, event: complaint}
"""
VIEWS = """
CREATE TABLE products AS FROM read_csv('<data>/products.csv', all_varchar = true);
CREATE TABLE lines AS
SELECT t.customer_id, coalesce(order_id, ordered_at::TIMESTAMP::DATE::VARCHAR) AS order_id, ordered_at::TIMESTAMP AS moment, amount::DECIMAL(12, 2) AS amount,
       quantity::INT AS quantity, discount::DECIMAL(12, 2) AS discount, p.* EXCLUDE product_id, p.product_id
FROM read_csv('<data>/transactions.csv', all_varchar = true) t LEFT JOIN products p USING (product_id);
CREATE TABLE buys AS SELECT *, <as_of> - moment::DATE AS ago FROM lines WHERE amount > 0;
CREATE TABLE events AS
SELECT e.*, p.* EXCLUDE product_id, <as_of> - moment::DATE AS ago
FROM (
    SELECT customer_id, occurred_at::TIMESTAMP AS moment, event, product_id, NULL AS campaign
    FROM read_csv('<data>/browse.csv', all_varchar = true)
    UNION ALL
    SELECT customer_id, occurred_at::TIMESTAMP, 'campaign_send', NULL, campaign
    FROM read_csv('<data>/campaign_sends.csv', all_varchar = true)
    UNION ALL
    SELECT customer_id, occurred_at::TIMESTAMP, 'campaign_response', NULL, campaign
    FROM read_csv('<data>/campaign_responses.csv', all_varchar = true)
    UNION ALL
    SELECT customer_id, occurred_at::TIMESTAMP, 'complaint', NULL, NULL
    FROM read_csv('<data>/complaints.csv', all_varchar = true)
) e LEFT JOIN products p USING (product_id);
CREATE TABLE everyone AS
SELECT customer_id FROM read_csv('<data>/customers.csv', all_varchar = true)
UNION SELECT customer_id FROM lines UNION SELECT customer_id FROM events;
"""


def did(where: str, table: str = "events") -> str:
    """Who has such a row."""
    return f"SELECT customer_id, true FROM {table} x WHERE {where} GROUP BY customer_id"


def counted(where: str, what: str = "count(*)", table: str = "events") -> str:
    """A number per customer with such a row."""
    return f"SELECT customer_id, {what} FROM {table} x WHERE {where} GROUP BY customer_id"


def after(event: str, within: str | None = None, more: str = "true") -> str:
    """Whether a row `x` follows such an event of the same customer."""
    near = f" AND x.moment <= a.moment + INTERVAL '{within}'" if within else ""
    return (
        f"EXISTS (FROM events a WHERE a.customer_id = x.customer_id AND a.event = '{event}' "
        f"AND a.moment < x.moment{near} AND {more})"
    )


def since(event: str, more: str = "true") -> str:
    """Whether a row `x` follows the latest such event of the same customer."""
    return (
        f"x.moment > (SELECT max(a.moment) FROM events a WHERE a.customer_id = x.customer_id "
        f"AND a.event = '{event}' AND {more})"
    )


#: what `match` says -> who is in it, by SQL
FLAGS: dict[str, tuple[str, str]] = {
    "did": ("did: browse", did("event = 'browse'")),
    "where a product's column": (
        "did: {event: browse, where: {collection: running-latest}}",
        did("event = 'browse' AND collection = 'running-latest'"),
    ),
    "where one of": (
        "did: {event: browse, where: {department: [Footwear, Kids]}}",
        did("event = 'browse' AND department IN ('Footwear', 'Kids')"),
    ),
    "where contains": (
        "did: {event: campaign_response, where: {campaign: {contains: Loved}}}",
        did("event = 'campaign_response' AND contains(campaign, 'Loved')"),
    ),
    "where contains one of": (
        "did: {event: campaign_response, where: {campaign: {contains: [Loved, 'e ', nothing]}}}",
        did(
            "event = 'campaign_response' AND (contains(campaign, 'Loved') OR contains(campaign, 'e '))"
        ),
    ),
    "where ends_with": (
        "did: {event: browse, where: {collection: {ends_with: [latest, '-26']}}}",
        did("event = 'browse' AND (suffix(collection, 'latest') OR collection LIKE '%-26')"),
    ),
    "whatever the case": (
        "did: {event: campaign_response, where: {campaign: {contains: LOVED oNES, ignore_case: true}}}",
        did("event = 'campaign_response' AND campaign ILIKE '%loved ones%'"),
    ),
    "where is_not is true of the missing": (
        "did: {event: browse, where: {collection: {is_not: autumn-26}}, within: 9d}",
        did("event = 'browse' AND collection IS DISTINCT FROM 'autumn-26' AND ago < 9"),
    ),
    "where missing": (
        "did: {event: '*', where: {collection: {missing: true}}, within: 2d}",
        did("collection IS NULL AND ago < 2"),
    ),
    "where any": (
        "did: {event: browse, where: {any: {department: Home, cost: {more_than: 60}}}, within: 1w}",
        did("event = 'browse' AND (department = 'Home' OR cost::DOUBLE > 60) AND ago < 7"),
    ),
    "where a date": (
        "did: {event: browse, where: {launched_at: {at_least: '2026-09-01'}}}",
        did("event = 'browse' AND launched_at >= '2026-09-01'"),
    ),
    "within days": ("did: {event: login, within: 7d}", did("event = 'login' AND ago < 7")),
    "within one day is as_of": (
        "did: {event: login, within: 1d}",
        did("event = 'login' AND ago = 0"),
    ),
    "within weeks": ("did: {event: login, within: 2w}", did("event = 'login' AND ago < 14")),
    "within hours": (
        "did: {event: login, within: 36h}",
        did(f"event = 'login' AND moment >= {AS_OF} + INTERVAL 1 DAY - INTERVAL 36 HOUR"),
    ),
    "within months": (
        "did: {event: campaign_send, within: 3mo}",
        did(f"event = 'campaign_send' AND moment::DATE > {AS_OF} - INTERVAL 3 MONTH"),
    ),
    "within a year": (
        "did: {event: campaign_send, where: {campaign: {starts_with: Buy}}, within: 1y}",
        did(
            f"event = 'campaign_send' AND campaign LIKE 'Buy%' AND moment::DATE > {AS_OF} - INTERVAL 1 YEAR"
        ),
    ),
    "between": (
        "did: {event: browse, between: [45d, 30d]}",
        did("event = 'browse' AND ago >= 30 AND ago < 45"),
    ),
    "between, the nearer first": (
        "did: {event: browse, between: [30d, 45d]}",
        did("event = 'browse' AND ago >= 30 AND ago < 45"),
    ),
    "times": (
        "did: {event: browse, within: 30d, times: 3}",
        f"{counted('event = $$browse$$ AND ago < 30', 'true')} HAVING count(*) >= 3",
    ),
    "times at the most, none included": (
        "did: {event: browse, times: {at_most: 1}}",
        "SELECT customer_id, true FROM everyone WHERE customer_id NOT IN "
        "(SELECT customer_id FROM events WHERE event = 'browse' GROUP BY 1 HAVING count(*) > 1)",
    ),
    "times between": (
        "did: {event: campaign_send, times: {between: [2, 3]}}",
        f"{counted('event = $$campaign_send$$', 'true')} HAVING count(*) BETWEEN 2 AND 3",
    ),
    "did two things": (
        "did: [{event: browse, within: 9d}, {event: login, within: 9d}]",
        f"{counted('ago < 9', 'true')} HAVING bool_or(event = 'browse') AND bool_or(event = 'login')",
    ),
    "did_not": (
        "did_not: {event: login, within: 30d}",
        "SELECT customer_id, true FROM everyone WHERE customer_id NOT IN "
        "(SELECT customer_id FROM events WHERE event = 'login' AND ago < 30)",
    ),
    "did_not either": (
        "did_not: [{event: login}, {event: complaint}]",
        "SELECT customer_id, true FROM everyone WHERE customer_id NOT IN "
        "(SELECT customer_id FROM events WHERE event IN ('login', 'complaint'))",
    ),
    "purchase": (
        "did: {event: purchase, where: {collection: running-latest}, within: 30d}",
        did("collection = 'running-latest' AND ago < 30", "buys"),
    ),
    "purchase times are orders": (
        "did: {event: purchase, where: {department: Footwear}, within: 1y, times: {at_least: 2}}",
        counted(
            f"department = 'Footwear' AND moment::DATE > {AS_OF} - INTERVAL 1 YEAR", "true", "buys"
        )
        + " HAVING count(DISTINCT order_id) >= 2",
    ),
    "after, within": (
        "did: {event: campaign_response, after: campaign_send, within: 7d}",
        did(f"event = 'campaign_response' AND {after('campaign_send', '7 days')}"),
    ),
    "after, within hours": (
        "did: {event: campaign_response, after: campaign_send, within: 30h}",
        did(f"event = 'campaign_response' AND {after('campaign_send', '30 hours')}"),
    ),
    "after, within months": (
        "did: {event: purchase, after: {event: campaign_send, where: {campaign: Valentine 2026}}, within: 1mo}",
        did(after("campaign_send", "1 month", "a.campaign = 'Valentine 2026'"), "buys"),
    ),
    "bought after browsing it": (
        "did: {event: purchase, where: {collection: autumn-26}, "
        "after: {event: browse, where: {collection: autumn-26}}}",
        did(
            f"collection = 'autumn-26' AND {after('browse', more='a.collection = $$autumn-26$$')}",
            "buys",
        ),
    ),
    "after an event in a window": (
        "did: {event: login, after: {event: browse, between: [50d, 20d]}, between: [40d, 5d]}",
        did(
            f"event = 'login' AND ago >= 5 AND ago < 40 AND {after('browse', more='a.ago >= 20 AND a.ago < 50')}"
        ),
    ),
    "browsed and did not buy since": (
        "{did: {event: browse, within: 30d}, did_not: {event: purchase, since: {event: browse, within: 30d}}}",
        f"{counted('event = $$browse$$ AND ago < 30', 'true')} EXCEPT "
        + did(since("browse", "a.ago < 30"), "buys"),
    ),
    "after an event that follows another": (
        "did: {event: purchase, after: {event: campaign_response, after: campaign_send, within: 3d}, within: 30d}",
        did(
            "EXISTS (FROM events r WHERE r.customer_id = x.customer_id AND r.event = 'campaign_response' "
            "AND r.moment < x.moment AND x.moment <= r.moment + INTERVAL 30 DAY AND EXISTS (FROM events s WHERE "
            "s.customer_id = r.customer_id AND s.event = 'campaign_send' AND s.moment < r.moment "
            "AND r.moment <= s.moment + INTERVAL 3 DAY))",
            "buys",
        ),
    ),
    "an event after a purchase": (
        "did: {event: complaint, after: {event: purchase}, within: 14d}",
        did(
            "event = 'complaint' AND EXISTS (FROM buys b WHERE b.customer_id = x.customer_id "
            "AND b.moment < x.moment AND x.moment <= b.moment + INTERVAL 14 DAY)"
        ),
    ),
}

#: what a feature says -> its value, by SQL; customers who are not there have the last value
VALUES: dict[str, tuple[str, str, object]] = {
    "count": ("count: {event: browse, within: 30d}", counted("event = 'browse' AND ago < 30"), 0),
    "count any event": ("count: {event: '*'}", counted("true"), 0),
    "count purchases": (
        "count: {event: purchase, within: 90d}",
        counted("ago < 90", "count(DISTINCT order_id)", "buys"),
        0,
    ),
    "count what follows": (
        "count: {event: purchase, after: browse, within: 5d}",
        counted(after("browse", "5 days"), "count(DISTINCT order_id)", "buys"),
        0,
    ),
    "count events since": (
        "count: {event: browse, since: login}",
        counted(f"event = 'browse' AND {since('login')}"),
        0,
    ),
    "distinct": (
        "distinct: {event: browse, column: product_id}",
        counted("event = 'browse'", "count(DISTINCT product_id)"),
        0,
    ),
    "distinct of a product's column": (
        "distinct: {event: browse, column: department, within: 30d}",
        counted("event = 'browse' AND ago < 30", "count(DISTINCT department)"),
        0,
    ),
    "days_since": ("days_since: {event: login}", counted("event = 'login'", "min(ago)"), None),
    "days_since a purchase": (
        "days_since: {event: purchase, where: {department: Footwear}}",
        counted("department = 'Footwear'", "min(ago)", "buys"),
        None,
    ),
    "last": (
        "last: {event: campaign_response, column: campaign}",
        counted("event = 'campaign_response'", "first(campaign ORDER BY moment DESC, campaign)"),
        None,
    ),
    "first": (
        "first: {event: campaign_send, column: campaign}",
        counted("event = 'campaign_send'", "first(campaign ORDER BY moment, campaign)"),
        None,
    ),
    "sum": (
        "sum: {event: browse, column: cost, within: 30d}",
        counted("event = 'browse' AND ago < 30", "coalesce(sum(cost::DECIMAL(18, 4)), 0)"),
        0,
    ),
    "largest": (
        "max: {event: browse, column: cost}",
        counted("event = 'browse'", "max(cost::DECIMAL(18, 4))"),
        None,
    ),
    "share of orders in a window": (
        "{share: orders, where: {department: Men}, within: 6mo}",
        counted(
            f"moment::DATE > {AS_OF} - INTERVAL 6 MONTH",
            "count(DISTINCT order_id) FILTER (department = 'Men') / count(DISTINCT order_id)",
            "buys",
        ),
        None,
    ),
}


@pytest.fixture(scope="module", params=["sample_data", "edges"])
def tables(request: pytest.FixtureRequest, edges: Path) -> Path:
    """A folder with all tables."""
    return edges if request.param == "edges" else REPO / "sample_data"


@pytest.fixture(scope="module")
def shop(tables: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(VIEWS.replace("<data>", str(tables)).replace("<as_of>", AS_OF))
        yield connection


@pytest.fixture(scope="module")
def customers(
    tmp_path_factory: pytest.TempPathFactory, tables: Path
) -> Mapping[str, dict[str, Any]]:
    """Each column of customers.parquet by customer, from one run over all the rules above."""
    folder = tmp_path_factory.mktemp("oracle")
    (folder / "sample_data").symlink_to(tables)
    text = [SOURCES, "notices: {ids-in-two-ways: warn}", "features:"]
    text += [f"  {name}: {_flow(spec)}" for name, (spec, _, _) in _named(VALUES, "value")]
    text += ["personas:"]
    text += [f"  {name}: {{match: {_flow(spec)}}}" for name, (spec, _) in _named(FLAGS, "flag")]
    (folder / "personas.yaml").write_text("\n".join(text) + "\n")
    script = Path(sys.executable).with_name("segment")
    done = subprocess.run(
        [script, "run", "--quiet"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    frame = pl.read_parquet(folder / "audiences/latest/customers.parquet")
    shutil.rmtree(folder / "audiences")
    ids = frame["customer_id"].to_list()
    return {n: dict(zip(ids, frame[n].to_list(), strict=True)) for n in frame.columns}


def _flow(spec: str) -> str:
    return spec if spec.startswith("{") else f"{{{spec}}}"


def _named(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    return [(f"{prefix}_{i}", entry) for i, entry in enumerate(table.values())]


def _by_sql(shop: duckdb.DuckDBPyConnection, query: str, empty: object) -> dict[str, object]:
    rows = dict(shop.execute(query).fetchall())
    everyone = [i for (i,) in shop.execute("FROM everyone ORDER BY customer_id").fetchall()]
    assert rows.keys() <= set(everyone)
    return {i: rows.get(i, empty) for i in everyone}


@pytest.mark.sampled
@pytest.mark.parametrize("what", FLAGS)
def test_who_did_is_who_sql_says_did(
    shop: duckdb.DuckDBPyConnection, customers: Mapping[str, dict[str, Any]], what: str
) -> None:
    expected = _by_sql(shop, FLAGS[what][1], False)
    assert customers[f"flag_{list(FLAGS).index(what)}"] == expected
    assert 0 < sum(map(bool, expected.values())) < len(expected), "a rule that decides nothing"


@pytest.mark.parametrize("what", VALUES)
def test_event_feature_is_what_sql_computes(
    shop: duckdb.DuckDBPyConnection, customers: Mapping[str, dict[str, Any]], what: str
) -> None:
    _, query, empty = VALUES[what]
    found = customers[f"value_{list(VALUES).index(what)}"]
    expected = _by_sql(shop, query, empty)
    assert {i: _plain(v) for i, v in found.items()} == {i: _plain(v) for i, v in expected.items()}
    assert len(set(expected.values())) > 2, "a feature that tells nobody apart"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str) else float(value)  # type: ignore[arg-type]
