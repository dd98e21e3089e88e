"""Persona tests: invented customers in YAML, played through the rules, and the verdict on each."""

from __future__ import annotations

from pathlib import Path

from segmentation.persona_tests.judge import Failure, Verdict, judged
from segmentation.persona_tests.junit import told, write_junit
from segmentation.persona_tests.reading import files_beside, read_suites
from segmentation.persona_tests.vocabulary import vocabulary
from segmentation.publish.besides import refuse_read
from segmentation.rules.checking.csv_headers import attributes_of
from segmentation.rules.checking.names import check_names
from segmentation.rules.reading.reader import read_rules

__all__ = ["Failure", "Verdict", "prove", "told", "write_junit"]


def prove(config: Path, files: tuple[Path, ...] = (), junit: Path | None = None) -> list[Verdict]:
    """A verdict on each case of the files, or of those beside the rules; `junit` will be written.

    Raises RulesError.
    """
    rules = read_rules(config)
    check_names(rules, attributes=attributes_of(rules))
    words, files = vocabulary(rules), files or files_beside(config)
    refuse_read(junit, "--junit", rules, also=files)
    suites = read_suites(files, rules, words)
    return [verdict for suite in suites for verdict in judged(suite, rules, words)]
