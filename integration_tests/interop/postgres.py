"""A PostgreSQL server of its own for a test."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root; Debian's package brings this user.
SERVICE_USER = "postgres"
START_LIMIT_S = 120
TRIES = 3


@dataclass(frozen=True)
class Server:
    """One that runs on this machine's loopback. Any password will do."""

    port: int
    user: str = "airbyte"
    database: str = "postgres"


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """Runs one with its data in a new folder inside of the one given, which its user must be able to reach."""
    home = folder / "postgres"
    home.mkdir()
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:
        shutil.chown(home, SERVICE_USER, SERVICE_USER)
        as_user = {"user": SERVICE_USER, "group": SERVICE_USER, "extra_groups": []}
    data = home / "data"

    def run(program: str, *args: object) -> subprocess.CompletedProcess[bytes]:
        command = [binary(program), "-D", data, *map(str, args)]
        return subprocess.run(command, cwd=home, check=False, stdout=subprocess.DEVNULL, **as_user)

    made = run("initdb", "--username", Server.user, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
    assert made.returncode == 0
    for _ in range(TRIES):
        # Somebody else may take the port before the server does.
        server = Server(free_port())
        options = f"-p {server.port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = home / "log"
        if run("pg_ctl", "start", "--wait", "-t", START_LIMIT_S, "--log", log, "-o", options).returncode == 0:
            break
    else:
        raise AssertionError(log.read_text(encoding="utf-8"))
    try:
        yield server
    finally:
        run("pg_ctl", "stop", "--mode", "immediate", "--wait")


def binary(name: str) -> Path:
    """A program of the newest PostgreSQL; Debian keeps those of the server out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    anywhere = shutil.which(name)
    assert found or anywhere, f"PostgreSQL's {name} is not installed"
    return found[-1] if found else Path(str(anywhere))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
