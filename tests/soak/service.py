"""A service over a data directory for the long measurements: started, watched through /proc, and asked at times fixed beforehand.

Load is open-loop: the time at which a question is to be sent does not wait for the answer to the one before, and latency counts
from that time. A service that stalls is thus charged for all questions that it kept waiting.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
AKA = (sys.executable, "-c", "from resolver.cli import main; main()")
VERSIONED = "Probe of the Version"


@contextmanager
def serving(data: Path, *flags: str, environment: dict[str, str] | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Data directory and flags of `aka serve` -> host:port of a service that is ready, and its process."""
    command = [*AKA, "serve", "--data", str(data), "--port", "0", *flags]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    ) as process:
        try:
            said = process.stderr.readline()
            found = re.search(r"http://(\S+)", said)
            assert found, said
            while get(found[1], "/readyz")[0] != 200:
                time.sleep(0.05)
            yield found[1], process
        finally:
            process.terminate()
            process.wait(timeout=60)


def get(address: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Path, and a value that is sent as JSON -> status (0 when nobody answers) and body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{address}{path}", data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()
    except (urllib.error.URLError, OSError):
        return 0, b""


def write_list(path: Path, *, version: int, size: int) -> Path:
    """Path -> a list of so many places; one of them says which version it is."""
    lines = [json.dumps({"id": "probe", "type": "place", "name": f"{VERSIONED} {version}", "aliases": ["Zubayda Marker"]})]
    lines += [
        json.dumps({"id": f"p{n}", "type": "place", "name": f"Tell Abu {chr(97 + n % 26)}{n} {chr(97 + n // 26 % 26)}ayda"})
        for n in range(size)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def publish(data: Path, file: Path) -> str:
    """List -> imported by a process of its own, as an operator would; the generation that the pointer names then."""
    command = [*AKA, "import", "jsonl", str(file), "--list", "soak", "--data", str(data), "--force"]
    subprocess.run(["nice", "-n", "10", *command], cwd=ROOT, check=True, capture_output=True)
    return (data / "current").read_text("utf-8").strip()


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Process of a service -> ids of its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]


def resources(pid: int) -> dict[str, int]:
    """Process -> private memory in kB, open files, threads."""
    rollup = dict(re.findall(r"(\w+):\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text()))
    private = int(rollup["Private_Dirty"]) + int(rollup["Private_Clean"])
    return {
        "private_kb": private,
        "private_dirty_kb": int(rollup["Private_Dirty"]),
        "files": len(os.listdir(f"/proc/{pid}/fd")),
        "threads": len(os.listdir(f"/proc/{pid}/task")),
    }


@dataclass
class Answer:
    """One question: when it should have been sent, when it was answered, with what."""

    due: float
    done: float
    status: int
    body: bytes
    connection: int


@dataclass
class Load:
    """Questions at a steady rate over some connections that are kept."""

    address: str
    rate: float
    connections: int = 8
    question: Callable[[int], bytes] = field(default=lambda number: b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    keep: bool = True  # the bodies of the answers
    answers: list[Answer] = field(default_factory=list)
    _stop: bool = False

    def run(self, seconds: float) -> list[Answer]:
        """Seconds -> the answers, in the order in which they came."""
        asyncio.run(self._all(seconds))
        return self.answers

    def stop(self) -> None:
        """End before the time."""
        self._stop = True

    async def _all(self, seconds: float) -> None:
        begin = time.perf_counter() + 0.2
        await asyncio.gather(*(self._one(number, begin, seconds) for number in range(self.connections)))

    async def _one(self, connection: int, begin: float, seconds: float) -> None:
        """Every so-and-so-manieth question, one after the other on one connection."""
        host, port = self.address.rsplit(":", 1)
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        number = connection
        while number / self.rate < seconds and not self._stop:
            due = begin + number / self.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                line = line or await asyncio.open_connection(host, int(port))
                line[1].write(self.question(number))
                status, body = await asyncio.wait_for(_read(line[0]), 30)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
                status, body = 0, b""
                if line:
                    line[1].close()
                line = None
            kept = body if self.keep else b""
            self.answers.append(Answer(due - begin, time.perf_counter() - begin, status, kept, connection))
            number += self.connections
        if line:
            line[1].close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def percentile(values: list[float], share: float) -> float:
    """Values -> the one below which that share of them lies, in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1_000 if ordered else 0.0


def post(path: str, value: object) -> bytes:
    """Path and a value -> the bytes of a request that brings it as JSON."""
    body = json.dumps(value).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
