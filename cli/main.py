"""The entry point of `segment`: help that is stored is printed at once, everything else is `process`."""

from __future__ import annotations

import sys

from . import stored_help


def main() -> None:
    """Run the command line; every way out has its own exit code (docs/exit-codes.md)."""
    if stored_help.is_answered(sys.argv):
        sys.exit(0)
    from .process import run

    run()
