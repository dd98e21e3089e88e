"""Cuts: every value fitted over all customers, and nothing else.

A cut has a specification (what is fitted, over whom) and a value (plain JSON). Fitting sees all
customers; whoever applies a cut sees one row at a time. `Cuts` is the frozen set of a run: it
survives a JSON round trip, so that a later run can reuse it (`--cuts`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from segmentation.comparing.numerals import as_numbers
from segmentation.dataclass import dataclass
from segmentation.messages.errors import InputError, Problem
from segmentation.models.fitted import VALUE, CadenceFit, ValueFit, check_models
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import Condition
from segmentation.rules.dimensions import OwnCut
from segmentation.rules.headers import exact_name, exact_number
from segmentation.rules.money import SCALE, is_plain_text, of_plain, plain
from segmentation.rules.ruleset import Persona, Rules
from segmentation.rules.scalars import LARGEST, is_number, is_texts
from segmentation.rules.windows import parse_date
from segmentation.system.plain_files import plain_bytes

VERSION: Final = 1
SCORES: Final = 5
Value = Any  # plain JSON: a number, a text, a list or a mapping of these


@dataclass(frozen=True)
class Percentile:
    """The value that the top (or bottom) percent of a feature reach; ties at it are inside.

    With n customers who have a value, the cut is the value at rank ceil(n × percent / 100)
    from the top (or bottom): an order statistic, never an interpolation.
    """

    feature: str
    percent: float
    top: bool
    among: Condition | None = None
    called: str = ""  # the feature, where its column has no name that people know

    @property
    def name(self) -> str:
        """How cuts.json and messages call it; equal for equal cuts only."""
        end = f"{'top' if self.top else 'bottom'} {exact_number(self.percent)} %"
        whom = f" among {exact_name(self.among)}" if self.among else ""
        return f"{self.called or self.feature} {end}{whom}"

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Value:
        """The cut, or None where no customer has a value."""
        values = _number(customers, self.feature).sort(descending=self.top)
        last = rank_of(values.len(), self.percent) - 1
        return _plain(values[last], kind) if values.len() else None

    def admits(self, value: Value, kind: Kind) -> bool:
        """Whether a stored value is one that `fit` could have given."""
        return value is None or _is_bound(value, kind)


@dataclass(frozen=True)
class Quintiles:
    """The four values that part a feature into fifths: the order statistics at n × i / 5."""

    feature: str

    @property
    def name(self) -> str:
        """How cuts.json and messages call it."""
        return f"{self.feature} quintiles"

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Value:
        """Four ascending values, or None where no customer has a value."""
        values = _number(customers, self.feature).sort()
        n = values.len()
        ranks = [math.ceil(n * i / SCORES) for i in range(1, SCORES)]
        return [_plain(values[max(r, 1) - 1], kind) for r in ranks] if n else None

    def admits(self, value: Value, kind: Kind) -> bool:
        """Whether a stored value is one that `fit` could have given."""
        if not isinstance(value, list):
            return value is None
        are_bounds = len(value) == SCORES - 1 and all(_is_bound(v, kind) for v in value)
        return are_bounds and value == sorted(value, key=lambda bound: held(bound, kind))


@dataclass(frozen=True)
class Values:
    """The values of a text feature that have customers, sorted: what `for_each` goes over."""

    feature: str

    @property
    def name(self) -> str:
        """How cuts.json and messages call it."""
        return f"{self.feature} values"

    def fit(self, customers: pl.DataFrame, kind: Kind) -> Value:
        """The values as text, each once."""
        return customers[self.feature].drop_nulls().cast(pl.String).unique().sort().to_list()

    def admits(self, value: Value, kind: Kind) -> bool:
        """Whether a stored value is one that `fit` could have given."""
        return is_texts(value) and len({*value}) == len(value)


CutSpec = Percentile | Quintiles | Values | ValueFit | CadenceFit | OwnCut


def _number(customers: pl.DataFrame, name: str) -> pl.Series:
    values = customers[name]
    if values.dtype.is_temporal():
        return values.cast(pl.Date).drop_nulls()  # moments are ranked by day
    return as_numbers(values).drop_nulls()


def rank_of(customers: int, percent: float) -> int:
    """How many customers a percentage is, 1 at the least: of the percentage that is written, not of its float.

    >>> rank_of(10, 25), rank_of(1000, 0.1), rank_of(1000, 0.1000000000001), rank_of(3, 1e-10)
    (3, 1, 2, 1)
    """
    from fractions import Fraction

    return max(math.ceil(customers * Fraction(repr(percent)) / 100), 1)


def _plain(value: Any, kind: Kind) -> Value:
    """A cut's value as JSON: money in currency units (see `rules.money.plain`), dates as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if kind == "money" else value


def is_cut(spec: CutSpec, value: Value, kind: Callable[[str], Kind]) -> bool:
    """Whether a stored value is one that `fit` of the specification could have given."""
    if isinstance(spec, OwnCut):
        return spec.admits(value)
    return spec.admits(value, kind(spec.feature))


def _is_bound(value: Value, kind: Kind) -> bool:
    if kind == "date":
        return isinstance(value, str) and parse_date(value) is not None
    if kind == "money" and is_plain_text(value):
        return abs(of_plain(value)) < 2**63
    if not is_number(value):
        return False
    if kind == "money":
        return abs(value) < 2**63 / SCALE  # NaN is not below it either
    return abs(value) <= LARGEST if isinstance(value, int) else math.isfinite(value)


def held(value: Value, kind: Kind) -> Any:
    """A cut's JSON value as the column holds it; the inverse of writing it."""
    if kind == "money":
        return of_plain(value)
    return date.fromisoformat(value) if kind == "date" else value


@dataclass(frozen=True)
class Cuts:
    """All fitted values of a run by name, and what they were fitted on.

    `definitions` are digests of the features and dimensions of the rules that a value was fitted
    over: a name alone does not say what it meant.
    """

    as_of: date
    customers: int
    values: Mapping[str, Value]
    definitions: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, spec: CutSpec) -> Value:
        return self.values[spec.name]

    def __contains__(self, spec: CutSpec) -> bool:
        """Whether there is a value that answers the specification."""
        known = spec.name in self.values
        return known and (not isinstance(spec, ValueFit) or spec.accepts(self[spec]))

    def notes(self) -> tuple[str, ...]:
        """What the models say of their fit, for whoever reads the run."""
        return tuple(
            f"{name}: {note}"
            for name, value in self.values.items()
            if isinstance(value, dict)
            for note in value.get("notes", ())
        )

    def with_value(self, spec: CutSpec, value: Value, definition: str = "") -> Cuts:
        """These cuts and one more, with the digest of what it was fitted over, if that is of the rules."""
        values, made = (
            {**self.values, spec.name: value},
            {spec.name: definition} if definition else {},
        )
        return Cuts(self.as_of, self.customers, values, {**self.definitions, **made})

    def is_of(self, name: str, definition: str) -> bool:
        """Whether a value was fitted over this definition; files that do not say so are believed."""
        return self.definitions.get(name, definition) == definition

    def to_json(self) -> str:
        """The cuts as cuts.json holds them."""
        rest = dict(self.values)
        model = {VALUE: rest.pop(VALUE)} if VALUE in rest else {}
        body = {
            "version": VERSION,
            "as_of": self.as_of.isoformat(),
            "customers": self.customers,
            **model,
            "values": rest,
        }
        body |= {"definitions": dict(self.definitions)} if self.definitions else {}
        return json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Cuts:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError on anything else."""
        body = json.loads(text)
        lacking = [key for key in ("version", "as_of", "customers", "values") if key not in body]
        if lacking:
            raise ValueError(f"it has no {', '.join(lacking)}")
        if body["version"] != VERSION:
            raise ValueError(f"version {body['version']} is not {VERSION}")
        values = {n: body[n] for n in (VALUE,) if n in body} | body["values"]
        check_models(values)
        definitions = body.get("definitions", {})
        if not isinstance(definitions, dict):
            raise TypeError
        if type(body["customers"]) is not int:
            raise TypeError
        return cls(date.fromisoformat(body["as_of"]), body["customers"], values, definitions)


MOST_BYTES: Final = 64 << 20  # cuts of 500 values of each for_each are a few kilobytes


def read_cuts(path: Path) -> Cuts:
    """The cuts of a former run. Raises InputError when the file is not one."""
    try:
        return Cuts.from_json(plain_bytes(path, MOST_BYTES).decode())
    except FileNotFoundError:
        raise InputError(
            Problem(
                "there is no such file of cuts", str(path), "Give the cuts.json of a former run."
            )
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            Problem(
                f"this is not a cuts.json of a former run ({_why(error)})",
                str(path),
                "Give the cuts.json that `segment run` wrote.",
            )
        ) from None


def _why(error: Exception) -> str:
    """What is wrong with a file of cuts, without a codec's words."""
    if isinstance(error, OSError):
        return str(error.strerror or error)
    if isinstance(error, UnicodeError | json.JSONDecodeError | RecursionError):
        return "it is not JSON"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error) if type(error) is ValueError else "its values are of the wrong kind"


def listings(rules: Rules, personas: Iterable[Persona]) -> tuple[Values, ...]:
    """The cuts that list the values of each `for_each` over a feature (labels are known)."""
    names = [p.for_each for p in personas if p.for_each and p.for_each not in rules.dimensions]
    return tuple(Values(n) for n in dict.fromkeys(names))
