"""A file with sources and no personas: that there are none is said, and how to add them."""

from __future__ import annotations

import pytest
from harness import Segment

DATA = "customer_id,ordered_at,amount\n1,2024-01-01,5\n"
SOURCES = "version: 1\nsources: {transactions: t.csv}\n"


@pytest.mark.parametrize("command", ["run", "validate"])
@pytest.mark.parametrize("more", ["", "personas: {}\n"], ids=["no key", "an empty one"])
def test_rules_that_name_nobody_say_so(segment: Segment, command: str, more: str) -> None:
    done = segment(command, files={"t.csv": DATA, "personas.yaml": SOURCES + more})
    assert done.exit_code == 0
    assert (
        "note: there are no personas, so no audience\n  Add them, for example personas:" in done.err
    )


def test_what_is_advised_gives_an_audience(segment: Segment) -> None:
    files = {"t.csv": DATA, "personas.yaml": SOURCES + "personas: {everyone: {}}\n"}
    done = segment("run", files=files)
    assert (done.exit_code, "no personas" in done.err) == (0, False)
    assert done.ids("everyone") == ["1"]
