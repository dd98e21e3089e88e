"""Stages by how late a customer is, compared with how late others were who came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.messages.notices import Notice
from segmentation.rules.conditions import EVERYONE, Condition, Path
from segmentation.rules.dimensions.context import Behind, Customer, Names, Solver
from segmentation.rules.dimensions.kind import Asked, Dimension
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.fragments import Schema, of

if TYPE_CHECKING:
    import polars as pl

CADENCE: Final = "cadence"
STAGES: Final = ("new", "active", "at_risk", "churned", "returned")
PROSPECT: Final = "prospect"  # who never ordered, where `base: everyone`


@dataclass(frozen=True)
class Lifecycle(Dimension):
    """Stages by how late a customer is, compared with how late others were who came back."""

    word: ClassVar = "cadence"
    form: ClassVar = "fitted `from` something"
    gives: ClassVar = "fitted to the customers"

    labels: tuple[str, ...] = STAGES

    # -- the file -----------------------------------------------------------------------------

    @classmethod
    def is_written(cls, value: Any) -> bool:
        """A mapping with `from: cadence`."""
        return isinstance(value, dict) and value.get("from") == CADENCE

    @classmethod
    def parse(cls, value: Any, path: Path, parser: Parser, *, base: str) -> Lifecycle:
        """The stages; with everyone in the base there are prospects, too."""
        parser.unknown_keys(value, path, ("from",))
        return Lifecycle((*STAGES, PROSPECT) if base == "everyone" else STAGES)

    @classmethod
    def schema(cls) -> Mapping[str, Schema]:
        """`from: cadence` and nothing else."""
        return {"cadence": of({"from": {"const": CADENCE}}, "from")}

    def in_words(self) -> str:
        """`stages by cadence`."""
        return "stages by cadence"

    # -- what it stands on --------------------------------------------------------------------

    def conditions(self) -> Iterator[Condition]:
        """None: thresholds are fitted."""
        return iter(())

    def crosses(self) -> tuple[str, ...]:
        """None."""
        return ()

    def reads(self) -> tuple[str, ...]:
        """What the cadence says of a customer, and the days since the last order."""
        return ("_cadence", "recency_days")

    def ranks(self) -> str | None:
        """None: who is back is not later than who is at risk."""
        return None

    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        """Nothing that rules compare."""
        return iter(())

    # -- checks and lint ----------------------------------------------------------------------

    def check(self, name: str, names: Names) -> Iterator[Problem]:
        """Nothing: it uses no name of the file."""
        return iter(())

    def meaning(self, label: str) -> Condition:
        """Nothing is known of who has a fitted label."""
        return EVERYONE

    def claims(self) -> Iterator[tuple[Path, Condition, Condition]]:
        """None."""
        return iter(())

    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        """None: which stages are empty is for the data."""
        return iter(())

    # -- customers ----------------------------------------------------------------------------

    def cuts(self, name: str) -> tuple[Asked, ...]:
        """The cadence, which `overdue_ratio` is made with, too."""
        return (CADENCE,)

    def expr(self, name: str, customer: Customer) -> pl.Expr:
        """The stage of each customer from the fields of `_cadence` and the learnt thresholds.

        A customer with one order day goes by days since it, any other by overdue_ratio. `returned`
        is active again after a gap that had been a lapse when it ended. Where nothing could be
        learnt everybody is new.
        """
        import polars as pl

        learnt = customer.cut(CADENCE)
        ordered = pl.col("recency_days").is_not_null()
        new = self.literal("new")
        known = new if learnt["mean_log_gap"] is None else self._stage(learnt)
        none = self.literal(self.labels[-1]) if PROSPECT in self.labels else new
        return pl.when(ordered).then(known).otherwise(none)

    def _stage(self, learnt: Mapping[str, Any]) -> pl.Expr:
        import polars as pl

        own = pl.col("_cadence").struct
        gaps, ratio = own.field("gaps"), own.field("overdue_ratio")
        again = own.field("last_ratio") > learnt["lost_ratio"]
        long = own.field("last_gap_days") > learnt["lost_days"]
        lapsed = pl.when(gaps > 1).then(again).otherwise(long)
        back = pl.when(lapsed).then(self.literal("returned")).otherwise(self.literal("active"))
        days, new = pl.col("recency_days"), self.literal("new")
        once = self._late(days, learnt["late_days"], learnt["lost_days"], new)
        more = self._late(ratio, learnt["late_ratio"], learnt["lost_ratio"], back)
        return pl.when(gaps == 0).then(once).otherwise(more)

    def _late(self, by: pl.Expr, late: float | None, lost: float | None, here: pl.Expr) -> pl.Expr:
        import polars as pl

        at_risk, churned = self.literal("at_risk"), self.literal("churned")
        slipping = pl.when(by <= lost).then(at_risk).otherwise(churned)
        return pl.when(by <= late).then(here).otherwise(slipping)
