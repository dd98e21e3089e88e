"""The proofs of benchmarks/proofs run: each with a handful of trials, so that none of them rots."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness import PATIENCE

PROOFS = Path(__file__).resolve().parents[2] / "benchmarks" / "proofs"
FEW = {
    "any_file": 12,
    "any_shop": 4,
    "lint_soundness": 20,
    "publication_deaths": 8,
    "random_plans": 5,
    "spellings": 400,
    "value_recovery": 1,
}


def test_every_proof_is_known_here() -> None:
    assert {p.stem for p in PROOFS.glob("*.py")} - {"proof"} == set(FEW)


@pytest.mark.deep
@pytest.mark.parametrize("name", FEW)
def test_a_proof_prints_one_line_of_figures(name: str) -> None:
    command = [sys.executable, f"{name}.py", "--n", str(FEW[name]), "--seed", "3"]
    done = subprocess.run(command, cwd=PROOFS, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    shape = rf"{name}: {FEW[name]} [a-z]+, seed 3: 0 wrong(, .+)*; [\d,]+ s, \d+ cores\n"
    assert re.fullmatch(shape, done.stdout), done.stdout


def test_a_proof_that_finds_something_wrong_ends_with_1(tmp_path: Path) -> None:
    script = tmp_path / "false.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(PROOFS)!r})\n"
        "from proof import Proof, main\n"
        'main(lambda n, seed: Proof(n, ["two is three"]), n=5, what="claims")\n'
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    begun, wrong = done.stdout.splitlines()
    assert begun.startswith("false: 5 claims, seed 1: 1 wrong; ")
    assert wrong == "  two is three"


ENDS = {
    signal.SIGTERM: (143, "for_ever: 5 claims, seed 1: ended by SIGTERM\n"),
    signal.SIGKILL: (-9, "for_ever: 5 claims, seed 1: "),
}


@pytest.mark.parametrize(("sent", "ending"), ENDS.items(), ids=lambda s: getattr(s, "name", ""))
def test_a_proof_that_is_ended_has_begun_its_line(
    tmp_path: Path, sent: signal.Signals, ending: tuple[int, str]
) -> None:
    """A run in the background once ended without a word: nobody could tell how far it had come."""
    script = tmp_path / "for_ever.py"
    script.write_text(
        f"import sys, time; sys.path.insert(0, {str(PROOFS)!r})\n"
        "from proof import Proof, main\n"
        "def prove(n, seed):\n    print('.', file=sys.stderr, flush=True)\n    time.sleep(600)\n"
        'main(prove, n=5, what="claims")\n'
    )
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGHUP)
        process.send_signal(sent)
        said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == ending
