"""How often a client may ask: counted over all workers of the service, in a small database that lives as long as it does."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from resolver.limits import RATE_BYTES

_FILE = "rates.db"
_UPSERT = """
INSERT INTO counts VALUES (:key, :amount, :ends)
ON CONFLICT (key) DO UPDATE SET
    amount = CASE WHEN ends <= :now THEN :amount ELSE amount + :amount END,
    ends = CASE WHEN ends <= :now THEN :ends ELSE ends END
RETURNING amount
"""


class SharedStorage(Storage):
    """Counts of all workers in one SQLite file: `limits` itself shares them only through a server such as Redis."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._path = directory / _FILE
        self._local = threading.local()

    @property
    def _database(self) -> sqlite3.Connection:
        """The connection of this thread. Nothing in it must outlive the service, so nothing is synced."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._path, timeout=1.0, isolation_level=None, check_same_thread=False)
            for setting in ("journal_mode = MEMORY", "synchronous = OFF"):
                found.execute(f"PRAGMA {setting}").fetchall()
            found.execute("CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, amount INTEGER, ends REAL) WITHOUT ROWID")
            self._local.connection = found
        return found

    @property
    def base_exceptions(self) -> type[Exception]:
        """-> what may go wrong."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Key -> its count with `amount` more; a window that is over begins again."""
        now = time.time()
        values = {"key": key, "amount": amount, "now": now, "ends": now + expiry}
        ((count,),) = self._database.execute(_UPSERT, values).fetchall()
        return int(count)

    def get(self, key: str) -> int:
        """Key -> its count."""
        row = self._database.execute("SELECT amount FROM counts WHERE key = ? AND ends > ?", (key, time.time())).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """Key -> when its window ends."""
        row = self._database.execute("SELECT ends FROM counts WHERE key = ?", (key,)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        """-> whether counting works."""
        return bool(self._database.execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        """Forget all."""
        return self._database.execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        """Forget one."""
        self._database.execute("DELETE FROM counts WHERE key = ?", (key,))

    def sweep(self) -> None:
        """Forget the windows that are over: addresses are many."""
        self._database.execute("DELETE FROM counts WHERE ends <= ?", (time.time(),))


class Rates:
    """Rate such as `1200/minute` -> whether a client may go on; '' lets all."""

    def __init__(self, rate: str, *, shared: Path | None = None) -> None:
        self._item: RateLimitItem | None = parse(rate) if rate else None
        self._storage: Storage = SharedStorage(shared) if shared is not None else MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._hits = 0

    def wait(self, client: str, *, size: int = 0) -> float:
        """Client, who asks once more with a body of so many bytes -> 0, or the seconds until it may. Counting that fails stops nobody."""
        if self._item is None:
            return 0.0
        try:
            self._tidy()
            if self._limiter.hit(self._item, client, cost=min(1 + size // RATE_BYTES, self._item.amount)):
                return 0.0
            return max(self._limiter.get_window_stats(self._item, client).reset_time - time.time(), 1.0)
        except sqlite3.Error:
            return 0.0

    def charge(self, client: str, *, before: int, now: int) -> None:
        """Client, and how much of a body came before and is there now -> counted; who does not say a length is not let off."""
        pieces = now // RATE_BYTES - before // RATE_BYTES
        if self._item is not None and pieces:
            with suppress(sqlite3.Error):
                self._limiter.hit(self._item, client, cost=pieces)

    def _tidy(self) -> None:
        self._hits += 1
        if self._hits % 10_000 == 0 and isinstance(self._storage, SharedStorage):
            self._storage.sweep()
