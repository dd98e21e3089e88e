"""How people write numbers: decimal and thousands signs, currencies, brackets, marks of spreadsheets.

A text that is plain already (`-12.50`) is read as it stands by `numbers`; only what it cannot read
comes here, and becomes plain: `1.234,50 €` with a decimal comma is `1234.50`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from segmentation.rules.number_format import NumberFormat
from segmentation.sources.columns.currencies import CODES, CURRENCIES, meant_by, merged, name_of
from segmentation.sources.columns.units import without

_BLANKS: Final = r"[\s\x{A0}\x{2007}\x{2009}\x{202F}]"
_APOSTROPHES: Final = "['’]"
_MINUS: Final = r"[\x{2212}\x{2010}\x{2011}\x{2012}\x{2013}\x{FE63}\x{FF0D}]"
#: what stands for cents that a whole price has not, `5,-` or `20.--`, behind the decimal sign; 12,50- is negative
_NO_CENTS: Final = r"([0-9][.,])[-\x{2014}\x{2015}]+([^0-9-]*)$"
_SWEDISH: Final = r"([0-9]):[-\x{2014}\x{2015}]+([^0-9-]*)$"  # 20:-
#: signs of a hundredth of what is counted: 99¢ is 0.99
_HUNDREDTHS: Final = ("¢", "￠")


def _alternatives(words: Collection[str]) -> str:
    escaped = ("".join(f"\\{c}" if c in "$." else c for c in word) for word in words)
    return "|".join(sorted(escaped, key=len, reverse=True))


_CURRENCY: Final = rf"(?i:{_alternatives((*CURRENCIES, *CODES))})|\p{{Sc}}"
#: sign, currency, sign, digits, currency, sign
_PARTS: Final = (
    rf"^(?P<before>[-+]?){_BLANKS}*(?P<first>{_CURRENCY})?{_BLANKS}*(?P<sign>[-+]?){_BLANKS}*"
    rf"(?P<digits>[0-9][0-9.,'’\s\x{{A0}}\x{{2007}}\x{{2009}}\x{{202F}}]*|[.,][0-9]+){_BLANKS}*"
    rf"(?P<last>{_CURRENCY})?{_BLANKS}*(?P<after>-?)$"
)


def plain(texts: pl.Series, form: NumberFormat) -> pl.Series:
    """Texts as plain numerals with a decimal point; null for what is no number in this format."""
    texts = without(texts, form.units) if form.units else texts
    zero = [word.strip().lower() for word in form.zero]
    signs = [pl.col(c) for c in ("before", "sign", "after")]
    marks = _how_many(pl.col("is_bracketed"), *(sign != "" for sign in signs))
    is_negative = _how_many(pl.col("is_bracketed"), *(sign == "-" for sign in signs)) > 0
    digits = _ungrouped(pl.col("digits").str.strip_chars(), form)
    is_hundredth = pl.any_horizontal(pl.col("first", "last").is_in(_HUNDREDTHS))
    sized = pl.when(is_hundredth).then(digits + "e-2").otherwise(digits)
    signed = pl.when(is_negative).then("-" + sized).otherwise(sized)
    numeral = pl.when(marks <= 1).then(signed)
    said = pl.col("text").str.to_lowercase().is_in(zero)
    known = _is_one_currency(form)
    return (
        _parts(texts)
        .select(pl.when(said).then(pl.lit("0")).when(known).then(numeral).alias(texts.name))
        .to_series()
    )


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Each text, whether it stands in brackets, and the parts of a number in it; null where it is none."""
    text = pl.col("text").str.strip_chars()
    bare = (
        text.str.replace(r'^="(.*)"$', "$1")
        .str.replace(rf"^{_APOSTROPHES}", "")
        .str.replace_all(_MINUS, "-")
        .str.replace(_NO_CENTS, "$1$2")
        .str.replace(_SWEDISH, "$1$2")
    )
    is_bracketed = bare.str.contains(r"^\(.*\)$")
    inside = bare.str.replace(r"^\((.*)\)$", "$1").str.strip_chars()
    frame = pl.DataFrame({"text": texts.cast(pl.String)})
    return frame.select(
        text, is_bracketed=is_bracketed, parts=inside.str.extract_groups(_PARTS)
    ).unnest("parts")


def _how_many(*holds: pl.Expr) -> pl.Expr:
    return pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int8) for one in holds)


def _is_one_currency(form: NumberFormat) -> pl.Expr:
    """Whether at most one currency stands beside a number, and no other than that of the format."""
    first, last = pl.col("first"), pl.col("last")
    is_one = first.is_null() | last.is_null()
    if form.currency is None:
        return is_one
    if not form.currency:
        return first.is_null() & last.is_null()
    meant = meant_by(name_of(form.currency))
    known = [w for w in (*CURRENCIES, *CODES) if name_of(w) in meant]
    found = pl.coalesce(first, last)
    return is_one & (
        found.is_null() | found.str.to_uppercase().is_in(known) | (found == form.currency)
    )


def _ungrouped(digits: pl.Expr, form: NumberFormat) -> pl.Expr:
    """Digits without thousands separators and with a decimal point; null where groups are none."""
    decimal = form.decimal or ""
    separators = _separators(form)
    fraction = rf"(\{decimal}[0-9]*)?" if decimal else ""
    whole = [rf"^[0-9]+{fraction}$", *([rf"^\{decimal}[0-9]+$"] if decimal else [])]
    for sign, written in separators.items():
        first = "[1-9]" if sign in ".," else "[0-9]"  # 0,125 has no thousands
        whole.append(rf"^{first}[0-9]{{0,2}}({written}[0-9]{{3}})+{fraction}$")
        if sign == ",":  # 12,34,567 are lakhs
            whole.append(rf"^{first}[0-9]?(,[0-9]{{2}})+,[0-9]{{3}}{fraction}$")
    is_grouped = pl.any_horizontal(digits.str.contains(one) for one in whole)
    bare = digits
    for sign in separators.values():
        bare = bare.str.replace_all(sign, "")
    if decimal == ",":
        bare = bare.str.replace(",", ".", literal=True)
    return pl.when(is_grouped).then(bare)


def _separators(form: NumberFormat) -> Mapping[str, str]:
    """Each thousands separator that a format allows, as a pattern."""
    every = {",": ",", ".": r"\.", "'": _APOSTROPHES, " ": _BLANKS}
    if form.thousands is not None:
        return {form.thousands: every.get(form.thousands, form.thousands)}
    never = {form.decimal} if form.decimal else {".", ","}
    return {sign: pattern for sign, pattern in every.items() if sign not in never}


# -- currencies -----------------------------------------------------------------------------------


def currencies(texts: pl.Series) -> Mapping[str, int]:
    """The currencies that stand beside the numbers of texts, each by its name, and how often."""
    found = (
        _parts(texts)
        .select(pl.coalesce("first", "last").alias("currency"))
        .drop_nulls()
        .group_by("currency", maintain_order=True)
        .len()
    )
    counted: dict[str, int] = {}
    for written, number in found.iter_rows():
        name = name_of(written)
        counted[name] = counted.get(name, 0) + number
    return merged(counted)


def currency_beside(texts: pl.Series) -> pl.Series:
    """The sign or code that stands beside the number of each text, in capitals; null where none does."""
    found = pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, texts.len())
    rows = (texts.cast(pl.Float64, strict=False).is_null() & texts.is_not_null()).arg_true()
    if rows.is_empty():
        return found
    parts = _parts(texts.gather(rows))
    beside = parts.select(pl.coalesce("first", "last").str.to_uppercase()).to_series()
    return found.scatter(rows, beside)
