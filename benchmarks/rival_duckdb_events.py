"""DuckDB for many personas over lines and events: runs the SQL that make_personas.py spelled.

python benchmarks/rival_duckdb_events.py DATA/personas_50.sql 'DATA/*.parquet' 'DATA/events/*.parquet' OUT
"""

import sys
from pathlib import Path

import duckdb

FEATURES = (
    "customer_id, recency_days, frequency, monetary, average_order_value, "
    "longevity_days, departments, return_share"
)


def main(query: Path, lines: str, events: str, out: Path) -> None:
    (out / "personas").mkdir(parents=True, exist_ok=True)
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    database.execute(f"CREATE TEMP VIEW lines AS FROM read_parquet('{lines}')")
    database.execute(f"CREATE TEMP VIEW events AS FROM read_parquet('{events}')")
    database.execute("SET VARIABLE as_of = (SELECT max(ordered_at)::DATE FROM lines)")
    database.execute(query.read_text())
    database.execute(f"COPY described TO '{out}/customers.parquet' (COMPRESSION zstd)")
    columns = [row[0] for row in database.execute("DESCRIBE described").fetchall()]
    for persona in columns[len(FEATURES.split(",")) :]:
        members = f"SELECT {FEATURES} FROM described WHERE {persona}"
        database.execute(f"COPY ({members}) TO '{out}/personas/{persona}.csv' (HEADER)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
