"""Fixtures, and the parameters of Airbyte's standard tests."""

from collections.abc import Iterator

import pytest
from stand_in import SESSIONS, StandIn, stand_in

pytest_plugins = ["airbyte_cdk.test.standard_tests.pytest_hooks", "pyairbyte_run"]


@pytest.fixture(scope="session")
def api() -> Iterator[StandIn]:
    """A stand-in for everybody: its sessions stay as they are."""
    with stand_in(SESSIONS) as running:
        yield running


@pytest.fixture
def own_api() -> Iterator[StandIn]:
    """One for a single test."""
    with stand_in(SESSIONS) as running:
        yield running
