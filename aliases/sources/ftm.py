"""FollowTheMoney entities as JSON Lines (OpenSanctions' entities.ftm.json and targets.nested.json, yente, Aleph) -> entities.

Schema: followthemoney's model. A line is `{"id", "schema", "caption"?, "properties": {name: [values]}, "datasets"?}`. Names are
in `name`, `alias`, `weakAlias`, `previousName`, `abbreviation`; what connects others (ownership, sanction) is no entity, and an
`Address` is one (a place) only when it has a `name`: most are the postal addresses of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aliases.entity import AliasKind, script_of
from aliases.errors import InvalidError, Problem
from aliases.sources import json_lines
from aliases.sources.drafts import Draft, Record, each, entities, tidy
from aliases.sources.packed import opened

TYPES = {
    "Person": "person", "Organization": "organization", "Company": "organization", "LegalEntity": "organization",
    "PublicBody": "organization", "Vessel": "vessel", "Airplane": "aircraft", "Event": "event",
    "Address": "place",
}  # fmt: skip
_OTHERS = frozenset(("Asset", "Security", "Thing", "Project", "Position", "CryptoWallet", "RealEstate", "Vehicle"))
_NAMES: tuple[tuple[str, AliasKind], ...] = (
    ("name", "name"), ("alias", "alias"), ("previousName", "former"), ("weakAlias", "weak"), ("abbreviation", "acronym"),
)  # fmt: skip
_PROPERTIES = {
    "birthDate": "birth_date", "birthPlace": "birth_place", "country": "country", "nationality": "country",
    "citizenship": "country", "jurisdiction": "country", "topics": "topics", "position": "title", "program": "program",
    "programId": "program", "wikidataId": "wikidata", "imoNumber": "imo", "leiCode": "lei", "registrationNumber": "identifiers",
    "idNumber": "identifiers", "passportNumber": "identifiers", "innCode": "identifiers", "flag": "flag",
}  # fmt: skip
_POSITION = {"latitude": "lat", "longitude": "lon"}


def read(path: Path) -> Iterator[Record]:
    """FtM lines -> the entities that have names of their own, and problems; MalformedError refuses a file with a broken line."""
    with opened(path) as stream:
        found = (
            record for record in json_lines.objects(stream, name=path.name) if isinstance(record, Problem) or _is_thing(record[1])
        )
        yield from entities(each(found, _draft), file=path.name)


def _is_thing(record: dict[str, Any]) -> bool:
    """Whether an object is an entity of its own, or cannot be told: one that connects two entities, or a postal address, is not."""
    schema = record.get("schema")
    if schema == "Address":
        properties = record.get("properties")
        return isinstance(properties, dict) and bool(_texts(properties, "name"))
    return not isinstance(schema, str) or schema in TYPES or schema in _OTHERS


def _draft(line: int, record: dict[str, Any]) -> Draft:
    properties = record.get("properties")
    if not isinstance(properties, dict) or not isinstance(record.get("id"), str) or not isinstance(record.get("schema"), str):
        raise InvalidError("the object is no FtM entity: it needs a text 'id', a text 'schema' and an object 'properties'")
    names = [(form, kind) for key, kind in _NAMES for form in _texts(properties, key)]
    caption = record.get("caption")
    known = [form for form, kind in names if kind in ("name", "alias")]
    name = caption if isinstance(caption, str) and caption in known else next(iter(sorted(known, key=_not_latin)), "")
    draft = Draft(line, record["id"], TYPES.get(record["schema"], "other"), name)
    for form, kind in names:
        if form != name:
            draft.add(form, "native" if kind in ("name", "alias") and _not_latin(form) else kind)
    for key, ours in _PROPERTIES.items():
        for value in _texts(properties, key):
            draft.say(ours, value.upper() if ours == "country" and len(value) == 2 else value)
    for key, ours in _POSITION.items():
        for value in _texts(properties, key)[:1]:
            draft.properties[ours] = _number(value)
    draft.properties["schema"] = record["schema"]
    for key in ("datasets", "referents"):
        draft.properties[key] = [value for value in record.get(key) or [] if isinstance(value, str)]
    return draft


def _texts(properties: dict[str, Any], key: str) -> list[str]:
    values = properties.get(key, [])
    return [
        text for value in (values if isinstance(values, list) else [values]) if isinstance(value, str) and (text := tidy(value))
    ]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidError(f"the position {text[:40]!a} is no number: give degrees, such as 35.336") from None


def _not_latin(form: str) -> bool:
    return script_of(form) != "Latn"
