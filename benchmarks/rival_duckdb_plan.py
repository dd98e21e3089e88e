"""DuckDB for a plan: runs the SQL that an expert would write by hand for the plan's YAML.

    python benchmarks/rival_duckdb_plan.py benchmarks/plans/shares.sql 'DATA/*.parquet' OUT

The SQL finds the view `lines`, and writes its files from within OUT, as segment does.
"""

import os
import sys
from pathlib import Path

import duckdb


def main(query: Path, lines: str, out: Path) -> None:
    (out / "personas").mkdir(parents=True, exist_ok=True)
    said, files = query.read_text(), Path(lines).resolve()
    os.chdir(out)
    database = duckdb.connect()
    database.execute("SET preserve_insertion_order = false")
    database.execute(f"CREATE TEMP VIEW lines AS FROM read_parquet('{files}')")
    database.execute(said)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
