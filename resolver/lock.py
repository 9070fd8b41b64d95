"""One writer at a time for a data directory: a lock of the operating system, which a killed process cannot leave behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aliases.errors import BusyError, MissingDataError

LOCK = "aka.lock"


@contextmanager
def locked(data: Path, *, name: str = LOCK) -> Iterator[None]:
    """Data directory (made when absent) -> held while inside; BusyError at once when another process or thread holds it.

    `name`: of the lock's file, for what may be written while a list is.
    """
    handle = None
    while handle is None:
        handle = _take(data, name)
    try:
        yield
    finally:
        os.close(handle)  # which lets go of the lock


def _take(data: Path, name: str) -> int | None:
    """Data directory -> handle of its lock; None when the directory was removed meanwhile by an import that failed."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(data / name, os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError:
        return None
    except OSError as error:
        fix = "name a directory that can be made and written"
        raise MissingDataError(f"data directory '{data}' cannot be written ({error.strerror}): {fix}") from error
    try:
        _lock(handle)
    except OSError as error:
        os.close(handle)
        raise BusyError(f"another writer holds the data directory '{data}': try again when it has finished") from error
    if _is(handle, data / name):
        return handle
    os.close(handle)
    return None


def _is(handle: int, path: Path) -> bool:
    """Whether the open file still has its name: who removes a data directory removes the lock while holding it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
