"""Persona tests: invented customers in YAML, played through the rules, and the verdict on each."""

from __future__ import annotations

from pathlib import Path

from segmentation.config.check import check_names
from segmentation.config.headers import attributes_of
from segmentation.config.reading import read_rules
from segmentation.proof.judge import Failure, Verdict, judged
from segmentation.proof.junit import told, write_junit
from segmentation.proof.reading import files_beside, read_suites
from segmentation.proof.vocabulary import vocabulary

__all__ = ["Failure", "Verdict", "prove", "told", "write_junit"]


def prove(config: Path, files: tuple[Path, ...] = ()) -> list[Verdict]:
    """A verdict on each case of the files, or of those beside the rules. Raises RulesError."""
    rules = read_rules(config)
    check_names(rules, attributes=attributes_of(rules))
    words = vocabulary(rules)
    suites = read_suites(files or files_beside(config), rules, words)
    return [verdict for suite in suites for verdict in judged(suite, rules, words)]
