"""What is taken as it was typed is what Typer makes of it, for every option and argument there is."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import typer.main
from harness import Segment

VALUES: Final[dict[str, Any]] = {
    "nothing": None,
    "a word": "word",
    "an empty word": "",
    "yes": "yes",
    "maybe": "maybe",
    "an address": "s3://bucket/key",
    "a file": __file__,
    "a folder": "/",
    "a lost file": "/nowhere/at/all",
    "not UTF-8": "\udcff",
    "a path": Path("word"),
    "a flag": True,
    "a flag that is off": False,
    "words": ["a", "b"],
    "no words": [],
    "a number": 7,
}


def parameters() -> Iterator[Any]:
    """Every parameter of every command that has a value, with its context."""
    [script] = entry_points(group="console_scripts", name="segment")
    application = importlib.import_module(f"{script.module.rpartition('.')[0]}.app").application
    whole: Any = typer.main.get_command(application())
    for name, command in {"segment": whole, **whole.commands}.items():
        context = typer.Context(command, info_name=name)
        for one in command.get_params(context):
            if name != "segment" and one.name != "help":  # which act as soon as they are met
                yield pytest.param(one, context, id=f"{name} {one.name}")


def outcome(process: Any, *arguments: Any) -> str:
    """What comes of it, in words."""
    try:
        return repr(process(*arguments))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("is_readable", [True, False])
@pytest.mark.parametrize(("parameter", "context"), [*parameters()])
def test_a_value_is_what_typer_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, parameter: Any, context: Any, is_readable: bool
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: is_readable)
    of_typer = type(parameter).process_value
    taken = {n: outcome(parameter.process_value, context, v) for n, v in VALUES.items()}
    made = {n: outcome(of_typer, parameter, context, v) for n, v in VALUES.items()}
    assert taken == made


@pytest.mark.parametrize(("word", "code"), [("yes", 0), ("0", 0), ("maybe", 2)])
def test_a_flag_of_the_environment_is_a_word_that_typer_reads(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, word: str, code: int
) -> None:
    monkeypatch.setenv("SEGMENT_SHOW_VALUES", word)
    files = {"t.csv": "customer_id,ordered_at,amount\n1,2026-01-01,5\n"}
    assert segment("run", "t.csv", "-n", files=files).exit_code == code
