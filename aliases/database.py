"""Path of the record -> a connection to it, set up to write safely or to read only; what SQLite says -> what a user can do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from aliases.errors import BusyError, DiskError, MissingDataError, NotReadyError, OutOfTimeError

_CACHE_KIB = 64_000  # page cache while importing: the index of ids of a million entities stays in memory
_BUSY_SECONDS = 5.0  # how long to wait for another connection, which holds the database for a commit only
# Beyond what aka asks for itself: a value of a hundred million bytes is no entity, and nothing is ever attached.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_STEPS = 10_000  # instructions of SQLite between two looks at the time: some milliseconds at most
_UNWRITABLE = ("disk is full", "disk I/O error", "readonly database")  # what SQLite says of a disk that takes nothing more


class _Clock:
    """Says whether the time of whoever reads is over; it never is where nobody set it."""

    over: Callable[[], bool] = staticmethod(lambda: False)


def limit_reading(over: Callable[[], bool]) -> None:
    """What says that the time of the answer at hand is over -> queries that only read are given up then (OutOfTimeError)."""
    _Clock.over = staticmethod(over)


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """Path of the record -> a connection that begins no transaction by itself; one to read cannot write, whatever it is told.

    MissingDataError when there is nothing to read, BusyError when another program writes, NotReadyError when it is damaged.
    """
    if not write and not path.is_file():
        raise MissingDataError(f"there is no {path.name} in {path.parent}: read a list in with aka import --data {path.parent}")
    try:
        return _connect_to_write(path) if write else _connect_to_read(path)
    except sqlite3.DatabaseError as error:
        raise explained(error, path) from error


def _connect_to_write(path: Path) -> sqlite3.Connection:
    # Write-ahead log: readers go on reading while a list is written, and what a killed writer left is rolled back by itself.
    return _connected(path, "", ["journal_mode = WAL", "synchronous = FULL", f"cache_size = -{_CACHE_KIB}"])


def _connect_to_read(path: Path) -> sqlite3.Connection:
    try:
        return _timed(_connected(path, "?mode=ro", ["query_only = ON", "schema_version"]))
    except sqlite3.OperationalError:
        if _has_log(path):
            raise
    # A log cannot even be looked for where nothing may be written, or on a full disk; without one, the file is all there is.
    return _timed(_connected(path, "?immutable=1", ["query_only = ON", "schema_version"]))


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


def _timed(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.set_progress_handler(lambda: _Clock.over(), _STEPS)
    return connection


def _connected(path: Path, options: str, settings: list[str]) -> sqlite3.Connection:
    place = path.resolve().as_uri() + options
    connection = sqlite3.connect(place, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        guard(connection)
        for setting in settings:
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def guard(connection: sqlite3.Connection) -> None:
    """Connection -> what a file says of itself is not trusted, its cells are checked, and nothing may be larger than is ours."""
    for setting in ("trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)


def explained(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """What SQLite says -> what the user can do about it; the same error when that is not known."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return BusyError(f"{path} is being written by another program: try again when it has finished")
    if "interrupted" in text:
        return OutOfTimeError(f"{path.name} was not read to the end in the time that an answer has: ask for less at once")
    if any(words in text for words in _UNWRITABLE):
        return DiskError(f"{path} could not be written ({text}): make room on its disk, then try again")
    if "unable to open" in text:
        return NotReadyError(f"{path} cannot be opened: check the rights of its directory, and whether its disk is full")
    if "not a database" in text or "malformed" in text:
        return NotReadyError(f"{path} is damaged or no SQLite database: put a copy back, or remove it and import the lists again")
    return error


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """Connection and the name of a setting that is a number -> its value."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
