"""Failures -> RFC 9457 problems: one shape for ours, for those of HTTP, and for those that nobody foresaw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from aliases.errors import (
    AkaError,
    BusyError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    MissingDataError,
    NotReadyError,
    OutOfTimeError,
    SlowRequestError,
    TooLargeError,
    TooManyError,
    UnauthorizedError,
    UnknownError,
)
from resolver import limits, wire

PROBLEM = "application/problem+json"
RETRY_SECONDS = "5"  # a generation that is being made takes seconds to appear


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of failure as `/docs` lists it."""

    status: int
    title: str
    meaning: str

    @property
    def anchor(self) -> str:
        """Kind -> the place on `/docs` that its `type` points to."""
        return anchor(self.title)


KNOWN = (
    *(
        Known(kind.status, kind.title, (kind.__doc__ or "").strip())
        for kind in (
            MalformedError, UnauthorizedError, ForbiddenError, UnknownError, BusyError, TooLargeError, InvalidError,
            SlowRequestError, TooManyError, NotReadyError, MissingDataError, OutOfTimeError,
        )
    ),
    Known(404, "Not Found", "There is nothing at this path."),
    Known(405, "Method Not Allowed", "The path wants another method; `Allow` says which."),
    Known(415, "Unsupported Media Type", "The Content-Type, its charset or the Content-Encoding is not one that is read."),
    Known(500, "Internal Server Error", "An error of this service; its log says which."),
)  # fmt: skip


def anchor(title: str) -> str:
    """Title of a failure -> `lower-case-with-hyphens`."""
    return re.sub(r"[^a-z]+", "-", title.lower())


def problem(error: AkaError) -> wire.ProblemAnswer:
    """Failure of ours -> its answer."""
    fields = tuple(wire.FieldProblem(found.pointer, found.detail) for found in error.problems)
    return _answer(error.title, error.status, error.detail, fields)


def unexpected_problem() -> wire.ProblemAnswer:
    """Nothing -> the answer to a failure that nobody foresaw; what it was belongs in the log, not in the answer."""
    return _answer("Internal Server Error", 500, "an error of this service, not of your request: its log says which")


def _answer(title: str, status: int, detail: str, fields: tuple[wire.FieldProblem, ...] = ()) -> wire.ProblemAnswer:
    return wire.ProblemAnswer(f"/docs#{anchor(title)}", title, status, detail, fields)


def add(app: Flask) -> None:
    """Application -> every failure in it is answered as a problem."""
    app.register_error_handler(AkaError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: AkaError) -> Response:
    response = _response(problem(error))
    if isinstance(error, NotReadyError):
        response.headers["Retry-After"] = RETRY_SECONDS
    elif isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.seconds)
    elif isinstance(error, SlowRequestError):
        response.headers["Connection"] = "close"  # the rest of the body may still come, and is no next request
    elif isinstance(error, OutOfTimeError):
        pass  # what was asked is too much, now and later
    elif error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s", error)
    return response


def _of_http(error: HTTPException) -> Response:
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _response(problem(TooLargeError(
            f"the body is longer than {limits.BODY_BYTES:,} bytes: send less, or application/x-ndjson to /mentions"
        )))  # fmt: skip
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = _response(_answer(HTTPStatus(status).phrase, status, _detail(error)))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "location"):
            response.headers[name] = value
    return response


def _detail(error: HTTPException) -> str:
    path = ascii(request.path[:80])
    if error.code == HTTPStatus.NOT_FOUND:
        return f"there is nothing at {path}: /docs lists what there is"
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = " ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return f"{request.method[:20]!a} is not allowed at {path}: use {allowed}"
    return error.description or error.name


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected failure", exc_info=error)
    return _response(unexpected_problem())


def _response(answer: wire.ProblemAnswer) -> Response:
    return Response(wire.encode(answer), status=answer.status, content_type=PROBLEM)
