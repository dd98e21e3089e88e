"""Columns of money that are sums of others in every row: an amount that holds its tax, or that refunds are taken off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from segmentation.sources.columns.candidates import says_gross, says_net, tells_delivery, tells_tax
from segmentation.sources.columns.column_sums import SAME, are_same, together
from segmentation.sources.columns.contents import Content, words_in
from segmentation.sources.columns.money_words import tells_discount

_NO_TOTALS: Final = (tells_tax, tells_delivery, tells_discount, says_net)
_MOST_TAX: Final = 1.3  # of what is net


def may_hold_tax(amount: str, names: Iterable[str]) -> bool:
    """Whether an amount is called net, and another column by its tax or by what holds it: then the rows may tell."""
    return _is_net(amount) and any(tells_tax(one) or says_gross(one) for one in names)


def with_tax(net: Content, contents: Iterable[Content]) -> tuple[str, str] | None:
    """The column that is in every row an amount called net and the tax on it, and why; None without such.

    What delivery cost may be in it as well. Where no column is the tax, its name says it, and its size.
    """
    if not _is_net(net.name):
        return None
    money = [one for one in contents if one is not net and one.holds_numbers]
    taxes = [one for one in money if tells_tax(one.name) and any(one.numbers)]
    totals = [one for one in money if not any(is_no_total(one.name) for is_no_total in _NO_TOTALS)]
    for tax in together(taxes):
        for delivery in ((), *together([one for one in money if tells_delivery(one.name)])):
            sums = _sum(net, added=[*tax, *delivery])
            found = next((one for one in totals if are_same(one, sums)), None)
            if found is not None:
                more = " and ".join(one.name for one in (*tax, *delivery))
                return found.name, f"{found.name} is {net.name} and {more}"
    if any(tells_discount(one.name) for one in money):
        return None  # gross may be what was before them
    grown = (one for one in totals if says_gross(one.name) and _holds_tax_of(net, one))
    gross = next(grown, None)
    return None if gross is None else (gross.name, f"{gross.name} is {net.name} with its tax")


def _is_net(name: str) -> bool:
    """Whether an amount is called net of tax; net sales are those after discounts and returns."""
    return says_net(name) and "sales" not in words_in(name)


def _holds_tax_of(net: Content, gross: Content) -> bool:
    """Whether a column is larger than another by what may be a tax, or the same where none was due."""
    pairs = [(n, g) for n, g in zip(net.numbers, gross.numbers, strict=True) if n and g]
    are_near = all(
        abs(n) <= abs(g) + SAME and abs(g) <= abs(n) * _MOST_TAX + SAME for n, g in pairs
    )
    return are_near and any(abs(g) > abs(n) + SAME for n, g in pairs)


def is_less_already(worth: Content, refund: Content, contents: Iterable[Content]) -> bool:
    """Whether an amount is in every row another column less a refund: then that is taken off already.

    Discounts may be taken off with it, and tax and delivery be in it.
    """
    others = [o for o in contents if o not in (worth, refund) and o.holds_numbers]
    taken = [one for one in others if tells_discount(one.name)]
    more = [one for one in others if tells_tax(one.name) or tells_delivery(one.name)]
    wholes = [one for one in others if one not in (*taken, *more)]
    return any(
        are_same(worth, _sum(whole, added, off=[refund, *off]))
        for off in ((), *together(taken))
        for added in ((), *together(more))
        for whole in wholes
    )


def _sum(
    whole: Content, added: Collection[Content] = (), off: Collection[Content] = ()
) -> list[float | None]:
    """What a column comes to in each row with others, less those that are taken off, whatever their sign."""
    sums = list(whole.numbers)
    for one in added:
        sums = [None if s is None else s + (n or 0) for s, n in zip(sums, one.numbers, strict=True)]
    for one in off:
        sums = [
            None if s is None else s - abs(n or 0) for s, n in zip(sums, one.numbers, strict=True)
        ]
    return sums
