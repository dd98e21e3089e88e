"""Each operator by one row: what it means to the engine, to one value, to lint, in words and in the schema."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import jsonschema
import polars as pl
import pytest
from drawing import drawn
from hypothesis import given
from hypothesis import strategies as st

from segmentation.comparing.comparisons import READ_AS, Column, compare
from segmentation.measures.each_value import met_of_each
from segmentation.rules import operators
from segmentation.rules.catalogue import Kind
from segmentation.rules.conditions import All, Compare, Not
from segmentation.rules.lint.solve import possible
from segmentation.rules.operator_record import Family, Operator, total
from segmentation.rules.operators import AT_LEAST, CONTAINS, IS, MISSING, OPERATORS, TOP_PERCENT
from segmentation.rules.prose import prose
from segmentation.rules.reading.comparisons import MODIFIERS, taken
from segmentation.rules.reading.conditions import Parser
from segmentation.rules.schema.document import json_schema
from segmentation.rules.tables import by_name
from segmentation.rules.yaml import Document, loads

Cell = str | float | None
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Row:
    """What is written after an operator, who meets it, who does not, how it reads, what it refuses.

    Ranks are told by customers' values against a fitted cut, which stands as the value.
    """

    written: Any
    met: tuple[Cell, ...]
    unmet: tuple[Cell, ...]
    words: str
    refused: Any


ROWS = {
    "is": Row(["DE", "AT"], ("DE", "AT"), ("de", "D", None), "x is DE, AT", []),
    "is_not": Row("DE", ("de", "D", None), ("DE",), "x is not DE", {}),
    "none_of": Row(["DE", "AT"], ("CH", None), ("DE", "AT"), "x is none of DE, AT", "DE"),
    "at_least": Row(2, (2, 2.5), (1.5, None), "x ≥ 2", "two"),
    "at_most": Row(2, (2, 1.5), (2.5, None), "x ≤ 2", [2]),
    "more_than": Row(2, (2.5,), (2, 1.5, None), "x > 2", True),
    "less_than": Row(2, (1.5,), (2, 2.5, None), "x < 2", "2"),
    "between": Row([2, 3], (2, 2.5, 3), (1.5, 3.5, None), "x from 2 to 3", [2]),
    "contains": Row(
        ["a.b", "c"], ("a.b", "xa.by", "c"), ("axb", "A.B", None), "x contains a.b, c", ""
    ),
    "starts_with": Row("a.", ("a.", "a.b"), ("ab", "xa.", "A.", None), "x starts with a.", 5),
    "ends_with": Row(["$", ".c"], ("a$", ".c"), ("$a", ".C", "c", None), "x ends with $, .c", [[]]),
    "missing": Row(True, (None,), ("", "n/a"), "x is missing", "yes"),
    "top_percent": Row(20, (20, 21), (19.5, None), "x in the top 20 %", 0),
    "bottom_percent": Row(20, (20, 19), (20.5, None), "x in the bottom 20 %", 101),
}
SCHEMA = json_schema()
by_operator = pytest.mark.parametrize("name", OPERATORS)
of_one_value = pytest.mark.parametrize(
    "name", [o.name for o in OPERATORS.values() if o.family is not Family.RANK]
)


def test_every_operator_has_its_row() -> None:
    assert list(ROWS) == list(OPERATORS)


def parsed(comparison: Any) -> tuple[Compare, list[str]]:
    """A comparison of `x` and what is wrong with it."""
    parser = Parser(Document("p.yaml", {}, {(): (1, 1)}, {}))
    found = parser.condition({"x": comparison}, ())
    assert isinstance(found, Compare)
    return found, [problem.what for problem in parser.problems]


def comparison_of(name: str) -> Compare:
    found, wrong = parsed({name: ROWS[name].written})
    assert wrong == []
    return found


def column_of(cells: tuple[Cell, ...]) -> tuple[pl.DataFrame, Column]:
    is_text = any(isinstance(c, str) for c in cells)
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String if is_text else pl.Float64})
    return frame, Column(pl.col("x"), "text" if is_text else "number")


@by_operator
def test_the_engine_meets_whom_it_should(name: str) -> None:
    row = ROWS[name]
    frame, column = column_of((*row.met, *row.unmet))
    found = frame.select(compare(column, comparison_of(name))).to_series().to_list()
    assert found == [True] * len(row.met) + [False] * len(row.unmet)


@of_one_value
def test_one_plain_value_means_the_same(name: str) -> None:
    row, test = ROWS[name], comparison_of(name)
    assert [c for c in (*row.met, *row.unmet) if test.meets(c)] == list(row.met)


@of_one_value
def test_lint_takes_for_possible_what_one_value_meets_and_nothing_else(
    name: str, rules: Any
) -> None:
    row, test = ROWS[name], comparison_of(name)
    for cell in (*row.met, *row.unmet):
        given = (
            Compare("x", MISSING.name, value=True) if cell is None else Compare("x", IS.name, cell)
        )
        can = [possible(rules, All((given, told))) for told in (test, Not(test))]
        assert can == [cell in row.met, cell in row.unmet], cell


@by_operator
def test_it_reads_in_words(name: str) -> None:
    assert prose(comparison_of(name)) == ROWS[name].words


@by_operator
def test_what_it_refuses_the_schema_refuses_too(name: str) -> None:
    schema = {"$ref": "#/definitions/compared_any", "definitions": SCHEMA["definitions"]}
    fits = jsonschema.Draft7Validator(schema).is_valid
    assert (fits({name: ROWS[name].written}), fits({name: ROWS[name].refused})) == (True, False)
    assert parsed({name: ROWS[name].refused})[1] != []


@by_operator
def test_the_comparison_that_it_negates_is_true_where_it_is_not(name: str) -> None:
    op = OPERATORS[name]
    if op.negates is None:
        assert (op.met_by_missing(comparison_of(name).values)) == (op.family is Family.MISSING)
        return
    test, positive, row = comparison_of(name), OPERATORS[op.negates], ROWS[name]
    assert not any(positive.meets(cell, test.values) for cell in row.met)
    assert all(positive.meets(cell, test.values) for cell in row.unmet)


@pytest.fixture(scope="module")
def rules() -> Any:
    from segmentation.rules.reading.reader import parse_rules

    return parse_rules(Document("p.yaml", {"version": 1}, {(): (1, 1)}, {}))


# --- what a column holds, and what a rule asks for ------------------------------------------------

DAY, OTHER = date(2026, 1, 10), date(2026, 1, 11)
#: columns of each kind, and for each comparison who meets it
TYPED: dict[Kind, tuple[list[Any], dict[str, list[bool]]]] = {
    "number": (
        [7, 70, 0, 1, None],
        {
            "{at_least: 7}": [True, True, False, False, False],
            "{at_least: 2026-01-01}": [False] * 5,
            "{between: [2026-01-01, 2026-12-31]}": [False] * 5,
            "2026-01-10": [False] * 5,
            "{is_not: 2026-01-10}": [True] * 5,
            "'7'": [True, False, False, False, False],
            "[7, '70']": [True, True, False, False, False],
            "no": [False, False, True, False, False],
            "true": [False, False, False, True, False],
            "{contains: '7'}": [True, True, False, False, False],
        },
    ),
    "money": (
        [72500, 0, 10000, None],
        {
            "{at_least: 1}": [True, False, True, False],
            "{less_than: 2026-01-01}": [False] * 4,
            "7.25": [True, False, False, False],
            "[0, 7.25]": [True, True, False, False],
            "'72500'": [False] * 4,
            "{is_not: '7.25'}": [True] * 4,
            "{contains: '25'}": [False] * 4,
            "{contains: 'A', ignore_case: true}": [False] * 4,
            "yes": [False, False, True, False],
            "2026-01-10": [False] * 4,
        },
    ),
    "share": (
        [0.5, 1.0, None],
        {
            "{at_least: 0.5}": [True, True, False],
            "{at_most: 2026-01-01}": [False] * 3,
            "{starts_with: '0'}": [False] * 3,
            "'0.5'": [False] * 3,
        },
    ),
    "date": (
        [DAY, OTHER, date(1970, 1, 8), None],
        {
            "{at_least: 2026-01-11}": [False, True, False, False],
            "{at_least: 7}": [False] * 4,
            "7": [False] * 4,
            "{none_of: [7]}": [True] * 4,
            "[2026-01-10, 2026-01-11]": [True, True, False, False],
            "abc": [False] * 4,
            "no": [False] * 4,
            "{contains: '2026'}": [True, True, False, False],
        },
    ),
    "flag": (
        [True, False, None],
        {
            "{at_least: 1}": [False] * 3,
            "{at_most: 2026-01-01}": [False] * 3,
            "1": [True, False, False],
            "2": [False] * 3,
            "{is_not: 2}": [True] * 3,
            "no": [False, True, False],
            "2026-01-10": [False] * 3,
        },
    ),
    "text": (
        ["7", "2026-01-10 08:30", "x", "yes", None],
        {
            "{at_least: 5}": [True, False, False, False, False],
            "{less_than: 2027-01-01}": [False, True, False, False, False],
            "{at_least: 1}": [True, False, False, False, False],
            "1": [False, False, False, True, False],
        },
    ),
}
ASKED = [(kind, written) for kind, (_, rows) in TYPED.items() for written in rows]


@pytest.mark.parametrize(("kind", "written"), ASKED)
def test_a_column_meets_what_it_can_be_read_as(kind: Kind, written: str) -> None:
    """Whatever else is as good as missing, for `is` as for bounds; whoever asks each value alone sees the same."""
    cells, rows = TYPED[kind]
    test, wrong = parsed(loads(f"x: {written}", "p.yaml").data["x"])
    assert wrong == []
    frame, column = pl.DataFrame({"x": cells}), Column(pl.col("x"), kind)
    assert frame.select(x=compare(column, test))["x"].to_list() == rows[written]
    if test.op.family in (Family.SAME, Family.PART) and not test.op.negates:
        alone = met_of_each(frame.lazy(), column, test, test.values).collect().row(0)
        assert any(alone) == any(rows[written])


def test_every_kind_says_how_it_is_read_for_every_sort_of_value() -> None:
    assert {kind: set(read) for kind, read in READ_AS.items()} == {
        kind: {"number", "date", "text"} for kind in get_args(Kind)
    }
    assert set(TYPED) == set(READ_AS) == operators.ALL_KINDS


@pytest.mark.parametrize("value", [-0.0, 0.0])
def test_a_zero_is_a_no_whatever_its_sign(value: float) -> None:
    frame = pl.DataFrame({"x": [value, 1.0, 0.5]})
    found = frame.select(x=compare(Column(pl.col("x"), "number"), parsed("no")[0]))
    assert found["x"].to_list() == [True, False, False]


LARGE = 12345678901234567
NEIGHBOURS = [
    str(LARGE),
    f"{LARGE + 1}",
    f" +{LARGE}.0",
    f"00{LARGE}",
    f"{LARGE - 1}.5",
    "1e17",
    f"-{LARGE}",
    f"{LARGE}.5",
    f"-{LARGE}.5",
]
APART = {
    "is": (LARGE, [True, False, True, True, False, False, False, False, False]),
    "is_not": (LARGE, [False, True, False, False, True, True, True, True, True]),
    "at_least": (LARGE, [True, True, True, True, False, True, False, True, False]),
    "at_most": (LARGE, [True, False, True, True, True, False, True, False, True]),
    "more_than": (LARGE, [False, True, False, False, False, True, False, True, False]),
    "less_than": (LARGE + 1, [True, False, True, True, True, False, True, True, True]),
    "between": ([0.5, LARGE], [True, False, True, True, True, False, False, False, False]),
    "at_least, below zero": ({"at_least": -LARGE}, [True] * 8 + [False]),
    "less_than, below zero": ({"less_than": -LARGE}, [False] * 8 + [True]),
}


@pytest.mark.parametrize("name", APART)
def test_whole_numbers_beyond_what_floats_hold_do_not_meet_their_neighbours(name: str) -> None:
    value, met = APART[name]
    frame = pl.DataFrame({"x": NEIGHBOURS})
    test = parsed(value if isinstance(value, dict) else {name: value})[0]
    assert frame.select(x=compare(Column(pl.col("x"), "text"), test))["x"].to_list() == met


EDGES = [
    2**53 - 1,
    2**53,
    2**53 + 1,
    LARGE,
    LARGE + 1,
    2**63 - 1,
    1e17,
    10.0**40,
    10.0**45,
    -(2**53) - 1,
    -(10.0**40),
    5,
    0.5,
]
BOUNDS = ["at_least", "at_most", "more_than", "less_than", "is"]
HELD = {
    "texts": ("text", [*(f"{int(n)}" for n in EDGES if n != 0.5), "0.5", f"{LARGE}.75"], pl.String),
    "floats": ("number", [float(n) for n in EDGES], pl.Float64),
    "whole numbers": ("number", [int(n) for n in EDGES if abs(n) < 2**63], pl.Int64),
}


@pytest.mark.parametrize("name", HELD)
def test_what_lint_calls_impossible_of_large_numbers_no_column_meets(name: str, rules: Any) -> None:
    kind, cells, dtype = HELD[name]
    frame = pl.DataFrame({"x": cells}, schema={"x": dtype})
    tests = [Compare("x", o, n) for o in BOUNDS for n in EDGES]
    column = Column(pl.col("x"), kind)  # type: ignore[arg-type]  # a kind
    met = frame.select(compare(column, t).alias(str(i)) for i, t in enumerate(tests))
    for (i, one), (j, other) in itertools.combinations(enumerate(tests), 2):
        both = (met[str(i)] & met[str(j)]).any()
        assert not both or possible(rules, All((one, other))), (one, other)


PARTS = {
    "contains": ["xpartx", "nothing", "PART", None, "ab"],
    "starts_with": ["partx", "xpart", "Part", None, "abc"],
    "ends_with": ["xpart", "partx", "paRT", None, "cab"],
}


@pytest.mark.parametrize("ignore_case", [False, True], ids=["as written", "in any case"])
@pytest.mark.parametrize("name", PARTS)
def test_a_long_list_of_parts_is_met_by_whoever_has_one(name: str, ignore_case: bool) -> None:
    parts = ("part", "ab", *(f"{'é' * (i % 7)}{i}" for i in range(300)))
    test = Compare("x", name, parts, ignore_case=ignore_case)
    frame, column = column_of(tuple(PARTS[name]))
    found = frame.select(x=compare(column, test))["x"].to_list()
    assert found == [True, False, ignore_case, False, True]
    each = met_of_each(frame.lazy(), column, test, parts).collect().row(0)
    assert each == (True, True, *[False] * 300)


# --- whatever the case ---------------------------------------------------------------------------

CASELESS = {
    "capitals": ("contains", ["ltd", "GMBH"], ("X Ltd.", "y gmbh"), ("L.t.d", None)),
    "a whole text": ("starts_with", "Anna", ("ANNA", "anna@x.de"), ("Hanna",)),
    "an ending": ("ends_with", ".De", ("x.DE", ".de"), ("x.de.",)),
    "ß is ss, as a capital too": ("contains", "strasse", ("Hauptstraße 1", "STRAẞE"), ("Strase",)),
    "half of ß": ("ends_with", "S", ("Gruß",), ("Grub",)),
    "ligatures are their letters": ("starts_with", "FI", ("ﬁn", "fin"), ("ﬂ",)),
    "the dotted capital I keeps its dot": ("starts_with", "i̇", ("İzmir",), ("izmir", "Izmir")),
    "the dotless i is no i": ("contains", "i", ("I",), ("ı",)),
    "sigma within and at the end": ("starts_with", "ΑΣ", ("ΑΣΑ", "ας", "ασ"), ("α",)),
    "accents count": ("contains", "É", ("café",), ("cafe",)),
}


@pytest.mark.parametrize("name", CASELESS)
def test_with_ignore_case_engine_and_plain_value_find_the_same(name: str) -> None:
    operator, written, met, unmet = CASELESS[name]
    test, wrong = parsed({operator: written, "ignore_case": True})
    frame, column = column_of((*met, *unmet))
    found = frame.select(compare(column, test)).to_series().to_list()
    assert (wrong, found) == ([], [True] * len(met) + [False] * len(unmet))
    assert [c for c in (*met, *unmet) if test.meets(c)] == list(met)


TEXTS = st.text(st.sampled_from("aAbBsSßẞıİiIσςΣﬁﬂfF.") | st.characters(), min_size=1, max_size=4)
OF_PARTS = [o.name for o in OPERATORS.values() if o.family is Family.PART]


@pytest.mark.deep
@drawn(300)
@given(
    st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS, min_size=1, max_size=2), st.booleans()
)
def test_any_text_means_the_same_to_the_engine_and_alone(
    cells: list[str], parts: list[str], ignore_case: bool
) -> None:
    """Takes a second: in place of a row for each letter that folds to others or to another length."""
    frame, column = column_of(tuple(cells))
    tests = [Compare("x", o, tuple(parts), ignore_case=ignore_case) for o in OF_PARTS]
    found = frame.select(compare(column, t).alias(t.operator) for t in tests).to_dict(
        as_series=False
    )
    assert found == {t.operator: [t.meets(cell) for cell in cells] for t in tests}


def test_ignore_case_is_said_and_told_apart() -> None:
    plain, caseless = (
        parsed({"contains": "Ltd", **more})[0] for more in ({}, {"ignore_case": True})
    )
    assert (prose(caseless), plain == caseless) == ("x contains Ltd in any case", False)
    assert parsed({"contains": "Ltd", "ignore_case": False})[0] == plain


SPELT = "Whole texts are compared as they are written: list the spellings, {is: [ltd, Ltd, LTD]}."
TAKERS = "ignore_case goes with contains, starts_with or ends_with"
MISPLACED = {
    "beside is": ({"is": "a", "ignore_case": True}, f"{TAKERS}, not with is"),
    "beside both": (
        {"contains": "a", "is_not": "b", "ignore_case": True},
        f"{TAKERS}, not with is_not",
    ),
    "beside bounds": ({"at_least": 5, "ignore_case": True}, TAKERS),
    "alone": ({"ignore_case": True}, TAKERS),
    "no flag": (
        {"contains": "a", "ignore_case": "yes"},
        'ignore_case takes true or false, not "yes"',
    ),
    "no text in the list": (
        {"contains": ["a", 5]},
        "contains takes a text or a list of texts, not 5",
    ),
    "nothing in the list": ({"ends_with": []}, "an empty list names no value"),
}


@pytest.mark.parametrize("name", MISPLACED)
def test_a_misplaced_key_is_told_and_refused_by_the_schema(name: str) -> None:
    written, what = MISPLACED[name]
    parser = Parser(Document("p.yaml", {}, {(): (1, 1)}, {}))
    parser.condition({"x": written}, ())
    told = {problem.what: problem.mend for problem in parser.problems}
    assert what in told
    assert not what.startswith(TAKERS) or told[what] == SPELT
    schema = {"$ref": "#/definitions/compared_any", "definitions": SCHEMA["definitions"]}
    assert not jsonschema.Draft7Validator(schema).is_valid(written)


# --- what is forgotten fails at import -----------------------------------------------------------


@pytest.mark.parametrize("aspect", [f.name for f in fields(Operator)])
def test_an_operator_without_an_aspect_does_not_import(aspect: str) -> None:
    told = {f.name: getattr(IS, f.name) for f in fields(Operator) if f.name != aspect}
    with pytest.raises(TypeError, match=aspect):
        Operator(**told)


@pytest.mark.parametrize(
    ("operator", "aspects"),
    [
        (IS, {"ranges": None}),
        (AT_LEAST, {"some_share": None}),
        (CONTAINS, {"is_anywhere": None}),
        (TOP_PERCENT, {"ranks": None}),
        (MISSING, {"ranks": "top"}),
    ],
    ids=["numbers", "bounds", "part", "end", "another family's"],
)
def test_an_aspect_of_the_family_is_neither_missing_nor_of_another(
    operator: Operator, aspects: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=next(iter(aspects))):
        replace(operator, **aspects)


def test_a_table_that_forgets_a_family_does_not_import() -> None:
    with pytest.raises(TypeError, match="no row for RANK"):
        total({family: family.value for family in Family if family is not Family.RANK})


def test_a_comparison_has_no_operator_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="no operator at_lest"):
        Compare("frequency", "at_lest", 2)


# --- nobody else knows an operator by its name ---------------------------------------------------

#: words that are spelt like operators and are something else, by module
HOMONYMS = {
    ("segmentation/rules/sources.py", "at_most"): "a key of sources: how much may be rejected",
    ("segmentation/checks/cell_reading.py", "missing"): "a view of cells: given or missing",
    ("segmentation/checks/unreadable_values.py", "missing"): "a view of cells: given or missing",
    ("segmentation/checks/compared_values.py", "missing"): "a key of sources",
    ("segmentation/checks/doors.py", "missing"): "a key of sources",
    ("segmentation/checks/unread_cells.py", "missing"): "a key of sources",
    ("segmentation/customers/reasons.py", "is"): "a verb",
    ("segmentation/rules/cell_words.py", "missing"): "a word for no value in files",
    (
        "segmentation/rules/reading/sources.py",
        "missing",
    ): "a key of sources: texts that say nothing",
    ("segmentation/rules/reading/rows.py", "between"): "a key of rows: a stretch of time",
    (
        "segmentation/rules/dimensions/tiers.py",
        "at_least",
    ): "a key of cuts.json: the edges of tiers",
    ("segmentation/rules/dimensions/ladder.py", "contains"): "a keyword of JSON Schema",
}


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a module that are an operator's name; the verb in `agreeing(n, "is", "are")` is none."""
    tree = ast.parse(path.read_text())
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    verbs = {id(a) for c in calls if ast.unparse(c.func) == "agreeing" for a in c.args}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and id(node) not in verbs
            and node.value in list(OPERATORS)
        ):
            yield path.relative_to(ROOT).as_posix(), str(node.value)


def test_every_operator_that_is_made_is_listed() -> None:
    made = {one.name for one in vars(operators).values() if isinstance(one, Operator)}
    assert made == set(OPERATORS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"negates": "is"}, "cannot negate itself"), ({"ranges": None}, "do not agree")],
)
def test_an_operator_that_contradicts_itself_cannot_be_made(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        replace(OPERATORS["is"], **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"negates": "iz"}, "is_not negates iz, which is no operator"),
        ({"kinds": frozenset()}, "applies to nothing, which is no kind"),
        ({"kinds": frozenset({"text", "txt"})}, "applies to txt, which is no kind"),
    ],
    ids=["the negation of none", "of no kind", "of a misspelt kind"],
)
def test_an_operator_that_names_what_there_is_not_does_not_import(
    changes: dict[str, Any], said: str
) -> None:
    wrong = replace(OPERATORS["is_not"], **changes)
    with pytest.raises(TypeError, match=said):
        operators.table_of([wrong if o.name == "is_not" else o for o in OPERATORS.values()])


def test_a_key_beside_operators_without_its_row_or_its_operator_does_not_import() -> None:
    misspelt = replace(CONTAINS, beside=("ignore_cases",))
    with pytest.raises(TypeError, match="ignore_cases beside operators has no row of MODIFIERS"):
        taken(MODIFIERS, [*OPERATORS.values(), misspelt])
    with pytest.raises(TypeError, match="ignore_case beside operators has no operator"):
        taken(MODIFIERS, [TOP_PERCENT])


def test_two_operators_of_one_name_cannot_be_listed() -> None:
    with pytest.raises(TypeError, match="two rows of a table are called is"):
        by_name([OPERATORS["is"], replace(OPERATORS["is"])])


@pytest.mark.deep
def test_no_other_module_knows_an_operator_by_its_name() -> None:
    modules = {m for top in ("segmentation", "cli") for m in (ROOT / top).rglob("*.py")}
    own = ROOT / "segmentation/rules/operators.py"
    found = {one for module in modules - {own} for one in literals(module)}
    assert found == set(HOMONYMS)
