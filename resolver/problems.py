"""Failures -> RFC 9457 problems: one shape for ours, for those of HTTP, and for those that nobody foresaw."""

from __future__ import annotations

import errno
import re
import sqlite3
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from aliases.database import explained
from aliases.errors import (
    AkaError,
    BusyError,
    DiskError,
    ForbiddenError,
    InvalidError,
    MalformedError,
    MissingDataError,
    NotReadyError,
    OutOfTimeError,
    OverloadedError,
    SlowRequestError,
    TooLargeError,
    TooManyError,
    UnauthorizedError,
    UnknownError,
)
from aliases.store import FILE
from resolver import limits, wire

PROBLEM = "application/problem+json"
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
RETRY_SECONDS = "5"  # a generation that is being made takes seconds to appear, and so does the end of a crowd


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
            SlowRequestError, TooManyError, NotReadyError, MissingDataError, OutOfTimeError, OverloadedError, DiskError,
        )
    ),
    Known(404, "Not Found", "There is nothing at this path."),
    Known(405, "Method Not Allowed", "The path wants another method; `Allow` says which."),
    Known(411, "Length Required", "A change is wanted in chunks, of which it cannot be seen whether the last one came."),
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


def unparsed(status: HTTPStatus, detail: str) -> bytes:
    """Status and reason of a server that could not read a request -> the body of its answer."""
    return wire.encode(_answer(status.phrase, status, f"the request cannot be read as HTTP: {detail}"))


def _answer(title: str, status: int, detail: str, fields: tuple[wire.FieldProblem, ...] = ()) -> wire.ProblemAnswer:
    return wire.ProblemAnswer(f"/docs#{anchor(title)}", title, status, detail, fields)


def add(app: Flask) -> None:
    """Application -> every failure in it is answered as a problem."""
    app.register_error_handler(AkaError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(OSError, _of_disk)
    app.register_error_handler(sqlite3.Error, _of_record)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: AkaError) -> Response:
    response = _response(problem(error))
    if isinstance(error, NotReadyError | OverloadedError):
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


def _of_disk(error: OSError) -> Response:
    """A disk that takes no more is the operator's to mend; other failures of the system are unexpected."""
    if error.errno in _DISK:
        return _ours(
            DiskError(f"the answer needs room on the disk, which has none ({error.strerror}): make room, then try again")
        )
    return _unexpected(error)


def _of_record(error: sqlite3.Error) -> Response:
    known = explained(error, Path(FILE)) if isinstance(error, sqlite3.DatabaseError) else error
    return _ours(known) if isinstance(known, AkaError) else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected failure", exc_info=error)
    return _response(unexpected_problem())


def _response(answer: wire.ProblemAnswer) -> Response:
    return Response(wire.encode(answer), status=answer.status, content_type=PROBLEM)
