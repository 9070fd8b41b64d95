"""Entities <-> SQLite (through sqlite-utils): what stood on which list in which version, and where each name came from.

A version of a list is never changed. An entity row lives from the version that brought it (`from_version`) up to, but not
including, the version that no longer has it in that state (`to_version`, empty while it lives).

Publishing touches two systems, this database and the compiled generation, so a version is first committed as `staged`, with
the generation that it was compiled into. The file `current` beside the database names the generation that is served: a staged
version counts as live exactly when that is its own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import metadata
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from sqlite_utils import Database

from aliases import audit, schema
from aliases.database import connect, explained
from aliases.entity import Alias, Entity
from aliases.errors import InvalidError, Problem, UnknownError
from aliases.merge import merge
from aliases.staging import Staging

FILE = "aka.db"
POINTER = "current"

BATCH = 2_000  # entities compared and written at once: large enough for speed, small enough for a steady progress bar

_LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_AT = """
SELECT e.row, e.list, e.id, e.type, e.name, e.properties
FROM entities e JOIN json_each(?) at ON e.list = at.key
WHERE e.from_version <= at.value AND (e.to_version IS NULL OR e.to_version > at.value){only}
ORDER BY e.id, e.list
"""
_ONLY = " AND e.id IN (SELECT value FROM json_each(?))"
_ALIASES = "SELECT form, kind, lang, script, source, case_matters FROM aliases WHERE entity = ? ORDER BY row"


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One import of one list."""

    id: int  # numbered through over all lists
    list: str
    number: int  # numbered within the list, from 1
    status: str  # staged, live or superseded
    generation: str
    source: str  # file or URL
    sha256: str
    imported_at: str  # ISO 8601, UTC
    tool_version: str
    entities: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    rejected: int = 0

    @property
    def unchanged(self) -> bool:
        """Whether the list has exactly what it had in the version before."""
        return not (self.added or self.removed or self.changed)


def check_list_name(value: str) -> str:
    """List name -> the same name; InvalidError when it could not stand in a path, a URL or a table of the terminal."""
    if not _LIST_NAME.fullmatch(value):
        raise InvalidError(f"list name {value[:80]!a} is not allowed: use 1 to 64 of A-Z a-z 0-9 . _ -, a letter or digit first")
    return value


def current_generation(directory: Path) -> str:
    """Data directory -> name of the generation that its pointer names, '' when there is none."""
    try:
        return (directory / POINTER).read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


class Store:
    """The record of a data directory. Whoever opens it to write must hold the directory's lock; it is repaired first."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._connection: sqlite3.Connection = database.conn
        self._directory = directory
        self._writes = False

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        """Path of the database -> the open Store; to read, it must exist (MissingDataError), to write, it is made."""
        connection = connect(path, write=write)
        store = cls(Database(connection), path.parent)
        store._writes = write
        try:
            schema.prepare(store._database, create=write)
            if write:
                store._repair()
        except sqlite3.DatabaseError as error:
            store.close()
            raise explained(error, path) from error
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file; what was not committed is undone, what was is moved from SQLite's log into the file itself."""
        if self._connection.in_transaction:
            self._connection.rollback()
        if self._writes:
            with suppress(sqlite3.OperationalError):  # someone else reads: it is done when they have finished
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---------------------------------------------------------------- reading

    def lists(self) -> list[str]:
        """Nothing -> names of the lists that have a live version, sorted."""
        return sorted(self.live_versions())

    def rows(self, query: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        """Query of SQL that reads -> its rows, for rooms that keep tables of their own here."""
        return self._connection.execute(query, tuple(values))

    def live_versions(self) -> dict[str, int]:
        """Nothing -> list name: id of its live version."""
        rows = self._connection.execute(
            "SELECT list, max(id) FROM versions WHERE status = 'live' OR (status = 'staged' AND generation = ?) GROUP BY list",
            (current_generation(self._directory) or None,),
        )
        return dict(rows)

    def versions(self, list_name: str | None = None) -> list[Version]:
        """List name (all lists without) -> its versions, oldest first; UnknownError when there is no such list."""
        where, values = ("list = ?", [list_name]) if list_name is not None else ("1", [])
        rows = [Version(**row) for row in self._database["versions"].rows_where(where, values, order_by="id")]
        if list_name is not None and not rows:
            known = ", ".join(self.lists()) or "(none was imported yet)"
            raise UnknownError(f"there is no list '{list_name}': use one of {known}")
        return rows

    def version_before(self, version: Version) -> Version | None:
        """Staged version -> the live one of its list that it is to replace, None when it is the first."""
        live = self.live_versions().get(version.list)
        return None if live is None else self._version(live)

    def live_entities(self) -> Iterator[Entity]:
        """Nothing -> the entities of all live versions, those on several lists merged into one, sorted by id."""
        return self.entities_at(self.live_versions())

    def entities_at(self, versions: Mapping[str, int], ids: Collection[str] | None = None) -> Iterator[Entity]:
        """List name: version id -> the entities (of these ids) that stood on these lists then, merged over them, sorted by id."""
        for _, group in groupby(self._entities(versions, ids), key=lambda entity: entity.id):
            yield merge(list(group))

    def count(self, versions: Mapping[str, int] | None = None) -> int:
        """List name: version id (the live ones without) -> how many entities these have, list by list."""
        ids = set((self.live_versions() if versions is None else versions).values())
        return sum(version.entities for version in self.versions() if version.id in ids)

    def rejected(self, version: Version) -> list[Problem]:
        """Version -> the records that its source had and that could not be taken, the first thousand of them."""
        found = self._connection.execute("SELECT place, reason FROM rejected WHERE version = ? ORDER BY rowid", (version.id,))
        return [Problem(place, reason) for place, reason in found]

    def _entities(self, versions: Mapping[str, int], ids: Collection[str] | None) -> Iterator[Entity]:
        values = [msgspec.json.encode(versions).decode()]
        if ids is not None:
            values.append(msgspec.json.encode(sorted(ids)).decode())
        found = self._connection.execute(_AT.format(only="" if ids is None else _ONLY), values)
        for row, name, identifier, kind, canonical, properties in found:
            aliases = self._connection.execute(_ALIASES, (row,))
            yield Entity(
                id=identifier,
                type=kind,
                name=canonical,
                aliases=tuple(Alias(f, k, lang, script, source or name, bool(c)) for f, k, lang, script, source, c in aliases),
                lists=(name,),
                properties=msgspec.json.decode(properties),
            )

    # ---------------------------------------------------------------- writing

    def stage(
        self,
        list_name: str,
        entities: Iterable[Entity],
        *,
        source: str,
        sha256: str,
        progress: Callable[[int], None] | None = None,
    ) -> Version:
        """Everything that a list now holds -> its next version, written but not committed.

        Streams: memory does not grow with the list. InvalidError when the list is empty or an id comes twice. Ended by `commit`,
        or undone by `undo`.
        """
        check_list_name(list_name)
        self._begin()
        live = self.live_versions().get(list_name)
        version = self._new_version(list_name, source=source, sha256=sha256)
        staging = Staging(self._connection, list_name=list_name, version=version.id, first=live is None)
        stream = iter(entities)
        while batch := list(islice(stream, BATCH)):
            staging.add(batch)
            if progress:
                progress(staging.counts.entities)
        counts = staging.finish()
        if not counts.entities:
            raise InvalidError(f"the list '{list_name}' would be empty: check the file")
        self._database.conn.execute(
            "UPDATE versions SET entities = ?, added = ?, removed = ?, changed = ? WHERE id = ?",
            (counts.entities, counts.added, counts.removed, counts.changed, version.id),
        )
        return self._version(version.id)

    def note_rejected(self, version: Version, *, count: int, problems: Iterable[Problem] = ()) -> Version:
        """Staged version, how many records of its source could not be taken, and the first of them -> the version that says so."""
        run = self._connection.executemany
        run("INSERT INTO rejected VALUES (?, ?, ?)", ((version.id, problem.pointer, problem.detail) for problem in problems))
        self._connection.execute("UPDATE versions SET rejected = ? WHERE id = ?", (count, version.id))
        return self._version(version.id)

    def commit(self, version: Version, *, generation: str, action: str = "import") -> None:
        """Keep the staged version, to be live once the pointer names its generation; who made it (`aliases.audit`) is noted."""
        self._note(version, action)
        self._connection.execute("UPDATE versions SET generation = ? WHERE id = ?", (generation, version.id))
        self._connection.execute("COMMIT")

    def _note(self, version: Version, action: str) -> None:
        """The version that this one replaces, and this one, as one change of the list."""
        kept = ("number", "source", "sha256", "entities", "added", "removed", "changed", "rejected")
        before = self.version_before(version)
        audit.note(
            self._connection,
            action=action,
            list=version.list,
            version=version.id,
            before=before and {name: getattr(before, name) for name in kept},
            after={name: getattr(version, name) for name in kept},
        )

    def audit(self, *, list_name: str = "", entity: str = "", limit: int = 100) -> list[audit.Entry]:
        """Filters -> changes, newest first: who made them, when, and what was before and after."""
        return audit.entries(self._connection, list=list_name, entity=entity, limit=limit)

    def undo(self) -> None:
        """Forget what was staged and not committed."""
        if self._connection.in_transaction:
            self._connection.rollback()

    def discard(self, version: Version) -> None:
        """Forget a version that was committed as staged and will not be served."""
        with self.transaction():
            self._delete(version)

    def mark_live(self, version: Version) -> None:
        """The pointer names the version's generation -> the record says so too, and the version before is superseded."""
        with self.transaction():
            self._set_live(version.id, version.list)

    def waiting(self) -> bool:
        """Nothing -> whether a judgement or correction was recorded that no generation was compiled with yet."""
        found = "SELECT EXISTS (SELECT 1 FROM judgements WHERE generation = '') + EXISTS (SELECT 1 FROM corrections WHERE generation = '')"
        return bool(self._connection.execute(found).fetchone()[0])

    def mark_served(self, generation: str) -> None:
        """A generation that was compiled from all that is recorded -> the judgements and corrections that waited say so."""
        if self.waiting():
            with self.transaction() as connection:
                connection.execute("UPDATE judgements SET generation = ? WHERE generation = ''", (generation,))
                connection.execute("UPDATE corrections SET generation = ? WHERE generation = ''", (generation,))

    def generations(self) -> set[str]:
        """Nothing -> names of the generations that committed versions were compiled into."""
        return {name for (name,) in self._connection.execute("SELECT generation FROM versions WHERE generation != ''")}

    def _new_version(self, list_name: str, *, source: str, sha256: str) -> Version:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        run = self._connection.execute
        run("INSERT OR IGNORE INTO lists (name, created_at) VALUES (?, ?)", (list_name, now))
        (number,) = run("SELECT coalesce(max(number), 0) + 1 FROM versions WHERE list = ?", (list_name,)).fetchone()
        (identifier,) = run("SELECT coalesce(max(id), 0) + 1 FROM versions").fetchone()
        version = Version(
            id=identifier,
            list=list_name,
            number=number,
            status="staged",
            generation="",
            source=source,
            sha256=sha256,
            imported_at=now,
            tool_version=_tool_version(),
        )
        fields = msgspec.structs.asdict(version)
        run(f"INSERT INTO versions ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})", [*fields.values()])  # noqa: S608
        return version

    def _version(self, identifier: int) -> Version:
        (row,) = self._database["versions"].rows_where("id = ?", [identifier])
        return Version(**row)

    def _repair(self) -> None:
        """Settle versions that a crash left staged: live when their generation is the one served, undone otherwise."""
        staged = [version for version in self.versions() if version.status == "staged"]
        pointed = current_generation(self._directory)
        for version in staged:
            with self.transaction():
                if pointed and version.generation == pointed:
                    self._set_live(version.id, version.list)
                else:
                    self._delete(version)

    def _set_live(self, identifier: int, list_name: str) -> None:
        run = self._connection.execute
        run("UPDATE versions SET status = 'superseded' WHERE list = ? AND status = 'live' AND id != ?", (list_name, identifier))
        run("UPDATE versions SET status = 'live' WHERE id = ?", (identifier,))

    def _delete(self, version: Version) -> None:
        run = self._connection.execute
        run("DELETE FROM rejected WHERE version = ?", (version.id,))
        run("DELETE FROM aliases WHERE entity IN (SELECT row FROM entities WHERE from_version = ?)", (version.id,))
        run("DELETE FROM entities WHERE from_version = ?", (version.id,))
        run("UPDATE entities SET to_version = NULL WHERE list = ? AND to_version = ?", (version.list, version.id))
        run("DELETE FROM audit WHERE version = ?", (version.id,))
        run("DELETE FROM versions WHERE id = ?", (version.id,))
        run("DELETE FROM lists WHERE name = ? AND name NOT IN (SELECT list FROM versions)", (version.list,))

    def _begin(self) -> None:
        with self._explaining():
            self._connection.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """What SQLite says inside -> what a user can do about it."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise explained(error, self._directory / FILE) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Nothing -> the connection, for rooms that keep tables of their own here; committed at the end, undone by an error.

        Inside another it is a part of that one.
        """
        if self._connection.in_transaction:
            yield self._connection
            return
        self._begin()
        try:
            with self._explaining():
                yield self._connection
                self._connection.execute("COMMIT")
        except BaseException:
            self.undo()
            raise


def _tool_version() -> str:
    try:
        return metadata.version("aka-resolver")
    except metadata.PackageNotFoundError:
        return "checkout"
