"""The `segment` command: registers the commands and turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from segmentation.errors import SegmentationError
from segmentation.version import VERSION

from . import features, init, run, schema, test, validate, value
from .options import wants_json

INTERNAL, INTERRUPTED = 70, 130

# Polars' allocator gives memory back at once and takes it again: a tenth of a run's processor time.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{os.cpu_count() or 1},dirty_decay_ms:20000")

app = typer.Typer(
    name="segment",
    help="Turn a retailer's files into persona audiences.\n\nStart: segment init DIR, then segment run.",
    no_args_is_help=True,
    rich_markup_mode=None,  # rich markup swallows [csv] in help texts
    pretty_exceptions_enable=False,  # pretty tracebacks print customers' data
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run.run)
app.command()(validate.validate)
app.command("test")(test.prove)  # linters take a function called test for a test
app.command()(value.value)
app.command()(features.features)
app.command()(schema.schema)
app.command()(init.init)


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


def main() -> None:
    """Run the command line; every way out has its own exit code (docs/exit-codes.md)."""
    sys.exit(_exit_code(as_json=wants_json(sys.argv)))


def _exit_code(*, as_json: bool) -> int:
    try:
        code = (
            app(standalone_mode=False) or 0
        )  # else Typer ends the process before --json can say why
    except SegmentationError as error:
        from .output_failure import print_error

        print_error(error, as_json=as_json)
        return error.exit_code
    except TyperException as error:
        from .output_failure import print_misuse

        print_misuse(error, as_json=as_json)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("SEGMENT_DEBUG"):
            raise
        from .output_failure import print_bug

        print_bug(error, as_json=as_json)
        return INTERNAL
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED:  # Typer turns Ctrl-C into this, too
        from .output_failure import print_interrupted

        print_interrupted(as_json=as_json)
    return int(code)
