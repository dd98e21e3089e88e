"""Addresses that are not read, by how they begin; and the way in which their rows come nevertheless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

READ: Final = ("s3", "gs", "az", "abfss", "https", "http")
"""How an address begins that leads to files which are read."""

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_BUCKETS: Final[Mapping[str, str]] = {
    "s3a": "s3",
    "s3n": "s3",
    "gcs": "gs",
    "abfs": "abfss",
    "azure": "az",
}
_PSQL: Final = (
    'Let psql write them: segment run <(psql "$URL" --csv -c "select * from orders"), '
    "or into a file first."
)
_MYSQL: Final = 'Let mysql write them: mysql --batch -e "select * from orders" SHOP > orders.tsv, then name that file.'
_BQ: Final = (
    "Let bq write them: bq extract --destination_format=PARQUET DATASET.orders gs://BUCKET/orders-*.parquet, "
    "then name that address."
)
_UNLOAD: Final = "Let it write them as Parquet into a bucket (UNLOAD, COPY INTO), and name that."
_CSV: Final = "Export the rows as CSV or Parquet, and name that file."
#: what is refused -> what it is, and what to do
_REFUSED: Final[Mapping[tuple[str, ...], tuple[str, str]]] = {
    ("postgresql", "postgres"): ("a PostgreSQL database", _PSQL),
    ("mysql", "mariadb"): ("a MySQL database", _MYSQL),
    ("bigquery", "bq"): ("a BigQuery table", _BQ),
    ("snowflake", "redshift", "databricks"): ("a database", _UNLOAD),
    ("sqlite", "duckdb", "mssql", "sqlserver", "oracle", "mongodb", "jdbc", "odbc"): (
        "a database",
        _CSV,
    ),
    ("ftp", "ftps", "sftp", "scp", "ssh"): (
        "another machine",
        "Fetch the file first (curl, sftp, rsync), and name it.",
    ),
    ("hdfs", "dbfs", "wasb", "wasbs", "adl"): (
        "another file system",
        "Copy the files to this machine or into a bucket (s3://, gs://, az://) first.",
    ),
    ("file",): ("a file of this machine", "Write its path alone: /data/orders.csv"),
}


def refused(path: str) -> tuple[str, str] | None:
    """What is wrong with an address that is not read, and what to do; None for any other path.

    >>> refused("postgresql://shop/orders")[0]
    'postgresql:// (a PostgreSQL database) is not read'
    >>> refused("s3a://shop/a.csv")[1], refused("s3://shop/a.csv"), refused("orders.csv")
    ('Write it as s3://…', None, None)
    """
    found = _SCHEME.match(path)
    scheme = found[1].lower() if found else ""
    if not scheme or scheme in READ:
        return None
    if scheme in _BUCKETS:
        return f"{scheme}:// is not read", f"Write it as {_BUCKETS[scheme]}://…"
    base = scheme.partition("+")[0]  # mysql+pymysql, as SQLAlchemy has it
    kinds = (told for names, told in _REFUSED.items() if base in names)
    what, mend = next(kinds, ("", f"{_CSV} What is read: files, and s3://, gs://, az://, https://"))
    return f"{scheme}://{f' ({what})' if what else ''} is not read", mend
