"""Ids that are numbers of a spreadsheet, and have lost their last digits: several orders or customers are one.

Scientific notation says so itself, wherever it stands. In a workbook a number keeps 53 bits: of a larger
one the last digits are gone, and what is left is a number that a float holds exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Door, Level, Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.scan.prepare import opened
from segmentation.sources.columns.ids import ID_COLUMNS
from segmentation.sources.tables import Portion, Tally

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterAllocation, AfterScan

CODE: Final = "rounded-ids"
SPREADSHEET: Final = (
    r"^[0-9]([.,][0-9]+)?[Ee]\+[0-9]{2}$"  # 1.23E+18 is what Excel makes of long ids
)
FEW: Final = 0.01  # of rows
_LARGE: Final = r"^\s*[1-9][0-9]{15,}(\.0)?\s*$"
_INEXACT: Final = 2**53  # from here on whole numbers beside each other are one float
_ARTICLE: Final = {"order_id": "an", "product_id": "a"}
_AS_TEXT: Final = "Export the ids as text, and do not save the file in a spreadsheet."


def of_customers(run: AfterAllocation) -> Iterator[Notice]:
    """An error where customers have ids of a spreadsheet that rounded them: several are one."""
    ids = run.measured.customers["customer_id"]
    some = ids.filter(ids.str.contains("+", literal=True))  # a pattern costs ten times as much
    wrong = some.filter(some.str.contains(SPREADSHEET)).to_list()
    if not wrong:
        return
    has, them = agreeing(len(wrong), "has an id", "have ids"), agreeing(len(wrong), "it", "them")
    text = (
        f"{counted(len(wrong), 'customer')} {has} in scientific notation, such as 1.23E+18: a spreadsheet rounded "
        f"{them}, and several customers may have become one{ids_after(wrong)}"
    )
    yield notice(
        CODE,
        text,
        is_of_suppression=bool(run.prepared.possible.suppress),
        door=Door("If they are no numbers"),
        mend=_AS_TEXT,
    )


def of_lines(run: AfterScan) -> Iterator[Notice]:
    """The same of the orders and products of transactions that are counted, for each input and column.

    A warning where they are few: R writes 40128000000 as 4.0128e+10, and nothing is lost.
    """
    for _, tally, one in run.transactions:
        for name in _ARTICLE if one.is_small else ():
            rows = sum(_in_notation(part, name) for part in tally.parts)
            if rows:
                has = agreeing(rows, "has", "have")
                text = (
                    f"{counted(rows, 'row')} of {one.rows_read:,} {has} {_ARTICLE[name]} {name} in scientific notation, such as 1.23E+18: "
                    f"a spreadsheet rounded {agreeing(rows, 'it', 'them')}, and several may have become one"
                )
                level: Level = "error" if rows > max(1, one.rows_read * FEW) else "warn"
                door = Door("If they are no numbers")
                yield notice(CODE, text, where=one.path, door=door, mend=_AS_TEXT, level=level)


def _in_notation(part: Portion, name: str) -> int:
    """In how many rows of a part an id is in scientific notation; ids that are whole numbers need no look."""
    recipe = part.recipe
    if not recipe.reads(name) or recipe.dtype(recipe.source(name)) != pl.String:
        return 0
    if recipe.shapes.get(name) != "text" or name in recipe.affixed:
        return 0
    text = pl.col(recipe.source(name)).str.strip_chars()
    found = part.raw.scan().select(text.str.contains(SPREADSHEET).sum())
    return int(found.collect(engine="streaming").item())


# -- workbooks ------------------------------------------------------------------------------------


def of_workbooks(run: AfterScan) -> Iterator[Notice]:
    """An error for each input and column of ids that are numbers of a workbook too large to be exact."""
    for table in opened(run.measured.tables):
        for tally in table.tallies:
            parts = [
                part for part in tally.parts if any(f.place.has_floats for f in part.raw.texts)
            ]
            for name in ID_COLUMNS if parts else ():
                large = _large(name, parts)
                if large and all(int(float(one)) == one for one in large):
                    yield _inexact(name, len(large), tally)


def _large(name: str, parts: Iterable[Portion]) -> Sequence[int]:
    """The distinct numbers of a column of ids that are too large to be exact in a workbook."""
    read = [p for p in parts if p.recipe.reads(name) and name in p.recipe.columns.canonical]
    found = [_texts(part, part.recipe.source(name)) for part in read]
    texts = pl.concat(found).unique().collect(engine="streaming").to_series() if found else ()
    numbers = (int(text.strip().removesuffix(".0")) for text in texts)
    return [number for number in numbers if number >= _INEXACT]


def _texts(part: Portion, column: str) -> pl.LazyFrame:
    text = pl.col(column).cast(pl.String).alias("id")
    return part.raw.scan().select(text).filter(pl.col("id").str.contains(_LARGE))


def _inexact(name: str, number: int, tally: Tally) -> Notice:
    text = (
        f"{name}: {counted(number, 'id')} {agreeing(number, 'is a number', 'are numbers')} so large that a workbook "
        "does not hold the last digits: different ids may have become one"
    )
    mend = "Make the column one of text where the ids still are, and export it again; here their last digits are lost."
    door = Door("If they were text, and are whole")
    return notice(CODE, text, where=tally.path, door=door, mend=mend)
