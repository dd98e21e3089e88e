"""Folders that are called by a value (`month=2023-01`): the files below them are one table with that column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source

HEADER = "customer_id,ordered_at,amount\n"


def row(n: int) -> str:
    return f"{n},2023-01-0{n},{n}0\n"


def stored(text: str) -> pl.DataFrame:
    return pl.read_csv(text.encode(), infer_schema=False)


def lines(text: str) -> str:
    return "\n".join(
        str(r).replace("'", '"') for r in pl.read_csv(text.encode(), infer_schema=False).to_dicts()
    )


KINDS: dict[str, Callable[[str], str | pl.DataFrame]] = {
    "parquet": stored,
    "csv": lambda text: text,
    "jsonl": lines,
}


@pytest.mark.sampled(every=4)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["s", "s/**/*.{kind}", "s/shop=*/month=*/*.{kind}"])
def test_the_value_is_a_column(
    kind: str,
    path: str,
    written: Callable[..., Path],
    read_all: Callable[..., Any],
    tmp_path: Path,
) -> None:
    for n, folder in enumerate(
        ("K%C3%B6ln/month=2023-01", "B/month=2023-01", "B/month=2023-02"), 1
    ):
        written(KINDS[kind](HEADER + row(n)), f"s/shop={folder}/part-0.{kind}")
    written("", "s/_SUCCESS")
    written(KINDS[kind](f"{HEADER}9,x,1\n"), f"s/shop=B/month=2023-02/part-1.{kind}")
    found = read_all("transactions", Source(path=str(tmp_path / path.format(kind=kind))))
    assert sorted(found.rows.select("customer_id", "shop", "month").rows()) == [
        (1, "Köln", "2023-01"),
        (2, "B", "2023-01"),
        (3, "B", "2023-02"),
    ]
    assert found.rejects["file"].to_list() == [
        str(tmp_path / f"s/shop=B/month=2023-02/part-1.{kind}")
    ]


def test_a_value_may_be_the_day_or_a_column_of_rules(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: {path: s, columns: {ordered_at: day}}}\n"
        "personas: {b: {match: {did: {event: purchase, where: {shop: B}}}}}\n"
    )
    files = {
        "personas.yaml": rules,
        "s/day=2023-01-05/shop=A/1.csv": "customer_id,amount\n1,5\n",
        "s/day=2023-01-06/shop=B/1.csv": "customer_id,amount\n2,5\n3,x,1\n",
    }
    result = segment("run", "--out", "out", files=files)
    assert result.exit_code == 0, result.err
    assert "2 customers as of 2023-01-06" in result.out
    [run] = Path("out").glob("2*")
    assert (run / "personas" / "b.csv").read_text().splitlines()[1:] != []
    assert "row has 3 cells, the header has 2" in (run / "rejects.csv").read_text()


def test_a_column_of_the_file_itself_is_read(
    written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    written(stored(f"{HEADER}{row(1)}").with_columns(shop=pl.lit("own")), "s/shop=A/0.parquet")
    written(stored(f"{HEADER}{row(2)}"), "s/shop=__HIVE_DEFAULT_PARTITION__/0.parquet")
    found = read_all("transactions", Source(path=str(tmp_path / "s")))
    assert sorted(found.rows.select("customer_id", "shop").rows()) == [(1, "own"), (2, None)]


def test_files_beside_folders_of_values_are_refused(
    written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    written(HEADER + row(1), "s/a.csv")
    written(HEADER + row(2), "s/shop=A/0.csv")
    with pytest.raises(InputError, match=r"holds files \(a.csv\) and folders of values"):
        read_all("transactions", Source(path=str(tmp_path / "s")))


def test_a_file_that_is_named_has_no_column_of_its_folder(
    written: Callable[..., Path], read_all: Callable[..., Any]
) -> None:
    path = written(HEADER + row(1), "s/shop=A/0.csv")
    assert "shop" not in read_all("transactions", Source(path=str(path))).rows.columns


SCHEMES = {
    "PostgreSQL": ("postgresql://u:pw@db/shop", "psql"),
    "SQLAlchemy's name of it": ("postgresql+psycopg2://db/shop", "psql"),
    "MySQL": ("mysql://db/shop", "mysql --batch"),
    "BigQuery": ("bigquery://project/data", "bq extract"),
    "Spark's name of S3": ("s3a://shop/a.csv", "Write it as s3://…"),
    "a file": ("file:///data/a.csv", "Write its path alone"),
    "FTP": ("sftp://shop/a.csv", "Fetch the file first"),
    "whatever": ("gopher://shop/a.csv", "Export the rows as CSV"),
}


@pytest.mark.parametrize(("path", "mend"), SCHEMES.values(), ids=SCHEMES)
def test_other_addresses_are_refused_with_the_way_to_do_it(
    path: str, mend: str, segment: Segment
) -> None:
    named = segment("run", path)
    rules = f"version: 1\nsources: {{transactions: '{path}'}}\npersonas: {{a: {{}}}}\n"
    checked = segment("validate", files={"personas.yaml": rules})
    for result, code in ((named, 3), (checked, 2)):
        assert (result.exit_code, mend in result.err) == (code, True), result.err
        assert "is not read" in result.err
        assert "pw" not in result.err


def test_fields_of_structs_are_columns_beside_them(
    written: Callable[..., Path], read_all: Callable[..., Any]
) -> None:
    rows = pl.DataFrame(
        {
            "customer": [{"id": "1", "home": {"zip": "007"}}, {"id": None, "home": None}],
            "ordered_at": ["2023-01-25"] * 2,
            "amount": [91.4, 1.0],
        }
    )
    found = read_all("transactions", Source(path=str(written(rows, "o.parquet"))))
    assert found.rows.select("customer_id", "customer.home.zip").rows() == [(1, "007")]
    assert found.count.rows_set_aside == {"no customer": 1}
