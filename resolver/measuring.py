"""What the measurements of `aka bench` share: made-up lists compiled once, clocks, memory, the machine, and records as CSV."""

from __future__ import annotations

import csv
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from resolver import bench_data
from resolver.compiling import compile_generation
from resolver.console import table

Row = dict[str, object]
PAUSE = 0.25  # seconds between two looks at the memory that is used
_SIZE = re.compile(r"([0-9]+)([km]?)", re.IGNORECASE)
_FACTOR = {"": 1, "k": 1_000, "m": 1_000_000}


def size_of(text: str) -> int:
    """`10k`, `1M`, `500` -> how many names; ValueError for anything else."""
    found = _SIZE.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError(f"{text!r} is no size: write 10k, 100k, 1M")
    return int(found[1]) * _FACTOR[found[2].lower()]


def machine() -> dict[str, object]:
    """-> what it was measured on."""
    try:
        load = round(os.getloadavg()[0], 1)
    except (AttributeError, OSError):
        load = 0.0
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": os.cpu_count() or 1,
        "load": load,  # of other work, when measuring began: one core busy is 1.0
    }


def compiled(keep: Path, names: int, *, upon: bool = False) -> tuple[Path, Row]:
    """Directory, how many names -> a generation of so many made-up ones, and what it cost; `upon`: one of LISTS lists changed."""
    directory = keep / f"{names}{'-changed' if upon else ''}"
    shutil.rmtree(directory, ignore_errors=True)
    started, busy = time.perf_counter(), _cpu()
    listed = bench_data.entities(names, changed="list07" if upon else "")
    with _Memory() as memory:
        compile_generation(listed, directory, prepared=keep / f"{names}-prepared")
    cost: Row = {"seconds": round(time.perf_counter() - started, 2), "cpu_seconds": round(_cpu() - busy, 2)}
    return directory, cost | {"peak_mb": memory.most}


class _Memory:
    """Looks at the memory of this process and of those it started, as long as its context lasts."""

    def __init__(self) -> None:
        self.most: int | None = None  # MB of all of them together, pages that they share counted once; None where it is not told
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            with suppress(OSError):
                self.most = max(self.most or 0, sum(map(_own_share, (os.getpid(), *_children()))) // 1000)
            if self._done.wait(PAUSE):
                return


def _children() -> list[int]:
    return [int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def _own_share(pid: int) -> int:
    """Process -> kB of memory that are its own, and its part of those that it shares; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        if pid == os.getpid():
            raise
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _cpu() -> float:
    """-> seconds of all cores, of this process and of those it started and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@contextmanager
def place(keep: str | None) -> Iterator[Path]:
    """Directory for compiled lists (None: one that is removed afterwards) -> it."""
    if keep is not None:
        Path(keep).mkdir(parents=True, exist_ok=True)
        yield Path(keep)
        return
    with tempfile.TemporaryDirectory(prefix="aka-bench-") as made:
        yield Path(made)


def apart(code: str, *values: str) -> Row:
    """Python code that prints one JSON object, and its arguments -> that object, from a process of its own."""
    start = f"import sys; sys.path[:] = {sys.path!r}\n"
    done = subprocess.run([sys.executable, "-c", start + code, *values], check=True, capture_output=True, text=True)
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def milliseconds(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Calls -> processor time of each, sorted; other work on the machine leaves it alone, which a clock does not."""
    taken = []
    for call in calls:
        started = time.process_time()
        call()
        taken.append(1000 * (time.process_time() - started))
    return sorted(taken)


def share(sorted_values: Sequence[float], part: float) -> float:
    """Sorted values and a share of them -> the value that so many do not exceed."""
    return round(sorted_values[min(len(sorted_values) - 1, int(part * len(sorted_values)))], 3)


def with_slopes(rows: Sequence[Row], *, along: str, of: Sequence[str]) -> list[Row]:
    """Rows by a growing size -> the same, each with how some of its costs grew since the row before: 1 as the size, 0 not at all.

    The slope of a line on paper that is logarithmic both ways; a row without such a cost, or without one before it, has none.
    """
    made: list[Row] = []
    for row, before in zip(rows, [{}, *rows], strict=False):
        slopes: Row = {}
        for cost in of:
            here, there = row.get(cost), before.get(cost)
            if isinstance(here, int | float) and isinstance(there, int | float) and here > 0 and there > 0:
                grown = math.log(float(str(row[along])) / float(str(before[along])))
                slopes[f"{cost}_slope"] = round(math.log(here / there) / grown, 2)
        made.append({**row, **slopes})
    return made


def record(rows: Sequence[Mapping[str, object]], directory: str | None, name: str) -> str:
    """Rows -> a table for people; when a directory is given, also a dated CSV file in it with the machine beside each row."""
    head = list(dict.fromkeys(field for row in rows for field in row))
    if directory is not None:
        about = machine()
        path = Path(directory) / f"{about['date']}-{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*head, *about])
            writer.writeheader()
            writer.writerows({**row, **about} for row in rows)
    return table(head, [[row.get(field, "") for field in head] for row in rows])
