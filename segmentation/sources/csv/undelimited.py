"""Headers in which nothing parts the names that should: what parts them instead, and what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from segmentation.messages.errors import Problem
from segmentation.messages.privacy import told_headers
from segmentation.pattern import pattern
from segmentation.rules.delimiters import CONVERT, DELIMITERS, can_part
from segmentation.rules.yaml.flow import flow
from segmentation.sources.csv.dialect import CsvFile

_LOOKED_AT: Final = 5  # rows below a header whose words may be names
_FIXED: Final = pattern(r"\S\s{2,}\S")
_WORDS: Final = pattern(r"\w+( \w+){2,}")
#: what stands within a name, or around it, and parts none
_OF_NAMES: Final = pattern(r"""[\w\s"'().#%&+*/-]""")


def undelimited(file: CsvFile, table: str) -> Problem | None:
    """Why the one column of a file is probably several; None where its name looks like one."""
    [name] = file.header
    what = f'the header has a single column, "{told_headers(file.header)}"'
    if file.delimiter in name:
        what += ", all of it in quotes"
        return Problem(what, file.place.shown, "Take away the quotes around whole lines.")
    sign = _parting_sign(name)
    if sign and not can_part(sign):
        what += f": it is parted by {flow(sign)}, which cannot be read as a delimiter"
        return Problem(what, file.place.shown, CONVERT)
    if sign == " " and not _are_parted_alike(name, file.sample):
        return None  # words of a title
    if sign:
        written = f"'{sign}'" if sign.isprintable() else flow(sign)
        mend = f"Say it: sources: {{{table}: {{path: …, delimiter: {written}}}}}"
        return Problem(f"{what}: wrong delimiter?", file.place.shown, mend)
    if _FIXED.search(name):
        what += ": it has no delimiter, but columns of fixed width"
        mend = "Convert it to CSV first, with a comma between the cells."
        return Problem(what, file.place.shown, mend)
    return None


def _are_parted_alike(name: str, rows: Sequence[Sequence[str]]) -> bool:
    """Whether blanks part the first rows into as many cells as the header."""
    return all(len(row) == 1 and row[0].count(" ") == name.count(" ") for row in rows[:_LOOKED_AT])


def _parting_sign(name: str) -> str:
    """The sign that parts several names which were taken for one; "" where there is none.

    >>> _parting_sign("id,date,net; gross"), _parting_sign("id^date"), _parting_sign("Net sales (EUR)")
    (',', '^', '')
    >>> _parting_sign("id date amount"), _parting_sign("id  date  net amount")
    (' ', '')
    """
    known = [sign for sign in DELIMITERS if sign in name]
    signs = known or [sign for sign in dict.fromkeys(name) if not _OF_NAMES.match(sign)]
    is_parted_by_blanks = not signs and _WORDS.fullmatch(name)
    return " " if is_parted_by_blanks else max(signs, key=name.count, default="")
