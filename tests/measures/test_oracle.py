"""Every built-in feature of all customers, computed a second time by DuckDB from the raw files.

The SQL follows section 5 of the design and knows nothing of the engine: money is DECIMAL, ratios
are DOUBLE divisions of exact sums. Values must be equal, not close.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from harness import Segment
from polars.testing import assert_frame_equal

BUILT_IN = (
    "recency_days",
    "frequency",
    "monetary",
    "average_order_value",
    "longevity_days",
    "first_order_on",
    "last_order_on",
    "typical_gap_days",
    "r_score",
    "f_score",
    "m_score",
    "rfm",
    "departments",
    "top_department",
    "top_department_share",
    "return_share",
)

# `lines`: customer_id, order_id, day, department, units, amount, discounted, new_arrival, margin;
# amounts are whole numbers of 1/10,000, exact
FEATURES = """
with
as_of as (select max(day) as d from lines),
bought as (select * from lines where amount > 0),
spend as (
  select customer_id, sum(amount) as monetary, sum(amount) filter (amount > 0) as bought,
         coalesce(-sum(amount) filter (amount < 0), 0) as returned,
         case when bool_and(margin is not null) then sum(margin) end as margin
  from lines group by all),
orders as (
  select customer_id, count(distinct order_id) as frequency, min(day) as first_order_on,
         max(day) as last_order_on, count(distinct department) as departments,
         sum(units) as units, sum(units) filter (discounted) as discounted,
         sum(units) filter (new_arrival) as new_arrivals
  from bought group by all),
days as (
  select customer_id, day - lag(day) over (partition by customer_id order by day) as gap
  from (select distinct customer_id, day from bought)),
gaps as (select customer_id, median(gap) as typical_gap_days from days group by all),
by_department as (
  select customer_id, department, sum(amount) as spent
  from bought where department is not null group by all),
top as (
  select customer_id, department as top_department, spent as top_spent
  from by_department
  qualify row_number() over (partition by customer_id order by spent desc, department) = 1),
one as (
  select o.*, s.* exclude customer_id, g.* exclude customer_id, t.* exclude customer_id,
         datediff('day', o.last_order_on, (select d from as_of)) as recency_days,
         datediff('day', o.first_order_on, (select d from as_of)) as longevity_days
  from orders o join spend s using (customer_id) left join gaps g using (customer_id)
  left join top t using (customer_id)),
cuts as (
  select list_sort(list(recency_days)) as r, list_sort(list(frequency)) as f,
         list_sort(list(monetary)) as m, count(*) as n from one),
fifths as (
  select [r[ceil(n * i / 5)::int] for i in [1, 2, 3, 4]] as r,
         [f[ceil(n * i / 5)::int] for i in [1, 2, 3, 4]] as f,
         [m[ceil(n * i / 5)::int] for i in [1, 2, 3, 4]] as m from cuts),
scored as (
  select one.*,
         (5 - len([x for x in fifths.r if recency_days > x]))::tinyint as r_score,
         (1 + len([x for x in fifths.f if frequency > x]))::tinyint as f_score,
         (1 + len([x for x in fifths.m if monetary > x]))::tinyint as m_score
  from one, fifths)
select customer_id::varchar as customer_id, recency_days, frequency,
       (monetary / 10000.0)::decimal(18, 4) as monetary,
       monetary::double / (frequency * 10000)::double as average_order_value,
       longevity_days, first_order_on, last_order_on, typical_gap_days, r_score, f_score, m_score,
       concat(r_score, f_score, m_score) as rfm, departments, top_department,
       top_spent::double / bought::double as top_department_share,
       returned::double / bought::double as return_share,
       (margin / 10000.0)::decimal(18, 4) as margin,
       case when monetary > 0 then margin::double / monetary::double end as margin_share,
       case when units > 0 then coalesce(discounted, 0)::double / units::double end as discount_share,
       case when units > 0 then coalesce(new_arrivals, 0)::double / units::double end
         as new_arrival_share
from scored
"""


def expected(lines: str, names: tuple[str, ...], **files: Path) -> pl.DataFrame:
    """The features of section 5 over `lines`, an SQL query on the named files."""
    with duckdb.connect() as oracle:
        for name, file in files.items():
            oracle.execute(f"create view {name} as from '{file}'")
        oracle.execute(f"create table lines as {lines}")
        found = oracle.sql(FEATURES).pl()
    shown = ", ".join(names)
    return found.sql(f"select customer_id, {shown} from self order by customer_id")


def computed(segment: Segment, rules: str, names: tuple[str, ...], **files: Path) -> pl.DataFrame:
    for name, file in files.items():
        rules = rules.replace(f"<{name}>", str(file))
    asked = [argument for name in names for argument in ("--columns", name)]
    result = segment("run", *asked, files={"personas.yaml": f"version: 1\n{rules}"})
    assert result.exit_code == 0, result.err
    return result.customers.select("customer_id", *names)


def assert_same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Equal to the last digit; only the width of integers may differ."""
    assert found.height == wanted.height > 0
    assert_frame_equal(found, wanted.cast(dict(found.schema)), check_exact=True)


RETAIL_LINES = """
select CustomerID as customer_id, InvoiceNo as order_id, InvoiceDate::date as day,
       Country as department, Quantity::hugeint as units,
       Quantity::hugeint * (UnitPrice::decimal(18, 4) * 10000)::hugeint as amount,
       false as discounted, false as new_arrival, 0::hugeint as margin
from retail where CustomerID is not null
"""


def test_online_retail_equals_sql(segment: Segment, retail: Path) -> None:
    rules = "sources: {transactions: {path: <retail>, columns: {department: Country}}}"
    found = computed(segment, rules, BUILT_IN, retail=retail)
    assert_same(found, expected(RETAIL_LINES, BUILT_IN, retail=retail))


JOURNEY = """
sources:
  transactions:
    path: <sales>
    columns:
      customer_id: household_id
      ordered_at: transaction_timestamp
      order_id: basket_id
      amount: sales_value
      discount: retail_disc + coupon_disc
  products: <products>
"""
JOURNEY_LINES = """
select household_id as customer_id, basket_id as order_id, transaction_timestamp::date as day,
       p.department, (quantity::decimal(18, 4) * 10000)::hugeint as units,
       (sales_value::decimal(18, 4) * 10000)::hugeint as amount,
       retail_disc::decimal(18, 4) + coupon_disc::decimal(18, 4) > 0 as discounted,
       false as new_arrival, 0::hugeint as margin
from sales s left join products p on s.product_id::varchar = p.product_id
"""


@pytest.mark.deep
def test_complete_journey_equals_sql(segment: Segment, data: Callable[[str], Path]) -> None:
    sales = data("complete_journey/transactions_sample.csv")
    products = data("complete_journey/products.parquet")
    names = (*BUILT_IN, "discount_share")
    found = computed(segment, JOURNEY, names, sales=sales, products=products)
    assert_same(found, expected(JOURNEY_LINES, names, sales=sales, products=products))


SAMPLE = "sources: {transactions: <sales>, products: <products>}"
SAMPLE_LINES = """
select customer_id, order_id, ordered_at::date as day, p.department,
       (quantity * 10000)::hugeint as units, (amount::decimal(18, 4) * 10000)::hugeint as amount,
       discount > 0 as discounted,
       coalesce(datediff('day', p.launched_at::date, ordered_at::date) between 0 and 30, false)
         as new_arrival,
       (amount::decimal(18, 4) * 10000)::hugeint
         - sign(amount) * abs(quantity) * (p.cost::decimal(18, 4) * 10000)::hugeint as margin
from sales s left join products p using (product_id)
"""


def test_the_sample_data_equals_sql(segment: Segment, repo: Path) -> None:
    sales, products = repo / "sample_data/transactions.csv", repo / "sample_data/products.csv"
    names = (*BUILT_IN, "margin", "margin_share", "discount_share", "new_arrival_share")
    found = computed(segment, SAMPLE, names, sales=sales, products=products)
    assert_same(found, expected(SAMPLE_LINES, names, sales=sales, products=products))


def test_a_department_share_equals_sql(segment: Segment, repo: Path) -> None:
    sales, products = repo / "sample_data/transactions.csv", repo / "sample_data/products.csv"
    names = ("department_share.Footwear", "department_share.Home")
    found = computed(segment, SAMPLE, names, sales=sales, products=products)
    with duckdb.connect() as oracle:
        oracle.execute(f"create view sales as from '{sales}'")
        oracle.execute(f"create view products as from '{products}'")
        wanted = oracle.sql("""
          select customer_id,
                 coalesce(sum(amount::decimal(18, 4)) filter (department = 'Footwear'), 0)::double
                   / sum(amount::decimal(18, 4))::double as "department_share.Footwear",
                 coalesce(sum(amount::decimal(18, 4)) filter (department = 'Home'), 0)::double
                   / sum(amount::decimal(18, 4))::double as "department_share.Home"
          from sales left join products using (product_id)
          where amount > 0 group by customer_id order by customer_id""").pl()
    assert_frame_equal(found, wanted, rel_tol=1e-15)  # doubles here, integers there


EDGE_LINES = """
select customer_id, coalesce(order_id, ordered_at::date::varchar) as order_id, ordered_at::date as day,
       p.department, (abs(quantity) * 10000)::hugeint as units,
       (amount::decimal(18, 4) * 10000)::hugeint as amount, discount > 0 as discounted,
       coalesce(datediff('day', p.launched_at::date, ordered_at::date) between 0 and 30, false)
         as new_arrival,
       (amount::decimal(18, 4) * 10000)::hugeint
         - sign(amount) * abs(quantity) * (p.cost::decimal(18, 4) * 10000)::hugeint as margin
from (from read_csv('<sales>', types = {'customer_id': 'varchar', 'order_id': 'varchar', 'product_id': 'varchar'})) s
left join (from read_csv('<products>', types = {'product_id': 'varchar'})) p using (product_id)
"""


def test_ties_gaps_and_missing_grains_equal_sql(segment: Segment, edges: Path) -> None:
    """Text ids with leading zeros, orders without id, departments that are missing, equal spend and days."""
    sales, products = edges / "transactions.csv", edges / "products.csv"
    names = (*BUILT_IN, "margin", "margin_share", "discount_share", "new_arrival_share")
    found = computed(segment, SAMPLE, names, sales=sales, products=products)
    lines = EDGE_LINES.replace("<sales>", str(sales)).replace("<products>", str(products))
    assert_same(found, expected(lines, names))
    assert found["top_department"].null_count() < found.height
    assert found["monetary"].is_duplicated().any()


def test_one_customer_equals_sql(segment: Segment, tmp_path: Path) -> None:
    sales = tmp_path / "one.csv"
    sales.write_text(
        "customer_id,order_id,ordered_at,amount,department\n007,,2026-01-01,5,\n007,,2026-01-03,5,\n"
    )
    found = computed(segment, "sources: {transactions: <sales>}", BUILT_IN, sales=sales)
    lines = f"""select '007' as customer_id, ordered_at::date::varchar as order_id, ordered_at::date as day,
      department::varchar as department, 1 as units, (amount * 10000)::hugeint as amount, false as discounted,
      false as new_arrival, 0 as margin from '{sales}'"""
    assert_same(found, expected(lines, BUILT_IN))


# -- the same data in disguise ---------------------------------------------------------------------

IDS_WITH_POINT = "CustomerID::double as CustomerID, * exclude CustomerID"
US_DATES = "strftime(InvoiceDate, '%-m/%-d/%Y %-H:%M') as InvoiceDate, * exclude InvoiceDate"
COMMA = "replace(UnitPrice::varchar, '.', ',') as UnitPrice, * exclude UnitPrice"
DISGUISES = {
    "ids as 17850.0": (IDS_WITH_POINT, ",", "retail.csv"),
    "dates as 12/1/2010 8:26": (US_DATES, ",", "retail.csv"),
    "semicolons and decimal commas": (COMMA, ";", "retail.csv"),
    "gzip": ("*", ",", "retail.csv.gz"),
}


@pytest.mark.deep
@pytest.mark.parametrize(("columns", "delimiter", "name"), DISGUISES.values(), ids=DISGUISES)
def test_a_disguise_changes_no_byte_of_the_customers(
    segment: Segment, retail: Path, tmp_path: Path, columns: str, delimiter: str, name: str
) -> None:
    plain = segment("run", retail, "--out", "plain")
    with duckdb.connect() as oracle:
        oracle.execute(
            f"copy (select {columns} from '{retail}') to '{tmp_path / name}' "
            f"(header, delimiter '{delimiter}')"
        )
    disguised = segment("run", name, "--out", "disguised")
    assert (plain.exit_code, disguised.exit_code) == (0, 0), disguised.err
    files = [tmp_path / out / "latest/customers.parquet" for out in ("plain", "disguised")]
    assert files[0].read_bytes() == files[1].read_bytes()
