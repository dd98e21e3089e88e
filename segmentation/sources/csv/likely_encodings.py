"""Which encodings are likely for a text: not those that read its bytes, but those that give words.

Nearly every table of 256 signs reads nearly every file. So the words with letters beyond ASCII are
looked at as each would have them: letters of one script, in the case that words have, and no signs
between them. A letter alone is a word of few languages, and proves none of another script: "à" is read by
the Cyrillic table as a letter that is a word there, too. Of those that give words the likeliest come first, by
how frequent their letters are in a language; what is far behind is dropped. Where several stay likely, nobody
but a person can tell.
"""

from __future__ import annotations

import codecs
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import commonest
from segmentation.pattern import pattern
from segmentation.sources.csv.alphabets import ENCODINGS, Alphabet, Script

MOST_WORDS: Final = 20_000  # that are looked at
MOST_BYTES: Final = 1 << 20  # of lines that are not ASCII: enough to tell
MOST_LETTERS: Final = 8  # that are named
MOST_NAMED: Final = 4  # encodings
LEAST_SOUND: Final = 0.9  # of the words
FEW_LETTERS: Final = 12  # tell nothing of how many are beyond ASCII
#: as logarithms of odds, like all that are added up here
CLEARLY: Final = 8.0  # one to three thousand: what is so far behind the likeliest is dropped
_EACH_PLACE: Final = 0.25  # further down in the table, an encoding is rarer
_NO_WORD: Final = -7.0
_CAPITAL: Final = -0.3  # within a word
_LONE_CAPITAL: Final = -8.0
_TWO_VOWELS: Final = -2.0  # or a consonant beyond ASCII between two others
_SIGN: Final = -3.9
_OTHER_LANGUAGE: Final = -6.9
_NO_LANGUAGE: Final = -11.5
_SPAN: Final = 30  # how much more frequent the first letter of a language is than its last
#: signs that no text has within a line: they stand where a text is read by a wrong table
_NO_SIGNS: Final = frozenset(map(chr, range(0x7F, 0xA0)))
_WORD: Final = pattern(r"[A-Za-z0-9\u0080-\U0010ffff]+")
_LINE_END: Final = b"\n"
#: signs that touch words, and those that touch numbers or stand alone
_AROUND: Final = "€£¥–—‘’‚“”„…·•®™©«»‹›¡¿\u00a0"
_OPENING: Final = "¿¡"  # that stand before a word, and never alone or behind one
_ALONE: Final = frozenset("§°ºª½¼¾²³±×´`µC0123456789" + _AROUND) - frozenset(_OPENING)
#: a number's sign (N°, nº), an abbreviation (Mª, Dº), units (m², µg) and what stands at numbers (20°, 1ª)
_MARKED: Final = pattern(r"[A-Za-z]{1,3}[°ºª²³]|[0-9]+[°ºª²³½¼¾]?[A-Za-z]{0,3}|µ[A-Za-z]{1,3}")
_NUMBER_SIGN: Final = pattern(r"[Nn][°º]")
_APOSTROPHE: Final = "’"
_VOWELS: Final = pattern(r"(?=[аеёиоуыэюяіїє]{2})")
#: of Latin words, as `_sounds` has them: a letter beyond ASCII (V, C) that stands where none of its kind does
_OUT_OF_PLACE: Final = pattern(r"(?<=[Vv])V|V(?=v)|(?<=[Cc])C(?=[Cc])")
_LATIN_VOWELS: Final = frozenset("aeiouyæøœı")
_CASED: Final = ("Latin", "Cyrillic", "Greek")
_WIDE: Final = ("Japanese", "Chinese", "Korean")
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
_NARROW: Final[Mapping[str, tuple[str, range, int]]] = {
    "shift_jis": ("shift_jis", range(0x81, 0x99), 3500),
    "euc-jp": ("euc-jp", range(0xA4, 0xD0), 3130),
    "gb18030": ("gb2312", range(0xB0, 0xD8), 3755),
    "big5": ("big5", range(0xA4, 0xC7), 5401),
    "euc-kr": ("euc-kr", range(0xB0, 0xC9), 2350),
}
#: tried by hand: the last two read every file
_COMMON: Final = ("windows-1252", "cp850", "latin-1")
Blocks = Callable[[], Iterable[bytes]]


# -- whether it is a word -------------------------------------------------------------------------


def _is_word(word: str, name: str) -> bool:
    """Whether a word is one of the script of an encoding, or signs as they stand beside words and numbers."""
    bare = word.rstrip("".join({*_AROUND} - {*_OPENING})).lstrip(_AROUND)
    if _ALONE.issuperset(word) or (bare and (bare.isascii() or _MARKED.fullmatch(bare))):
        return True
    alphabet = ENCODINGS[name]
    if alphabet.script == "Latin":
        parts = [part for part in bare.split(_APOSTROPHE) if part]
        return bool(parts) and all(_is_latin(part, alphabet) for part in parts)
    if len(bare) == 1 and alphabet.script not in _WIDE:
        return bare in alphabet.alone
    if pattern(_LETTERS[alphabet.script]).fullmatch(bare) is None:
        return False
    return _is_encoded(bare, name) if alphabet.script in _WIDE else _has_case_of_a_word(bare)


def _is_latin(part: str, alphabet: Alphabet) -> bool:
    """Whether it is ASCII and letters of an alphabet, none of them a capital behind a small one."""
    if len(part) == 1 and not part.isascii():  # the euro of one table is Ä in another
        return part in alphabet.alone
    letters = _letters(alphabet)
    return all(sign.isascii() or _small(sign) in letters for sign in part) and _has_case_of_a_word(
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
        word.encode(_NARROW[name][0])
    except UnicodeEncodeError:
        return False
    return True


@cache
def _letters(alphabet: Alphabet) -> frozenset[str]:
    return frozenset("".join(alphabet.languages))


def _small(sign: str) -> str:
    return sign if sign == "İ" else sign.lower()


def _is_letter(word: str) -> bool:
    """Whether it is no more than a letter, or signs alone."""
    return len(word.strip(_AROUND)) <= 1


# -- how likely it is -----------------------------------------------------------------------------


def _odds(words: Iterable[str], name: str) -> float:
    """How likely words are in the language of an encoding that they fit best: a logarithm."""
    alphabet = ENCODINGS[name]
    every = list(words)
    seen = sum(_NO_WORD for word in every if not _is_word(word, name))
    if alphabet.script in _WIDE:
        return seen + sum(_of_wide(sign, name) for word in every for sign in word)
    if alphabet.script in _CASED:
        seen += sum(_CAPITAL for word in every for sign in word[1:] if sign.isupper())
        lone = (word for word in every if len(word) == 1 and word.isupper())
        seen += sum(_LONE_CAPITAL for _ in lone)
    if alphabet.script == "Latin":
        seen += sum(_TWO_VOWELS * len(_OUT_OF_PLACE.findall(_sounds(word))) for word in every)
    if alphabet.script == "Cyrillic":
        seen += sum(_TWO_VOWELS * len(_VOWELS.findall(word.lower())) for word in every)
    signs = Counter(_small(sign) for word in every for sign in word if not sign.isascii())
    seen -= sum(_SIGN for word in every if _NUMBER_SIGN.fullmatch(word))  # as usual as a letter
    return seen + max(
        sum(n * _of_sign(sign, language, alphabet) for sign, n in signs.items())
        for language in alphabet.languages
    )


def _sounds(word: str) -> str:
    """The vowels (v) and consonants (c) of a Latin word, large ones for letters beyond ASCII.

    >>> _sounds("Müller"), _sounds("Mčller")
    ('cVccvc', 'cCccvc')
    """
    bases = (unicodedata.normalize("NFD", sign.lower())[0] for sign in word)
    kinds = ["v" if base in _LATIN_VOWELS else "c" for base in bases]
    return "".join(k if s.isascii() else k.upper() for k, s in zip(kinds, word, strict=True))


def _of_sign(sign: str, language: str, alphabet: Alphabet) -> float:
    if sign in language:
        return _of_letter(language)[sign]
    if sign in _AROUND or sign in _ALONE or sign in "°º":
        return _SIGN
    return _OTHER_LANGUAGE if sign in _letters(alphabet) else _NO_LANGUAGE


@cache
def _of_letter(language: str) -> Mapping[str, float]:
    """How likely each letter of a language is, of those that its string has in the order of their frequency."""
    last = max(1, len(language) - 1)
    parts = {letter: _SPAN ** (-place / last) for place, letter in enumerate(language)}
    whole = sum(parts.values())
    return {letter: math.log(part / whole) for letter, part in parts.items()}


def _of_wide(sign: str, name: str) -> float:
    """How likely a sign of East Asia is: the common ones stand together in the older tables."""
    if sign.isascii():
        return 0.0
    table, common, number = _NARROW[name]
    try:
        lead = sign.encode(table)[0]
    except UnicodeEncodeError:
        return 2 * _NO_LANGUAGE
    return math.log(0.97 / number) if lead in common else math.log(0.03 / number)


# -- of texts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likely:
    """An encoding that gives words, and the letters beyond ASCII that it reads, the most frequent first."""

    name: str
    letters: tuple[str, ...]
    odds: float

    @property
    def told(self) -> str:
        """What it is, and some letters that it reads, in their order: signs of East Asia are whole names, and not told."""
        script = ENCODINGS[self.name].script if self.name in ENCODINGS else "Latin"
        known = " ".join(sorted(self.letters[:MOST_LETTERS]))
        reads = script if script in _WIDE else known
        return f"`encoding: {self.name}`" + (f" reads {reads}" if reads else "")


def likely(texts: Sequence[Blocks]) -> Sequence[Likely]:
    """The encodings that are likely for each of some texts, the likeliest first; each text gives its bytes."""
    samples = [_sample(text()) for text in texts]
    found = [_of_all(name, samples) for name in ENCODINGS]
    by_letters = {one.letters: one for one in found[::-1] if one is not None}
    every = sorted(by_letters.values(), key=lambda one: -one.odds)
    near = (one for one in every if one.odds >= every[0].odds - CLEARLY)
    return [*islice((one for one in near if _read(one.name, texts)), MOST_NAMED)]


def common(texts: Sequence[Blocks]) -> Sequence[Likely]:
    """The encodings that are tried first where none is likely, and what they read; there are several always."""
    samples = [_sample(text()) for text in texts]
    found = (_read_by(name, samples) for name in _COMMON)
    return [one for one in found if one is not None]


def _read_by(name: str, samples: Sequence[bytes]) -> Likely | None:
    try:
        text = "".join(sample.decode(name) for sample in samples)
    except UnicodeDecodeError:
        return None
    signs = Counter(sign for sign in text if not sign.isascii() and sign.isprintable())
    return Likely(name, tuple(commonest(signs)), 0.0)


def _sample(blocks: Iterable[bytes]) -> bytes:
    """The first lines that are not ASCII, as many as tell."""
    found, size, rest = [], 0, b""
    for block in blocks:
        *lines, rest = (rest + block).replace(b"\r", _LINE_END).split(_LINE_END)
        beyond = [line for line in lines if not line.isascii()]
        found += beyond
        size += sum(map(len, beyond))
        rest = rest if len(rest) < MOST_BYTES else b""
        if size > MOST_BYTES:
            return _LINE_END.join(found)
    return _LINE_END.join([*found, *([] if rest.isascii() else [rest])])


def _read(name: str, texts: Sequence[Blocks]) -> bool:
    """Whether all of some texts can be read by an encoding, and no sign in them is one that no text has."""
    return all(_is_read(text(), name) for text in texts)


def _is_read(blocks: Iterable[bytes], name: str) -> bool:
    try:
        return all(_NO_SIGNS.isdisjoint(text) for text in _decoded(blocks, name))
    except UnicodeDecodeError:
        return False


def _of_all(name: str, samples: Sequence[bytes]) -> Likely | None:
    """The encoding with the letters that it reads in all of the texts; None where one of them is none of its words."""
    every: Counter[str] = Counter()
    for sample in samples:
        words = _words(sample, name)
        if words is None or not _are_words(words, name):
            return None
        every.update(words)
    letters = Counter(sign for word in every.elements() for sign in word if not sign.isascii())
    place = [*ENCODINGS].index(name)
    return Likely(name, tuple(commonest(letters)), _odds(every, name) - _EACH_PLACE * place)


def _words(sample: bytes, name: str) -> Counter[str] | None:
    """The words with letters beyond ASCII; None where not all of a text is read by an encoding."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return None
    if not _NO_SIGNS.isdisjoint(text):
        return None
    words = (word for word in _WORD.findall(text) if not word.isascii())
    return Counter(islice(words, MOST_WORDS))


def _are_words(words: Mapping[str, int], name: str) -> bool:
    """Whether most are words of an encoding's script; letters alone, as those among Latin words, prove no other one."""
    is_latin = ENCODINGS[name].script == "Latin"
    longer = {word: number for word, number in words.items() if not _is_letter(word)}
    judged = words if is_latin else longer
    sound = sum(number for word, number in judged.items() if _is_word(word, name))
    if not judged or sound < LEAST_SOUND * sum(judged.values()):
        return False
    # in no language that is written in Latin letters are most of them beyond ASCII
    beyond = sum(n * sum(map(_is_beyond, word)) for word, n in longer.items())
    every = sum(n * len(word) for word, n in longer.items())
    return not is_latin or every < FEW_LETTERS or 2 * beyond <= every + 1


def _is_beyond(sign: str) -> bool:
    return sign.isalpha() and not sign.isascii()


def _decoded(blocks: Iterable[bytes], name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)()
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
