"""`segment validate` as one call: names first, then what lint finds in rules whose names are right."""

from __future__ import annotations

from segmentation.messages.errors import RulesError, SegmentationError
from segmentation.messages.notices import Notice, levelled
from segmentation.rules.checking.csv_headers import attributes_of, on_trust
from segmentation.rules.checking.names import problems
from segmentation.rules.lint import check
from segmentation.rules.ruleset import Rules


def validated(
    rules: Rules, *, strict: bool = False
) -> tuple[tuple[Notice, ...], SegmentationError | None]:
    """What there is to say of the rules, and the error that it amounts to, if any.

    RulesError for mistakes of names and for what is impossible, CheckFailed for what a level or
    `strict` forbids. Wrong names are no notices: nothing quiets them.
    """
    trusted = on_trust(rules)
    wrong = list(problems(rules, attributes=attributes_of(rules)))
    if wrong:
        told = (levelled(one, rules.notices) for one in trusted)
        return tuple(one for one in told if one is not None), RulesError(*wrong)
    try:
        return check(rules, *trusted, strict=strict), None
    except SegmentationError as error:
        return error.notices, error
