"""How the commands about rules show theirs: `validate`, `test`, `features` and `init`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from segmentation.errors import RulesError, SegmentationError, counted, shell_word, visible

from .output import JSON_VERSION, print_notices, print_problems, say, show, show_json
from .output_failure import failure_of, print_error

if TYPE_CHECKING:
    from segmentation.notices import Notice
    from segmentation.persona_tests import Verdict
    from segmentation.rules.ruleset import Rules


def print_unreadable(config: Any, error: SegmentationError, *, as_json: bool) -> None:
    """The mistakes of a file that is not rules, and how many they are."""
    print_error(error, as_json=as_json)
    inside = [p for p in error.problems if re.search(r":\d+:\d+$", p.where)]
    if inside:
        say(f"{visible(str(config))}: {counted(len(inside), 'mistake')}.")


def print_validated(
    rules: Rules, notices: Sequence[Notice], error: SegmentationError | None, *, as_json: bool
) -> None:
    """What there is to say of a file of rules; `error` is what it amounts to, if anything."""
    if as_json:
        failed = {} if error is None else failure_of(error)
        show_json({"version": JSON_VERSION, "command": "validate", "ok": True, **failed,
                   "notices": [n.to_json() for n in notices]})  # fmt: skip
    print_notices(notices)
    if error is not None:
        told = {n.problem() for n in notices}
        print_problems(p for p in error.problems if p not in told)
    parts = (counted(len(rules.personas), "persona"), counted(len(rules.dimensions), "dimension"))
    said = f"{visible(rules.document.name)}: {', '.join(parts)}, {_counted(notices, error)}."
    if error is not None:
        say(said)
    elif not as_json:
        show(said)


def _counted(notices: Sequence[Notice], error: SegmentationError | None) -> str:
    """How many mistakes and warnings: `1 mistake, 2 warnings`; what a level forbids is a warning."""
    mistakes = error.problems if isinstance(error, RulesError) else ()
    warnings = [n for n in notices if n.level != "info" and n.problem() not in mistakes]
    numbers = ((len(mistakes), "mistake"), (len(warnings), "warning"))
    said = [counted(n, word) for n, word in numbers if n]
    return ", ".join(said) if mistakes else ", ".join(["no mistakes", *said])


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
            show(visible(suite := verdict.suite))
        _print_case(verdict, quiet=quiet)
    if not quiet or failed:
        show(f"\n{len(verdicts) - failed} passed, {failed} failed")


def _print_case(verdict: Verdict, *, quiet: bool) -> None:
    from segmentation.persona_tests import told

    if not verdict.passed:
        show(f"  FAIL  {visible(verdict.case.name)}  ({visible(verdict.case.where)})")
        for line in told(verdict):
            show(f"          {line}")
    elif not quiet:
        show(f"  pass  {visible(verdict.case.name)}")


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
    show(
        f"{len(files)} files written to {visible(str(folder))}. Next: cd {shell_word(str(folder))} && segment run"
    )
