"""Verdicts as JUnit XML, which every CI shows beside the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from segmentation.messages.errors import OutputError, Problem
from segmentation.persona_tests.judge import Verdict
from segmentation.system.plain_files import write_private

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


def write_junit(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Write the verdicts to a private file. Raises OutputError."""
    root = ET.Element("testsuites", {"name": "segment test", **_counts(verdicts)})
    for name, group in groupby(verdicts, key=lambda v: v.suite):
        _suite(root, name, list(group))
    ET.indent(root)
    try:
        write_private(path, ET.tostring(root, encoding="utf-8", xml_declaration=True))
    except OSError as error:
        raise OutputError(
            Problem(
                f"this file cannot be written: {error.strerror}",
                str(path),
                "Name another with --junit.",
            )
        ) from None


def _counts(verdicts: Iterable[Verdict]) -> dict[str, str]:
    found = [v.passed for v in verdicts]
    return {"tests": str(len(found)), "failures": str(found.count(False)), "errors": "0"}


def _suite(root: ET.Element, name: str, verdicts: Sequence[Verdict]) -> None:
    suite = ET.SubElement(root, "testsuite", {"name": _text(name), **_counts(verdicts)})
    for verdict in verdicts:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=_text(Path(name).name.partition(".")[0]),
            name=_text(verdict.case.name),
            file=_text(verdict.case.where.file),
            line=str(verdict.case.where.line),
        )
        if not verdict.passed:
            first = verdict.failures[0]
            failure = ET.SubElement(case, "failure", message=_text(first.what))
            failure.text = _text("\n".join(told(verdict)))


def told(verdict: Verdict) -> list[str]:
    """A failed case in lines: what was expected, what decided it, and why it matters."""
    lines = []
    for failure in verdict.failures:
        lines += [failure.what, *(f"  {reason}" for reason in failure.reasons)]
    because = verdict.case.because
    return [*lines, f"because {because}"] if because else lines


def _text(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
