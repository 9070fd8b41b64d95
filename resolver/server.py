"""`aka serve`: one data directory -> worker processes that answer HTTP, all over the same memory-mapped generation."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aliases.errors import AkaError, BusyError, InvalidError
from resolver import credentials, limits
from resolver.access import Access, is_loopback
from resolver.credentials import Tokens
from resolver.resolve import Resolver
from resolver.service import create_app

if TYPE_CHECKING:
    from flask import Flask

DATA_VARIABLE = "AKA_DATA"
OPEN_VARIABLE = "AKA_OPEN_READING"
THREADS = 16  # questions that one worker takes up at once: most wait for a client, few compute
BACKLOG = 1024
DRAIN_SECONDS = 10  # what a running answer gets to finish when the service is told to stop


def serve(
    data: str | None,
    *,
    host: str,
    port: int,
    workers: int,
    say: Callable[[str], None],
    tokens: str | None = None,
    open_reading: bool = False,
) -> None:
    """Data directory (None: the shipped seeds) -> answers on host:port until it is told to stop; `say` gets the address.

    `tokens` names the file of tokens where it is not the data directory's own; `open_reading` lets all read, from anywhere.
    Raises what opening the data raises, before anything listens, BusyError when the port is taken, and InvalidError when other
    machines could reach a service that has no token.
    """
    private = is_loopback(host)
    if not private and not Tokens(credentials.place(data, tokens)).all():
        raise InvalidError(
            f"host {host[:80]!a} is reached by other machines, and no token is configured: make one with `aka token create`, "
            "or listen on 127.0.0.1"
        )
    if data is None:
        say("opening the shipped seeds; the first start compiles them, which takes some seconds")
    generation = Resolver.open(data).warmed().generation  # compiles once for all workers, and refuses before one of them would
    port = _free_port(host, port)
    if data is None:
        os.environ.pop(DATA_VARIABLE, None)
    else:
        os.environ[DATA_VARIABLE] = os.path.abspath(data)
    os.environ[credentials.VARIABLE] = os.path.abspath(tokens) if tokens else ""
    os.environ[OPEN_VARIABLE] = "1" if private or open_reading else ""
    shown = f"[{host}]" if ":" in host else host
    say(f"generation {generation} on http://{shown}:{port}")
    if importlib.util.find_spec("granian") is None:
        _serve_waitress(host, port)
    else:
        _serve_granian(host, port, workers)


def application() -> Flask:
    """Nothing -> the application over the data that AKA_DATA names; each worker process makes its own."""
    data = os.environ.get(DATA_VARIABLE)
    tokens = Tokens(credentials.place(data, os.environ.get(credentials.VARIABLE)))
    rules = Access(tokens, open_reading=bool(os.environ.get(OPEN_VARIABLE)))
    app = create_app(lambda: Resolver.open(data).warmed(), rules=rules)
    with suppress(AkaError):  # a worker that cannot open still answers: /readyz says why not
        app.extensions["aka"]()  # now, so that the first question need not wait for it
    return app


def _serve_granian(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        "resolver.server:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
    ).serve()


def _serve_waitress(host: str, port: int) -> None:
    """The road for machines that granian has no wheel for: pure Python, one process, threads."""
    import waitress

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which waitress takes as the word to finish and go
    waitress.serve(
        application(),
        host=host,
        port=port,
        threads=THREADS,
        backlog=BACKLOG,
        max_request_body_size=limits.STREAM_SPOOL_BYTES,
        max_request_header_size=limits.HEADER_BYTES,
        ident=None,
    )


def _free_port(host: str, port: int) -> int:
    """Port -> the same port when nobody listens there, a free one for 0; granian itself would only die of it later."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError):
        raise InvalidError(f"host {host!a} has no address: give one of this machine, such as 127.0.0.1") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise InvalidError(f"port {port} is not for ordinary users: give one above 1023 with --port") from None
        except OSError as error:
            raise _taken(host, port, error) from None
        return int(probe.getsockname()[1])


def _taken(host: str, port: int, error: OSError) -> AkaError:
    return BusyError(f"cannot listen on {host} port {port} ({error.strerror}): stop what listens there, or give --port")
