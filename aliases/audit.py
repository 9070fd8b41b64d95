"""Who changed what, when, and from what to what: one row of the record for every change, written in the transaction of the change.

Who acts is said once, where a request or a command comes in (`acting`); what is changed calls `note` and need not know.
"""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import msgspec

from aliases.errors import InvalidError

TABLE = "audit"
MAX_ENTRIES = 10_000  # that one question is answered with
_COLUMNS = ("at", "who", "request", "action", "list", "entity", "version", "before", "after")


class Actor(msgspec.Struct, frozen=True):
    """Who acts, and in which request (its id; empty on the command line)."""

    who: str
    request: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `before` and `after` are what was and what is: null where there was or is nothing."""

    id: int
    at: str  # ISO 8601, UTC
    who: str
    request: str
    action: str
    list: str
    entity: str
    version: int | None  # versions.id of the version that the change made
    before: Any
    after: Any


_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


@contextmanager
def acting(who: str, *, request: str = "") -> Iterator[Actor]:
    """Name of who acts, e.g. `token:editor` -> what is noted meanwhile, in this thread, is noted as theirs."""
    actor = Actor(who, request)
    before = _acting.set(actor)
    try:
        yield actor
    finally:
        _acting.reset(before)


def actor() -> Actor:
    """-> who acts now: as `acting` said, else the user whom this process runs as."""
    return _acting.get() or Actor(f"user:{_user()}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user often has no name
        return "unknown"


def note(
    connection: sqlite3.Connection,
    *,
    action: str,
    list: str = "",
    entity: str = "",
    version: int | None = None,
    before: object = None,
    after: object = None,
) -> None:
    """Connection inside the transaction of a change, and what it changes -> noted, to last exactly if the change does.

    `action` is a verb such as `import`, `edit`, `judge`; `before` and `after` any value that JSON has, structs too.
    """
    if not connection.in_transaction:
        raise RuntimeError("a change is noted in the transaction that makes it, and there is none")
    who = actor()
    values = (
        datetime.now(UTC).isoformat(timespec="milliseconds"), who.who, who.request, action, list, entity, version,
        _written(before), _written(after),
    )  # fmt: skip
    marks = ", ".join("?" * len(_COLUMNS))
    connection.execute(f"INSERT INTO {TABLE} ({', '.join(_COLUMNS)}) VALUES ({marks})", values)  # noqa: S608 - our own names


def _written(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def entries(connection: sqlite3.Connection, *, list: str = "", entity: str = "", limit: int = 100) -> list[Entry]:
    """Filters -> the changes they leave, newest first; InvalidError when more are wanted than `MAX_ENTRIES`."""
    if not 1 <= limit <= MAX_ENTRIES:
        raise InvalidError(f"limit {limit} is not allowed: ask for 1 to {MAX_ENTRIES} changes")
    rows = connection.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM {TABLE} "  # noqa: S608 - our own names
        "WHERE (? = '' OR list = ?) AND (? = '' OR entity = ?) ORDER BY id DESC LIMIT ?",
        (list, list, entity, entity, limit),
    )
    return [_entry(*row) for row in rows]


def _entry(id: int, *values: Any) -> Entry:
    fields = dict(zip(_COLUMNS, values, strict=True))
    for name in ("before", "after"):
        fields[name] = None if fields[name] is None else msgspec.json.decode(fields[name])
    return Entry(id=id, **fields)
