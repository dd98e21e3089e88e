"""From the user's files to canonical lazy tables, with nothing lost on the way."""

from segmentation.sources.columns.failing import FormatsDiffer, Texts
from segmentation.sources.columns.ids import IdsDiffer
from segmentation.sources.failures import explain_failure, explained, refuse_changed
from segmentation.sources.read import headers_of, leads_to, read
from segmentation.sources.rejects import rejects
from segmentation.sources.row_counts import input_count, refuse_misfits
from segmentation.sources.tables import InputCount, Table, Tally

__all__ = [
    "FormatsDiffer",
    "IdsDiffer",
    "InputCount",
    "Table",
    "Tally",
    "Texts",
    "explain_failure",
    "explained",
    "headers_of",
    "input_count",
    "leads_to",
    "read",
    "refuse_changed",
    "refuse_misfits",
    "rejects",
]
