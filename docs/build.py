"""Write every document and the stored help again from the code and the sample data, or check that none differs."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence

from doctools.pages import pages, rendered
from doctools.shop import REPO


def main(arguments: Sequence[str]) -> int:
    """`build.py [--check] [PAGE…]`: 0, or 1 when --check finds a difference."""
    check = "--check" in arguments
    wanted = [a for a in arguments if a != "--check"] or pages()
    return max([_differs(name) if check else _write(name) for name in wanted], default=0)


def _write(name: str) -> int:
    (REPO / name).write_text(rendered(name))
    sys.stdout.write(f"{name}\n")
    return 0


def _differs(name: str) -> int:
    found = difflib.unified_diff(
        (REPO / name).read_text().splitlines(),
        rendered(name).splitlines(),
        name,
        f"{name} now",
        lineterm="",
    )
    lines = list(found)
    sys.stdout.write("\n".join(lines) + "\n" * bool(lines))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
