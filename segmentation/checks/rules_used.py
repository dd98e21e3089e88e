"""Which rules a run goes by: those of the tool, or without what the files of the command line lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmentation.messages.notices import Notice, notice
from segmentation.publish.starter import shipped_rules
from segmentation.rules.checking.no_personas import no_personas

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan


def of_the_tool(run: AfterScan) -> Iterator[Notice]:
    """A note when the rules are those that come with the tool."""
    if run.rules.document.name == str(shipped_rules()):
        text = "there is no personas.yaml here: the rules that come with the tool are used"
        yield notice("rules-of-the-tool", text)


def without_personas(run: AfterScan) -> Iterator[Notice]:
    """A note when the rules name nobody."""
    return no_personas(run.rules)


def suppression_left_out(run: AfterScan) -> Iterator[Notice]:
    """What of suppression could not be applied: the first that is said of rules."""
    return (one for one in run.prepared.possible.warnings if one.is_of_suppression)


def left_out(run: AfterScan) -> Iterator[Notice]:
    """What of the rules could not be applied."""
    return (one for one in run.prepared.possible.warnings if not one.is_of_suppression)
