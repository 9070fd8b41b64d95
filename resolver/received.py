"""The request at hand -> its query string and its body, read in one way by every route."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from aliases.errors import TooLargeError
from resolver import asking, limits
from resolver.operations import JSON


def query(kind: type[asking.Request], *, lenient: bool = False) -> asking.Request:
    """Kind of query string -> that of this request, checked; `lenient` passes over parameters that the kind does not know."""
    raw = str(request.environ.get("QUERY_STRING", "")).encode("latin-1")  # WSGI's way of handing bytes over (PEP 3333)
    return asking.query(raw, kind, lenient=lenient)


def json_body(*, fix: str = "send less at once") -> bytes:
    """-> the body of a request that says it is JSON; 415 for other types, TooLargeError with the `fix` when it is too large."""
    if request.mimetype != JSON:
        sent = f"'{request.mimetype[:80]}'" if request.mimetype else "missing"
        raise UnsupportedMediaType(f"the Content-Type is {sent}: send {JSON}")
    check_coding()
    return body(fix=fix)


def body(*, fix: str = "send less at once") -> bytes:
    """-> the body of this request, whatever it is; TooLargeError with the `fix` when it is longer than `limits.BODY_BYTES`."""
    raw = request.get_data(cache=False)
    if len(raw) > limits.BODY_BYTES:
        raise TooLargeError(f"the body is longer than {limits.BODY_BYTES:,} bytes: {fix}")
    return raw


def check_coding() -> None:
    """Body that says it is text -> nothing; 415 when it is not plain UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"the charset is {charset[:40]!a}: send UTF-8")
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise UnsupportedMediaType(f"the Content-Encoding is {coding[:40]!a}: send the body uncompressed")
