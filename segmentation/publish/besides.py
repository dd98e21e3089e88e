"""Files that an option names, written besides the runs: never over what is read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from segmentation.messages.errors import InputError, Problem, RulesError, visible
from segmentation.rules.ruleset import Rules
from segmentation.rules.source_paths import Unset
from segmentation.rules.sources import Source
from segmentation.sources import leads_to


def refuse_read(written: Path | None, option: str, rules: Rules, also: Iterable[Path] = ()) -> None:
    """Raise RulesError where a file to be written is read, or would be by the next run.

    That is the rules, a file that a path of the sources leads to, or one of `also`.
    """
    if written is None:
        return
    is_rules = _is(written, Path(rules.document.name))
    read = ["the rules"] if is_rules else [f for f in map(str, also) if _is(written, Path(f))]
    tables = rules.sources.items()
    read += [
        table
        for table, sources in tables
        if any(_leads_to(f, written) for s in sources for f in s.files)
    ]
    if read:
        what = f"{option} {visible(str(written))}: this file is read ({read[0]})"
        raise RulesError(Problem(what, mend="What is read is not written over. Name another file."))


def _leads_to(source: Source, written: Path) -> bool:
    """No where a source leads nowhere, or nobody may look: whoever reads it says so."""
    try:
        return source.place is not None and leads_to(source.place, written)
    except (Unset, InputError):
        return False


def _is(written: Path, read: Path) -> bool:
    return os.path.realpath(written) == os.path.realpath(read)
