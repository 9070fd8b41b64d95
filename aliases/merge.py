"""One entity as several lists have it -> one Entity that knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aliases.assemble import distinct
from aliases.entity import Alias, Entity, script_of


def merge(entities: Sequence[Entity]) -> Entity:
    """Records of one entity, in the order of their lists -> one: the first gives id, type and canonical name, all give the rest.

    The other canonical names become aliases of kind `name`, with their list as source; of two values of a property the first
    stands, two lists of values become one. An alias that two sources have is kept from each, so that one can see who says it.
    """
    first = entities[0]
    if len(entities) == 1:
        return first
    aliases = list(first.aliases)
    properties = dict(first.properties)
    for other in entities[1:]:
        aliases.append(Alias(other.name, kind="name", script=script_of(other.name), source=other.lists[0]))
        aliases += other.aliases
        for key, value in other.properties.items():
            properties[key] = _both(properties[key], value) if key in properties else value
    return Entity(
        id=first.id,
        type=first.type,
        name=first.name,
        aliases=distinct(first.name, aliases),
        lists=tuple(sorted({name for entity in entities for name in entity.lists})),
        properties=properties,
    )


def _both(first: Any, other: Any) -> Any:
    """Two values of a property -> the first, and of two lists each value once."""
    if not (isinstance(first, list) and isinstance(other, list)):
        return first
    return first + [value for value in other if value not in first]
