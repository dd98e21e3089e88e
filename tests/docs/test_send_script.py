"""The script of docs/cron-and-ci.md that hands a run over reads one run, whatever is published meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

HAND_OVER = """#!/bin/sh
cat vip.csv
ln -sfn 2026-11-22 {srv}/audiences/latest  # another run is published
cat lapsed.csv
"""


def script_of(page: Path) -> str:
    [found] = re.findall(r"```sh\n(#!/bin/sh\n# send\.sh.*?)```", page.read_text(), re.DOTALL)
    return str(found)


def executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o700)


def test_a_hand_over_reads_one_run_while_another_is_published(tmp_path: Path, repo: Path) -> None:
    for day in ("2026-11-21", "2026-11-22"):
        (tmp_path / "audiences" / day / "personas").mkdir(parents=True)
        for name in ("vip", "lapsed"):
            (tmp_path / "audiences" / day / "personas" / f"{name}.csv").write_text(f"{day}\n")
    (tmp_path / "audiences" / "latest").symlink_to("2026-11-21")
    (tmp_path / "shop").mkdir()
    (tmp_path / "bin").mkdir()
    executable(tmp_path / "shop" / "hand_over.sh", HAND_OVER.replace("{srv}", str(tmp_path)))
    executable(tmp_path / "bin" / "segment", "#!/bin/sh\nexit 0\n")
    script = script_of(repo / "docs" / "cron-and-ci.md").replace("/srv", str(tmp_path))
    executable(tmp_path / "send.sh", script)
    done = subprocess.run(
        [str(tmp_path / "send.sh")],
        capture_output=True,
        check=True,
        text=True,
        env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )
    assert done.stdout == "2026-11-21\n2026-11-21\n"
