"""What follows a stop: that the command which it prints leads to the money that was paid."""

from __future__ import annotations

import shlex

from harness import Segment

EVERYONE = "version: 1\npersonas: {everyone: {columns: [frequency, monetary]}}\n"


def stops_and_leads_to(segment: Segment, rows: str, where: str, money: float) -> None:
    """A run of these rows stops with a `where`, and the command that it prints comes to the money."""
    stopped = segment("run", "o.csv", files={"o.csv": rows, "personas.yaml": EVERYONE})
    assert (stopped.exit_code, f"where: {{{where}}}" in stopped.err) == (3, True), stopped.err
    [pasted] = {*stopped.tried}
    done = segment(*shlex.split(pasted))
    assert (done.exit_code, float(done.customers["monetary"].sum())) == (0, money), done.err
