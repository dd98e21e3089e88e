"""What was guessed, and what is said of it: every guess is noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True)
class Guess(Generic[Found]):
    """What was found, and a sentence for each guess that was made."""

    found: Found
    notes: tuple[str, ...] = ()
