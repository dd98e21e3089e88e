"""Our `dataclass` is the standard library's: every claim is put to both."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import math
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from segmentation import dataclass as ours

T = TypeVar("T")


def classes(dataclass: Any, home: str) -> SimpleNamespace:
    """One class of each shape, as `dataclass` makes it; pickle finds them under `home`."""

    @dataclass(frozen=True)
    class Point:
        """A place."""

        x: int
        y: int = 0
        label: str = field(default="", compare=False, repr=False)
        seen: list[int] = field(default_factory=list, hash=False)
        unit: ClassVar[str] = "cm"

        @cached_property
        def far(self) -> float:
            return math.hypot(self.x, self.y)

    @dataclass(frozen=True)
    class Named(Point):
        name: str = "?"
        x: int = 7

    class Plain(Named):
        """Inherits all of it."""

    @dataclass(frozen=True, kw_only=True)
    class ByKeyword:
        first: int
        second: int = 2
        third: int = field(init=False, default=3)
        fourth: list[int] = field(default_factory=list)

    @dataclass(frozen=True)
    class Mixed:
        left: int = field(kw_only=True)
        right: int
        made: int = field(init=False, default=5)
        built: list[int] = field(init=False, default_factory=list)
        later: int = field(init=False, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "later", self.left + self.right)

    @dataclass
    class Changing:
        value: int
        more: list[Any] = field(default_factory=list)

    @dataclass(frozen=True, eq=False)
    class ByIdentity:
        value: int

    @dataclass(frozen=True, repr=False)
    class Quiet:
        value: float

    @dataclass(frozen=True)
    class Empty:
        pass

    @dataclass(frozen=True)
    class Own:
        value: int

        def __init__(self, *values: int) -> None:
            object.__setattr__(self, "value", sum(values))

        def __repr__(self) -> str:
            return "own"

        def __hash__(self) -> int:
            return 1

    @dataclass(frozen=True)
    class Shape(ABC):
        size: int

        @abstractmethod
        def area(self) -> int: ...

    @dataclass(frozen=True)
    class Square(Shape):
        def area(self) -> int:
            return self.size**2

    @dataclass(frozen=True)
    class Box(Generic[T]):
        content: T

    made = {name: one for name, one in locals().items() if isinstance(one, type)}
    for name, one in made.items():
        one.__module__, one.__qualname__ = __name__, f"{home}.{name}"
    return SimpleNamespace(**made)


STANDARD = classes(dataclasses.dataclass, "STANDARD")
OURS = classes(ours.dataclass, "OURS")

CLAIMS: dict[str, Callable[[Any], object]] = {
    "positions": lambda of: of.Point(1, 2, "here", [3]),
    "names": lambda of: of.Point(y=1, x=2),
    "defaults": lambda of: vars(of.Point(1)),
    "order of what is kept": lambda of: [*vars(of.Mixed(2, left=1))],
    "a factory for each": lambda of: of.Point(1).seen is of.Point(1).seen,
    "a class variable": lambda of: (of.Point.unit, [f.name for f in dataclasses.fields(of.Point)]),
    "a subclass": lambda of: (of.Named(), of.Named(1, 2, "l", [], "n"), of.Plain(3)),
    "a subclass is not equal": lambda of: of.Named(1) == of.Point(1),
    "by keyword": lambda of: (of.ByKeyword(first=1), of.ByKeyword(fourth=[4], first=1)),
    "what is left out of the initialiser": lambda of: (
        of.Mixed(2, left=1),
        of.Mixed(2, left=1).later,
    ),
    "equal": lambda of: (of.Point(1) == of.Point(1), of.Point(1) != of.Point(1), of.Point(1) == 1),
    "what does not compare": lambda of: of.Point(1, label="a") == of.Point(1, label="b"),
    "a NaN is itself": lambda of: (
        of.Quiet(math.nan) == of.Quiet(math.nan),
        of.Quiet(1.0) == of.Quiet(1.0),
    ),
    "equal hashes": lambda of: hash(of.Named(1, 2, seen=[1])) == hash(of.Named(1, 2, "l", [2])),
    "other hashes": lambda of: len({hash(of.Point(n)) for n in range(50)}),
    "by identity": lambda of: (
        of.ByIdentity(1) == of.ByIdentity(1),
        len({of.ByIdentity(1), of.ByIdentity(1)}),
    ),
    "changing things have no hash": lambda of: hash(of.Changing(1)),
    "changing": lambda of: setattr(of.Changing(1), "value", 2),
    "frozen": lambda of: setattr(of.Point(1), "x", 2),
    "frozen for new names": lambda of: setattr(of.Point(1), "z", 2),
    "frozen for removal": lambda of: delattr(of.Point(1), "x"),
    "a cached property": lambda of: (of.Point(3, 4).far, of.Point(3, 4).far),
    "no representation": lambda of: repr(of.Quiet(1.0)).partition(" at ")[0],
    "one that holds itself": lambda of: of.Changing(1, more=(one := []) + [one.append(one)]),
    "its own methods": lambda of: (of.Own(1, 2).value, repr(of.Own(1)), hash(of.Own(1))),
    "nothing in it": lambda of: (
        of.Empty(),
        of.Empty() == of.Empty(),
        hash(of.Empty()) == hash(of.Empty()),
    ),
    "abstract": lambda of: of.Shape(1),
    "no longer abstract": lambda of: of.Square(3).area(),
    "generic": lambda of: (of.Box[int](1), of.Box(1) == of.Box[int](1)),
    "replace": lambda of: dataclasses.replace(of.Named(1, name="a"), y=2),
    "replace what is no field": lambda of: dataclasses.replace(of.Point(1), z=2),
    "is_dataclass": lambda of: (
        dataclasses.is_dataclass(of.Point),
        dataclasses.is_dataclass(of.Plain(1)),
    ),
    "asdict": lambda of: dataclasses.asdict(of.Box(of.Point(1, seen=[2]))),
    "copies": lambda of: (copy.copy(of.Named(1)), copy.deepcopy(of.Point(1, seen=[1]))),
    "pickle": lambda of: pickle.loads(pickle.dumps(of.Named(1, 2, name="n"))),
    "parts by position": lambda of: of.Named.__match_args__,
    "signature": lambda of: [
        str(inspect.signature(one)) for one in (of.Point, of.Plain, of.ByKeyword, of.Mixed)
    ],
    "too few": lambda of: of.Point(),
    "too many": lambda of: of.Point(1, 2, "", [], 5),
    "twice": lambda of: of.Point(1, x=2),
    "unknown": lambda of: of.Point(1, z=2),
    "by position what is by keyword": lambda of: of.ByKeyword(1),
}


def outcome(claim: Callable[[Any], object], of: SimpleNamespace) -> str:
    """What comes of a claim in words, by whatever name the classes go."""
    try:
        said = repr(claim(of))
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    return said.replace("OURS", "STANDARD").replace("classes.<locals>", "STANDARD")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_ours_does_what_the_standard_one_does(claim: Callable[[Any], object]) -> None:
    assert outcome(claim, OURS) == outcome(claim, STANDARD)


def test_what_it_does_not_know_it_refuses() -> None:
    with pytest.raises(TypeError, match="slots"):
        ours.dataclass(slots=True)  # type: ignore[arg-type]


def test_parts_are_matched() -> None:
    match OURS.Point(1, 2):
        case OURS.Point(1, y=found):
            assert found == 2
        case _:
            pytest.fail("no match")


def test_the_initialiser_is_made_when_it_is_first_needed() -> None:
    @ours.dataclass(frozen=True)
    class Fresh:
        value: int

    assert not inspect.isfunction(vars(Fresh)["__init__"])
    assert Fresh(1) == Fresh(value=1)
    assert inspect.isfunction(vars(Fresh)["__init__"])
    with pytest.raises(FrozenInstanceError):
        Fresh(1).value = 2  # type: ignore[misc]
