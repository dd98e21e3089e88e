"""Numbers, dates and missing values that suppression compares are read, or the run stops."""

from __future__ import annotations

import polars as pl
import pytest
from four_customers import Row, Sends, Shop, Stops, customers, ends, events, parquet, sends, stops
from harness import Segment

ROWS: dict[str, Row] = {}
DAYS = pl.Series(["2026-05-01", None, "2027-01-01", "2027-01-01"]).str.to_date()


ROWS |= {
    f"number: {cell!r} is none": (
        customers("{kids: {at_least: 3}}", "kids", "4", cell, "1", ""),
        stops("suppress compares kids as a number, and 1 customer has something else there"),
    )
    for cell in ("4,0,0", "3+", "1_000", "three", "n/a", "nan", "inf", "4 pcs", "4\u200b")
}
ROWS |= {
    f"number: {rule}": (customers(rule, "kids", "4", "3+", "1", ""), stops("3+ (1)"))
    for rule in (
        "{kids: {at_most: 2}}",
        "{kids: {between: [1, 2]}}",
        "{kids: 4}",
        "{kids: {is_not: 4}}",
        "{kids: {top_percent: 10}}",
        "{not: {kids: {less_than: 3}}}",
        "{kids: {none_of: [1, 4]}}",
    )
}
ROWS |= {
    f"date: {cell!r} is none": (
        customers("{ends: {at_most: 2026-06-01}}", "ends", "2026-05-01", cell, "2027-01-01", ""),
        stops("suppress compares ends as a date, and 1 customer has something else there"),
    )
    for cell in (
        "01.11.2026",
        "0000-00-00",
        "2026-02-30",
        "soon",
        "20260501",
        "n/a",
        "45992",
        "1900-01-01",
    )
}
ROWS |= {
    "date: the shape is told, not the day": (
        customers("{ends: {at_most: 2026-06-01}}", "ends", "31.31.2026", "32.31.2026", "x", ""),
        stops("99.99.9999 (2)"),
    ),
    "date: through days_until": (
        customers(
            "{left: {at_most: 30}}",
            "ends",
            "2026-03-20",
            "01.11.2026",
            "",
            "",
            more="features: {left: {days_until: ends}}",
        ),
        stops("suppress compares ends as a date", "99.99.9999 (1)"),
    ),
    "date: through days_since, never compared with a bound": (
        customers(
            "{left: {missing: false}}",
            "ends",
            "2026-03-01",
            "soon",
            "",
            "",
            more="features: {left: {days_since: ends}}",
        ),
        stops("aaaa (1)"),
    ),
    "date: a moment is its day": (
        customers(
            "{ends: {at_most: 2026-06-01}}",
            "ends",
            "2026-05-01T10:00:00Z",
            "2026-05-01 10:00",
            "2027-01-01",
            "",
        ),
        sends("cd"),
    ),
    "date: integers of Parquet, told as the rule's mistake": (
        parquet("{ends: {at_least: 2026-01-01}}", ends=[7, 70, 200, None]),
        stops(
            "7 (1), 70 (1), 1 other value",
            "ends is a number in the data, and the rule's value is of another type. "
            "Compare it with a number, such as {at_least: 5}.",
        ),
    ),
    "number: days of Parquet, told as the rule's mistake": (
        parquet("{ends: {at_least: 7}}", ends=DAYS),
        stops(
            "as a number, and 3 customers",
            "ends is a date in the data, and the rule's value is of another type. "
            "Compare it with a day, such as {at_least: 2026-01-31}.",
        ),
    ),
    "number: flags of Parquet, told as the rule's mistake": (
        parquet("{left: {at_least: 1}}", left=[True, False, None, True]),
        stops(
            "as a number, and 3 customers",
            "left is true or false in the data, and the rule's value is of another type. Write true or false.",
        ),
    ),
    "date: ranked days of Parquet": (
        parquet("{ends: {top_percent: 10}}", ends=DAYS),
        sends("ab"),
    ),
    "number: a card number is another than the next one": (
        customers(
            "{card: 12345678901234567}", "card", "12345678901234567", "12345678901234568", "42", ""
        ),
        sends("bcd"),
    ),
    "date: integers of Parquet": (
        parquet("{ends: {at_most: 2026-06-01}}", ends=[20260501, 1, 2, 3]),
        stops("as a date"),
    ),
    "date: days of Parquet": (
        Shop(
            "{ends: {at_most: 2026-06-01}}",
            files={
                "c.parquet": parquet(
                    "{}",
                    ends=pl.Series(["2026-05-01", None, "2027-01-01", "2027-01-01"]).str.to_date(),
                ).files["c.parquet"]
            },
        ),
        sends("bcd"),
    ),
    "number: a word that is declared": (
        customers("{kids: {at_least: 3}}", "kids", "4", "many", "1", "", values="kids: [many]"),
        sends("bcd", "kids holds many (1): declared under values"),
    ),
    "number: a column of events that is added up": (
        events(
            "{harm: {at_least: 3}}",
            "a,2026-02-01,survey,2,",
            'b,2026-02-01,survey,"3,5,",',
            more="features: {harm: {sum: {event: survey, column: severity}}}",
        ),
        stops(
            "suppress compares severity as a number",
            "1 row of survey has something else there: 3,5, (1)",
        ),
    ),
    "number: blanks around it are none of its business": (
        events(
            "{harm: {at_least: 3}}",
            "a,2026-02-01,survey, 3 ,",
            "b,2026-02-01,survey,1,",
            more="features: {harm: {sum: {event: survey, column: severity}}}",
        ),
        sends("bcd"),
    ),
    "date: blanks around it are none of its business": (
        customers(
            "{left: {at_least: 0}}",
            "ends",
            " 2026-03-20",
            "2026-03-20 ",
            "2025-01-01",
            "",
            more="features: {left: {days_until: ends}}",
        ),
        sends("cd"),
    ),
    "number: in where": (
        events(
            "{did: {event: survey, where: {severity: {at_least: 3}}}}",
            "a,2026-02-01,survey,3,",
            "b,2026-02-01,survey,3+,",
        ),
        stops("3+ (1)"),
    ),
    "number: in where of an anchor": (
        events(
            "{did: {event: send, after: {event: survey, where: {severity: {at_least: 3}}}}}",
            "a,2026-02-01,survey,3,",
            "b,2026-02-01,survey,3+,",
            "a,2026-02-02,send,,",
        ),
        stops("3+ (1)"),
    ),
    "number: the latest of a column": (
        events(
            "{harm: {at_least: 3}}",
            "a,2026-02-01,survey,4,",
            "b,2026-02-01,survey,bad,",
            more="features: {harm: {last: {event: survey, column: severity}}}",
        ),
        stops("bad (1)"),
    ),
}
ROWS |= {
    f"missing: {cell!r} spells it": (
        customers("{phone_line: {missing: true}}", "phone_line", "yes", cell, "yes", ""),
        stops(
            "suppress compares phone_line as given or missing",
            "1 customer has something else there",
        ),
    )
    for cell in ("n/a", "NULL", "None", "-", "nan", "N.A.", "\\N", "\u200b", "?")
}
ROWS |= {
    **{
        f"missing: {cell!r} is a word for it": (
            customers("{phone_line: {missing: true}}", "phone_line", "yes", cell, "yes", ""),
            stops("as given or missing"),
        )
        for cell in (
            "0000-00-00",
            "1970-01-01 00:00:00",
            "unknown",
            "(blank)",
            "<NA>",
            "NaT",
            "k.A.",
            "#REF!",
            "not set",
        )
    },
    "missing: blanks are missing": (
        customers("{phone_line: {missing: true}}", "phone_line", "yes", "  ", "\t", ""),
        sends("a"),
    ),
    "missing: asked the other way": (
        customers("{phone_line: {missing: false}}", "phone_line", "yes", "null", "", ""),
        stops("null (1)"),
    ),
    "missing: Namibia is declared": (
        customers(
            "{country: {missing: true}}", "country", "NA", "SE", "", "DK", values="country: [NA]"
        ),
        sends("abd"),
    ),
    "missing: a column of events": (
        events(
            "{did: {event: survey, where: {campaign: {missing: true}}}}",
            "a,2026-02-01,survey,,-",
            "b,2026-02-01,survey,,x",
        ),
        stops("campaign as given or missing", "- (1)"),
    ),
}


@pytest.mark.sampled(every=29)
@pytest.mark.parametrize(("shop", "outcome"), ROWS.values(), ids=ROWS)
def test_what_suppression_reads_is_read_or_stops(
    segment: Segment, shop: Shop, outcome: Stops | Sends
) -> None:
    ends(segment, shop, outcome)


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 58
