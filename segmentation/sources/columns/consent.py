"""Columns and events that tell who may be written to, by their names and by what they hold.

A yes means may in one column (`newsletter`) and may not in another (`unsubscribed`). The rule that is made
of either leaves out whoever is not plainly said to be willing: what stands there besides is a no.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from segmentation.dataclass import dataclass
from segmentation.messages.errors import listed
from segmentation.pattern import pattern
from segmentation.rules.cell_words import FALSE_WORDS, NOTHING_WORDS, TRUE_WORDS
from segmentation.rules.measures import PURCHASE
from segmentation.rules.operators import (
    CONTAINS,
    ENDS_WITH,
    IS_NOT,
    LESS_THAN,
    MISSING,
    NONE_OF,
    STARTS_WITH,
)
from segmentation.rules.word_tests import none_of, one_of
from segmentation.sources.columns.aliases import squeezed
from segmentation.sources.columns.consent_lists import is_list, is_refusal, refusals_in
from segmentation.sources.columns.consent_words import (
    ALONE,
    ALONE_REFUSALS,
    BOTH,
    CONSENTS,
    ENDINGS,
    EVENTS,
    GIVEN,
    MAIL,
    NEUTRAL,
    NO,
    OF_MAILS,
    OF_ORDERS,
    OF_SENDING,
    OTHER,
    OTHER_CHANNELS,
    REFUSALS,
    REFUSED,
    SURE,
    TURNED,
    YES,
)
from segmentation.sources.columns.contents import Content, squeezed_words
from segmentation.sources.columns.likely import are_dates

Meaning = Literal["may", "may not", "unclear"]
_WRITTEN_AS_FLAGS: Final = frozenset((*TRUE_WORDS, *FALSE_WORDS))
_CONSENT_OF_ORDERS: Final = "consent_of_orders"
_DIGIT: Final = pattern(r"\d")
_BELOW_ZERO: Final = pattern(r"[-−]\s?\d")
#: nobody agreed to mails before it: what is read as a day before is written where there is none
_NO_DAY: Final = "1990-01-01"
_LONGEST: Final = 40  # letters of a word of a name
_ENDING: Final = 6  # letters
_LOOKED_AT: Final = 20  # cells that are tried as dates
_LETTER: Final = pattern(r"[^\W\d_]")
_MOST_WORDS: Final = 20  # of a list of answers; more are texts, or counts
_NOTHING: Final = frozenset(map(squeezed, NOTHING_WORDS))
_KNOWN: Final = GIVEN | REFUSED | YES | NO | _NOTHING


@dataclass(frozen=True)
class Consent:
    """A column that tells who may be written to: the conditions of who must not, and how it was understood.

    There are no conditions where nobody can tell by its name and cells: then a person takes one of `choices`,
    with words of the column that say yes for WORD. Of a list there may be both: what says no, and what may. `words` are its cells where they are
    known words, which are no secret of anybody; `willing` those of them that say that somebody may be written to.
    """

    column: str
    conditions: tuple[Mapping[str, Any], ...]
    said: str
    words: tuple[str, ...] = ()
    choices: tuple[Mapping[str, Any], ...] = ()
    willing: tuple[str, ...] = ()


def meaning_of(name: str) -> Meaning | None:
    """What a yes means in a column of this name; None where it tells nothing of consent.

    A name is understood when all of it is: with one word more than is known (`Newsletter until`), or with two
    that turn each other, what a yes means is "unclear".

    >>> [meaning_of(name) for name in ("Accepts Email Marketing", "Werbesperre", "city")]
    ['may', 'may not', None]
    >>> [meaning_of(name) for name in ("Widerruf der Einwilligung", "Newsletter until")]
    ['may not', 'unclear']
    """
    bare, own = squeezed(name), {*squeezed_words(name)}
    if own & OTHER:
        return "unclear" if own & OF_MAILS else None
    if bare in ALONE_REFUSALS:
        return "may not"
    if not _has(bare, REFUSALS) and bare not in ALONE and not _has(bare, CONSENTS):
        return None
    turns = _turns(bare, is_pair=bool(own & BOTH))
    return "unclear" if turns is None or turns > 1 else ("may", "may not")[turns]


def _turns(bare: str, *, is_pair: bool) -> int | None:
    """How many words of a name turn a yes into a no; None where not all of them are known.

    In a pair (yes/no) the no turns nothing.
    """
    refusing = REFUSALS if is_pair else REFUSALS | TURNED
    plain = CONSENTS | ALONE | GIVEN | NEUTRAL | BOTH | (TURNED if is_pair else frozenset())
    most: dict[int, int] = {0: 0}  # up to each place that words lead to
    for end in range(1, len(bare) + 1):
        for start in range(max(0, end - _LONGEST), end):
            piece = bare[start:end]
            if start in most and (turn := _turn(piece, refusing, plain)) is not None:
                most[end] = max(most.get(end, 0), most[start] + turn)
    return most.get(len(bare))


def _turn(piece: str, refusing: Collection[str], plain: Collection[str]) -> int | None:
    """1 for a piece of a name that turns its yes, 0 for another that is known; None where it is not."""
    stems = [piece[: len(piece) - cut] for cut in range(min(_ENDING, len(piece) - 1) + 1)]
    stems = [
        stem
        for stem in stems
        if stem == piece or (len(stem) >= 4 and piece[len(stem) :] in ENDINGS)
    ]
    if any(stem in refusing for stem in stems):
        return 1
    return 0 if any(stem in plain for stem in stems) else None


def consent_of(one: Content, name: str = "") -> Consent | None:
    """What a column tells of consent, by its name (or another that rules have for it) and its cells."""
    found = _understood(one, name or one.name)
    if found is not None and found.conditions:
        return found
    listed_no = _of_lists(one, name or one.name)
    if found is None or listed_no is not None:
        return listed_no
    return replace(found, choices=tuple(_choices(one, found.column)))


def _of_lists(one: Content, column: str) -> Consent | None:
    """Of lists of words (tags, lists of mails) among which a refusal may stand; any other word says nothing.

    What a person has to decide are the words that may be one.
    """
    is_consent = meaning_of(one.name) is not None or meaning_of(column) is not None
    if not is_list(one, is_consent=is_consent):
        return None
    refusing, likely = refusals_in(one)
    if not refusing and not likely:
        return None
    choices = ({column: _holding(likely)},) if likely else ()
    if not refusing:
        return Consent(column, (), "", choices=choices)
    said = f"whoever has {listed(refusing)} there is left out; whoever has not may still have said no elsewhere"
    return Consent(column, ({column: _holding(refusing)},), said, choices=choices)


def _holding(items: Sequence[str]) -> Mapping[str, Any]:
    return {CONTAINS.name: one_of(items), "ignore_case": True}


def _understood(one: Content, column: str) -> Consent | None:
    meaning = meaning_of(one.name) or meaning_of(column)
    bare = {_said(cell) for cell in one.distinct}
    is_told, is_known = bool(bare & SURE), bare <= _KNOWN
    is_clear = meaning in ("may", "may not")
    if is_told and is_known and (bare <= GIVEN | REFUSED or (not is_clear and bare & GIVEN)):
        return replace(_of_states(column, meaning, one), words=one.distinct)
    if meaning is None or not is_clear:  # of what is a yes?
        return Consent(column, (), "") if is_told or meaning == "unclear" else None
    if bare and bare <= YES | NO:
        return replace(_of_flags(column, meaning, one), words=one.distinct)
    if one.kind in ("date", "count") or _are_days(one):
        return _of_days(column, meaning, one)
    if _are_words(bare, meaning):
        return replace(_of_words(column, meaning, one), words=one.distinct)
    return _of_known_yes(column, meaning, one) or _of_others(column, meaning, one)


def _of_known_yes(column: str, meaning: Meaning, one: Content) -> Consent | None:
    """Of texts among which a yes and a no are known: whoever has another than that yes is left out.

    None where nothing says yes or nothing says no, and where the others are numbers: they may be a yes.
    """
    willing = GIVEN | (YES if meaning == "may" else NO | _NOTHING - REFUSED)
    objecting = REFUSED | (NO if meaning == "may" else YES)
    kept = [cell for cell in one.distinct if _said(cell) in willing]
    others = [cell for cell in one.distinct if cell not in kept]
    is_no = any(_said(cell) in objecting or is_refusal(cell) for cell in others)
    if not kept or not is_no or any(_is_number(cell) for cell in others):
        return None
    test = _but_exactly(column, kept)
    if meaning == "may":
        said = f"{listed(kept)} is read as consent: {_only(kept)}"
        return Consent(column, (test,), said, willing=tuple(kept))
    said = f"{listed(kept)} is read as no refusal: who has that there, or nothing, is written to"
    test = {"all": [{column: {MISSING.name: False}}, test]}
    return Consent(column, (test,), said, willing=tuple(kept))


def _is_number(cell: str) -> bool:
    """Whether a cell is a number that says neither yes nor no."""
    return _said(cell) not in _KNOWN and not _LETTER.search(cell)


def _but_exactly(column: str, kept: Sequence[str]) -> Mapping[str, Any]:
    """Everybody but who has one of these words; a yes or no is compared as a text, as other texts are no flags."""
    if not any(map(_is_flag, kept)):
        return {column: none_of(kept)}
    return {"not": {column: _exactly(kept)}}


def _exactly(words: Sequence[str]) -> Mapping[str, Any]:
    one = one_of(words)
    return {STARTS_WITH.name: one, ENDS_WITH.name: one, "ignore_case": True}


def is_of_another_channel(name: str) -> bool:
    """Whether a name tells of letters, calls or the like, and of no mail.

    >>> is_of_another_channel("Accepts SMS Marketing"), is_of_another_channel("Accepts Marketing")
    (True, False)
    """
    own = {*squeezed_words(name)}
    return bool(own & OTHER_CHANNELS) and not own & MAIL - {"marketing"}


def _said(cell: str) -> str:
    """A cell as its words are compared; a number below zero keeps its sign."""
    return cell.strip() if _BELOW_ZERO.match(cell.strip()) else squeezed(cell)


def consent_with_orders(one: Content, name: str = "") -> Consent | None:
    """What a column of orders tells of consent: by its name and by words that are known, or nothing."""
    names = (one.name, name or one.name)
    if any(_is_of_what_is_bought(each) for each in names) or not any(map(meaning_of, names)):
        return None
    found = consent_of(one, name)
    return found if found is not None and found.conditions else None


def _is_of_what_is_bought(name: str) -> bool:
    """Whether a name may as well tell of an order: Subscription, Permission."""
    bare, own = squeezed(name), {*squeezed_words(name)}
    if own & MAIL and bare not in MAIL - {"marketing"}:
        return False
    is_bought = _has(bare, OF_ORDERS) and not _has(bare, REFUSALS)
    return is_bought or bare in ALONE | ALONE_REFUSALS


def by_last_order(
    found: Sequence[Consent],
) -> tuple[Mapping[str, Mapping[str, Any]], list[Consent]]:
    """Features of what the last order says in some columns, and the consents that they are.

    Of orders of one moment the last is not known. A feature has the first word by letters; where that may
    be a yes beside a no, rows are asked instead: whether a yes came after every no.
    """
    names = [_CONSENT_OF_ORDERS + (f"_{i}" if i > 1 else "") for i in range(1, len(found) + 1)]
    pairs = [*zip(names, found, strict=True)]
    features = {name: {"last": one.column} for name, one in pairs if not _may_hide_a_no(one)}
    return features, [
        _by_rows(one) if _may_hide_a_no(one) else _renamed(one, name) for name, one in pairs
    ]


def _may_hide_a_no(one: Consent) -> bool:
    """Whether a word that says yes stands before one that does not by letters; words that are not known may."""
    others = [word for word in one.words if word not in one.willing]
    return bool(one.willing) and (not one.words or any(min(one.willing) < each for each in others))


def _by_rows(one: Consent) -> Consent:
    """Whoever said no with an order, and yes with none that is later; of a consent also who never said yes."""
    said_yes, said_no = map(_bought_with, _yes_and_no(one))
    again = {"did": said_no, "did_not": {**said_yes, "since": said_no}}
    never = () if meaning_of(one.column) == "may not" else ({"did_not": said_yes},)
    said = f"{one.said}, as the last order has it, and of orders of one day the no"
    return replace(one, conditions=(again, *never), said=said)


def _yes_and_no(one: Consent) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What orders have that say yes, and those that say no."""
    name, filled = one.column, {MISSING.name: False}
    if not one.words and any(map(_is_flag, one.willing)):
        yes = {name: _exactly(one.willing)}
        return yes, {name: filled, "not": yes}
    if one.words and all(map(_is_flag, one.words)):
        is_yes = one.willing[0].strip().lower() in TRUE_WORDS
        return {name: is_yes}, {name: not is_yes}
    return {name: one_of(one.willing)}, {name: {NONE_OF.name: [*one.willing], **filled}}


def _bought_with(test: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"event": PURCHASE, "where": test}


def _renamed(one: Consent, name: str) -> Consent:
    said = f"{one.said}, as the last order has it"
    conditions = tuple(_of_feature(condition, name) for condition in one.conditions)
    return replace(one, column=name, conditions=conditions, said=said)


def _of_feature(condition: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    [(key, test)] = condition.items()
    return {key: _of_feature(test, name)} if key == "not" else {name: test}


def _of_others(column: str, meaning: Meaning, one: Content) -> Consent:
    """Of words that are not known: beside blank cells each of them objects; else a person has to decide."""
    is_open = meaning == "may" or not one.blanks
    if is_open or {_said(cell) for cell in one.distinct} & NO or _is_of_sending(one, column):
        return Consent(column, (), "")
    said = "whatever stands there is read as a refusal: whoever has anything there is left out"
    return Consent(column, ({column: {MISSING.name: False}},), said)


def _is_of_sending(one: Content, name: str) -> bool:
    return any(not OF_SENDING.isdisjoint(squeezed_words(each)) for each in (one.name, name))


def _are_words(bare: Collection[str], meaning: Meaning) -> bool:
    """Whether yes and no stand beside words for what became of a consent, or these by themselves.

    Beside an objection a word that is not surely about consent says nothing: it may be `active`.
    """
    if not bare or not {*bare} <= _KNOWN:
        return False
    if meaning == "may" or {*bare} & SURE:
        return True
    return bool({*bare} & (YES | NO)) and {*bare} <= REFUSED | YES | NO | _NOTHING


def is_undecided(found: Consent, one: Content) -> bool:
    """Whether nobody knows what a column of consent says that holds a few words, or days.

    What is told of the sending (its channel, how often it was opened) is nobody's consent.
    """
    if any(map(words_of_list, found.choices)):
        return not found.conditions
    is_open = not found.conditions and not _is_of_sending(one, found.column)
    return is_open and (0 < len(one.distinct) <= _MOST_WORDS or one.kind in ("date", "count"))


def words_of_list(choice: Mapping[str, Any]) -> list[str]:
    """The words of a list of which a person decides whether they say no; none where a choice is another."""
    [test] = choice.values()
    found = test.get(CONTAINS.name, [])
    return [found] if isinstance(found, str) else found


def _choices(one: Content, name: str) -> Sequence[Mapping[str, Any]]:
    """The rules of which a person chooses one: by words that say yes, or by whether a day stands there."""
    if one.kind in ("date", "count"):
        return [{name: {MISSING.name: is_missing}} for is_missing in (False, True)]
    return [{name: {NONE_OF.name: ["WORD"]}}]


def refusing(events: Iterable[str]) -> list[str]:
    """Those events that are a no.

    >>> refusing(["Unsubscribed", "opt_out", "visit"])
    ['Unsubscribed', 'opt_out']
    """
    return [event for event in events if _has(squeezed(event), EVENTS)]


def _has(bare: str, stems: Collection[str]) -> bool:
    return any(stem in bare for stem in stems)


def _of_states(column: str, meaning: Meaning | None, one: Content) -> Consent:
    """Of cells that say what became of a consent: subscribed, opted out."""
    given = [cell for cell in one.distinct if _said(cell) in GIVEN]
    if not given and meaning != "may":
        said = (
            f"{listed(one.distinct)} is read as a refusal: whoever has anything there is left out"
        )
        return Consent(column, ({column: {MISSING.name: False}},), said)
    return _but(column, given, f"{listed(given)} is read as consent")


def _of_words(column: str, meaning: Meaning, one: Content) -> Consent:
    """Of cells of which some say yes or no, and others what became of a consent.

    Blank is a no beside a consent, and no objection beside objections.
    """
    willing = GIVEN | (YES if meaning == "may" else NO | _NOTHING - REFUSED)
    kept = [cell for cell in one.distinct if _said(cell) in willing]
    others = [cell for cell in one.distinct if cell not in kept]
    if meaning == "may not":
        also = f", or {listed(kept)}," if kept else ""
        said = f"{listed(others)} is read as a refusal: who has nothing there{also} is written to"
        found = Consent(column, (_but_or_blank(column, kept, others),), said)
    elif kept and all(map(_is_flag, kept)):
        said = f"{listed(kept)} is read as consent: {_only(kept)}"
        no = {column: _flag_or(others, is_yes=False)}
        found = Consent(column, (no, {column: {MISSING.name: True}}), said)
    else:
        found = _but(column, kept, f"{listed(kept)} is read as consent")
    are_mixed = any(map(_is_flag, kept)) and not all(map(_is_flag, kept))
    refusing = [word for word in others if not _is_flag(word)] if are_mixed else []
    by_word = ({column: one_of(refusing)},) if refusing else ()  # no yes or no: a rule of its own
    return replace(found, conditions=(*found.conditions, *by_word), willing=tuple(kept))


def _but_or_blank(column: str, kept: Sequence[str], others: Sequence[str]) -> Mapping[str, Any]:
    """Whoever has anything there but one of these words."""
    if kept and all(map(_is_flag, kept)):
        return {column: _flag_or(others, is_yes=True)}
    test = {NONE_OF.name: [*kept]} if kept else {}
    return {column: {**test, MISSING.name: False}}


def _flag_or(words: Sequence[str], *, is_yes: bool) -> list[bool | str]:
    """Every spelling of a yes (or of a no), and words: what is neither stops a run that suppresses by it."""
    return [is_yes, *(word for word in words if not _is_flag(word))]


def _is_flag(cell: str) -> bool:
    return cell.strip().lower() in _WRITTEN_AS_FLAGS


def _of_flags(column: str, meaning: Meaning, one: Content) -> Consent:
    """Of cells that say yes or no."""
    willing = YES if meaning == "may" else NO
    found = [cell for cell in one.distinct if _said(cell) in willing]
    read = "consent" if meaning == "may" else "a refusal"
    are_flags = all(map(_is_flag, one.distinct))
    if meaning == "may not" and not found and (one.blanks or not are_flags):
        said = f"a yes is read as {read}: whoever has anything there is left out"
        return Consent(column, ({column: {MISSING.name: False}},), said)
    if are_flags:
        test = {IS_NOT.name: meaning == "may"}
        said = f"a yes is read as {read}: {_only(found)}"
        return Consent(column, ({column: test},), said, willing=tuple(found))
    if meaning == "may not" and any(map(_is_flag, found)):
        return _but_beginning(column, found)
    return _but(column, found, f"a yes is read as {read}")


def _but_beginning(column: str, kept: Sequence[str]) -> Consent:
    """Everybody but who has one of these words, which are a no in two languages (N beside J, NO beside SI)."""
    test = {"not": {column: {STARTS_WITH.name: one_of(kept)}}}
    said = f"a yes is read as a refusal: {_only(kept)}"
    return Consent(column, (test,), said, willing=tuple(kept))


def _only(found: Sequence[str]) -> str:
    return f"only who has {listed(found)} is written to" if found else "nobody is written to"


def _are_days(one: Content) -> bool:
    """Whether days stand there, and beside them nothing but words that are known."""
    days = [cell for cell in one.distinct if _said(cell) not in _KNOWN]
    return bool(days) and are_dates(days[:_LOOKED_AT])


def _of_days(column: str, meaning: Meaning, one: Content) -> Consent:
    """Of days since when somebody may be written to, or may not; a word among them is no day of consent."""
    if meaning == "may not":
        said = "a date is read as a refusal: whoever has one is left out"
        return Consent(column, ({column: {MISSING.name: False}},), said)
    others = [c for c in one.distinct if not _DIGIT.search(c) and _said(c) not in YES | GIVEN]
    also = f", and whoever has {listed(others)}" if others else ""
    said = f"a date is read as consent: whoever has none since {_NO_DAY[:4]} is left out{also}"
    rules = ({MISSING.name: True}, {LESS_THAN.name: _NO_DAY}, *_each_of(others))
    return Consent(column, tuple({column: rule} for rule in rules), said)


def _each_of(words: Sequence[str]) -> list[Any]:
    """What is met by whoever has one of some words, which are no yes or no of a whole column."""
    plain = [word for word in words if not _is_flag(word)]
    return [
        *([one_of(plain)] if plain else []),
        *({STARTS_WITH.name: word} for word in words if _is_flag(word)),
    ]


def _but(column: str, kept: Sequence[str], said: str) -> Consent:
    """Everybody but who has one of these words; without any, whoever has anything there, or nothing."""
    if not kept:
        every = tuple({column: {MISSING.name: is_missing}} for is_missing in (False, True))
        return Consent(column, every, "nobody has a yes: nobody is written to")
    test = {column: none_of(kept)}
    return Consent(column, (test,), f"{said}: {_only(kept)}", willing=tuple(kept))
