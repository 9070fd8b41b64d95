"""A server of lists on this machine that does what it is told: every way in which a real one fails."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by what the test put under the path; a list of answers is used up one by one, the last stays."""

    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self) -> None:
        server: ListServer = self.server  # type: ignore[assignment]
        server.asked.append((self.path, dict(self.headers)))
        answers = server.paths.get(self.path.partition("?")[0], [status(404)])
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *values: object) -> None:
        pass


class ListServer(ThreadingHTTPServer):
    """Serves on a free port of 127.0.0.1; `asked` has each request."""

    daemon_threads = True

    def __init__(self) -> None:
        self.paths: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.scheme = "http"
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # whoever is fetched from may hang up in the middle

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server_address[1]}{path}"

    def secure(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"


@contextmanager
def serving() -> Iterator[ListServer]:
    with ListServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


# ---------------------------------------------------------------- answers


def content(body: bytes, *, etag: str = "", modified: str = "", coding: str = "", kind: str = "text/csv") -> Answer:
    """The body; 304 to whoever names its state."""

    def answer(handler: Handler) -> None:
        if (etag and handler.headers.get("If-None-Match") == etag) or (
            modified and handler.headers.get("If-Modified-Since") == modified
        ):
            _send(handler, 304, b"", {"ETag": etag})
            return
        sent = gzip.compress(body) if coding == "gzip" else body
        _send(handler, 200, sent, {"ETag": etag, "Last-Modified": modified, "Content-Encoding": coding, "Content-Type": kind})

    return answer


def status(code: int, body: bytes = b"no", **headers: str) -> Answer:
    return lambda handler: _send(handler, code, body, {name.replace("_", "-"): value for name, value in headers.items()})


def cut(body: bytes, after: int) -> Answer:
    """Says that there is more, and hangs up: a reset, as from a machine that went down."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:after])
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True

    return answer


def endless(piece: bytes, pieces: int = 100_000) -> Answer:
    """Never stops sending, without a length."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        for _ in range(pieces):
            handler.wfile.write(piece)

    return answer


def silent(until: threading.Event) -> Answer:
    """Takes the request and says nothing more until it is told to."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"id,")
        handler.wfile.flush()
        until.wait(10)

    return answer


def _send(handler: Handler, code: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(code)
    for name, value in headers.items():
        if value:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
