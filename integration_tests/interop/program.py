"""Runs the built program, on files."""

import json
import subprocess
from pathlib import Path
from typing import Any

from stand_in import MAIN

LIMIT_S = 60


def run_program(args: list[str]) -> tuple[list[str], int]:
    """Its lines of stdout and its exit code."""
    done = subprocess.run([MAIN, *args], capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False)
    assert done.stderr == ""
    assert done.stdout.endswith("\n"), "the last line is not whole"
    return done.stdout[:-1].split("\n"), done.returncode


def run_on(folder: Path, command: str, **files: Any) -> tuple[list[str], int]:
    """Runs a command with files of these names and contents."""
    args = [command]
    for name, content in files.items():
        path = folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        args += [f"--{name}", str(path)]
    return run_program(args)
