"""A consent of one channel in each row, of which no `where` takes the rows of mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from segmentation.messages.notices import Notice, notice
from segmentation.rules.comparisons import readings
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.consent import consent_of
from segmentation.sources.columns.consent_channels import names_a_channel, rows_of_mails
from segmentation.sources.columns.contents import Content
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def consent_channels(run: AfterScan) -> Iterator[Notice]:
    """An error for each source of customers whose consent suppress reads, whatever channel it is of."""
    customers = run.prepared.headers.customers
    if customers is None or run.rules.adhoc:
        return
    found = readings(run.rules, tuple(run.prepared.possible.suppress.values()), ())
    read = {one.column for one in found if one.table == "customers"}
    for tally in customers.tallies:
        for part in tally.parts:
            contents = _unasked(part)
            consent = next((n for n, one in contents.items() if n in read and _tells(n, one)), None)
            where = rows_of_mails(contents.values())
            if consent is not None and where is not None:
                yield _of_any_channel(consent, where, tally.path)
                break


def _tells(name: str, one: Content) -> bool:
    """Whether a column tells of consent, and its name of no channel."""
    return consent_of(one, name) is not None and not any(map(names_a_channel, (name, one.name)))


def _unasked(part: Portion) -> dict[str, Content]:
    """The columns that no `where` asks, with the cells of the sample."""
    raw, asked = part.raw, part.recipe.choosing
    cells = {c: tuple(raw.sample.get(c, ())) for c in part.recipe.columns.others if c not in asked}
    return {c: Content(c, 0, texts, raw.schema[c]) for c, texts in cells.items()}


def _of_any_channel(consent: str, where: Mapping[str, Any], path: str) -> Notice:
    [column] = where
    text = f"suppress reads {consent}, and {column} says of which channel it is: a consent to another is none to mails"
    mend = (
        f"Choose under sources: {flow({'where': where})[1:-1]}. "
        f"Where each holds for mails, name all: any where on {column} is taken."
    )
    return notice("unchosen-rows", text, where=path, mend=mend)
