"""Failures a user can meet: one class each, which knows its HTTP status and its exit status.

A message names the value seen, the value allowed and the fix. Exit statuses are those of the README
(2 usage, 65 bad input data, 70 our fault, 75 try again); 65, 70 and 75 are EX_DATAERR, EX_SOFTWARE and
EX_TEMPFAIL of sysexits.h.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of an input: `pointer` is a JSON pointer (`/names/3`) or `line 12`."""

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.detail}" if self.pointer else self.detail


class AkaError(Exception):
    """Base of every failure that aka reports; `problems` lists the places where there are several."""

    status = 500
    exit_code = 70
    title = "aka failed"

    def __init__(self, detail: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)


class MalformedError(AkaError):
    """The input cannot be read at all: broken JSON, bytes that are not UTF-8."""

    status = 400
    exit_code = 65
    title = "Malformed input"


class InvalidError(AkaError):
    """The input can be read, but a value is not one of those allowed."""

    status = 422
    exit_code = 65
    title = "Invalid value"


class UnauthorizedError(AkaError):
    """A token is needed, and none was sent, or one that is not known here."""

    status = 401
    exit_code = 2
    title = "Token needed"


class ForbiddenError(AkaError):
    """The token that was sent does not allow this, or nothing does as this service is set up."""

    status = 403
    exit_code = 2
    title = "Not allowed"


class GuardError(AkaError):
    """The list could be read, but differs from its last version as only a broken one does; whoever knows better may force it."""

    status = 409
    exit_code = 65
    title = "Suspicious list"


class TooLargeError(AkaError):
    """The input is longer than its limit."""

    status = 413
    exit_code = 65
    title = "Input too large"


class UnknownError(AkaError):
    """What was asked for by id or name does not exist."""

    status = 404
    exit_code = 2
    title = "Not found"


class NotReadyError(AkaError):
    """There is no usable generation: the data directory is missing, empty, or its generation is refused."""

    status = 503
    exit_code = 65
    title = "Not ready"


class MissingDataError(NotReadyError):
    """The data directory that was named does not exist or holds no generation."""

    exit_code = 2
    title = "No data"


class DiskError(AkaError):
    """The data directory could not be written: its disk is full, broken or read-only. What was there goes on being served."""

    status = 507
    exit_code = 75
    title = "Disk full"


class FetchError(AkaError):
    """A list could not be fetched where it is published; what was good before goes on."""

    status = 502
    exit_code = 75
    title = "Source not reachable"


class BusyError(AkaError):
    """Another writer holds the data directory."""

    status = 409
    exit_code = 75
    title = "Busy"


class TooManyError(AkaError):
    """The client asks more often than its rate allows."""

    status = 429
    exit_code = 75
    title = "Too many requests"

    def __init__(self, detail: str, problems: Sequence[Problem] = (), *, seconds: int = 1) -> None:
        super().__init__(detail, problems)
        self.seconds = seconds


class OutOfTimeError(AkaError):
    """The answer would take longer than the service gives it."""

    status = 503
    exit_code = 75
    title = "Out of time"


class OverloadedError(AkaError):
    """More requests are under way than can be answered in time; this one was not taken up."""

    status = 503
    exit_code = 75
    title = "Overloaded"


class SlowRequestError(AkaError):
    """The body of the request did not come in the time that the service gives it."""

    status = 408
    exit_code = 75
    title = "Request too slow"
