"""Whether the ids that suppression reads are those of the customers: counted per file and event.

A file whose ids meet nobody suppresses nobody, however well other feeds meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import EVENT, ID, SourceFacts
from segmentation.checks.suppression.spelled import mend_of, spelled_otherwise
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.yaml.flow import flow
from segmentation.scan.measuring import KNOWN
from segmentation.sources.columns.spelling import kinds_told, suspicious
from segmentation.sources.reader import FILE
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

LOST_LETTERS: Final = r"[\x00\x{FFFD}]"  # of a damaged file, or of a wrong encoding
ALIKE: Final = "Do both write customer_id alike? Ids keep their text: 007 is not 7."


def meeting(case: Case) -> Iterator[Notice]:
    """An error for each file and event of which no id meets a customer, a warning below half."""
    for source in case.sources:
        for shown, event, number, met in _met(case, source).iter_rows():
            what = counted(number, "id") + (f' of "{event}"' if event else "")
            if not met:
                text = (
                    f"suppress reads these {source.table}, and none of them is in the transactions ({what}): nobody "
                    "would be suppressed by them"
                )
                yield notice(
                    "ids-do-not-meet",
                    text,
                    where=shown,
                    mend=f"{ALIKE}{_told(source.parts, _of_file(source, shown), case.buyers)}",
                    level="error",
                    door=Door("If they do"),
                    is_of_suppression=True,
                )
            elif 2 * met < number and source.table == "events":
                text = (
                    f"suppress reads these events, and only {met:,} of {what} meet a customer: the others "
                    "suppress nobody"
                )
                yield notice(
                    "ids-do-not-meet", text, where=shown, mend=ALIKE, is_of_suppression=True
                )


def nobody_listed(run: AfterScan) -> Iterator[Notice]:
    """An error where nobody who ordered has a row in customers, whatever of them is asked for.

    A warning where no rule asks for any, and of files of the command line. Where suppression reads
    customers, `meeting` tells it of each file.
    """
    case, table = run.closed.case, run.measured.tables.customers or run.prepared.headers.customers
    buyers = len(case.buyers)
    if table is None or not buyers or case.reading.attributes or case.buyers_unlisted != buyers:
        return
    if not any(frame[KNOWN].any() for frame in (case.customers, case.left_out)):
        return
    parts = [part for tally in table.tallies for part in tally.parts]
    is_asked = bool(run.prepared.attributes) and not run.rules.adhoc
    yield notice(
        "ids-do-not-meet",
        f"of {counted(buyers, 'customer')} who ordered none has a row in customers: whatever rules ask of them is missing",
        where=table.tallies[0].path,
        mend=f"{ALIKE}{_told(parts, case.left_out['customer_id'], case.buyers)}",
        level="error" if is_asked else "warn",
        door=Door("If they do") if is_asked else None,
        is_of_suppression=True,
    )


def _told(parts: Iterable[Portion], unmet: pl.Series, buyers: pl.Series) -> str:
    """Another column that holds the ids of buyers; else how both sides are written."""
    return _other_column(parts, buyers) or spelled_otherwise(unmet, buyers)


def _of_file(source: SourceFacts, shown: str) -> pl.Series:
    return source.ids.filter(pl.col(FILE) == shown)[ID]


def _other_column(parts: Iterable[Portion], buyers: pl.Series) -> str:
    """The column of some files of which most sampled cells are ids of buyers, and how to name it."""
    known = {*buyers}
    for part in parts:
        for name in part.recipe.columns.others:
            cells = [cell.strip() for cell in part.raw.sample.get(name, ()) if cell]
            if cells and 2 * sum(cell in known for cell in cells) >= len(cells):
                return f" {flow(name)} holds ids of buyers: {flow({'columns': {'customer_id': name}})[1:-1]}."
    return ""


def _met(case: Case, source: SourceFacts) -> pl.DataFrame:
    """Per file and event: how many ids there are, and how many are of customers."""
    persons = case.buyers if source.table == "customers" else case.persons
    ids = source.ids.with_columns(is_met=pl.col(ID).is_in(persons.implode()))
    if ANY_EVENT in case.reading.events:
        nothing = pl.lit(None, dtype=pl.String)
        ids = ids.with_columns(nothing.alias(EVENT)).unique()
    return ids.group_by(FILE, EVENT).agg(pl.len(), pl.col("is_met").sum()).sort(FILE, EVENT)


def unlisted(case: Case) -> Iterator[Notice]:
    """How many who ordered have no row in customers: a warning where suppression reads customers.

    Those whose row is rejected have one; they are counted apart.
    """
    buyers, rejected = len(case.buyers), len(case.buyers_rejected)
    number = (case.buyers_unlisted or 0) - rejected
    if number <= 0 or number == buyers:
        return
    is_read = bool(case.reading.attributes)
    have = agreeing(number, "has", "have")
    text = f"{number:,} of {counted(buyers, 'customer')} {have} no row in customers"
    if is_read:
        text += f", which suppress reads: what it reads of {agreeing(number, 'this one', 'them')} is missing"
    if rejected:
        text += (
            f"; {rejected:,} more {agreeing(rejected, 'has', 'have')} a row there that is rejected"
        )
    yield notice(
        "customers-unlisted",
        text,
        level="warn" if is_read else "info",
        mend=ALIKE,
        is_of_suppression=is_read,
    )


def written_otherwise(
    case: Case, spared: pl.Series, unread: Mapping[str, Collection[str]]
) -> Iterator[Notice]:
    """Ids that meet nobody but look like a customer's: an error where suppression reads them.

    `spared` are the ids of those who are suppressed anyway: who is meant by them is not at risk,
    so it is a warning. `unread` are the ids of rejected rows, by file.
    """
    told: set[str] = set()
    for source in case.sources:
        rejected = [(f.shown, i) for f in source.files for i in sorted(unread.get(f.shown, ()))]
        named = pl.DataFrame(rejected, schema={FILE: pl.String, ID: pl.String}, orient="row")
        every = pl.concat([source.ids.select(FILE, ID), named])
        unmet = every.filter(~pl.col(ID).is_in(case.audience.implode()))
        strange = suspicious(unmet[ID].unique(), case.audience)
        told |= {*strange["id"]}
        files = (
            unmet.select(FILE, ID).unique().join(strange, left_on=ID, right_on="id").sort(FILE, ID)
        )
        for [shown], rows in files.group_by(FILE, maintain_order=True):
            is_safe = (
                "scientific notation" not in rows["kind"]
                and rows["known"].is_in(spared.implode()).all()
            )
            yield _strange_file(str(shown), rows.rename({ID: "id"}), is_safe=is_safe)
    rest = case.left_out["customer_id"]
    others = suspicious(rest.filter(~rest.is_in(sorted(told))), case.audience)
    if others.height:
        text = f"in customers and events {_strange(others)}"
        mend = f"Write customer_id alike everywhere. {mend_of(others)}"
        yield notice("suspicious-ids", text, mend=mend)


def damaged(case: Case) -> Iterator[Notice]:
    """An error for each file with ids that meet nobody and hold what stands where letters were lost."""
    for source in case.sources:
        unmet = source.ids.filter(~pl.col(ID).is_in(case.buyers.implode()))
        lost = unmet.filter(pl.col(ID).str.contains(LOST_LETTERS)).select(FILE, ID).unique()
        for [shown], rows in lost.sort(FILE, ID).group_by(FILE, maintain_order=True):
            what = counted(len(rows), "id")
            text = (
                f"suppress reads this file, and {what} in it cannot be read: signs stand there that take the place "
                "of lost letters (NUL, U+FFFD)"
            )
            yield notice(
                "suspicious-ids",
                text,
                where=str(shown),
                mend="Write or copy the file once more.",
                door=Door("If nobody is lost by them"),
                level="error",
                is_of_suppression=True,
            )


def _strange_file(shown: str, pairs: pl.DataFrame, *, is_safe: bool) -> Notice:
    ids = pairs["id"].unique().sort().to_list()
    end = (
        f"whom {agreeing(len(ids), 'it looks', 'they look')} like is suppressed anyway"
        if is_safe
        else f"whom {agreeing(len(ids), 'it means', 'they mean')} is not suppressed"
    )
    others = agreeing(len(ids), "it is another person", "they are other people")
    text = f"suppress reads this file, and {_strange(pairs)}: {end}{ids_after(ids)}"
    return notice(
        "suspicious-ids",
        text,
        where=shown,
        mend="Write customer_id alike everywhere.",
        door=Door(f"If {others}"),
        level="warn" if is_safe else "error",
        is_of_suppression=True,
    )


def _strange(pairs: pl.DataFrame) -> str:
    number = pairs["id"].n_unique()
    meet = agreeing(number, "meets", "meet")
    return f"{counted(number, 'id')} {meet} no customer, but would without {kinds_told(pairs)}"


def never_filled(case: Case) -> Iterator[Notice]:
    """An error for each column of customers that suppression reads and no customer has a value in."""
    for name in case.reading.attributes:
        column = case.customers.get_column(name, default=None)
        is_known = KNOWN in case.customers.columns and case.customers[KNOWN].any()
        if column is not None and is_known and column.null_count() == len(column):
            yield notice(
                "column-without-values",
                f"suppress reads {name}, and no customer has a value there",
                mend="Is the column filled in the file? It decides who must not be written to.",
                door=Door("If nobody has said no yet"),
                is_of_suppression=True,
            )
