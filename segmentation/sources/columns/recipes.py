"""How files that are alike become canonical: its mapping, and what its sample says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property, partial, reduce
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, listed
from segmentation.rules.number_format import NumberFormat
from segmentation.rules.sources import TIME, Source, TableName
from segmentation.sources.columns.aliases import ALIASES, NUMBERS
from segmentation.sources.columns.date_numbers import count_of
from segmentation.sources.columns.dates import (
    ISO,
    Shapes,
    carry_zone,
    parse_moments,
    readable,
    texts_of,
)
from segmentation.sources.columns.derived import with_made
from segmentation.sources.columns.detect import (
    AmbiguousDate,
    DateColumn,
    shapes_declared,
    shapes_detected,
    shapes_of_own,
)
from segmentation.sources.columns.detect_numbers import Evidence, number_format
from segmentation.sources.columns.failing import Texts, joined
from segmentation.sources.columns.guess import Guess
from segmentation.sources.columns.id_shapes import EMAILS, are_emails, sampled_shapes, shapes_of
from segmentation.sources.columns.ids import Ids, Shape
from segmentation.sources.columns.mapping import (
    Columns,
    Header,
    always_read,
    assign,
    either,
    notes_of,
    of_two_candidates,
)
from segmentation.sources.columns.misread import misread
from segmentation.sources.columns.mixed_dates import told
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.fields import are_apart
from segmentation.sources.parquet.oversize import MEND, TOO_LARGE
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import Use, can_be, is_text

MOST_DATES = 1000
MOST_FILES: Final = 3  # that a note names
LAUNCHED: Final = "launched_at"  # of products, and of lines that bring it


@dataclass(frozen=True)
class Order:
    """How a table is to be read, for all its sources alike."""

    table: TableName
    cutoff: date | None
    timezone: str | None  # None where nobody declares one: days are of UTC
    needs: frozenset[str] | None
    ids: Ids
    compares_products: bool = True  # else nobody sees how product ids are written
    oversize: frozenset[str] = frozenset()  # columns that are not read, as a cell is too large
    failing: Texts = field(default_factory=dict)  # what earlier guesses could not read
    dates: frozenset[str] = frozenset()  # of no meaning here, but rules compare them as dates
    numbers: frozenset[str] = frozenset()  # and those that they add up, or compare with numbers


@dataclass(frozen=True)
class Mapped:
    """A table of a source, and which of its columns is which; no row is read yet."""

    raw: RawTable
    header: Header
    columns: Columns

    @property
    def always_read(self) -> frozenset[str]:
        """What is read whatever the rules need."""
        constant = self.header.has_constant_event
        return always_read(
            self.header.table,
            self.columns.canonical,
            has_constant_event=constant,
            has_orders=bool(self.columns.per_order),
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """A sentence for each column of which it is unclear what it is read from."""
        table, unclear = self.header.table, self.columns.unclear
        return tuple(
            f"{table}: {n} is not read: it could be from {either(c)}, and no rule needs it"
            for n, c in unclear.items()
        )

    @cached_property
    def faults(self) -> tuple[Mapping[str, Sequence[Problem]], ...]:
        """Why columns cannot be read, by canonical name; of several kinds the first is told."""
        unclear = {
            n: of_two_candidates(self.header, {n: c}) for n, c in self.columns.unclear.items()
        }
        table, columns, raw = self.header.table, self.columns, self.raw
        return (
            unclear,
            _oversize(columns, raw),
            _misfits(table, columns, raw),
        )

    @property
    def faulty(self) -> frozenset[str]:
        """The canonical columns that cannot be read."""
        return frozenset(name for kind in self.faults for name in kind)


def mapped(source: Source, raw: RawTable, table: str) -> Mapped:
    """Which column of a table is which. Raises InputError where what is always read cannot be."""
    raw = with_made(raw, source.columns)
    header = Header(
        table=table,
        shown=raw.called,
        names=_names(source, raw, table),
        declared=source.columns,
        mapping_of=partial(raw.settings.columns, table),
        join_of=raw.settings.join,
        event_of=raw.settings.one_event(is_of_rules=source.is_of_rules),
        misread=partial(misread, raw, source, table),
        has_constant_event=source.event is not None,
        where=source.where,
    )
    found = Mapped(raw, header, assign(header))
    _refuse(found, found.always_read)
    return found


def _names(source: Source, raw: RawTable, table: str) -> tuple[str, ...]:
    """The columns that may be meant: of a struct its fields, but where it is called as itself."""
    called = {*ALIASES[table], *source.columns.values()}
    return tuple(n for n in raw.schema if n in called or not are_apart(n, raw.schema))


def _refuse(read: Mapped, wanted: Collection[str] | None) -> None:
    """Raise InputError where a column that is needed cannot be read."""
    for kind in read.faults:
        wrong = [
            p for name, found in kind.items() if wanted is None or name in wanted for p in found
        ]
        if wrong:
            raise InputError(*wrong)


def drafts_of(source: Source, read: Sequence[Mapped], order: Order) -> list[Recipe]:
    """Recipes that give every column its type and are true of no more: nothing has been guessed."""
    shapes = sampled_shapes([(one.raw, one.columns) for one in read], order.ids, source.missing)
    return [_draft(source, one, shapes, order) for one in read]


def _dates_of(table: str) -> tuple[str, ...]:
    """The columns of a table that hold dates, if it has them."""
    return (*TIME.get(table, ())[:1], LAUNCHED)


def _draft(source: Source, read: Mapped, shapes: Mapping[str, Shape], order: Order) -> Recipe:
    sound = {n: c for n, c in read.columns.canonical.items() if n not in read.faulty}
    columns = replace(read.columns, canonical=sound)
    dates = dict.fromkeys(_dates_of(order.table), ISO)
    return replace(_plain(source, read, order), columns=columns, dates=dates, shapes=shapes)


def told_apart(source: Source, read: Sequence[Mapped], order: Order) -> list[Mapped]:
    """The tables of a source with what earlier guesses could not read in their samples.

    Files that are written in another way than those beside them are tables of their own.
    """
    return [part for one in read for part in _by_format(source, _with_failing(one, order), order)]


def _with_failing(one: Mapped, order: Order) -> Mapped:
    texts = _failing(one.raw, order)
    if not texts:
        return one
    sample = {name: [*cells, *texts.get(name, ())] for name, cells in one.raw.sample.items()}
    return replace(one, raw=replace(one.raw, sample=sample))


def _failing(raw: RawTable, order: Order) -> Mapping[str, tuple[str, ...]]:
    """The texts of the columns of a table's files that earlier guesses could not read."""
    each = (order.failing.get(file, {}) for file in raw.shown().values())
    return reduce(joined, each, {})


def _by_format(source: Source, one: Mapped, order: Order) -> list[Mapped]:
    files = one.raw.each_file()
    if len(files) < 2 or not _is_mixed(source, one, order):
        return [one]
    apart: dict[object, list[RawTable]] = {}
    for raw in files:
        alone = _with_failing(replace(one, raw=raw.sampled()), order)
        written = (_evidence(source, alone, order).decimal, *_days_of(source, alone, order))
        apart.setdefault(written, []).append(alone.raw)
    return [replace(one, raw=raws[0].together(raws)) for raws in apart.values()]


def _is_mixed(source: Source, one: Mapped, order: Order) -> bool:
    """Whether the samples of files that are alike are written in several ways."""
    if not source.number_format.decimal and _evidence(source, one, order).is_mixed:
        return True
    columns = () if source.date_format else _date_columns(one, order)
    return any(_is_mixed_date(column) for column in columns)


def _is_mixed_date(column: DateColumn) -> bool:
    try:
        shapes = shapes_detected(column).found
    except (AmbiguousDate, InputError):
        return False  # that is told of all files together
    texts = pl.Series(column.sample, dtype=pl.String)
    other = texts.filter(parse_moments(texts, shapes).is_null())
    return bool(readable(other).any())


def _date_columns(one: Mapped, order: Order) -> list[DateColumn]:
    names = (name for name in _dates_of(order.table) if name in one.columns.canonical)
    found = (_texts(name, one.raw, one.columns, order) for name in names)
    return [column for column in found if column is not None]


def _days_of(source: Source, one: Mapped, order: Order) -> list[Shapes | None]:
    """How each column of dates of a file is written; None where nothing tells."""
    found: list[Shapes | None] = []
    for column in () if source.date_format else _date_columns(one, order):
        try:
            found.append(shapes_detected(column).found)
        except (AmbiguousDate, InputError):
            found.append(None)
    return found


def _evidence(source: Source, one: Mapped, order: Order) -> Evidence:
    """What the numbers that are read say of their decimal sign."""
    recipe = _plain(source, one, order)
    texts = (_sampled(one, name) for name in NUMBERS if recipe.wants(name))
    return Evidence.of(texts, source.number_format)


def recipes_of(source: Source, read: Sequence[Mapped], order: Order) -> Guess[tuple[Recipe, ...]]:
    """The recipe of each table of a source, by what its sample says."""
    for one in read:
        _refuse(one, None if order.needs is None else {*order.needs, *one.always_read})
    try:
        found = [_recipe(source, one, order) for one in read]
    except AmbiguousDate as ambiguous:
        columns_of = [_texts(ambiguous.name, one.raw, one.columns, order) for one in read]
        columns = [column for column in columns_of if column is not None]
        raise InputError(told(ambiguous, columns, source)) from None
    pairs = [(one.raw, one.columns) for one in read]
    wanted = None if order.needs is None else order.needs | read[0].always_read
    shapes = shapes_of(order.table, pairs, order.ids, wanted, source.missing)
    mails = source.ids != "exact" and are_emails(pairs, wanted)
    recipes = tuple(replace(one.found, shapes=shapes.found, has_emails=mails) for one in found)
    of_ids = (f"{order.table}: {EMAILS}",) if mails else ()
    notes = (note for one, guess in zip(read, found, strict=True) for note in _notes(one, order))
    return Guess(recipes, (*notes, *_of_formats(read, found), *shapes.notes, *of_ids))


def _of_formats(read: Sequence[Mapped], found: Sequence[Guess[Recipe]]) -> Iterator[str]:
    """What was guessed of formats; where files differ, in which of them."""
    differ = len({guess.notes for guess in found}) > 1
    for one, guess in zip(read, found, strict=True):
        files = listed(sorted(one.raw.shown().values()), MOST_FILES)
        yield from (f"{note} in {files}" if differ else note for note in guess.notes)


def _notes(read: Mapped, order: Order) -> tuple[str, ...]:
    wanted = None if order.needs is None else order.needs | read.always_read
    return notes_of(order.table, read.columns, wanted)


def _plain(source: Source, read: Mapped, order: Order) -> Recipe:
    """A recipe of which nothing depends on rows."""
    return Recipe(
        table=order.table,
        columns=read.columns,
        schema=read.raw.schema,
        dates={},
        numbers=source.number_format,
        shapes={},
        ids=order.ids,
        timezone=order.timezone or "UTC",
        cutoff=order.cutoff,
        event=source.event,
        wanted=None if order.needs is None else order.needs | read.always_read,
        is_quoted=read.raw.can_hold_quoted_blanks,
        compares_products=order.compares_products,
        oversize=order.oversize,
        where=source.where,
        missing=source.missing,
        partners=read.raw.partners,
        failing=_failing(read.raw, order),
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
    numbers = _numbers(source, read, plain)
    guessed = frozenset() if source.number_format.decimal else frozenset({"numbers"})
    guessed |= frozenset() if source.date_format else frozenset(_dates_of(order.table))
    made = replace(plain, dates=dates.found, numbers=numbers.found, guessed=guessed)
    return Guess(made, (*dates.notes, *numbers.notes))


def _dates(
    source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Mapping[str, Shapes]]:
    known = [name for name in _dates_of(order.table) if recipe.reads(name)]
    own = [n for n in sorted(order.dates - {*known}) if _is_own(n, raw, recipe)]
    found = {name: _shapes(name, source, raw, recipe, order) for name in known}
    found |= {name: _own_shapes(name, source, raw, recipe, order) for name in own}
    notes = [note for one in found.values() for note in one.notes]
    if order.timezone is None:
        notes += [said for n, one in found.items() for said in _zone(n, raw, recipe, one.found)]
    return Guess({name: one.found for name, one in found.items()}, tuple(notes))


def _is_own(name: str, raw: RawTable, recipe: Recipe) -> bool:
    """Whether a column that only rules know is here, is needed, and can be a date."""
    column = _source(name, recipe.columns)
    return (
        column is not None
        and column not in recipe.oversize
        and recipe.wants(name)
        and (is_text(raw.schema[column]) or isinstance(raw.schema[column], pl.Datetime))
    )


def _shapes(
    name: str, source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Shapes]:
    texts = _texts(name, raw, recipe.columns, order)
    if texts is None:
        return Guess(())
    if source.date_format and (name != LAUNCHED or order.table == "products"):
        return Guess(shapes_declared(texts, source.date_format))
    return shapes_detected(texts)


def _own_shapes(
    name: str, source: Source, raw: RawTable, recipe: Recipe, order: Order
) -> Guess[Shapes]:
    texts = _texts(name, raw, recipe.columns, order)
    return Guess(()) if texts is None else shapes_of_own(texts, source.date_format)


def _zone(name: str, raw: RawTable, recipe: Recipe, shapes: Shapes) -> Iterator[str]:
    """A sentence where moments have a zone: nobody says in which one their days are."""
    column = str(_source(name, recipe.columns))
    dtype = raw.schema[column]
    count = count_of(shapes[0]) if shapes else None
    if count is not None and count.is_instant:
        yield f"{recipe.table}: {name} counts from a moment of UTC and no `timezone` is declared: days are of UTC"
    elif getattr(dtype, "time_zone", None) or carry_zone(_sample(column, raw), shapes):
        yield (
            f"{recipe.table}: the moments of {name} carry a zone and no `timezone` is declared: days are of UTC"
        )


def _source(name: str, columns: Columns) -> str | None:
    """The file's (first) column for a name; None where it has none."""
    if name in columns.canonical:
        return columns.canonical[name][0]
    return name if name in columns.others else None


def _texts(name: str, raw: RawTable, columns: Columns, order: Order) -> DateColumn | None:
    """A column of dates that are written as text; None where they are stored, or there is none."""
    column = _source(name, columns)
    if column is None or isinstance(raw.schema[column], (pl.Date, pl.Datetime)):
        return None
    return DateColumn(order.table, name, column, _sample(column, raw), raw)


def _sample(column: str, raw: RawTable) -> list[str]:
    """Some texts of a column; numbers with a point are not sampled before one is a date."""
    dtype = raw.schema[column]
    if not dtype.is_float() and not dtype.is_decimal():
        return _some_of(raw.sample.get(column, ()))
    texts = raw.scan().select(texts_of(column, dtype).alias("text")).drop_nulls()
    return _some_of(texts.head(MOST_DATES).collect()["text"].to_list())


def _some_of(texts: Sequence[str | None]) -> list[str]:
    """Distinct texts from all over the sample, few enough to try every date format on."""
    distinct = list(dict.fromkeys(text for text in texts if text and text.strip()))
    return distinct[:: max(1, len(distinct) // MOST_DATES)]


def _read_of(columns: Columns) -> Iterator[tuple[str, str]]:
    """The canonical columns with the files' columns behind them."""
    return ((name, column) for name, found in columns.canonical.items() for column in found)


def _by_name(problems: Iterable[tuple[str, Problem]]) -> Mapping[str, Sequence[Problem]]:
    found: dict[str, list[Problem]] = {}
    for name, problem in problems:
        found.setdefault(name, []).append(problem)
    return found


def _oversize(columns: Columns, raw: RawTable) -> Mapping[str, Sequence[Problem]]:
    """A column that is read has no cell that takes memory without bound."""
    wrong = [(name, column) for name, column in _read_of(columns) if column in raw.oversize]
    files = {column: raw.with_oversize(column) for _, column in wrong}
    return _by_name(
        (name, Problem(f"{name}: the column {column} {TOO_LARGE}", shown, MEND))
        for shown in (raw.shown().values() if wrong else ())
        for name, column in wrong
        if shown in files[column]
    )


#: what columns are read as -> what they are not, of another type, and what to store
_READ_AS: Final[Mapping[Use, tuple[str, str]]] = {
    "number": (
        ", not numbers",
        "Store numbers, or {another}.",
    ),
    "date": (", not dates", "Store dates, timestamps or text."),
    "text": ("", "Store one text or number per row."),
    "mapped": ("", "Store one text or number per row."),
}


def _misfits(table: str, columns: Columns, raw: RawTable) -> Mapping[str, Sequence[Problem]]:
    """Every canonical column is stored as what it is read as: no list as text, no day as an amount."""
    uses = ((name, column, _use_of(table, name)) for name, column in _read_of(columns))
    return _by_name(
        (name, _misfit(name, column, use, raw))
        for name, column, use in uses
        if not can_be(raw.schema[column], use)
    )


def _misfit(name: str, column: str, use: Use, raw: RawTable) -> Problem:
    otherwise, mend = _READ_AS[use]
    what = f"{name}: the column {column} holds {raw.schema[column]}{otherwise}"
    return Problem(what, raw.called, mend.format(another=raw.settings.another(name)))


def _use_of(table: str, name: str) -> Use:
    """What a canonical column is read as."""
    numbers = {"transactions": NUMBERS, "products": ("cost",)}.get(table, ())
    if name in numbers or name in _dates_of(table):
        return "number" if name in numbers else "date"
    return "text" if name in ALIASES[table] else "mapped"


def _numbers(source: Source, read: Mapped, recipe: Recipe) -> Guess[NumberFormat]:
    """How numbers are written: a column that is not read has no part in it."""
    needed = {name: _sampled(read, name) for name in NUMBERS if recipe.wants(name)}
    needed |= {n: list(read.raw.sample.get(n, ())) for n in sorted(recipe.own_numbers)}
    certain = {name: texts for name, texts in needed.items() if name in read.always_read}
    return number_format(recipe.table, certain, needed, raw=read.raw, declared=source.number_format)


def _sampled(read: Mapped, name: str) -> list[str | None]:
    """The sampled texts of a column."""
    columns = read.columns.canonical.get(name, ())
    texts = (c for c in columns if is_text(read.raw.schema[c]))
    return [cell for column in texts for cell in read.raw.sample.get(column, ())]
