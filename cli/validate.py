"""`segment validate`: check the rules without data."""

from __future__ import annotations

from typing import Annotated

import typer

from . import options


def validate(
    config: options.Config = options.DEFAULT_CONFIG,
    strict: Annotated[
        bool, typer.Option("--strict", help="Warnings are failures too (exit code 1).")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Find mistakes in personas.yaml, and what can never match.

    Reads no data; at the most the header of customers.

    segment validate --strict
    """
    from segmentation.config.check import problems
    from segmentation.config.headers import attributes_of, on_trust
    from segmentation.config.lint import Finding, failure, findings
    from segmentation.config.reading import read_rules
    from segmentation.errors import RulesError

    from .output_rules import print_unreadable, print_validated

    try:
        rules = read_rules(config)
    except RulesError as wrong:
        print_unreadable(config, wrong, as_json=as_json)
        raise typer.Exit(wrong.exit_code) from None
    names = [Finding("error", p) for p in problems(rules, attributes=attributes_of(rules))]
    found = names or findings(rules)
    error = failure(found, strict=strict)
    print_validated(rules, found, error, note=on_trust(rules), as_json=as_json)
    if error is not None:
        raise typer.Exit(error.exit_code)
