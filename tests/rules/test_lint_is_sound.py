"""Whoever lint says cannot exist does not: random rules against random customers.

The customers are plain dictionaries, and an evaluator of a few lines says who meets what, so the
solver is held against something that shares none of its code.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from drawing import drawn
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from segmentation.messages.errors import RulesError
from segmentation.rules.conditions import All, AnyOf, Compare, Condition, InPersona, Not
from segmentation.rules.dimensions.grid import Grid
from segmentation.rules.dimensions.ladder import Ladder
from segmentation.rules.lint.solve import Patience, patience, possible
from segmentation.rules.measures import Measure
from segmentation.rules.reading.reader import parse_rules
from segmentation.rules.ruleset import Rules
from segmentation.rules.yaml import Document

Customer = dict[Any, Any]

# --- customers ----------------------------------------------------------------------------------

DAYS = (3, 20, 50)  # windows of `did`
SAID = (("true", "yes", "y", "t", "1", "1.0"), ("false", "no", "n", "f", "0", "0.0"))
#: numbers, days and neither, as a column of texts may hold them
ENDS = ("5", "7.0", "2026-01-10", "2026-01-11 08:30", "2026-01-12", "soon")
OPTED = ("yes", "No ", "NO", "n", "f", "F", "T", "y", "0", "1", "false", "x", "2")


#: made of few letters, so that parts meet; with letters that fold to others and to several
STREETS = st.text(st.sampled_from("aAsSßb"), min_size=1, max_size=5)


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    recency = draw(st.integers(0, 6))
    visits = draw(st.lists(st.integers(0, 60), max_size=4))  # days ago
    share = st.one_of(st.none(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
    return {
        "frequency": draw(st.integers(1, 5)),
        "recency_days": recency,
        "longevity_days": recency + draw(st.integers(0, 4)),
        "monetary": draw(st.sampled_from([-1.5, 0, 1, 2, 2.5, 4])),
        "discount_share": draw(share),
        "gender": draw(st.sampled_from([None, "male", "female", "x", "Male", "FEMALE"])),
        "street": draw(st.none() | STREETS),
        "age": draw(st.sampled_from([None, "1", "2", "2.5", "3", "old"])),
        "consent": draw(st.sampled_from([None, True, False])),
        "opted": draw(st.sampled_from([None, *OPTED])),
        "ends": draw(st.sampled_from([None, *ENDS])),
        **{f"browse {d}": sum(v < d for v in visits) for d in DAYS},
    }


def value(customer: Customer, field: str | Measure, wanted: object) -> Any:
    """A value as the engine compares it with what is wanted."""
    if isinstance(field, Measure):
        count = customer[f"browse {field.window.oldest.count}"]  # type: ignore[union-attr]
        return count if field.aggregate == "count" else count > 0
    found = customer[field]
    if field == "age" and type(wanted) in (int, float) and found is not None:  # not `missing: true`
        return None if found == "old" else float(found)
    return found


def meets(customer: Customer, everyone: list[Customer], condition: Condition, rules: Rules) -> bool:
    again = lambda c: meets(customer, everyone, c, rules)  # noqa: E731 - the same customer again
    match condition:
        case All(parts):
            return all(map(again, parts))
        case AnyOf(parts):
            return any(map(again, parts))
        case Not(part):
            return not again(part)
        case InPersona(name):
            return again(rules.personas[name].match)
        case Compare(field) if field in rules.dimensions:
            return compare(label(customer, everyone, str(field), rules), condition)
        case Compare(field, "top_percent" | "bottom_percent", percent, among):
            group = [c for c in everyone if among is None or meets(c, everyone, among, rules)]
            top = condition.operator == "top_percent"
            values = sorted((c[field] for c in group if c[field] is not None), reverse=top)
            if not values or customer[field] is None or (among is not None and not again(among)):
                return False
            cut = values[max(math.ceil(round(len(values) * float(str(percent)) / 100, 9)), 1) - 1]
            return bool(customer[field] >= cut if top else customer[field] <= cut)
        case Compare(field, _, wanted):
            if field == "opted":
                return opted(customer["opted"], condition)
            if field == "ends":
                return ends(customer["ends"], condition)
            first = wanted[0] if isinstance(wanted, tuple) else wanted
            return compare(value(customer, field, first), condition)


PARTS = {
    "contains": lambda found, part: part in found,
    "starts_with": lambda found, part: found[: len(part)] == part,
    "ends_with": lambda found, part: found[-len(part) :] == part,
}


def alike(cell: str, wanted: Any) -> bool:
    """Whether a cell of `opted` is what a rule wants."""
    word, group = cell.strip().lower(), None
    if isinstance(wanted, str):
        sign = wanted.lower()
        group = next((g for g in SAID if sign in g or sign == ("on", "off")[SAID.index(g)]), None)
        apart = {word, sign} in ({"f", "n"}, {"t", "y"})
        return cell == wanted or (group is not None and word in group and not apart)
    if wanted in (0, 1):
        group = SAID[0 if wanted else 1]
    number = float(cell) if cell.strip().isdigit() else None
    return (group is not None and word in group) or (
        not isinstance(wanted, bool) and number == wanted
    )


def opted(found: str | None, test: Compare) -> bool:
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.operator in ("is", "is_not", "none_of"):
        same = found is not None and any(alike(found, w) for w in wanted)
        return same == (test.operator == "is")
    if test.operator == "missing":
        return (found is None) == test.value
    if test.operator in PARTS:
        return found is not None and compare(found, test)
    number = float(found) if found is not None and found.strip().isdigit() else None
    return number is not None and compare(number, test)


def ends(found: str | None, test: Compare) -> bool:
    """A number meets numbers, a day days; what a cell cannot be read as is as good as missing."""
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.operator == "missing":
        return compare(found, test)
    if test.operator in ("is", "is_not", "none_of"):
        same = any(w in (found, read(found, w)) for w in wanted)
        return same == (test.operator == "is")
    return compare(read(found, wanted[0]), test)


def read(found: str | None, wanted: Any) -> Any:
    """A cell as what is wanted is compared with it, None where it is no such thing."""
    if found is None or found == "soon":
        return None
    is_day = found.startswith("2026")
    if isinstance(wanted, str):
        return found[:10] if is_day and wanted.startswith("2026") else None
    return None if is_day else float(found)


def compare(found: Any, test: Compare) -> bool:
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    if test.operator == "missing":
        return (found is None) == test.value
    if test.operator in ("is_not", "none_of"):
        return found not in wanted
    if found is None:
        return False
    if test.operator in PARTS:
        folded = str.casefold if test.ignore_case else str
        return any(PARTS[test.operator](folded(found), folded(str(w))) for w in wanted)
    tests = {
        "is": lambda: found in wanted,
        "at_least": lambda: found >= wanted[0],
        "at_most": lambda: found <= wanted[0],
        "more_than": lambda: found > wanted[0],
        "less_than": lambda: found < wanted[0],
        "between": lambda: wanted[0] <= found <= wanted[1],
    }
    return bool(tests[test.operator]())


def label(customer: Customer, everyone: list[Customer], name: str, rules: Rules) -> str:
    dimension = rules.dimensions[name]
    if isinstance(dimension, Grid):
        here = (
            label(customer, everyone, dimension.row, rules),
            label(customer, everyone, dimension.column, rules),
        )
        return next(found for row, column, found in dimension.cells if (row, column) == here)
    assert isinstance(dimension, Ladder)
    return next(n for n, c in dimension.rungs if meets(customer, everyone, c, rules))


# --- rules --------------------------------------------------------------------------------------

NUMBERS = st.integers(-1, 6)
BOUNDS = ("at_least", "at_most", "more_than", "less_than")
FEW = st.sampled_from([0.25, 0.5, 0.75])


def bounded(name: str, numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    between = st.lists(numbers, min_size=2, max_size=2).map(sorted).map(lambda v: {"between": v})
    one = st.builds(lambda o, n: {o: n}, st.sampled_from(BOUNDS), numbers)
    listed = st.lists(numbers, min_size=1, max_size=3)
    negated = listed.map(lambda v: {"is_not": v})
    missing = st.booleans().map(lambda v: {"missing": v})
    return st.one_of(one, between, listed, negated, missing).map(lambda v: {name: v})


def ranked() -> st.SearchStrategy[Any]:
    percent = st.sampled_from([10, 20, 50, 100])
    among = st.sampled_from([None, {"frequency": {"at_most": 2}}])
    return st.builds(
        lambda o, p, a: {"monetary": {o: p, **({} if a is None else {"among": a})}},
        st.sampled_from(["top_percent", "bottom_percent"]),
        percent,
        among,
    )


def texts(name: str, values: list[str]) -> st.SearchStrategy[Any]:
    one = st.sampled_from(values)
    some = one | st.lists(one, min_size=1, max_size=2)
    whole = st.builds(lambda o, v: {name: {o: v}}, st.sampled_from(["is_not", "is"]), one)
    parts = st.builds(
        lambda o, v, i: {name: {o: v, **({"ignore_case": i} if i else {})}},
        st.sampled_from(sorted(PARTS)),
        some,
        st.booleans(),
    )
    return st.one_of(parts, parts, whole, some.map(lambda v: {name: v}))


def browsed() -> st.SearchStrategy[Any]:
    within = st.sampled_from([f"{d}d" for d in DAYS])
    plain = st.builds(
        lambda w, k: {k: {"event": "browse", "within": w}},
        within,
        st.sampled_from(["did", "did_not"]),
    )
    times = st.builds(
        lambda w, o, n: {"did": {"event": "browse", "within": w, "times": {o: n}}},
        within,
        st.sampled_from(BOUNDS),
        st.integers(0, 3),
    )
    return st.one_of(plain, times)


SPELT = ["a", "A", "s", "SS", "ß", "as", "sA", "aß", "b"]
LEAVES = st.one_of(
    bounded("frequency", NUMBERS),
    bounded("recency_days", NUMBERS),
    bounded("longevity_days", NUMBERS),
    bounded("monetary", st.sampled_from([-1.5, 0, 2, 2.5, 4])),
    bounded("discount_share", FEW),
    bounded("age", st.sampled_from([1, 2, 2.5, 3])),
    texts("age", ["1", "2", "old", "o", "2.5"]),
    texts("gender", ["male", "female", "fe", "m", "MALE", "e"]),
    texts("street", SPELT),
    ranked(),
    browsed(),
    st.booleans().map(lambda v: {"consent": v}),
    st.booleans().map(lambda v: {"consent": {"is_not": v}}),
)


def conditions(*more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.one_of(LEAVES, *more),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda v: {"all": v}),
            st.lists(inner, min_size=1, max_size=3).map(lambda v: {"any": v}),
            inner.map(lambda v: {"not": v}),
        ),
        max_leaves=6,
    )


def labels(name: str, *values: str) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(
        lambda v: {name: v}
    )


@st.composite
def files(draw: st.DrawFn) -> Any:
    """A file: a dimension of three rungs, another of two, the two crossed, and three personas."""
    rungs = [{n: draw(conditions())} for n in ("a", "b")]
    other = [{"c": draw(conditions(labels("d", "a", "b", "z")))}, {"y": "otherwise"}]
    crossed = {
        "grid": ["d", "e"],
        "columns": ["c", "y"],
        "rows": {"a": ["1", "2"], "b": ["3", "2"], "z": ["4", "4"]},
    }
    some = (labels("d", "a", "b", "z"), labels("e", "c", "y"), labels("f", "1", "2", "3", "4"))
    first = draw(conditions(*some))
    second = draw(conditions(*some, st.just({"persona": "p"})))
    third = draw(
        conditions(st.just({"persona": "p"}), st.just({"persona": "q"}), labels("e", "c", "y"))
    )
    return {
        "version": 1,
        "dimensions": {"d": [*rungs, {"z": "otherwise"}], "e": other, "f": crossed},
        "personas": {"p": {"match": first}, "q": {"match": second}, "r": {"match": third}},
    }


def rules_of(data: Any) -> Rules:
    return parse_rules(Document("p.yaml", data, {(): (1, 1)}, {}))


@pytest.mark.deep
@drawn(200, without=list(HealthCheck))
@given(files(), st.lists(customers(), min_size=1, max_size=12))
def test_who_lint_calls_impossible_does_not_exist(data: Any, everyone: list[Customer]) -> None:
    try:
        rules = rules_of(data)
    except RulesError:
        pytest.fail("the strategy writes rules that parse")
    claims = [p.match for p in rules.personas.values()]
    claims += [whole for d in rules.dimensions.values() for _, _, whole in d.claims()]
    claims += [Compare(n, "is", v) for n, d in rules.dimensions.items() for v in d.labels]
    members = [InPersona(n) for n in rules.personas]
    claims += [*members, *map(Not, members)]
    claims += [All((one, Not(other))) for one in members for other in members if one != other]
    with patience(Patience()):  # what was worked out for one claim is met again by the others
        wrong = [claim for claim in claims if not possible(rules, claim)]
    for claim in wrong:
        assert not [c for c in everyone if meets(c, everyone, claim, rules)]


ENDING = st.one_of(
    bounded("ends", st.sampled_from([5, 6, 7])),
    bounded("ends", st.sampled_from(["2026-01-10", "2026-01-11", "2026-01-12"])),
    st.lists(st.sampled_from([5, 7, "2026-01-10", "soon", "5"]), min_size=1, max_size=3).map(
        lambda v: {"ends": v}
    ),
)
WORDS = st.sampled_from(["no", "No", "off", "on", "yes", "n", "f", "x", "0", True, False, 0, 1, 2])
FLAGS = st.one_of(
    WORDS.map(lambda v: {"opted": v}),
    st.lists(WORDS, min_size=1, max_size=3, unique_by=str).map(lambda v: {"opted": {"none_of": v}}),
    texts("opted", ["no", "N", "o", "O"]),
    bounded("opted", st.sampled_from([0, 1, 2])),
)
FAMILIES = (
    ranked(),
    ENDING,
    FLAGS,
    browsed(),
    texts("street", SPELT),
    texts("gender", ["male", "fe", "M", "LE", "e"]),
    texts("age", ["1", "2", "old", "o", "2.5"]),
    bounded("age", st.sampled_from([1, 2, 2.5])),
    bounded("monetary", st.sampled_from([-1.5, 0, 2, 2.5, 4])),
)


def about_one_thing(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    signed = leaves | leaves.map(lambda v: {"not": v})
    return st.lists(signed, min_size=2, max_size=3).map(lambda v: {"all": v})


@pytest.mark.deep
@drawn(600)
@given(st.one_of(*map(about_one_thing, FAMILIES)), st.lists(customers(), min_size=3, max_size=12))
def test_who_cannot_be_for_one_feature_does_not_exist(match: Any, everyone: list[Customer]) -> None:
    rules = rules_of({"version": 1, "personas": {"p": {"match": match}}})
    condition = rules.personas["p"].match
    found = [c for c in everyone if meets(c, everyone, condition, rules)]
    assert not found or possible(rules, condition)


NEVER_BOTH = {
    "bounds": ({"at_least": 5}, {"less_than": "2026-02-01"}),
    "values": (7, ["2026-01-10", "2026-01-11"]),
    "a value and bounds": ({"is": [5, 7]}, {"between": ["2026-01-10", "2026-01-11"]}),
}
MAY_BE_BOTH = {
    "one of the values is a text": ({"at_least": 5}, ["2026-01-10", "5"]),
    "one is denied": ({"at_least": 5}, {"is_not": "2026-01-10"}),
    "numbers": ({"at_least": 5}, {"less_than": 7}),
}


@pytest.mark.parametrize(
    ("one", "other", "can"),
    [(*row, False) for row in NEVER_BOTH.values()] + [(*row, True) for row in MAY_BE_BOTH.values()],
    ids=[*NEVER_BOTH, *MAY_BE_BOTH],
)
def test_no_value_is_a_number_and_a_day(one: Any, other: Any, can: bool) -> None:
    match = {"all": [{"ends": one}, {"ends": other}]}
    rules = rules_of({"version": 1, "personas": {"p": {"match": match}}})
    assert possible(rules, rules.personas["p"].match) == can


SURE = st.one_of(
    bounded("frequency", NUMBERS),
    bounded("recency_days", NUMBERS),
    bounded("longevity_days", NUMBERS),
)
EVERY = [
    {"frequency": f, "recency_days": r, "longevity_days": r + more}
    for f in range(1, 9)
    for r in range(9)
    for more in range(9)
]


def sure(*more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.one_of(SURE, *more),
        lambda i: st.one_of(
            st.lists(i, min_size=1, max_size=3).map(lambda v: {"all": v}),
            st.lists(i, min_size=1, max_size=3).map(lambda v: {"any": v}),
            i.map(lambda v: {"not": v}),
        ),
        max_leaves=6,
    )


@drawn(200)
@given(sure())
def test_of_whole_numbers_lint_finds_all_that_is_impossible(match: Any) -> None:
    rules = rules_of({"version": 1, "personas": {"p": {"match": match}}})
    condition = rules.personas["p"].match
    assert possible(rules, condition) == any(meets(c, EVERY, condition, rules) for c in EVERY)


P, Q = st.just({"persona": "p"}), st.just({"persona": "q"})


@pytest.mark.deep
@drawn(100)
@given(sure(), sure(P, P), sure(P, Q, Q))
def test_of_personas_in_one_another_lint_finds_all_that_is_impossible(
    p: Any, q: Any, r: Any
) -> None:
    personas = {n: {"match": m} for n, m in (("p", p), ("q", q), ("r", r))}
    rules = rules_of({"version": 1, "personas": personas})
    members = [InPersona(n) for n in personas]
    asked = [*members, *map(Not, members), All((members[2], Not(members[0])))]
    with patience(Patience()):
        found = [possible(rules, one) for one in asked]
    assert found == [any(meets(c, EVERY, one, rules) for c in EVERY) for one in asked]


SHORT = ["".join(letters) for n in range(5) for letters in itertools.product("aAb", repeat=n)]


def of_parts(operators: list[str], ignore_case: st.SearchStrategy[bool]) -> st.SearchStrategy[Any]:
    """Up to four comparisons of one text with parts of it, asserted or denied."""
    one = st.sampled_from(["a", "A", "b", "aA", "ab", "bA"])
    said = st.builds(
        lambda o, v, i: {"city": {o: v, **({"ignore_case": i} if i else {})}},
        st.sampled_from(operators),
        one | st.lists(one, min_size=1, max_size=2),
        ignore_case,
    )
    signed = said | said.map(lambda v: {"not": v})
    return st.lists(signed, min_size=1, max_size=4).map(lambda v: {"all": v})


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("operator", ["starts_with", "ends_with"])
@pytest.mark.parametrize("ignored", [False, True], ids=["as written", "whatever the case"])
@drawn(100)
@given(data=st.data())
def test_of_beginnings_and_of_endings_lint_finds_all_that_is_impossible(
    operator: str, ignored: bool, data: st.DataObject
) -> None:
    match = data.draw(of_parts([operator], st.just(ignored)))
    rules = rules_of({"version": 1, "personas": {"p": {"match": match}}})
    condition = rules.personas["p"].match
    everyone = [{"city": text} for text in [None, *SHORT, "zz"]]
    assert possible(rules, condition) == any(meets(c, [], condition, rules) for c in everyone)
