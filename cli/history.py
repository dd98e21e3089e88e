"""`segment history`: how large personas and labels were, month by month."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from . import options
from .command import Command


def _number(written: object) -> int:
    """A whole number as it was typed: Typer's own way takes longer than all the rest of its start."""
    try:
        return int(str(written))
    except ValueError:
        raise typer.BadParameter(f"{written} is no whole number") from None


def history(
    transactions: options.Transactions = None,
    customers: options.Customers = None,
    products: options.Products = None,
    events: options.Events = None,
    maps: options.Map = None,
    wheres: options.Where = None,
    reads: options.Read = None,
    config: options.Config = options.DEFAULT_CONFIG,
    every: Annotated[
        str,
        typer.Option(
            "--every", metavar="week|month|quarter|year", help="Which ends are the dates."
        ),
    ] = "month",
    last: Annotated[
        int,
        typer.Option(
            "--last", metavar="N", parser=_number, help="So many of them, and the latest day."
        ),
    ] = 12,
    as_of: options.AsOf = None,
    persona: Annotated[
        list[str] | None,
        typer.Option("--persona", metavar="NAME", help="Only this persona; may be repeated."),
    ] = None,
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", metavar="NAME", help="Only this dimension; may be repeated."),
    ] = None,
    csv: Annotated[
        Path | None, options.file_to_write("--csv", "Everything as rows, as CSV.")
    ] = None,
    strict: options.Strict = False,
    show_values: options.ShowValues = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show how large personas and labels were at the last month ends.

    segment history --every month --last 12 --csv history.csv
    """
    from segmentation.messages.privacy import showing_values

    from .output import progress
    from .output_history import print_history

    rules = options.rules_with(
        config, transactions, customers, products, events, maps, wheres, reads
    )
    with progress(quiet=quiet or as_json) as step, showing_values(is_shown=show_values):
        from segmentation.studies import history_job

        found = history_job.run(
            rules,
            every=every,
            last=last,
            as_of=as_of,
            personas=tuple(persona or ()),
            dimensions=tuple(dimension or ()),
            csv=csv,
            strict=strict,
            progress=step,
        )
    print_history(found, as_json=as_json, quiet=quiet)


def _results() -> tuple[Any, ...]:
    from segmentation.studies.history import History

    return (History,)


COMMAND: Final = Command("history", history, _results)
