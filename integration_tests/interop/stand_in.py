"""The stand-in for Browsee's API, as a process."""

import json
import math
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

PROJECT = Path(__file__).resolve().parents[2]
MAIN = PROJECT / "dist" / "main.js"
# How many those that the tests run have.
SESSIONS = 3000
PAGE = 100
MINUTE_MS = 60_000
DAY_MS = 86_400_000
# New sessions may bring along so many old ones at most that began close to them: those of one fingerprint.
NEIGHBOURS = 20


@dataclass(frozen=True)
class StandIn:
    """One that runs. Its sessions start from `start_ms` on (ms since the epoch)."""

    url: str
    api_key: str
    secret_key: str
    start_ms: int

    def config(self, **changes: object) -> dict[str, Any]:
        """A configuration that reads all of it, with changes."""
        start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.start_ms // 1000))
        keys = {"api_key": self.api_key, "secret_key": self.secret_key}
        return {**keys, "start_date": start, "api_url": self.url, **changes}

    def append(self, count: int) -> None:
        """Adds sessions, and returns when all of them have started and their last second is over."""
        appended = self._post("/append", {"count": count})
        assert appended["appended"] == count
        # A sync ends with the last whole second before it began.
        over = math.ceil(appended["to"] / 1000)
        time.sleep(max(0.0, over - time.time()))

    def sessions(self) -> list[dict[str, Any]]:
        """All of them, asked for without the connector."""
        rows: list[dict[str, Any]] = []
        while True:
            keys = {"apiKey": self.api_key, "secretKey": self.secret_key}
            period = {"start": self.start_ms // 1000, "end": math.ceil(time.time()) + 1}
            page = self._post("/api/v1/export/sessions", {**keys, **period, "from": len(rows), "limit": PAGE})
            rows += page["exports"]["data"]
            if len(rows) >= page["exports"]["total"]:
                return rows

    def _post(self, path: str, body: object) -> dict[str, Any]:
        headers = {"content-type": "application/json"}
        with urlopen(Request(self.url + path, json.dumps(body).encode(), headers), timeout=60) as response:
            return json.load(response)


@contextmanager
def stand_in(count: int) -> Iterator[StandIn]:
    """Runs one with so many sessions of the last 30 days, the newest of them a minute old."""
    to_ms = time.time_ns() // 1_000_000 - MINUTE_MS
    from_ms = to_ms - 30 * DAY_MS
    flags = {"port": 0, "count": count, "from": from_ms, "to": to_ms}
    args = [text for name, value in flags.items() for text in (f"--{name}", str(value))]
    with _running("integration_tests/fake-api/main.ts", *args) as told:
        yield StandIn(told["url"], told["apiKey"], told["secretKey"], from_ms)


# A row of each odd kind.
ODD_ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (PROJECT / "integration_tests/interop/odd_rows.ndjson").open(encoding="ascii")
]


@contextmanager
def odd_stand_in() -> Iterator[StandIn]:
    """Runs one that holds ODD_ROWS."""
    with _running("integration_tests/interop/odd-rows.ts") as told:
        yield StandIn(told["url"], told["apiKey"], told["secretKey"], ODD_ROWS[0]["timestamp"])


def arriving(value: Any) -> Any:
    """A value as it has to arrive: half of a surrogate pair, which no UTF-8 has a place for, is U+FFFD."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [arriving(item) for item in value]
    if isinstance(value, dict):
        return {arriving(name): arriving(inner) for name, inner in value.items()}
    return value


@contextmanager
def _running(script: str, *args: str) -> Iterator[dict[str, Any]]:
    """Runs a script of TypeScript that says in its first line where it listens."""
    command = [PROJECT / "node_modules/.bin/tsx", PROJECT / script, *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
