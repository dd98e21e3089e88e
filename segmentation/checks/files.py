"""What there is to say of the files of a run before they are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segmentation.messages.notices import Notice
from segmentation.publish.files import escaped

if TYPE_CHECKING:
    from segmentation.checks.moments import BeforePublication


def with_formulas(run: BeforePublication) -> Iterable[Notice]:
    """A warning for each file in which texts get an apostrophe before them; of frames no text does."""
    return escaped(run.outcome, run.form) if run.to.out is not None else ()


def left_behind(run: BeforePublication) -> Iterable[Notice]:
    """A warning when `latest` stays at a later day; of a dry run only where warnings would stop it."""
    is_asked = run.outcome.request.strict or run.to.is_written
    return run.to.left_behind(run.outcome) if is_asked else ()
