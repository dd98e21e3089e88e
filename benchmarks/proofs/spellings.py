"""Numbers, dates and ids in random spellings are read as Python's own reader reads them.

A third of the spellings are amounts, a third days (each format in a file of its own), a third ids
(each kind in a file of its own). What Python cannot read must be rejected, not guessed.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from proof import Proof, main

import segmentation as sg

NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
LARGEST = 200_000_000_000
ONE = Decimal("0.0001")


def prove(n: int, seed: int) -> Proof:
    """Of n spellings each is read as Python reads it, or rejected where Python cannot."""
    draw, wrong = random.Random(seed), []
    third = max(n // 3, 1)
    wrong += _amounts(draw, third)
    for form in FORMATS:
        wrong += _days(draw, form, max(third // len(FORMATS), 20))
    for kind, make in IDS.items():
        wrong += _ids(draw, kind, make, max(third // len(IDS), 1))
    return Proof(n, wrong, {"formats of days": len(FORMATS), "kinds of ids": len(IDS)})


def _read(rows: Sequence[str], columns: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """The features of each customer in a CSV file of these rows."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "t.csv").write_text("\n".join(["customer_id,ordered_at,amount", *rows, ""]))
        rules = Path(folder, "personas.yaml")
        rules.write_text(
            f"version: 1\nbase: everyone\nsources: {{transactions: {{path: t.csv, rejects: {{at_most: 1}}}}}}\ncolumns: [{', '.join(columns)}]\n"
        )
        found = sg.run(rules, as_of="2199-12-31", today="2199-12-31").customers.select(
            "customer_id", *columns
        )
    return {row[0]: row[1:] for row in found.iter_rows()}


# -- amounts --------------------------------------------------------------------------------------

SPOILT = (
    "1_000",
    "0x1F",
    "nan",
    "inf",
    "-Infinity",
    "1e",
    "e5",
    "--1",
    "+-1",
    "1.2.3",
    "٣",
    "1/2",
    ".",
    "-",
    "+.e1",
    "true",
    "1e400",
    "200000000000.5",
    "-200000000001",
)


def _amount(draw: random.Random) -> str:
    if draw.random() < 0.1:
        return draw.choice(SPOILT)
    whole = "0" * draw.choice((0, 0, 0, 3)) + str(draw.randint(0, 10 ** draw.randint(0, 10)))
    part = "".join(draw.choices("0123456789", k=draw.choice((0, 1, 2, 2, 4, 5, 9))))
    text = draw.choice((f"{whole}.{part}", f".{part}" if part else whole, whole))
    power = draw.choice(("", "", "", "e0", "E2", "e-3", "e+1"))
    pad = draw.choice(("", "", " ", "  "))
    return f"{pad}{draw.choice(('', '-', '+'))}{text}{power}{draw.choice(('', pad))}"


def _wanted(text: str) -> Decimal | None:
    """What Python's decimals make of an amount: rounded to 1/10,000, halves away from zero."""
    plain = text.strip()
    if not NUMBER.fullmatch(plain) or abs(float(plain)) > LARGEST:
        return None
    return Decimal(plain).quantize(ONE, ROUND_HALF_UP)


def _amounts(draw: random.Random, n: int) -> Iterator[str]:
    texts = [_amount(draw) for _ in range(n)]
    rows = [f'c{i},2024-01-01,"{text}"' for i, text in enumerate(texts)]
    found = _read(rows, ["monetary"])
    for i, text in enumerate(texts):
        wanted, read = _wanted(text), found.get(f"c{i}", (None,))[0]
        if read != wanted:
            yield f"the amount {text!r} is read as {read}, not {wanted}"


# -- days -----------------------------------------------------------------------------------------

FORMATS = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%d-%b-%Y",
)


def _days(draw: random.Random, form: str, n: int) -> Iterator[str]:
    days = [date(1950, 1, 1) + timedelta(draw.randint(0, 90_000)) for _ in range(n)]
    # the 13th and later tell day from month: each file has one
    days[draw.randrange(n)] = date(2024, 5, 31)
    rows = [f'c{i},"{day:{form}}",1' for i, day in enumerate(days)]
    found = _read(rows, ["first_order_on"])
    for i, day in enumerate(days):
        read = found.get(f"c{i}", (None,))[0]
        if read != day:
            yield f"{day:{form}} ({form}) is read as {read}"


# -- ids ------------------------------------------------------------------------------------------


def _digits(draw: random.Random) -> str:
    return str(draw.randint(1, 10 ** draw.randint(1, 16)))


IDS: dict[str, Callable[[random.Random], str]] = {
    "integers": _digits,
    "leading zeros": lambda draw: f"{draw.randint(0, 99_999):0{draw.randint(1, 7)}}",
    "integers with .0": lambda draw: f"{_digits(draw)}.0",
    "some with .0": lambda draw: f"{_digits(draw)}{draw.choice(('', '.0'))}",
    "letters": lambda draw: f"{draw.choice('CDxy')}{_digits(draw)}{draw.choice(('', '.0'))}",
    "long": lambda draw: "".join(draw.choices("123456789", k=draw.randint(15, 25))),
    "blanks around": lambda draw: draw.choice(("{}", " {}", "{} ")).format(_digits(draw)),
    "signs": lambda draw: f"{draw.choice(('', '+', '-'))}{_digits(draw)}",
}


def _ids(
    draw: random.Random, kind: str, make: Callable[[random.Random], str], n: int
) -> Iterator[str]:
    texts = [make(draw) for _ in range(n)]
    plain = [text.strip() for text in texts]
    are_digits = all(re.fullmatch(r"[0-9]+(\.0)?", text) for text in plain)
    wanted = {text.removesuffix(".0") if are_digits else text for text in plain}
    found = _read([f"{text},2024-01-01,1" for text in texts], ["frequency"]).keys()
    yield from (f"{kind}: {one!r} is nobody's id" for one in sorted(wanted - found))
    yield from (f"{kind}: {one!r} is an id that no row has" for one in sorted(found - wanted))


if __name__ == "__main__":
    main(prove, n=100_000, what="spellings")
