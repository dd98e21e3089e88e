"""`segment run` as one call: compute, publish, and a frozen result for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl

from segmentation.audiences.summary import SUMMARY, Summary, summaries
from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError, nearest
from segmentation.messages.notices import Notice
from segmentation.pipeline.arguments import moment_of, names_of, path_or_none, rules_of
from segmentation.pipeline.compute import compute
from segmentation.publish.completeness import why_partial
from segmentation.publish.destination import STAYS, Destination
from segmentation.publish.files import file_of, listed, members_of, publish
from segmentation.publish.formats import FORMATS, Format
from segmentation.publish.outcome import Outcome
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.scan.days import day_of
from segmentation.scan.described import Clock
from segmentation.scan.prepare import Prepared, Request
from segmentation.sources.frames.given import Given, sources_given
from segmentation.system.clock import now, today_in


@dataclass(frozen=True, repr=False)
class RunResult:
    """What a run did: frames, sizes, where the files are, and everything that was said on the way.

    `folder` is None where nothing was written. `outcome` is the run as it was computed.
    """

    personas: tuple[Summary, ...]
    folder: str | None
    notices: tuple[Notice, ...]
    form: str
    outcome: Outcome

    def __repr__(self) -> str:
        people, audiences = self.outcome.customers.height, len(self.personas)
        where = f"written to {self.folder}" if self.folder else "nothing written"
        return f"<run as of {self.as_of}: {people:,} customers, {audiences} audiences, {where}>"

    @property
    def as_of(self) -> date:
        """The day it looks back from."""
        return self.outcome.as_of

    @property
    def summary(self) -> pl.DataFrame:
        """One row per audience: its persona, title, fates, shares (0-1), spend per order, days since, file."""
        return pl.DataFrame(self.personas, schema=SUMMARY)

    @property
    def customers(self) -> pl.DataFrame:
        """What `customers.parquet` holds: a row per customer, by customer_id as text.

        Features, labels of dimensions and a flag for each persona; money as decimal(18, 4).
        """
        return listed(self.outcome).collect()  # of its own: who changes it changes no run

    def audience(self, name: str) -> pl.DataFrame:
        """What the file of an audience holds. Raises RulesError for a name that no audience has."""
        found = {a.name: a for a in self.outcome.audiences}
        if not isinstance(name, str) or name not in found:
            like = nearest(str(name), found)
            mend = f"Did you mean {quoted(like)}?" if like else f"One of: {', '.join(found)}."
            raise RulesError(Problem(f"there is no audience {quoted(str(name))}", mend=mend))
        return members_of(found[name], self.outcome).collect()


def run(
    rules: Rules | Path | str,
    *,
    sources: Mapping[str, Given | Sequence[Given]] | None = None,
    out: Path | str | None = None,
    as_of: date | str | None = None,
    form: str = "csv",
    personas: Iterable[str] | str | None = (),
    columns: Iterable[str] | str | None = (),
    cuts: Path | str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    today: date | str | None = None,
    started_at: datetime | None = None,
    progress: Callable[[str], None] = lambda step: None,
    published: Callable[[Path], None] = lambda folder: None,
) -> RunResult:
    """Compute the audiences of some rules (or of their file) and publish them under `out`.

    Without `out` nothing is written and no folder is looked at; with `dry_run` the folder is looked
    at as if it were written to. `sources` name, by table, a path, a frame (`Given`) or several of
    these, in the place of those of the rules, as files of the command line do. `as_of` is a date, its
    text, or "today"; without it the latest day in the data. `today` and `started_at` are for who
    repeats a run; without them the clock says.
    `published` is called with the run's folder as soon as readers see it; nothing is computed after.
    Raises any SegmentationError.
    """
    started_at = moment_of("started_at", started_at) or now()
    rules = rules_of(rules, sources_given({} if sources is None else sources))
    to = Destination(path_or_none("out", out), is_dry=dry_run)
    written = _format(form)
    clock = today_in(rules.timezone)
    day = day_of(today, clock, "today") or clock
    request = Request(
        rules,
        day,
        day_of(as_of, day),
        names_of("personas", personas),
        names_of("columns", columns),
        path_or_none("cuts", cuts),
        standard_input(),
        strict=strict,
    )
    to.refuse_unfit()
    to.refuse_partial(why_partial(request.personas))

    def check(prepared: Prepared) -> None:
        to.refuse_partial(why_partial((), prepared.possible.left_out))

    outcome = compute(request, progress, check, to, written)
    folder = to.folder_of(outcome)
    where = None if folder is None else str(folder)
    files = {a.name: file_of(a, written) for a in outcome.audiences if to.is_written}
    sizes = summaries(outcome.customers, outcome.audiences, files)
    result = RunResult(sizes, where, outcome.notices, form, outcome)
    if to.out is not None and folder is not None:
        of_files = tuple(n for n in outcome.notices if n.code != STAYS)
        steps = Clock(progress)
        with steps.step("publish"):
            publish(
                replace(outcome, notices=of_files),
                to.out,
                form=written,
                started_at=started_at,
                published=lambda: published(folder),
            )
        seconds = {**outcome.seconds, **steps.seconds}
        return replace(result, outcome=replace(outcome, seconds=seconds))
    return result


def _format(name: str) -> Format:
    if not isinstance(name, str) or name not in FORMATS:
        raise RulesError(
            Problem(
                f"--format {name}: there is no such format", mend=f"One of: {', '.join(FORMATS)}."
            )
        )
    return FORMATS[name]


def standard_input() -> BinaryIO | None:
    """The bytes of standard input, or None where there are none, as in a notebook."""
    return getattr(sys.stdin, "buffer", None)
