"""Discounts that are shares of a price, beside amounts that are made of quantities and prices: they are not taken off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice, notice
from segmentation.rules.column_specs import written
from segmentation.rules.reading.options import as_map
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.formulas import Cell, Product, columns_of
from segmentation.sources.columns.money_words import tells_share_of_discount
from segmentation.sources.tables import Portion

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

_WHOLE: Final = 100
_PERCENT: Final = "%"


@dataclass(frozen=True)
class _Share:
    """A column of shares, the formula of the amount less them, or none where they are no numbers."""

    column: str
    formula: str


def discounts_in_percent(run: AfterScan) -> Iterator[Notice]:
    """A warning for each input whose amount is a quantity times a price, and beside it stands a discount in percent."""
    for source, tally, _ in run.transactions:
        declared = written(source.columns["amount"]) if "amount" in source.columns else None
        shares = (_share(part, declared) for part in tally.parts)
        share = next((one for one in shares if one is not None), None)
        if share is None:
            continue
        text = f"{share.column} holds discounts as shares of the price, and is not taken off the amount"
        mend = (
            f"Write {share.column} as numbers without {_PERCENT}: then a formula can take them off."
        )
        if share.formula:
            by_option = as_map("amount", share.formula)
            in_rules = flow({"columns": {"amount": share.formula}})[1:-1]
            way = by_option if run.rules.adhoc else in_rules
            mend = f"If the price is before them: {way}"
        yield notice("doubted-amount", text, where=tally.path, mend=mend, level="warn")


def _share(part: Portion, declared: object) -> _Share | None:
    """What is not taken off an amount that is a product; None where nothing is, as far as the first rows tell."""
    recipe = part.recipe
    names = ("amount",) if recipe.has("amount") else ("quantity", "unit_price")
    if not all(map(recipe.has, names)):
        return None
    formulas = [recipe.formula(name) for name in names]
    is_product = len(formulas) > 1 or _is_product(formulas[0])
    made = [column for one in formulas for column in columns_of(one)]
    if not is_product or (declared is not None and not isinstance(declared, str)):
        return None
    read = declared if isinstance(declared, str) else " * ".join(made)
    for name, dtype in part.raw.schema.items():
        if name in made or not tells_share_of_discount(name):
            continue
        cells = tuple(None if c is None else str(c).strip() for c in part.raw.sample.get(name, ()))
        less = _less(Content(name, 0, cells, dtype))
        if less is not None:
            # (1 - share) would be no number where the cell is blank
            return _Share(name, f"{read} - {read} * {less}" if less else "")
    return None


def _is_product(formula: object) -> bool:
    """Whether columns are multiplied, and nothing is taken off."""
    return isinstance(formula, Product) and all(isinstance(one, Cell) for _, one in formula.factors)


def _less(one: Content) -> str | None:
    """The share that is taken off, as a formula; blank where it is no number, None where the column holds no shares.

    What says nothing of percent by its name is one where it is below 1 in all rows.
    """
    if any(
        cell.endswith(_PERCENT) and any(map(cell.__contains__, "123456789")) for cell in one.filled
    ):
        return ""
    numbers = [number for number in one.numbers if number]
    if not numbers or min(numbers) < 0 or max(numbers) > _WHOLE:
        return None
    if max(numbers) < 1:
        return one.name
    return f"{one.name} / {_WHOLE}" if tells_share_of_discount(one.name, is_said=True) else None
