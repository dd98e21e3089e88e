"""Units beside quantities: `2 pcs`, `3 Stk.`, `1,5 kg`, `x2`. They are read where all sampled cells have one of one kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from segmentation.dataclass import dataclass
from segmentation.messages.errors import commonest, listed
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.currencies import CODES

#: what is counted or measured -> how it is written, in small letters without accents
_KINDS: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "pieces": "x × pc pcs pce pces piece pieces unit units ea each stk st stck stuck stueck stueckzahl piece pieces "
        "pz pza pzas pieza piezas ud uds unidad unidades pezzo pezzi stuk stuks szt sztuka sztuki sztuk",
        "kg": "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilo chili",
        "g": "g gr gram grams gramm gramme grammes gramo gramos grammo grammi",
        "l": "l lt ltr liter liters litre litres litro litros litri litr",
        "ml": "ml milliliter millilitre",
        "m": "m mtr meter meters metre metres metro metros metri metr",
        "packs": "pack packs package packages pkg pkt pck packung packungen paket pakete paquet paquets paquete paquetes "
        "pacco pacchi pak pakken paczka paczki opak",
        "boxes": "box boxes ctn carton cartons karton kartons kiste kisten caja cajas scatola scatole doos dozen boite boites",
        "bottles": "btl bottle bottles fl flasche flaschen bouteille bouteilles botella botellas bottiglia bottiglie fles flessen",
    }.items()
}
#: what those kinds measure: two of one measure differ by a factor, and no price is that of both
_MEASURES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pieces", "packs", "boxes", "bottles"), "count"),
    **dict.fromkeys(("kg", "g"), "weight"),
    **dict.fromkeys(("l", "ml"), "volume"),
    "m": "length",
}
_UNIT: Final = r"[^\W\d_]+|×"
_CELL: Final = re.compile(
    rf"\s*(?:(?P<first>{_UNIT})\.?\s*)?[-+−(]?\s*\d[\d.,'’\s]*[-)]?\s*(?:(?P<last>{_UNIT})\.?)?\s*"
)


@dataclass(frozen=True)
class Units:
    """The units beside the numbers of some cells: how often each is written, and the kinds of these."""

    written: Mapping[str, int]
    kinds: tuple[str, ...]
    is_whole: bool
    """Whether every cell has one."""

    @property
    def words(self) -> tuple[str, ...]:
        """How the one unit is written, where every cell has one of one kind; else nothing."""
        return tuple(sorted(self.written)) if self.is_whole and len(self.kinds) == 1 else ()

    @property
    def are_apart(self) -> bool:
        """Whether they are of several kinds that measure different things: each may have its price per unit.

        >>> units_of(["2 kg", "10 Stk", "3 l"]).are_apart, units_of(["500 g", "1 kg"]).are_apart
        (True, False)
        """
        found = [_MEASURES.get(kind, "") for kind in self.kinds]
        return self.is_whole and len(found) > 1 and all(found) and len({*found}) == len(found)

    @property
    def told(self) -> str:
        """The units as they are written, commonest first."""
        return listed([f"{word} ({self.written[word]:,})" for word in commonest(self.written)])


def units_of(cells: Iterable[str | None]) -> Units:
    """The units of some cells, blank ones aside.

    >>> units_of(["2 pcs", "1 pc", None]).words, units_of(["500 g", "1 kg"]).kinds, units_of(["2", "3 kg"]).words
    (('pc', 'pcs'), ('g', 'kg'), ())
    >>> units_of(["1,5 kg", "x"]).words, units_of(["x2", "3 Stk."]).words, units_of(["5 EUR", "7 EUR"]).words
    ((), ('Stk', 'x'), ())
    """
    filled = [cell for cell in cells if cell and cell.strip()]
    if not filled or _unit(filled[0]) is None:  # as in nearly all files
        return Units({}, (), is_whole=False)
    found = [unit for unit in map(_unit, filled) if unit is not None]
    kinds = dict.fromkeys(map(_kind, found))
    return Units(Counter(found), tuple(kinds), is_whole=0 < len(found) == len(filled))


def kind_of(words: Sequence[str]) -> str | None:
    """What units of one kind count; None without any."""
    return _kind(words[0]) if words else None


def without(texts: pl.Series, words: Sequence[str]) -> pl.Series:
    """Texts without these units before or behind their numbers."""
    every = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    behind = texts.str.replace(rf"(?i)([0-9.,\s)-])\s*(?:{every})\.?\s*$", "$1")
    return behind.str.replace(rf"(?i)^\s*(?:{every})\.?\s*([-+(]?\s*[0-9.,])", "$1")


def _unit(cell: str) -> str | None:
    found = _CELL.fullmatch(cell)
    units = [] if found is None else [one for one in found.groups() if one]
    return units[0] if len(units) == 1 and units[0].upper() not in CODES else None


def _kind(word: str) -> str:
    """What a unit counts; a word that is not known counts itself."""
    plain = squeezed(word) or word
    return next((kind for kind, words in _KINDS.items() if plain in words), plain)
