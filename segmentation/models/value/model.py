"""One frozen ValueModel: orders × order value over a horizon, in days and money.

    predicted_value = expected_orders (MBG/NBD) × expected_order_value (Gamma-Gamma)

It knows how it was made and survives a JSON round trip exactly; `fitting` makes it and `scoring`
applies it, one customer at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from segmentation.dataclass import dataclass
from segmentation.models.value import btyd, gamma_gamma
from segmentation.models.value.btyd import ModelName, OrderModel
from segmentation.models.value.gamma_gamma import SpendModel
from segmentation.rules.money import rounded
from segmentation.rules.scalars import is_number, is_texts

_PLAIN = ("base_value", "log_likelihood", "customers", "triples", "horizon_days", "penalised")
_COUNTS = ("customers", "triples", "horizon_days")
_KEYS = ("model", *btyd.LETTERS, *gamma_gamma.LETTERS, *_PLAIN, "on_bound", "notes")


@dataclass(frozen=True)
class ValueModel:
    """Fitted parameters and how they came about.

    orders: None when orders cannot be forecast; then `score` gives missing values.
    spend: None when spend cannot be modelled; then every order is worth base_value, the mean
    value of one order over all customers (≥ 0). log_likelihood: of the order model, times in
    days (in weeks it is higher by Σx · ln 7). customers: fitted on; triples: distinct histories
    among them. on_bound: letters that ended on a bound of the search. penalised: whether a
    penalty held a and b, or p and q, back. notes: sentences for a report. seasonal_index: what
    predicted_value is multiplied by; None where no season was asked for.
    """

    model: ModelName
    orders: OrderModel | None
    spend: SpendModel | None
    base_value: float
    log_likelihood: float | None
    customers: int
    triples: int
    horizon_days: int
    on_bound: tuple[str, ...]
    penalised: bool
    notes: tuple[str, ...]
    seasonal_index: float | None = None

    def with_season(
        self, year_ago: float, last_year: float, *, history_days: int, year_days: int
    ) -> ValueModel:
        """This model, scaled by how the horizon's season did a year ago.

        year_ago: net spend of the horizon's days, year_days earlier; last_year: of all the last
        year_days. The index is 1 where history is too short or there was no spend; notes say so.
        """
        usual = last_year * self.horizon_days / year_days
        if history_days < year_days:
            index, said = 1.0, f"{history_days} days of history show no whole year: no season used"
        elif min(year_ago, usual) <= 0:
            index, said = 1.0, "nothing was spent a year ago: no season used"
        else:
            index = year_ago / usual
            said = f"predicted_value is multiplied by {rounded(index, 3):.3f}, after the same days a year ago"
        return replace(self, seasonal_index=index, notes=(*self.notes, f"Season: {said}."))

    def to_json(self) -> dict[str, Any]:
        """JSON types only: parameters by their letters, None where not fitted.

        >>> ValueModel("mbg", None, None, 0.0, None, 1, 1, 180, (), False, ()).to_json()["alpha"]
        """
        return {
            "model": self.model,
            **_by_letter(btyd.LETTERS, self.orders),
            **_by_letter(gamma_gamma.LETTERS, self.spend),
            **{key: getattr(self, key) for key in _PLAIN},
            "on_bound": list(self.on_bound),
            "notes": list(self.notes),
            "seasonal_index": self.seasonal_index,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ValueModel:
        """The model that `to_json` wrote; ValueError says what is missing or impossible."""
        missing = [key for key in _KEYS if key not in value]
        if missing:
            raise ValueError(f"the value model lacks {', '.join(missing)}")
        if value["model"] not in ("mbg", "bg"):
            raise ValueError(f'the value model is "{value["model"]}", not "mbg" or "bg"')
        orders = _parameters(btyd.LETTERS, value)
        spend = _parameters(gamma_gamma.LETTERS, value)
        if spend is not None and SpendModel(*spend).q <= 1:
            raise ValueError("the value model's q is 1 or less: it has no mean")
        _check_plain(value)
        return cls(
            model=value["model"],
            orders=OrderModel(value["model"], *orders) if orders else None,
            spend=SpendModel(*spend) if spend else None,
            on_bound=tuple(value["on_bound"]),
            notes=tuple(value["notes"]),
            seasonal_index=_positive("seasonal_index", value.get("seasonal_index")),
            **{key: value[key] for key in _PLAIN},
        )


def _by_letter(letters: tuple[str, ...], part: OrderModel | SpendModel | None) -> dict[str, Any]:
    return {letter: None if part is None else getattr(part, letter) for letter in letters}


def _parameters(letters: tuple[str, ...], value: Mapping[str, Any]) -> list[float] | None:
    """The parameters in order; None if all are None. A half-filled or non-positive set is wrong."""
    found = [value[letter] for letter in letters]
    if all(parameter is None for parameter in found):
        return None
    return [_number(letter, parameter) for letter, parameter in zip(letters, found, strict=True)]


def _check_plain(value: Mapping[str, Any]) -> None:
    """Raise ValueError unless what is no parameter has its type, and money and counts are not negative."""
    found, likely = value["base_value"], value["log_likelihood"]
    is_sound = {
        "base_value": is_number(found) and 0 <= found <= sys.float_info.max,
        "log_likelihood": likely is None or (is_number(likely) and abs(likely) < float("inf")),
        "penalised": isinstance(value["penalised"], bool),
        **{key: type(value[key]) is int and value[key] >= 0 for key in _COUNTS},
        **{key: is_texts(value[key]) for key in ("on_bound", "notes")},
    }
    wrong = [key for key, sound in is_sound.items() if not sound]
    if wrong:
        raise ValueError(f"the value model's {wrong[0]} is not what a run writes")


def _positive(name: str, value: Any) -> float | None:
    return None if value is None else _number(name, value)


def _number(name: str, value: Any) -> float:
    """A positive number, or ValueError."""
    if not is_number(value):
        raise ValueError(f"the value model's {name} is {value!r}, not a number")
    if not 0 < value <= sys.float_info.max:
        raise ValueError(f"the value model's {name} is {value}; it must be positive")
    return float(value)
