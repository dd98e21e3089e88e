"""How ids of two files are written where none of them meets: two of each side, and what makes them meet."""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.messages.errors import listed
from segmentation.messages.privacy import told_value
from segmentation.sources.columns.id_marks import in_plain_form
from segmentation.sources.columns.spelling import kinds_told, suspicious

_ASKED: Final = 1000  # ids
_SHOWN: Final = 2
PLAIN: Final = "In the rules, under sources: ids: plain on every source."
_NO_KEY: Final = "No key takes that off: write them alike in one of the files."


def spelled_otherwise(unmet: pl.Series, buyers: pl.Series) -> str:
    """What follows a sentence on ids that meet nobody, with a blank before it: how both sides are written."""
    pairs = suspicious(unmet.drop_nulls().head(_ASKED), buyers)
    if pairs.is_empty():
        return f" Transactions have {_examples(buyers)}, this file {_examples(unmet)}."
    here, there = _examples(pairs["id"]), _examples(pairs["known"])
    alike = f"without {kinds_told(pairs)} they would meet"
    return f" Transactions have {there}, this file {here}: {alike}. {mend_of(pairs)}"


def mend_of(pairs: pl.DataFrame) -> str:
    """What makes pairs of `id` and `known` meet: a key, where one takes off how all of them differ."""
    forms = pairs.select(in_plain_form(pl.col("id")), in_plain_form(pl.col("known")))
    return PLAIN if (forms["id"] == forms["known"]).all() else _NO_KEY


def _examples(ids: pl.Series) -> str:
    shown = (told_value(text) for text in ids.unique().sort().head(_SHOWN).to_list())
    return listed([*dict.fromkeys(shown)])
