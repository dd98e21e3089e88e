"""Customers who are perhaps nobody: a guest account, a till's own card, one id that buys for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from segmentation.messages.errors import agreeing, counted, listed
from segmentation.messages.notices import Notice, notice
from segmentation.rules.cell_words import MISSING_WORDS
from segmentation.rules.yaml.flow import flow
from segmentation.sources.columns.missing import Missing, words_of
from segmentation.sources.columns.nobody import NUMBERS, SPELT, WORDS

if TYPE_CHECKING:
    from segmentation.checks.moments import AfterScan

#: what stands where there is nothing: a dash, a mark of question, words such as n.a. and NA
_NOTHING: Final = frozenset(word for word in MISSING_WORDS if word and not word[0].isdigit())
#: addresses that nobody has, by what stands before the @; and domains at which nobody is reached
_TEST_ADDRESS: Final = (
    r"^(tests?|testing|tester|testuser|test[._-]?\d+|dummy|fake|guest|gast|invitado|invité|ospite|anonymous|nobody|none|"
    r"no[._-]?(reply|email|mail)|noone|asdf|example|unknown|kein(e)?mail|sin[._-]?(email|correo))@"
)
_EXAMPLE_DOMAIN: Final = r"@(.*\.)?((test|example|none|noemail|nomail)\.(com|org|net|de)|example|test|invalid|localhost)$"
MOST_EXAMPLES: Final = 0.05  # of all ids
_DIGITS: Final = ("0", "9\uffff")  # what ids that begin with one lie between
MOST_ORDERS: Final = 0.05  # of one customer, of all orders
FEWEST_OF_ONE: Final = 10  # rows, all of one customer
FEWEST: Final = 20  # customers, and orders of one of them, before a part of them says anything


def nobody_in_particular(run: AfterScan) -> Iterator[Notice]:
    """A note on ids that name nobody in particular, and on one customer with more than a twentieth of all orders."""
    customers = run.measured.customers
    sources = run.rules.sources["transactions"]
    is_said = any(_says_who(source.missing) for source in sources)
    found = [] if is_said else _named_so(customers["customer_id"])
    others = 0 if is_said else _of_examples(customers["customer_id"])
    if found or others:
        number = len(found) + others
        named = [*found, *([counted(others, "address") + " of examples"] if others else [])]
        text = f"{listed(named)} {agreeing(number, 'is taken for a customer', 'are taken for customers')}"
        mend = f"Where nobody is meant: missing: {flow(found) if found else '[ID]'} on the source of transactions."
        yield notice("nobody-in-particular", text, mend=mend)
    elif customers.height == 1 and (rows := _rows_used(run)) >= FEWEST_OF_ONE:
        text = f"all {rows:,} rows are of one customer"
        mend = "Is customer_id who buys, and not who sells? Map another column: columns: {customer_id: NAME}."
        yield notice("nobody-in-particular", text, mend=mend, level="warn")
    elif (share := _largest_share(customers)) is not None:
        orders, total = share
        text = f"one customer has {orders:,} of {counted(total, 'order')}, more than a twentieth"
        mend = "Where that is no person (a till, a guest account): missing: [ID] on the source of transactions."
        yield notice("nobody-in-particular", text, mend=mend)


def _says_who(missing: Missing) -> bool:
    """Whether a source declares which ids name nobody; days that are none say nothing of ids."""
    of_all = words_of(missing)
    is_of_ids = any(word.lower() in (*NUMBERS, *WORDS, *_NOTHING) for word in of_all)
    return is_of_ids or bool(words_of(missing, "customer_id", of_every=False))


def _rows_used(run: AfterScan) -> int:
    return sum(one.rows_used for one in run.measured.inputs if one.table == "transactions")


def _named_so(customers: pl.Series) -> list[str]:
    """The ids that name nobody in particular; most ids begin with a digit, and are passed over."""
    ids = customers.cast(pl.String)
    words = ids.filter((ids > _DIGITS[1]) | (ids < _DIGITS[0]))
    mails = words.filter(words.str.contains("@", literal=True))
    of_tests = mails.filter(mails.str.to_lowercase().str.contains(_TEST_ADDRESS))
    named = words.filter(words.str.to_lowercase().is_in([*SPELT, *_NOTHING]))
    found = [*named, *of_tests]
    return sorted([*ids.filter(ids.is_in(list(NUMBERS))), *found])


def _of_examples(customers: pl.Series) -> int:
    """How many addresses lie at a domain that is there for examples, where most do not: else all are invented."""
    if customers.dtype.is_numeric():
        return 0
    ids = customers.cast(pl.String)
    low = ids.filter(ids.str.contains("@", literal=True)).str.to_lowercase()
    found = (low.str.contains(_EXAMPLE_DOMAIN) & ~low.str.contains(_TEST_ADDRESS)).sum()
    return int(found) if found <= max(1, len(ids) * MOST_EXAMPLES) < len(ids) else 0


def _largest_share(customers: pl.DataFrame) -> tuple[int, int] | None:
    """The orders of who has most, and of all, where they are more than a twentieth; None where not."""
    if "frequency" not in customers.columns or customers.height < FEWEST:
        return None
    orders = pl.col("frequency")
    most, total = customers.select(most=orders.max(), total=orders.sum()).row(0)
    most = most or 0
    return (most, total) if most >= FEWEST and most > MOST_ORDERS * total else None
