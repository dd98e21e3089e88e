"""From a scan of raw columns to canonical columns and one reason code for every row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from segmentation.rules.instants import UTC
from segmentation.rules.sources import INSTANT, TIME, day_of
from segmentation.sources.columns.affixed import numbered
from segmentation.sources.columns.aliases import ALIASES, CURRENCY, MONEY, NUMBERS
from segmentation.sources.columns.centuries import century_before, has_two_digits, with_four_digits
from segmentation.sources.columns.chosen import chosen, conditions_of, unread_cells
from segmentation.sources.columns.computed import computed, quantity_by_price
from segmentation.sources.columns.date_parsing import Clock
from segmentation.sources.columns.dates import as_iso, in_timezone, moments
from segmentation.sources.columns.declared import says_nothing, set_aside, without_these
from segmentation.sources.columns.held import holds
from segmentation.sources.columns.id_marks import in_plain_form, unmarked
from segmentation.sources.columns.ids import ID_COLUMNS, Id, id_of, in_small_letters
from segmentation.sources.columns.latest import LATEST
from segmentation.sources.columns.mapping import columns_of
from segmentation.sources.columns.missing import but_nobody, without
from segmentation.sources.columns.numbers import numerals
from segmentation.sources.columns.order_shares import DIFFERS, share_of, with_shares
from segmentation.sources.columns.rates import rate_of, worth
from segmentation.sources.columns.reasons import CODE, USABLE, Reason, not_chosen
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import FILE, PARTNER, RECORD
from segmentation.sources.stored import as_text, possible
from segmentation.sources.stored_types import can_be

DIGITS_OF_INT64 = 18  # all whole numbers of so many digits fit
_NUMBER_REASON = {
    "quantity": Reason.QUANTITY,
    "unit_price": Reason.UNIT_PRICE,
    "discount": Reason.DISCOUNT,
    "cost": Reason.COST,
}


def canonical(
    raw: pl.LazyFrame,
    recipe: Recipe,
    ragged: Mapping[Reason, list[int]],
    *,
    keep: Sequence[str] = (),
) -> pl.LazyFrame:
    """Canonical columns plus `__code`, and `__usable` where it is 0; one row per raw row.

    `keep` names raw columns (RECORD, FILE) that stay beside them.

    `ragged` lists the records (in the raw column RECORD) that are blank or have too few or
    too many cells.
    """
    nothing = says_nothing(recipe)
    asked = {c: one for c, one in nothing.items() if c in columns_of(recipe.where)}
    if nothing:
        raw = raw.with_columns(without_these({c: n for c, n in nothing.items() if c not in asked}))
    if recipe.columns.per_order:
        raw = with_shares(raw, recipe, is_odd=_is_odd(ragged), by_file=FILE in keep)
    chooses = {f"__chosen{i}": one for i, one in enumerate(_conditions(recipe))}
    if asked:  # `where` sees the file's cells as they stand
        raw = raw.with_columns(*_named(chooses), *without_these(asked))
        chooses = {name: pl.col(name) for name in chooses}
    aside = set_aside(recipe, nothing)
    ids = {name: _id(recipe, name) for name in ID_COLUMNS if recipe.reads(name)}
    values = {name: found.value for name, found in ids.items()}
    if recipe.latest is not None:
        dtype = recipe.dtype(recipe.latest.column)
        values[LATEST] = recipe.latest.compared(dtype, recipe.timezone)
    values |= _moments(recipe) | _numbers(recipe) | _texts(recipe) | _others(recipe)
    numbers = {n: _affixed(recipe, n) for n in recipe.affixed if recipe.reads(n)}
    values |= {numbered(n): number for n, number in numbers.items()}
    misfits = _misfits([found for name, found in ids.items() if name not in numbers])
    misfits += [number < 0 for number in numbers.values()]
    helpers = {f"__given_{name}": given for name, given in _given(recipe).items()} | chooses
    helpers |= {f"__nothing_{name}": said for name, (_, said) in aside.items()}
    if misfits:
        helpers["__misfit"] = pl.any_horizontal(misfits)
    helpers |= {f"__bounded_{c}": as_text(c, recipe.dtype(c)) for c in recipe.bounded}
    if recipe.partners:
        helpers["__partner"] = pl.col(PARTNER)
    if recipe.columns.per_order:
        helpers["__differs"] = pl.col(DIFFERS)
    if _converts(recipe):
        helpers["__rate"] = rate_of(recipe)
    carried = dict.fromkeys((*keep, *([RECORD] if ragged else [])))
    parsed = raw.select(*_named(values), *_named(helpers), *map(pl.col, carried))
    declared = {name: reason for name, (reason, _) in aside.items()}
    checks = _reasons(recipe, ragged, declared, has_misfits=bool(misfits))
    usable = ~pl.any_horizontal(is_met for _, is_met in checks)  # faster than to compare the code
    return parsed.select(*values, *keep, _code(checks).alias(CODE), usable.alias(USABLE))


def _named(values: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    return [value.alias(name) for name, value in values.items()]


def _id(recipe: Recipe, name: str) -> Id:
    column = recipe.source(name)
    dtype, shape = recipe.dtype(column), recipe.shapes.get(name, "text")
    words = recipe.missing_words(name)
    if recipe.is_whole(name):
        text = _text(recipe, column)  # what is no number is rare, and a misfit
        whole = id_of(text, dtype, shape, recipe.ids)
        return replace(whole, text=text) if recipe.names_nobody else whole
    found = _number_of(column, words) if dtype.is_numeric() else _meant(recipe, name, words)
    if name == "product_id":  # products are joined by text, whatever a file's type is
        read = id_of(found, dtype, shape, "text")
        misfit = read.misfit if recipe.compares_products else None  # looking at all of them costs
        return Id(read.value.cast(pl.String), misfit)
    return id_of(found, dtype, shape, recipe.ids)


def _misfits(ids: Sequence[Id]) -> list[pl.Expr]:
    """Which rows belie the shape of an id; a word for nobody belies none, and all ids are looked at in one call."""
    texts = [
        (one.misfit, one.text) for one in ids if one.misfit is not None and one.text is not None
    ]
    others = [one.misfit for one in ids if one.misfit is not None and one.text is None]
    return [but_nobody(texts), *others] if texts else others


def _number_of(column: str, words: Collection[str]) -> pl.Expr:
    """An id that is a number; null where a word says that it is none."""
    found, numbers = pl.col(column), [int(word) for word in words if word.isdecimal()]
    return pl.when(~found.is_in(numbers)).then(found) if numbers else found


def _meant(recipe: Recipe, name: str, words: Collection[str]) -> pl.Expr:
    """An id as text without marks around it; null where it names nobody, e-mail addresses in small letters."""
    text = without(_text(recipe, recipe.source(name)), words)
    if recipe.is_plain and name == "customer_id":
        return in_plain_form(text)
    text = unmarked(text) if recipe.has_marks else text
    return in_small_letters(text) if recipe.has_emails else text


def _affixed(recipe: Recipe, name: str) -> pl.Expr:
    """The numbers that ids of one prefix and width stand for; white space around one is a misfit."""
    words, text = recipe.missing_words(name), pl.col(recipe.source(name))
    if words:
        return recipe.affixed[name].number(without(text, words))
    number = recipe.affixed[name].number(text)
    return pl.when((number >= 0) | but_nobody([(number < 0, text)])).then(number)


def _moments(recipe: Recipe) -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    if recipe.table in TIME:
        moment, day = TIME[recipe.table]
        value = _moment(recipe, moment)
        found |= {moment: value, day: value.dt.date()}
        if (
            recipe.timezone != UTC
        ):  # else it is the same; it is worked out only where it is asked for
            found[INSTANT] = _moment(recipe, moment, Clock.of_instants(recipe.timezone))
    if recipe.table == "products" and recipe.reads("launched_at"):
        found["launched_at"] = _moment(recipe, "launched_at").dt.date()
    return found


def _moment(recipe: Recipe, name: str, clock: Clock | None = None) -> pl.Expr:
    column = recipe.source(name)
    shown = clock or Clock.of(recipe.timezone)
    return moments(column, recipe.dtype(column), recipe.dates[name], shown)


def _numbers(recipe: Recipe) -> dict[str, pl.Expr]:
    """Fixed-point columns of transactions and products; others keep numbers as they stand."""
    if recipe.table not in ("transactions", "products"):
        return {}
    names = [name for name in NUMBERS if recipe.reads(name) and _is_number(recipe, name)]
    found = {name: _fixed(recipe, name) for name in names}
    if recipe.table == "transactions" and "amount" not in found:
        found["amount"] = _product(recipe)
    return found


def _is_number(recipe: Recipe, name: str) -> bool:
    return recipe.table == "transactions" or name == "cost"


def _fixed(recipe: Recipe, name: str) -> pl.Expr:
    if name in recipe.columns.per_order:
        return pl.col(share_of(name))
    formula = recipe.formula(name)
    return worth(formula, recipe) if name in MONEY else computed(formula, recipe, holds)


def _product(recipe: Recipe) -> pl.Expr:
    """quantity x unit_price on the scale, rounded once."""
    return worth(quantity_by_price(recipe), recipe)


def _converts(recipe: Recipe) -> bool:
    """Whether rows have money that is converted."""
    return bool(recipe.rates) and (recipe.table == "transactions" or recipe.reads("cost"))


def _texts(recipe: Recipe) -> dict[str, pl.Expr]:
    """Department, collection, campaign, currency and event: text, blank is missing."""
    names = ("department", "collection", "campaign", CURRENCY, "event")
    found = {name: _text(recipe, recipe.source(name)) for name in names if recipe.reads(name)}
    if recipe.table == "events" and recipe.event is not None:
        found["event"] = pl.lit(recipe.event)
    return found


def _text(recipe: Recipe, column: str) -> pl.Expr:
    text = as_text(column, recipe.dtype(column))
    return pl.when(text != "").then(text) if recipe.is_quoted else text


def _others(recipe: Recipe) -> dict[str, pl.Expr]:
    """Columns that are kept as found, some renamed by `columns:`; NaN and a blank in quotes are missing.

    So is a cell of customers that holds nothing but white space.

    Lists, structs, bytes and durations are left out: no rule can compare them. So are cells too
    large to be read, in all files of the table if in one.
    """
    known = ALIASES[recipe.table]
    renamed = {name: cs[0] for name, cs in recipe.columns.canonical.items() if name not in known}
    others = {name: name for name in recipe.columns.others if name not in recipe.oversize}
    kept = others | renamed
    return {
        name: _as_read(recipe, name, column)
        for name, column in kept.items()
        if can_be(recipe.dtype(column), "compared") and recipe.wants(name)
    }


def _as_read(recipe: Recipe, name: str, column: str) -> pl.Expr:
    """A column as it is found; texts that rules read as dates or numbers are written as these are."""
    if recipe.dates.get(name):
        return _as_iso(recipe, name, column)
    found = _as_found(recipe, column)
    if name not in recipe.own_numbers:
        return found
    reader = partial(numerals, form=recipe.written.form(name))
    return found.cast(pl.String).map_batches(reader, return_dtype=pl.String, is_elementwise=True)


def _as_iso(recipe: Recipe, name: str, column: str) -> pl.Expr:
    """A column of texts that rules compare as dates: what is a date is put as ISO has it, the rest stays."""
    return pl.coalesce(as_iso(_own_moment(recipe, name, column)), _as_found(recipe, column))


def _own_moment(recipe: Recipe, name: str, column: str) -> pl.Expr:
    dtype, shapes, clock = recipe.dtype(column), recipe.dates[name], Clock.of(recipe.timezone)
    moment = moments(column, dtype, shapes, clock)
    if not has_two_digits(shapes):
        return moment
    last = recipe.past.get(name)
    own = moment if last is None else century_before(moment, last)
    return pl.coalesce(own, moments(column, dtype, with_four_digits(shapes), clock))


def _as_found(recipe: Recipe, column: str) -> pl.Expr:
    dtype, found = recipe.dtype(column), pl.col(column)
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        text = _text(recipe, column)
        is_blank = text.str.strip_chars() == ""
        return pl.when(~is_blank).then(text) if recipe.table == "customers" else text
    if dtype in (pl.Time, pl.Null):
        return as_text(column, dtype)
    if isinstance(dtype, pl.Datetime):
        return in_timezone(column, dtype, recipe.timezone)
    if dtype.is_temporal():
        return possible(column, dtype)
    if dtype.is_decimal():
        return found.cast(_held_decimals(dtype))
    return found.fill_nan(None) if dtype.is_float() else found  # NaN is missing


def _held_decimals(dtype: pl.DataType) -> type[pl.DataType]:
    """How decimals are held: without places, such as ids of cards, as the whole numbers that they are."""
    if getattr(dtype, "scale", 0):
        return pl.Float64
    return pl.Int64 if getattr(dtype, "precision", 38) <= DIGITS_OF_INT64 else pl.Int128


def _given(recipe: Recipe) -> dict[str, pl.Expr]:
    """For optional columns that are parsed: whether the cell holds anything."""
    given = {}
    for name in _checked_if_given(recipe):
        columns = recipe.columns.canonical[name]
        held = [holds(c, recipe.dtype(c)) for c in columns]
        given[name] = pl.any_horizontal(held) if held else pl.lit(value=True)
    return given


def _checked_if_given(recipe: Recipe) -> list[str]:
    if recipe.table == "products":
        return [name for name in ("cost", "launched_at") if recipe.reads(name)]
    if recipe.table != "transactions":
        return []
    needed = () if recipe.has("amount") else ("quantity", "unit_price")
    return [name for name in _NUMBER_REASON if recipe.reads(name) and name not in needed]


def _reasons(
    recipe: Recipe,
    ragged: Mapping[Reason, list[int]],
    declared: Mapping[str, Reason],
    *,
    has_misfits: bool,
) -> list[tuple[int, pl.Expr]]:
    """Each reason not to use a row and whether it holds, most basic first."""
    checks: list[tuple[int, pl.Expr]] = [
        (reason, _is_one_of(records)) for reason, records in ragged.items()
    ]
    if recipe.partners:
        checks.append((Reason.PARTNER, pl.col("__partner") > 0))
    if recipe.bounded:
        checks.append((Reason.UNREAD, _unread(recipe)))
    checks += [(not_chosen(i), met) for i, met in enumerate(_unchosen(recipe))]
    if has_misfits:
        checks.append((Reason.MISFIT, pl.col("__misfit")))
    basic, *others = _checks(recipe)
    said = [(r, pl.col(n).is_null() & pl.col(f"__nothing_{n}")) for n, r in declared.items()]
    checks += [basic, *said, *others]
    if recipe.columns.per_order:
        checks.append((Reason.ORDER, pl.col("__differs")))
    return [(reason, is_met.fill_null(value=False)) for reason, is_met in checks]


def _is_one_of(records: Sequence[int]) -> pl.Expr:
    return pl.col(RECORD).is_in(pl.lit(pl.Series(records, dtype=pl.UInt32)).implode())


def _is_odd(ragged: Mapping[Reason, list[int]]) -> pl.Expr:
    """Whether a row is none of the table."""
    return _is_one_of([record for records in ragged.values() for record in records])


def _conditions(recipe: Recipe) -> list[pl.Expr]:
    """Whether each condition of `where` holds."""
    parts = conditions_of(recipe.where).values()
    return [chosen(part, recipe.schema, recipe.written) for part in parts]


def _unread(recipe: Recipe) -> pl.Expr:
    """Which rows are not chosen, and hold what no bound of `where` can be compared with."""
    assert recipe.where is not None, "what is bounded is asked by where"
    parts = range(len(conditions_of(recipe.where)))
    are_chosen = pl.all_horizontal(pl.col(f"__chosen{i}") for i in parts)
    cells = [are_chosen, *(pl.col(f"__bounded_{c}") for c in recipe.bounded)]
    unread = partial(unread_cells, recipe.where, recipe.written, recipe.bounded)
    return pl.map_batches(cells, unread, return_dtype=pl.Boolean, is_elementwise=True)


def _unchosen(recipe: Recipe) -> list[pl.Expr]:
    """Whether a row is one that a condition does not choose, for each of `recipe.conditions`."""
    numbers = [n for n, partner in enumerate(recipe.partners, 1) if partner.where]
    own = range(len(conditions_of(recipe.where)))
    return [*(pl.col("__partner") == -n for n in numbers), *(~pl.col(f"__chosen{i}") for i in own)]


def _code(checks: Sequence[tuple[int, pl.Expr]]) -> pl.Expr:
    """The first reason that holds; 0 when the row can be used."""
    code = pl.lit(Reason.USED, dtype=pl.UInt8)
    for reason, is_met in reversed(checks):
        code = pl.when(is_met).then(pl.lit(reason, dtype=pl.UInt8)).otherwise(code)
    return code


def _checks(recipe: Recipe) -> list[tuple[Reason, pl.Expr]]:
    key = "product_id" if recipe.table == "products" else "customer_id"
    known = numbered(key) if key in recipe.affixed else key  # who reads no text needs none here
    checks = [(Reason.NO_ID, pl.col(known).is_null())]
    day = day_of(recipe.table)
    if day is not None:
        checks.append((Reason.MOMENT, pl.col(day).is_null()))
        if recipe.cutoff is not None:
            checks.append((Reason.AFTER, pl.col(day) > recipe.cutoff))
    if _converts(recipe):
        checks.append((Reason.RATE, _lacks_rate(recipe)))
    if recipe.table == "transactions":
        checks += _amount_checks(recipe)
    if recipe.table == "events" and recipe.event is None:
        checks.append((Reason.EVENT, pl.col("event").is_null()))
    for name in _checked_if_given(recipe):
        reason = Reason.LAUNCHED if name == "launched_at" else _NUMBER_REASON[name]
        checks.append((reason, pl.col(name).is_null() & pl.col(f"__given_{name}")))
    return checks


def _lacks_rate(recipe: Recipe) -> pl.Expr:
    """Which rows cannot be converted; a product without a cost has nothing to be."""
    lacks = pl.col("__rate").is_null()
    return lacks if recipe.table == "transactions" else lacks & pl.col("__given_cost")


def _amount_checks(recipe: Recipe) -> list[tuple[Reason, pl.Expr]]:
    if recipe.has("amount"):
        return [(Reason.AMOUNT, pl.col("amount").is_null())]
    return [
        (Reason.QUANTITY, pl.col("quantity").is_null()),
        (Reason.UNIT_PRICE, pl.col("unit_price").is_null()),
        (Reason.AMOUNT, pl.col("amount").is_null()),
    ]
