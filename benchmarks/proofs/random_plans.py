"""However rows are taken up, features are the same: random plans on random tables, each in two ways.

Measures, tables and ways are those of tests/measures/test_speed_paths.py. A plan is a few measures of
one random set of lines and events; what folding by groups of Polars says (`dense` off, the date
known) is held against one other way, drawn at random.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from proof import Proof, main, of_tests

ways = of_tests("measures/test_speed_paths.py")
MEASURES = {
    **ways.BUILT_IN,
    **ways.OF_LINES,
    **ways.OF_EVENTS,
    **ways.ANCHORED,
    **ways.GRAINS,
}
IDS = [ways.pl.Int64, ways.pl.String]


def prove(n: int, number: int) -> Proof:
    """Of n random plans, all say the same in another way."""
    tried, wrong = 0, list[str]()
    names = st.sets(st.sampled_from(sorted(MEASURES)), min_size=1, max_size=10)
    others = st.sampled_from([way for way in ways.WAYS if way != "groups"])

    @seed(number)
    @settings(
        max_examples=n,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(names, others, st.sampled_from(IDS), ways.LINES, ways.HAPPENED)
    def plans(names: set[str], way: str, ids: object, lines: object, events: object) -> None:
        nonlocal tried
        tried += 1
        wanted = {name: MEASURES[name] for name in sorted(names)}
        found = ways.tables(lines, events, ids)
        plain = ways.measured(found, wanted, **ways.WAYS["groups"])
        other = ways.measured(found, wanted, **ways.WAYS[way])
        try:
            assert_frame_equal(other, plain)
        except AssertionError as error:
            wrong.append(f"{way}: {sorted(names)} of {lines} and {events}: {error}")

    plans()
    return Proof(tried, wrong)


if __name__ == "__main__":
    main(prove, n=10_000, what="plans")
