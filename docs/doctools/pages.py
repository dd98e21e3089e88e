"""Every page as it should be: its markers found, and what they mark made anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doctools import examples, generated, shop
from doctools.generated import commands

SCHEMAS = "docs/json/"  # of what --json prints, as the command tells them
HELP = "cli/help/"  # printed without Typer, as Typer would
MANIFEST = "docs/manifest.schema.json"  # written by hand, but for the endings of files
RULES_PAGES = ("docs/rules.md", "docs/cookbook.md")  # their YAML blocks are run
_GENERATED = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
_FENCED = re.compile(
    r"(?:<!-- (?P<kind>captured|file: *(?P<file>\S+))(?P<options>[^>]*?) -->\n)?"
    r"(?P<fence>````?)(?P<language>\w+)\n(?P<text>.*?)(?P=fence)\n",
    re.DOTALL,
)


class Untrue(Exception):
    """A page that cannot be made true: a command ended otherwise, or an example is refused."""


@dataclass(frozen=True)
class Captured:
    """The options of a captured block: how commands end, and how much of the output is shown."""

    exit: int = 0
    first: int | None = None
    last: int = 0

    @classmethod
    def parse(cls, text: str) -> Captured:
        """Options such as `exit=2 first=14 last=2`."""
        return cls(**{name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", text)})

    def shown(self, printed: str) -> str:
        """The first and last lines of an output, with … between them."""
        lines = printed.splitlines()
        if self.first is None or len(lines) <= self.first + self.last + 1:
            return printed
        kept = [*lines[: self.first], "…", *(lines[-self.last :] if self.last else [])]
        return "\n".join(kept) + "\n"


def pages() -> list[str]:
    """Stored help, the documents with markers and the schemas, as paths from the root of the project."""
    every = [shop.REPO / "README.md", *sorted((shop.REPO / "docs").rglob("*.md"))]
    found = [str(p.relative_to(shop.REPO)) for p in every if p.exists() and _is_ours(p)]
    return [
        *(
            f"{HELP}{'-'.join(words)}.txt"
            for words in (["segment"], *(["segment", n] for n in commands()))
        ),
        *found,
        MANIFEST,
        *(f"{SCHEMAS}{name}.schema.json" for name in ("envelope", *commands())),
    ]


def _is_ours(page: Path) -> bool:
    text = page.read_text()
    return "<!-- generated: " in text or "<!-- captured" in text or str(page).endswith(RULES_PAGES)


def _schema(of: str) -> str:
    printed, code = shop.run(f"segment schema {of}", shop.REPO)
    if code:
        raise Untrue(printed)
    return printed


def rendered(name: str) -> str:
    """A page with its blocks made anew. Raises Untrue."""
    if name.startswith(SCHEMAS):
        return _schema(Path(name).name.removesuffix(".schema.json"))
    if name.startswith(HELP):
        return generated.help_of(Path(name).stem.replace("-", " "))
    if name == MANIFEST:
        return generated.manifest_schema((shop.REPO / name).read_text())
    text = _GENERATED.sub(_generated, (shop.REPO / name).read_text())
    with shop.clone() as folder:
        made = list(_blocks(text, folder, is_rules=name in RULES_PAGES))
    return "".join(made)


def _generated(found: re.Match[str]) -> str:
    return f"{found[1]}{generated.BLOCKS[found[2]]()}{found[3]}"


def _blocks(text: str, folder: Path, *, is_rules: bool) -> Iterator[str]:
    """The pieces of a page in order, fenced blocks made anew."""
    at = 0
    for found in _FENCED.finditer(text):
        yield text[at : found.start("text")]
        yield _block(found, folder, is_rules=is_rules)
        at = found.end("text")
    yield text[at:]


def _block(found: re.Match[str], folder: Path, *, is_rules: bool) -> str:
    text = found["text"]
    if found["file"]:
        target = folder / found["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding=_encoding(found))
        return text
    if found["kind"] == "captured":
        return _console(text, folder, Captured.parse(found["options"]))
    if is_rules and found["language"] == "yaml":
        return examples.counted(text, folder)
    return text


def files_of(name: str) -> Iterator[tuple[str, str, str]]:
    """The files that the blocks of a page are saved as: name, text and encoding."""
    for found in _FENCED.finditer((shop.REPO / name).read_text()):
        if found["file"]:
            yield found["file"], found["text"], _encoding(found)


def _encoding(found: re.Match[str]) -> str:
    """That which the marker of a file says: `<!-- file: NAME encoding=windows-1252 -->`."""
    said = re.search(r"encoding=(\S+)", found["options"])
    return said[1] if said else "utf-8"


def _console(text: str, folder: Path, options: Captured) -> str:
    """Every `$ command` of a block with what it prints now."""
    made = []
    for command in re.findall(r"^\$ (.+(?:\\\n.+)*)$", text, re.MULTILINE):
        printed, code = shop.run(command, folder)
        if code != options.exit:
            raise Untrue(f"`{command}` ended with {code}, not {options.exit}:\n{printed}")
        made.append(f"$ {command}\n{options.shown(printed)}")
    return "\n".join(made) if len(made) > 1 else "".join(made)
