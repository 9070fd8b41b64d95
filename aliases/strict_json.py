"""Bytes -> one JSON value, or a message that says what is wrong and where; nothing is repaired, nothing is guessed.

The standard library parses, because its hooks see what a filter could be bypassed with: duplicate keys, NaN, numbers
too large for a float. What it lets through is looked for first: bytes that are not UTF-8, lone surrogates in escapes,
deep nesting. (msgspec refuses most of these but keeps the last of two equal keys, and its messages do not say why.)
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from aliases.errors import MalformedError

MAX_DEPTH = 32  # nothing that aka reads nests deeper than 6; deep nesting is only ever an attack on the parser
MAX_DIGITS = 400  # a float needs at most 309 before its point; Python itself stops at 4,300

_BOM = b"\xef\xbb\xbf"
# A string, closed or not. Possessive, so that a run of escaped quotes costs its length and not its square.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
# Everything up to the first surrogate escape that is not a high one followed by a low one.
_WHOLE = re.compile(
    rb"(?:[^\\]++|\\(?!u[dD][89a-fA-F]).|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*+", re.DOTALL
)
_MAYBE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def decode(raw: bytes) -> Any:
    """UTF-8 JSON -> its value. A leading byte order mark is passed over; MalformedError names the byte or the line."""
    raw = raw.removeprefix(_BOM)
    if not raw.strip():
        raise MalformedError("the JSON is empty: send an object such as {}")
    text = utf8(raw, what="JSON")
    _check_depth(raw)
    _check_surrogates(raw)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}: correct it there"
        ) from None


def utf8(raw: bytes, *, what: str) -> str:
    """Bytes -> text; MalformedError names the first byte (counted from 0) that is not UTF-8. `what` names the input."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(
            f"{what} is not UTF-8: byte 0x{raw[error.start]:02X} at offset {error.start} ({error.reason}); "
            "save or send it as UTF-8"
        ) from None


def _check_depth(raw: bytes) -> None:
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return  # the usual case: brackets in all, strings included, are fewer than the depth allowed
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise MalformedError(f"the JSON nests deeper than {MAX_DEPTH} levels: flatten it")


def _check_surrogates(raw: bytes) -> None:
    """Half of a UTF-16 pair is no character: it cannot be stored, sent or counted alike by two programs."""
    if not _MAYBE_SURROGATE.search(raw):
        return
    whole = _WHOLE.match(raw)
    end = whole.end() if whole else 0
    if _MAYBE_SURROGATE.match(raw, end):
        shown = raw[end : end + 6].decode("ascii", "replace")
        raise MalformedError(f"{shown} at byte {end} is half of a surrogate pair: send whole characters")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise MalformedError(f"the key {_short(key)} stands twice in one object: keep one of them")
            seen.add(key)
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise MalformedError(f"a number has {len(digits)} digits, at most {MAX_DIGITS} are read: shorten it")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise MalformedError(f"the number {_short(digits)} is too large: send a finite one")
    return value


def _constant(name: str) -> NoReturn:
    raise MalformedError(f"{name} is not JSON: send a finite number or null")


def _short(value: str) -> str:
    return ascii(value[:40] + ("…" if len(value) > 40 else ""))


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)
