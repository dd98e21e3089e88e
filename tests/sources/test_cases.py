"""137 small exports of shops and tills (../shared/cases): each comes right, or stops, and what solves it stands here.

What is true of each was reckoned from its files without the tool; `check.py` beside them judges.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from harness import PATIENCE

REPO = Path(__file__).resolve().parents[2]
CASES = REPO.parent / "shared" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/expected.json"))
pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(not NAMES, reason="../shared/cases is not here"),
]

EVERYONE = "everyone: {columns: [frequency, monetary, first_order_on, last_order_on]}"
CONSENT = """
  customers: c.csv
personas:
  consented: {{match: {{consent: {word}}}}}
suppress: [{{consent: {{is_not: {word}}}}}]"""

#: where a run stops, what is written to make it right: options, or the rules' sources (and what stands below them)
SOLVED: dict[str, str] = {
    "amazon_orders_tsv": "orders.txt --map customer_id=buyer-email --map amount=item-price"
    " --where order-status!=Cancelled --where item-status!=Cancelled",
    "consent_checked": "transactions: o.csv" + CONSENT.format(word="X"),
    "consent_subscribed_words": "transactions: o.csv" + CONSENT.format(word="subscribed"),
    "consent_wahr": "transactions: o.csv" + CONSENT.format(word="WAHR"),
    "date_eu_dash_2digit": "transactions: {path: o.csv, date_format: '%d-%m-%y'}",
    "date_iso_2digit": "transactions: {path: o.csv, date_format: '%y-%m-%d'}",
    "dunnhumby_day_number": "transactions: {path: transaction_data.csv, columns: {ordered_at: DAY},"
    " date_format: 'days since 2017-01-01'}",
    "events_only_base": """transactions: {path: e.csv, columns: {ordered_at: occurred_at, amount: 1},
    where: {event: {missing: false}}}
  events: e.csv
personas: {viewers: {match: {did: view}}}""",
    "excel_ansi_1252": "transactions: {path: o.csv, encoding: windows-1252}",
    "headerless": "transactions: {path: o.csv, header: [customer_id, ordered_at, order_id, amount]}",
    "iss_lifetimes48_dayfirst": "o.csv --map customer_id=id",
    "multi_currency": "o.csv --where currency=USD,JPY,EUR --map amount=amount",
    "olist_separate_tables": """transactions:
    path: olist_order_items_dataset.csv
    join:
      - {path: olist_orders_dataset.csv, key: order_id}
      - {path: olist_customers_dataset.csv, key: customer_id}
    where: {order_status: delivered}
    columns: {customer_id: customer_unique_id, ordered_at: order_purchase_timestamp, amount: price}""",
    "rees46_event_log": "2019-Oct.csv --where event_type=purchase --map amount=price",
    "shopify_orders": """transactions:
    path: orders_export.csv
    columns: {order_id: Name, amount: {per_order: Total - Refunded Amount}}
    where: {all: [{Financial Status: {is_not: voided}}, {any: [{Cancelled at: {missing: true}}]}]}""",
    "shopify_three_lines_per_order": "transactions: {path: big.csv, columns: {order_id: Name, amount: {per_order: Total}}}",
    "merged_cells_blank_customer": "transactions: {path: o.csv, where: {Customer: {missing: false}}}",
    "status_column": "o.csv --where order_status=completed",
    "test_orders": "o.csv --where test=false",
    "title_lines_above_header": "transactions: {path: o.csv, skip_lines: 3}",
    "visits_without_money": "o.csv --map amount=1",
    "woocommerce_analytics": "orders.csv --where Status!=cancelled",
}

#: where a run stops and nothing that is written makes it right
UNSOLVED = {
    "customers_duplicate_email_rows": "which of two rows is newer is in no column: the table has to be mended",
    "customers_ids_leading_zeros_lost": "the file has lost the zeros of its ids",
    "date_mixed_two_formats": "two spellings in one column: the file has to be mended",
    "feed_shrinks_to_3_percent": "the feed is not whole; what stood before stands",
    "xlsx_file": "the workbook is broken",
}


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """The judge that lies beside the cases."""
    spec = importlib.util.spec_from_file_location("check_cases", CASES / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tool() -> str:
    """The installed command."""
    return str(Path(sys.executable).parent / "segment")


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_right_or_stops_where_it_is_solved_here(
    check: ModuleType, tool: str, tmp_path: Path, name: str
) -> None:
    shim = tmp_path / "bin"
    shim.mkdir()
    check.write_shim(shim / "segment", tool)
    verdict, kind, detail = check.judge(name, tmp_path, shim)
    assert verdict != "WRONG", detail
    assert kind != "as expected but unsaid", detail
    assert (verdict == "stopped") == (name in SOLVED | UNSOLVED)


@pytest.mark.parametrize("name", SOLVED)
def test_what_solves_a_case_gives_the_truth(
    check: ModuleType, tool: str, tmp_path: Path, name: str
) -> None:
    expected = _expected(name)
    folder = tmp_path / name
    shutil.copytree(CASES / name, folder)
    text = SOLVED[name]
    options = shlex.split(text) if not text.startswith("transactions:") else []
    rules = "version: 1\n" + (f"sources:\n  {text}\n" if not options else "")
    (folder / "rules.yaml").write_text(
        rules + ("" if "personas:" in text else f"personas: {{{EVERYONE}}}\n")
    )
    command = [tool, "run", *options, "--config", "rules.yaml", "--out", "out"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert check.differences(expected["truth"], folder / "out" / "latest", {}) == []


def _expected(name: str) -> Any:
    return yaml.safe_load((CASES / name / "expected.json").read_text())


#: where what is printed is one of several ways, and says so
ONE_OF_SEVERAL = {
    "amazon_orders_tsv": "the price of one piece, or of the line",
    "multi_currency": "one currency is kept, while the truth has all of them",
}


@pytest.mark.parametrize("name", SOLVED)
def test_what_is_printed_to_be_pasted_leads_to_the_truth_or_to_a_stop(
    check: ModuleType, tool: str, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    shutil.copytree(CASES / name, folder)
    environment = {**os.environ, "PATH": f"{Path(tool).parent}:{os.environ['PATH']}"}
    command = check.first_command(folder / "cmd")
    for _ in range(3):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
        pasted = re.findall(r"^  Try: (.*)$", done.stderr, re.MULTILINE)
        if done.returncode == 0 or not pasted:
            break
        command = pasted[0]
    if done.returncode == 0 and name not in ONE_OF_SEVERAL:
        assert check.differences(_expected(name)["truth"], folder / "out0" / "latest", {}) == []
