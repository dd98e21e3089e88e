"""YAML text as plain data in which every value knows its line: one `Document` per file.

The file is somebody else's, so it is read defensively. One pass over PyYAML's pure-Python events
builds the data on a stack of our own: nothing recurses, nothing is constructed by tag, and the
pass ends at the 51st level or the 100,001st value. (libyaml's CSafeLoader dies of a segmentation
fault on 100,000 nested brackets; an alias bomb of 341 bytes unfolds to millions of values.)

Words follow YAML 1.2: `NO`, `on`, `12:30:45` and dates are text. What readers of YAML disagree
about (`010`, `1_000`, `1e5`, `0x1F`) is refused, with the spelling that nobody can misread.
"""

from __future__ import annotations

from segmentation.rules.yaml.builder import MOST_FAULTS
from segmentation.rules.yaml.document import Document, load, loads
from segmentation.rules.yaml.passes import MOST_BYTES

__all__ = ["MOST_BYTES", "MOST_FAULTS", "Document", "load", "loads"]
