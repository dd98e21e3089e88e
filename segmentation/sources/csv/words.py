"""Whether what stands between blanks is a word of an encoding's languages, as the encoding reads it.

A word has letters of one script, in the case that words have, and no signs but those that stand beside words
and numbers. A letter alone is a word of few languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from segmentation.pattern import pattern
from segmentation.sources.csv.alphabets import ENCODINGS, Alphabet, Script

#: signs that touch words, and those that touch numbers or stand alone
AROUND: Final = "€£¥–—‘’‚“”„…·•®™©«»‹›¡¿\u00a0"
_OPENING: Final = "¿¡"  # that stand before a word, and never alone or behind one
ALONE: Final = frozenset("§°ºª½¼¾²³±×´`µC0123456789" + AROUND) - frozenset(_OPENING)
#: a number's sign (N°, nº), an abbreviation (Mª, Dº), units (m², µg) and what stands at numbers (20°, 1ª)
_MARKED: Final = pattern(r"[A-Za-z]{1,3}[°ºª²³]|[0-9]+[°ºª²³½¼¾]?[A-Za-z]{0,3}|µ[A-Za-z]{1,3}")
_APOSTROPHE: Final = "’"
WIDE: Final = ("Japanese", "Chinese", "Korean")
#: letters of the scripts that are no Latin; a word has those of one
_LETTERS: Final[Mapping[Script, str]] = {
    "Cyrillic": r"[Ѐ-ӿ]+",
    "Greek": r"[Ͱ-Ͽ]+",
    "Hebrew": r"[\u05b0-\u05f4]+",
    "Arabic": r"[\u0600-\u06ff\u200c]+",
    "Thai": r"[\u0e01-\u0e5b]+",
    "Japanese": r"[\u3005-\u3007\u3041-\u30fe\u4e00-\u9fff\uff01-\uff9f]+",
    "Chinese": r"[\u3005-\u3007\u4e00-\u9fff\uff01-\uff5e]+",
    "Korean": r"[\uac00-\ud7a3]+",
}
#: of East Asia: what all signs of a text can be written in, and the lead bytes of those that are common, with their number
NARROW: Final[Mapping[str, tuple[str, range, int]]] = {
    "shift_jis": ("shift_jis", range(0x81, 0x99), 3500),
    "euc-jp": ("euc-jp", range(0xA4, 0xD0), 3130),
    "gb18030": ("gb2312", range(0xB0, 0xD8), 3755),
    "big5": ("big5", range(0xA4, 0xC7), 5401),
    "euc-kr": ("euc-kr", range(0xB0, 0xC9), 2350),
}


def is_word(word: str, name: str) -> bool:
    """Whether a word is one of the script of an encoding, or signs as they stand beside words and numbers."""
    bare = word.rstrip("".join({*AROUND} - {*_OPENING})).lstrip(AROUND)
    if ALONE.issuperset(word) or (bare and (bare.isascii() or _MARKED.fullmatch(bare))):
        return True
    alphabet = ENCODINGS[name]
    if alphabet.script == "Latin":
        parts = [part for part in bare.split(_APOSTROPHE) if part]
        return bool(parts) and all(_is_latin(part, alphabet) for part in parts)
    if len(bare) == 1 and alphabet.script not in WIDE:
        return bare in alphabet.alone
    if pattern(_LETTERS[alphabet.script]).fullmatch(bare) is None:
        return False
    return _is_encoded(bare, name) if alphabet.script in WIDE else _has_case_of_a_word(bare)


def _is_latin(part: str, alphabet: Alphabet) -> bool:
    """Whether it is ASCII and letters of an alphabet, none of them a capital behind a small one."""
    if len(part) == 1 and not part.isascii():  # the euro of one table is Ä in another
        return part in alphabet.alone
    letters = letters_of(alphabet)
    return all(sign.isascii() or small(sign) in letters for sign in part) and _has_case_of_a_word(
        part
    )


def _has_case_of_a_word(word: str) -> bool:
    """Whether capitals beyond ASCII begin a word, or all of it is capitals.

    >>> [_has_case_of_a_word(w) for w in ("Änne", "MÜLLER", "MÅller", "иВАНОВ", "McDonaldé")]
    [True, True, False, False, True]
    """
    inner = [sign for sign in word[1:] if not sign.isascii() and sign.isupper()]
    return not inner or not any(sign.islower() for sign in word if sign != "ß")


def _is_encoded(word: str, name: str) -> bool:
    """Whether a word of East Asia holds none but signs that an older table has."""
    try:
        word.encode(NARROW[name][0])
    except UnicodeEncodeError:
        return False
    return True


@cache
def letters_of(alphabet: Alphabet) -> frozenset[str]:
    """The small letters beyond ASCII of all of its languages."""
    return frozenset("".join(alphabet.languages))


def small(sign: str) -> str:
    """A letter as a small one; İ, of which Python makes two signs, stays."""
    return sign if sign == "İ" else sign.lower()


def is_letter(word: str) -> bool:
    """Whether it is no more than a letter, or signs alone."""
    return len(word.strip(AROUND)) <= 1
