"""manifest.json, version 2: what a run read, wrote and said of itself.

Everything but the times follows from the inputs, the rules, `as_of` and the former run. The shape
is in docs/manifest.schema.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from segmentation.publish.outcome import Outcome
from segmentation.rules.prose import prose
from segmentation.sources import InputCount
from segmentation.version import VERSION

MANIFEST_VERSION: Final = 2
_DIGITS: Final = 16
#: what tells one run from another; texts and paths are worded by where it was started
_CONTENT: Final = (
    "version",
    "tool",
    "complete",
    "previous",
    "as_of",
    "known_until",
    "inputs",
    "customers",
    "left_out",
    "personas",
    "suppress",
    "columns",
    "cuts",
)


def manifest(
    outcome: Outcome,
    personas: Sequence[dict[str, Any]],
    *,
    started_at: datetime,
    seconds: float,
    previous: str | None,
) -> dict[str, Any]:
    """The manifest of a run; `previous` is the run_id of the complete run before it."""
    rules, at = outcome.request.rules, outcome.as_of.isoformat()
    body = {
        "version": MANIFEST_VERSION,
        "tool": {"name": "segment", "version": VERSION},
        "run_id": at,
        "complete": not outcome.partial,
        "previous": previous,
        "as_of": at,
        "known_until": outcome.known_until.isoformat(),
        "started_at": started_at.astimezone(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round(seconds, 3),
        "rules": {"path": rules.document.name, "sha256": rules.sha256},
        "inputs": [input_of(i) for i in outcome.inputs],
        "customers": outcome.customers.height,
        "left_out": dict(outcome.left_out),
        "personas": list(personas),
        "suppress": suppressed(outcome),
        "columns": columns(outcome),
        "checks": [],
        "cuts": dict(outcome.cuts.values),
        "notices": [n.to_json() for n in outcome.notices],
    }
    return {**body, "run_id": run_id(body)}


def run_id(body: dict[str, Any]) -> str:
    """The date and a digest of what the run read and gave: the same for the same run."""
    content = {key: body[key] for key in _CONTENT} | {"rules": body["rules"]["sha256"]}
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return f"{body['as_of']}-{hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]}"


def input_of(count: InputCount) -> dict[str, Any]:
    """What became of one source's rows, and what its files held."""
    counted = asdict(count)
    if count.rows_without_partner is None:
        del counted["rows_without_partner"]  # nothing is joined
    first = {key: counted.pop(key) for key in ("table", "path", "fingerprint")}
    return {**first, **counted}


def suppressed(outcome: Outcome) -> list[dict[str, Any]]:
    """Each suppressor as the allocation calls it, what it says, and how many it was the first for."""
    first = dict(outcome.allocation.suppressed_by.drop_nulls().value_counts().iter_rows())
    return [
        {"by": label, "text": prose(rule) if rule else label, "customers": first.get(label, 0)}
        for label, rule in outcome.suppressors.items()
    ]


def columns(outcome: Outcome) -> list[dict[str, str]]:
    """The columns of customers.parquet: the name there, the engine's own, and the kind of its values."""
    engine = {header: column for column, header in outcome.headers.items()}
    return [
        {"name": name, "column": engine.get(name, name), "kind": outcome.kinds[name]}
        for name in outcome.listed
    ]
