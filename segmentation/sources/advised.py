"""What is said where a file of some sources lacks columns: by the file, what stands beside it, and the other sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segmentation.messages.errors import InputError
from segmentation.rules.sources import Source
from segmentation.sources.beside import elsewhere
from segmentation.sources.columns.advice import advised
from segmentation.sources.columns.mapped import Order
from segmentation.sources.columns.mapping import ColumnsMissing
from segmentation.sources.columns.refunds_beside import paid_back
from segmentation.sources.reader import RawTable


def lacking(
    missing: ColumnsMissing, source: Source, raw: RawTable, order: Order, every: Sequence[Source]
) -> InputError:
    """What is missing as one problem; `every` are all sources of the table. What refunds lack is not joined as a sale."""
    amount = paid_back(raw, missing.header.names) if "amount" in missing.names else None
    if len(every) == 1 or amount is None or order.table != "transactions":
        found = elsewhere(missing, source, raw, order)
        return advised(missing, source, raw, order, elsewhere=found, every=every)
    own = replace(source, columns={**source.columns, "amount": amount})
    among = [own if one is source else one for one in every]
    names = [name for name in missing.names if name != "amount"]
    header = replace(missing.header, declared=own.columns)
    rest = ColumnsMissing(header, names, missing.unclear, {**missing.chosen, "amount": ()})
    found = elsewhere(rest, own, raw, order)
    return advised(rest, own, raw, order, elsewhere=found, every=among, paid_back=amount)
