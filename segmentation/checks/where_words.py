"""What a `where` of a source, or of a join, names and no row has, or rows have in another spelling, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from segmentation.messages.notices import Door, Notice, notice
from segmentation.rules.operator_record import Family
from segmentation.rules.operators import IS_NOT, NONE_OF
from segmentation.rules.reading.options import as_where
from segmentation.rules.scalars import Scalar
from segmentation.rules.sources import TableName
from segmentation.rules.yaml.flow import flow
from segmentation.sources import Tally
from segmentation.sources.tables import words_of_where
from segmentation.sources.where_words import WhereWord, said_of_word

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def doubted(run: AfterScan) -> Iterator[Notice]:
    """An error for each value that lets rows through which it should leave out; a warning for others."""
    for name, sources in run.rules.sources.items():
        table = getattr(run.measured.tables, name)
        for i, (source, tally) in enumerate(
            zip(sources, () if table is None else table.tallies, strict=False)
        ):
            declared, is_read = source.values, run.of_suppress.reads(name, source)
            for word in words_of_where(tally):
                known = declared.get(word.column, ())
                if str(word.value) not in known and not (word.twins and {*word.twins} <= {*known}):
                    yield _doubt(word, name, i, tally, is_adhoc=run.rules.adhoc, is_read=is_read)


def _doubt(
    word: WhereWord, table: TableName, i: int, tally: Tally, *, is_adhoc: bool, is_read: bool
) -> Notice:
    """What is said of a word: where suppression reads the source, another spelling of it may be a lost no."""
    said, code = said_of_word(word), "where-spelling" if word.is_held else "where-unseen"
    if word.is_spare:
        return notice(code, said, where=tally.path, level="info", is_of_suppression=is_read)
    is_like = bool(word.meant or word.twins)
    is_stop = word.lets_all_through or ((word.is_negated or is_read) and is_like)
    still = Door("If it is still to come", table, (i,), values=((word.column, (str(word.value),)),))
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
        door=others if may_be_declared else Door() if word.is_held else still,
        is_of_suppression=is_read,
    )


def _mend(word: WhereWord, *, is_adhoc: bool) -> str:
    """How all values of the comparison are written."""
    so = "Under a negation it leaves out nobody. " if word.lets_all_through else ""
    if not word.meant:
        return f"{so}Write it as the column has it."
    own = [word.value] if word.is_held else []
    each = ([*own, *word.meant] if value == word.value else [value] for value in word.test.values)
    test = _test(word, [value for values in each for value in values])
    written = as_where(word.column, test) if is_adhoc else flow({"where": {word.column: test}})
    return f"{so}Words are compared as they are written ({written})."


def _test(word: WhereWord, values: Sequence[Scalar]) -> Any:
    """What stands beside the column."""
    plain = values[0] if len(values) == 1 else [*values]
    if word.test.op.family is Family.PART:
        return {word.test.operator: plain}
    if not word.is_negated:
        return plain
    return {(IS_NOT if len(values) == 1 else NONE_OF).name: plain}
