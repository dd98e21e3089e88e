"""Rungs from the top: the first whose condition holds gives the label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import Problem
from segmentation.messages.notices import Notice
from segmentation.rules.conditions import EVERYONE, All, AnyOf, Condition, Not, Path
from segmentation.rules.dimensions.context import Behind, Customer, Names, OnCondition, Solver
from segmentation.rules.dimensions.kind import Asked, Dimension
from segmentation.rules.prose import prose
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.fragments import CONDITION, Schema, ref

if TYPE_CHECKING:
    import polars as pl

OTHERWISE: Final = "otherwise"
UNREACHABLE: Final = "unreachable-rung"


@dataclass(frozen=True)
class Ladder(Dimension):
    """Rungs from the top: the first whose condition holds gives the label; the last always holds."""

    word: ClassVar = "ladder"
    form: ClassVar = "a list of rungs"
    gives: ClassVar = "rungs from the top, the first that holds wins"

    rungs: tuple[tuple[str, Condition], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in order, each once."""
        return tuple(dict.fromkeys(label for label, _ in self.rungs))

    # -- the file -----------------------------------------------------------------------------

    @classmethod
    def is_written(cls, value: Any) -> bool:
        """A list."""
        return isinstance(value, list)

    @classmethod
    def parse(cls, value: Any, path: Path, parser: Parser, *, base: str) -> Ladder:
        """The rungs that can be understood; the last must be `otherwise`."""
        rungs: list[tuple[str, Condition]] = []
        for i, rung in enumerate(value):
            at = (*path, i)
            if not isinstance(rung, dict) or len(rung) != 1:
                parser.wrong(
                    at,
                    "a rung is one label and its condition",
                    "For example - active: {recency_days: {at_most: 60}}",
                )
                continue
            [(label, spec)] = rung.items()
            if spec == OTHERWISE:
                if i != len(value) - 1:
                    parser.wrong(
                        (*at, label), "otherwise is the last rung: no customer gets below it"
                    )
                rungs.append((label, All(())))
            else:
                rungs.append((label, parser.condition(spec, (*at, label))))
        if not value or not isinstance(value[-1], dict) or OTHERWISE not in value[-1].values():
            parser.wrong(
                (*path, len(value) - 1) if value else path,
                "the last rung must be `otherwise`, so that everyone gets a label",
                "Add - LABEL: otherwise",
            )
        return Ladder(tuple(rungs))

    @classmethod
    def schema(cls) -> Mapping[str, Schema]:
        """A list of rungs of which one is `otherwise`."""
        return {
            "ladder": {
                "type": "array",
                "minItems": 1,
                "items": ref("rung"),
                "contains": {"type": "object", "additionalProperties": {"const": OTHERWISE}},
            },
            "rung": {
                "description": "A label and its condition; the last rung's is otherwise.",
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": {"anyOf": [ref(CONDITION), {"const": OTHERWISE}]},
            },
        }

    def in_words(self) -> str:
        """Its rungs: `*new* if frequency ≤ 2; else *active*`."""
        *said, (last, _) = self.rungs
        return "; ".join([*(f"*{n}* if {prose(c)}" for n, c in said), f"else *{last}*"])

    # -- what it stands on --------------------------------------------------------------------

    def conditions(self) -> Iterator[Condition]:
        """The conditions of the rungs."""
        return (condition for _, condition in self.rungs)

    def crosses(self) -> tuple[str, ...]:
        """None: rungs compare dimensions in their conditions."""
        return ()

    def reads(self) -> tuple[str, ...]:
        """None: rungs compare features in their conditions."""
        return ()

    def ranks(self) -> str | None:
        """None: rungs may compare anything."""
        return None

    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        """All rungs: whoever falls to a label meets no other that stands above it."""
        for i, (label, condition) in enumerate(self.rungs):
            is_above = any(below in wanted for below, _ in self.rungs[i + 1 :])
            yield OnCondition(condition, (i, label), label in wanted, is_above)

    # -- checks and lint ----------------------------------------------------------------------

    def check(self, name: str, names: Names) -> Iterator[Problem]:
        """Nothing: conditions are checked wherever they stand."""
        return iter(())

    def reached(self, rung: int) -> Condition:
        """The condition of getting to a rung and staying there."""
        above: Iterable[Condition] = (Not(condition) for _, condition in self.rungs[:rung])
        return All((*above, self.rungs[rung][1]))

    def meaning(self, label: str) -> Condition:
        """One of the label's rungs is reached."""
        return AnyOf(tuple(self.reached(i) for i, (n, _) in enumerate(self.rungs) if n == label))

    def claims(self) -> Iterator[tuple[Path, Condition, Condition]]:
        """Each rung's condition, and none of those above."""
        return (((i,), c, self.reached(i)) for i, (_, c) in enumerate(self.rungs))

    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        """A finding for each rung that nobody reaches."""
        for i in range(len(self.rungs)):
            if not solver.possible(self.reached(i)):
                yield self._unreachable(name, i, solver)

    def _unreachable(self, name: str, at: int, solver: Solver) -> Notice:
        label, condition = self.rungs[at]
        path = ("dimensions", name, at, label)
        head = f'dimension "{name}": no customer reaches the rung "{label}"'
        if condition == EVERYONE:
            what = f"{head}: the rungs above it have everyone"
            mend = "Narrow one of them, or leave this label out of your conditions."
            return solver.found(UNREACHABLE, path, what, mend, key=True, level="warn")
        if not solver.possible(condition):
            what = f"{head}: {solver.conflict(condition)}"
            mend = solver.how_to_mend(condition, "Change its condition, or remove it.")
            return solver.found(UNREACHABLE, path, what, mend, key=True)
        above = [label for label, c in self.rungs[:at] if solver.implies(condition, c)]
        taken = f'"{above[0]}"' if above else "a rung above it"
        what = f"{head}: whoever has {prose(condition)} is in {taken} already"
        mend = f"Move it {f'above {taken}' if above else 'up'}, or remove it."
        return solver.found(UNREACHABLE, path, what, mend, key=True)

    # -- customers ----------------------------------------------------------------------------

    def cuts(self, name: str) -> tuple[Asked, ...]:
        """None but the percentages of its conditions."""
        return ()

    def expr(self, name: str, customer: Customer) -> pl.Expr:
        """The first rung that holds."""
        import polars as pl

        *rungs, (last, _) = self.rungs
        found = self.literal(last)
        for label, condition in reversed(rungs):
            found = pl.when(customer.meets(condition)).then(self.literal(label)).otherwise(found)
        return found
