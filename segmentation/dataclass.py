"""`dataclass` as the standard library has it, defined in a tenth of the time.

That one writes six methods for every class and compiles them: half a millisecond each, and with some
two hundred classes a sixth of a small run. Here `__init__` is made when a class is first used, out of
one that is compiled once for all classes with such fields; the other methods ask the class for its
fields. All else is the standard library's: `field`, `fields`, `replace`, `is_dataclass`, `match`.
There is no `order`, no `slots` and no `InitVar`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import MISSING
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from types import CodeType, FunctionType
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
        methods = {"__init__": _InitialiserToMake(cls)}
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


class _InitialiserToMake:
    """Stands for `__init__` until somebody looks at it: to make an instance, or for its signature."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        self._cls.__init__ = made = _initialiser(self._cls)  # type: ignore[misc]
        return made.__get__(instance, owner)


class _Made:
    """The default of a field whose value a factory makes."""

    def __repr__(self) -> str:
        return "<factory>"


_MADE = _Made()
_Kind = tuple[bool, bool, bool]  # of a field: is it a parameter, by keyword only, made by a factory


def _initialiser(cls: type) -> FunctionType:
    """The function that one would write by hand: the one of all such classes, with these names."""
    fields = dataclasses.fields(cls)
    kinds = tuple((f.init, f.kw_only, f.default_factory is not MISSING) for f in fields)
    code = _code(kinds, is_checked=hasattr(cls, "__post_init__"))
    own = {_placeholder(number): f.name for number, f in enumerate(fields)}
    named = code.replace(
        co_qualname=f"{cls.__qualname__}.__init__",
        co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
        co_consts=tuple(own.get(c, c) if isinstance(c, str) else c for c in code.co_consts),
    )
    factories = {f.name: f.default_factory for f in fields}
    put = object.__setattr__  # which may set what is frozen
    written = FunctionType(named, {"_put": put, "_MADE": _MADE, "_factories": factories})
    written.__defaults__ = tuple(_defaults(f for f in fields if not f.kw_only).values())
    written.__kwdefaults__ = _defaults(f for f in fields if f.kw_only)
    written.__annotations__ = {f.name: f.type for f in fields if f.init} | {"return": None}
    return written


def _defaults(fields: Iterable[dataclasses.Field[Any]]) -> dict[str, Any]:
    each = {f.name: f.default if f.default_factory is MISSING else _MADE for f in fields if f.init}
    return {name: value for name, value in each.items() if value is not MISSING}


@cache
def _code(kinds: tuple[_Kind, ...], *, is_checked: bool) -> CodeType:
    """The initialiser of fields that have no names yet: most classes share one of a few."""
    positional, lines = ["self"], ["pass"]
    by_keyword: list[str] = []
    for number, (is_parameter, is_by_keyword, is_made) in enumerate(kinds):
        name = _placeholder(number)
        made = f"_factories[{name!r}]()"
        if is_parameter:
            (by_keyword if is_by_keyword else positional).append(name)
            value = f"{made} if {name} is _MADE else {name}" if is_made else name
            lines.append(f"_put(self, {name!r}, {value})")
        elif is_made:
            lines.append(f"_put(self, {name!r}, {made})")
    if is_checked:
        lines.append("self.__post_init__()")
    parameters = ", ".join([*positional, *["*"] * bool(by_keyword), *by_keyword])
    source = "\n ".join([f"def __init__({parameters}):", *lines])
    [code] = (one for one in compile(source, "", "exec").co_consts if isinstance(one, CodeType))
    return code


def _placeholder(number: int) -> str:
    return f"_{number}"


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
