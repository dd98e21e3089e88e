"""From YAML values to measures: which rows (`event`, `where`, windows, anchors) and which aggregate.

`where` is a condition too, so `Parser` in `conditions` completes this class with `condition`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, cast, get_args

from segmentation.rules.conditions import Condition, Path
from segmentation.rules.measures import PURCHASE, Aggregate, Anchor, Lines, Measure, Unit
from segmentation.rules.reading.shapes import Shapes, shown
from segmentation.rules.windows import LENGTHS, Span, Window

COUNTED: Final = ("orders", "lines", "items", "events")
SHARED: Final = ("orders", "items", "spend", "lines")
OF_COLUMN: Final = ("sum", "mean", "min", "max", "distinct", "first", "last")
#: aggregate -> what it can be of: a line, the total of an order, a unit; others are of rows alone
GRAINS: Final[dict[str, tuple[str, ...]]] = {
    "mean": ("lines", "orders", "items"),
    "min": ("lines", "orders"),
    "max": ("lines", "orders"),
}
ROWS: Final = ("event", "where", "within", "between", "after", "since")
DISTANCES: Final = ("days_since", "days_until")
AGGREGATES: Final = ("count", *OF_COLUMN, "share", *DISTANCES)
A_SHARE_OF_WHAT: Final = ("a share of what?", "Add where: {department: Footwear}, for example.")


@dataclass
class RowsParser(Shapes):
    """Turns YAML values into measures."""

    def condition(self, value: Any, path: Path, *, row: bool = False) -> Condition:
        """A condition on one customer, or, with `row`, on one line or event."""
        raise NotImplementedError

    # -- features -----------------------------------------------------------------------------

    def feature(self, value: Any, path: Path) -> Measure | None:
        """A measure defined under `features:`."""
        if not self.mapping(value, path, (*AGGREGATES, "of", "lines", *ROWS)):
            return None
        kinds = [k for k in value if k in AGGREGATES]
        if len(kinds) != 1:
            self.wrong(
                path,
                f"a feature has one aggregate, this has {len(kinds)}",
                f"One of: {', '.join(AGGREGATES)}.",
            )
            return None
        kind, what = kinds[0], value[kinds[0]]
        if isinstance(what, dict):  # {count: {event: login, within: 30d}}
            return self._of_event(kind, value, path)
        if kind in DISTANCES:
            return self._distance(kind, value, path)
        return (
            self._counted(kind, value, path)
            if kind in ("count", "share")
            else self._of_column(kind, value, path)
        )

    def _counted(self, kind: str, spec: dict[str, Any], path: Path) -> Measure:
        unit = self.one_of(
            spec[kind], COUNTED if kind == "count" else SHARED, (*path, kind), f"{kind} counts"
        )
        if "of" in spec:
            self.wrong(
                (*path, "of"),
                f"{kind} says itself what it counts",
                f"Write {kind}: {unit}.",
                key=True,
            )
        if kind == "share" and "where" not in spec:
            self.wrong(path, *A_SHARE_OF_WHAT)
        event = spec.get("event")
        if unit == "events" and event is None:
            self.wrong((*path, kind), "which event?", "Write {count: {event: NAME}}.")
        if unit != "events" and isinstance(event, str) and event != PURCHASE:
            self.wrong(
                (*path, "event"),
                f"{unit} are of transactions, so they have no event",
                f"Write {{{kind}: {{event: {event}}}}}.",
            )
        return Measure(
            cast(Aggregate, kind), of=cast(Unit, unit), **self._lines_and_rows(spec, path)
        )

    def _of_column(self, kind: str, spec: dict[str, Any], path: Path) -> Measure | None:
        column, rows = spec[kind], self._lines_and_rows(spec, path)
        of = self._grain(kind, spec, path)
        if not self._is_column(kind, column, (*path, kind)):
            return None
        return Measure(cast(Aggregate, kind), of=cast(Unit, of), column=column, **rows)

    def _grain(self, kind: str, spec: dict[str, Any], path: Path) -> str:
        """What an aggregate is of; refused where that would say nothing."""
        if "of" not in spec:
            return "lines"
        column, known = shown(spec[kind]).strip('"'), GRAINS.get(kind)
        if known is None:
            self.wrong(
                (*path, "of"),
                f"{kind} has no `of`: it reads rows, whatever they are of",
                f"Leave it out: {{{kind}: {column}}}. `of` goes with mean, min and max.",
                key=True,
            )
        elif spec.get("event") not in (None, PURCHASE):
            self.wrong(
                (*path, "of"),
                "events are of no order and have no items, so no `of` either",
                f"Leave it out: {{{kind}: {{event: {spec['event']}, column: {column}}}}}.",
                key=True,
            )
        elif spec["of"] not in known:
            ways = " or ".join(f"{{{kind}: {column}, of: {unit}}}" for unit in known)
            self.wrong(
                (*path, "of"),
                f"{kind} is of {' or '.join(known)}, not of {shown(spec['of'])}",
                f"Write {ways}.",
            )
        return str(spec["of"]) if known and spec["of"] in known else "lines"

    def _distance(self, kind: str, spec: dict[str, Any], path: Path) -> Measure | None:
        """Days from or to a date of customers: it has no rows to choose."""
        self._alone(kind, spec, path, f"{kind}: COLUMN reads a date of customers")
        if not self._is_column(kind, spec[kind], (*path, kind)):
            return None
        return Measure(cast(Aggregate, kind), column=spec[kind])

    def _of_event(self, kind: str, value: dict[str, Any], path: Path) -> Measure | None:
        spec, inner = value[kind], (*path, kind)
        self._alone(kind, value, path, f"what chooses the rows stands inside {kind}")
        if kind == "days_until":
            self.wrong(
                inner,
                "events lie in the past: days_until takes a date column of customers",
                "Write days_until: COLUMN, or days_since: {event: NAME}.",
            )
            return None
        if not self.mapping(spec, inner, (*ROWS, "column")) or not self.named(spec, inner):
            return None
        column = spec.get("column")
        if kind == "share" and "where" not in spec:
            self.wrong(inner, *A_SHARE_OF_WHAT)
        if kind in OF_COLUMN and column is None:
            self.wrong(inner, f"{kind} of which column?", "Add column: NAME.")
            return None
        if column is not None and not self._is_column(kind, column, (*inner, "column")):
            return None
        return Measure(cast(Aggregate, kind), of="events", column=column, **self.rows(spec, inner))

    def _alone(self, kind: str, spec: dict[str, Any], path: Path, why: str) -> None:
        for key in spec:
            if key != kind and key in ("of", "lines", *ROWS):
                self.wrong((*path, key), f"{key} cannot stand beside {kind} here: {why}", key=True)

    def _is_column(self, kind: str, name: Any, path: Path) -> bool:
        if not isinstance(name, str):
            self.wrong(path, f"{kind} takes the name of a column, not {shown(name)}")
        return isinstance(name, str)

    def _lines_and_rows(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        rows = self.rows(spec, path)
        if "lines" in spec:
            rows["lines"] = self.one_of(
                spec["lines"], get_args(Lines), (*path, "lines"), "lines are"
            )
        return rows

    # -- rows: event, where, windows, anchors -------------------------------------------------

    def named(self, spec: dict[str, Any], path: Path) -> bool:
        """Whether a mapping names its event."""
        if isinstance(spec.get("event"), str) and spec["event"]:
            return True
        self.wrong(path, "which event?", "Add event: NAME, for example {event: browse}.")
        return False

    def rows(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        """The arguments of a Measure that choose its rows."""
        event = spec.get("event")
        if "event" in spec and not (isinstance(event, str) and event):
            self.wrong((*path, "event"), f"an event's name is a text, not {shown(event)}")
            event = None
        where = (
            self.condition(spec["where"], (*path, "where"), row=True) if "where" in spec else None
        )
        anchor = self._anchor(spec, path)
        window = self._window(spec, path)
        found = {"event": event, "where": where, "anchor": anchor, "window": window}
        return {name: value for name, value in found.items() if value is not None}

    def _window(self, spec: dict[str, Any], path: Path) -> Window | None:
        if "within" in spec and "between" in spec:
            self.wrong((*path, "between"), "within and between exclude each other", key=True)
        if (
            "within" in spec and "after" not in spec
        ):  # after it, within is the time since the anchor
            span = self.span(spec["within"], (*path, "within"))
            return Window(span) if span else None
        return self._between(spec["between"], (*path, "between")) if "between" in spec else None

    def _between(self, value: Any, path: Path) -> Window | None:
        if not isinstance(value, list) or len(value) != 2:
            self.wrong(
                path, f"between takes two lengths of time, such as [90d, 30d], not {shown(value)}"
            )
            return None
        one, other = (self.span(v, (*path, i)) for i, v in enumerate(value))
        if one is None or other is None:
            return None
        older, newer = sorted((one, other), key=Span.delta, reverse=True)
        if older.delta() == newer.delta() or (older.months and older.months == newer.months):
            self.wrong(path, f"between {older} and {newer} there is no time")
        return Window(older, newer)

    def span(self, value: Any, path: Path) -> Span | None:
        """A length of time, or None where it is none."""
        span = Span.parse(value)
        if span is None:
            self.wrong(
                path,
                f"{shown(value)} is not a length of time",
                f"Write a whole number and a unit without a space: {LENGTHS}.",
            )
        return span

    def _anchor(self, spec: dict[str, Any], path: Path) -> Anchor | None:
        kinds: list[Literal["after", "since"]] = [k for k in ("after", "since") if k in spec]
        if len(kinds) == 2:
            self.wrong((*path, "since"), "after and since exclude each other", key=True)
        if not kinds:
            return None
        kind, inner = kinds[0], (*path, kinds[0])
        within = (
            self.span(spec["within"], (*path, "within"))
            if kind == "after" and "within" in spec
            else None
        )
        value = {"event": spec[kind]} if isinstance(spec[kind], str) else spec[kind]
        if not self.mapping(value, inner, ROWS) or not self.named(value, inner):
            return None
        rows = self.rows(value, inner)
        return Anchor(
            kind, rows["event"], rows.get("where"), rows.get("window"), within, rows.get("anchor")
        )
