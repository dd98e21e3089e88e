"""Files of one table of which some hold amounts in cents and others in whole units: a factor of 100 between them.

Only samples are looked at, which were read when the files were opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from segmentation.checks.stops import converts
from segmentation.dataclass import dataclass
from segmentation.messages.errors import listed
from segmentation.messages.notices import Notice, notice
from segmentation.pattern import pattern
from segmentation.rules.column_specs import written
from segmentation.rules.sources import Source
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.formulas import Cell
from segmentation.sources.columns.numbers import parse_numbers
from segmentation.sources.columns.taken_off import in_units
from segmentation.sources.reader import RawTable
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_LEAST: Final = 5  # numbers by which a file tells anything
_MOST_FILES: Final = 50  # that are looked at
_BETWEEN: Final = (30, 300)  # times as large: by a hundred, as far as the same goods are sold
_DECIMALS: Final = pattern(r".*\d[.,]\d{1,2}\D*")
_MOST_WRITTEN: Final = 9  # sources in one line


@dataclass(frozen=True)
class _File:
    """The amounts in the sample of one file: what is read as them, and how large they usually are."""

    source: Source
    shown: str
    name: str
    column: str
    typical: float
    is_whole: bool
    """Whether all are written without decimals, and most are no round hundreds; else most have decimals."""


def cents_beside_units(run: AfterScan) -> Iterator[Notice]:
    """A warning where whole amounts of some files are a hundred times as large as those with decimals in others."""
    files = list(_files(run))
    whole = [one for one in files if one.is_whole]
    others = [one for one in files if not one.is_whole]
    if not (whole and others):
        return
    usual = median(one.typical for one in others)
    low, high = _BETWEEN
    doubted = [one for one in whole if low * usual <= one.typical <= high * usual]
    if doubted:
        yield _told(doubted, others, run)


def _files(run: AfterScan) -> Iterator[_File]:
    """The files whose amounts tell anything, where there are several and not too many."""
    asked = [
        (source, part, raw)
        for source, tally, _ in run.transactions
        if not converts(tally)
        for part in tally.parts
        for raw in part.raw.each_file()
    ]
    if 1 < len(asked) <= _MOST_FILES:
        yield from (found for one in asked if (found := _file(*one)) is not None)


def _file(source: Source, part: Portion, raw: RawTable) -> _File | None:
    recipe = part.recipe
    name = "amount" if recipe.has("amount") else "unit_price"
    formula = recipe.formula(name) if recipe.has(name) else None
    if not isinstance(formula, Cell):
        return None
    cells = raw.sampled().sample.get(formula.column, ())
    texts = pl.Series([str(cell) for cell in cells if cell is not None], dtype=pl.String)
    numbers = parse_numbers(texts, recipe.written.numbers).cast(pl.Float64).abs()
    sizes = numbers.filter(numbers > 0)
    if len(sizes) < _LEAST:
        return None
    with_decimals = sum(_DECIMALS.fullmatch(text) is not None for text in texts)
    is_whole = not with_decimals and 2 * (sizes % 100 != 0).sum() >= len(sizes)
    if not is_whole and 2 * with_decimals < len(texts):
        return None
    return _File(source, raw.called, name, formula.column, median(sizes), is_whole)


def _told(doubted: Sequence[_File], others: Sequence[_File], run: AfterScan) -> Notice:
    text = (
        f"amounts in {listed([one.shown for one in doubted])} are whole numbers and about a hundred times those in "
        f"{listed([one.shown for one in others])}: cents beside whole units?"
    )
    return notice(
        "doubted-amount", text, where=doubted[0].source.path, mend=_mend(doubted, run), level="warn"
    )


def _mend(doubted: Sequence[_File], run: AfterScan) -> str:
    sources = [source for source, *_ in run.transactions]
    own = {one.source.path: one for one in doubted if one.shown == one.source.path}
    is_chosen = any(source.where is not None for source in sources)
    if len(own) < len(doubted) or len(sources) > _MOST_WRITTEN or is_chosen:
        columns = {"columns": {doubted[0].name: in_units(doubted[0].column)}}
        return f"If they are cents, read each as a source of its own with {flow(columns)[1:-1]}."
    entries = [_entry(source, own.get(source.path)) for source in sources]
    return f"If they are cents, write in the rules: {flow({'sources': {'transactions': entries}})[1:-1]}"


def _entry(source: Source, doubted: _File | None) -> dict[str, Any]:
    """A source as it stands, in units where it is doubted."""
    entry = source.entry()
    if doubted is None:
        return entry
    columns = {name: written(spec) for name, spec in source.columns.items()}
    return {**entry, "columns": {**columns, doubted.name: in_units(doubted.column)}}
