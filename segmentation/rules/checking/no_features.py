"""Names that are no features, and what is written in their place."""

from __future__ import annotations

from typing import Final

from segmentation.rules.catalogue import CATALOGUE, SHARE_OF_DEPARTMENT, Feature
from segmentation.rules.measures import PURCHASE
from segmentation.rules.scalars import Values
from segmentation.rules.yaml.flow import flow

KEY: Final = "customer_id"


def why_nothing(name: str) -> str:
    """How to mend a name that is no feature whatever the data is; empty where it might be one.

    >>> why_nothing("customer_id"), why_nothing("vip")
    ('customer_id is the first column of every file, and no feature.', '')
    """
    if name == KEY:
        return f"{KEY} is the first column of every file, and no feature."
    if name.startswith("_"):
        return (
            "Names that begin with _ are the tool's own: give a column another name under sources: "
            "customers: columns."
        )
    return ""


def of_lines(name: str, values: Values) -> str:
    """How to mend the name of a column of order lines; empty where it is none that features tell of.

    >>> of_lines("department", ("Men",))
    'It is a column of order lines: compare top_department or department_share.Men, \
or ask for lines, did: {event: purchase, where: {department: Men}}.'
    """
    made = [f.name for f in CATALOGUE if _tells(f, name)]
    if not made or not all(isinstance(value, str) for value in values):
        return ""
    if not values:
        return f"It is a column of order lines: name {made[0]}."
    one = values[0] if len(values) == 1 else values
    compared = " or ".join([*made, f"{SHARE_OF_DEPARTMENT}{values[0]}"])
    lines = f"did: {flow({'event': PURCHASE, 'where': {name: one}})}"
    return f"It is a column of order lines: compare {compared}, or ask for lines, {lines}."


def _tells(feature: Feature, column: str) -> bool:
    """Whether a feature is one of the values of a column of lines."""
    measure = feature.measure
    return measure is not None and measure.aggregate == "top" and measure.column == column
