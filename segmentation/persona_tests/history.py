"""Orders and events of an invented customer, from a compact notation to rows with moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.persona_tests.vocabulary import Vocabulary, accepted
from segmentation.rules.conditions import Path
from segmentation.rules.measures import ANY_EVENT
from segmentation.rules.money import SCALE, divided, on_scale
from segmentation.rules.prose import quoted
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.reading.shapes import hint
from segmentation.rules.scalars import is_number
from segmentation.rules.windows import Span, parse_date

InventedRow = Mapping[str, object]
WHEN: Final = ("on", "days_ago", "at", "times", "every")
MONEY: Final = ("amount", "quantity", "unit_price", "discount", "cost")
MOST_TIMES: Final = 1_000


@dataclass(frozen=True)
class History:
    """Reads the orders and events of a case; mistakes go to the parser."""

    parser: Parser
    words: Vocabulary
    as_of: date
    is_dated: bool

    # -- orders -------------------------------------------------------------------------------

    def lines(self, value: Any, path: Path) -> tuple[InventedRow, ...]:
        """Lines of orders: `order_id`, `ordered_at`, numbers in 1/10,000, the rest as text."""
        found: list[InventedRow] = []
        for i, order in enumerate(self._list(value, path, "orders")):
            at = (*path, i)
            known = (*WHEN, "lines", "launched_days_before", *self.words.lines)
            if not self.parser.mapping(order, at, accepted(order, known)):
                continue
            for moment in self._moments(order, at):
                number = f"{'.'.join(map(str, at))} {len(found)}"
                found += [
                    self._line(line, moment, number, where)
                    for line, where in self._items(order, at)
                ]
        return tuple(found)

    def _items(
        self, order: Mapping[str, Any], path: Path
    ) -> Iterator[tuple[Mapping[str, Any], Path]]:
        """The lines of an order; what the order says holds for each line that does not say."""
        shared = {k: v for k, v in order.items() if k not in (*WHEN, "lines")}
        if "lines" not in order:
            yield shared, path
            return
        for i, line in enumerate(self._list(order["lines"], (*path, "lines"), "lines")):
            at = (*path, "lines", i)
            known = ("launched_days_before", *self.words.lines)
            if self.parser.mapping(line, at, accepted(line, known)):
                yield {**shared, **line}, at

    def _line(
        self, line: Mapping[str, Any], moment: datetime, order: str, path: Path
    ) -> InventedRow:
        row: dict[str, object] = {"order_id": order, "ordered_at": moment}
        for name, value in line.items():
            row[name] = self._number(value, (*path, name)) if name in MONEY else plain(value)
        row |= self._launch(line, moment.date(), path)
        row.pop("launched_days_before", None)
        price, quantity = row.get("unit_price"), row.get("quantity")
        if "amount" not in row and isinstance(price, int):
            units = quantity if isinstance(quantity, int) else SCALE
            row["amount"] = divided(units * price, SCALE)
        if "amount" not in row:
            self.parser.wrong(path, "how much was paid?", "Add amount: 120, for example.")
        amount = row.get("amount")
        if quantity is None and isinstance(amount, int):
            row["quantity"] = SCALE * (amount > 0) - SCALE * (amount < 0)
        row.setdefault("discount", 0)
        return row

    def _launch(self, line: Mapping[str, Any], day: date, path: Path) -> dict[str, object]:
        before = line.get("launched_days_before")
        if before is not None:
            if isinstance(before, int) and not isinstance(before, bool):
                return {"launched_at": day - timedelta(days=before)}
            self.parser.wrong((*path, "launched_days_before"), "this is a whole number of days")
        launched = line.get("launched_at")
        return (
            {}
            if launched is None
            else {"launched_at": self._date(launched, (*path, "launched_at"))}
        )

    # -- events -------------------------------------------------------------------------------

    def events(self, value: Any, path: Path) -> tuple[InventedRow, ...]:
        """Events: `event`, `occurred_at`, and columns as text."""
        found: list[InventedRow] = []
        for i, event in enumerate(self._list(value, path, "events")):
            at = (*path, i)
            known = ("event", *WHEN, *self.words.event_columns)
            if not self.parser.mapping(event, at, accepted(event, known)):
                continue
            self._event_name(event.get("event"), at)
            columns = {k: plain(v) for k, v in event.items() if k not in WHEN}
            found += [{**columns, "occurred_at": moment} for moment in self._moments(event, at)]
        return tuple(found)

    def _event_name(self, name: Any, path: Path) -> None:
        if not isinstance(name, str):
            self.parser.wrong(
                path, "which event?", "Add event: NAME, for example {event: browse, days_ago: 3}."
            )
        elif name == "purchase":
            self.parser.wrong((*path, "event"), "purchases are orders", "Write it under orders:.")
        elif name not in self.words.events and ANY_EVENT not in self.words.events:
            known = self.words.events
            if near := hint(name, known):
                self.parser.wrong(
                    (*path, "event"),
                    f"no rule reads the event {quoted(name)}",
                    f"{near}The rules read: {', '.join(known)}.",
                )

    # -- moments ------------------------------------------------------------------------------

    def _moments(self, entry: Mapping[str, Any], path: Path) -> list[datetime]:
        """When it happened: once, or `times`, each `every` before the last."""
        last = self._day(entry, path)
        clock = self._clock(entry, path)
        times, every = entry.get("times", 1), entry.get("every")
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_TIMES:
            self.parser.wrong((*path, "times"), f"times is a whole number from 1 to {MOST_TIMES:,}")
            times = 1
        span = Span.parse(every) if every is not None else Span(1, "d")
        if span is None or not span.of_days:
            self.parser.wrong(
                (*path, "every"),
                f"{quoted(every)} is not a number of days",
                "Write 30d, 2w, 3mo or 1y.",
            )
            span = Span(1, "d")
        if times > 1 and every is None:
            self.parser.wrong(
                (*path, "times"), "times needs every", "For example times: 4, every: 30d"
            )
        days = [last]
        while len(days) < times:
            days.append(Span(span.count * len(days), span.unit).before(last))
        return [datetime.combine(day, clock) for day in days]

    def _day(self, entry: Mapping[str, Any], path: Path) -> date:
        if ("on" in entry) == ("days_ago" in entry):
            self.parser.wrong(path, "when?", "Add either days_ago: 30 or on: 2026-11-20.")
            return self.as_of
        if "days_ago" in entry:
            return self._days_ago(entry["days_ago"], (*path, "days_ago"))
        if not self.is_dated:
            self.parser.wrong(
                (*path, "on"),
                "a day needs as_of, the day of the run",
                "Add as_of: 2026-11-20 to the case or at the top of the file.",
            )
            return self.as_of
        day = self._date(entry["on"], (*path, "on"))
        if day > self.as_of and self.is_dated:
            self.parser.wrong(
                (*path, "on"),
                f"{day} is after as_of, {self.as_of}",
                "A run does not see what comes later.",
            )
        return min(day, self.as_of)

    def _days_ago(self, value: Any, path: Path) -> date:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 36_500:
            return self.as_of - timedelta(days=value)
        self.parser.wrong(path, "days_ago is a whole number, 0 for the day of the run")
        return self.as_of

    def _date(self, value: Any, path: Path) -> date:
        found = parse_date(value) if isinstance(value, str) else None
        if found is None:
            self.parser.wrong(path, f"{quoted(value)} is not a day", "Write it as 2026-11-20.")
        return found or self.as_of

    def _clock(self, entry: Mapping[str, Any], path: Path) -> time:
        if "at" not in entry:
            return time()
        try:
            return time.fromisoformat(str(entry["at"]))
        except ValueError:
            self.parser.wrong(
                (*path, "at"), f"{quoted(entry['at'])} is not a time of day", "Write 14:30."
            )
            return time()

    # -- shapes -------------------------------------------------------------------------------

    def _list(self, value: Any, path: Path, what: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.parser.wrong(path, f"{what} is a list", "For example [{days_ago: 30, amount: 120}].")
        return []

    def _number(self, value: Any, path: Path) -> int:
        """A number on the scale of 1/10,000."""
        if is_number(value):
            return on_scale(value)
        self.parser.wrong(path, f"{quoted(value)} is not a number")
        return 0


def plain(value: object) -> str | None:
    """A value as a CSV holds it; an empty text is missing."""
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
