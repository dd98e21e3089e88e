"""The other files of a table's folder: which there are, and by which columns they meet the table."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from segmentation.messages.errors import SegmentationError
from segmentation.rules.sources import Source
from segmentation.sources.columns.aliases import ALIASES, squeezed
from segmentation.sources.read import opened
from segmentation.sources.reader import RawTable
from segmentation.sources.readers import ENDINGS

_MOST_FILES: Final = 40  # of a folder that are looked into
_KEY: Final = re.compile(
    "(id|key|no|nr|num|number|nummer|numero|code|mail|ref|reference|uuid|guid)$"
    # in languages that say first that it is a number: Numéro de commande, N° pedido
    "|^(id|n|no|nr|num|numero|ref|reference|code|codice|codigo|kod)(de|du|del|della|di|la|l|d)*"
    "(commande|pedido|ordine|zamowienia|client|cliente|klienta|facture|factura|fattura|transaction|transaccion|transazione)$"
)
#: whose key brings somebody who did not buy
_OTHERS: Final = re.compile(
    "seller|store|shop|branch|product|article|artikel|item|sku|employee|staff|vendor|supplier|categor|depart|campaign"
)


def keys_between(
    ours: Mapping[str, pl.DataType], theirs: Mapping[str, pl.DataType], path: str
) -> Iterator[tuple[str, str]]:
    """The columns by which two tables may meet: of one name that tells ids, or a table's own `id`."""
    known = {squeezed(name): name for name in theirs}
    for name in ours:
        own = squeezed(name)
        if _OTHERS.search(own) or not (_KEY.search(own) or own in _ALIASES_OF_IDS):
            continue
        if own in known:
            yield name, known[own]
        elif "id" in known and own == f"{_one_of(path)}id":
            yield name, known["id"]


_ALIASES_OF_IDS: Final = frozenset(
    squeezed(alias)
    for name in ("order_id", "customer_id")
    for alias in ALIASES["transactions"][name]
)


def _one_of(path: str) -> str:
    """What a row of a file is, by the file's name: `order` of orders.csv."""
    stem = squeezed(Path(path).name.partition(".")[0])
    return stem.removesuffix("s")


def files_beside(source: Source, raw: RawTable) -> list[str]:
    """The other files of a folder on this machine that can be read, as a source writes them."""
    own = {os.path.realpath(place.origin or place.path) for place in raw.places}
    folder = source.path[: source.path.rfind("/") + 1]
    there = Path(source_beside(source, folder or ".").place or "")
    if not there.is_dir():  # it is an address
        return []
    others = sorted(
        one.name
        for one in there.iterdir()
        if one.name.lower().endswith(ENDINGS.read)
        and one.is_file()
        and os.path.realpath(one) not in own
    )
    return [folder + name for name in others[:_MOST_FILES]]


def source_beside(source: Source, path: str) -> Source:
    """A file of the same folder as a source."""
    return Source(path=path, folder=source.folder)


def opened_beside(source: Source, path: str) -> Sequence[RawTable]:
    """A file of the folder; none where it cannot be read as it stands."""
    try:
        reader, places = opened(source_beside(source, path))
        return reader.tables(source_beside(source, path), places, reader.oversize(places))[:1]
    except SegmentationError:
        return ()
