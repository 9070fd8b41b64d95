"""An empty file -> the tables of the review queue, made to be read with sqlite-utils and Datasette; `readme` explains them."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

from aliases import database
from aliases.database import pragma
from aliases.errors import NotReadyError

VERSION = 1
_APPLICATION = 0x616B6152  # "akaR" as PRAGMA application_id

_TABLES = """
CREATE TABLE readme (name TEXT PRIMARY KEY, meaning TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE suggestions (
  id TEXT PRIMARY KEY, spelling TEXT NOT NULL, folded TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
  type TEXT NOT NULL, count INTEGER NOT NULL, score REAL NOT NULL, right INTEGER NOT NULL, wrong INTEGER NOT NULL,
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected'))
);
CREATE INDEX suggestions_state ON suggestions (state, count);
CREATE TABLE contexts (
  row INTEGER PRIMARY KEY, suggestion TEXT NOT NULL REFERENCES suggestions (id), hash TEXT NOT NULL, snippet TEXT NOT NULL
);
CREATE INDEX contexts_suggestion ON contexts (suggestion);
CREATE TABLE judgements (
  id INTEGER PRIMARY KEY AUTOINCREMENT, suggestion TEXT NOT NULL REFERENCES suggestions (id), verdict TEXT NOT NULL,
  judged_at TEXT NOT NULL, judged_by TEXT NOT NULL, generation TEXT NOT NULL
);
CREATE INDEX judgements_suggestion ON judgements (suggestion);
CREATE INDEX judgements_generation ON judgements (generation);
"""

_README = {
    "suggestions": "Spellings seen in texts that are on no list, with the entity that each was taken for.",
    "suggestions.id": "Hash of the folded spelling and the entity: spellings that differ in case and marks only are one.",
    "suggestions.spelling": "Verbatim, as first seen (in mixed case where one was seen so).",
    "suggestions.folded": "The spelling as it is compared.",
    "suggestions.entity": "Id of the entity.",
    "suggestions.name": "Its canonical name when the spelling was last seen.",
    "suggestions.type": "Its type.",
    "suggestions.count": "How often it was seen.",
    "suggestions.score": "Best score of the sightings.",
    "suggestions.right": "Readers who said that it is right.",
    "suggestions.wrong": "Readers who said that it is wrong.",
    "suggestions.first_seen": "ISO 8601, UTC.",
    "suggestions.last_seen": "ISO 8601, UTC.",
    "suggestions.state": "open: waits. accepted: an alias of source review. rejected: never suggested again.",
    "contexts": "At most two places where a spelling was seen.",
    "contexts.row": "Key of the row.",
    "contexts.suggestion": "The suggestion (suggestions.id).",
    "contexts.hash": "Keyed hash of the text around it, which tells two contexts apart and gives none of them away.",
    "contexts.snippet": "The text around it; empty unless the operator switched snippets on.",
    "judgements": "Who judged what and when, oldest first. Nothing is ever removed.",
    "judgements.id": "Number in the order of judging.",
    "judgements.suggestion": "The suggestion (suggestions.id).",
    "judgements.verdict": "accept, reject, or undo (it waits again).",
    "judgements.judged_at": "ISO 8601, UTC.",
    "judgements.judged_by": "Name of the token, or of the user of the command line.",
    "judgements.generation": "First generation compiled with it; empty while it waits for one; - where nothing needs compiling.",
    "settings": "salt: key of the hashes of this queue.",
    "settings.name": "Name of the setting.",
    "settings.value": "Its value.",
    "readme": "What each table and column means.",
    "readme.name": "Name of a table, or table.column.",
    "readme.meaning": "What it means.",
}


def connect(path: Path, *, write: bool, wait: float) -> sqlite3.Connection:
    """Path -> connection to a queue of this version, made when `write` and absent; NotReadyError for another program's file."""
    connection = _connect_to_write(path, wait) if write else database.connect(path, write=False)
    try:
        _prepare(connection, path, create=write)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_to_write(path: Path, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rwc", uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    try:
        database.guard(connection)
        # Write-ahead log: whoever reads the queue does not keep a text waiting. A sighting may be lost with the power.
        for setting in ("journal_mode = WAL", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    if pragma(connection, "application_id") == 0 and create:
        _create(connection)
    if pragma(connection, "application_id") != _APPLICATION:
        raise NotReadyError(f"{path} was made by another program: move it away")
    if (version := pragma(connection, "user_version")) != VERSION:
        raise NotReadyError(f"{path} has schema {version}, this aka reads schema {VERSION}: install the aka that made it")


def _create(connection: sqlite3.Connection) -> None:
    """All tables in one transaction; of two processes that start at once, the second finds what the first made."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if pragma(connection, "application_id") == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(statement)
            connection.executemany("INSERT INTO readme VALUES (?, ?)", _README.items())
            connection.execute("INSERT INTO settings VALUES ('salt', ?)", (secrets.token_bytes(32),))
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
