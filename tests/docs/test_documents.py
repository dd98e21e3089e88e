"""The documents say what is so: output is real, blocks follow the code, examples run, links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from doctools import pages, shop
from harness import Segment
from shop import EVERYONE, TWO_ORDERS

from segmentation.publish.formats import FORMATS

REPO = shop.REPO
README = REPO / "README.md"
DOCUMENTS = [README, REPO / "CHANGELOG.md", *sorted((REPO / "docs").rglob("*.md"))]


#: pages of many commands
LONG = tuple(
    f"docs/{name}.md"
    for name in (
        "cookbook",
        "cron-and-ci",
        "glossary",
        "history",
        "inputs",
        "json",
        "output",
        "python",
        "rules",
        "shops",
        "worked-example",
    )
)
PAGES = [pytest.param(n, marks=[pytest.mark.deep] if n in LONG else []) for n in pages.pages()]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_makes_of_it(name: str) -> None:
    """When this fails: python docs/build.py, and read what it changed."""
    assert pages.rendered(name) == (REPO / name).read_text()


def test_the_schema_of_manifests_takes_a_format_that_is_added(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "tsv", replace(FORMATS["csv"], name="tsv"))
    files = {"s.csv": TWO_ORDERS, "personas.yaml": EVERYONE}
    manifest = segment("run", "s.csv", "--format", "tsv", files=files).manifest
    assert [one["file"] for one in manifest["personas"]] == ["personas/everyone.tsv"]
    jsonschema.validate(manifest, json.loads(pages.rendered(pages.MANIFEST)))


def test_the_readme_starts_with_the_two_commands() -> None:
    [first, *_] = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert first.splitlines() == [
        "pip install . && segment run            # the main job, on sample_data/ with personas.yaml",
        "pip install '.[test]' && pytest         # the tests",
    ]


# -- links ----------------------------------------------------------------------------------------


def without_code(text: str) -> str:
    return re.sub(r"^(````?)\w*\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)


def links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text()))


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as they are made for links."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def broken(page: Path) -> Iterator[str]:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if link.startswith("https://"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield f"{page.relative_to(REPO)}: {link}"


def test_links_lead_somewhere() -> None:
    assert [b for page in DOCUMENTS for b in broken(page)] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [README]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        paths = [link.partition("#")[0] for link in links(page) if "://" not in link]
        waiting += [(page.parent / path).resolve() for path in paths if path]
    assert [str(d.relative_to(REPO)) for d in DOCUMENTS if d not in seen] == []


# -- what must not be in the tree -----------------------------------------------------------------

SKIPPED = {
    "__pycache__",
    "build",
    "dist",
    "audiences",
    "data",
}  # all that starts with a dot, virtual environments
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".cfg", ".sh", ""}
NOT_HERE = {
    "a host of a package registry": r"\b(py"
    r"pi\.org|python"
    r"hosted\.org|npm"
    r"js\.(org|com)|ana"
    r"conda\.org)",
    "a path of one machine": r"(?<![\w.])/(work|root|Users|home)/\w|/tmp/(venv|tmp)",
}


def texts() -> Iterator[Path]:
    for folder, below, names in os.walk(REPO):
        below[:] = [
            b
            for b in below
            if b not in SKIPPED
            and not b.endswith(".egg-info")
            and (b == ".ci" or not b.startswith("."))
            and not Path(folder, b, "pyvenv.cfg").exists()
        ]
        yield from (Path(folder, n) for n in names if Path(n).suffix in TEXT and n != ".git")


@pytest.mark.parametrize("pattern", NOT_HERE.values(), ids=NOT_HERE)
def test_the_tree_does_not_name(pattern: str) -> None:
    found = [
        f"{path.relative_to(REPO)}: {hit[0]}"
        for path in texts()
        for hit in re.finditer(pattern, path.read_text(errors="replace"))
    ]
    assert found == []


# -- hooks ----------------------------------------------------------------------------------------

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((REPO / ".pre-commit-hooks.yaml").read_text())}


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_hook_passes_on_the_shipped_rules(hook: dict[str, str]) -> None:
    with shop.clone() as folder:
        printed, code = shop.run(shlex.join(shlex.split(hook["entry"])), folder)
    assert code == 0, printed
    assert re.search(hook["files"], "personas.yaml")


def test_the_documents_name_every_hook() -> None:
    page = (REPO / "docs/cron-and-ci.md").read_text()
    assert [name for name in HOOKS if f"- id: {name}\n" not in page] == []
