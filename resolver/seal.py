"""A file that was checked whole once -> the note beside it that says so, so that opening it again need not read it again.

Reading a generation of a million names to hash it takes the better part of a second, at each start of each worker. The note
holds what the system says of the very file that was read (size, inode, times of change): whoever writes to it, replaces it or
copies it elsewhere changes that, and the file is read and hashed again. What the system does not notice itself, a disk that
forgets, is found by `aka verify`, which trusts no note.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import time
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".sealed"
_PIECE = 1 << 22
_TICK_NS = 20_000_000  # clocks of file systems stand still for so long: a file younger than this may change unnoticed


def is_whole(path: Path, sha256: str, *, trusting: bool = True) -> bool:
    """File and its SHA-256 -> whether its content is the one; a file that was sealed as it is now is not read, if `trusting`.

    OSError when it cannot be read.
    """
    if trusting and _sealed(path, sha256):
        return True
    before, started = _identity(path), time.time_ns()
    if _digest(path) != sha256:
        return False
    if before == _identity(path):
        _seal(path, {"sha256": sha256, "file": before, "checked_ns": started})
    return True


def _identity(path: Path) -> list[int]:
    """File -> what changes whenever somebody writes to it or puts another in its place."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _sealed(path: Path, sha256: str) -> bool:
    try:
        note = json.loads(_place(path).read_bytes())
        same = note["sha256"] == sha256 and note["file"] == _identity(path)
        return bool(same and max(note["file"][1:3]) + _TICK_NS < note["checked_ns"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _seal(path: Path, note: dict[str, object]) -> None:
    """Write the note; where nothing may be written, the file is read at each opening."""
    draft = _place(path).with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        draft.write_text(json.dumps(note))
        draft.replace(_place(path))


def _place(path: Path) -> Path:
    return path.with_name(path.name + _SUFFIX)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            return hashlib.sha256().hexdigest()
        whole = hashlib.sha256()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
            for start in range(0, size, _PIECE):
                with view[start : start + _PIECE] as piece:
                    whole.update(piece)
        return whole.hexdigest()
