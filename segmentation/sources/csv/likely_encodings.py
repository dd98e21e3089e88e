"""Which encodings are likely for a text: not those that read its bytes, but those that give words.

Nearly every table of 256 signs reads nearly every file. So the words with letters beyond ASCII are
looked at as each would have them: letters of one alphabet, in the case that words have, and no signs
between them. Where several stay likely, nobody but a person can tell.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.errors import commonest
from segmentation.pattern import pattern

MOST_WORDS: Final = 20_000  # that are looked at
MOST_LETTERS: Final = 8  # that are named
LEAST_SOUND: Final = 0.9  # of the words
#: signs that no text has within a line: they stand where a text is read by a wrong table
_NO_SIGNS: Final = frozenset(map(chr, range(0x7F, 0xA0)))
_WORD: Final = pattern(r"[A-Za-z\u0080-\U0010ffff]+")
#: signs that touch words, and those that touch numbers or stand alone
_AROUND: Final = "€£¥–—‘’‚“”„…·•®™©«»‹›¡¿\u00a0"
_ALONE: Final = frozenset("§°º½¼¾²³±×´`µC" + _AROUND)
_APOSTROPHE: Final = "’"
_WESTERN: Final = frozenset("äöüßáàâãåæçéèêëíìîïñóòôõøœúùûýÿ") | frozenset(
    "ÄÖÜÁÀÂÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛÝ"
)
_CENTRAL: Final = frozenset("äöüßáâăąćčçďđéęëěíîłľĺńňóôőŕřśšşťţúůűýźžż") | frozenset(
    "ÄÖÜÁÂĂĄĆČÇĎĐÉĘËĚÍÎŁĽĹŃŇÓÔŐŔŘŚŠŞŤŢÚŮŰÝŹŽŻ"
)
_CYRILLIC: Final = pattern(r"[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]+")
_WORDS_OF_ONE: Final = frozenset("аявикосуієё")
_CJK: Final = pattern(r"[\u3005-\u3007\u3041-\u30fe\u4e00-\u9fa5\uff01-\uff5e]+")


def _is_latin(word: str, letters: frozenset[str]) -> bool:
    """Whether a word is one of an alphabet that is ASCII for the most part, and no letter is a capital within it."""
    parts = [part for part in word.strip(_AROUND).split(_APOSTROPHE) if part]
    return _ALONE.issuperset(word) or all(_is_part(part, letters) for part in parts)


def _is_part(part: str, letters: frozenset[str]) -> bool:
    beyond = [sign for sign in part if not sign.isascii()]
    is_cased = not any(
        one.islower() and other.isupper() and not other.isascii() for one, other in pairwise(part)
    )
    is_sign = len(part) == 1 and part.isupper()  # the euro of one table is Ä in another
    return letters.issuperset(beyond) and is_cased and not is_sign


def _is_encoded(word: str, narrow: str) -> bool:
    """Whether a word of East Asia holds none but common signs: those that an older table has."""
    bare = word.strip(_AROUND)
    if not bare or _CJK.fullmatch(bare) is None:
        return False
    try:
        bare.encode(narrow)
    except UnicodeEncodeError:
        return False
    return True


def _is_cyrillic(word: str) -> bool:
    bare = word.strip(_AROUND)
    if len(bare) == 1:
        return bare.lower() in _WORDS_OF_ONE
    return bare.isascii() or _CYRILLIC.fullmatch(bare) is not None


#: encodings, the most frequent one first, and whether a word is one of the languages that are written in it
_ENCODINGS: Final[dict[str, Callable[[str], bool]]] = {
    "windows-1252": lambda word: _is_latin(word, _WESTERN),
    "windows-1250": lambda word: _is_latin(word, _CENTRAL),
    "windows-1251": _is_cyrillic,
    "shift_jis": lambda word: _is_encoded(word, "shift_jis"),
    "gb18030": lambda word: _is_encoded(word, "gb2312"),
    "mac-roman": lambda word: _is_latin(word, _WESTERN),
}
_OF_LATIN: Final = ("windows-1252", "windows-1250", "mac-roman")
_OF_LETTERS: Final = (*_OF_LATIN, "windows-1251")


@dataclass(frozen=True)
class Likely:
    """An encoding that gives words, and the letters beyond ASCII that it reads, the most frequent first."""

    name: str
    letters: tuple[str, ...]

    @property
    def told(self) -> str:
        """What it is, and some letters that it reads, in their order: signs of East Asia are whole names, and not told."""
        known = sorted(self.letters[:MOST_LETTERS]) if self.name in _OF_LETTERS else ()
        return f"`encoding: {self.name}`" + (f" reads {' '.join(known)}" if known else "")


def likely(blocks: Callable[[], Iterable[bytes]]) -> Sequence[Likely]:
    """The encodings that are likely; `blocks` gives the bytes of a text, once for each."""
    found = (_judged(name, is_word, blocks()) for name, is_word in _ENCODINGS.items())
    by_letters = {one.letters: one for one in [*found][::-1] if one is not None}
    return [*by_letters.values()][::-1]  # of those that read the same, the first


def _judged(name: str, is_word: Callable[[str], bool], blocks: Iterable[bytes]) -> Likely | None:
    """The encoding, where all of a text is read by it and most of its words are words."""
    words: Counter[str] = Counter()
    try:
        for text in _decoded(blocks, name):
            if not _NO_SIGNS.isdisjoint(text):
                return None
            if len(words) < MOST_WORDS:
                words.update(word for word in _WORD.findall(text) if not word.isascii())
    except UnicodeDecodeError:
        return None
    sound = sum(number for word, number in words.items() if is_word(word))
    if not words or sound < LEAST_SOUND * words.total():
        return None
    letters = Counter(sign for word in words.elements() for sign in word if not sign.isascii())
    beyond = sum(number for sign, number in letters.items() if sign.isalpha())
    if name in _OF_LATIN and 2 * beyond > sum(map(len, words.elements())) + 1:
        return None  # in no language that is written in it are most letters beyond ASCII
    return Likely(name, tuple(commonest(letters)))


def _decoded(blocks: Iterable[bytes], name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)()
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
