"""What a run publishes: audience files, customers, the allocation, cuts, rejects, the manifest."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from segmentation.audiences import FATES, Audience
from segmentation.export import Format, as_written, formulas, spreadsheet_safe, write
from segmentation.notices import Notice, notice
from segmentation.pipeline import Outcome
from segmentation.publish import Folder, publication
from segmentation.version import VERSION

MANIFEST_VERSION: Final = 1
ALLOCATION_FILE: Final = "allocation.parquet"


def publish(outcome: Outcome, out: Path, *, form: Format, started_at: datetime) -> dict[str, Any]:
    """Write a run's folder and return its manifest. Raises OutputError and Locked."""
    with publication(out, outcome.as_of.isoformat()) as folder:
        return write_run(outcome, folder, form=form, started_at=started_at)


def write_run(
    outcome: Outcome, folder: Folder, *, form: Format, started_at: datetime
) -> dict[str, Any]:
    """Write every file of a run into a folder; the manifest comes last."""
    customers = as_written(outcome.customers, outcome.kinds)
    personas = [_persona(customers, a, outcome, folder, form) for a in outcome.audiences]
    with folder.open_binary("customers.parquet") as file:
        write(customers.select("customer_id", *outcome.listed), file, "parquet")
    with folder.open_binary(ALLOCATION_FILE) as file:
        write(outcome.allocation.matches, file, "parquet")
    check_counts(personas, outcome, folder)
    _text(folder, "cuts.json", outcome.cuts.to_json())
    with folder.open_binary("rejects.csv") as file:
        spreadsheet_safe(outcome.rejected).write_csv(file)
    body = manifest(outcome, personas, started_at)
    _text(folder, "manifest.json", json.dumps(body, indent=2, ensure_ascii=False) + "\n")
    return body


def _persona(
    customers: pl.DataFrame, audience: Audience, outcome: Outcome, folder: Folder, form: Format
) -> dict[str, Any]:
    name = f"personas/{audience.name}.{form}"
    members = members_of(customers, audience, outcome)
    with folder.open_binary(name) as file:
        write(members, file, form)
    return {**counts(audience), "file": name, "sha256": folder.sha256(name)}


def members_of(customers: pl.DataFrame, audience: Audience, outcome: Outcome) -> pl.DataFrame:
    """What an audience's file holds: its customers by id, with the columns its rules used."""
    return customers.filter(audience.exported).select(
        "customer_id", *outcome.columns[audience.name]
    )


def counts(audience: Audience) -> dict[str, Any]:
    """matched = suppressed + outranked + capped + control + exported."""
    return {"name": audience.name, "title": audience.cell.title, "matched": audience.matched,
            **audience.fates}  # fmt: skip


def escaped(outcome: Outcome, form: Format) -> list[Notice]:
    """A warning for each file in which texts get an apostrophe before them."""
    customers = outcome.customers
    written = {"customer_id", *(c for a in outcome.audiences for c in outcome.columns[a.name])}
    if form != "csv" or not formulas(customers.select(sorted(written))):
        return []
    files = {a.name: formulas(members_of(customers, a, outcome)) for a in outcome.audiences}
    return [
        notice("formula-guard", f"personas/{name}.csv: {n:,} cells that a spreadsheet would run as a "
               "formula are written with ' before them; --format parquet keeps them as they are")
        for name, n in files.items() if n
    ]  # fmt: skip


def manifest(
    outcome: Outcome, personas: list[dict[str, Any]], started_at: datetime
) -> dict[str, Any]:
    """manifest.json, version 1; everything but the times follows from inputs, rules and as_of."""
    rules = outcome.request.rules
    return {
        "version": MANIFEST_VERSION,
        "tool": {"name": "segment", "version": VERSION},
        "as_of": outcome.as_of.isoformat(),
        "started_at": started_at.astimezone(UTC).isoformat(timespec="seconds"),
        "duration_seconds": round((datetime.now(UTC) - started_at).total_seconds(), 3),
        "config": {"path": rules.document.name, "sha256": rules.sha256},
        "inputs": [asdict(i) for i in outcome.inputs],
        "customers": outcome.customers.height,
        "left_out": dict(outcome.left_out),
        "personas": personas,
        "cuts": dict(outcome.cuts.values),
        "notices": [n.to_json() for n in outcome.notices],
    }


def _text(folder: Folder, name: str, text: str) -> None:
    with folder.open_binary(name) as file:
        file.write(text.encode())


# -- what is said is what is so -------------------------------------------------------------------


def check_counts(personas: list[dict[str, Any]], outcome: Outcome, folder: Folder) -> None:
    """Hold the manifest's counts against the allocation as it stands on the disk.

    Raises RuntimeError, so that nothing is published: a difference is a bug of ours.
    """
    matches = pl.scan_parquet(folder.path / ALLOCATION_FILE)
    counted = matches.group_by("audience", "fate").len().collect()
    found = {(name, fate): n for name, fate, n in counted.iter_rows()}
    said = {(p["name"], fate): p[fate] for p in personas for fate in FATES if p[fate]}
    if found != said or any(p["matched"] != sum(p[f] for f in FATES) for p in personas):
        raise RuntimeError("the counts are not those of the allocation")
    for audience in outcome.audiences:
        members = int(outcome.customers.select(audience.cell.members().sum()).item())
        if (members, int(audience.exported.sum())) != (
            audience.matched,
            audience.fates["exported"],
        ):
            raise RuntimeError(f"the allocation of {audience.name} is not its matches")
