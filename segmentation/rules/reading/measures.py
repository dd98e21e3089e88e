"""From YAML values to measures: features of one's own, each one aggregate of some rows."""

from __future__ import annotations

from typing import Any, Final, cast, get_args

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Path
from segmentation.rules.measures import PURCHASE, Lines, Measure, Unit
from segmentation.rules.reading.aggregations import AGGREGATIONS, Aggregation
from segmentation.rules.reading.rows import ROW_KEYS, RowsParser
from segmentation.rules.reading.shapes import shown

A_SHARE_OF_WHAT: Final = ("a share of what?", "Add where: {department: Footwear}, for example.")


@dataclass
class MeasureParser(RowsParser):
    """Reads features of one's own."""

    def feature(self, value: Any, path: Path) -> Measure | None:
        """A measure defined under `features:`."""
        if not self.mapping(value, path, (*AGGREGATIONS, "of", "lines", *ROW_KEYS)):
            return None
        kinds = [k for k in value if k in AGGREGATIONS]
        if len(kinds) != 1:
            self.wrong(
                path,
                f"a feature has one aggregate, this has {len(kinds)}",
                f"One of: {', '.join(AGGREGATIONS)}.",
            )
            return None
        kind = AGGREGATIONS[kinds[0]]
        if isinstance(value[kind.name], dict):  # {count: {event: login, within: 30d}}
            return self._of_event(kind, value, path)
        if kind.is_distance:
            return self._distance(kind, value, path)
        return (
            self._counted(kind, value, path) if kind.counts else self._of_column(kind, value, path)
        )

    def _counted(self, kind: Aggregation, spec: dict[str, Any], path: Path) -> Measure:
        at = (*path, kind.name)
        unit = self.one_of(spec[kind.name], kind.counts, at, f"{kind.name} counts")
        if "of" in spec:
            self.wrong(
                (*path, "of"),
                f"{kind.name} says itself what it counts",
                f"Write {kind.name}: {unit}.",
                key=True,
            )
        if kind.needs_where and "where" not in spec:
            self.wrong(path, *A_SHARE_OF_WHAT)
        event = spec.get("event")
        if unit == "events" and event is None:
            self.wrong(at, "which event?", f"Write {{{kind.name}: {{event: NAME}}}}.")
        if unit != "events" and isinstance(event, str) and event != PURCHASE:
            self.wrong(
                (*path, "event"),
                f"{unit} are of transactions, so they have no event",
                f"Write {{{kind.name}: {{event: {event}}}}}.",
            )
        return Measure(kind.name, of=cast(Unit, unit), **self._lines_and_rows(spec, path))

    def _of_column(self, kind: Aggregation, spec: dict[str, Any], path: Path) -> Measure | None:
        column, rows = spec[kind.name], self._lines_and_rows(spec, path)
        of = self._grain(kind, spec, path)
        if not self._is_column(kind, column, (*path, kind.name)):
            return None
        return Measure(kind.name, of=of, column=column, **rows)

    def _grain(self, kind: Aggregation, spec: dict[str, Any], path: Path) -> Unit:
        """What an aggregate is of; refused where that would say nothing."""
        if "of" not in spec:
            return "lines"
        of, column = spec["of"], shown(spec[kind.name]).strip('"')
        if not kind.grains:
            others = [one.name for one in AGGREGATIONS.values() if one.grains]
            self.wrong(
                (*path, "of"),
                f"{kind.name} has no `of`: it reads rows, whatever they are of",
                f"Leave it out: {{{kind.name}: {column}}}. `of` goes with {', '.join(others[:-1])} and {others[-1]}.",
                key=True,
            )
        elif spec.get("event") not in (None, PURCHASE):
            self.wrong(
                (*path, "of"),
                "events are of no order and have no items, so no `of` either",
                f"Leave it out: {{{kind.name}: {{event: {spec['event']}, column: {column}}}}}.",
                key=True,
            )
        elif of not in kind.grains:
            ways = " or ".join(f"{{{kind.name}: {column}, of: {unit}}}" for unit in kind.grains)
            self.wrong(
                (*path, "of"),
                f"{kind.name} is of {' or '.join(kind.grains)}, not of {shown(of)}",
                f"Write {ways}.",
            )
        return cast(Unit, of) if of in kind.grains else "lines"

    def _distance(self, kind: Aggregation, spec: dict[str, Any], path: Path) -> Measure | None:
        """Days from or to a date of customers: it has no rows to choose."""
        self._alone(kind, spec, path, f"{kind.name}: COLUMN reads a date of customers")
        if not self._is_column(kind, spec[kind.name], (*path, kind.name)):
            return None
        return Measure(kind.name, column=spec[kind.name])

    def _of_event(self, kind: Aggregation, value: dict[str, Any], path: Path) -> Measure | None:
        spec, inner = value[kind.name], (*path, kind.name)
        self._alone(kind, value, path, f"what chooses the rows stands inside {kind.name}")
        if not kind.of_events:
            self.wrong(
                inner,
                f"events lie in the past: {kind.name} takes a date column of customers",
                f"Write {kind.name}: COLUMN, or days_since: {{event: NAME}}.",
            )
            return None
        if not self.mapping(spec, inner, (*ROW_KEYS, "column")) or not self.named(spec, inner):
            return None
        column = spec.get("column")
        if kind.needs_where and "where" not in spec:
            self.wrong(inner, *A_SHARE_OF_WHAT)
        if kind.needs_column and column is None:
            self.wrong(inner, f"{kind.name} of which column?", "Add column: NAME.")
            return None
        if column is not None and not self._is_column(kind, column, (*inner, "column")):
            return None
        return Measure(kind.name, of="events", column=column, **self.rows(spec, inner))

    def _alone(self, kind: Aggregation, spec: dict[str, Any], path: Path, why: str) -> None:
        for key in spec:
            if key != kind.name and key in ("of", "lines", *ROW_KEYS):
                what = f"{key} cannot stand beside {kind.name} here: {why}"
                self.wrong((*path, key), what, key=True)

    def _is_column(self, kind: Aggregation, name: Any, path: Path) -> bool:
        is_name = isinstance(name, str) and name != ""
        if not is_name:
            self.wrong(path, f"{kind.name} takes the name of a column, not {shown(name)}")
        return is_name

    def _lines_and_rows(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        rows = self.rows(spec, path)
        if "lines" in spec:
            rows["lines"] = self.one_of(
                spec["lines"], get_args(Lines), (*path, "lines"), "lines are"
            )
        return rows
