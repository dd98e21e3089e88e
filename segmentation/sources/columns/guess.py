"""What was guessed, and what is said of it: every guess is noted."""

from __future__ import annotations

from typing import Generic, TypeVar

from segmentation.dataclass import dataclass

Found = TypeVar("Found")


@dataclass(frozen=True)
class Guess(Generic[Found]):
    """What was found, and a sentence for each guess that was made."""

    found: Found
    notes: tuple[str, ...] = ()
