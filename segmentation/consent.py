"""Columns of customers that `suppress` names and the data lacks: seen before any row is read.

What the rows themselves lack is for `suppression`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from segmentation.config.catalogue import CATALOGUE
from segmentation.config.check import why_nothing
from segmentation.config.conditions import fields
from segmentation.config.measures import Measure
from segmentation.config.rules import Rules
from segmentation.errors import InputError, Problem, nearest


def check_columns(rules: Rules, attributes: Collection[str] | None) -> None:
    """Raise InputError for columns of customers that `suppress` names and the data lacks.

    `attributes` is None where there are no customers. What looks like a misspelt feature is left
    to the check of names.
    """
    if rules.adhoc:
        return  # rules that do not fit files of the command line are left out, with a warning
    problems = list(_missing(rules, attributes or ()))
    if problems:
        raise InputError(*problems)


def _missing(rules: Rules, attributes: Collection[str]) -> Iterator[Problem]:
    own = (*CATALOGUE.names(), *rules.features, *rules.dimensions, *rules.personas)
    for i, condition in enumerate(rules.suppress):
        for name in fields(condition):
            if isinstance(name, Measure) or name in attributes or CATALOGUE.find(name) is not None:
                continue
            if nearest(name, own):
                continue
            near = nearest(name, attributes)
            hint = why_nothing(name) or (f"Nearest: {near}." if near else "")
            yield Problem(
                f'suppress rule {i + 1}: customers have no column "{name}", so it cannot be known '
                "who must not be written to", rules.where(("suppress", i)),
                f"{hint} Map it under sources: customers, or remove the rule.".lstrip(),
            )  # fmt: skip
