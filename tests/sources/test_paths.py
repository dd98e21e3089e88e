"""Where sources are: relative to the file of rules, with `${NAME}` from the environment.

Nothing that is printed or published spells a variable out: it may be a secret.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Segment, Shell
from shop import CONSENTS, TWO_ORDERS

from segmentation.sources.files.place import Place
from segmentation.sources.parquet.reader import schema_of

SHOP = f"{TWO_ORDERS}c,2024-01-03,x\n"
SECRET = "s3cr3t-t0ken"
RULES = """
version: 1
sources: {transactions: SHOP, customers: data/people.csv}
personas: {all_of_them: {match: {frequency: {at_least: 1}}}}
suppress: [{consent: {is_not: "yes"}}]
"""


def shop(transactions: str, folder: str = "shop") -> dict[str, str]:
    return {
        f"{folder}/personas.yaml": RULES.replace("SHOP", f"'{transactions}'"),
        f"{folder}/data/people.csv": CONSENTS,
        f"{folder}/data/orders_1.csv": SHOP,
        f"{folder}/data/{SECRET}/orders_1.csv": SHOP,
    }


def texts(result: Any) -> str:
    """All that was printed and published, but for the audiences."""
    found = [result.out, result.err]
    if result.run.exists():
        found += [
            p.read_text() for p in result.run.iterdir() if p.suffix in (".json", ".csv", ".yaml")
        ]
    return "\n".join(found)


RELATIVE = {
    "a file": "data/orders_1.csv",
    "a pattern": "data/orders_*.csv",
    "a folder with a dot": "./data/orders_1.csv",
    "a default": "${NOT_SET:-data}/orders_1.csv",
    "a variable": "${DATA}/orders_1.csv",
    "a variable and a default": "${DATA:-nowhere}/orders_?.csv",
    "all of it": "${ALL}",
    "several": "${D}${A}/${O}_1.csv",
    "up and down": "../shop/data/orders_1.csv",
}


@pytest.mark.sampled
@pytest.mark.parametrize("path", RELATIVE.values(), ids=RELATIVE)
def test_paths_start_from_the_rules_wherever_one_stands(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for name, value in {
        "DATA": "data",
        "ALL": "data/orders_1.csv",
        "D": "da",
        "A": "ta",
        "O": "orders",
    }.items():
        monkeypatch.setenv(name, value)
    above = segment("run", "-c", "shop/personas.yaml", files=shop(path))
    assert above.exit_code == 0, above.err
    assert above.ids("all_of_them") == ["a"]
    assert above.manifest["inputs"][0]["path"] == path
    bytes_above = manifest_without_times(above.run)
    monkeypatch.chdir(above.folder / "shop")
    assert segment("run", "--out", "here").exit_code == 0
    monkeypatch.chdir("/")
    there = segment(
        "run", "-c", above.folder / "shop/personas.yaml", "--out", above.folder / "there"
    )
    assert there.exit_code == 0, there.err
    assert manifest_without_times(above.folder / "shop/here/latest") == bytes_above
    assert manifest_without_times(above.folder / "there/latest") == bytes_above


def manifest_without_times(run: Path) -> dict[str, Any]:
    manifest = json.loads((run / "manifest.json").read_text())
    for name in ("started_at", "duration_seconds"):
        del manifest[name]
    del manifest["rules"]["path"]
    return manifest


def test_an_absolute_path_and_one_of_home_stay(
    segment: Segment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "shop"))
    for path in (str(tmp_path / "shop/data/orders_1.csv"), "~/data/orders_1.csv"):
        result = segment("run", "-c", "shop/personas.yaml", files=shop(path))
        assert result.exit_code == 0, result.err


def test_files_of_the_command_line_start_from_the_current_folder_and_hold_no_variables(
    segment: Segment,
) -> None:
    rules = "version: 1\npersonas: {a: {}}\n"
    files = {"shop/personas.yaml": rules, "orders.csv": SHOP, "${HOME}.csv": SHOP}
    assert segment("run", "-c", "shop/personas.yaml", "orders.csv", files=files).exit_code == 0
    assert segment("run", "-c", "shop/personas.yaml", "${HOME}.csv").exit_code == 0
    assert segment("run", "-c", "shop/personas.yaml", "shop/orders.csv").exit_code == 3


def test_rules_of_a_pipe_start_from_the_current_folder(shell: Shell) -> None:
    files = shop("data/orders_1.csv", folder=".")
    result = shell("run", "-c", "/dev/stdin", stdin=files["./personas.yaml"].encode(), files=files)
    assert result.exit_code == 0, result.err


def test_cron_starts_anywhere(shell: Shell, tmp_path: Path) -> None:
    result = shell(
        "run",
        "-q",
        "-c",
        "shop/personas.yaml",
        "--out",
        "audiences",
        files=shop("${DATA}/orders_*.csv"),
        env={"DATA": "data"},
    )
    assert result.exit_code == 0, result.err


MISTAKES = {
    "not set": (
        "${NOT_SET}/a.csv",
        "3:25: ${NOT_SET}/a.csv: the variable NOT_SET is not set in the environment, or empty",
    ),
    "empty": (
        "${EMPTY}/a.csv",
        "3:25: ${EMPTY}/a.csv: the variable EMPTY is not set in the environment, or empty",
    ),
    "not closed": ("${DATA/a.csv", "3:25: ${ is not closed by }"),
    "no name": (
        "${}/a.csv",
        "3:25: ${} is not a variable: its name has letters, digits and _, and begins with no digit",
    ),
    "a blank": (
        "${A B}/a.csv",
        "3:25: ${A B} is not a variable: its name has letters, digits and _, and begins with no digit",
    ),
    "a variable in a default": (
        "${A:-${B}}/a.csv",
        "3:25: a default is no place for another variable: ${ within ${\u2026} is not read",
    ),
    "another default": (
        "${A-b}/a.csv",
        "3:25: ${A-b} is not a variable: its name has letters, digits and _, and begins with no digit",
    ),
}


@pytest.mark.parametrize(("path", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_of_variables_have_a_place(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    monkeypatch.setenv("EMPTY", "")
    result = segment("run", "-c", "shop/personas.yaml", files=shop(path))
    assert result.exit_code == 2
    assert result.err.splitlines()[0] == f"shop/personas.yaml:{said}"


def test_a_bucket_without_a_region_is_no_matter_for_users(monkeypatch) -> None:
    """Polars asks the bucket itself, and says so in a warning of Python with a line of ours."""

    def schema(frame: pl.LazyFrame) -> pl.Schema:
        what = "'(default_)region' not set; polars will try to get it from bucket\n\nSet the region"
        warnings.warn(what, UserWarning, stacklevel=2)
        return pl.Schema({"customer_id": pl.String()})

    monkeypatch.setattr(pl.LazyFrame, "collect_schema", schema)
    place = Place("s3://bucket/t.parquet", "s3://bucket/t.parquet", version="9 tag")
    assert schema_of(place) == {"customer_id": pl.String()}


def test_the_two_signs_can_be_written(segment: Segment, tmp_path: Path) -> None:
    files = shop("data/$${x}$5.csv")
    result = segment(
        "run", "-c", "shop/personas.yaml", files={**files, "shop/data/${x}$5.csv": SHOP}
    )
    assert result.exit_code == 0, result.err


def test_validate_needs_no_variable_and_reads_the_same_header(
    segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = shop("${NOT_SET}/orders.csv")
    assert segment("validate", "-c", "shop/personas.yaml", files=files).exit_code == 0
    wrong = files["shop/personas.yaml"].replace("{consent:", "{consnt:")
    found = segment("validate", "-c", "shop/personas.yaml", files={"shop/personas.yaml": wrong})
    assert (found.exit_code, "Nearest: consent" in found.err) == (2, True), found.err
    unset = wrong.replace("data/people.csv", "'${PEOPLE}/people.csv'")
    trusted = segment("validate", "-c", "shop/personas.yaml", files={"shop/personas.yaml": unset})
    assert trusted.exit_code == 0
    assert "(${PEOPLE}/people.csv cannot be looked into" in trusted.err
    monkeypatch.setenv("PEOPLE", "data")
    assert segment("validate", "-c", "shop/personas.yaml").exit_code == 2


SLOW = "an address"  # an object store is asked several times
SPELT = {
    "a rejected row": ("${S}/orders_1.csv", 0),
    "a pattern": ("${S}/*.csv", 0),
    "a pattern in its name": ("data/${T}*/o*.csv", 0),
    "a folder": ("${S}", 0),
    "no such file": ("${S}/orders_2.csv", 3),
    "no such folder": ("${S}/x/y.csv", 3),
    "nothing matches": ("${S}/*.parquet", 3),
    "the file itself": ("data/${T}", 0),
    "as a pattern's end": ("data/*${T}", 3),
    "an address": ("s3://${T}/orders.parquet", 3),
    "listed twice": ("['${S}/orders_1.csv', '${S}/orders_1.csv']", 3),
    "damaged": ("${S}/../broken.parquet", 3),
}


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param(*v, id=n, marks=[pytest.mark.deep] if n == SLOW else [])
        for n, v in SPELT.items()
    ],
)
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["text", "json"])
def test_no_value_of_a_variable_is_told(
    segment: Segment, monkeypatch: pytest.MonkeyPatch, path: str, code: int, more: list[str]
) -> None:
    monkeypatch.setenv("S", f"data/{SECRET}")
    monkeypatch.setenv("T", SECRET)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_REGION", "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    files: dict[str, str | bytes] = {**shop("PATH"), "shop/data/broken.parquet": b"PAR1damagedPAR1"}
    rules = str(files["shop/personas.yaml"]).replace(
        "'PATH'", path if path[0] == "[" else f"'{path}'"
    )
    result = segment(
        "run", "-c", "shop/personas.yaml", *more, files={**files, "shop/personas.yaml": rules}
    )
    assert result.exit_code == code, result.err
    assert SECRET not in texts(result)
