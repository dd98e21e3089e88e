"""Texts whatever their case: one function for a plain text and, as a table, for the engine.

Unicode's full case folding, letter by letter: `GmbH` is `gmbh`, `Straße` is `STRASSE` and `strasse`,
`ﬁ` is `fi`, every Greek sigma is one. Accents count. As each letter is folded by itself, a part of a
text is folded to a part of the folded text, on which the lint relies.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache

_SURROGATES = range(0xD800, 0xE000)  # halves of letters: no text holds them


def case_folded(text: str) -> str:
    """A text without its case.

    >>> case_folded("Straße"), case_folded("ΟΔΟΣ") == case_folded("οδος")
    ('strasse', True)
    """
    return text.casefold()


@cache
def case_folds() -> Mapping[str, str]:
    """What `case_folded` makes of every letter that it changes."""
    letters = (chr(code) for code in range(sys.maxunicode + 1) if code not in _SURROGATES)
    return {letter: case_folded(letter) for letter in letters if case_folded(letter) != letter}
