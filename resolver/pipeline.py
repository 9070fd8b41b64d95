"""JSON Lines in -> the same objects with their mentions, line by line; what a pipe puts between two programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from aliases import strict_json
from aliases.errors import AkaError, InvalidError
from resolver import questions, wire

if TYPE_CHECKING:
    from resolver.match import Mention

ADDED = "mentions"

_BOM = b"\xef\xbb\xbf"


def annotate(
    lines: Iterable[bytes],
    find: Callable[[str], list[Mention]],
    *,
    field: str = "text",
    offsets: questions.Offsets = "codepoint",
    bad: Callable[[int, AkaError], None],
) -> Iterator[bytes]:
    """Lines, each one object -> the same lines, each with `mentions` of its `field` added; blank lines are passed over.

    What stands in a line stays as it was written, byte for byte. A line that cannot be read goes to `bad` with its number,
    counted from 1, and gives no line; `bad` may raise to stop.
    """
    for number, line in enumerate(lines, 1):
        written = line.removeprefix(_BOM).strip()
        if not written:
            continue
        try:
            found = strict_json.decode(written)
            answer = _with_mentions(written, found, text_of(found, field=field), find=find, offsets=offsets)
        except AkaError as error:
            bad(number, error)
            continue
        yield answer + b"\n"


def text_of(found: object, *, field: str) -> str:
    """Parsed line -> the text in its field; InvalidError when the line is no object or the field no text."""
    if not isinstance(found, dict):
        raise InvalidError(f"the line is no object: write {{{field!a}: ...}}")
    if field not in found:
        keys = " ".join(sorted(found)[:10]) or "nothing"
        raise InvalidError(f"there is no field {field!a}: it has {keys}; name the field with --field")
    text = found[field]
    if not isinstance(text, str):
        raise InvalidError(f"the field {field!a} is no text: put a string there")
    return text


def _with_mentions(
    written: bytes, found: dict[str, Any], text: str, *, find: Callable[[str], list[Mention]], offsets: questions.Offsets
) -> bytes:
    mentions = msgspec.json.encode(wire.mention_answers(text, find(text), offsets=offsets))
    if ADDED in found:  # the answer of an earlier run: the new one takes its place
        kept = {key: value for key, value in found.items() if key != ADDED}
        written = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    separator = b"," if written[1:-1].strip() else b""
    return written[:-1] + separator + b'"mentions":' + mentions + b"}"
