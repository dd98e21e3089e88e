"""Which encodings are likely for a text: not those that read its bytes, but those that give words.

Nearly every table of 256 signs reads nearly every file. So the words with letters beyond ASCII are
looked at as each would have them: letters of one alphabet, in the case that words have, and no signs
between them. A letter alone is a word of few languages, and proves none of another alphabet: "à" is read by
the Cyrillic table as a letter that is a word there, too. Where several stay likely, nobody but a person can tell.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_OPENING: Final = "¿¡"  # that stand before a word, and never alone
_ALONE: Final = frozenset("§°º½¼¾²³±×´`µC" + _AROUND) - frozenset(_OPENING)
_APOSTROPHE: Final = "’"
_WESTERN: Final = frozenset("äöüßáàâãåæçéèêëíìîïñóòôõøœúùûýÿ") | frozenset(
    "ÄÖÜÁÀÂÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒÚÙÛÝ"
)
_CENTRAL: Final = frozenset("äöüßáâăąćčçďđéęëěíîłľĺńňóôőŕřśšşťţúůűýźžż") | frozenset(
    "ÄÖÜÁÂĂĄĆČÇĎĐÉĘËĚÍÎŁĽĹŃŇÓÔŐŔŘŚŠŞŤŢÚŮŰÝŹŽŻ"
)
_CYRILLIC: Final = pattern(r"[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]+")
#: the words of one letter beyond ASCII in the languages of each alphabet: "à", "é", "ö"; "ő"
_WESTERN_ALONE: Final = frozenset("àáâèéêíòóôåæöøÀÁÅÉÓÖØ")
_CENTRAL_ALONE: Final = frozenset("áéíóöőőŐÁÉÓÖ")
_CYRILLIC_ALONE: Final = frozenset("аявикосуієё")
_CJK: Final = pattern(r"[\u3005-\u3007\u3041-\u30fe\u4e00-\u9fa5\uff01-\uff5e]+")


def _is_latin(word: str, letters: frozenset[str], alone: frozenset[str]) -> bool:
    """Whether a word is one of an alphabet that is ASCII for the most part, and no letter is a capital within it."""
    parts = [part for part in word.strip(_AROUND).split(_APOSTROPHE) if part]
    if not parts:
        return _ALONE.issuperset(word)
    return _ALONE.issuperset(word) or all(_is_part(part, letters, alone) for part in parts)


def _is_part(part: str, letters: frozenset[str], alone: frozenset[str]) -> bool:
    if len(part) == 1 and not part.isascii():  # the euro of one table is Ä in another
        return part in alone
    beyond = [sign for sign in part if not sign.isascii()]
    is_cased = not any(
        one.islower() and other.isupper() and not other.isascii() for one, other in pairwise(part)
    )
    return letters.issuperset(beyond) and is_cased


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
        return bare.lower() in _CYRILLIC_ALONE
    return bare.isascii() or _CYRILLIC.fullmatch(bare) is not None


def _is_letter(word: str) -> bool:
    """Whether it is no more than a letter, or signs alone."""
    return len(word.strip(_AROUND)) <= 1


#: encodings, the most frequent one first, and whether a word is one of the languages that are written in it
_ENCODINGS: Final[dict[str, Callable[[str], bool]]] = {
    # È, which a table of an old Mac reads where this one reads é
    "windows-1252": lambda word: _is_latin(word, _WESTERN, _WESTERN_ALONE | {"È"}),
    "windows-1250": lambda word: _is_latin(word, _CENTRAL, _CENTRAL_ALONE),
    "windows-1251": _is_cyrillic,
    "shift_jis": lambda word: _is_encoded(word, "shift_jis"),
    "gb18030": lambda word: _is_encoded(word, "gb2312"),
    "mac-roman": lambda word: _is_latin(word, _WESTERN, _WESTERN_ALONE),
}
_OF_LATIN: Final = ("windows-1252", "windows-1250", "mac-roman")
_OF_CYRILLIC: Final = ("windows-1251",)
_OF_LETTERS: Final = (*_OF_LATIN, *_OF_CYRILLIC)
Blocks = Callable[[], Iterable[bytes]]


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


def likely(texts: Sequence[Blocks]) -> Sequence[Likely]:
    """The encodings that are likely for each of some texts; each gives its bytes, once for each encoding."""
    found = (_of_all(name, texts) for name in _ENCODINGS)
    by_letters = {one.letters: one for one in [*found][::-1] if one is not None}
    return [*by_letters.values()][::-1]  # of those that read the same, the first


def _of_all(name: str, texts: Sequence[Blocks]) -> Likely | None:
    """The encoding with the letters that it reads in all of the texts; None where one of them is none of its words."""
    letters: Counter[str] = Counter()
    for blocks in texts:
        words = _words(blocks(), name)
        if words is None or not _are_words(words, name):
            return None
        letters.update(sign for word in words.elements() for sign in word if not sign.isascii())
    return Likely(name, tuple(commonest(letters)))


def _words(blocks: Iterable[bytes], name: str) -> Counter[str] | None:
    """The words with letters beyond ASCII; None where not all of a text is read by an encoding."""
    words: Counter[str] = Counter()
    try:
        for text in _decoded(blocks, name):
            if not _NO_SIGNS.isdisjoint(text):
                return None
            if len(words) < MOST_WORDS:
                words.update(word for word in _WORD.findall(text) if not word.isascii())
    except UnicodeDecodeError:
        return None
    return words


def _are_words(words: Mapping[str, int], name: str) -> bool:
    """Whether most are words of an encoding's languages; letters alone, as those among Latin words, prove no Cyrillic."""
    longer = {word: number for word, number in words.items() if not _is_letter(word)}
    judged = longer if name in _OF_CYRILLIC else words
    sound = sum(number for word, number in judged.items() if _ENCODINGS[name](word))
    if not judged or sound < LEAST_SOUND * sum(judged.values()):
        return False
    # in no language that is written in Latin letters are most of them beyond ASCII
    beyond = sum(n * sum(map(_is_beyond, word)) for word, n in longer.items())
    every = sum(n * len(word) for word, n in longer.items())
    return name not in _OF_LATIN or 2 * beyond <= every + 1


def _is_beyond(sign: str) -> bool:
    return sign.isalpha() and not sign.isascii()


def _decoded(blocks: Iterable[bytes], name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)()
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
