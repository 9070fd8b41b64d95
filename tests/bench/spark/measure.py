"""Spark beside the local road over the same Parquet files: python tests/bench/spark/measure.py [documents] -> one line of JSON.

The documents are made here: sentences with names of the seeds and without, of 100 to 900 characters, none equal to another.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from resolver import arrow, spark
from resolver.resolve import Resolver

FILES = 20
WORDS = "the of and to in a was for on that with as at by from were had been said after before near region talks market report".split()


def documents(count: int, resolver: Resolver) -> list[str]:
    """Number -> as many texts, the same every time."""
    chance = random.Random(8)
    names = [alias.form for entity in resolver.entities(limit=2_000)[0] for alias in entity.surface_forms()]
    made = []
    for number in range(count):
        words = [chance.choice(WORDS) for _ in range(chance.randrange(20, 160))]
        for _ in range(chance.randrange(4)):
            words.insert(chance.randrange(len(words)), chance.choice(names))
        made.append(f"Report {number}: {' '.join(words)}.")
    return made


def main(count: int) -> None:
    """Number of documents -> the record of one run on standard output."""
    resolver = Resolver.open()
    texts = documents(count, resolver)
    with TemporaryDirectory() as directory:
        source = Path(directory) / "texts"
        source.mkdir()
        size = -(-count // FILES)
        for place in range(FILES):
            rows = range(place * size, min((place + 1) * size, count))
            pq.write_table(pa.table({"id": list(rows), "text": [texts[row] for row in rows]}), source / f"{place:03}.parquet")
        seconds = {}
        for name, road in (("local", arrow), ("spark", spark)):
            start = time.perf_counter()
            road.mention_files(source, Path(directory) / name, id="id")
            seconds[name] = time.perf_counter() - start
        start = time.perf_counter()  # the session is up and its workers have opened the data
        spark.mention_files(source, Path(directory) / "warm", id="id")
        seconds["spark_warm"] = time.perf_counter() - start
        found = [pq.read_table(Path(directory) / name) for name in ("local", "spark", "warm")]
    record = {
        "documents": count, "characters": sum(map(len, texts)), "mentions": found[0].num_rows, "cpus": os.cpu_count(),
        "equal": found[0] == found[1] == found[2], "seconds": {name: round(taken, 1) for name, taken in seconds.items()},
        "generation_bytes": sum((resolver.index.directory / file).stat().st_size for file in spark.FILES),
    }  # fmt: skip
    print(json.dumps(record))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
