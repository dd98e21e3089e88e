"""What is said of orders that go on below their first row, and what to write so that they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.money import SCALE
from segmentation.rules.operators import MISSING
from segmentation.rules.word_tests import none_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally

_MOST_NAMED: Final = 5


@dataclass(frozen=True)
class Continued:
    """Rows of orders whose customer stands above: how many, their amounts in 1/10,000, and what fills all of them."""

    rows: int
    worth: int
    columns: tuple[str, ...]
    """What to fill down; nothing where that was tried and gives a customer to other rows, too."""

    totals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words by which rows of totals are left out that would have a customer, too, and their column; no word where it is blank there."""

    rows_begun: int = 0
    """How many of them stand at the beginning of a file: nothing is filled over its border."""

    begun: tuple[str, ...] = ()
    """These files."""

    customer: str = ""
    """The column that names the customer."""

    above: tuple[str, ...] = ()
    """What to fill down if an order without a customer is no guest's: where it cannot be told, a person decides."""

    is_of_above: bool = False
    """Whether customers stand above several orders, so that their other orders are among the rows."""

    @property
    def is_to_be_decided(self) -> bool:
        """Whether there are two ways to fill that read other customers."""
        return bool(self.columns and self.above and self.above != self.columns)

    @property
    def is_asked_whose(self) -> bool:
        """Whether nothing is to be filled where orders without a customer are those of guests."""
        return bool(self.above and not self.columns)


def told(found: Continued, tally: Tally, way: str) -> Notice:
    """The error: how many rows would be lost, and what to write, or who writes it."""
    rows = found.rows
    where = f"{agreeing(rows, 'its order has', 'their orders have')} one on another row"
    if found.is_asked_whose:
        where = "one may stand above several orders"
    elif found.is_of_above:
        where = "one stands above several orders"
    what = (
        f"{counted(rows, 'row')} of {found.worth / SCALE:,.2f} {agreeing(rows, 'has', 'have')} no customer, "
        f"and {where}: {agreeing(rows, 'it', 'they')} would be lost"
    )
    mend = f"{_mend(found)}\n  {way}" if way else _mend(found)
    return notice("continued-orders", what, where=tally.path, mend=mend)


def _mend(found: Continued) -> str:
    said = [_over_borders(found)] if found.begun else []
    if found.rows > found.rows_begun:
        said.append(_to_fill(found))
    return "\n  ".join(said)


def _over_borders(found: Continued) -> str:
    """What is said of rows that go on an order of another file."""
    shown, more = found.begun[:_MOST_NAMED], len(found.begun) - _MOST_NAMED
    files = listed([*shown, *([counted(more, "other file")] if more > 0 else [])])
    rows = found.rows_begun
    return (
        f"{files} {agreeing(len(found.begun), 'begins', 'begin')} with {agreeing(rows, 'it', 'these')}"
        f"{'' if rows == found.rows else f' ({rows:,} of them)'}: "
        f"the order began in the file before, and `fill_down` takes nothing over from another file. "
        f"Write each order whole into one file; or leave such rows out: `{_only_named(found)}`."
    )


def _only_named(found: Continued) -> str:
    """The `where` that leaves out rows without a customer."""
    return flow({"where": {found.customer: {MISSING.name: False}}})[1:-1]


def _to_fill(found: Continued) -> str:
    if found.is_asked_whose:
        above = flow({"fill_down": [*found.above]})[1:-1]
        return (
            f"Write under sources: `{above}` if an order without a customer is of the customer above it, "
            f"`{_only_named(found)}` if it is a guest's."
        )
    if not found.columns:
        return (
            "Where blank cells are those of the row above, `fill_down: [COLUMN]` says so under sources. It was tried "
            "with all that is blank, and reads other rows than these; write the customer on each row, or leave these out by a where."
        )
    said = [f"`{flow({'fill_down': list(found.columns)})[1:-1]}`"]
    if found.is_to_be_decided:
        above = f"`{flow({'fill_down': list(found.above)})[1:-1]}`"
        said = [
            f"{above} if an order without a customer is of the customer above it, {said[0]} if it is a guest's"
        ]
    said += [f"`{flow({'where': without_words(*one)})[1:-1]}`" for one in found.totals.items()]
    return (
        f"Where blank cells are those of the row above, write under sources: {' and '.join(said)}."
    )


def without_words(column: str, words: Sequence[str]) -> dict[str, Any]:
    """The `where` that leaves out rows with these words; rows that leave the column blank where there are none."""
    return {column: none_of(words) if words else {MISSING.name: False}}
