"""Words of a `where` that no row has, or rows have in another spelling: said, and under a negation a stop."""

from __future__ import annotations

import pytest
from harness import Segment

HEAD = "order_id,customer_id,ordered_at,amount"
RULES = (
    "version: 1\nsources: {{transactions: {{path: o.csv, {keys}}}}}\npersonas: {{everyone: {{}}}}\n"
)


def orders(*cells: str) -> str:
    rows = (f"o{i},c{i},2026-01-0{i},10.00,{cell}\n" for i, cell in enumerate(cells, 1))
    return f"{HEAD},status\n" + "".join(rows)


#: cells, a where -> the code of the notice, its level, what is said, and how to write it
DOUBTED = {
    "a negated word misspelt": (
        ["Paid", "Cancelled", "Paid"],
        "{status: {is_not: Canceled}}",
        ("where-unseen", "error"),
        "status Canceled, which no row has; it holds Paid (2), Cancelled (1); nearest: Cancelled",
        "where: {status: {is_not: Cancelled}}",
    ),
    "a negated word in other capitals": (
        ["Paid", "Cancelled"],
        "{status: {is_not: cancelled}}",
        ("where-unseen", "error"),
        "nearest: Cancelled",
        "leaves out nobody",
    ),
    "a negated word that is like none": (
        ["Paid", "Shipped"],
        "{status: {is_not: void}}",
        ("where-unseen", "error"),
        "void, which no row has; it holds Paid (1), Shipped (1)",
        "leaves out nobody",
    ),
    "not of a word": (
        ["Paid", "Cancelled"],
        "{not: {status: cancelled}}",
        ("where-unseen", "error"),
        "nearest: Cancelled",
        "where: {status: {is_not: Cancelled}}",
    ),
    "none of some, of which one is misspelt": (
        ["Paid", "Void", "Cancelled"],
        "{status: {none_of: [Void, Canceled]}}",
        ("where-unseen", "error"),
        "nearest: Cancelled",
        "where: {status: {none_of: [Void, Cancelled]}}",
    ),
    "none of some, of which one is to come and like another": (
        ["paid", "voided", "partially_refunded"],
        "{status: {none_of: [voided, refunded]}}",
        ("where-unseen", "info"),
        "nearest: partially_refunded",
        "",
    ),
    "none of some, of which one is to come": (
        ["Paid", "Void"],
        "{status: {none_of: [Void, Returned]}}",
        ("where-unseen", "info"),
        "Returned, which no row has",
        "",
    ),
    "a part that is nowhere": (
        ["Paid", "Cancelled"],
        "{not: {status: {contains: stor}}}",
        ("where-unseen", "error"),
        "stor, which no row has",
        "leaves out nobody",
    ),
    "a negated word in two spellings": (
        ["Paid", "cancelled", "CANCELLED"],
        "{status: {is_not: cancelled}}",
        ("where-spelling", "error"),
        "status cancelled, and rows have CANCELLED, too",
        "where: {status: {none_of: [cancelled, CANCELLED]}}",
    ),
    "accents": (
        ["Payée", "annulée", "annulee"],
        "{status: {is_not: annulée}}",
        ("where-spelling", "error"),
        "rows have annulee, too",
        "{none_of: [annulée, annulee]}",
    ),
    "a word in two spellings": (
        ["paid", "Paid", " paid", "void"],
        "{status: paid}",
        ("where-spelling", "warn"),
        "status paid, and rows have Paid, too",
        "where: {status: [paid, Paid]}",
    ),
    "one of some that is misspelt": (
        ["paid", "shipped", "void"],
        "{status: [paid, shiped]}",
        ("where-unseen", "warn"),
        "shiped, which no row has; it holds paid (1), shipped (1), void (1); nearest: shipped",
        "where: {status: [paid, shipped]}",
    ),
    "a word that is neither yes nor no": (
        ["nein", "ja"],
        "{status: {is_not: true}}",
        ("where-unseen", "error"),
        "where asks whether status is true, and 2 rows hold neither yes nor no: ja (1), nein (1)",
        "where: {status: {is_not: ja}}",
    ),
    "one of another language": (
        ["", "oui"],
        "{not: {status: true}}",
        ("where-unseen", "error"),
        "1 row holds neither yes nor no: oui (1)",
        "where: {status: {is_not: ",
    ),
    "a cross": (
        ["", "X"],
        "{status: {none_of: [true]}}",
        ("where-unseen", "error"),
        "1 row holds neither yes nor no: X (1)",
        "where: {status: {is_not: ",
    ),
    "a day": (
        ["", "2026-01-05"],
        "{status: {is_not: true}}",
        ("where-unseen", "error"),
        "1 row holds neither yes nor no: 1 different value",
        "where: {status: {missing: true}}",
    ),
    "what no rule reads beside what it reads": (
        ["yes", "nein"],
        "{status: {is_not: true}}",
        ("where-unseen", "error"),
        "1 row holds neither yes nor no: nein (1)",
        "where: {status: {is_not: yes}}",
    ),
    "what is left out, as it is not read": (
        ["yes", "ja", "no"],
        "{status: true}",
        ("where-unseen", "warn"),
        "where asks whether status is true, and 1 row holds neither yes nor no: ja (1)",
        "where: {status: [true, ja]}",
    ),
    "one that no row has beside another column's": (
        ["paid", "void"],
        "{any: [{status: sent}, {order_id: {starts_with: o}}]}",
        ("where-unseen", "warn"),
        "sent, which no row has; it holds paid (1), void (1)",
        "as the column has it",
    ),
}


@pytest.mark.parametrize(("cells", "where", "level", "said", "mend"), DOUBTED.values(), ids=DOUBTED)
def test_a_word_that_no_row_has_is_said(
    segment: Segment, cells: list[str], where: str, level: tuple[str, str], said: str, mend: str
) -> None:
    rules = RULES.format(keys=f"where: {where}")
    done = segment("run", "--json", files={"o.csv": orders(*cells), "personas.yaml": rules})
    [found] = [one for one in done.said if one["code"].startswith("where-")]
    assert (found["code"], found["level"]) == level
    assert done.exit_code == (3 if level[1] == "error" else 0), done.err
    assert said in found["text"]
    assert mend in (found["mend"] or "")


PASSES = {
    "held": (["paid", "void"], "{status: {is_not: void}}"),
    "both spellings named": (["Paid", "void", "Void"], "{status: {none_of: [void, Void]}}"),
    "named beside each other": (["Paid", "paid"], "{any: [{status: paid}, {status: Paid}]}"),
    "blanks around": (["paid", " paid "], "{status: paid}"),
    "without case": (["Paid", "PAID"], "{status: {contains: paid, ignore_case: true}}"),
    "numbers": (["1", "2"], "{status: {is_not: 1}}"),
    "a bound": (["3", "4"], "{status: {at_least: 9}}"),
}


@pytest.mark.parametrize(("cells", "where"), PASSES.values(), ids=PASSES)
def test_what_rows_have_is_not_doubted(segment: Segment, cells: list[str], where: str) -> None:
    rules = RULES.format(keys=f"where: {where}")
    files = {"o.csv": orders(*cells) + "o9,c9,2026-01-09,10.00,9\n", "personas.yaml": rules}
    done = segment("run", "--json", files=files)
    assert [one["text"] for one in done.said if one["code"].startswith("where-")] == []


FLAGS = {
    "yes and no": (["yes", "no"], "{status: true}"),
    "blanks": (["yes", "", "NULL"], "{status: {is_not: true}}"),
    "a word that is named": (["yes", "ja", "no"], "{status: {none_of: [true, ja]}}"),
    "a code that is a letter": (["N", "R"], "{status: {is_not: N}}"),
}


@pytest.mark.parametrize(("cells", "where"), FLAGS.values(), ids=FLAGS)
def test_what_says_yes_or_no_is_not_doubted(segment: Segment, cells: list[str], where: str) -> None:
    rules = RULES.format(keys=f"where: {where}")
    done = segment("run", "--json", files={"o.csv": orders(*cells), "personas.yaml": rules})
    assert [one["text"] for one in done.said if one["code"].startswith("where-")] == []


def test_the_where_of_a_join_is_doubted_as_well(segment: Segment) -> None:
    keys = "join: {path: p.csv, key: order_id, where: {state: {is_not: Canceled}}}"
    files = {
        "o.csv": orders("", "", ""),
        "p.csv": "order_id,state\no1,paid\no2,Cancelled\no3,paid\n",
        "personas.yaml": RULES.format(keys=keys),
    }
    done = segment("run", files=files)
    assert done.exit_code == 3
    assert "where names state Canceled, which no row has" in done.err
    assert "nearest: Cancelled" in done.err


def test_a_word_that_is_still_to_come_is_declared(segment: Segment) -> None:
    rules = RULES.format(keys="where: {status: {is_not: void}}")
    stopped = segment("run", files={"o.csv": orders("paid", "sent"), "personas.yaml": rules})
    assert stopped.exit_code == 3
    assert "values: {status: [void]}" in stopped.err
    done = segment("run", files={"personas.yaml": stopped.signed})
    assert done.exit_code == 0, done.err


def test_a_word_that_says_no_is_declared(segment: Segment) -> None:
    rules = RULES.format(keys="where: {status: {is_not: true}}")
    stopped = segment("run", files={"o.csv": orders("yes", "nein"), "personas.yaml": rules})
    assert (stopped.exit_code, "values: {status: [nein]}" in stopped.err) == (3, True)
    done = segment("run", files={"personas.yaml": stopped.signed})
    assert (done.exit_code, done.ids("everyone")) == (0, ["c2"]), done.err


def test_where_no_row_is_chosen_the_words_of_the_column_are_said(segment: Segment) -> None:
    done = segment(
        "run", "o.csv", "--where", "status=payed", files={"o.csv": orders("paid", "void")}
    )
    assert done.exit_code == 3
    assert "no row of transactions can be used" in done.err
    assert "status payed, which no row has; it holds paid (1), void (1); nearest: paid" in done.err


def test_the_option_is_given_back(segment: Segment) -> None:
    files = {"o.csv": orders("Paid", "Cancelled")}
    done = segment("run", "o.csv", "--where", "status!=Canceled", files=files)
    assert done.exit_code == 3
    assert "--where 'status!=Cancelled'" in done.err


#: the states of January, of February, a where -> the exit code, and what is said
OF_FILES = {
    "a word of the other file": (
        ["Paid", "Cancelled"],
        ["Paid", "Paid"],
        "Status!=Cancelled",
        0,
        "",
    ),
    "two words, each of one file": (
        ["Paid", "Cancelled"],
        ["Paid", "Refunded"],
        "Status!=Cancelled,Refunded",
        0,
        "",
    ),
    "a word that both have": (
        ["Paid", "Cancelled", "Refunded"],
        ["Paid", "Refunded"],
        "Status!=Cancelled",
        0,
        "",
    ),
    "a word that is chosen": (
        ["Paid", "Open"],
        ["Open", "Open"],
        "Status=Paid",
        0,
        "warning: where names Status Paid, which no row has",
    ),
    "the same in another language": (
        ["Paid", "Cancelled"],
        ["Paid", "Storniert"],
        "Status!=Cancelled",
        3,
        "where names Status Cancelled, which no row has; it holds Paid (1), Storniert (1)",
    ),
    "a word of no file": (
        ["Paid", "Cancelled"],
        ["Paid", "Paid"],
        "Status!=Void",
        3,
        "where names Status Void, which no row has",
    ),
    "another spelling in the other file": (
        ["Paid", "Cancelled"],
        ["Paid", "cancelled"],
        "Status!=Cancelled",
        3,
        "feb.csv: where names Status Cancelled, which no row has; it holds Paid (1), cancelled (1); nearest",
    ),
    "a slip in the other file": (
        ["Paid", "Cancelled"],
        ["Paid", "Canceled"],
        "Status!=Cancelled",
        3,
        "nearest: Canceled",
    ),
}


@pytest.mark.parametrize(
    ("january", "february", "where", "code", "said"), OF_FILES.values(), ids=OF_FILES
)
def test_a_word_that_another_file_has_is_no_misspelling(
    segment: Segment, january: list[str], february: list[str], where: str, code: int, said: str
) -> None:
    head = "order_id,customer_id,date,amount,Status\n"
    rows = [
        "".join(f"{m}{n},c{n},2026-0{m}-0{n + 1},9.00,{cell}\n" for n, cell in enumerate(cells))
        for m, cells in ((1, january), (2, february))
    ]
    rules = "version: 1\npersonas: {everyone: {}}\n"
    files = {"jan.csv": head + rows[0], "feb.csv": head + rows[1], "personas.yaml": rules}
    done = segment("run", "jan.csv", "feb.csv", "--where", where, files=files)
    assert done.exit_code == code, done.err
    assert ("where-" in done.err or "where names" in done.err) == bool(said), done.err
    assert said in done.err
