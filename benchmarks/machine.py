"""The machine that measures: what it is, and what else it does meanwhile."""

import os
import sys
import time
from pathlib import Path

STATISTICS = Path("/proc/stat")
CALM_CORES = 0.4  # what the system itself takes, and a little
LOOK = 3.0  # seconds


def machine() -> str:
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = "unknown"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(
            (line.split(":")[1].strip() for line in lines if line.startswith("model name")), model
        )
    load = os.getloadavg()[0]
    version = ".".join(map(str, sys.version_info[:3]))
    cores = os.cpu_count()
    return f"{cores} cores ({model}), {gigabytes:.0f} GB RAM, Python {version}, load {load:.1f} before the first run"


def busy_seconds() -> float:
    """CPU seconds that everything on this machine has taken since it started; 0 if it does not say."""
    if not STATISTICS.exists():
        return 0.0
    user, nice, system, _, _, *interrupts = map(int, STATISTICS.read_text().split()[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def wait_for_calm(patience: float) -> None:
    """Waits until others leave the cores to us, for so many seconds at the most."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before = busy_seconds()
        time.sleep(LOOK)
        if busy_seconds() - before < CALM_CORES * LOOK:
            return
