"""How often a client may ask: a bucket of tokens for each, in one small database of all workers that lives as long as the service.

A bucket holds as many requests as the rate allows in its unit of time, and fills again evenly: after a burst, a client may go on at
the rate, and no moment lets it have two bursts in a row. One statement of SQL is all of it; the `limits` library has windows, no
buckets, and shares them between processes through a server only.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

from resolver.limits import RATE_BYTES

_FILE = "rates.db"
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_CREATE = "CREATE TABLE IF NOT EXISTS buckets (client TEXT PRIMARY KEY, full_at INTEGER NOT NULL) WITHOUT ROWID"
# A bucket is the time at which it will be full, in nanoseconds: the later, the emptier it is. One that is not there is full.
_TAKE = """
INSERT INTO buckets VALUES (:client, :now + :cost)
ON CONFLICT (client) DO UPDATE SET full_at = max(full_at, :now) + :cost
WHERE max(full_at, :now) + :cost <= :now + :whole
RETURNING full_at
"""
_SPILL = """
INSERT INTO buckets VALUES (:client, :now + min(:cost, :whole))
ON CONFLICT (client) DO UPDATE SET full_at = min(max(full_at, :now) + :cost, :now + :whole)
"""


class Rates:
    """Rate such as `1200/minute` -> whether a client may go on; '' lets all. `shared`: directory of what workers share."""

    def __init__(self, rate: str, *, shared: Path | None = None) -> None:
        amount, _, unit = rate.partition("/")
        self._amount = int(amount) if rate else 0
        self._whole = _SECONDS[unit] * 1_000_000_000 if rate else 0  # nanoseconds in which an empty bucket fills
        self._path = str(shared / _FILE) if shared is not None else ":memory:"
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._taken = 0

    def wait(self, client: str, *, size: int = 0) -> float:
        """Client, who asks once more with a body of so many bytes -> 0, or the seconds until it may. Counting that fails stops nobody."""
        if not self._amount:
            return 0.0
        with suppress(sqlite3.Error), self._lock:
            return self._take(client, self._cost(1 + size // RATE_BYTES))
        return 0.0

    def charge(self, client: str, *, before: int, now: int) -> None:
        """Client, and how much of a body came before and is there now -> counted; who does not say a length is not let off."""
        pieces = now // RATE_BYTES - before // RATE_BYTES
        if self._amount and pieces:
            with suppress(sqlite3.Error), self._lock:
                self._opened().execute(_SPILL, self._values(client, self._cost(pieces))).fetchall()

    def sweep(self) -> None:
        """Forget the buckets that are full: addresses are many."""
        self._opened().execute("DELETE FROM buckets WHERE full_at <= ?", (time.monotonic_ns(),)).fetchall()

    def _cost(self, requests: int) -> int:
        """Requests -> the nanoseconds in which so many flow in; more than a bucket holds count as all of it."""
        return min(requests, self._amount) * self._whole // self._amount

    def _values(self, client: str, cost: int) -> dict[str, object]:
        # Of a clock that nobody sets, and that all processes of a machine share.
        return {"client": client, "cost": cost, "whole": self._whole, "now": time.monotonic_ns()}

    def _take(self, client: str, cost: int) -> float:
        database = self._opened()
        self._taken += 1
        if self._taken % 10_000 == 0:
            self.sweep()
        values = self._values(client, cost)
        if database.execute(_TAKE, values).fetchall():
            return 0.0
        ((full_at,),) = database.execute("SELECT full_at FROM buckets WHERE client = ?", (client,)).fetchall()
        return max(int(full_at) + cost - self._whole - time.monotonic_ns(), 1) / 1e9

    def _opened(self) -> sqlite3.Connection:
        """The database. Nothing in it must outlive the service, so nothing is synced."""
        if self._database is None:
            database = sqlite3.connect(self._path, timeout=1.0, isolation_level=None, check_same_thread=False)
            for setting in ("PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF", _CREATE):
                database.execute(setting).fetchall()
            self._database = database
        return self._database
