"""The Typer application, and every command by its name."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, Final

import typer

from .command import Command
from .plain_values import PlainCommand, PlainGroup
from .stored_help import VERSION_LINE

# Polars' allocator gives memory back at once and takes it again: some of a run's time. To keep it for
# longer than this saves no more, and 40 % of memory is then what nobody uses.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{os.cpu_count() or 1},dirty_decay_ms:2000")
# NumPy's algebra starts threads when it is imported, a third of that time; no matrix of ours needs them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: what commands are for, as --help heads them -> their names, which are those of their modules
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Write rules": ("init", "validate", "test", "features", "schema"),
    "Run them": ("run",),
    "Look back": ("history",),
    "Learn from the past": ("value",),
}
#: every command, in the order of --help
COMMANDS: Final = tuple(name for group in GROUPS.values() for name in group)


def command_of(name: str) -> Command:
    """The command of a name, out of its module: those that nobody asks for are not imported."""
    command: Command = import_module(f".{name}", __package__).COMMAND
    return command


class GroupedCommands(PlainGroup):
    """All commands; --help lists them under what they are for, in one column."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section for each group."""
        width = max(map(len, self.commands))
        limit = formatter.width - width - 4
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(n.ljust(width), self.commands[n].get_short_help_str(limit)) for n in names]
                )


@functools.cache
def application(named: str | None = None) -> typer.Typer:
    """All commands, or that of this name alone: none is made in vain when the command line names one."""
    app = typer.Typer(
        name="segment",
        cls=GroupedCommands,
        help="Turn a retailer's files into persona audiences.\n\nStart: segment init DIR, then segment run.",
        no_args_is_help=True,
        rich_markup_mode=None,  # rich markup swallows [csv] in help texts
        pretty_exceptions_enable=False,  # pretty tracebacks print customers' data
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in COMMANDS if named is None else (named,):
        app.command(name, cls=PlainCommand)(command_of(name).call)
    return app


def _version(value: bool) -> None:
    if value:
        typer.echo(VERSION_LINE)
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that come before the command."""
