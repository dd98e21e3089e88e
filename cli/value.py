"""`segment value`: predicted value, where it sits, and how far it was right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from . import options
from .command import Command


def value(
    transactions: options.Transactions = None,
    maps: options.Map = None,
    wheres: options.Where = None,
    reads: options.Read = None,
    config: options.Config = options.DEFAULT_CONFIG,
    as_of: options.AsOf = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Fit on the past only, and compare with what came.")
    ] = False,
    cutoff: Annotated[
        str | None,
        typer.Option("--cutoff", metavar="DATE", help="Of the backtest; default: a horizon ago."),
    ] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", metavar="180d", help="Instead of value: horizon.")
    ] = None,
    seasonal: Annotated[
        bool, typer.Option("--seasonal", help="Scale by the same days a year ago.")
    ] = False,
    csv: Annotated[
        Path | None, options.file_to_write("--csv", "The plane, or the deciles, as CSV.")
    ] = None,
    strict: options.Strict = False,
    show_values: options.ShowValues = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show predicted value, tiers, and revenue's concentration.

    segment value sales.parquet --backtest --horizon 90d
    """
    from segmentation.messages.privacy import showing_values

    from .output import progress
    from .output_value import print_value

    rules = options.rules_with(config, transactions, maps=maps, wheres=wheres, reads=reads)
    with progress(quiet=quiet or as_json), showing_values(is_shown=show_values):
        from segmentation.studies import value_job

        found = value_job.run(
            rules,
            as_of=as_of,
            backtest=backtest,
            cutoff=cutoff,
            horizon=horizon,
            seasonal=seasonal,
            csv=csv,
            strict=strict,
        )
    print_value(found, as_json=as_json, quiet=quiet)


def _results() -> tuple[Any, ...]:
    from segmentation.studies.backtest import BacktestReport
    from segmentation.studies.value_plane import ValueReport

    return (ValueReport, BacktestReport)


COMMAND: Final = Command("value", value, _results)
