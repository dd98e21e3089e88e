"""One customer as several: ids of transactions that are alike but for capitals, zeros in front or a `.0`,
or signs that cannot be told apart.

Two files of one shop may write them in two ways. Few such ids among many may be people of their own,
and are told; many are one base that stands there twice. Ids that are whole numbers are not asked, and
neither are those of one prefix and width: no two of them are alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Door, Level, Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.sources.columns.id_marks import in_plain_form, in_plain_letters, unmarked
from segmentation.sources.columns.spelling import ALPHABET, LOOK_ALIKES, kinds_of, kinds_told

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

FEWEST_TWINS: Final = 3  # one or two are told, and stop nothing
MOST_TWINS: Final = 0.05  # of all customers, before their ids are taken for one base written twice
MEND: Final = (
    "Where they are the same people, compare them in one form: ids: plain on every source, under sources. "
    "It takes small letters, no zeros in front and no .0, and one kind of hyphen, blank and accent."
)
_OTHER_LETTERS: Final = " Letters of another alphabet it keeps: mend those in the export."
_OTHERS: Final = r"[^\x20-\x7E]"


def written_in_two_ways(run: AfterScan) -> Iterator[Notice]:
    """A notice on customers whose id is that of another in another spelling: an error where they are many."""
    table = run.measured.tables.transactions
    if table.columns["customer_id"] != pl.String or "customer_id" in table.affixed:
        return
    customers = run.measured.customers["customer_id"].cast(pl.String)
    twins = _twins(customers)
    if twins.height:
        yield _notice(twins, len(customers))


def _twins(ids: pl.Series) -> pl.DataFrame:
    """Pairs of ids of one plain form: `id`, and the first `known` one of the form; each pair with its `kind`."""
    forms = _forms(ids.alias("id").to_frame())
    shared = forms.filter(pl.col("form").is_duplicated()).sort("id")
    first = shared.group_by("form").agg(known=pl.col("id").last())
    pairs = shared.join(first, on="form").filter(pl.col("id") != pl.col("known"))
    return kinds_of(pairs.select("id", "known"))


def _forms(ids: pl.DataFrame) -> pl.DataFrame:
    """Ids with their `form`: of those with letters beyond ASCII also without what looks the same."""
    has_others = pl.col("id").str.contains(_OTHERS)
    others = pl.col("id").str.replace_many(LOOK_ALIKES)
    return pl.concat(
        [
            ids.filter(~has_others).with_columns(form=in_plain_letters(unmarked(pl.col("id")))),
            ids.filter(has_others).with_columns(form=in_plain_form(others)),
        ]
    )


def _notice(twins: pl.DataFrame, customers: int) -> Notice:
    number = twins.height
    text = (
        f"{counted(number, 'customer')} of {customers:,} {agreeing(number, 'has', 'have')} the id of another but for "
        f"{kinds_told(twins)}{ids_after(sorted(twins['id'].to_list()))}"
    )
    few = min(FEWEST_TWINS, max(2, customers / 2))
    mend = f"{MEND}{_OTHER_LETTERS if ALPHABET in {*twins['kind']} else ''}"
    level: Level = "error" if number >= max(few, MOST_TWINS * customers) else "warn"
    return notice(
        "ids-in-two-ways", text, mend=mend, level=level, door=Door("If they are other people")
    )
