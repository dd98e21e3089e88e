"""One helper for all of these tests: write files, read a table, input_count it, look at everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segmentation.rules.sources import Source
from segmentation.sources import (
    FormatsDiffer,
    IdsDiffer,
    InputCount,
    Table,
    input_count,
    read,
    rejects,
)


@dataclass(frozen=True)
class Outcome:
    """What came of reading: the usable rows, the counts and rejects of every source."""

    rows: pl.DataFrame
    counts: tuple[InputCount, ...]
    rejects: pl.DataFrame
    notes: tuple[str, ...]

    @property
    def count(self) -> InputCount:
        (count,) = self.counts
        return count


def outcome(table: str, *sources: Source, **options: Any) -> Outcome:
    """Read, collect everything in one go, input_count, and read again as text, or otherwise, if asked to."""
    options.setdefault("cutoff", None)
    while True:
        try:
            return _collected(read(table, sources, **options))
        except IdsDiffer as differ:
            options["ids"] = differ.ids
        except FormatsDiffer as differ:
            options["failing"] = differ.beside(options.get("failing", {}))


def _collected(table: Table) -> Outcome:
    rows, *tallies = pl.collect_all(
        [table.rows, *(tally.counts for tally in table.tallies)], engine="streaming"
    )
    pairs = list(zip(table.tallies, tallies, strict=True))
    counts = tuple(input_count(tally, collected) for tally, collected in pairs)
    assert dict(rows.schema) == table.columns
    for count in counts:
        aside = sum(count.rows_set_aside.values())
        assert count.rows_read == count.rows_used + count.rows_rejected + aside
    rejected = pl.concat(rejects(table.name, tally) for tally in table.tallies)
    assert len(rejected) == sum(count.rows_rejected for count in counts)
    return Outcome(rows, counts, rejected, table.notes)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes text, bytes or a frame to a file of the test's folder."""

    def write(content: str | bytes | pl.DataFrame, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def reading(written: Callable[..., Path]) -> Callable[..., Outcome]:
    """Reads one file of the given content; keywords of `Source` and of `read` mix."""

    def read_it(
        content: str | bytes | pl.DataFrame,
        name: str = "t.csv",
        *,
        table: str = "transactions",
        source: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Outcome:
        path = written(content, name)
        return outcome(table, Source(path=str(path), **(source or {})), **options)

    return read_it


@pytest.fixture
def read_all() -> Callable[..., Outcome]:
    """Reads several sources as one table."""
    return outcome


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the repository; tests that need it skip where it is absent."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data (../shared/data) is not here")
    return folder
