"""The commands that run.py takes the time of are ones that run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
LISTED = """
import sys, json
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import run
print(json.dumps(run.small_commands(Path(sys.argv[2]), {"segment": sys.argv[3]})))
"""


@pytest.mark.deep
def test_what_is_started_for_start_up_ends_with_0(tmp_path: Path, script: Path) -> None:
    given = ["--lines", "200", "--customers", "20"]
    subprocess.run(
        [sys.executable, BENCHMARKS / "generate.py", tmp_path / "1k", *given], check=True
    )
    listed = [sys.executable, "-c", LISTED, BENCHMARKS, tmp_path / "1k", script]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    commands = json.loads(said)
    assert [*commands][3:] == ["segment --help", "segment --version", "segment run"]
    for command in commands.values():
        placed = [str(tmp_path / "out") if word == "OUT" else word for word in command]
        done = subprocess.run(placed, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
