"""Run contenders side by side and print what each took.

    python benchmarks/run.py --set 20m                     # segment, duckdb, polars, pandas
    python benchmarks/run.py --set 20m-csv --contenders segment duckdb
    python benchmarks/run.py --help-startup                # --help, --version and a small run beside python -c pass

Data is generated if absent. After a warm-up the contenders take turns, so that whatever else the
machine does meets all of them; ratios compare runs of the same turn.
"""

import argparse
import collections
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE / "data"
SHUFFLED_100M = "--lines 100_000_000 --customers 4_000_000 --orders-per-line 1 --shuffle"
SETS = {
    "10m": "--lines 10_000_000",
    "20m": "--lines 20_000_000",
    "40m": "--lines 40_000_000",
    "20m-text": "--lines 20_000_000 --ids text",
    "20m-csv": "--lines 20_000_000 --csv",
    "20m-shuffled": "--lines 20_000_000 --shuffle",
    "100m": SHUFFLED_100M,  # as many orders as lines
    "100m-ordered": "--lines 100_000_000 --customers 2_500_000",
    "events": "--lines 20_000_000 --events 100_000_000",
    "1k": "--lines 1_000 --customers 200",  # of --help-startup
}


@dataclass(frozen=True)
class Measure:
    """What one run of one contender took, and how many customers each audience got."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    audiences: dict[str, int]


def main() -> None:
    options = arguments()
    print(machine())
    if options.help_startup:
        report_startup(startup(options.runs))
        return
    commands = contenders(options.set, ready(options.set))
    chosen = {name: commands[name] for name in options.contenders or commands}
    if "segment" not in (options.contenders or []) and not shutil.which(segment()):
        print("segment is not installed: left out")
        chosen = {
            name: command for name, command in chosen.items() if not name.startswith("segment")
        }
    runs = taken(chosen, options.runs)
    report(options.set, runs, baseline=options.baseline)
    compare_audiences(runs)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=SETS, default="20m")
    parser.add_argument("--contenders", nargs="*", help="default: all of the set")
    parser.add_argument("--runs", type=int, default=5, help="turns after the warm-up")
    parser.add_argument("--baseline", default="duckdb", help="what ratios compare with")
    parser.add_argument("--help-startup", action="store_true")
    return parser.parse_args()


def ready(name: str) -> Path:
    """The folder of a set, generated on first use."""
    folder = DATA / name
    if not folder.exists():
        print(f"generating {name}")
        unfinished = DATA / f".{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(
            [sys.executable, HERE / "generate.py", unfinished, *SETS[name].split()], check=True
        )
        unfinished.rename(folder)
    if name == "events":
        subprocess.run([sys.executable, HERE / "make_personas.py", folder], check=True)
    return folder


def contenders(name: str, folder: Path) -> dict[str, list[str]]:
    """Command of each contender; OUT stands for a fresh folder."""
    kind = "csv" if name.endswith("-csv") else "parquet"
    lines = f"{folder}/transactions-*.{kind}"
    if name == "events":
        return {
            f"{tool}{suffix}": command
            for number, suffix in ((50, ""), (5, "-5"))
            for tool, command in events_contenders(folder, lines, number).items()
        }
    flag = ["--csv"] if kind == "csv" else []
    rivals = {
        tool: [sys.executable, f"{HERE}/rival_{tool}.py", lines, "OUT", *flag]
        for tool in ("duckdb", "polars", "pandas")
    }
    return {"segment": segment_run(lines, HERE / "personas.yaml"), **rivals}


def events_contenders(folder: Path, lines: str, number: int) -> dict[str, list[str]]:
    query = f"{folder}/personas_{number}.sql"
    events = f"{folder}/events/*.parquet"
    rival = [sys.executable, f"{HERE}/rival_duckdb_events.py", query, lines, events, "OUT"]
    ours = [*segment_run(lines, folder / f"personas_{number}.yaml"), "--events", events]
    return {"segment": ours, "duckdb": rival}


def segment() -> str:
    beside = Path(sys.executable).parent / "segment"
    return str(beside) if beside.exists() else "segment"


def segment_run(lines: str, config: Path) -> list[str]:
    return [segment(), "run", lines, "--config", str(config), "--out", "OUT"]


def startup(runs: int) -> dict[str, list[Measure]]:
    """What everybody waits for, beside a bare interpreter, and beside the libraries that a run needs.

    An editable install finds its modules more slowly: install the tool as its users do.
    """
    lines = f"{ready('1k')}/transactions-*.parquet"
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "segment --help": [segment(), "--help"],
        "segment --version": [segment(), "--version"],
        "segment run": segment_run(lines, HERE / "personas.yaml"),
        "import polars": [sys.executable, "-c", "import polars"],
        "import polars, numpy": [sys.executable, "-c", "import polars, numpy"],
    }
    return taken(commands, max(runs, 20))


def report_startup(runs: dict[str, list[Measure]]) -> None:
    """In milliseconds; the processor's time is less moved by what else the machine does."""
    bare = runs["python"]
    print(f"\nstart-up, {len(bare)} turns\n")
    print("| command | min ms | median ms | CPU ms | time ratio (min-max) | CPU ratio (min-max) |")
    print("|---|---|---|---|---|---|")
    for name, measures in runs.items():
        seconds = [one.seconds for one in measures]
        cpu = [one.cpu_seconds for one in measures]
        times = spread([a / b.seconds for a, b in zip(seconds, bare, strict=True)])
        cpus = spread([a / b.cpu_seconds for a, b in zip(cpu, bare, strict=True)])
        print(
            f"| {name} | {min(seconds) * 1000:.0f} | {statistics.median(seconds) * 1000:.0f} "
            f"| {statistics.median(cpu) * 1000:.0f} | {times} | {cpus} |"
        )


def spread(ratios: list[float]) -> str:
    """The median of ratios, and their range."""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def taken(commands: dict[str, list[str]], runs: int) -> dict[str, list[Measure]]:
    """Measures of each contender, turn by turn; the first turn warms up and does not count."""
    measures: dict[str, list[Measure]] = collections.defaultdict(list)
    for turn in range(runs + 1):
        for name, command in commands.items():
            measure = measured(command)
            if turn:
                measures[name].append(measure)
    return measures


def measured(command: list[str]) -> Measure:
    with tempfile.TemporaryDirectory(dir=DATA) as folder, tempfile.TemporaryFile() as printed:
        out = Path(folder) / "out"
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(out) if part == "OUT" else part for part in command],
            stdout=printed,
            stderr=printed,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{printed.read().decode(errors='replace')}")
        kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
        return Measure(seconds, usage.ru_utime + usage.ru_stime, kilobytes / 1024, audiences(out))


def audiences(out: Path) -> dict[str, int]:
    """Customers in each audience file; segment nests them in a folder named after the date."""
    files = {file.stem: file for file in sorted(out.glob("**/personas/*.csv"))}
    return {name: file.read_bytes().count(b"\n") - 1 for name, file in files.items()}


def report(title: str, runs: dict[str, list[Measure]], baseline: str) -> None:
    turns = len(next(iter(runs.values())))
    print(f"\n{title}, {turns} turns\n")
    print(
        "| contender | min s | median s | max s | CPU s | peak MB | time ratio (min-max) | memory ratio |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, measures in runs.items():
        seconds = sorted(one.seconds for one in measures)
        cpu = statistics.median(one.cpu_seconds for one in measures)
        memory = max(one.peak_mb for one in measures)
        print(
            f"| {name} | {seconds[0]:.2f} | {statistics.median(seconds):.2f} | {seconds[-1]:.2f} "
            f"| {cpu:.1f} | {memory:,.0f} | {ratios(measures, runs.get(baseline))} |"
        )


def ratios(measures: list[Measure], others: list[Measure] | None) -> str:
    """Median and range of the ratios of runs of the same turn, and the ratio of the peaks."""
    if not others:
        return "– | –"
    times = sorted(one.seconds / other.seconds for one, other in zip(measures, others, strict=True))
    memory = max(one.peak_mb for one in measures) / max(one.peak_mb for one in others)
    return f"{statistics.median(times):.2f} ({times[0]:.2f}-{times[-1]:.2f}) | {memory:.2f}"


def compare_audiences(runs: dict[str, list[Measure]]) -> None:
    found = {name: measures[0].audiences for name, measures in runs.items()}
    for number in sorted({len(sizes) for sizes in found.values()}):
        alike = {name: sizes for name, sizes in found.items() if len(sizes) == number}
        same = all(sizes == next(iter(alike.values())) for sizes in alike.values())
        print(
            f"\n{', '.join(alike)}: {number} audiences, {'the same sizes' if same else 'SIZES DIFFER'}"
        )
        for name, sizes in alike.items() if not same else list(alike.items())[:1]:
            print(
                f"  {name if not same else ''} {'  '.join(f'{key} {size:,}' for key, size in sizes.items())}"
            )


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


if __name__ == "__main__":
    main()
