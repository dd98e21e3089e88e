"""Which of a file's columns is which canonical column: declared, exact, or by a known alias."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from segmentation.errors import InputError, Problem, listed, nearest
from segmentation.privacy import is_row_of_data, told_headers
from segmentation.rules.headers import PRIVATE
from segmentation.sources.columns.aliases import (
    ALIASES,
    DATES,
    NUMBERS,
    REQUIRED,
    canonical_names,
    squeezed,
)


@dataclass(frozen=True)
class Columns:
    """`canonical` name -> the file's column, or several that are added up; the rest in `others`."""

    canonical: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """What a table's mapping is asked for: `needs` is None when everything is wanted."""

    table: str
    shown: str
    header: tuple[str, ...]
    declared: Mapping[str, str]
    needs: Collection[str] | None = None
    has_constant_event: bool = False

    def wants(self, name: str) -> bool:
        """Whether a rule needs the column, or the calendar day that is made of it."""
        return self.needs is None or name in self.needs or DATES.get(name) in self.needs


def assign(request: Request) -> Columns:
    """The mapping of one header; raises InputError with every mistake found in it."""
    problems: list[Problem] = []
    chosen = _declared(request, problems)
    guessed = _guessed(request, chosen, problems)
    chosen |= guessed
    problems += _missing(request, chosen, problems)
    if problems:
        raise InputError(*problems)
    used = {column for columns in chosen.values() for column in columns}
    free = (name for name in request.header if name not in used | chosen.keys())
    others = tuple(name for name in free if not name.startswith(PRIVATE))  # or pandas' index
    return Columns(chosen, others, _notes(request, chosen, guessed, used))


def _declared(request: Request, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for canonical, written in request.declared.items():
        if canonical.startswith(PRIVATE):
            problems.append(_private(request, canonical))
        columns = _columns_of(written, canonical, request.header)
        absent = [column for column in columns if column not in request.header]
        problems += [_no_such_column(request, canonical, column) for column in absent]
        chosen[canonical] = columns
    return chosen


def _columns_of(written: str, canonical: str, header: Sequence[str]) -> tuple[str, ...]:
    """A column of that very name, else the columns of a sum `a + b`."""
    if written in header or canonical not in NUMBERS or "+" not in written:
        return (written,)
    return tuple(part.strip() for part in written.split("+"))


def _guessed(
    request: Request, chosen: Mapping[str, tuple[str, ...]], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    taken = {column for columns in chosen.values() for column in columns}
    free = [name for name in request.header if name not in taken]
    guessed: dict[str, tuple[str, ...]] = {}
    for canonical, aliases in ALIASES[request.table].items():
        if canonical in chosen:
            continue
        found = _candidates(canonical, aliases, free)
        if len(found) == 1:
            guessed[canonical] = (found[0],)
        elif found and _matters(request, canonical):
            problems.append(_two_candidates(request, canonical, found))
    return guessed


def _candidates(canonical: str, aliases: Collection[str], free: Sequence[str]) -> list[str]:
    """The column of that very name, else those with another spelling of it or an alias."""
    if canonical in free:
        return [canonical]
    meant = {squeezed(canonical), *aliases}
    return [name for name in free if squeezed(name) in meant]


def _matters(request: Request, canonical: str) -> bool:
    required = REQUIRED[request.table] + (("amount",) if request.table == "transactions" else ())
    if canonical == "event" and request.has_constant_event:
        return False
    return canonical in required or request.wants(canonical)


def _missing(
    request: Request, chosen: Mapping[str, tuple[str, ...]], earlier: Sequence[Problem]
) -> list[Problem]:
    if earlier:  # one mistake must not be told twice
        return []
    required = [name for name in REQUIRED[request.table] if name not in chosen]
    if request.has_constant_event:
        required = [name for name in required if name != "event"]
    if request.table == "transactions" and not _has_amount(chosen):
        required.append("amount")
    if not required:
        return []
    if len(request.header) == 1:
        return [_wrong_delimiter(request)]
    return [_not_found(request, name, chosen) for name in required]


def _has_amount(chosen: Mapping[str, tuple[str, ...]]) -> bool:
    return "amount" in chosen or {"quantity", "unit_price"} <= chosen.keys()


def _notes(
    request: Request,
    chosen: Mapping[str, tuple[str, ...]],
    guessed: Mapping[str, tuple[str, ...]],
    used: Collection[str],
) -> tuple[str, ...]:
    table = request.table
    notes = [
        f"{table}: {canonical} is read from {columns[0]}"
        for canonical, columns in guessed.items()
        if columns != (canonical,)
    ]
    if table == "transactions" and "amount" not in chosen:
        notes.append("transactions: amount is quantity × unit_price, for no column is named amount")
        if "discount" in chosen:
            notes.append("transactions: discount is not taken off that amount")
    shadowed = [name for name in request.declared if name in request.header and name not in used]
    notes += [f"{table}: the file's own column {name} is not used" for name in shadowed]
    return tuple(notes)


def _private(request: Request, canonical: str) -> Problem:
    what = f'"{canonical}" cannot be the name of a column: names that begin with {PRIVATE} are the tool\'s own'
    return Problem(what, request.shown, "Choose another name under columns.")


def _no_such_column(request: Request, canonical: str, column: str) -> Problem:
    close = "" if is_row_of_data(request.header) else nearest(column, request.header)
    mend = f"Nearest: {close}. " if close else ""
    return Problem(
        f'{canonical} is mapped to the column "{column}", which the file does not have',
        request.shown,
        f"{mend}Its columns: {told_headers(request.header)}",
    )


def _two_candidates(request: Request, canonical: str, found: Sequence[str]) -> Problem:
    names = " or ".join(f'"{name}"' for name in found)
    return Problem(
        f"{canonical} could be read from {names}",
        request.shown,
        f"Choose one: {_line(request.table, {canonical: found[0]})}",
    )


def _not_found(request: Request, canonical: str, chosen: Mapping[str, tuple[str, ...]]) -> Problem:
    also = " (and no quantity with unit_price)" if canonical == "amount" else ""
    known = canonical_names(request.table)
    free = [
        name for name in request.header if name not in {c for cs in chosen.values() for c in cs}
    ]
    close = "" if is_row_of_data(request.header) else nearest(canonical, free)
    close = close or "<column>"
    unknown = [name for name in request.declared if name not in known]
    hint = f" (unknown canonical name: {listed(unknown)})" if unknown else ""
    return Problem(
        f"no column for {canonical}{also}",
        request.shown,
        f"Its columns: {told_headers(request.header)}{hint}\n"
        f"  Say which: {_line(request.table, {canonical: close})}",
    )


def _wrong_delimiter(request: Request) -> Problem:
    return Problem(
        f'the header has a single column, "{told_headers(request.header)}": wrong delimiter?',
        request.shown,
        f"Say it: sources: {{{request.table}: {{path: …, delimiter: ';'}}}}",
    )


def _line(table: str, columns: Mapping[str, str]) -> str:
    inner = ", ".join(f"{canonical}: {column}" for canonical, column in columns.items())
    return f"sources: {{{table}: {{path: …, columns: {{{inner}}}}}}}"
