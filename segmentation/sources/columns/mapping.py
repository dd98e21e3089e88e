"""Which of a file's columns is which canonical column: declared, exact, or by a known alias."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from segmentation.messages.errors import InputError, Problem, listed, nearest
from segmentation.messages.privacy import is_row_of_data, told_headers
from segmentation.rules.headers import PRIVATE
from segmentation.sources.columns.aliases import (
    ALIASES,
    NUMBERS,
    REQUIRED,
    canonical_names,
    squeezed,
)


@dataclass(frozen=True)
class Columns:
    """`canonical` name -> the file's column, or several that are added up; the rest in `others`.

    `unclear` names have two candidates and neither of them. `guessed` are those that no source
    declares.
    """

    canonical: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]
    guessed: frozenset[str] = frozenset()
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """What a table's mapping is asked for."""

    table: str
    shown: str
    header: tuple[str, ...]
    declared: Mapping[str, str]
    mapping_of: Callable[[Mapping[str, str]], str]
    """What to write so that columns are read as canonical ones."""

    has_constant_event: bool = False


def assign(request: Request) -> Columns:
    """The mapping of one header; raises InputError with every mistake found in it.

    A column that has two candidates is none yet: nobody may need it.
    """
    declared = {c: _columns_of(w, c, request.header) for c, w in request.declared.items()}
    candidates = _candidates_of(request, declared)
    guessed = {name: (found[0],) for name, found in candidates.items() if len(found) == 1}
    unclear = {
        name: found
        for name, found in candidates.items()
        if len(found) > 1 and not (name == "event" and request.has_constant_event)
    }
    chosen = {**declared, **guessed}
    problems = [*_undeclarable(request, declared), *_undecided(request, chosen, unclear)]
    problems = problems or _missing(request, chosen)  # one mistake must not be told twice
    if problems:
        raise InputError(*problems)
    used = {column for columns in chosen.values() for column in columns}
    free = (name for name in request.header if name not in used | chosen.keys())
    others = tuple(name for name in free if not name.startswith(PRIVATE))  # or pandas' index
    notes = _notes(request, chosen, used)
    return Columns(chosen, others, frozenset(guessed), unclear, notes)


def always_read(
    table: str, canonical: Collection[str], *, has_constant_event: bool
) -> frozenset[str]:
    """The columns that are read whatever the rules need; `canonical` are those that there are."""
    money: tuple[str, ...] = ("amount",) if "amount" in canonical else ("quantity", "unit_price")
    names = REQUIRED[table] + (money if table == "transactions" else ())
    return frozenset(n for n in names if n != "event" or not has_constant_event)


def of_two_candidates(request: Request, unclear: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """A problem for each of these columns, which names its candidates."""
    return [_two_candidates(request, name, found) for name, found in unclear.items()]


def _undeclarable(request: Request, declared: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """What is wrong with the columns that the source declares."""
    for canonical, columns in declared.items():
        if canonical.startswith(PRIVATE):
            yield _private(request, canonical)
        absent = (column for column in columns if column not in request.header)
        yield from (_no_such_column(request, canonical, column) for column in absent)


def _undecided(
    request: Request,
    chosen: Mapping[str, tuple[str, ...]],
    unclear: Mapping[str, tuple[str, ...]],
) -> list[Problem]:
    """The columns that are always read and have two candidates."""
    names = always_read(
        request.table, {*chosen, *unclear}, has_constant_event=request.has_constant_event
    )
    return of_two_candidates(request, {n: found for n, found in unclear.items() if n in names})


def _columns_of(written: str, canonical: str, header: Sequence[str]) -> tuple[str, ...]:
    """A column of that very name, else the columns of a sum `a + b`."""
    if written in header or canonical not in NUMBERS or "+" not in written:
        return (written,)
    return tuple(part.strip() for part in written.split("+"))


def _candidates_of(
    request: Request, declared: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The candidates for each column that is not declared, where there are any."""
    taken = {column for columns in declared.values() for column in columns}
    free = [name for name in request.header if name not in taken]
    asked = (item for item in ALIASES[request.table].items() if item[0] not in declared)
    found = ((canonical, _candidates(canonical, aliases, free)) for canonical, aliases in asked)
    return {canonical: names for canonical, names in found if names}


def _candidates(canonical: str, aliases: Collection[str], free: Sequence[str]) -> tuple[str, ...]:
    """The column of that very name, else those with another spelling of it or an alias."""
    if canonical in free:
        return (canonical,)
    meant = {squeezed(canonical), *aliases}
    return tuple(name for name in free if squeezed(name) in meant)


def _missing(request: Request, chosen: Mapping[str, tuple[str, ...]]) -> list[Problem]:
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
    request: Request, chosen: Mapping[str, tuple[str, ...]], used: Collection[str]
) -> tuple[str, ...]:
    table = request.table
    notes = []
    if table == "transactions" and "amount" not in chosen:
        notes.append("transactions: amount is quantity × unit_price, for no column is named amount")
        if "discount" in chosen:
            notes.append("transactions: discount is not taken off that amount")
    shadowed = [name for name in request.declared if name in request.header and name not in used]
    notes += [f"{table}: the file's own column {name} is not used" for name in shadowed]
    return tuple(notes)


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
    return Problem(
        f"{canonical} could be read from {either(found)}",
        request.shown,
        f"Choose one: {request.mapping_of({canonical: found[0]})}",
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
        f"  Say which: {request.mapping_of({canonical: close})}",
    )


def _wrong_delimiter(request: Request) -> Problem:
    return Problem(
        f'the header has a single column, "{told_headers(request.header)}": wrong delimiter?',
        request.shown,
        f"Say it: sources: {{{request.table}: {{path: …, delimiter: ';'}}}}",
    )
