"""The routes for those who run the service: is it alive, is it ready, what does it count, and load the newest generation."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask, Response

from aliases.errors import AkaError, BusyError
from resolver import access, answered, metrics, questions, received, wire
from resolver.lock import locked
from resolver.operations import JSON, Operation
from resolver.runtime import WorkerState
from resolver.serving import Opened

WAIT = 20.0  # seconds that a reload waits for the other workers; a generation of a million names opens in one
_LOOK = 0.05
_ALONE = threading.Lock()


def add(app: Flask, opened: Opened) -> None:
    """Application and the resolver's source -> the routes are added."""

    @app.get("/healthz")
    def healthz() -> Response:
        return answered.json(wire.StatusAnswer("ok"))

    @app.get("/readyz")
    def readyz() -> Response:
        return answered.json(wire.StatusAnswer("ok", opened().generation, opened.refused))

    @app.get("/metrics")
    def prometheus() -> Response:
        received.query(questions.NoQuery)
        return Response(metrics.exposition(opened), content_type=metrics.CONTENT_TYPE)

    @app.post("/admin/reload")
    @access.require("admin")
    def reload() -> Response:
        received.query(questions.NoQuery)
        with _single_flight(opened):
            generation = opened.reload().generation
            workers = _others(opened, opened.runtime.ring())
        told = tuple(wire.WorkerAnswer(one.pid, one.generation, one.refused) for one in workers)
        return answered.json(wire.ReloadAnswer(generation, told))


@contextmanager
def _single_flight(opened: Opened) -> Iterator[None]:
    """One reload at a time over all workers; BusyError for the others."""
    if not _ALONE.acquire(blocking=False):
        raise BusyError("a reload runs already: wait for it")
    try:
        if opened.runtime.directory is None:
            yield
            return
        try:
            with locked(opened.runtime.directory, name="reload.lock"):
                yield
        except BusyError:
            raise BusyError("a reload runs already: wait for it") from None
    finally:
        _ALONE.release()


def _others(opened: Opened, rung: int) -> list[WorkerState]:
    """Number of the bell's ring -> the states of all workers, once each has heard it, or after `WAIT`."""
    opened.heard(rung)
    until = time.monotonic() + WAIT
    states = opened.runtime.workers()
    while any(state.rung < rung for state in states) and time.monotonic() < until:
        time.sleep(_LOOK)
        states = opened.runtime.workers()
    return states or [opened.state()]


def first_load(opened: Opened) -> None:
    """Resolver's source -> loaded, so that the first question need not wait; a worker that cannot still answers /readyz."""
    with suppress(AkaError):
        opened()


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="get", path="/healthz", summary="Alive", answers=((JSON, (wire.StatusAnswer,)),), refuses=(400, 422), needs="",
    ),
    Operation(
        method="get", path="/readyz", summary="Ready, with a generation loaded; 503 says why not",
        description="`refused` says why a newer generation is not served.",
        answers=((JSON, (wire.StatusAnswer,)),), refuses=(400, 422, 503), needs="",
    ),
    Operation(
        method="get", path="/metrics", summary="Counters and gauges for Prometheus, over all workers",
        answers=(("text/plain", ()),), refuses=(400, 422),
    ),
    Operation(
        method="post", path="/admin/reload", summary="Load the newest generation, in every worker",
        description="409 while another reload runs. What is refused is not served: the old generation goes on.",
        answers=((JSON, (wire.ReloadAnswer,)),), refuses=(400, 409, 422, 503), needs="admin",
    ),
)  # fmt: skip
