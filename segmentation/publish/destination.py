"""Where a run goes: into a folder of runs, beside one as a dry run, or nowhere at all."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

from segmentation.dataclass import dataclass
from segmentation.messages.notices import Notice, notice
from segmentation.publish.completeness import refuse_partial
from segmentation.publish.folder.layout import LATEST, target_of
from segmentation.publish.folder.place import refuse_run
from segmentation.publish.folder.runs import complete_run, is_partial
from segmentation.publish.outcome import Outcome

STAYS: Final = "latest-stays"  # of the folder, not of the run: in no manifest


@dataclass(frozen=True)
class Destination:
    """`out`: the folder of runs, None for nowhere; `is_dry`: it is looked at, and not written to."""

    out: Path | None
    is_dry: bool = False

    @property
    def is_written(self) -> bool:
        """Whether anything is published."""
        return self.out is not None and not self.is_dry

    def folder_of(self, outcome: Outcome) -> Path | None:
        """The folder of a run that is published; None for one that is not."""
        if self.out is None or self.is_dry:
            return None
        return self.out / outcome.as_of.isoformat()

    def refuse_unfit(self) -> None:
        """Raise RulesError where the folder of runs lies inside of a run."""
        if self.out is not None:
            refuse_run(self.out)

    def refuse_partial(self, reason: str) -> None:
        """Raise RulesError where a run would be partial (`reason` says why) beside complete ones."""
        if self.out is not None:
            refuse_partial(self.out, self._complete, reason)

    @cached_property
    def _complete(self) -> str | None:
        return None if self.out is None or self.is_dry else complete_run(self.out)

    def left_behind(self, outcome: Outcome) -> list[Notice]:
        """A warning when `latest` leads to a later day than the one that is published, and stays there."""
        if self.out is None:
            return []
        latest = self.out / LATEST
        day = target_of(latest)
        gives_way = is_partial(latest) and not outcome.partial
        stays = day > outcome.as_of.isoformat() and latest.exists() and not gives_way
        return [notice(STAYS, f"{latest} stays at {day}, which is later")] if stays else []
