"""`segment history` as one call: what is asked for, the history, and its table as a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from segmentation.messages.errors import Problem, RulesError, nearest
from segmentation.publish.besides import refuse_read
from segmentation.rules.prose import quoted
from segmentation.rules.ruleset import Rules
from segmentation.scan.days import day_of
from segmentation.scan.prepare import Request
from segmentation.studies.history import SPEND, History, history
from segmentation.studies.period_ends import EVERY, Ends
from segmentation.studies.table_file import write_csv
from segmentation.system.clock import today_in

MOST: Final = 600  # dates: ten years of weeks, fifty of months


def run(
    rules: Rules,
    *,
    every: str = "month",
    last: int = 12,
    as_of: date | str | None = None,
    personas: Sequence[str] = (),
    dimensions: Sequence[str] = (),
    csv: Path | None = None,
    strict: bool = False,
    today: date | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> History:
    """The last full periods up to a day, and that day. Raises any SegmentationError.

    Who names personas or dimensions gets these only. With `strict` a warning is an error: then no
    file is written.
    """
    ends = _ends(every, last)
    for name in dimensions:
        if name not in rules.dimensions:
            raise RulesError(_no_dimension(name, rules))
    refuse_read(csv, "--csv", rules)
    today = today or today_in(rules.timezone)
    request = Request(
        rules,
        today,
        day_of(as_of, today),
        tuple(personas),
        stdin=None if sys.stdin is None else sys.stdin.buffer,
        strict=strict,
        only=(SPEND, *_asked(rules, personas, dimensions)),
    )
    found = history(request, ends, progress)
    if csv is not None:
        write_csv(found, csv)
    return found


def _asked(rules: Rules, personas: Sequence[str], dimensions: Sequence[str]) -> Sequence[str]:
    """The names that are computed; personas are narrowed by the request itself.

    Those above them in the waterfall must be known, too.
    """
    everything = not personas and not dimensions
    ours = tuple(rules.dimensions) if everything else tuple(dimensions)
    return (*ours, *(rules.personas if personas or everything else ()))


def _ends(every: str, last: int) -> Ends:
    if every not in EVERY:
        what = f"--every {every}: there is no such period"
        raise RulesError(Problem(what, mend=f"One of: {', '.join(EVERY)}."))
    if not 1 <= last <= MOST:
        what = f"--last {last}: a history has 1 to {MOST} periods"
        raise RulesError(Problem(what, mend="Give a number such as 12."))
    return Ends(every, last)


def _no_dimension(name: str, rules: Rules) -> Problem:
    near = nearest(name, rules.dimensions)
    hint = f"Nearest: {near}. " if near else ""
    known = f"There are: {', '.join(rules.dimensions)}." if rules.dimensions else "There are none."
    return Problem(f"there is no dimension {quoted(name)}", rules.document.name, f"{hint}{known}")
