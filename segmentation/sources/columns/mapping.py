"""Which of a file's columns is which canonical column: declared, exact, or by a known alias."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem, listed
from segmentation.messages.privacy import nearest_header, told_headers
from segmentation.rules.column_specs import ColumnSpec, Constant, PerOrder, formula_or_spec
from segmentation.rules.conditions import Condition, fields
from segmentation.rules.headers import PRIVATE
from segmentation.rules.sources import TIME, day_of
from segmentation.sources.columns.aliases import (
    ALIASES,
    BESIDE,
    CURRENCY,
    FIRST,
    LAST,
    MONEY,
    NUMBERED,
    NUMBERS,
    PRICES,
    PUT_TOGETHER,
    REQUIRED,
    WEAK,
    squeezed,
)
from segmentation.sources.columns.formulas import Formula, FormulaError, Number, formula_of
from segmentation.sources.columns.formulas import columns_of as columns_in
from segmentation.sources.columns.made import made_of
from segmentation.sources.columns.money_words import says_line
from segmentation.sources.columns.who import (
    Cells,
    are_names_of_who,
    could_tell_as_well,
    holds_names,
    may_tell,
    told_beside_names,
)
from segmentation.sources.settings import A_COLUMN

_FEW_BLANKS = 0.1
_PRODUCT: Final = ("quantity", "unit_price")


@dataclass(frozen=True)
class Columns:
    """`canonical` name -> the file's column, or several that are added up; the rest in `others`.

    `unclear` names have two candidates and neither of them. `guessed` are those that no source
    declares. `hidden` are not read: the table has a day of that name, which is made of its moment.
    """

    canonical: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]
    guessed: frozenset[str] = frozenset()
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formulas: Mapping[str, Formula] = field(default_factory=dict)
    per_order: frozenset[str] = frozenset()
    """Names whose columns or formulas stand for the whole order."""

    notes: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    latest: str | None = None
    """The file's column that tells which of several rows of one id is the newest."""


@dataclass(frozen=True)
class Header:
    """The names of one header, and what the rules say they mean."""

    table: str
    shown: str
    names: tuple[str, ...]
    declared: Mapping[str, ColumnSpec]
    mapping_of: Callable[[Mapping[str, str]], str]
    """What to write so that columns are read as canonical ones."""

    event_of: str
    """What to write so that each row is one and the same event."""

    misread: Callable[[Callable[[Sequence[str]], bool]], Problem | None]
    """Why it is probably no header; None where it may be one. It is told which names would do."""

    has_constant_event: bool = False
    has_rates: bool = False
    stands_beside: Callable[[Sequence[str]], bool] = lambda columns: False
    """Whether a currency stands beside the numbers of some columns."""

    where: Condition | None = None
    elsewhere: frozenset[str] = frozenset()
    """The columns of the other files of its source: in `where` one that it lacks is missing."""

    latest_by: str | None = None
    fill_down: tuple[str, ...] = ()
    holds_flags: Callable[[str], bool] = lambda column: False
    """Whether a column holds yes and no, and so no number."""
    cells: Cells = field(default_factory=dict)
    """The sampled cells of the columns, by which names of customers are told from their numbers."""
    of_buyers: frozenset[str] = frozenset()
    """The columns that customer_id of transactions is read from: where one is here, it is that of customers."""
    apart: str = ""
    """What says of each file of the command line for itself what options say of all of them."""


class ColumnsMissing(InputError):
    """A header lacks what is always read, and nothing else is wrong with it.

    `names` are in no column, `unclear` have several candidates, `chosen` are known.
    """

    def __init__(
        self,
        header: Header,
        names: Sequence[str],
        unclear: Mapping[str, tuple[str, ...]],
        chosen: Mapping[str, tuple[str, ...]],
    ) -> None:
        super().__init__(Problem(f"no column for {', '.join((*names, *unclear))}", header.shown))
        self.header, self.names, self.unclear, self.chosen = header, names, unclear, chosen


def assign(header: Header) -> Columns:
    """The mapping of one header; raises InputError with every mistake found in it, or ColumnsMissing.

    A column that has two candidates is none yet: nobody may need it.
    """
    read = {c: _declared(spec, c, header.names) for c, spec in header.declared.items()}
    declared = {c: columns for c, (columns, _) in read.items()}
    formulas = {c: formula for c, (_, formula) in read.items() if formula is not None}
    candidates = _candidates_of(header, declared)
    guessed = {name: (found[0],) for name, found in candidates.items() if len(found) == 1}
    unclear = {
        name: found
        for name, found in candidates.items()
        if len(found) > 1 and not (name == "event" and header.has_constant_event)
    }
    there = {c: columns for c, columns in declared.items() if header.declared[c] is not None}
    chosen = {**there, **guessed}
    problems = [
        *_no_such_columns(header),
        *_nothing_latest(header, chosen),
        *_undeclarable(header, declared),
    ]
    undecided = _undecided(header, chosen, unclear)
    missing = [name for name in _missing(header, chosen) if name not in undecided]
    if not (undecided or missing):
        problems += _without_order(header, chosen)
    if problems or undecided or missing:
        misread = header.misread(partial(_would_do, header))
        if misread is not None:
            raise InputError(misread)
        if problems:  # what is missing may be what they mean
            raise InputError(*problems)
        orders = {n: found for n, found in unclear.items() if n == "order_id"}
        raise ColumnsMissing(header, missing, {**undecided, **orders}, chosen)  # it would be next
    used = {column for columns in chosen.values() for column in columns}
    made = (
        {"amount"} if header.table == "transactions" else set()
    )  # of quantity and price, if it is none of them
    free = tuple(name for name in header.names if name not in used | chosen.keys() | made)
    hidden = tuple(name for name in free if name == day_of(header.table))
    are_read = (name for name in free if not name.startswith(PRIVATE))  # or pandas' index
    return Columns(
        canonical=chosen,
        others=tuple(name for name in are_read if name not in hidden),
        guessed=frozenset(guessed),
        unclear=unclear,
        notes=_notes(header, chosen, used),
        hidden=hidden,
        formulas=formulas,
        per_order=_per_order(header),
        latest=next(iter(chosen.get(header.latest_by or "", ())), header.latest_by),
    )


def _would_do(header: Header, names: Sequence[str]) -> bool:
    """Whether other names would do in the place of a header's."""
    try:
        assign(replace(header, names=tuple(names), misread=lambda would_do: None))
    except InputError:
        return False
    return True


def always_read(
    table: str,
    canonical: Collection[str],
    *,
    has_constant_event: bool,
    has_orders: bool = False,
    has_rates: bool = False,
) -> frozenset[str]:
    """The columns that are read whatever the rules need; `canonical` are those that there are.

    `has_orders`: something stands for a whole order, so that which it is must be known; `has_rates`:
    amounts are converted, so that their currencies must be.
    """
    money: tuple[str, ...] = ("amount",) if "amount" in canonical else ("quantity", "unit_price")
    names = REQUIRED[table] + (money if table == "transactions" else ())
    names += ("order_id",) if has_orders else ()
    names += (CURRENCY,) if has_rates else ()
    return frozenset(n for n in names if n != "event" or not has_constant_event)


def of_two_candidates(header: Header, unclear: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """A problem for each of these columns, which names its candidates."""
    return [_two_candidates(header, name, found) for name, found in unclear.items()]


def columns_of(where: Condition | None) -> tuple[str, ...]:
    """The columns that decide."""
    return () if where is None else tuple(map(str, fields(where)))


def _no_such_columns(header: Header) -> Iterator[Problem]:
    """A problem for each column that `where` or `fill_down` names and the file has not."""
    named = {"where": columns_of(header.where), "fill_down": header.fill_down}
    for key, names in named.items():
        for name in names:
            if name not in header.names and name not in header.elsewhere:
                yield _not_there(key, name, header)


def _nothing_latest(header: Header, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """What is wrong where `latest_by` names a column that is neither the file's nor one of the table."""
    if header.latest_by is not None and header.latest_by not in {*header.names, *chosen}:
        yield _not_there("latest_by", header.latest_by, header)


def _not_there(key: str, name: str, header: Header) -> Problem:
    near = nearest_header(name, header.names)
    what = f'{key} names the column "{name}", which the file does not have'
    return Problem(what, header.shown, f"{near}Its columns: {told_headers(header.names)}")


def _undeclarable(header: Header, declared: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """What is wrong with the columns that the source declares."""
    for canonical, columns in declared.items():
        if canonical.startswith(PRIVATE):
            yield _private(header, canonical)
        if canonical == day_of(header.table):
            yield _made(header, canonical)
        absent = [column for column in columns if column not in header.names]
        if any(_is_formula(header, canonical, column) for column in absent):
            yield _no_formula(header, canonical)
            continue
        yield from (_no_such_column(header, canonical, column) for column in absent)
        spec = header.declared[canonical]
        written = formula_or_spec(spec)
        if isinstance(written, str) and absent == [written] and canonical in NUMBERS:
            yield from _misspelt_formula(header, canonical, written)


def _undecided(
    header: Header,
    chosen: Mapping[str, tuple[str, ...]],
    unclear: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    """The columns that are always read and have two candidates."""
    names = always_read(
        header.table,
        {*chosen, *unclear},
        has_constant_event=header.has_constant_event,
        has_orders=bool(_per_order(header)),
        has_rates=header.has_rates,
    )
    return {n: found for n, found in unclear.items() if n in names}


def _declared(
    spec: ColumnSpec, canonical: str, header: Sequence[str]
) -> tuple[tuple[str, ...], Formula | None]:
    """The columns that a spec reads, and the formula of them where it is one."""
    made = made_of(canonical, spec)
    if made is not None:
        return (made.name,), None
    match formula_or_spec(spec):
        case Constant(text) if canonical in NUMBERS:
            return (), Number(text)
        case int(number) | float(number):
            return (), Number(str(number))
        case str(written):
            return _read_as(written, canonical, header)
        case tuple(columns):
            return columns, None
    return (), None


def _read_as(
    written: str, canonical: str, header: Sequence[str]
) -> tuple[tuple[str, ...], Formula | None]:
    """A column of that very name, else those of a formula of numbers."""
    if written in header or canonical not in NUMBERS:
        return (written,), None
    for text in (written, written.replace("+", " + ")):  # a sign before `-` may be a name's
        with suppress(FormulaError):
            formula = formula_of(text, header)
            return columns_in(formula), formula
    return (written,), None


def _candidates_of(
    header: Header, declared: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The candidates for each column that is not declared, where there are any."""
    taken = {column for columns in declared.values() for column in columns}
    free = [name for name in header.names if name not in taken]
    asked = [canonical for canonical in ALIASES[header.table] if canonical not in declared]
    found = {canonical: _numbers_of(header, canonical, free) for canonical in asked}
    same = _of_buyers(header, free)
    if len(same) == 1 and "customer_id" in asked:
        found["customer_id"] = same
    if _is_made(found, declared):
        found["amount"] = ()
    if "amount" in asked and not {*_PRODUCT} & declared.keys():
        bare = PRICES.get(header.table, {}).get("amount", frozenset())
        if {*map(squeezed, found["amount"])} <= bare:  # a price at the most
            found["amount"] = _of_lines(header, free) or found["amount"]
    return {canonical: names for canonical, names in found.items() if names}


def _of_lines(header: Header, free: Sequence[str]) -> tuple[str, ...]:
    """The columns of transactions that are called by what a whole line came to: no product of others is better."""
    if header.table != "transactions":
        return ()
    return tuple(
        name for name in free if says_line(name) and _may_be_number(header, "amount", name)
    )


def _of_buyers(header: Header, free: Sequence[str]) -> tuple[str, ...]:
    """The columns that transactions read customer_id from, as this file writes them."""
    buyers = {squeezed(name) for name in header.of_buyers}
    exact = tuple(name for name in free if name in header.of_buyers)
    return exact or tuple(name for name in free if squeezed(name) in buyers)


def _is_made(found: Mapping[str, tuple[str, ...]], declared: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the amount is made of quantity and unit_price: these are declared, or all there is is a price."""
    if {"quantity", "unit_price"} <= declared.keys():
        return True
    has_quantity = bool(found.get("quantity") or declared.get("quantity"))
    return has_quantity and {*found.get("amount", ())} <= {*found.get("unit_price", ())}


def _numbers_of(header: Header, canonical: str, free: Sequence[str]) -> tuple[str, ...]:
    """The candidates for a column; of money none that is a part of a hundred, of numbers none that is yes or no.

    One that bears the very name is meant, whatever it holds.
    """
    if canonical == "customer_id":
        free = may_tell(header.table, free, header.cells)
        beside = told_beside_names(free, header.cells)
        if beside is not None:
            return (beside,)
    found = _candidates(header.table, canonical, free)
    if canonical == "order_id" and len(found) == 1 and _is_often_blank(found[0], header.cells):
        return (*found, *_candidates(header.table, canonical, [n for n in free if n not in found]))
    if canonical == "customer_id":  # of several the one that is proposed is no name
        return tuple(sorted(found, key=lambda name: holds_names(name, header.cells)))
    if canonical not in NUMBERS or found == (canonical,):
        return found
    return tuple(name for name in found if _may_be_number(header, canonical, name))


def _may_be_number(header: Header, canonical: str, name: str) -> bool:
    return not (canonical in MONEY and "%" in name) and not header.holds_flags(name)


def _is_often_blank(column: str, cells: Cells) -> bool:
    """Whether more than a few of the sampled cells of a column hold nothing: another may be meant."""
    sample = cells.get(column, ())
    return sum(not (cell or "").strip() for cell in sample) > _FEW_BLANKS * len(sample)


def _candidates(table: str, canonical: str, free: Sequence[str]) -> tuple[str, ...]:
    """The column of that very name, else those of another spelling of it, of an alias, of a weaker one."""
    if canonical in free:
        return (canonical,)
    squeezed_names = _by_name(free)
    weaker = (tier.get(table, {}).get(canonical, ()) for tier in (WEAK, LAST, PUT_TOGETHER, PRICES))
    tiers = ({squeezed(canonical)}, ALIASES[table][canonical], *weaker)
    each = (tuple(n for n, bare in squeezed_names.items() if bare in tier) for tier in tiers)
    found = next((found for found in each if found), ())
    return _first_of(canonical, found) or _behind_points(canonical, free, tiers)


def _first_of(canonical: str, found: tuple[str, ...]) -> tuple[str, ...]:
    """Of columns that may all be meant those of the first group of names: an order before its invoice."""
    groups = FIRST.get(canonical, ()) if len(found) > 1 else ()
    each = (tuple(name for name in found if squeezed(name) in group) for group in groups)
    return next((names for names in each if names), found)


def _behind_points(
    canonical: str, free: Sequence[str], tiers: Sequence[Container[str]]
) -> tuple[str, ...]:
    """The columns that are called so behind a point, as those of a table or a document: `_source.customer_id`.

    Any other name than its own, and any number, only where most columns have what stands before the point.
    """
    before = {name: name.partition(".")[0] for name in free if "." in name}
    most = [one for one, times in Counter(before.values()).items() if 2 * times > len(free)]
    for tier in tiers:
        is_own = tier == {squeezed(canonical)} and canonical not in NUMBERS
        found = (n for n, one in before.items() if is_own or one in most)
        called = tuple(n for n in found if squeezed(n.partition(".")[2]) in tier)
        if called:
            return called
    return ()


def _by_name(free: Sequence[str]) -> dict[str, str]:
    """Columns as aliases are compared, without those that are another's beside what they are called."""
    every = {name: squeezed(name) for name in free}
    others = {*every.values()}
    return {
        name: bare
        for name, bare in every.items()
        if others.isdisjoint(NUMBERED.get(bare, ()))
        and not any(who in other for who in BESIDE.get(bare, ()) for other in others)
    }


def _missing(header: Header, chosen: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What is always read and has no column."""
    required = [name for name in REQUIRED[header.table] if name not in chosen]
    if header.has_constant_event:
        required = [name for name in required if name != "event"]
    if header.table == "transactions" and not _has_amount(chosen):
        required.append("amount")
    if header.has_rates and CURRENCY not in chosen:
        money = [c for name in MONEY for c in chosen.get(name, ())]
        required += [] if header.stands_beside(money) else [CURRENCY]
    return required


def _per_order(header: Header) -> frozenset[str]:
    """The columns that are declared to stand for a whole order."""
    return frozenset(n for n, spec in header.declared.items() if isinstance(spec, PerOrder))


def _without_order(header: Header, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """What is wrong where something stands for a whole order, and no column tells which."""
    names = sorted(_per_order(header))
    if names and "order_id" not in chosen:
        yield Problem(
            f"{names[0]} is per order, and no column tells the order",
            header.shown,
            f"Which column tells the order? Add order_id: {header.mapping_of({'order_id': A_COLUMN})}\n"
            f"  Its columns: {told_headers(header.names)}",
        )


def _has_amount(chosen: Mapping[str, tuple[str, ...]]) -> bool:
    return "amount" in chosen or {"quantity", "unit_price"} <= chosen.keys()


def _misspelt_formula(header: Header, canonical: str, written: str) -> Iterator[Problem]:
    """What is wrong with a formula; nothing where it looks like none."""
    if not any(sign in written for sign in "+-*/()"):
        return
    spaced = re.sub(r"([-+*/()])", r" \1 ", written)
    try:
        formula_of(spaced, header.names)
    except FormulaError as error:
        what = f'{canonical}: in "{written}" it is not clear what "{error}" is'
    else:
        what = f'{canonical}: "{written}" has an operator without blanks around it'
    yield Problem(
        what,
        header.shown,
        "Write headers, numbers and + - * / with blanks around them, such as Total - Tax.",
    )


def _to_take_off(chosen: Mapping[str, tuple[str, ...]]) -> str:
    """How to take a discount off quantity × price; nothing where it is in percent."""
    quantity, price, discount = (chosen[n][0] for n in ("quantity", "unit_price", "discount"))
    if "%" in discount:
        return ""
    return f". If it is money off the line: amount: {quantity} * {price} - {discount}"


def _notes(
    header: Header, chosen: Mapping[str, tuple[str, ...]], used: Collection[str]
) -> tuple[str, ...]:
    table = header.table
    notes = []
    if table == "transactions" and "amount" not in chosen:
        notes.append("transactions: amount is quantity × unit_price, for no column is named amount")
        if "discount" in chosen:
            notes.append(
                f"transactions: discount is not taken off that amount{_to_take_off(chosen)}"
            )
    found = chosen.get("amount", ())
    if table == "transactions" and "amount" not in header.declared and found[:1] != ("amount",):
        others = (
            n for n in header.names if n not in used and squeezed(n) in ALIASES[table]["amount"]
        )
        notes += [f"{table}: {name} could be the amount as well and is not read" for name in others]
    notes += _who_as_well(header, chosen, used)
    notes += [
        f"{table}: {name} is that of its order once, shared by its lines {_how(chosen)}"
        for name in sorted(_per_order(header))
    ]
    shadowed = [name for name in header.declared if name in header.names and name not in used]
    notes += [f"{table}: the file's own column {name} is not used" for name in shadowed]
    return tuple(notes)


def _who_as_well(
    header: Header, chosen: Mapping[str, tuple[str, ...]], used: Collection[str]
) -> list[str]:
    """What is said of other columns of customers, where none is called customer_id."""
    found = chosen.get("customer_id", ())
    if "customer_id" in header.declared or [*map(squeezed, found)] in ([], ["customerid"]):
        return []
    left = [name for name in header.names if name not in used]
    others = could_tell_as_well(found[0], left, header.cells)
    notes = [
        f"{header.table}: {name} could be customer_id as well and is not read" for name in others
    ]
    if others and are_names_of_who(found[0], header.cells):
        notes.append(f"{header.table}: {found[0]} holds names: people of one name are one customer")
    if header.table == "transactions" and header.of_buyers:
        notes.append(f"{header.table}: customers are told by {found[0]}, which all files have")
    return notes


def _how(chosen: Mapping[str, tuple[str, ...]]) -> str:
    """How lines share what stands for their order, in words."""
    if {"quantity", "unit_price"} <= chosen.keys():
        return "by quantity × unit_price"
    return "evenly, as there is no quantity with unit_price"


def notes_of(table: str, columns: Columns, wanted: Collection[str] | None) -> tuple[str, ...]:
    """What is said of a mapping when it is known which columns are needed (None: all)."""
    chosen = {name: found for name, found in columns.canonical.items() if name in columns.guessed}
    read = (
        f"{table}: {name} is read from {found[0]}"
        for name, found in chosen.items()
        if found != (name,) and (wanted is None or name in wanted)
    )
    return (*read, *columns.notes)


def either(found: Sequence[str]) -> str:
    """The candidates for a column, in words."""
    return " or ".join(f'"{name}"' for name in found)


def _private(header: Header, canonical: str) -> Problem:
    what = f'"{canonical}" cannot be the name of a column: names that begin with {PRIVATE} are the tool\'s own'
    return Problem(what, header.shown, "Choose another name under columns.")


def _made(header: Header, day: str) -> Problem:
    moment = TIME[header.table][0]
    what = f'"{day}" cannot be the name of a column of {header.table}: it is the day of {moment}'
    return Problem(what, header.shown, f"Choose another name under columns, or {moment}.")


def _no_such_column(header: Header, canonical: str, column: str) -> Problem:
    mend = f"{nearest_header(column, header.names)}Its columns: {told_headers(header.names)}"
    if header.apart and column in header.elsewhere:
        mend += f"\n  Another file has it, and what options say holds for all of them.\n  {header.apart}"
    return Problem(
        f'{canonical} is mapped to the column "{column}", which the file does not have',
        header.shown,
        mend,
    )


def _is_formula(header: Header, canonical: str, written: str) -> bool:
    """Whether what a column that is no number is mapped to is a formula of the file's columns."""
    with suppress(FormulaError):
        return canonical not in NUMBERS and len(columns_in(formula_of(written, header.names))) > 0
    return False


def _no_formula(header: Header, canonical: str) -> Problem:
    return Problem(
        f"{canonical} is mapped to a formula, and formulas make {listed(NUMBERS)} only",
        header.shown,
        "Map it to one column; what is reckoned for each customer stands under features.",
    )


def _two_candidates(header: Header, canonical: str, found: Sequence[str]) -> Problem:
    return Problem(
        f"{canonical} could be read from {either(found)}",
        header.shown,
        f"Choose one: {header.mapping_of({canonical: found[0]})}",
    )
