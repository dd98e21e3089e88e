"""Broken syntax in the author's words: what PyYAML says, and what that means for who wrote it."""

from __future__ import annotations

import yaml

from segmentation.rules.yaml.faults import Fault, position_of

_INDENT = "indent with spaces, and line keys up with their neighbours"
_TWICE = "inside '…' an apostrophe is written twice: 'it''s'"
# What PyYAML says, where to point (at its context, or at the problem), what and how to mend it.
# The first row that fits is taken.
_SYNTAX = (
    ("mapping values are not allowed", "problem", 'this ": " cannot stand here',
     f'quote text that holds ": ", put a space after each colon; {_INDENT}'),
    ("sequence entries are not allowed", "problem", "a list cannot start on the line of its key",
     'put each "- item" on a line of its own, or write [a, b]'),
    (r"'\t' that cannot start", "problem", "there is a tab here", _INDENT),
    ("that cannot start any token", "problem", "a value cannot start with this character",
     "quote it: '…'"),
    ("expected ',' or '}'", "context", 'the "{" opened here is not closed, or misses a comma',
     'write {a: 1, b: 2}'),
    ("expected ',' or ']'", "context", 'the "[" opened here is not closed, or misses a comma',
     'write [a, b]'),
    ("scanning a quoted scalar", "context", "the quote opened here is not closed", _TWICE),
    ("scanning a double-quoted scalar", "problem", 'a backslash in "…" starts an escape',
     "use single quotes: '…'"),
    ("could not find expected ':'", "context", 'this is neither "key: value" nor "- item"',
     "add a colon with a space after it"),
    ("but found '<scalar>'", "problem", "there is text after a closing quote or bracket",
     f"quote the whole value; {_TWICE}"),
    ("expected <block end>", "problem", "this does not line up with what stands above", _INDENT),
    ("scanning a block scalar", "context", 'text cannot follow ">" or "|" on its line',
     "put it on the lines below, or quote it"),
    ("scanning an alias", "context", 'a value cannot start with "*"', "quote it: '*…'"),
    ("scanning an anchor", "context", 'a value cannot start with "&"', "quote it: '&…'"),
    (" tag", "context", 'a value cannot start with "!"', "quote it: '!…'"),
    ("expected the node content", "problem", "a value is missing before this",
     "write the value, or quote the text"),
    ("expected '<document start>'", "problem", "this belongs to nothing above", _INDENT),
)  # fmt: skip


def syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    """The fault of broken syntax, told by the first row that fits; else what PyYAML says."""
    said = f"{error.context or ''}; {error.problem or ''}"
    for needle, side, what, mend in _SYNTAX:
        mark = error.context_mark if side == "context" else error.problem_mark
        if needle in said and mark:
            return Fault(position_of(mark), what, mend)
    at = position_of(error.problem_mark or error.context_mark)
    return Fault(at, f"this is not YAML: {error.problem}", "")
