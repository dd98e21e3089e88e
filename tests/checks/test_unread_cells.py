"""What a measure reads as a number or a date, and cannot, is counted and said; what nobody reads is not."""

from __future__ import annotations

import polars as pl
import pytest
from harness import Segment

LINES = "customer_id,order_id,ordered_at,amount,department,tax,sent_on,sku\n" + "".join(
    f"c{i % 7},o{i},2026-01-{1 + i % 28:02d},{-5 if i == 9 else 10 + i},{'Hats' if i % 4 else 'Shoes'},"
    f"{'n/a' if i in (3, 8) else '12 pts' if i in (4, 9) else i},"
    f"{'31.12.2025' if i == 5 else '1900-01-01' if i == 6 else '' if i == 7 else '2026-01-05'},s1\n"
    for i in range(40)
)
EVENTS = "customer_id,occurred_at,event,kind,value\n" + "".join(
    f"c{i % 7},2026-01-10,{'visit' if i % 2 else 'colour'},{'points' if i % 4 == 1 else 'shade'},"
    f"{'red' if i % 2 == 0 else 'dark' if i % 4 == 3 else 'oops' if i == 5 else i}\n"
    for i in range(40)
)
PRODUCTS = "product_id,weight\ns1,heavy\n"
RULES = """\
version: 1
sources:
  transactions: {{path: o.csv{keys}}}
  events: e.csv
  products: p.csv
{rules}
"""
PERSONA = "personas:\n  everyone: {match: %s}\n"
FEATURE = "features:\n  mine: %s\npersonas:\n  everyone: {columns: [mine]}\n"

#: rules -> what is said of each column, none where nothing is
SAID: dict[str, tuple[str, tuple[str, ...]]] = {
    "a sum": (
        FEATURE % "{sum: tax}",
        ("tax is read as a number, and 3 of 39 lines (7.69 %) have something else there: ",),
    ),
    "a sum of all lines": (
        FEATURE % "{sum: tax, where: {department: Shoes}}",
        (
            "tax is read as a number, and 2 of 10 lines (20 %) have something else there: 99 aaa (1), n/a (1)",
        ),
    ),
    "a mean that nobody compares": (FEATURE % "{mean: tax}", ("tax is read as a number, and 3",)),
    "an extreme": (FEATURE % "{max: tax}", ("tax is read as a number, and 3",)),
    "an extreme of texts": (FEATURE % "{max: department}", ()),
    "the last one, as it stands": (FEATURE % "{last: tax}", ()),
    "a sum that is compared": (
        PERSONA % "{total: {at_least: 3}}" + "features: {total: {sum: tax}}\n",
        ("tax is read as a number, and 3",),
    ),
    "a rank": (
        PERSONA % "{total: {top_percent: 20}}" + "features: {total: {sum: tax}}\n",
        ("tax is read as a number, and 3",),
    ),
    "a bound in where": (
        PERSONA % "{did: {event: purchase, where: {tax: {more_than: 3}}}}",
        ("tax is read as a number, and 3 of 39 lines",),
    ),
    "a bound below any": (
        PERSONA
        % "{did: {event: purchase, where: {any: [{tax: {more_than: 3}}, {department: x}]}}}",
        ("tax is read as a number, and 3 of 39 lines",),
    ),
    "a bound of a share": (
        PERSONA % "{share: {of: spend, where: {tax: {more_than: 3}}, at_least: 0.1}}",
        ("tax is read as a number, and 3 of 39 lines",),
    ),
    "a day": (
        PERSONA % "{did: {event: purchase, where: {sent_on: {at_least: 2026-01-01}}}}",
        (
            "sent_on is read as a date, and 2 of 38 lines (5.26 %) have something else there: 99.99.9999 (1), 9999-99-99 (1)",
        ),
    ),
    "an event's sum": (
        FEATURE % "{sum: value, event: visit, where: {kind: points}}",
        ("value is read as a number, and 1 of 10 rows (10 %) has something else there: oops (1)",),
    ),
    "an event's bound, of the rows that the rest chooses": (
        PERSONA % "{did: {event: visit, where: {kind: points, value: {at_least: 3}}}}",
        ("value is read as a number, and 1 of 10 rows",),
    ),
    "an event's bound": (
        PERSONA % "{did: {event: visit, where: {value: {at_least: 3}}}}",
        (
            "value is read as a number, and 11 of 20 rows (55 %) have something else there: dark (10), oops (1)",
        ),
    ),
    "what products lend": (
        FEATURE % "{sum: weight}",
        ("weight is read as a number, and 39 of 39 lines (100 %) have something else there",),
    ),
    "after another event": (
        PERSONA % "{did: {event: purchase, after: {event: visit, where: {value: {at_least: 3}}}}}",
        ("value is read as a number, and 11 of 20 rows",),
    ),
    "words": (PERSONA % "{did: {event: visit, where: {value: dark}}}", ()),
    "nobody": ("personas: {everyone: {columns: [monetary]}}\n", ()),
}


@pytest.mark.parametrize(("rules", "said"), SAID.values(), ids=SAID)
def test_what_a_measure_cannot_read_is_counted(
    segment: Segment, rules: str, said: tuple[str, ...]
) -> None:
    files = {"o.csv": LINES, "e.csv": EVENTS, "p.csv": PRODUCTS}
    rules = RULES.format(keys="", rules=rules)
    done = segment("run", files={**files, "personas.yaml": rules})
    assert done.exit_code == 0, done.err
    found = [text for text in done.warnings if "is read as" in text]
    assert len(found) == len(said), done.err
    assert all(text.startswith(one) for text, one in zip(found, said, strict=True)), found


def test_declared_cells_are_counted_no_more(segment: Segment) -> None:
    keys = ", missing: {tax: [n/a, 12 pts]}"
    rules = RULES.format(keys=keys, rules=FEATURE % "{mean: tax}")
    files = {"o.csv": LINES, "e.csv": EVENTS, "p.csv": PRODUCTS, "personas.yaml": rules}
    done = segment("run", files=files)
    assert (done.exit_code, "is read as" in done.err) == (0, False), done.err


def test_the_mend_names_what_may_be_named(segment: Segment) -> None:
    lines = LINES.replace("tax", "bonus").replace("sent_on", "due")
    rules = (
        "features: {bonuses: {sum: bonus}}\npersonas: {due: {match: {bonuses: {at_least: 0}, "
        "did: {event: purchase, where: {due: {at_least: 2026-01-01}}}}}}\n"
    )
    files = {"o.csv": lines, "e.csv": EVENTS, "p.csv": PRODUCTS}
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys="", rules=rules)})
    assert "declare it: missing: {bonus: [n/a, 12 pts]} on the source of transactions." in done.err
    assert "declare it: missing: {due: [1900-01-01]} on the source of transactions." in done.err


def test_stored_numbers_are_not_looked_at(segment: Segment) -> None:
    lines = pl.read_csv(LINES.encode()).with_columns(
        pl.col("tax").cast(pl.Float64, strict=False), pl.col("ordered_at").str.to_date()
    )
    lines.write_parquet("o.parquet")
    rules = RULES.format(keys="", rules=FEATURE % "{sum: tax}").replace("o.csv", "o.parquet")
    done = segment("run", files={"e.csv": EVENTS, "p.csv": PRODUCTS, "personas.yaml": rules})
    assert (done.exit_code, "is read as" in done.err) == (0, False), done.err


def test_suppression_says_it_once(segment: Segment) -> None:
    rules = (
        "features: {taxes: {sum: tax}}\nsuppress: [{taxes: {at_least: 100}}]\n"
        "personas: {everyone: {columns: [taxes]}}\n"
    )
    files = {"o.csv": LINES, "e.csv": EVENTS, "p.csv": PRODUCTS}
    done = segment("run", files={**files, "personas.yaml": RULES.format(keys="", rules=rules)})
    assert (done.exit_code, done.err.count("as a number, and")) == (3, 1), done.err
