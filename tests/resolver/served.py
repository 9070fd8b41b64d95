"""`aka serve` as a process of its own, for tests that ask it over the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(
    data: Path, *, before: str = "", workers: int = 2, seed: str = "random", more: Sequence[str] = ()
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Data directory -> address of a service over it, once it answers, and its process; `seed` is Python's hash seed, `more` flags."""
    program = before + "from resolver.cli import main; main()"
    arguments = ["serve", "--data", str(data), "--port", "0", "--workers", str(workers), *more]
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": seed},
    ) as process:  # fmt: skip
        try:
            said = process.stderr.readline()
            address = re.search(r"http://\S+", said)
            assert address, said
            yield answering(address[0], process), process
        finally:
            process.terminate()  # not kill: its workers are processes of their own, and it takes them with it
            process.wait(timeout=60)


def answering(address: str, process: subprocess.Popen[str]) -> str:
    """Address -> the same, once somebody answers there."""
    pause = threading.Event()
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=30).close()  # noqa: S310 - our own address
            return address
        except urllib.error.URLError:
            pause.wait(0.05)
    raise AssertionError(f"the service ended with {process.returncode}")
