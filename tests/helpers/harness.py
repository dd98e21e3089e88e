"""What tests share: how a call of `segment` ended, and the type of the fixtures that call it.

pytest puts this folder on the path (`pythonpath`), so `from harness import Segment` works in every test.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from segmentation.rules.yaml import loads

#: seconds that a test waits for a process, on a machine that is busy with other work: a bound that
#: is only met by what would hang
PATIENCE = 600


@dataclass(frozen=True)
class Result:
    """How one call of `segment` ended, and the folder it wrote into."""

    exit_code: int
    out: str
    err: str
    folder: Path

    @property
    def json(self) -> Any:
        """What --json printed."""
        return json.loads(self.out)

    @property
    def result(self) -> Any:
        """The result that --json printed."""
        return self.json["result"]

    @property
    def tried(self) -> list[str]:
        """The commands that it printed to be pasted, without `segment`."""
        return re.findall(r"^  Try: segment (.*)$", self.err, re.MULTILINE)

    @property
    def said(self) -> list[Any]:
        """The notices that --json printed."""
        return list(self.json["notices"])

    @property
    def run(self) -> Path:
        """The published run."""
        return self.folder / "audiences" / "latest"

    @property
    def manifest(self) -> Any:
        """Its manifest."""
        return json.loads((self.run / "manifest.json").read_text())

    @property
    def warnings(self) -> list[str]:
        """What it warned of, in the manifest's words."""
        return [n["text"] for n in self.manifest["notices"] if n["level"] == "warn"]

    @property
    def notes(self) -> list[str]:
        """What it noted, in the manifest's words."""
        return [n["text"] for n in self.manifest["notices"] if n["level"] == "info"]

    @property
    def customers(self) -> pl.DataFrame:
        """Its customers.parquet."""
        return pl.read_parquet(self.run / "customers.parquet")

    @property
    def signed(self) -> str:
        """The rules with every door that this run printed; an empty text where it names none."""
        return signed((self.folder / "personas.yaml").read_text(), self.err)

    def ids(self, persona: str) -> list[str]:
        """The customers of an audience's CSV."""
        lines = (self.run / "personas" / f"{persona}.csv").read_text().splitlines()
        return [line.split(",")[0] for line in lines[1:]]


class Segment(Protocol):
    """The fixture `segment`: runs `segment ARGUMENTS` in the test's folder, after `files` are written."""

    def __call__(
        self, *arguments: object, files: Mapping[str, str | bytes] | None = None
    ) -> Result: ...


class Shell(Protocol):
    """The fixture `shell`: the same as a process, which has a standard input and an environment."""

    def __call__(
        self,
        *arguments: object,
        files: Mapping[str, str | bytes] | None = None,
        stdin: bytes = b"",
        stdin_from: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Result: ...


def signed(rules: str, said: str) -> str:
    """The rules with every door that a stopped run printed, as they read when all are pasted; "" without."""
    document = loads(rules, "personas.yaml")
    data = copy.deepcopy(document.data)
    printed = said.partition("To sign for")[2]
    doors = re.findall(r"^  (\S+?),? .*:\n    (.*)$", printed, re.MULTILINE)
    for place, line in doors:
        if line.startswith("- "):
            entries = [k for k in document.marks if k[:1] == ("sources",) and len(k) == 3]
            _, table, i = next(k for k in entries if str(document.where(k)) == place)
            data["sources"][table][i] = loads(line, "door").data[0]
            continue
        [(name, value)] = loads(line, "door").data.items()
        (data if name == "notices" else data["sources"])[name] = value
    return json.dumps(data, ensure_ascii=False) if doors else ""
