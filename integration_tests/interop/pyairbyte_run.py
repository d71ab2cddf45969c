"""The built program, run by PyAirbyte."""

import gc
from collections.abc import Iterator
from typing import Any

import airbyte as ab
import pytest
from airbyte import exceptions
from airbyte._executors.base import Executor
from airbyte.caches.base import CacheBase
from stand_in import MAIN
from strict_lines import parse_line

# What the program ends with after SIGTERM. PyAirbyte stops it by that, but takes 0 and -15 alone for a clean end.
TERMINATED = 143


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every line of every run is parsed strictly, and no run fails unseen as it is stopped.

    PyAirbyte stops it as its generators are collected, where Python prints what fails and does not raise it.
    """
    codes: list[int | None] = []
    execute = Executor.execute

    def watching(self: Executor, args: list[str], **options: Any) -> Iterator[str]:
        lines = execute(self, args, **options)
        try:
            for line in lines:
                parse_line(line)
                yield line
        finally:
            try:
                lines.close()
            except exceptions.AirbyteSubprocessFailedError as failure:
                codes.append(failure.exit_code)

    monkeypatch.setattr(Executor, "execute", watching)
    yield
    gc.collect()
    assert set(codes) <= {TERMINATED}


def source_of(config: dict[str, Any]) -> ab.Source:
    return ab.get_source("source-browsee", config=config, local_executable=MAIN, streams="*")


def rows_of(cache: CacheBase, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in cache.run_sql_query(sql)]
