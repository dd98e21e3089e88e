"""Everything that a run checks, in the order in which it is said. A new check is a function and a line.

Each row names the moment at which its check can be asked (`moments`); one loop asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, TypeVar

from segmentation.checks import (
    amounts_beside,
    asked_below,
    cents_beside_units,
    columns,
    compared_values,
    consent_channels,
    consent_unread,
    continued_orders,
    days_above,
    discounts_in_percent,
    feeds,
    files,
    id_spellings,
    input_currencies,
    inputs,
    order_amounts,
    order_ids,
    percent_ties,
    placeholders,
    repeated,
    results,
    rounded_ids,
    row_currencies,
    rows_in_cells,
    rules_used,
    second_headers,
    shared_orders,
    suppression,
    thresholds,
    unchosen,
    unread_cells,
    where_cells,
    where_words,
)
from segmentation.checks.moments import AfterAllocation, AfterScan, BeforePublication
from segmentation.checks.suppression import meeting, twins
from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice

Moment = TypeVar("Moment")


@dataclass(frozen=True)
class Check(Generic[Moment]):
    """One thing that is looked at: when, and the function that yields what it finds."""

    when: type[Moment]
    find: Callable[[Moment], Iterable[Notice]]

    def __post_init__(self) -> None:
        """Refuse a check that is asked of a moment which lacks what it looks at."""
        [asked, _] = self.find.__annotations__.values()  # of the moment, and of what it yields
        if asked not in {moment.__name__ for moment in self.when.__mro__}:
            raise TypeError(f"{self.find.__name__} looks at {asked}, not {self.when.__name__}")


#: every check of a run; what is said first stands first
CHECKS: Final[tuple[Check[Any], ...]] = (
    Check(AfterAllocation, rules_used.of_the_tool),
    Check(AfterAllocation, rules_used.without_personas),
    Check(AfterAllocation, rules_used.suppression_left_out),
    Check(AfterAllocation, inputs.guessed),
    Check(AfterAllocation, inputs.joined),
    Check(AfterAllocation, inputs.set_aside),
    Check(AfterAllocation, columns.hidden),
    Check(AfterAllocation, columns.overlaid),
    Check(AfterAllocation, columns.own_days),
    Check(AfterAllocation, inputs.without_order),
    Check(AfterAllocation, rules_used.left_out),
    Check(AfterScan, inputs.keys_alike),
    Check(AfterScan, rows_in_cells.rows_in_cells),
    Check(AfterScan, continued_orders.orders_going_on),
    Check(AfterScan, days_above.undated_below),
    Check(AfterScan, asked_below.asked_below),
    Check(AfterScan, where_words.doubted),
    Check(AfterScan, where_cells.unread_by_where),
    Check(AfterScan, unchosen.unchosen),
    Check(AfterScan, consent_channels.consent_channels),
    Check(AfterScan, amounts_beside.in_cents),
    Check(AfterScan, amounts_beside.of_returns),
    Check(AfterScan, discounts_in_percent.discounts_in_percent),
    Check(AfterScan, cents_beside_units.cents_beside_units),
    Check(AfterScan, input_currencies.currencies_of_inputs),
    Check(AfterScan, row_currencies.blank_currencies),
    Check(AfterScan, repeated.equal_rows),
    Check(AfterScan, repeated.equal_rows_of_files),
    Check(AfterScan, order_ids.orders_by_day),
    Check(AfterScan, order_ids.numbers_used_again),
    Check(AfterScan, placeholders.nobody_in_particular),
    Check(AfterScan, rounded_ids.of_workbooks),
    Check(AfterScan, rounded_ids.of_lines),
    Check(AfterScan, id_spellings.written_in_two_ways),
    Check(AfterScan, order_amounts.amounts_of_orders),
    Check(AfterScan, shared_orders.orders_not_alone),
    Check(AfterScan, consent_unread.consent_unread),
    Check(AfterScan, suppression.found),
    Check(AfterScan, meeting.nobody_listed),
    Check(AfterScan, feeds.broken),
    Check(AfterScan, feeds.empty),
    Check(AfterScan, feeds.old),
    Check(AfterScan, twins.of_others),
    Check(AfterScan, feeds.ahead),
    Check(AfterAllocation, rounded_ids.of_customers),
    Check(AfterScan, compared_values.doubts),
    Check(AfterScan, unread_cells.doubted),
    Check(AfterAllocation, compared_values.misnamed),
    Check(AfterAllocation, suppression.afterwards),
    Check(AfterAllocation, thresholds.lacking),
    Check(AfterAllocation, results.unlisted_products),
    Check(AfterAllocation, results.empty_measures),
    Check(AfterAllocation, results.suppressed_all),
    Check(AfterAllocation, results.figures_of_nobody),
    Check(AfterAllocation, percent_ties.percent_ties),
    Check(AfterAllocation, second_headers.in_another_order),
    Check(AfterAllocation, inputs.rejected),
    Check(AfterAllocation, thresholds.model_fit),
    Check(AfterAllocation, results.empty_personas),
    Check(AfterAllocation, thresholds.fitted_anew),
    Check(BeforePublication, repeated.shrunken),
    Check(BeforePublication, files.with_formulas),
    Check(BeforePublication, files.left_behind),
)


@dataclass(frozen=True)
class Findings:
    """What the checks found until now."""

    found: Mapping[Check[Any], tuple[Notice, ...]]

    @classmethod
    def of(cls, moment: object) -> Findings:
        """Ask every check of a moment."""
        asked = (check for check in CHECKS if check.when is type(moment))
        return cls({check: tuple(check.find(moment)) for check in asked})

    def and_of(self, moment: object) -> Findings:
        """Ask those of a later one, too."""
        return Findings({**self.found, **Findings.of(moment).found})

    def __iter__(self) -> Iterator[Notice]:
        """Everything that was found, in the order of the list."""
        return (one for check in CHECKS for one in self.found.get(check, ()))
