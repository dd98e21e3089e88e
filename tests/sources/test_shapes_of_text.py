"""Texts as other systems write them: the same rows come of each, and a bad row is found in its line."""

from __future__ import annotations

import bz2
import io
import lzma
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source

HEADER = "customer_id,ordered_at,order_id,amount"
ROWS = ("1,2023-01-25,A0,91.40", "2,2023-02-11,A1,59.00", "1,2023-03-02,A2,12.50")
BAD = "3,2023-13-02,A3,8.00"
PLAIN = "\n".join([HEADER, *ROWS, BAD, ""])


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def zstd(text: str | bytes) -> bytes:
    pa = pytest.importorskip("pyarrow")
    data = text.encode() if isinstance(text, str) else text
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def ending(sign: str, lines: Sequence[str]) -> str:
    return "".join(f"{line}{sign}\n" for line in lines)


#: a file, keys of its source, and the line of the bad row
SHAPES: dict[str, tuple[str | bytes, dict[str, Any], int]] = {
    "plain": (PLAIN, {}, 5),
    "sep= of Excel": ("sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n"), {}, 6),
    "sep= in quotes, after a mark": ('\ufeff"sep=\t"\n' + PLAIN.replace(",", "\t"), {}, 6),
    "sep= of a comma, where semicolons are more": (f"SEP=,\n{PLAIN}", {}, 6),
    "title lines": (f"Report;;;;\n\n,,,\n{PLAIN}", {"skip_lines": 3}, 8),
    "title lines, broken quotes among them": (f'7" or\n{PLAIN}', {"skip_lines": 1}, 6),
    "blank lines above": (f"\n,,,\n{PLAIN}", {}, 7),
    "blank lines below titles": (f"Report\n\n \r\n{PLAIN}", {"skip_lines": 1}, 8),
    "a blank line in UTF-16": (f"\n{PLAIN}".encode("utf-16"), {}, 6),
    "no header": ("\n".join([*ROWS, BAD]), {"header": HEADER.split(",")}, 4),
    "no header, semicolons, decimal commas": (
        "\n".join([*ROWS, BAD]).replace(",", ";").replace(".", ","),
        {"header": HEADER.split(",")},
        4,
    ),
    "another header": (
        PLAIN.replace(HEADER, "a,b,c,d"),
        {"header": HEADER.split(","), "skip_lines": 1},
        5,
    ),
    "delimiter at the end of rows": (f"{HEADER}\n{ending(',', [*ROWS, BAD])}", {}, 5),
    "delimiter at the end of the header": (f"{HEADER},\n{ending('', [*ROWS, BAD])}", {}, 5),
    "delimiter at the end of all": (ending(",", [HEADER, *ROWS, BAD]), {}, 5),
    "delimiter at the end of rows, quotes": (
        f"{HEADER}\n" + ending(",", [*ROWS[:2], BAD, '1,2023-03-02,"A2",12.50']),
        {},
        4,
    ),
    "carriage returns": (PLAIN.replace("\n", "\r"), {}, 5),
    "carriage returns, newlines within quotes": (
        PLAIN.replace("A1", '"A1\n"').replace("\n", "\r").replace('A1\r"', 'A1\n"'),
        {},
        6,
    ),
    "UTF-16": (PLAIN.replace(",", "\t").encode("utf-16"), {}, 5),
    "UTF-16, big end first": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), {}, 5),
    "UTF-16, carriage returns, sep=": (
        f"sep=,\r{PLAIN}".replace("\n", "\r").encode("utf-16"),
        {},
        6,
    ),
    "UTF-32": (PLAIN.encode("utf-32"), {}, 5),
    "zip": (zipped({"o/a.csv": PLAIN, "__MACOSX/o/._a.csv": b"\0", "o/.DS_Store": b"\0"}), {}, 5),
    "zip of UTF-16": (zipped({"a.txt": PLAIN.encode("utf-16")}), {}, 5),
    "zstd": (zstd(PLAIN), {}, 5),
    "zip of zstd": (zipped({"a.csv.zst": zstd(PLAIN)}), {}, 5),
    "bzip2": (bz2.compress(PLAIN.encode()), {}, 5),
    "xz": (lzma.compress(PLAIN.encode()), {}, 5),
}


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize(("content", "source", "line"), SHAPES.values(), ids=SHAPES)
def test_the_same_rows_come_of_each_shape(
    content: str | bytes, source: dict[str, Any], line: int, reading: Callable[..., Any]
) -> None:
    keys = {key: tuple(v) if isinstance(v, list) else v for key, v in source.items()}
    found = reading(content, source=keys)
    rows = found.rows.sort("ordered_at").select("customer_id", "order_id", "amount")
    assert [(str(c), str(o).strip(), a) for c, o, a in rows.rows()] == [
        ("1", "A0", 914_000),
        ("2", "A1", 590_000),
        ("1", "A2", 125_000),
    ]
    assert found.rejects["line"].to_list() == [line]
    assert found.count.rows_read == 4


ESCAPED: dict[str, tuple[str, list[str] | None]] = {
    "quotes": (r'1,2023-01-25,10,"say \"hi\", ok"', ['say "hi", ok']),
    "a backslash before the last quote": (r'1,2023-01-25,10,"\"C:\\dir\\"', ['"C:\\dir\\']),
    "no escape": (r'1,2023-01-25,10,"C:\dir"', ["C:\\dir"]),
    "sound without": ('1,2023-01-25,10,"C:\\"', ["C:\\"]),
    "a row is not whole": ('1,2023-01-25,10,"say \\"hi\\", ok"\n1,2023-01-25,10', None),
}


@pytest.mark.parametrize(("row", "note"), ESCAPED.values(), ids=ESCAPED)
def test_a_backslash_before_a_quote_is_read_where_every_row_is_whole_then(
    row: str, note: list[str] | None, reading: Callable[..., Any]
) -> None:
    text = f"customer_id,ordered_at,amount,note\n{row}\n2,2023-01-26,20,x\n"
    if note is None:
        with pytest.raises(InputError, match="a quoted cell opens in this row"):
            reading(text)
    else:
        assert reading(text).rows["note"].to_list() == [*note, "x"]


def test_rows_between_two_blocks_keep_their_escapes(written: Callable[..., Path]) -> None:
    from segmentation.sources.csv.escapes import unescaped
    from segmentation.sources.csv.raw import STEP
    from segmentation.sources.files.place import place_of

    text = "x" * (STEP - 1) + r"\"y\\" + "z" * STEP + "\\"
    path = written(text)
    copy = Path(unescaped(place_of("t.csv", path))).read_text()
    assert copy == "x" * (STEP - 1) + '""y\\' + "z" * STEP + "\\"


def test_what_stands_in_the_blank_cell_at_the_end_is_not_lost(
    reading: Callable[..., Any],
) -> None:
    rows = ending(",", [f"{n},2023-01-25,A{n},1" for n in range(1200)])
    found = reading(f"{HEADER}\n{rows}4,2023-03-03,A4,1,x\n4,2023-03-03,A5,1\n4,2023-03-03\n")
    assert found.rejects.select("line", "reason").rows() == [
        (1202, "row has 5 cells, the header has 4"),
        (1204, "row has 2 cells, the header has 4"),
    ]
    assert found.count.rows_used == 1201


NOT_ONE: dict[str, tuple[dict[str, str | bytes], str]] = {
    "two files": ({"a.csv": PLAIN, "b.csv": PLAIN}, r"holds 2 files \(a.csv, b.csv\), not one"),
    "none": ({}, "holds no file, not one"),
}


@pytest.mark.parametrize(("files", "said"), NOT_ONE.values(), ids=NOT_ONE)
def test_a_zip_of_several_files_is_refused(
    files: dict[str, str | bytes], said: str, reading: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=said):
        reading(zipped(files))


DAMAGED: dict[str, tuple[bytes, str]] = {
    "zip": (zipped({"a.csv": PLAIN})[:-30], "the zip file or workbook is damaged"),
    "zstd": (zstd(PLAIN)[:-4], "the packed file is damaged"),
    "bzip2": (bz2.compress(PLAIN.encode())[:-4], "the packed file is damaged"),
    "xz": (lzma.compress(PLAIN.encode())[:-4], "the packed file is damaged"),
    "zstd of no UTF-8": (zstd("a,b\n1,é\n".encode("latin-1")), "no text in UTF-8"),
}


@pytest.mark.parametrize(("content", "said"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_packed_file_is_told(
    content: bytes, said: str, reading: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=said):
        reading(content)


def test_a_packed_file_is_not_read_twice(
    written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    path = written(zipped({"a.csv": PLAIN}), "a.zip")
    (tmp_path / "b.zip").symlink_to(path)
    twice = [Source(path=str(path)), Source(path=str(tmp_path / "b.zip"))]
    with pytest.raises(InputError, match="the file is listed twice"):
        read_all("transactions", *twice)


def test_two_files_of_one_shape_are_read_together(
    written: Callable[..., Path], read_all: Callable[..., Any], tmp_path: Path
) -> None:
    written(f"sep=,\n{PLAIN}", "a.csv")
    written(PLAIN, "b.csv")
    found = read_all("transactions", Source(path=str(tmp_path / "*.csv")))
    assert found.rejects.select(pl.col("file").str.slice(-5), "line").rows() == [
        ("a.csv", 6),
        ("b.csv", 5),
    ]
