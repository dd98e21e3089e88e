"""Examples of rules: read, checked, computed on sample_data, and their `# expect N` counted anew.

The number belongs to the name that its line begins with: a persona (how many match, before
suppression and waterfall) or a label of a dimension. `# expect N in M` is for personas with
`for_each`: M audiences that match N customers together.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import chdir
from datetime import date
from pathlib import Path

from segmentation.pipeline.compute import compute
from segmentation.publish.outcome import Outcome
from segmentation.rules.checking.csv_headers import attributes_of
from segmentation.rules.checking.names import check_names
from segmentation.rules.lint import check
from segmentation.rules.reading.reader import read_rules
from segmentation.rules.ruleset import Rules
from segmentation.scan.prepare import Request

TODAY = date(2026, 11, 21)
_EXPECT = re.compile(r"^(?P<line>[ -]*(?P<name>[^:#\n]+):.*?# expect).*$", re.MULTILINE)
SOURCES = """
sources:
  transactions: sample_data/transactions.csv
  customers: sample_data/customers.csv
  products: sample_data/products.csv
  events:
    - sample_data/browse.csv
    - {path: sample_data/campaign_sends.csv, event: campaign_send}
    - {path: sample_data/campaign_responses.csv, event: campaign_response}
    - {path: sample_data/complaints.csv, event: complaint}
"""


def counted(text: str, folder: Path) -> str:
    """A block with its numbers as they are now. Raises SegmentationError for wrong rules."""
    outcome = computed(text, folder)
    return _EXPECT.sub(lambda found: f"{found['line']} {_number(outcome, found['name'])}", text)


def computed(text: str, folder: Path) -> Outcome:
    """What the rules of a block give on the sample data; lint's errors are raised too."""
    path = folder / "example.yaml"
    version = "" if re.search(r"^version:", text, re.MULTILINE) else "version: 1\n"
    sources = "" if re.search(r"^sources:", text, re.MULTILINE) else SOURCES
    path.write_text(f"{version}{sources}{text}")
    with chdir(folder):
        rules = _sound(path)
        return compute(Request(rules, TODAY))


def _sound(path: Path) -> Rules:
    rules = read_rules(path)
    check_names(rules, attributes=attributes_of(rules))
    check(rules)
    return rules


def _number(outcome: Outcome, name: str) -> str:
    mine = [a for a in outcome.audiences if a.cell.persona.name == name]
    if mine:
        matched = f"{sum(a.matched for a in mine):,}"
        return f"{matched} in {len(mine)}" if mine[0].cell.persona.for_each else matched
    rules = outcome.request.rules
    for dimension, rungs in rules.dimensions.items():
        if name in rungs.labels:
            return f"{Counter(outcome.customers[dimension].to_list())[name]:,}"
    raise KeyError(f"# expect stands beside {name!r}, which is neither a persona nor a label")
