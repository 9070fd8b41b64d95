"""Every request gets an id, is counted, and leaves one line of JSON in the log, which never holds what was asked."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
import traceback
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from resolver import access, metrics

HEADER = "X-Request-Id"
GENERATION = "Aka-Generation"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("aka.requests")


def add(app: Flask) -> None:
    """Application -> its requests are traced; this comes before whatever may refuse them."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """-> the id of the request that is being answered, '' outside of one."""
    return str(g.get("request_id", "")) if g else ""


def _begin() -> None:
    g.began = time.perf_counter()
    given = request.headers.get(HEADER, "")
    g.request_id = given if _ID.fullmatch(given) else os.urandom(16).hex()


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    resolver = g.get("resolver")
    if resolver is not None:
        response.headers[GENERATION] = resolver.generation
    route = request.url_rule.rule if request.url_rule else "(none)"
    seconds = time.perf_counter() - g.began
    metrics.answered(route, request.method if request.url_rule else "(any)", response.status_code, seconds)
    if log.isEnabledFor(logging.INFO):
        log.info("request", extra={"fields": _fields(response, route, seconds)})
    return response


def _fields(response: Response, route: str, seconds: float) -> dict[str, object]:
    """What is told of a request: its route, not its path, for that may hold an id or a name."""
    who = access.caller().who if "caller" in g else "anyone"
    return {
        "method": request.method[:16],
        "route": route,
        "status": response.status_code,
        "seconds": round(seconds, 6),
        "bytes_in": request.content_length or 0,
        "bytes_out": response.content_length or 0,
        "who": who,
        "client": request.remote_addr or "",
    }


class JsonLines(logging.Formatter):
    """A record -> one line of JSON: control characters escaped, and of a failure its kind and places, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Record -> line."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if found := request_id():
            said["request"] = found
        said |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            said["failure"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            said["at_lines"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        return json.dumps(said)


def configure(level: str) -> None:
    """`errors` or `requests` -> what this process writes to standard error, as JSON Lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO if level == "requests" else logging.WARNING)
