"""`segment init`: a starter folder, or rules for one's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from . import options
from .command import Command

if TYPE_CHECKING:
    from segmentation.rules.sources import TableName


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="The folder to write into; with --from the current one if it is not named.",
            parser=options.folder_of("DIR"),
            show_default=False,
        ),
    ] = None,
    transactions: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Transactions of your own: rules are written for them, not the starter; may be repeated.",
        ),
    ] = None,
    customers: options.Customers = None,
    products: options.Products = None,
    events: options.Events = None,
    reads: options.Read = None,
    as_json: options.Json = False,
) -> None:
    """Write a starter: commented rules and sample data; or rules for your own files.

    segment init shop && cd shop && segment run

    segment init --from orders.csv && segment run
    """
    from segmentation.messages.errors import visible

    from .output_rules import print_started

    given: dict[TableName, list[str]] = {
        "transactions": transactions or [],
        "customers": customers or [],
        "products": products or [],
        "events": events or [],
    }
    if transactions:
        from segmentation.pipeline.starting import start
        from segmentation.rules.reading.read_options import keys_of
        from segmentation.system.clock import today_in

        into = folder or Path()
        started = start(into, given, today_in("UTC"), keys_of(reads or ()))
        ctx.obj.keep(f"the rules were written to {visible(str(into))}")
        print_started(into, started.files, started.problems, as_json=as_json)
        return
    if any(given.values()):
        raise typer.BadParameter("rules are written for transactions: name them, too: --from FILE")
    if folder is None:
        raise typer.BadParameter("name a folder: DIR; or files of your own: --from FILE")
    from segmentation.publish.starter import write_starter

    files = write_starter(folder)
    ctx.obj.keep(f"the starter was written to {visible(str(folder))}")
    print_started(folder, files, as_json=as_json)


def _results() -> tuple[Any, ...]:
    from .results import Started

    return (Started,)


COMMAND: Final = Command("init", init, _results)
