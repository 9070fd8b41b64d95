"""A request body of JSON Lines -> its lines as they arrive, none longer than its limit."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Body -> its lines without their ends. `whole`: the client said its length, so nobody waits between two lines."""
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
    line = bytearray()
    passing = False
    while byte := stream.read(1):
        if byte == b"\n":
            yield TooLong() if passing else bytes(line)
            line.clear()
            passing = False
        elif not passing:
            line += byte
            passing = len(line) > limits.LINE_BYTES
    if line:
        yield TooLong() if passing else bytes(line)
