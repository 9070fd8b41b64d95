"""The ids of a file and where each stood first: on the disk, so that a list of any length is read in the same memory."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import NamedTuple, Self

_CACHE = 16_000  # KiB of the temporary database that are kept in memory


class First(NamedTuple):
    """Where an id stood first, and what was said there."""

    line: int
    mark: int


class Seen:
    """Ids that were met, each with its line and a mark of 64 bits, in a temporary file that SQLite removes."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE};"
            "CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER, mark INTEGER) WITHOUT ROWID; BEGIN"
        )
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def meet(self, identifier: str, line: int, *, mark: int = 0) -> First | None:
        """Id, its line and a mark (signed, 64 bits) -> where it stood before; None when it is met for the first time."""
        run = self._connection.execute
        if run("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (identifier, line, mark)).rowcount:
            self.count += 1
            return None
        return First(*run("SELECT line, mark FROM seen WHERE id = ?", (identifier,)).fetchone())
