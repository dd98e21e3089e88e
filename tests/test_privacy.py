"""Values of the data in messages: words are named, what tells of one person is counted."""

import subprocess

import polars as pl
import pytest
from harness import Segment

from segmentation.messages import privacy

MANY = {f"word {i}": 9 for i in range(201)}


@pytest.mark.parametrize(
    ("header", "values", "named"),
    [
        pytest.param("department", ["Men", "Men", "Kids"], ("Men", "Kids"), id="commonest first"),
        pytest.param("gender", ["m", None, "f"], ("f", "m"), id="a missing value is no word"),
        pytest.param(
            "campaign",
            ["Buy Your Loved Ones", "Xmas 2026"] * 9,
            ("Buy Your Loved Ones", "Xmas 2026"),
            id="a year makes no id",
        ),
        pytest.param("country_code", ["DE", "AT"], ("AT", "DE"), id="codes of countries"),
        pytest.param("consent_email", ["ja", "x", "2"], ("2", "ja", "x"), id="words of consent"),
        pytest.param("consent", ["ja", "no, call a@b.de"], ("ja",), id="one address among words"),
        pytest.param("contact_channel", ["a@b.de", "c@d.de"], (), id="addresses under any header"),
        pytest.param("ref", ["+49 171 2345678", "0171-234567"], (), id="phone numbers"),
        pytest.param("ref", ["C00123", "C00124"], (), id="ids with a prefix"),
        pytest.param("ref", ["17850", "13047"], (), id="ids of digits"),
        pytest.param("ref", ["550e8400-e29b-41d4-a716-446655440000"], (), id="uuids"),
        pytest.param("ref", ["2026-01-01", "1970-04-12"], (), id="dates, of birth perhaps"),
        pytest.param("kunde", ["Anna Meier", "Ben Schulz"], (), id="full names that stand once"),
        pytest.param("place", ["12 High Street", "Hauptstraße 4"], (), id="streets"),
        pytest.param("last_name", ["Meier", "Meier", "Schulz"], (), id="surnames by their header"),
        pytest.param("E-Mail", ["none", "none"], (), id="an address column of words"),
        pytest.param("customerId", ["a", "b"], (), id="ids by their header"),
        pytest.param(
            "shop",
            [f"shop {c}" for c in "abcdefghijklmnopqrstuvw"],
            (),
            id="values of one row each in more than twenty rows",
        ),
    ],
)
def test_words_are_named_and_persons_are_not(header, values, named):
    assert privacy.nameable(header, pl.Series(header, values, dtype=pl.String)) == named


#: columns of customers: header, values, and what may be named of them
OF_CUSTOMERS = {
    "owners, however many they have": ("account", {"Anna Meier": 50, "Ben Schulz": 40}, ()),
    "owners under a header that says nothing": ("zz", {"Anna Meier": 50, "Ben Schulz": 40}, ()),
    "names with particles and hyphens": (
        "zz",
        {"Anna-Lena Meier": 9, "Jan van den Berg": 9, "O'Neil, Ben": 9},
        (),
    ),
    "names with initials": ("zz", {"Anna M.": 9, "Ben S.": 9}, ()),
    "owners by their header": ("store_owner", {"Meier": 50}, ()),
    "surnames of customers": ("kunde_nach", {"Meier": 9, "Schulz": 9}, ()),
    "surnames in one word": ("Kundennachname", {"Meier": 9}, ()),
    "nicknames": ("nick", {"Anna": 9}, ()),
    "handles": ("handle", {"ana_m": 9}, ()),
    "handles of somewhere": ("instagramHandle", {"ana_m": 9}, ()),
    "whom one speaks to": ("ansprechpartner", {"Meier": 9}, ()),
    "who wrote it": ("created_by", {"anna": 9}, ()),
    "ids of a club": ("membership_number", {"aa": 9}, ()),
    "whether one owns": ("is_owner", {"ja": 9, "nein": 9}, ("ja", "nein")),
    "whether one owns a pet": ("pet_owner", {"ja": 9}, ("ja",)),
    "kinds of owners": ("owner_type", {"shop": 9}, ("shop",)),
    "departments": (
        "favourite_department",
        {"Running Shoes": 9, "Home Garden": 9},
        ("Home Garden", "Running Shoes"),
    ),
    "cities": ("city", {"New York": 9, "Bad Homburg": 9}, ("Bad Homburg", "New York")),
    "words of a flag": ("mailing", {"ja": 9, "x": 1}, ("ja", "x")),
    "surnames of a few": ("pet", {"Meier": 1, "Schulz": 1, "Zorn": 1}, ()),
    "surnames of a few, some shared": ("pet", {"Meier": 2, "Schulz": 1, "Zorn": 1}, ()),
    "no names of a few": ("pet", {"3+": 1, "n/a": 1, "Meier": 1}, ("3+", "n/a")),
    "words of a few": ("mailing", {"ja": 3, "nein": 2}, ("ja", "nein")),
    "cities of a few": ("city", {"Bern": 1, "Genf": 1}, ("Bern", "Genf")),
    "consent of a few": ("consent", {"ja": 1, "x": 1}, ("ja", "x")),
}


@pytest.mark.parametrize(("header", "values", "named"), OF_CUSTOMERS.values(), ids=OF_CUSTOMERS)
def test_a_column_of_customers_may_hold_their_names(header, values, named):
    assert privacy.nameable(header, values, of_customers=True) == named


#: header, values, the word that is asked for, and the nearest that is named
NEAREST = {
    "a city of one": ("city", {"Oslo": 1, "Rome": 2}, "Olso", "Oslo"),
    "what few share under a header that says nothing": (
        "zz",
        {"Meier": 4, "Schulz": 9},
        "Meyer",
        "",
    ),
    "what five share": ("zz", {"gold": 5, "silver": 9}, "golt", "gold"),
    "a name among words": ("zz", {"Anna Meier": 9, "x": 9, "y": 9}, "Anna Meyer", ""),
    "a department of many words": (
        "interest",
        {"Running Shoes": 9},
        "Runing Shoes",
        "Running Shoes",
    ),
}


@pytest.mark.parametrize(("header", "values", "asked", "named"), NEAREST.values(), ids=NEAREST)
def test_the_nearest_value_of_customers_is_shared(header, values, asked, named):
    assert privacy.nearest_word(asked, header, values, of_customers=True) == named
    with privacy.showing_values():
        assert privacy.nearest_word(asked, header, values, of_customers=True)


def test_names_of_events_and_campaigns_are_named_however_they_look():
    assert privacy.nearest_word("Blak Friday", "campaign", {"Black Friday": 3}) == "Black Friday"
    assert (
        privacy.nearest_word("Runing Shoes", "collection", {"Running Shoes": 300})
        == "Running Shoes"
    )
    assert privacy.nearest_word("complant", "event", {"complaint": 1}) == "complaint"


def test_a_column_of_many_words_is_no_list_of_words():
    assert privacy.nameable("word", MANY) == ()
    assert privacy.told("word", MANY) == "201 different values; --show-values names them"


def test_a_nearest_value_is_a_word_or_nothing():
    assert privacy.nearest_word("men", "department", {"Men": 3}) == "Men"
    assert privacy.nearest_word("anna@b.d", "mail", {"anna@b.de": 3}) == ""


def test_values_are_named_where_that_was_asked_for():
    with privacy.showing_values():
        assert privacy.nearest_word("anna@b.d", "mail", {"anna@b.de": 3}) == "anna@b.de"
        assert privacy.ids_after(["8", "17"]) == ": 8, 17"
        assert privacy.told_value("03/04/2026") == "03/04/2026"
    assert privacy.ids_after(["8", "17"]) == " (--show-values names them)"


def test_blanks_around_a_word_are_seen():
    assert privacy.told("consent", {"ja ": 2, "": 1}) == '"ja " (2), "" (1)'


def test_a_header_that_is_data_is_told_as_shapes():
    assert privacy.told_headers(["a@b.de", "amount"]) == "a@a.aa, aaaaaa"
    assert privacy.told_headers(["17850", "Meier", "Oslo"]) == "99999, Aaaaa, Aaaa"
    assert privacy.told_headers(["C00123", "Meier"]) == "A99999, Aaaaa"
    assert privacy.told_headers(["2026-01-03", "Meier"]) == "9999-99-99, Aaaaa"
    assert privacy.told_headers(["Meier"], of=["Meier", "Meier", "a@b.de"]) == "Aaaaa"
    assert privacy.told_headers(["amount"], of=["customer_id", "amount", "amount"]) == "amount"


#: what names an audience of `for_each` -> what is said of it, and of it with --show-values
BY_DATA = {
    "without members": (
        "personas: {q: {for_each: city, match: {frequency: 9}}}",
        "warning: 2 audiences of persona q have no members",
        " (--show-values names them)",
        ": q-quintus, q-zora",
    ),
    "with formulas": (
        "personas: {q: {for_each: city, columns: [note]}}",
        "warning: 2 files of persona q",
        " (--show-values names them): 2 cells that",
        ": personas/q-quintus.csv, personas/q-zora.csv: 2 cells that",
    ),
}


@pytest.mark.parametrize(("rules", "said", "hidden", "shown"), BY_DATA.values(), ids=BY_DATA)
def test_audiences_that_values_name_are_counted(
    segment: Segment, rules: str, said: str, hidden: str, shown: str
) -> None:
    files = {
        "t.csv": "customer_id,ordered_at,amount\na,2026-01-01,5\nb,2026-01-02,5\n",
        "c.csv": "customer_id,city,note\na,Quintus,=1\nb,Zora,=2\n",
        "personas.yaml": f"version: 1\nsources: {{transactions: t.csv, customers: c.csv}}\n{rules}\n",
    }
    assert f"{said}{hidden}" in segment("run", "--out", "x", files=files).err
    assert f"{said}{shown}" in segment("run", "--out", "y", "--show-values").err


def test_a_row_of_data_in_the_place_of_a_header_is_told_as_shapes(segment: Segment) -> None:
    done = segment("run", "t.csv", files={"t.csv": "C1,Meier,a@b.de,Meier\nC2,Zorn,c@d.de,x\n"})
    assert done.err.splitlines()[-2:] == [
        "t.csv: the header names Aaaaa twice",
        "  Every column needs a name of its own.",
    ]


def test_headers_with_numbers_are_headers_still():
    assert privacy.told_headers(["kunde", "2025", "FY2026"]) == "kunde, 9999, AA9999"
    assert privacy.told_headers(["x1", "q1", "Net (12 months)"]) == "x1, q1, Net (12 months)"


# -- what a run says ------------------------------------------------------------------------------

HEAD = "customer_id,ordered_at,amount"
IDS = ("anna@shop.example", "ben@shop.example")
LINES = "".join(f"{i},2024-01-0{d},5\n" for i in IDS for d in (1, 2))
CUSTOMERS = "customer_id,mail,last_name,city,seen,nick\n" + "".join(
    f"{i},{i},Smithson,Olso,Smithson Ben,smithson\n" for i in IDS
)
MESSAGES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "a nearest address": ("mail: anna@shop.exampel", LINES, CUSTOMERS, ()),
    "a nearest name": ("last_name: Smithsom", LINES, CUSTOMERS, ()),
    "a nearest full name": ("seen: Smithsom Ben", LINES, CUSTOMERS, ()),
    "suppression of a full name": ("{}", LINES, CUSTOMERS, ("suppress: [{seen: Smithsom Ben}]",)),
    "suppression of a nickname": ("{}", LINES, CUSTOMERS, ("suppress: [{nick: SMITHSON}]",)),
    "words that are no numbers": ("mail: {at_least: 3}", LINES, CUSTOMERS, ()),
    "names that are no dates": ("last_name: {at_least: 2024-01-01}", LINES, CUSTOMERS, ()),
    "suppression of an address": (
        "{}",
        LINES,
        CUSTOMERS,
        ("suppress: [{mail: anna@shop.exampel}]",),
    ),
    "suppression by a flag": ("{}", LINES, CUSTOMERS, ("suppress: [{mail: true}]",)),
    "ids with several rows": ("city: Oslo", LINES, f"{CUSTOMERS}{IDS[0]},x,y,z,,\n", ()),
    "amounts of an id beyond reason": (
        "{}",
        "".join(f"{IDS[0]},2024-01-01,199999999999\n" for _ in range(2000)),
        CUSTOMERS,
        (),
    ),
    "a date of no format": ("{}", f"a,{IDS[0]},5\n", CUSTOMERS, ()),
    "a header that is a row": ("{}", "", CUSTOMERS, ()),
    "rejected rows": (
        "{}",
        f"{LINES}{IDS[0]},{IDS[1]},5\n{IDS[0]},2024-01-01,{IDS[1]}\n",
        CUSTOMERS,
        (),
    ),
    "a broken feed": ("{}", LINES + f"{IDS[0]},{IDS[1]},5\n" * 200, CUSTOMERS, ()),
    "nothing that can be used": ("{}", f"{IDS[0]},2024-01-01,{IDS[1]}\n", CUSTOMERS, ()),
}


@pytest.mark.sampled
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("message", MESSAGES)
def test_no_message_holds_a_value_of_a_customer(
    segment: Segment, message: str, as_json: list[str]
) -> None:
    match, lines, customers, more = MESSAGES[message]
    head = HEAD if lines else f"{IDS[0]},Smithson,5"
    rules = [
        "version: 1",
        "sources: {transactions: t.csv, customers: c.csv}",
        f"personas: {{p: {{match: {'{}' if match == '{}' else f'{{{match}}}'}}}}}",
        *more,
    ]
    files = {
        "personas.yaml": "\n".join(rules) + "\n",
        "t.csv": f"{head}\n{lines}",
        "c.csv": customers,
    }
    result = segment("run", *as_json, files=files)
    said = result.err + result.out
    said += (result.run / "manifest.json").read_text() if result.exit_code == 0 else ""
    written_by_the_user = said.replace("anna@shop.exampel", "").replace("Smithsom", "")
    assert not [
        v for v in (*IDS, "shop.example", "Smithson", "smithson") if v in written_by_the_user
    ], said
    assert "bug" not in said


def test_show_values_names_them(segment: Segment, monkeypatch) -> None:
    rules = (
        "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {match: {mail: anna@shop.exampel}}}\n"
    )
    files = {"personas.yaml": rules, "t.csv": f"{HEAD}\n{LINES}", "c.csv": CUSTOMERS}
    assert IDS[0] in segment("run", "--show-values", files=files).err
    assert IDS[0] not in segment("run").err
    monkeypatch.setenv("SEGMENT_SHOW_VALUES", "1")
    assert IDS[0] in segment("run").err


def test_words_that_many_share_are_named(segment: Segment) -> None:
    rules = (
        "version: 1\nsources: {transactions: t.csv, customers: c.csv}\n"
        "personas: {p: {match: {city: Oslo}}}\n"
    )
    files = {"personas.yaml": rules, "t.csv": f"{HEAD}\n{LINES}", "c.csv": CUSTOMERS}
    assert "nearest: Olso" in segment("run", files=files).err


NAMES = {
    "a line end": ("new\nline.csv", r"new\nline.csv"),
    "an escape": ("red\x1b[31m.csv", r"red\x1b[31m.csv"),
    "a mark of direction": ("gpj\u202evsc.csv", r"gpj\u202evsc.csv"),
    "a zero-width space": ("a\u200b.csv", r"a\u200b.csv"),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_names_of_files_are_escaped_in_messages(segment: Segment, name: str, shown: str) -> None:
    result = segment("run", name, files={name: "", "personas.yaml": "version: 1\n"})
    assert result.err == f"{shown}: the file is empty\n  It needs a header and rows.\n"
    nearest = segment("run", "none.csv", files={name: ""})
    assert (shown in nearest.err, name in nearest.err) == (True, False)
    lost = segment("run", f"{name}/none.csv")
    assert (f"The folder {shown} does not exist" in lost.err, name in lost.err) == (True, False)
    rejected = segment("run", name, files={name: f"{HEAD}\na,2024-01-01,5\na,2024-01-01,x\n"})
    assert (shown in rejected.err, name in rejected.err, rejected.exit_code) == (True, False, 0)


#: a folder, as it is shown, and as a shell takes it
FOLDERS = {
    "a line end": ("new\nshop", r"new\nshop", r"$'new\x0ashop'"),
    "a line end and a quote": ("it's\nnew", r"it's\nnew", r"$'it\'s\x0anew'"),
    "a mark of direction": ("shop\u202e", r"shop\u202e", r"$'shop\xe2\x80\xae'"),
    "a blank": ("my shop", "my shop", "'my shop'"),
    "an option": ("-shop", "-shop", "./-shop"),
}


@pytest.mark.parametrize(("name", "shown", "typed"), FOLDERS.values(), ids=FOLDERS)
def test_names_of_folders_are_escaped_where_they_were_written(
    segment: Segment, name: str, shown: str, typed: str
) -> None:
    started = segment("init", "--", name)
    assert started.out == f"9 files written to {shown}. Next: cd {typed} && segment run\n"
    subprocess.run(["bash", "-c", f"cd {typed} && test -f personas.yaml"], check=True)
    published = segment(
        "run", "t.csv", f"--out={name}/runs", files={"t.csv": f"{HEAD}\na,2024-01-01,5\n"}
    )
    assert published.out.endswith(f"\nWritten to {shown}/runs/2024-01-01\n")
