"""Numbers as people write them: what each text is, how a file tells its signs, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.messages.errors import InputError
from segmentation.rules.number_format import COMMA, POINT, WHOLE, NumberFormat
from segmentation.rules.sources import Source
from segmentation.sources.columns.number_formats import currencies
from segmentation.sources.columns.numbers import parse_numbers

#: a text -> the number that it is with a decimal point, with a comma, and where nothing tells the sign
NUMBERS: dict[str, tuple[float | None, float | None, float | None]] = {
    "12": (12, 12, 12),
    "-12.50": (-12.5, None, None),
    "12,5": (None, 12.5, None),
    "1,234": (1234, 1.234, None),
    "1.234": (1.234, 1234, None),
    "0,125": (None, 0.125, None),
    "0.125": (0.125, None, None),
    "1,234.50": (1234.5, None, None),
    "1.234,50": (None, 1234.5, None),
    "1,234,567": (1234567, None, None),
    "12,34,567.80": (1234567.8, None, None),
    "1,23": (None, 1.23, None),
    "12,34": (None, 12.34, None),
    "1,2345": (None, 1.2345, None),
    "1 234.50": (1234.5, None, None),
    "1 234": (1234, 1234, 1234),
    "1\u00a0234,50": (None, 1234.5, None),
    "1\u202f234": (1234, 1234, 1234),
    "1'234.50": (1234.5, None, None),
    "1’234": (1234, 1234, 1234),
    "1 2345": (None, None, None),
    "1,234 567": (None, None, None),
    "$1,234.50": (1234.5, None, None),
    "1.234,50 €": (None, 1234.5, None),
    "€ 12": (12, 12, 12),
    "12 eur": (12, 12, 12),
    "USD12": (12, 12, 12),
    "US$ 12": (12, 12, 12),
    "Rs. 12": (12, 12, 12),
    "12 kr": (12, 12, 12),
    "R$ 12": (12, 12, 12),
    "12 zł": (12, 12, 12),
    "12 円": (12, 12, 12),
    "12 грн": (12, 12, 12),
    "20:-": (20, 20, 20),
    "12 XYZ": (None, None, None),
    "$12 USD": (None, None, None),
    "(12.00)": (-12, None, None),
    "(12)": (-12, -12, -12),
    "($12)": (-12, -12, -12),
    "$(12)": (None, None, None),
    "(-12)": (None, None, None),
    "12-": (-12, -12, -12),
    "-$12": (-12, -12, -12),
    "$-12": (-12, -12, -12),
    "-12-": (None, None, None),
    "+-12": (None, None, None),
    " 1e3 ": (1000, 1000, 1000),
    "\u221212": (-12, -12, -12),
    "\u201312": (-12, -12, -12),
    '="91"': (91, 91, 91),
    "'91": (91, 91, 91),
    "+12": (12, 12, 12),
    " 12 ": (12, 12, 12),
    "007": (7, 7, 7),
    "1e3": (1000, 1000, 1000),
    "5,-": (None, 5, None),
    "5.-": (5, None, None),
    "€ 5,-": (None, 5, None),
    "CHF 20.-": (20, None, None),
    "1.250,-": (None, 1250, None),
    "1'250.-": (1250, None, None),
    "20.\u2013": (20, None, None),
    "5,\u2014 €": (None, 5, None),
    "5,--": (None, 5, None),
    "89,-€": (None, 89, None),
    "-5,-": (None, -5, None),
    "12,50-": (None, -12.5, None),
    "5,-3": (None, None, None),
    "99¢": (0.99, 0.99, 0.99),
    "¢ 50": (0.5, 0.5, 0.5),
    "-1.5¢": (-0.015, None, None),
    "50p": (None, None, None),
    "12%": (None, None, None),
    "free": (None, None, None),
    "": (None, None, None),
    "-": (None, None, None),
    "€": (None, None, None),
    "1..5": (None, None, None),
}


@pytest.mark.parametrize("form", [POINT, COMMA, WHOLE], ids=["point", "comma", "unknown"])
def test_a_text_is_the_number_that_people_read_in_it(form: NumberFormat) -> None:
    column = [POINT, COMMA, WHOLE].index(form)
    found = parse_numbers(pl.Series(list(NUMBERS), dtype=pl.String), form)
    said = dict(zip(NUMBERS, found.to_list(), strict=True))
    assert said == {text: values[column] for text, values in NUMBERS.items()}


def test_a_declared_format_reads_nothing_else() -> None:
    texts = pl.Series(["1.234", "1 234", "€ 5", "5 eur", "$ 5", "FREE", "free ", "x"])
    form = NumberFormat(",", thousands=".", currency="€", zero=("Free",))
    assert parse_numbers(texts, form).to_list() == [1234, None, 5, 5, None, 0, 0, None]


def test_texts_are_not_changed_by_being_read() -> None:
    texts = pl.Series(["1,234.50", "12"])
    assert parse_numbers(texts, POINT).to_list() == [1234.5, 12]
    assert texts.to_list() == ["1,234.50", "12"]


SEVERAL = {
    "one sign": (["$1", "$2", "3"], {"$": 2}),
    "sign and code": (["$1", "USD 2", "us$3"], {"$": 3}),
    "a bare dollar beside others": (["$1", "CAD 2", "3 AUD"], {"$": 1, "CAD": 1, "AUD": 1}),
    "a bare dollar and one of Canada": (["$1", "C$5"], {"$": 1, "CAD": 1}),
    "crowns of two countries": (["1 kr", "2 SEK", "3 DKK"], {"KR": 1, "SEK": 1, "DKK": 1}),
    "crowns of one country": (["1 kr", "2 SEK"], {"SEK": 2}),
    "signs of other letters": (["1 zl", "2 PLN", "3 zł"], {"PLN": 3}),
    "dollars and cents": (["$1", "50¢"], {"$": 2}),
    "euros": (["1 €", "2 EUR", "3 Euro"], {"EUR": 3}),
    "two": (["$1", "€2", "£3", "(4 €)"], {"$": 1, "EUR": 2, "GBP": 1}),
    "marked by a spreadsheet": (["'$1", '="€2"', "( £3 )"], {"$": 1, "EUR": 1, "GBP": 1}),
    "none": (["1", "x", "size M"], {}),
}


@pytest.mark.parametrize(("texts", "found"), SEVERAL.values(), ids=SEVERAL)
def test_currencies_are_counted_by_name(texts: list[str], found: dict[str, int]) -> None:
    assert currencies(pl.Series(texts)) == found


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([",", ".", "'", " "]), st.booleans())
def test_what_is_written_is_read(number: Decimal, thousands: str, after: bool) -> None:
    decimal = "," if thousands == "." else "."
    written = f"{number:,.2f}".translate(str.maketrans({",": thousands, ".": decimal}))
    shown = f"{written} €" if after else f"€ {written}"
    form = COMMA if decimal == "," else POINT
    assert parse_numbers(pl.Series([written, shown]), form).to_list() == [float(number)] * 2


# -- files ----------------------------------------------------------------------------------------

HEAD = "customer_id;ordered_at;amount\n"


def rows(*amounts: str) -> str:
    return "".join(f"c{i};2024-01-{i % 28 + 1:02};{amount}\n" for i, amount in enumerate(amounts))


WHOLE_THEN = ["5"] * 1500
#: what a file's amounts are -> their sum in all, or what is said of them
FILES: dict[str, tuple[list[str], float | str]] = {
    "the largest are grouped": (["59.00", "7.50", "1,234.50"], 1301),
    "groups alone": (
        ["1,250", "890", "2,400"],
        'a number written "9,999" reads as 9999 or as 9.999',
    ),
    "points alone": (
        ["1.250", "890", "2.400"],
        'a number written "9.999" reads as 9.999 or as 9999',
    ),
    "either reads the same": (["1,250,000", "0.5"], 1250000.5),
    "comma first seen late": ([*WHOLE_THEN, "14,35", "2,00"], 7516.35),
    "point first seen late": ([*WHOLE_THEN, "14.35"], 7514.35),
    "groups first seen late": ([*WHOLE_THEN, "1,234"], 'written "9,999" reads as 9999 or as 9.999'),
    "point alone first seen late": ([*WHOLE_THEN, "1.234"], "reads as 9.999 or as 9999"),
    "groups and a point, late": ([*WHOLE_THEN, "1,234", "7.50"], 8741.5),
    "two ways": (["1.50", "2,50"], 'numbers are written in two ways, as "9.99" and as "9,99"'),
    "a currency first seen late": ([*WHOLE_THEN, "$5"], 7505),
    "another currency late": (
        [*["€5"] * 1500, "$5"],
        "amount holds several currencies: EUR, $",
    ),
    "another dollar late": ([*["$5"] * 1500, "C$5"], "amount holds several currencies: $, CAD"),
    "two ways, late": ([*["1.50"] * 1500, *["2,50"] * 99], "written in two ways"),
    "a few are miswritten": ([*["1.50"] * 1500, "2,50"], 2250),
    "whole prices tell the sign": (["5,-", "1.250", "890"], 2145),
    "cents by their sign": (["$1.50", "99¢"], 2.49),
    "several currencies": (
        ["$5", "€6"],
        "amount holds several currencies: $, EUR",
    ),
}


@pytest.mark.parametrize(("amounts", "found"), FILES.values(), ids=FILES)
def test_a_file_tells_its_signs_by_all_of_its_rows(
    reading: Callable[..., Any], amounts: list[str], found: float | str
) -> None:
    if isinstance(found, str):
        with pytest.raises(InputError) as caught:
            reading(HEAD + rows(*amounts))
        assert found in str(caught.value)
        return
    assert reading(HEAD + rows(*amounts)).rows["amount"].sum() == round(found * 10_000)


def test_a_declared_sign_takes_no_other_dollar(reading: Callable[..., Any]) -> None:
    found = reading(
        HEAD + rows("$10", "5 CAD", "2 USD"), source={"number": NumberFormat(currency="$")}
    )
    assert found.rows["amount"].sum() == 120_000
    of_canada = NumberFormat(currency="CAD")
    found = reading(HEAD + rows("$10", "5 CAD", "2 USD"), source={"number": of_canada})
    assert found.rows["amount"].sum() == 150_000


ALONE = "numbers of amount stand beside USD in some rows and alone in others"


@pytest.mark.parametrize(
    ("amounts", "is_said"),
    [(["10", "3 USD"], True), (["10 USD", "3 USD", "0"], False)],
    ids=["some", "but nothing"],
)
def test_numbers_beside_a_currency_in_some_rows_only_are_said(
    reading: Callable[..., Any], amounts: list[str], is_said: bool
) -> None:
    found = reading(HEAD + rows(*amounts))
    assert any(ALONE in note for note in found.notes) == is_said


DECLARED = {
    "the comma": ({"decimal": ","}, 4.54),
    "the point": ({"decimal": "."}, 4540),
    "in number": ({"number": NumberFormat(",")}, 4.54),
    "the groups": ({"number": NumberFormat(".", thousands=",")}, 4540),
}


@pytest.mark.parametrize(("source", "total"), DECLARED.values(), ids=DECLARED)
def test_what_is_declared_decides(
    reading: Callable[..., Any], source: dict[str, Any], total: float
) -> None:
    found = reading(HEAD + rows("1,250", "2,400", "890" if total > 5 else "0,89"), source=source)
    assert found.rows["amount"].sum() == round(total * 10_000)


def test_files_of_a_folder_are_read_each_in_its_own_way(
    read_all: Callable[..., Any], written: Callable[..., Path]
) -> None:
    folder = written(HEAD + rows("59.90", "1,234.50"), "in/a.csv").parent
    written(HEAD + rows("59,90", "1.234,50"), "in/b.csv")
    written(HEAD + rows("7.25"), "in/c.csv")
    found = read_all("transactions", Source(path=str(folder)))
    assert found.rows["amount"].sum() == round((2 * 1294.40 + 7.25) * 10_000)
    assert found.count.rows_rejected == 0


def test_a_file_that_tells_nothing_beside_files_that_differ_is_named(
    read_all: Callable[..., Any], written: Callable[..., Path]
) -> None:
    folder = written(HEAD + rows("59.90"), "in/a.csv").parent
    written(HEAD + rows("59,90"), "in/b.csv")
    written(HEAD + rows("1,234"), "in/c.csv")
    with pytest.raises(InputError, match=r"c\.csv: a number written \"9,999\" reads as"):
        read_all("transactions", Source(path=str(folder)))
