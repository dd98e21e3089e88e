"""How many examples a property draws: all of them under `-m deep`, a quarter under plain pytest."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import HealthCheck, settings

PART = 4  # of which plain pytest draws one
LEAST = 3
is_deep = False  # conftest says so before tests are imported


def many(examples: int) -> int:
    """So many examples, or the part of them that plain pytest draws.

    >>> many(100), many(5)
    (25, 3)
    """
    return examples if is_deep else max(examples // PART, min(examples, LEAST))


def drawn(examples: int, *, without: Collection[HealthCheck] = ()) -> settings:
    """The settings of a property that draws so many examples in all."""
    return settings(max_examples=many(examples), suppress_health_check=list(without))
