"""What the measurements of `aka bench` share: made-up lists compiled once, clocks, memory, the machine, and records as CSV."""

from __future__ import annotations

import csv
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from resolver import bench_data
from resolver.compiling import compile_generation
from resolver.console import table

Row = dict[str, object]
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
    compile_generation(listed, directory, prepared=keep / f"{names}-prepared")
    return directory, {"seconds": round(time.perf_counter() - started, 2), "cpu_seconds": round(_cpu() - busy, 2)}


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
    """Calls -> how long each took, sorted."""
    taken = []
    for call in calls:
        started = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def share(sorted_values: Sequence[float], part: float) -> float:
    """Sorted values and a share of them -> the value that so many do not exceed."""
    return round(sorted_values[min(len(sorted_values) - 1, int(part * len(sorted_values)))], 3)


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
