"""The keys of personas.yaml and of one persona; `sources`, `value` and `notices` have their own.

The parser and the JSON Schema are made of these tables; what stands under a key that nests
(conditions, features, dimensions) has its grammar elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from segmentation.rules.conditions import EVERYONE, Condition, Path
from segmentation.rules.measures import Measure
from segmentation.rules.prose import quoted
from segmentation.rules.reading.forms import FLAG, TEXT, list_of, one_of, optional, plain, whole
from segmentation.rules.reading.keys import WRONG, Form, Key, Keys, Required, Wrong
from segmentation.rules.reading.names import named
from segmentation.rules.reading.notice_levels import LEVELS
from segmentation.rules.reading.sources import JOIN, NUMBER, SOURCE, TABLES
from segmentation.rules.reading.time_zone import TIME_ZONE
from segmentation.rules.reading.value import VALUE
from segmentation.rules.schema.fragments import ref

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

MOST_WRITTEN: Final = 2_000  # files of one for_each; each is written and counted by itself


# -- what has its grammar elsewhere ---------------------------------------------------------------


def _condition(value: Any, path: Path, parser: Parser) -> Condition:
    return parser.condition(value, path)


def _match(value: Any, path: Path, parser: Parser) -> Condition:
    return EVERYONE if value == {} else parser.condition(value, path)


def _feature(value: Any, path: Path, parser: Parser) -> Measure | Wrong:
    return parser.feature(value, path) or WRONG


CONDITION: Final = Form("a condition", _condition, ref("condition"))
MATCH: Final = Form(
    "a condition", _match, {"anyOf": [{"type": "object", "maxProperties": 0}, ref("condition")]}
)
FEATURE: Final = Form("a feature", _feature, ref("feature"))
#: read when the file's `base` is known
DIMENSION: Final[Form[Any]] = Form("a dimension", lambda v, path, parser: v, ref("dimension"))
_ORDER: Final = list_of(Form(TEXT.words, TEXT.read, ref("persona_name")))
#: that none is named twice is checked with the names
WATERFALL: Final = replace(_ORDER, schema={**_ORDER.schema, "uniqueItems": True})


# -- a persona ------------------------------------------------------------------------------------


def _persona(found: dict[str, Any], path: Path, parser: Parser) -> dict[str, Any]:
    if found["most"] is not None and found["for_each"] is None:
        parser.wrong(
            (*path, "most"),
            f"most counts the files of for_each, and persona {quoted(path[-1])} has none",
            "Add for_each, such as for_each: country; or leave most out.",
            key=True,
        )
    return found


PERSONA: Final = Keys(
    definition="PersonaFile",
    description="One persona: who belongs to it, and what is written of them.",
    keys=(
        Key("title", TEXT, "", "What people read; its name, where none is given."),
        Key("match", MATCH, {}, "Who belongs to it; {} is everyone."),
        Key(
            "for_each",
            optional(TEXT),
            None,
            "A dimension, top_department or a text column of customers: one audience per value.",
        ),
        Key(
            "most",
            optional(whole(1, MOST_WRITTEN)),
            None,
            "For so many values of for_each, the largest, a file is written.",
        ),
        Key("columns", list_of(TEXT), [], "More columns for its files."),
        Key(
            "safe_csv",
            optional(FLAG),
            None,
            "Whether texts that a spreadsheet would run get an apostrophe; else what the file says.",
        ),
    ),
    means=_persona,
    strays="What customers meet stands under match.",
    together={
        "if": {"required": ["most"], "properties": {"most": {"not": {"type": "null"}}}},
        "then": {"required": ["for_each"], "properties": {"for_each": {"not": {"type": "null"}}}},
    },
)


# -- the file -------------------------------------------------------------------------------------

FILE: Final = Keys(
    definition="File",
    description="The keys of personas.yaml.",
    keys=(
        Key(
            "version",
            plain("1", {"type": "integer", "const": 1}, lambda v: v == 1 and v is not True),
            Required("Add version: 1 as the first line.", meanwhile=1),
            "The version of this language.",
        ),
        Key("sources", TABLES.form(), {}, "Where each table is."),
        Key(
            "timezone",
            TIME_ZONE,
            "UTC",
            "Which calendar day a moment belongs to, such as Europe/Paris.",
        ),
        Key(
            "base",
            one_of("buyers", "everyone"),
            "buyers",
            "Who is a customer: who has ordered, or everyone in the table customers.",
        ),
        Key(
            "new_arrival_days",
            whole(0, 3650),
            30,
            "For how many days after its launch a product is a new arrival.",
        ),
        Key("value", VALUE.form(), {}, "How future value is predicted."),
        Key("features", named("feature", FEATURE), {}, "Measures of your own, by name."),
        Key(
            "dimensions",
            named("dimension", DIMENSION),
            {},
            "By name, lists of labels; every customer has one of each.",
        ),
        Key("personas", named("persona", PERSONA.form()), {}, "The audiences, by name."),
        Key("suppress", list_of(CONDITION), [], "Who meets one of these is in no audience."),
        Key(
            "waterfall",
            WATERFALL,
            [],
            "Personas that exclude each other: a customer is in the first of them that matches.",
        ),
        Key(
            "columns", list_of(TEXT), [], "What every file says of each member, after customer_id."
        ),
        Key(
            "safe_csv", FLAG, True, "Whether texts that a spreadsheet would run get an apostrophe."
        ),
        Key("notices", LEVELS, {}, "Codes of notices, each with another level; off is silence."),
    ),
    means=lambda found, path, parser: found,
    strays="A persona stands under personas, a feature under features.",
    together={},
)

#: every mapping that has a definition of its own in the schema
DEFINED: Final[tuple[Keys[Any], ...]] = (TABLES, SOURCE, JOIN, NUMBER, VALUE, PERSONA)
