"""Columns that may tell the order of a row where no name does, and such as tell used numbers apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from segmentation.sources.columns.contents import Content
from segmentation.sources.columns.recipe import Recipe
from segmentation.sources.reader import RawTable
from segmentation.sources.stored_types import can_be

_ORDERS: Final = frozenset(
    [
        "order",
        "orders",
        "receipt",
        "invoice",
        "sale",
        "basket",
        "ticket",
        "transaction",
        "reference",
        "ref",
        "id",
        "no",
        "nr",
        "number",
        "bon",
        "beleg",
        "rechnung",
        "bestellung",
        "bestellnummer",
        "auftrag",
        "auftragsnummer",
        "vorgang",
        "commande",
        "pedido",
        "ordine",
    ]
)
_SHOPS: Final = frozenset(
    [
        "store",
        "shop",
        "branch",
        "till",
        "register",
        "terminal",
        "pos",
        "location",
        "outlet",
        "site",
        "filiale",
        "kasse",
        "markt",
        "laden",
        "magasin",
        "tienda",
        "caja",
        "negozio",
        "company",
    ]
)
#: names of what an order has several of
_OF_ONE: Final = frozenset(
    ["attendee", "attendees", "barcode", "line", "item", "position", "zeile"]
)


def order_teller(raw: RawTable, recipe: Recipe) -> str | None:
    """The column whose values, in the sample, each are of one customer and moment, and part those of a day.

    None where there is none, or no customer has several values at one moment.
    """
    moments = list(
        zip(_cells(raw, recipe, "customer_id"), _cells(raw, recipe, "ordered_at"), strict=False)
    )
    found = [
        one for one in _free(raw, recipe) if _tells(one, moments) and not _OF_ONE & {*one.words}
    ]
    best = min(found, key=lambda one: (not _ORDERS & {*one.words}, one.place), default=None)
    return None if best is None else best.name


def shops_of(raw: RawTable, recipe: Recipe) -> tuple[str, ...]:
    """The columns that, by their names, tell where a row is from: their order numbers may be their own."""
    return tuple(one.name for one in _free(raw, recipe) if _SHOPS & {*one.words})


def _cells(raw: RawTable, recipe: Recipe, name: str) -> list[str | None]:
    column = recipe.columns.canonical.get(name, ("",))[0]
    return [str(cell) for cell in raw.sample.get(column, ())]


def _free(raw: RawTable, recipe: Recipe) -> Iterator[Content]:
    """The columns that are none of ours, as far as a sample shows them."""
    for place, name in enumerate(recipe.columns.others):
        if name not in recipe.oversize and can_be(raw.schema[name], "compared"):
            cells = (
                None if cell is None else str(cell).strip() or None
                for cell in raw.sample.get(name, ())
            )
            yield Content(name, place, tuple(cells), raw.schema[name])


def _tells(one: Content, moments: list[tuple[str | None, str | None]]) -> bool:
    """Whether no value is of two customers or moments, and some customer has several at one moment."""
    is_named = bool(_ORDERS & {*one.words})
    kinds = ("whole", "code", "count", "text") if is_named else ("whole", "code")
    if one.blanks or one.kind not in kinds or len(one.cells) != len(moments):
        return False
    pairs = {*zip(one.cells, moments, strict=True)}
    return len(pairs) == len(one.distinct) > len({*moments})
