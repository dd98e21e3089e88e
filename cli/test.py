"""`segment test`: persona tests, without data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from . import options
from .command import Command


def prove(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]...",
            show_default=False,
            help="Persona tests; default: those beside the rules, *.test.yaml.",
        ),
    ] = None,
    config: options.Config = options.DEFAULT_CONFIG,
    junit: Annotated[Path | None, options.file_to_write("--junit", "Write JUnit XML too.")] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Play invented customers through the rules.

    Does each land where you expect?

    segment test personas.test.yaml --junit results.xml
    """
    from segmentation import persona_tests

    from .output_rules import print_tested

    verdicts = persona_tests.prove(config, tuple(files or ()), junit)
    if junit is not None:
        persona_tests.write_junit(junit, verdicts)
    print_tested(verdicts, as_json=as_json, quiet=quiet)
    if not all(v.passed for v in verdicts):
        raise typer.Exit(1)


def _results() -> tuple[Any, ...]:
    from .results import Tested

    return (Tested,)


COMMAND: Final = Command("test", prove, _results)
