"""What audience files look like, byte for byte, and that no cell runs when a person opens one."""

from __future__ import annotations

import io
import json
import os
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from harness import Segment
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from segmentation.publish.formats import FORMATS, write_csv

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


def test_the_help_names_every_format(segment: Segment) -> None:
    default = next(iter(FORMATS))
    said = f"--format {'|'.join(FORMATS)}  Of the audience files.  [default: {default}]"
    assert said in segment("run", "--help").out


@pytest.mark.parametrize("form", GOLDEN)
def test_a_text_format_has_these_bytes(segment: Segment, form: str) -> None:
    result = segment("run", "--format", form, files=FILES)
    assert result.exit_code == 0, result.err
    assert (result.run / f"personas/all-of-them.{form}").read_text() == GOLDEN[form]


def test_parquet_keeps_types_and_exact_money(segment: Segment) -> None:
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


def test_no_text_runs_as_a_formula_in_a_spreadsheet(segment: Segment, notes: str) -> None:
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
def test_files_for_programs_keep_every_text(segment: Segment, notes: str, form: str) -> None:
    rules = "version: 1\nsources: {transactions: t.csv, customers: c.csv}\npersonas: {p: {columns: [note]}}\n"
    result = segment("run", "--format", form, files={"t.csv": notes, "personas.yaml": rules})
    file = result.run / f"personas/p.{form}"
    found = pl.read_parquet(file) if form == "parquet" else pl.read_ndjson(file)
    assert found["note"].to_list() == [written for written, _ in FORMULAS.values()]
    assert result.warnings == []


def test_a_customer_id_and_a_header_are_made_safe_too(segment: Segment) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount\n=A1,2024-01-01,5\n-5,2024-01-01,5\n",
        "c.csv": "customer_id,=B1\n=A1,x\n",
        "personas.yaml": "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {columns: ['=B1']}}\n",
    }
    result = segment("run", files=files)
    assert (result.run / "personas/p.csv").read_text() == "customer_id,'=B1\n-5,\n'=A1,x\n"


def test_a_label_is_made_safe_too_and_is_a_text_in_every_file(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: t.csv}\n"
        'dimensions: {size: [{"=1+1": {monetary: {at_least: 9}}}, {"@a": {monetary: {at_least: 5}}},'
        " {plain: otherwise}]}\npersonas: {p: {columns: [size]}, q: {match: {size: '=1+1'}}}\n"
        "waterfall: [q, p]\nsuppress: [{size: plain}]\n"
    )
    rows = "customer_id,ordered_at,amount\na,2024-01-01,9\nb,2024-01-01,5\nc,2024-01-01,1\n"
    result = segment("run", files={"t.csv": rows, "personas.yaml": rules})
    assert result.exit_code == 0, result.err
    assert (result.run / "personas/p.csv").read_text() == "customer_id,size\nb,'@a\n"
    assert (result.run / "personas/q.csv").read_text() == "customer_id,size\na,'=1+1\n"
    assert [w.split(":")[0] for w in result.warnings] == ["personas/p.csv", "personas/q.csv"]
    texts = result.customers.select("size", "audience", "suppressed_by")
    assert set(texts.dtypes) == {pl.String}
    assert texts.rows() == [("=1+1", "q", None), ("@a", "p", None), ("plain", None, "suppress 1")]


def test_rejected_rows_are_made_safe_too(segment: Segment) -> None:
    rows = "customer_id,ordered_at,amount\na,2024-01-01,5\n=A1,never,5\n"
    result = segment("run", "t.csv", files={"t.csv": rows, "personas.yaml": "version: 1\n"})
    assert (result.run / "rejects.csv").read_text() == (
        'table,file,line,reason,raw\ntransactions,t.csv,3,date does not fit ISO 8601,"\'=A1,never,5"\n'
    )


def test_nobody_else_may_read_a_run(segment: Segment, tmp_path: Path) -> None:
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


def test_every_json_line_is_json(segment: Segment) -> None:
    result = segment("run", "--format", "jsonl", files=FILES)
    lines = (result.run / "personas/all-of-them.jsonl").read_text().splitlines()
    assert [json.loads(line)["customer_id"] for line in lines] == ["a", "b", "ü"]


SPLIT = {
    "semicolon": "a;=1+1",
    "tab": "a\t=1+1",
    "line end": "a\n=1+1",
    "quote": 'say "a;b"',
    "comma": "a,b",
    "nothing": "",
    "blanks": "  ",
    "letters": "ü",
}


@pytest.mark.parametrize(
    "kinds", [list(SPLIT), ["comma", "nothing", "blanks"]], ids=["all", "usual"]
)
def test_a_cell_that_a_spreadsheet_would_split_is_quoted(kinds: list[str]) -> None:
    rows = pl.DataFrame(
        {"id": kinds, "note": [SPLIT[k] for k in kinds], "a;b": [1, *[None] * (len(kinds) - 1)]}
    )
    file = io.BytesIO()
    write_csv(rows, file)
    assert_frame_equal(pl.read_csv(file.getvalue(), schema_overrides={"note": pl.String}), rows)
    outside = "".join(file.getvalue().decode().split('"')[::2])
    assert not set(outside) & set(";\t")


@given(
    st.lists(
        st.one_of(st.none(), st.text(alphabet=" ab\"',\n\r=é", max_size=6)), min_size=1, max_size=20
    )
)
def test_cells_without_semicolon_and_tab_are_written_as_polars_does(
    texts: list[str | None],
) -> None:
    plain = pl.DataFrame({"a": texts, "b": texts}, schema={"a": pl.String, "b": pl.String})
    marked = pl.concat([plain, pl.DataFrame({"a": [";"], "b": [None]}, schema=plain.schema)])
    file = io.BytesIO()
    write_csv(marked, file)
    assert file.getvalue().decode() == plain.write_csv() + '";",\n'


SAFE = {
    "as it comes": ("", "", True),
    "off in the file": ("safe_csv: false\n", "", False),
    "on in the file": ("safe_csv: true\n", "", True),
    "off in the persona": ("", ", safe_csv: false", False),
    "on in the persona": ("safe_csv: false\n", ", safe_csv: true", True),
}


@pytest.mark.parametrize(("file", "persona", "is_safe"), SAFE.values(), ids=SAFE)
def test_machines_get_texts_as_they_are(
    segment: Segment, notes: str, file: str, persona: str, is_safe: bool
) -> None:
    rules = (
        f"version: 1\n{file}sources: {{transactions: t.csv, customers: c.csv}}\n"
        f"personas: {{p: {{columns: [note]{persona}}}}}\n"
    )
    result = segment("run", files={"t.csv": notes, "personas.yaml": rules})
    found = pl.read_csv(result.run / "personas/p.csv", schema_overrides={"note": pl.String})
    assert found["note"].to_list() == [safe if is_safe else w for w, safe in FORMULAS.values()]
    assert [n["code"] for n in result.manifest["notices"] if n["level"] == "warn"] == (
        ["formula-guard"] if is_safe else []
    )


@pytest.mark.parametrize("place", ["safe_csv: no\n", "personas: {p: {safe_csv: 0}}\n"])
def test_the_guard_is_switched_by_true_and_false_only(segment: Segment, place: str) -> None:
    result = segment("validate", files={"personas.yaml": f"version: 1\n{place}"})
    assert (result.exit_code, "safe_csv" in result.err) == (2, True)


@pytest.mark.deep
def test_every_file_that_is_written_is_private(segment: Segment) -> None:
    umask = os.umask(0)
    try:
        segment("init", "shop")
        os.chdir("shop")
        segment("run", "--out", "../audiences")
        segment("value", "--csv", "../plane.csv")
        segment("history", "--csv", "../history.csv")
        segment("test", "--junit", "../results.xml")
    finally:
        os.umask(umask)
        os.chdir("..")
    files = [p for p in Path().rglob("*") if p.is_file() and not p.is_symlink()]
    assert {p.name for p in files} >= {
        "personas.yaml",
        "transactions.csv",
        "plane.csv",
        "history.csv",
        "results.xml",
        "manifest.json",
        "rejects.csv",
    }
    assert {oct(p.stat().st_mode & 0o777) for p in files} == {"0o600"}


@pytest.mark.parametrize("link", [False, True], ids=["file", "link"])
def test_a_file_of_somebody_else_becomes_private_when_it_is_replaced(
    segment: Segment, link: bool
) -> None:
    Path("real.xml").write_text("old")
    Path("real.xml").chmod(0o644)
    Path("link.xml").symlink_to("real.xml")
    segment("init", "shop")
    os.chdir("shop")
    segment("test", "--junit", "../link.xml" if link else "../real.xml")
    os.chdir("..")
    assert (oct(Path("real.xml").stat().st_mode & 0o777), Path("link.xml").is_symlink()) == (
        "0o600",
        True,
    )
    assert Path("real.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize("named", ["", "  "], ids=["nothing", "blanks"])
def test_a_folder_without_a_name_is_refused(segment: Segment, named: str) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount\na,2024-01-01,5\n",
        "personas.yaml": "version: 1\n",
    }
    result = segment("run", "t.csv", "--out", named, files=files)
    assert (result.exit_code, "it is empty; name a folder" in result.err) == (2, True)
    assert not Path("latest").exists()
