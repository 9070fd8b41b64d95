"""The service under mixed load for a long time: its memory, open files and threads stay what they are.

`python -m tests.soak.endure --minutes 20` -> one line of JSON; a line a minute goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from tests.soak.service import Load, post, publish, resources, serving, workers, write_list

WARM = 0.25  # of the time, after which what is loaded once is loaded; the rest is split into halves that are compared
NAMES = 5_000  # different ones, so that no cache answers all
_WORDS = "zubayda marker tell abu deir zor raqqa mayadin الزور الرقة тель абу 가나 北 o'neil al-hasakah state islamic".split()


def question(number: int) -> bytes:
    """Number of a question -> its bytes: look-ups, texts, pages, and a few that are refused."""
    chance = random.Random(number % NAMES)
    words = " ".join(chance.choices(_WORDS, k=chance.randint(1, 4)))
    kind = number % 10
    if kind < 5:
        return post("/lookup", {"names": [words, f"Tell Abu {chr(97 + number % 26)}{number % 200}"], "limit": 3})
    if kind < 8:
        return post("/mentions", {"text": f"{words}. The road to Tell Abu a0 aayda was closed; {words} was not. " * 4})
    if kind == 8:
        return b'POST /lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"names":'
    path = ("/metrics", "/entities?limit=20", "/version", "/readyz", "/", "/name?name=Zubayda")[number // 10 % 6]
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def measured(*, seconds: float, rate: float, processes: int = 2, samples: int = 60) -> dict[str, object]:
    """How long and how many questions a second -> statuses, and how the worst worker's resources went from half to half."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory) / "data"
        publish(data, write_list(Path(directory) / "list.jsonl", version=0, size=200))
        with serving(data, "--workers", str(processes)) as (address, process):
            load = Load(address, rate, question=question, keep=False)
            over = threading.Event()
            seen: list[list[dict[str, int]]] = []

            def look() -> None:
                while not over.wait(seconds / samples):
                    seen.append([resources(pid) for pid in workers(process)])
                    print(json.dumps(seen[-1]), file=sys.stderr, flush=True)

            thread = threading.Thread(target=look)
            thread.start()
            statuses = Counter(answer.status for answer in load.run(seconds))
            over.set()
            thread.join()
    return {"seconds": seconds, "statuses": {str(status): count for status, count in sorted(statuses.items())}, **judged(seen)}


def judged(seen: list[list[dict[str, int]]]) -> dict[str, object]:
    """What each worker used at each look -> for each resource its median in the two halves after warming up, and the worst drift."""
    later = seen[int(len(seen) * WARM) :]
    halves = later[: len(later) // 2], later[len(later) // 2 :]
    found: dict[str, object] = {"looks": len(seen)}
    for name in ("private_kb", "files", "threads"):
        medians = [
            tuple(statistics.median(look[worker][name] for look in half) for half in halves)
            for worker in range(len(later[0]))
        ]  # fmt: skip
        found[name] = medians
        found[f"{name}_drift_percent"] = max(round(100 * (after - before) / before, 2) for before, after in medians)
    return found


def main() -> None:
    """Arguments -> the report on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=40)
    chosen = parser.parse_args()
    print(json.dumps(measured(seconds=chosen.minutes * 60, rate=chosen.rate)))


if __name__ == "__main__":
    main()
