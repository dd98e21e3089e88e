"""How the commands about rules show theirs: `validate`, `test`, `features` and `init`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from segmentation.messages.errors import (
    Location,
    Problem,
    RulesError,
    SegmentationError,
    counted,
    shell_word,
    visible,
)
from segmentation.messages.notices import Notice

from .envelope import notices_of
from .github import findings, markdown_table
from .output import (
    print_annotations,
    print_notices,
    say,
    show,
    show_envelope,
    show_json,
    summarise,
)
from .output_failure import print_error
from .results import CaseFailure, FeatureList, FeatureRow, Started, Tested, TestedCase, Validated

if TYPE_CHECKING:
    from segmentation.persona_tests import Verdict
    from segmentation.rules.ruleset import Rules

FAILED_CASE: Final = "failed-case"  # what a failed test is called, beside the kinds of errors


def print_unreadable(config: Any, error: SegmentationError, *, as_json: bool) -> None:
    """The mistakes of a file that is not rules, and how many they are."""
    print_error("validate", error, as_json=as_json)
    inside = [p for p in dict.fromkeys(error.problems) if isinstance(p.where, Location)]
    if inside:
        say(f"{visible(str(config))}: {counted(len(inside), 'mistake')}.")


def print_validated(
    rules: Rules, notices: Sequence[Notice], error: SegmentationError | None, *, as_json: bool
) -> None:
    """What there is to say of a file of rules; `error` is what it amounts to, if anything."""
    every = tuple(notices) if error is None else notices_of(error, notices)
    numbers = _numbers(every, error)
    if as_json:
        result = Validated(
            rules.document.name, len(rules.personas), len(rules.dimensions), *numbers
        )
        show_envelope("validate", result, every, exit_code=0 if error is None else error.exit_code)
    print_notices(every)
    parts = (counted(len(rules.personas), "persona"), counted(len(rules.dimensions), "dimension"))
    said = f"{visible(rules.document.name)}: {', '.join(parts)}, {_counted(*numbers)}."
    if error is not None:
        say(said)
    elif not as_json:
        show(said)
    summarise(f"segment validate: {said}", findings(every))


def _numbers(every: Sequence[Notice], error: SegmentationError | None) -> tuple[int, int]:
    """How many mistakes and warnings; what a level forbids is a warning."""
    mistakes = dict.fromkeys(error.problems if isinstance(error, RulesError) else ())
    warnings = [n for n in every if n.level != "info" and n.problem() not in mistakes]
    return len(mistakes), len(warnings)


def _counted(mistakes: int, warnings: int) -> str:
    """`1 mistake, 2 warnings`; that there are no mistakes is always said."""
    numbers = ((mistakes, "mistake"), (warnings, "warning"))
    said = [counted(n, word) for n, word in numbers if n]
    return ", ".join(said) if mistakes else ", ".join(["no mistakes", *said])


def print_tested(verdicts: Sequence[Verdict], *, as_json: bool, quiet: bool) -> None:
    """Persona tests as a test runner shows them: every case, and what decided a failure."""
    failed = sum(not v.passed for v in verdicts)
    notices = [one for verdict in verdicts for one in _failed(verdict)]
    told = f"{len(verdicts) - failed} passed, {failed} failed"
    if as_json:
        result = Tested(len(verdicts) - failed, failed, [_tested(v) for v in verdicts])
        show_envelope("test", result, notices, exit_code=int(bool(failed)))
    else:
        _print_cases(verdicts, quiet=quiet)
        if not quiet or failed:
            show(f"\n{told}")
    print_annotations(notices)
    failed_first = sorted(verdicts, key=lambda v: v.passed)
    rows = [("passed" if v.passed else "failed", v.suite, v.case.name) for v in failed_first]
    summarise(f"segment test: {told}", markdown_table(("verdict", "file", "case"), rows))


def _failed(verdict: Verdict) -> list[Notice]:
    """What is not as a case expects, as notices at its place."""
    return [
        Notice(
            FAILED_CASE,
            "error",
            f"{verdict.case.name}: {failure.what}"
            + (f" ({'; '.join(failure.reasons)})" if failure.reasons else ""),
            verdict.case.where,
        )
        for failure in verdict.failures
    ]


def _tested(verdict: Verdict) -> TestedCase:
    at = verdict.case.where
    return TestedCase(
        at.file,
        at.line,
        at.column,
        verdict.case.name,
        verdict.passed,
        verdict.case.because,
        [CaseFailure(f.what, f.reasons) for f in verdict.failures],
    )


def _print_cases(verdicts: Sequence[Verdict], *, quiet: bool) -> None:
    suite = ""
    for verdict in verdicts:
        if verdict.suite != suite and not (quiet and verdict.passed):
            show(visible(suite := verdict.suite))
        _print_case(verdict, quiet=quiet)


def _print_case(verdict: Verdict, *, quiet: bool) -> None:
    from segmentation.persona_tests import told

    if not verdict.passed:
        show(f"  FAIL  {visible(verdict.case.name)}  ({visible(str(verdict.case.where))})")
        for line in told(verdict):
            show(f"          {line}")
    elif not quiet:
        show(f"  pass  {visible(verdict.case.name)}")


def print_features(features: Sequence[Any], *, as_json: bool) -> None:
    """The catalogue of features."""
    rows = [FeatureRow(f.name, f.meaning, f.unit, f.span, f.missing, f.needs) for f in features]
    if as_json:
        show_envelope("features", FeatureList(rows))
        return
    for f in rows:
        unit = f"{f.unit}, " if f.unit else ""
        show(
            f"{f.name}\n  {f.meaning}\n  {unit}{f.range}; missing when: {f.missing}"
            + (f"; needs {', '.join(f.needs)}" if f.needs else "")
        )


def print_schema(schema: dict[str, Any], *, as_json: bool) -> None:
    """A JSON Schema, as it is or in an envelope."""
    if as_json:
        show_envelope("schema", schema)
    else:
        show_json(schema)


def print_started(
    folder: Path, files: Sequence[Path], problems: Sequence[Problem] = (), *, as_json: bool
) -> None:
    """A starter folder, or rules for files of one's own; `problems` are left for a person to decide."""
    if as_json:
        undecided = [str(problem) for problem in problems]
        show_envelope("init", Started(str(folder), [str(f) for f in files], undecided))
        return
    is_here = str(folder) == "."
    there = "" if is_here else f"cd {shell_word(str(folder))} && "
    written = f"{len(files)} files written to {visible(str(folder))}."
    if not problems:
        show(f"{written} Next: {there}segment run")
        return
    show(f"{written} Before segment run, this is yours to decide, in personas.yaml:")
    for problem in problems:
        show(str(problem))
