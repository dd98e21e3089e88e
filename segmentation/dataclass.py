"""`dataclass` as the standard library has it, defined in a tenth of the time.

That one writes six methods for every class and compiles them: half a millisecond each, and with some
two hundred classes a sixth of a small run. Here `__init__` is written when a class is first used,
and the others ask the class for its fields. All else is the standard library's: `field`, `fields`,
`replace`, `is_dataclass`, `match`. There is no `order`, no `slots` and no `InitVar`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass  # to a type checker they are the same
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, repr=True, kw_only=False):  # noqa: A002
        """The class itself, with those methods of a dataclass that it does not define."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, eq=eq, repr=repr, kw_only=kw_only)
        own = {*vars(cls)}
        dataclasses.dataclass(cls, init=False, repr=False, eq=False, kw_only=kw_only)
        methods = {"__init__": _InitialiserToWrite(cls)}
        if repr:
            methods["__repr__"] = _shown
        if eq:
            methods |= {"__eq__": _equality(cls), "__hash__": _hash(cls) if frozen else None}
        if frozen:
            methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        for name, method in methods.items():
            if name not in own:
                setattr(cls, name, method)
        return cls


# -- the initialiser -------------------------------------------------------------------------------


class _InitialiserToWrite:
    """Stands for `__init__` until somebody looks at it: to make an instance, or for its signature."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        self._cls.__init__ = written = _initialiser(self._cls)  # type: ignore[misc]
        return written.__get__(instance, owner)


class _Made:
    """The default of a field whose value a factory makes."""

    def __repr__(self) -> str:
        return "<factory>"


_MADE = _Made()


def _initialiser(cls: type) -> Any:
    """The function that one would write by hand."""
    fields = dataclasses.fields(cls)
    by_keyword = [f for f in fields if f.init and f.kw_only]
    parameters = [
        *(_parameter(f) for f in fields if f.init and not f.kw_only),
        *["*"] * bool(by_keyword),
        *map(_parameter, by_keyword),
    ]
    lines = [*_assignments(fields), *["self.__post_init__()"] * hasattr(cls, "__post_init__")]
    source = "\n ".join([f"def __init__(self, {', '.join(parameters)}):", *lines, "pass"])
    names = {
        "_put": object.__setattr__,  # which may set what is frozen
        "_MADE": _MADE,
        "_default": {f.name: f.default for f in fields},
        "_factory": {f.name: f.default_factory for f in fields},
    }
    exec(source, names)  # noqa: S102 (the source is made of the names of fields)
    written: Any = names["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    written.__annotations__ = {f.name: f.type for f in fields if f.init} | {"return": None}
    return written


def _parameter(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_MADE"
    if field.default is not MISSING:
        return f"{field.name}=_default[{field.name!r}]"
    return field.name


def _assignments(fields: Sequence[dataclasses.Field[Any]]) -> Iterator[str]:
    for name, field in ((f.name, f) for f in fields):
        made = f"_factory[{name!r}]()"
        if field.init and field.default_factory is not MISSING:
            yield f"_put(self, {name!r}, {made} if {name} is _MADE else {name})"
        elif field.init:
            yield f"_put(self, {name!r}, {name})"
        elif field.default_factory is not MISSING:
            yield f"_put(self, {name!r}, {made})"


# -- what asks the class for its fields ------------------------------------------------------------


def _equality(cls: type) -> Callable[[object, object], bool]:
    values = _values([f.name for f in dataclasses.fields(cls) if f.compare])

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return (
            values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
        )

    return __eq__


def _hash(cls: type) -> Callable[[object], int]:
    fields = dataclasses.fields(cls)
    values = _values([f.name for f in fields if (f.compare if f.hash is None else f.hash)])

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _values(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Reads a tuple: in one even NaN equals itself, and no element is asked for its truth."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda of: tuple([getattr(of, name) for name in names])


@recursive_repr()
def _shown(self: Any) -> str:
    fields = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(fields)})"


def _refuse_to_set(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
