"""From a collected tally to the counts of the manifest; raises when the rows cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from segmentation.messages.errors import InputError, Problem, agreeing, counted, listed
from segmentation.messages.privacy import ids_after, told_value
from segmentation.rules.yaml.flow import flow
from segmentation.sources.channel_proposed import by_channel
from segmentation.sources.columns.failing import FormatsDiffer, readable_otherwise, two_formats
from segmentation.sources.columns.ids import ID_COLUMNS, IdsDiffer, inexact
from segmentation.sources.columns.reasons import (
    CODE,
    MOST_CONDITIONS,
    REJECTED,
    SET_ASIDE,
    UNCHOSEN,
    Reason,
)
from segmentation.sources.files.content import fingerprint
from segmentation.sources.latest_proposed import proposed
from segmentation.sources.reader import FILE
from segmentation.sources.tables import InputCount, Tally
from segmentation.sources.unique import CONFLICTS, KEY


def input_count(tally: Tally, collected: pl.DataFrame, *, has_others: bool = False) -> InputCount:
    """The counts of one source.

    Raises IdsDiffer when the table must be read again with other `ids`, FormatsDiffer when it must be
    with texts beside the sample, and InputError when there are no transactions, no row has a customer,
    ids are floats that hold no id, or one id has several different rows. `has_others` says that other sources of the
    table have rows, so that this one may have none.
    """
    counts = collected.row(0, named=True)
    _refuse_changed_files(tally, counts["rows_read"])
    if counts[Reason.MISFIT.name]:
        refuse_misfits(tally)
        raise InputError(*_inexact_ids(tally))
    _refuse_lost_guesses(tally, counts)
    if counts[Reason.ORDER.name]:
        raise InputError(_of_different_amounts(tally))
    if counts.get(CONFLICTS):
        raise InputError(_conflict(tally))
    if tally.table == "transactions" and not (counts["rows_read"] or has_others):
        raise InputError(_no_rows(tally))
    if counts["rows_read"] and counts[Reason.NO_ID.name] == counts["rows_read"]:
        raise InputError(_nobody(tally))
    aside = {_words(tally, reason): counts[reason.name] for reason in SET_ASIDE}
    aside |= _not_chosen(tally, counts[Reason.NOT_CHOSEN.name])
    return InputCount(
        table=tally.table,
        path=tally.path,
        rows_read=counts["rows_read"],
        rows_used=counts["rows_used"],
        rows_rejected=sum(counts[reason.name] for reason in REJECTED),
        rows_set_aside={reason: number for reason, number in aside.items() if number},
        rows_without_partner=counts[Reason.PARTNER.name] if _is_joined(tally) else None,
        last_day=day.isoformat() if (day := counts.get("last_day")) else None,
        fingerprint=fingerprint(c for part in tally.parts for c in part.raw.contents),
    )


def refuse_misfits(tally: Tally) -> None:
    """Raise IdsDiffer, for an id belies its shape; not where ids are texts already: it is the file's fault then."""
    if any(part.recipe.ids != "text" for part in tally.parts):
        asked = {part.recipe.ids_after for part in tally.parts}
        raise IdsDiffer("or nobody" if "or nobody" in asked else "text")


def _refuse_changed_files(tally: Tally, rows_read: int) -> None:
    """Every row that was counted apart (in a CSV file's bytes) must have been read, and no other."""
    counted_apart = [part.raw.rows_counted() for part in tally.parts]
    known = [rows for rows in counted_apart if rows is not None]
    in_bytes = sum(known)
    if known and in_bytes != rows_read:
        what = f"{in_bytes:,} rows were counted and {rows_read:,} read"
        mend = "Did the file change meanwhile? Run again; if it stays so, it is a bug of ours."
        raise InputError(Problem(what, tally.path, mend))


def _refuse_lost_guesses(tally: Tally, counts: Mapping[str, int]) -> None:
    """Raise FormatsDiffer where rejected rows can be read in another format than was guessed."""
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for part in (
        tally.parts if any(counts[reason.name] for reason in (Reason.UNREAD, *REJECTED)) else ()
    ):
        for raw, rejected in part.rejected if part.recipe.guessed else ():
            rows = raw.rows_counted() or counts["rows_read"]
            texts = readable_otherwise(rejected, part.recipe, rows)
            new = {c: t for c, t in texts.items() if not {*t} <= {*part.recipe.failing.get(c, ())}}
            if new:
                found[raw.called] = new
            elif texts and (problem := two_formats(part.recipe, texts, raw)) is not None:
                raise InputError(problem)
    if found:
        raise FormatsDiffer(found)


def _of_different_amounts(tally: Tally) -> Problem:
    """Which orders say several amounts of themselves: found in a second pass, this being the end."""
    told = (part for part in tally.parts if part.recipe.columns.per_order)
    rows = [p.coded.filter(pl.col(CODE) == Reason.ORDER).select(FILE, "order_id") for p in told]
    text = pl.col("order_id").cast(pl.String)
    found = pl.concat([one.with_columns(text) for one in rows]).unique().sort(pl.all())
    orders = found.collect(engine="streaming")["order_id"].to_list()
    [name, *_] = sorted({name for part in tally.parts for name in part.recipe.columns.per_order})
    return Problem(
        f"{counted(len(orders), 'order')} {agreeing(len(orders), 'has', 'have')} lines with different values "
        f"of what is per order (such as {told_value(orders[0])})",
        tally.path,
        "What is per order stands on the first line of an order, or is the same on all. "
        f"Where each line has its own, do without per_order: {name}: NAME.",
    )


def _inexact_ids(tally: Tally) -> Iterator[Problem]:
    """Of which columns floats are too large to be ids, found in a second pass: this is the end."""
    for part in tally.parts:
        for name in filter(part.recipe.reads, ID_COLUMNS):
            column = part.recipe.source(name)
            dtype = part.recipe.dtype(column)
            if dtype.is_float():
                wrong = (
                    part.raw.scan().select(inexact(pl.col(column), dtype).sum()).collect().item()
                )
                if wrong:
                    yield _too_large(name, column, dtype, wrong, part.raw.called)


def _too_large(name: str, column: str, dtype: pl.DataType, wrong: int, shown: str) -> Problem:
    these = agreeing(wrong, "is", "are")
    return Problem(
        f"{name}: the column {column} holds {dtype}, and {counted(wrong, 'number')} in it {these} so large "
        "that different ids may have become one",
        shown,
        "Write the ids as integers or as text, from where they still are: here their last digits are lost.",
    )


def _is_joined(tally: Tally) -> bool:
    return any(part.recipe.partners for part in tally.parts)


def _words(tally: Tally, reason: Reason) -> str:
    if reason is Reason.NO_ID and tally.table == "products":
        return "no product"
    latest = tally.parts[0].recipe.latest
    if reason in (Reason.OLDER, Reason.UNDATED) and latest is not None:
        return f"{SET_ASIDE[reason]} ({latest.column})"
    if reason is Reason.UNREAD:
        columns = dict.fromkeys(c for part in tally.parts for c in part.recipe.bounded)
        return f"{UNCHOSEN}, for where cannot read {listed([*columns])}"
    return SET_ASIDE[reason]


def _not_chosen(tally: Tally, rows: Sequence[int]) -> Mapping[str, int]:
    """The rows that were not chosen, by the columns of the first condition that did not choose them.

    There are more numbers than conditions where these were not known to who counted.
    """
    named = [", ".join(columns) for columns in tally.parts[0].recipe.conditions]
    return {f"{UNCHOSEN} by where ({n})": rows[i] for i, n in enumerate(named[:MOST_CONDITIONS])}


def _no_rows(tally: Tally) -> Problem:
    what = tally.parts[0].raw.no_rows
    return Problem(what, tally.path, "There is nothing to segment without transactions.")


def _nobody(tally: Tally) -> Problem:
    key = KEY.get(tally.table, "customer_id")
    part = tally.parts[0]
    return Problem(
        f"no row has a {key.removesuffix('_id')}",
        tally.path,
        f"{key} is read from {part.recipe.source(key)}; if that is wrong, {part.raw.settings.another(key)}.",
    )


def _conflict(tally: Tally) -> Problem:
    """Which ids have several rows that differ: found in a second pass, this being the end."""
    assert tally.distinct is not None
    key = KEY[tally.table]
    repeated = tally.distinct.group_by(key).len().filter(pl.col("len") > 1).sort(key)
    ids = repeated.select(pl.col(key).cast(pl.String)).collect(engine="streaming")[key].to_list()
    one, many = (f"one {tally.table[:-1]} has", f"{len(ids):,} {tally.table} have")
    latest = tally.parts[0].recipe.latest
    which = "" if latest is None else f", and the same newest {latest.column} or none"
    return Problem(
        f"{one if len(ids) == 1 else many} several rows that differ{which}{ids_after(ids)}",
        tally.path,
        f"Every {key} needs one row; equal rows collapse by themselves.{_by_latest(tally, key)}{_of_mails(tally)}",
    )


def _of_mails(tally: Tally) -> str:
    """What chooses the rows of one channel, where customers have one for each and it was tried."""
    chosen = by_channel(tally)
    if chosen is None:
        return ""
    entry = flow({"where": chosen})[1:-1]
    return f"\n  For the rows of mails alone: sources: {{{tally.table}: {{path: …, {entry}}}}}"


def _by_latest(tally: Tally, key: str) -> str:
    """The column that tells which row is newest, where one was tried."""
    told = any(part.recipe.latest is not None for part in tally.parts)
    column = None if told else proposed(tally, key)
    if column is None:
        return ""
    entry = flow({"latest_by": column})[1:-1]
    return f"\n  To take the newest of each: sources: {{{tally.table}: {{path: …, {entry}}}}}"
