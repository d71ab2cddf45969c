"""PyAirbyte runs the built program and loads what it reads into DuckDB."""

import json
from pathlib import Path
from typing import Any

import pytest
from airbyte import exceptions
from airbyte.caches import DuckDBCache
from pyairbyte_run import rows_of, source_of
from stand_in import NEIGHBOURS, ODD_ROWS, SESSIONS, StandIn, arriving, odd_stand_in

pytestmark = pytest.mark.usefixtures("watched")

TYPES = {
    "sessionkey": "VARCHAR",
    "timestamp": "BIGINT",
    "startedat": "TIMESTAMP",
    "tags": "JSON",
    "urls": "JSON",
    "duration": "BIGINT",
    "pagecount": "BIGINT",
    "ismobile": "BOOLEAN",
    "landingpage": "VARCHAR",
    "additionalfields": "JSON",
}


def cache_in(folder: Path) -> DuckDBCache:
    return DuckDBCache(db_path=folder / "cache.duckdb", cache_dir=folder)


def test_check_and_discover(api: StandIn) -> None:
    source = source_of(api.config())
    source.check()
    assert source.get_available_streams() == ["sessions"]
    both = source_of(api.config(segment_ids=["mobile-visitors"]))
    assert sorted(both.get_available_streams()) == ["segment_sessions", "sessions"]


def test_check_fails_with_a_wrong_key(api: StandIn) -> None:
    with pytest.raises(exceptions.AirbyteConnectorCheckFailedError):
        source_of(api.config(secret_key="no-such-key-at-all")).check()


def test_read_fails_with_a_wrong_key(api: StandIn, tmp_path: Path) -> None:
    with pytest.raises(exceptions.AirbyteConnectorFailedError):
        source_of(api.config(secret_key="no-such-key-at-all")).read(cache=cache_in(tmp_path))


def test_columns_and_values(api: StandIn, tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    assert source_of(api.config()).read(cache=cache).processed_records == SESSIONS
    described = rows_of(cache, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'sessions'")
    types = {row["column_name"]: row["data_type"] for row in described}
    assert TYPES.items() <= types.items()
    names = ["timestamp", "ip", "landingPage", "userId", "duration", "pageCount", "isMobile", "country", "utm_source"]
    rows = rows_of(cache, f"SELECT {', '.join(names)}, epoch_ms(startedAt) AS started FROM sessions")
    assert all(row["started"] == row["timestamp"] for row in rows)
    found = sorted(repr([row[name.lower()] for name in names]) for row in rows)
    assert found == sorted(repr([session.get(name) for name in names]) for session in api.sessions())


def plain(value: Any) -> Any:
    """A value of a column of JSON, whether it comes as a text or not."""
    return json.loads(value) if isinstance(value, str) else value


def test_a_row_of_each_odd_kind_arrives(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    with odd_stand_in() as api:
        assert source_of(api.config()).read(cache=cache).processed_records == len(ODD_ROWS)
    rows = rows_of(cache, "SELECT * FROM sessions ORDER BY timestamp")
    names = ["userId", "name", "landingPage", "utm_campaign", "utm_source", "utm_term", "utm_content", "referrer"]
    found = [[row[name.lower()] for name in names] for row in rows]
    assert found == [[arriving(sent.get(name)) for name in names] for sent in ODD_ROWS]
    assert [plain(row["tags"]) for row in rows] == [arriving(sent.get("tags")) for sent in ODD_ROWS]
    extras = {row["userid"]: plain(row["additionalfields"]) for row in rows}
    assert extras["row 1"] == {"plan": {"na\ufffdme": ["\ufffdx"]}}
    # It nests deeper than readers take.
    assert extras["row 2"] is None
    assert extras["row 3"] == {"plan": ODD_ROWS[3]["plan"]}
    assert extras["row 4"] == {"plan": "\0"}
    documented = set(ODD_ROWS[0]) - {"plan"}
    odd = {name: value for name, value in ODD_ROWS[6].items() if name not in documented}
    assert extras["row 6"] == odd
    assert extras["row 9"] == {"plan": ODD_ROWS[9]["plan"]}


def test_later_reads_bring_what_is_new(own_api: StandIn, tmp_path: Path) -> None:
    cache = cache_in(tmp_path)

    def read(**options: Any) -> int:
        # As a program does that is run again: nothing but the cache is left of the run before.
        return source_of(own_api.config()).read(cache=cache, **options).processed_records

    def held() -> tuple[int, int]:
        counts = rows_of(cache, "SELECT count(*) AS n, count(DISTINCT sessionKey) AS keys FROM sessions")[0]
        return counts["n"], counts["keys"]

    assert read() == SESSIONS
    assert held() == (SESSIONS, SESSIONS)
    assert read() == 0
    own_api.append(42)
    assert 42 <= read() <= 42 + NEIGHBOURS
    assert held() == (SESSIONS + 42, SESSIONS + 42)
    assert read(force_full_refresh=True) == SESSIONS + 42
    assert read() == 0
    assert held() == (SESSIONS + 42, SESSIONS + 42)


def test_both_streams(api: StandIn, tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    source_of(api.config(segment_ids=["mobile-visitors", "from-campaigns"])).read(cache=cache)
    assert len(cache["sessions"]) == SESSIONS
    segments = rows_of(
        cache,
        "SELECT segmentId AS id, count(*) AS n, count(DISTINCT sessionKey) AS keys, count(s.sessionKey) AS known"
        " FROM segment_sessions LEFT JOIN sessions s USING (sessionKey) GROUP BY ALL ORDER BY ALL",
    )
    assert [row["id"] for row in segments] == ["from-campaigns", "mobile-visitors"]
    assert all(0 < row["n"] == row["keys"] == row["known"] < SESSIONS for row in segments)


@pytest.mark.parametrize("wanted", [1, 150])
def test_a_few_records(api: StandIn, wanted: int) -> None:
    # In a variable, for PyAirbyte ends the read as the set is collected.
    records = source_of(api.config()).get_records("sessions", limit=wanted)
    assert len({record["sessionKey"] for record in records}) == wanted


def test_leaving_the_loop(api: StandIn) -> None:
    records = source_of(api.config()).get_records("sessions")
    assert next(record for record in records)["sessionKey"]
    records.close()


def test_all_records(api: StandIn) -> None:
    records = source_of(api.config()).get_records("sessions")
    assert len({record["sessionKey"] for record in records}) == SESSIONS
