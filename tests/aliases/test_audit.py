"""Every change leaves a row that says who, when, from what and to what, and a change that did not last leaves none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from aliases import audit
from aliases.errors import InvalidError
from aliases.store import FILE, Store
from resolver import cli, disk, publish

LINE = '{"id": "raqqa", "type": "place", "name": "Raqqa"}\n'


def imported(folder: Path, text: str = LINE) -> Path:
    (folder / "list.jsonl").write_text(text, "utf-8")
    publish.import_list(folder / "data", format="jsonl", file=folder / "list.jsonl", list_name="mine")
    return folder / "data"


def noted(data: Path, **filters) -> list[audit.Entry]:
    with Store.open(data / FILE) as store:
        return store.audit(**filters)


def test_an_import_is_noted_with_who_made_it_of_what(tmp_path):
    with audit.acting("token:editor", request="r1"):
        imported(tmp_path)
    data = imported(tmp_path, LINE + '{"id": "isis", "type": "organization", "name": "ISIS"}\n')
    last, first = noted(data)
    assert (first.who, first.request, first.action, first.list, first.before) == ("token:editor", "r1", "import", "mine", None)
    assert (first.after["number"], first.after["entities"]) == (1, 1)
    assert (last.who, last.request, last.before["number"], last.after["added"]) == (audit.actor().who, "", 1, 1)
    assert first.at <= last.at


def test_a_rollback_is_noted_as_one_and_an_import_that_changes_nothing_is_not(tmp_path):
    data = imported(tmp_path)
    imported(tmp_path)
    imported(tmp_path, LINE.replace("Raqqa", "Rakka"))
    publish.rollback(data, list_name="mine")
    assert [entry.action for entry in noted(data)] == ["rollback", "import", "import"]


def test_an_import_whose_switch_failed_leaves_no_row(tmp_path):
    data = imported(tmp_path)

    class Full(disk.Disk):
        def replace(self, old: Path, new: Path) -> None:
            if new.name == "current":
                raise OSError(28, "No space left on device")
            super().replace(old, new)

    (tmp_path / "more.jsonl").write_text(LINE.replace("Raqqa", "Rakka"), "utf-8")
    with pytest.raises(Exception, match="No space left"):
        publish.import_list(data, format="jsonl", file=tmp_path / "more.jsonl", list_name="mine", disk=Full())
    assert len(noted(data)) == 1


def test_changes_can_be_asked_for_by_list_and_entity(tmp_path):
    data = imported(tmp_path)
    connection = sqlite3.connect(data / FILE, isolation_level=None)
    connection.execute("BEGIN")
    audit.note(connection, action="edit", list="mine", entity="raqqa", before={"name": "Raqqa"}, after={"name": "ar-Raqqa"})
    connection.execute("COMMIT")
    connection.close()
    assert [entry.after for entry in noted(data, entity="raqqa")] == [{"name": "ar-Raqqa"}]
    assert noted(data, list_name="other") == []
    assert len(noted(data, limit=1)) == 1
    with pytest.raises(InvalidError, match="1 to 10000"):
        noted(data, limit=0)


def test_nothing_is_noted_outside_a_transaction(tmp_path):
    connection = sqlite3.connect(tmp_path / "any.db", isolation_level=None)
    with pytest.raises(RuntimeError, match="transaction"):
        audit.note(connection, action="edit")
    connection.close()


def test_who_acts_is_said_for_a_while_and_may_be_said_again_inside():
    before = audit.actor()
    with audit.acting("a"):
        with audit.acting("b", request="2"):
            assert audit.actor() == audit.Actor("b", "2")
        assert audit.actor() == audit.Actor("a")
    assert audit.actor() == before


def test_a_record_of_the_schema_before_gets_the_table_from_the_next_writer(tmp_path):
    data = imported(tmp_path)
    connection = sqlite3.connect(data / FILE)
    connection.executescript("DROP TABLE audit; DELETE FROM readme WHERE name LIKE 'audit%'; PRAGMA user_version = 2;")
    connection.close()
    imported(tmp_path, LINE.replace("Raqqa", "Rakka"))
    assert [entry.after["number"] for entry in noted(data)] == [2]


def test_the_command_line_shows_who_changed_what(tmp_path, capfd):
    data = imported(tmp_path)
    assert cli.run(["audit", "--data", str(data)]) == 0
    assert "import" in capfd.readouterr().out
    assert cli.run(["audit", "--data", str(data), "--json"]) == 0
    assert '"action":"import"' in capfd.readouterr().out
    assert cli.run(["audit", "--data", str(tmp_path / "none")]) == 2
