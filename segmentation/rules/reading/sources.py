"""The key `sources` of personas.yaml: its tables, and the keys of one source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, cast

from segmentation.messages.errors import listed
from segmentation.pattern import pattern
from segmentation.rules.column_specs import PER_ORDER, ColumnSpec, Constant, PerOrder
from segmentation.rules.conditions import Condition, Path
from segmentation.rules.delimiters import CONVERT, can_part
from segmentation.rules.number_format import THOUSANDS, NumberFormat, code_of_currency
from segmentation.rules.prose import quoted
from segmentation.rules.reading.forms import (
    FLAG,
    TEXT,
    filled,
    list_of,
    mapping_of,
    one_of,
    optional,
    plain,
    whole,
)
from segmentation.rules.reading.keys import WRONG, Form, Key, Keys, Required, Wrong, misfit
from segmentation.rules.reading.shapes import listing
from segmentation.rules.scalars import is_number
from segmentation.rules.schema.fragments import SOURCE_CONDITION, Schema, of, ref
from segmentation.rules.source_paths import folder_of, mistake
from segmentation.rules.source_schemes import refused
from segmentation.rules.sources import AT_MOST, EVERY_COLUMN, Join, Source, TableName
from segmentation.rules.windows import SPAN

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

_NAMED_FILE: Final = filled("a path")


def _path(value: Any, path: Path, parser: Parser) -> str | Wrong:
    found = _NAMED_FILE.read(value, path, parser)
    other = None if found is WRONG else refused(found)
    if other is not None:
        parser.wrong(path, *other)
        return WRONG
    wrong = "" if found is WRONG else mistake(found)
    if wrong:
        parser.wrong(
            path, wrong, "Write ${NAME}, ${NAME:-default}, or $${ for the two signs themselves."
        )
    return found


def _word(value: Any, path: Path, parser: Parser) -> str | Wrong:
    """A word as YAML has it: `values: {size: [42]}` declares the text 42."""
    return TEXT.read(str(value) if is_number(value) else value, path, parser)


def _length(value: Any, path: Path, parser: Parser) -> str | Wrong:
    return WRONG if parser.span(value, path) is None else str(value)


def _delimiter(value: Any, path: Path, parser: Parser) -> str | Wrong:
    found = _SIGN.read(value, path, parser)
    if found is WRONG or can_part(found):
        return found
    parser.wrong(
        path,
        f"{quoted(found)} cannot be a delimiter: one is a character of ASCII, and no quote or line end",
        CONVERT,
    )
    return WRONG


def _header(value: Any, path: Path, parser: Parser) -> tuple[str, ...] | Wrong:
    found = _NAMES.read(value, path, parser)
    repeated = [] if isinstance(found, Wrong) else [n for n in found if found.count(n) > 1]
    if repeated:
        what = f"{path[-1]} names {quoted(repeated[0])} twice"
        parser.wrong(path, what, "Every column needs a name of its own.")
        return WRONG
    return found


_NAME: Final = filled("the name of a column")
_SIGN: Final = filled("one character", maxLength=1)
_DELIMITER: Final = Form(
    _SIGN.words, _delimiter, {**_SIGN.schema, "pattern": r"^[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x7f]$"}
)
_NAMED_SHEET: Final = filled("the name of a sheet")
_NAMES: Final = list_of(_NAME)
_HEADER: Final = Form(_NAMES.words, _header, {**_NAMES.schema, "uniqueItems": True})
_WORD: Final = Form("a text", _word, {"type": ["string", "number"]})
_LENGTH: Final = Form("a length of time", _length, {"type": "string", "pattern": f"^{SPAN}$"})


def _number(found: dict[str, Any], path: Path, parser: Parser) -> NumberFormat | Wrong:
    if found["decimal"] is None or found["decimal"] != found["thousands"]:
        return NumberFormat(**found)
    parser.wrong(path, "one sign cannot stand before decimals and part thousands", "Leave one out.")
    return WRONG


NUMBER: Final = Keys(
    definition="Number",
    description="How numbers are written. What is left out is detected.",
    keys=(
        Key("decimal", optional(one_of(".", ",")), None, "What stands before the decimals."),
        Key(
            "thousands",
            optional(one_of(*THOUSANDS)),
            None,
            "What parts thousands; a blank is also one that does not break a line.",
        ),
        Key(
            "currency",
            optional(filled("a sign or a code")),
            None,
            "What may stand beside a number, such as € or EUR; beside another it is none.",
        ),
        Key("zero", list_of(_WORD), [], "Words that mean 0, such as FREE."),
    ),
    means=_number,
    strays="",
    together={},
)

_DECIMAL_KEY: Final = Key(
    "decimal",
    optional(one_of(".", ",")),
    None,
    "What stands before the decimals of a number; short for a key of number.",
)


def _source(found: dict[str, Any], path: Path, parser: Parser) -> Source | Wrong:
    one, other = found["decimal"], found["number"].decimal
    if one and other and one != other:
        parser.wrong(path, "decimal and number say different decimal signs", "Leave one out.")
        return WRONG
    return Source(**found, folder=folder_of(FilePath(parser.document.name)))


def _column(value: Any, path: Path, parser: Parser) -> ColumnSpec | Wrong:
    match value:
        case None | str():
            return value
        case list():
            return _JOINED.read(value, path, parser)
        case {"constant": given} if len(value) == 1:
            found = _WORD.read(given, (*path, "constant"), parser)
            return found if isinstance(found, Wrong) else Constant(found)
        case {"per_order": given} if len(value) == 1:
            return _of_order(given, (*path, "per_order"), parser)
        case _ if is_number(value):
            return value
    return misfit(
        value, path, parser, _A_COLUMN, "Such as Total, Total - Tax, [Date, Time], {constant: web}."
    )


def _of_order(value: Any, path: Path, parser: Parser) -> PerOrder | Wrong:
    found = TEXT.read(value, path, parser)
    if isinstance(found, Wrong):
        return found
    name, is_of_lines = str(path[-2]), path[1] == "transactions"
    if is_of_lines and name in PER_ORDER:
        return PerOrder(found)
    what = f"{name} cannot be per order" if is_of_lines else "only transactions have orders"
    mend = f"What the lines of an order share are {listed(PER_ORDER)} of transactions."
    parser.wrong(path, what, mend, key=True)
    return WRONG


_A_COLUMN: Final = "a column's name, or how it is made"
_JOINED: Final = list_of(TEXT, least=2)
COLUMN: Final = Form(
    _A_COLUMN,
    _column,
    {
        "anyOf": [
            {"type": ["string", "number", "null"]},
            _JOINED.schema,
            of({"constant": _WORD.schema}, "constant"),
            of({"per_order": TEXT.schema}, "per_order"),
        ]
    },
)


def _missing(value: Any, path: Path, parser: Parser) -> dict[str, tuple[str, ...]] | Wrong:
    """Words of all columns, or by column."""
    if isinstance(value, dict):
        return _BY_COLUMN.read(value, path, parser)
    words = _WORDS_OF.read(value, path, parser)
    return words if isinstance(words, Wrong) else {EVERY_COLUMN: words} if words else {}


def _where(value: Any, path: Path, parser: Parser) -> Condition | Wrong | None:
    return None if value is None else parser.condition(value, path, row=True)


_WORDS_OF: Final = list_of(_WORD)
_BY_COLUMN: Final = mapping_of(list_of(_WORD, least=1))
_MISSING: Final = Form(
    "a list, or a mapping of lists",
    _missing,
    {"anyOf": [_WORDS_OF.schema, _BY_COLUMN.schema]},
)
_ROWS: Final = Form(
    "a condition on one row",
    _where,
    {"anyOf": [ref(SOURCE_CONDITION), {"type": "null"}]},
)


def _rejects(value: Any, path: Path, parser: Parser) -> float | Wrong | None:
    match value:
        case None:
            return None
        case {**keys} if [*keys] == [AT_MOST] and (part := _part(keys[AT_MOST])) is not None:
            return part
    return misfit(
        value, path, parser, "{at_most: PART}", "Such as {at_most: 5%}, or {at_most: 0.05}."
    )


def _part(value: Any) -> float | None:
    """A part of a whole, as `5%` or `0.05`; None for what is none."""
    if isinstance(value, str) and _PERCENT.fullmatch(value.strip()):
        value = float(value.strip().removesuffix("%")) / 100
    return float(value) if is_number(value) and 0 <= value <= 1 else None


_PERCENT: Final = pattern(r"[0-9]+(\.[0-9]+)?%")
_A_PART: Final[Schema] = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?%$"},
    ]
}
REJECTS: Final = Form(
    "{at_most: PART}",
    _rejects,
    {"anyOf": [of({AT_MOST: _A_PART}, AT_MOST), {"type": "null"}]},
)


def _rates(value: Any, path: Path, parser: Parser) -> dict[str, float] | Wrong:
    """What one unit of each currency is worth, by its code without blanks, in capitals."""
    found = _BY_CURRENCY.read(value, path, parser)
    if isinstance(found, Wrong):
        return found
    rates = {code_of_currency(written): rate for written, rate in found.items()}
    if "" not in rates and len(rates) == len(found):
        return rates
    what = "one currency has several rates" if "" not in rates else "a currency has no code"
    parser.wrong(path, what, "Write each once, in capitals or not: {EUR: 1, USD: 0.92}.")
    return WRONG


_RATE: Final[Form[float]] = plain(
    "a number above 0",
    {"type": "number", "exclusiveMinimum": 0},
    lambda v: is_number(v) and 0 < v < math.inf,
)
_BY_CURRENCY: Final = mapping_of(_RATE)
RATES: Final = Form(_BY_CURRENCY.words, _rates, _BY_CURRENCY.schema)

_PATH_KEY: Final = Key(
    "path",
    Form(_NAMED_FILE.words, _path, _NAMED_FILE.schema),
    Required("Add path: transactions.csv, for example.", meanwhile=WRONG),
    "A file, a glob, a folder, - for standard input, or an s3://, gs:// or az:// address; "
    "relative to this file, and with ${NAME} from the environment.",
)
_DELIMITER_KEY: Final = Key(
    "delimiter",
    optional(_DELIMITER),
    None,
    "What stands between the cells of a row.",
)
_ENCODING_KEY: Final = Key(
    "encoding",
    optional(TEXT),
    None,
    "How the file's characters are written, such as latin-1 or utf-16.",
)
_SKIP_LINES_KEY: Final = Key(
    "skip_lines",
    whole(0, 10_000),
    0,
    "How many lines stand above the header.",
)
_HEADER_KEY: Final = Key(
    "header",
    _HEADER,
    [],
    "The names of the columns, in order, where the file has no header.",
)
_SHEET_KEY: Final = Key(
    "sheet",
    optional(_NAMED_SHEET),
    None,
    "The sheet of a workbook that is read; the first one by default.",
)


def _text_of_key(value: Any, path: Path, parser: Parser) -> tuple[tuple[str, str], ...] | Wrong:
    """Pairs of columns that are the same: of one name, or of two."""
    match value:
        case str():
            found = _NAME.read(value, path, parser)
            return found if isinstance(found, Wrong) else ((found, found),)
        case list():
            names = _KEYS.read(value, path, parser)
            return names if isinstance(names, Wrong) else tuple((n, n) for n in names)
        case dict() if value:
            pairs = _PAIRS.read(value, path, parser)
            return pairs if isinstance(pairs, Wrong) else tuple(pairs.items())
    return misfit(value, path, parser, _A_KEY, "Such as order_id, [shop, order], {ours: theirs}.")


_A_KEY: Final = "the columns that both files have"
_KEYS: Final = list_of(_NAME, least=1)
_PAIRS: Final = mapping_of(_NAME)
_KEY: Final = Form(
    _A_KEY,
    _text_of_key,
    {"anyOf": [_NAME.schema, _KEYS.schema, {**_PAIRS.schema, "minProperties": 1}]},
)


def _join(found: dict[str, Any], path: Path, parser: Parser) -> Join:
    key, is_optional = found.pop("key"), found.pop("optional")
    source = Source(**found, folder=folder_of(FilePath(parser.document.name)))
    return Join(source, key, is_optional=is_optional)


JOIN: Final = Keys(
    definition="Join",
    description="Other files whose columns stand beside the source's own: one row for each key.",
    keys=(
        _PATH_KEY,
        Key(
            "key",
            _KEY,
            Required(
                "Name the column that both files have: key: order_id, or key: {OURS: THEIRS}.",
                meanwhile=WRONG,
            ),
            "The column that both files have, several of them, or ours: theirs.",
        ),
        Key(
            "optional",
            FLAG,
            False,
            "true: rows without a partner stay, and its columns are missing there.",
        ),
        Key("columns", mapping_of(_NAME), {}, "New names, each with the joined file's own."),
        Key("where", _ROWS, None, "Which rows of the joined file count, by its own columns."),
        _DECIMAL_KEY,
        _DELIMITER_KEY,
        _ENCODING_KEY,
        _SKIP_LINES_KEY,
        _HEADER_KEY,
        _SHEET_KEY,
    ),
    means=_join,
    strays="How dates are written is said of the source.",
    together={},
)


def _joins(value: Any, path: Path, parser: Parser) -> tuple[Join, ...]:
    found = [_one_join(item, at, parser) for item, at in listing(value, path)]
    return tuple(one for one in found if not isinstance(one, Wrong))


def _one_join(value: Any, path: Path, parser: Parser) -> Join | Wrong:
    if isinstance(value, dict) and "on" in value and "key" not in value:
        parser.wrong((*path, "on"), '"on" is called key here', "Write key: order_id.", key=True)
        return WRONG
    return JOIN.read(value, path, parser)


_ONE_JOIN: Final = ref(JOIN.definition)
_JOINS: Final = Form(
    "a mapping with path and key, or a list of these",
    _joins,
    {"anyOf": [_ONE_JOIN, {"type": "array", "items": _ONE_JOIN}]},
)

SOURCE: Final = Keys(
    definition="Source",
    description="Files of one shape, and how to read them. What is left out is detected and said.",
    keys=(
        _PATH_KEY,
        Key(
            "columns",
            mapping_of(COLUMN),
            {},
            "Canonical names, each with the file's own name for that column, a formula of such names, a number, "
            "columns that are joined, or null where there is none.",
        ),
        Key("event", optional(TEXT), None, "What happened, where all rows are one kind of event."),
        Key(
            "date_format",
            optional(TEXT),
            None,
            "How dates are written, such as %d.%m.%Y or days since 2017-01-01.",
        ),
        _DELIMITER_KEY,
        _DECIMAL_KEY,
        Key("number", NUMBER.form(), {}, "How numbers are written."),
        Key(
            "rates",
            RATES,
            {},
            "What one unit of each currency is worth in that of the amounts, such as {EUR: 1, USD: 0.92}.",
        ),
        Key(
            "rejects",
            REJECTS,
            None,
            "How large a part of the rows, and of their value, may be rejected; more stops the run.",
        ),
        Key(
            "fill_down",
            _HEADER,
            [],
            "Columns of which a blank cell is the one above it, as long as those named before it say the same.",
        ),
        Key("join", _JOINS, [], "Other files whose columns stand beside its own."),
        Key("where", _ROWS, None, "Which rows count, by the file's own columns."),
        Key("missing", _MISSING, [], "Texts that say nothing, of all columns or by column."),
        Key(
            "ids",
            optional(one_of("exact", "plain")),
            None,
            "exact keeps the capitals of ids that are e-mail addresses; plain compares customers in small letters, "
            "without leading zeros and a .0.",
        ),
        Key(
            "latest_by",
            optional(_NAME),
            None,
            "The column of which the newest day, moment or number says which of several rows of one id counts.",
        ),
        _ENCODING_KEY,
        _SKIP_LINES_KEY,
        _HEADER_KEY,
        _SHEET_KEY,
        Key(
            "values",
            mapping_of(list_of(_WORD, least=1)),
            {},
            "By column, words that are known though nobody has them yet, or no rule can read them.",
        ),
        Key(
            "quiet_for",
            optional(_LENGTH),
            None,
            "How long a feed that suppress reads may be silent, such as 7d.",
        ),
    ),
    means=_source,
    strays="",
    together={},
)


_WORDS: Final = "a path, a mapping with a path, or a list of these"


def _entry(value: Any, path: Path, parser: Parser) -> Source | Wrong:
    if isinstance(value, str):
        return SOURCE.read({"path": value}, path, parser)
    if isinstance(value, dict):
        return SOURCE.read(value, path, parser)
    return misfit(value, path, parser, "a path, or a mapping with a path")


def _entries(value: Any, path: Path, parser: Parser) -> tuple[Source, ...]:
    found = [_entry(item, at, parser) for item, at in listing(value, path)]
    return tuple(source for source in found if not isinstance(source, Wrong))


_UNDATED: Final = (
    "quiet_for is for feeds whose rows have days: transactions and events",
    "Leave it out here.",
)
_WITHOUT_MONEY: Final = (
    "rates convert money, which transactions and products have",
    "Leave them out here; a number of this table's own is converted before it comes.",
)
_OF_ITS_OWN: Final = (
    "latest_by chooses among rows of one customer or product, and here every row counts",
    "Leave it out here, or choose rows with a where.",
)
#: keys that say nothing of a table -> what is wrong with them there, and how to mend it
_FOREIGN: Final[Mapping[TableName, Mapping[str, tuple[str, str]]]] = {
    "transactions": {"latest_by": _OF_ITS_OWN},
    "customers": {"quiet_for": _UNDATED, "rates": _WITHOUT_MONEY},
    "products": {"quiet_for": _UNDATED},
    "events": {"rates": _WITHOUT_MONEY, "latest_by": _OF_ITS_OWN},
}


def _sources_of(table: TableName) -> Form[tuple[Source, ...]]:
    """The sources of a table, without the keys that say nothing of it."""
    foreign = _FOREIGN[table]

    def read(value: Any, path: Path, parser: Parser) -> tuple[Source, ...]:
        for item, at in listing(value, path):
            given = item if isinstance(item, dict) else {}
            for key in (key for key in foreign if given.get(key) is not None):
                parser.wrong((*at, key), *foreign[key], key=True)
        return _entries(value, path, parser)

    known = ref(SOURCE.definition)
    without = {"properties": {key: {"type": "null"} for key in foreign}}
    return Form(_WORDS, read, _some({"allOf": [known, without]} if foreign else known))


def _some(entry: Schema) -> Schema:
    """One source or a list of them; a path alone is a source."""
    one = {"anyOf": [_NAMED_FILE.schema, entry]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


TABLES: Final = Keys(
    definition="Sources",
    description="Where each table is: a file, or a list of files, each with its own mapping.",
    keys=(
        Key("transactions", _sources_of("transactions"), [], "One row per line of an order."),
        Key("customers", _sources_of("customers"), [], "One row per customer."),
        Key(
            "products",
            _sources_of("products"),
            [],
            "One row per product; its columns join the lines of orders.",
        ),
        Key(
            "events",
            _sources_of("events"),
            [],
            "One row per thing that a customer did, such as a visit.",
        ),
    ),
    means=lambda found, path, parser: cast("dict[TableName, tuple[Source, ...]]", found),
    strays="",
    together={},
)
