"""The command line that is answered, so that a message can give it back with what it lacked, ready to be pasted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from segmentation.messages.errors import shell_word

_TYPED: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())
_DESCRIPTOR: Final = "/dev/fd/"  # what a shell makes of <(…), which is gone when it is typed again
_NO_MORE: Final = "--"  # behind it there are no options


@contextmanager
def typed(words: Sequence[str]) -> Iterator[None]:
    """Within it, these words after `segment` are what somebody typed."""
    before = _TYPED.set(tuple(words))
    try:
        yield
    finally:
        _TYPED.reset(before)


@contextmanager
def typed_too(options: str) -> Iterator[None]:
    """Within it, these options are typed as well; nothing is where nobody typed anything.

    >>> with typed(["run", "o.csv"]), typed_too("--read 'delimiter=;'"):
    ...     again("-n")
    "segment run o.csv --read 'delimiter=;' -n"
    """
    words = _TYPED.get()
    at = words.index(_NO_MORE) if _NO_MORE in words else len(words)
    with typed([*words[:at], *shlex.split(options), *words[at:]] if words else []):
        yield


def is_named(path: str) -> bool:
    """Whether what was typed names a file."""
    return path in _TYPED.get()


def again(options: str) -> str:
    """The command with more options; an empty text where nobody typed one.

    >>> with typed(["run", "my orders.csv", "-n"]):
    ...     again("--map customer_id=Email")
    "segment run 'my orders.csv' -n --map customer_id=Email"
    """
    words = [_word(word) for word in _TYPED.get()]
    at = words.index(_NO_MORE) if _NO_MORE in words else len(words)
    return " ".join(["segment", *words[:at], options, *words[at:]]) if words else ""


def _word(word: str) -> str:
    """A word for a shell; what begins with a dash is an option, or standard input."""
    if word.startswith(_DESCRIPTOR):
        return "<(…)"
    return shlex.quote(word) if word.startswith("-") else shell_word(word)
