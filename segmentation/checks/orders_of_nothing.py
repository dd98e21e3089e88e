"""Orders that come to nothing, as what was paid for them stands there below zero: items, and the tender beside them.

No customer would have spent anything. It is seen in the first rows, order by order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from segmentation.checks.order_rows import AMOUNT, ORDER, rows_told, telling_columns
from segmentation.checks.stops import Input, Stop
from segmentation.messages.errors import listed
from segmentation.pattern import pattern
from segmentation.rules.operators import MISSING
from segmentation.rules.word_tests import none_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.ledger_sides import is_of_kinds
from segmentation.sources.columns.state_words import words
from segmentation.sources.tables import Portion

_Parted: TypeAlias = tuple[Sequence[str | None], Sequence[str | None]]

_FEWEST: Final = 2  # orders
_MOST: Final = 0.5  # of the orders come to nothing
_OF_TEN: Final = 9  # rows of a kind that have its sign
_MOST_KINDS: Final = 12
_BELOW: Final = pattern(r"\s*(?:[-−(].*|.*\d\s*[-−])\s*")
#: words for what a customer got back of what was handed over
_CHANGE: Final = words("change wechselgeld rückgeld monnaie vuelto resto wisselgeld reszta troco")


def orders_of_nothing(one: Input) -> Iterator[Stop]:
    """A stop where most orders of a file come to 0; a where is the door."""
    for part in one.tally.parts:
        columns = _unasked(part) if _may_be(part) else []
        rows = rows_told(part, columns) if columns else None
        if rows is None or not _come_to_nothing(rows.select(ORDER, AMOUNT).iter_rows()):
            continue
        ways = [
            (not is_of_kinds(c), number, c, kept_out)
            for number, c in enumerate(columns)
            if (kept_out := _below(rows.select(c, AMOUNT).iter_rows())) is not None
        ]
        if ways:
            *_, column, (out, kept) = min(ways, key=lambda way: way[:2])
            yield _stop(one, column, out, kept)
        elif one.source.where is None:
            yield _without_column(one)
        return


def _may_be(part: Portion) -> bool:
    """Whether a column tells orders, nothing chooses among the rows, and some amounts of the sample are below zero."""
    recipe = part.recipe
    found = recipe.columns.canonical.get("amount", ())
    cells = (cell for name in found for cell in part.raw.sample.get(name, ()))
    return (
        recipe.has("order_id")
        and recipe.has("amount")
        and any(cell and _BELOW.fullmatch(cell) for cell in cells)
    )


def _unasked(part: Portion) -> list[str]:
    return [c for c in telling_columns(part) if c not in part.recipe.choosing]


def _come_to_nothing(rows: Iterator[tuple[str, int | None]]) -> bool:
    sums: dict[str, list[int]] = defaultdict(list)
    for order, amount in rows:
        sums[order].append(amount or 0)
    none = [amounts for amounts in sums.values() if any(amounts) and not sum(amounts)]
    return len(none) >= _FEWEST and len(none) > _MOST * len(sums)


def _below(
    rows: Iterator[tuple[str | None, int | None]],
) -> _Parted | None:
    """The kinds of a column whose rows are below zero, and the others; None where its kinds do not part the signs."""
    signs: dict[str | None, list[bool]] = defaultdict(list)
    for kind, amount in rows:
        if amount:
            signs[kind].append(amount < 0)
    if len(signs) > _MOST_KINDS:
        return _parted(_by_blanks(signs))
    return _parted(signs)


def _parted(signs: Mapping[str | None, list[bool]]) -> _Parted | None:
    if not all(10 * max(sum(s), len(s) - sum(s)) >= len(s) * _OF_TEN for s in signs.values()):
        return None
    below = [
        kind for kind, found in signs.items() if 2 * sum(found) > len(found) or _is_change(kind)
    ]
    above = [kind for kind in signs if kind not in below]
    is_told = (
        None not in below or len(below) == 1
    )  # a test that keeps neither blanks nor some words is none
    return (below, above) if below and above and is_told else None


def _by_blanks(signs: Mapping[str | None, list[bool]]) -> dict[str | None, list[bool]]:
    """Of a column of many texts only whether it is filled tells."""
    filled = [sign for kind, found in signs.items() if kind is not None for sign in found]
    both = {None: signs.get(None, []), "": filled}
    return {kind: found for kind, found in both.items() if found}


def _is_change(kind: str | None) -> bool:
    return kind is not None and bool(_CHANGE & {*squeezed_words(kind)})


def _stop(one: Input, column: str, out: Sequence[str | None], kept: Sequence[str | None]) -> Stop:
    texts = [kind for kind in out if kind]
    is_named = len(texts) == len(out)
    tests: dict[str, Any] = {column: none_of(texts) if is_named else {MISSING.name: None in kept}}
    named = f"holds {listed(texts)}" if is_named else f"is {'filled' if None in kept else 'blank'}"
    what = f"rows of which {column} {named} are below zero, and take off all that orders came to: they are what was paid"
    rest = [kind for kind in kept if kind]
    others = f" What counts then is {listed(rest)}." if rest else ""
    mend = (
        f"Leave them out under sources: {flow({'where': tests})[1:-1]}.{others} "
        f"Where all of them count: any where on {column} is taken."
    )
    return Stop("total-rows", what, one.tally.path, mend, tests=tests)


def _without_column(one: Input) -> Stop:
    what = "orders of several rows come to 0, as some of their rows are below zero: no customer spent anything"
    mend = "Choose the rows of what was sold by a where under sources; any where is taken."
    return Stop("total-rows", what, one.tally.path, mend)
