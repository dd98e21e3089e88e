"""Lists as SAP saves them: titles, frames, days with points, signs behind amounts, currencies; one correction suffices."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from harness import Result, Segment

RULES = {"personas.yaml": "version: 1\npersonas: {everyone: {}}\n"}
ROWS = (
    ("1001", "5000000001", "01.02.2024", "120,00", "EUR"),
    ("1002", "5000000002", "05.02.2024", "80,50", "EUR"),
    ("1001", "5000000003", "07.02.2024", "12,00-", "EUR"),
    ("1003", "5000000004", "09.02.2024", "33,00", "USD"),
)
IN_EUROS = tuple((*row[:4], "EUR") for row in ROWS)
GERMAN = ("Auftraggeber", "Beleg", "Belegdatum", "Nettowert", "Währg")
KEYS = ("KUNNR", "VBELN", "AUDAT", "NETWR", "WAERK")
LINE = "-" * 60


def parted(*rows: tuple[str, ...]) -> str:
    return "".join(f"{';'.join(row)}\n" for row in rows)


def framed(*rows: tuple[str, ...]) -> str:
    head, *others = (f"|{'|'.join(f'{cell:<10}' for cell in row)}|\n" for row in rows)
    return f"Verkaufsbelege      Dynamische Listenausgabe\n{LINE}\n{head}{LINE}\n{''.join(others)}{LINE}\n"


#: a list -> what is printed, and customers and money that it leads to
LISTS = {
    "keys of tables": (parted(KEYS, *IN_EUROS), "", (3, 221.5)),
    "names of columns": (parted(GERMAN, *IN_EUROS), "", (3, 221.5)),
    "two currencies": (parted(KEYS, *ROWS), "--where WAERK=EUR", (2, 188.5)),
    "titles": (
        f"Verkaufsbelege\nStand 01.03.2024\n\n{parted(GERMAN, *IN_EUROS)}",
        "--read skip_lines=3",
        (3, 221.5),
    ),
    "titles and two currencies": (
        f"Verkaufsbelege\nStand 01.03.2024\n\n{parted(GERMAN, *ROWS)}",
        "--read skip_lines=3 --where 'Währg=EUR'",
        (2, 188.5),
    ),
    "a frame": (framed(GERMAN, *IN_EUROS), "--read skip_lines=2", (3, 221.5)),
    "a frame and two currencies": (
        framed(GERMAN, *ROWS),
        "--read skip_lines=2 --where 'Währg=EUR'",
        (2, 188.5),
    ),
}


@pytest.mark.parametrize(("text", "printed", "sums"), LISTS.values(), ids=LISTS)
def test_what_is_printed_once_leads_to_the_sums(
    segment: Segment, text: str, printed: str, sums: tuple[int, float]
) -> None:
    done = segment("run", "o.csv", files={"o.csv": text} | RULES)
    if printed:
        pasted = done.tried
        assert (done.exit_code, pasted) == (3, [f"run o.csv {printed}"]), done.err
        done = segment(*shlex.split(pasted[0]))
    assert (done.exit_code, _sums(done)) == (0, sums), done.err
    Path("personas.yaml").unlink()
    assert segment("init", "--from", "o.csv").exit_code == 0
    done = segment("run")
    assert (done.exit_code, _sums(done)) == (0, sums), done.err


def _sums(done: Result) -> tuple[int, float]:
    return done.customers.height, float(done.customers["monetary"].sum())
