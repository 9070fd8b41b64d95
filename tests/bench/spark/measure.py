"""Spark beside the local road over the same Parquet files: python tests/bench/spark/measure.py [options] -> one line of JSON.

The documents are made here: sentences with names of the seeds and without, none equal to another. With `--keep` the directory stays,
and a run that was stopped goes on where it was. Seconds are those of processors, of all processes of a road together: a figure that
other work on the machine leaves alone, which that of a clock is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from resolver import arrow, spark
from resolver.resolve import Resolver

FILES = 40
WORDS = "the of and to in a was for on that with as at by from were had been said after before near region talks market report".split()
TICK = os.sysconf("SC_CLK_TCK")
PAUSE = 0.5  # seconds between two looks: what a process takes behind the last one is not counted
FIRST = "import sys; from resolver.resolve import Resolver; Resolver.open(sys.argv[1] or None).mentions('ISIS lost Raqqa.')"


def documents(count: int, resolver: Resolver, *, words: tuple[int, int]) -> list[str]:
    """Number, names, and the least and most words of one -> as many texts, the same every time."""
    chance = random.Random(8)
    names = [alias.form for entity in resolver.entities(limit=2_000)[0] for alias in entity.surface_forms()]
    made = []
    for number in range(count):
        said = [chance.choice(WORDS) for _ in range(chance.randrange(*words))]
        for _ in range(chance.randrange(4)):
            said.insert(chance.randrange(len(said)), chance.choice(names))
        made.append(f"Report {number}: {' '.join(said)}.")
    return made


def write(texts: list[str], source: Path) -> None:
    """Texts -> FILES Parquet files of about as many each."""
    source.mkdir(parents=True, exist_ok=True)
    size = -(-len(texts) // FILES)
    for place in range(FILES):
        rows = range(place * size, min((place + 1) * size, len(texts)))
        pq.write_table(pa.table({"id": list(rows), "text": [texts[row] for row in rows]}), source / f"{place:03}.parquet")


# ---------------------------------------------------------------- what processes cost


def family() -> list[Path]:
    """-> this process and all that came of it, as directories of /proc."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return [Path("/proc") / str(one) for one in sorted(found)]


class Meter:
    """Looks at all processes again and again, since what one has taken is not to be asked when it has ended."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], int] = {}  # id and start of a process -> ticks of its own
        self.workers: list[dict[str, int]] = []  # the most that were at work at once, as they were when looked at last
        self._over = threading.Event()

    def look(self) -> None:
        """Note what each process has taken by now, and what the workers hold."""
        for process in family():
            with suppress(OSError):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                self._taken[process.name, fields[19]] = int(fields[11]) + int(fields[12])
        found = workers()
        self.workers = found if len(found) >= len(self.workers) else self.workers

    def seconds(self) -> float:
        """-> seconds of processors, of this process and all that came of it."""
        self.look()
        return sum(self._taken.values()) / TICK

    def watching(self) -> None:
        """Look until it is over."""
        while not self._over.wait(PAUSE):
            self.look()

    def stop(self) -> None:
        self._over.set()


def workers() -> list[dict[str, int]]:
    """-> of each Python worker of Spark that holds a generation: bytes of its own, and bytes shared with others."""
    found = []
    for process in family():
        with suppress(OSError):
            if process.name == str(os.getpid()) or "arrays.bin" not in (process / "maps").read_text():
                continue
            rows = (line.split() for line in (process / "smaps_rollup").read_text().splitlines()[1:])
            size = {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows}
            own, rest = size["Private_Clean"] + size["Private_Dirty"], size["Shared_Clean"] + size["Shared_Dirty"]
            found.append({"own": own, "shared": rest})
    return found


def measured(road: Callable[[], Any], meter: Meter) -> dict[str, float]:
    """Road -> its seconds, by processors and by the clock."""
    before, start = meter.seconds(), time.perf_counter()
    road()
    return {"processor": round(meter.seconds() - before, 1), "clock": round(time.perf_counter() - start, 1)}


def first_answer(data: str | None) -> dict[str, float]:
    """Data directory -> what a fresh process takes to answer a first text."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST, data or ""], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"processor": round(taken, 2), "clock": round(time.perf_counter() - start, 2)}


def main(asked: argparse.Namespace, directory: Path) -> None:
    """What is asked, and a directory to work in -> the record of one run on standard output."""
    resolver = Resolver.open(asked.data)
    meter = Meter()
    threading.Thread(target=meter.watching, daemon=True).start()
    first = first_answer(asked.data)
    texts = documents(asked.documents, resolver, words=(asked.words // 4, asked.words * 7 // 4))
    if not (directory / "texts").exists():
        write(texts, directory / "texts")
    options = {"id": "id", "data": asked.data, "min_score": asked.min_score}
    taken = {
        "local": measured(lambda: arrow.mention_files(directory / "texts", directory / "local", **options), meter),
        "spark": measured(lambda: spark.mention_files(directory / "texts", directory / "spark", **options), meter),
    }
    if asked.again:  # without the start of Java
        taken["spark_again"] = measured(lambda: spark.mention_files(directory / "texts", directory / "again", **options), meter)
    meter.stop()
    found = [pq.read_table(directory / name) for name in ("local", "spark")]
    record = {
        "documents": asked.documents, "characters": sum(map(len, texts)), "mentions": found[0].num_rows,
        "names": resolver.index.alias_count, "equal": found[0] == found[1], "min_score": asked.min_score, "seconds": taken,
        "first_answer": first, "workers": meter.workers,
        "generation_bytes": sum((resolver.index.directory / file).stat().st_size for file in spark.FILES),
        "cpus": os.cpu_count(), "pyspark": version("pyspark"),
    }  # fmt: skip
    print(json.dumps(record))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", type=int, nargs="?", default=200_000)
    parser.add_argument("--words", type=int, default=80, help="of a document, on the average")
    parser.add_argument("--data", help="data directory [default: the shipped seeds]")
    parser.add_argument("--min-score", type=float, help="1 asks for listed forms alone")
    parser.add_argument("--keep", type=Path, help="directory for texts and mentions; a second run goes on in it")
    parser.add_argument("--again", action="store_true", help="a second job of Spark, without the start of Java")
    arguments = parser.parse_args()
    if arguments.keep:
        main(arguments, arguments.keep)
    else:
        with TemporaryDirectory() as temporary:
            main(arguments, Path(temporary))
