"""Personas as audiences to be: one each, or with `for_each` one per label or value.

Names are safe as file names by construction: a persona's name is checked when it is read, and
what `for_each` appends is reduced to a-z, 0-9 and `-`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import polars as pl

from segmentation.customers.cuts import Cuts, Values
from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem, RulesError
from segmentation.messages.privacy import is_personal, told_value
from segmentation.rules.conditions import fields
from segmentation.rules.measures import Measure
from segmentation.rules.ruleset import Persona, Rules

MOST_LETTERS = 40
MOST_FILES: Final = 500  # audiences of one for_each, unless `most` says another number
MOST_VALUES: Final = 10_000  # of which the largest are taken; more are a column of ids, most likely


@dataclass(frozen=True)
class Cell:
    """One audience to be: its name, whom it is cut from, and the one value of `for_each`.

    With `besides` it is the rest of a persona: who has another value than these. It has no file.
    `is_named_by_data`: its name holds a value of the data, which no message may hold.
    """

    name: str
    title: str
    persona: Persona
    value: str | None = None
    besides: tuple[str, ...] = ()
    is_named_by_data: bool = False

    @property
    def is_capped(self) -> bool:
        """Whether it is left out, as larger ones fill what the persona may write."""
        return bool(self.besides)

    def members(self) -> pl.Expr:
        """Whether a described customer is in the persona (and has the value)."""
        flag = pl.col(self.persona.name)
        if self.persona.for_each is None:
            return flag
        own = pl.col(self.persona.for_each).cast(pl.String)
        same = ~own.is_in(self.besides) if self.is_capped else own == self.value
        return flag & same.fill_null(value=False)


def of_data(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The audiences that values of the data name, by their persona."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.is_named_by_data:
            found.setdefault(cell.persona.name, []).append(cell)
    return found


def cells(
    rules: Rules, personas: Iterable[Persona], cuts: Cuts, customers: pl.DataFrame | None = None
) -> tuple[Cell, ...]:
    """The audiences to be of these personas, in the file's order.

    Without described customers it is not known which are the largest: `most` then leaves none out.
    """
    found = tuple(cell for p in personas for cell in _cells(rules, p, cuts, customers))
    times = Counter(cell.name for cell in found)
    shared = [c for c in found if times[c.name] > 1 and c.value is not None]
    if shared:
        raise RulesError(*(_shared(c, rules) for c in shared))
    return found


def _shared(cell: Cell, rules: Rules) -> Problem:
    where = rules.where(("personas", cell.persona.name, "for_each"))
    value = cell.value or ""
    said = told_value(value) if is_personal(value) else value
    what = f'persona "{cell.persona.name}" names its audience for {said} "{cell.name}", '
    return Problem(
        f"{what}which is another audience, too", where, "Give one of the personas another name."
    )


def _cells(
    rules: Rules, persona: Persona, cuts: Cuts, customers: pl.DataFrame | None
) -> Iterable[Cell]:
    if persona.for_each is None:
        return [Cell(persona.name, persona.title, persona)]
    dimension = rules.dimensions.get(persona.for_each)
    values = dimension.labels if dimension else cuts[Values(persona.for_each)]
    if len(values) > (MOST_FILES if persona.most is None else MOST_VALUES):
        raise RulesError(_too_many(rules, persona, len(values)))
    named = zip(slugs(values), values, strict=True)
    found = [
        Cell(
            f"{persona.name}-{s}",
            f"{persona.title}: {v}",
            persona,
            v,
            is_named_by_data=not dimension,
        )
        for s, v in named
    ]
    if customers is None or persona.most is None or len(found) <= persona.most:
        return found
    return _with_rest(found, persona, customers)


def _with_rest(found: Sequence[Cell], persona: Persona, customers: pl.DataFrame) -> list[Cell]:
    """The largest of a persona's audiences by who matches, ties by value; then the rest, if any."""
    own = pl.col(str(persona.for_each)).cast(pl.String)
    inside = customers.lazy().filter(pl.col(persona.name)).select(value=own)
    sizes = dict(inside.group_by("value").len().collect().iter_rows())
    ranked = sorted(found, key=lambda c: (-sizes.get(c.value, 0), str(c.value)))
    kept = {c.value for c in ranked[: persona.most]}
    written = [c for c in found if c.value in kept]
    rest = Cell(
        persona.name,
        f"{persona.title}: the rest",
        persona,
        besides=tuple(str(c.value) for c in written),
    )
    return [*written, rest] if sizes.keys() - kept - {None} else written


def _too_many(rules: Rules, persona: Persona, number: int) -> Problem:
    where = rules.where(("personas", persona.name, "for_each"))
    fewer = (
        "name a column of fewer values, or a dimension that groups them and has a rung "
        "`other: otherwise`."
    )
    what = f"for_each: {persona.for_each} has {number:,} values"
    if number > MOST_VALUES:
        return Problem(
            f"{what}: more than {MOST_VALUES:,} tell people apart, not groups",
            where,
            f"{fewer[0].upper()}{fewer[1:]}",
        )
    return Problem(
        f"{what}, and a persona makes at the most {MOST_FILES} files unless it says most",
        where,
        f"Beside it write `most: {MOST_FILES}` for files of the {MOST_FILES} largest only; or {fewer}",
    )


def slugs(values: Iterable[str]) -> list[str]:
    """A file-safe name for each value; values that would share one get a digest of the value.

    >>> slugs(["Footwear", "TRAVEL & LEISURE", "a/b", "A B", "日本"])
    ['footwear', 'travel-leisure', 'a-b-c14cdd', 'a-b-fea4c5', 'x-cf2abf']
    """
    values = list(values)
    plain = [_plain(v) for v in values]
    digested = [
        f"{s or 'x'}-{hashlib.sha256(v.encode()).hexdigest()[:6]}"
        for s, v in zip(plain, values, strict=True)
    ]
    shared = {s for s, n in Counter(plain).items() if n > 1} | {"", *digested}
    return [d if s in shared else s for s, d in zip(plain, digested, strict=True)]


def _plain(value: str) -> str:
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "-", plain.lower()).strip("-")[:MOST_LETTERS].rstrip("-")


def columns_of(persona: Persona, name: Callable[[str | Measure], str]) -> tuple[str, ...]:
    """The columns that the persona's rules used, in order of appearance."""
    used = [name(f) for f in fields(persona.match)]
    return tuple(dict.fromkeys([*used, *([persona.for_each] if persona.for_each else [])]))
