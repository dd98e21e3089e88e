"""What stands around an id and is none of it, and how ids are compared that are written in two ways.

Spreadsheets keep a number as text by an apostrophe or as `="00123"`; programs leave signs that have no
width, and the mark of a file's first byte where files were put together. `ids: plain` compares customers
in small letters, without leading zeros and a `.0`, in one Unicode form, and with one kind of hyphen and of blank.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from segmentation.pattern import pattern

#: signs without width, and the mark of byte order
_UNSEEN: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
#: what marks an id that is not as it is meant; alike to Python and Polars
MARKED: Final = rf"""^\s*(?:[{_UNSEEN}]|=".*"\s*$|'[^']*$|(?i:mailto:)\S)|[{_UNSEEN}]\s*$"""
_MARKED: Final = pattern(MARKED)
_AROUND: Final = rf"^[\s{_UNSEEN}]+|[\s{_UNSEEN}]+$"
_ZEROS: Final = r"^([a-z]*[-_#:./]?)0+([0-9]+)$"
_DOT_ZERO: Final = r"^(.*[0-9])\.0+$"


def is_marked(text: str) -> bool:
    """Whether an id has marks around it.

    >>> is_marked('="00123"'), is_marked("'007"), is_marked("\\ufeffA1"), is_marked("O'Neil")
    (True, True, True, False)
    """
    return _MARKED.search(text) is not None


def unmarked(text: pl.Expr) -> pl.Expr:
    """Ids without the marks; white space around them may be left."""
    bare = text.str.replace_all(_AROUND, "").str.replace(r'^="(.*)"$', "$1")
    bare = bare.str.replace(r"^'([^']*)$", "$1").str.replace(r"^(?i:mailto:)(\S)", "$1")
    return bare.str.replace_all(_AROUND, "")


def in_one_form(text: pl.Expr) -> pl.Expr:
    """Ids in one Unicode form, without what cannot be seen, with one kind of hyphen and of blank."""
    seen = text.str.normalize("NFKC").str.replace_all(r"[\p{Cf}\p{Cc}]", "")
    return seen.str.replace_all(r"[\p{Pd}\x{2212}]", "-")


def in_plain_form(text: pl.Expr) -> pl.Expr:
    """Ids as `ids: plain` compares them.

    >>> ids = pl.Series(["AB12", "ab12", "00123", "C-0012.0", "0"])
    >>> pl.select(in_plain_form(pl.lit(ids))).to_series().to_list()
    ['ab12', 'ab12', '123', 'c-12', '0']
    """
    return in_plain_letters(in_one_form(unmarked(text)))


def in_plain_letters(text: pl.Expr) -> pl.Expr:
    """The same of ids of plain letters and signs, without marks around them."""
    bare = text.str.to_lowercase()
    return bare.str.replace(_DOT_ZERO, "$1").str.replace(_ZEROS, "$1$2")
