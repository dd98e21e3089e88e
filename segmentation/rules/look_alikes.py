"""Texts that look alike, whatever their capitals, blanks, signs and accents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import polars as pl

from segmentation.rules.cell_words import INVISIBLE

MARK: Final = "\x01"  # before a word
SIGN: Final = r"[^\p{L}\p{N}]"  # what is neither letter nor digit


def folded(cell: pl.Expr) -> pl.Expr:
    """Texts without what cannot be seen, in one case and one Unicode form: equal ones look alike."""
    seen = cell.str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    return seen.str.to_lowercase().str.normalize("NFKC")


def alike(cell: pl.Expr) -> pl.Expr:
    """Texts by their letters and digits alone: opt-out, opt_out, OptOut and "Opt Out!" are alike, 3.0 and 03 are 3.

    Accents do not count, ß is ss; what has no letter, whole numbers apart, is as it is `folded`.
    """
    number = cell.str.strip_chars().str.extract(r"^0*([0-9]+)([.,]0+)?$", 1)
    bare = _without_accents(cell).str.replace_all(f"{SIGN}+", "")
    return pl.coalesce(number, pl.when(bare.str.contains(r"\p{L}")).then(bare), folded(cell))


def marked_words(cell: pl.Expr) -> pl.Expr:
    """Texts as those with letters are `alike`, with a mark before each word, in the place of other signs."""
    return pl.lit(MARK) + _without_accents(cell).str.replace_all(f"^{SIGN}+", "").str.replace_all(
        f"{SIGN}+", MARK
    )


def _without_accents(cell: pl.Expr) -> pl.Expr:
    """Texts in small letters without accents, ß as ss: with all their signs and blanks."""
    plain = cell.str.replace_all("ß|ẞ", "ss").str.normalize("NFKD").str.to_lowercase()
    return plain.str.replace_all(r"\p{M}", "")


def misread(text: str) -> Iterator[str]:
    """How a text with letters beyond ASCII looks where UTF-8 was read in another encoding."""
    for encoding in ("latin-1", "cp1252"):
        with suppress(UnicodeDecodeError):
            other = text.encode().decode(encoding)
            if other != text:
                yield other
