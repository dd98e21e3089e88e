"""What a `where` of a source, or of a join, names and no row has, or rows have in another spelling, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from segmentation.checks.stops import rows_of
from segmentation.messages.notices import Door, Notice, notice
from segmentation.messages.privacy import nameable
from segmentation.rules.cell_words import met_by
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import IS_NOT, MISSING, NONE_OF
from segmentation.rules.reading.options import as_where
from segmentation.rules.scalars import Scalar
from segmentation.rules.sources import TableName
from segmentation.rules.word_tests import none_of
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.columns.states import said_of, says_yes
from segmentation.sources.tables import words_held, words_of_where
from segmentation.sources.where_words import WhereWord, said_of_word

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def doubted(run: AfterScan) -> Iterator[Notice]:
    """An error for each value that lets rows through which it should leave out; a warning for others."""
    for name, sources in run.rules.sources.items():
        table = getattr(run.measured.tables, name)
        tallies = () if table is None else table.tallies
        for i, (source, tally) in enumerate(zip(sources, tallies, strict=False)):
            declared, is_read = source.values, run.of_suppress.reads(name, source)
            others = [one for one in tallies if one is not tally]
            for word in words_of_where(tally):
                if _is_of_others(word, tally, others):
                    continue
                words, known = {*_in_doubt(word)}, {*declared.get(word.column, ())}
                is_known = bool(words) and words <= known
                if not is_known and not (word.twins and {*word.twins} <= known):
                    yield _doubt(word, name, i, tally, is_adhoc=run.rules.adhoc, is_read=is_read)


def _is_of_others(word: WhereWord, tally: Tally, others: Sequence[Tally]) -> bool:
    """Whether a word that leaves out nobody here leaves out rows of another source, and is no misspelling.

    It is like none of this source, in which no state is left that is no sale and that the others lack.
    """
    is_like = word.is_held or word.twins or word.meant or word.unread
    if is_like or not word.is_negated or not words_held(word, [word.value], others):
        return False
    if tally.table != "transactions":
        return True
    wrong = said_of(word.column, rows_of(tally, word.column)).wrong
    return len(words_held(word, wrong, others)) == len(wrong)


def _in_doubt(word: WhereWord) -> tuple[str, ...]:
    """The words that are known once they are declared under `values`; none where they may not be named."""
    if not word.unread:
        return (str(word.value),)
    words = nameable(word.column, word.others)
    return words if len(words) == len(word.others) else ()


def _doubt(
    word: WhereWord, table: TableName, i: int, tally: Tally, *, is_adhoc: bool, is_read: bool
) -> Notice:
    """What is said of a word: where suppression reads the source, another spelling of it may be a lost no."""
    said, code = said_of_word(word), "where-spelling" if word.is_held else "where-unseen"
    if word.is_spare:
        return notice(code, said, where=tally.path, level="info", is_of_suppression=is_read)
    is_like = bool(word.meant or word.twins or word.unread)
    is_stop = word.lets_all_through or ((word.is_negated or is_read) and is_like)
    when = "If they say the other" if word.unread else "If it is still to come"
    still = Door(when, table, (i,), values=((word.column, _in_doubt(word)),))
    has_door = not word.is_held and bool(_in_doubt(word))
    others = Door(
        "If the others mean something else", table, (i,), values=((word.column, word.named_twins),)
    )
    may_be_declared = is_read and word.twins and len(word.named_twins) == len(word.twins)
    return notice(
        code,
        f"suppress reads these {table}, and {said}" if is_read else said,
        where=tally.path,
        mend=_mend(word, is_adhoc=is_adhoc),
        level="error" if is_stop else "warn",
        door=others if may_be_declared else still if has_door else Door(),
        is_of_suppression=is_read,
    )


def _mend(word: WhereWord, *, is_adhoc: bool) -> str:
    """How all values of the comparison are written."""
    if word.unread:
        return _mend_of_flag(word, is_adhoc=is_adhoc)
    so = "Under a negation it leaves out nobody. " if word.lets_all_through else ""
    if not word.meant:
        return f"{so}Write it as the column has it."
    own = [word.value] if word.is_held else []
    each = ([*own, *word.meant] if value == word.value else [value] for value in word.test.values)
    test = _test(word, [value for values in each for value in values])
    written = as_where(word.column, test) if is_adhoc else flow({"where": {word.column: test}})
    return f"{so}Words are compared as they are written ({written})."


def _mend_of_flag(word: WhereWord, *, is_adhoc: bool) -> str:
    """What chooses by the words that are neither; of days by whether there is any."""
    test = _flag_in_words(word)
    if test is None:
        return "Choose by the words of the column."
    written = as_where(word.column, test) if is_adhoc else flow({"where": {word.column: test}})
    return f"Choose by the words of the column: {written}."


def _flag_in_words(word: WhereWord) -> Any:
    """What leaves out, or takes, the rows that say yes; None where nobody knows which these are."""
    is_left_out = word.is_negated and met_by(word.value) == met_by(True)
    if word.is_negated and not is_left_out:
        return None
    may_be = nameable(word.column, word.counts)
    if not is_left_out:
        return [word.value, *(text for text in word.others if text in may_be)]
    yes = [text for text in word.counts if text in may_be and says_yes(text)]
    if not yes:
        return {MISSING.name: True}
    return none_of(yes)


def _test(word: WhereWord, values: Sequence[Scalar]) -> Any:
    """What stands beside the column."""
    plain = values[0] if len(values) == 1 else [*values]
    if word.test.op.family is Family.PART:
        return {word.test.operator: plain}
    if not word.is_negated:
        return plain
    return {(IS_NOT if len(values) == 1 else NONE_OF).name: plain}
