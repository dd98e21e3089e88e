"""What `--json` prints under `result`, for the commands whose engine has no result of its own."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.dataclass import dataclass


@dataclass(frozen=True)
class Stopped:
    """Of a command that notices stopped: what to write in the rules where they are meant."""

    doors: str


@dataclass(frozen=True)
class Validated:
    """How large the rules are, and how much is wrong with them."""

    file: str
    personas: int
    dimensions: int
    mistakes: int
    warnings: int


@dataclass(frozen=True)
class CaseFailure:
    """One thing that was expected of a case and is not so; `reasons` are what decided it."""

    what: str
    reasons: Sequence[str]


@dataclass(frozen=True)
class TestedCase:
    """The verdict on one case, where it stands, and why it matters."""

    file: str | None
    line: int | None
    column: int | None
    case: str
    ok: bool
    because: str
    failures: Sequence[CaseFailure]


@dataclass(frozen=True)
class Tested:
    """The verdicts of persona tests, in the order of the files."""

    passed: int
    failed: int
    cases: Sequence[TestedCase]


@dataclass(frozen=True)
class FeatureRow:
    """One built-in feature: what it means, and the columns that it needs."""

    name: str
    meaning: str
    unit: str
    range: str
    missing: str
    needs: Sequence[str]


@dataclass(frozen=True)
class FeatureList:
    """The catalogue of built-in features."""

    features: Sequence[FeatureRow]


@dataclass(frozen=True)
class Started:
    """A starter folder, the files that were written into it, and what of them a person has to decide."""

    folder: str
    files: Sequence[str]
    undecided: Sequence[str] = ()
