"""How `segment run` shows what it published: the table, and what was guessed or is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from segmentation.audiences.summary import Summary
from segmentation.dataclass import dataclass
from segmentation.messages.errors import counted, visible
from segmentation.rules.money import rounded
from segmentation.sources import InputCount

from .github import counted_notices, markdown_table
from .output import (
    percent,
    print_annotations,
    print_notices,
    say,
    show,
    show_envelope,
    summarise,
    table,
)

if TYPE_CHECKING:
    from segmentation.pipeline.job import RunResult

_HEAD = ("persona", "matched", "exported", "customers", "spend", "avg order", "recency")
_COUNTS: Final = ("matched", "suppressed", "outranked", "capped", "control", "exported")


@dataclass(frozen=True)
class Ran:
    """A run: the day it looks back from, where its files are, its audiences, and what was read.

    `folder` is null for a dry run; `complete` says that no persona and no rule was left out.
    """

    as_of: date
    dry_run: bool
    complete: bool
    folder: str | None
    format: str
    customers: int
    personas: Sequence[Summary]
    inputs: Sequence[InputCount]


def print_run(result: RunResult, *, as_json: bool, quiet: bool) -> None:
    """A run: the table on stdout, what was guessed and what is wrong on stderr."""
    if as_json:
        show_envelope("run", _ran(result), result.notices)
        print_annotations(result.notices)
    elif quiet:
        from segmentation.scan.availability import SUPPRESSION_LEFT_OUT

        print_notices(n for n in result.notices if n.code == SUPPRESSION_LEFT_OUT)
    else:
        print_notices(result.notices)
        _print_table(result)
    summarise(f"segment run: {_head(result)}", _summary(result))


def print_ways(result: RunResult) -> None:
    """On stderr: how long each step took, and how each measure was taken up."""
    steps = (f"{name} {seconds:.2f} s" for name, seconds in result.outcome.seconds.items())
    say("steps: " + ", ".join(steps))
    names: dict[str, list[str]] = {}
    for name, way in result.outcome.ways.items():
        names.setdefault(way, []).append(visible(name))
    for way, measured in sorted(names.items()):
        say(f"measured by {way}: {', '.join(measured)}")


def _ran(result: RunResult) -> Ran:
    outcome = result.outcome
    return Ran(
        as_of=outcome.as_of,
        dry_run=result.folder is None,
        complete=not outcome.partial,
        folder=result.folder,
        format=result.form,
        customers=outcome.customers.height,
        personas=result.personas,
        inputs=outcome.inputs,
    )


def _print_table(result: RunResult) -> None:
    show(f"{_head(result)}\n")
    show(table(_HEAD, [_cells(p) for p in result.personas]))
    show(f"\n{_ending(result)}")


def _head(result: RunResult) -> str:
    return f"{counted(result.outcome.customers.height, 'customer')} as of {result.as_of}"


def _ending(result: RunResult) -> str:
    if result.folder is None:
        return "Dry run: nothing was written."
    return f"Written to {visible(result.folder)}"


def _summary(result: RunResult) -> list[str]:
    """The counts of each persona for the summary of a job: names of `for_each` hold values of data."""
    rows = [
        (name, *(f"{sum(getattr(p, count) for p in audiences):,}" for count in _COUNTS))
        for name, audiences in _by_persona(result.personas).items()
    ]
    counts = markdown_table(("persona", *_COUNTS), rows)
    dry = ["", "Dry run: nothing was written."] if result.folder is None else []
    return [*counts, *counted_notices(result.notices), *dry]


def _by_persona(personas: Iterable[Summary]) -> dict[str, list[Summary]]:
    found: dict[str, list[Summary]] = {}
    for one in personas:
        found.setdefault(one.persona, []).append(one)
    return found


def _cells(one: Summary) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.matched:,}",
        f"{one.exported:,}",
        percent(one.share_of_customers),
        percent(one.share_of_spend),
        "–" if one.average_order_value is None else f"{rounded(one.average_order_value, 2):,.2f}",
        "–" if one.median_recency_days is None else f"{rounded(one.median_recency_days, 0):,.0f} d",
    )
