"""Invent a retailer's files for the benchmarks: seeded, written in chunks, so memory stays low.

    python benchmarks/generate.py benchmarks/data/20m --lines 20_000_000 --customers 500_000

A few customers buy very often and most of them rarely; every customer has a span in which they
are active. So there are new, loyal, lapsed and lost ones, and some who only ever returned goods.
"""

import argparse
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

FIRST_DAY = dt.date(2023, 1, 1)
AFTER_LAST_DAY = dt.date(
    2026, 1, 1
)  # in the past: the default as_of is the latest day not in the future
EVENTS_FIRST_DAY = dt.date(2025, 1, 1)
ROWS_PER_FILE = 2_500_000
PRODUCTS = 24_000
RETURNED = 0.03
# Most visits end without a purchase; complaints are rare. Shares add up to one.
EVENTS = {
    "browse": 0.62,
    "login": 0.27,
    "campaign_send": 0.07,
    "basket": 0.02,
    "campaign_response": 0.012,
    "review": 0.006,
    "complaint": 0.002,
}
ABOUT_A_PRODUCT = ["browse", "basket", "review"]
DEPARTMENTS = [
    "Accessories",
    "Beauty",
    "Children",
    "Electronics",
    "Food",
    "Footwear",
    "Garden",
    "Home",
    "Men",
    "Sports",
    "Toys",
    "Women",
]
COLLECTIONS = [f"collection-{number:02}" for number in range(1, 31)]
LETTERS = {"customer_id": ("C", 7), "order_id": ("O", 9), "product_id": ("P", 5)}
GOLDEN = 0x9E3779B97F4A7C15  # the step of SplitMix64: 2^64 divided by the golden ratio
HEXADECIMAL = np.frombuffer(b"".join(f"{byte:02x}".encode() for byte in range(256)), np.uint8)


def main() -> None:
    options = arguments()
    if options.lines:
        files = transactions(options)
        if (
            options.shuffle and options.orders_per_line < 1
        ):  # single-line orders are drawn in random order
            files = shuffled(files, options.folder / ".shuffle", seed=options.seed)
        write(files, options.folder, "transactions", csv=options.csv)
    if options.events:
        write(events(options), options.folder / "events", "events", csv=False)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    default = Path(__file__).parent / "data"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--lines", type=int, default=0, help="order lines to write")
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument(
        "--orders-per-line", type=float, default=0.25, help="1: every line is an order"
    )
    parser.add_argument(
        "--ids", choices=["int", "text", "uuid"], default="int", help="text: C0012345"
    )
    parser.add_argument("--departments", type=int, default=len(DEPARTMENTS))
    parser.add_argument(
        "--skewed", action="store_true", help="a few departments have most of the products"
    )
    parser.add_argument("--shuffle", action="store_true", help="lines in random order")
    parser.add_argument("--csv", action="store_true", help="write CSV, not Parquet")
    parser.add_argument("--events", type=int, default=0, help="events to write, into events/")
    parser.add_argument("--seed", type=int, default=2026)
    return parser.parse_args()


def write(frames: Iterator[pl.DataFrame], folder: Path, stem: str, *, csv: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, frame in enumerate(frames):
        file = folder / f"{stem}-{number:03}"
        if csv:
            frame.write_csv(f"{file}.csv", datetime_format="%Y-%m-%d %H:%M:%S", float_precision=2)
        else:
            frame.write_parquet(f"{file}.parquet", compression="zstd")


def transactions(options: argparse.Namespace) -> Iterator[pl.DataFrame]:
    """One frame per file, one row per order line; orders in time order unless shuffled."""
    random = np.random.default_rng(options.seed)
    crowd = Crowd(options.customers, random)
    departments = departments_of_products(options)
    first_order = 1
    for begin, rows in chunks(options.lines):
        sizes = order_sizes(rows, options.orders_per_line, random)
        anywhere = options.shuffle and options.orders_per_line == 1
        span = (0.0, 1.0) if anywhere else (begin / options.lines, (begin + rows) / options.lines)
        moments = random.uniform(*span, len(sizes))
        if not anywhere:
            moments.sort()
        orders = np.arange(first_order, first_order + len(sizes))
        first_order += len(sizes)
        line = {
            "customer_id": np.repeat(crowd.draw(moments), sizes),
            "order_id": np.repeat(orders, sizes),
            "ordered_at": np.repeat(seconds(moments, FIRST_DAY), sizes),
            "product_id": (random.random(rows) ** 2 * PRODUCTS).astype(np.int64) + 1,
        }
        quantity = random.choice([1, 2, 3, 6], rows, p=[0.7, 0.2, 0.07, 0.03])
        price = np.round(np.exp(random.normal(2.8, 0.9, rows)), 2) + 0.5
        sign = np.where(random.random(rows) < RETURNED, -1, 1)
        frame = pl.DataFrame(
            line | {"quantity": quantity * sign, "amount": quantity * price * sign}
        )
        yield finished_lines(frame, departments, ids=options.ids, seed=options.seed)


def departments_of_products(options: argparse.Namespace) -> pl.Series:
    """The name of each product's department, at the place of the product's number."""
    number = options.departments
    names = [f"department-{rank:04}" for rank in range(1, number + 1)]
    known = pl.Series(DEPARTMENTS if number == len(DEPARTMENTS) else names)
    if not options.skewed:
        return known.gather(np.arange(PRODUCTS + 1) * 7 % number)
    random = np.random.default_rng(options.seed + 2)  # of its own: the lines stay what they are
    others = (random.random(PRODUCTS + 1 - number) ** 3 * number).astype(np.int64)
    return known.gather(random.permutation(np.concatenate([np.arange(number), others])))


def finished_lines(
    frame: pl.DataFrame, departments: pl.Series, *, ids: str, seed: int
) -> pl.DataFrame:
    return frame.select(
        spelled("customer_id", ids, seed),
        spelled("order_id", ids, seed),
        pl.from_epoch("ordered_at", "s").cast(pl.Datetime("us")),
        pl.lit(departments).gather(pl.col("product_id")).alias("department"),
        spelled("product_id", "text" if ids == "uuid" else ids, seed),
        pl.col("quantity"),
        pl.col("amount").round(2),
    )


def spelled(column: str, ids: str, seed: int) -> pl.Expr:
    """Ids as they are written: numbers, a letter and digits, or UUIDs."""
    letter, digits = LETTERS[column]
    if ids == "text":
        padded = pl.col(column).cast(pl.String).str.zfill(digits)
        return pl.concat_str(pl.lit(letter), padded).alias(column)
    if ids == "uuid":
        stream = seed << 8 | ord(letter)
        return pl.col(column).map_batches(
            lambda numbers: uuids(numbers.to_numpy(), stream), return_dtype=pl.String
        )
    return pl.col(column)


def uuids(numbers: np.ndarray, stream: int) -> pl.Series:
    """Random UUIDs (version 4), the same for the same number and stream."""
    beginning = np.uint64((stream + 1) * GOLDEN % 2**64)
    halves = np.stack([numbers * 2, numbers * 2 + 1], axis=1).astype(np.uint64)
    octets = mixed(halves * np.uint64(GOLDEN) + beginning).view(np.uint8).reshape(-1, 16)
    octets[:, 6] = octets[:, 6] & 0x0F | 0x40
    octets[:, 8] = octets[:, 8] & 0x3F | 0x80
    digits = HEXADECIMAL.reshape(256, 2)[octets].reshape(-1, 32)
    written = np.full((len(numbers), 36), ord("-"), np.uint8)
    for begin, end, place in [(0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)]:
        written[:, place : place + end - begin] = digits[:, begin:end]
    return pl.Series(written.view("S36").ravel()).cast(pl.String)


def mixed(numbers: np.ndarray) -> np.ndarray:
    """SplitMix64's finish: any two numbers give results that look unrelated, never the same one."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)


def order_sizes(rows: int, orders_per_line: float, random: np.random.Generator) -> np.ndarray:
    """Lines of each order, adding up to rows."""
    if orders_per_line == 1:
        return np.ones(rows, dtype=np.int64)
    mean = 1 / orders_per_line
    sizes = 1 + random.poisson(mean - 1, int(rows / mean * 1.05) + 100)
    ends = np.cumsum(sizes)
    orders = int(np.searchsorted(ends, rows)) + 1
    sizes = sizes[:orders]
    sizes[-1] -= ends[orders - 1] - rows
    return sizes


def events(options: argparse.Namespace) -> Iterator[pl.DataFrame]:
    """One frame per file, one row per event, in time order."""
    random = np.random.default_rng(options.seed + 1)
    crowd = Crowd(
        options.customers, np.random.default_rng(options.seed)
    )  # the same ids as the buyers'
    year = (EVENTS_FIRST_DAY - FIRST_DAY) / (AFTER_LAST_DAY - FIRST_DAY)
    for begin, rows in chunks(options.events):
        moments = random.uniform(begin / options.events, (begin + rows) / options.events, rows)
        moments.sort()
        product = (random.random(rows) ** 2 * PRODUCTS).astype(np.int64) + 1
        frame = pl.DataFrame(
            {
                "customer_id": crowd.draw(year + moments * (1 - year)),
                "occurred_at": seconds(moments, EVENTS_FIRST_DAY),
                "kind": random.choice(len(EVENTS), rows, p=list(EVENTS.values())),
                "product_id": product,
            }
        )
        yield finished_events(frame, ids=options.ids, seed=options.seed)


def finished_events(frame: pl.DataFrame, *, ids: str, seed: int) -> pl.DataFrame:
    names = pl.lit(pl.Series(list(EVENTS))).gather(pl.col("kind"))
    collection = pl.lit(pl.Series(COLLECTIONS)).gather(pl.col("product_id") % len(COLLECTIONS))
    about = names.is_in(ABOUT_A_PRODUCT)
    product = spelled("product_id", "text" if ids == "uuid" else ids, seed)
    return frame.select(
        spelled("customer_id", ids, seed),
        pl.from_epoch("occurred_at", "s").cast(pl.Datetime("us")),
        names.alias("event"),
        pl.when(about).then(collection).alias("collection"),
        pl.when(about).then(product).alias("product_id"),
    )


class Crowd:
    """Customers of unequal weight, each active in a span of the three years."""

    def __init__(self, size: int, random: np.random.Generator) -> None:
        self.random = random
        self.ids = random.permutation(size) + 1
        self.begin = random.uniform(-0.6, 0.98, size)
        self.end = self.begin + random.exponential(0.9, size)

    def draw(self, moments: np.ndarray) -> np.ndarray:
        """A customer for each moment, if possible one who is active then."""
        chosen = self._anyone(len(moments))
        for _ in range(4):
            away = (moments < self.begin[chosen]) | (moments > self.end[chosen])
            chosen[away] = self._anyone(int(away.sum()))
        return self.ids[chosen]

    def _anyone(self, number: int) -> np.ndarray:
        return (self.random.random(number) ** 3 * len(self.ids)).astype(np.int64)  # heavy tail


def seconds(moments: np.ndarray, first_day: dt.date) -> np.ndarray:
    """Seconds since 1970 of moments given as a share of the time from first_day on."""
    begin = dt.datetime.combine(first_day, dt.time(), dt.UTC).timestamp()
    length = (AFTER_LAST_DAY - first_day).total_seconds()
    return (begin + np.minimum(moments, 1 - 1e-9) * length).astype(np.int64)


def chunks(rows: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, rows, ROWS_PER_FILE):
        yield begin, min(ROWS_PER_FILE, rows - begin)


def shuffled(frames: Iterator[pl.DataFrame], folder: Path, *, seed: int) -> Iterator[pl.DataFrame]:
    """The same rows in random order: dealt into as many heaps on disk, then each heap mixed."""
    heaps = 0
    for heaps, frame in enumerate(frames, 1):
        mixed = frame.sample(fraction=1, shuffle=True, seed=seed + heaps)
        mixed.write_parquet(
            folder_of(folder) / f"{heaps}.parquet", compression="zstd", row_group_size=100_000
        )
    everything = [pl.scan_parquet(folder / f"{number}.parquet") for number in range(1, heaps + 1)]
    rows = [lines.select(pl.len()).collect().item() for lines in everything]
    for heap in range(heaps):
        slices = [
            lines.slice(count * heap // heaps, count * (heap + 1) // heaps - count * heap // heaps)
            for lines, count in zip(everything, rows, strict=True)
        ]
        yield pl.concat(slices).collect().sample(fraction=1, shuffle=True, seed=seed - heap - 1)
    shutil.rmtree(folder)


def folder_of(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
