"""The argument `sources=` of a run: by table a path, a frame, or several of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Final, Protocol, get_args

import polars as pl

from segmentation.messages.errors import InputError, Problem, RulesError, nearest
from segmentation.rules.source_paths import path_text
from segmentation.rules.sources import Source, TableName, of_path


class ArrowStream(Protocol):
    """A table of another library: pandas from 2.2 on, pyarrow, a relation of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Its columns, as the Arrow PyCapsule interface hands them over."""


Frame = pl.DataFrame | pl.LazyFrame | ArrowStream
Given = str | PathLike[str] | Frame
#: what a library or a function of the caller raises: anything, and panics of Polars are no Exceptions
FAILS: Final = (Exception, pl.exceptions.PanicException)
_ALLOWED = (
    "Give a path, a Polars DataFrame or LazyFrame, a table with __arrow_c_stream__ (pandas, "
    "pyarrow, DuckDB), or a list of these."
)


def sources_given(
    given: Mapping[str, Given | Sequence[Given]],
) -> dict[TableName, tuple[Source, ...]]:
    """The sources of each table, for `with_sources`; paths start from the current folder.

    Raises RulesError for a table that there is not, and for what is neither path nor frame;
    InputError for an empty list, and a frame that is listed twice or that its library does not hand
    over.
    """
    if not isinstance(given, Mapping):
        what = f"sources cannot be of the type {type(given).__name__}"
        raise RulesError(
            Problem(what, mend='Say of which table it is: sources={"transactions": …}.')
        )
    unknown = [_no_table(name) for name in given if name not in get_args(TableName)]
    if unknown:
        raise RulesError(*unknown)
    return {
        table: tuple(_sources(table, given[table]))
        for table in get_args(TableName)
        if table in given
    }


def _no_table(name: str) -> Problem:
    tables = get_args(TableName)
    like = nearest(str(name), tables)
    mend = f"Did you mean {like}?" if like else f"One of: {', '.join(tables)}."
    return Problem(f"sources: there is no table {str(name)!r}", mend=mend)


def _sources(table: TableName, value: Any) -> Iterator[Source]:
    every = list(value) if isinstance(value, list | tuple) else [value]
    if not every:
        what = f"sources: {table} is an empty list: no file matches, and there is no frame"
        mend = f"Look at what fills the list; leave {table} out to read those of the rules."
        raise InputError(Problem(what, mend=mend))
    frames = [one for one in every if _is_frame(one)]
    for one in every:
        if isinstance(one, str | PathLike):
            yield of_path(path_text(f"sources: {table}", one, _ALLOWED), "in sources")
        elif _is_frame(one):
            at = [i for i, frame in enumerate(frames) if frame is one]
            name = f"frame {table}" if len(frames) == 1 else f"frame {table} {at[0] + 1}"
            if len(at) > 1:
                raise InputError(
                    Problem("the frame is listed twice", name, "List every frame once.")
                )
            yield Source(path=name, frame=_lazy(one, name))
        else:
            what = f"sources: {table} cannot be of the type {type(one).__name__}"
            raise RulesError(Problem(what, mend=_ALLOWED))


def _is_frame(value: object) -> bool:
    return isinstance(value, pl.DataFrame | pl.LazyFrame) or hasattr(value, "__arrow_c_stream__")


def _lazy(frame: Any, name: str) -> pl.LazyFrame:
    """A frame of Polars as it stands now; of another library a copy: a stream is read but once."""
    if isinstance(frame, pl.DataFrame | pl.LazyFrame):
        return frame.lazy()
    try:
        return pl.DataFrame(frame).lazy()
    except FAILS as error:
        what = f"the {type(frame).__name__} cannot be taken over ({type(error).__name__})"
        mend = "Make a Polars frame of it: columns of types that Polars has (no intervals), no two of one name."
        raise InputError(Problem(what, name, mend)) from error
