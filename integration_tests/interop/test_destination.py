"""A destination of others takes what the built program writes, through a pipe, and gives the states back."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import embed
import pytest
from program import LIMIT_S, run_on
from stand_in import MAIN, NEIGHBOURS, ODD_ROWS, SESSIONS, StandIn, arriving, odd_stand_in
from strict_lines import parse_line

# Beside the Python of this venv.
DESTINATION = Path(sys.executable).parent / "airbyte-destination-ailake"
SEGMENTS = ["mobile-visitors", "from-campaigns"]
# It keeps plain values alone.
LISTS = {"urls", "tags", "additionalFields"}


@dataclass(frozen=True)
class Sync:
    """What a sync came to: the lines of STATE messages that were sent, and those that came back."""

    sent: list[str]
    returned: list[dict[str, Any]]

    def last_states(self) -> list[dict[str, Any]]:
        """What the platform keeps: the newest state of each stream that came back."""
        states = [message["state"] for message in self.returned]
        return list({state["stream"]["stream_descriptor"]["name"]: state for state in states}.values())


@dataclass(frozen=True)
class Pipe:
    """The program, and the destination with its data in the folder."""

    folder: Path
    config: dict[str, Any]

    def destination_config(self) -> dict[str, Any]:
        return {
            "table_base_path": str(self.folder / "lake"),
            "embed_mode": "cmd",
            "embed_cmd": f"{sys.executable} {embed.__file__}",
            "embedding_dim": embed.DIMENSIONS,
            "text_field": "landingPage",
        }

    def write(self, name: str, content: object) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def sync(self, state: list[dict[str, Any]]) -> Sync:
        lines, _code = run_on(self.folder, "discover", config=self.config)
        streams = json.loads(lines[0])["catalog"]["streams"]
        modes = {"sync_mode": "incremental", "destination_sync_mode": "append"}
        catalog = self.write("catalog", {"streams": [{"stream": stream, **modes} for stream in streams]})
        read = [MAIN, "read", "--config", self.write("config", self.config), "--catalog", catalog]
        read += ["--state", self.write("state", state)]
        load = [DESTINATION, "write", "--config", self.write("destination", self.destination_config())]
        load += ["--catalog", catalog]
        copy = self.folder / "sent"
        with (
            subprocess.Popen(read, stdout=subprocess.PIPE) as source,
            subprocess.Popen(["tee", copy], stdin=source.stdout, stdout=subprocess.PIPE) as tee,
        ):
            loaded = subprocess.run(load, stdin=tee.stdout, capture_output=True, timeout=LIMIT_S, check=False)
            assert loaded.returncode == 0, loaded.stderr
            assert source.wait(LIMIT_S) == 0
        # Python's splitlines would break lines within texts, at U+2028 and the like.
        sent = copy.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        returned = map(json.loads, loaded.stdout.splitlines())
        return Sync(
            [line for line in sent if parse_line(line).state is not None],
            [message for message in returned if message["type"] == "STATE"],
        )

    def rows(self, stream: str) -> list[dict[str, Any]]:
        files = str(self.folder / "lake" / stream / "data" / "*.parquet")
        answer = duckdb.sql(f"SELECT * FROM read_parquet('{files}', union_by_name = true)")
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]


@pytest.fixture
def pipe(own_api: StandIn, tmp_path: Path) -> Pipe:
    return Pipe(tmp_path, own_api.config(segment_ids=SEGMENTS))


def key_of(row: dict[str, Any]) -> tuple[str | None, str]:
    return row.get("segmentId"), row["sessionKey"]


def test_rows_land_and_states_come_back(own_api: StandIn, pipe: Pipe) -> None:
    first = pipe.sync([])
    assert len(first.sent) > SESSIONS / 1000
    assert [json.loads(line)["state"]["stream"] for line in first.sent] == [
        message["state"]["stream"] for message in first.returned
    ]

    rows = pipe.rows("sessions")
    assert len({key_of(row) for row in rows}) == len(rows) == SESSIONS
    truth = own_api.sessions()
    # Of its text it makes another column; a column that is always empty it leaves out.
    filled = {name for row in truth for name, value in row.items() if value is not None}
    names = sorted(filled - LISTS - {"landingPage"})
    found = sorted(repr([row[name] for name in names]) for row in rows)
    assert found == sorted(repr([session.get(name) for name in names]) for session in truth)
    members = pipe.rows("segment_sessions")
    assert len({key_of(row) for row in members}) == len(members) > 0
    assert {row["segmentId"] for row in members} == set(SEGMENTS)
    assert {row["sessionKey"] for row in members} < {row["sessionKey"] for row in rows}


def test_a_row_of_each_odd_kind_lands(tmp_path: Path) -> None:
    with odd_stand_in() as api:
        pipe = Pipe(tmp_path, api.config())
        pipe.sync([])
        rows = sorted(pipe.rows("sessions"), key=lambda row: row["timestamp"])
    names = ["userId", "name", "utm_campaign", "utm_source", "utm_term", "utm_content"]
    found = [[row[name] for name in names] for row in rows]
    assert found == [[arriving(sent.get(name)) for name in names] for sent in ODD_ROWS]


def test_the_next_sync_goes_on_from_the_states_that_came_back(own_api: StandIn, pipe: Pipe) -> None:
    first = pipe.sync([])
    own_api.append(42)
    pipe.sync(first.last_states())
    rows = pipe.rows("sessions")
    assert len({key_of(row) for row in rows}) == SESSIONS + 42
    assert len(rows) <= SESSIONS + 42 + NEIGHBOURS


def test_nothing_is_missing_after_a_destination_that_took_but_half(pipe: Pipe) -> None:
    whole = pipe.sync([])
    # The destination has all; the platform heard of the first half of the states alone.
    half = Sync([], whole.returned[: len(whole.returned) // 2])
    before = len(pipe.rows("sessions"))
    pipe.sync(half.last_states())
    rows = pipe.rows("sessions")
    assert len(rows) - before < SESSIONS
    assert len({key_of(row) for row in rows}) == SESSIONS
