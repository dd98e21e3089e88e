"""Customers cut by one feature, the highest values in the first label."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.messages.notices import Notice
from segmentation.rules.conditions import EVERYONE, Condition, Path
from segmentation.rules.dimensions.context import Base, Behind, Customer, Names, OnRank, Solver
from segmentation.rules.dimensions.kind import Asked, Dimension, OwnCut
from segmentation.rules.dimensions.lifecycle import CADENCE
from segmentation.rules.headers import exact_number
from segmentation.rules.money import is_plain_text
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.scalars import LARGEST, is_number, is_texts
from segmentation.rules.schema.fragments import Schema, bounded, of

if TYPE_CHECKING:
    import polars as pl

MOST_TIERS: Final = 20
METHODS: Final = ("cumulative", "quantiles", "jenks")
SHARES: Final = {"cumulative": (50.0, 30.0, 15.0, 5.0), "quantiles": (25.0, 25.0, 25.0, 25.0)}


@dataclass(frozen=True)
class Thresholds(OwnCut):
    """The thresholds of tiers: lower edges of all labels but the last, from the top."""

    dimension: str
    tiers: Tiers

    @property
    def name(self) -> str:
        """What is cut, and how: `predicted_value tiers cumulative 50/30/15/5`."""
        how = "/".join(map(exact_number, self.tiers.shares)) or str(len(self.tiers.labels))
        return f"{self.tiers.feature} tiers {self.tiers.method} {how}"

    @property
    def features(self) -> tuple[str, ...]:
        """What is cut."""
        return (self.tiers.feature,)

    def fit(self, base: Base) -> Any:
        """`at_least`: the thresholds in currency units or plain numbers; `customers` per label."""
        tiers, values = self.tiers, base.numbers(self.tiers.feature)
        found = base.thresholds(tiers.method, values, tiers.shares, len(tiers.labels))
        counts = _counts(values, found, len(tiers.labels))
        edges = [base.plain(edge, tiers.feature) for edge in found]
        return {"at_least": edges, "customers": counts, "notes": self._notes(found, counts)}

    def _notes(self, found: Sequence[float], counts: Sequence[int]) -> list[str]:
        labels, feature = self.tiers.labels, self.tiers.feature
        if not found:
            return [f"no customer has a {feature} above zero, so everybody is in {labels[-1]}"]
        empty = ", ".join(label for label, n in zip(labels, counts, strict=True) if not n)
        few = f"{sum(counts):,} customers have too few different values of {feature}"
        return [f"nobody is in {empty}: {few}"] if empty else []

    def admits(self, value: Any) -> bool:
        """A mapping with `at_least`: no edge, or one for each label but the last, from the top.

        Natural breaks are fewer where there are fewer different values than labels.
        """
        edges = value.get("at_least") if isinstance(value, dict) else None
        if not isinstance(edges, list) or not all(_is_edge(edge) for edge in edges):
            return False
        most = len(self.tiers.labels) - 1
        is_full = len(edges) in (0, most) or (self.tiers.method == "jenks" and len(edges) < most)
        return (
            is_full
            and edges == sorted(edges, key=float, reverse=True)
            and is_texts(value.get("notes", []))
        )


def _is_edge(value: Any) -> bool:
    """A number that a column may hold; a text is money that no float is."""
    if isinstance(value, int):
        return is_number(value) and abs(value) <= LARGEST
    return is_plain_text(value) or (is_number(value) and math.isfinite(value))


def _counts(values: pl.Series, at_least: Sequence[float], labels: int) -> list[int]:
    """Customers per label as the labels are given: the first threshold reached, else the last."""
    import polars as pl

    reached = (pl.col(values.name) >= edge for edge in at_least)
    above = [values.to_frame().select(one.sum()).item() for one in reached]
    above = above + [above[-1] if above else 0] * (labels - 1 - len(above))
    edges = [0, *above, len(values)]
    return [high - low for low, high in pairwise(edges)]


# -- the kind -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tiers(Dimension):
    """Customers cut by one feature, the highest values in the first label.

    `cumulative`: the first label has the fewest customers who together hold shares[0] % of the
    feature's total, and so on. `quantiles`: it has the best shares[0] % of those who have it.
    `jenks`: natural breaks of the logarithm, as many as there are labels; shares are empty.
    Who lacks the feature is in the last label.
    """

    word: ClassVar = "tiers"
    form: ClassVar = "fitted `from` something"
    gives: ClassVar = "fitted to the customers"

    feature: str
    method: Literal["cumulative", "quantiles", "jenks"]
    shares: tuple[float, ...]
    labels: tuple[str, ...]
    path: Path = ()

    # -- the file -----------------------------------------------------------------------------

    @classmethod
    def is_written(cls, value: Any) -> bool:
        """A mapping with the key `from`, which names a feature."""
        return isinstance(value, dict) and "from" in value and value["from"] != CADENCE

    @classmethod
    def parse(cls, value: Any, path: Path, parser: Parser, *, base: str) -> Tiers | None:
        """The tiers; None without a feature, a method or labels that can be understood."""
        parser.unknown_keys(value, path, ("from", "shares", "labels", "method"))
        feature, method = value["from"], value.get("method", "cumulative")
        if not isinstance(feature, str) or not feature:
            parser.wrong(
                (*path, "from"),
                "from takes cadence or the name of a feature",
                "For example {from: predicted_value, shares: [50, 30, 15, 5]}",
            )
            return None
        if method not in METHODS:
            parser.wrong((*path, "method"), f"method is {', '.join(METHODS[:-1])} or {METHODS[-1]}")
            return None
        shares = _shares(value, method, path, parser)
        labels = _labels(value, len(shares) or len(SHARES["cumulative"]), path, parser)
        if shares and labels and len(labels) != len(shares):
            parser.wrong(
                (*path, "labels"), f"there are {len(labels)} labels for {len(shares)} shares"
            )
            return None
        return None if labels is None else Tiers(feature, method, shares, labels, path)

    @classmethod
    def schema(cls) -> Mapping[str, Schema]:
        """`from` a feature, with a method, shares and labels."""
        return {
            "tiers": of(
                {
                    "from": {"type": "string", "minLength": 1, "not": {"const": CADENCE}},
                    "method": {"enum": list(METHODS)},
                    "shares": {
                        "type": "array",
                        "minItems": 2,
                        "maxItems": MOST_TIERS,
                        "items": bounded(exclusiveMinimum=0, maximum=100),
                    },
                    "labels": {
                        "type": "array",
                        "minItems": 2,
                        "maxItems": MOST_TIERS,
                        "uniqueItems": True,
                        "items": {"type": ["string", "integer"]},
                    },
                },
                "from",
            ),
        }

    def in_words(self) -> str:
        """What is cut: `tiers of predicted_value`."""
        return f"tiers of {self.feature}"

    # -- what it stands on --------------------------------------------------------------------

    def conditions(self) -> Iterator[Condition]:
        """None: thresholds are fitted."""
        return iter(())

    def crosses(self) -> tuple[str, ...]:
        """None."""
        return ()

    def reads(self) -> tuple[str, ...]:
        """What is cut."""
        return (self.feature,)

    def ranks(self) -> str | None:
        """What is cut."""
        return self.feature

    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        """The rank by the feature, whatever label is wanted."""
        yield OnRank(self.feature, self.path)

    # -- checks and lint ----------------------------------------------------------------------

    def check(self, name: str, names: Names) -> Iterator[Problem]:
        """A feature that does not exist, or that is no number."""
        who, path = f'dimension "{name}"', (*self.path, "from")
        kind = names.kind(self.feature)
        if not names.is_known(self.feature):
            yield names.unknown(self.feature, path, who)
        elif kind not in (None, "number", "money", "share"):
            what = f"{who}: {quoted(self.feature)} is a {kind}, so it cannot be cut into tiers"
            yield names.wrong(path, what, "For example from: predicted_value.")

    def meaning(self, label: str) -> Condition:
        """Nothing is known of who has a fitted label."""
        return EVERYONE

    def claims(self) -> Iterator[tuple[Path, Condition, Condition]]:
        """None."""
        return iter(())

    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        """None: which tiers are empty is for the data."""
        return iter(())

    # -- customers ----------------------------------------------------------------------------

    def cuts(self, name: str) -> tuple[Asked, ...]:
        """The thresholds."""
        return (Thresholds(name, self),)

    def expr(self, name: str, customer: Customer) -> pl.Expr:
        """The label of the first threshold that is reached; the last label for everybody else."""
        import polars as pl

        edges = customer.cut(Thresholds(name, self))["at_least"]
        value = customer.number(self.feature)
        found = self.literal(self.labels[-1])
        for label, edge in reversed(list(zip(self.labels, edges, strict=False))):
            reached = value >= customer.held(edge, self.feature)
            found = pl.when(reached).then(self.literal(label)).otherwise(found)
        return found


#: what value is told by where the rules say nothing
VALUE_TIERS: Final = Tiers(
    "predicted_value", "cumulative", SHARES["cumulative"], ("t1", "t2", "t3", "t4")
)


def _shares(value: dict[str, Any], method: str, path: Path, parser: Parser) -> tuple[float, ...]:
    given = value.get("shares")
    if method == "jenks":
        if given is not None:
            parser.wrong(
                (*path, "shares"),
                "jenks finds the breaks itself, so it takes no shares",
                "Say how many tiers by labels: [t1, t2, t3, t4].",
            )
        return ()
    if given is None:
        return SHARES[method]
    if not _are_shares(given):
        parser.wrong(
            (*path, "shares"),
            "shares are two or more percentages above 0 that add up to 100",
            "For example [50, 30, 15, 5].",
        )
        return SHARES[method]
    return tuple(float(share) for share in given)


def _are_shares(given: Any) -> bool:
    if not isinstance(given, list) or not 2 <= len(given) <= MOST_TIERS:
        return False
    numbers = [s for s in given if is_number(s)]
    return len(numbers) == len(given) and min(numbers) > 0 and abs(sum(numbers) - 100) < 1e-9


def _labels(
    value: dict[str, Any], tiers: int, path: Path, parser: Parser
) -> tuple[str, ...] | None:
    """The labels given, or t1, t2, …; None when they are none."""
    given = value.get("labels")
    if given is None:
        return tuple(f"t{i}" for i in range(1, tiers + 1))
    texts = [str(g) for g in given if isinstance(g, str | int)] if isinstance(given, list) else []
    if not 2 <= len(texts) <= MOST_TIERS or len(set(texts)) < len(given):
        parser.wrong(
            (*path, "labels"),
            "labels are two or more different names, the most valuable first",
            "For example [gold, silver, bronze].",
        )
        return None
    return tuple(texts)
