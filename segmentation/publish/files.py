"""What a run publishes: audience files, customers, the allocation, cuts, rejects, the manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl

from segmentation.audiences.allocate import FATES, Audience
from segmentation.audiences.cells import of_data
from segmentation.dataclass import dataclass
from segmentation.messages.errors import agreeing, counted
from segmentation.messages.notices import Notice, notice
from segmentation.messages.privacy import ids_after
from segmentation.publish.completeness import refuse_partial
from segmentation.publish.folder import Folder, publication
from segmentation.publish.folder.layout import MANIFEST
from segmentation.publish.folder.runs import complete_run, previous_run
from segmentation.publish.formats import (
    Format,
    as_written,
    formulas,
    spreadsheet_safe,
    write_csv,
    write_parquet,
)
from segmentation.publish.manifest import manifest
from segmentation.publish.outcome import Outcome
from segmentation.system.clock import now

ALLOCATION_FILE: Final = "allocation.parquet"


def publish(
    outcome: Outcome,
    out: Path,
    *,
    form: Format,
    started_at: datetime,
    published: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Write a run's folder and return its manifest. Raises OutputError and Locked.

    `published` is called as soon as readers see the run.
    """
    name = outcome.as_of.isoformat()
    with publication(out, name, published=published) as folder:
        refuse_partial(out, complete_run(out), outcome.partial)  # another run may have come first
        previous = previous_run(out, name)
        return write_run(outcome, folder, form=form, started_at=started_at, previous=previous)


def write_run(
    outcome: Outcome,
    folder: Folder,
    *,
    form: Format,
    started_at: datetime,
    previous: str | None = None,
) -> dict[str, Any]:
    """Write every file of a run into a folder; the manifest comes last."""
    run = Written(outcome, form)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # the largest come first, so that nobody waits for one that has just begun
        others = [pool.submit(_other, run, one, folder) for one in FILES]
        personas = list(
            pool.map(lambda audience: _persona(run, audience, folder), outcome.audiences)
        )
        for other in others:
            other.result()
    check_counts(personas, outcome, folder)
    seconds = (now() - started_at).total_seconds()
    body = manifest(outcome, personas, started_at=started_at, seconds=seconds, previous=previous)
    with folder.open_binary(MANIFEST) as file:
        file.write((json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode())
    return body


@dataclass(frozen=True)
class Written:
    """A run, and the audiences' format."""

    outcome: Outcome
    form: Format


@dataclass(frozen=True)
class PublishedFile:
    """One file of every run: its name in the folder, and what is written into it."""

    name: str
    write: Callable[[Written, BinaryIO], object]


#: the files beside the audiences and the manifest, in the order in which they are begun
FILES: Final = (
    PublishedFile(
        "customers.parquet",
        lambda run, file: write_parquet(listed(run.outcome), file),
    ),
    PublishedFile(
        ALLOCATION_FILE, lambda run, file: write_parquet(run.outcome.allocation.matches, file)
    ),
    PublishedFile(
        "rules.yaml", lambda run, file: file.write(run.outcome.request.rules.document.source)
    ),
    PublishedFile("cuts.json", lambda run, file: file.write(run.outcome.cuts.to_json().encode())),
    PublishedFile(
        "rejects.csv", lambda run, file: write_csv(spreadsheet_safe(run.outcome.rejected), file)
    ),
)


def _other(run: Written, one: PublishedFile, folder: Folder) -> None:
    with folder.open_binary(one.name) as file:
        one.write(run, file)


def _persona(run: Written, audience: Audience, folder: Folder) -> dict[str, Any]:
    name = file_of(audience, run.form)
    if name is None:
        return {**counts(audience), "file": None, "sha256": None}
    members = members_of(audience, run.outcome).collect()
    with folder.open_binary(name) as file:
        run.form.write(members, file, is_safe=audience.cell.persona.safe_csv)
    return {**counts(audience), "file": name, "sha256": folder.sha256(name)}


def file_of(audience: Audience, form: Format) -> str | None:
    """The name of an audience's file inside the run's folder; None where `most` leaves it out."""
    return None if audience.cell.is_capped else f"personas/{audience.name}.{form.name}"


def listed(outcome: Outcome) -> pl.LazyFrame:
    """What customers.parquet holds: everybody of the base by id, and everything that rules said."""
    every = outcome.customers.lazy().select("customer_id", *outcome.listed)
    return as_written(every, outcome.kinds)


def members_of(audience: Audience, outcome: Outcome) -> pl.LazyFrame:
    """What an audience's file holds: its customers by id, with the columns its rules used."""
    own = outcome.customers.lazy().filter(audience.exported)
    used = own.select("customer_id", *outcome.columns[audience.name])
    return as_written(used, outcome.kinds)


def counts(audience: Audience) -> dict[str, Any]:
    """matched = suppressed + outranked + capped + control + exported."""
    cell = audience.cell
    return {
        "name": cell.name,
        "persona": cell.persona.name,
        "title": cell.title,
        "matched": audience.matched,
        **audience.fates,
    }


def escaped(outcome: Outcome, form: Format) -> list[Notice]:
    """A warning for each file in which texts get an apostrophe before them."""
    customers = outcome.customers
    written = {"customer_id", *(c for a in outcome.audiences for c in outcome.columns[a.name])}
    if not form.is_for_spreadsheets or not formulas(customers.select(sorted(written))):
        return []
    guarded = [a for a in outcome.audiences if a.cell.persona.safe_csv]
    files = {a.name: formulas(members_of(a, outcome).collect()) for a in guarded}
    return [
        notice(
            "formula-guard",
            f"{called}: {counted(n, 'cell')} that a spreadsheet would run as a formula "
            f"{agreeing(n, 'is', 'are')} written with ' before {agreeing(n, 'it', 'them')}; safe_csv: false "
            "(for machines) or --format parquet keeps them",
        )
        for called, n in _called(guarded, files, form).items()
    ]


def _called(
    guarded: Sequence[Audience], formulas: Mapping[str, int], form: Format
) -> dict[str, int]:
    """The files with formulas as a message names them, and how many; those that values name as one."""
    cells = [a.cell for a in guarded if formulas[a.name]]
    files = {
        f"personas/{c.name}.{form.name}": formulas[c.name] for c in cells if not c.is_named_by_data
    }
    for persona, own in of_data(cells).items():
        names = ids_after([f"personas/{c.name}.{form.name}" for c in own])
        files[f"{counted(len(own), 'file')} of persona {persona}{names}"] = sum(
            formulas[c.name] for c in own
        )
    return files


# -- what is said is what is so -------------------------------------------------------------------


def check_counts(personas: list[dict[str, Any]], outcome: Outcome, folder: Folder) -> None:
    """Hold the manifest's counts against the allocation as it stands on the disk.

    Raises RuntimeError, so that nothing is published: a difference is a bug of ours.
    """
    matches = pl.scan_parquet(folder.path / ALLOCATION_FILE, glob=False)
    counted = matches.group_by("audience", "fate").len().collect()
    found = {(name, fate): n for name, fate, n in counted.iter_rows()}
    said = {(p["name"], fate): p[fate] for p in personas for fate in FATES if p[fate]}
    if found != said or any(p["matched"] != sum(p[f] for f in FATES) for p in personas):
        raise RuntimeError("the counts are not those of the allocation")
    cells = (audience.cell for audience in outcome.audiences)
    matched = outcome.customers.select(cell.members().sum().alias(cell.name) for cell in cells)
    for audience in outcome.audiences:
        members = matched[audience.name].item()
        if (members, int(audience.exported.sum())) != (
            audience.matched,
            audience.fates["exported"],
        ):
            raise RuntimeError(f"the allocation of {audience.name} is not its matches")
