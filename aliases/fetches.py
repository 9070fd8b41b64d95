"""How the last look at the source of each list went: kept in the record, so that whoever serves the list can tell."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from aliases.store import Store


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """The last look at the source of one list, and the last good one."""

    list: str
    url: str
    format: str
    checked_at: str  # ISO 8601, UTC
    good_at: str = ""  # last time that it answered well, be it that nothing had changed
    etag: str = ""  # of the answer that was imported last
    last_modified: str = ""
    error: str = ""  # why the last look failed
    failing_since: str = ""
    failures: int = 0  # looks in a row that failed


def recorded(store: Store) -> list[Look]:
    """Record -> the last look at each list that is fetched, by name."""
    names = Look.__struct_fields__
    rows = store.rows(f"SELECT {', '.join(names)} FROM fetches ORDER BY list")  # noqa: S608 - our own names
    return [Look(**dict(zip(names, row, strict=True))) for row in rows]


def last(store: Store, list_name: str, *, url: str, format: str) -> Look:
    """Record, list and where it comes from -> the last look; an empty one when it came from elsewhere, or was never looked at."""
    for look in recorded(store):
        if look.list == list_name and (look.url, look.format) == (url, format):
            return look
    return Look(list=list_name, url=url, format=format, checked_at="")


def note_good(store: Store, look: Look, *, etag: str, last_modified: str) -> Look:
    """Look before this one, and what the source said of its state -> the look that went well, recorded."""
    now = _now()
    return _keep(store, msgspec.structs.replace(
        look, checked_at=now, good_at=now, etag=etag, last_modified=last_modified, error="", failing_since="", failures=0
    ))  # fmt: skip


def note_failed(store: Store, look: Look, *, error: str) -> Look:
    """Look before this one, and why this one failed -> the failed look, recorded; what was good stays so."""
    now = _now()
    return _keep(store, msgspec.structs.replace(
        look, checked_at=now, error=error, failing_since=look.failing_since or now, failures=look.failures + 1
    ))  # fmt: skip


def _keep(store: Store, look: Look) -> Look:
    fields = msgspec.structs.asdict(look)
    with store.transaction() as connection:
        connection.execute(
            f"INSERT OR REPLACE INTO fetches ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})",  # noqa: S608
            [*fields.values()],
        )
    return look


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
