"""An import is published whole or not at all, whatever fails and whenever it is killed; one writer at a time."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from aliases.errors import AkaError, BusyError, InvalidError, MissingDataError, UnknownError
from aliases.store import FILE, POINTER, Store, current_generation
from resolver import Resolver, compiling, index, publish
from resolver.lock import LOCK, locked
from tests.resolver import publish_steps as steps


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    steps.step.count = steps.step.at = 0
    steps.install(monkeypatch.setattr)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return _file(tmp_path, "old.jsonl", steps.OLD)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return _file(tmp_path, "new.jsonl", steps.NEW)


def _file(directory: Path, name: str, content: str) -> Path:
    path = directory / name
    path.write_text(content)
    return path


def _tree(data: Path) -> dict[str, bytes]:
    """Data directory -> every file with its content (of the database, what it says); the lock and SQLite's own aside."""
    files = (path for path in data.rglob("*") if path.is_file() and path.name not in (LOCK, f"{FILE}-wal", f"{FILE}-shm"))
    return {str(path.relative_to(data)): _dump(path) if path.name == FILE else path.read_bytes() for path in files}


def _dump(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()).encode()


# ---------------------------------------------------------------- what it does


def test_a_first_import_makes_the_directory_and_serves_the_list(data: Path, old: Path) -> None:
    """The summary says what came in and which generation answers."""
    summary = steps.run(data, old)
    assert (summary.version, summary.entities, summary.added, summary.unchanged) == (1, 2, 2, False)
    assert current_generation(data) == summary.generation
    assert steps.state(data) == "old"


def test_an_update_says_what_changed(data: Path, old: Path, new: Path) -> None:
    """One entity came, one went, one changed."""
    steps.run(data, old)
    summary = steps.run(data, new)
    assert (summary.version, summary.entities, summary.added, summary.removed, summary.changed) == (2, 2, 1, 1, 1)
    assert steps.state(data) == "new"


def test_the_same_again_changes_nothing_and_says_so(data: Path, old: Path) -> None:
    """No version, no generation, no new time stamp."""
    first = steps.run(data, old)
    before = _tree(data)
    again = steps.run(data, old)
    assert (again.unchanged, again.version, again.generation, again.added) == (True, 1, first.generation, 0)
    assert _tree(data) == before


def test_a_second_list_is_served_beside_the_first(data: Path, old: Path, tmp_path: Path) -> None:
    """A generation holds all lists."""
    steps.run(data, old)
    other = _file(tmp_path, "other.jsonl", '{"id":"z","name":"Zeta"}\n')
    summary = publish.import_list(data, format="jsonl", file=other, list_name="other")
    assert steps.Index.open(data / "generations" / summary.generation).entities == ("a A1", "b", "z")


def test_only_the_current_and_the_previous_generation_are_kept(data: Path, old: Path, tmp_path: Path) -> None:
    """Workers that still map the previous one are given time; older ones are room on the disk."""
    names = [steps.run(data, old).generation]
    for number in range(3):
        names.append(steps.run(data, _file(tmp_path, "next.jsonl", f'{{"id":"n{number}","name":"N"}}\n')).generation)  # noqa: PERF401
    assert {path.name for path in (data / "generations").iterdir()} == set(names[-2:])


def test_a_damaged_generation_is_compiled_again_by_the_same_import(data: Path, old: Path) -> None:
    """`import the list again` is the advice given, so it must help though the list did not change."""
    summary = steps.run(data, old)
    (data / "generations" / summary.generation / "entities").write_text("torn")
    assert steps.state(data) != "old"
    steps.run(data, old)
    assert steps.state(data) == "old"


def test_a_rebuild_compiles_what_the_record_has(data: Path, old: Path) -> None:
    """After an update of aka no list has to be fetched again."""
    summary = steps.run(data, old)
    steps_before = _tree(data)[FILE]
    (data / "generations" / summary.generation / "manifest").unlink()
    assert publish.rebuild(data) == summary.generation
    assert steps.state(data) == "old"
    assert _tree(data)[FILE] == steps_before


def test_progress_is_told_in_order(data: Path, old: Path) -> None:
    """First how many were read, of an unknown number; then how many of them are compiled."""
    told: list[tuple[int, int | None, str]] = []
    publish.import_list(
        data, format="jsonl", file=old, list_name="list", progress=lambda done, of, phase: told.append((done, of, phase))
    )
    assert told == [(2, None, "read"), (2, 2, "compile")]


# ---------------------------------------------------------------- what it refuses


@pytest.mark.parametrize("made", [False, True], ids=["absent", "empty"])
def test_a_bad_file_leaves_a_new_directory_as_it_was(data: Path, tmp_path: Path, made: bool) -> None:
    """What the import made it also removes."""
    bad = _file(tmp_path, "bad.jsonl", steps.OLD + "not json\n")
    if made:
        data.mkdir()
    with pytest.raises(InvalidError):
        steps.run(data, bad)
    assert data.exists() == made
    assert _tree(data) == {}


@pytest.mark.parametrize(
    "content", [steps.NEW + "x\n", steps.NEW * 2, "", '{"id":"a"}\n'], ids=["bad line", "id twice", "empty", "no name"]
)
def test_a_bad_file_leaves_the_list_as_it_was(data: Path, old: Path, tmp_path: Path, content: str) -> None:
    """Not a byte of what is served or recorded changes."""
    steps.run(data, old)
    before = _tree(data)
    with pytest.raises(InvalidError):
        steps.run(data, _file(tmp_path, "bad.jsonl", content))
    assert _tree(data) == before


def test_a_missing_file_and_an_unknown_format_are_said_before_anything_is_made(data: Path, tmp_path: Path) -> None:
    """Usage errors do not even take the lock."""
    with pytest.raises(UnknownError, match="check the path"):
        steps.run(data, tmp_path / "none")
    with pytest.raises(InvalidError, match="format 'xls' is unknown: use one of"):
        publish.import_list(data, format="xls", file=tmp_path, list_name="list")
    assert not data.exists()


def test_a_file_that_grows_while_it_is_read_is_refused(data: Path, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A download that is still running is not half a list."""
    digests = iter(["before", "after"])
    monkeypatch.setattr(publish, "digest_of", lambda file: next(digests))
    with pytest.raises(InvalidError, match="changed while it was read"):
        steps.run(data, old)
    assert not data.exists()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path, old: Path) -> None:
    """A file in its place is the user's to move."""
    with pytest.raises(MissingDataError, match="cannot be written"):
        steps.run(_file(tmp_path, "file", "x"), old)


def test_a_generation_that_does_not_read_back_is_not_served(
    data: Path, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verification stands between compiling and the pointer."""

    def torn(entities: object, directory: Path, **named: object) -> str:
        directory.mkdir()
        return "0" * 16

    steps.run(data, old)
    before = _tree(data)
    monkeypatch.setattr(steps.INDEX, "compile_generation", torn)
    with pytest.raises(AkaError, match="does not read back"):
        steps.run(data, new)
    assert steps.state(data) == "old"
    assert _tree(data).keys() == before.keys()


# ---------------------------------------------------------------- one writer


def test_a_second_writer_is_told_to_try_again(data: Path, old: Path) -> None:
    """In this process or another: exit status 75, and nothing is touched."""
    with locked(data), pytest.raises(BusyError) as caught:
        steps.run(data, old)
    assert caught.value.exit_code == 75
    assert list(data.iterdir()) == [data / LOCK]


def test_the_lock_ends_with_its_holder(data: Path, old: Path) -> None:
    """An import that failed does not lock the next one out."""
    with pytest.raises(ZeroDivisionError), locked(data):
        _ = 1 // 0
    assert steps.run(data, old).added == 2


def test_a_lock_whose_file_was_removed_is_not_taken_for_the_lock(data: Path) -> None:
    """Who fails a first import removes the directory: whoever opened the old lock must open the new one."""
    with locked(data):
        (data / LOCK).unlink()
        with locked(data), pytest.raises(BusyError), locked(data):
            pass


def test_of_many_writers_at_once_all_finish_or_are_told_to_wait(data: Path, old: Path) -> None:
    """Threads that start together: at least one imports, the others are busy, and the result is whole."""
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            steps.run(data, old)
            outcomes.append("done")
        except BusyError:
            outcomes.append("busy")

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    assert "done" in outcomes
    assert steps.state(data) == "old"


# ---------------------------------------------------------------- failing and dying at every step


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("before", ["nothing", "old"])
def test_a_fault_at_any_step_leaves_the_old_or_the_new_state(tmp_path: Path, new: Path, before: str, fault: int) -> None:
    """Every step fails in turn, before and after it acts: an error means the old state, success the new one."""

    def fail() -> None:
        raise OSError(fault, os.strerror(fault))

    at, outcomes = 0, []
    reached = True
    while reached:
        at += 1
        data = tmp_path / f"data-{at}"
        steps.prepare(data, before)
        steps.step.count, steps.step.at, steps.step.act = 0, at, fail
        try:
            outcomes.append("new with notes" if steps.run(data, new).notes else "new")
        except AkaError:
            outcomes.append(before)
        reached = steps.step.count >= at
        steps.step.at = 0
        assert steps.state(data) == outcomes[-1].split()[0], f"step {at}"
        assert steps.run(data, new).notes == ()
        assert steps.state(data) == "new", f"after step {at}"
    assert outcomes.count(before) > 15
    assert "new with notes" in outcomes


def test_a_full_disk_leaves_the_old_state(data: Path, old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite says `database or disk is full`; the user is told to make room."""
    steps.run(data, old)
    before = _tree(data)
    stage = Store.stage

    def bounded(store: Store, *values: object, **named: object) -> object:
        store._connection.execute("PRAGMA max_page_count = 30")
        return stage(store, *values, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "stage", bounded)
    many = "".join(f'{{"id":"x{number}","name":"Name {number}"}}\n' for number in range(5_000))
    with pytest.raises(AkaError, match="make room"):
        steps.run(data, _file(tmp_path, "many.jsonl", many))
    assert _tree(data).keys() == before.keys()
    assert steps.state(data) == "old"


def test_an_interrupt_leaves_the_old_state(data: Path, old: Path, new: Path) -> None:
    """Ctrl-C is not an error, but it must not leave half an import either."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    for at in range(1, 16):
        steps.step.at = 0
        steps.run(data, old)
        steps.step.count, steps.step.at, steps.step.act = 0, at, interrupt
        with pytest.raises(KeyboardInterrupt):
            steps.run(data, new)
        steps.step.at = 0
        assert steps.state(data) == "old"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill a process at each step")
def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    """Killed at every file operation and SQL statement, and again while repairing: readers see old or new, never other."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.resolver.publish_steps", str(tmp_path), "7"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("other states: none\n"), done.stdout
    assert int(done.stdout.split()[1]) > 100


def test_what_is_imported_is_what_the_resolver_answers_with(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the index that is shipped: an import, an update, and a refused one in between."""
    monkeypatch.setattr(publish, "index", index)
    monkeypatch.setattr(publish, "compiling", compiling)
    first = _file(tmp_path, "first.jsonl", '{"id":"mayadin","type":"place","name":"Al-Mayadin","aliases":["الميادين"]}\n')
    steps.run(data, first)
    assert [found.entity.id for found in Resolver.open(data).lookup("الميادين")] == ["mayadin"]
    with pytest.raises(InvalidError):
        steps.run(data, _file(tmp_path, "bad.jsonl", '{"id":"raqqa","name":"Raqqa"}\n{"id":"raqqa","name":"Raqqa"}\n'))
    assert Resolver.open(data).lookup("Raqqa") == []
    steps.run(data, _file(tmp_path, "next.jsonl", '{"id":"raqqa","type":"place","name":"Raqqa"}\n'))
    (candidate,) = Resolver.open(data).lookup("Raqqa")
    assert (candidate.entity.id, candidate.entity.lists) == ("raqqa", ("list",))
    assert Resolver.open(data).lookup("الميادين") == []


def test_what_a_killed_import_left_half_made_is_removed(data: Path, old: Path, new: Path) -> None:
    """A draft of a generation or of the pointer does not stay."""
    steps.run(data, old)
    (data / "generations" / ".draft").mkdir()
    (data / "generations" / "0123456789abcdef").mkdir()
    (data / f"{POINTER}.tmp").write_text("x")
    steps.run(data, new)
    assert not (data / f"{POINTER}.tmp").exists()
    assert len(list((data / "generations").iterdir())) == 2


def test_the_digest_of_a_folder_is_that_of_its_seeds(tmp_path: Path) -> None:
    """Names and contents count, other files do not."""
    _file(tmp_path, "a.toml", "x = 1")
    first = publish.digest_of(tmp_path)
    _file(tmp_path, "README.md", "text")
    assert publish.digest_of(tmp_path) == first
    (tmp_path / "a.toml").rename(tmp_path / "b.toml")
    assert publish.digest_of(tmp_path) != first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill a process at a random time")
def test_imports_killed_at_random_times_leave_the_old_or_the_new_state() -> None:
    """The short form, with the shipped index; the long one is `python -m tests.resolver.kill_imports 1000`."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.resolver.kill_imports", "12"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VIOLATION" not in done.stdout
