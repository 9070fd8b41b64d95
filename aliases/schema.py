"""An empty database -> the tables of the record, made to be read with sqlite-utils and Datasette; `readme` explains them."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from aliases.errors import MissingDataError, NotReadyError

VERSION = 1  # PRAGMA user_version; raise it with every change below, and say in `prepare` how the one before is brought up

_APPLICATION = 0x616B6100  # "aka\0" as PRAGMA application_id: `file` and we can tell the database from others

_README = {
    "lists": "The watch lists that were imported.",
    "lists.name": "Name of the list, as given to `aka import --list`.",
    "lists.created_at": "When its first version was imported (ISO 8601, UTC).",
    "versions": "Every import of a list that changed something. A version never changes; going back makes a new one.",
    "versions.id": "Number over all lists; entities name it in from_version and to_version.",
    "versions.number": "Number within its list, from 1.",
    "versions.status": "live: served now. superseded: was. staged: its import was cut short or is running; the next import "
    "settles it (live when its generation is the one that the file `current` names, else undone).",
    "versions.generation": "The compiled generation (folder in generations/) that this version was first served from.",
    "versions.source": "File or URL that it was read from.",
    "versions.sha256": "SHA-256 of what was read.",
    "versions.imported_at": "ISO 8601, UTC.",
    "versions.tool_version": "The aka that imported it.",
    "versions.entities": "How many entities stand on the list in this version.",
    "versions.added": "Entities that the version before did not have.",
    "versions.removed": "Entities of the version before that this one no longer has.",
    "versions.changed": "Entities of both versions with another type, name, alias or property.",
    "versions.rejected": "Records of the source, and single names of them, that could not be taken.",
    "entities": "Every state that an entity had on a list. It stood there in the versions of that list from from_version up to, "
    "not including, to_version.",
    "entities.row": "Key of the row; aliases name it.",
    "entities.id": "Id of the entity, one for all lists that it is on.",
    "entities.name": "Canonical name.",
    "entities.properties": "JSON object: country, birth_date, wikidata, geonames, lat, lon, program, ...",
    "entities.digest": "Hash of type, name, aliases and properties: equal when nothing changed.",
    "entities.from_version": "First version (versions.id) with this state.",
    "entities.to_version": "First version without it; empty while it stands.",
    "aliases": "The surface forms of each entity row, the canonical name excluded.",
    "aliases.entity": "The entity row that the form belongs to (entities.row).",
    "aliases.form": "Verbatim.",
    "aliases.kind": "name alias acronym former native weak demonym",
    "aliases.lang": "ISO 639 code, empty when unknown.",
    "aliases.script": "ISO 15924 code.",
    "aliases.source": "Where the form came from; empty: from the list itself.",
    "aliases.case_matters": "1: matches only in exactly this case.",
    "aliases.since": "First version (versions.id) of the unbroken run in which the entity has had this form.",
    "live_entities": "View: entity rows that are served now.",
    "live_aliases": "View: their aliases, with list, id and canonical name beside them.",
}

_VIEWS = {
    "live_entities": "SELECT e.* FROM entities e JOIN versions v ON v.list = e.list AND v.status = 'live' "
    "WHERE e.from_version <= v.id AND (e.to_version IS NULL OR e.to_version > v.id)",
    "live_aliases": "SELECT e.list, e.id, e.type, e.name, a.form, a.kind, a.lang, a.script, a.source, a.case_matters, a.since "
    "FROM live_entities e JOIN aliases a ON a.entity = e.row",
}


def prepare(database: Database, *, create: bool) -> None:
    """Open database -> the same with our tables in it; NotReadyError when another program or a newer aka made it.

    Without `create` an empty one is refused with MissingDataError.
    """
    application = _pragma(database, "application_id")
    version = _pragma(database, "user_version")
    if application == 0 and not database.table_names():
        if not create:
            raise MissingDataError("the data directory has no list yet: read one in with aka import")
        _create(database)
    elif application != _APPLICATION:
        raise NotReadyError("aka.db was made by another program: move it away, or name another data directory")
    elif version != VERSION:
        raise NotReadyError(f"aka.db has schema {version}, this aka reads schema {VERSION}: install the aka that made it")


def _pragma(database: Database, name: str) -> int:
    (value,) = database.conn.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _create(database: Database) -> None:
    """All tables in one transaction: a database has either none of them or all."""
    connection: sqlite3.Connection = database.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        _create_tables(database)
        for name, select in _VIEWS.items():
            database.create_view(name, select)
        connection.executemany("INSERT INTO readme VALUES (?, ?)", _README.items())
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _create_tables(database: Database) -> None:
    database.table("readme").create({"name": str, "meaning": str}, pk="name")
    database.table("lists").create({"name": str, "created_at": str}, pk="name", not_null=["created_at"])
    texts = ["list", "status", "generation", "source", "sha256", "imported_at", "tool_version"]
    counts = ["entities", "added", "removed", "changed", "rejected"]
    database.table("versions").create(
        {"id": int, "list": str, "number": int, **dict.fromkeys(texts[1:], str), **dict.fromkeys(counts, int)},
        pk="id",
        foreign_keys=[("list", "lists", "name")],
        not_null=["number", *texts, *counts],
    )
    database.table("versions").create_index(["list", "number"], unique=True)
    texts = ["list", "id", "type", "name", "properties", "digest"]
    database.table("entities").create(
        {"row": int, **dict.fromkeys(texts, str), "from_version": int, "to_version": int},
        pk="row",
        foreign_keys=[("list", "lists", "name"), ("from_version", "versions", "id"), ("to_version", "versions", "id")],
        not_null=[*texts, "from_version"],
    )
    database.table("entities").create_index(["id", "list", "from_version"], unique=True)
    database.table("entities").create_index(["list", "to_version"])
    database.table("entities").create_index(["from_version"])
    texts = ["form", "kind", "lang", "script", "source"]
    database.table("aliases").create(
        {"row": int, "entity": int, **dict.fromkeys(texts, str), "case_matters": int, "since": int},
        pk="row",
        foreign_keys=[("entity", "entities", "row"), ("since", "versions", "id")],
        not_null=["entity", *texts, "case_matters", "since"],
    )
    database.table("aliases").create_index(["entity"])
    database.table("aliases").create_index(["form"])
