"""The Typer application: every command by its name."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from segmentation.version import VERSION

from . import features, init, run, schema, test, validate, value

# Polars' allocator gives memory back at once and takes it again: a tenth of a run's processor time.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{os.cpu_count() or 1},dirty_decay_ms:20000")

#: every command, in the order of --help
COMMANDS: Final = (
    run.COMMAND,
    validate.COMMAND,
    test.COMMAND,
    value.COMMAND,
    features.COMMAND,
    schema.COMMAND,
    init.COMMAND,
)

app = typer.Typer(
    name="segment",
    help="Turn a retailer's files into persona audiences.\n\nStart: segment init DIR, then segment run.",
    no_args_is_help=True,
    rich_markup_mode=None,  # rich markup swallows [csv] in help texts
    pretty_exceptions_enable=False,  # pretty tracebacks print customers' data
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command(command.name)(command.call)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"segment {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that come before the command."""
