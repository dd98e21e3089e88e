"""From what the scan collected to one row per customer: grains are merged, tables are joined."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.measures.grouping import CUSTOMER, over_grains
from segmentation.measures.partials import AS_OF, Compiled, Part
from segmentation.measures.rows import RowTable
from segmentation.measures.speed.flags import Flags
from segmentation.measures.speed.packing import Packing
from segmentation.rules.catalogue import Kind

_RANKS: Final = pl.lit(1 << 32, dtype=pl.Int128)


@dataclass(frozen=True)
class Group:
    """Parts of one table, anchor and grain (None = straight to the customer).

    `frame` is lazy: one row per customer, or, when `is_grained`, one per customer and grain, in
    which `flags` are still packed.
    """

    table: RowTable
    grain: str | None
    parts: tuple[Part, ...]
    frame: pl.LazyFrame
    is_grained: bool = False
    packing: Packing | None = None
    flags: Flags | None = None


@dataclass(frozen=True)
class Plan:
    """Measures compiled for one run: groups to collect, and how each measure ends."""

    groups: tuple[Group, ...]
    compiled: Mapping[str, Compiled]

    @property
    def frames(self) -> tuple[pl.LazyFrame, ...]:
        """The lazy frames to collect, one per group."""
        return tuple(g.frame for g in self.groups)

    def kinds(self) -> dict[str, Kind]:
        """How the value of each measure is held, by name."""
        return {name: c.kind for name, c in self.compiled.items()}


def assembled(plan: Plan, collected: Sequence[pl.DataFrame], as_of: date) -> pl.DataFrame:
    """One row per customer seen in any table: `customer_id` as text, a column per measure.

    Customers without a row in a table get its measures' empty value: 0 for counts and sums,
    false for `did`, missing for the rest. Raises CannotPack: then plan again with pack=False.
    """
    finished = [_finished(g, f) for g, f in zip(plan.groups, collected, strict=True)]
    joined = functools.reduce(_outer_joined, _by_table(plan, finished))
    day = pl.lit(as_of).alias(AS_OF)
    return joined.with_columns(day).select(CUSTOMER, *_values(plan))


def _values(plan: Plan) -> list[pl.Expr]:
    made = []
    for name, one in plan.compiled.items():
        value = one.finish if one.empty is None else one.finish.fill_null(one.empty)
        made.append(value.alias(name))
    return made


def _by_table(plan: Plan, finished: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """The frames of each table joined on its own id type, then with ids as text."""
    tables: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for group, frame in zip(plan.groups, finished, strict=True):
        tables.setdefault((group.table, str(frame.schema[CUSTOMER])), []).append(frame)
    joined = [functools.reduce(_outer_joined, frames) for frames in tables.values()]
    return [f.with_columns(pl.col(CUSTOMER).cast(pl.String)) for f in joined]


def _outer_joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return left.join(right, on=CUSTOMER, how="full", coalesce=True)


# -- grains ---------------------------------------------------------------------------------------


def _finished(group: Group, collected: pl.DataFrame) -> pl.DataFrame:
    """What was collected of a group, as one row per customer."""
    if not group.is_grained:
        return collected
    grain = str(group.grain)
    grains = collected if group.packing is None else group.packing.unpacked(collected)
    names = grains[grain].unique().cast(pl.String).drop_nulls().sort()
    ranked = grains.lazy().with_columns(pl.col(grain).cast(pl.Enum(names)).to_physical())
    ranked = ranked.with_columns(_tests(group.parts, grain, names))
    picking = [p for p in group.parts if p.picks]
    ranked = ranked.with_columns(_ranked(p, grain).alias(p.key) for p in picking)
    parts = [replace(p, carried=p.key, outer=pl.Expr.max) if p.picks else p for p in group.parts]
    customers = over_grains(ranked, parts, group.flags).collect(engine="streaming")
    return customers.with_columns(_name(p.key, names).alias(p.key) for p in picking)


def _tests(parts: Sequence[Part], grain: str, names: pl.Series) -> list[pl.Expr]:
    """Whether the tests of grains hold: asked once of each name, and looked up."""
    tests = {p.among.meta.output_name(): p.among for p in parts if p.among is not None}
    known = pl.DataFrame({grain: pl.concat([names, pl.Series([None], dtype=pl.String)])})
    answers = known.select(*tests.values())
    place = pl.col(grain).fill_null(len(names))
    return [
        place.map_batches(
            partial(_looked_up, answers[n]), return_dtype=pl.Boolean, is_elementwise=True
        ).alias(n)
        for n in tests
    ]


def _looked_up(answers: pl.Series, places: pl.Series) -> pl.Series:
    return answers.gather(places)


def _ranked(part: Part, grain: str) -> pl.Expr:
    """Value and rank of a grain as one integer: the largest is the largest value's first name."""
    value, rank = pl.col(part.carried).cast(pl.Int128), pl.col(grain).cast(pl.Int128)
    return pl.when(pl.col(part.carried) > 0).then((value + 1) * _RANKS - 1 - rank)


def _name(column: str, names: pl.Series) -> pl.Expr:
    """The name of the grain that was picked."""
    rank = (_RANKS - 1 - pl.col(column) % _RANKS).cast(pl.UInt32)
    return rank.map_batches(partial(_looked_up, names), return_dtype=pl.String, is_elementwise=True)
