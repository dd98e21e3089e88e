"""The doors of what stopped a run: what to write in the rules so that it stops nothing, all at once.

Each finding says how to repair what was found; how to sign for it is told at the end, merged: of
each source the entry as it must read, of `notices` the whole line. What is printed can be pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from segmentation.dataclass import dataclass
from segmentation.messages.notices import FEWEST_DAYS, Door, Notice
from segmentation.publish.starter import shipped_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.yaml.flow import flow

NOTICES: Final = "notices"
MONTH: Final = 30
Place = tuple[str, int]  # ("events", 0): an entry of the rules' sources


@dataclass(frozen=True)
class _Signed:
    """What the rules are to say: entries of sources as they must read, and codes that only warn."""

    entries: Mapping[Place, Mapping[str, Any]]
    codes: Mapping[str, str]


@dataclass(frozen=True)
class RuleDoors:
    """The doors in these rules. With `strict` a code that is set to warn stops a run all the same."""

    rules: Rules
    strict: bool = False

    def told(self, one: Notice) -> Notice:
        """The notice; its mend says that a stop can be signed for, of what is no stop also how."""
        apart = "\n  " if "\n" in one.mend else " "
        mend = apart.join(filter(None, (one.mend, self._hint(one))))
        return Notice(one.code, one.level, one.text, one.where, mend, one.is_of_suppression)

    def _hint(self, one: Notice) -> str:
        signed = self._signed([one])
        if not (signed.entries or signed.codes):
            return ""
        when = one.doors[0].when
        if one.level == "error":
            return f"{when}, sign for it in the rules." if when else "Or sign for it in the rules."
        lines = [line for _, line in self._sources(signed)]
        said = " and ".join(f"`{line}`" for line in lines)
        return f"{when or 'If it is meant'}, write under sources: {said}." if said else ""

    def merged(self, stops: Sequence[Notice]) -> str:
        """What to write so that none of these stops a run; empty where nothing helps but repair."""
        signed = self._signed(stops)
        lines = [*self._sources(signed), *self._notices(signed)]
        if not lines:
            return ""
        head = "To sign for what is meant, so that it stops nothing:"
        if self._is_shipped:
            head = "To sign for what is meant, have rules of your own (segment init DIR), and write there:"
        if self.strict and signed.codes:
            head = f"{head[:-1]} (but for --strict, which stops at what notices sign for):"
        return "\n".join([head, *(f"  {place}:\n    {line}" for place, line in lines)])

    # -- what is signed -----------------------------------------------------------------------

    def _signed(self, stops: Sequence[Notice]) -> _Signed:
        entries: dict[Place, Mapping[str, Any]] = {}
        codes: dict[str, str] = {}
        for one in stops:
            for door in one.doors:
                places = list(self._places(door))
                entries |= {at: _opened(entries.get(at, self._entry(at)), door) for at in places}
                if not places and self.rules.notices.get(one.code) != "warn":
                    codes[one.code] = "warn"
        return _Signed(entries, codes)

    @property
    def _is_shipped(self) -> bool:
        """Whether the rules are those of the tool, which nobody edits."""
        return self.rules.document.name == str(shipped_rules())

    def _places(self, door: Door) -> Iterator[Place]:
        """The entries of the rules' file in which a door is opened; none where it cannot be.

        The words of the rules hold for files of the command line, too; how long they may be silent
        the rules do not say.
        """
        written = self._written(door.table)
        if self._is_shipped or not written:
            return
        sources = next((s for name, s in self.rules.sources.items() if name == door.table), ())
        for i in door.entries:
            if i < len(sources) and sources[i].is_of_rules:
                yield door.table, i
            elif door.values:
                yield door.table, 0

    def _written(self, table: str) -> list[Any]:
        """The entries of a table as they stand in the rules' file."""
        found = (self._data.get("sources") or {}).get(table) or []
        return found if isinstance(found, list) else [found]

    @property
    def _data(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.rules.document.data
        return found

    def _entry(self, place: Place) -> dict[str, Any]:
        table, i = place
        found = self._written(table)[i]
        return {"path": found} if isinstance(found, str) else dict(found)

    # -- as it must read ----------------------------------------------------------------------

    def _sources(self, signed: _Signed) -> Iterator[tuple[str, str]]:
        """Where something changes under sources, and the line that stands there then."""
        for table in dict.fromkeys(table for table, _ in signed.entries):
            entries = {i: e for (t, i), e in signed.entries.items() if t == table}
            if all(self._is_of_own_line(table, i) for i in entries):
                for i, entry in sorted(entries.items()):
                    at = self.rules.where(("sources", table, i))
                    yield f"{at}, in place of this entry", f"- {flow(entry)}"
                continue
            written = self._data["sources"][table]
            every = [entries.get(i, found) for i, found in enumerate(self._written(table))]
            line = flow({table: every if isinstance(written, list) else every[0]})
            at = self.rules.where(("sources", table), key=True)
            yield f"{at}, in place of {table}", line[1:-1]

    def _is_of_own_line(self, table: str, i: int) -> bool:
        """Whether an entry stands behind a dash, so that it can be replaced alone."""
        line, column = self.rules.document.marks.get(("sources", table, i), (0, 0))
        lines = self.rules.document.source.decode("utf-8-sig", "replace").splitlines()
        return 0 < line <= len(lines) and lines[line - 1][: column - 1].strip() == "-"

    def _notices(self, signed: _Signed) -> Iterator[tuple[str, str]]:
        """The line of `notices` with the codes that are signed for."""
        if not signed.codes:
            return
        known = self._data.get(NOTICES) or {}
        line = flow({NOTICES: {**known, **signed.codes}})[1:-1]
        if NOTICES in self._data:
            at = self.rules.where((NOTICES,), key=True)
            added = ", ".join(f"{code}: {level}" for code, level in signed.codes.items())
            yield f"{self._file(str(at))}, in place of {NOTICES} (adds {added})", line
        else:
            yield f"{self._file(self.rules.document.name)}, a new line", line

    def _file(self, at: str) -> str:
        """A place in the rules; of the tool's own, in the copy that is to be made of them."""
        return f"DIR/{PurePath(at).name}" if self._is_shipped else at


def quiet(table: str, entry: int, silent: int) -> Door:
    """The door of a feed that may be silent: for as many days as it is `silent`, in whole months.

    >>> quiet("events", 0, 3).quiet_for, quiet("events", 0, 91).quiet_for
    ('90d', '120d')
    """
    days = max(FEWEST_DAYS, -(-silent // MONTH) * MONTH)
    return Door("If it may be silent for so long", table, (entry,), quiet_for=f"{days}d")


def _opened(entry: Mapping[str, Any], door: Door) -> Mapping[str, Any]:
    """An entry that says what a door asks for, beside what it says already."""
    made = {**entry, **({"quiet_for": door.quiet_for} if door.quiet_for else {})}
    key = "missing" if door.as_none else "values"
    for column, words in door.values:
        known = made.get(key) or {}
        is_of_all = not isinstance(known, Mapping)  # words that are none in every column
        said = {str(word): word for word in (known if is_of_all else known.get(column)) or ()}
        every = [*said.values(), *(w for w in words if w not in said)]
        made = {**made, key: every if is_of_all else {**known, column: every}}
    return made
