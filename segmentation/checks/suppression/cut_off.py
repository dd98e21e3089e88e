"""Files whose last line does not end: what stands last there may be a part of what was meant.

`c,unsub` is no `unsubscribed`, and a blank is no refusal; an id 10 was perhaps 1043. Many tools
write no line end behind the last row, so only what looks cut off is doubted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.ragged import read_id
from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice, notice
from segmentation.rules.comparisons import Reading
from segmentation.sources.csv.dialect import CsvFile
from segmentation.sources.csv.lines import csv_cells
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.csv.raw import opened
from segmentation.sources.tables import Portion

_MEND = "Copy the file once more, or end its last line."


@dataclass(frozen=True)
class CutOff:
    """A last row that looks cut off: its file, the column that stands last, and its customer's id.

    `id` is None where the id itself may be cut off.
    """

    shown: str
    column: str
    id: str | None

    def notice(self) -> Notice:
        """A warning that the customer is suppressed; an error where nobody knows whom it is of."""
        text = f"suppress reads this file, and its last line does not end: {self.column} may be cut off"
        if self.id is None:
            return notice(
                "file-cut-off",
                f"{text}, so nobody knows whom the row is of",
                where=self.shown,
                mend=_MEND,
                level="error",
                is_of_suppression=True,
            )
        return notice(
            "file-cut-off",
            f"{text}, so the customer it names is suppressed",
            where=self.shown,
            is_of_suppression=True,
        )


def cut_off(case: Case, compared: Iterable[Reading]) -> Iterator[CutOff]:
    """The last rows that look cut off, of every CSV file that suppression reads."""
    if not case.sources:
        return
    words: dict[str, set[str]] = {}
    for one in compared:
        words.setdefault(one.column, set()).update(v for v in one.values if isinstance(v, str))
    ids = {*case.audience}
    for source in case.sources:
        if source.table in ("customers", "events"):
            for part in source.parts:
                yield from (c for file in part.raw.texts for c in _last(part, file, words, ids))


def _last(
    part: Portion, file: CsvFile, words: dict[str, set[str]], ids: Collection[str]
) -> Iterator[CutOff]:
    column = _canonical(part, file.header[-1])
    if not file.anatomy.records or column not in {*words, "customer_id"} or _is_ended(file):
        return
    with long_cells():
        [(_, _, _, cells)] = csv_cells(file, [file.anatomy.records - 1])
    if len(cells) != len(file.header):
        return  # a ragged row is rejected
    shape = part.recipe.shapes["customer_id"]
    who = read_id(cells[file.header.index(part.recipe.source("customer_id"))], shape)
    last = cells[-1].strip()
    if column == "customer_id":
        if who and who not in ids and any(known.startswith(who) for known in ids):
            yield CutOff(file.place.shown, column, None)
    elif who and _is_begun(last, words[column]):
        yield CutOff(file.place.shown, column, who)


def _is_begun(cell: str, words: Collection[str]) -> bool:
    """Whether a cell is blank, or the beginning of a word that rules ask for."""
    return not cell or any(word != cell and word.startswith(cell) for word in words)


def _canonical(part: Portion, column: str) -> str:
    found = (name for name, own in part.recipe.columns.canonical.items() if own == (column,))
    return next(found, column)


def _is_ended(file: CsvFile) -> bool:
    last = b"\n"
    with opened(file.text) as source:
        while block := source.read(1 << 20):
            last = block[-1:]
    return last in (b"\n", b"\r")
