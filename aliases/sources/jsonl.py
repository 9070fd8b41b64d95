"""The interchange JSON Lines -> entities, one a line: UTF-8, strict, streaming. Schema: README, "Interchange JSON Lines".

The file may be packed with gzip, or be the only one in a zip. A line is what stands between two line feeds (not what
`str.splitlines` takes for one). A byte order mark and lines of white space are passed over; everything else that is not one good
entity is named with its line, and then nothing may be imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

from aliases.assemble import assemble
from aliases.entity import Alias, Entity
from aliases.errors import AkaError, InvalidError, MalformedError, Problem, UnknownError
from aliases.sources.packed import Unpacked, opened
from aliases.sources.seen import Seen
from aliases.strict_json import decode

MAX_LINE = 16_000_000  # bytes: 5,000 aliases of 512 characters in a three-byte script fit twice
MAX_PROBLEMS = 1_000  # more say nothing new about a broken file

_BOM = b"\xef\xbb\xbf"
_UNPACKED = (b"\x1f\x8b", b"PK\x03\x04")  # gzip, zip
_PACKED = {
    b"BZh": "packed with bzip2: unpack it first",
    b"\xfd7zXZ": "packed with xz: unpack it first",
    b"\xff\xfe": "UTF-16: save it as UTF-8",
    b"\xfe\xff": "UTF-16: save it as UTF-8",
}
_ALIAS_FIELDS = {"form": str, "kind": str, "lang": str, "script": str, "source": str, "case": bool}
_ENTITY_FIELDS = frozenset({"id", "type", "name", "aliases", "properties"})


def read(path: Path) -> Iterator[Entity]:
    """File -> its entities in order, as they are read; at its end InvalidError with every bad line, if there was one.

    MalformedError when the file is packed or in another encoding; UnknownError when it cannot be opened.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UnknownError(f"{path} cannot be read ({error.strerror}): check the path") from None
    with stream:
        start = stream.read(8)
        if start.startswith(_UNPACKED):
            with opened(path) as unpacked:
                yield from _entities(_unpacked_lines(unpacked), path.name)
            return
        for magic, what in _PACKED.items():
            if start.startswith(magic):
                raise MalformedError(f"{path.name} is {what}")
        stream.seek(len(_BOM) if start.startswith(_BOM) else 0)
        yield from _entities(_lines(stream), path.name)


def _unpacked_lines(unpacked: Unpacked) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(unpacked.lines(MAX_LINE), 1):
        line = raw.removeprefix(_BOM) if number == 1 else raw
        if line and not line.isspace():
            yield number, line


def _entities(lines: Iterator[tuple[int, bytes]], name: str) -> Iterator[Entity]:
    problems: list[Problem] = []
    with Seen() as seen:
        for number, raw in lines:
            try:
                entity = _entity(raw)
                if first := seen.meet(entity.id, number):
                    raise InvalidError(
                        f"id '{entity.id}' is already on line {first.line}: ids are unique, rename or join one of them"
                    )
            except AkaError as error:
                problems.append(Problem(f"line {number}", error.detail))
                if len(problems) == MAX_PROBLEMS:
                    break
            else:
                if not problems:  # after the first problem the rest is only read to name its bad lines
                    yield entity
        if problems:
            many = "at least " if len(problems) == MAX_PROBLEMS else ""
            said = "line is" if len(problems) == 1 else "lines are"
            raise InvalidError(f"{name}: {many}{len(problems)} {said} wrong, so nothing was taken: correct the file", problems)
        if not seen.count:
            raise InvalidError(f"{name} holds no entity: give one JSON object a line")


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Stream -> its lines that are not blank, numbered from 1; one longer than MAX_LINE comes cut, a byte over the limit."""
    for number in count(1):
        raw = stream.readline(MAX_LINE + 1)
        if not raw:
            return
        rest = raw
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE + 1)
        if not raw.isspace():
            yield number, raw


def _entity(raw: bytes) -> Entity:
    if len(raw) > MAX_LINE:
        raise InvalidError(f"the line is longer than {MAX_LINE} bytes: one line is one entity; is a line feed missing?")
    record = _decode(raw)
    if not isinstance(record, dict):
        raise InvalidError(f"the line is {_kind(record)}, not an object: write {{...}}")
    if rb"\u0000" in raw and _holds_nul(record):
        raise InvalidError("a text holds U+0000, which is not text: remove it")
    aliases = record.get("aliases", [])
    if not isinstance(aliases, list):
        raise InvalidError(f"'aliases' is {_kind(aliases)}, not a list: write [...]")
    return assemble(
        _text(record, "id"),
        entity_type=_text(record, "type") if "type" in record else "other",
        name=_text(record, "name"),
        aliases=[_alias(value) for value in aliases],
        properties=_properties(record),
    )


def _decode(raw: bytes) -> Any:
    try:
        return decode(raw.rstrip())
    except MalformedError as error:  # it counts lines within what it was given, which is one line
        raise MalformedError(error.detail.replace(" at line 1, column ", " at column ")) from None


def _text(record: dict[str, Any], key: str) -> str:
    if key not in record:
        raise InvalidError(f"'{key}' is missing: every entity needs one")
    value = record[key]
    if not isinstance(value, str):
        raise InvalidError(f"'{key}' is {_kind(value)}, not a text: write it in quotes")
    return value


def _alias(value: Any) -> Alias:
    if isinstance(value, str):
        return Alias(value)
    if not isinstance(value, dict):
        raise InvalidError(f'an alias is {_kind(value)}, not a text or an object: write "..." or {{"form": "..."}}')
    for key, item in value.items():
        wanted = _ALIAS_FIELDS.get(key)
        if wanted is None:
            raise InvalidError(f"an alias has the unknown field {key[:40]!a}: use {' '.join(_ALIAS_FIELDS)}")
        if type(item) is not wanted:
            raise InvalidError(f"'{key}' of an alias is {_kind(item)}, not {_NAMES[wanted]}")
    if "form" not in value:
        raise InvalidError("an alias has no 'form': give the surface form")
    return Alias(**value)


def _properties(record: dict[str, Any]) -> dict[str, Any]:
    """Record -> its `properties` together with the top-level keys that the schema does not name."""
    properties = record.get("properties", {})
    if not isinstance(properties, dict):
        raise InvalidError(f"'properties' is {_kind(properties)}, not an object: write {{...}}")
    others = {key: value for key, value in record.items() if key not in _ENTITY_FIELDS}
    twice = sorted(others.keys() & properties.keys())
    if twice:
        raise InvalidError(f"{twice[0][:40]!a} stands both in 'properties' and beside it: keep one of them")
    return {**properties, **others}


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(_holds_nul(item) for item in value)


_NAMES = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def _kind(value: Any) -> str:
    return "null" if value is None else _NAMES[type(value)]
