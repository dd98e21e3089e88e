"""Each file that suppression reads has used rows, the columns that are read, and its event.

What the files of a glob hold together says nothing of the one that came today. A feed that may be
silent says so: `quiet_for` on its source is the door for files without rows, files without the
event they stand for, and feeds that stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from segmentation.checks.suppression.case import Case
from segmentation.checks.suppression.facts import FileFacts, SourceFacts
from segmentation.checks.suppression.sources_read import RowsRead, lent
from segmentation.messages.errors import agreeing, counted, listed, visible
from segmentation.messages.notices import Door, Notice, notice
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.sources import TIME
from segmentation.sources.files import locate
from segmentation.sources.files.globbing import in_any_case
from segmentation.sources.readers import ENDINGS


def without_rows(case: Case) -> Iterator[Notice]:
    """An error for each file without a used row, unless its rows are merely later than as_of.

    Of rejected rows it is known whose they are, or that nobody knows (`rejected`): they are no
    silence, but a source that has no others stops the run.
    """
    for source, file in case.files():
        is_silent = not (file.rejected or file.future) and case.is_quiet(source)
        is_known = file.rejected and any(other.used for other in source.files)
        if file.used or file.later or is_silent or is_known:
            continue
        text = (
            f"suppress reads these {source.table}, and there is no usable row in them"
            f"{_of_rows(file)}: everyone would pass"
        )
        may_be_silent = source.table in ("events", "transactions") and not (
            file.rejected or file.future
        )
        door = case.quiet(source) if may_be_silent else Door("If it is")
        yield notice(
            "file-without-rows",
            text,
            where=file.shown,
            mend="Is the export whole?",
            door=door,
            is_of_suppression=True,
        )


def _of_rows(file: FileFacts) -> str:
    """What became of a file's rows, in brackets."""
    aside = file.read - file.rejected - file.future
    parts = [
        f"{n:,} {what}"
        for n, what in (
            (file.rejected, "rejected"),
            (file.future, "after today"),
            (aside, "blank or without an id"),
        )
        if n
    ]
    return f" (of {counted(file.read, 'row')} {', '.join(parts)})" if parts else " (it has none)"


def passed_over(case: Case) -> Iterator[Notice]:
    """A warning for what a folder that suppression reads holds besides, and for files that a pattern
    misses by the case of their ending: their rows suppress nobody."""
    for source in case.sources:
        path, place = source.source.path, source.source.place
        if place is None:
            continue
        names = locate.passed_over(place, ENDINGS)
        if names:
            text = f"suppress reads this folder, and of it {_not_read(names)}: no CSV or Parquet by the name"
            mend = f"Rename or move it; or name a pattern as the path, such as {visible(path.rstrip('/'))}/*.csv."
            yield notice("files-not-read", text, where=path, mend=mend, is_of_suppression=True)
        others = locate.in_another_case(path, place)
        if others:
            text = f"suppress reads what this pattern matches, and {_not_read(others)}: the ending is in another case"
            yield notice(
                "files-not-read",
                text,
                where=path,
                is_of_suppression=True,
                mend=f"Rename or move it; or name both as the path: {visible(in_any_case(path))}",
            )


def _not_read(names: Sequence[str]) -> str:
    return f"{listed([visible(n) for n in names])} {agreeing(len(names), 'is', 'are')} not read"


# -- columns --------------------------------------------------------------------------------------


def without_columns(case: Case) -> Iterator[Notice]:
    """An error for each file that lacks a column which suppression reads and other files have."""
    for source, file in case.files():
        lacking = sorted(_needed(case, source, file) - file.columns)
        if lacking and file.read:
            text = (
                f"suppress reads {listed(lacking)}, and this file has no such column while others of "
                f"{source.table} have it: of its rows nothing would be known"
            )
            mend = source.parts[0].raw.settings.own_column()
            yield notice(
                "file-without-column", text, where=file.shown, mend=mend, is_of_suppression=True
            )


def _needed(case: Case, source: SourceFacts, file: FileFacts) -> set[str]:
    """The columns that are read of a file and that its table has."""
    if source.table == "customers":
        return set(case.reading.attributes)
    if source.table == "products":
        return set(case.reading.product_columns)
    table = case.tables.of(source.table)
    own = set() if table is None else table.columns.keys() - {*TIME[source.table]}
    needed: set[str] = set()
    for read in case.reading.of(source.table, source.source):
        if read.event in (None, ANY_EVENT, source.source.event) or read.event in file.events:
            needed |= read.columns | ({"product_id"} if lent(read, case.tables) else set())
    return needed & own


# -- events ---------------------------------------------------------------------------------------


def without_event(case: Case) -> Iterator[Notice]:
    """An error for each file with rows, but without one of the event that it stands for.

    Where the source may be silent, a warning if the file has a word that no other file has.
    """
    for source, file in case.files():
        if source.table != "events" or not file.used:
            continue
        stands_for, is_quiet = _stands_for(case, source, file), case.is_quiet(source)
        new = _new_events(source, file)
        if stands_for and not stands_for & file.events.keys() and (new or not is_quiet):
            text = (
                f"suppress reads the event {listed(sorted(stands_for))}, and this file, which should hold it, has none: "
                f"it has {listed(sorted(file.events))}"
            )
            words = ("event", tuple(sorted(new)))
            known = Door("If not", "events", (case.entry(source),), values=(words,))
            mend = (
                f"Is {listed(sorted(new))} another word for it?"
                if is_quiet
                else "Is the export whole?"
            )
            yield notice(
                "file-without-event",
                text,
                where=file.shown,
                mend=mend,
                door=known if is_quiet else case.quiet(source),
                level="warn" if is_quiet else None,
                is_of_suppression=True,
            )


def _new_events(source: SourceFacts, file: FileFacts) -> set[str]:
    """The events of a file that no other file of its source has, nor the rules declare: a word that changed?"""
    others = {e for f in source.files if f is not file for e in f.events}
    return {*file.events} - others - {*source.source.values.get("event", ())}


def _stands_for(case: Case, source: SourceFacts, file: FileFacts) -> set[str]:
    """The events that a file should hold: by its name, or as all other files hold no others."""
    if source.source.event is not None or ANY_EVENT in case.reading.events:
        return set()
    name = _squeezed(PurePath(file.shown).name)
    named = {e for e in case.reading.events if _squeezed(e) and _squeezed(e) in name}
    others = [f for f in source.files if f is not file and f.used]
    only = others and all(f.used_events.keys() <= case.reading.events for f in others)
    return named or ({e for f in others for e in f.used_events} if only else set())


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


# -- days -----------------------------------------------------------------------------------------


def stopped(case: Case) -> Iterator[Notice]:
    """An error for each source whose last day lies before a window that suppression reads."""
    for source in case.sources:
        late = [
            r for r in case.reading.of(source.table, source.source) if _is_before(case, source, r)
        ]
        if not late or case.is_quiet(source):
            continue
        latest = max(late, key=lambda r: r.first_day(case.as_of) or case.as_of)
        text = (
            f"the newest row is of {source.last_day}, before the {latest.told(case.as_of)} that suppress "
            "reads: it can suppress nobody"
        )
        yield notice(
            "stale-source",
            text,
            where=source.source.path,
            mend=_look(source),
            level="error",
            door=case.quiet(source),
            is_of_suppression=True,
        )


def events_stopped(case: Case) -> Iterator[Notice]:
    """A warning for each event that stopped before a window which suppression reads, while others
    of its source go on: nobody can tell a good month from a word that changed."""
    for source in case.sources:
        for event, last in source.last_days.items():
            late = [
                r
                for r in case.reading.of(source.table, source.source)
                if r.event == event and _is_late(last, r, case) and not _is_before(case, source, r)
            ]
            if late and case.may_be_silent(source, last):
                yield _signed(source, f'its newest row of "{event}" is of {last}')
            elif late:
                latest = max(late, key=lambda r: r.first_day(case.as_of) or case.as_of)
                text = (
                    f'the newest row of "{event}" is of {last}, before the {latest.told(case.as_of)} that suppress '
                    f"reads, and other events go on to {source.last_day}: did the word for it change?"
                )
                yield notice(
                    "event-went-quiet",
                    text,
                    where=source.source.path,
                    mend=_look(source),
                    door=case.quiet(source, last),
                    is_of_suppression=True,
                )


def signed_for(case: Case) -> Iterator[Notice]:
    """A note for each silence that the rules sign for with `quiet_for`."""
    for source in case.sources:
        reads = case.reading.of(source.table, source.source)
        late = any(_is_before(case, source, read) for read in reads)
        if case.is_quiet(source) and (late or not all(file.used for file in source.files)):
            last = f"its newest row is of {source.last_day}" if source.last_day else "it has no row"
            yield _signed(source, last)


def _look(source: SourceFacts) -> str:
    """What to do about a silence that nobody signed for, or not for so long."""
    span = source.source.quiet_for
    signed = "" if span is None else f" Its `quiet_for: {span}` allows no longer silence."
    return f"Look at the feed.{signed}"


def _signed(source: SourceFacts, what: str) -> Notice:
    text = f"{what}: `quiet_for: {source.source.quiet_for}` says that it may be silent"
    return notice("quiet-source", text, where=source.source.path)


def _is_before(case: Case, source: SourceFacts, read: RowsRead) -> bool:
    return source.last_day is not None and _is_late(source.last_day, read, case)


def _is_late(last: date, read: RowsRead, case: Case) -> bool:
    """Whether a last day lies before the window of what is read."""
    first = read.first_day(case.as_of)
    return first is not None and last < first


def after_as_of(case: Case) -> Iterator[Notice]:
    """A warning for rows that suppression does not see, as they are after as_of or after today."""
    for _, file in case.files():
        if file.later_read:
            text = (
                f"{_rows_are(file.later_read)} of days after {case.as_of}, the day of this run: what they say suppresses "
                "nobody"
            )
            yield notice("rows-after-as-of", text, where=file.shown, is_of_suppression=True)
        if file.future_read:
            text = f"{_rows_are(file.future_read)} dated after today ({case.today}): what they say suppresses nobody"
            yield notice("rows-in-the-future", text, where=file.shown, is_of_suppression=True)


def _rows_are(number: int) -> str:
    return f"{counted(number, 'row')} that suppress reads {agreeing(number, 'is', 'are')}"
