"""The sample data tells the story that the shipped personas, the docs and other tests rely on.

Everything is computed with DuckDB SQL, independently of the engine, as of 2026-11-20.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "sample_data"

TYPES = {
    "transactions": "customer_id VARCHAR, order_id VARCHAR, ordered_at TIMESTAMP, "
    "product_id VARCHAR, quantity INTEGER, unit_price DECIMAL(12, 2), discount DECIMAL(12, 2), "
    "amount DECIMAL(12, 2)",
    "customers": "customer_id VARCHAR, gender VARCHAR, country VARCHAR, city VARCHAR, "
    "email VARCHAR, consent_email VARCHAR, subscription_ends_on DATE",
    "products": "product_id VARCHAR, department VARCHAR, collection VARCHAR, launched_at DATE, "
    "cost DECIMAL(12, 2), name VARCHAR",
    "browse": "customer_id VARCHAR, occurred_at TIMESTAMP, event VARCHAR, product_id VARCHAR",
    "campaign_sends": "customer_id VARCHAR, occurred_at TIMESTAMP, campaign VARCHAR",
    "campaign_responses": "customer_id VARCHAR, occurred_at TIMESTAMP, campaign VARCHAR",
    "complaints": "customer_id VARCHAR, occurred_at TIMESTAMP",
}

VIEWS = """
CREATE TABLE lines AS
SELECT *, DATE '2026-11-20' - ordered_at::DATE AS days_ago,
       ordered_at::DATE - launched_at BETWEEN 0 AND 30 AS is_new_arrival
FROM transactions JOIN products USING (product_id);

CREATE TABLE bought AS FROM lines WHERE amount > 0;

CREATE TABLE visits AS
SELECT *, DATE '2026-11-20' - occurred_at::DATE AS days_ago
FROM browse LEFT JOIN products USING (product_id);

CREATE TABLE buyers AS
WITH features AS (
    SELECT customer_id,
           min(days_ago) AS recency_days,
           max(days_ago) AS longevity_days,
           count(DISTINCT order_id) AS frequency,
           count(DISTINCT department) AS departments,
           count(DISTINCT order_id) FILTER (department = 'Footwear') / count(DISTINCT order_id)
               AS footwear_orders,
           coalesce(sum(amount) FILTER (department = 'Men'), 0) / sum(amount) AS men_spend,
           coalesce(sum(quantity) FILTER (discount > 0), 0) / sum(quantity) AS discounted_items,
           coalesce(sum(quantity) FILTER (is_new_arrival), 0) / sum(quantity) AS new_arrivals,
           coalesce(bool_or(collection = 'running-latest' AND days_ago < 30), false)
               AS bought_the_shoe
    FROM bought GROUP BY customer_id
), net AS (
    SELECT customer_id, sum(amount) AS monetary, sum(amount - cost * quantity) AS margin
    FROM lines GROUP BY customer_id
), ranked AS (
    SELECT *, rank() OVER (ORDER BY monetary DESC) / count(*) OVER () AS spend_rank
    FROM features JOIN net USING (customer_id) JOIN customers USING (customer_id)
)
SELECT *,
       CASE WHEN frequency <= 2 AND longevity_days <= 90 THEN 'new'
            WHEN recency_days <= 60 THEN 'active' ELSE 'churned' END AS lifecycle,
       CASE WHEN spend_rank <= 0.2 THEN 'top'
            WHEN spend_rank <= 0.6 THEN 'mid' ELSE 'low' END AS shopper
FROM ranked;
"""


def visited(event: str, days: int, *collections: str) -> str:
    """Condition: the customer did this within the days, to a product of these collections."""
    among = f" AND list_contains({list(collections)}, collection)" if collections else ""
    seen = f"FROM visits WHERE event = '{event}' AND days_ago < {days}{among}"
    return f"customer_id IN (SELECT customer_id {seen})"


PERSONAS = {
    "lapsed_shoe_buyers": {
        "churned": "lifecycle = 'churned'",
        "top": "shopper = 'top'",
        "not too long ago": "recency_days <= 270",
        "browsed the shoe": visited("browse", 30, "running-latest"),
        "logged in": visited("login", 7),
        "did not buy the shoe": "NOT bought_the_shoe",
        "footwear past": "footwear_orders >= 0.3",
    },
    "gift_givers": {
        "active": "lifecycle = 'active'",
        "female": "coalesce(gender = 'female', false)",
        "mid": "shopper = 'mid'",
        "answered": "customer_id IN (SELECT customer_id FROM campaign_responses "
        "WHERE campaign LIKE '%Buy Your Loved Ones%')",
        "menswear": "men_spend >= 0.4",
        "mostly discounted": "discounted_items > 0.5",
    },
    "early_adopters": {
        "active": "lifecycle = 'active'",
        "top": "shopper = 'top'",
        "new arrivals": "new_arrivals >= 0.4",
        "several departments": "departments >= 3",
        "browsed the latest": visited("browse", 14, "autumn-26", "running-latest"),
    },
}
# A purchase in the last 30 days makes its buyer active, so nobody churned can fail this one.
IMPLIED = ("lapsed_shoe_buyers", "did not buy the shoe")


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table, columns in TYPES.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.execute(f"COPY {table} FROM '{FOLDER / table}.csv' (HEADER)")
        connection.execute(VIEWS)
        yield connection


def number(shop: duckdb.DuckDBPyConnection, query: str) -> float:
    [(value,)] = shop.execute(query).fetchall()
    return float(value)


def failing_only(persona: str, *failed: str) -> str:
    """Number of buyers who fail just these conditions of the persona."""
    wanted = [f"NOT ({x})" if name in failed else x for name, x in PERSONAS[persona].items()]
    return "SELECT count(*) FROM buyers WHERE " + " AND ".join(f"({x})" for x in wanted)


@pytest.mark.deep
def test_running_the_script_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for script in FOLDER.glob("*.py"):
        shutil.copy(script, tmp_path)
    subprocess.run([sys.executable, "-B", tmp_path / "make.py"], check=True, cwd=tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    kept = {path.name: path.read_bytes() for path in FOLDER.glob("*.csv")}
    assert made.keys() == kept.keys() == {f"{table}.csv" for table in TYPES}
    assert [name for name in kept if made[name] != kept[name]] == []


def test_folder_stays_under_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.*")) < 2_000_000


@pytest.mark.parametrize("persona", PERSONAS)
def test_persona_has_a_believable_size(shop: duckdb.DuckDBPyConnection, persona: str) -> None:
    assert 20 <= number(shop, failing_only(persona)) <= 150


@pytest.mark.parametrize(
    ("persona", "condition"),
    [
        pytest.param(persona, condition, id=f"{persona}-{condition}")
        for persona, conditions in PERSONAS.items()
        for condition in conditions
        if (persona, condition) != IMPLIED
    ],
)
def test_some_customers_fail_only_this_condition(
    shop: duckdb.DuckDBPyConnection, persona: str, condition: str
) -> None:
    assert number(shop, failing_only(persona, condition)) >= 3


def test_who_bought_the_shoe_fails_that_and_is_active_again(
    shop: duckdb.DuckDBPyConnection,
) -> None:
    persona, condition = IMPLIED
    assert number(shop, failing_only(persona, condition)) == 0
    assert number(shop, failing_only(persona, condition, "churned")) >= 3


@pytest.mark.parametrize("collection", ["autumn-26", "running-latest"])
def test_early_adopters_exist_whichever_collection_counts_as_latest(
    shop: duckdb.DuckDBPyConnection, collection: str
) -> None:
    members = f"{failing_only('early_adopters')} AND {visited('browse', 14, collection)}"
    assert number(shop, members) >= 20


def test_half_of_the_items_at_a_discount_is_not_a_majority(
    shop: duckdb.DuckDBPyConnection,
) -> None:
    at_the_edge = failing_only("gift_givers", "mostly discounted") + " AND discounted_items = 0.5"
    assert number(shop, at_the_edge) >= 3


JOURNEYS = """
    SELECT customer_id,
           CASE WHEN loyalty = 'new' THEN if(is_high, 'potential_vips', 'new_customers')
                WHEN loyalty = 'loyal' AND is_high
                    THEN if(is_active, 'vip_nurturing', 'vip_reactivation')
                WHEN loyalty = 'loyal' AND is_active THEN 'core_active'
                WHEN NOT is_active AND NOT is_high THEN 'core_reactivation'
                ELSE 'uncovered' END AS journey
    FROM (SELECT customer_id, recency_days <= 60 AS is_active,
                 rank() OVER (ORDER BY monetary DESC) <= ceil(0.1 * count(*) OVER ()) AS is_high,
                 CASE WHEN frequency <= 2 AND longevity_days <= 90 THEN 'new'
                      WHEN frequency <= 2 THEN 'occasional' ELSE 'loyal' END AS loyalty
          FROM buyers)
"""
NAMES = (
    "vip_nurturing",
    "vip_reactivation",
    "core_active",
    "core_reactivation",
    "potential_vips",
    "new_customers",
)


def ids(shop: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return sorted(one for (one,) in shop.execute(query).fetchall())


@pytest.mark.parametrize("name", NAMES)
def test_journey_has_customers(shop: duckdb.DuckDBPyConnection, name: str) -> None:
    assert len(ids(shop, f"SELECT customer_id FROM ({JOURNEYS}) WHERE journey = '{name}'")) >= 10


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """customers.parquet of `segment run` with the shipped rules."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("personas.yaml", "sample_data"):
        (folder / name).symlink_to(REPO / name)
    script = Path(sys.executable).with_name("segment")
    subprocess.run([script, "run", "--quiet"], cwd=folder, check=True, capture_output=True)
    return pl.read_parquet(folder / "audiences/latest/customers.parquet")


@pytest.mark.parametrize("persona", PERSONAS)
def test_shipped_persona_has_the_members_that_sql_finds(
    shop: duckdb.DuckDBPyConnection, customers: pl.DataFrame, persona: str
) -> None:
    found = customers.filter(pl.col(persona))["customer_id"].to_list()
    conditions = " AND ".join(f"({c})" for c in PERSONAS[persona].values())
    assert found == ids(shop, f"SELECT customer_id FROM buyers WHERE {conditions}")


@pytest.mark.parametrize("name", NAMES)
def test_shipped_journey_has_the_customers_that_sql_finds(
    shop: duckdb.DuckDBPyConnection, customers: pl.DataFrame, name: str
) -> None:
    found = customers.filter(pl.col(name))["customer_id"].to_list()
    assert found == ids(shop, f"SELECT customer_id FROM ({JOURNEYS}) WHERE journey = '{name}'")


def test_shipped_personas_have_the_sizes_that_the_documents_name(customers: pl.DataFrame) -> None:
    sizes = {name: int(customers[name].sum()) for name in PERSONAS}
    assert sizes == {"lapsed_shoe_buyers": 49, "gift_givers": 54, "early_adopters": 38}


@pytest.mark.parametrize("recency", [(0, 30), (31, 90), (91, 180), (181, 365), (366, 730)], ids=str)
@pytest.mark.parametrize("longevity", [(0, 180), (181, 365), (366, 730)], ids=str)
def test_longevity_recency_cell_is_filled_where_it_can_be(
    shop: duckdb.DuckDBPyConnection, longevity: tuple[int, int], recency: tuple[int, int]
) -> None:
    customers = number(
        shop,
        f"SELECT count(*) FROM buyers WHERE longevity_days BETWEEN {longevity[0]} "
        f"AND {longevity[1]} AND recency_days BETWEEN {recency[0]} AND {recency[1]}",
    )
    is_possible = recency[0] <= longevity[1]
    assert customers >= 20 if is_possible else customers == 0


SHARES = {
    "bought once": ("avg((frequency = 1)::INT) FROM buyers", 0.30, 0.40),
    "returned lines": ("avg((amount < 0)::INT) FROM lines", 0.03, 0.06),
    "discounted lines": ("avg((discount > 0)::INT) FROM bought", 0.20, 0.35),
    "orders of November and December": (
        "avg((month(ordered_at) > 10)::INT) FROM bought",
        0.22,
        0.4,
    ),
    "revenue of the best fifth": (
        "sum(monetary) FILTER (spend_rank <= 0.2) / sum(monetary) FROM buyers",
        0.55,
        0.80,
    ),
    "consenting": ("avg((consent_email = 'true')::INT) FROM customers", 0.7, 0.9),
    "club members": ("count(subscription_ends_on) / count(*) FROM customers", 0.06, 0.10),
}


@pytest.mark.parametrize("share", SHARES)
def test_share_is_lifelike(shop: duckdb.DuckDBPyConnection, share: str) -> None:
    query, low, high = SHARES[share]
    assert low <= number(shop, f"SELECT {query}") <= high


GROUPS = {
    "buyers": ("buyers", 1_900),
    "registered but never bought": ("customers ANTI JOIN transactions USING (customer_id)", 100),
    "loyal": ("buyers WHERE frequency BETWEEN 10 AND 40", 200),
    "high margin": ("buyers WHERE monetary > 0 AND margin >= 0.65 * monetary", 20),
    "subscription ends soon": (
        "customers WHERE subscription_ends_on - DATE '2026-11-20' BETWEEN 1 AND 30",
        15,
    ),
    "complained lately": ("complaints WHERE DATE '2026-11-20' - occurred_at::DATE < 30", 10),
    "abroad": ("customers WHERE country <> 'DE'", 1_000),
    "in Zürich": ("customers WHERE city = 'Zürich'", 20),
}


@pytest.mark.parametrize("group", GROUPS)
def test_group_is_large_enough(shop: duckdb.DuckDBPyConnection, group: str) -> None:
    rows, at_least = GROUPS[group]
    assert number(shop, f"SELECT count(*) FROM {rows}") >= at_least


FAULTS = {
    "unknown buyer": "transactions ANTI JOIN customers USING (customer_id)",
    "unknown visitor": "browse ANTI JOIN customers USING (customer_id)",
    "unknown addressee": "campaign_sends ANTI JOIN customers USING (customer_id)",
    "unknown respondent": "campaign_responses ANTI JOIN customers USING (customer_id)",
    "unknown complainant": "complaints ANTI JOIN customers USING (customer_id)",
    "unknown product bought": "transactions ANTI JOIN products USING (product_id)",
    "unknown product browsed": "visits WHERE event = 'browse' AND department IS NULL",
    "login with a product": "browse WHERE event = 'login' AND product_id IS NOT NULL",
    "unknown event": "browse WHERE event NOT IN ('browse', 'login')",
    "answer without a send": "campaign_responses r WHERE NOT EXISTS (FROM campaign_sends s WHERE "
    "(s.customer_id, s.campaign) = (r.customer_id, r.campaign) AND s.occurred_at < r.occurred_at)",
    "customer twice": "customers QUALIFY count(*) OVER (PARTITION BY customer_id) > 1",
    "product twice": "products QUALIFY count(*) OVER (PARTITION BY product_id) > 1",
    "product name twice": "products QUALIFY count(*) OVER (PARTITION BY name) > 1",
    "order of two customers": "(SELECT order_id FROM transactions GROUP BY order_id "
    "HAVING count(DISTINCT (customer_id, ordered_at)) > 1)",
    "real e-mail domain": "customers "
    "WHERE regexp_full_match(email, '[a-z]+[0-9]+@example[.](com|org)') IS DISTINCT FROM true",
    "unclear consent": "customers WHERE coalesce(consent_email, '') NOT IN ('true', 'false')",
    "unknown gender": "customers WHERE gender NOT IN ('female', 'male')",
    "amount that does not add up": "lines WHERE amount <> quantity * unit_price - discount",
    "negative price or discount": "lines WHERE unit_price <= 0 OR discount < 0",
    "line of nothing": "lines WHERE amount = 0 OR quantity = 0",
    "amount and quantity of unlike sign": "lines WHERE (amount < 0) <> (quantity < 0)",
    "return with a discount": "lines WHERE amount < 0 AND discount <> 0",
    "cost above the price": "bought WHERE cost >= unit_price",
    "bought before launch": "bought WHERE ordered_at::DATE < launched_at",
    "browsed before launch": "visits WHERE occurred_at::DATE < launched_at",
    "visit outside 60 days": "visits WHERE days_ago NOT BETWEEN 0 AND 59",
    "event after the last day": "(FROM campaign_responses UNION ALL BY NAME FROM complaints) "
    "WHERE occurred_at >= DATE '2026-11-21'",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_there_is_no(shop: duckdb.DuckDBPyConnection, fault: str) -> None:
    assert shop.execute(f"SELECT * FROM {FAULTS[fault]}").fetchall() == []


def test_transactions_are_in_time_order_over_two_years() -> None:
    rows = (FOLDER / "transactions.csv").read_text(encoding="utf-8").splitlines()[1:]
    days = [row.split(",")[2] for row in rows]
    assert days == sorted(days)
    assert (days[0][:10], days[-1][:10]) == ("2024-11-21", "2026-11-20")


@pytest.mark.parametrize("days", ["<= 7", "> 7"])
def test_campaigns_are_answered_within_a_week_and_later(
    shop: duckdb.DuckDBPyConnection, days: str
) -> None:
    answers = (
        "SELECT count(*) FROM campaign_sends s JOIN campaign_responses r "
        "USING (customer_id, campaign) "
        f"WHERE date_diff('hour', s.occurred_at, r.occurred_at) / 24 {days}"
    )
    assert number(shop, answers) >= 20
