"""sqlite-utils and Datasette open the record, and its tables read as documentation: every column says what it means."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from aliases import corrections, fetches, judgements
from aliases.assemble import assemble
from aliases.entity import Alias
from aliases.errors import Problem
from aliases.store import FILE, Store


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with a list of two versions, something rejected, judged and corrected, and a source that fails."""
    path = tmp_path_factory.mktemp("record") / FILE
    with Store.open(path, write=True) as store:
        for number, names in enumerate((["Alpha"], ["Alpha", "Beta"]), 1):
            entities = [
                assemble(name.lower(), entity_type="person", name=name, aliases=[Alias(f"{name} Other")]) for name in names
            ]
            version = store.stage("un", entities, source="un.xml", sha256=str(number) * 64)
            version = store.note_rejected(version, count=1, problems=[Problem("line 7", "it has no name")])
            store.commit(version, generation=f"g{number}")
            store.mark_live(version)
        judgements.record(store, "alpha", ["beta"], verdict="different", by="ada", note="other birth date")
        corrections.add_name(store, "beta", Alias("Bita"), by="ada")
        look = fetches.last(store, "un", url="https://lists.example/un.xml", format="un")
        fetches.note_failed(store, look, error="HTTP 503")
    return path


def _sqlite_utils(*arguments: str) -> str:
    command = [sys.executable, "-m", "sqlite_utils", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_sqlite_utils_shows_tables_views_and_what_their_columns_mean(record: Path) -> None:
    """The schema is the documentation: each column with its sentence."""
    counts = {row["table"]: row["count"] for row in json.loads(_sqlite_utils("tables", str(record), "--counts"))}
    assert (counts["versions"], counts["rejected"], counts["judgements"], counts["fetches"]) == (2, 2, 1, 1)
    schema = _sqlite_utils("schema", str(record), "entities", "rejected")
    columns = [line for line in schema.splitlines() if line.startswith("   ")]
    assert [line for line in columns if " -- " not in line and "ON " not in line] == []
    assert '"reason" TEXT NOT NULL -- What is wrong with it.' in schema
    views = {row["view"] for row in json.loads(_sqlite_utils("views", str(record)))}
    assert {"live_entities", "live_aliases", "list_status", "judgements_in_force"} <= views
    (row,) = json.loads(_sqlite_utils("query", str(record), "SELECT list, version, entities, error FROM list_status"))
    assert row == {"list": "un", "version": 2, "entities": 2, "error": "HTTP 503"}


def _datasette(record: Path, *paths: str) -> Iterable[str]:
    """Paths -> what Datasette answers to each, without a server."""
    for path in paths:
        command = [sys.executable, "-W", "ignore", "-m", "datasette", str(record), "--get", path]
        yield subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_datasette_opens_the_record_and_explains_it(record: Path) -> None:
    """Its pages show the tables, rows that link to one another, and the meaning of each column."""
    pytest.importorskip("datasette", reason="datasette is not installed, so there is nothing that would open the record")
    front, versions, rows = _datasette(record, "/aka", "/aka/versions", "/aka/live_aliases.json?_shape=array")
    for name in ("versions", "entities", "aliases", "judgements", "list_status"):
        assert f"/aka/{name}" in front
    assert "-- Number within its list, from 1." in versions.replace("&#39;", "'")
    assert "/aka/lists/un" in versions
    assert {row["form"] for row in json.loads(rows)} == {"Alpha Other", "Beta Other"}
