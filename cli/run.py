"""`segment run`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from . import options
from .command import Command


def run(
    ctx: typer.Context,
    transactions: options.Transactions = None,
    customers: options.Customers = None,
    products: options.Products = None,
    events: options.Events = None,
    maps: options.Map = None,
    wheres: options.Where = None,
    reads: options.Read = None,
    config: options.Config = options.DEFAULT_CONFIG,
    out: options.Out = Path("audiences"),
    as_of: options.AsOf = None,
    form: Annotated[
        str, typer.Option("--format", metavar="csv|parquet|jsonl", help="Of the audience files.")
    ] = "csv",
    persona: Annotated[
        list[str] | None,
        typer.Option("--persona", metavar="NAME", help="Only these personas: a partial run."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns", metavar="NAME", help="More columns for the files (a,b or repeated)."
        ),
    ] = None,
    cuts: Annotated[
        Path | None,
        typer.Option(
            "--cuts", metavar="FILE", help="Thresholds of a former run, instead of fitting."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Print the sizes, write nothing.")
    ] = False,
    strict: options.Strict = False,
    show_values: options.ShowValues = False,
    as_json: options.Json = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Print only errors, and what suppression left out."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Say how long each step took, and how it measured."),
    ] = False,
) -> None:
    """Publish every persona's audience under audiences/DATE.

    segment run sales.parquet --customers customers.csv --as-of 2026-11-20
    """
    from segmentation.messages.errors import visible
    from segmentation.messages.privacy import showing_values
    from segmentation.system.clock import now

    from .output import progress
    from .output_run import print_run, print_ways

    started_at = now()
    rules = options.rules_with(
        config, transactions, customers, products, events, maps, wheres, reads
    )
    with progress(quiet=quiet or as_json) as step, showing_values(is_shown=show_values):
        from segmentation.pipeline import job

        result = job.run(
            rules,
            as_of=as_of,
            out=out,
            form=form,
            personas=tuple(persona or ()),
            columns=_split(columns),
            cuts=cuts,
            dry_run=dry_run,
            strict=strict,
            started_at=started_at,
            progress=step,
            published=lambda folder: ctx.obj.keep(
                f"the run was published at {visible(str(folder))}"
            ),
        )
    if verbose:
        print_ways(result)
    print_run(result, as_json=as_json, quiet=quiet)


def _split(columns: list[str] | None) -> tuple[str, ...]:
    return tuple(c.strip() for text in columns or () for c in text.split(",") if c.strip())


def _results() -> tuple[Any, ...]:
    from .output_run import Ran

    return (Ran,)


COMMAND: Final = Command("run", run, _results)
