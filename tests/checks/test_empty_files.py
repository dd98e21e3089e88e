"""Files without a byte among others: of transactions they are told, of all else they stop a run."""

from __future__ import annotations

import gzip

import pytest
from harness import Segment
from pasting import EVERYONE

HEAD = "order_id,customer_id,ordered_at,amount\n"
ROWS = f"{HEAD}a,k1,2026-01-01,10\nb,k2,2026-01-02,5\n"
OBJECTS = """{"customer_id": "k1", "ordered_at": "2026-01-01", "amount": 10}
{"customer_id": "k2", "ordered_at": "2026-01-02", "amount": 5}
"""
WARNING = "warning: the file has no rows, where others have some"

#: the path, the files of it -> the one that is told
AMONG: dict[str, tuple[str, dict[str, str | bytes], str]] = {
    "of a folder": ("d", {"d/1.csv": ROWS, "d/2.csv": ""}, "d/2.csv"),
    "the first one of a folder": ("d", {"d/1.csv": "", "d/2.csv": ROWS}, "d/1.csv"),
    "of a pattern": ("d/*.csv", {"d/1.csv": ROWS, "d/2.csv": ""}, "d/2.csv"),
    "packed": ("d", {"d/1.csv": ROWS, "d/2.csv.gz": gzip.compress(b"")}, "d/2.csv.gz"),
    "of newlines": ("d", {"d/1.csv": ROWS, "d/2.csv": "\n\n\n"}, "d/2.csv"),
    "of newlines, the first one": ("d", {"d/1.csv": "\n", "d/2.csv": ROWS}, "d/1.csv"),
    "of blanks": ("d", {"d/1.csv": ROWS, "d/2.csv": " \t\r\n"}, "d/2.csv"),
    "of a mark and a newline": ("d", {"d/1.csv": ROWS, "d/2.csv": b"\xef\xbb\xbf\r\n"}, "d/2.csv"),
    "of a mark of UTF-16": ("d", {"d/1.csv": ROWS, "d/2.csv": b"\xff\xfe\r\0\n\0"}, "d/2.csv"),
    "of newlines, packed": (
        "d",
        {"d/1.csv": ROWS, "d/2.csv.gz": gzip.compress(b"\n\n")},
        "d/2.csv.gz",
    ),
    "of no object": ("d", {"d/1.json": OBJECTS, "d/2.json": "[]\n"}, "d/2.json"),
    "of no object, with blanks": ("d", {"d/1.json": OBJECTS, "d/2.json": "[\n]"}, "d/2.json"),
    "of no line of JSON": ("d", {"d/1.jsonl": OBJECTS, "d/2.jsonl": "\n"}, "d/2.jsonl"),
    "with a header": ("d", {"d/1.csv": ROWS, "d/2.csv": HEAD}, "d/2.csv"),
}


@pytest.mark.parametrize(("path", "files", "told"), AMONG.values(), ids=AMONG)
def test_an_empty_file_of_transactions_is_told(
    segment: Segment, path: str, files: dict[str, str | bytes], told: str
) -> None:
    rules = f"sources: {{transactions: {{path: '{path}'}}}}\n{EVERYONE}"
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    assert f"{told}: {WARNING}" in done.err
    assert done.customers["customer_id"].to_list() == ["k1", "k2"]


#: the rules' sources -> what is said
STOPS = {
    "all of them": ("transactions: e", "e/1.csv: the file is empty"),
    "of events": (
        "transactions: o.csv, events: {path: d, event: no}",
        "d/2.csv: the file is empty",
    ),
    "of customers": ("transactions: o.csv, customers: c", "c/2.csv: the file is empty"),
    "of events, with a newline": (
        "transactions: o.csv, events: {path: n, event: no}",
        "n/2.csv: the file is empty",
    ),
    "newlines alone": ("transactions: n/2.csv", "n/2.csv: the file is empty"),
}


@pytest.mark.parametrize(("sources", "said"), STOPS.values(), ids=STOPS)
def test_an_empty_file_that_may_say_no_stops_a_run(
    segment: Segment, sources: str, said: str
) -> None:
    files = {
        "o.csv": ROWS,
        "e/1.csv": "",
        "e/2.csv": "",
        "d/1.csv": "customer_id,occurred_at\nk1,2026-01-01\n",
        "d/2.csv": "",
        "n/1.csv": "customer_id,occurred_at\nk1,2026-01-01\n",
        "n/2.csv": "\n\n",
        "c/1.csv": "customer_id,opted_out\nk1,true\n",
        "c/2.csv": "",
        "personas.yaml": f"sources: {{{sources}}}\n{EVERYONE}",
    }
    done = segment("run", files=files)
    assert (done.exit_code, said in done.err) == (3, True), done.err


def test_rules_are_written_for_a_folder_with_an_empty_file(segment: Segment) -> None:
    done = segment("init", "--from", "d", files={"d/1.csv": "", "d/2.csv": ROWS})
    assert (done.exit_code, done.err) == (0, "")
    assert segment("run").exit_code == 0
