"""Which encodings are likely for a text: not those that read its bytes, but those that give words.

Nearly every table of 256 signs reads nearly every file. So the words with letters beyond ASCII are
looked at as each would have them: letters of one script, in the case that words have, and no signs
between them. A letter alone is a word of few languages, and proves none of another script: "à" is read by
the Cyrillic table as a letter that is a word there, too. Of those that give words the likeliest come first, by
how frequent their letters are in a language; what is far behind is dropped. Where several stay likely, nobody
but a person can tell.

Libraries that guess encodings want running text: of the 36 short texts of names in the tests chardet 7.7 has the
right one first for 26, and its confidence, of some hundredths, does not tell which.
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
from segmentation.sources.csv.alphabets import ENCODINGS, Alphabet
from segmentation.sources.csv.words import (
    ALONE,
    AROUND,
    NARROW,
    WIDE,
    is_letter,
    is_word,
    letters_of,
    small,
)

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
_NUMBER_SIGN: Final = pattern(r"[Nn][°º]")
_VOWELS: Final = pattern(r"(?=[аеёиоуыэюяіїє]{2})")
#: of Latin words, as `_sounds` has them: a letter beyond ASCII (V, C) that stands where none of its kind does
_OUT_OF_PLACE: Final = pattern(r"(?<=[Vv])V|V(?=v)|(?<=[Cc])C(?=[Cc])")
_LATIN_VOWELS: Final = frozenset("aeiouyæøœı")
_CASED: Final = ("Latin", "Cyrillic", "Greek")
#: tried by hand: the last two read every file
_COMMON: Final = ("windows-1252", "cp850", "latin-1")
Blocks = Callable[[], Iterable[bytes]]


# -- how likely it is -----------------------------------------------------------------------------


def _odds(words: Iterable[str], name: str) -> float:
    """How likely words are in the language of an encoding that they fit best: a logarithm."""
    alphabet = ENCODINGS[name]
    every = list(words)
    seen = sum(_NO_WORD for word in every if not is_word(word, name))
    if alphabet.script in WIDE:
        return seen + sum(_of_wide(sign, name) for word in every for sign in word)
    if alphabet.script in _CASED:
        seen += sum(_CAPITAL for word in every for sign in word[1:] if sign.isupper())
        lone = (word for word in every if len(word) == 1 and word.isupper())
        seen += sum(_LONE_CAPITAL for _ in lone)
    if alphabet.script == "Latin":
        seen += sum(_TWO_VOWELS * len(_OUT_OF_PLACE.findall(_sounds(word))) for word in every)
    if alphabet.script == "Cyrillic":
        seen += sum(_TWO_VOWELS * len(_VOWELS.findall(word.lower())) for word in every)
    signs = Counter(small(sign) for word in every for sign in word if not sign.isascii())
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
    if sign in AROUND or sign in ALONE or sign in "°º":
        return _SIGN
    return _OTHER_LANGUAGE if sign in letters_of(alphabet) else _NO_LANGUAGE


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
    table, common, number = NARROW[name]
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
        reads = script if script in WIDE else known
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
    longer = {word: number for word, number in words.items() if not is_letter(word)}
    judged = words if is_latin else longer
    sound = sum(number for word, number in judged.items() if is_word(word, name))
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
