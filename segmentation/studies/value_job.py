"""`segment value` as one call: the plane or the backtest, and its table as a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from segmentation.messages.errors import Problem, RulesError
from segmentation.publish.besides import refuse_read
from segmentation.rules.ruleset import Rules
from segmentation.rules.value_settings import YEAR, horizon_days
from segmentation.rules.windows import parse_date
from segmentation.scan.days import day_of
from segmentation.scan.prepare import Request
from segmentation.studies import backtest as past
from segmentation.studies import value_plane
from segmentation.studies.table_file import write_csv
from segmentation.studies.value_plane import ValueReport, value_rules
from segmentation.system.clock import today_in

Result = ValueReport | past.BacktestReport


def run(
    rules: Rules,
    *,
    as_of: date | str | None = None,
    backtest: bool = False,
    cutoff: str | None = None,
    horizon: str | None = None,
    seasonal: bool = False,
    csv: Path | None = None,
    strict: bool = False,
    today: date | None = None,
) -> Result:
    """The plane as of a day, or with `backtest` what it would have been worth. Raises any SegmentationError.

    With `strict` a warning is one: then no file is written.
    """
    asked = value_rules(rules, horizon_days=_days(horizon), seasonal=seasonal)
    if asked.value.seasonal and asked.value.horizon_days > YEAR:
        raise RulesError(
            Problem(
                f"a seasonal index needs a horizon of at the most {YEAR} days",
                mend="Give a shorter --horizon, or do without --seasonal.",
            )
        )
    if cutoff is not None and not backtest:
        raise RulesError(Problem("--cutoff goes with --backtest", mend="Add --backtest."))
    refuse_read(csv, "--csv", rules)
    stdin = None if sys.stdin is None else sys.stdin.buffer
    today = today or today_in(rules.timezone)
    request = Request(asked, today, day_of(as_of, today), stdin=stdin, strict=strict)
    found = past.run(request, cutoff=_day(cutoff)) if backtest else value_plane.report(request)
    if csv is not None:
        write_csv(found, csv)
    return found


def _days(horizon: str | None) -> int | None:
    try:
        return None if horizon is None else horizon_days(horizon)
    except ValueError as error:
        raise RulesError(Problem(f"--horizon: {error}")) from None


def _day(cutoff: str | None) -> date | None:
    found = parse_date(cutoff)
    if cutoff is not None and found is None:
        raise RulesError(
            Problem(f"--cutoff {cutoff}: this is not a date", mend="Write it as 2026-05-24.")
        )
    return found
