"""Judgements that change what is served -> a new generation, compiled behind the answers, as often as needed and no more often."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from aliases.errors import AkaError, BusyError
from aliases.review import Review, exists
from resolver import judging

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0  # while another writer, such as an import, holds the data directory
GRACE_SECONDS = 2.0  # that a judgement waits for its generation, so that a small list is served before the answer is


class Republisher:
    """Compiles one data directory anew in a thread of its own; whoever asks while it runs is served by the next run."""

    def __init__(self, data: Path, *, done: Callable[[], None], rebuild: Callable[[Path], str] | None = None) -> None:
        self._data = data
        self._done = done
        self._rebuild = rebuild
        self._changed = threading.Condition()
        self._running = False
        self.error = ""  # why the last run failed, '' when it did not

    def request(self, *, wait: float = GRACE_SECONDS) -> bool:
        """Ask for a new generation -> whether no judgement waits for one any more, after at most `wait` seconds."""
        with self._changed:
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="aka-republish", daemon=True).start()
            self._changed.wait_for(lambda: not self._running, timeout=wait)
            return not self._running and not self.error

    @property
    def running(self) -> bool:
        """Whether a generation is being compiled, or waited for."""
        return self._running

    def _run(self) -> None:
        while True:
            try:
                while self._is_waiting():
                    self._publish()
                self._done()
                self.error = ""
            except BusyError as error:
                self.error = error.detail
                with self._changed:
                    self._changed.wait(RETRY_SECONDS)
                continue
            except Exception as error:  # the thread must end in order, whatever happened
                self.error = error.detail if isinstance(error, AkaError) else type(error).__name__
                log.exception("an accepted spelling could not be published")
            with self._changed:
                if self.error or not self._is_waiting_safely():
                    self._running = False
                    self._changed.notify_all()
                    return

    def _publish(self) -> None:
        from resolver import publish  # compiling loads what serving does not need

        (self._rebuild or publish.rebuild)(self._data)

    def _is_waiting(self) -> bool:
        if exists(self._data):
            with Review.open(self._data) as queue:
                if queue.waiting():
                    return True
        return bool(judging.pending(self._data))

    def _is_waiting_safely(self) -> bool:
        try:
            return self._is_waiting()
        except AkaError:
            return False
