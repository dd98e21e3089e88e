"""Files of one run that are not alike: without rows, without titles, with names over several lines, with formulas."""

from __future__ import annotations

import re

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount\n"
ROWS = "1,a,2026-01-01,5\n2,b,2026-01-01,7\n"

#: files and what is named -> how the run ends, and what it says
EMPTY = {
    "two inputs": (
        ["o.csv", "p.csv"],
        {"o.csv": HEAD, "p.csv": HEAD + ROWS},
        0,
        "o.csv: warning: the file has no rows",
    ),
    "a glob": (
        ["*.csv"],
        {"o.csv": HEAD, "p.csv": HEAD + ROWS},
        0,
        "o.csv: warning: the file has no rows",
    ),
    "all of them": (
        ["o.csv", "p.csv"],
        {"o.csv": HEAD, "p.csv": HEAD},
        3,
        "o.csv: the file has a header and no rows",
    ),
    "none of them": (
        ["o.csv", "p.csv"],
        {"o.csv": HEAD + ROWS, "p.csv": HEAD + "3,a,2026-01-02,5\n"},
        0,
        "",
    ),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_file_without_rows_stops_a_run_only_where_all_are_so(segment: Segment, name: str) -> None:
    arguments, files, code, said = EMPTY[name]
    done = segment("run", *arguments, files=files)
    assert done.exit_code == code, done.err
    assert (said in done.err) if said else ("no rows" not in done.err)


def test_a_header_that_skip_lines_takes_is_told_and_read_as_proposed(segment: Segment) -> None:
    rules = "version: 1\nsources: {{transactions: {}}}\npersonas: {{everyone: {{}}}}\n"
    files = {
        "o1.csv": f"Report of January\n{HEAD}{ROWS}",
        "p.csv": HEAD + "3,c,2026-01-01,5\n4,d,2026-01-01,7\n",
    }
    given = rules.format("{path: '*.csv', skip_lines: 1}")
    done = segment("run", files={**files, "personas.yaml": given})
    assert done.exit_code == 3
    assert "p.csv: skip_lines: 1 skips the header of this file, which is in line 1" in done.err
    [proposed] = re.findall(r"transactions: (\[.*\])\}", done.err)
    mended = rules.format(proposed.replace("…", "o*.csv"))
    done = segment("run", files={"personas.yaml": mended})
    assert (done.exit_code, sorted(done.ids("everyone"))) == (0, ["a", "b", "c", "d"]), done.err


def test_a_header_over_several_lines_is_not_taken_for_titles(segment: Segment) -> None:
    text = f'"order\nid",customer_id,ordered_at,"amount\n(EUR)"\n{ROWS}'
    done = segment("run", "o.csv", files={"o.csv": text})
    assert (done.exit_code, "skip_lines" in done.err) == (3, False), done.err
    done = segment("run", "o.csv", "--map", "amount=amount\n(EUR)")
    assert (done.exit_code, [float(n) for n in done.customers["monetary"]]) == (0, [5.0, 7.0])


def test_a_formula_of_customers_is_told_as_such(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: o.csv, customers: {path: c.csv, columns: {score: a + b}}}\n"
        "personas: {everyone: {}}\n"
    )
    files = {"o.csv": HEAD + ROWS, "c.csv": "customer_id,a,b\na,1,0\n", "personas.yaml": rules}
    done = segment("run", files=files)
    assert done.exit_code == 3
    assert "c.csv: score is mapped to a formula, and formulas make amount, " in done.err
