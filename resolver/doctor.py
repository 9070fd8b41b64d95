"""A data directory -> what is well with it and what is not, each with the fix; nothing is changed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from aliases.errors import AkaError
from aliases.store import FILE, Store
from resolver import about, credentials
from resolver.credentials import Tokens
from resolver.generations import current_generation, seeds_generation
from resolver.index import Index
from resolver.resolve import Resolver

ROOM = 3  # times what is there now: an import holds the old generation, the new one and its own rows at once
LEAST = 200_000_000  # bytes, below which an import of a small list may already fail

State = Literal["good", "warning", "bad"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    state: State
    detail: str


def examine(data: Path | None, *, tokens: str = "") -> list[Finding]:
    """Data directory (None: the shipped seeds) and file of tokens -> findings, in the order of looking."""
    found = [_versions()]
    if data is not None:
        if not data.is_dir():
            return [
                *found,
                Finding("data directory", "bad", f"{data} does not exist: make it with `aka import`, or correct --data"),
            ]
        found += [_permissions(data), _room(data), _told("record", lambda: _record(data)), _pointer(data)]
    found.append(_told("generation", lambda: _generation(data)))
    found.append(_told("answers", lambda: _answers(data)))
    found.append(_told("tokens", lambda: _tokens(credentials.place(data, tokens))))
    return found


def _told(what: str, look: Callable[[], tuple[State, str]]) -> Finding:
    """What is looked at -> its finding, bad where looking failed."""
    try:
        return Finding(what, *look())
    except AkaError as error:
        return Finding(what, "bad", error.detail)
    except OSError as error:
        return Finding(what, "bad", f"{error}: check the disk and the permissions")


def _versions() -> Finding:
    parts = about.versions()
    road = about.road()
    hint = "" if road == "compiled" else "; slower than it could be: install with a C compiler at hand"
    return Finding(
        "versions",
        "good" if road == "compiled" else "warning",
        f"aka {parts['aka-resolver']}, Python {parts['python']}, {road}{hint}",
    )


def _permissions(data: Path) -> Finding:
    open_to = [str(path.relative_to(data)) or "." for path in _mine(data) if path.stat().st_mode & stat.S_IWOTH]
    if os.name == "posix" and open_to:
        return Finding("permissions", "bad", f"anybody may write {' '.join(open_to[:5])}: say `chmod -R o-w {data}`")
    if not os.access(data, os.W_OK):
        return Finding("permissions", "warning", f"{data} cannot be written by this user: serving works, importing does not")
    return Finding("permissions", "good", "only who owns it or shares its group may write")


def _mine(data: Path) -> Iterator[Path]:
    yield data
    yield from (path for path in data.iterdir() if not path.is_symlink())


def _room(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    used = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    wanted = max(ROOM * used, LEAST)
    said = f"{free / 1e6:,.0f} MB free, {used / 1e6:,.0f} MB used"
    if free < wanted:
        return Finding("disk", "warning", f"{said}: an import may need {wanted / 1e6:,.0f} MB; when it fails, nothing changes")
    return Finding("disk", "good", said)


def _record(data: Path) -> tuple[State, str]:
    with Store.open(data / FILE) as store:
        broken = [str(row[0]) for row in store.rows("PRAGMA integrity_check(5)") if row[0] != "ok"]
        if broken:
            return "bad", f"{FILE} is damaged ({broken[0]}): put a copy back, or remove it and import the lists again"
        staged = [version.list for version in store.versions() if version.status == "staged"]
        lists = store.lists()
    if staged:
        return "warning", f"an import of {' '.join(staged)} runs or was cut short: the next import settles it"
    return "good", f"whole; lists: {' '.join(lists) or '(none)'}"


def _pointer(data: Path) -> Finding:
    def look() -> tuple[State, str]:
        directory = current_generation(data)
        with Store.open(data / FILE) as store:
            known = store.generations()
        others = sorted(path.name for path in directory.parent.iterdir() if path.is_dir() and path != directory)
        state: State = "good" if directory.name in known else "warning"
        more = "" if state == "good" else "; no version in the record names it: run `aka rebuild`"
        return state, f"names {directory.name}; beside it: {' '.join(others) or 'none'}{more}"

    return _told("pointer", look)


def _generation(data: Path | None) -> tuple[State, str]:
    directory = seeds_generation() if data is None else current_generation(data)
    index = Index.open(directory, trusting=False)
    if index.generation != directory.name and data is not None:
        return "bad", f"{directory.name} calls itself {index.generation}: run `aka rebuild`"
    return "good", f"{index.generation} is whole (SHA-256): {index.entity_count} entities, {index.alias_count} names"


def _answers(data: Path | None) -> tuple[State, str]:
    """Look a few of its own names up, exactly as a client would."""
    resolver = Resolver.open(data)
    step = max(1, resolver.index.entity_count // 20)
    asked = [resolver.index.entity(number) for number in range(0, resolver.index.entity_count, step)]
    missed = [
        entity.id for entity in asked
        if entity.id not in {found.entity.id for found in resolver.lookup(entity.name, limit=50, min_score=0.0)}
    ]  # fmt: skip
    if missed:
        return "bad", f"{len(missed)} of {len(asked)} entities are not found by their own names ({missed[0]}): run `aka rebuild`"
    return "good", f"{len(asked)} of {len(asked)} entities are found by their own names"


def _tokens(path: Path | None) -> tuple[State, str]:
    kept = Tokens(path).all()
    if not kept:
        return "good", "none: changes over HTTP are off, and only this machine may be served"
    over = [token.name for token in kept if token.expired()]
    return ("warning", f"expired: {' '.join(over)}; revoke them") if over else ("good", f"{len(kept)}")
