"""What audience files look like, byte for byte, and that no cell runs when a person opens one."""

from __future__ import annotations

import json
import os
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

D = Decimal
TRANSACTIONS = """\
customer_id,order_id,ordered_at,department,amount
a,1,2024-01-01,"a, b",10.5
a,2,2024-01-03,Hats,-0.0001
b,3,2024-01-03,Hats,2
ü,4,2024-01-02,Ünï "x",3.25
ü,5,2024-01-03,Hats,1
ü,6,2024-01-03,Ünï "x",0.10
"""
CUSTOMERS = "customer_id,joined_on,points,vip\na,2020-02-29,-7,true\nü,,2.5,\n"
RULES = """\
version: 1
sources: {transactions: t.csv, customers: c.csv}
personas:
  all-of-them:
    title: Everybody, really
    match: {monetary: {at_least: 1}}
    columns: [average_order_value, top_department, last_order_on, return_share, joined_on, points]
"""
FILES = {"t.csv": TRANSACTIONS, "c.csv": CUSTOMERS, "personas.yaml": RULES}
HEADER = (
    "customer_id,monetary,average_order_value,top_department,last_order_on,return_share,"
    "joined_on,points"
)
GOLDEN = {
    "csv": f"{HEADER}\n"
    'a,10.4999,10.4999,"a, b",2024-01-01,0.0,2020-02-29,-7\n'
    "b,2.00,2.0,Hats,2024-01-03,0.0,,\n"
    'ü,4.35,1.45,"Ünï ""x""",2024-01-03,0.0,,2.5\n',
    "jsonl": '{"customer_id":"a","monetary":10.4999,"average_order_value":10.4999,'
    '"top_department":"a, b","last_order_on":"2024-01-01","return_share":0.0,'
    '"joined_on":"2020-02-29","points":"-7"}\n'
    '{"customer_id":"b","monetary":2.0,"average_order_value":2.0,"top_department":"Hats",'
    '"last_order_on":"2024-01-03","return_share":0.0,"joined_on":null,"points":null}\n'
    '{"customer_id":"ü","monetary":4.35,"average_order_value":1.45,"top_department":"Ünï \\"x\\"",'
    '"last_order_on":"2024-01-03","return_share":0.0,"joined_on":null,"points":"2.5"}\n',
}


@pytest.mark.parametrize("form", GOLDEN)
def test_a_text_format_has_these_bytes(segment: Any, form: str) -> None:
    result = segment("run", "--format", form, files=FILES)
    assert result.exit_code == 0, result.err
    assert (result.run / f"personas/all-of-them.{form}").read_text() == GOLDEN[form]


def test_parquet_keeps_types_and_exact_money(segment: Any) -> None:
    result = segment("run", "--format", "parquet", files=FILES)
    expected = pl.DataFrame(
        {
            "customer_id": ["a", "b", "ü"],
            "monetary": [D("10.4999"), D(2), D("4.35")],
            "average_order_value": [10.4999, 2.0, 1.45],
            "top_department": ["a, b", "Hats", 'Ünï "x"'],
            "last_order_on": [date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 3)],
            "return_share": [0.0001 / 10.5, 0.0, 0.0],
            "joined_on": ["2020-02-29", None, None],
            "points": ["-7", None, "2.5"],
        },
        schema_overrides={"monetary": pl.Decimal(18, 4)},
    )
    found = pl.read_parquet(result.run / "personas/all-of-them.parquet")
    assert_frame_equal(found, expected, abs_tol=1e-15)


FORMULAS = {
    "equals": ("=1+1", "'=1+1"),
    "plus": ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
    "minus": ("-1+1", "'-1+1"),
    "at": ("@SUM(A1)", "'@SUM(A1)"),
    "tab": ("\t=1", "'\t=1"),
    "carriage-return": ("\r=1", "'\r=1"),
    "line-feed": ("\n=1", "'\n=1"),
    "leading-spaces": ("  =1+1", "'  =1+1"),
    "no-break-space": ("\u00a0=1", "'\u00a0=1"),
    "zero-width-space": ("\u200b=1", "'\u200b=1"),
    "full-width-equals": ("＝1+1", "'＝1+1"),
    "full-width-plus": ("＋1", "'＋1"),
    "full-width-minus": ("－1", "'－1"),
    "full-width-at": ("＠A1", "'＠A1"),
    "only-the-sign": ("=", "'="),
    "negative-number": ("-12.50", "-12.50"),
    "signed-number": ("+3", "+3"),
    "telephone": ("+49 170 1234567", "+49 170 1234567"),
    "sign-inside": ("a=1", "a=1"),
    "mail": ("a@example.com", "a@example.com"),
    "dash-inside": ("2024-01-01", "2024-01-01"),
}


@pytest.fixture
def notes(tmp_path: Path) -> str:
    """A customers' file with one formula, or what looks like one, per customer."""
    ids = [f"c{i:02}" for i in range(len(FORMULAS))]
    given = pl.DataFrame(
        {"customer_id": ids, "note": [written for written, _ in FORMULAS.values()]}
    )
    given.write_csv(tmp_path / "c.csv", quote_style="non_numeric")
    lines = "".join(f"{i},1,2024-01-01,5\n" for i in ids)
    return f"customer_id,order_id,ordered_at,amount\n{lines}"


def test_no_text_runs_as_a_formula_in_a_spreadsheet(segment: Any, notes: str) -> None:
    rules = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\npersonas: {p: {columns: [note]}}\n"
    result = segment("run", files={"t.csv": notes, "personas.yaml": rules})
    found = pl.read_csv(result.run / "personas/p.csv", schema_overrides={"note": pl.String})
    expected = dict(zip(FORMULAS, (safe for _, safe in FORMULAS.values()), strict=True))
    assert dict(zip(FORMULAS, found["note"], strict=True)) == expected
    escaped = sum(written != safe for written, safe in FORMULAS.values())
    assert result.warnings == [
        f"personas/p.csv: {escaped} cells that a spreadsheet would run as a formula are written "
        "with ' before them; safe_csv: false (for machines) or --format parquet keeps them"
    ]


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_files_for_programs_keep_every_text(segment: Any, notes: str, form: str) -> None:
    rules = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\npersonas: {p: {columns: [note]}}\n"
    result = segment("run", "--format", form, files={"t.csv": notes, "personas.yaml": rules})
    file = result.run / f"personas/p.{form}"
    found = pl.read_parquet(file) if form == "parquet" else pl.read_ndjson(file)
    assert found["note"].to_list() == [written for written, _ in FORMULAS.values()]
    assert result.warnings == []


def test_a_customer_id_and_a_header_are_made_safe_too(segment: Any) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount\n=A1,2024-01-01,5\n-5,2024-01-01,5\n",
        "c.csv": "customer_id,=B1\n=A1,x\n",
        "personas.yaml": "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {columns: ['=B1']}}\n",
    }
    result = segment("run", files=files)
    assert (result.run / "personas/p.csv").read_text() == "customer_id,'=B1\n-5,\n'=A1,x\n"


def test_rejected_rows_are_made_safe_too(segment: Any) -> None:
    rows = "customer_id,ordered_at,amount\na,2024-01-01,5\n=A1,never,5\n"
    result = segment("run", "t.csv", files={"t.csv": rows, "personas.yaml": "version: 1\n"})
    assert (result.run / "rejects.csv").read_text() == (
        'table,file,line,reason,raw\ntransactions,t.csv,3,date does not fit ISO 8601,"\'=A1,never,5"\n'
    )


def test_nobody_else_may_read_a_run(segment: Any, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        segment("run", files=FILES)
    finally:
        os.umask(before)
    found = [p for p in (tmp_path / "audiences").rglob("*") if not p.is_symlink()]
    modes = {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_file()}
    folders = {stat.S_IMODE(p.stat().st_mode) for p in found if p.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert stat.S_IMODE((tmp_path / "audiences").stat().st_mode) == 0o700


def test_every_json_line_is_json(segment: Any) -> None:
    result = segment("run", "--format", "jsonl", files=FILES)
    lines = (result.run / "personas/all-of-them.jsonl").read_text().splitlines()
    assert [json.loads(line)["customer_id"] for line in lines] == ["a", "b", "ü"]
