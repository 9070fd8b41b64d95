"""One service over the shipped seeds, in a process of its own, that real clients are pointed at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ADDRESS = re.compile(r"on (http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="session")
def service(cache: Path) -> Iterator[str]:
    """-> address of `aka serve`."""
    command = [sys.executable, "-c", "from resolver.cli import main; main()", "serve", "--port", "0", "--workers", "1"]
    environment = {**os.environ, "AKA_CACHE": str(cache)}
    environment.pop("AKA_DATA", None)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as started:
        assert started.stderr is not None
        try:
            said = ""
            while (found := ADDRESS.search(said)) is None:
                line = started.stderr.readline()
                assert line, f"`aka serve` ended: {said}"
                said += line
            ready(found[1])
            yield found[1]
        finally:
            started.terminate()
            started.wait(60)
            started.stderr.close()


def ready(address: str, *, path: str = "/readyz", seconds: float = 120) -> None:
    """Address -> nothing, once it answers; it is asked again and again until then."""
    import time
    import urllib.error
    import urllib.request

    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address + path, timeout=10) as answer:  # noqa: S310 - an address of ours
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < end, f"nothing answers at {address}{path}"
        time.sleep(0.05)
