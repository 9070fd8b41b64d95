"""Bytes of a body or a query string -> a checked request; every refusal says what was sent, what is allowed, the fix."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args
from urllib.parse import unquote_to_bytes

import msgspec

from aliases import strict_json
from aliases.entity import ENTITY_TYPES
from aliases.errors import InvalidError, MalformedError, Problem, TooLargeError
from resolver import limits, questions

Request = TypeVar("Request", bound=questions.Asked)

_CHOICES = {
    "type": ENTITY_TYPES,
    "types": ENTITY_TYPES,
    "offsets": get_args(questions.Offsets),
    "overlaps": get_args(questions.Overlaps),
}
_HINTS = {"country": "send the two letters of ISO 3166-1, such as SY", "birth_date": "send YYYY, YYYY-MM or YYYY-MM-DD"}
_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_NUMBERS = {
    "limit",
    "min_score",
    "offset",
    "threshold",
    "cutoff",
    "version",
    "from",
    "to",
    "old",
    "new",
}  # the query parameters that are numbers
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE](-[0-9]{1,3}|\+?[0-9]{1,2}))?")
_STEP = re.compile(r"\.([A-Za-z_]+)|\[(\d+)\]")
_LENGTH = re.compile(r"of length <= (\d+)")


def body(raw: bytes, kind: type[Request]) -> Request:
    """JSON body -> request; MalformedError (not strict JSON), InvalidError or TooLargeError with a pointer."""
    return typed(strict_json.decode(raw), kind)


def typed(value: object, kind: type[Request]) -> Request:
    """Parsed JSON -> request of that type, its values checked."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        value = _whole(value)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), value, kind) from None


def _whole(value: object) -> object:
    """Parsed JSON -> the same with 5.0 written 5: to JSON Schema that is an integer."""
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def query(raw: bytes, kind: type[Request], *, lenient: bool = False) -> Request:
    """Query string -> request. A name may repeat only where a list is wanted; an unknown one is refused.

    `lenient`: unknown names and empty values are passed over, as foreign protocols want whose clients send more than is read.
    """
    if len(raw) > limits.QUERY_BYTES:
        raise MalformedError(f"the query string has {len(raw)} bytes, at most {limits.QUERY_BYTES} are read: send it by POST")
    allowed = _fields(kind)
    values: dict[str, Any] = {}
    for name, text in _pairs(raw):
        if lenient and (name not in allowed or not text):
            continue
        if name not in allowed:
            raise _unknown_field(name, kind, "query parameter")
        if allowed[name].default_factory is list:
            values.setdefault(name, []).append(text)
        elif name in values:
            raise _invalid(f"/{name}", f"the query parameter {_shown(name)} stands twice: send it once")
        else:
            values[name] = _number(text) if name in _NUMBERS else text
    return typed(values, kind)


@functools.cache  # of the few kinds that there are; reading a class takes longer than reading a request
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """Kind of request -> its fields by the names that they have outside."""
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _number(text: str) -> object:
    """Text of a query parameter -> the number that it writes, or the text where it writes none."""
    return msgspec.json.decode(text) if _NUMBER.fullmatch(text) else text


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    parts = [part for part in raw.split(b"&") if part]
    if len(parts) > limits.PARAMETERS:
        raise MalformedError(
            f"the query string has {len(parts)} parameters, at most {limits.PARAMETERS} are read: send it by POST"
        )
    return [(_unquoted(name), _unquoted(text)) for name, _, text in (part.partition(b"=") for part in parts)]


def _unquoted(part: bytes) -> str:
    return strict_json.utf8(unquote_to_bytes(part.replace(b"+", b" ")), what="the query string")


def check_name(name: str, *, pointer: str = "/name") -> None:
    """Name -> nothing; InvalidError when it is blank (its length is checked with its type)."""
    if not name.strip():
        raise _invalid(pointer, "the name is empty: send at least one letter or digit")


def check_lists(asked: Sequence[str] | None, known: Sequence[str], *, pointer: str) -> None:
    """Name or names of lists -> nothing; InvalidError naming the known ones when one is not loaded."""
    names = [asked] if isinstance(asked, str) else asked or ()
    problems = [
        Problem(
            f"{pointer}/{place}" if names is asked else pointer, f"the list {_shown(name)} is not loaded: {_use(sorted(known))}"
        )
        for place, name in enumerate(names)
        if name not in known
    ]
    if problems:
        raise InvalidError(str(problems[0].detail), problems)


def _use(known: Sequence[str]) -> str:
    return f"use one of {' '.join(known)}" if known else "there are none; import one with `aka import`"


def _refusal(message: str, value: object, kind: type[msgspec.Struct]) -> InvalidError | TooLargeError:
    """Message of msgspec -> ours, with a JSON pointer and the value that was seen."""
    what, _, path = message.partition(" - at `$")
    pointer, seen, name = _follow(path.removesuffix("`"), value)
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL)
    if unknown:
        return _unknown_field(unknown[1], kind if not pointer else questions.Document, "field", pointer)
    missing = re.fullmatch(r"Object missing required field `(.*)`", what)
    if missing:
        return _invalid(f"{pointer}/{missing[1]}", f"`{missing[1]}` is missing: send it")
    too_long = _LENGTH.search(what)
    if too_long and isinstance(seen, str | list):
        unit, fix = ("characters", "shorten it") if isinstance(seen, str) else ("entries", "send it in parts")
        detail = f"has {len(seen):,} {unit}, at most {int(too_long[1]):,} are allowed: {fix}"
        if name == "text":
            return TooLargeError(f"the text {detail}", [Problem(pointer, detail)])
        return _invalid(pointer, f"{_shown(seen)} {detail}")
    if what.startswith("Invalid enum value") and name in _CHOICES:
        return _invalid(pointer, f"{_shown(seen)} is unknown: use one of {' '.join(_CHOICES[name])}")
    return _invalid(pointer, f"{_shown(seen)} is not allowed: {_HINTS.get(name) or _in_words_of_json(what)}")


def _in_words_of_json(what: str) -> str:
    """Message of msgspec -> the same in lower case, with JSON's names of types."""
    return re.sub(r"`(\w+)( \| null)?`", lambda found: _TYPES.get(found[1], found[1]), what[0].lower() + what[1:])


def _follow(path: str, value: object) -> tuple[str, object, str]:
    """Path of msgspec (`.documents[3].text`) -> JSON pointer, the value there, the last field name on the way."""
    pointer, name = "", ""
    for field, place in _STEP.findall(path):
        pointer += f"/{field or place}"
        name = field or name
        if isinstance(value, Mapping):
            value = value.get(field)
        elif isinstance(value, list):
            value = value[int(place)]
    return pointer, value, name


def _unknown_field(name: str, kind: type[msgspec.Struct], what: str, at: str = "") -> InvalidError:
    allowed = sorted(_fields(kind))
    fix = f"use {' '.join(allowed)}" if allowed else "there are none here; leave it out"
    return _invalid(f"{at}/{name[:80].replace('~', '~0').replace('/', '~1')}", f"the {what} {_shown(name)} is unknown: {fix}")


def _invalid(pointer: str, detail: str) -> InvalidError:
    return InvalidError(f"{pointer or 'body'}: {detail}", [Problem(pointer, detail)])


def _shown(value: object) -> str:
    """Value -> at most about 60 characters of it, on one line."""
    if isinstance(value, str):
        short = value[:60] + ("…" if len(value) > 60 else "")
        return f"'{short}'" if short.isprintable() else ascii(short)
    if isinstance(value, Mapping | list):
        return "an object" if isinstance(value, Mapping) else "a list"
    return json.dumps(value)[:60]
