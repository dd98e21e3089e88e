"""`segment validate`: check the rules without data."""

from __future__ import annotations

from . import options


def validate(
    config: options.Config = options.DEFAULT_CONFIG, as_json: options.Json = False
) -> None:
    """Check personas.yaml without reading data: every mistake with its line and column.

    segment validate --config personas.yaml
    """
    from segmentation.config.check import check_names
    from segmentation.config.headers import attributes_of
    from segmentation.config.rules import read_rules

    from .output import print_validated

    rules = read_rules(config)
    check_names(rules, attributes=attributes_of(rules))
    print_validated(rules, as_json=as_json)
