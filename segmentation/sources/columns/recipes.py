"""How files that are alike become canonical: its mapping, and what its sample says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from segmentation.messages.errors import InputError, Problem, listed
from segmentation.rules.sources import Source
from segmentation.sources.columns.apart import failing_of
from segmentation.sources.columns.asked import DAYS, columns_with, is_bound_of_numbers, is_of_days
from segmentation.sources.columns.centuries import are_past, has_two_digits, with_two_digits
from segmentation.sources.columns.chosen import Written
from segmentation.sources.columns.date_numbers import count_of
from segmentation.sources.columns.dates import (
    ISO,
    Shapes,
    carry_zone,
    without_zones,
)
from segmentation.sources.columns.detect import (
    AmbiguousDate,
    shapes_declared,
    shapes_detected,
    shapes_of_own,
)
from segmentation.sources.columns.detect_latest import latest_in
from segmentation.sources.columns.detect_numbers import number_format, own_formats
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.id_shapes import (
    EMAILS,
    MARKS,
    are_emails,
    are_marked,
    name_nobody,
    sampled_shapes,
    shapes_of,
)
from segmentation.sources.columns.ids import Shape
from segmentation.sources.columns.latest import Latest
from segmentation.sources.columns.mapped import (
    LAUNCHED,
    Mapped,
    Order,
    dates_of,
    refuse,
    source_of,
)
from segmentation.sources.columns.mapping import columns_of, notes_of
from segmentation.sources.columns.mixed_dates import told
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.columns.sampled import counted, dates_in, days_of, numbers_in, some_dates
from segmentation.sources.columns.units import Units, kind_of, units_of
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import is_text

MOST_FILES: Final = 3  # that a note names


def drafts_of(source: Source, read: Sequence[Mapped], order: Order) -> list[Recipe]:
    """Recipes that give every column its type and are true of no more: nothing has been guessed."""
    pairs = [(one.raw, one.columns) for one in read]
    shapes = _as_declared(source, sampled_shapes(pairs, order.ids, source.missing))
    return [_draft(source, one, shapes, order) for one in read]


def _draft(source: Source, read: Mapped, shapes: Mapping[str, Shape], order: Order) -> Recipe:
    sound = {n: c for n, c in read.columns.canonical.items() if n not in read.faulty}
    columns = replace(read.columns, canonical=sound)
    dates = dict.fromkeys(dates_of(order.table), ISO)
    return replace(_plain(source, read, order), columns=columns, dates=dates, shapes=shapes)


def recipes_of(source: Source, read: Sequence[Mapped], order: Order) -> Guess[tuple[Recipe, ...]]:
    """The recipe of each table of a source, by what its sample says."""
    for one in read:
        refuse(one, order.wanted(one))
    try:
        found = [_recipe(source, one, order) for one in read]
    except AmbiguousDate as ambiguous:
        columns_of = [dates_in(ambiguous.name, one.raw, one.columns, order) for one in read]
        columns = [column for column in columns_of if column is not None]
        raise InputError(told(ambiguous, columns or [ambiguous.column], source)) from None
    _refuse_mixed(read, found)
    pairs = [(one.raw, one.columns) for one in read]
    wanted = order.wanted(read[0])
    shapes = shapes_of(order.table, pairs, order.ids, wanted, source.missing)
    mails = source.ids != "exact" and are_emails(pairs, wanted)
    marks = are_marked(pairs, order.ids, wanted)
    nobody = order.ids == "or nobody" or name_nobody(pairs, wanted)
    shaped = _as_declared(source, shapes.found)
    shared = partial(replace, shapes=shaped, has_emails=mails, has_marks=marks, names_nobody=nobody)
    recipes = tuple(shared(one.found) for one in found)
    said = ((EMAILS, mails), (MARKS, marks))
    of_ids = tuple(f"{order.table}: {text}" for text, is_so in said if is_so)
    notes = (note for one, guess in zip(read, found, strict=True) for note in _notes(one, order))
    return Guess(recipes, (*notes, *_of_formats(read, found), *shapes.notes, *of_ids))


def _as_declared(source: Source, shapes: Mapping[str, Shape]) -> Mapping[str, Shape]:
    """The shapes of ids, of which those of customers are texts where they are compared in a plain form."""
    is_text = source.ids == "plain" and "customer_id" in shapes
    return {**shapes, "customer_id": "text"} if is_text else shapes


def _of_formats(read: Sequence[Mapped], found: Sequence[Guess[Recipe]]) -> Iterator[str]:
    """What was guessed of formats; where files differ, in which of them."""
    differ = len({guess.notes for guess in found}) > 1
    for one, guess in zip(read, found, strict=True):
        files = listed(sorted(one.raw.shown().values()), MOST_FILES)
        yield from (f"{note} in {files}" if differ else note for note in guess.notes)


def _notes(read: Mapped, order: Order) -> tuple[str, ...]:
    wanted = order.wanted(read)
    absent = (name for name in columns_of(read.header.where) if name not in read.raw.schema)
    files = listed(sorted(read.raw.shown().values()), MOST_FILES)
    lacking = (f"{order.table}: {n}, which where asks, is missing in {files}" for n in absent)
    return (*lacking, *notes_of(order.table, read.columns, wanted))


def _plain(source: Source, read: Mapped, order: Order) -> Recipe:
    """A recipe of which nothing depends on rows."""
    return Recipe(
        table=order.table,
        columns=read.columns,
        schema=read.raw.schema,
        dates={},
        written=Written(source.number_format),
        shapes={},
        ids=order.ids,
        timezone=order.timezone or "UTC",
        cutoff=order.cutoff,
        event=source.event,
        wanted=order.wanted(read),
        is_quoted=read.raw.can_hold_quoted_blanks,
        compares_products=order.compares_products,
        oversize=order.oversize,
        is_plain=source.ids == "plain",
        where=source.where,
        missing=source.missing,
        partners=read.raw.partners,
        rates={code: str(rate) for code, rate in source.rates.items()},
        failing=failing_of(read.raw, order),
        own_numbers=_own_numbers(read, order),
    )


def _own_numbers(read: Mapped, order: Order) -> frozenset[str]:
    """The texts of no meaning that rules read as numbers, and that are needed."""
    needed = order.numbers if order.needs is None else order.numbers & order.needs
    others = (name for name in read.columns.others if name in needed)
    return frozenset(name for name in others if is_text(read.raw.schema[name]))


def _recipe(source: Source, read: Mapped, order: Order) -> Guess[Recipe]:
    """A recipe without the shapes of its ids, which all tables of the source share."""
    plain = _plain(source, read, order)
    dates = _dates(source, read.raw, plain, order)
    written = _written(source, read, plain, order)
    days = _days(source, read.raw, plain, dates.found)
    guessed = frozenset() if source.number_format.decimal else frozenset({"numbers"})
    guessed |= frozenset() if source.date_format else frozenset((*dates_of(order.table), DAYS))
    found = replace(written.found, days=days.found)
    past = _past(read.raw, plain, dates.found, order)
    latest = _latest(source, read)
    made = replace(
        plain,
        dates=dates.found,
        past=past.found,
        written=found,
        guessed=guessed,
        latest=latest.found,
    )
    notes = (*dates.notes, *past.notes, *days.notes, *written.notes, *latest.notes)
    return Guess(made, notes)


def _latest(source: Source, read: Mapped) -> Guess[Latest | None]:
    """How the column is read that tells the newest row, where one is named."""
    if read.columns.latest is None:
        return Guess(None)
    found = latest_in(read.columns, read.raw, read.header.table, source.date_format)
    return Guess(found.found, found.notes)


def _refuse_mixed(read: Sequence[Mapped], found: Sequence[Guess[Recipe]]) -> None:
    """Raise InputError where days of one file would be compared with numbers of another."""
    kinds = {one.found.latest.is_number for one in found if one.found.latest is not None}
    if len(kinds) > 1:
        what = (
            f"latest_by: {read[0].columns.latest} holds dates in some files and numbers in others"
        )
        raise InputError(
            Problem(
                what, read[0].raw.called, "Read them as sources of their own, or write them alike."
            )
        )


def _dates(
    source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Mapping[str, Shapes]]:
    known = [name for name in dates_of(order.table) if recipe.reads(name)]
    own = [n for n in sorted(order.dates - {*known}) if _is_own(n, raw, recipe)]
    found = {name: _shapes(name, source, raw, recipe, order) for name in known}
    found |= {name: _own_shapes(name, source, raw, recipe, order) for name in own}
    notes = [note for one in found.values() for note in one.notes]
    if order.timezone is None:
        notes += [said for n, one in found.items() for said in _zone(n, raw, recipe, one.found)]
    return Guess({name: one.found for name, one in found.items()}, tuple(notes))


def _days(
    source: Source, raw: RawTable, recipe: Recipe, known: Mapping[str, Shapes]
) -> Guess[Mapping[str, Shapes]]:
    """How the columns are written that `where` compares with days; as the dates of rows, where they are those."""
    same = {recipe.source(name): shapes for name, shapes in known.items() if recipe.has(name)}
    asked = columns_with(source.where, is_of_days)
    others = days_of(recipe.table, [c for c in asked if c not in same], raw, source)
    shapes = {column: same.get(column) or others.found.get(column, ()) for column in asked}
    return Guess({column: one for column, one in shapes.items() if one}, others.notes)


def _past(
    raw: RawTable, recipe: Recipe, dates: Mapping[str, Shapes], order: Order
) -> Guess[Mapping[str, date]]:
    """The columns of customers whose two-digit years are of the past, each with the last day of it."""
    last, own = order.cutoff, [n for n in dates if n in order.dates and has_two_digits(dates[n])]
    texts = {name: some_dates(str(source_of(name, recipe.columns)), raw) for name in own}
    past = [] if last is None else [n for n in own if are_past(texts[n], dates[n], last)]
    notes = (
        f"{recipe.table}: the two-digit years of {name} are of the past: a day after {last} is of the century before"
        for name in past
    )
    return Guess({name: last for name in past if last is not None}, tuple(notes))


def _is_own(name: str, raw: RawTable, recipe: Recipe) -> bool:
    """Whether a column that only rules know is here, is needed, and can be a date."""
    column = source_of(name, recipe.columns)
    return (
        column is not None
        and column not in recipe.oversize
        and recipe.wants(name)
        and (is_text(raw.schema[column]) or isinstance(raw.schema[column], pl.Datetime))
    )


def _shapes(
    name: str, source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Shapes]:
    texts = dates_in(name, raw, recipe.columns, order)
    if texts is None:
        return Guess(())
    if source.date_format and (name != LAUNCHED or order.table == "products"):
        return Guess(shapes_declared(texts, source.date_format))
    guess = shapes_detected(texts)
    if order.timezone is None and not carry_zone(texts.sample, guess.found):
        return replace(guess, found=without_zones(guess.found))
    return guess


def _own_shapes(
    name: str, source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Shapes]:
    texts = dates_in(name, raw, recipe.columns, order)
    if texts is None:
        return Guess(())
    guess = shapes_of_own(texts, source.date_format)
    return replace(guess, found=with_two_digits(texts.sample, guess.found))


def _zone(name: str, raw: RawTable, recipe: Recipe, shapes: Shapes) -> Iterator[str]:
    """A sentence where moments have a zone: nobody says in which one their days are."""
    column = str(source_of(name, recipe.columns))
    dtype = raw.schema[column]
    count = count_of(shapes[0]) if shapes else None
    if count is not None and count.is_instant:
        yield f"{recipe.table}: {name} counts from a moment of UTC and no `timezone` is declared: days are of UTC"
    elif getattr(dtype, "time_zone", None) or carry_zone(some_dates(column, raw), shapes):
        yield (
            f"{recipe.table}: the moments of {name} carry a zone and no `timezone` is declared: days are of UTC"
        )


def _written(source: Source, read: Mapped, recipe: Recipe, order: Order) -> Guess[Written]:
    """How numbers are written: a column that is not read has no part in it."""
    asked = columns_with(source.where, is_bound_of_numbers)
    numbers = numbers_in(read, order, (*sorted(recipe.own_numbers), *asked))
    table, raw, declared = recipe.table, read.raw, source.number_format
    converts = bool(recipe.rates)
    form = number_format(table, numbers, raw=raw, declared=declared, converts=converts)
    own = own_formats(table, numbers, raw=raw, form=form.found, declared=declared)
    units = _units(read, recipe)
    forms = {**own.found}
    for column, words in units.found.items():
        forms[column] = replace(forms.get(column, form.found), units=words)
    written = Written(form.found, forms, timezone=recipe.timezone)
    return Guess(written, (*form.notes, *own.notes, *units.notes))


def _units(read: Mapped, recipe: Recipe) -> Guess[Mapping[str, tuple[str, ...]]]:
    """The units that stand beside all quantities of a column. Raises InputError where there are several kinds of them."""
    found: dict[str, tuple[str, ...]] = {}
    for column in counted(read.columns):
        units = units_of(
            read.raw.sample.get(column, ()) if is_text(read.raw.schema[column]) else ()
        )
        if units.words:
            found[column] = units.words
        elif units.are_apart and "amount" in read.header.declared:
            found[column] = tuple(sorted(units.written))
        elif units.is_whole and _makes_amount(column, read):
            raise InputError(_several_units(column, units, read))
    notes = (
        f"{recipe.table}: quantity is read without its unit, {listed(words)}"
        for words in found.values()
    )
    return Guess(found, tuple(notes))


def _makes_amount(column: str, read: Mapped) -> bool:
    """Whether the amount is made of a column."""
    known = read.columns.canonical
    return any(column in known.get(n, ()) for n in ("amount", "quantity") if n in read.always_read)


def refuse_units_that_differ(read: Sequence[Mapped], recipes: Sequence[Recipe]) -> None:
    """Raise InputError where quantities that count are in other units in one file than in another."""
    found: dict[str, tuple[str, str]] = {}
    for one, recipe in zip(read, recipes, strict=True):
        columns = [c for c in counted(one.columns) if _makes_amount(c, one)]
        words = next((w for c in columns if (w := recipe.written.form(c).units)), ())
        kind = kind_of(words)
        if kind is not None:
            found.setdefault(kind, (words[0], one.raw.called))
    if len(found) > 1:
        (word, shown), (other, file), *_ = found.values()
        what = f"quantity is in {other}, and in {word} in {shown}: prices of one would be multiplied alike"
        raise InputError(Problem(what, file, "Write all of them in one unit in the exports."))


def _several_units(column: str, units: Units, read: Mapped) -> Problem:
    [price] = read.columns.canonical.get("unit_price", ())[:1] or ("",)
    mend = "Write all of them in one unit in the export."
    if price and units.are_apart:
        way = read.header.mapping_of({"amount": f"{column} * {price}"})
        mend += f" If {price} is that of one of each unit: {way}."
    if price:
        mend += (
            f" If {price} is what was paid for the row: {read.header.mapping_of({'amount': price})}"
        )
    return Problem(f"{column} holds several units: {units.told}", read.raw.called, mend)
