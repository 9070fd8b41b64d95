"""An import that is cut off, refused or runs out of disk at any operation on a file leaves the old or the new state."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to break a process of its own")


def broken(how: str, every: int) -> str:
    command = [sys.executable, "-m", "tests.resolver.file_faults", how, str(every)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("how", "every", "ended"), [("kill", 4, "killed"), ("ENOSPC", 8, "refused"), ("EIO", 8, "refused")])
def test_a_fault_at_any_file_operation_leaves_the_old_or_the_new_state(how: str, every: int, ended: str) -> None:
    """The index that is shipped, with what it prepares; the long form is `python -m tests.resolver.file_faults kill`."""
    ends, *operations = broken(how, every).splitlines()
    assert "VIOLATION" not in ends
    assert f"'{ended}':" in ends
    for part in (
        "prepared/",
        ".segment",
        "arrays.bin",
        "manifest.json",
        "current.tmp",
        "os.rename",
        "os.remove",
        "os.mkdir",
        "fsync",
    ):
        assert any(part in operation for operation in operations), f"no operation on {part} was broken"


def test_a_disk_that_is_full_at_any_size_leaves_the_old_or_the_new_state() -> None:
    """Files of SQLite, segments and arrays alike stop in the middle of a write."""
    ends = broken("full", 50).splitlines()[0]
    assert "VIOLATION" not in ends
    assert "'refused':" in ends
