"""How the commands about rules show theirs: `validate`, `test`, `features` and `init`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from segmentation.errors import Problem, SegmentationError, counted

from .output import JSON_VERSION, annotation, print_error, say, show, show_json

if TYPE_CHECKING:
    from segmentation.config.lint import Finding
    from segmentation.proof import Verdict


def print_unreadable(config: Any, error: SegmentationError, *, as_json: bool) -> None:
    """The mistakes of a file that is not rules, and how many they are."""
    print_error(error, as_json=as_json)
    inside = [p for p in error.problems if re.search(r":\d+:\d+$", p.where)]
    if inside:
        say(f"{config}: {counted(len(inside), 'mistake')}.")


def print_validated(
    rules: Any,
    found: Sequence[Finding],
    error: SegmentationError | None,
    *,
    note: str,
    as_json: bool,
) -> None:
    """What is found in a file of rules; `error` is what the findings amount to, if anything."""
    warnings = [f.problem for f in found if f.severity == "warning"]
    if as_json:
        failed = {} if error is None else {
            "exit_code": error.exit_code, "error": error.kind, "problems": [vars(p) for p in error.problems],
        }  # fmt: skip
        show_json({"version": JSON_VERSION, "command": "validate", "ok": error is None, **failed,
                   "notes": [note] if note else [], "warnings": [vars(p) for p in warnings]})  # fmt: skip
    if note:
        say(f"note: {note}")
    for one in found:
        problem = one.problem
        what = problem.what if one.severity == "error" else f"warning: {problem.what}"
        say(str(Problem(what, problem.where, problem.mend)))
        if os.environ.get("GITHUB_ACTIONS"):
            say(annotation(problem, one.severity))
    parts = (counted(len(rules.personas), "persona"), counted(len(rules.dimensions), "dimension"))
    said = f"{rules.document.name}: {', '.join(parts)}, {_counted(found)}."
    if error is not None:
        say(said)
    elif not as_json:
        show(said)


def _counted(found: Sequence[Finding]) -> str:
    """How many mistakes and warnings: `1 mistake, 2 warnings`."""
    errors = sum(f.severity == "error" for f in found)
    warnings = len(found) - errors
    said = [counted(n, word) for n, word in ((errors, "mistake"), (warnings, "warning")) if n]
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
