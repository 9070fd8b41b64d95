"""The process that the workers of a service come from: it holds what they listen on, and puts new ones in the place of worn ones.

granian gives each worker a listener of its own, and the kernel deals connections out to them; what waits in the queue of a worker
that ends is reset. Here the listeners are the parent's: whoever has a worker's place next answers what waited.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from granian import Granian
from granian.net import SocketSpec  # type: ignore[attr-defined]  # which it uses itself

from resolver.runtime import Runtime

LOADING = 60.0  # seconds that a new worker gets to load before the old one is told to go all the same
LEAVING = 2.0  # seconds in which the old one takes no connection more, and answers on those it has, each time the last on that connection
_LOOK = 0.2  # seconds between two looks


class Server(Granian):  # type: ignore[misc,valid-type]  # which of its classes it is, granian decides by the interpreter
    """Granian, but SIGHUP loads the newest generation instead of starting all workers anew, and worn workers are renewed one by one."""

    def __init__(self, *given: Any, runtime: Runtime, **named: Any) -> None:
        super().__init__(*given, **named)
        self._runtime = runtime
        self._listeners: list[socket.socket] = []
        self._held: list[Any] = []  # granian's holder of each listener
        self.on_startup(threading.Thread(target=self._watch, name="aka-renewal", daemon=True).start)

    def signal_handler_reload(self, *_: object) -> None:
        """SIGHUP: every worker loads the newest generation."""
        self._runtime.ring()

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux":  # elsewhere all workers listen on one socket, which granian holds itself
            super()._init_shared_socket()
            return
        named = SocketSpec(self.bind_addr, self.bind_port, self.backlog)
        self._held = [named.build() for _ in range(self.workers)]
        self._listeners = [socket.socket(fileno=held.get_fd()) for held in self._held]
        for listener in self._listeners:
            listener.set_inheritable(True)

    def _spawn_worker(self, idx: int, target: Callable[..., None], callback_loader: Callable[..., Any]) -> Any:
        if self._listeners:
            self._ssp, self._shd, self._sso = None, self._held[idx], self._listeners[idx]
            if multiprocessing.get_start_method() == "fork":
                others = [listener.fileno() for number, listener in enumerate(self._listeners) if number != idx]
                callback_loader = partial(_without, others, callback_loader)
        return super()._spawn_worker(idx=idx, target=target, callback_loader=callback_loader)

    def _drop_shared_socket(self) -> None:
        """Told to stop: with the workers' own, which they close when they take no more, the last hold on each listener is gone."""
        for listener in self._listeners:
            listener.close()
        super()._drop_shared_socket()

    def _watch(self) -> None:
        """Wake the main thread, which alone starts processes, whenever a worker is worn."""
        while True:
            time.sleep(_LOOK)
            if self._runtime.worn():
                self.rss_signal = True
                self.main_loop_interrupt.set()

    def _watch_workers_rss(self) -> None:
        """Granian's watcher of memory; the thread above stands for it."""

    def _handle_rss_signal(self, spawn_target: Callable[..., None], target_loader: Callable[..., Any]) -> None:
        for pid in self._runtime.worn():
            old = next((worker for worker in self.wrks if worker.inner.pid == pid), None)
            if old is not None and not self.interrupt_signal:
                self._renew(old, spawn_target, target_loader)
            if old is None or not old.is_alive():
                self._runtime.renewed(pid)

    def _renew(self, old: Any, spawn_target: Callable[..., None], target_loader: Callable[..., Any]) -> None:
        """A worn worker -> a new one in its place, and once that has loaded, the old one takes no more, finishes its answers and goes."""
        new = self._spawn_worker(idx=old.idx, target=spawn_target, callback_loader=target_loader)
        new.start()
        self.wrks[self.wrks.index(old)] = new
        self._wait(LOADING, lambda: self._runtime.has_told(new.inner.pid) or not new.is_alive())
        self._runtime.relieve(old.inner.pid)
        self._wait(LEAVING, lambda: False)
        old.terminate()
        self._wait(float(self.workers_kill_timeout), lambda: not old.is_alive())
        if self.interrupt_signal:
            self.wrks.append(old)  # it has as long to finish as all others
        elif old.is_alive():
            old.kill()
            old.join()

    def _wait(self, seconds: float, done: Callable[[], bool]) -> None:
        """Until it is done, the seconds are over, or the service is told to stop."""
        until = time.monotonic() + seconds
        while not done() and not self.interrupt_signal and time.monotonic() < until:
            time.sleep(_LOOK)


def _without(listening: list[int], load: Callable[..., Any]) -> Any:
    """In a new worker, which inherits all that its parent has: files that it must not hold, and what loads -> what that gives.

    While it loads, being told to stop ends it: with its parent's way of hearing that, it would hear nothing.
    """
    for file in listening:
        os.close(file)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return load()
