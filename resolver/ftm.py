"""FollowTheMoney and back: an example entity -> names and evidence to look up; an entity of ours -> its FtM properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from aliases.entity import Entity
from aliases.errors import InvalidError
from resolver import limits, questions

# Schemata that may be asked for -> our types; None for all.
TYPES: dict[str, tuple[str, ...] | None] = {
    "Thing": None, "LegalEntity": ("person", "organization"), "Person": ("person",), "Organization": ("organization",),
    "Company": ("organization",), "PublicBody": ("organization",), "Vessel": ("vessel",), "Airplane": ("aircraft",),
    "Vehicle": ("vessel", "aircraft"), "Address": ("place",), "Event": ("event",),
}  # fmt: skip
SCHEMATA = {
    "person": "Person", "organization": "Organization", "place": "Address", "vessel": "Vessel", "aircraft": "Airplane",
    "event": "Event", "other": "Thing",
}  # fmt: skip
_NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation", "full", "city")
_NAME_PARTS = (("firstName", "middleName", "fatherName", "lastName"), ("firstName", "lastName"))
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag")
MAX_NAMES = 20  # of one example that are looked up; a record with more repeats itself

_ALIASES = {"former": "previousName", "weak": "weakAlias"}
# Properties of our records -> those of FtM, by type; of all types, and of some.
_ALL = {"country": "country", "topics": "topics", "wikidata": "wikidataId", "program": "program"}
_SOME = {
    "person": {"birth_date": "birthDate", "birth_place": "birthPlace", "position": "position", "title": "position"},
    "organization": {"lei": "leiCode"},
    "vessel": {"imo": "imoNumber", "flag": "flag"},
    "place": {"lat": "latitude", "lon": "longitude"},
}


class Example(NamedTuple):
    """What an example entity says that helps to find it."""

    names: tuple[str, ...]
    types: tuple[str, ...] | None
    country: str | None
    birth_date: str | None


def types_of(schema: str) -> tuple[str, ...] | None:
    """Name of a schema -> our types, None for all; InvalidError when it is none that entities here have."""
    if schema not in TYPES:
        raise InvalidError(f"the schema {schema[:80]!a} is unknown here: use one of {' '.join(TYPES)}")
    return TYPES[schema]


def example(schema: str, properties: Mapping[str, Sequence[str]]) -> Example:
    """Schema and properties of an entity -> what to look up; InvalidError for an unknown schema."""
    names = [text for key in _NAMES for text in properties.get(key, ())]
    if not names:
        names = [" ".join(first for key in keys for first in properties.get(key, ())[:1]) for keys in _NAME_PARTS]
    kept = dict.fromkeys(name.strip() for name in names if name.strip() and len(name) <= limits.NAME_CHARS)
    countries = [code.strip().upper() for key in _COUNTRIES for code in properties.get(key, ())]
    return Example(
        tuple(kept)[:MAX_NAMES],
        types_of(schema),
        next((code for code in countries if len(code) == 2 and code.isascii() and code.isalpha()), None),
        next((date for date in properties.get("birthDate", ()) if _is_date(date)), None),
    )


def _is_date(value: str) -> bool:
    try:
        msgspec.convert(value, questions.BirthDate)
    except msgspec.ValidationError:
        return False
    return True


def schema_of(entity: Entity) -> str:
    """Entity -> its schema: the one that it was imported with, where that is one of its type."""
    known = entity.properties.get("schema")
    if isinstance(known, str) and entity.type in (TYPES.get(known) or ()) and len(TYPES.get(known) or ()) == 1:
        return known
    return SCHEMATA[entity.type]


def properties_of(entity: Entity) -> dict[str, list[str]]:
    """Entity -> properties that its schema has, values as text, each once."""
    found: dict[str, list[str]] = {}
    _put(found, "name", entity.name)
    for alias in entity.aliases:
        _put(found, _property_of(alias.kind, entity.type), alias.form)
    if entity.type == "place":  # of an Address, programs read `full`; that it has names of its own tells it from a postal address
        found["full"] = list(dict.fromkeys(alias.form for alias in entity.surface_forms()))
    keys = _ALL | _SOME.get(entity.type, {})
    for key, theirs in keys.items():
        value = entity.properties.get(key)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                _put(found, theirs, _written(theirs, one))
    return found


def _property_of(kind: str, type_: str) -> str:
    if kind == "acronym" and type_ == "organization":
        return "abbreviation"
    return _ALIASES.get(kind, "alias")


def _written(key: str, value: Any) -> str:
    """Codes of countries are in lower case there."""
    return str(value).lower() if key in ("country", "flag") and len(str(value)) == 2 else str(value)


def _put(found: dict[str, list[str]], key: str, value: str) -> None:
    values = found.setdefault(key, [])
    if value not in values:
        values.append(value)
