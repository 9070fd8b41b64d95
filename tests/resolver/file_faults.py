"""Breaks an import at each of its file operations in turn, with the index that is shipped: `python -m tests.resolver.file_faults kill`.

An operation is whatever Python does to a file of the data directory, whoever asks for it: opening, renaming, removing, making and
listing directories, mapping is not one, syncing is. Python tells them to an audit hook, so that none is forgotten; a hook cannot be
taken away again, so each run is a process of its own. `kill` ends it there; the name of an error lets the operation fail with it.
With `full` no operation is counted: the disk takes so many bytes of a file and no more, of SQLite's files too.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from aliases.errors import AkaError
from tests.resolver.kill_imports import import_file, list_of, state

_EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.listdir", "os.scandir", "os.truncate", "shutil.rmtree")
KILLED, REFUSED, DONE = 9, 3, 0  # exit statuses of a run
STEP = 8_192  # bytes of a full disk, from one run to the next: two pages of SQLite


class _Operations:
    """Counts what happens to files in a directory, and acts at the wanted one."""

    def __init__(self, directory: Path, at: int, act: Callable[[], None]) -> None:
        self._inside, self._at, self._act = os.fspath(directory), at, act
        self.seen: list[str] = []

    def listen(self) -> None:
        """From now on; for as long as the process lives."""
        fsync = os.fsync

        def synced(handle: int) -> None:
            self._next("fsync " + os.readlink(f"/proc/self/fd/{handle}") if os.path.isdir("/proc/self/fd") else "fsync")
            fsync(handle)

        os.fsync = synced
        sys.addaudithook(self._heard)

    def _heard(self, event: str, values: tuple[Any, ...]) -> None:
        if event in _EVENTS and isinstance(values[0], str | os.PathLike) and os.fspath(values[0]).startswith(self._inside):
            self._next(f"{event} {os.fspath(values[0])}")

    def _next(self, what: str) -> None:
        self.seen.append(what.replace(self._inside, "DATA"))
        if len(self.seen) == self._at:
            self._act()


def _child(work: Callable[[], None], done: Callable[[], object] = lambda: None) -> int:
    """What a process of its own is to do, and what it does at its end in any case -> its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = DONE
        except AkaError:
            status = REFUSED
        finally:
            done()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def broken(data: Path, file: Path, at: int, act: Callable[[], None], log: Path) -> int:
    """Import whose file operation number `at` (from 1) is acted upon -> exit status; `log` gets the operations up to its end."""
    operations = _Operations(data, at, act)

    def work() -> None:
        operations.listen()
        import_file(data, file)

    return _child(work, lambda: log.write_text("\n".join(operations.seen)))


def filled(data: Path, file: Path, size: int) -> int:
    """Import on a disk that takes so many bytes of any file -> exit status."""

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails then, as it does on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        import_file(data, file)

    return _child(work)


def acting(how: str) -> Callable[[], None]:
    """`kill` or the name of an error -> what happens at the operation."""
    if how == "kill":
        return lambda: os._exit(KILLED)
    number = getattr(errno, how)

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def _looked_at(data: Path, new: Path, before: str, status: int) -> str:
    """Data directory after a broken import -> what happened, a word; VIOLATION and what it is when it must not be."""
    found = state(data)
    allowed = {KILLED: (before, "new"), REFUSED: (before,), DONE: ("new",)}.get(status, ())
    if found not in allowed:
        return f"VIOLATION after {before}, exit status {status}: {found}"
    import_file(data, new)
    if state(data) != "new":
        return f"VIOLATION: the next import left {state(data)}"
    return {KILLED: "killed", REFUSED: "refused", DONE: "done"}[status]


class Outcome(NamedTuple):
    """How the runs ended, and which file operations an import has."""

    ends: Counter[str]
    operations: list[str]


def main(how: str, *, every: int = 1) -> Outcome:
    """`kill`, the name of an error or `full`; at each operation, or only at every so-manieth -> the outcome."""
    ends: Counter[str] = Counter()
    operations: list[str] = []
    with tempfile.TemporaryDirectory(prefix="aka-faults-") as folder:
        directory = Path(folder)
        new = list_of(directory / "new.jsonl", "New")
        import_file(directory / "old", list_of(directory / "old.jsonl", "Old"))
        for before in ("nothing", "old"):
            data = _data(directory, before)
            assert broken(data, new, 0, lambda: None, directory / "log") == DONE
            found = (directory / "log").read_text().splitlines()
            operations += found
            for name, run in _runs(how, found, _largest(data), directory / "log")[::every]:
                data = _data(directory, before)
                ended = _looked_at(data, new, before, run(data, new))
                ends[f"{ended}, at {name}" if "VIOLATION" in ended else ended] += 1
    return Outcome(ends, operations)


def _data(directory: Path, before: str) -> Path:
    """-> a data directory in this state."""
    data = directory / "data"
    shutil.rmtree(data, ignore_errors=True)
    if before == "old":
        shutil.copytree(directory / "old", data)
    return data


def _largest(data: Path) -> int:
    return max(path.stat().st_size for path in data.rglob("*") if path.is_file())


def _runs(how: str, operations: list[str], largest: int, log: Path) -> list[tuple[str, Callable[[Path, Path], int]]]:
    """What is done, the operations of an import and its largest file -> each run with its name."""
    if how == "full":
        return [(f"{size} bytes", partial(filled, size=size)) for size in range(0, largest + STEP, STEP)]
    act = acting(how)
    return [(name, partial(broken, at=at, act=act, log=log)) for at, name in enumerate(operations, 1)]


if __name__ == "__main__":
    outcome = main(sys.argv[1], every=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(dict(outcome.ends), *outcome.operations, sep="\n")
    sys.exit(any(word.startswith("VIOLATION") for word in outcome.ends))
