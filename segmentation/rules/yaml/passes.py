"""The passes over a text: one, unless broken syntax ends it and reading can go on without it."""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.reader import ReaderError

from segmentation.rules.yaml.builder import Builder, HaltError
from segmentation.rules.yaml.comparisons import compared_at, uncomparable
from segmentation.rules.yaml.faults import Fault, position_at, position_of
from segmentation.rules.yaml.syntax import syntax_fault

MOST_BYTES = 1024 * 1024
MOST_REPAIRS = 20
#: what PyYAML and libyaml take differently: `?` in words, tabs, and characters that may end a line.
#: Named one by one: what is none of the others takes ten times as long to compile, at every start
_READ_DIFFERENTLY: Final = re.compile(
    r"[\x00-\x09\x0b-\x1f?\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe-\U0010ffff]"
)


def read(text: str) -> tuple[Builder, list[Fault]]:
    """The builder after the whole text, and all faults.

    Broken syntax ends a pass. The one mistake that people make on many lines at once, `>= 60`,
    is blanked out and the text read again, as often as a file of 1 MiB could be read once.
    """
    return _whole(text) or _in_passes(text)


def _whole(text: str) -> tuple[Builder, list[Fault]] | None:
    """A text without a fault as libyaml reads it, in a tenth of the time.

    None where it is not there, or finds anything: PyYAML's own parser is the one that tells what,
    and where a value is missing.
    """
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is None or _READ_DIFFERENTLY.search(text):
        return None
    builder = Builder(text)
    try:
        builder.read(fast)
    except (HaltError, yaml.YAMLError, ValueError, OverflowError):
        return None
    return None if builder.faults or builder.blanks else (builder, [])


def _in_passes(text: str) -> tuple[Builder, list[Fault]]:
    broken: list[Fault] = []
    repairs = min(MOST_REPAIRS, MOST_BYTES // (len(text) + 1))
    while True:
        builder = Builder(text)
        fault, span = _pass(builder)
        broken += [fault] if fault else []
        if not span or len(broken) > repairs:
            return builder, builder.faults + broken
        text = f"{text[: span[0]]}0{' ' * (span[1] - span[0] - 1)}{text[span[1] :]}"


def _pass(builder: Builder) -> tuple[Fault | None, tuple[int, int] | None]:
    """The fault that broke the syntax, and its span if reading could go on without it."""
    try:
        builder.read()
    except HaltError:
        pass
    except yaml.MarkedYAMLError as error:
        for mark in (error.context_mark, error.problem_mark):
            if compared := compared_at(builder.text, mark):
                return Fault(position_of(mark), *uncomparable(compared)), compared.span()
        return syntax_fault(error), None
    except ReaderError as error:
        at = position_at(builder.text, error.position)
        return Fault(at, "there is a control character here", "remove it"), None
    except (ValueError, OverflowError):  # PyYAML hands an impossible "\U00110000" straight to chr()
        return Fault(builder.last, "there is an impossible escape or number below", ""), None
    return None, None
