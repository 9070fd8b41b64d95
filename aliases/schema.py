"""An empty database -> the tables of the record, made to be read with sqlite-utils and Datasette; `readme` explains them."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlite_utils import Database

from aliases.database import pragma
from aliases.errors import MissingDataError, NotReadyError

VERSION = 4  # PRAGMA user_version; raise it with every change below, and say in `_UPGRADES` how the one before is brought up

_APPLICATION = 0x616B6100  # "aka\0" as PRAGMA application_id: `file` and we can tell the database from others

_README = {
    "readme": "What each table, column and view means.",
    "readme.name": "Name of a table or view, or table.column.",
    "readme.meaning": "What it means.",
    "lists": "The watch lists that were imported.",
    "lists.name": "Name of the list, as given to `aka import --list`.",
    "lists.created_at": "When its first version was imported (ISO 8601, UTC).",
    "versions": "Every import of a list that changed something. A version never changes; going back makes a new one.",
    "versions.id": "Number over all lists; entities name it in from_version and to_version.",
    "versions.list": "The list that it is a version of.",
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
    "rejected": "The first thousand records, or single names of them, that a version could not take; versions.rejected counts all.",
    "rejected.version": "The version (versions.id) whose source had it.",
    "rejected.place": "Where in the source: line, or file and line.",
    "rejected.reason": "What is wrong with it.",
    "entities": "Every state that an entity had on a list. It stood there in the versions of that list from from_version up to, "
    "not including, to_version.",
    "entities.row": "Key of the row; aliases name it.",
    "entities.list": "The list that says so.",
    "entities.type": "person organization place vessel aircraft event other",
    "entities.id": "Id of the entity, one for all lists that it is on.",
    "entities.name": "Canonical name.",
    "entities.properties": "JSON object: country, birth_date, wikidata, geonames, lat, lon, program, ...",
    "entities.digest": "Hash of type, name, aliases and properties: equal when nothing changed.",
    "entities.from_version": "First version (versions.id) with this state.",
    "entities.to_version": "First version without it; empty while it stands.",
    "aliases": "The surface forms of each entity row, the canonical name excluded.",
    "aliases.row": "Key of the row, in the order of the source.",
    "aliases.entity": "The entity row that the form belongs to (entities.row).",
    "aliases.form": "Verbatim.",
    "aliases.kind": "name alias acronym former native weak demonym",
    "aliases.lang": "ISO 639 code, empty when unknown.",
    "aliases.script": "ISO 15924 code.",
    "aliases.source": "Where the form came from; empty: from the list itself.",
    "aliases.case_matters": "1: matches only in exactly this case.",
    "aliases.since": "First version (versions.id) of the unbroken run in which the entity has had this form.",
    "judgements": "What persons said of two entities, oldest first; of one pair the last one holds. Nothing is ever removed.",
    "judgements.id": "Number in the order of judging.",
    "judgements.keep": "Id of the entity that the two are known by when they are one.",
    "judgements.other": "Id of the other entity.",
    "judgements.verdict": "same: one entity. different: two, never to be suggested again. open: what was said before is taken back.",
    "judgements.judged_at": "ISO 8601, UTC.",
    "judgements.judged_by": "Who said so.",
    "judgements.note": "Why, in their words.",
    "judgements.score": "The score that the pair had when it was suggested; empty when it was not.",
    "judgements.generation": "First generation that was compiled with it; empty while it waits for the next one.",
    "corrections": "What persons changed by hand of what the lists say, oldest first. It holds on over new versions of the lists.",
    "corrections.id": "Number in the order of making.",
    "corrections.entity": "Id of the entity.",
    "corrections.action": "add: one more name. drop: a name that a list has is not used. set: a field has another value. "
    "remove: the entity is not served. undo: the correction whose number is the value no longer holds.",
    "corrections.field": "For set: name, type, or a property. For add and drop: empty.",
    "corrections.value": "JSON: the alias, the form that is dropped, the value (null removes a property), or the number undone.",
    "corrections.made_at": "ISO 8601, UTC.",
    "corrections.made_by": "Who made it.",
    "corrections.note": "Why, in their words.",
    "corrections.generation": "First generation that was compiled with it; empty while it waits for the next one.",
    "fetches": "How the last look at each list that `aka update` fetches went.",
    "fetches.list": "Name of the list.",
    "fetches.url": "Where it is fetched from.",
    "fetches.format": "Format that it is read in.",
    "fetches.checked_at": "Last time that the source was asked (ISO 8601, UTC).",
    "fetches.good_at": "Last time that it answered well, be it that nothing had changed.",
    "fetches.etag": "ETag of the answer that was imported last, sent with the next request.",
    "fetches.last_modified": "Last-Modified of that answer.",
    "fetches.error": "Why the last look failed; empty when it did not.",
    "fetches.failing_since": "Since when every look has failed; empty when the last one did not.",
    "fetches.failures": "How many looks in a row have failed.",
    "audit": "Every change: who made it, when, and what was before and after.",
    "audit.id": "Number, in the order of the changes.",
    "audit.at": "ISO 8601, UTC.",
    "audit.who": "token:NAME over HTTP, page for the web page of a service without tokens, user:NAME on the command line.",
    "audit.request": "Id of the HTTP request (X-Request-Id), as in the service's log; empty on the command line.",
    "audit.action": "import, rollback, edit, judge, ...",
    "audit.list": "The list that was changed, empty where none was.",
    "audit.entity": "Id of the entity that was changed, empty where a whole list was.",
    "audit.version": "The version of the list that the change made (versions.id). Goes when that is undone.",
    "audit.before": "JSON: what was; empty where there was nothing.",
    "audit.after": "JSON: what is; empty where there is nothing any more.",
    "live_entities": "View: entity rows that are served now.",
    "live_aliases": "View: their aliases, with list, id and canonical name beside them.",
    "list_status": "View: each list that is served, with its size, source and age, and the last error of its source.",
    "judgements_in_force": "View: the last judgement of each pair, those taken back aside.",
}

_VIEWS = {
    "live_entities": "SELECT e.* FROM entities e JOIN versions v ON v.list = e.list AND v.status = 'live' "
    "WHERE e.from_version <= v.id AND (e.to_version IS NULL OR e.to_version > v.id)",
    "live_aliases": "SELECT e.list, e.id, e.type, e.name, a.form, a.kind, a.lang, a.script, a.source, a.case_matters, a.since "
    "FROM live_entities e JOIN aliases a ON a.entity = e.row",
    "list_status": "SELECT v.list, v.entities, v.number AS version, v.source, v.imported_at, "
    "round(julianday('now') - julianday(v.imported_at), 2) AS age_days, f.checked_at, f.error, f.failing_since "
    "FROM versions v LEFT JOIN fetches f ON f.list = v.list WHERE v.status = 'live'",
    "judgements_in_force": "SELECT j.* FROM judgements j WHERE j.verdict != 'open' AND j.id = (SELECT max(k.id) FROM judgements k "
    "WHERE min(k.keep, k.other) = min(j.keep, j.other) AND max(k.keep, k.other) = max(j.keep, j.other))",
}


def prepare(database: Database, *, create: bool) -> None:
    """Open database -> the same with our tables in it; NotReadyError when another program or a newer aka made it.

    With `create` an empty one is filled and one of an older schema brought up to this one; without, an empty one is refused
    with MissingDataError.
    """
    application = pragma(database.conn, "application_id")
    version = pragma(database.conn, "user_version")
    if application == 0 and not database.table_names():
        if not create:
            raise MissingDataError("the data directory has no list yet: read one in with aka import")
        _change(database, 0)
    elif application != _APPLICATION:
        raise NotReadyError("aka.db was made by another program: move it away, or name another data directory")
    elif version > VERSION or version < 1:
        raise NotReadyError(f"aka.db has schema {version}, this aka reads schema {VERSION}: install the aka that made it")
    elif version < VERSION:
        if not create:
            raise NotReadyError(f"aka.db has schema {version}, this aka reads schema {VERSION}: run `aka rebuild` once")
        _change(database, version)


def _change(database: Database, version: int) -> None:
    """All tables that a schema of this version lacks, in one transaction: a database has either none of them or all."""
    connection: sqlite3.Connection = database.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        for made in _UPGRADES[version:]:
            made(database)
        for name, select in _VIEWS.items():
            database.create_view(name, select, replace=True)
        connection.execute("DELETE FROM readme")
        connection.executemany("INSERT INTO readme VALUES (?, ?)", _README.items())
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _create(
    database: Database, table: str, columns: dict[str, type], *, indexes: tuple[list[str], ...] = (), **more: Any
) -> None:
    """Table of sqlite-utils with what each column means beside it, which `sqlite-utils schema` and Datasette show."""
    lines = database.create_table_sql(table, columns, **more).splitlines()
    for number, line in enumerate(lines):
        column = line.strip().split(" ", 1)[0].strip('"[]`')
        meaning = _README.get(f"{table}.{column}") if line.startswith(" ") else _README[table] if number == 0 else None
        if meaning:
            lines[number] = f"{line.rstrip()} -- {meaning}"
    database.conn.execute("\n".join(lines))
    for index in indexes:
        database.table(table).create_index(index)


def _lists(database: Database) -> None:
    """Schema 1: lists, their versions, and what stood on them."""
    _create(database, "readme", {"name": str, "meaning": str}, pk="name")
    _create(database, "lists", {"name": str, "created_at": str}, pk="name", not_null=["created_at"])
    texts = ["list", "status", "generation", "source", "sha256", "imported_at", "tool_version"]
    counts = ["entities", "added", "removed", "changed", "rejected"]
    _create(
        database,
        "versions",
        {"id": int, "list": str, "number": int, **dict.fromkeys(texts[1:], str), **dict.fromkeys(counts, int)},
        pk="id",
        foreign_keys=[("list", "lists", "name")],
        not_null=["number", *texts, *counts],
    )
    database.table("versions").create_index(["list", "number"], unique=True)
    texts = ["list", "id", "type", "name", "properties", "digest"]
    _create(
        database,
        "entities",
        {"row": int, **dict.fromkeys(texts, str), "from_version": int, "to_version": int},
        pk="row",
        foreign_keys=[("list", "lists", "name"), ("from_version", "versions", "id"), ("to_version", "versions", "id")],
        not_null=[*texts, "from_version"],
        indexes=(["list", "to_version"], ["from_version"]),
    )
    database.table("entities").create_index(["id", "list", "from_version"], unique=True)
    texts = ["form", "kind", "lang", "script", "source"]
    _create(
        database,
        "aliases",
        {"row": int, "entity": int, **dict.fromkeys(texts, str), "case_matters": int, "since": int},
        pk="row",
        foreign_keys=[("entity", "entities", "row"), ("since", "versions", "id")],
        not_null=["entity", *texts, "case_matters", "since"],
        indexes=(["entity"], ["form"]),
    )


def _judged(database: Database) -> None:
    """Schema 2: what was rejected and why, what persons judged and corrected, how fetching went."""
    _create(
        database,
        "rejected",
        {"version": int, "place": str, "reason": str},
        foreign_keys=[("version", "versions", "id")],
        not_null=["version", "place", "reason"],
        indexes=(["version"],),
    )
    texts = ["keep", "other", "verdict", "judged_at", "judged_by", "note", "generation"]
    _create(
        database,
        "judgements",
        {"id": int, **dict.fromkeys(texts[:6], str), "score": float, "generation": str},
        pk="id",
        not_null=texts,
        indexes=(["keep"], ["other"]),
    )
    texts = ["entity", "action", "field", "value", "made_at", "made_by", "note", "generation"]
    _create(database, "corrections", {"id": int, **dict.fromkeys(texts, str)}, pk="id", not_null=texts, indexes=(["entity"],))
    texts = ["url", "format", "checked_at", "good_at", "etag", "last_modified", "error", "failing_since"]
    _create(
        database,
        "fetches",
        {"list": str, **dict.fromkeys(texts, str), "failures": int},
        pk="list",
        not_null=[*texts, "failures"],
    )


def _audited(database: Database) -> None:
    """Schema 3: who changed what."""
    texts = ["at", "who", "request", "action", "list", "entity"]
    _create(
        database,
        "audit",
        {"id": int, **dict.fromkeys(texts, str), "version": int, "before": str, "after": str},
        pk="id",
        foreign_keys=[("version", "versions", "id")],
        not_null=texts,
        indexes=(["list", "entity"], ["version"]),
    )


def _removable(database: Database) -> None:
    """Schema 4: corrections may remove an entity, which an older aka would not understand; the tables are the same."""


_UPGRADES = (_lists, _judged, _audited, _removable)  # what brings schema 0 (nothing) to 1, 1 to 2, ...
