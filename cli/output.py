"""The one module that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from segmentation.errors import Problem, SegmentationError

if TYPE_CHECKING:
    from typer.exceptions import TyperException

    from segmentation.config.lint import Finding
    from segmentation.job import RunResult
    from segmentation.proof import Verdict
    from segmentation.summary import Summary

JSON_VERSION = 1
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STEPS = {
    "read": "opening the files", "measure": "measuring customers", "fit": "fitting thresholds",
    "describe": "describing customers", "match": "matching personas", "account": "counting rows",
    "publish": "publishing",
}  # fmt: skip


def clean(text: str) -> str:
    """Text from data without control characters, which could steer a terminal."""
    return _CONTROL.sub("?", text)


def say(text: str) -> None:
    """One line for people, on stderr."""
    sys.stderr.write(clean(text) + "\n")


def show(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(clean(text) + "\n")


def show_json(body: dict[str, Any]) -> None:
    """A result for programs, on stdout: one JSON object."""
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n")


def print_error(error: SegmentationError, *, as_json: bool) -> None:
    """An error of the user's: every problem; as JSON too when that was asked for."""
    if as_json:
        problems = [{"what": p.what, "where": p.where, "mend": p.mend} for p in error.problems]
        show_json({"version": JSON_VERSION, "ok": False, "exit_code": error.exit_code,
                   "error": error.kind, "problems": problems})  # fmt: skip
    say("\n".join(str(p) for p in error.problems))
    if os.environ.get("GITHUB_ACTIONS"):
        for problem in error.problems:
            say(_annotation(problem))


def _annotation(problem: Problem, level: str = "error") -> str:
    """A problem as GitHub shows it beside the line."""
    found = re.fullmatch(r"(.+?):(\d+):(\d+)", problem.where)
    at = f" file={found[1]},line={found[2]},col={found[3]}" if found else ""
    text = problem.what.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level}{at}::{text}"


def print_misuse(error: TyperException, *, as_json: bool) -> None:
    """A command line that cannot be parsed: what is wrong, and how it is used."""
    if as_json:
        show_json({"version": JSON_VERSION, "ok": False, "exit_code": error.exit_code, "error": "usage",
                   "problems": [{"what": error.format_message(), "where": "", "mend": ""}]})  # fmt: skip
    error.show()  # type: ignore[attr-defined]  # every error that Typer raises itself has it


def print_interrupted(*, as_json: bool) -> None:
    """Ctrl-C, or the signal of a scheduler."""
    what = "interrupted, nothing was published"
    if as_json:
        show_json({"version": JSON_VERSION, "ok": False, "exit_code": 130, "error": "interrupted",
                   "problems": [{"what": what, "where": "", "mend": ""}]})  # fmt: skip
    say(f"segment: {what}")


def print_bug(error: Exception, *, as_json: bool) -> None:
    """A bug of ours: its kind and place, never the data that was in it."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code if frame is not None else None
    place = (
        f"{code.co_qualname}:{frame.tb_lineno}" if code is not None and frame is not None else "?"
    )
    what = f"this is a bug of segment: {type(error).__name__} in {place}"
    if as_json:
        show_json({"version": JSON_VERSION, "ok": False, "exit_code": 70, "error": "internal",
                   "problems": [{"what": what, "where": "", "mend": ""}]})  # fmt: skip
    say(f"{what}\n  Nothing was published. SEGMENT_DEBUG=1 shows the details.")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A display that names the step that runs, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting", spinner="dots") as status:
        yield lambda step: status.update(f"{_STEPS.get(step, step)} …")


def print_run(result: RunResult, *, as_json: bool, quiet: bool) -> None:
    """A run: the table on stdout, what was guessed and what is wrong on stderr."""
    if as_json:
        show_json(result.to_json())
        return
    if quiet:
        return
    for note in result.notes:
        say(f"note: {note}")
    for warning in result.warnings:
        say(f"warning: {warning}")
    ending = "" if result.customers == 1 else "s"
    show(f"{result.customers:,} customer{ending} as of {result.as_of}\n")
    show(table(_HEAD, [_cells(p) for p in result.personas]))
    show(f"\nWritten to {result.folder}" if result.folder else "\nDry run: nothing was written.")


_HEAD = ("persona", "matched", "exported", "customers", "spend", "avg order", "recency")


def _cells(one: Summary) -> tuple[str, ...]:
    return (
        one.name, f"{one.matched:,}", f"{one.exported:,}", percent(one.share_of_customers),
        percent(one.share_of_spend),
        "–" if one.average_order_value is None else f"{one.average_order_value:,.2f}",
        "–" if one.median_recency_days is None else f"{one.median_recency_days:,.0f} d",
    )  # fmt: skip


def percent(share: float | None) -> str:
    """A share as people read it: 12.3 %, or a dash when there is none."""
    return "–" if share is None else f"{share:.1%}".replace("%", " %")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns, the first to the left, the others to the right.

    >>> print(table(("persona", "matched"), [("vip", "1,200"), ("new", "7")]))
    persona  matched
    vip        1,200
    new            7
    """
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths, strict=True)))
        for r in (head, *rows)
    ]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def print_validated(
    rules: Any, found: Sequence[Finding], error: SegmentationError | None, *, as_json: bool
) -> None:
    """What lint finds in a file of rules; `error` is what the findings amount to, if anything."""
    warnings = [f.problem for f in found if f.severity == "warning"]
    if as_json:
        failed = {} if error is None else {
            "exit_code": error.exit_code, "error": error.kind, "problems": [vars(p) for p in error.problems],
        }  # fmt: skip
        show_json({"version": JSON_VERSION, "command": "validate", "ok": error is None, **failed,
                   "warnings": [vars(p) for p in warnings]})  # fmt: skip
    for one in found:
        problem = one.problem
        what = problem.what if one.severity == "error" else f"warning: {problem.what}"
        say(str(Problem(what, problem.where, problem.mend)))
        if os.environ.get("GITHUB_ACTIONS"):
            say(_annotation(problem, one.severity))
    counted = f"{len(rules.personas)} personas, {len(rules.dimensions)} dimensions"
    said = f"{rules.document.name}: {counted}, {_counted(found)}."
    if error is not None:
        say(said)
    elif not as_json:
        show(said)


def _counted(found: Sequence[Finding]) -> str:
    """How many mistakes and warnings: `1 mistake, 2 warnings`."""
    errors = sum(f.severity == "error" for f in found)
    warnings = len(found) - errors
    said = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "mistake"), (warnings, "warning")) if n]
    return ", ".join(said) if errors else ", ".join(["no mistakes", *said])


def print_tested(verdicts: Sequence[Verdict], *, as_json: bool, quiet: bool) -> None:
    """Persona tests as a test runner shows them: every case, and what decided a failure."""
    failed = sum(not v.passed for v in verdicts)
    if as_json:
        show_json({"version": JSON_VERSION, "command": "test", "ok": not failed,
                   "passed": len(verdicts) - failed, "failed": failed,
                   "cases": [_verdict(v) for v in verdicts]})  # fmt: skip
        return
    suite = ""
    for verdict in verdicts:
        if verdict.suite != suite and not (quiet and verdict.passed):
            show(suite := verdict.suite)
        _print_case(verdict, quiet=quiet)
    if not quiet or failed:
        show(f"\n{len(verdicts) - failed} passed, {failed} failed")


def _print_case(verdict: Verdict, *, quiet: bool) -> None:
    from segmentation.proof import told

    if not verdict.passed:
        show(f"  FAIL  {verdict.case.name}  ({verdict.case.where})")
        for line in told(verdict):
            show(f"          {line}")
    elif not quiet:
        show(f"  pass  {verdict.case.name}")


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "file": verdict.suite, "case": verdict.case.name, "where": verdict.case.where,
        "ok": verdict.passed, "because": verdict.case.because,
        "failures": [{"what": f.what, "reasons": list(f.reasons)} for f in verdict.failures],
    }  # fmt: skip


def print_features(features: Sequence[Any], *, as_json: bool) -> None:
    """The catalogue of features."""
    if as_json:
        rows = [{"name": f.name, "meaning": f.meaning, "unit": f.unit, "range": f.span,
                 "missing": f.missing, "needs": list(f.needs)} for f in features]  # fmt: skip
        show_json({"version": JSON_VERSION, "command": "features", "ok": True, "features": rows})
        return
    for f in features:
        unit = f"{f.unit}, " if f.unit else ""
        show(f"{f.name}\n  {f.meaning}\n  {unit}{f.span}; missing when: {f.missing}"
             + (f"; needs {', '.join(f.needs)}" if f.needs else ""))  # fmt: skip


def print_started(folder: Any, files: Sequence[Any]) -> None:
    """A starter folder."""
    show(f"{len(files)} files written to {folder}. Next: cd {folder} && segment run")
