"""Options that several commands share, declared once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from segmentation.messages.errors import Problem, RulesError

if TYPE_CHECKING:
    from segmentation.rules.ruleset import Rules
    from segmentation.rules.sources import Source, TableName

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
#: what names no file that is written -> what it is called, and how to mend it
_NO_FILES: Final = {
    "": ("empty", "Give it a name."),
    "-": ("-", "Name a file, or /dev/stdout for standard output."),
}
DEFAULT_CONFIG = Path("personas.yaml")


def folder_of(option: str) -> Callable[[str], Path]:
    """Reads the folder that an option names: nothing is no name, though a path of nothing is the current one."""

    def folder(named: str) -> Path:
        if not str(named).strip():
            raise typer.BadParameter("it is empty; name a folder, or . for the current one")
        return _local(str(named), option, "folder")

    return folder


def file_to_write(option: str, help_text: str) -> Any:
    """An option that names a file to be written besides."""
    return typer.Option(
        option,
        metavar="FILE",
        help=help_text,
        parser=lambda named: _file(str(named), option),
    )


def _file(written: str, option: str) -> Path:
    """The file that an option names. Raises RulesError for no name, and for `-`, which is read from."""
    if written in _NO_FILES:
        named, mend = _NO_FILES[written]
        raise RulesError(Problem(f"{option} names no file: it is {named}", mend=mend))
    return _local(written, option, "file")


def _local(written: str, option: str, what: str) -> Path:
    """The path that an option names for what is written.

    Raises RulesError for an s3:// address or the like: it would be made as a folder `s3:`.
    """
    if _ADDRESS.match(written):
        problem = f"{option} is a {what} of this machine, not an address: {written}"
        raise RulesError(
            Problem(problem, mend=f"Write into a {what} here, and copy it to where it is read.")
        )
    return Path(written)


Config = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="SEGMENT_CONFIG", help="The rules.", show_default=True),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings are failures too (exit code 1).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        envvar="SEGMENT_OUT",
        help="The folder of runs.",
        metavar="<path>",
        parser=folder_of("--out"),
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        envvar="SEGMENT_AS_OF",
        metavar="DATE|today",
        help="The day the run looks back from; default: the latest day in the data.",
    ),
]
ShowValues = Annotated[
    bool,
    typer.Option(
        "--show-values",
        envvar="SEGMENT_SHOW_VALUES",
        help="Name values of customers in messages, not only how many they are.",
    ),
]
Transactions = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TRANSACTIONS]...",
        show_default=False,
        help="CSV, JSON, Excel or Parquet files, globs or folders; - is standard input. They replace "
        "all sources of the rules' file.",
    ),
]
Customers = Annotated[
    list[str] | None, typer.Option("--customers", metavar="FILE", help="The customers' file.")
]
Products = Annotated[
    list[str] | None, typer.Option("--products", metavar="FILE", help="The products' file.")
]
Events = Annotated[
    list[str] | None,
    typer.Option("--events", metavar="FILE", help="A file of events; may be repeated."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="OURS=THEIRS",
        help="Which column of TRANSACTIONS is ours: customer_id=Email, 'amount=Total - Tax'; may be repeated.",
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help="Which rows of TRANSACTIONS count: 'Status=paid,shipped', 'Status!=void', 'Total>=10'; "
        "all of several must hold.",
    ),
]
Read = Annotated[
    list[str] | None,
    typer.Option(
        "--read",
        metavar="KEY=VALUE",
        help="How the files of TRANSACTIONS are written: encoding=latin-1, date_format=%d.%m.%Y, decimal=,; "
        "any key of a source, of other files customers.encoding=latin-1; may be repeated.",
    ),
]


def rules_with(
    config: Path,
    transactions: list[str] | None = None,
    customers: list[str] | None = None,
    products: list[str] | None = None,
    events: list[str] | None = None,
    maps: list[str] | None = None,
    wheres: list[str] | None = None,
    reads: list[str] | None = None,
) -> Rules:
    """The rules of --config, over the files that the command line names.

    Without a personas.yaml, files from the command line meet the rules that come with the tool.
    """
    from segmentation.rules.reading.options import of_options
    from segmentation.rules.reading.read_options import keys_of, with_keys
    from segmentation.rules.reading.reader import read_rules
    from segmentation.rules.sources import of_path

    def sources(paths: list[str] | None) -> tuple[Source, ...]:
        return tuple(of_path(path, "on the command line") for path in paths or ())

    given: dict[TableName, tuple[Source, ...]] = {
        "transactions": of_options(sources(transactions), maps or (), wheres or ()),
        "customers": sources(customers),
        "products": sources(products),
        "events": sources(events),
    }
    keys = keys_of(reads or ())
    given |= {table: with_keys(table, given[table], own) for table, own in keys.items()}
    if config == DEFAULT_CONFIG and not config.exists() and transactions:
        from segmentation.publish.starter import shipped_rules

        return read_rules(shipped_rules(), given)
    return read_rules(config, given)
