"""Help: what is stored is what Typer would print, it names all there is, and nothing heavy is imported."""

from __future__ import annotations

import importlib
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

import pytest
import typer.main
from harness import Segment, Shell

STALE: Final = (
    "cli/help/ is not what the commands are now: python docs/build.py, and read what it changed"
)
TWICE: Final = ("--help", "--help")  # a single one is answered with what is stored


def package() -> str:
    """The package of the command line, as the installed script names it."""
    [script] = entry_points(group="console_scripts", name="segment")
    return script.module.rpartition(".")[0]


def commands() -> Mapping[str, Any]:
    """Typer's commands by what one types for them, `segment` itself among them."""
    whole = typer.main.get_command(importlib.import_module(f"{package()}.app").application())
    within: Mapping[str, Any] = whole.commands  # type: ignore[attr-defined]
    return {"segment": whole, **{f"segment {name}": one for name, one in within.items()}}


COMMANDS: Final = commands()
LINES: Final = [*COMMANDS]


@pytest.mark.parametrize("line", LINES)
def test_stored_help_is_what_typer_prints(segment: Segment, line: str) -> None:
    words = line.split()[1:]
    asked = [segment(*words, option) for option in ("--help", "-h")]
    of_typer = segment(*words, *TWICE)
    assert {(one.out, one.err, one.exit_code) for one in asked} == {(of_typer.out, "", 0)}, STALE


def names(of: Any) -> set[str]:
    """Every option and command that Typer knows of a command."""
    options = {name for one in of.params for name in (*one.opts, *one.secondary_opts)}
    options = {name for name in options if name.startswith("-")}
    return options | {"-h", "--help"} | {*getattr(of, "commands", ())}


def named(text: str) -> set[str]:
    """Every option and command that a help has a line of its own for."""
    sections = dict(re.findall(r"^(\w[\w ]*):\n((?:  .*\n)+)", text, re.MULTILINE))
    sections.pop("Arguments", None)
    heads = re.findall(r"^  (-\S.*?)(?:  |$)", sections.pop("Options"), re.MULTILINE)
    options = {word for head in heads for word in re.findall(r"(?<!\S)-[\w-]+", head)}
    return options | {*re.findall(r"^  (\w+)", "".join(sections.values()), re.MULTILINE)}


@pytest.mark.parametrize("line", LINES)
def test_stored_help_names_what_there_is_and_nothing_else(segment: Segment, line: str) -> None:
    assert named(segment(*line.split()[1:], "--help").out) == names(COMMANDS[line]), STALE


def test_every_help_is_stored_and_fits_a_terminal(repo: Path) -> None:
    stored = {one.stem.replace("-", " "): one.read_text() for one in (repo / "cli/help").iterdir()}
    assert {*stored} == {*LINES}, STALE
    wide = {line for text in stored.values() for line in text.splitlines() if len(line) > 80}
    assert wide == set()


def test_commands_stand_in_their_groups(segment: Segment) -> None:
    groups = segment("--help").out.partition("\nOptions:\n")[2].partition("\n\n")[2]
    found = [re.findall(r"^  (\w+)", one, re.MULTILINE) for one in groups.split("\n\n")]
    headings = re.findall(r"^(\w.*):$", groups, re.MULTILINE)
    assert dict(zip(headings, found, strict=True)) == {
        "Write rules": ["init", "validate", "test", "features", "schema"],
        "Run them": ["run"],
        "Look back": ["history"],
        "Learn from the past": ["value"],
    }


# -- what is answered otherwise --------------------------------------------------------------------

WIDE: Final = "  validate  Find mistakes in personas.yaml, and what can never match.\n"
NARROW: Final = "  validate  Find mistakes in personas.yaml, and what...\n"
SURROUNDINGS: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "80 columns": ({"COLUMNS": "80"}, WIDE),
    "200 columns": ({"COLUMNS": "200"}, WIDE),
    "60 columns": ({"COLUMNS": "60"}, NARROW),
    "columns that are no number": ({"COLUMNS": "many"}, WIDE),
    "another file of rules": ({"SEGMENT_CONFIG": "others.yaml"}, WIDE),
    "colours asked for": ({"FORCE_COLOR": "1"}, WIDE),
}


@pytest.mark.parametrize(("env", "shown"), SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.parametrize("asked", [("--help",), TWICE], ids=["stored", "Typer's"])
def test_help_fits_its_surroundings(
    segment: Segment,
    monkeypatch: pytest.MonkeyPatch,
    asked: tuple[str, ...],
    env: Mapping[str, str],
    shown: str,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    printed = segment(*asked).out
    assert shown in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(("columns", "shown"), [(80, WIDE), (60, NARROW)])
def test_help_fits_the_terminal_that_it_is_shown_on(
    script: Path, quiet_environment: Mapping[str, str], columns: int, shown: str
) -> None:
    """In a process of its own, as only that has a terminal."""
    here, there = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    env = {k: v for k, v in quiet_environment.items() if k not in ("COLUMNS", "NO_COLOR")}
    subprocess.run([script, "--help"], stdout=there, env=env, check=True)
    os.close(there)
    with os.fdopen(here, "rb") as terminal:
        printed = terminal.read1().decode().replace("\r\n", "\n")
    assert shown in printed
    assert "\x1b" not in printed


NOT_STORED: Final[Mapping[str, tuple[str, int, str]]] = {
    "a command after --help": ("--help run", 0, "Usage: segment [OPTIONS] COMMAND [ARGS]...\n"),
    "help beside an option": ("run --help -q", 0, "Usage: segment run [OPTIONS]"),
    "no words": ("", 2, "Usage: segment [OPTIONS] COMMAND [ARGS]...\n"),
    "no command": ("nonsense --help", 2, "No such command 'nonsense'."),
    "its own name": ("segment --help", 2, "No such command 'segment'."),
    "a path": ("../segment --help", 2, "No such command '../segment'."),
    "an option that is none": ("run --helf", 2, "No such option: --helf"),
    "a version of something": ("run --version", 2, "No such option: --version"),
}


@pytest.mark.parametrize(("line", "code", "said"), NOT_STORED.values(), ids=NOT_STORED)
def test_anything_else_goes_to_typer(segment: Segment, line: str, code: int, said: str) -> None:
    result = segment(*line.split())
    assert (result.exit_code, said in result.out + result.err) == (code, True)


def test_completion_is_not_taken_for_help(shell: Shell) -> None:
    words = {"_SEGMENT_COMPLETE": "complete_bash", "COMP_WORDS": "segment --h", "COMP_CWORD": "1"}
    assert shell("--help", env=words).out == "--help\n"


# -- what is imported ------------------------------------------------------------------------------

#: what Python has not loaded when it starts, and what takes as long as that or longer
HEAVY: Final = {
    "dataclasses",
    "inspect",
    "numpy",
    "pathlib",
    "polars",
    "pydantic",
    "rich",
    "shutil",
    "typer",
    "typing",
    "yaml",
}


@pytest.mark.parametrize("line", ["--help", "-h", "--version", "run --help", "value -h"])
def test_stored_help_imports_nothing(
    script: Path, quiet_environment: Mapping[str, str], line: str
) -> None:
    python = imported([sys.executable, "-c", "pass"], quiet_environment)
    found = imported([str(script), *line.split()], quiet_environment) - python
    ours = {name for name in found if name.partition(".")[0] == "segmentation"}
    main = {package(), f"{package()}.main", f"{package()}.stored_help"}
    assert ours == {"segmentation", "segmentation.version", *main}
    assert found & HEAVY == set()


def imported(command: Sequence[str], env: Mapping[str, str]) -> set[str]:
    """The modules that a process loads, as Python reports them when it is asked to time imports."""
    done = subprocess.run(
        command,
        env={**env, "PYTHONPROFILEIMPORTTIME": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {row.rpartition("|")[2].strip() for row in done.stderr.splitlines()}
