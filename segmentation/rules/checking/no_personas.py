"""Rules that name nobody: a file with sources, and no persona."""

from __future__ import annotations

from collections.abc import Iterator

from segmentation.messages.notices import Notice, notice
from segmentation.rules.ruleset import Rules


def no_personas(rules: Rules) -> Iterator[Notice]:
    """A note where there are sources and no persona, and how one is added."""
    if any(rules.sources.values()) and not rules.personas:
        mend = (
            "Add them, for example personas: {everyone: {}}; segment init DIR writes a file with examples, "
            "segment init --from FILE those that a file can carry."
        )
        what = "there are no personas, so no audience"
        yield notice("no-personas", what, where=rules.where(("personas",)), mend=mend)
