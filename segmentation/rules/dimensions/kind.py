"""What a kind of dimension is: one frozen class in one file, with every aspect of it.

An aspect is an abstract method or a value of the class; a kind that lacks one does not import. The
kinds are listed once, in `segmentation.rules.dimensions.KINDS`. Nothing here needs Polars before a
cut is fitted or an expression is made.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from segmentation.messages.errors import Problem
from segmentation.messages.notices import Notice
from segmentation.rules.catalogue import Model
from segmentation.rules.conditions import Condition, Path
from segmentation.rules.dimensions.context import Base, Behind, Customer, Names, Solver
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.fragments import Schema

if TYPE_CHECKING:
    import polars as pl


class OwnCut(ABC):
    """A cut that belongs to a kind of dimension: what is fitted, and what cuts.json holds of it.

    Frozen and hashable: equal cuts are fitted once. Instances with the same name must be equal in
    all that `fit` depends on, as cuts.json knows them by it.
    """

    def __init_subclass__(cls) -> None:
        """Refuse a cut that lacks an aspect."""
        _whole(cls, OwnCut, CUT_ASPECTS)

    @property
    @abstractmethod
    def name(self) -> str:
        """How cuts.json and messages call it."""

    @property
    @abstractmethod
    def features(self) -> tuple[str, ...]:
        """The features that it is fitted over."""

    @abstractmethod
    def fit(self, base: Base) -> Any:
        """Its value over the buyers, as plain JSON. Sentences under `notes` are said of the run."""

    @abstractmethod
    def admits(self, value: Any) -> bool:
        """Whether a value of cuts.json, which may be any JSON, is one that `fit` could have given."""


class Dimension(ABC):
    """An ordered list of labels, of which every customer has exactly one."""

    #: how the JSON Schema calls its form
    word: ClassVar[str]
    #: what its form is, as the message about an unknown form lists it
    form: ClassVar[str]
    #: how labels come about, as the JSON Schema describes it
    gives: ClassVar[str]

    if TYPE_CHECKING:  # at run time a property here would be in the way of a field of that name

        @property
        @abstractmethod
        def labels(self) -> tuple[str, ...]:
            """Every label, each once."""

    def __init_subclass__(cls) -> None:
        """Refuse a kind that lacks an aspect."""
        _whole(cls, Dimension, ASPECTS)

    # -- the file -----------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def is_written(cls, value: Any) -> bool:
        """Whether a YAML value has the form of this kind, rightly filled in or not."""

    @classmethod
    @abstractmethod
    def parse(cls, value: Any, path: Path, parser: Parser, *, base: str) -> Self | None:
        """The dimension from YAML that `is_written` takes for this kind.

        None when it cannot be understood; the parser has the problems. `base` is the file's.
        """

    @classmethod
    @abstractmethod
    def schema(cls) -> Mapping[str, Schema]:
        """Definitions of the JSON Schema: that called `word`, and what it refers to."""

    @abstractmethod
    def in_words(self) -> str:
        """What it is, in Markdown with its labels in italics."""

    # -- what it stands on --------------------------------------------------------------------

    @abstractmethod
    def conditions(self) -> Iterator[Condition]:
        """The conditions that it is made of."""

    @abstractmethod
    def crosses(self) -> tuple[str, ...]:
        """The other dimensions that it is made of."""

    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The features that it is made of, beside those of its conditions."""

    @abstractmethod
    def ranks(self) -> str | None:
        """The feature whose highest values have the first label; None where labels are no ranks."""

    @abstractmethod
    def behind(self, wanted: frozenset[str]) -> Iterator[Behind]:
        """What decides whether a customer has one of the wanted labels."""

    # -- checks and lint ----------------------------------------------------------------------

    @abstractmethod
    def check(self, name: str, names: Names) -> Iterator[Problem]:
        """What is wrong with the names it uses, those in its conditions excepted."""

    @abstractmethod
    def meaning(self, label: str) -> Condition:
        """What a label says of a customer for certain; EVERYONE where that is for the data."""

    @abstractmethod
    def claims(self) -> Iterator[tuple[Path, Condition, Condition]]:
        """Each condition with its place below the dimension, and all that who gets there meets."""

    @abstractmethod
    def unreachable(self, name: str, solver: Solver) -> Iterator[Notice]:
        """A finding for each label, or way to it, that no customer can have."""

    # -- customers ----------------------------------------------------------------------------

    @abstractmethod
    def cuts(self, name: str) -> tuple[Asked, ...]:
        """The cuts that its labels need, those of its conditions excepted."""

    @abstractmethod
    def expr(self, name: str, customer: Customer) -> pl.Expr:
        """The label of each customer as `literal` gives it, never missing.

        Of one row at a time: what all customers say together is a cut.
        """

    def literal(self, label: str) -> pl.Expr:
        """One of the labels as an enumeration: a byte is made and compared ten times as fast as a text."""
        import polars as pl

        return pl.lit(label, dtype=pl.Enum([*dict.fromkeys(self.labels)]))


#: a model is fitted once for all who ask, features of the catalogue too
Asked = OwnCut | Model


def _whole(cls: type, of: type, aspects: frozenset[str]) -> None:
    """Raise TypeError unless a class, or one between it and `of`, gives all aspects."""
    own = cls.__mro__[: cls.__mro__.index(of)]
    given = {name for c in own for name in (*vars(c), *inspect.get_annotations(c))}
    lacking = sorted(aspects - given)
    if lacking:
        raise TypeError(f"{cls.__name__} lacks what every {of.__name__} has: {', '.join(lacking)}")


CUT_ASPECTS: Final = OwnCut.__abstractmethods__
ASPECTS: Final = (
    Dimension.__abstractmethods__ | {"labels"} | inspect.get_annotations(Dimension).keys()
)
