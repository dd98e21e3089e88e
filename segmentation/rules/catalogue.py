"""The catalogue of built-in features: one entry each, the only place that defines them.

`segment features`, the reference, the JSON Schema, the checks of personas.yaml and the engine
all read it. A feature is a measure (rows to one value per customer) or a formula over other
features of the same customer. Formulas see columns through `Inputs`, so this module needs no
Polars. An internal feature (its name starts with `_`) cannot be named in rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final, Literal, Protocol

from segmentation.dataclass import dataclass
from segmentation.rules.conditions import Compare
from segmentation.rules.feature_facts import Lack, LackOf, Missing, Range, Texts, UpToAsOf, Values
from segmentation.rules.measures import Measure
from segmentation.rules.money import SCALE
from segmentation.rules.operators import IS

if TYPE_CHECKING:
    import polars as pl

#: how values are held: `money` is an integer count of 1/10,000 until it is written
Kind = Literal["number", "money", "share", "date", "text", "flag"]
#: what is fitted to all customers beside plain cuts
Model = Literal["value", "cadence"]
SHARE_OF_DEPARTMENT: Final = "department_share."


class Inputs(Protocol):
    """What a formula sees: columns of the customer's row, the date, and fitted cuts."""

    @property
    def as_of(self) -> pl.Expr:
        """The day the run looks back from."""

    def __getitem__(self, name: str) -> pl.Expr:
        """The column of a feature."""

    def ratio(self, part: str, whole: str, *, scale: int = 1) -> pl.Expr:
        """Part ÷ (whole × scale); missing where the whole is not above zero."""

    def quotient(self, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
        """Part ÷ whole; missing where the whole is not above zero."""

    def score(self, name: str, *, best: Literal["high", "low"]) -> pl.Expr:
        """1 to 5 by the fitted quintiles of a feature."""


@dataclass(frozen=True)
class Feature:
    """One built-in feature; `needs` are columns of transactions (products may provide them).

    `values`, `whole` and `lacking` are facts that the lint relies on.
    """

    name: str
    meaning: str
    unit: str
    kind: Kind
    values: Values
    lacking: Missing
    whole: bool = field(kw_only=True)
    needs: tuple[str, ...] = ()
    measure: Measure | None = None
    uses: tuple[str, ...] = ()
    formula: Callable[[Inputs], pl.Expr] | None = None
    model: Model | None = None  # fitted to all customers, applied to `uses`

    @property
    def is_internal(self) -> bool:
        """Whether rules cannot name it."""
        return self.name.startswith("_")

    @property
    def span(self) -> str:
        """The range of its values in words."""
        return str(self.values)

    @property
    def missing(self) -> str:
        """When it is missing, in words."""
        return str(self.lacking)


def _score(name: str, of: str, meaning: str, best: Literal["high", "low"]) -> Feature:
    return Feature(
        name,
        f"{meaning}, 5 is best; quintiles of the base",
        "",
        "number",
        Range(1, 5),
        Missing(LackOf((of,), of)),
        whole=True,
        uses=(of,),
        formula=lambda f: f.score(of, best=best),
    )


def _share_of_items(name: str, meaning: str, flag: str, needs: tuple[str, ...]) -> Feature:
    where = Compare(flag, IS.name, value=True)
    return Feature(
        name,
        meaning,
        "share",
        "share",
        Range(0, 1),
        Missing(Lack.NO_ITEM),
        whole=False,
        needs=needs,
        measure=Measure("share", of="items", where=where),
    )


def _of(model: str, feature: Feature) -> Feature:
    """One field of what a fitted model says of a customer."""
    name = feature.name
    return replace(feature, uses=(model,), formula=lambda f: f[model].struct.field(name))


_NO_ORDER: Final = Missing(Lack.NO_ORDER)
_NO_MODEL: Final = Missing(Lack.NO_ORDER, Lack.NO_MODEL)
_NEVER: Final = Missing()

BUILT_IN: Final[tuple[Feature, ...]] = (
    Feature("recency_days", "as_of minus the day of the last order", "days", "number",
            Range(0), _NO_ORDER, whole=True, uses=("last_order_on",),
            formula=lambda f: (f.as_of - f["last_order_on"]).dt.total_days()),
    Feature("frequency", "number of orders", "orders", "number",
            Range(0, of_buyers=1), _NEVER, whole=True, measure=Measure("count", of="orders")),
    Feature("monetary", "net spend: bought plus returned amounts", "currency", "money",
            Range(), Missing(instead="0 without lines"), whole=False, uses=("_bought", "_returned"),
            formula=lambda f: f["_bought"] + f["_returned"]),
    Feature("average_order_value", "monetary ÷ frequency", "currency", "number",
            Range(), _NO_ORDER, whole=False, uses=("monetary", "frequency"),
            formula=lambda f: f.ratio("monetary", "frequency", scale=SCALE)),
    Feature("longevity_days", "as_of minus the day of the first order", "days", "number",
            Range(0), _NO_ORDER, whole=True, uses=("first_order_on",),
            formula=lambda f: (f.as_of - f["first_order_on"]).dt.total_days()),
    Feature("first_order_on", "day of the first order", "date", "date",
            UpToAsOf(), _NO_ORDER, whole=False, measure=Measure("min", column="ordered_on")),
    Feature("last_order_on", "day of the last order", "date", "date",
            UpToAsOf(), _NO_ORDER, whole=False, measure=Measure("max", column="ordered_on")),
    Feature("typical_gap_days", "median days between the customer's order days", "days", "number",
            Range(1), Missing(Lack.ONE_ORDER_DAY), whole=False,
            measure=Measure("median_gap", column="ordered_on")),
    _score("r_score", "recency_days", "how recent the last order is", "low"),
    _score("f_score", "frequency", "how many orders", "high"),
    _score("m_score", "monetary", "how much was spent", "high"),
    Feature("rfm", "r_score, f_score and m_score as text, such as 543", "", "text",
            Texts("111 to 555", "[1-5]{3}"),
            Missing(LackOf(("r_score", "f_score", "m_score"), "any score")), whole=False,
            uses=("r_score", "f_score", "m_score"),
            formula=lambda f: (f["r_score"].cast(int) * 100 + f["f_score"].cast(int) * 10
                               + f["m_score"].cast(int)).cast(str)),
    Feature("departments", "number of departments bought from", "departments", "number",
            Range(0), _NEVER, whole=True, needs=("department",),
            measure=Measure("distinct", column="department")),
    Feature("top_department", "department with the largest bought spend (ties: first by name)",
            "", "text", Texts("a department", ".+"), Missing(Lack.NO_SPEND, Lack.NO_DEPARTMENT),
            whole=False, needs=("department",),
            measure=Measure("top", of="spend", column="department")),
    Feature("top_department_share", "share of bought spend in top_department", "share", "share",
            Range(0, 1, above=True), Missing(Lack.NO_SPEND, Lack.NO_DEPARTMENT), whole=False,
            needs=("department",), measure=Measure("top_share", of="spend", column="department")),
    _share_of_items("discount_share", "share of bought items with a discount", "discounted",
                    ("discount",)),
    _share_of_items("new_arrival_share", "share of bought items bought within new_arrival_days "
                    "of the product's launch", "new_arrival", ("launched_at",)),
    Feature("return_share", "returned ÷ bought spend, as a positive share", "share", "share",
            Range(0, because="above 1 when more came back than was bought in the data"),
            Missing(Lack.NO_SPEND), whole=False, uses=("_returned", "_bought"),
            formula=lambda f: f.ratio("_returned", "_bought").abs()),  # -ratio would be -0.0
    Feature("margin", "bought amount minus cost × quantity, net of returns", "currency", "money",
            Range(), Missing(Lack.NO_LINE, Lack.NO_COST), whole=False, needs=("cost",),
            measure=Measure("sum", column="margin", lines="all", strict=True)),
    Feature("margin_share", "margin ÷ monetary", "share", "share",
            Range(), Missing(LackOf(("margin",), "margin"), Lack.NO_POSITIVE_SPEND), whole=False,
            needs=("cost",), uses=("margin", "monetary"),
            formula=lambda f: f.ratio("margin", "monetary")),
    Feature("order_days", "number of days with an order", "days", "number",
            Range(0, of_buyers=1), _NEVER, whole=True,
            measure=Measure("order_days", column="ordered_on")),
    Feature("repeat_order_value", "mean bought spend per order day after the first", "currency",
            "number", Range(0, above=True), Missing(Lack.ONE_ORDER_DAY), whole=False,
            uses=("_bought", "_first_day_bought", "order_days"),
            formula=lambda f: f.quotient(f["_bought"] - f["_first_day_bought"],
                                         (f["order_days"] - 1) * SCALE)),
    _of("_value", Feature(
        "p_alive", "probability that the customer still buys here at all", "probability", "share",
        Range(0, 1), _NO_MODEL, whole=False)),
    _of("_value", Feature(
        "expected_orders", "order days expected within the value horizon", "order days", "number",
        Range(0), _NO_MODEL, whole=False)),
    _of("_value", Feature(
        "expected_order_value", "expected net spend of one future order day", "currency", "number",
        Range(0), _NO_ORDER, whole=False)),
    _of("_value", Feature(
        "predicted_value", "net spend expected within the value horizon: expected_orders × "
        "expected_order_value (× the seasonal index, where asked for)", "currency", "number",
        Range(0), _NO_MODEL, whole=False)),
    _of("_value", Feature(
        "p_buy", "probability of an order within the value horizon", "probability", "share",
        Range(0, 1), _NO_MODEL, whole=False)),
    _of("_cadence", Feature(
        "expected_gap_days", "days to expect between two order days: the customer's own gaps, "
        "shrunk to everybody's", "days", "number", Range(0, above=True), _NO_MODEL, whole=False)),
    _of("_cadence", Feature(
        "overdue_ratio", "recency_days ÷ expected_gap_days (at least one day); 1 is due today",
        "", "number", Range(0), _NO_MODEL, whole=False)),
    Feature("_value", "what the value model says", "", "number", Range(), _NO_ORDER, whole=False,
            model="value", uses=("order_days", "longevity_days", "recency_days", "monetary")),
    Feature("_cadence", "what the cadence says", "", "number", Range(), _NO_ORDER, whole=False,
            model="cadence", uses=("_order_days", "recency_days")),
    Feature("_order_days", "days with an order, ascending", "dates", "number", Range(), _NO_ORDER,
            whole=False, measure=Measure("day_list", column="ordered_on")),
    Feature("_first_day_bought", "bought spend of the first order day", "currency", "money",
            Range(0), _NO_ORDER, whole=False, measure=Measure("first_day", column="amount")),
    Feature("_bought", "bought spend", "currency", "money", Range(0), _NEVER, whole=False,
            measure=Measure("sum", column="amount")),
    Feature("_returned", "returned spend", "currency", "money", Range(high=0), _NEVER, whole=False,
            measure=Measure("sum", column="amount", lines="returned")),
)  # fmt: skip


def department_share(name: str) -> Feature:
    """The feature `department_share.<name>`: share of bought spend in one department."""
    department = name.removeprefix(SHARE_OF_DEPARTMENT)
    where = Compare("department", IS.name, department)
    return Feature(
        name,
        f"share of bought spend in {department}",
        "share",
        "share",
        Range(0, 1),
        Missing(Lack.NO_SPEND),
        whole=False,
        needs=("department",),
        measure=Measure("share", of="spend", where=where),
    )


class Catalogue:
    """Built-in features by name; `department_share.<name>` is made on demand.

    >>> CATALOGUE.find("frequency").unit
    'orders'
    >>> CATALOGUE.find("department_share.Home & Garden").kind
    'share'
    >>> CATALOGUE.find("montary") is None
    True
    """

    def __init__(self, features: Iterable[Feature]) -> None:
        self._by_name = {f.name: f for f in features}

    def find(self, name: str) -> Feature | None:
        """The feature of that name, or None."""
        if name.startswith(SHARE_OF_DEPARTMENT) and name != SHARE_OF_DEPARTMENT:
            return department_share(name)
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Feature]:
        return (f for f in self._by_name.values() if not f.is_internal)

    def names(self) -> tuple[str, ...]:
        """The names that rules can use, in the catalogue's order."""
        return tuple(f.name for f in self)


CATALOGUE: Final = Catalogue(BUILT_IN)

#: columns of a line that follow from others: name -> the columns they need
DERIVED_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "discounted": ("discount",),
    "new_arrival": ("launched_at",),
    "margin": ("cost",),
}
