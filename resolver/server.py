"""`aka serve`: one data directory -> worker processes that answer HTTP, all over the same memory-mapped generation."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from aliases.errors import AkaError, BusyError, InvalidError
from resolver import credentials, limits
from resolver.credentials import Tokens
from resolver.resolve import Resolver
from resolver.runtime import Runtime
from resolver.settings import Settings, resolve
from resolver.suggestions import Recorder

if TYPE_CHECKING:
    from flask import Flask

# Threads of one worker. Few compute at a time; most wait for a client that is slow to send, and must not keep out the others.
THREADS = 256
BACKLOG = 1024
UMASK = 0o077  # what the service writes is for its own user, whatever the shell or the supervisor that started it allows


def serve(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Settings -> answers on their host and port until it is told to stop; `say` gets the address.

    Raises what opening the data raises, before anything listens, BusyError when the port is taken, and InvalidError when other
    machines could reach a service that has no token.
    """
    _check_tokens(settings)
    if settings.suggestions and not settings.data:
        raise InvalidError("suggestions are kept in a data directory, and the shipped seeds have none: name one with --data")
    if not settings.data:
        say("opening the shipped seeds; the first start compiles them, which takes some seconds")
    # Compiles once for all workers, and refuses before one of them would.
    generation = Resolver.open(settings.data or None).warmed().generation
    settings = _settled(settings)
    forks = importlib.util.find_spec("granian") is not None
    if not forks:
        settings = msgspec.structs.replace(settings, max_requests=0)  # one process, which nobody could renew
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    os.umask(UMASK)
    with tempfile.TemporaryDirectory(prefix="aka-", ignore_cleanup_errors=True) as directory:
        runtime = Runtime.make(Path(directory), settings)
        say(f"generation {generation} on http://{shown}:{settings.port}")
        (_serve_granian if forks else _serve_waitress)(settings, runtime)


def _check_tokens(settings: Settings) -> None:
    if not settings.private and not Tokens(credentials.place(settings.data or None, settings.tokens)).all():
        raise InvalidError(
            f"host {settings.host[:80]!a} is reached by other machines, and no token is configured: make one with "
            "`aka token create`, or listen on 127.0.0.1"
        )


def _settled(settings: Settings) -> Settings:
    """Settings -> the same for processes that may stand elsewhere: whole paths, a port that is free, a number of workers."""
    return msgspec.structs.replace(
        settings,
        data=os.path.abspath(settings.data) if settings.data else "",
        tokens=os.path.abspath(settings.tokens) if settings.tokens else "",
        port=_free_port(settings.host, settings.port),
        workers=settings.workers or min(os.cpu_count() or 1, 4),
    )


def application() -> Flask:
    """Nothing -> the application over the data that the settings name; each worker process makes its own.

    `aka serve` leaves the settings where `Runtime.found` finds them; under another WSGI server they are those of the environment.
    """
    os.umask(UMASK)
    runtime = Runtime.found()
    runtime.reserve()
    # Not before: prometheus_client decides when it is imported whether it counts for several processes, and where.
    from resolver import operating, serving, tracing, wearing
    from resolver.access import Access
    from resolver.service import create_app

    settings = runtime.settings() or resolve()
    tracing.configure(settings.log)
    data = settings.data or None
    tokens = Tokens(credentials.place(data, settings.tokens))
    rules = Access(tokens, open_reading=settings.private or settings.open_reading)
    app = create_app(lambda: _opened(settings), rules=rules, settings=settings, runtime=runtime)
    wearing.add(app, runtime, most=settings.max_requests)
    opened = app.extensions["aka"]
    operating.first_load(opened)
    opened.watch(serving.pointer(data))
    return app


def _opened(settings: Settings) -> Resolver:
    """Settings -> their resolver, which tells the review queue of unlisted spellings where that is switched on."""
    resolver = Resolver.open(settings.data or None).warmed()
    if settings.data and settings.suggestions:
        resolver.on_mentions = Recorder(Path(settings.data), snippets=settings.snippets)
    return resolver


def _serve_granian(settings: Settings, runtime: Runtime) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from resolver.processes import Server

    Server(
        "resolver.server:application",
        runtime=runtime,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # whose limits are ours; a proxy in front speaks it too
        workers=settings.workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=limits.HEADER_BYTES),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.drain,
    ).serve()


def _serve_waitress(settings: Settings, runtime: Runtime) -> None:
    """The road for machines that granian has no wheel for: pure Python, one process, threads."""
    import waitress
    from waitress.channel import HTTPChannel

    from resolver import unparsed

    HTTPChannel.error_task_class = unparsed.Refusal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which waitress takes as the word to finish and go
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: runtime.ring() and None)
    waitress.serve(
        application(),
        host=settings.host,
        port=settings.port,
        threads=32,
        backlog=BACKLOG,
        max_request_body_size=limits.STREAM_SPOOL_BYTES,
        max_request_header_size=limits.HEADER_BYTES,
        channel_timeout=max(1, round(settings.budget)),  # it calls us only when a body is whole
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
