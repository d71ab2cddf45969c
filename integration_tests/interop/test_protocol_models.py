"""Every line that the program writes is taken by Airbyte's own models, strictly."""

import json
from pathlib import Path
from typing import Any

import pytest
from airbyte_protocol.models import AirbyteMessage, FailureType, Status, Type
from program import run_on
from pydantic import ValidationError
from stand_in import StandIn
from strict_lines import parse_line

SEGMENTS = ["mobile-visitors", "from-campaigns"]


class Run:
    """The messages of a run that ended with the exit code."""

    def __init__(self, folder: Path, command: str, code: int = 0, **files: Any) -> None:
        lines, found = run_on(folder, command, **files)
        self.messages: list[AirbyteMessage] = [parse_line(line) for line in lines]
        self.raw: list[dict[str, Any]] = [json.loads(line) for line in lines]
        assert found == code

    def types(self) -> set[Type]:
        return {message.type for message in self.messages}

    def states(self) -> list[dict[str, Any]]:
        return [message["state"] for message in self.raw if message["type"] == "STATE"]

    def count(self, wanted: Type) -> int:
        return sum(message.type == wanted for message in self.messages)

    def failure(self) -> FailureType | None:
        errors = [message.trace.error for message in self.messages if message.trace and message.trace.error]
        assert len(errors) == 1
        return errors[0].failure_type


def catalog_of(folder: Path, config: dict[str, Any], sync_mode: str) -> dict[str, Any]:
    [message] = Run(folder, "discover", config=config).raw
    streams = [
        {
            "stream": stream,
            "sync_mode": sync_mode,
            "destination_sync_mode": "append_dedup",
            "cursor_field": stream["default_cursor_field"],
            "primary_key": stream["source_defined_primary_key"],
        }
        for stream in message["catalog"]["streams"]
    ]
    return {"streams": streams}


def test_spec(tmp_path: Path) -> None:
    [message] = Run(tmp_path, "spec").messages
    assert message.type == Type.SPEC


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Status.SUCCEEDED),
        ({"segment_ids": SEGMENTS}, Status.SUCCEEDED),
        ({"segment_ids": ["no-such-segment"]}, Status.FAILED),
        ({"secret_key": "no-such-key-at-all"}, Status.FAILED),
        ({"start_date": "yesterday"}, Status.FAILED),
        ({"api_url": "http://127.0.0.1:1"}, Status.FAILED),
    ],
)
def test_check(api: StandIn, tmp_path: Path, changes: dict[str, Any], status: Status) -> None:
    run = Run(tmp_path, "check", config=api.config(**changes))
    assert [message.connectionStatus.status for message in run.messages if message.connectionStatus] == [status]


@pytest.mark.parametrize("sync_mode", ["full_refresh", "incremental"])
def test_read(api: StandIn, tmp_path: Path, sync_mode: str) -> None:
    config = api.config(segment_ids=SEGMENTS)
    catalog = catalog_of(tmp_path, config, sync_mode)
    first = Run(tmp_path, "read", config=config, catalog=catalog)
    assert first.types() == {Type.RECORD, Type.STATE, Type.LOG, Type.TRACE}
    # The newest state of each stream, after half of a read and after all of it.
    states = first.states()
    for kept in (states[: len(states) // 2], states):
        newest = {state["stream"]["stream_descriptor"]["name"]: state for state in kept}
        again = Run(tmp_path, "read", config=config, catalog=catalog, state=list(newest.values()))
        assert again.count(Type.STATE) > 0
        assert again.count(Type.RECORD) < first.count(Type.RECORD)
    assert again.count(Type.RECORD) == 0


@pytest.mark.parametrize(
    ("changes", "stream", "state"),
    [
        ({"secret_key": "no-such-key-at-all"}, {}, []),
        ({"lookback_window_hours": -1}, {}, []),
        ({}, {"name": "no_such_stream"}, []),
        ({}, {}, {"type": "GLOBAL", "global": 1}),
    ],
)
def test_failed_read(
    api: StandIn, tmp_path: Path, changes: dict[str, Any], stream: dict[str, Any], state: object
) -> None:
    catalog = catalog_of(tmp_path, api.config(), "incremental")
    catalog["streams"][0]["stream"] |= stream
    run = Run(tmp_path, "read", code=1, config=api.config(**changes), catalog=catalog, state=state)
    assert run.failure() == FailureType.config_error


def test_unreachable(api: StandIn, tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, api.config(), "incremental")
    nowhere = api.config(api_url="http://127.0.0.1:1", retry_deadline_seconds=0)
    run = Run(tmp_path, "read", code=1, config=nowhere, catalog=catalog)
    assert run.failure() == FailureType.transient_error


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"RECORD","record":{"stream":"sessions","data":{},"emitted_at":"1"}}',
        '{"type":"RECORD","record":{"stream":"sessions","data":{},"emitted_at":1,"sent":1}}',
        '{"type":"RECORD","log":{"level":"INFO","message":"text"}}',
        '{"type":"LOG","log":{"level":"info","message":"text"}}',
        "text",
    ],
)
def test_the_models_refuse_other_lines(line: str) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        parse_line(line)
