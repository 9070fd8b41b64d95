"""The resolver that answers, and its exchange for a newer one: an answer is from one generation, and a bad one never answers."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import g, has_request_context

from aliases.errors import AkaError, BusyError, NotReadyError
from aliases.store import POINTER
from resolver.runtime import Runtime, WorkerState

if TYPE_CHECKING:
    from resolver.resolve import Resolver

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks at the pointer: one `stat` each
RETRY = 30.0  # seconds after which a generation that was refused is tried again


class Opened:
    """The resolver that answers: given, or opened by the first that needs it. Until there is one it says why not.

    `reload` opens the newest generation beside it and puts it in its place; when that is refused, the old one goes on. A request
    that has asked once gets the same resolver to its end.
    """

    def __init__(self, given: Resolver | Callable[[], Resolver], *, runtime: Runtime | None = None) -> None:
        self._open: Callable[[], Resolver] | None = given if callable(given) else None
        self._resolver: Resolver | None = None if callable(given) else given
        self._lock = threading.Lock()
        self._heard = 0
        self.runtime = runtime or Runtime(None)
        self.loaded_at = time.time() if self._resolver is not None else 0.0
        self.refused = ""
        self.refusals = 0

    def __call__(self) -> Resolver:
        """Nothing -> the resolver; NotReadyError with the reason when it cannot be opened. The next call tries again."""
        if not has_request_context():
            return self._now()
        resolver: Resolver | None = g.get("resolver")
        if resolver is None:
            resolver = g.resolver = self._now()
        return resolver

    def _now(self) -> Resolver:
        resolver = self._resolver
        if resolver is None:
            with self._lock:
                if self._resolver is None:
                    self._load()
                resolver = self._resolver
        if resolver is None:
            raise NotReadyError("no generation is loaded: import a list with `aka import`")
        return resolver

    def reload(self) -> Resolver:
        """Nothing -> the newest generation, which answers from now on; what it raises is kept in `refused`, and the old goes on.

        BusyError when it is being loaded already.
        """
        if not self._lock.acquire(blocking=False):
            raise BusyError("a generation is being loaded already: ask /readyz in some seconds")
        try:
            self._load()
        finally:
            self._lock.release()
        if self._resolver is None:
            raise NotReadyError("no generation is loaded: import a list with `aka import`")
        return self._resolver

    def _load(self) -> None:
        if self._open is None:
            return
        self._heard = self.runtime.rung()
        try:
            self._resolver = self._open()
            self.loaded_at, self.refused = time.time(), ""
        except Exception as error:
            self.refused = error.detail if isinstance(error, AkaError) else f"{type(error).__name__}: {error}"
            self.refusals += 1
            raise
        finally:
            self._tell()

    def heard(self, rung: int) -> None:
        """Number of a ring of the bell -> this worker has loaded since, and need not again."""
        self._heard = rung
        self._tell()

    def _tell(self) -> None:
        self.runtime.tell(self.state())

    def state(self) -> WorkerState:
        """-> what this worker answers from, and what it refused."""
        return WorkerState(
            pid=os.getpid(),
            generation=self._resolver.generation if self._resolver is not None else "",
            loaded_at=self.loaded_at,
            refused=self.refused,
            rung=self._heard,
        )

    def watch(self, pointer: Path | None, *, pause: float = PAUSE) -> threading.Thread:
        """Pointer of the data directory (None: only the bell counts) -> thread that loads again whenever it changes."""
        thread = threading.Thread(target=_Watch(self, pointer).run, args=(pause,), name="aka-watch", daemon=True)
        thread.start()
        return thread


class _Watch:
    """Looks at the pointer and listens for the bell."""

    def __init__(self, opened: Opened, pointer: Path | None) -> None:
        self._opened = opened
        self._pointer = pointer
        self._seen: tuple[object, ...] = (opened.runtime.rung(), None)  # a first look: it may have changed while it was loaded
        self._tried = time.monotonic()

    def _look(self) -> tuple[object, ...]:
        rung = self._opened.runtime.rung()
        try:
            found = self._pointer.stat() if self._pointer else None
        except OSError:
            found = None
        return (rung, found and (found.st_ino, found.st_mtime_ns, found.st_size))

    def _is_served(self) -> bool:
        """Whether the pointer names the generation that answers: it may have been written anew, and say the same."""
        try:
            named = self._pointer.read_text("utf-8").strip() if self._pointer else ""
        except (OSError, UnicodeDecodeError):
            return False
        return named == self._opened.state().generation

    def run(self, pause: float) -> None:
        """Look for ever."""
        while True:
            time.sleep(pause)
            self.step()

    def step(self) -> None:
        """Load again when something changed, or when what was refused may have been mended."""
        seen = self._look()
        if seen[0] in (self._seen[0], self._opened.state().rung) and not self._opened.refused and self._is_served():
            self._seen = seen
            return
        again = bool(self._opened.refused) and time.monotonic() - self._tried > RETRY
        if seen == self._seen and not again:
            return
        self._tried = time.monotonic()
        try:
            self._opened.reload()
        except BusyError:
            return  # somebody else loads: look again
        except AkaError as error:
            log.error("the new generation is refused, the old one goes on: %s", error.detail)
        except Exception:
            log.exception("the new generation could not be loaded, the old one goes on")
        self._seen = seen


def pointer(data: str | None) -> Path | None:
    """Data directory -> the file that names its generation; None over the seeds, which do not change while they are served."""
    return Path(data) / POINTER if data else None
