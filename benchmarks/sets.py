"""The sets of data that benchmarks run on, each generated on first use.

Names say lines, then what is special: `20m-text` has text ids, `20m-3000` so many departments.
The growth sets vary one thing: `growth-10m` has 10 million lines of 100 thousand customers,
`growth-10m-customers` has 10 million customers and the lines of `growth-100m`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE / "data"
SETS = {
    "10m": "--lines 10_000_000",
    "20m": "--lines 20_000_000",
    "40m": "--lines 40_000_000",
    "20m-text": "--lines 20_000_000 --ids text",
    "20m-uuid": "--lines 20_000_000 --ids uuid",
    "20m-csv": "--lines 20_000_000 --csv",
    "20m-shuffled": "--lines 20_000_000 --shuffle",
    "20m-30": "--lines 20_000_000 --departments 30",
    "20m-3000": "--lines 20_000_000 --departments 3000 --skewed",
    # as many orders as lines
    "100m": "--lines 100_000_000 --customers 4_000_000 --orders-per-line 1 --shuffle",
    "100m-ordered": "--lines 100_000_000 --customers 2_500_000",
    "events": "--lines 20_000_000 --events 100_000_000",
    "1k": "--lines 1_000 --customers 200",  # of --help-startup
    "growth-1m": "--lines 1_000_000 --customers 100_000",
    "growth-10m": "--lines 10_000_000 --customers 100_000",
    "growth-100m": "--lines 100_000_000 --customers 100_000",
    "growth-1m-customers": "--lines 100_000_000 --customers 1_000_000",
    "growth-10m-customers": "--lines 100_000_000 --customers 10_000_000",
}


def ready(name: str, data: Path = DATA) -> Path:
    """The folder of a set, generated on first use."""
    folder = data / name
    if not folder.exists():
        print(f"generating {name}", flush=True)
        unfinished = data / f".{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(
            [sys.executable, HERE / "generate.py", unfinished, *SETS[name].split()], check=True
        )
        unfinished.rename(folder)
    if name == "events":
        subprocess.run([sys.executable, HERE / "make_personas.py", folder], check=True)
    return folder


def lines_of(folder: Path) -> str:
    """The files of order lines of a set, as a pattern; CSV or Parquet by the set's name."""
    kind = "csv" if folder.name.endswith("-csv") else "parquet"
    return f"{folder}/transactions-*.{kind}"
