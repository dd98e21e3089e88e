"""Which words a suppress rule should name where it cannot read a column: those of whom it is to leave out.

Whoever a rule matches is left out, so the advice says which meaning is matched, and names the words of the
data that have it. A column of dates is asked whether a date stands there, and one of numbers for a bound.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from segmentation.checks.cell_reading import View
from segmentation.messages.errors import listed
from segmentation.pattern import pattern
from segmentation.rules.cell_words import flag
from segmentation.rules.comparisons import Reading
from segmentation.rules.operators import AT_LEAST, IS_NOT, MISSING, NONE_OF
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.consent_words import NO, YES
from segmentation.sources.columns.likely import are_dates

_NUMBER: Final = pattern(r"[-+]?[0-9][0-9.,'\s]*")
_OF_NUMBERS: Final = pattern(r"[-+]?[0-9][0-9.,'\s]*\D{0,4}")
_LOOKED_AT: Final = 20  # cells that are tried as dates


def advice(
    one: Reading,
    seen: Sequence[View],
    unread: Sequence[str],
    held: Sequence[str],
    named: Collection[str],
) -> str:
    """What to do about cells that a suppress rule cannot read.

    `held` are all words of the column, `unread` those that it cannot read, `named` those that may be named.
    """
    means = _meaning(one)
    if "flag" not in seen or means is None:
        return _of_bounds(one.column, unread)
    if are_dates(unread[:_LOOKED_AT]) and not all(map(_NUMBER.fullmatch, unread)):
        return _of_dates(one, means=means)
    if all(map(_OF_NUMBERS.fullmatch, unread)):
        return _of_numbers(one, unread)
    return _of_words(one, held, named, means=means)


def _meaning(one: Reading) -> bool | None:
    """Whether a rule asks for true or for false; None where it asks for neither, or for both."""
    found = {flag(value) for value in one.values}
    return found.pop() if len(found) == 1 else None


def _of_bounds(column: str, unread: Sequence[str]) -> str:
    """Of cells that are no number or day: only another rule leaves out whoever has one."""
    if all(any(map(str.isdigit, text)) for text in unread):
        return "Mend the data."
    test = flow({column: ["WORD"]})[1:-1]
    return f"Mend the data. Whoever has such a word is left out by a rule of its own alone, {test}."


def _is_plain(one: Reading) -> bool:
    """Whether the comparison itself says that it is negated: under a `not` nobody reads it aright."""
    return one.is_negated == (one.test.op.negates is not None)


def _of_dates(one: Reading, *, means: bool) -> str:
    """A date tells since when somebody did what the column says."""
    is_refusal = means != one.is_negated
    test = flow({one.column: {MISSING.name: not is_refusal}})[1:-1]
    who = "has a date there" if is_refusal else "has no date there"
    said = f" It holds dates: {test} leaves out whoever {who}." if _is_plain(one) else ""
    return f"Mend the data.{said}"


def _of_numbers(one: Reading, unread: Sequence[str]) -> str:
    """Numbers are no yes and no; with a sign beside them they cannot be compared with a bound either."""
    test = flow({one.column: {AT_LEAST.name: "NUMBER"}})[1:-1]
    is_bound = _is_plain(one) and not one.is_negated and all(map(_NUMBER.fullmatch, unread))
    return f"Mend the data.{f' It holds numbers: {test} leaves out whoever has that or more.' if is_bound else ''}"


def _of_words(one: Reading, held: Sequence[str], named: Collection[str], *, means: bool) -> str:
    said = f"Mend the data, or name in the rule {_whose(one)}"
    words = [word for word in held if squeezed(word) in (YES if means else NO)]
    are_known = all(squeezed(word) in YES | NO for word in held) and {*words} <= {*named}
    if not _is_plain(one):
        return f"{said}."
    return f"{said}, {_test(one, words if words and are_known else ['WORD', '…'])}."


def _whose(one: Reading) -> str:
    """The words that are to be named, by what becomes of whoever has one."""
    if not _is_plain(one):
        return "every word that the column has"
    if one.is_negated:
        return "every word of who may be written to, as whoever has another is left out"
    return "every word of who must not be written to, as whoever has one of them is left out"


def _test(one: Reading, words: Sequence[str]) -> str:
    """The comparison with these words."""
    each = f"[{listed([word if word in ('WORD', '…') else flow(word) for word in words], most=50)}]"
    column = flow(one.column)
    if one.is_negated:
        is_one = len(words) == 1
        return f"{column}: {{{IS_NOT.name if is_one else NONE_OF.name}: {each[1:-1] if is_one else each}}}"
    return f"{column}: {each}"
