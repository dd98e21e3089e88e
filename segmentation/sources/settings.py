"""How a table is told what it does not say itself: by the rules or, where it is a frame, in the frame.

What is wrong with a table is found by code that never asks which kind it has before it; how to mend
it, it asks these. Each way has every sentence: one that lacks any fails at import.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final

from segmentation.rules.yaml.flow import flow

A_COLUMN: Final = "<column>"
"""What stands for the name of a column that is not known."""

A_RATE: Final = "<rate>"
"""What stands for a number that only a person knows."""


class Settings(ABC):
    """One way to say how a table is to be read: mends, as sentences or as parts of one."""

    @abstractmethod
    def columns(self, table: str, columns: Mapping[str, str]) -> str:
        """What to do so that columns are read as canonical ones: canonical -> its own."""

    @abstractmethod
    def one_event(self, *, is_of_rules: bool) -> str:
        """What to do so that each row is one and the same event; the end of a sentence.

        `is_of_rules` says whether the rules name the source, and not the command line or Python.
        """

    @abstractmethod
    def missing(self, table: str, column: str) -> str:
        """What to do so that some column is read as one that the table lacks."""

    @abstractmethod
    def attribute(self) -> str:
        """The same for a column of customers; without the end of the sentence."""

    @abstractmethod
    def renamed(self, column: str) -> str:
        """What to do so that a column can be named that is hidden by what has its name."""

    @abstractmethod
    def another(self, name: str) -> str:
        """What to do so that another column is read than that which is; the end of a sentence."""

    @abstractmethod
    def own_column(self) -> str:
        """What to do about one of several sources that lacks a column."""

    @abstractmethod
    def of_twins(self, table: str, name: str, column: str) -> str:
        """What to do about columns of almost the same name, of which `column` is read."""

    @abstractmethod
    def decimal(self) -> str:
        """What to do about numbers that can be read in two ways."""

    @abstractmethod
    def currency(self, column: str, currencies: Sequence[str], meant: str | None) -> str:
        """What to do about amounts of several currencies; `meant` is the one that a bare sign among two may be of."""

    @abstractmethod
    def date_format(self, column: str) -> str:
        """What to do about dates of no known format."""

    @abstractmethod
    def day_numbers(self, column: str) -> str:
        """What to do about numbers that count from a day which is not named."""

    @abstractmethod
    def one_of_formats(self, column: str, formats: Sequence[str]) -> str:
        """What to do about dates that fit several formats."""

    @abstractmethod
    def two_formats(self, form: str) -> str:
        """What to do about dates of one file that are written in two ways, most of them in one format."""

    @abstractmethod
    def own_format(self, column: str, form: str) -> str:
        """What to do about one of several sources whose dates have another format."""


def _of_bare_signs(other: str | None) -> str:
    """What to write where a sign that may be of several countries is that of the other one."""
    declared = flow({"number": {"currency": other}})[1:-1]
    return f" If it is all {other}, write `{declared}`." if other else ""


class _InRules(Settings):
    """Under `sources`."""

    def columns(self, table: str, columns: Mapping[str, str]) -> str:
        named = (f"{c}: {own if own == A_COLUMN else flow(own)}" for c, own in columns.items())
        return f"sources: {{{table}: {{path: …, columns: {{{', '.join(named)}}}}}}}"

    def one_event(self, *, is_of_rules: bool) -> str:
        if is_of_rules:
            return "name it: sources: {events: {path: …, event: <name>}}"
        return (
            "write it in the rules, as no option can name it: "
            "sources: {transactions: …, events: {path: …, event: <name>}}"
        )

    def missing(self, table: str, column: str) -> str:
        return f"Map it under sources: {table}: columns: {{{column}: YOUR_COLUMN}}."

    def attribute(self) -> str:
        return "Map it under sources: customers"

    def renamed(self, column: str) -> str:
        own = flow({"NAME": column})
        return f"Or give the file's own column {column} another name there: {own}."

    def another(self, name: str) -> str:
        return "map another column: see `columns:` under sources"

    def own_column(self) -> str:
        return "Name its column under `columns:` of a source of its own."

    def of_twins(self, table: str, name: str, column: str) -> str:
        which = flow({name: column})
        return f"Rename or remove the others; or say which: `columns: {which}` on the source of {table}."

    def decimal(self) -> str:
        return "Say which: `decimal: ','` when the comma marks decimals, or `decimal: '.'` when the point does."

    def currency(self, column: str, currencies: Sequence[str], meant: str | None) -> str:
        first = flow({"number": {"currency": currencies[0]}})
        of_each = (f"{flow(c)}: {1 if c == currencies[0] else A_RATE}" for c in currencies)
        return (
            f"There is no sum of them. Keep one, `{first[1:-1]}` (the other rows are rejected), "
            f"or convert them: `rates: {{{', '.join(of_each)}}}`.{_of_bare_signs(meant)}"
        )

    def date_format(self, column: str) -> str:
        return "Write it as `date_format:`, for instance '%d.%m.%Y %H:%M'."

    def day_numbers(self, column: str) -> str:
        return (
            "Name the day that is number 0: `date_format: 'days since 2017-01-01'`, for instance."
        )

    def one_of_formats(self, column: str, formats: Sequence[str]) -> str:
        return "Say which: " + " or ".join(f"`date_format: '{one}'`" for one in formats)

    def two_formats(self, form: str) -> str:
        return f"Write all of them in one way; or say which counts, `date_format: '{form}'`: rows in the other are rejected."

    def own_format(self, column: str, form: str) -> str:
        return f"Read it as a source of its own: `date_format: '{form}'`."


class _InFrame(Settings):
    """In the frame: no rules know of it."""

    def columns(self, table: str, columns: Mapping[str, str]) -> str:
        named = (f"{column} to {canonical}" for canonical, column in columns.items())
        return f"rename {', '.join(named)} in the frame"

    def one_event(self, *, is_of_rules: bool) -> str:
        return "add a column called event to the frame"

    def missing(self, table: str, column: str) -> str:
        return f"Rename YOUR_COLUMN to {column} in the frame of {table}."

    def attribute(self) -> str:
        return "Rename the column that is meant in the frame of customers"

    def renamed(self, column: str) -> str:
        return f"Or rename its own column {column} there, and write that name in the rules."

    def another(self, name: str) -> str:
        return f"drop it and rename another column to {name} in the frame"

    def own_column(self) -> str:
        return "Add the column to the frame, or rename the one that is meant."

    def of_twins(self, table: str, name: str, column: str) -> str:
        return "Rename or remove the others in the frame."

    def decimal(self) -> str:
        return (
            "Make numbers of the column in the frame: with a point for the comma where it marks decimals, "
            "else without it."
        )

    def currency(self, column: str, currencies: Sequence[str], meant: str | None) -> str:
        return f"There is no sum of them. Keep the rows of one currency in the frame, or convert the column {column}."

    def date_format(self, column: str) -> str:
        return f"Make dates of the column {column} in the frame, for instance by '%d.%m.%Y %H:%M'."

    def day_numbers(self, column: str) -> str:
        return f"Add the numbers of the column {column} to the day that is number 0, in the frame."

    def one_of_formats(self, column: str, formats: Sequence[str]) -> str:
        either = " or by ".join(f"'{one}'" for one in formats)
        return f"Make dates of the column {column} in the frame: by {either}."

    def two_formats(self, form: str) -> str:
        return "Make dates of the column in the frame."

    def own_format(self, column: str, form: str) -> str:
        return f"Make dates of the column {column} in the frame, by '{form}'."


IN_RULES: Final = _InRules()
IN_FRAME: Final = _InFrame()
