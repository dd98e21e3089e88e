"""Packages that only some files need: imported when one is read, and asked for where one is not there."""

from __future__ import annotations

import importlib
from typing import Any

from segmentation.messages.errors import InputError, Problem


def imported(module: str, extra: str, what: str, shown: str, instead: str = "") -> Any:
    """A module of an optional package. Raises InputError where that is not installed.

    `what` says what is read through it, `shown` is the file, and `instead` another way.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        package = module.partition(".")[0]
        lacks = f"{what} through the package {package}, which is not installed"
        mend = f"pip install 'segment-personas[{extra}]'{instead}"
        raise InputError(Problem(lacks, shown, mend)) from None
