"""JSON Lines in a request body -> lines as they arrive, none too long; answers -> sent while more are made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Protocol

from resolver import limits

_BLOCK = 65_536


class Readable(Protocol):
    """What a WSGI server gives as `wsgi.input`."""

    def read(self, size: int, /) -> bytes:
        """Number of bytes -> that many of the body, fewer only at its end; waits for them."""
        ...


class TooLong:
    """Stands in for a line that is longer than `limits.LINE_BYTES`; its rest was passed over."""


def lines(stream: Readable, *, whole: bool) -> Iterator[bytes | TooLong]:
    """Body -> its lines without their ends. `whole`: the client said its length, so it does not wait between two lines."""
    return _blockwise(stream) if whole else _bytewise(stream)


def _blockwise(stream: Readable) -> Iterator[bytes | TooLong]:
    rest, passing = b"", False  # `passing`: inside a line that is already too long
    while block := stream.read(_BLOCK):
        *ended, rest = (rest + block).split(b"\n")
        for line in ended:
            yield TooLong() if passing or len(line) > limits.LINE_BYTES else line
            passing = False
        if len(rest) > limits.LINE_BYTES:
            rest, passing = b"", True
    if rest or passing:
        yield TooLong() if passing else rest


def _bytewise(stream: Readable) -> Iterator[bytes | TooLong]:
    """Reads no byte beyond a line's end: a client may be waiting for its answer before it sends the next line.

    `readline` would be the word for this, but servers differ in it: granian's leaves the line end in the stream and
    knows no limit.
    """
    line: list[bytes] = []
    passing = False
    for byte in iter(partial(stream.read, 1), b""):
        if byte == b"\n":
            yield TooLong() if passing else b"".join(line)
            line, passing = [], False
        elif len(line) < limits.LINE_BYTES:
            line.append(byte)  # one-byte objects are shared: a long line costs its pointers, not as many objects
        else:
            passing = True
    if line:
        yield TooLong() if passing else b"".join(line)


def ahead(parts: Iterator[bytes], *, late: Callable[[int], bytes]) -> Iterator[bytes]:
    """Parts -> the same bytes, made by a thread of their own while those before are still being sent.

    Where no part comes for `limits.STREAM_PAUSE_SECONDS`, `late` is told how many lines were answered and gives what is sent last.

    Many clients read no answer before they have sent all they have. Were the next line read only when the last answer is
    sent, the two would wait for each other as soon as the answers fill the buffers between them.
    """
    spool = _Spool()
    threading.Thread(target=spool.fill, args=(parts,), daemon=True).start()
    answered = 0
    try:
        while block := spool.take():
            answered += block.count(b"\n")
            yield block
    except TimeoutError:
        yield late(answered)
    finally:
        spool.stop()


class _Spool:
    """Bytes written by one thread and taken by another; in memory while they are few, then on disk, up to a limit."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=limits.BODY_BYTES)  # noqa: SIM115 - closed by `stop`
        self._changed = threading.Condition()
        self._written = self._taken = 0
        self._ended = self._stopped = False
        self._failure: Exception | None = None

    def fill(self, parts: Iterator[bytes]) -> None:
        """Write all parts, waiting where too much is not yet taken; a failure is raised where the bytes are taken."""
        try:
            for part in parts:
                if not self._write(part):
                    return
        except Exception as error:
            self._failure = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _write(self, part: bytes) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._written - self._taken < limits.STREAM_SPOOL_BYTES)
            if self._stopped:
                return False
            self._file.seek(self._written)
            self._file.write(part)
            self._written += len(part)
            self._changed.notify_all()
            return True

    def take(self) -> bytes:
        """Nothing -> the next bytes, waiting for them; none at the end. TimeoutError when none come for too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended or self._written > self._taken, limits.STREAM_PAUSE_SECONDS):
                raise TimeoutError
            if self._written == self._taken and self._failure is not None:
                raise self._failure
            self._file.seek(self._taken)
            block = self._file.read(_BLOCK)
            self._taken += len(block)
            if self._taken == self._written:  # all is sent: give the room back
                self._taken = self._written = 0
                self._file.seek(0)
                self._file.truncate()
            self._changed.notify_all()
            return block

    def stop(self) -> None:
        """Nobody takes any more: the writer stops at its next part."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            self._file.close()
