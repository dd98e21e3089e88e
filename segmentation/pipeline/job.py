"""`segment run` as one call: compute, publish, and a frozen result for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from segmentation.audiences.summary import Summary, summaries
from segmentation.checks.doors import RuleDoors
from segmentation.errors import Problem, RulesError
from segmentation.notices import Notice, judged, notice
from segmentation.pipeline.compute import ROWS_REJECTED, compute
from segmentation.publish.completeness import refuse_partial, why_partial
from segmentation.publish.files import escaped, file_of, publish
from segmentation.publish.folder.layout import LATEST, target_of
from segmentation.publish.folder.place import refuse_run
from segmentation.publish.folder.runs import complete_run, is_partial
from segmentation.publish.formats import FORMATS, Format
from segmentation.publish.outcome import Outcome
from segmentation.rules.ruleset import Rules
from segmentation.scan.prepare import Prepared, Request
from segmentation.sources import InputCount

STAYS: Final = "latest-stays"  # of the folder, not of the run: in no manifest


@dataclass(frozen=True)
class RunResult:
    """What a run did: sizes, where the files are, and everything that was said on the way.

    `folder` is None for a dry run; `complete` says that no persona and no rule was left out.
    """

    as_of: date
    dry_run: bool
    complete: bool
    folder: str | None
    format: Format
    customers: int
    personas: tuple[Summary, ...]
    inputs: tuple[InputCount, ...]
    notices: tuple[Notice, ...]
    seconds: Mapping[str, float]


def run(
    rules: Rules,
    *,
    today: date,
    as_of: date | None,
    out: Path,
    form: str,
    started_at: datetime,
    personas: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    cuts: Path | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Callable[[str], None] = lambda step: None,
    published: Callable[[Path], None] = lambda folder: None,
) -> RunResult:
    """Compute and, unless `dry_run`, publish. Raises any SegmentationError.

    `published` is called with the run's folder as soon as readers see it; nothing is computed after.
    """
    if form not in FORMATS:
        raise RulesError(Problem(f"--format {form}: there is no such format",
                                 mend=f"One of: {', '.join(FORMATS)}."))  # fmt: skip
    written: Format = form  # type: ignore[assignment]  # checked just above
    refuse_run(out)
    stdin = None if sys.stdin is None else sys.stdin.buffer
    request = Request(rules, today, as_of, personas, columns, cuts, stdin, strict=strict)
    complete = None if dry_run else complete_run(out)
    refuse_partial(out, complete, why_partial(personas))

    def check(prepared: Prepared) -> None:
        refuse_partial(out, complete, why_partial((), prepared.possible.left_out))

    outcome = compute(request, progress, check)
    name = outcome.as_of.isoformat()
    late = _back_filled(out, outcome) if strict or not dry_run else []
    found = [*outcome.notices, *escaped(outcome, written), *late]
    doors = RuleDoors(rules, strict=strict)
    judgement = judged(found, rules.notices, strict=strict, doors=doors)
    notices = tuple(map(doors.told, judgement))
    notices = notices if dry_run else tuple(map(_of_a_folder, notices))
    result = _result(outcome, None if dry_run else out / name, notices, written)
    if not dry_run:
        progress("publish")
        of_files = tuple(n for n in notices if n.code != STAYS)
        publish(replace(outcome, notices=of_files), out, form=written, started_at=started_at,
                published=lambda: published(out / name))  # fmt: skip
    return result


def _of_a_folder(one: Notice) -> Notice:
    """A notice as a run says it that is written: rejected rows are in a file then."""
    if one.code != ROWS_REJECTED:
        return one
    return replace(one, text=f"{one.text}, see rejects.csv", mend="")


def _back_filled(out: Path, outcome: Outcome) -> list[Notice]:
    """A warning when `latest` leads to a later day than the one that is published, and stays there."""
    latest, name = target_of(out / LATEST), outcome.as_of.isoformat()
    gives_way = is_partial(out / LATEST) and not outcome.partial
    text = f"{out / LATEST} stays at {latest}, which is later"
    stays = latest > name and (out / LATEST).exists() and not gives_way
    return [notice(STAYS, text)] if stays else []


def _result(
    outcome: Outcome, folder: Path | None, notices: tuple[Notice, ...], form: Format
) -> RunResult:
    files = {} if folder is None else {a.name: file_of(a, form) for a in outcome.audiences}
    return RunResult(
        as_of=outcome.as_of,
        dry_run=folder is None,
        complete=not outcome.partial,
        folder=None if folder is None else str(folder),
        format=form,
        customers=outcome.customers.height,
        personas=summaries(outcome.customers, outcome.audiences, files),
        inputs=outcome.inputs,
        notices=notices,
        seconds=outcome.seconds,
    )
