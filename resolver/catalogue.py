"""What a person who types expects to be offered: entities whose names begin so, and the properties that entities have.

Made by one pass over the entities when it is first asked for; a look-up by similarity (`Resolver.lookup`) finds the rest. A second
pass, when the first question without a name comes, notes which entities have which values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aliases.entity import Entity
from aliases.fold import fold_name

if TYPE_CHECKING:
    from resolver.resolve import Resolver

ENTITIES = 100_000  # that are offered by their beginnings: some 100 MB of names; those beyond are found by look-up alone
WORDS = 4  # of a name, that what is typed may begin with
SEEN = 500  # entries that are looked at for one answer: a single letter begins tens of thousands
FUZZY_CHARS = 3  # a look-up of less finds only noise
FUZZY_SCORE = 0.3  # lowest score that is worth a line in a list of suggestions
_PAGE = 500


class Catalogue:
    """Beginnings of names, and property keys by type, of the entities of one resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        entries: set[tuple[str, int, str]] = set()
        keys: dict[str, Counter[str]] = {}
        for entity in _first(resolver):
            entries.update(_entries(entity))
            keys.setdefault(entity.type, Counter()).update(entity.properties.keys())
        self._entries = sorted(entries)
        self._keys = keys
        self._having: dict[tuple[str, str], list[str]] | None = None

    def suggest(self, typed: str, *, list_name: str | None, limit: int) -> list[Entity]:
        """What was typed so far -> entities, best first: of that id, of names that begin so, of similar names."""
        found: dict[str, Entity] = {}
        for entity in self._candidates(typed, list_name):
            if list_name is None or list_name in entity.lists:
                found.setdefault(entity.id, entity)
            if len(found) == limit:
                break
        return list(found.values())

    def _candidates(self, typed: str, list_name: str | None) -> Iterator[Entity]:
        same = self._resolver.entity(typed.strip())
        if same is not None:
            yield same
        for entity_id in self._beginning(fold_name(typed)):
            entity = self._resolver.entity(entity_id)
            if entity is not None:
                yield entity
        if len(typed.strip()) >= FUZZY_CHARS:
            lists = None if list_name is None else [list_name]
            yield from (hit.entity for hit in self._resolver.lookup(typed, lists=lists, limit=20, min_score=FUZZY_SCORE))

    def _beginning(self, folded: str) -> list[str]:
        """Folded beginning -> ids; whole names before later words of names, the shortest first."""
        if not folded:
            return []
        at = bisect_left(self._entries, (folded, 0, ""))
        hits = []
        for entry in self._entries[at : at + SEEN]:
            if not entry[0].startswith(folded):
                break
            hits.append(entry)
        hits.sort(key=lambda entry: (entry[1] > 0, len(entry[0]), entry))
        return [entity_id for _, _, entity_id in hits]

    def having(self, key: str, values: Iterable[str]) -> set[str]:
        """Property and values -> ids of the entities that have one of them, folded."""
        if self._having is None:
            self._having = _having(self._resolver)
        return {entity_id for value in values for entity_id in self._having.get((key, fold_name(value)), ())}

    def properties(self, type_: str | None = None) -> list[str]:
        """Type (none: every) -> keys that its entities have, the most common first."""
        total: Counter[str] = Counter()
        for name, counts in self._keys.items():
            if type_ in (None, name):
                total.update(counts)
        return sorted(total, key=lambda key: (-total[key], key))


def _first(resolver: Resolver) -> Iterator[Entity]:
    cursor, left = "", ENTITIES
    while left > 0:
        page, cursor = resolver.entities(cursor=cursor, limit=min(_PAGE, left))
        yield from page
        left -= len(page)
        if not cursor:
            return


def _having(resolver: Resolver) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for entity in _first(resolver):
        for key, value in entity.properties.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str | int | float):
                    found.setdefault((key, fold_name(str(one))), []).append(entity.id)
    return found


def _entries(entity: Entity) -> Iterator[tuple[str, int, str]]:
    for alias in entity.surface_forms():
        words = fold_name(alias.form).split()
        for place in range(min(len(words), WORDS)):
            yield " ".join(words[place:]), place, entity.id
