"""Personas as audiences to be: one each, or with `for_each` one per label or value.

Names are safe as file names by construction: a persona's name is checked when it is read, and
what `for_each` appends is reduced to a-z, 0-9 and `-`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from segmentation.config.conditions import fields
from segmentation.config.measures import Measure
from segmentation.config.rules import Persona, Rules
from segmentation.cuts import Cuts, Values
from segmentation.errors import Problem, RulesError
from segmentation.privacy import is_personal, told_value

MOST_LETTERS = 40
MOST_FILES = 500  # audiences of one for_each; more are a column of ids, most likely


@dataclass(frozen=True)
class Cell:
    """One audience to be: its name, whom it is cut from, and the one value of `for_each`."""

    name: str
    title: str
    persona: Persona
    value: str | None = None

    def members(self) -> pl.Expr:
        """Whether a described customer is in the persona (and has the value)."""
        flag = pl.col(self.persona.name)
        if self.persona.for_each is None:
            return flag
        same = pl.col(self.persona.for_each).cast(pl.String) == self.value
        return flag & same.fill_null(value=False)


def listings(rules: Rules, personas: Iterable[Persona]) -> tuple[Values, ...]:
    """The cuts that list the values of each `for_each` over a feature (labels are known)."""
    names = [p.for_each for p in personas if p.for_each and p.for_each not in rules.dimensions]
    return tuple(Values(n) for n in dict.fromkeys(names))


def cells(rules: Rules, personas: Iterable[Persona], cuts: Cuts) -> tuple[Cell, ...]:
    """The audiences to be of these personas, in the file's order."""
    found = tuple(cell for p in personas for cell in _cells(rules, p, cuts))
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


def _cells(rules: Rules, persona: Persona, cuts: Cuts) -> Iterable[Cell]:
    if persona.for_each is None:
        return [Cell(persona.name, persona.title, persona)]
    dimension = rules.dimensions.get(persona.for_each)
    values = dimension.labels if dimension else cuts[Values(persona.for_each)]
    if len(values) > MOST_FILES:
        raise RulesError(_too_many(rules, persona, len(values)))
    named = zip(slugs(values), values, strict=True)
    return [Cell(f"{persona.name}-{s}", f"{persona.title}: {v}", persona, v) for s, v in named]


def _too_many(rules: Rules, persona: Persona, number: int) -> Problem:
    where = rules.where(("personas", persona.name, "for_each"))
    return Problem(
        f"for_each: {persona.for_each} has {number:,} values, and a persona makes at the most "
        f"{MOST_FILES} files",
        where,
        "Name a column of fewer values, or a dimension that groups them and has a rung "
        "`other: otherwise`; `most:`, the largest only, is not known yet.",
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
