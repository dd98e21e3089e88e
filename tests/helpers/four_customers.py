"""Four customers a, b, c, d, and what suppression compares of them: what tables of words are made of.

A row of such a table is a shop and an outcome: who is exported, or what stops the run, or what is
said of a run that goes on.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from harness import Segment

LINES = """customer_id,order_id,ordered_at,amount,department,product_id
a,1,2026-03-01,5,Men,p1
b,2,2026-03-02,5,Hats,p2
c,3,2026-03-02,5,Men,p1
d,4,2026-03-03,5,Hats,p2
"""
EVENTS = """customer_id,occurred_at,event,severity,campaign
a,2026-02-27,complaint,high,
b,2026-02-27,send,,Spring
c,2025-02-27,send,,Winter
"""
PRODUCTS = "product_id,collection\np1,autumn\np2,summer\n"


def column(name: str, *cells: str) -> str:
    """The customers' file: one column, with the cells of a, b, c, d."""
    rows = [f'{who},"{cell}"' for who, cell in zip("abcd", cells, strict=True)]
    return "\n".join([f"customer_id,{name}", *rows, ""])


@dataclass(frozen=True)
class Shop:
    """Rules and files; `suppress` is one rule, `more` stands beside it, `sources` adds to sources."""

    suppress: str = ""
    more: str = ""
    persona: str = "{}"
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, str | bytes]:
        """Every file of it."""
        files = {"t.csv": LINES, "e.csv": EVENTS, "p.csv": PRODUCTS, **self.files}
        given = {"transactions": "t.csv", "events": "e.csv", "products": "p.csv"}
        customers = [name for name in ("c.csv", "c.parquet") if name in files]
        given |= {"customers": customers[0]} if customers else {}
        sources = ", ".join(f"{k}: {v}" for k, v in (given | dict(self.sources)).items())
        lines = [
            "version: 1",
            f"sources: {{{sources}}}",
            f"personas: {{p: {{match: {self.persona}}}}}",
        ]
        lines += [f"suppress: [{self.suppress}]"] if self.suppress else []
        return {**files, "personas.yaml": "\n".join([*lines, self.more, ""])}


@dataclass(frozen=True)
class Stops:
    """The run ends with exit 3, with these words in the message, and publishes nothing."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Sends:
    """The run publishes these customers, and says this."""

    ids: str
    said: tuple[str, ...] = ()


Row = tuple[Shop, Stops | Sends]


def stops(*words: str) -> Stops:
    return Stops(words)


def sends(ids: str, *said: str) -> Sends:
    return Sends(ids, said)


def customers(rule: str, name: str, *cells: str, more: str = "", values: str = "") -> Shop:
    source = {"customers": f"{{path: c.csv, values: {{{values}}}}}"} if values else {}
    return Shop(rule, more, files={"c.csv": column(name, *cells)}, sources=source)


def events(rule: str, *rows: str, more: str = "", values: str = "") -> Shop:
    """Rows of events in place of the shop's: customer,day,event,severity,campaign."""
    head = "customer_id,occurred_at,event,severity,campaign"
    source = {"events": f"{{path: e.csv, values: {{{values}}}}}"} if values else {}
    return Shop(rule, more, files={"e.csv": "\n".join([head, *rows, ""])}, sources=source)


def parquet(rule: str, **columns: list[Any]) -> Shop:
    held = io.BytesIO()
    pl.DataFrame({"customer_id": list("abcd"), **columns}).write_parquet(held)
    return Shop(rule, files={"c.parquet": held.getvalue()})


def as_parquet(text: str, *, dates: bool = False) -> bytes:
    held = io.BytesIO()
    pl.read_csv(io.StringIO(text), try_parse_dates=dates).write_parquet(held)
    return held.getvalue()


def ends(segment: Segment, shop: Shop, outcome: Stops | Sends) -> None:
    """The run of a shop ends as it must; where it stops, the doors that it prints open it."""
    result = segment("run", files=shop.written())
    if isinstance(outcome, Stops):
        assert result.exit_code == 3, (result.exit_code, result.err, result.out)
        assert [w for w in outcome.words if w not in result.err] == [], result.err
        assert not (result.folder / "audiences").exists()
        signed = segment("run", files={"personas.yaml": result.signed})
        assert signed.exit_code == 0, (result.err, signed.err)
        return
    assert result.exit_code == 0, result.err
    assert result.ids("p") == list(outcome.ids)
    said = [*result.warnings, *result.notes]
    assert [s for s in outcome.said if not any(s in text for text in said)] == [], said
