"""Delta tables are read by their log; a table of files that only a log makes one is never read loose."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source

deltalake = pytest.importorskip("deltalake", reason="the extra `delta`, part of `test`")

ROWS = pl.DataFrame(
    {
        "customer_id": ["1", "2", "1", "3"],
        "ordered_at": ["2023-01-25", "2023-02-11", "2023-03-02", "2023-13-02"],
        "order_id": ["A0", "A1", "A2", "A3"],
        "amount": [91.4, 59.0, 12.5, 8.0],
        "shop": ["A", "B", "A", "B"],
    }
)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A Delta table of which an order was deleted."""

    def write(**options: Any) -> Path:
        path = tmp_path / "sales"
        deltalake.write_deltalake(str(path), ROWS.to_arrow(), **options)
        deltalake.DeltaTable(str(path)).delete("order_id = 'A2'")
        return path

    return write


@pytest.mark.parametrize("options", [{}, {"partition_by": ["shop"]}], ids=["plain", "partitions"])
def test_deleted_rows_do_not_count(
    table: Callable[..., Path], options: dict[str, Any], read_all: Callable[..., Any]
) -> None:
    path = table(**options)
    found = read_all("transactions", Source(path=str(path)))
    assert sorted(found.rows.select("order_id", "amount", "shop").rows()) == [
        ("A0", 914_000, "A"),
        ("A1", 590_000, "B"),
    ]
    assert found.rejects.select("file", "reason").rows() == [
        (str(path), "date does not fit ISO 8601")
    ]
    assert '"order_id": "A3"' in found.rejects["raw"][0]
    assert found.count.rows_read == 3
    assert (
        found.count.fingerprint
        == read_all("transactions", Source(path=str(path))).count.fingerprint
    )


def test_another_version_has_another_fingerprint(
    table: Callable[..., Path], read_all: Callable[..., Any]
) -> None:
    source = Source(path=str(table()))
    before = read_all("transactions", source).count.fingerprint
    deltalake.DeltaTable(source.path).delete("order_id = 'A1'")
    assert read_all("transactions", source).count.fingerprint != before


LOOSE = {
    "a pattern": ("sales/*.parquet", []),
    "any depth": ("sales/**/*.parquet", ["shop"]),
    "a pattern of folders": ("*/*/*.parquet", ["shop"]),
    "a folder of a value": ("sales/shop=A", ["shop"]),
    "a file": ("{file}", []),
    "its log": ("sales/_delta_log/*", []),
}


@pytest.mark.parametrize(("path", "by"), LOOSE.values(), ids=LOOSE)
def test_files_of_a_table_are_not_read_loose(
    path: str,
    by: list[str],
    table: Callable[..., Path],
    read_all: Callable[..., Any],
    tmp_path: Path,
) -> None:
    folder = table(partition_by=by)
    named = str(tmp_path / path.replace("{file}", str(next(folder.rglob("*.parquet")))))
    with pytest.raises(InputError, match="the files are part of a table of Delta") as error:
        read_all("transactions", Source(path=named))
    assert f"Name its folder: {folder}" in str(error.value)


OTHERS = {
    "Hudi": ".hoodie/hoodie.properties",
    "Iceberg": "metadata/v1.metadata.json",
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("path", ["sales", "sales/**/*.parquet", "sales/data/0.parquet"])
def test_tables_of_other_kinds_are_refused_by_name(
    kind: str, path: str, written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    written("x", f"sales/{OTHERS[kind]}")
    written(ROWS, "sales/data/0.parquet")
    with pytest.raises(InputError, match=f"table of {kind}"):
        read_all("transactions", Source(path=str(tmp_path / path)))


def test_without_the_package_it_is_said_how_to_install_it(
    table: Callable[..., Path], read_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table()
    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(InputError, match=r"pip install 'segment-personas\[delta\]'"):
        read_all("transactions", Source(path=str(path)))


def test_a_table_that_is_damaged_is_told(
    table: Callable[..., Path], read_all: Callable[..., Any]
) -> None:
    path = table()
    for file in path.glob("*.parquet"):
        file.unlink()
    with pytest.raises(
        InputError, match="the log of the Delta table names a file that is not there"
    ):
        read_all("transactions", Source(path=str(path)))


def test_a_table_is_listed_once(table: Callable[..., Path], read_all: Callable[..., Any]) -> None:
    source = Source(path=str(table()))
    with pytest.raises(InputError, match="the file is listed twice"):
        read_all("transactions", source, source)
