"""What a stop of suppression advises leaves out whoever said no, and nobody else: it is followed here."""

from __future__ import annotations

import re

import pytest
from harness import Segment
from suppression import Scenario, crm

ADVISED = re.compile(r"(?:left out, |dates: |numbers: )(opted_out: .*?)(?:\.| leaves)")
#: the rule, what 1, 2 and the others have there, and who is left out once the advice is followed
FOLLOWED: dict[str, tuple[str, str, str, str, str]] = {
    "a refusal in German": ("opted_out: true", "ja", "nein", "nein", "1"),
    "in two languages": ("opted_out: true", "yes", "ja", "no", "12"),
    "a consent in German": ("opted_out: false", "nein", "ja", "ja", "1"),
    "all but a yes": ("opted_out: {is_not: true}", "non", "oui", "oui", "1"),
    "all but a no": ("opted_out: {is_not: false}", "tak", "nie", "nie", "1"),
    "a mark": ("opted_out: true", "x", "nein", "nein", "1"),
    "a date of a refusal": ("opted_out: true", "2026-01-01", "", "", "1"),
    "a date of a consent": ("opted_out: {is_not: true}", "", "2026-01-01", "2026-01-02", "1"),
}


def listed(rule: str, one: str, two: str, others: str) -> Scenario:
    rows = [f"1,{one}", f"2,{two}", *(f"{i},{others}" for i in "3456")]
    return Scenario(f"{{{rule}}}", {"c.csv": crm(*rows)}, events="", customers="c.csv")


@pytest.mark.parametrize(("rule", "one", "two", "others", "gone"), FOLLOWED.values(), ids=FOLLOWED)
def test_the_advice_leads_to_the_truth(
    segment: Segment, rule: str, one: str, two: str, others: str, gone: str
) -> None:
    it = listed(rule, one, two, others)
    stopped = segment("run", files=it.written())
    assert stopped.exit_code == 3, stopped.err
    found = ADVISED.search(stopped.err)
    assert found is not None, stopped.err
    done = segment("run", files=listed(found[1], one, two, others).written())
    assert (done.exit_code, sorted({*it.everybody} - {*done.ids("p")})) == (0, [*gone]), done.err


#: cells of which nobody knows what they mean -> what is said, and what never is
UNKNOWN = {
    "words": ("opted_out: true", "maybe", "perhaps", "left out, opted_out: [WORD, …]."),
    "percentages": ("opted_out: true", "50 %", "20 %", "Mend the data. If"),
    "words beside numbers": ("opted_out: {at_least: 3}", "high", "4", "by a rule of its own alone"),
    "a percentage beside numbers": ("opted_out: {at_least: 3}", "50 %", "4", "Mend the data. If"),
}


@pytest.mark.parametrize(("rule", "one", "two", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_nobody_knows_is_not_named(
    segment: Segment, rule: str, one: str, two: str, said: str
) -> None:
    stopped = segment("run", files=listed(rule, one, two, two).written())
    assert (stopped.exit_code, said in stopped.err) == (3, True), stopped.err
