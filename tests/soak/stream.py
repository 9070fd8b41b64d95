"""A long stream through `aka mentions --jsonl`: memory stays what it is, and every line comes back whole, in order.

`python -m tests.soak.stream --gigabytes 10` -> one line of JSON; a line for each look at memory goes to standard error. The stream
is made here, no two of its texts are equal, and what comes back is compared byte for byte with what the text must give.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from resolver.resolve import Resolver
from tests.soak.service import AKA, ROOT

POOL = 256  # texts of which the stream is made, each time with another end
WORDS = "the of and to in a was for on that with as at by from were had been said after before near region talks market report".split()
BLOCK = 1 << 20  # bytes written or read at once
WARM = 0.25  # of the stream, after which what is loaded once is loaded


def texts(size: int) -> list[bytes]:
    """About so many characters each -> texts with names of the seeds in them, as they stand in a line of JSON."""
    chance = random.Random(10)
    names = [alias.form for entity in Resolver.open().entities(limit=2_000)[0] for alias in entity.surface_forms()]
    made = []
    for _ in range(POOL):
        said: list[str] = []
        while sum(map(len, said)) + len(said) < size:
            said += [chance.choice(names), *chance.choices(WORDS, k=200)]
        made.append(json.dumps(" ".join(said), ensure_ascii=False).encode()[1:-1])
    return made


def head(number: int, pool: list[bytes]) -> bytes:
    """Number of a line -> the line without the bracket that closes it."""
    return b'{"n":%d,"text":"%s (%d)"' % (number, pool[number % len(pool)], number)


def blocks(pool: list[bytes], size: int) -> Iterator[bytes]:
    """Texts and a size in bytes -> a stream of that size and a line more, in pieces."""
    lines: list[bytes] = []
    waiting = made = 0
    for number in count():
        lines.append(head(number, pool) + b"}\n")
        waiting += len(lines[-1])
        if waiting >= min(BLOCK, size - made):
            yield b"".join(lines)
            made, waiting, lines = made + waiting, 0, []
        if made >= size:
            return


def memory(process: subprocess.Popen[bytes]) -> int:
    """Process -> kB that it and its children hold of their own, files that they map left out: other programs map those too."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/children")  # each knows those that it started
    held = 0
    for pid in (str(process.pid), *(pid for children in threads for pid in _read(children).split())):
        with suppress(OSError):  # it has ended meanwhile
            held += int(re.search(r"^Pss_Anon:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1])
    return held


def _read(path: Path) -> str:
    with suppress(OSError):  # the thread has ended meanwhile
        return path.read_text()
    return ""


def measured(size: int, *, jobs: int, min_score: float | None = 1, looks: int = 40, line: int = 4_000) -> dict[str, object]:
    """Bytes of the stream, processes, and the least score -> how many lines came back, how many wrong, and memory as it went."""
    pool = texts(line)
    least = [] if min_score is None else ["--min-score", str(min_score)]
    command = [*AKA, "mentions", "--jsonl", "-j", str(jobs), *least]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        threading.Thread(target=_feed, args=(process.stdin, blocks(pool, size)), daemon=True).start()
        seen: list[int] = []
        checked = _Checked(pool)
        for read in checked.lines(process.stdout):
            if read * looks >= size * (len(seen) + 1):
                seen.append(memory(process))
                print(f"{read >> 20} MiB, {seen[-1]} kB", file=sys.stderr, flush=True)
        status = process.wait()
    return {"bytes": size, "jobs": jobs, "min_score": min_score, "status": status, **checked.found(), **judged(seen)}


def _feed(stream: BinaryIO, pieces: Iterator[bytes]) -> None:
    with stream:
        for piece in pieces:
            stream.write(piece)


class _Checked:
    """What comes back, compared with what went in; of equal texts the answers must be equal."""

    def __init__(self, pool: list[bytes]) -> None:
        self._pool = pool
        self._answers: dict[int, bytes] = {}
        self._lines = self._wrong = self._mentions = 0

    def lines(self, stream: BinaryIO) -> Iterator[int]:
        """Stream -> bytes of the questions that were answered up to now, after each line."""
        answered = 0
        with os.fdopen(os.dup(stream.fileno()), "rb", BLOCK) as buffered:
            for line in buffered:
                asked = head(self._lines, self._pool)
                answered += len(asked) + 2
                self._look(line, asked)
                yield answered

    def _look(self, line: bytes, asked: bytes) -> None:
        answer = line[len(asked) :]
        usual = self._answers.setdefault(self._lines % len(self._pool), answer)
        self._mentions += usual.count(b'"start":')
        self._wrong += not (line.startswith(asked) and answer == usual and answer.startswith(b',"mentions":['))
        self._lines += 1

    def found(self) -> dict[str, int]:
        """-> lines, those that are wrong, mentions."""
        return {"lines": self._lines, "wrong": self._wrong, "mentions": self._mentions}


def judged(seen: list[int]) -> dict[str, object]:
    """Memory at each look -> its median in the two halves after warming up, the most, and by how much the second half is larger."""
    later = seen[int(len(seen) * WARM) :]
    halves = [statistics.median(half) for half in (later[: len(later) // 2], later[len(later) // 2 :])]
    return {"looks": len(seen), "kb_halves": halves, "kb_most": max(seen), "growth_kb": halves[1] - halves[0]}


def main() -> None:
    """Arguments -> the report on standard output; exit status 1 when a line is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--min-score", type=float, default=1)
    parser.add_argument("--line", type=int, default=4_000, help="characters of a text")
    chosen = parser.parse_args()
    found = measured(int(chosen.gigabytes * 1e9), jobs=chosen.jobs, min_score=chosen.min_score, line=chosen.line)
    print(json.dumps(found))
    sys.exit(bool(found["wrong"] or found["status"]))


if __name__ == "__main__":
    main()
