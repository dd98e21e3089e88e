"""Encodings of older programs, and the letters of the languages that are written in them.

The rows are data: an encoding more is one line in `ENCODINGS`, a language more is one line of its letters.
"""

from __future__ import annotations

from typing import Final, Literal

from segmentation.dataclass import dataclass

Script = Literal[
    "Latin", "Cyrillic", "Greek", "Hebrew", "Arabic", "Thai", "Japanese", "Chinese", "Korean"
]


@dataclass(frozen=True)
class Alphabet:
    """Languages by their letters beyond ASCII, small ones, the most frequent first.

    `alone` are those that are a word of one letter (à, é, ő).
    """

    script: Script
    languages: tuple[str, ...]
    alone: str = ""


_GERMAN: Final = "üäößé"
_WESTERN: Final = (
    _GERMAN,
    "éèàêçôîâûëùïœæÿ",  # French
    "óíáéñúü",  # Spanish
    "ãçáéíóêõúâôàü",  # Portuguese
    "àèòùìé",  # Italian
    "ëéïèöüê",  # Dutch
    "äöåé",  # Swedish, Finnish
    "øåæéöäü",  # Danish, Norwegian
    "áðíóéöúþæý",  # Icelandic
    "àéóèíçúïüò",  # Catalan
)
_CENTRAL: Final = (
    "łóążęśćńź",  # Polish
    "áíéěšřčýžůúóťňď",  # Czech
    "áíéčšýúžľťóôňďäĺŕ",  # Slovak
    "áéöóőüíúű",  # Hungarian
    "ăşîţâ",  # Romanian
    "čšžćđ",  # Croatian, Slovene, Serbian
    "ëç",  # Albanian
    _GERMAN,
)
_TURKISH: Final = ("ışüğçöİâî",)
_BALTIC: Final = ("ėšžįųūąčę", "āīēšņūķļžģčŗ", "äõöüšž")  # Lithuanian, Latvian, Estonian

WESTERN: Final = Alphabet("Latin", _WESTERN, "àáèéíòóåæöøÀÁÅÉÓÖØ")
#: È, which a table of an old Mac reads where this one reads é
WINDOWS: Final = Alphabet("Latin", _WESTERN, WESTERN.alone + "È")
CENTRAL: Final = Alphabet("Latin", _CENTRAL, "áéíóöőŐÁÉÓÖ")
TURKISH: Final = Alphabet("Latin", _TURKISH, "öÖşŞıİ")
BALTIC: Final = Alphabet("Latin", _BALTIC, "šŠžŽ")
CYRILLIC: Final = Alphabet(
    "Cyrillic",
    (
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",  # Russian
        "оаниівртесклдпумязьгбчйшхцжюєїщфґ",  # Ukrainian
        "аоиетнрсвлкдпмъзгубячщцжйхшюфь",  # Bulgarian
        "аоиенрстукјвдмплгзбчшжцћњљђхфџ",  # Serbian
    ),
    "аявикосуієёАЯВИКОСУІЄЁ",
)
GREEK: Final = Alphabet("Greek", ("αοιετνσηρπκςμλυόίάέωδγήχθύφώβξζψϊΐϋΰ",), "οηΟΗή")
HEBREW: Final = Alphabet("Hebrew", ("יולאהמרתבשנדקפחעםצטגכןסזךףץ",))
ARABIC: Final = Alphabet("Arabic", ("اليمنرتوبدعفسهقحكجةشصطخأىذإضغزثؤئءظآ",), "و")
THAI: Final = Alphabet("Thai", ("านรกอเงมยลวดตทสปบหคแจพชขใโธณถซผภศไฟญษฐฉฤฒฮฎฏฆฬฌ",))
JAPANESE: Final = Alphabet("Japanese", ())
CHINESE: Final = Alphabet("Chinese", ())
KOREAN: Final = Alphabet("Korean", ())

#: encodings by the name that is declared, the most frequent first
ENCODINGS: Final[dict[str, Alphabet]] = {
    "windows-1252": WINDOWS,
    "windows-1251": CYRILLIC,
    "shift_jis": JAPANESE,
    "gb18030": CHINESE,
    "windows-1250": CENTRAL,
    "windows-1254": TURKISH,
    "euc-kr": KOREAN,
    "big5": CHINESE,
    "windows-1253": GREEK,
    "windows-1255": HEBREW,
    "windows-1256": ARABIC,
    "windows-1257": BALTIC,
    "cp874": THAI,
    "mac-roman": WESTERN,
    "cp850": WESTERN,
    "koi8-r": CYRILLIC,
    "cp866": CYRILLIC,
    "iso-8859-2": CENTRAL,
    "iso-8859-15": WESTERN,
    "cp852": CENTRAL,
    "euc-jp": JAPANESE,
    "iso-8859-5": CYRILLIC,
    "iso-8859-7": GREEK,
    "cp857": TURKISH,
    "koi8-u": CYRILLIC,
    "mac-cyrillic": CYRILLIC,
    "mac-latin2": CENTRAL,
}
