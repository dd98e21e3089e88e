"""Run contenders side by side and print what each took.

    python benchmarks/run.py --set 20m                     # segment, duckdb, polars, pandas
    python benchmarks/run.py --set 20m-csv --contenders segment duckdb
    python benchmarks/run.py --plan shares                 # other rules: benchmarks/plans/
    python benchmarks/run.py --segment old=OLD/bin/segment --segment new=NEW/bin/segment
    python benchmarks/run.py --contenders segment segment-value --baseline segment
    python benchmarks/run.py --plan own --exact            # every value compared, nothing timed
    python benchmarks/run.py --help-startup                # --help, --version and a small run beside python -c pass

Data is generated if absent. After a warm-up the contenders take turns, so that whatever else the
machine does meets all of them; ratios compare runs of the same turn.
"""

import argparse
import collections
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from exact import compared
from machine import busy_seconds, machine, wait_for_calm
from sets import DATA, HERE, SETS, lines_of, ready

#: plans of other rules than personas.yaml, and the set that each is made for
PLANS = {
    "shares": "20m",
    "windows": "20m",
    "own": "20m",
    "departments-30": "20m-30",
    "departments-3000": "20m-3000",
}
VALUE = "-value"  # ends the name of a contender that predicts value, too; only if asked for


@dataclass(frozen=True)
class Measure:
    """What one run of one contender took, and how many customers each audience got."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    others: float  # the cores that all else on the machine took meanwhile
    audiences: dict[str, int]


def main() -> None:
    options = arguments()
    print(machine())
    if options.help_startup:
        small, tools = ready("1k", options.data), executables(options.segment)
        report_startup(taken(small_commands(small, tools), max(options.runs, 20), options.data))
        return
    named = options.set or (PLANS[options.plan] if options.plan else "20m")
    if options.plan and (named == "events" or named.endswith("-csv")):
        sys.exit(f"plans are of order lines in Parquet, and the set {named} is something else")
    title = f"{named}, plan {options.plan}" if options.plan else named
    commands = contenders(ready(named, options.data), options.plan, executables(options.segment))
    usual = [name for name in commands if not name.endswith(VALUE)]
    chosen = {name: commands[name] for name in options.contenders or usual}
    if options.exact:
        sys.exit(compare_customers(title, chosen, options.data, baseline=options.baseline))
    runs = taken(chosen, options.runs, options.data, patience=options.patience)
    report(title, runs, baseline=options.baseline)
    print(f"\nload {os.getloadavg()[0]:.1f} after the last run")
    compare_audiences(runs)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=SETS, help="default: the plan's, or 20m")
    parser.add_argument("--plan", choices=PLANS, help="default: personas.yaml")
    parser.add_argument("--contenders", nargs="*", help="default: all of the set")
    parser.add_argument("--runs", type=int, default=5, help="turns after the warm-up")
    parser.add_argument("--baseline", default="duckdb", help="what ratios compare with")
    parser.add_argument("--data", type=Path, default=DATA, help="where the sets lie")
    parser.add_argument(
        "--segment",
        action="append",
        metavar="[NAME=]PATH",
        help="an executable to run instead of the one beside this Python; several are contenders",
    )
    parser.add_argument(
        "--patience", type=float, default=0, help="seconds a turn may wait for others to be calm"
    )
    parser.add_argument("--exact", action="store_true", help="compare every value instead of times")
    parser.add_argument("--help-startup", action="store_true")
    return parser.parse_args()


def executables(given: list[str] | None) -> dict[str, str]:
    """The executables of segment by the name of their contender; none if it is not installed."""
    if given:
        pairs = [one.rpartition("=")[::2] for one in given]
        return {name or "segment": str(Path(path).absolute()) for name, path in pairs}
    if shutil.which(segment()):
        return {"segment": segment()}
    print("segment is not installed: left out")
    return {}


def contenders(folder: Path, plan: str | None, segments: dict[str, str]) -> dict[str, list[str]]:
    """Command of each contender; OUT stands for a fresh folder."""
    if folder.name == "events":
        return {
            f"{tool}{suffix}": command
            for number, suffix in ((50, ""), (5, "-5"))
            for tool, command in events_contenders(folder, number, segments).items()
        }
    lines = lines_of(folder)
    config = HERE / "plans" / f"{plan}.yaml" if plan else HERE / "personas.yaml"
    ours = {name: segment_run(path, lines, config) for name, path in segments.items()}
    ours |= {f"{name}{VALUE}": [*ours[name], "--columns", "predicted_value"] for name in segments}
    if plan:
        return ours | {"duckdb": rival("duckdb_plan", config.with_suffix(".sql"), lines)}
    is_csv = lines.endswith("csv")
    rivals = {
        tool: [*rival(tool, lines), *(["--csv"] if is_csv else [])]
        for tool in ("duckdb", "polars", "pandas")
        if tool != "pandas" or importlib.util.find_spec("pandas")
    }
    narrow = {} if is_csv else {"duckdb-narrow": [*rivals["duckdb"], "--narrow"]}
    return ours | rivals | narrow


def events_contenders(folder: Path, number: int, segments: dict[str, str]) -> dict[str, list[str]]:
    lines, events = lines_of(folder), f"{folder}/events/*.parquet"
    config = folder / f"personas_{number}.yaml"
    return {
        name: [*segment_run(path, lines, config), "--events", events]
        for name, path in segments.items()
    } | {"duckdb": rival("duckdb_events", config.with_suffix(".sql"), lines, events)}


def rival(name: str, *given: Path | str) -> list[str]:
    return [sys.executable, f"{HERE}/rival_{name}.py", *map(str, given), "OUT"]


def segment() -> str:
    beside = Path(sys.executable).parent / "segment"
    return str(beside) if beside.exists() else "segment"


def segment_run(executable: str, lines: str, config: Path) -> list[str]:
    return [executable, "run", lines, "--config", str(config), "--out", "OUT"]


def small_commands(folder: Path, segments: dict[str, str]) -> dict[str, list[str]]:
    """What everybody waits for, beside a bare interpreter, and beside the libraries that a run needs.

    An editable install finds its modules more slowly: install the tool as its users do.
    """
    bare = {"python": "pass", "import polars": "import polars", "both": "import polars, numpy"}
    commands = {name: [sys.executable, "-c", code] for name, code in bare.items()}
    for name, path in segments.items():
        run = segment_run(path, lines_of(folder), HERE / "personas.yaml")
        commands |= {f"{name} --help": [path, "--help"], f"{name} --version": [path, "--version"]}
        commands[f"{name} run"] = run
    return commands


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


def taken(
    commands: dict[str, list[str]], runs: int, data: Path = DATA, *, patience: float = 0
) -> dict[str, list[Measure]]:
    """Measures of each contender, turn by turn; the first turn warms up and does not count."""
    measures: dict[str, list[Measure]] = collections.defaultdict(list)
    data.mkdir(parents=True, exist_ok=True)
    for turn in range(runs + 1):
        wait_for_calm(patience)
        for name, command in commands.items():
            with tempfile.TemporaryDirectory(dir=data) as folder:
                measure = measured(command, Path(folder) / "out")
            if turn:
                measures[name].append(measure)
    return measures


def measured(command: list[str], out: Path) -> Measure:
    with tempfile.TemporaryFile() as printed:
        begin, busy = time.perf_counter(), busy_seconds()
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
        cpu = usage.ru_utime + usage.ru_stime
        others = max(0.0, busy_seconds() - busy - cpu) / seconds
        return Measure(seconds, cpu, kilobytes / 1024, others, audiences(out))


def audiences(out: Path) -> dict[str, int]:
    """Customers in each audience file; segment nests them in a folder named after the date."""
    files = {file.stem: file for file in sorted(out.glob("**/personas/*.csv"))}
    return {name: file.read_bytes().count(b"\n") - 1 for name, file in files.items()}


def report(title: str, runs: dict[str, list[Measure]], baseline: str) -> None:
    turns = len(next(iter(runs.values())))
    print(f"\n{title}, {turns} turns\n")
    print(
        "| contender | min s | median s | max s | CPU s | peak MB | others' cores "
        f"| time ÷ {baseline} (range) | CPU ÷ {baseline} (range) | memory ÷ {baseline} |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, measures in runs.items():
        seconds = sorted(one.seconds for one in measures)
        cpu = statistics.median(one.cpu_seconds for one in measures)
        memory = max(one.peak_mb for one in measures)
        others = statistics.median(one.others for one in measures)
        print(
            f"| {name} | {seconds[0]:.2f} | {statistics.median(seconds):.2f} | {seconds[-1]:.2f} "
            f"| {cpu:.1f} | {memory:,.0f} | {others:.1f} | {ratios(measures, runs.get(baseline))} |"
        )


def ratios(measures: list[Measure], others: list[Measure] | None) -> str:
    """Median and range of the ratios of runs of the same turn, and the ratio of the peaks."""
    if not others:
        return "– | – | –"
    turns = list(zip(measures, others, strict=True))
    times = sorted(one.seconds / other.seconds for one, other in turns)
    cpu = sorted(one.cpu_seconds / other.cpu_seconds for one, other in turns)
    memory = max(one.peak_mb for one in measures) / max(one.peak_mb for one in others)
    return f"{with_range(times)} | {with_range(cpu)} | {memory:.2f}"


def with_range(ascending: list[float]) -> str:
    return f"{statistics.median(ascending):.2f} ({ascending[0]:.2f}–{ascending[-1]:.2f})"


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


def compare_customers(
    title: str, commands: dict[str, list[str]], data: Path, *, baseline: str
) -> bool:
    """Runs each contender once; whether any wrote other customers or audiences than the baseline."""
    differences = 0
    with tempfile.TemporaryDirectory(dir=data) as folder:
        outs = {name: Path(folder) / name for name in commands}
        for name, command in commands.items():
            measured(command, outs[name])
        print(f"\n{title}")
        for name in (name for name in commands if name != baseline):
            found = compared(outs[name], outs[baseline])
            differences += len(found.differences)
            verdict = "DIFFERENT" if found.differences else "equal"
            print(
                f"{name} and {baseline}: {verdict}, {found.customers:,} customers, "
                f"{found.columns} columns"
            )
            for line in [*found.differences, f"not compared: {', '.join(found.only_one_has)}"]:
                print(f"  {line}")
    return differences > 0


if __name__ == "__main__":
    main()
