"""Who may do what over HTTP: a request -> the caller, or a refusal.

Reading is open where the service is only reached from this machine, and wants a token elsewhere. A route that changes something
says so: `@access.require("write")` under its route. A token comes as `Authorization: Bearer`, or as the password of
`Authorization: Basic`, which is what browsers can send; on `/reconcile` also as `?api_key=`, for OpenRefine keeps nothing
but an address. What a reconciliation service is, which says how to bring a token, is told to all. There are no cookies. What a
browser sends by itself (Basic) or without asking (the forms of our own page) must come from our own page.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from flask import Flask, Response, current_app, g, request

from aliases import audit
from aliases.errors import ForbiddenError, UnauthorizedError
from resolver.credentials import Scope, Token, Tokens
from resolver.settings import is_loopback

View = TypeVar("View", bound=Callable[..., Any])

OPEN = frozenset({"/healthz", "/readyz"})  # what watches a service holds no secret, and learns none
KEYED = "/reconcile"  # the only paths where a token may stand in the address: addresses end up in logs
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NEEDS = "aka_needs"
_TOLD = "aka_told_to_all"


class Caller(msgspec.Struct, frozen=True):
    """Who asks: by a token, from our own page, or anybody."""

    who: str
    token: Token | None = None


class Access:
    """The rules of one service: its tokens, and whether reading wants one."""

    def __init__(self, tokens: Tokens, *, open_reading: bool = True) -> None:
        self.tokens = tokens
        self.open_reading = open_reading


def require(scope: Scope, *, page: bool = False) -> Callable[[View], View]:
    """Scope that a route needs -> decorator that says so; it stands under the decorator of the route.

    `page`: the route is the target of a form of our own page. Where no token is configured, that form works from this machine.
    Elsewhere, and on every other route, changes are off until there is a token.
    """

    def mark(view: View) -> View:
        setattr(view, _NEEDS, (scope, page))
        return view

    return mark


def needs(view: object) -> tuple[Scope, bool]:
    """Function of a route -> the scope that it needs, and whether our own page may do without."""
    found: tuple[Scope, bool] = getattr(view, _NEEDS, ("read", False))
    return found


def told_to_all(when: Callable[[], bool]) -> Callable[[View], View]:
    """Whether a request asks what anybody may know -> decorator of a route that reads: then it is answered without a token too."""

    def mark(view: View) -> View:
        setattr(view, _TOLD, when)
        return view

    return mark


def add(app: Flask, access: Access) -> None:
    """Application and its rules -> every request is checked before its route sees it, and what it changes is noted as its own."""
    app.extensions["aka.access"] = access
    app.before_request(_check)
    app.after_request(_challenge)
    app.teardown_request(_leave)


def caller() -> Caller:
    """-> who makes the request that is being answered."""
    found: Caller = g.caller
    return found


def may_read() -> bool:
    """-> whether the caller may read what is not told to all."""
    return _rules().open_reading or caller().token is not None


def wants_token() -> bool:
    """-> whether reading wants a token here."""
    return not _rules().open_reading


def _rules() -> Access:
    rules: Access = current_app.extensions["aka.access"]
    return rules


def _never() -> bool:
    return False


def _check() -> None:
    g.caller = Caller("anyone")
    if request.method == "OPTIONS" or request.path in OPEN:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _TOLD, _never)() and _secret() is None:
        return
    scope, page = needs(view)
    g.caller = _allowed(_rules(), scope, page)
    if scope != "read":
        g.acting = ExitStack()
        g.acting.enter_context(audit.acting(g.caller.who, request=g.get("request_id", "")))


def _leave(_: BaseException | None) -> None:
    acting: ExitStack | None = g.pop("acting", None)
    if acting is not None:
        acting.close()


def _allowed(access: Access, scope: Scope, page: bool) -> Caller:
    """The caller of this request; UnauthorizedError or ForbiddenError when they may not what they want."""
    secret = _secret()
    if secret is not None:
        token = access.tokens.owner(secret)
        if token is None:
            raise UnauthorizedError("the token is not known here: check it, or make one with `aka token create`")
        if not token.allows(scope):
            raise ForbiddenError(f"the token '{token.name}' has the scope {token.scope}, this needs {scope}")
        return Caller(f"token:{token.name}", token)
    if scope == "read" and access.open_reading:
        return Caller("anyone")
    if scope != "read" and not access.tokens.all():
        return _without_tokens(page)
    raise UnauthorizedError(f"this needs a token with the scope {scope}: send `Authorization: Bearer TOKEN`")


def _without_tokens(page: bool) -> Caller:
    """A change where no token is configured: only by our own page, on this machine."""
    if page and request.mimetype in FORMS and _is_local():
        if not _is_our_page(required=True):
            raise ForbiddenError("the form does not come from the page of this service: open the page and send it from there")
        return Caller("page")
    raise ForbiddenError("changes are off, for no token is configured: make one with `aka token create NAME --scope write`")


def _secret() -> str | None:
    """The secret that the request brings, None when it brings none; UnauthorizedError when it is sent in another way."""
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        return str(given.token)
    if given is not None and given.type == "basic":
        if request.method not in _SAFE and not _is_our_page(required=False):
            raise ForbiddenError("the request was made by a page of another origin: send the token as `Authorization: Bearer`")
        return str(given.password or "")
    if "Authorization" in request.headers:
        raise UnauthorizedError("the Authorization header cannot be read: send `Authorization: Bearer TOKEN`")
    if request.path == KEYED or request.path.startswith(f"{KEYED}/"):
        return request.args.get("api_key")
    return None


def _is_our_page(*, required: bool) -> bool:
    """Whether the browser says that the request comes from our own page. `required`: one that says nothing does not."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return not required
    return urlsplit(origin).netloc.lower() == request.host.lower()


def _is_local() -> bool:
    """Whether the request comes from this machine and was meant for it: a name that only points here is another's."""
    name = urlsplit(f"//{request.host}").hostname or ""
    return is_loopback(request.remote_addr or "") and is_loopback(name)


def _challenge(response: Response) -> Response:
    """A 401 says how to do better: with a token, or to a browser that shows a page, by its own dialogue."""
    if response.status_code == UnauthorizedError.status:
        response.headers["WWW-Authenticate"] = 'Bearer realm="aka"'
        if "text/html" in request.headers.get("Accept", ""):
            response.headers.add("WWW-Authenticate", 'Basic realm="aka", charset="UTF-8"')
    return response
