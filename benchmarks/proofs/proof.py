"""What the proofs share: options, the line of figures, and how they end.

    python benchmarks/proofs/NAME.py [--n N] [--seed S]

A proof prints one line and ends with 1 if it fails; what is wrong comes after the line. The line
is begun before the first trial: one that breaks off is of a proof that was killed. A signal that
can be answered is named there, and a terminal that closes ends no proof.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType

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
    parser = argparse.ArgumentParser(description=prove.__doc__)
    parser.add_argument("--n", type=int, default=n, help=f"{what} (default: {n:,})")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{Path(sys.argv[0]).stem}: {given.n:,} {what}, seed {given.seed}: ", end="", flush=True)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    start = time.perf_counter()
    found = prove(given.n, given.seed)
    seconds = time.perf_counter() - start
    tried = "" if found.tried == given.n else f"{found.tried:,} tried, "
    figures = "".join(f", {value} {name}" for name, value in found.figures.items())
    print(f"{tried}{len(found.wrong):,} wrong{figures}; {seconds:,.0f} s, {os.cpu_count()} cores")
    for one in found.wrong[:SHOWN]:
        print(f"  {one}")
    sys.exit(1 if found.wrong or not found.tried else 0)


def _end(number: int, _: FrameType | None) -> None:
    """Say in the line what ended the proof, at once: a trial must not take the signal for its own."""
    print(f"ended by {signal.Signals(number).name}", flush=True)
    os._exit(128 + number)


def of_tests(path: str) -> ModuleType:
    """A module of tests by its path there: oracles and helpers that a proof shares with them."""
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, TESTS / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.append(str(TESTS / "helpers"))  # as pytest does
    spec.loader.exec_module(module)
    return module
