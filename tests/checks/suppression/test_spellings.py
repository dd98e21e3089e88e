"""Texts that differ only in how they are written: a rule meets them, or the run stops."""

from __future__ import annotations

from dataclasses import replace

import pytest
from four_customers import Row, Sends, Shop, Stops, customers, ends, events, sends, stops
from harness import Segment

from segmentation.checks.other_spellings import respelt
from segmentation.rules.conditions import Compare

ROWS: dict[str, Row] = {}


NEAR = (
    "Unsubscribed",
    "unsubscribed ",
    " unsubscribed",
    "UNSUBSCRIBED",
    "un\u200bsubscribed",
    "ｕnsubscribed",
    "un subscribed",
)
ROWS |= {
    f"near: {cell!r} beside the word": (
        customers("{status: unsubscribed}", "status", "unsubscribed", cell, "ok", "ok"),
        stops(
            'suppress compares status with "unsubscribed", and the data has also',
            "values: {status:",
        ),
    )
    for cell in NEAR
}
ROWS |= {
    f"near: {cell} beside {said}, by {operator}": (
        customers(f"{{status: {{{operator}: '{said}'}}}}", "status", cell, said, "ok", "ok"),
        stops("suppress compares status", "and the data has also"),
    )
    for operator in ("is", "contains", "starts_with", "ends_with")
    for said, cell in (
        ("opt-out", "opt_out"),
        ("opt-out", "Opt Out"),
        ("optOut", "opt-out"),
        ("un-told", "untold"),
        ("no mail", "no-mail"),
        ("gelöscht", "geloscht"),
        ("gelöscht", "gelÃ¶scht"),
        ("Straße", "STRASSE"),
    )
}
ROWS |= {
    f"near: {cell} beside {said}": (
        customers(f"{{status: '{said}'}}", "status", cell, said, "ok", "ok"),
        stops("and the data has also"),
    )
    for said, cell in (("3", "3.0"), ("03", "3"), ("stop", "STOP!"), ("told.", "told"))
}
ROWS |= {
    "near: capitals within a word": (
        customers("{status: {contains: sub}}", "status", "UNSUB", "unsub", "ok", "ok"),
        stops("the data has also: UNSUB"),
    ),
    "near: capitals are met where case is ignored": (
        customers(
            "{status: {contains: Sub, ignore_case: true}}", "status", "UNSUB", "unsub", "ok", "ok"
        ),
        sends("cd"),
    ),
    "near: signs count where case is ignored": (
        customers(
            "{status: {ends_with: OUT-NOW, ignore_case: true}}",
            "status",
            "opt out-now",
            "opt out_now",
            "ok",
            "ok",
        ),
        stops("the data has also: opt out_now"),
    ),
    "near: signs between numbers are other numbers": (
        customers("{status: '1-2'}", "status", "12", "1-2", "1.2", "ok"),
        sends("acd"),
    ),
    "near: a source is named after the event in capitals": (
        Shop(
            "{did: complaint}",
            files={"f.csv": "customer_id,occurred_at\nd,2026-02-27\n"},
            sources={"events": "[e.csv, {path: f.csv, event: Complaint}]"},
        ),
        stops("the data has also: Complaint"),
    ),
    "near: all sources are named after events": (
        Shop(
            "{did: complaint}",
            files={"f.csv": "customer_id,occurred_at\nd,2026-02-27\n"},
            sources={
                "events": "[{path: f.csv, event: complaint}, {path: e.csv, event: Complaint}]"
            },
        ),
        stops("the data has also: Complaint"),
    ),
}
ROWS |= {
    f"near: {rule}": (
        customers(rule, "status", "unsubscribed", "Unsubscribed", "ok", "ok"),
        stops("has also: Unsubscribed (1)"),
    )
    for rule in (
        "{status: {is_not: unsubscribed}}",
        "{status: {none_of: [unsubscribed, ok]}}",
        "{status: [ok, unsubscribed]}",
        "{status: {starts_with: unsub}}",
        "{status: {contains: unsub}}",
        "{not: {status: unsubscribed}}",
    )
}
ROWS |= {
    "near: alone it is unseen": (
        customers("{status: unsubscribed}", "status", "Unsubscribed", "ok", "ok", "ok"),
        stops('no customer has status "unsubscribed"; nearest: Unsubscribed'),
    ),
    "near: both named": (
        customers(
            "{status: [unsubscribed, Unsubscribed]}",
            "status",
            "unsubscribed",
            "Unsubscribed",
            "ok",
            "ok",
        ),
        sends("cd"),
    ),
    "near: the other declared": (
        customers(
            "{status: unsubscribed}",
            "status",
            "unsubscribed",
            "Unsubscribed",
            "ok",
            "ok",
            values="status: [Unsubscribed]",
        ),
        sends("bcd"),
    ),
    "near: declared, but only the twin is there": (
        customers(
            "{status: unsubscribed}",
            "status",
            "Unsubscribed",
            "ok",
            "ok",
            "ok",
            values="status: [unsubscribed]",
        ),
        stops("has also: Unsubscribed (1)"),
    ),
    "near: composed and decomposed": (
        customers("{status: désinscrit}", "status", "désinscrit", "de\u0301sinscrit", "ok", "ok"),
        stops("has also"),
    ),
    "near: an event in capitals": (
        events("{did: complaint}", "a,2026-02-01,complaint,,", "b,2026-02-01,Complaint,,"),
        stops('suppress compares event with "complaint", and the data has also: Complaint (1)'),
    ),
    "near: an event in capitals, declared": (
        events(
            "{did: complaint}",
            "a,2026-02-01,complaint,,",
            "b,2026-02-01,Complaint,,",
            values="event: [Complaint]",
        ),
        sends("bcd"),
    ),
    "near: in where": (
        events(
            "{did: {event: complaint, where: {severity: high}}}",
            "a,2026-02-01,complaint,high,",
            "b,2026-02-01,complaint,High ,",
        ),
        stops("has also", "(1)"),
    ),
    "near: an address in capitals is counted, not named": (
        customers(
            "{email: {contains: '@test.'}}", "email", "a@test.de", "B@TEST.DE", "c@x.de", "d@x.de"
        ),
        stops('suppress compares email with "@test."', "1 different value"),
    ),
    "near: a part of a word is another word": (
        customers("{status: {contains: Sale}}", "status", "Sale now", "wholesale", "ok", "ok"),
        sends("bcd"),
    ),
}


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    ends(segment, shop, outcome)


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 65


# -- parts of texts: the mend is the comparison whole, for a value of the data is no part -----------

CITIES = ("Hamburg", "Salzburg", "Freiburg", "Berlin")
MAILS = ("a@test.de", "b@test.de", "c@x.de", "d@x.de")
FLAGS = ("opt_out", "Opt.Out", "optional", "ok")
#: column, its cells, what is compared, what is told to write, and who is then exported
PARTS = {
    "capitals": ("city", CITIES, "{ends_with: BURG}", "{ends_with: BURG, ignore_case: true}", "d"),
    "capitals of what may not be named": (
        "email",
        MAILS,
        "{contains: '@TEST.'}",
        '{contains: "@TEST.", ignore_case: true}',
        "cd",
    ),
    "a list": (
        "city",
        CITIES,
        "{starts_with: [ham, ber]}",
        "{starts_with: [ham, ber], ignore_case: true}",
        "bc",
    ),
    "signs": ("city", FLAGS, "{starts_with: optout}", "{starts_with: [Opt.Out, opt_out]}", "cd"),
    "signs, in a list": (
        "city",
        FLAGS,
        "{ends_with: [k, OPTOUT]}",
        "{ends_with: [k, Opt.Out, opt_out]}",
        "c",
    ),
    "signs, in any case": (
        "city",
        FLAGS,
        "{contains: optout, ignore_case: true}",
        "{contains: [Opt.Out, opt_out], ignore_case: true}",
        "cd",
    ),
    "beside one that is met": (
        "city",
        ("Hamburg", "HAMBURG", "Freiburg", "Berlin"),
        "{starts_with: Ham}",
        "{starts_with: Ham, ignore_case: true}",
        "cd",
    ),
    "beside another operator": (
        "city",
        ("KEEP A", "keep A", "KEEP", "x A"),
        "{contains: KEEP, ends_with: A}",
        "{contains: [KEEP, keep], ends_with: A}",
        "cd",
    ),
    "behind a blank": (
        "city",
        ("opt-out", "please opt out", "PLEASE Opt, out!", "adoptout"),
        "{contains: opt-out}",
        '{contains: [opt-out, "Opt, out", opt out]}',
        "d",
    ),
    "signs around are no spelling": (
        "city",
        ("a@X.de", "b@x-y.de", "a x", "c"),
        "{contains: '@x.'}",
        '{contains: "@x.", ignore_case: true}',
        "bcd",
    ),
    "signs, beside one that is met": (
        "city",
        ("opt-out", *FLAGS[1:]),
        "{starts_with: opt-out}",
        "{starts_with: [opt-out, Opt.Out]}",
        "cd",
    ),
}


@pytest.mark.parametrize("row", PARTS.values(), ids=PARTS)
def test_what_is_told_to_write_for_parts_meets_all_of_them(
    segment: Segment, row: tuple[str, tuple[str, ...], str, str, str]
) -> None:
    column, cells, compared, written, ids = row
    shop = customers(f"{{{column}: {compared}}}", column, *cells)
    ends(segment, shop, stops(f"Write {written}"))  # and its door, pasted, opens
    mended = segment("run", files=replace(shop, suppress=f"{{{column}: {written}}}").written())
    assert (mended.exit_code, mended.ids("p")) == (0, [*ids]), mended.err


def test_a_persona_is_told_the_same_of_parts(segment: Segment) -> None:
    column, cells, compared, written, _ = PARTS["capitals"]
    shop = customers("", column, *cells)
    told = segment("run", files=replace(shop, persona=f"{{{column}: {compared}}}").written())
    assert (told.exit_code, f"Write {written}." in told.err, "nearest" in told.err) == (
        0,
        True,
        False,
    )


LONG: dict[str, tuple[str, str, str]] = {
    "found once": ("opt-out", f"{'so it went, ' * 9_000}opt out", "{contains: [opt-out, opt out]}"),
    "found everywhere": ("opt-out", "opt out " * 9_000, "{contains: [opt-out, opt out]}"),
    "found nowhere": ("opt-out", "o" * 100_000, ""),
    "in accents": (
        "Straße 1",
        f"{'x' * 90_000} stras\u0327se-1",
        "{contains: [Straße 1, stras\u0327se-1]}",
    ),
}


@pytest.mark.parametrize(("part", "text", "written"), LONG.values(), ids=LONG)
def test_a_part_is_found_in_texts_of_many_pages(part: str, text: str, written: str) -> None:
    test = Compare("note", "contains", part)
    assert respelt(test, part, [text], is_held=True, are_nameable=True) == written


def test_a_part_of_many_words_is_looked_for_in_another_spelling(segment: Segment) -> None:
    note = "please write to me no more, " * 80
    shop = customers(
        f"{{note: {{contains: '{note}never'}}}}", "note", f"So {note}-never", "", "", ""
    )
    assert f'no customer has note "{note[:40]}' in segment("run", files=shop.written()).err
