"""The record: what a version of a list changed, what stood on it at any time, and that a cut-short import leaves no trace."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliases import schema
from aliases import store as store_module
from aliases.assemble import assemble
from aliases.entity import Alias, Entity
from aliases.errors import BusyError, InvalidError, MissingDataError, NotReadyError, Problem, UnknownError
from aliases.store import FILE, POINTER, Store, Version


def _entity(identifier: str, *forms: str, name: str = "", **properties: object) -> Entity:
    return assemble(
        identifier,
        entity_type="place",
        name=name or identifier.upper(),
        aliases=[Alias(form) for form in forms],
        properties=properties,
    )


@dataclass
class _Record:
    """A data directory in which versions are published without compiling anything."""

    directory: Path
    published: list[Version] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.directory / FILE

    def stage(self, list_name: str, *entities: Entity, commit_as: str = "") -> Version:
        with Store.open(self.path, write=True) as store:
            version = store.stage(list_name, entities, source="file", sha256="0")
            if commit_as:
                store.commit(version, generation=commit_as)
        return version

    def publish(self, list_name: str, *entities: Entity) -> Version:
        with Store.open(self.path, write=True) as store:
            version = store.stage(list_name, entities, source="file", sha256="0")
            store.commit(version, generation=f"g{version.id}")
            self.point(f"g{version.id}")
            store.mark_live(version)
        self.published.append(version)
        return version

    def point(self, generation: str) -> None:
        (self.directory / POINTER).write_text(generation + "\n")

    def live(self) -> list[Entity]:
        with Store.open(self.path) as store:
            return list(store.live_entities())

    def ids(self) -> list[str]:
        return [entity.id for entity in self.live()]


@pytest.fixture
def record(tmp_path: Path) -> _Record:
    return _Record(tmp_path)


def _counts(version: Version) -> tuple[int, int, int, int]:
    return version.entities, version.added, version.removed, version.changed


# ---------------------------------------------------------------- versions


def test_the_first_version_of_a_list_adds_everything(record: _Record) -> None:
    """Counts and numbers begin at the beginning."""
    version = record.publish("un", _entity("a"), _entity("b"))
    assert (version.number, _counts(version), version.unchanged) == (1, (2, 2, 0, 0), False)


def test_a_version_counts_what_it_added_removed_and_changed(record: _Record) -> None:
    """One entity stays, one changes, one goes, one comes."""
    record.publish("un", _entity("stays", "x"), _entity("changes", "x"), _entity("goes"))
    version = record.publish("un", _entity("comes"), _entity("changes", "y"), _entity("stays", "x"))
    assert _counts(version) == (3, 1, 1, 1)
    assert record.ids() == ["changes", "comes", "stays"]


@pytest.mark.parametrize(
    "after",
    [
        _entity("a", "x", "y", n=1),
        _entity("a", "x", name="B", n=1),
        _entity("a", "x", n=2),
        assemble("a", entity_type="person", name="A", aliases=[Alias("x")], properties={"n": 1}),
        assemble("a", entity_type="place", name="A", aliases=[Alias("x", kind="weak")], properties={"n": 1}),
        assemble("a", entity_type="place", name="A", aliases=[Alias("x", case=True)], properties={"n": 1}),
        assemble("a", entity_type="place", name="A", aliases=[Alias("x", lang="ar")], properties={"n": 1}),
        assemble("a", entity_type="place", name="A", aliases=[Alias("x", source="s")], properties={"n": 1}),
    ],
    ids=["alias", "name", "property", "type", "kind", "case", "lang", "source"],
)
def test_every_part_of_an_entity_counts_as_a_change(record: _Record, after: Entity) -> None:
    """No field is left out of the comparison."""
    record.publish("un", _entity("a", "x", n=1))
    assert _counts(record.publish("un", after)) == (1, 0, 0, 1)
    assert record.live()[0].name == after.name


def test_the_same_content_again_is_unchanged_whatever_its_order(record: _Record) -> None:
    """Publishers shuffle entities, aliases and fields without meaning anything by it."""
    record.publish("un", _entity("a", "x", "y", n=1, m=2), _entity("b"))
    version = record.stage("un", _entity("b"), _entity("a", "y", "x", m=2, n=1))
    assert version.unchanged
    assert _counts(version) == (2, 0, 0, 0)


def test_an_entity_that_comes_back_is_added_again(record: _Record) -> None:
    """Removal ends a row; the return is a new one."""
    record.publish("un", _entity("a"), _entity("b"))
    record.publish("un", _entity("b"))
    assert _counts(record.publish("un", _entity("a"), _entity("b"))) == (2, 1, 0, 0)


def test_lists_do_not_touch_each_other(record: _Record) -> None:
    """A version of one list neither ends nor counts rows of another."""
    record.publish("un", _entity("a"), _entity("b"))
    version = record.publish("eu", _entity("c"))
    assert _counts(version) == (1, 1, 0, 0)
    assert (version.id, version.number) == (2, 1)
    assert record.ids() == ["a", "b", "c"]


def test_history_says_when_what_came_from_where(record: _Record) -> None:
    """Every version is kept with its source; only the last is live."""
    record.publish("un", _entity("a"))
    record.publish("un", _entity("b"))
    with Store.open(record.path) as store:
        first, second = store.versions("un")
        assert store.lists() == ["un"]
    assert (first.status, second.status) == ("superseded", "live")
    assert (second.source, second.generation, second.number) == ("file", "g2", 2)
    assert second.imported_at.endswith("+00:00")


def test_an_alias_knows_since_when_it_stands(record: _Record) -> None:
    """`since` passes from row to row while the entity changes around the alias, and starts anew after a break."""
    for forms in (["x"], ["x", "y"], ["y"], ["x", "y", "z"]):
        record.publish("un", _entity("a", *forms))
    with Store.open(record.path) as store:
        rows = store._connection.execute("SELECT form, since FROM live_aliases").fetchall()
    assert dict(rows) == {"x": 4, "y": 2, "z": 4}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(["un", "eu"]), st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"), min_size=1)),
        min_size=1,
        max_size=6,
    )
)
def test_any_past_state_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, imports: list[tuple[str, dict[str, str]]]
) -> None:
    """After any run of imports, each list at each of its versions is exactly what was imported then."""
    record = _Record(tmp_path_factory.mktemp("record"))
    versions = []
    for list_name, content in imports:
        version = record.publish(list_name, *(_entity(key, form) for key, form in content.items()))
        versions.append((list_name, version.id, content))
    with Store.open(record.path) as store:
        for list_name, identifier, content in versions:
            found = {entity.id: entity.aliases[0].form for entity in store.entities_at({list_name: identifier})}
            assert found == content
        assert store._connection.execute("PRAGMA foreign_key_check").fetchall() == []


# ---------------------------------------------------------------- one entity on several lists


def test_an_entity_on_two_lists_is_one_that_knows_both(record: _Record) -> None:
    """The first list gives the name, the other's name becomes an alias of kind `name`, and every alias keeps its source."""
    record.publish("un", _entity("a", "Isis", name="ISIL", program="x", since=2014))
    record.publish("eu", _entity("a", "Isis", "Daesh", name="Islamic State", program="y"))
    (entity,) = record.live()
    assert (entity.name, entity.lists) == ("Islamic State", ("eu", "un"))
    assert entity.properties == {"program": "y", "since": 2014}
    assert [(alias.form, alias.kind, alias.source) for alias in entity.aliases] == [
        ("Isis", "alias", "eu"),
        ("Daesh", "alias", "eu"),
        ("ISIL", "name", "un"),
        ("Isis", "alias", "un"),
    ]


def test_a_name_that_both_lists_have_is_not_an_alias_of_itself(record: _Record) -> None:
    """The canonical name is excluded from the aliases, whichever list repeats it."""
    record.publish("un", _entity("a", "B", name="A"))
    record.publish("eu", _entity("a", "C", name="A"))
    assert [alias.form for alias in record.live()[0].aliases] == ["C", "B"]


def test_entities_come_sorted_by_id(record: _Record) -> None:
    """Compiling relies on it, so the order of import must not show."""
    record.publish("un", _entity("b"), _entity("B"), _entity("a:1"), _entity("a.1"))
    record.publish("eu", _entity("a"), _entity("c"))
    assert record.ids() == sorted(["b", "B", "a:1", "a.1", "a", "c"])


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize("batch", [1, 2, 2_000])
@pytest.mark.parametrize("before", [(), ("a",), ("a", "b")])
@pytest.mark.parametrize("forms", [("x", "x"), ("x", "y"), ("y", "x"), ("y", "z")])
def test_an_id_that_comes_twice_is_refused(
    record: _Record, monkeypatch: pytest.MonkeyPatch, batch: int, before: tuple[str, ...], forms: tuple[str, str]
) -> None:
    """Whether it is new, the same or changed, near or far: the second occurrence is named and nothing is kept."""
    monkeypatch.setattr(store_module, "BATCH", batch)
    if before:
        record.publish("un", *(_entity(identifier, "x") for identifier in before))
    with pytest.raises(InvalidError, match="id 'a' comes twice"):
        record.stage("un", _entity("a", forms[0]), _entity("b", "x"), _entity("a", forms[1]))
    with Store.open(record.path, write=True) as store:
        assert len(store.versions()) == len(record.published)


def test_an_empty_list_is_refused(record: _Record) -> None:
    """A reader that found nothing must not remove everybody."""
    record.publish("un", _entity("a"))
    with pytest.raises(InvalidError, match="would be empty"):
        record.stage("un")
    assert record.ids() == ["a"]


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", ".x", "x" * 65, "ли", "a/b"])
def test_a_list_name_that_could_not_stand_in_a_path_is_refused(record: _Record, name: str) -> None:
    """List names go into URLs and tables."""
    with pytest.raises(InvalidError, match="list name"):
        record.stage(name, _entity("a"))


def test_a_reader_that_fails_halfway_leaves_nothing(record: _Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before the bad line is undone with it."""
    monkeypatch.setattr(store_module, "BATCH", 1)

    def entities() -> Iterable[Entity]:
        yield _entity("a", "new")
        yield _entity("z")
        raise InvalidError("line 3")

    record.publish("un", _entity("a"))
    with Store.open(record.path, write=True) as store, pytest.raises(InvalidError):
        store.stage("un", entities(), source="", sha256="")
    assert [(entity.id, entity.aliases) for entity in record.live()] == [("a", ())]


def test_reading_where_nothing_is_says_how_to_begin(tmp_path: Path) -> None:
    """No database, and one without tables, are both `no data`, and are not made by looking."""
    with pytest.raises(MissingDataError, match="aka import"):
        Store.open(tmp_path / FILE)
    assert list(tmp_path.iterdir()) == []
    sqlite3.connect(tmp_path / FILE).close()
    (tmp_path / FILE).touch()
    with pytest.raises(MissingDataError, match="aka import"):
        Store.open(tmp_path / FILE)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """It is neither read nor overwritten."""
    (tmp_path / FILE).write_text("not a database, but long enough to be looked at as one" * 50)
    for write in (False, True):
        with pytest.raises(NotReadyError, match="damaged"):
            Store.open(tmp_path / FILE, write=write)
    assert (tmp_path / FILE).read_text().startswith("not a database")


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """Our tables are not put beside those of someone else."""
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("CREATE TABLE photos (id)")
    connection.close()
    with pytest.raises(NotReadyError, match="another program"):
        Store.open(tmp_path / FILE, write=True)


def test_a_newer_schema_is_refused(record: _Record) -> None:
    """An old aka does not write into what it does not know."""
    record.publish("un", _entity("a"))
    connection = sqlite3.connect(record.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NotReadyError, match="schema 99"):
        Store.open(record.path)


def test_an_unknown_list_is_named_with_those_that_exist(record: _Record) -> None:
    """A typing error is answered with the names to choose from."""
    record.publish("un", _entity("a"))
    with Store.open(record.path) as store, pytest.raises(UnknownError, match="'nu': use one of un"):
        store.versions("nu")


def test_a_store_opened_to_read_cannot_write(record: _Record) -> None:
    """Serving never changes the record."""
    record.publish("un", _entity("a"))
    with Store.open(record.path) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connection.execute("DELETE FROM entities")


def test_a_database_that_someone_else_writes_is_busy(record: _Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in a transaction means `try again`, not a failure of ours."""
    record.publish("un", _entity("a"))
    monkeypatch.setattr("aliases.database._BUSY_SECONDS", 0.0)
    other = sqlite3.connect(record.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BusyError):
            record.stage("un", _entity("b"))
    finally:
        other.close()


# ---------------------------------------------------------------- cut short


def test_a_version_that_was_not_committed_leaves_no_trace(record: _Record) -> None:
    """Closing undoes it, also when it was the first of all."""
    record.stage("un", _entity("a"))
    with Store.open(record.path) as store:
        assert (store.versions(), store.lists(), list(store.live_entities())) == ([], [], [])
        assert store._connection.execute("SELECT count(*) FROM lists").fetchone() == (0,)


def test_a_staged_version_is_invisible_until_the_pointer_names_it(record: _Record) -> None:
    """Readers go by the pointer, so that record and generation never disagree."""
    record.publish("un", _entity("a"), _entity("b"))
    record.stage("un", _entity("b", "new"), _entity("c"), commit_as="g2")
    assert record.ids() == ["a", "b"]
    record.point("g2")
    assert record.ids() == ["b", "c"]
    assert record.live()[0].aliases[0].form == "new"


def test_the_next_writer_undoes_a_version_that_was_never_served(record: _Record) -> None:
    """Its rows go, the rows that it ended live on, and its number is free again."""
    record.publish("un", _entity("a"), _entity("b"))
    record.stage("un", _entity("b", "new"), commit_as="g2")
    with Store.open(record.path, write=True) as store:
        assert [version.status for version in store.versions()] == ["live"]
        (rows,) = store._connection.execute("SELECT count(*) FROM entities WHERE to_version IS NOT NULL").fetchone()
        assert rows == 0
    assert record.ids() == ["a", "b"]


def test_the_next_writer_keeps_a_version_that_is_served(record: _Record) -> None:
    """The pointer was switched before the crash: the version only has to be called live."""
    record.publish("un", _entity("a"))
    record.stage("un", _entity("b"), commit_as="g2")
    record.point("g2")
    with Store.open(record.path, write=True) as store:
        assert [version.status for version in store.versions("un")] == ["superseded", "live"]
    assert record.ids() == ["b"]


def test_the_first_list_of_all_is_undone_to_nothing(record: _Record) -> None:
    """Not even the name of the list stays."""
    record.stage("un", _entity("a"), commit_as="g1")
    with Store.open(record.path, write=True) as store:
        assert store.versions() == []
        for table in ("lists", "entities", "aliases"):
            assert store._connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def test_a_reader_goes_on_reading_while_a_list_is_written(record: _Record) -> None:
    """Neither waits for the other; what is staged is seen by nobody else, and what was begun to be read is read to its end."""
    record.publish("un", *(_entity(f"a{number}", "x") for number in range(300)))
    with Store.open(record.path) as reader:
        reading = reader.live_entities()
        first = next(reading)
        with Store.open(record.path, write=True) as writer:
            version = writer.stage("un", [_entity("b")], source="", sha256="")
            assert len(record.ids()) == 300
            writer.commit(version, generation="g2")
            record.point("g2")
            writer.mark_live(version)
        assert len([first, *reading]) == 300
        assert [entity.id for entity in reader.live_entities()] == ["b"]


def test_a_directory_that_may_only_be_read_is_read(record: _Record) -> None:
    """Read-only mounts and images are where serving happens."""
    record.publish("un", _entity("a"))
    record.directory.chmod(0o555)
    try:
        if os.access(record.directory, os.W_OK):
            pytest.skip("this user may write everywhere, so there is no read-only directory to try")
        assert record.ids() == ["a"]
        assert not list(record.directory.glob("*-wal"))
    finally:
        record.directory.chmod(0o755)


# ---------------------------------------------------------------- read by others


def test_a_written_database_is_one_plain_file(record: _Record) -> None:
    """It can be copied, mailed and opened read-only, without a journal beside it."""
    record.publish("un", _entity("a"))
    assert sorted(path.name for path in record.directory.iterdir()) == [FILE, POINTER]


def test_sqlite_utils_reads_the_tables(record: _Record) -> None:
    """The command line of sqlite-utils shows lists, history and aliases without knowing us."""
    record.publish("un", _entity("a", "Alpha"), _entity("b"))
    command = [sys.executable, "-m", "sqlite_utils", "query", str(record.path), "SELECT form FROM live_aliases", "--csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["form", "Alpha"]


def test_every_table_is_explained_in_the_database(record: _Record) -> None:
    """`readme` has a sentence for each table and view, and names no column that does not exist."""
    record.publish("un", _entity("a"))
    with Store.open(record.path) as store:
        run = store._connection.execute
        explained = {name for (name,) in run("SELECT name FROM readme")}
        tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        columns = {f"{table}.{row[1]}" for table in tables for row in run(f"PRAGMA table_info({table})")}
    assert {name for name in explained if "." not in name} == tables
    assert {name for name in explained if "." in name} <= columns


def test_a_record_of_an_older_schema_is_brought_up_by_the_next_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds stays; until then readers are told what to do."""
    path = tmp_path / FILE
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", 1)
        patch.setattr(schema, "_UPGRADES", schema._UPGRADES[:1])
        patch.setattr(schema, "_VIEWS", {})
        patch.setattr(Store, "_repair", lambda store: None)
        with Store.open(path, write=True) as store, store.transaction() as connection:
            connection.execute("INSERT INTO lists VALUES ('un', '2026-01-01')")
    with pytest.raises(NotReadyError, match="run `aka rebuild` once"):
        Store.open(path)
    with Store.open(path, write=True) as store:
        assert store.rows("SELECT name FROM lists").fetchall() == [("un",)]
        assert not store.waiting()
    with Store.open(path) as store:
        assert store.rows("SELECT count(*) FROM judgements_in_force").fetchone() == (0,)


def test_what_was_rejected_is_kept_with_its_reason(record: _Record) -> None:
    """By version, and gone when the version is undone."""
    with Store.open(record.path, write=True) as store:
        version = store.stage("un", [_entity("a")], source="f", sha256="0")
        version = store.note_rejected(version, count=7, problems=[Problem("line 3", "no name")])
        store.commit(version, generation="x")
        assert (version.rejected, store.rejected(version)) == (7, [Problem("line 3", "no name")])
        store.discard(version)
        assert store.rejected(version) == []
