"""Every stop has a door that is printed, signed and kept: all told at once, in few words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harness import Segment, Shell
from suppression import (
    A_FEED_THAT_STOPPED,
    AMONG_NOBODY,
    BLANK_FOR_ALL,
    DAILY,
    GLOB,
    GOOD,
    HEAD,
    LEADING_ZEROS,
    LISTED,
    NO_CELL_OF_THE_ID,
    NONE_MET,
    NONE_OF_ONE_SOURCE,
    OTHER_ORDER_OF_DAYS,
    SCIENTIFIC,
    TWINS_IN_CASE,
    WITHOUT_THE_COLUMN,
    WITHOUT_THE_EVENT,
    Scenario,
    crm,
    held,
    table,
)

#: what stops a run, and the line of the rules that signs for it
DOORS: dict[str, tuple[Scenario, str]] = {
    "file-without-rows": (
        Scenario("{did: complaint}", {**DAILY, "in/3.csv": HEAD}, GLOB),
        "there is no usable row",
    ),
    "file-without-column": (WITHOUT_THE_COLUMN, "no such column"),
    "file-without-event": (
        replace(WITHOUT_THE_EVENT, suppress="{did: complaint}"),
        "which should hold it",
    ),
    "stale-source": (A_FEED_THAT_STOPPED, "the newest row is of"),
    "ids-do-not-meet": (replace(NONE_OF_ONE_SOURCE, suppress="{did: complaint}"), NONE_MET),
    "suspicious-ids": (replace(LEADING_ZEROS, suppress="{did: complaint}"), "leading zeros"),
    "rejected-rows-of-nobody": (
        Scenario("{did: complaint}", NO_CELL_OF_THE_ID.files),
        "nor whom it is of",
    ),
    "rounded-ids": (replace(SCIENTIFIC, suppress="{did: complaint}"), "in scientific notation"),
    "twin-columns": (TWINS_IN_CASE, 'the file has "opted_out", "Opted_Out"'),
    "column-without-values": (BLANK_FOR_ALL, "no customer has a value"),
    "suppress-among": (AMONG_NOBODY, "nobody is among"),
    "other-order-of-days": (replace(OTHER_ORDER_OF_DAYS, suppress="{did: complaint}"), "%m/%d/%Y"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("code", DOORS)
def test_every_stop_has_a_signed_door(segment: Segment, code: str) -> None:
    it, said = DOORS[code]
    shut = replace(it, gone=None, says=[said])
    held(segment, shut)
    closed = replace(shut, rules=f"{shut.rules}\nnotices: {{{code}: info}}")
    held(segment, closed)
    signed = replace(it, rules=f"{it.rules}\nnotices: {{{code}: warn}}")
    result = segment("run", files=signed.written())
    assert result.exit_code == 0, result.err
    assert any(n["code"] == code and n["level"] == "warn" for n in result.manifest["notices"])
    assert any(said in warning for warning in result.warnings)


def test_all_stops_are_told_at_once(segment: Segment) -> None:
    files = {
        **DAILY,
        "in/3.csv": HEAD,
        "in/4.csv": table(HEAD, "x,2026-03-01"),
        "c.csv": crm("006,no", *LISTED),
    }
    it = Scenario("{did: complaint}, {opted_out: true}", files, GLOB, customers="c.csv")
    held(
        segment,
        replace(
            it,
            says=[
                "in/3.csv: ",
                "in/4.csv: ",
                "c.csv: ",
                "no usable row",
                NONE_MET,
                "leading zeros",
            ],
        ),
    )


def test_many_files_are_told_in_few_words(segment: Segment) -> None:
    files = {**DAILY, **{f"in/x{i}.csv": HEAD for i in range(40)}}
    result = segment("run", files=Scenario("{did: complaint}", files, GLOB).written())
    assert result.exit_code == 3
    assert result.err.count("suppress reads these events") == 5
    assert "the same holds for 35 more files: in/x13.csv, " in result.err


def test_the_installed_command_stops(shell: Shell) -> None:
    it = Scenario("{did: complaint}", {**DAILY, "in/3.csv": HEAD}, GLOB)
    result = shell("run", files=it.written())
    assert (result.exit_code, result.out) == (3, "")
    assert result.err.splitlines() == [
        "in/3.csv: suppress reads these events, and there is no usable row in them (it has none): everyone would pass",
        "  Is the export whole? If it may be silent for so long, sign for it in the rules.",
        "To sign for what is meant, so that it stops nothing:",
        "  personas.yaml:2:32, in place of events:",
        "    events: {path: in/*.csv, event: complaint, quiet_for: 90d}",
    ]


@pytest.mark.parametrize("length", ["90", "soon", "-3d", "''"])
def test_quiet_for_is_a_length_of_time(segment: Segment, length: str) -> None:
    it = Scenario(
        "{did: complaint}",
        {"e.csv": GOOD},
        f"{{path: e.csv, event: complaint, quiet_for: {length}}}",
    )
    result = segment("run", files=it.written())
    assert result.exit_code == 2
    assert "personas.yaml:2:" in result.err


@pytest.mark.parametrize("table_of", ["customers", "products"])
def test_quiet_for_is_for_feeds_with_days(segment: Segment, table_of: str) -> None:
    it = Scenario(
        "{did: complaint}",
        {"e.csv": GOOD, "c.csv": crm(*LISTED)},
        **{table_of: "{path: c.csv, quiet_for: 90d}"},
    )
    result = segment("run", files=it.written())
    assert result.exit_code == 2
    assert "quiet_for is for feeds whose rows have days: transactions and events" in result.err


def test_files_of_the_command_line_say_first_that_nobody_is_suppressed(segment: Segment) -> None:
    it = Scenario("{did: complaint}", {"e.csv": GOOD})
    segment("run", files=it.written())
    result = segment("run", "t.csv", "--dry-run")
    assert result.exit_code == 0, result.err
    first = result.err.splitlines()[0]
    assert first.startswith(
        "warning: no suppress rule could be applied, nobody is suppressed: do not send"
    )
