"""A worker that has answered so many requests asks for another in its place: whatever grew in it over days goes with it."""

from __future__ import annotations

import itertools
import os
import secrets
import socket
import stat
import threading
import time
from pathlib import Path

from flask import Flask, Response

from resolver.runtime import Runtime

_LOOK = 0.05  # seconds between two looks at whether another worker is in place
_DESCRIPTORS = Path("/proc/self/fd")  # Linux


def add(app: Flask, runtime: Runtime, *, most: int) -> None:
    """Application of one worker, and the requests after which it is worn (0: never) -> it tells the runtime once it is.

    Workers are told apart by up to a tenth more, by chance, so that not all are worn at once. From then on each answer ends its
    connection, and the client's next one may be to another worker.
    """
    if not most:
        return
    worn_at = most + secrets.randbelow(most // 10 + 1)
    answered = itertools.count(1)

    @app.after_request
    def count(response: Response) -> Response:
        number = next(answered)
        if number == worn_at:
            runtime.wear()
            threading.Thread(target=_stop_when_relieved, args=[runtime], name="aka-relief", daemon=True).start()
        if number >= worn_at:
            response.headers["Connection"] = "close"
        return response


def _stop_when_relieved(runtime: Runtime) -> None:
    while not runtime.is_relieved():
        time.sleep(_LOOK)
    stop_taking()


def stop_taking() -> int:
    """Nothing -> this process takes no connection more, and how many descriptors of listeners it had; those of other processes go on.

    granian cannot be told to stop listening without being told to end, and then it closes what it has taken and not yet read from.
    Closing a listener below it would leave it waiting on a number that the next file gets, and `shutdown` would close it for the
    other processes too. So the number stays, and stands for a listener without a name that anybody could connect to: `accept`
    finds nothing there. Elsewhere than on Linux nothing is done.
    """
    listening = [number for number in _descriptors() if _listens(number)]
    if listening:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as empty:
            empty.bind("")
            empty.listen()
            for number in listening:
                os.dup2(empty.fileno(), number, inheritable=False)
    return len(listening)


def _descriptors() -> list[int]:
    return [int(entry.name) for entry in _DESCRIPTORS.iterdir()] if _DESCRIPTORS.is_dir() else []


def _listens(number: int) -> bool:
    """Number of an open file -> whether connections are taken there; False where it was closed in the meantime."""
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with socket.socket(fileno=os.dup(number)) as held:
            return bool(held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
