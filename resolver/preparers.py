"""Chunks of entities -> segments, prepared by worker processes: `python -m resolver.preparers` is one of them.

The workers are plain programs that read the paths of chunks and answer with a line each: nothing of the calling program is
imported again or copied, so that a script, a thread or a server may compile a list as well as the command line.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from aliases.errors import AkaError
from resolver import segments

_AHEAD = 2  # chunks that wait at each worker, so that none is idle while the next one is read
_START = "import sys; sys.path[:] = {path!r}; from resolver.preparers import main; main()"


class Preparers:
    """Some worker processes; use it as a context, which ends them. With `jobs` 0 the work is done here."""

    def __init__(self, *, jobs: int) -> None:
        self._workers = [_Worker() for _ in range(jobs)]
        self._turn = 0

    def __enter__(self) -> Preparers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.stop(kill=kind is not None)

    def prepare(self, blobs: Sequence[bytes], path: Path) -> None:
        """Encoded entities -> their segment in the file of this path, now or when `finish` returns."""
        if not self._workers:
            segments.write(segments.prepared(blobs), path)
            return
        chunk = path.with_suffix(".chunk")
        chunk.write_bytes(msgspec.msgpack.encode(blobs))
        self._workers[self._turn % len(self._workers)].give(path)
        self._turn += 1

    def finish(self) -> None:
        """Wait until all segments are there."""
        for worker in self._workers:
            worker.wait(0)


class _Worker:
    """One process."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _START.format(path=sys.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._given: deque[Path] = deque()

    def give(self, path: Path) -> None:
        self.wait(_AHEAD - 1)
        self._given.append(path)
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(os.fsencode(path) + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._died() from None

    def wait(self, most: int) -> None:
        """Until at most so many chunks are under way."""
        assert self._process.stdout  # noqa: S101
        while len(self._given) > most:
            if self._process.stdout.readline() != b"done\n":
                raise self._died()
            self._given.popleft()

    @staticmethod
    def _died() -> AkaError:
        return AkaError("a process that prepared names was killed or failed: is there memory and room on the disk for it?")

    def stop(self, *, kill: bool) -> None:
        if kill:
            self._process.kill()
        assert self._process.stdin  # noqa: S101
        assert self._process.stdout  # noqa: S101
        try:
            self._process.stdin.close()
        except OSError:
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def main() -> None:
    """Paths on standard input, a line each, beside which lie chunks -> their segments; `done` for each on standard output."""
    for line in sys.stdin.buffer:
        path = Path(os.fsdecode(line.rstrip(b"\n")))
        chunk = path.with_suffix(".chunk")
        segments.write(segments.prepared(msgspec.msgpack.decode(chunk.read_bytes(), type=list[bytes])), path)
        chunk.unlink()
        sys.stdout.buffer.write(b"done\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
