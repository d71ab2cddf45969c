"""PyAirbyte loads what the built program reads into PostgreSQL."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from airbyte.caches import PostgresCache
from postgres import Server, postgres
from pyairbyte_run import rows_of, source_of
from sqlalchemy.exc import ProgrammingError
from stand_in import NEIGHBOURS, SESSIONS, StandIn, odd_stand_in

pytestmark = pytest.mark.usefixtures("watched")

TYPES = {
    "sessionkey": "character varying",
    "timestamp": "bigint",
    "startedat": "timestamp without time zone",
    "tags": "json",
    "urls": "json",
    "duration": "bigint",
    "ismobile": "boolean",
    "landingpage": "character varying",
    "additionalfields": "json",
}
# Fields whose values are the same in Python and in SQL.
FIELDS = ["timestamp", "ip", "landingPage", "userId", "duration", "pageCount", "isMobile", "name", "utm_source", "urls"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres(Path(os.environ["INTEROP_FOLDER"])) as running:
        yield running


@pytest.fixture
def as_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way around that docs/python.md names."""
    monkeypatch.setattr(pd, "read_json", functools.partial(pd.read_json, convert_dates=False, dtype=False))


def cache_in(server: Server, schema: str, folder: Path) -> PostgresCache:
    return PostgresCache(
        host="127.0.0.1",
        port=server.port,
        username=server.user,
        password="any",
        database=server.database,
        schema_name=schema,
        cache_dir=folder,
    )


def test_pandas_takes_timestamp_for_a_date(api: StandIn, server: Server, tmp_path: Path) -> None:
    """Where this fails, PyAirbyte has mended it: then docs/python.md needs no way around."""
    with pytest.raises(ProgrammingError, match=r'DatatypeMismatch.*column "timestamp" is of type bigint'):
        source_of(api.config()).read(cache=cache_in(server, "plain", tmp_path))


@pytest.mark.usefixtures("as_documented")
def test_nul_ends_the_load(server: Server, tmp_path: Path) -> None:
    """Where this fails, PyAirbyte takes NUL out: then docs/python.md needs no word on it."""
    with odd_stand_in() as api, pytest.raises(Exception, match="NUL|0x00"):
        source_of(api.config()).read(cache=cache_in(server, "odd", tmp_path))


@pytest.mark.usefixtures("as_documented")
def test_columns_and_values(api: StandIn, server: Server, tmp_path: Path) -> None:
    cache = cache_in(server, "whole", tmp_path)
    both = source_of(api.config(segment_ids=["mobile-visitors"]))
    both.read(cache=cache)
    described = rows_of(
        cache,
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'whole' AND table_name = 'sessions'",
    )
    types = {row["column_name"]: row["data_type"] for row in described}
    assert TYPES.items() <= types.items()
    rows = rows_of(
        cache, f"SELECT {', '.join(FIELDS)}, extract(epoch FROM startedAt) * 1000 AS started FROM whole.sessions"
    )
    assert all(row["started"] == row["timestamp"] for row in rows)
    found = sorted(repr([row[name.lower()] for name in FIELDS]) for row in rows)
    assert found == sorted(repr([session.get(name) for name in FIELDS]) for session in api.sessions())
    [segment] = rows_of(
        cache,
        "SELECT count(*) AS n, count(DISTINCT sessionKey) AS keys, count(s.sessionKey) AS known"
        " FROM whole.segment_sessions LEFT JOIN whole.sessions s USING (sessionKey)",
    )
    assert 0 < segment["n"] == segment["keys"] == segment["known"] < SESSIONS


@pytest.mark.usefixtures("as_documented")
def test_later_reads_bring_what_is_new(own_api: StandIn, server: Server, tmp_path: Path) -> None:
    cache = cache_in(server, "later", tmp_path)

    def read() -> int:
        # As a program does that is run again: nothing but the cache is left of the run before.
        return source_of(own_api.config()).read(cache=cache).processed_records

    def held() -> tuple[int, int]:
        [counts] = rows_of(cache, "SELECT count(*) AS n, count(DISTINCT sessionKey) AS keys FROM later.sessions")
        return counts["n"], counts["keys"]

    assert read() == SESSIONS
    assert held() == (SESSIONS, SESSIONS)
    assert read() == 0
    own_api.append(42)
    assert 42 <= read() <= 42 + NEIGHBOURS
    assert held() == (SESSIONS + 42, SESSIONS + 42)
