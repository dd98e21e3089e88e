"""`segment init`: a starter folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from . import options
from .command import Command


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="The folder to write into.", parser=options.folder_of("DIR")
        ),
    ],
    as_json: options.Json = False,
) -> None:
    """Write a starter: commented rules and sample data.

    segment init shop && cd shop && segment run
    """
    from segmentation.messages.errors import visible
    from segmentation.publish.starter import write_starter

    from .output_rules import print_started

    files = write_starter(folder)
    ctx.obj.keep(f"the starter was written to {visible(str(folder))}")
    print_started(folder, files, as_json=as_json)


def _results() -> tuple[Any, ...]:
    from .results import Started

    return (Started,)


COMMAND: Final = Command("init", init, _results)
