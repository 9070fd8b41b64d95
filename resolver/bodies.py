"""The body of a request as it comes in -> the same, but whoever waits for it waits no longer than the request may take.

A server's `read` waits for ever for a client that sends nothing, and cannot be stopped. So it is called by another thread, and the
one that answers goes on without it when the time is over. The reading thread ends when the client goes; until then the client has
one request less that it may have under way (`resolver.gate`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from aliases.errors import MalformedError, SlowRequestError
from resolver import budget
from resolver.streaming import Readable

KEY = "aka.body"  # of a WSGI environment: its body, timely
_INPUT = "wsgi.input"
IDLE_SECONDS = 60.0  # after which a thread that has nothing to wait for ends: a crowd leaves none behind


class Timely:
    """A body that is read within the time of its request (`resolver.budget`); SlowRequestError when it does not come.

    `length`: what Content-Length says. Servers end a body that was cut off as if it were whole: MalformedError tells them apart.
    """

    def __init__(self, stream: Readable, length: int | None = None) -> None:
        self.stream = stream
        self._length = length or 0
        self.size = 0  # bytes that were read so far
        self._running: Future[bytes] | None = None

    def read(self, size: int = -1, /) -> bytes:
        """Number of bytes -> that many of the body, fewer only at its end."""
        found = self._read(size)
        self.size += len(found)
        if not found and size and self.size < self._length:
            said = f"the body ended after {self.size:,} of the {self._length:,} bytes that Content-Length says"
            raise MalformedError(f"{said}: send all of it")
        return found

    def _read(self, size: int) -> bytes:
        seconds = budget.left()
        if seconds == float("inf"):
            return self.stream.read(size)
        found = self._running = _READERS.submit(lambda: self.stream.read(size))
        try:
            return found.result(timeout=max(seconds, 0.0))
        except TimeoutError:
            raise SlowRequestError("the body did not come in time: send it at once, or texts as application/x-ndjson") from None

    def when_read(self, done: Callable[[], Any]) -> None:
        """Call `done` as soon as no thread waits for this body any more: mostly now."""
        if self._running is None:
            done()
        else:
            self._running.add_done_callback(lambda _: done())


def timely(environ: dict[str, Any], *, length: int | None) -> None:
    """WSGI environment, and the length that its body is said to have -> its body is read in time, and whole, from now on."""
    environ[KEY] = environ[_INPUT] = Timely(environ[_INPUT], length)


def size(environ: dict[str, Any]) -> int:
    """WSGI environment -> bytes of its body that were read in time; those of a stream are not among them."""
    return environ[KEY].size if KEY in environ else 0


def unhurried(environ: dict[str, Any]) -> dict[str, Any]:
    """WSGI environment -> the same with its body as the server gave it: a stream may take as long as it lasts."""
    return {**environ, _INPUT: environ[KEY].stream} if KEY in environ else environ


def when_read(environ: dict[str, Any], done: Callable[[], Any]) -> None:
    """WSGI environment -> `done` is called as soon as no thread waits for its body any more."""
    if KEY in environ:
        environ[KEY].when_read(done)
    else:
        done()


class _Readers:
    """Threads that wait for bodies: one more whenever all are waiting, one less when it has waited for nothing.

    They are daemons, for one that waits must not keep the process.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Future[bytes], Callable[[], bytes]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._idle = 0

    def submit(self, job: Callable[[], bytes]) -> Future[bytes]:
        """What is to be read -> what will have been read."""
        found: Future[bytes] = Future()
        with self._lock:
            start = not self._idle
            self._idle -= not start
        self._jobs.put((found, job))
        if start:
            threading.Thread(target=self._work, name="aka-body", daemon=True).start()
        return found

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            found, job = taken
            try:
                found.set_result(job())
            except BaseException as error:
                found.set_exception(error)
            del taken, found, job
            with self._lock:
                self._idle += 1

    def _next(self) -> tuple[Future[bytes], Callable[[], bytes]] | None:
        """-> the next job; None when none came for a while and no waiting thread is promised to one."""
        while True:
            try:
                return self._jobs.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if self._idle:
                        self._idle -= 1
                        return None


_READERS = _Readers()
