"""Values of the data in messages: words are named, what tells of one person is counted."""

import polars as pl
import pytest

from segmentation import privacy

MANY = {f"word {i}": 9 for i in range(201)}


@pytest.mark.parametrize(
    ("header", "values", "named"),
    [
        pytest.param("department", ["Men", "Men", "Kids"], ("Men", "Kids"), id="commonest first"),
        pytest.param("gender", ["m", None, "f"], ("f", "m"), id="a missing value is no word"),
        pytest.param("campaign", ["Buy Your Loved Ones", "Xmas 2026"] * 9,
                     ("Buy Your Loved Ones", "Xmas 2026"), id="a year makes no id"),
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
        pytest.param("shop", [f"shop {c}" for c in "abcdefghijklmnopqrstuvw"], (),
                     id="values of one row each in more than twenty rows"),
    ],
)  # fmt: skip
def test_words_are_named_and_persons_are_not(header, values, named):
    assert privacy.nameable(header, pl.Series(header, values, dtype=pl.String)) == named


def test_a_column_of_many_words_is_no_list_of_words():
    assert privacy.nameable("word", MANY) == ()
    assert privacy.told("word", MANY) == "201 different values; --show-values names them"


def test_a_nearest_value_is_a_word_or_nothing():
    assert privacy.nearest_word("men", "department", {"Men": 3}) == "Men"
    assert privacy.nearest_word("anna@b.d", "mail", {"anna@b.de": 3}) == ""


def test_values_are_named_where_that_was_asked_for():
    with privacy.showing_values():
        assert privacy.nearest_word("anna@b.d", "mail", {"anna@b.de": 3}) == "anna@b.de"
        assert privacy.ids_told(["8", "17"]) == "8, 17"
        assert privacy.told_value("03/04/2026") == "03/04/2026"
    assert privacy.ids_told(["8", "17"]) == "2 ids; --show-values names them"


def test_blanks_around_a_word_are_seen():
    assert privacy.told("consent", {"ja ": 2, "": 1}) == '"ja " (2), "" (1)'


def test_a_header_that_is_data_is_told_as_shapes():
    assert privacy.told_headers(["a@b.de", "amount"]) == "a@a.aa, amount"
