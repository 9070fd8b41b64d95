"""Kills a service at random times while a list is sent to it and others ask: `python -m tests.resolver.kill_service 100`.

Each run sends the other of two states of a list by `POST /lists/list` and kills with SIGKILL after a random part of the time that
this takes: every process of the service, or its workers only, which it must then replace by itself. What the data directory holds
must be the old or the new state, whole, the same in the generation and in the record; the service that is there afterwards must
answer from it. No question may be answered from two states, before or after.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from resolver.credentials import Tokens
from tests.resolver.kill_imports import import_file, list_of, state
from tests.resolver.served import serving

WORDS = ("Old", "New")
LATEST = 1.2  # times the usual duration of an import over HTTP, at which it is killed at last
_QUESTION = json.dumps({"names": [f"{word} Example 7" for word in WORDS], "limit": 1, "min_score": 0})
_GONE = (OSError, http.client.HTTPException, ValueError)  # what a client sees of a service that is killed


class Service:
    """A service that was started, as one of its clients sees it."""

    def __init__(self, address: str, process: subprocess.Popen[str], token: str) -> None:
        self._place = urlsplit(address).netloc
        self.process = process
        self._headers = {"Authorization": f"Bearer {token}"}

    def asked(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, bytes]:
        """Request -> status and body; one of `_GONE` when there is nobody to answer it to the end."""
        connection = http.client.HTTPConnection(self._place, timeout=120)
        try:
            connection.request(method, path, body or None, {**self._headers, "Content-Type": kind} if body else self._headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def states(self) -> set[str]:
        """-> of which of the two states the answer to one question is."""
        status, body = self.asked("POST", "/lookup", _QUESTION.encode())
        if status != 200:
            return {f"status {status}"}
        return {one["candidates"][0]["entity"]["name"].partition(" ")[0] for one in json.loads(body)["results"]}

    def send(self, file: Path) -> int:
        """List -> status of the answer to sending it in."""
        return self.asked("POST", "/lists/list?force=1", file.read_bytes(), "application/x-ndjson")[0]

    def workers(self) -> list[int]:
        """-> ids of the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]


@contextmanager
def asking(service: Service, found: Counter[str]) -> Iterator[None]:
    """While inside, questions are asked; `found` counts those answered, and what must not be."""
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            with suppress(*_GONE):
                states = service.states()
                found["answered" if len(states) == 1 else f"VIOLATION: answered from {sorted(states)}"] += 1

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def killed(service: Service, file: Path, *, after: float, whole: bool) -> bool:
    """List, seconds, and whether all processes are killed or the workers only -> whether the list was still being taken in."""
    statuses: list[int] = []

    def send() -> None:
        with suppress(*_GONE):
            statuses.append(service.send(file))

    thread = threading.Thread(target=send)
    thread.start()
    time.sleep(after)
    ended = bool(statuses)
    pids = service.workers()
    for pid in [service.process.pid, *pids] if whole else pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    thread.join()
    return not ended


def settled(service: Service, data: Path) -> str:
    """Service whose workers were replaced, or that was started anew -> what the directory and all of 20 answers are of."""
    kept = state(data)
    for _ in range(600):
        with suppress(*_GONE):
            if all(service.states() == {kept.capitalize()} for _ in range(20)):
                return kept
        time.sleep(0.1)
    return f"answers other than {kept}"


class Runs:
    """One data directory through many services that are killed."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.data = folder / "data"
        self.lists = {word.lower(): list_of(folder / f"{word}.jsonl", word) for word in WORDS}
        import_file(self.data, self.lists["old"])
        self.token = Tokens(self.data / "tokens.json").create("writer", scope="write")
        self.found: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._usual = 0.0

    def run(self, number: int) -> None:
        """Start, send, kill, look."""
        with serving(self.data) as (address, process):
            service = Service(address, process, self.token)
            before = settled(service, self.data)
            other = self.lists["new" if before == "old" else "old"]
            with asking(service, self.found):
                self._usual = self._usual or self._timed(service)
                self.found["in the middle"] += killed(
                    service, other, after=self._chance.uniform(0, LATEST) * self._usual, whole=number % 2 == 0
                )
                after = state(self.data) if number % 2 == 0 else settled(service, self.data)
        self.found[after if after in self.lists else f"VIOLATION after {before}: {after}"] += 1

    def _timed(self, service: Service) -> float:
        """-> seconds that sending a list in takes, there and back, so that it is as it was."""
        now = state(self.data)
        began = time.monotonic()
        for word in ("new" if now == "old" else "old", now):
            assert service.send(self.lists[word]) == 200
        return (time.monotonic() - began) / 2


def main(runs: int, *, seed: int = 0) -> Counter[str]:
    """Number of runs -> how many ended in which state; a state that must not be is named by what it is."""
    with tempfile.TemporaryDirectory(prefix="aka-kill-") as folder:
        all_of_them = Runs(Path(folder), seed=seed)
        for number in range(runs):
            all_of_them.run(number)
    return all_of_them.found


if __name__ == "__main__":
    outcome = main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(dict(outcome))
    sys.exit(any(word.startswith("VIOLATION") for word in outcome))
