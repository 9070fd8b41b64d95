"""Breaks an import at each of its steps in turn; run as a program, it kills a process there and looks at what is left.

A step is a change to the disk that publishing makes (`Disk`), a method of the record that writes, or the compiling of the
generation, which here is a stand-in of two files.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aliases import store as store_module
from aliases.entity import Entity
from aliases.errors import NotReadyError
from aliases.store import FILE, Store, current_generation
from resolver import disk, publish

OLDER = '{"id":"a","name":"Alpha"}\n'
OLD = '{"id":"a","name":"Alpha","aliases":["A1"]}\n{"id":"b","name":"Beta"}\n'
NEW = '{"id":"a","name":"Alpha","aliases":["A2"]}\n{"id":"c","name":"Gamma"}\n'
STATES = {(): "nothing", ("a A1", "b"): "old", ("a A2", "c"): "new"}

_STEPS: list[tuple[type, str]] = [
    *((disk.Disk, name) for name in ("write", "replace", "sync", "remove")),
    *((Store, name) for name in ("stage", "commit", "undo", "discard", "mark_live", "close", "_repair")),
]


def compile_generation(entities: Iterable[Entity], directory: Path, *, progress: Any = None, **options: Any) -> str:
    """Stands in for resolver.index: what it was given, line by line, and beside it the digest of that."""
    lines = [shown(entity) for entity in entities]
    directory.mkdir(parents=True)
    (directory / "entities").write_text("\n".join(lines))
    step()
    name = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    (directory / "manifest").write_text(name)
    if progress:
        progress(len(lines), None, "read")
    return name


class Index:
    """Stands in for resolver.index.Index: refuses what is missing or not as it was written."""

    def __init__(self, generation: str, entities: tuple[str, ...]) -> None:
        self.generation = generation
        self.entities = entities

    @classmethod
    def open(cls, directory: Path, *, trusting: bool = True) -> Index:
        try:
            text, name = (directory / "entities").read_text(), (directory / "manifest").read_text()
        except OSError as error:
            raise NotReadyError(str(error)) from error
        if hashlib.sha256(text.encode()).hexdigest()[:16] != name:
            raise NotReadyError("damaged")
        return cls(name, tuple(text.split("\n")))


INDEX = SimpleNamespace(compile_generation=compile_generation, Index=Index)


class _Breaker:
    """Counts steps and acts at the wanted one."""

    def __init__(self) -> None:
        self.count = 0
        self.at = 0
        self.act: Callable[[], None] = lambda: None

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.at:
            self.act()


step = _Breaker()


def install(replace: Callable[[object, str, object], None]) -> None:
    """`replace` (setattr, or that of monkeypatch) -> every step is counted, before and after it happens.

    Nothing is synced: a killed process does not lose what the system has in memory, and waiting for the disk is most of the time.
    """
    replace(publish, "index", INDEX)
    replace(publish, "compiling", INDEX)
    replace(disk.os, "fsync", lambda handle: None)
    replace(store_module, "connect", _unsynced(store_module.connect))
    for owner, name in _STEPS:
        replace(owner, name, _counted(getattr(owner, name)))


def _unsynced(connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
    def connected(path: Path, *, write: bool) -> sqlite3.Connection:
        connection = connect(path, write=write)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    return connected


def _counted(method: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*values: Any, **named: Any) -> Any:
        step()
        result = method(*values, **named)
        step()
        return result

    return counted


def shown(entity: Entity) -> str:
    """Entity -> id and aliases, as the states above write them."""
    return " ".join([entity.id, *(alias.form for alias in entity.aliases)])


def state(data: Path) -> str:
    """Data directory -> `nothing`, `old` or `new`; anything else that a reader could see, spelt out."""
    pointed = current_generation(data)
    try:
        served = Index.open(data / publish.GENERATIONS / pointed).entities if pointed else ()
    except NotReadyError as error:
        return f"the pointer names {pointed}: {error}"
    recorded: tuple[str, ...] = ()
    if (data / FILE).exists():
        try:
            with Store.open(data / FILE) as store:
                recorded = tuple(shown(entity) for entity in store.live_entities())
        except NotReadyError:
            recorded = ()
    if served != recorded:
        return f"served {served}, recorded {recorded}"
    return STATES.get(served, f"served {served}")


def prepare(data: Path, before: str) -> None:
    """Data directory -> in the state `nothing` or `old`; the latter with a history, so that there is something to drop."""
    step.at = 0
    for content in (OLDER, OLD) if before == "old" else ():
        file = data.with_suffix(".jsonl")
        file.write_text(content)
        run(data, file)


def run(data: Path, file: Path) -> publish.Summary:
    """One import of the list that the tests break."""
    return publish.import_list(data, format="jsonl", file=file, list_name="list")


# ---------------------------------------------------------------- as a program: kill a process at each step


def _killed_at(at: int, data: Path, file: Path) -> bool:
    """Run an import in a child that dies at a step -> whether it died there, rather than come to its end."""
    child = os.fork()
    if child == 0:
        step.count, step.at, step.act = 0, at, lambda: os._exit(9)
        try:
            run(data, file)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 9


def _trace_sql() -> None:
    """Let every SQL statement be a step as well."""
    connect = store_module.connect

    def traced(path: Path, *, write: bool) -> sqlite3.Connection:
        connection = connect(path, write=write)
        connection.set_trace_callback(lambda statement: step())
        return connection

    store_module.connect = traced


def main(directory: Path, *, again: int) -> None:
    """Kill the first import, an update, and (at `again` steps later) the import that repairs, at every step -> a report."""
    install(setattr)
    _trace_sql()
    new = directory / "new.jsonl"
    new.write_text(NEW)
    killed, others, at, over = 0, [], 0, set[str]()
    while len(over) < 2:
        at += 1
        for before in ("nothing", "old"):
            data = directory / f"{before}-{at}"
            prepare(data, before)
            if not _killed_at(at, data, new):
                over.add(before)
                continue
            killed += 1
            others += _looked_at(data, {before, "new"}, f"killed at step {at} of {before}")
            if again and _killed_at(1 + at * again % 40, data, new):
                killed += 1
                others += _looked_at(data, {before, "new"}, f"killed at step {at} of {before} and again")
            step.at = 0
            run(data, new)
            others += _looked_at(data, {"new"}, f"imported after being killed at step {at} of {before}")
    print(f"killed {killed} times; other states: {others or 'none'}")


def _looked_at(data: Path, allowed: set[str], when: str) -> list[str]:
    step.at = 0
    found = state(data)
    return [] if found in allowed else [f"{when}: {found}"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), again=int(sys.argv[2]))
