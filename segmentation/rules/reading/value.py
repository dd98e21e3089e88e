"""The key `value` of personas.yaml: how future value is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from segmentation.rules.conditions import Path
from segmentation.rules.reading.forms import FLAG, TEXT, one_of
from segmentation.rules.reading.keys import WRONG, Form, Key, Keys, Wrong, dotted
from segmentation.rules.value_settings import YEAR, ModelName, ValueRules, horizon_days
from segmentation.rules.windows import COUNT, UNITS

if TYPE_CHECKING:
    from segmentation.rules.reading.conditions import Parser

_UNITS: Final = "|".join(unit for unit in UNITS if UNITS[unit].days)


def _horizon(value: Any, path: Path, parser: Parser) -> int | Wrong:
    """Days."""
    text = TEXT.read(value, path, parser)
    if text is WRONG:
        return WRONG
    try:
        return horizon_days(text)
    except ValueError as error:
        parser.wrong(path, f"{dotted(path)}: {error}")
        return WRONG


def _means(found: dict[str, Any], path: Path, parser: Parser) -> ValueRules | Wrong:
    if found["seasonal"] and found["horizon"] > YEAR:
        parser.wrong(
            path, f"{dotted(path)}: a seasonal index needs a horizon of at the most {YEAR} days"
        )
        return WRONG
    return ValueRules(found["model"], found["horizon"], found["seasonal"])


VALUE: Final = Keys(
    definition="ValueFile",
    description="How future value is predicted.",
    keys=(
        Key(
            "model",
            one_of(*get_args(ModelName)),
            "mbg",
            "mbg: a customer may leave after any order; bg: nobody leaves after the first.",
        ),
        Key(
            "horizon",
            Form("a text", _horizon, {"type": "string", "pattern": f"^{COUNT}({_UNITS})$"}),
            "180d",
            "How far ahead to predict: 1 day to 10 years, like 180d, 26w or 6mo.",
        ),
        Key("seasonal", FLAG, False, "Whether last year's season scales the prediction."),
    ),
    means=_means,
    strays="",
    together={},
)
