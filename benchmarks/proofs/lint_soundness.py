"""Whoever the lint says cannot exist does not: random rules against random customers.

The rules and the evaluator, which shares no code with the lint, are those of
tests/rules/test_lint_is_sound.py. A pair is a random file of rules and a random set of customers.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from proof import Proof, main, of_tests

oracle = of_tests("rules/test_lint_is_sound.py")


def prove(n: int, number: int) -> Proof:
    """Of n pairs, no customer meets a condition that the lint calls impossible."""
    tried, wrong, impossible = 0, [], 0
    about = [oracle.about_one_thing(family) for family in oracle.FAMILIES]
    several = oracle.conditions()

    @seed(number)
    @settings(
        max_examples=n,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(several, *about), st.lists(oracle.customers(), min_size=3, max_size=12))
    def pairs(match: object, everyone: list[object]) -> None:
        nonlocal tried, impossible
        tried += 1
        rules = oracle.rules_of({"version": 1, "personas": {"p": {"match": match}}})
        condition = rules.personas["p"].match
        if oracle.possible(rules, condition):
            return
        impossible += 1
        found = [c for c in everyone if oracle.meets(c, everyone, condition, rules)]
        wrong.extend(f"{match} is called impossible, and {one} meets it" for one in found[:1])

    pairs()
    return Proof(tried, wrong, {"called impossible": f"{impossible:,}"})


if __name__ == "__main__":
    main(prove, n=50_000, what="pairs")
