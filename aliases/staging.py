"""A stream of entities -> the rows by which a new version of a list differs from the one before, in constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from aliases.entity import Entity
from aliases.errors import InvalidError

_DIGEST_BYTES = 16  # two states of one entity collide once in 2**64 tries

# Columns of an alias row as the database and as Alias order them, `entity` and `since` aside.
AliasRow = tuple[str, str, str, str, str, bool]  # form, kind, lang, script, source, case

_INSERT_ENTITY = (
    "INSERT INTO entities (row, list, id, type, name, properties, digest, from_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_ALIAS = (
    "INSERT INTO aliases (entity, form, kind, lang, script, source, case_matters, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_KNOWN = (
    # CROSS JOIN fixes the order of the two: ids first, each then found by index, instead of a scan of the list for each batch.
    "SELECT e.id, e.row, e.digest FROM json_each(?) ids CROSS JOIN entities e ON e.id = ids.value AND e.list = ? "
    "WHERE e.to_version IS NULL AND e.from_version < ?"
)
_REMOVE = (
    "UPDATE entities SET to_version = ? WHERE list = ? AND to_version IS NULL AND from_version < ? "
    "AND row NOT IN (SELECT row FROM temp.met)"
)


def digest(entity: Entity, alias_rows: Iterable[AliasRow]) -> str:
    """Entity -> hash of what is said of it: equal when only the order of its aliases or properties differs."""
    said = [entity.type, entity.name, sorted(alias_rows), entity.properties]
    return blake2b(msgspec.json.encode(said, order="deterministic"), digest_size=_DIGEST_BYTES).hexdigest()


def _alias_rows(entity: Entity, list_name: str) -> list[AliasRow]:
    """Entity -> the rows of its aliases; that one comes from the list itself is stored as an empty source."""
    return [(a.form, a.kind, a.lang, a.script, "" if a.source == list_name else a.source, a.case) for a in entity.aliases]


@dataclass(slots=True)
class Counts:
    """What a version has and how it differs from the one before."""

    entities: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0


class Staging:
    """Writes one version of one list inside the transaction that its caller opened; `counts` says what it came to."""

    def __init__(self, connection: sqlite3.Connection, *, list_name: str, version: int, first: bool) -> None:
        self.counts = Counts()
        self._connection = connection
        self._list = list_name
        self._version = version
        self._first = first  # without a version before, nothing needs to be compared
        (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM entities").fetchone()
        self._next_row = int(last) + 1
        connection.execute("DROP TABLE IF EXISTS temp.met")
        connection.execute("CREATE TEMP TABLE met (row INTEGER PRIMARY KEY)")

    def add(self, batch: Sequence[Entity]) -> None:
        """Entities that the source holds -> rows for those that are new or changed; InvalidError when an id comes twice."""
        forms = [_alias_rows(entity, self._list) for entity in batch]
        known = {} if self._first else self._known(batch)
        try:
            self._connection.executemany("INSERT INTO temp.met VALUES (?)", self._met(batch, known))
            self._write(batch, forms, known)
        except sqlite3.IntegrityError:
            raise InvalidError(f"id '{self._repeated(batch)}' comes twice in this list: ids are unique, join the two") from None
        self.counts.entities += len(batch)

    def finish(self) -> Counts:
        """Nothing -> the counts, after what the source no longer holds was ended."""
        if not self._first:
            ended = self._connection.execute(_REMOVE, (self._version, self._list, self._version))
            self.counts.removed = ended.rowcount
        self._connection.execute("DROP TABLE temp.met")
        return self.counts

    def _known(self, batch: Sequence[Entity]) -> dict[str, tuple[int, str]]:
        """Entities -> id: row and digest of those that the version before has."""
        ids = msgspec.json.encode([entity.id for entity in batch]).decode()
        rows = self._connection.execute(_KNOWN, (ids, self._list, self._version))
        return {identifier: (row, old) for identifier, row, old in rows}

    @staticmethod
    def _met(batch: Sequence[Entity], known: dict[str, tuple[int, str]]) -> Iterable[tuple[int]]:
        return ((known[entity.id][0],) for entity in batch if entity.id in known)

    def _write(self, batch: Sequence[Entity], forms: Sequence[list[AliasRow]], known: dict[str, tuple[int, str]]) -> None:
        entity_rows: list[tuple[object, ...]] = []
        alias_rows: list[tuple[object, ...]] = []
        ended: list[tuple[int, int]] = []
        for entity, rows in zip(batch, forms, strict=True):
            row, old = known.get(entity.id, (0, ""))
            new = digest(entity, rows)
            if old == new:
                continue
            since = self._since(row) if row else {}
            if row:
                ended.append((self._version, row))
            alias_rows += ((self._next_row, *form, since.get(form, self._version)) for form in rows)
            properties = msgspec.json.encode(entity.properties).decode()
            entity_rows.append((self._next_row, self._list, entity.id, entity.type, entity.name, properties, new, self._version))
            self._next_row += 1
        self._connection.executemany("UPDATE entities SET to_version = ? WHERE row = ?", ended)
        self._connection.executemany(_INSERT_ENTITY, entity_rows)
        self._connection.executemany(_INSERT_ALIAS, alias_rows)
        self.counts.changed += len(ended)
        self.counts.added += len(entity_rows) - len(ended)

    def _since(self, row: int) -> dict[AliasRow, int]:
        """Entity row -> its aliases with the version since which each stands without a break."""
        rows = self._connection.execute(
            "SELECT form, kind, lang, script, source, case_matters, since FROM aliases WHERE entity = ?", (row,)
        )
        return {(form, kind, lang, script, source, bool(case)): since for form, kind, lang, script, source, case, since in rows}

    def _repeated(self, batch: Sequence[Entity]) -> str:
        """Batch that broke a uniqueness rule -> the first id of it that was there already."""
        seen: set[str] = set()
        for entity in batch:
            if entity.id in seen:
                return entity.id
            seen.add(entity.id)
        ids = msgspec.json.encode(sorted(seen)).decode()
        met = self._connection.execute(
            "SELECT id FROM entities WHERE list = ? AND (from_version = ? OR row IN (SELECT row FROM temp.met)) "
            "AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (self._list, self._version, ids),
        ).fetchone()
        return str(met[0])
