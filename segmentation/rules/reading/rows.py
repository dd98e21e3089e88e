"""From YAML values to the rows that a measure reads: `event`, `where`, windows and anchors.

`where` is a condition, so `Parser` in `conditions` completes this class with `condition`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Condition, Path
from segmentation.rules.measures import Anchor
from segmentation.rules.reading.shapes import Shapes, shown
from segmentation.rules.schema.fragments import A_TEXT, Schema, ref
from segmentation.rules.tables import by_name
from segmentation.rules.windows import LENGTHS, Span, Window


@dataclass
class RowsParser(Shapes):
    """Reads what chooses rows, the same wherever rows are chosen."""

    def condition(self, value: Any, path: Path, *, row: bool = False) -> Condition:
        """A condition on one customer, or, with `row`, on one line or event."""
        raise NotImplementedError

    def named(self, spec: dict[str, Any], path: Path) -> bool:
        """Whether a mapping names its event."""
        if isinstance(spec.get("event"), str) and spec["event"]:
            return True
        self.wrong(path, "which event?", "Add event: NAME, for example {event: browse}.")
        return False

    def rows(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        """The arguments of a Measure that choose its rows."""
        given = [key for name, key in ROW_KEYS.items() if name in spec]
        found: dict[str, Any] = {}
        for key in given:
            if key.excludes in spec:
                what = f"{key.excludes} and {key.name} exclude each other"
                self.wrong((*path, key.name), what, key=True)
            found |= {n: v for n, v in key.read(self, spec, path).items() if v is not None}
        return found

    def _event(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        event = spec["event"]
        if isinstance(event, str) and event:
            return {"event": event}
        self.wrong((*path, "event"), f"an event's name is a text, not {shown(event)}")
        return {}

    def _where(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        return {"where": self.condition(spec["where"], (*path, "where"), row=True)}

    def _within(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        if "after" in spec:  # the time since the anchor, which reads it
            return {}
        span = self.span(spec["within"], (*path, "within"))
        return {"window": Window(span)} if span else {}

    def _window(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        return {"window": self._between(spec["between"], (*path, "between"))}

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

    def _after(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        soon = self.span(spec["within"], (*path, "within")) if "within" in spec else None
        return {"anchor": self._anchor("after", spec["after"], soon, (*path, "after"))}

    def _since(self, spec: dict[str, Any], path: Path) -> dict[str, Any]:
        return {"anchor": self._anchor("since", spec["since"], None, (*path, "since"))}

    def _anchor(
        self, kind: Literal["after", "since"], value: Any, soon: Span | None, path: Path
    ) -> Anchor | None:
        value = {"event": value} if isinstance(value, str) else value
        if not self.mapping(value, path, ROW_KEYS) or not self.named(value, path):
            return None
        rows = self.rows(value, path)
        return Anchor(
            kind, rows["event"], rows.get("where"), rows.get("window"), soon, rows.get("anchor")
        )


@dataclass(frozen=True)
class RowKey:
    """A key that chooses rows, wherever these are asked for: how it is read, and its JSON Schema.

    What `where` may compare hangs on the event beside it: `schema.grammar` says that.

    `read` has the mapping that holds the key, its path, and gives arguments of a Measure.
    """

    name: str
    read: Callable[[RowsParser, dict[str, Any], Path], dict[str, Any]]
    schema: Schema
    description: str
    excludes: str | None
    """The key before it beside which it would say nothing."""


_SPANS: Final[Schema] = {
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "uniqueItems": True,
    "items": ref("span"),
}
ROW_KEYS: Final[Mapping[str, RowKey]] = by_name(
    (
        RowKey(
            "event",
            RowsParser._event,
            A_TEXT,
            "What the rows tell of; purchase for what was bought.",
            None,
        ),
        RowKey(
            "where",
            RowsParser._where,
            {"type": "object"},
            "Which rows, by what stands in them.",
            None,
        ),
        RowKey(
            "within",
            RowsParser._within,
            ref("span"),
            f"At the most this long ago: {LENGTHS}; with after: this soon after it.",
            None,
        ),
        RowKey(
            "between",
            RowsParser._window,
            _SPANS,
            "More than the shorter and at the most the longer time ago: [90d, 30d].",
            "within",
        ),
        RowKey(
            "after",
            RowsParser._after,
            ref("anchor"),
            "Rows that follow any such event of the customer.",
            None,
        ),
        RowKey(
            "since",
            RowsParser._since,
            ref("anchor"),
            "Rows that follow the customer's latest such event.",
            "after",
        ),
    )
)
