"""The scripts of docs/databases.md against a real PostgreSQL: what comes out is what SQL says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

pytestmark = pytest.mark.deep

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SHOP = """
create table shoppers (id bigint primary key, country text, consent boolean);
create table orders (id serial primary key, shopper_id bigint, placed_at timestamptz,
                     total numeric(12, 2), status text);
create table visits (shopper_id bigint, seen_at timestamptz);
insert into shoppers
  select g, case when g % 5 = 0 then null else 'Österreich, "AT"' end, g % 3 <> 0 from generate_series(1, 40) g;
insert into orders (shopper_id, placed_at, total, status)
  select g * 7 % 40 + 1, timestamptz '2025-01-01 23:30:00+01' + g * interval '7 hours', g * 1301 % 99971 / 100.0,
         case when g % 11 = 0 then 'cancelled' else 'paid' end
  from generate_series(1, 800) g;
insert into visits select g % 40 + 1, timestamptz '2025-08-01' + g * interval '1 hour' from generate_series(1, 500) g;
"""
TRUTH = """
select shopper_id as customer_id, count(*) as frequency, sum(total) as monetary,
       max((placed_at at time zone 'Europe/Berlin')::date) as last_order_on
from orders where status = 'paid' group by 1 order by 1
"""

Sql = Callable[[str], str]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a server of its own, with a shop in it; it listens at a socket only."""
    if not SERVERS or shutil.which("psql") is None:
        pytest.skip("no PostgreSQL is installed here (Debian: apt-get install postgresql)")
    home = Path(
        tempfile.mkdtemp(prefix="pg")
    )  # a socket's path is short, and another user has to get there
    as_user = _as_postgres(home)
    for command in (
        f"initdb -D {home}/data -A trust -U postgres -E UTF8 --locale=C.UTF-8",
        f"pg_ctl -D {home}/data -o '-k {home} -c listen_addresses=' -w -l {home}/log start",
    ):
        as_user(f"{SERVERS[-1]}/{command}")
    address = f"postgresql:///postgres?host={home}&user=postgres"
    try:
        _sql(address, SHOP)
        yield address
    finally:
        as_user(f"{SERVERS[-1]}/pg_ctl -D {home}/data -m immediate stop")
        shutil.rmtree(home)


def _as_postgres(home: Path) -> Callable[[str], None]:
    """Runs commands of the server, which refuses to be root."""
    prefix = ["sh", "-c"]
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        prefix = ["su", "postgres", "-s", "/bin/sh", "-c"]

    def run(command: str) -> None:
        subprocess.run([*prefix, command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    return run


def _sql(address: str, query: str) -> str:
    command = ["psql", address, "--no-psqlrc", "--csv", "--quiet", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run([*command, "-c", query], capture_output=True, check=True, text=True)
    return done.stdout


@pytest.fixture
def script(
    tmp_path: Path, repo: Path, database: str
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script of the page, by its name, in a folder with the page's rules."""
    page = (repo / "docs" / "databases.md").read_text()
    [rules] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "personas.yaml").write_text(rules)

    def run(
        name: str, *arguments: str, change: tuple[str, str] = ("", "")
    ) -> subprocess.CompletedProcess[str]:
        [text] = re.findall(rf"```sh\n(#!/bin/bash\n# {name}.*?)```", page, re.DOTALL)
        assert change[0] in text
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "DATABASE_URL": database, "FEEDS": str(tmp_path)}
        command = ["bash", "-c", text.replace(*change) if change[0] else text, name, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
        )

    return run


def test_a_nightly_run_says_of_each_customer_what_sql_says(
    script: Callable[..., subprocess.CompletedProcess[str]], database: str, tmp_path: Path
) -> None:
    done = script("nightly.sh")
    assert done.returncode == 0, done.stderr
    truth = pl.read_csv(
        _sql(database, TRUTH).encode(),
        schema={
            "customer_id": pl.String,
            "frequency": pl.Int64,
            "monetary": pl.Decimal(18, 4),
            "last_order_on": pl.Date,
        },
    )
    customers = pl.read_parquet(tmp_path / "audiences" / "latest" / "customers.parquet")
    found = customers.select(
        pl.col("customer_id").cast(pl.String),
        pl.col("frequency").cast(pl.Int64),
        pl.col("monetary").cast(pl.Decimal(18, 4)),
        "last_order_on",
    )
    assert found.sort("customer_id").equals(truth.sort("customer_id"))


def test_a_look_leaves_nothing_behind(
    script: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = script("look.sh")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Dry run: nothing was written.")
    assert [path.name for path in tmp_path.iterdir()] == ["personas.yaml"]


@pytest.mark.parametrize(
    ("name", "exit_code", "said"),
    [
        pytest.param("look.sh", 3, "nothing came through this pipe", id="a pipe"),
        pytest.param("nightly.sh", 1, 'relation "orderz" does not exist', id="a feed"),
    ],
)
def test_a_query_that_fails_publishes_nothing(
    script: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    name: str,
    exit_code: int,
    said: str,
) -> None:
    done = script(name, change=("from orders", "from orderz"))
    assert done.returncode == exit_code
    assert said in done.stderr
    assert not (tmp_path / "audiences").exists()
