"""`segment features`: the catalogue."""

from __future__ import annotations

from . import options


def features(as_json: options.Json = False) -> None:
    """List the built-in features.

    With meaning, unit, range, and when each is missing.

    segment features --json
    """
    from segmentation.rules.catalogue import CATALOGUE

    from .output_rules import print_features

    print_features(tuple(CATALOGUE), as_json=as_json)
