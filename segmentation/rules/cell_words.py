"""What a cell of text says to a rule: yes, no, nothing at all; and what in it cannot be seen.

The engine compares by these tables, lint reasons by them, and the checks of the data say which
cells no table knows. Nothing here looks at data: a rule means the same on every slice of rows.
"""

from __future__ import annotations

from typing import Final

from segmentation.rules.scalars import Scalar

#: cells (in lower case, without blanks around) that say yes, and those that say no
TRUE_WORDS: Final = ("true", "yes", "y", "t", "1", "1.0")
FALSE_WORDS: Final = ("false", "no", "n", "f", "0", "0.0")
#: words that say so in a rule only: as data, `on` may as well be a place
_IN_RULES: Final = {True: "on", False: "off"}
#: what says yes or no in a cell in any language that shops write, and is no number
YES_IN_LETTERS: Final = frozenset(
    [
        "true",
        "yes",
        "y",
        "t",
        "on",
        "x",
        "o",
        "j",
        "s",
        "ja",
        "wahr",
        "oui",
        "vrai",
        "si",
        "sí",
        "sì",
        "vero",
        "verdadero",
        "tak",
        "prawda",
        "sim",
        "waar",
        "kyllä",
        "ano",
        "igen",
        "evet",
        "да",
    ]
)
NO_IN_LETTERS: Final = frozenset(
    [
        "false",
        "no",
        "n",
        "f",
        "off",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "nee",
        "nie",
        "niet",
        "não",
        "nej",
        "nei",
        "ei",
        "ne",
        "nem",
        "hayır",
        "нет",
    ]
)
#: cells (folded) that are written where there is nothing
NOTHING_WORDS: Final = frozenset({
    "", "-", "--", "---", "–", "—", ".", "n/a", "na", "n.a.", "#n/a", "nan", "null", "(null)",
    "<null>", "[null]", "\\n", "none", "(none)", "nil", "undefined", "n/a.", "<na>", "nat", "#nv",
    "#n/v", "#ref!", "#value!", "#null!", "(blank)", "(empty)", "blank", "empty",
    "notset", "notavailable", "k.a.", "n.v.", "0000-00-00", "0000-00-0000:00:00",
    "0001-01-01", "0001-01-0100:00:00", "1900-01-01", "1900-01-0100:00:00", "1970-01-01",
    "1970-01-0100:00:00", "9999-12-31", "9999-12-3100:00:00",
})  # fmt: skip
#: and those that spell "there is no value", which may as well be one that nobody knows
MISSING_WORDS: Final = NOTHING_WORDS | {"?", "missing", "unknown", "unbekannt", "tbd"}
#: what cannot be seen: white space, zero-width characters, marks of direction, soft hyphens
INVISIBLE: Final = "[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"


#: letters that say the same and do not meet
_OTHER_LETTER: Final = {"t": "y", "y": "t", "f": "n", "n": "f"}


def flag(value: Scalar) -> bool | None:
    """Which flag a rule's value stands for; None where it is no word for true or false.

    >>> flag("No"), flag(1), flag("off"), flag(True), flag("Norway"), flag(2)
    (False, True, False, True, None, None)
    """
    if isinstance(value, bool):
        return value
    word = (
        plain(value) if isinstance(value, str) else "1" if value == 1 else "0" if value == 0 else ""
    )
    for said, words in ((True, TRUE_WORDS), (False, FALSE_WORDS)):
        if word in words or word == _IN_RULES[said]:
            return said
    return None


def met_by(value: Scalar) -> tuple[str, ...]:
    """The cells (in lower case, without blanks around) that a word for true or false is equal to.

    Those of the same meaning, but for the letters: `f` and `n`, `t` and `y` are each their own,
    for a column of such letters may be about something else (a gender).

    >>> met_by("NO")
    ('false', 'no', 'n', 'f', '0', '0.0')
    >>> met_by("f"), met_by("off")[-1], met_by("Norway")
    (('false', 'no', 'f', '0', '0.0'), 'off', ())
    """
    said = flag(value)
    if said is None:
        return ()
    words = TRUE_WORDS if said else FALSE_WORDS
    word = plain(value) if isinstance(value, str) else ""
    own = (word,) if word and word not in words else ()
    return (*(w for w in words if w != letter_like(word)), *own)


def letter_like(word: str) -> str | None:
    """The letter that says the same as another and does not meet it: `y` of `T`; None for other words."""
    return _OTHER_LETTER.get(plain(word))


def plain(text: str) -> str:
    """A text as words for true and false are looked up: in lower case, without blanks around."""
    return text.strip().lower()
