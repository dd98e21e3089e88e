"""The arguments of a run as Python hands them over: each as what is computed with, or a RulesError.

Taken are the forms in which one thing is written (a day as its text, one name alone); all others
are told what they should have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from segmentation.messages.errors import Problem, RulesError
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules, with_sources
from segmentation.rules.source_paths import path_text
from segmentation.rules.sources import Source, TableName


def rules_of(given: object, sources: Mapping[TableName, tuple[Source, ...]]) -> Rules:
    """Rules, or those of a file, with these sources in the place of theirs. Raises RulesError."""
    if isinstance(given, Rules):
        return with_sources(given, sources)
    path = path_of("rules", given, "Give the path of a file, or sg.read_rules(path).")
    return read_rules(path, sources)


def path_or_none(name: str, given: object) -> Path | None:
    """A path, or None where none is given. Raises RulesError."""
    return None if given is None else path_of(name, given, "Give a path, or None.")


def path_of(name: str, given: object, mend: str) -> Path:
    """A path; `mend` says what is expected. Raises RulesError."""
    return Path(path_text(name, given, mend))


def names_of(name: str, given: object) -> tuple[str, ...]:
    """Names; None is none, and a text is one name. Raises RulesError."""
    mend = "Give a name, or a list of names."
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise _of_another_type(name, given, mend)
    try:
        names = tuple(given)
    except Exception as error:  # the caller's own iterator raises what it likes
        what = f"{name}: what is listed cannot be read ({type(error).__name__})"
        raise RulesError(Problem(what, mend=mend)) from error
    for one in names:
        if not isinstance(one, str):
            raise _of_another_type(f"{name}: a name", one, mend)
    return names


def moment_of(name: str, given: object) -> datetime | None:
    """A moment with a time zone, or None where none is given. Raises RulesError."""
    mend = "Give a datetime with a time zone, such as datetime.now(UTC), or None."
    if given is None:
        return None
    if not isinstance(given, datetime):
        raise _of_another_type(name, given, mend)
    if given.utcoffset() is None:
        raise RulesError(Problem(f"{name} has no time zone", mend=mend))
    return given


def _of_another_type(name: str, given: object, mend: str) -> RulesError:
    return RulesError(Problem(f"{name} cannot be of the type {type(given).__name__}", mend=mend))
