"""personas.yaml as plain data with positions: what is read, what is refused, and where."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import pytest
import yaml as pyyaml
from drawing import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.messages.errors import Problem, RulesError
from segmentation.rules.yaml import MOST_BYTES, MOST_FAULTS, load, loads
from segmentation.rules.yaml.builder import Builder
from segmentation.rules.yaml.faults import Fault
from segmentation.rules.yaml.passes import _in_passes, _whole, read


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(RulesError) as caught:
        loads(text, "p.yaml")
    return caught.value.problems


# --- what values mean ---------------------------------------------------------------------------

SCALARS = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
    "NO": "NO", "no": "no", "yes": "yes", "on": "on", "off": "off", "y": "y", "nUll": "nUll",
    "0": 0, "10": 10, "-3": -3, "+3": 3, "9223372036854775807": 2**63 - 1,
    "0.5": 0.5, ".5": 0.5, "5.": 5.0, "-0.25": -0.25, "1.0e+20": 1e20, "2.5E-3": 0.0025,
    "12:30:45": "12:30:45", "00:30": "00:30", "2026-11-21": "2026-11-21",
    "2026-11-21 08:26:00": "2026-11-21 08:26:00", "1,000": "1,000", "1.2.3": "1.2.3",
    "30d": "30d", "'010'": "010", '"1_000"': "1_000", "'true'": "true", "''": "", "inf": "inf",
    "nan": "nan", "_1": "_1", "=": "=", "<60 days": "<60 days", "Ünïcode ✓": "Ünïcode ✓",
    "'>= 60'": ">= 60", "# only a comment": None, "a # comment": "a", "85123A": "85123A",
}  # fmt: skip


@pytest.mark.parametrize(("spelled", "meant"), SCALARS.items(), ids=[f"`{k}`" for k in SCALARS])
def test_a_scalar_means_what_it_looks_like(spelled: str, meant: object) -> None:
    value = loads(f"a: {spelled}\n", "p.yaml").data["a"]
    assert (value, type(value)) == (meant, type(meant))


def test_keys_are_always_text() -> None:
    text = "1: a\n010: b\ntrue: c\nNO: d\n1.50: e\n~: f\n2026-11-21: g\n'': h\n'<<': i\n"
    keys = ["1", "010", "true", "NO", "1.50", "~", "2026-11-21", "", "<<"]
    assert list(loads(text, "p.yaml").data) == keys


def test_block_texts_keep_their_lines_or_fold() -> None:
    data = loads("a: |\n  x\n  y\nb: >\n  x\n  y\nc: >\n", "p.yaml").data
    assert data == {"a": "x\ny\n", "b": "x y\n", "c": ""}


def test_a_byte_order_mark_and_windows_lines_change_nothing() -> None:
    document = loads("\ufeffa: 1\r\nb: [x,\r\n  y]\r\n", "p.yaml")
    assert (document.data, str(document.where(("b", 1)))) == (
        {"a": 1, "b": ["x", "y"]},
        "p.yaml:3:3",
    )


# --- where values are ---------------------------------------------------------------------------

RULES = """\
version: 1
personas:
  vip:
    match: {recency_days: {at_most: 60}}
    did:
      - {event: browse}
      - event: login
    title:
"""


@pytest.mark.parametrize(
    ("path", "key", "where"),
    [
        pytest.param((), False, "p.yaml:1:1", id="whole"),
        pytest.param(("version",), False, "p.yaml:1:10", id="value"),
        pytest.param(("version",), True, "p.yaml:1:1", id="key"),
        pytest.param(("personas",), False, "p.yaml:3:3", id="block-mapping"),
        pytest.param(("personas", "vip", "match"), False, "p.yaml:4:12", id="flow-mapping"),
        pytest.param(("personas", "vip", "match", "recency_days"), True, "p.yaml:4:13", id="flow"),
        pytest.param(("personas", "vip", "did", 1, "event"), False, "p.yaml:7:16", id="in-list"),
        pytest.param(("personas", "vip", "did", 1), True, "p.yaml:7:9", id="item-has-no-key"),
        pytest.param(("personas", "vip", "title"), False, "p.yaml:8:11", id="empty-value"),
        pytest.param(("personas", "vip", "cap", "top"), False, "p.yaml:4:5", id="missing"),
        pytest.param(("personas", "vip", "cap"), True, "p.yaml:4:5", id="missing-key"),
        pytest.param(("nothing",), False, "p.yaml:1:1", id="missing-at-the-top"),
    ],
)
def test_where_names_line_and_column(path: tuple[str | int, ...], key: bool, where: str) -> None:
    assert str(loads(RULES, "p.yaml").where(path, key=key)) == where


def test_every_value_and_every_key_has_a_mark() -> None:
    document = loads("a: [1, {b: 2}]\n", "p.yaml")
    assert document.marks == {
        (): (1, 1),
        ("a",): (1, 4),
        ("a", 0): (1, 5),
        ("a", 1): (1, 8),
        ("a", 1, "b"): (1, 12),
    }
    assert document.key_marks == {("a",): (1, 1), ("a", 1, "b"): (1, 9)}


# --- what is refused ----------------------------------------------------------------------------

NEIGHBOURS = "indent with spaces, and line keys up with their neighbours"
COLONS = f'quote text that holds ": ", put a space after each colon; {NEIGHBOURS}'
TWICE = "inside '…' an apostrophe is written twice: 'it''s'"
ANCHORS = '"&" and "*" (anchors and aliases) are not used here'
OUT = "write the value out, name it under features:, or quote the text"
STARTER = "segment init DIR writes a starter"

REFUSED = {
    "leading-zero": ("a: 010", "1:4", "010 starts with a zero: is it a number or a name?", "quote it: '010'"),
    "leading-zero-float": ("a: -00.5", "1:4", "-00.5 starts with a zero: is it a number or a name?", "quote it: '-00.5'"),
    "underscore": ("a: 1_000", "1:4", "1_000 holds an underscore: is it a number or a name?", "write 1000, or quote it: '1_000'"),
    "exponent": ("a: 12E4", "1:4", "12E4 is a number to some readers and text to others", "write the number in full, or quote it: '12E4'"),
    "hexadecimal": ("a: 0x1F", "1:4", "0x1F is a number to some readers and text to others", "write the number in full, or quote it: '0x1F'"),
    "octal": ("a: 0o17", "1:4", "0o17 is a number to some readers and text to others", "write the number in full, or quote it: '0o17'"),
    "infinity": ("a: .inf", "1:4", ".inf is not a number here", "leave the bound out, or quote it: '.inf'"),
    "not-a-number": ("a: .NaN", "1:4", ".NaN is not a number here", "leave the bound out, or quote it: '.NaN'"),
    "int-too-large": ("a: 9223372036854775808", "1:4", "9223372036854775808 is too large for a number", "quote it if it is a name"),
    "float-too-large": ("a: 1.0e+999", "1:4", "1.0e+999 is too large for a number", "quote it if it is a name"),
    "many-digits": (f"a: {'9' * 5000}", "1:4", f"{'9' * 39}… is too large for a number", "quote it if it is a name"),
    "at-least": ("recency_days: >= 60", "1:15", '">= 60" is not how rules compare', "write {at_least: 60}"),
    "more-than": ("recency_days: > 60", "1:15", '"> 60" is not how rules compare', "write {more_than: 60}"),
    "more-than-glued": ("recency_days: >60", "1:15", '">60" is not how rules compare', "write {more_than: 60}"),
    "more-than-one-digit": ("a: >6\nb: 1", "1:4", '">6" is not how rules compare', "write {more_than: 6}"),
    "at-least-in-braces": ("{a: >= 60, b: 1}", "1:5", '">= 60" is not how rules compare', "write {at_least: 60}"),
    "at-most": ("a: <= 60", "1:4", '"<= 60" is not how rules compare', "write {at_most: 60}"),
    "less-than": ("a: <60", "1:4", '"<60" is not how rules compare', "write {less_than: 60}"),
    "at-least-sign": ("a: ≥ 60", "1:4", '"≥ 60" is not how rules compare', "write {at_least: 60}"),
    "equals": ("a: == 60", "1:4", '"== 60" is not how rules compare', "write {is: 60}"),
    "is-not": ("a: != 5", "1:4", 'tags are not used here: "!="', "write {is_not: 5}"),
    "is-not-glued": ("a: !=5", "1:4", 'tags are not used here: "!=5"', "write {is_not: 5}"),
    "duplicate": ("a: 1\nb: 2\n'a': 3", "3:1", 'the key "a" is here twice, first at 1:1', "keep one of the two, or give one another name"),
    "duplicate-number": ("{1: x, '1': y}", "1:8", 'the key "1" is here twice, first at 1:2', "keep one of the two, or give one another name"),
    "alias": ("a: *x", "1:4", f"{ANCHORS}: x", OUT),
    "anchor": ("a: &x 1", "1:4", f"{ANCHORS}: x", OUT),
    "merge": ("<<: {a: 1}", "1:1", 'merge keys ("<<") are not used here', "write the keys out"),
    "tag": ("a: !!python/name:os.system x", "1:4", 'tags are not used here: "!!python/name:os.system"', "remove it, or quote the text"),
    "tag-on-list": ("a: !x [1]", "1:4", 'tags are not used here: "!x"', "remove it, or quote the text"),
    "two-documents": ("a: 1\n---\nb: 2", "2:1", "a second document starts here", "keep one document in a file; remove '---'"),
    "template": ("a: {{ ds }}", "1:5", "a key must be a word", "quote text in brackets, such as '{{ date }}'"),
    "list-as-key": ("? [a]\n: b", "1:3", "a key must be a word", "quote text in brackets, such as '{{ date }}'"),
    "no-key": ("? # nothing\n: x", "1:2", "a key is missing before the colon", "write name: value"),
    "empty": ("", "1:1", "the file is empty", STARTER),
    "only-comments": ("# x\n", "2:1", "the file is empty", STARTER),
    "nul-escape": ('a: "x\\0"', "1:4", "an escape in quotes names no character", "use single quotes: '…'"),
    "surrogate": ('a: "\\ud800"', "1:4", "an escape in quotes names no character", "use single quotes: '…'"),
    "impossible-escape": ('a: "\\UFFFFFFFF"', "1:1", "there is an impossible escape or number below", ""),
    "control-character": ("a: 1\nb: \x1b[31m", "2:4", "there is a control character here", "remove it"),
    "escape-in-a-key": ('{"\\e[31m": 1, "\\e[31m": 2}', "1:15", r'the key "\x1b[31m" is here twice, first at 1:2', "keep one of the two, or give one another name"),
    "tab": ("a:\n\tb: 1", "2:1", "there is a tab here", NEIGHBOURS),
    "tab-after-colon": ("a: \tb", "1:4", "there is a tab here", NEIGHBOURS),
    "colon-in-text": ("a: b: c", "1:5", 'this ": " cannot stand here', COLONS),
    "no-space-after-colon": ("a:b\nc: 1", "2:2", 'this ": " cannot stand here', COLONS),
    "indented-too-far": ("a:\n  b: 1\n   c: 2", "3:5", 'this ": " cannot stand here', COLONS),
    "indented-too-little": ("a:\n    b: 1\n  c: 2", "3:3", "this does not line up with what stands above", NEIGHBOURS),
    "list-after-key": ("a: - b", "1:4", "a list cannot start on the line of its key", 'put each "- item" on a line of its own, or write [a, b]'),
    "open-brace": ("a: {b: 1\nc: 2", "1:4", 'the "{" opened here is not closed, or misses a comma', "write {a: 1, b: 2}"),
    "open-bracket": ("a: [1, 2\nb: 3", "1:4", 'the "[" opened here is not closed, or misses a comma', "write [a, b]"),
    "open-quote": ("a: 'x\nb: 1", "1:4", "the quote opened here is not closed", TWICE),
    "apostrophe": ("a: 'it's'", "1:8", "there is text after a closing quote or bracket", f"quote the whole value; {TWICE}"),
    "backslash": ('a: "\\d"', "1:6", 'a backslash in "…" starts an escape', "use single quotes: '…'"),
    "no-colon": ("a: 1\nb\nc: 2", "2:1", 'this is neither "key: value" nor "- item"', "add a colon with a space after it"),
    "percent": ("a: %x", "1:4", "a value cannot start with this character", "quote it: '…'"),
    "star": ("a: * b", "1:4", 'a value cannot start with "*"', "quote it: '*…'"),
    "folded-text": ("a: > some text", "1:4", 'text cannot follow ">" or "|" on its line', "put it on the lines below, or quote it"),
    "stray-bracket": ("a: ]", "1:4", "a value is missing before this", "write the value, or quote the text"),
    "after-the-end": ("a: 1\n...\nb: 2", "3:1", "this belongs to nothing above", NEIGHBOURS),
    "another-yaml": ("%YAML 2.0\n---\na: 1", "1:1", "this is not YAML: found incompatible YAML document (version 1.* is required)", ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "at", "what", "mend"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_says_what_where_and_how_to_mend(
    text: str, at: str, what: str, mend: str
) -> None:
    assert [(p.what, str(p.where), p.mend) for p in problems(text)] == [
        (what, f"p.yaml:{at}", mend)
    ]


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = """\
a: >= 60
b: 010
c: {d: > 5, e: <= 3}
b: [*x, !y z]
f: {g: 1
"""
    found = [(str(p.where), p.mend) for p in problems(text)]
    assert found == [
        ("p.yaml:1:4", "write {at_least: 60}"),
        ("p.yaml:2:4", "quote it: '010'"),
        ("p.yaml:3:8", "write {more_than: 5}"),
        ("p.yaml:3:16", "write {at_most: 3}"),
        ("p.yaml:4:1", "keep one of the two, or give one another name"),
        ("p.yaml:4:5", OUT),
        ("p.yaml:4:9", "remove it, or quote the text"),
        ("p.yaml:5:4", "write {a: 1, b: 2}"),
    ]


# --- hostile files ------------------------------------------------------------------------------

BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)
HOSTILE = {
    "alias-bomb": (BOMB, f"p.yaml:1:4: {ANCHORS}: a"),
    "brackets": ("[" * 100_000, "p.yaml:1:51: is nested deeper than 50 levels"),
    "braces": ("{a: " * 100_000, "p.yaml:1:201: is nested deeper than 50 levels"),
    "braces-as-keys": ("{" * 100_000, "p.yaml:1:2: a key must be a word"),
    "dashes": ("- " * 100_000, "p.yaml:1:101: is nested deeper than 50 levels"),
    "questions": ("? " * 100_000, "p.yaml:1:3: a key must be a word"),
    "values": ("- x\n" * 200_000, "p.yaml:100000:3: holds more than 100,000 values"),
    "keys": ("".join(f"k{i}:\n" for i in range(60_000)), "holds more than 100,000 values"),
    "comparisons": ("a: >= 1\n" * 100_000, "p.yaml:1:4:"),
    "duplicates": ("a: 1\n" * 100_000, "p.yaml:2:1:"),
    "too-large": ("#" * (MOST_BYTES + 1), "p.yaml: is larger than 1 MiB"),
    "too-large-in-bytes": ("ü" * (MOST_BYTES // 2 + 1), "p.yaml: is larger than 1 MiB"),
}


STEPS_PER_SIGN = 50  # calls of Python, PyYAML's included; the most that any of these takes is 31


@pytest.mark.sampled(every=12)
@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_soon_and_briefly(text: str, said: str) -> None:
    steps = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal steps
        steps += event == "call"

    sys.setprofile(count)
    try:
        found = problems(text)
    finally:
        sys.setprofile(None)
    assert said in "\n".join(map(str, found))
    assert len(found) <= MOST_FAULTS + 1
    assert steps <= STEPS_PER_SIGN * len(text)  # quadratic work would take a thousand times as many


def test_fifty_levels_are_enough_and_allowed() -> None:
    assert problems("[" * 51 + "]" * 51)
    assert loads("[" * 50 + "]" * 50, "p.yaml").marks[(0,) * 49] == (1, 50)


@pytest.mark.deep
def test_a_file_of_one_mebibyte_is_read() -> None:
    text = "".join(
        f"- {{name: a rather long persona name {i:06}, at_most: {i}}}\n" for i in range(17_000)
    )
    document = loads(text.ljust(MOST_BYTES, "#"), "p.yaml")
    assert document.data[-1] == {"name": "a rather long persona name 016999", "at_most": 16_999}


# --- two parsers --------------------------------------------------------------------------------

#: what libyaml takes, and PyYAML does not or puts elsewhere
READ_DIFFERENTLY = {
    "a question mark in braces": "{a?: 1}",
    "a question mark in brackets": "[a, b?]",
    "a tab behind a colon": "a:\t1",
    "a tab before a comment": "a: 1\t# b",
    "nothing in braces": "{a: , b: 1}",
    "nothing behind a key": "a:\nb: 1",
    "nothing folded": "a: >\nb: 1",
    "a comparison": "a: >6\nb: 1",
    "a line of another kind": "a: 'b\u2028c'",
    "windows": "a: 1\r\nb: [x,\r\n  y]\r\n",
}
WORDS = (
    "{",
    "}",
    "[",
    "]",
    "- ",
    ": ",
    ":",
    ", ",
    ",",
    "#",
    " #",
    "'",
    '"',
    "|\n",
    ">\n",
    "---\n",
    "&a ",
    "*a",
    "!x ",
    "\n",
    "\n  ",
    "  ",
    "~",
    "<<",
    ">= 60",
    "é",
    "日",
    "😀",
    "\\u00e9",
    "%",
    "@",
    "`",
    "{a:1}",
    '{"a":1}',
    "[a: 1]",
)


@pytest.mark.parametrize("text", READ_DIFFERENTLY.values(), ids=READ_DIFFERENTLY)
def test_where_parsers_differ_the_one_that_tells_mistakes_decides(text: str) -> None:
    assert _whole(text) is None
    assert _read(text) == _read(text, _in_passes)


@drawn(500)
@given(st.data())
def test_a_text_without_a_fault_is_the_same_to_both_parsers(data: st.DataObject) -> None:
    text = (Path(__file__).parents[2] / "personas.yaml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    first = data.draw(st.integers(0, len(lines) - 1))
    piece = "".join(lines[first : first + data.draw(st.integers(1, 12))])
    for word in data.draw(st.lists(st.sampled_from(WORDS), max_size=3)):
        at = data.draw(st.integers(0, len(piece)))
        piece = piece[:at] + word + piece[at:]
    assert _read(piece) == _read(piece, _in_passes)


@pytest.mark.skipif(not hasattr(pyyaml, "CSafeLoader"), reason="PyYAML was built without libyaml")
def test_the_shipped_rules_are_read_by_the_fast_one() -> None:
    assert _whole((Path(__file__).parents[2] / "personas.yaml").read_text(encoding="utf-8"))


def _read(text: str, reader: Callable[[str], tuple[Builder, list[Fault]]] = read) -> object:
    builder, faults = reader(text)
    return repr(builder.data), builder.marks, builder.key_marks, faults


# --- files --------------------------------------------------------------------------------------


def test_a_file_is_called_by_the_path_it_was_given_by(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xbc\n")
    document = load(path)
    assert (document.data, str(document.where(("a",)))) == ({"a": "ü"}, f"{path}:1:4")


UNREADABLE = {
    "latin-1": (b"a: 1\nb: caf\xe9\n", ":2:7: is not UTF-8 text (byte 0xe9)"),
    "latin-1-after-bom": (b"\xef\xbb\xbfb: \xe9\n", ":1:4: is not UTF-8 text (byte 0xe9)"),
    "utf-16": ("a: 1".encode("utf-16"), ":1:1: is not UTF-8 text (byte 0xff)"),
    "nul-bytes": (b"a: 1\0\n", ":1:5: there is a control character here"),
    "too-large": (b"#" * (MOST_BYTES + 1), ": is larger than 1 MiB"),
}


@pytest.mark.parametrize(("raw", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_bytes_that_are_no_yaml_text_are_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(raw)
    with pytest.raises(RulesError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{said}\n")


def test_a_missing_file_points_to_the_starter(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    with pytest.raises(RulesError) as caught:
        load(path)
    assert caught.value.problems == (Problem("there is no such file", str(path), STARTER),)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="cannot be read: is a directory"):
        load(tmp_path)


def test_reading_rules_does_not_import_polars() -> None:
    code = "import sys, segmentation.rules.yaml; sys.exit('polars' in sys.modules)"
    assert (
        run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )


# --- properties ---------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
scalars = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | texts
integers = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)
values = st.recursive(
    scalars | integers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def quoted(data: object) -> str:
    """Texts in double quotes, all else as PyYAML spells it."""

    class Dumper(pyyaml.SafeDumper):
        pass

    Dumper.ignore_aliases = lambda *_: True  # type: ignore[method-assign]
    Dumper.add_representer(
        str, lambda d, s: d.represent_scalar("tag:yaml.org,2002:str", s, style='"')
    )
    return pyyaml.dump(data, Dumper=Dumper, allow_unicode=True)


@settings(deadline=None)
@given(values)
def test_quoted_data_survives_the_round_trip(data: object) -> None:
    assert loads(quoted(data), "p.yaml").data == data


def read(text: str) -> tuple[object, tuple[Problem, ...]]:
    """The data, or the problems."""
    try:
        return loads(text, "p.yaml").data, ()
    except RulesError as error:
        return None, error.problems


@pytest.mark.deep
@settings(deadline=None)
@given(values | st.from_regex(r"[-+0-9._:eExob~<>=!]{1,8}", fullmatch=True))
def test_what_pyyaml_dumps_is_read_as_the_same_or_refused(data: object) -> None:
    found, refused = read(pyyaml.safe_dump(data, allow_unicode=True))
    reasons = ("number", "is not how rules compare", "are not used here")
    assert refused or found == data
    assert all(any(reason in p.what for reason in reasons) for p in refused)


@settings(deadline=None)
@given(values)
def test_every_mark_leads_back_to_its_value(data: object) -> None:
    document = loads(quoted(data), "p.yaml")
    for path in document.marks:
        found = document.data
        for step in path:
            found = found[step]
    assert set(document.key_marks) <= set(document.marks)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab01: -[]{}'\"\n\t#&*!|>%@`?,~<=._\\Uu\ufeff\u2028\x85\ud800é")))
def test_no_text_raises_anything_but_a_rules_error(text: str) -> None:
    assert all(p.what and str(p.where).startswith("p.yaml:") for p in read(text)[1])
