"""Rows that have no partner in a joined file: how many, and whether their keys are only written otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from segmentation.messages.errors import agreeing, counted, listed
from segmentation.sources.columns.spelling import kinds_told, suspicious
from segmentation.sources.lookups import COUNTS, key_name, key_text
from segmentation.sources.reader import Partner
from segmentation.sources.tables import Portion, Tally

ALIKE: Final = "Write the key in one way in both files."


def rows_without(partner: Partner, tally: Tally) -> int:
    """How many rows of a source have no partner in one joined file, whether it counts or not."""
    found = [_without(partner, part).select(pl.len()) for part in _joined(partner, tally)]
    return int(sum(one.item() for one in pl.collect_all(found, engine="streaming")))


def alike_keys(tally: Tally) -> Iterator[tuple[Partner, str]]:
    """A sentence for each joined file that would have partners of further rows if keys were written alike."""
    partners = {one.shown: one for part in tally.parts for one in part.recipe.partners}
    for partner in partners.values():
        unmet = _unmet(partner, _joined(partner, tally)) if len(partner.key) == 1 else ()
        pairs = suspicious(unmet, _known(partner)) if len(unmet) else None  # type: ignore[arg-type]  # a Series
        if pairs is not None and pairs.height:
            number = pairs["id"].n_unique()
            yield (
                partner,
                (
                    f"{counted(number, 'key')} ({listed(partner.key)}) without a partner in {partner.shown} would have "
                    f"{agreeing(number, 'one', 'some')} but for {kinds_told(pairs)}"
                ),
            )


def _joined(partner: Partner, tally: Tally) -> list[Portion]:
    return [part for part in tally.parts if partner in part.recipe.partners]


def _without(partner: Partner, part: Portion) -> pl.LazyFrame:
    """The keys of the rows of a part that have no partner."""
    schema = part.raw.schema
    keys = [key_text(c, schema[c]).alias(key_name(i)) for i, c in enumerate(partner.key)]
    names = [key_name(i) for i, _ in enumerate(partner.key)]
    known = pl.scan_parquet(partner.path, glob=False).select(names)
    return part.raw.scan().select(keys).join(known, on=names, how="anti")


def _unmet(partner: Partner, parts: Sequence[Portion]) -> pl.Series:
    keys = pl.concat([_without(partner, part) for part in parts]).unique()
    return keys.collect(engine="streaming").to_series().drop_nulls().sort()


def _known(partner: Partner) -> pl.Series:
    rows = pl.scan_parquet(partner.path, glob=False).filter(COUNTS)
    return rows.select(key_name(0)).collect().to_series()
