"""A run that dies anywhere leaves the old run or the new one: random deaths at random system calls.

Where a run begins from (nothing, another day, a link, a copy), the call, and whether the process
dies before or after it are drawn; then readers look, and the next run publishes and cleans up.
"""

from __future__ import annotations

import random
import tempfile
import warnings
from pathlib import Path

from proof import Proof, main, of_tests

tests = of_tests("helpers/publishing.py")
MOST_CALLS = 60


def prove(n: int, seed: int) -> Proof:
    """Of n deaths none leaves a mixture, half a run, or rests after the next run."""
    draw, wrong, died = random.Random(seed), [], 0
    warnings.simplefilter("ignore", DeprecationWarning)  # of fork: the child only calls the system
    with tempfile.TemporaryDirectory() as folder:
        for number in range(n):
            out = Path(folder, str(number))
            start, at, after = (
                draw.choice(tests.STARTS),
                draw.randint(1, MOST_CALLS),
                draw.random() < 0.5,
            )
            start(out)
            old = tests.seen(out)
            ended = tests.publish_and_die(out, at, after=after)
            died += ended == 9
            found = [] if ended in (0, 9) else [f"it ended with {ended}"]
            said = f"{start.__name__}, {'after' if after else 'before'} call {at}"
            wrong += [f"{said}: {why}" for why in (*found, *_rests(out, old))]
    return Proof(n, wrong, {"of them died": f"{died:,}"})


def _rests(out: Path, old: tuple[str, str]) -> list[str]:
    """What is wrong after a death, and after the next run."""
    found = []
    try:
        seen = tests.seen(out)
        if any(now not in (before, "new") for now, before in zip(seen, old, strict=True)):
            found.append(f"readers saw {seen} after {old}")
        tests.publish_run(out, tests.DAY, "newest")
        if tests.seen(out) != ("newest", "newest"):
            found.append(f"the next run is not seen: {tests.seen(out)}")
        if tests.versions(out) > 3:
            found.append(f"{tests.versions(out)} versions are left")
        found += [f"{p} is left" for p in tests.tree(out) if "partial" in p or "lock" in p]
    except Exception as error:
        found.append(repr(error))
    return found


if __name__ == "__main__":
    main(prove, n=5_000, what="deaths")
