"""A small index in memory, for tests of look-up that need no generation on disk."""

from __future__ import annotations

from array import array
from itertools import accumulate

import msgspec

from aliases.entity import ALIAS_KINDS, Alias, Entity, EntityType
from aliases.fold import fold_name
from resolver import name_tables, segments
from resolver.gathering import Whole
from resolver.lookup import CASE_BIT


class ListOfNames:
    """Entities -> the index that `Lookup` asks."""

    def __init__(self, *entities: Entity) -> None:
        self._entities = entities
        self._aliases = [(number, alias) for number, entity in enumerate(entities) for alias in entity.surface_forms()]
        self.alias_entity = memoryview(array("I", (number for number, _ in self._aliases)))
        flags = (ALIAS_KINDS.index(alias.kind) | (CASE_BIT if alias.case else 0) for _, alias in self._aliases)
        self.alias_flags = memoryview(array("B", flags))
        segment = segments.prepared(map(msgspec.msgpack.encode, entities))
        whole = Whole([segment], memoryview(array("I", range(len(entities)))))
        rows = name_tables.rows_of(whole, segment.columns["alias_at"])
        self.arrays: dict[str, memoryview] = {
            name: values for some in name_tables.build(rows, name_tables.words_of(whole)) for name, values in some.items()
        }
        folded = ["\n".join(fold_name(alias.form) for alias in entity.surface_forms()).encode() for entity in entities]
        firsts = accumulate((len(list(entity.surface_forms())) for entity in entities), initial=0)
        self.arrays |= {
            "entity_first_alias": memoryview(array("I", firsts)), "folded": memoryview(b"".join(folded)),
            "folded_at": memoryview(array("I", accumulate(map(len, folded), initial=0))),
        }  # fmt: skip

    def alias(self, number: int) -> Alias:
        return self._aliases[number][1]

    def folded(self, number: int) -> str:
        return fold_name(self.alias(number).form)

    def entity(self, number: int) -> Entity:
        return self._entities[number]

    def exact(self, folded: str) -> list[int]:
        return [number for number, (_, alias) in enumerate(self._aliases) if fold_name(alias.form) == folded]


def entity(entity_id: str, type_: EntityType, name: str, *aliases: str | Alias, **properties: object) -> Entity:
    forms = tuple(Alias(alias) if isinstance(alias, str) else alias for alias in aliases)
    return Entity(entity_id, type_, name, forms, properties=dict(properties))
