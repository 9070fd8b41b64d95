"""Senzing's generic entity records, JSON Lines or one JSON array (also OpenSanctions' senzing.json) -> entities.

Schema: Senzing, "Generic Entity Specification": a record has DATA_SOURCE, RECORD_ID, and attributes that stand beside these, in
FEATURES, or in lists of any name (`NAMES: [{...}]`). RECORD_TYPE is PERSON, ORGANIZATION, VESSEL, AIRCRAFT, ...; a name is
NAME_FULL, NAME_ORG, or NAME_FIRST, NAME_MIDDLE, NAME_LAST, with NAME_TYPE; attributes may carry a prefix (PRIMARY_NAME_ORG).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aliases.entity import AliasKind, script_of
from aliases.errors import InvalidError, Problem, TooLargeError
from aliases.sources import dates, json_lines
from aliases.sources.countries import code
from aliases.sources.drafts import Draft, Record, each, entities
from aliases.sources.packed import Unpacked, opened
from aliases.strict_json import decode

MAX_ARRAY = 256 << 20  # bytes

_TYPES = {
    "PERSON": "person", "ORGANIZATION": "organization", "COMPANY": "organization", "VESSEL": "vessel", "SHIP": "vessel",
    "AIRCRAFT": "aircraft", "AIRPLANE": "aircraft", "EVENT": "event", "LOCATION": "place",
}  # fmt: skip
_WHOLE = re.compile(r"(?:([A-Z0-9]+)_)??NAME_(FULL|ORG)")
_PART = re.compile(r"(?:([A-Z0-9]+)_)??NAME_(FIRST|MIDDLE|LAST|SUFFIX)")  # NAME_PREFIX is a title, no part of the name
_ORDER = ("FIRST", "MIDDLE", "LAST", "SUFFIX")
_COUNTRIES = ("NATIONALITY", "CITIZENSHIP", "COUNTRY_OF_ASSOCIATION", "REGISTRATION_COUNTRY")
_NUMBER = re.compile(r"([A-Z_]+?)_?(?:NUMBER|ID)")
_NO_NUMBERS = ("PHONE_NUMBER", "RECORD_ID", "REL_POINTER_KEY")
_KINDS: dict[str, AliasKind] = {"FORMER": "former", "MAIDEN": "former", "PREVIOUS": "former", "WEAK": "weak", "NICKNAME": "weak"}


def read(path: Path) -> Iterator[Record]:
    """Records -> their entities and the problems of single ones; MalformedError refuses a file with a broken line.

    Memory does not grow with JSON Lines; an array is held whole, so it may have MAX_ARRAY bytes, or TooLargeError.
    """
    with opened(path) as stream:
        if stream.peek(100).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            found: Iterator[Any] = _array(stream, path.name)
        else:
            found = json_lines.objects(stream, name=path.name)
        yield from entities(each(found, _draft), file=path.name)


def _array(stream: Unpacked, name: str) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Bytes of one JSON array -> number and record of each object in it."""
    raw = bytearray()
    while piece := stream.read():
        raw += piece
        if len(raw) > MAX_ARRAY:
            raise TooLargeError(f"{name} is an array of more than {MAX_ARRAY:,} bytes: write a record a line")
    values = decode(bytes(raw))
    for number, value in enumerate(values if isinstance(values, list) else [], 1):
        yield (number, value) if isinstance(value, dict) else Problem(f"record {number}", "it is no JSON object: it was left out")


def _draft(line: int, record: dict[str, Any]) -> Draft:
    if not isinstance(record.get("RECORD_ID"), str | int) or isinstance(record.get("RECORD_ID"), bool):
        raise InvalidError("the record has no RECORD_ID: give each its own")
    groups = [*_groups(record)]
    said = next((value for group in groups if (value := group.get("RECORD_TYPE"))), "")
    names = [name for group in groups for name in _names(group)]
    first = next((form for form, how in names if how == "PRIMARY"), names[0][0] if names else "")
    draft = Draft(line, str(record["RECORD_ID"]), _type(said, groups), first)
    for form, how in names:
        if form != first:
            native = script_of(form) not in ("Latn", "Zyyy")
            draft.add(form, _KINDS.get(how) or ("native" if native else "alias"))
    draft.aliases = list(dict.fromkeys(draft.aliases))
    for group in groups:
        _add_properties(draft, group)
    draft.properties["data_source"] = str(record.get("DATA_SOURCE") or "")
    return draft


def _groups(record: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Record -> its attributes, those at its top first, then those of each object in its lists, all as text."""
    yield {key.upper(): str(value) for key, value in record.items() if isinstance(value, str | int)}
    for value in record.values():
        for inner in value if isinstance(value, list) else ():
            if isinstance(inner, dict):
                yield {str(key).upper(): str(item) for key, item in inner.items() if isinstance(item, str | int)}


def _type(said: str, groups: list[dict[str, str]]) -> str:
    if said.upper() in _TYPES:
        return _TYPES[said.upper()]
    has_organization = any(key.endswith("NAME_ORG") for group in groups for key in group)
    return "other" if said else "organization" if has_organization else "person"


def _names(group: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Attributes -> each name in them with its type: what NAME_TYPE says, else the prefix of the attribute."""
    parts: dict[str, dict[str, str]] = {}
    for key, value in group.items():
        if whole := _WHOLE.fullmatch(key):
            yield value, group.get("NAME_TYPE", whole[1] or "").upper()
        elif part := _PART.fullmatch(key):
            parts.setdefault(part[1] or "", {})[part[2]] = value
    for prefix, found in parts.items():
        if "LAST" in found or "FIRST" in found:
            yield " ".join(found[part] for part in _ORDER if found.get(part)), group.get("NAME_TYPE", prefix).upper()


def _add_properties(draft: Draft, group: dict[str, str]) -> None:
    for key, value in group.items():
        if key == "DATE_OF_BIRTH":
            draft.say("birth_date", dates.iso(value))
        elif key == "PLACE_OF_BIRTH":
            draft.say("birth_place", value)
        elif key in _COUNTRIES:
            draft.say("country", code(value))
        elif key == "ADDR_COUNTRY":
            draft.say("address_country", code(value))
        elif key == "TOPIC":
            draft.say("topics", value)
        elif key not in _NO_NUMBERS and not key.startswith("REL_") and (number := _NUMBER.fullmatch(key)):
            what = group.get(f"{number[1]}_TYPE") or number[1].removesuffix("_ID").replace("_", " ").lower()
            draft.say("identifiers", f"{what}: {value}")
