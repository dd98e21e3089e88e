"""Damaged and changing inputs: exit 3 with the file named, or the right rows; never anything else."""

from __future__ import annotations

import gzip
import io
import random
from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest
from harness import Segment
from lines import LINES, PLAIN, RULES, csv, flipped, footer_at, with_checksums

from segmentation.sources.parquet import checksums

DAMAGED = "Write or copy the file once more."


CHECKED = with_checksums("none")


def every_page_changed() -> bytes:
    """A wrong byte in the one data page of each column: a sector that lies over all of them."""
    file = io.BytesIO()
    pq.write_table(
        LINES.to_arrow(), file, compression="none", use_dictionary=False, write_page_checksum=True
    )
    content, group = file.getvalue(), pq.read_metadata(file).row_group(0)
    for column in map(group.column, range(group.num_columns)):
        content = flipped(content, column.data_page_offset + column.total_compressed_size - 20)
    return content


ALL_WRONG = every_page_changed()
DAMAGES: dict[str, tuple[str, bytes]] = {
    "a bit of a page with a checksum": ("t.parquet", flipped(CHECKED, 9000)),
    "a bit of a compressed page": ("t.parquet", flipped(with_checksums("zstd"), 3000)),
    "every page, none of which agrees": ("t.parquet", ALL_WRONG),
    "gzip with zeros after it": ("t.csv.gz", gzip.compress(csv()) + bytes(512)),
    "zeros in a page": ("t.parquet", CHECKED[:5000] + bytes(500) + CHECKED[5500:]),
    "a dictionary page": ("t.parquet", flipped(CHECKED, 60)),
    "pages in another order": (
        "t.parquet",
        CHECKED[:4] + CHECKED[5004:10004] + CHECKED[4:5004] + CHECKED[10004:],
    ),
    "a page's header": ("t.parquet", CHECKED[:4] + bytes([255]) * 12 + CHECKED[16:]),
    "a footer of another length": ("t.parquet", PLAIN[:-8] + b"\xff\xff\xff\x7fPAR1"),
    "a footer of zeros": (
        "t.parquet",
        PLAIN[: footer_at(PLAIN)] + bytes(len(PLAIN) - footer_at(PLAIN) - 8) + PLAIN[-8:],
    ),
    "a footer of noise": (
        "t.parquet",
        PLAIN[: footer_at(PLAIN)]
        + random.Random(1).randbytes(len(PLAIN) - footer_at(PLAIN) - 8)
        + PLAIN[-8:],
    ),
    "a parquet file that is cut off": ("t.parquet", PLAIN[: len(PLAIN) // 2]),
    "a parquet file without its middle": ("t.parquet", PLAIN[:6000] + PLAIN[6500:]),
    "a parquet file with more in its middle": ("t.parquet", PLAIN[:6000] + b"abc" + PLAIN[6000:]),
    "gzip that is cut off": ("t.csv.gz", gzip.compress(csv())[:-20]),
    "gzip with a wrong byte": ("t.csv.gz", flipped(gzip.compress(csv()), 9000)),
    "gzip with a wrong checksum": (
        "t.csv.gz",
        flipped(gzip.compress(csv()), -6 % len(gzip.compress(csv()))),
    ),
    "gzip with garbage after it": ("t.csv.gz", gzip.compress(csv()) + b"garbage"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_said_with_the_file_and_nothing_is_published(
    segment: Segment, damage: str
) -> None:
    name, content = DAMAGES[damage]
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    [problem] = result.said
    assert (result.exit_code, problem["file"]) == (3, name)
    assert "damaged" in problem["text"]
    assert not (result.folder / "audiences").exists()


@pytest.mark.parametrize(
    "content",
    [with_checksums(c) for c in ("none", "snappy", "zstd", "gzip")] + [PLAIN],
    ids=["none", "snappy", "zstd", "gzip", "no checksums"],
)
def test_sound_files_give_the_same_audience(segment: Segment, content: bytes) -> None:
    expected = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": csv()})
    members = (expected.run / "personas" / "everyone.csv").read_bytes()
    result = segment("run", "t.parquet", files={"t.parquet": content})
    assert (result.run / "personas" / "everyone.csv").read_bytes() == members


@pytest.mark.deep
def test_random_damage_to_files_with_checksums_never_changes_rows(segment: Segment) -> None:
    """Bytes that no page holds may change (statistics); whatever is published is right."""
    dice = random.Random(11)
    content = with_checksums("snappy")
    right = segment("run", "t.parquet", files={"personas.yaml": RULES, "t.parquet": content})
    members = (right.run / "personas" / "everyone.csv").read_bytes()
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(dice.choice([1, 1, 5, 50])):
            damaged[dice.randrange(4, len(content) - 8)] = dice.randrange(256)
        result = segment("run", "t.parquet", files={"t.parquet": bytes(damaged)})
        published = (result.run / "personas" / "everyone.csv").read_bytes()
        assert result.exit_code in (0, 3), result.err
        assert published == members


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3))
def test_random_damage_to_files_without_checksums_ends_with_0_or_3(
    segment: Segment, seed: int
) -> None:
    dice = random.Random(seed)
    for _ in range(25):
        damaged = bytearray(PLAIN)
        start = dice.choice([dice.randrange(4, 200), dice.randrange(4, len(PLAIN) - 60)])
        damaged[start : start + 8] = dice.randbytes(8)
        files = {"personas.yaml": RULES, "t.parquet": bytes(damaged)}
        result = segment("run", "t.parquet", "--json", files=files)
        assert result.exit_code in (0, 3), result.err
        assert result.json["ok"] == (result.exit_code == 0)


@pytest.mark.parametrize("name", ["customers", "events"])
def test_damage_to_another_table_is_said_too(segment: Segment, name: str) -> None:
    file = io.BytesIO()
    pl.DataFrame(
        {
            "customer_id": ["c001"] * 5000,
            "occurred_at": [date(2024, 1, 1)] * 5000,
            "event": [f"e{i}" for i in range(5000)],
            "city": [f"x{i}" for i in range(5000)],
        }
    ).write_parquet(file, compression="uncompressed")
    content = file.getvalue()
    damaged = content[:40] + bytes([255]) * 4000 + content[4040:]
    files = {
        "personas.yaml": "version: 1\npersonas: {p: {match: {city: x1, did: e1}}}\n",
        "t.csv": csv(),
        "o.parquet": damaged,
    }
    result = segment("run", "t.csv", f"--{name}", "o.parquet", files=files)
    assert (result.exit_code, "o.parquet" in result.err) == (3, True), result.err


def test_a_csv_with_nul_bytes_rejects_those_rows_or_stops(segment: Segment) -> None:
    content = csv().replace(b",Men", b",M\0n", 1).replace(b"2024-", b"2\0\0\0-", 1)
    result = segment("run", "t.csv", files={"personas.yaml": RULES, "t.csv": content})
    assert result.exit_code in (0, 3)
    assert "\0" not in result.err


def test_a_panic_on_a_damaged_file_names_the_file(segment: Segment, monkeypatch) -> None:
    """The page's header is of no use to Polars: its reader panics."""
    monkeypatch.setattr(checksums, "_is_sound", lambda path: True)
    name, content = DAMAGES["a page's header"]
    result = segment("run", name, "--json", files={"personas.yaml": RULES, name: content})
    assert (result.exit_code, result.said[0]["file"]) == (3, name)
