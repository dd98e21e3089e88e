"""Which columns may tell the customer: numbers and addresses before names, filled ones before those that are mostly blank."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from segmentation.sources.columns.aliases import (
    ALIASES,
    CALLED_WHO,
    MAIL_OF_WHO,
    MAY_NUMBER_WHO,
    NUMBERS_OF_ANYTHING,
    NUMBERS_OF_WHO,
    WEAK,
    squeezed,
)

Cells = Mapping[str, Sequence[str | None]]
"""The sampled cells of columns, by name; those of a column that may be read as text alone."""

_NEARLY_ALL: Final = 0.9
_HALF: Final = 0.5


def may_tell(table: str, free: Sequence[str], cells: Cells) -> list[str]:
    """The columns without those that are no customer_id: names beside numbers, what is blank beside what is filled."""
    left = _filled(table, free, cells)
    named = _of_names(left, cells)
    known = [n for n in left if squeezed(n) in NUMBERS_OF_WHO | CALLED_WHO and n not in named]
    is_numbered = any(not holds_names(n, cells) for n in known)
    return [n for n in left if n not in named] if is_numbered else left


def told_beside_names(free: Sequence[str], cells: Cells) -> str | None:
    """The number or the address that stands beside a customer's name in nearly every row; None where none surely does.

    A number whose name says nothing of customers is theirs only where it comes again, always with one name.
    """
    named = _of_names(free, cells)
    if not named or "customer_id" in free:
        return None
    own = [n for n in free if n not in named]
    if any(squeezed(n) in NUMBERS_OF_WHO and not holds_names(n, cells) for n in own):
        return None
    numbers = (n for n in own if squeezed(n) in MAY_NUMBER_WHO and _numbers(n, named[0], cells))
    mails = (n for n in own if squeezed(n) in MAIL_OF_WHO and _are_mails(n, cells))
    return next(numbers, None) or next(mails, None)


def could_tell_as_well(found: str, others: Sequence[str], cells: Cells) -> list[str]:
    """The other columns that could be customer_id; of a column of names what may number or address them, too."""
    known = NUMBERS_OF_WHO | CALLED_WHO
    if _are_names(found, cells):
        known |= MAY_NUMBER_WHO | MAIL_OF_WHO
    return [n for n in others if squeezed(n) in known]


def are_names_of_who(found: str, cells: Cells) -> bool:
    """Whether a column called by the customer holds names."""
    return squeezed(found) in CALLED_WHO and _are_names(found, cells)


def holds_names(column: str, cells: Cells) -> bool:
    """Whether most of the cells of a column are words without a digit, and no addresses of e-mail; or nothing."""
    texts = _texts(column, cells)
    names = sum("@" not in text and not any(map(str.isdigit, text)) for text in texts)
    return not texts or 2 * names > len(texts)


def _are_names(column: str, cells: Cells) -> bool:
    return bool(_texts(column, cells)) and holds_names(column, cells)


def _of_names(free: Sequence[str], cells: Cells) -> list[str]:
    """The columns that are called by the customer and hold names."""
    return [n for n in free if squeezed(n) in CALLED_WHO and holds_names(n, cells)]


def _filled(table: str, free: Sequence[str], cells: Cells) -> list[str]:
    """The columns without those that could be customer_id and are mostly blank, where another one is filled."""
    if "customer_id" in free:
        return [*free]
    names = _names_of(table)
    known = {n: _share(n, cells) for n in free if squeezed(n) in names and cells.get(n)}
    if not any(share >= _NEARLY_ALL for share in known.values()):
        return [*free]
    return [n for n in free if known.get(n, 1) >= _HALF]


def _names_of(table: str) -> Collection[str]:
    weak = WEAK[table].get("customer_id", frozenset())
    return ALIASES[table].get("customer_id", frozenset()) | weak


def _texts(column: str, cells: Cells) -> list[str]:
    return [text for text in cells.get(column, ()) if text and text.strip()]


def _share(column: str, cells: Cells) -> float:
    """The part of the cells of a column that hold anything."""
    return len(_texts(column, cells)) / max(1, len(cells.get(column, ())))


def _are_mails(column: str, cells: Cells) -> bool:
    texts = _texts(column, cells)
    return _share(column, cells) >= _NEARLY_ALL and 2 * sum("@" in t for t in texts) > len(texts)


def _numbers(column: str, named: str, cells: Cells) -> bool:
    """Whether a column holds numbers of those who are named: each of them belongs to one name."""
    if _share(column, cells) < _NEARLY_ALL or holds_names(column, cells):
        return False
    names: dict[str, str] = {}
    rows = 0
    for number, name in zip(cells[column], cells[named], strict=False):
        if number and name:
            rows += 1
            if names.setdefault(number.strip(), squeezed(name)) != squeezed(name):
                return False
    return squeezed(column) not in NUMBERS_OF_ANYTHING or len(names) < rows
