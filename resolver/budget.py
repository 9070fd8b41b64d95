"""How long one answer may take: set where a question comes in, checked in the loops that answer it.

A thread cannot be stopped from outside while it computes, so what may take long looks at the clock itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aliases.errors import OutOfTimeError

_deadline: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Seconds -> `check` raises once they are over, in this thread, until the end of the block."""
    token = _deadline.set((time.monotonic() + seconds, seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def check() -> None:
    """Nothing -> nothing; OutOfTimeError when the time that `limited` gave is over."""
    limit = _deadline.get()
    if limit is not None and time.monotonic() > limit[0]:
        raise OutOfTimeError(f"the answer would take more than {limit[1]:g} seconds: ask for less at once")


def left() -> float:
    """-> seconds that are left; infinity where nothing was limited."""
    limit = _deadline.get()
    return float("inf") if limit is None else limit[0] - time.monotonic()
