"""Time and memory as the data grows: lines at a fixed number of customers, and the other way round.

    python benchmarks/growth.py                      # measures, then writes growth.csv and growth.svg
    python benchmarks/growth.py --segment new=NEW/bin/segment --contenders new
    python benchmarks/growth.py --draw               # the table and the picture of growth.csv

What was measured of a contender before is replaced, and of others kept. Both axes of the picture are
logarithmic: what grows in proportion to the data rises like the dashed line.
"""

import argparse
import csv
import math
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from machine import machine
from run import contenders, executables, taken
from sets import DATA, HERE, lines_of, ready

#: what grows, and the sets in which it does; the middle of all is in both
GROWING = {
    "lines": ["growth-1m", "growth-10m", "growth-100m"],
    "customers": ["growth-100m", "growth-1m-customers", "growth-10m-customers"],
}
COLOURS = {"segment": "#0b6e4f", "before": "#9aa5b1", "duckdb": "#c46210"}
OTHER_COLOUR = "#3d5a80"


@dataclass(frozen=True)
class Point:
    """What one contender took for one set, the median of its turns (of memory, the most)."""

    set: str
    lines: int
    customers: int
    contender: str
    seconds: float
    cpu_seconds: float
    peak_mb: int


def main() -> None:
    options = arguments()
    points = read(options.figures)
    if not options.draw:
        print(machine(), flush=True)
        for name in options.sets:
            points = replaced(points, list(measured_points(name, options)))
            write(points, options.figures)
    print(table(points))
    options.figures.with_suffix(".svg").write_text(picture(points))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    every = list(dict.fromkeys(name for names in GROWING.values() for name in names))
    parser.add_argument("--sets", nargs="*", choices=every, default=every)
    parser.add_argument("--runs", type=int, default=2, help="turns after the warm-up")
    parser.add_argument("--contenders", nargs="*", default=["segment", "duckdb"])
    parser.add_argument("--segment", action="append", metavar="[NAME=]PATH")
    parser.add_argument("--data", type=Path, default=DATA, help="where the sets lie")
    parser.add_argument("--patience", type=float, default=0, help="see run.py")
    parser.add_argument("--figures", type=Path, default=HERE / "growth.csv")
    parser.add_argument("--draw", action="store_true", help="measure nothing")
    return parser.parse_args()


def measured_points(name: str, options: argparse.Namespace) -> Iterator[Point]:
    folder = ready(name, options.data)
    commands = contenders(folder, None, executables(options.segment))
    chosen = {one: commands[one] for one in options.contenders}
    lines, customers = sizes(folder)
    for contender, measures in taken(
        chosen, options.runs, options.data, patience=options.patience
    ).items():
        yield Point(
            name,
            lines,
            customers,
            contender,
            round(statistics.median(one.seconds for one in measures), 2),
            round(statistics.median(one.cpu_seconds for one in measures), 1),
            round(max(one.peak_mb for one in measures)),
        )


def sizes(folder: Path) -> tuple[int, int]:
    """The lines of a set, and the customers who bought."""
    import polars as pl  # not for --draw

    lines = pl.scan_parquet(lines_of(folder))
    bought = pl.col("customer_id").filter(pl.col("amount") > 0).n_unique()
    found = lines.select(lines=pl.len(), customers=bought).collect(engine="streaming")
    return found.row(0)


def replaced(old: list[Point], new: list[Point]) -> list[Point]:
    """The old points but for those that were measured again, in the order of the table."""
    fresh = {(point.set, point.contender) for point in new}
    kept = [point for point in old if (point.set, point.contender) not in fresh]
    return sorted([*kept, *new], key=lambda point: (point.lines, point.customers, point.contender))


def read(figures: Path) -> list[Point]:
    if not figures.exists():
        return []
    with figures.open() as file:
        return [
            Point(
                row["set"],
                int(row["lines"]),
                int(row["customers"]),
                row["contender"],
                float(row["seconds"]),
                float(row["cpu_seconds"]),
                int(row["peak_mb"]),
            )
            for row in csv.DictReader(file)
        ]


def write(points: Iterable[Point], figures: Path) -> None:
    with figures.open("w", newline="") as file:
        rows = csv.DictWriter(file, list(Point.__dataclass_fields__), lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(point) for point in points)


def table(points: Iterable[Point]) -> str:
    head = [
        "| set | lines | customers | contender | median s | CPU s | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(row(point) for point in points)])


def row(point: Point) -> str:
    return (
        f"| `{point.set}` | {point.lines:,} | {point.customers:,} | {point.contender} "
        f"| {point.seconds:.2f} | {point.cpu_seconds:.1f} | {point.peak_mb:,} |"
    )


WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 180, 70, 60, 90


def picture(points: list[Point]) -> str:
    """Four panels as SVG: seconds and memory by lines, and by customers."""
    panels = [
        panel(points, grows, figure, column=column, line=line)
        for line, figure in enumerate(("seconds", "peak_mb"))
        for column, grows in enumerate(GROWING)
    ]
    names = dict.fromkeys(point.contender for point in points)
    legend = [
        f'<rect x="{LEFT + 110 * place}" y="18" width="12" height="12" fill="{colour(name)}"/>'
        f'<text x="{LEFT + 110 * place + 18}" y="28">{name}</text>'
        for place, name in enumerate(names)
    ]
    width, height = LEFT + 2 * (WIDTH + GAP), TOP + 2 * (HEIGHT + GAP)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *legend,
            *panels,
            "</svg>\n",
        ]
    )


def panel(points: list[Point], grows: str, figure: str, *, column: int, line: int) -> str:
    shown = [point for point in points if point.set in GROWING[grows]]
    along = Axis.over((getattr(point, grows) for point in shown), WIDTH)
    up = Axis.over((getattr(point, figure) for point in shown), HEIGHT)
    drawn = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>',
        *(
            f'<text x="{along.at(value):.0f}" y="{HEIGHT + 16}" text-anchor="middle">{short(value)}</text>'
            for value in along.ticks()
        ),
    ]
    for value in up.ticks():
        y = HEIGHT - up.at(value)
        drawn.append(f'<path d="M0 {y:.0f}H{WIDTH}" stroke="#eee"/>')
        drawn.append(f'<text x="-6" y="{y + 4:.0f}" text-anchor="end">{short(value)}</text>')
    for name in dict.fromkeys(point.contender for point in shown):
        places = sorted(
            (along.at(getattr(point, grows)), HEIGHT - up.at(getattr(point, figure)))
            for point in shown
            if point.contender == name
        )
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        drawn.append(
            f'<polyline points="{way}" fill="none" stroke="{colour(name)}" stroke-width="2"/>'
        )
        drawn += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour(name)}"/>' for x, y in places
        ]
    drawn.append(proportional(shown, grows, figure, along, up))
    title = f"{'seconds' if figure == 'seconds' else 'peak MB'} by {grows}"
    drawn.append(f'<text y="-8" font-weight="bold">{title}</text>')
    x, y = LEFT + column * (WIDTH + GAP), TOP + line * (HEIGHT + GAP)
    return f'<g transform="translate({x} {y})">' + "\n".join(drawn) + "</g>"


def proportional(shown: list[Point], grows: str, figure: str, along: "Axis", up: "Axis") -> str:
    """From the smallest figure of the smallest set on: what it would be in proportion."""
    first = min(shown, key=lambda point: (getattr(point, grows), getattr(point, figure)))
    begin, low = getattr(first, grows), getattr(first, figure)
    factor = min(10**along.high / begin, 10**up.high / low)
    x, y = along.at(begin), HEIGHT - up.at(low)
    to_x, to_y = along.at(begin * factor), HEIGHT - up.at(low * factor)
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#999" stroke-dasharray="4"/>'


@dataclass(frozen=True)
class Axis:
    """Where values lie on a logarithmic axis of so many pixels, whole powers of ten at its ends."""

    low: int
    high: int
    length: int

    @classmethod
    def over(cls, values: Iterable[float], length: int) -> "Axis":
        powers = [math.log10(value) for value in values]
        return cls(math.floor(min(powers)), math.ceil(max(powers)), length)

    def at(self, value: float) -> float:
        return (math.log10(value) - self.low) / max(self.high - self.low, 1) * self.length

    def ticks(self) -> list[int]:
        return [10**power for power in range(self.low, self.high + 1)]


def short(value: float) -> str:
    for size, letter in ((10**6, " M"), (10**3, " k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def colour(name: str) -> str:
    return COLOURS.get(name, OTHER_COLOUR)


if __name__ == "__main__":
    main()
