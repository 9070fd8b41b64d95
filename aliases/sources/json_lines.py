"""Bytes of JSON Lines that others publish -> their objects; one broken line refuses the file, which may be cut off there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aliases.errors import MalformedError, Problem
from aliases.sources.packed import Unpacked
from aliases.strict_json import decode

MAX_LINE = 16_000_000  # bytes; the longest entity of Wikidata has 5,000,000

_BOM = b"\xef\xbb\xbf"


def objects(stream: Unpacked, *, name: str) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Bytes -> line number and object of each line that is not blank, a Problem for what is no object.

    Lines may end with a comma and stand between a line `[` and a line `]`, as in dumps that are one JSON array. MalformedError
    names the line that is no JSON.
    """
    for number, line in enumerate(stream.lines(MAX_LINE), 1):
        raw = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
        if raw in (b"", b"[", b"]"):
            continue
        if len(raw) > MAX_LINE:
            raise MalformedError(f"{name} line {number} is longer than {MAX_LINE:,} bytes: is a line feed missing?")
        try:
            value = decode(raw.removesuffix(b","))
        except MalformedError as error:
            raise MalformedError(f"{name} line {number}: {error.detail}") from None
        if isinstance(value, dict):
            yield number, value
        else:
            yield Problem(f"line {number}", "the line is no JSON object: it was left out")
