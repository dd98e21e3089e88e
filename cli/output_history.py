"""How `segment history` shows its dates: one row each, in blocks of 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from segmentation.messages.errors import counted, visible
from segmentation.rules.money import rounded

from .blocks import Column, Group, blocks
from .output import print_annotations, print_notices, show, show_envelope

if TYPE_CHECKING:
    from segmentation.studies.history import History, HistoryDate, LabelSize

NOTHING: Final = "–"
WITHIN: Final = "*"  # beside a day that ends no period
TOP_SHOWN: Final = {"0.01": "1 %", "0.1": "10 %", "0.2": "20 %"}
Cell = Callable[["HistoryDate"], str]


def print_history(found: History, *, as_json: bool, quiet: bool) -> None:
    """A history: blocks on stdout, what to beware of on stderr."""
    if as_json:
        show_envelope("history", found, found.notices)
        print_annotations(found.notices)
    elif not quiet:
        print_notices(found.notices)
        show(f"{_head(found)}\n\n{_blocks(found)}")


def _head(found: History) -> str:
    now = found.dates[-1]
    number = sum(one.ends_period for one in found.dates)
    ends = f"the ends of the last {number} {found.every}s"
    if number == 1:
        ends = f"the end of the last {found.every}"
    customers = f"{counted(now.customers, 'customer')} as of {found.as_of}"
    if now.ends_period:
        return f"{customers}; {ends}"
    return f"{customers}{WITHIN}; before it {ends}\n{WITHIN} within its {found.every}"


def _blocks(found: History) -> str:
    marks = ["" if one.ends_period else WITHIN for one in found.dates]
    days = [f"{one.as_of}{mark}" for one, mark in zip(found.dates, marks, strict=True)]
    rows = Column("as of", days)
    parts = [[_base(found)], [_personas(found)], _dimensions(found)]
    return "\n\n".join(blocks(rows, units) for units in parts if units and units[0])


def _column(found: History, name: str, cell: Cell) -> Column:
    return Column(name, [cell(one) if one.customers else NOTHING for one in found.dates])


# -- the base -------------------------------------------------------------------------------------


def _base(found: History) -> list[Group]:
    most = _column(
        found, "customers who make 80 %", lambda one: _whole(one.concentration.customers_for_80)
    )
    customers = Column("customers", [f"{one.customers:,}" for one in found.dates])
    return [
        Group((), [customers]),
        Group((), [_column(found, "net spend so far", lambda one: _whole(one.spend))]),
        Group(("% of spend by the top",), [_of_top(found, *one) for one in TOP_SHOWN.items()]),
        Group((), [most]),
    ]


def _of_top(found: History, share: str, name: str) -> Column:
    return _column(found, name, lambda one: _percent(one.concentration.top[share]))


# -- personas -------------------------------------------------------------------------------------


def _personas(found: History) -> list[Group]:
    """The exported of each persona; those of `for_each` together."""
    names = dict.fromkeys(a.persona for one in found.dates for a in one.audiences)
    columns = [_column(found, name, _exported(name)) for name in names]
    return [Group(("customers of each persona (exported)",), columns)] if columns else []


def _exported(persona: str) -> Cell:
    return lambda one: f"{sum(a.exported for a in one.audiences if a.persona == persona):,}"


# -- dimensions -----------------------------------------------------------------------------------


def _dimensions(found: History) -> list[list[Group]]:
    labels: dict[str, dict[str | None, None]] = {}
    for size in (size for one in found.dates for size in one.labels):
        labels.setdefault(size.dimension, {}).setdefault(size.label)
    return [list(_dimension(found, name, [*of])) for name, of in labels.items()]


def _dimension(found: History, name: str, labels: Sequence[str | None]) -> Iterator[Group]:
    shares: dict[str, Callable[[LabelSize], float | None]] = {
        "% of customers": lambda size: size.share_of_customers,
        "% of spend": lambda size: size.share_of_spend,
    }
    for said, share in shares.items():
        columns = [
            _column(found, visible(label or "(none)"), _share(name, label, share))
            for label in labels
        ]
        yield Group((name, said), columns)


def _share(dimension: str, label: str | None, share: Callable[[LabelSize], float | None]) -> Cell:
    def cell(one: HistoryDate) -> str:
        sizes = (s for s in one.labels if (s.dimension, s.label) == (dimension, label))
        found = next(sizes, None)
        return NOTHING if found is None else _percent(share(found))

    return cell


# -- numbers --------------------------------------------------------------------------------------


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{rounded(share, 3) * 100:.1f}"


def _whole(number: float | None) -> str:
    return NOTHING if number is None else f"{rounded(number, 0):,.0f}"
