"""One entity as several lists have it -> one Entity that knows them all."""

from __future__ import annotations

from collections.abc import Sequence

from aliases.assemble import distinct
from aliases.entity import Alias, Entity, script_of


def merge(entities: Sequence[Entity]) -> Entity:
    """Entities of one id, in the order of their lists -> one: the first gives type and canonical name, all give the rest.

    The other canonical names become aliases of kind `name`, with their list as source; of two values of a property the first
    stands. An alias that two sources have is kept from each, so that one can see who says it.
    """
    first = entities[0]
    if len(entities) == 1:
        return first
    aliases = list(first.aliases)
    properties = dict(first.properties)
    for other in entities[1:]:
        aliases.append(Alias(other.name, kind="name", script=script_of(other.name), source=other.lists[0]))
        aliases += other.aliases
        properties.update((key, value) for key, value in other.properties.items() if key not in properties)
    return Entity(
        id=first.id,
        type=first.type,
        name=first.name,
        aliases=distinct(first.name, aliases),
        lists=tuple(sorted({name for entity in entities for name in entity.lists})),
        properties=properties,
    )
