"""JSON Lines in -> the same objects with what was found in them, line by line; what a pipe puts between two programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from aliases import strict_json
from aliases.errors import AkaError, InvalidError, TooLargeError
from resolver import limits, questions, wire

if TYPE_CHECKING:
    from resolver.match import Candidate, Mention

MENTIONS, CANDIDATES = "mentions", "candidates"  # the keys that are added

BLOCK = 65_536  # bytes asked for at once; a pipe gives what it has
_BOM = b"\xef\xbb\xbf"


class Readable(Protocol):
    """A file or a pipe that is not buffered."""

    def read(self, size: int, /) -> bytes:
        """Number of bytes -> at most that many, as soon as there are any; none at the end."""
        ...


class Lines(NamedTuple):
    """Some lines in a row; None stands for one that is too long to be read."""

    first: int  # number of the first of them, from 1
    lines: tuple[bytes | None, ...]


class Bad(NamedTuple):
    """A line that could not be answered."""

    number: int
    detail: str


def chunks(stream: Readable) -> Iterator[Lines]:
    """Stream -> its lines in chunks of what is there at one time, so that a slow writer is answered line by line.

    A line over `limits.PIPE_LINE_BYTES` comes as None: memory is bounded however long a line is.
    """
    number, parts, size = 1, [b""], 0  # parts: the line whose end is yet to come, nothing more once it is too long
    while block := stream.read(BLOCK):
        *ended, rest = block.split(b"\n")
        if ended:
            size += len(ended[0])
            head = b"".join([*parts, ended[0]]) if size <= limits.PIPE_LINE_BYTES else None
            yield Lines(number, (head, *ended[1:]))
            number += len(ended)
            parts, size = [], 0
        size += len(rest)
        if size <= limits.PIPE_LINE_BYTES:
            parts.append(rest)
        else:
            parts.clear()
    if size:
        yield Lines(number, (b"".join(parts) if size <= limits.PIPE_LINE_BYTES else None,))


def annotate(
    lines: Iterable[bytes | None],
    find: Callable[[str], list[Mention]],
    *,
    field: str = "text",
    offsets: questions.Offsets = "codepoint",
    bad: Callable[[int, AkaError], None],
    first: int = 1,
) -> Iterator[bytes]:
    """Lines, each one object -> the same lines, each with `mentions` of its `field` added; blank lines are passed over.

    What stands in a line stays as it was written, byte for byte. A line that cannot be read goes to `bad` with its number,
    counted from `first`, and gives no line; `bad` may raise to stop.
    """

    def answer(found: dict[str, Any]) -> object:
        text = text_of(found, field=field)
        return wire.mention_answers(text, find(text), offsets=offsets)

    return _with(MENTIONS, answer, lines, bad=bad, first=first)


def look_up(
    lines: Iterable[bytes | None],
    find: Callable[[dict[str, Any]], list[Candidate]],
    *,
    bad: Callable[[int, AkaError], None],
    first: int = 1,
) -> Iterator[bytes]:
    """Lines, each one object -> the same lines, each with the `candidates` that `find` has for the object; else as `annotate`."""
    return _with(CANDIDATES, lambda found: wire.candidate_answers(find(found)), lines, bad=bad, first=first)


def text_of(found: dict[str, Any], *, field: str) -> str:
    """Object of a line -> the text in its field; InvalidError when there is no such field, or no text in it."""
    if field not in found:
        keys = " ".join(sorted(found)[:10]) or "nothing"
        raise InvalidError(f"there is no field {field!a}: it has {keys}; name the field with --field")
    text = found[field]
    if not isinstance(text, str):
        raise InvalidError(f"the field {field!a} is no text: put a string there")
    return text


def _with(
    key: str,
    answer: Callable[[dict[str, Any]], object],
    lines: Iterable[bytes | None],
    *,
    bad: Callable[[int, AkaError], None],
    first: int,
) -> Iterator[bytes]:
    for number, line in enumerate(lines, first):
        try:
            written = _stripped(line)
            if not written:
                continue
            found = strict_json.decode(written)
            if not isinstance(found, dict):
                raise InvalidError('the line is no object: write {"text": ...}')
            added = _added(key, msgspec.json.encode(answer(found)), written, found)
        except AkaError as error:
            bad(number, error)
            continue
        yield added + b"\n"


def _stripped(line: bytes | None) -> bytes:
    if line is None:
        raise TooLargeError(f"it is longer than {limits.PIPE_LINE_BYTES:,} bytes: cut the text")
    return line.removeprefix(_BOM).strip()


def _added(key: str, value: bytes, written: bytes, found: dict[str, Any]) -> bytes:
    """Line as it was written, and its object -> the line with one more key; that of an earlier run gives way."""
    if key in found:
        kept = {name: one for name, one in found.items() if name != key}
        written = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    separator = b"," if written[1:-1].strip() else b""
    return written[:-1] + separator + b'"' + key.encode() + b'":' + value + b"}"
