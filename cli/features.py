"""`segment features`: the catalogue."""

from __future__ import annotations

from typing import Any, Final

from . import options
from .command import Command


def features(as_json: options.Json = False) -> None:
    """List the built-in features.

    With meaning, unit, range, and when each is missing.

    segment features --json
    """
    from segmentation.rules.catalogue import CATALOGUE

    from .output_rules import print_features

    print_features(tuple(CATALOGUE), as_json=as_json)


def _results() -> tuple[Any, ...]:
    from .results import FeatureList

    return (FeatureList,)


COMMAND: Final = Command("features", features, _results)
