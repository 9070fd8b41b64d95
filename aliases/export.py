"""Entities -> the interchange JSON Lines that `aka import jsonl` reads back as the same entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from aliases.entity import Alias, Entity, script_of

_ENCODE = msgspec.json.Encoder().encode


def jsonl(entities: Iterable[Entity], *, list_name: str = "") -> Iterator[bytes]:
    """Entities -> one line of UTF-8 JSON each, line feed included.

    The script of an alias is left out where its letters tell it. Of entities of one list, named by `list_name`, the source is
    left out where it is that list itself, as an import fills it in again.
    """
    for entity in entities:
        yield _ENCODE(record(entity, list_name=list_name)) + b"\n"


def record(entity: Entity, *, list_name: str = "") -> dict[str, Any]:
    """Entity -> the object of its line; what is empty is left out."""
    fields: dict[str, Any] = {"id": entity.id, "type": entity.type, "name": entity.name}
    if entity.aliases:
        fields["aliases"] = [_alias(alias, list_name) for alias in entity.aliases]
    if entity.properties:
        fields["properties"] = entity.properties
    return fields


def _alias(alias: Alias, list_name: str) -> str | Alias:
    """Alias -> its form alone when nothing else need be said; Alias leaves out what has its default value."""
    said = msgspec.structs.replace(
        alias,
        script="" if alias.script == script_of(alias.form) else alias.script,
        source="" if alias.source == list_name else alias.source,
    )
    return alias.form if said == Alias(alias.form) else said
