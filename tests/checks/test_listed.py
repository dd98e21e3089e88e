"""The list of checks: what is written as a check is in it, once, and each is asked at its moment."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from segmentation.checks import moments, results
from segmentation.checks.listed import CHECKS, Check

MOMENTS = {"AfterScan", "AfterAllocation", "BeforePublication"}


def written(repo: Path) -> set[str]:
    """Every public function of the checks that takes a moment, and nothing else."""
    return {
        f"{'.'.join(path.relative_to(repo).with_suffix('').parts).removesuffix('.__init__')}.{node.name}"
        for path in (repo / "segmentation/checks").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if [ast.unparse(a.annotation) for a in node.args.args if a.annotation]
        in [[m] for m in MOMENTS]
    }


def test_what_is_written_as_a_check_is_in_the_list_once(repo: Path) -> None:
    listed = [f"{check.find.__module__}.{check.find.__name__}" for check in CHECKS]
    assert len(listed) == len({*listed})
    assert {*listed} == written(repo)


def test_the_moments_of_checks_are_those_of_a_run() -> None:
    assert {check.when for check in CHECKS} == {getattr(moments, name) for name in MOMENTS}


def test_a_check_cannot_be_asked_before_what_it_looks_at_is_known() -> None:
    with pytest.raises(TypeError, match="looks at AfterAllocation, not AfterScan"):
        Check(moments.AfterScan, results.empty_personas)
