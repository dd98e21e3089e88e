"""Files of customers: what a column looks like in CSV, Parquet and JSON lines.

Money leaves its integers here: a decimal with four places in Parquet, its shortest exact form
(two places at the least) in CSV. In CSV a text that a spreadsheet would run as a formula gets a
leading apostrophe; Parquet and JSON lines keep it, for they are read by programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, Final

import polars as pl
from polars import selectors

from segmentation.dataclass import dataclass
from segmentation.rules.catalogue import Kind
from segmentation.rules.tables import by_name
from segmentation.sources.columns.numbers import rounded

MONEY_TYPE: Final = pl.Decimal(18, 4)
#: what makes a cell a formula for a spreadsheet, also after spaces and in full width
FORMULA: Final = r"^[\s\x{200B}\x{FEFF}]*[=+\-@\t\r\n|＝＋－＠]|^[\t\r\n]"
PLAIN_NUMBER: Final = r"^[+-]?\d[\d .]*$"
_PARTS: Final = r"[;\t]"
_QUOTED: Final = r'[",;\t\r\n]'
_SHARE_PLACES: Final = 4
_UNIT: Final = "0.0001"


def as_written(customers: pl.LazyFrame, kinds: Mapping[str, Kind]) -> pl.LazyFrame:
    """The customers with money as decimals of currency units, and labels as texts."""
    money = [n for n in customers.collect_schema() if kinds.get(n) == "money"]
    decimals = (_decimal(pl.col(n)).alias(n) for n in money)
    return customers.with_columns(selectors.enum().cast(pl.String), *decimals)


def _decimal(amount: pl.Expr) -> pl.Expr:
    """An integer count of 1/10,000 as an exact decimal."""
    return (amount.cast(pl.Decimal(38, 4)) * pl.lit(_UNIT).cast(pl.Decimal(38, 4))).cast(MONEY_TYPE)


def as_held(customers: pl.DataFrame) -> pl.DataFrame:
    """The customers with decimals of money as integers of 1/10,000; the inverse of `as_written`."""
    money = [n for n, t in customers.schema.items() if t == MONEY_TYPE]
    return customers.with_columns(pl.col(money).to_physical().cast(pl.Int64))


@dataclass(frozen=True)
class Format:
    """One format of audience files.

    `name` is its word for --format and the ending of its files; `put` takes customers with money as
    decimals, and a file; of a format that spreadsheets open (`is_for_spreadsheets`), texts that one
    would run are made safe before. The same rows give the same bytes.
    """

    name: str
    put: Callable[[pl.DataFrame, BinaryIO], None]
    is_for_spreadsheets: bool

    def write(self, customers: pl.DataFrame, file: BinaryIO, *, is_safe: bool) -> None:
        """Write customers, safe for a spreadsheet if that is asked for and the format needs it."""
        guarded = self.is_for_spreadsheets and is_safe
        self.put(spreadsheet_safe(customers) if guarded else customers, file)


def _as_csv(customers: pl.DataFrame, file: BinaryIO) -> None:
    write_csv(_rounded(customers).with_columns(_shortest(_money(customers))), file)


def write_parquet(rows: pl.DataFrame | pl.LazyFrame, file: BinaryIO) -> None:
    """Write rows as Parquet, compressed, with statistics; lazy ones are made while others are written."""
    rows.lazy().sink_parquet(file, compression="zstd", compression_level=1, statistics=True)


def _as_jsonl(customers: pl.DataFrame, file: BinaryIO) -> None:
    _rounded(customers).with_columns(_money(customers).cast(pl.Float64)).write_ndjson(file)


#: every format by its name; csv is the default
FORMATS: Final[Mapping[str, Format]] = by_name(
    (
        Format("csv", _as_csv, is_for_spreadsheets=True),
        Format("parquet", write_parquet, is_for_spreadsheets=False),
        Format("jsonl", _as_jsonl, is_for_spreadsheets=False),
    )
)


def write_table(rows: pl.DataFrame, file: BinaryIO) -> None:
    """Write the rows of a study as CSV, safe for a spreadsheet: money in its shortest form."""
    write_csv(spreadsheet_safe(rows).with_columns(_shortest(_money(rows))), file, scientific=False)


def write_csv(rows: pl.DataFrame, file: BinaryIO, *, scientific: bool | None = None) -> None:
    """Write rows as CSV with commas; cells with `;` or a tab are quoted too.

    A spreadsheet of a country that writes decimal commas parts cells at `;`, and what follows could
    run as a formula.
    """
    texts = _texts(rows)
    names = pl.Series(rows.columns, dtype=pl.String)
    parted = (
        [rows.select(pl.any_horizontal(pl.col(texts).str.contains(_PARTS)).any()).item()]
        if texts
        else []
    )
    if not any(parted) and not names.str.contains(_PARTS).any():
        rows.write_csv(file, float_scientific=scientific)
        return
    quoted = rows.with_columns(_quoted(pl.col(n)).alias(n) for n in texts)
    quoted.columns = pl.select(_quoted(pl.lit(names))).to_series().to_list()
    quoted.write_csv(file, quote_style="never", float_scientific=scientific)


def _quoted(text: pl.Expr) -> pl.Expr:
    """A text as its cell is written; as Polars does it, but for `;` and tabs."""
    needs = text.str.contains(_QUOTED) | (text == "")
    doubled = text.str.replace_all('"', '""', literal=True)
    return pl.when(needs).then(pl.lit('"') + doubled + pl.lit('"')).otherwise(text)


def _money(customers: pl.DataFrame) -> pl.Expr:
    return pl.col([n for n, t in customers.schema.items() if t.is_decimal()])


def _shortest(money: pl.Expr) -> pl.Expr:
    """Money as text with two places, or as many more as it has."""
    return money.cast(pl.String).str.replace(r"(\.\d{2}\d*?)0*$", "$1")


def _rounded(customers: pl.DataFrame) -> pl.DataFrame:
    """Shares and averages to four places, as people read them."""
    parts = [n for n, t in customers.schema.items() if t.is_float()]
    return customers.with_columns(rounded(pl.col(n), _SHARE_PLACES).alias(n) for n in parts)


def spreadsheet_safe(customers: pl.DataFrame) -> pl.DataFrame:
    """Texts that would run as formulas get a leading apostrophe; signed numbers do not run.

    Columns too: customers may have any, and a header is a cell.
    """
    risky = [n for n in _texts(customers) if _may_run(customers[n]).any()]
    safe = customers.with_columns(_made_safe(pl.col(n)).alias(n) for n in risky)
    names = pl.Series(safe.columns, dtype=pl.String)
    safe.columns = pl.select(_made_safe(pl.lit(names))).to_series().to_list()
    return safe


def _made_safe(text: pl.Expr) -> pl.Expr:
    return pl.when(runs_as_formula(text)).then(pl.lit("'") + text).otherwise(text)


def formulas(customers: pl.DataFrame) -> int:
    """How many cells would run as a formula in a spreadsheet."""
    found = 0
    for name in _texts(customers):
        risky = customers[name].filter(_may_run(customers[name])).cast(pl.String)
        found += int(risky.to_frame().select(runs_as_formula(pl.col(name)).sum()).item())
    return found


def _may_run(texts: pl.Series) -> pl.Series:
    """Whether a text begins with what a formula may begin with: neither a digit nor a letter of ASCII.

    A comparison costs a tenth of a pattern; of labels each is looked at once.
    """
    if isinstance(texts.dtype, pl.Enum):
        labels = texts.dtype.categories
        return texts.is_in(labels.filter(_may_run(labels)).implode())
    digits = (texts >= "0") & (texts < ":")
    letters = ((texts >= "A") & (texts < "[")) | ((texts >= "a") & (texts < "{"))
    return ~(digits | letters)


def _texts(customers: pl.DataFrame) -> Sequence[str]:
    return [n for n, t in customers.schema.items() if t in (pl.String, pl.Enum)]


def runs_as_formula(text: pl.Expr) -> pl.Expr:
    """Whether a text would run as a formula in a spreadsheet; false where it is missing."""
    risky = text.str.contains(FORMULA) & ~text.str.contains(PLAIN_NUMBER)
    return risky.fill_null(value=False)
