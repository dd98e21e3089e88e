"""What a message advises to write on a source, as the command that says it: where the command line names the file.

What is certain is followed: the same is read once more so, and what stops it then is told with it, so that one command
answers all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from segmentation.messages.command import again, typed_too
from segmentation.messages.errors import InputError, Location, Problem, SegmentationError
from segmentation.rules.reading.options import as_map, as_where
from segmentation.rules.reading.read_options import as_read, with_keys
from segmentation.rules.source_paths import STANDARD_INPUT
from segmentation.rules.sources import Source, TableName
from segmentation.sources.columns.advised_keys import Advised, advised_keys, is_to_be_filled
from segmentation.sources.columns.ways import is_typed, of_init_of
from segmentation.sources.csv.encodings import NotUtf8

Sources: TypeAlias = Mapping[TableName, tuple[Source, ...]]

_UNSET: Final = Source(path="")
_BY_OPTIONS: Final = ("columns", "where")  # keys that options of their own say


def led(error: InputError, sources: Sources, retried: Callable[[Sources], object]) -> InputError:
    """The error, with commands that say what it advises; with what stops these, too, where only one way leads on.

    `retried` reads other sources, and raises InputError where they are stopped.
    """
    if type(error) not in (InputError, NotUtf8):
        return error
    told = InputError(*(_led(problem, sources) for problem in error.problems))
    return _with_next(told, error, sources, retried)


def _led(problem: Problem, sources: Sources) -> Problem:
    """The problem with the commands, or with the way to rules; as it is where it has one already."""
    advised = advised_keys([problem.mend])
    if not advised or "segment " in problem.mend:
        return problem
    lines = _lines(advised, problem, sources) or [*filter(None, [of_init_of(sources)])]
    return replace(problem, mend="\n  ".join([problem.mend, *lines]))


def _lines(advised: Sequence[Advised], problem: Problem, sources: Sources) -> list[str]:
    """A command for each way that is advised, all of what is certain in one."""
    named = _named(problem, sources)
    if named is None or any(_is_said(one, named[1]) for one in advised):
        return []
    table = named[0]
    if all(one.certain for one in advised):
        return [f"Try: {again(' '.join(_option(table, one) for one in advised))}"]
    labels = ["Either", *["Or"] * len(advised)] if len(advised) > 1 else ["If so"]
    return [
        f"{label}: {again(_option(table, one))}"
        for label, one in zip(labels, advised, strict=False)
    ]


def _named(problem: Problem, sources: Sources) -> tuple[TableName, Source] | None:
    """The source that a problem is about, and of which table; None where options would say it of others, too."""
    file = Location.of(problem.where).file
    own = [(t, one) for t, every in sources.items() for one in every if is_typed(one)]
    of_file = [pair for pair in own if pair[1].path == file] or own
    is_alone = len(of_file) == 1 and len([t for t, _ in own if t == of_file[0][0]]) == 1
    return of_file[0] if is_alone else None


def _is_said(one: Advised, source: Source) -> bool:
    return bool(getattr(source, one.name) != getattr(_UNSET, one.name))


def _option(table: str, one: Advised) -> str:
    if one.name not in _BY_OPTIONS:
        return as_read(table, one.name, one.value)
    option = as_map if one.name == "columns" else as_where
    return " ".join(option(*pair) for pair in one.value.items())


# -- what stops then -----------------------------------------------------------------------------


def _with_next(
    told: InputError, error: InputError, sources: Sources, retried: Callable[[Sources], object]
) -> InputError:
    """What is told, and what stops a run that follows it, which has the command for both."""
    [problem, *others] = error.problems
    advised = advised_keys([problem.mend])
    named = _named(problem, sources)
    is_one_way = not others and advised and all(_can_be_followed(one) for one in advised)
    if not is_one_way or named is None or any(_is_said(one, named[1]) for one in advised):
        return told
    table, source = named
    if source.path == STANDARD_INPUT or source.path.startswith("/dev/"):  # read only once
        return told
    followed = with_keys(table, [source], {one.name: one.value for one in advised})
    try:
        with typed_too(" ".join(_option(table, one) for one in advised)):
            command = again("").strip()
            retried({**sources, table: followed})
    except InputError as stopped:
        return _both(error, told, stopped, command)
    except SegmentationError:  # what the rules say is told when the files can be read
        return told
    return told


def _can_be_followed(one: Advised) -> bool:
    return one.certain and one.name not in _BY_OPTIONS and not is_to_be_filled(one.value)


def _both(error: InputError, told: InputError, stopped: InputError, command: str) -> InputError:
    """Both; a command that the second has is the whole."""
    is_whole = any(command in problem.mend for problem in stopped.problems)
    problems = (*(error.problems if is_whole else told.problems), *stopped.problems)
    return InputError(*problems, notices=stopped.notices, doors=stopped.doors)
