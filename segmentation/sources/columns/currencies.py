"""Currencies: the signs, codes, numbers and words by which they are known, and which of them mean the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from segmentation.pattern import pattern
from segmentation.rules.cell_words import NOTHING_WORDS
from segmentation.rules.number_format import code_of_currency

#: what currencies are known by -> how they are written beside a number; a dollar may be anybody's
_SIGNS: Final[Mapping[str, str]] = {
    "EUR": "€ EURO",
    "GBP": "£",
    "JPY": "¥ ￥ 円",
    "CNY": "元 RMB",
    "INR": "₹ RS RS.",
    "RUB": "₽ РУБ РУБ. Р Р.",
    "KRW": "₩",
    "TRY": "₺ TL",
    "UAH": "₴ ГРН ГРН.",
    "ILS": "₪ NIS",
    "VND": "₫",
    "THB": "฿",
    "PHP": "₱",
    "NGN": "₦",
    "CRC": "₡",
    "PYG": "₲",
    "KZT": "₸",
    "GEL": "₾",
    "AZN": "₼",
    "$": "$ ¢ ￠",
    "USD": "US$",
    "CAD": "CA$ C$",
    "AUD": "A$ AU$",
    "NZD": "NZ$",
    "HKD": "HK$",
    "SGD": "S$",
    "BRL": "R$",
    "MXN": "MX$",
    "TWD": "NT$",
    "KR": "KR KR.",
    "PLN": "ZŁ ZL",
    "CZK": "KČ KC",
    "HUF": "FT FT.",
    "RON": "LEI",
    "BGN": "ЛВ ЛВ.",
    "CHF": "FR FR. SFR SFR.",
    "IDR": "RP",
    "MYR": "RM",
}
CURRENCIES: Final = {sign: name for name, signs in _SIGNS.items() for sign in signs.split()}
#: the codes of ISO 4217 that shops take money in
_LISTED: Final = """
    AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GEL GHS HKD HRK HUF
    IDR ILS INR IQD ISK JOD JPY KES KRW KWD KZT LBP LKR MAD MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR
    PLN PYG QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU UZS VND XAF XOF ZAR
"""
CODES: Final = tuple(_LISTED.split())
#: what the numbers of ISO 4217 stand for
_NUMBERED: Final = """
    978=EUR 840=USD 826=GBP 756=CHF 752=SEK 578=NOK 208=DKK 985=PLN 203=CZK 348=HUF 946=RON 975=BGN 124=CAD
    036=AUD 554=NZD 392=JPY 156=CNY 344=HKD 702=SGD 356=INR 986=BRL 484=MXN 949=TRY 643=RUB 980=UAH 376=ILS
    710=ZAR 410=KRW 901=TWD 764=THB 458=MYR 360=IDR 608=PHP 704=VND 784=AED 682=SAR 352=ISK 941=RSD 032=ARS
    152=CLP 170=COP 604=PEN
"""
_NUMBERS: Final = dict(pair.split("=") for pair in _NUMBERED.split())
#: and what the words that name a currency in a column of its own, without their blanks
_WORDS: Final[Mapping[str, str]] = {
    "EUR": "EUROS",
    "USD": "USDOLLAR USDOLLARS AMERICANDOLLAR DOLLARUS UNITEDSTATESDOLLAR",
    "$": "DOLLAR DOLLARS",
    "CAD": "CANADIANDOLLAR CANADIANDOLLARS",
    "AUD": "AUSTRALIANDOLLAR AUSTRALIANDOLLARS",
    "GBP": "POUND POUNDS POUNDSTERLING BRITISHPOUND STERLING PFUND UKPOUND",
    "CHF": "SWISSFRANC SWISSFRANCS SCHWEIZERFRANKEN FRANKEN",
    "KR": "KRONE KRONER KRONA KRONOR",
    "SEK": "SWEDISHKRONA SVENSKAKRONOR",
    "NOK": "NORWEGIANKRONE NORSKEKRONER",
    "DKK": "DANISHKRONE DANSKEKRONER",
    "PLN": "ZLOTY ZŁOTY ZLOTYCH ZŁOTYCH POLISHZLOTY",
    "JPY": "YEN JAPANESEYEN",
    "CNY": "YUAN RENMINBI",
    "INR": "RUPEE RUPEES INDIANRUPEE",
    "BRL": "REAL REAIS",
}
_NUMBER: Final = pattern(r"[-+(]?[\d.,\s'’]*\d[\d.,\s'’]*[-)]?")
_NAMED: Final = {word: name for name, words in _WORDS.items() for word in words.split()}
#: what one sign stands for beside a number: which dollar `$` is, only who writes it knows; beside `USD 12` it is that one
_ANY_DOLLAR: Final = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "TWD"})
_ANY_CROWN: Final = frozenset({"SEK", "NOK", "DKK", "ISK"})


CODES_OF_CURRENCIES: Final = frozenset((*CODES, *_SIGNS))

#: every sign, code, number and word -> the currency that it names
_EVERY: Final = {**CURRENCIES, **dict(zip(CODES, CODES, strict=True)), **_NUMBERS, **_NAMED}


def name_of(written: str) -> str:
    """The name of a currency that is written by a sign, a code, a number or a word: its code where there is one.

    >>> name_of("€"), name_of("eur"), name_of("978"), name_of("US Dollar"), name_of("Taler")
    ('EUR', 'EUR', 'EUR', 'USD', 'TALER')
    """
    bare = code_of_currency(written)
    return _EVERY.get(bare, bare)


def is_known(name: str) -> bool:
    """Whether a currency is called by a code or a sign, and by nothing that could be a text of anybody."""
    return name in CODES_OF_CURRENCIES or not name.isalnum()


def meant_by(name: str) -> frozenset[str]:
    """The names that mean a currency where it is the only one that is declared.

    `$` is any dollar that is named, and without such a name that of the United States.

    >>> sorted(meant_by("CAD")), sorted(meant_by("$")), sorted(meant_by("EUR"))
    (['$', 'CAD'], ['$', 'USD'], ['EUR'])
    """
    others = {
        "$": ("USD",),
        **dict.fromkeys(_ANY_DOLLAR, ("$",)),
        **dict.fromkeys(_ANY_CROWN, ("KR",)),
    }
    return frozenset((name, *others.get(name, ())))


def meant_by_sign(names: Sequence[str]) -> str | None:
    """The currency that a bare sign among two names may mean; None where there is no such sign.

    >>> meant_by_sign(["$", "CAD"]), meant_by_sign(["$", "EUR"]), meant_by_sign(["$", "CAD", "AUD"])
    ('CAD', None, None)
    """
    others = [name for name in names if name != "$"]
    is_doubtful = len(names) == 2 and len(others) == 1 and "$" in meant_by(others[0])
    return others[0] if is_doubtful else None


def merged(counts: Mapping[str, int]) -> Mapping[str, int]:
    """How often currencies stand there, those together that are the same: `$` and USD, `kr` and the one crown.

    >>> merged({"$": 2, "USD": 1}), merged({"KR": 1, "SEK": 2}), merged({"$": 1, "CAD": 1})
    ({'$': 3}, {'SEK': 3}, {'$': 1, 'CAD': 1})
    """
    same = _same(counts)
    found: dict[str, int] = {}
    for name, number in counts.items():
        found[same.get(name, name)] = found.get(same.get(name, name), 0) + number
    return found


def _same(names: Iterable[str]) -> Mapping[str, str]:
    """Which of some names stand for another of them."""
    every = [*names]
    crowns = [name for name in every if name in _ANY_CROWN]
    dollar = next((name for name in every if name in ("$", "USD")), "$")
    return {"$": dollar, "USD": dollar if "$" in every else "USD"} | (
        {"KR": crowns[0]} if len(crowns) == 1 else {}
    )


def are_one(names: Iterable[str]) -> bool:
    """Whether names are all of one currency."""
    return len(merged(dict.fromkeys(names, 1))) <= 1


def words_by_currency(counts: Mapping[str, int]) -> Mapping[str, list[str]]:
    """The words of a column of currencies by what they name, the commonest currency first; without what says nothing.

    >>> words_by_currency({"€": 3, "US Dollar": 2, "NULL": 2, "": 1, "EUR": 1})
    {'EUR': ['€', 'EUR'], 'USD': ['US Dollar']}
    """
    said = {text: name_of(text) for text in counts if not says_none(text)}
    same = _same(dict.fromkeys(said.values()))
    found: dict[str, list[str]] = {}
    for text, name in said.items():
        found.setdefault(same.get(name, name), []).append(text)
    return dict(sorted(found.items(), key=lambda one: -sum(counts[text] for text in one[1])))


def says_none(text: str) -> bool:
    """Whether a cell of a column of currencies names none."""
    return "".join(text.split()).lower() in NOTHING_WORDS


def may_be_currency(text: str) -> bool:
    """Whether a cell may name a currency: a number does, if it is one of ISO 4217.

    >>> may_be_currency("978"), may_be_currency("Taler"), may_be_currency("0.92")
    (True, True, False)
    """
    bare = text.strip()
    return bare in _NUMBERS or not _NUMBER.fullmatch(bare)


def spellings(code: str, codes: Collection[str]) -> list[str]:
    """How one of some currencies is written: its code, its signs, and a sign that could be no other's.

    >>> spellings("USD", ["USD", "EUR"])[:5], spellings("USD", ["USD", "CAD"])[:3]
    (['USD', '$', '¢', '￠', 'US$'], ['USD', 'US$', '840'])
    """
    name = name_of(code)
    others = [other for other in map(name_of, codes) if other != name]
    alone = [n for n in meant_by(name) if n == name or not any(n in meant_by(o) for o in others)]
    known = [written for written, of in _EVERY.items() if of in alone]
    return list(dict.fromkeys((code, name, *known)))
