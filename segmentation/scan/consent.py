"""Columns of customers that `suppress` names and the data lacks: seen before any row is read.

What the rows themselves lack is for `suppression`.
"""

from __future__ import annotations

from collections.abc import Collection

from segmentation.messages.errors import InputError, Problem, listed, nearest
from segmentation.rules.catalogue import CATALOGUE
from segmentation.rules.checking.names import who_is
from segmentation.rules.checking.no_features import why_nothing
from segmentation.rules.conditions import fields
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Rules
from segmentation.sources import Table
from segmentation.sources.settings import IN_RULES
from segmentation.sources.unnamed import unnamed


def check_columns(
    rules: Rules, attributes: Collection[str] | None, customers: Table | None = None
) -> None:
    """Raise InputError for columns of customers that `suppress` names and the data lacks.

    `attributes` is None where there are no customers. What looks like a misspelt feature is left
    to the check of names. Each column is told once, with every rule that compares it.
    """
    if rules.adhoc:
        return  # rules that do not fit files of the command line are left out, with a warning
    problems = [
        _problem(rules, name, attributes or (), customers)
        for name in _missing(rules, attributes or ())
    ]
    if problems:
        raise InputError(*problems)


def _missing(rules: Rules, attributes: Collection[str]) -> list[str]:
    own = (*CATALOGUE.names(), *rules.features, *rules.dimensions, *rules.personas)
    named = dict.fromkeys(name for condition in rules.suppress for name in fields(condition))
    return [
        name
        for name in named
        if not isinstance(name, Measure)
        and name not in attributes
        and CATALOGUE.find(name) is None
        and not nearest(name, own)
    ]


def _problem(
    rules: Rules, name: str, attributes: Collection[str], customers: Table | None
) -> Problem:
    by = [path for path, condition in rules.conditions() if name in {*fields(condition)}]
    by.sort(key=lambda path: path[0] != "suppress")
    why, near = unnamed(customers, name), nearest(name, attributes)
    settings = IN_RULES if customers is None else customers.settings
    hint = why_nothing(name) or (f"Nearest: {near}." if near else "")
    lacks = f'customers have no column "{name}"' if why is None else why.what
    also = f" ({listed([who_is(path) for path in by[1:]])} need it, too)" if by[1:] else ""
    return Problem(
        f"{who_is(by[0])}: {lacks}, so it cannot be known who must not be written to{also}",
        rules.where(by[0]),
        f"{hint} {settings.attribute()}, or remove the rule.".lstrip() if why is None else why.mend,
    )
