"""Kills imports at random times, with the index that is shipped, and looks at what is left: `python -m tests.resolver.kill_imports N`.

Each run forks a process that imports an update (of a data directory with an old version, or of none), and kills it: with SIGKILL
after a random part of the time that an import takes, or, as a busy machine makes that mostly too early, with SIGPROF after a random
part of the work. What a reader then sees must be the old or the new state, whole, the same in
the generation and in the record; the next import must bring the new one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from aliases.errors import MissingDataError
from aliases.store import FILE, Store
from resolver import Resolver, publish

ENTITIES = 40
LATEST = 1.3  # times the usual duration of an import, at which it is killed at last; then it has mostly ended


def list_of(path: Path, word: str) -> Path:
    records = (
        {"id": f"e{number}", "type": "person", "name": f"{word} Example {number}", "aliases": [f"{word} {number} Other"]}
        for number in range(ENTITIES)
    )
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def import_file(data: Path, file: Path) -> None:
    publish.import_list(data, format="jsonl", file=file, list_name="list")


def state(data: Path) -> str:
    """Data directory -> `nothing`, `old` or `new` as its generation and its record both have it; else what they have."""
    try:
        resolver = Resolver.open(data)
    except MissingDataError:
        return "nothing"
    served = [resolver.index.entity(number) for number in range(resolver.index.entity_count)]
    with Store.open(data / FILE) as store:
        recorded = list(store.live_entities())
    words = {entity.name.split()[0] for entity in served}
    if served != recorded or len(served) != ENTITIES or len(words) != 1:
        return f"served {len(served)} of {words}, recorded {len(recorded)}"
    return words.pop().lower()


class _Ended(NamedTuple):
    """An import in a process of its own, and what it took."""

    killed: bool
    seconds: float
    work: float  # seconds of CPU


def _imported(data: Path, file: Path, *, seconds: float = 0.0, work: float = 0.0) -> _Ended:
    """Import in a child that is killed after so many seconds, or seconds of CPU -> whether it was still at work."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            signal.setitimer(signal.ITIMER_PROF, work)  # nothing handles its signal, which ends the process then
            import_file(data, file)
        finally:
            os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return _Ended(os.WIFSIGNALED(status), time.monotonic() - started, used.ru_utime + used.ru_stime)


def main(runs: int, *, seed: int = 0) -> Counter[str]:
    """Number of runs -> how many ended in which state; a state that must not be is named by what it is."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="aka-kill-") as folder:
        directory = Path(folder)
        old, new = list_of(directory / "old.jsonl", "Old"), list_of(directory / "new.jsonl", "New")
        import_file(directory / "before", old)
        shutil.copytree(directory / "before", directory / "timed")
        usual = _imported(directory / "timed", new)
        for run in range(runs):
            data = directory / f"run-{run}"
            before = "old" if run % 4 else "nothing"
            if before == "old":
                shutil.copytree(directory / "before", data)
            part = chance.uniform(0.01, LATEST)
            limit = {"work": part * usual.work} if run % 2 else {"seconds": part * usual.seconds}
            found["killed"] += _imported(data, new, **limit).killed
            seen = state(data)
            found[seen if seen in (before, "new") else f"VIOLATION after {before}: {seen}"] += 1
            import_file(data, new)
            if state(data) != "new":
                found[f"VIOLATION: the next import left {state(data)}"] += 1
            shutil.rmtree(data)
    return found


if __name__ == "__main__":
    outcome = main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(dict(outcome))
    sys.exit(any(state.startswith("VIOLATION") for state in outcome))
