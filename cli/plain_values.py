"""Values that are taken as they were typed: a text, a path, a flag, or what a parser of ours reads.

Typer has every value converted by Pydantic, also one that was not given, and Pydantic takes longer to
import than Typer and all commands. What is not plain is left to it, and to its messages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn, get_args

from typer.core import TyperCommand, TyperGroup


class PlainCommand(TyperCommand):
    """A command whose plain values nobody converts."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters."""
        return [_taken_plainly(one) for one in super().get_params(ctx)]


class PlainGroup(TyperGroup):
    """Commands of which the options that come before them are taken like that, too."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, those for completion among them."""
        return [_taken_plainly(one) for one in super().get_params(ctx)]


def _taken_plainly(parameter: Any) -> Any:
    if "process_value" not in vars(parameter):  # else it is asked for the second time
        parameter.process_value = partial(_processed, parameter, parameter.process_value)
    return parameter


def _processed(parameter: Any, convert: Callable[..., Any], context: Any, value: Any) -> Any:
    """What Typer's `process_value` gives, of which `convert` is the part that Pydantic does."""
    try:
        taken = _plain(parameter, value)
    except _NotPlain:
        return convert(context, value)
    return taken if parameter.callback is None else parameter.callback(context, parameter, taken)


class _NotPlain(Exception):
    """Typer has to look at the value."""


def _plain(parameter: Any, value: Any) -> Any:
    kind = parameter.type_descriptor
    if value is None and parameter.required:
        raise _NotPlain
    if value is None:
        return () if kind.is_list else None
    [of] = get_args(kind.annotation) if kind.is_list else [kind.annotation]
    read = kind.parameter_info.parser or _READERS.get(of, _refuse)
    if not kind.is_list:
        return read(value)
    if not isinstance(value, list | tuple):
        raise _NotPlain
    return [read(one) for one in value]


def _text(value: object) -> str:
    if not isinstance(value, str):
        _refuse(value)
    return value


def _path(value: object) -> Path:
    """Unless it is one that Typer refuses."""
    if not isinstance(value, str | Path):
        _refuse(value)
    path = Path(value)
    if os.path.exists(path) and not os.access(path, os.R_OK):
        _refuse(value)
    return path


def _flag(value: object) -> bool:
    """A word of the environment is no flag yet."""
    if not isinstance(value, bool):
        _refuse(value)
    return value


def _refuse(value: object) -> NoReturn:
    raise _NotPlain


_READERS: Final[Mapping[Any, Callable[[object], Any]]] = {str: _text, Path: _path, bool: _flag}
