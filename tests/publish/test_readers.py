"""Readers see the old run or the new one, and never notice the swap."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from publishing import DAY, content, publish_run


def test_readers_see_the_old_run_or_the_new_one_and_never_a_mixture(tmp_path: Path) -> None:
    """A reader resolves the link once and reads on; two swaps never fall into one reading."""
    publish_run(tmp_path, DAY, "0")
    readings: list[str] = []
    failures: list[BaseException] = []
    over = threading.Event()

    def poll() -> None:
        try:
            while not over.is_set():
                readings.append(content(Path(os.path.realpath(tmp_path / DAY))))
                readings.append(content(Path(os.path.realpath(tmp_path / "latest"))))
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=poll)
    reader.start()
    for number in range(1, 31):
        publish_run(tmp_path, DAY, str(number))
        seen_so_far = len(readings)
        while len(readings) < seen_so_far + 2 and not failures:
            over.wait(0.001)
    over.set()
    reader.join()
    assert failures == []
    assert sorted(readings, key=int) == readings
    assert readings[-1] == "30"


def test_opening_through_the_links_never_fails(tmp_path: Path) -> None:
    """No pause between swaps here: the dated name and `latest` exist at every moment."""
    publish_run(tmp_path, DAY, "0")
    over = threading.Event()
    missing: list[str] = []

    def poll() -> None:
        while not over.is_set():
            missing.extend(p for p in (DAY, "latest") if not (tmp_path / p / "personas").is_dir())

    reader = threading.Thread(target=poll)
    reader.start()
    for number in range(30):
        publish_run(tmp_path, DAY, str(number))
    over.set()
    reader.join()
    assert missing == []
