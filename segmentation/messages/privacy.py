"""Which values of the data a message may name: words may be named, what tells of one person may not.

Messages end up in logs, mails and tickets. A word that many customers share ("nearest: Men") helps
whoever mends a rule; an e-mail address, an id or a name does not belong there. Every message that
would show a value goes through one of these, and none looks at values by itself:

    nearest_word("men", "department", column)   the known word most like it, or "" when none may be named
    told("consent_email", column)               'ja (120), x (3)', or '412 different values'
      (of_customers=True: the column is of customers, so that its values may be their names)
    ids_after(ids)                              how many, where the ids themselves may not stand
    told_value(text)                            one cell of any column: '99/99/9999', its shape

A column is a pl.Series of all its values, or a mapping of each value to how often it stands there.
Within `showing_values()` (the option --show-values) all of them name what there is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from segmentation.messages.errors import agreeing, commonest, counted, listed, nearest
from segmentation.pattern import pattern

if TYPE_CHECKING:
    import polars as pl

    Values = pl.Series | Mapping[str, int]

MOST_WORDS: Final = 200  # a column of more distinct values is no list of words
FEW_ROWS: Final = 20  # in more rows than these, words repeat: each stands there twice on average
FEWEST_CUSTOMERS: Final = (
    5  # who share a value, before it is named under a header that says nothing
)
LONGEST_WORD: Final = 40  # longer texts are sentences, and say anything

_IS_SHOWN: ContextVar[bool] = ContextVar("values_are_shown", default=False)

#: parts of headers under which people are told apart, whatever stands in the column
_PERSONAL_HEADER: Final = pattern(
    r"(^|_)(id|ids|uuid|guid|key|token|hash|code|number|no|nr|card|name|names|vorname|nachname|firstname|"
    r"lastname|surname|fullname|forename|nickname|username|login|user|contact|person|customer|client|"
    r"household|member|kunde|kunden|kundin|klient|gast|guest|patient|mitglied|benutzer|nutzer|subscriber|"
    r"buyer|shopper|spouse|child|parent|recipient|empfaenger|empfänger|nom|prenom|prénom|nombre|apellido|"
    r"cognome|initials|alias|instagram|twitter|telegram|skype|e?_?mail|mails|email_address|phone|phones|telephone|tel|telefon|mobile|mobil|handy|"
    r"fax|address|addresses|adresse|street|strasse|straße|house|postcode|zip|zipcode|postal|plz|iban|bic|"
    r"account|konto|ssn|passport|tax|vat|birth|birthday|birthdate|birth_date|born|dob|geburtstag|ip|"
    r"note|notes|comment|comments|remark|remarks|text|message)($|_)"
)
#: parts of headers that name a person where they stand last, also of a store (store_owner)
_PERSON: Final = pattern(
    r"(^|_)(\w*(nachname|vorname|surname|lastname|firstname|nickname|username|spitzname|rufname|"
    r"familienname|kundenname)|owner|handle|nick|inhaber(in)?|besitzer(in)?|ansprechpartner(in)?|"
    r"ansprechperson|betreuer(in)?|kundenbetreuer(in)?|berater(in)?|verkaeufer(in)?|verkäufer(in)?|"
    r"vertreter(in)?|mitarbeiter(in)?|sachbearbeiter(in)?|manager|rep|salesrep|salesperson|agent|advisor|"
    r"adviser|consultant|assignee|assigned|employee|staff|author|referrer|stylist|seller|by)$"
)
#: is_owner and pet_owner say something of a person, not who it is
_OF_NO_PERSON: Final = pattern(r"(^|_)(is|has|home|house|pet|dog|cat|car)_[^_]*$")
#: consent_email, country_code and product_name tell of no person, whatever else stands in them
_NO_PERSON: Final = pattern(
    r"(^|_)(consent|opt|optin|optout|opted|allow|allows|has|is|subscribed|unsubscribed|country|region|"
    r"language|currency|store|shop|product|department|category|collection|campaign|brand|channel|event|"
    r"segment|tier|status|type)($|_)"
)
#: parts of headers under which a value is shared by many, if nothing there names a person
_OF_A_KIND: Final = pattern(
    r"(^|_)(plan|level|grade|group|class|kind|art|typ|source|quelle|medium|interest|interests|style|size|"
    r"colour|color|gender|sex|geschlecht|anrede|salutation|reason|grund|state|land|bundesland|kanton|county|"
    r"district|city|town|ort|stadt|newsletter|list|club|program|programme|role|preference|device|payment|"
    r"sector|industry|branche|abteilung|kategorie|marke|kampagne|filiale|sprache|waehrung|währung|lifecycle|"
    r"loyalty|membership|subscription)($|_)"
)
_MAIL: Final = pattern(r"\S@\S")
_DATUM: Final = pattern(r"[A-Za-z]{0,3}[\d.,:/+TZ -]*(\d[^\d]*){3,}")
_YEAR: Final = pattern(r"[A-Za-z]{0,3}[ _]?(19|20)\d\d")
_DIGITS: Final = pattern(r"\d")
_NUMBERED: Final = pattern(r"[A-Za-z]{0,4}[-_/#+]?\d{3,}")  # C00123, +4917, FD-1234, 17850
_TOKEN: Final = pattern(r"(?=(.*\d){4})(?=.*[A-Za-z])[A-Za-z0-9_-]{12,}")  # hashes, UUIDs, keys
_STREET: Final = pattern(
    r"(?i)(\d+\w?\s+\w.*\b(street|st|road|rd|avenue|ave|lane|drive)\b)"
    r"|(\w{3,}(str\.|straße|strasse|weg|platz|gasse|allee)\s*\d+)|(\brue\b.*\d|\d.*\brue\b)"
)
_FULL_NAME: Final = pattern(r"[^\W\d_a-z][^\W\d_]+[,]? ([^\W\d_]\.? )?[^\W\d_a-z][^\W\d_]+")
#: the same with hyphens, particles and initials: Anna-Lena van der Berg, O'Neil Ben, Anna M.
_NAME_OF_WORDS: Final = pattern(
    r"[^\W\d_a-z][^\W\d_'’-]*(['’-][^\W\d_]+)*,?( (von|van|de|der|den|del|di|da|du|la|le|zu|zur|bin|al))*"
    r"( [^\W\d_a-z](\.|[^\W\d_'’-]*(['’-][^\W\d_]+)*)){1,2}"
)
_LETTERS: Final = pattern(r"[^\W\d_]{2}")  # fewer are no name: 3+, n/a, -
_TITLED: Final = pattern(r"(?i)(mr|mrs|ms|miss|dr|herr|frau|mme|m)\.? \w")


@contextmanager
def showing_values(*, is_shown: bool = True) -> Iterator[None]:
    """Whoever runs this asked to see values of the data (--show-values): all may be named within."""
    before = _IS_SHOWN.set(is_shown)
    try:
        yield
    finally:
        _IS_SHOWN.reset(before)


def are_values_shown() -> bool:
    """Whether whoever runs this asked to see values of the data."""
    return _IS_SHOWN.get()


def nearest_word(text: str, name: str, values: Values, *, of_customers: bool = False) -> str:
    """The value of a column that is most like `text`; "" when none is alike, or it may not be named.

    Of customers, under a header that says nothing, only what some of them share and no name is.
    """
    words = nameable(name, values, of_customers=of_customers)
    if of_customers and not _IS_SHOWN.get() and not _is_header_of_words(name):
        counts = _counts(values)
        words = tuple(w for w in words if counts[w] >= FEWEST_CUSTOMERS and not _is_name(w))
    return nearest(text, words)


def told(name: str, values: Values, most: int = 5, *, of_customers: bool = False) -> str:
    """The values of a column as prose: words with their counts, commonest first, or how many differ.

    >>> told("consent", {"ja": 120, "x": 3}), told("email", {"anna@b.de": 1, "x@y.de": 1})
    ('ja (120), x (3)', '2 different values; --show-values names them')
    """
    counts = _counts(values)
    words = nameable(name, counts, of_customers=of_customers)
    named = [f"{_quoted(word)} ({counts[word]:,})" for word in words]
    hidden = len(counts) - len(words)
    if not named:
        return f"{counted(hidden, 'different value')}{_hint(hidden)}"
    return listed([*named[:most], *_rest(len(named) - most, hidden)], most + 2)


def ids_after(ids: Sequence[str]) -> str:
    """What follows a sentence that counts ids: the ids themselves only where values are shown.

    >>> "2 customers have two rows" + ids_after(["8", "17"])
    '2 customers have two rows (--show-values names them)'
    """
    return f": {listed(ids)}" if _IS_SHOWN.get() else f" ({_hint(len(ids)).removeprefix('; ')})"


def told_value(text: str) -> str:
    """One cell as its shape: a digit is a 9, a letter an a; itself where values are shown.

    >>> told_value("03/04/2026 10:15"), told_value("12. Januar 2026")
    ('99/99/9999 99:99', '99. Aaaaaa 9999')
    """
    return text if _IS_SHOWN.get() else "".join(map(_shape, text[:LONGEST_WORD]))


def told_headers(names: Sequence[str], most: int = 12, *, of: Sequence[str] = ()) -> str:
    """Names of a file's header as prose; a first row that is no header is data, and is told as shapes.

    All of it: beside an address or a date stands perhaps a surname, which looks like any header. `of`
    is the whole header where only some of its names are told.
    """
    is_data = is_row_of_data(of or names)
    return listed([told_value(n) if is_data or _tells_of_one(n) else n for n in names], most)


def nearest_header(name: str, headers: Sequence[str]) -> str:
    """`Nearest: NAME. ` for what was meant of a header; nothing where no name is like it, or they are data."""
    near = "" if is_row_of_data(headers) else nearest(name, headers)
    return f"Nearest: {near}. " if near else ""


def is_row_of_data(names: Sequence[str]) -> bool:
    """Whether a file's first row holds cells that are no names: addresses, dates, long numbers.

    >>> is_row_of_data(["customer_id", "2025", "2026"]), is_row_of_data(["17850", "Meier"])
    (False, True)
    """
    return any(
        _MAIL.search(n) or (_DATUM.fullmatch(n.strip()) and not _YEAR.fullmatch(n)) for n in names
    )


def nameable(name: str, values: Values, *, of_customers: bool = False) -> tuple[str, ...]:
    """The words of a column that may be named, commonest first; none where it tells of persons.

    It does by its header (customer_id, email, last_name, …), by many distinct values, by values
    that stand there once, or when most of them look like ids, addresses, numbers or names. A column
    of customers tells of persons however many of them have the same name (an owner, a seller), and
    where it has few rows, too: unless its header says that it is of words, what may be a name must repeat.
    """
    counts = _counts(values)
    every = commonest(counts)
    if _IS_SHOWN.get():
        return tuple(every)
    words = [word for word in every if not is_personal(word)]
    says_nothing = of_customers and not _is_header_of_words(name)
    if _is_header_of_persons(name) or _are_of_one_each(counts) or 2 * len(words) < len(every):
        return ()
    if 2 * sum(_FULL_NAME.fullmatch(w) is not None for w in words) > sum(counts.values()):
        return ()
    if says_nothing and 2 * sum(map(_is_name, words)) > len(words):
        return ()
    if says_nothing and _are_of_one_each(counts, few=0):
        return tuple(word for word in words if not _LETTERS.search(word))
    return tuple(words)


def _is_name(text: str) -> bool:
    """Whether a text is two or three capitalised words, as names of persons are; Running Shoes is, too."""
    return _NAME_OF_WORDS.fullmatch(text) is not None


def is_personal(text: str) -> bool:
    """Whether one value looks like an address, a number, an id or a key, or is a whole sentence.

    >>> [is_personal(t) for t in ("a@b.de", "+49 171 2345678", "C00123", "Buy 2026", "ja")]
    [True, True, True, False, False]
    """
    return len(text) > LONGEST_WORD or _tells_of_one(text)


def _tells_of_one(text: str) -> bool:
    patterns = (_NUMBERED, _TOKEN)
    return (
        len(_DIGITS.findall(text)) > 5
        or bool(_MAIL.search(text) or _STREET.search(text) or _TITLED.match(text))
        or any(pattern.fullmatch(text.strip()) for pattern in patterns)
    )


def _is_header_of_persons(name: str) -> bool:
    """Whether a column's name says that it tells people apart; consent_email does not."""
    plain = _plain(name)
    if _PERSON.search(plain) and not _OF_NO_PERSON.search(plain):
        return True
    return bool(_PERSONAL_HEADER.search(plain)) and not _NO_PERSON.search(plain)


def _is_header_of_words(name: str) -> bool:
    """Whether a column's name says that many share its values: a city, a status, a department."""
    plain = _plain(name)
    is_known = _NO_PERSON.search(plain) or _OF_A_KIND.search(plain)
    return bool(is_known) and not _is_header_of_persons(name)


def _plain(name: str) -> str:
    """A header in lower case, its words apart by underscores."""
    spelt = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"[\W_]+", "_", spelt).lower().strip("_")


def _are_of_one_each(counts: Mapping[str, int], few: int = FEW_ROWS) -> bool:
    """Whether values do not repeat; in a `few` rows words need not either."""
    rows = sum(counts.values())
    return len(counts) > MOST_WORDS or (rows > few and 2 * len(counts) > rows)


def _counts(values: Values) -> Mapping[str, int]:
    if isinstance(values, Mapping):
        return values
    return Counter(dict(values.drop_nulls().cast(str).value_counts().iter_rows()))


def _hint(number: int) -> str:
    return f"; --show-values names {agreeing(number, 'it', 'them')}"


def _rest(more: int, hidden: int) -> list[str]:
    """How many are not named: further words, and what may not be named."""
    words = [f"{counted(more, 'more word')}"] if more > 0 else []
    return [*words, *([f"{counted(hidden, 'other value')}"] if hidden else [])]


def _quoted(word: str) -> str:
    """A word as it is; in quotes where blanks around it or nothing in it would not be seen."""
    return f'"{word}"' if word != word.strip() or not word else word


def _shape(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return letter
