"""Chunks of work -> what a task makes of them, in order, in this process or in several; what is under way is bounded."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import Any, TypeVar

from aliases.errors import AkaError

In = TypeVar("In")
Out = TypeVar("Out")

AHEAD = 4  # chunks under way for each process: enough that none waits, few enough to stay small

_task: Callable[[Any], Any]  # of a worker process


def each(chunks: Iterable[In], start: Callable[[], Callable[[In], Out]], *, jobs: int = 1) -> Generator[Out, None, None]:
    """Chunks -> for each what the task makes of it, in order; `start` opens what the task needs, once in each process.

    Input is read while answers are made, at most AHEAD chunks a process: memory does not grow with the length of the input.
    `start`, the chunks and the answers cross to other processes, so they must be things that can be pickled. Close the
    iterator when you stop early. Raises what `start` or the task raises, and AkaError when a worker process dies.
    """
    if jobs == 1:
        yield from map(start(), chunks)
        return
    start()  # what cannot be opened is told here, once, and not by every worker
    context = multiprocessing.get_context("spawn")  # the same on all systems, and safe beside threads
    pool = ProcessPoolExecutor(jobs, context, _open, (start,))
    line = _Line(chunks, pool, jobs * AHEAD)
    try:
        yield from line.answers()
    except BrokenProcessPool:
        raise AkaError("a worker process was killed: is there memory for so many? Give fewer with -j") from None
    finally:
        line.stop()
        pool.shutdown(cancel_futures=True)


class _Line:
    """Reads chunks in a thread of its own, hands them to the pool, and gives the answers in the order of the chunks."""

    def __init__(self, chunks: Iterable[Any], pool: ProcessPoolExecutor, most: int) -> None:
        self._chunks = chunks
        self._pool = pool
        self._room = threading.Semaphore(most)
        self._waiting: SimpleQueue[Future[Any] | Exception | None] = SimpleQueue()
        self._stopped = False
        # Daemon: it may be waiting for input that never comes when everything else is done.
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        end: Exception | None = None
        try:
            self._room.acquire()
            for chunk in self._chunks:
                if self._stopped:
                    return
                self._waiting.put(self._pool.submit(_run, chunk))
                self._room.acquire()
        except Exception as error:
            end = error
        self._waiting.put(end)

    def answers(self) -> Iterator[Any]:
        """Nothing -> answers as they come, in order; a failure of reading is raised behind the last one."""
        while (next_ := self._waiting.get()) is not None:
            if isinstance(next_, Exception):
                raise next_
            yield next_.result()
            self._room.release()

    def stop(self) -> None:
        """Nobody takes any more: no further chunk is handed on."""
        self._stopped = True
        self._room.release()


def _open(start: Callable[[], Callable[[Any], Any]]) -> None:
    """In a new worker process: make ready, and end with the process that started it, however that one ends."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started the workers stops them
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _task = start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _run(chunk: Any) -> Any:
    return _task(chunk)
