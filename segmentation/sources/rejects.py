"""The rows that were rejected, found again in a second pass: file, line, reason and raw text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

import polars as pl

from segmentation.messages.errors import listed
from segmentation.rules.number_format import POINT, NumberFormat, code_of_currency
from segmentation.sources.columns import dates
from segmentation.sources.columns import numbers as fixedpoint
from segmentation.sources.columns.aliases import CURRENCY
from segmentation.sources.columns.currencies import CODES_OF_CURRENCIES
from segmentation.sources.columns.missing import is_nobody
from segmentation.sources.columns.reasons import CODE, Reason, is_rejected
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.csv.quotes import long_cells
from segmentation.sources.reader import PARTNER, RECORD, RawRow
from segmentation.sources.stored_types import is_text
from segmentation.sources.tables import Portion, Tally

SCHEMA = {
    "table": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "reason": pl.String,
    "raw": pl.String,
}
_COLUMN = {
    Reason.MOMENT: ("ordered_at", "occurred_at"),
    Reason.AMOUNT: ("amount",),
    Reason.QUANTITY: ("quantity",),
    Reason.UNIT_PRICE: ("unit_price",),
    Reason.DISCOUNT: ("discount",),
    Reason.COST: ("cost",),
    Reason.EVENT: ("event",),
    Reason.LAUNCHED: ("launched_at",),
}
_DATES = (Reason.MOMENT, Reason.LAUNCHED)


def rejects(table: str, tally: Tally, limit: int | None = 100_000) -> pl.DataFrame:
    """One row per rejected row of a source, in file order, at most `limit`.

    `line` is the physical line on which the row begins, from 1; for Parquet and frames the number of the row.
    """
    with long_cells():
        found = islice(_rejected(tally), limit)
        rows = [(table, row.file, row.line, reason, row.raw) for reason, row in found]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rejected(tally: Tally) -> Iterator[tuple[str, RawRow]]:
    for part in tally.parts:
        for raw, rejected in part.rejected:
            reasons = _reasons(rejected)
            for record, row in raw.located(list(reasons)):
                yield _words(reasons[record], row, part.recipe), row


def rejected_lines(part: Portion, shown: str) -> Iterator[int]:
    """The lines on which the rejected rows of one file of a part begin."""
    with long_cells():
        for raw, rejected in part.rejected:
            if raw.called == shown:
                yield from (row.line for _, row in raw.located(list(_reasons(rejected))))


def _reasons(rejected: pl.DataFrame) -> dict[int, Reason]:
    """Record number -> reason, in record order."""
    found = rejected.filter(is_rejected(pl.col(CODE))).select(RECORD, CODE).iter_rows()
    return {record: Reason(code) for record, code in found}


def _of_width(row: RawRow, recipe: Recipe) -> str:
    cells = "1 cell" if row.width == 1 else f"{row.width} cells"
    return f"row has {cells}, the header has {row.names}"


def _without_partner(row: RawRow, recipe: Recipe) -> str:
    partner = recipe.partners[int(row.cells[PARTNER] or 1) - 1]
    return f"no row of {partner.shown} has its {listed(partner.key)}"


def _without_rate(row: RawRow, recipe: Recipe) -> str:
    """Codes of currencies are told, other words are not; what stands beside amounts is in the row."""
    if not recipe.has(CURRENCY):
        return "no currency with a rate stands beside its amounts, or two stand there"
    text = row.cells.get(recipe.source(CURRENCY)) or ""
    code = code_of_currency(text)
    if not code or is_nobody(text, recipe.missing_words(CURRENCY)):
        return (
            f"{'the currency of its order' if recipe.columns.per_order else 'currency'} is missing"
        )
    if code in recipe.rates:
        return "its currency is another than that beside its amounts"
    return f"there is no rate for {code if code in CODES_OF_CURRENCIES else 'its currency'}"


#: reasons that are of the whole row -> what says them
_OF_ROWS: Final[Mapping[Reason, Callable[[RawRow, Recipe], str]]] = {
    Reason.RAGGED: _of_width,
    Reason.PARTNER: _without_partner,
    Reason.RATE: _without_rate,
    Reason.ORDER: lambda row, recipe: "the lines of its order have different amounts",
}


def _words(reason: Reason, row: RawRow, recipe: Recipe) -> str:
    """The reason in words, from the cells themselves."""
    if reason in _OF_ROWS:
        return _OF_ROWS[reason](row, recipe)
    name = next(name for name in (*_COLUMN[reason], "quantity") if recipe.has(name))
    if reason in _DATES:
        text = _given(recipe.source(name), row, recipe)
        return dates.complaint(_spoken(name), text, recipe.dates[name] or dates.ISO)
    if reason is Reason.EVENT:
        return "event is missing"
    if reason is Reason.AMOUNT and name != "amount":
        return f"quantity x unit_price is larger than {fixedpoint.LARGEST:,}"
    return _number_words(name, row, recipe)


def _spoken(name: str) -> str:
    return "date" if name in _COLUMN[Reason.MOMENT] else name


def _number_words(name: str, row: RawRow, recipe: Recipe) -> str:
    """Of several columns that are added up, the first that holds something which is no number is to blame."""
    columns = recipe.columns.canonical[name]
    blamed = next((c for c in columns if _is_to_blame(c, row, recipe)), columns[0])
    is_given = len(columns) > 1 and _given(blamed, row, recipe)
    made = f"{blamed}, of which {name} is made," if is_given else name
    return fixedpoint.complaint(made, row.cells.get(blamed), _format(blamed, recipe))


def _is_to_blame(column: str, row: RawRow, recipe: Recipe) -> bool:
    text = _given(column, row, recipe)
    return bool(text) and not fixedpoint.gives_amount(text, _format(column, recipe))


def _given(column: str, row: RawRow, recipe: Recipe) -> str:
    """What a cell holds, "" where that is nothing: NaN is, among numbers."""
    text = (row.cells.get(column) or "").strip()
    return "" if text == "nan" and not is_text(recipe.dtype(column)) else text


def _format(column: str, recipe: Recipe) -> NumberFormat:
    """How a cell's text is written; what is stored as a number is told with a point."""
    return recipe.written.form(column) if is_text(recipe.dtype(column)) else POINT
