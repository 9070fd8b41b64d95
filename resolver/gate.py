"""What every request passes before a route sees it: the host that it names, its rate, its time; and what pages elsewhere may read."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import LengthRequired, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from aliases import database
from aliases.errors import MalformedError, OverloadedError, TooManyError
from resolver import access, bodies, budget, limits, metrics
from resolver.rates import Rates
from resolver.runtime import Runtime
from resolver.settings import Settings, is_loopback

_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS = "Authorization, Content-Type, X-Request-Id"
_UNCOUNTED = access.OPEN | {"/metrics"}  # what watches a service comes at its own pace
_KEPT_SECONDS = "600"  # that a browser remembers the answer to a preflight


def add_before_access(app: Flask, settings: Settings) -> None:
    """Application and settings -> requests for other hosts are refused, and the true address is known behind proxies."""
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    @app.before_request
    def check_host() -> None:
        if not _is_trusted(settings):
            raise MalformedError("the Host header names another host: use an address that this service has, or set `hosts`")


def _is_trusted(settings: Settings) -> bool:
    """Whether the request names this service. A page elsewhere could otherwise give a name of its own our address."""
    try:
        host = request.host
        name = host.rpartition(":")[0] if _has_port(host) else host
    except SecurityError:
        return False
    if is_loopback(name):
        return True
    if not settings.hosts:
        return not settings.private or name == settings.host
    return name.lower() in {host.lower() for host in settings.hosts}


def _check_framing() -> None:
    """A body says in one of two ways where it ends. One that is cut off in chunks looks whole here, so it may change nothing."""
    coding = request.headers.get("Transfer-Encoding", "").strip().lower()
    if coding not in ("", "chunked"):
        raise MalformedError(f"the Transfer-Encoding is {coding[:40]!a}: send the body with Content-Length, or chunked")
    scope, _ = access.needs(current_app.view_functions.get(request.endpoint or ""))
    if coding and scope != "read":
        raise LengthRequired("a change is taken whole or not at all: send the body with Content-Length")


def _has_port(host: str) -> bool:
    return ":" in host.rpartition("]")[2]


def add_after_access(app: Flask, settings: Settings, runtime: Runtime) -> None:
    """Application and settings -> requests beyond their client's rate, or with a body of no known end, are refused; others have a time."""
    app.before_request(_check_framing)
    rates = app.extensions["aka.rates"] = Rates(settings.requests_allowed, shared=runtime.directory)

    crowd = _Crowd()

    @app.before_request
    def count() -> None:
        if request.path in _UNCOUNTED:
            return
        client = _client()
        wait = math.ceil(rates.wait(client, size=request.content_length or 0))
        if wait:
            metrics.REFUSED.inc()
            raise TooManyError(
                f"more than {settings.requests_allowed} requests, of which each {limits.RATE_BYTES:,} bytes of a body is one: "
                f"wait {wait} seconds",
                seconds=wait,
            )
        crowd.enter(client)

    @app.teardown_request
    def charge(_: BaseException | None) -> None:
        if request.content_length is None and "caller" in g and (size := bodies.size(request.environ)):
            rates.charge(_client(), before=0, now=size)

    @app.after_request
    def leave_at_end(response: Response) -> Response:
        if "entered" in g and response.is_streamed:
            response.call_on_close(partial(crowd.leave, g.pop("entered")))
        return response

    @app.teardown_request
    def leave_now(_: BaseException | None) -> None:
        if "entered" in g:
            bodies.when_read(request.environ, partial(crowd.leave, g.pop("entered")))

    database.limit_reading(lambda: budget.left() <= 0)

    @app.before_request
    def limit_time() -> None:
        g.limits = ExitStack()
        g.limits.enter_context(budget.limited(settings.budget))
        bodies.timely(request.environ, length=request.content_length)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        held: ExitStack | None = g.pop("limits", None)
        if held is not None:
            held.close()

    if settings.origins:
        _add_origins(app, frozenset(settings.origins))


def meter() -> Callable[[int], None]:
    """-> what is told the length of each line of this request's stream, so that it counts against the rate of its client."""
    if request.content_length is not None:
        return lambda size: None  # all of it was counted when it came
    rates: Rates = current_app.extensions["aka.rates"]
    client, seen = _client(), 0

    def count(size: int) -> None:
        nonlocal seen
        rates.charge(client, before=seen, now=seen + size)
        seen += size

    return count


class _Crowd:
    """How many requests of each client this worker has taken up: one client that sends slowly must not take all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: dict[str, int] = {}

    def enter(self, client: str) -> None:
        """Client -> counted in; TooManyError when too many of its requests are inside, OverloadedError when too many of all are."""
        with self._lock:
            if sum(self._inside.values()) >= limits.IN_FLIGHT_ALL:
                metrics.REFUSED.inc()
                raise OverloadedError(
                    f"{limits.IN_FLIGHT_ALL} requests are under way, and no more are taken up: try again in a moment"
                )
            inside = self._inside.get(client, 0)
            if inside >= limits.IN_FLIGHT:
                metrics.REFUSED.inc()
                raise TooManyError(f"{inside} requests of yours are under way, at most {limits.IN_FLIGHT} may be: wait for them")
            self._inside[client] = inside + 1
        g.entered = client

    def leave(self, client: str) -> None:
        """Client -> counted out."""
        with self._lock:
            left = self._inside.get(client, 1) - 1
            if left:
                self._inside[client] = left
            else:
                self._inside.pop(client, None)


def _client() -> str:
    """Who is counted: the token, else the address."""
    token = access.caller().token
    return f"token {token.name}" if token is not None else f"address {request.remote_addr or ''}"


def _add_origins(app: Flask, origins: frozenset[str]) -> None:
    @app.after_request
    def allow(response: Response) -> Response:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in origins and "Access-Control-Allow-Origin" not in response.headers:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Aka-Generation, ETag, Retry-After, X-Request-Id"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = _METHODS
                response.headers["Access-Control-Allow-Headers"] = _HEADERS
                response.headers["Access-Control-Max-Age"] = _KEPT_SECONDS
        return response
