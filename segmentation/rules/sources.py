"""Where tables come from: one `Source` per entry under `sources:` in personas.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, Literal

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError
from segmentation.pattern import pattern
from segmentation.rules.column_specs import ColumnSpec, written
from segmentation.rules.conditions import Condition
from segmentation.rules.headers import PRIVATE
from segmentation.rules.number_format import OTHER_SIGN, NumberFormat
from segmentation.rules.source_paths import located

if TYPE_CHECKING:
    import polars as pl

AT_MOST: Final = "at_most"  # the key under `rejects`
MOST_REJECTED: Final = 0.01
"""The part of a source's rows that may be rejected, where the source says nothing."""

TableName = Literal["transactions", "customers", "products", "events"]

TIME: Final[Mapping[str, tuple[str, str]]] = {
    "transactions": ("ordered_at", "ordered_on"),
    "events": ("occurred_at", "occurred_on"),
}
"""The moment of the rows of a table, and the calendar day that is made of it.

That day is a name of rules: no column of the table's files has it. In other tables it is a column
as any."""

INSTANT: Final = f"{PRIVATE}instant"
"""The moment of a row as one of UTC, where the zone of the clock is another: 02:30 may come twice."""

EVERY_COLUMN: Final = ""
"""Stands for all columns in `Source.missing`."""


def day_of(table: str) -> str | None:
    """The column that is the day of a table's rows; None where they have none."""
    return TIME[table][1] if table in TIME else None


_ENDING: Final = pattern(r"(\.(csv|txt|tsv|parquet|json|jsonl|ndjson|xlsx))?(\.(gz|zip))?$")


@dataclass(frozen=True)
class Join:
    """Files whose columns stand beside a source's own, by what both have in common.

    `source` says how they are read: their `where` chooses rows, their `columns` are new names. `key` are
    pairs of a column of the source and one of theirs. Where the join `is_optional`, rows without a partner stay.
    """

    source: Source
    key: tuple[tuple[str, str], ...]
    is_optional: bool = False

    @property
    def name(self) -> str:
        """What stands before a header that the source has as well: the file's name without its ending.

        >>> Join(Source(path="data/orders.csv.gz"), ()).name, Join(Source(path="s3://shop/people/"), ()).name
        ('orders', 'people')
        """
        name = self.source.path.rstrip("/").rpartition("/")[2]
        return _ENDING.sub("", name) or name

    def entry(self) -> dict[str, Any]:
        """What stands under `join` in plain data."""
        optional = {"optional": True} if self.is_optional else {}
        return {**self.source.entry(), "key": dict(self.key), **optional}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One entry of `sources`: files of one shape, or a frame, and how to read them.

    `path` is a file, a glob, a folder, `-` for standard input, or an s3://, gs:// or az:// address,
    as it is written; `place` is where that is. Of a `frame`, which only Python can hand over, it is the
    name that messages and the manifest call it by.
    `columns` maps canonical names to the file's own. What is left out is detected and said.
    `fill_down` are columns of which a blank cell is the one above it.
    `join` are other files whose columns stand beside its own. `where` says which rows count, by the file's own columns. `missing` lists, by column, texts that say
    nothing; with `ids` "exact" ids of e-mail shape keep their capitals, with "plain" customers are compared
    in small letters, without leading zeros and a .0.
    `rates` is what one unit of each currency is worth in that of the amounts, by its code.
    `latest_by` is the column of which the newest value says which of several rows of one id counts.
    `rejects` is the part (0-1) of its rows that may be rejected. `values` lists, by column, words that rules may name or cells may hold though nobody has them
    yet, or no rule can read them: they are known, and stop nothing.
    `skip_lines` lines stand above the header; `header` names the columns of a file that has none;
    `sheet` is the sheet of a workbook.
    `quiet_for` says how long a feed that `suppress` reads may be silent.
    `folder` is that of the rules that name it; None where the command line or Python does.
    """

    path: str
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)
    event: str | None = None
    date_format: str | None = None
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    number: NumberFormat = field(default_factory=NumberFormat)
    rates: Mapping[str, float] = field(default_factory=dict)
    encoding: str | None = None
    fill_down: tuple[str, ...] = ()
    join: tuple[Join, ...] = ()
    where: Condition | None = None
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: Literal["exact", "plain"] | None = None
    latest_by: str | None = None
    skip_lines: int = 0
    header: tuple[str, ...] = ()
    sheet: str | None = None
    rejects: float | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet_for: str | None = None
    folder: FilePath | None = None
    frame: pl.LazyFrame | None = field(default=None, compare=False)  # no two can be compared

    @property
    def is_of_rules(self) -> bool:
        """Whether the rules name it, and not the command line or Python."""
        return self.folder is not None

    @property
    def place(self) -> str | None:
        """Where it is from here; as it is written where no rules name it. Raises Unset.

        None for a frame, which is nowhere.
        """
        if self.frame is not None:
            return None
        return self.path if self.folder is None else located(self.path, self.folder)

    @property
    def files(self) -> tuple[Source, ...]:
        """It and what is joined to it."""
        return (self, *(one.source for one in self.join))

    @property
    def number_format(self) -> NumberFormat:
        """What is declared of its numbers; `decimal` is short for one key of it, and follows from a sign of thousands."""
        follows = OTHER_SIGN.get(self.number.thousands or "")
        return replace(self.number, decimal=self.number.decimal or self.decimal or follows)

    def entry(self) -> dict[str, Any]:
        """What stands under `sources` in plain data, without the keys that say nothing."""
        words = {column: list(words) for column, words in self.values.items()}
        number = {key: value for key, value in vars(self.number).items() if value}
        columns = {name: written(spec) for name, spec in self.columns.items()}
        own = {
            "values": words,
            "number": number,
            "rejects": None if self.rejects is None else {AT_MOST: self.rejects},
            "columns": columns,
            "join": [one.entry() for one in self.join],
            "fill_down": list(self.fill_down),
            "header": list(self.header),
            "skip_lines": self.skip_lines or None,
            "folder": None,
            "frame": None,
        }
        return {k: v for k, v in (vars(self) | own).items() if v not in (None, {}, [])}


def of_path(path: str, said: str) -> Source:
    """A source of a file that no rules name; `said` is where it is named. Raises RulesError."""
    if path == "" or any(
        "\ud800" <= c <= "\udfff" for c in path
    ):  # halves that Python makes of other bytes
        what = f"a file's name {said} is empty or not UTF-8"
        raise RulesError(Problem(what, mend="Give the file another name."))
    return Source(path=path)
