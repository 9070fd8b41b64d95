"""Rows that belong together but do not lie together: on the disk, so that a list of any length is read in the same memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from aliases.errors import InvalidError

MAX_ROWS = 5_000  # of one record; the longest of a published list has some hundreds
_CACHE = 16_000  # KiB of the temporary database that are kept in memory


class Row(NamedTuple):
    """Cells of one row, and the line on which it ends."""

    line: int
    cells: list[str]


class Shelf:
    """Rows by the key of what they belong to, in a temporary file that SQLite removes. First all are put, then they are taken."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE};"
            "CREATE TABLE rows (key TEXT, line INTEGER, cells BLOB);"
            "CREATE TABLE taken (key TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )
        self._is_sorted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def put(self, key: str, line: int, cells: Sequence[str]) -> None:
        """Key, and one row of what it stands for."""
        self._connection.execute("INSERT INTO rows VALUES (?, ?, ?)", (key, line, msgspec.json.encode(cells)))

    def take(self, key: str) -> list[Row]:
        """Key -> its rows in the order of the file; InvalidError when they are more than any list has."""
        self._sort()
        run = self._connection.execute
        run("INSERT OR IGNORE INTO taken VALUES (?)", (key,))
        found = run("SELECT line, cells FROM rows WHERE key = ? ORDER BY rowid LIMIT ?", (key, MAX_ROWS + 1)).fetchall()
        if len(found) > MAX_ROWS:
            raise InvalidError(f"{key[:40]!a} has more than {MAX_ROWS:,} rows: is it the list?")
        return [Row(line, msgspec.json.decode(cells, type=list[str])) for line, cells in found]

    def keys(self) -> Iterator[tuple[int, str]]:
        """-> the line on which each key stands first, and the key, in that order."""
        self._sort()
        yield from self._connection.execute("SELECT min(line), key FROM rows GROUP BY key ORDER BY min(rowid)")

    def left(self) -> Iterator[str]:
        """-> the keys that nobody took, in the order of the file."""
        self._sort()
        found = "SELECT key FROM rows WHERE key NOT IN (SELECT key FROM taken) GROUP BY key ORDER BY min(rowid)"
        yield from (key for (key,) in self._connection.execute(found))

    def _sort(self) -> None:
        if not self._is_sorted:
            self._connection.execute("CREATE INDEX by_key ON rows (key)")
            self._is_sorted = True
