"""Files of one source whose dates can be read in two ways: which file, and a mend that works as pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from harness import Segment

ORDERS = "customer_id,ordered_at,amount\n" + "".join(f"{i},2026-03-10,5\n" for i in "1234")
RULES = """\
version: 1
sources:
  transactions: t.csv
  events:
  - {path: 'in/*.csv', event: complaint}
  - {path: other.csv, event: login}
personas: {p: {}}
suppress: [{did: complaint}]
"""
LOGIN = "customer_id,occurred_at\n4,2026-03-01\n"
H = "customer_id,occurred_at\n"
AMBIGUOUS = (
    'occurred_at: the date "03/02/2026" in the column occurred_at reads as 2 March 2026 (%m/%d/%Y) or '
    "3 February 2026 (%d/%m/%Y)"
)
EACH = "ead each as a source of its own; under `events:`, in the place of in/*.csv"

#: files of the glob -> what is said, and who is suppressed once the mend is pasted
FILES: dict[str, tuple[Mapping[str, str], list[str], str]] = {
    "the first one is ISO": (
        {"1": H + "1,2026-02-28\n", "2": H + "2,03/02/2026\n3,04/02/2026\n"},
        [f"in/2.csv: {AMBIGUOUS}; in/1.csv has ISO\n  R{EACH}"],
        "123",
    ),
    "the first one has dots": (
        {"1": H + "1,01.02.2026\n", "2": H + "2,03/02/2026\n3,04/02/2026\n"},
        [f"in/2.csv: {AMBIGUOUS}; in/1.csv has %d.%m.%Y\n  R{EACH}"],
        "123",
    ),
    "the first one has another header": (
        {"1": "customer_id,note,occurred_at\n1,x,28/02/2026\n", "2": H + "2,03/02/2026\n"},
        [
            f"in/2.csv: {AMBIGUOUS}; in/1.csv has %d/%m/%Y\n  If all are written so: `date_format: '%d/%m/%Y'`. "
            f"Else r{EACH}"
        ],
        "12",
    ),
    "one has the day first, one the month": (
        {
            "1": H + "1,28/02/2026\n",
            "2": H + "2,02/28/2026\n3,04/02/2026\n",
            "3": H,
            "4": H + "3,02/02/2026\n",
        },
        [
            "in/*.csv: occurred_at: these files differ in how they write dates; in/1.csv has %d/%m/%Y, in/2.csv has %m/%d/%Y"
        ],
        "123",
    ),
    "and a third tells nothing": (
        {"1": H + "1,28/02/2026\n", "2": H + "2,02/28/2026\n", "3": H + "3,03/02/2026\n"},
        [f"in/3.csv: {AMBIGUOUS}; in/1.csv has %d/%m/%Y, in/2.csv has %m/%d/%Y"],
        "123",
    ),
}


def shop(dates: Mapping[str, str], rules: str = RULES) -> dict[str, str]:
    named = {f"in/{name}.csv": text for name, text in dates.items()}
    return {"personas.yaml": rules, "t.csv": ORDERS, "other.csv": LOGIN, **named}


@pytest.mark.parametrize(("dates", "said", "gone"), FILES.values(), ids=FILES)
def test_the_file_is_named_and_the_list_can_be_pasted(
    segment: Segment, dates: Mapping[str, str], said: list[str], gone: str
) -> None:
    result = segment("run", files=shop(dates))
    assert result.exit_code == 3
    for words in said:
        assert words in result.err
    entries = re.findall(r"^  (- \{.*)$", result.err, re.MULTILINE)
    assert len(entries) == len(dates)
    pasted = RULES.replace("- {path: 'in/*.csv', event: complaint}", "\n  ".join(entries))
    pasted = pasted.replace("event: complaint, date", "event: complaint, quiet_for: 90d, date")
    pasted = pasted.replace(
        "in/3.csv, event: complaint}", "in/3.csv, event: complaint, quiet_for: 90d}"
    )
    mended = segment("run", files=shop(dates, pasted))
    assert mended.exit_code == 0, mended.err
    assert "rejected" not in mended.err
    assert {*"1234"} - {*mended.ids("p")} == {*gone}


def test_files_that_are_all_ambiguous_are_counted(segment: Segment) -> None:
    result = segment("run", files=shop(dict.fromkeys("123", H + "1,03/02/2026\n")))
    assert result.err == (
        f"in/1.csv: {AMBIGUOUS} (and so in 2 more files)\n"
        "  Say which: `date_format: '%m/%d/%Y'` or `date_format: '%d/%m/%Y'`\n"
    )


@pytest.mark.deep
def test_many_files_go_to_folders_of_their_own(segment: Segment) -> None:
    dates = {
        **dict.fromkeys("1234567", H + "1,2026-02-28\n"),
        "8": H + "2,03/02/2026\n3,04/02/2026\n",
    }
    result = segment("run", files=shop(dates))
    assert f"in/8.csv: {AMBIGUOUS}; in/1.csv, in/2.csv, in/3.csv, … (4 more) have ISO" in result.err
    assert (
        "  Read the files of each format as a source of their own, from a folder of their own"
        in result.err
    )


def test_an_ambiguous_number_is_told_with_its_own_file(segment: Segment) -> None:
    rules = "version: 1\nsources: {transactions: 'in/*.csv'}\npersonas: {p: {}}\n"
    files = shop({"1": ORDERS, "2": ORDERS + '5,2026-03-10,"1,234"\n'}, rules)
    result = segment("run", files=files)
    assert result.err.startswith('in/2.csv: a number written "9,999" reads as 9999 or as 9.999\n')


LAUNCHES = """\
version: 1
sources:
  transactions: t.csv
  events: {path: e.csv, event: browse}
  products: {path: q.csv%s}
personas: {p: {match: {did: {event: browse, where: {launched_at: {at_least: 2026-02-15}}}}}}
"""


@pytest.mark.parametrize(("form", "who"), [("%d/%m/%Y", []), ("%m/%d/%Y", ["1"])])
def test_the_format_of_a_launch_can_be_said(segment: Segment, form: str, who: list[str]) -> None:
    files = {
        "t.csv": ORDERS,
        "e.csv": "customer_id,occurred_at,product_id\n1,2026-03-10,a\n",
        "q.csv": "product_id,launched_at\na,03/02/2026\nb,04/02/2026\n",
    }
    asked = segment("run", files={**files, "personas.yaml": LAUNCHES % ""})
    assert asked.exit_code == 3
    assert f"`date_format: '{form}'`" in asked.err
    said = segment("run", files={**files, "personas.yaml": LAUNCHES % f", date_format: '{form}'"})
    assert (said.exit_code, said.ids("p")) == (0, who), said.err
