"""Every error a user can cause, in one tree; each class has its own exit code.

    SegmentationError            (never raised itself)
    ├── RulesError        2      wrong use, or a wrong personas.yaml
    ├── InputError        3      input data that cannot be used
    ├── OutputError       3      an output folder that cannot be written
    ├── CheckFailed       1      a check or gate failed, nothing was published
    └── Locked           75      another run holds the lock

A message answers what is wrong, where, and how to mend it; `Problem` keeps the three apart
so that the command line can print them and `--json` can carry them.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from segmentation.dataclass import dataclass

if TYPE_CHECKING:
    from segmentation.messages.notices import Notice


#: controls, soft hyphens, zero-width and bidirectional marks, line separators, half characters
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Location:
    """A file (or an address, a stream), and the line and column in it where they are known, from 1.

    >>> print(Location("personas.yaml", 3, 17), Location("t.csv", 82), Location("sales.csv"))
    personas.yaml:3:17 t.csv:82 sales.csv
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = (self.file, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, to sort by; 0 where they are not known."""
        return (self.line or 0, self.column or 0)

    @classmethod
    def of(cls, where: Where) -> Location:
        """The location that a problem or a notice has; a name alone is that of a file."""
        return where if isinstance(where, Location) else cls(where)


Where: TypeAlias = Location | str
"""What problems and notices have: a place in a file, or the name of the whole; empty where none is known.

No text is read as a place: names may look like one (`sales:3:4`)."""


@dataclass(frozen=True)
class Problem:
    """One mistake: what, where, and how to mend it."""

    what: str
    where: Where = ""
    mend: str = ""

    def __str__(self) -> str:
        what = " ".join(self.what.split("\n"))  # a value from data starts no line of its own
        where = str(self.where).replace("\n", r"\n")  # nor does the name of a file
        head = f"{where}: {what}" if self.where else what
        return f"{head}\n  {self.mend}" if self.mend else head


class SegmentationError(Exception):
    """Base of all errors a user can cause; holds one or more problems.

    `notices` is what was to be said when notices stopped the command, those that stopped it
    at level "error", and `doors` how the rules sign for these; empty for every other cause. Its text
    is all problems, and `doors` below them.
    """

    exit_code: ClassVar[int]
    kind: ClassVar[str]

    def __init__(
        self, *problems: Problem | str, notices: Iterable[Notice] = (), doors: str = ""
    ) -> None:
        self.notices = tuple(notices)
        self.doors = doors
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("\n".join([*map(str, self.problems), *filter(None, [doors])]))


class RulesError(SegmentationError):
    """Wrong use of a command, or mistakes in personas.yaml."""

    exit_code = 2
    kind = "rules"


class InputError(SegmentationError):
    """Input data that cannot be used."""

    exit_code = 3
    kind = "input"


class OutputError(SegmentationError):
    """An output folder or file that cannot be written."""

    exit_code = 3
    kind = "output"


class CheckFailed(SegmentationError):
    """A check or gate failed; nothing was published."""

    exit_code = 1
    kind = "check"


class Locked(SegmentationError):
    """Another run holds the lock of the output folder."""

    exit_code = 75
    kind = "locked"


def nearest(name: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The known name most like `name`, or an empty string when none is close; alike: 0 to 1.

    >>> nearest("montary", ["monetary", "recency_days"])
    'monetary'
    """
    lowered = {k.lower(): k for k in known}
    found = get_close_matches(name.lower(), lowered, n=1, cutoff=alike)
    return lowered[found[0]] if found else ""


def visible(text: str) -> str:
    """A name from outside with escapes for what would not be seen, or would mislead, in a message.

    Control characters and line ends, marks that turn the direction of writing, and the like.

    >>> print(visible("new" + chr(10) + "line.csv"), visible("gpj" + chr(0x202E) + ".csv"))
    new\\nline.csv gpj\\u202e.csv
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def shell_word(text: str) -> str:
    """A path as a shell takes it, in a command to be pasted; what would not be seen is escaped.

    >>> print(shell_word("shop"), shell_word("my shop"), shell_word("a" + chr(10) + "b"), shell_word("-x"))
    shop 'my shop' $'a\\x0ab' ./-x
    """
    path = f"./{text}" if text.startswith("-") else text
    if not _UNSEEN.search(path):
        return shlex.quote(path)
    seen = path.replace("\\", r"\\").replace("'", r"\'")
    return f"$'{_UNSEEN.sub(_bytes_of, seen)}'"


def _bytes_of(found: re.Match[str]) -> str:
    """A sign as bash and zsh write its bytes in $'…'."""
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(found[0]))


def counted(number: int, word: str) -> str:
    """How many there are of something, in English: the plural is with an s.

    >>> counted(1, "day"), counted(2014, "customer")
    ('1 day', '2,014 customers')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def agreeing(number: int, one: str, many: str) -> str:
    """The word that goes with a number of things.

    >>> agreeing(1, "is", "are"), agreeing(0, "it names", "they name")
    ('is', 'they name')
    """
    return one if number == 1 else many


def commonest(counts: Mapping[str, int]) -> list[str]:
    """What was counted, commonest first; what is equally common by name, so that each run says the same.

    >>> commonest({"b": 1, "c": 7, "a": 1})
    ['c', 'a', 'b']
    """
    return sorted(counts, key=lambda name: (-counts[name], name))


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names as prose, at the most `most` of them.

    >>> listed(["a", "b", "c"], most=2)
    'a, b, … (1 more)'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names) - most} more)"
