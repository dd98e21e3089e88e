"""The query an expert would write by hand in DuckDB for what benchmarks/personas.yaml says.

    python benchmarks/rival_duckdb.py 'benchmarks/data/20m/*.parquet' /tmp/out [--csv | --narrow]

Money is summed as doubles, the fastest, and each sum rounded to cents, which makes it exact again.
Orders are counted by a DISTINCT of their own: faster here than count(DISTINCT) in the big GROUP BY
and than order first, customer second. CSV is read once, into a temporary table, with its types given.
--narrow reads Parquet so, too, with codes for departments and days for moments: less time, more memory.
"""

import sys
from pathlib import Path

import duckdb

PERSONAS = [
    "vip_reactivation",
    "vip_nurturing",
    "core_reactivation",
    "new_customers",
]  # the waterfall

CSV_TYPES = {
    "customer_id": "VARCHAR",
    "order_id": "VARCHAR",
    "ordered_at": "TIMESTAMP",
    "department": "VARCHAR",
    "product_id": "VARCHAR",
    "quantity": "BIGINT",
    "amount": "DOUBLE",
}

NARROW = """
CREATE TYPE department AS ENUM (SELECT DISTINCT department FROM files ORDER BY ALL);
CREATE TEMP TABLE lines AS
SELECT customer_id, order_id, ordered_at::DATE AS ordered_at, department::department AS department, amount
FROM files
"""

CUSTOMERS = """
CREATE TEMP TABLE customers AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount), 2) AS monetary,
           round(sum(amount) FILTER (amount > 0), 2) AS bought,
           round(-coalesce(sum(amount) FILTER (amount < 0), 0), 2) AS returned,
           min(ordered_at) FILTER (amount > 0)::DATE AS first_order_on,
           max(ordered_at) FILTER (amount > 0)::DATE AS last_order_on,
           max(ordered_at)::DATE AS last_seen_on
    FROM lines GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency
    FROM (SELECT DISTINCT customer_id, order_id FROM lines WHERE amount > 0)
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           min_by(department, (-spend, department)) AS top_department
    FROM (SELECT customer_id, department, round(sum(amount), 2) AS spend
          FROM lines WHERE amount > 0 GROUP BY customer_id, department)
    GROUP BY customer_id
), as_of AS (SELECT max(last_seen_on) AS as_of FROM spend)
SELECT customer_id,
       as_of - last_order_on AS recency_days,
       frequency,
       monetary,
       monetary / frequency AS average_order_value,
       as_of - first_order_on AS longevity_days,
       departments,
       top_department,
       returned / bought AS return_share
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id), as_of
"""

DIMENSIONS = """
CREATE TEMP TABLE described AS
WITH cuts AS (  -- everyone tied with the last of the best 20 (60) percent is in
    SELECT -quantile_disc(-monetary, 0.2) AS top, -quantile_disc(-monetary, 0.6) AS mid FROM customers
), dimensions AS (
    SELECT customers.*,
           CASE WHEN frequency <= 2 AND longevity_days <= 90 THEN 'new'
                WHEN recency_days <= 60 THEN 'active' ELSE 'churned' END AS lifecycle,
           CASE WHEN monetary >= top THEN 'top' WHEN monetary >= mid THEN 'mid' ELSE 'low' END AS shopper,
           CASE WHEN longevity_days <= 180 THEN 'recent'
                WHEN longevity_days <= 730 THEN 'settled' ELSE 'veteran' END AS longevity,
           CASE WHEN recency_days <= 30 THEN 'hot' WHEN recency_days <= 90 THEN 'warm'
                WHEN recency_days <= 180 THEN 'mild' WHEN recency_days <= 365 THEN 'cool'
                ELSE 'cold' END AS recency
    FROM customers, cuts
), tiers AS (
    SELECT *, CASE WHEN recency = 'hot' THEN 't1'
                   WHEN recency = 'warm' THEN CASE longevity WHEN 'settled' THEN 't1' ELSE 't2' END
                   WHEN recency = 'mild' THEN CASE longevity WHEN 'recent' THEN 't3' ELSE 't2' END
                   WHEN recency = 'cool' THEN CASE longevity WHEN 'recent' THEN 't4' ELSE 't3' END
                   ELSE 't4' END AS value_tier
    FROM dimensions
)
SELECT *,
       lifecycle = 'churned' AND shopper = 'top' AND recency_days <= 270 AS vip_reactivation,
       lifecycle = 'active' AND shopper = 'top' AND departments >= 2 AS vip_nurturing,
       lifecycle = 'churned' AND shopper IN ('top', 'mid') AND value_tier IN ('t2', 't3')
           AND return_share <= 0.5 AS core_reactivation,
       lifecycle = 'new' AS new_customers
FROM tiers
"""


def main(data: str, out: Path, *, csv: bool, narrow: bool) -> None:
    (out / "personas").mkdir(parents=True, exist_ok=True)
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    if csv:
        reader = f"read_csv('{data}', header = true, auto_detect = false, delim = ',', columns = {CSV_TYPES})"
        columns = "customer_id, order_id, ordered_at, department, amount"
        database.execute(f"CREATE TEMP TABLE lines AS SELECT {columns} FROM {reader}")
    elif narrow:
        database.execute(f"CREATE TEMP VIEW files AS FROM read_parquet('{data}')")
        database.execute(NARROW)
    else:
        database.execute(f"CREATE TEMP VIEW lines AS FROM read_parquet('{data}')")
    database.execute(CUSTOMERS)
    database.execute(DIMENSIONS)
    database.execute(f"COPY described TO '{out}/customers.parquet' (COMPRESSION zstd)")
    higher = "false"
    for persona in PERSONAS:
        members = f"SELECT * EXCLUDE ({', '.join(PERSONAS)}) FROM described WHERE {persona} AND NOT ({higher})"
        database.execute(f"COPY ({members}) TO '{out}/personas/{persona}.csv' (HEADER)")
        higher += f" OR {persona}"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), csv="--csv" in sys.argv, narrow="--narrow" in sys.argv)
