"""docs/worked-example.md: its script, rules and commands print what it says, and SQL agrees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "worked-example.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)

HOUSEHOLDS = """
CREATE TABLE households AS
WITH lines AS (
    SELECT t.household_id::VARCHAR AS id, basket_id, sales_value::DECIMAL(12, 4) AS amount,
           retail_disc + coupon_disc > 0 AS discounted, p.department,
           transaction_timestamp::DATE AS day
    FROM 'complete_journey/transactions_sample.csv' t
    LEFT JOIN 'complete_journey/products.parquet' p ON t.product_id::VARCHAR = p.product_id
), bought AS (
    SELECT id, max(day) AS last_day, avg(discounted::INT) AS offer_share,
           coalesce(sum(amount) FILTER (department = 'GROCERY'), 0) / sum(amount) AS grocery_share,
           coalesce(sum(amount) FILTER (department IN
               ('PRODUCE', 'MEAT', 'SEAFOOD', 'DELI', 'SALAD BAR')), 0) / sum(amount) AS fresh_share
    FROM lines WHERE amount > 0 GROUP BY id
), net AS (SELECT id, sum(amount) AS monetary FROM lines GROUP BY id)
SELECT *, rank() OVER (ORDER BY monetary DESC) <= ceil(0.2 * count(*) OVER ()) AS is_top,
       DATE '2018-01-01' - last_day <= 60 AS is_active
FROM bought JOIN net USING (id)
LEFT JOIN 'complete_journey/demographics.parquet' d ON d.household_id = id;

CREATE TABLE sends AS
SELECT household_id AS id, campaign_type, start_date AS day
FROM 'complete_journey/campaigns.parquet' JOIN 'complete_journey/campaign_descriptions.parquet'
USING (campaign_id);
CREATE TABLE redemptions AS
SELECT household_id AS id, redemption_date AS day FROM 'complete_journey/coupon_redemptions.parquet';
"""
BIG = "s.campaign_type = 'Type A' AND s.day > DATE '2018-01-01' - INTERVAL 3 MONTH"
MEMBERS = {
    "coupon_families": """kids_count <> '0' AND offer_share >= 0.5 AND grocery_share >= 0.5
        AND EXISTS (FROM redemptions r JOIN sends s USING (id)
                    WHERE r.id = h.id AND r.day > s.day AND r.day <= s.day + 60)""",
    "fresh_and_full_price": """income NOT IN ('Under 15K', '15-24K', '25-34K', '35-49K', '50-74K')
        AND fresh_share >= 0.2 AND offer_share < 0.55 AND id NOT IN (SELECT id FROM redemptions)""",
    "mailed_in_vain": f"""is_top AND is_active AND home_ownership = 'Homeowner'
        AND grocery_share >= 0.5 AND EXISTS (FROM sends s WHERE s.id = h.id AND {BIG})
        AND NOT EXISTS (FROM redemptions r JOIN sends s USING (id)
                        WHERE r.id = h.id AND r.day > s.day AND {BIG})""",
}


@pytest.fixture(scope="module")
def followed(
    data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str]]:
    """A folder in which the page's steps were taken, and what each command printed."""
    folder = tmp_path_factory.mktemp("journey")
    (folder / "complete_journey").symlink_to(data("complete_journey"))
    blocks = BLOCK.findall(PAGE.read_text())
    [script] = [text for kind, text in blocks if kind == "python"]
    [rules] = [text for kind, text in blocks if kind == "yaml"]
    (folder / "personas.yaml").write_text(rules)
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    said = {}
    for command in (text.partition("\n")[0][2:] for kind, text in blocks if kind == "console"):
        done = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PATH": path, "COLUMNS": "80"},
        )
        said[command] = done.stdout
    return folder, said


@pytest.mark.deep
def test_commands_print_what_the_page_says(followed: tuple[Path, dict[str, str]]) -> None:
    written = [text for kind, text in BLOCK.findall(PAGE.read_text()) if kind == "console"]
    shown = {t.partition("\n")[0][2:]: t.partition("\n")[2] for t in written}
    assert followed[1] == shown


@pytest.mark.parametrize("persona", MEMBERS)
def test_personas_have_the_members_that_sql_finds(
    followed: tuple[Path, dict[str, str]], persona: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = followed
    monkeypatch.chdir(folder)
    with duckdb.connect() as connection:
        connection.execute(HOUSEHOLDS)
        query = f"SELECT id FROM households h WHERE {MEMBERS[persona]} ORDER BY id"
        expected = [one for (one,) in connection.execute(query).fetchall()]
    customers = pl.read_parquet(folder / "audiences/latest/customers.parquet")
    assert customers.filter(pl.col(persona))["customer_id"].to_list() == expected
    assert len(expected) >= 20
