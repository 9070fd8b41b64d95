"""What the processes of one service share while it runs: a private directory with the settings, the state of each worker, and a
bell that tells all of them to load again."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import msgspec

from resolver.settings import Settings

VARIABLE = "AKA_RUNTIME"
_SETTINGS = "settings.json"
_BELL = "reload"
_WORN = "worn-"
_RELIEVED = "relieved-"
_SHARED_COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
_COUNTED = ("counter", "histogram")  # kinds of metrics that `resolver.metrics` counts with; each has a file for each worker
_COUNTERS_BYTES = 1 << 20  # of each file: every route, method and status at 150 bytes each take half of it


class WorkerState(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker answers from."""

    pid: int
    generation: str = ""
    loaded_at: float = 0.0  # seconds since 1970
    refused: str = ""  # why the last attempt to load failed; the generation goes on
    rung: int = 0  # how often the bell had been rung when it was heard last


class Runtime:
    """The shared directory of a service; without one, the process is alone."""

    number: ClassVar[int | None] = None  # of this process among the workers of its service, where it took one

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._lock = -1  # open file, never closed: the kernel does that

    @classmethod
    def make(cls, directory: Path, settings: Settings) -> Runtime:
        """Empty directory and settings -> the runtime that workers find by the environment."""
        (directory / _SETTINGS).write_bytes(msgspec.json.encode(settings))
        (directory / "metrics").mkdir()
        os.environ[VARIABLE] = str(directory)
        os.environ[_SHARED_COUNTERS] = str(directory / "metrics")  # read when prometheus_client is imported
        return cls(directory)

    @classmethod
    def found(cls) -> Runtime:
        """-> the runtime that the environment names."""
        named = os.environ.get(VARIABLE)
        return cls(Path(named) if named else None)

    def reserve(self) -> None:
        """Take the least number that no living worker has, and the room on the disk that its counters will need; without it, they are
        in memory.

        A worker goes on counting in the files of the last one of its number, so that there are as many as there were workers at once.
        They are mapped: one that grew on a disk that has become full would end the process. To be called before prometheus_client is
        imported, which finds the files as they are.
        """
        if self.directory is None or not hasattr(os, "posix_fallocate"):
            return
        try:
            number = self._take_number(self.directory / "metrics")
            for kind in _COUNTED:
                with (self.directory / "metrics" / f"{kind}_{number}.db").open("ab") as file:
                    os.posix_fallocate(file.fileno(), 0, _COUNTERS_BYTES)
            Runtime.number = number
        except OSError:
            os.environ.pop(_SHARED_COUNTERS, None)

    def _take_number(self, directory: Path) -> int:
        """Directory -> a number whose lock there this process holds from now on; the kernel lets go of it however the process ends."""
        import fcntl  # which is where posix_fallocate is

        for number in itertools.count():
            self._lock = os.open(directory / f"{number}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                os.close(self._lock)
        return number

    def settings(self) -> Settings | None:
        """-> the settings that the service was started with, None where the process is alone."""
        if self.directory is None:
            return None
        return msgspec.json.decode((self.directory / _SETTINGS).read_bytes(), type=Settings)

    def ring(self) -> int:
        """Tell every worker to load again -> how often that was done."""
        if self.directory is None:
            return 0
        with (self.directory / _BELL).open("ab") as bell:
            bell.write(b"\n")
        return self.rung()

    def rung(self) -> int:
        """-> how often `ring` was called by any process."""
        if self.directory is None:
            return 0
        try:
            return (self.directory / _BELL).stat().st_size
        except FileNotFoundError:
            return 0

    def tell(self, state: WorkerState) -> None:
        """State of this worker -> where the others see it."""
        if self.directory is not None:
            draft = self.directory / f".{state.pid}"
            with suppress(OSError):  # a full disk must not stop a worker
                draft.write_bytes(msgspec.json.encode(state))
                draft.replace(self.directory / f"worker-{state.pid}.json")

    def has_told(self, pid: int) -> bool:
        """Process id of a worker -> whether it has said what it answers from."""
        return self.directory is not None and (self.directory / f"worker-{pid}.json").exists()

    def wear(self) -> None:
        """Say that this worker has answered enough and another should take its place."""
        if self.directory is not None:
            with suppress(OSError):
                (self.directory / f"{_WORN}{os.getpid()}").touch()

    def worn(self) -> set[int]:
        """-> process ids of the workers that said so."""
        if self.directory is None:
            return set()
        return {int(path.name.removeprefix(_WORN)) for path in self.directory.glob(f"{_WORN}*")}

    def relieve(self, pid: int) -> None:
        """Process id of a worn worker -> it is told that another one takes what comes from now on."""
        if self.directory is not None:
            with suppress(OSError):
                (self.directory / f"{_RELIEVED}{pid}").touch()

    def is_relieved(self) -> bool:
        """-> whether this worker was told so."""
        return self.directory is not None and (self.directory / f"{_RELIEVED}{os.getpid()}").exists()

    def renewed(self, pid: int) -> None:
        """Process id of a worn worker that has ended -> nothing is left of it: its number may be given to another process."""
        if self.directory is None:
            return
        for file in (f"{_RELIEVED}{pid}", f"worker-{pid}.json", f"{_WORN}{pid}"):
            (self.directory / file).unlink(missing_ok=True)

    def workers(self) -> list[WorkerState]:
        """-> the states of the workers that live, by process id."""
        found = []
        for path in self.directory.glob("worker-*.json") if self.directory is not None else ():
            with suppress(OSError, msgspec.DecodeError):
                state = msgspec.json.decode(path.read_bytes(), type=WorkerState)
                if _lives(state.pid):
                    found.append(state)
        return sorted(found, key=lambda state: state.pid)


def _lives(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
