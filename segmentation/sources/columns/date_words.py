"""The words of dates in seven languages, as English has them: `25. Januar 2023` is `25. January 2023`.

A column is read as it stands where that can be done; only what is left over is put into these plain
words, and read by the same formats. So a format never lists languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

#: each month as English, German, French, Spanish, Italian, Dutch and Polish have it, full and short, in small letters
MONTHS: Final[Mapping[str, str]] = {
    "January": "january jan januar jänner jän janvier janv enero ene gennaio gen januari stycznia styczeń sty",
    "February": "february feb februar feber février fevrier févr fevr fév fev febrero febbraio febb februari lutego luty lut",
    "March": "march mar märz maerz mär mrz mars marzo maart mrt marca marzec",
    "April": "april apr avril avr abril abr aprile kwietnia kwiecień kwi",
    "May": "may mai mayo maggio mag magg mei maja maj",
    "June": "june jun juni juin junio giugno giu czerwca czerwiec cze",
    "July": "july jul juli juillet juil julio luglio lug lipca lipiec lip",
    "August": "august aug août aout aoû agosto ago augustus sierpnia sierpień sie",
    "September": "september sep sept septembre septiembre setiembre set settembre sett września wrzesień wrz",
    "October": "october oct oktober okt octobre octubre ottobre ott października październik paź",
    "November": "november nov novembre noviembre listopada listopad lis",
    "December": "december dec dezember dez décembre decembre déc diciembre dic dicembre grudnia grudzień gru",
}

#: the days of the week likewise, but `mar`: that may be a Tuesday, or March
WEEKDAYS: Final = """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo mié mie jue vie sáb sab dom
    lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi venerdì venerdi sabato domenica gio
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
    poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob ndz niedz
"""


def _either(words: str) -> str:
    """A pattern of any of the words, longest first: `mar` is no match in `mars`."""
    return "|".join(sorted(map(re.escape, words.split()), key=lambda word: (-len(word), word)))


#: what stands behind a time, or before one, and says no more
_HOURS: Final = r"(?:Uhr|hs|hrs?|h|horas|heures|uur)\.?"
_AT: Final = r",? (?:at|um|à|a las|alle|ore)"
_OF: Final = r" (?:de|del|of)"
_MONTH: Final = "|".join(MONTHS)
#: what is replaced by what, in this order
_PLAIN: Final[tuple[tuple[str, str], ...]] = (
    (r"[\s\u00a0\u202f]+", " "),  # spreadsheets put narrow blanks before AM
    (r"^ ?'?| $", ""),  # 'marks a text in spreadsheets
    (r" \([^()]*\)$", ""),  # (Central European Standard Time)
    (rf"(?i)^(?:{_either(WEEKDAYS)})[.,]* ", ""),
    (r"(?i)^mar[.,]* (\d+\.? [\pL]{3})", "$1"),
    *(
        (rf"(?i)(^|[^\pL])(?:{_either(names)})($|[^\pL])", f"${{1}}{month}${{2}}")
        for month, names in MONTHS.items()
    ),
    (rf"({_MONTH})\.([ ,-]|$)", "$1$2"),
    (r"(?i)(\d)(?:st|nd|rd|th|er|re|º|°)([ ,.]|$)", "$1$2"),
    (rf"(?i){_OF} ({_MONTH}|\d)", " $1"),
    (rf"(?i){_AT} (\d)", " $1"),
    (rf"(?i)(:\d\d) ?{_HOURS}$", "$1"),
    (r"(?i) ?Uhr$", ""),
    (r"^(\d{4})-?W(\d\d)$", "$1-W$2-1"),  # a week stands for its Monday
    (r"(\d)h(\d\d)", "$1:$2"),
    (r"(?i)(\d) ?([ap])\.? ?m\b\.?", "$1 ${2}M"),
    (r"(\d:\d\d),(\d)", "$1.$2"),
    (r"(:\d\d) ([A-Z]{3,4}|[+-]\d{4}) (\d{4})$", "$1 $3 $2"),  # the zone before the year
    (r"(\d)t(\d\d:)", "${1}T$2"),
    (r"(\d)z$", "${1}Z"),
)


#: and what becomes of a format likewise
_PLAIN_SHAPES: Final = (
    (r"(?<=\S)%p", " %p"),
    (rf"(?i)(?:{_OF}|{_AT}) (?=%)", " "),
    (rf"(?i)(?<=%[MS]) ?{_HOURS}$", ""),
    (r"^%G-?W%V$", "%G-W%V-%u"),
)


#: what dates of numbers alone do not have: most patterns are long, and are not compiled for those
_SAYS_MORE: Final = r"[^0-9:./TZ +-]|  |^ | $"


def in_plain_words(texts: pl.Series) -> pl.Series:
    """Dates with English months, without the day of the week, ordinals, and words around the time.

    >>> in_plain_words(pl.Series(["Mi., 2. März 2023", "25th Jan 2023", "10:33 p.m."])).to_list()
    ['2. March 2023', '25 January 2023', '10:33 pM']
    """
    if not texts.str.contains(_SAYS_MORE).any():
        return texts
    found = pl.col("text")
    for pattern, plain in _PLAIN:
        found = found.str.replace_all(pattern, plain)
    return texts.alias("text").to_frame().select(found).to_series()


def shape_in_plain_words(shape: str) -> str:
    """A format that reads what `in_plain_words` gives as it reads what was there before.

    >>> shape_in_plain_words("%A, %d. %b %Y %I:%M%p")
    '%d. %B %Y %I:%M %p'
    >>> shape_in_plain_words("%d de %B de %Y a las %H:%M hs."), shape_in_plain_words("%G-W%V")
    ('%d %B %Y %H:%M', '%G-W%V-%u')
    """
    found = re.sub(r"^%[aA][.,]*\s*", "", shape).replace("%b", "%B").replace("%h", "%B")
    for written, put in _PLAIN_SHAPES:
        found = re.sub(written, put, found)
    return found


Wording = tuple[Callable[[pl.Series], pl.Series], Callable[[str], str]]


def _stripped(texts: pl.Series) -> pl.Series:
    return texts.str.strip_chars()


def _as_it_is(shape: str) -> str:
    return shape


WORDINGS: Final[tuple[Wording, ...]] = (
    (_stripped, _as_it_is),
    (in_plain_words, shape_in_plain_words),
)
"""Ways to put texts that no format reads as they stand, each with what becomes of the format."""
