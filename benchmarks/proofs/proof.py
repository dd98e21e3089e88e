"""What the proofs share: options, the line of figures, and how they end.

    python benchmarks/proofs/NAME.py [--n N] [--seed S]

A proof prints one line and ends with 1 if it fails; what is wrong comes before the line.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parents[2] / "tests"
SHOWN = 5


@dataclass(frozen=True)
class Proof:
    """What was tried how often, what was found wrong, and figures that say what the trials were."""

    tried: int
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)


def main(prove: Callable[[int, int], Proof], *, n: int, what: str) -> None:
    """Run `prove(n, seed)` and end the process."""
    script = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser(description=prove.__doc__)
    parser.add_argument("--n", type=int, default=n, help=f"{what} (default: {n:,})")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    found = prove(given.n, given.seed)
    seconds = time.perf_counter() - start
    for one in found.wrong[:SHOWN]:
        print(f"  {one}")
    figures = "".join(f", {value} {name}" for name, value in found.figures.items())
    print(f"{script}: {found.tried:,} {what}, seed {given.seed}: {len(found.wrong):,} wrong{figures}; "
          f"{seconds:,.0f} s, {os.cpu_count()} cores")  # fmt: skip
    sys.exit(1 if found.wrong or not found.tried else 0)


def of_tests(path: str) -> ModuleType:
    """A module of tests by its path there: oracles and helpers that a proof shares with them."""
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, TESTS / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
