"""Amounts that stand in a file twice: of an order and of its lines, or of a set and of its parts.

A till exports a row for the sale and one for each of its lines, and a column tells which is which; a shop
writes what a set costs above what its parts cost. Neither can be seen in one row: the sums tell, order by
order, in the first rows of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.checks.decided_words import undecided
from segmentation.checks.order_rows import AMOUNT, ORDER, are_same, rows_told
from segmentation.checks.stops import Input, Stop
from segmentation.dataclass import dataclass
from segmentation.rules.operators import IS_NOT, MISSING
from segmentation.rules.word_tests import keeping_all
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.contents import squeezed_words
from segmentation.sources.columns.ledger_sides import is_of_kinds
from segmentation.sources.columns.state_words import words
from segmentation.sources.columns.states import tells_state
from segmentation.sources.tables import Portion

_MOST_KINDS: Final = 6
_FEWEST: Final = 2  # orders of both kinds
_OF_TEN: Final = 9  # in which the sums are the same
#: parts of words for what a row is a part of
_SETS: Final = tuple(
    words("""
    parent bundle stückliste stueckliste oberartikel hauptartikel übergeordnet uebergeordnet composite composé
    padre conjunto genitore hoofdartikel samengesteld bovenliggend zestaw nadrzędn composto
    """)
)
#: whole words for one
_ARE_SETS: Final = words("""
    set sets kit kits combo bündel buendel ensemble coffret juego paquete insieme confezione bundel komplet
""")


@dataclass(frozen=True)
class _Sums:
    """In how many orders (or sets) two sums stand beside each other, in how many they are the same, and of these
    of several lines; `alone`: one of them stands there alone."""

    both: int = 0
    same: int = 0
    several: int = 0
    alone: int = 0

    def is_twice(self, *, is_named: bool, fewest: int) -> bool:
        """Whether one adds up the other: a name that says so takes one order of several lines."""
        is_most = self.same * 10 >= self.both * _OF_TEN and self.both > self.alone
        return self.both >= fewest and is_most and self.several >= (1 if is_named else _FEWEST)


# -- the order, and its lines ---------------------------------------------------------------------


def orders_and_lines(one: Input) -> Iterator[Stop]:
    """A stop where a column tells rows of orders from those of their lines, and both would count."""
    for part in one.tally.parts:
        columns = [c for c in _of_few_words(part) if _may_differ_within(part, c)]
        rows = rows_told(part, columns) if columns else None
        for column in columns:
            pair = None if rows is None else _whole_and_lines(rows, column)
            if pair is not None and len(undecided(part.recipe, column, pair)) == len(pair):
                yield _of_kinds(one, part, column, *pair)
                return


def _of_few_words(part: Portion) -> Iterator[str]:
    """The columns that nothing of ours is read from, and that hold a few words."""
    taken = {c for found in part.recipe.columns.canonical.values() for c in found}
    for column in part.raw.schema:
        found = {text.strip() for text in part.raw.sample.get(column, ()) if text and text.strip()}
        if column not in taken and 2 <= len(found) <= _MOST_KINDS:
            yield column


def _may_differ_within(part: Portion, column: str) -> bool:
    """Whether orders of the sample have a row of one word beside rows of another; where it names no order they may."""
    orders = part.recipe.columns.canonical.get("order_id", ())
    sample = part.raw.sample
    if not orders or any(one not in sample for one in orders):
        return True
    held: dict[tuple[str | None, ...], set[str | None]] = defaultdict(set)
    keys = zip(*(sample[one] for one in orders), strict=False)
    for key, text in zip(keys, sample[column], strict=False):
        held[key].add(text)
    fewest = 1 if any(map(names_set, {*filter(None, sample[column])})) else _FEWEST
    return sum(len(texts) > 1 for key, texts in held.items() if any(key)) >= fewest


def _whole_and_lines(rows: pl.DataFrame, column: str) -> tuple[str, str] | None:
    """The kind of the orders, and that of their lines; None where no two kinds come to the same."""
    orders: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for order, amount, kind in rows.select(ORDER, AMOUNT, column).iter_rows():
        if kind and amount is not None:
            orders[order][kind].append(amount)
    kinds = dict.fromkeys(kind for each in orders.values() for kind in each)
    for whole in kinds:
        for lines in kinds:
            are_sets = names_set(whole)
            each = list(orders.values())
            sums = _compared(each, whole, lines, are_sets=are_sets) if whole != lines else _Sums()
            fewest = 1 if are_sets else _FEWEST
            if sums.is_twice(is_named=are_sets or is_of_kinds(column), fewest=fewest):
                return whole, lines
    return None


def _compared(
    orders: Sequence[Mapping[str, list[int]]], whole: str, lines: str, *, are_sets: bool
) -> _Sums:
    """What orders say of two kinds: nothing where one has several rows of the first, unless these are sets."""
    beside = [(one.get(whole, []), one.get(lines, [])) for one in orders]
    if not are_sets and any(len(above) > 1 for above, _ in beside):
        return _Sums()
    both = [(sum(above), below) for above, below in beside if above and below]
    same = [below for above, below in both if are_same(above, below)]
    several = sum(len(below) > 1 for below in same)
    alone = sum(not b or not a for a, b in beside if a or b)
    return _Sums(len(both), len(same), several, 0 if are_sets else alone)


def _of_kinds(one: Input, part: Portion, column: str, whole: str, lines: str) -> Stop:
    """The rows of orders are left out, as lines tell what was bought; the lines where orders alone tell states."""
    left_out = lines if _has_states(part, column, whole, lines) else whole
    tests = {column: {IS_NOT.name: left_out}}
    what = (
        f"{column} holds {whole} and {lines}: the one has in each order what the other adds up to, and both would "
        "count as purchases"
    )
    ways = {n: flow({"where": {column: {IS_NOT.name: n}}})[1:-1] for n in (whole, lines)}
    mend = (
        f"Count one of them under sources: {ways[left_out]}; or {ways[lines if left_out == whole else whole]}. "
        f"Where both are sold: a where on {column} that names them is taken."
    )
    return Stop("total-rows", what, one.tally.path, mend, tests=tests)


def _has_states(part: Portion, column: str, whole: str, lines: str) -> bool:
    """Whether a column of states holds something in rows of orders, and nothing in those of lines."""
    states = [c for c in part.raw.readable if c != column and tells_state(c)]
    rows = rows_told(part, [column, *states]) if states else None
    if rows is None:
        return False
    held = rows.group_by(column).agg(pl.col(states).is_not_null().any())
    of = {kind: flags for kind, *flags in held.iter_rows()}
    return any(a and not b for a, b in zip(of.get(whole, ()), of.get(lines, ()), strict=False))


# -- the set, and its parts -----------------------------------------------------------------------


def sets_and_parts(one: Input) -> Iterator[Stop]:
    """A stop where a column names the row that a row is a part of, and both would count."""
    for part in one.tally.parts:
        for column, key in _of_parts(part):
            rows = rows_told(part, [column, key])
            is_named = names_set(column)
            sums = None if rows is None else _of_sets(rows, column, key)
            if sums is not None and sums.is_twice(is_named=is_named, fewest=1):
                yield _of_set(one, part, column, key)
                return


def _of_parts(part: Portion) -> Iterator[tuple[str, str]]:
    """Columns whose texts are all those of another column, and that some rows leave blank, or that are called so."""
    recipe = part.recipe
    taken = {c for found in recipe.columns.canonical.values() for c in found} | recipe.choosing
    cells = {
        c: [(text or "").strip() for text in part.raw.sample.get(c, ())] for c in part.raw.schema
    }
    texts = {c: {text for text in found if text} for c, found in cells.items()}
    for column in (c for c in texts if c not in taken and texts[c]):
        if "" in cells[column] or names_set(column):
            keys = (key for key, found in texts.items() if texts[column] < found)
            yield from ((column, key) for key in keys)


def names_set(column: str) -> bool:
    """Whether a name, or a word of a column, says that something is a set, or a part of one."""
    return any(word.startswith(_SETS) or word in _ARE_SETS for word in squeezed_words(column))


def _of_sets(rows: pl.DataFrame, column: str, key: str) -> _Sums:
    """What the sets of orders say: what one costs, and what its parts do."""
    whole: dict[tuple[str, str], list[int]] = defaultdict(list)
    parts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for order, amount, of, own in rows.select(ORDER, AMOUNT, column, key).iter_rows():
        if amount is not None and of and of != own:
            parts[(order, of)].append(amount)
        elif amount is not None and own:
            whole[(order, own)].append(amount)
    both = [(sum(whole[one]), below) for one, below in parts.items() if one in whole]
    same = [below for above, below in both if are_same(above, below)]
    return _Sums(
        len(both), len(same), sum(len(below) > 1 for below in same), len(parts) - len(both)
    )


def _of_set(one: Input, part: Portion, column: str, key: str) -> Stop:
    what = (
        f"{column} names the {key} that a row is a part of: what it costs is what its parts do, and both would "
        "count as purchases"
    )
    is_blank = "" in [(text or "").strip() for text in part.raw.sample.get(column, ())]
    tests = {column: {MISSING.name: True}} if is_blank else {}
    way = f"under sources: {flow({'where': tests})[1:-1]}" if tests else "by a where"
    mend = f"Leave the parts out {way}. Where both are paid, say so: {flow({'where': keeping_all(column)})[1:-1]}."
    return Stop("total-rows", what, one.tally.path, mend, tests=tests)
